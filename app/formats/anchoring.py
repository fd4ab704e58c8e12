"""Finds the words of a record file in its text: selectors become anchors, or an error that names the line."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.errors import Invalid
from app.formats import entries
from app.formats.records import Parsed, Path, Refuse
from app.tables.anchored import (
    AnchoredIntervention,
    AnchoredLink,
    AnchoredNote,
    AnchoredQuote,
    AnchoredRecord,
    AnchoredSaid,
    AnchoredSegment,
    AnchoredStance,
)
from app.tables.columns import ID
from app.tables.record import Located, NoteEntry, QuoteEntry, SaidEntry, Selector
from app.tables.words import InterventionKind, Role
from app.text import anchor as anchors
from app.text import borders
from app.text.anchor import Span


def anchor(parsed: Parsed, text: str) -> AnchoredRecord:
    """Find every word of the record in the text. Raises RecordRefused with the line of the first that is not there."""
    record = parsed.record
    _prove_text(parsed, text)
    sha256 = anchors.digest(text)
    if record.source.sha256 not in (None, sha256):
        raise parsed.refuse(
            ("source", "sha256"), f"the text's SHA-256 is {sha256}, not {record.source.sha256}: the text was changed"
        )
    finder = Finder(parsed.refuse, text, sha256, published=record.source.published, creator=record.creator)
    entries.prove(parsed)
    quotes = [finder.quote(("quotes", at), entry) for at, entry in enumerate(record.quotes)]
    known = _keys(parsed, quotes)
    return AnchoredRecord(
        creator=record.creator,
        source=record.source,
        text=text,
        sha256=sha256,
        topics=tuple(record.topics),
        speakers=tuple(record.speakers),
        quotes=_succeeded(parsed, _nested(parsed, quotes, known), known),
        links=_links(parsed, known),
        annotations=finder.notes(
            ("annotations",),
            record.annotations,
            [finder.find(("annotations", at, "target"), note.target) for at, note in enumerate(record.annotations)],
        ),
    )


class Words(NamedTuple):
    """Where the words of a quote stand: its content, what stands around it, and what editors did, with their places
    in the record or the body."""

    content: Sequence[tuple[Path, Span]]
    around: Sequence[tuple[Role, Span]]
    interventions: Sequence[tuple[Path, InterventionKind, Span]]


class Finder:
    """Finds words in one text and makes quotes of them; `refuse` makes the error of what is wrong at a place.

    `creator` signs the notes that name nobody else.
    """

    def __init__(self, refuse: Refuse, text: str, sha256: str, *, published: date | None, creator: str) -> None:
        self.refuse, self.text, self.sha256 = refuse, text, sha256
        self.published, self.creator = published, creator

    def find(self, path: Path, selector: Selector, scope: Span | None = None) -> Span:
        """Return where the words stand. Refuses words that are not there, or that have a blank at an end."""
        return self.trimmed(path, self.passage(path, selector, scope))

    def trimmed(self, path: Path, found: Span) -> Span:
        """Return the span. Refuses one with a blank at an end."""
        words = self.text[slice(*found)]
        if words != words.strip():
            raise self.refuse(path, f"“{words[:80]}” begins or ends with a blank: leave it out")
        return found

    def passage(self, path: Path, selector: Selector, scope: Span | None = None) -> Span:
        """Return where the words stand, in which others are looked for. Refuses words that are not there."""
        try:
            if isinstance(selector, str):
                return anchors.locate(self.text, selector, within=scope)
            if selector.within is not None:
                scope = anchors.locate(self.text, selector.within)
            return anchors.locate(self.text, selector.exact, occurrence=selector.occurrence, within=scope)
        except Invalid as error:
            raise self.refuse(path, error) from error

    def notes(
        self, path: Path, listed: Sequence[NoteEntry], targets: Sequence[Span | None]
    ) -> tuple[AnchoredNote, ...]:
        """Return the notes on these targets. Refuses one that stands twice: it would be one note."""
        found: dict[tuple[Span | None, str, str, str | None], AnchoredNote] = {}
        for at, (entry, target) in enumerate(zip(listed, targets, strict=True)):
            note = self._note(entry, target)
            key = (target, note.motivation, note.creator, note.body)
            if key in found:
                raise self.refuse((*path, at), "the same note stands twice")
            found[key] = note
        return tuple(found.values())

    def _note(self, note: NoteEntry, target: Span | None) -> AnchoredNote:
        return AnchoredNote(
            motivation=note.motivation,
            body=note.body,
            format=note.format,
            creator=note.creator or self.creator,
            target=target,
            exact=self.text[target.start : target.end] if target else None,
        )

    def quote(self, path: Path, entry: QuoteEntry) -> AnchoredQuote:
        """Return the quote of a record file. Refuses what cannot be."""
        entries.prove_review(self.refuse, path, entry)
        scope = self.passage((*path, "within"), entry.within) if entry.within else None
        content = [
            ((*path, "content", at), self.find((*path, "content", at), selector, scope))
            for at, selector in enumerate(entry.content)
        ]
        made = [
            ((*path, "interventions", at), change.kind, self.find((*path, "interventions", at), change, scope))
            for at, change in enumerate(entry.interventions)
        ]
        quote = self.quoted(path, entry, Words(content, self._around(path, entry, scope), made))
        # The id that an export names is kept where its words make another one: they were corrected since it was made.
        return quote._replace(id=entry.key) if entry.key and re.fullmatch(ID, entry.key) else quote

    def quoted(self, path: Path, entry: QuoteEntry, words: Words) -> AnchoredQuote:
        """Return the quote whose words were found; of the entry, its own words are not looked at."""
        content = self._content(words.content)
        entries.prove_topics(self.refuse, (*path, "topics"), entry.topics)
        segments = [(Role.CONTENT, span) for span in content] + list(words.around)
        segments.sort(key=lambda part: (part[1], part[0]))
        return AnchoredQuote(
            id=anchors.quote_id(self.sha256, content),
            text=anchors.join(self.text, content),
            kind=entry.kind,
            medium=entry.medium,
            polarity=entry.polarity,
            status=entry.status,
            speaker=entry.speaker,
            parent=entry.parent,
            cue=entry.cue.lemma if entry.cue else None,
            venue_name=entry.venue.name if entry.venue else None,
            venue_kind=entry.venue.kind if entry.venue else None,
            addressee=entry.addressee.name if entry.addressee else None,
            said=self._said((*path, "said"), entry.said, [span for role, span in segments if role is Role.TIME]),
            segments=tuple(AnchoredSegment(role, start, end, self.text[start:end]) for role, (start, end) in segments),
            interventions=self._interventions(words.interventions, content),
            topics=tuple(AnchoredStance(about.topic, about.stance, about.proposition) for about in entry.topics),
            notes=self.notes((*path, "annotations"), entry.annotations, [None] * len(entry.annotations)),
            reason=entry.reason,
            successor=entry.successor,
        )

    def _content(self, found: Sequence[tuple[Path, Span]]) -> list[Span]:
        content: list[Span] = []
        for path, span in found:
            words = self.text[slice(*span)]
            if borders.is_enclosed(words):
                raise self.refuse(
                    path, f"{words[:80]} has quotation marks around it: content is what stands inside them"
                )
            if content and span.start < content[-1].end:
                raise self.refuse(path, "segments of content stand in reading order and do not overlap")
            content.append(span)
        return content

    def _around(self, path: Path, entry: QuoteEntry, scope: Span | None) -> list[tuple[Role, Span]]:
        printed: list[tuple[Role, Path, list[Selector]]] = [
            (Role.SPEAKER, (*path, "mention"), _listed(entry.mention)),
            (Role.TIME, (*path, "said", "as_printed"), _listed(entry.said.as_printed)),
        ]
        for role, name, part in ((Role.CUE, "cue", entry.cue), (Role.ADDRESSEE, "addressee", entry.addressee)):
            if part and part.exact is not None:
                words = Located(exact=part.exact, occurrence=part.occurrence, within=part.within)
                printed.append((role, (*path, name, "exact"), [words, *part.also]))
        return [(role, self.find(place, words, scope)) for role, place, parts in printed for words in parts]

    def _said(self, path: Path, said: SaidEntry, words: Sequence[Span]) -> AnchoredSaid:
        printed = anchors.join(self.text, words) or None
        published = self.published
        if said.edtf is None:
            return AnchoredSaid(latest=published, as_printed=printed, note=said.note)
        earliest, latest = entries.bounds(self.refuse, (*path, "edtf"), said.edtf)
        if published is not None and earliest is not None and earliest > published:
            raise self.refuse(
                (*path, "edtf"), f"said {said.edtf}, after the source was published ({published.isoformat()})"
            )
        if latest is None:
            latest = published
        return AnchoredSaid(said.edtf, earliest, latest, said.basis, printed, said.note)

    def _interventions(
        self, made: Sequence[tuple[Path, InterventionKind, Span]], content: Sequence[Span]
    ) -> tuple[AnchoredIntervention, ...]:
        found = []
        for path, kind, span in made:
            words = self.text[slice(*span)]
            if not any(part.start <= span.start and span.end <= part.end for part in content):
                raise self.refuse(path, f"“{words}” is not inside the content")
            found.append(AnchoredIntervention(kind, *span, words))
        return tuple(sorted(found, key=lambda change: (change.start, change.end)))


def _listed(selectors: list[Selector] | Selector) -> list[Selector]:
    return selectors if isinstance(selectors, list) else [selectors]


def _prove_text(parsed: Parsed, text: str) -> None:
    """Refuse a text that the record cannot keep."""
    place = ("source", "text" if parsed.record.source.text is not None else "text_file")
    if flaw := anchors.flaw(text):
        raise parsed.refuse(place, flaw)
    if not text:
        raise parsed.refuse(place, "the text is empty")


def _keys(parsed: Parsed, quotes: Sequence[AnchoredQuote]) -> dict[str, AnchoredQuote]:
    """Return the quotes by key and by id. Refuses a key, or words, that stand twice."""
    known: dict[str, AnchoredQuote] = {}
    seen: set[tuple[Span, ...]] = set()
    for at, (entry, quote) in enumerate(zip(parsed.record.quotes, quotes, strict=True)):
        if quote.content in seen:
            raise parsed.refuse(("quotes", at), "another quote of this file has the very same words of the text")
        seen.add(quote.content)
        for name in dict.fromkeys((quote.id, entry.key or quote.id)):
            if name in known:
                raise parsed.refuse(("quotes", at, "key"), f"the key {name} stands twice")
            known[name] = quote
    return known


def _nested(
    parsed: Parsed, quotes: Sequence[AnchoredQuote], known: dict[str, AnchoredQuote]
) -> tuple[AnchoredQuote, ...]:
    """Put ids for the keys of parents. Refuses a parent that is not in the file, or that is nested in its own child."""
    parents: dict[str, str] = {}
    for at, quote in enumerate(quotes):
        if quote.parent is None:
            continue
        if quote.parent not in known:
            raise parsed.refuse(("quotes", at, "parent"), f"there is no quote with the key {quote.parent} in this file")
        parents[quote.id] = known[quote.parent].id
        above: str | None = parents[quote.id]
        while above is not None:
            if above == quote.id:
                raise parsed.refuse(("quotes", at, "parent"), "a quote cannot be nested in itself")
            above = parents.get(above)
    return tuple(quote._replace(parent=parents.get(quote.id)) for quote in quotes)


def _named(parsed: Parsed, path: Path, key: str, known: dict[str, AnchoredQuote]) -> str:
    """Return the id of a key. A 16-character id that is not in this file may be on the record already."""
    if key in known:
        return known[key].id
    if len(key) == anchors.ID_LENGTH and "-" not in key:
        return key
    raise parsed.refuse(path, f"there is no quote with the key {key} in this file")


def _succeeded(
    parsed: Parsed, quotes: Sequence[AnchoredQuote], known: dict[str, AnchoredQuote]
) -> tuple[AnchoredQuote, ...]:
    """Put ids for the keys of successors. Refuses a quote that is its own."""
    found = []
    for at, quote in enumerate(quotes):
        path: Path = ("quotes", at, "successor")
        name = None if quote.successor is None else _named(parsed, path, quote.successor, known)
        if name == quote.id:
            raise parsed.refuse(path, "a successor is another quote than the withdrawn one")
        found.append(quote._replace(successor=name))
    return tuple(found)


def _links(parsed: Parsed, known: dict[str, AnchoredQuote]) -> tuple[AnchoredLink, ...]:
    """Put ids for keys. Refuses a link of a quote to itself, and one that stands twice."""
    found: list[AnchoredLink] = []
    seen: set[tuple[str, str, str]] = set()
    for at, link in enumerate(parsed.record.links):
        source = _named(parsed, ("links", at, "from"), link.source, known)
        target = _named(parsed, ("links", at, "to"), link.target, known)
        if source == target or (source, target, link.relation) in seen:
            raise parsed.refuse(("links", at), "a link joins two quotes, and each pair once by the same relation")
        seen.add((source, target, link.relation))
        by = link.asserted_by or parsed.record.creator
        found.append(AnchoredLink(source, target, link.relation, link.rationale, by))
    return tuple(found)
