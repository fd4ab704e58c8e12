"""JSON-LD 1.1: a quote as a W3C Web Annotation. Its body is a schema.org Quotation, its targets are the segments.

Every document carries its context, from contexts/quote.jsonld, so that it expands without a network and for ever. The
terms are those of the Web Annotation and schema.org vocabularies; what they have no word for is under `urn:verbatim:`.
The address of W3C's own context is not named beside it, against 3.1 of the model: docs/formats.md says why.
What the record does not know is left out: JSON-LD has no null.
"""

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import JsonValue

from app.formats.wording import source_line
from app.tables.annotation import AnnotationRead
from app.tables.columns import day, instant
from app.tables.link import LinkRead
from app.tables.quote import ChainRead, QuoteCited, QuoteWhole
from app.tables.segment import InterventionRead, SegmentRead
from app.tables.source import SourceCited
from app.tables.words import Polarity, SourceKind, SpeakerKind

Node = dict[str, JsonValue]

SPEAKER_TYPES = {SpeakerKind.PERSON: "Person", SpeakerKind.ORGANIZATION: "Organization"}
SOURCE_TYPES = {SourceKind.ARTICLE: "NewsArticle", SourceKind.POST: "SocialMediaPosting"}


class Listing(NamedTuple):
    """Where a page of a list stands: `url` is its own address, `first_url` that of the list's first page.

    The list itself, which is none of its pages, is named by the first page's address with `#list`.
    """

    url: str
    first_url: str
    next_url: str | None = None
    total: int | None = None
    total_is_exact: bool = True


@lru_cache(maxsize=1)
def context() -> Node:
    """Return what the terms mean."""
    shipped: Node = json.loads((files("app.formats") / "contexts" / "quote.jsonld").read_text(encoding="utf-8"))
    return shipped


def whole(quote: QuoteWhole, base: str) -> str:
    """Return one quote with its notes and relations as a document; `base` is the service's address."""
    node = annotation(quote, base)
    body = node["body"]
    if isinstance(body, dict):
        body |= _known(
            isBasedOn=quote.evidence_url,
            links=[_link(link, base, quote.id) for link in quote.links],
            nested=[
                {"id": iri(base, inner.id), "text": inner.text, "polarity": inner.polarity} for inner in quote.nested
            ],
            chain=[_step(step, base) for step in quote.chain],
        )
    source = f"{base}/v1/sources/{quote.source.slug}"
    node |= {
        "interventions": [_intervention(made, source) for made in quote.interventions],
        "annotations": [_note(note, base, quote.id) for note in quote.annotations],
    }
    return _written({**context(), **node}) + "\n"


def head(page: Listing) -> str:
    """Return the beginning of a page, up to its first item. Items, with commas between, and `TAIL` make it whole."""
    exact = None if page.total is None else page.total_is_exact
    collection = _known(
        id=f"{page.first_url}#list",
        type="AnnotationCollection",
        total=page.total,
        totalIsExact=exact,
        first=page.first_url,
    )
    about = _known(id=page.url, type="AnnotationPage", partOf=collection, next=page.next_url)
    return f'{_written({**context(), **about})[:-1]},"items":['


TAIL = "]}\n"


def items(quotes: Iterable[QuoteCited], base: str) -> str:
    """Return quotes as the items of a page, with commas between."""
    return ",".join(_written(annotation(quote, base)) for quote in quotes)


def annotation(quote: QuoteCited, base: str) -> Node:
    """Return one quote as a Web Annotation: motivation, body and a target for each segment."""
    source = f"{base}/v1/sources/{quote.source.slug}"
    return {
        "id": f"{base}{quote.url}",
        "type": "Annotation",
        "motivation": "describing",
        "created": instant(quote.created),
        "modified": instant(quote.updated),
        "body": _quotation(quote, base, source),
        "target": [_target(segment, source) for segment in quote.segments],
    }


def iri(base: str, quote_id: str) -> str:
    """Return the name of the quotation itself, which is not that of the annotation that describes it."""
    return f"{base}/v1/quotes/{quote_id}#quote"


def _quotation(quote: QuoteCited, base: str, source: str) -> Node:
    """Return what was said. Only what is asserted is a Quotation by its speaker; else it is a Report, of no creator."""
    asserted = quote.polarity is Polarity.ASSERTED
    speaker = _speaker(quote, base)
    return _known(
        id=iri(base, quote.id),
        type="Quotation" if asserted else "Report",
        text=quote.text,
        url=f"{base}{quote.url}",
        creator=speaker["id"] if speaker and asserted else None,
        spokenByCharacter=speaker if asserted else None,
        speaker=None if asserted else speaker,
        dateCreated=quote.said.edtf if asserted else None,
        datePublished=day(quote.source.published),
        said=_said(quote),
        kind=quote.kind,
        medium=quote.medium,
        polarity=quote.polarity,
        status=quote.status,
        version=quote.version,
        recordedAt=_known(type="Event", name=quote.venue.name, kind=quote.venue.kind) if quote.venue else None,
        addressee=quote.addressee,
        cue=quote.cue,
        about=[
            _topic(base, slug, label) for slug, label in {about.slug: about.label for about in quote.topics}.items()
        ],
        stances=[
            {"topic": f"{base}/v1/topics/{a.slug}", "stance": a.stance, "proposition": a.proposition}
            for a in quote.topics
            if a.stance
        ],
        inLanguage=quote.source.language,
        citation=source_line(quote),
        isPartOf=_source(quote.source, source),
        parent=iri(base, quote.parent) if quote.parent else None,
    )


def _speaker(quote: QuoteCited, base: str) -> Node | None:
    who = quote.speaker
    if who is None:
        return None
    type_ = SPEAKER_TYPES.get(who.kind, "Thing")
    return _known(
        id=f"{base}/v1/speakers/{who.slug}", type=type_, name=who.name, kind=who.kind, asPrinted=who.as_printed
    )


def _said(quote: QuoteCited) -> Node:
    said = quote.said
    days = {"earliest": day(said.earliest), "latest": day(said.latest)}
    return _known(edtf=said.edtf, **days, basis=said.basis, asPrinted=said.as_printed, note=said.note)


def _topic(base: str, slug: str, label: str) -> Node:
    return {"id": f"{base}/v1/topics/{slug}", "type": "DefinedTerm", "name": label}


def _source(source: SourceCited, name: str) -> Node:
    return _known(
        id=name,
        type=SOURCE_TYPES.get(source.kind, "CreativeWork"),
        genre=source.kind,
        name=source.title,
        url=source.url,
        author=[{"name": author} for author in source.authors],
        publisher={"type": "Organization", "name": source.publisher} if source.publisher else None,
        datePublished=day(source.published),
        inLanguage=source.language,
        sha256=source.sha256,
    )


def _target(segment: SegmentRead, source: str) -> Node:
    words = {"exact": segment.exact, "prefix": segment.prefix, "suffix": segment.suffix}
    return {
        "type": "SpecificResource",
        "source": source,
        "role": segment.role,
        "selector": [
            {"type": "TextPositionSelector", "start": segment.start, "end": segment.end},
            {"type": "TextQuoteSelector", **words},
        ],
    }


def _intervention(made: InterventionRead, source: str) -> Node:
    return {
        "type": "SpecificResource",
        "source": source,
        "kind": made.kind,
        "selector": [
            {"type": "TextPositionSelector", "start": made.start, "end": made.end},
            {"type": "TextQuoteSelector", "exact": made.exact},
        ],
    }


def _note(note: AnnotationRead, base: str, quote_id: str) -> Node:
    body: Node = {"type": "TextualBody", "value": note.body, "format": note.format}
    return {
        "id": f"{base}/v1/quotes/{quote_id}#annotation-{note.id}",
        "type": "Annotation",
        "motivation": note.motivation,
        "creator": note.creator,
        "created": instant(note.created),
        "modified": instant(note.modified),
        **({} if note.body is None else {"body": body}),
        "target": [iri(base, quote_id)],
    }


def _link(link: LinkRead, base: str, quote_id: str) -> Node:
    other: Node = {"id": iri(base, link.quote.id), "text": link.quote.text, "polarity": link.quote.polarity}
    return {
        "id": f"{base}/v1/quotes/{quote_id}#link-{link.id}",
        "relation": link.relation,
        "direction": link.direction,
        "quote": other,
        "rationale": link.rationale,
        "assertedBy": link.asserted_by,
        "created": instant(link.created),
    }


def _step(step: ChainRead, base: str) -> Node:
    who = step.speaker
    speaker = _known(id=f"{base}/v1/speakers/{who.slug}", name=who.name, kind=who.kind) if who else None
    return _known(quote=iri(base, step.id), speaker=speaker, cue=step.cue)


def _known(**members: JsonValue) -> Node:
    return {name: value for name, value in members.items() if value is not None}


def _written(node: Mapping[str, JsonValue]) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":"))
