"""Takes a source off the record as its record file, which store/records.py puts on another."""

from collections.abc import Sequence

from sqlalchemy import Connection, text
from sqlmodel import Session

from app.errors import NotFound
from app.store import spellings, states
from app.tables.anchored import AnchoredIntervention, AnchoredNote, AnchoredQuote
from app.tables.record import (
    FORMAT,
    AddresseeEntry,
    CueEntry,
    InterventionEntry,
    LinkEntry,
    Located,
    NoteEntry,
    QuoteEntry,
    RecordFile,
    SaidEntry,
    Selector,
    SpanNoteEntry,
    TopicEntry,
    TopicStanceEntry,
    VenueEntry,
)
from app.tables.words import Role
from app.text import anchor as anchors
from app.text import borders


def slugs(session: Session) -> list[str]:
    """Return the slugs of all sources, each after the one that it revises, else in order of the alphabet."""
    return list(session.connection().execute(text(_SLUGS)).scalars())


_SLUGS = """
WITH RECURSIVE down(seq, slug, step) AS (
    SELECT seq, slug, 0 FROM source WHERE revises IS NULL
    UNION ALL SELECT source.seq, source.slug, step + 1 FROM down JOIN source ON source.revises = down.seq
) SELECT slug FROM down ORDER BY step, slug
"""


def take(session: Session, slug: str) -> RecordFile:
    """Return the source with everything recorded about it, as its record file says it. Raises NotFound.

    Words that stand more than once carry their occurrence, counted over the whole text; quotes are named by their ids.
    """
    connection = session.connection()
    stored = states.source(connection, slug)
    if stored is None:
        raise NotFound(f"There is no source {slug}.")
    quotes = [item.quote for item in states.quotes(connection, stored.seq)]
    names = {quote.speaker for quote in quotes if quote.speaker}
    return RecordFile(
        format=FORMAT,
        source=stored.entry,
        topics=_topics(connection, quotes),
        speakers=[spellings.printed_by(stored.text, entry) for _, _, entry in states.speakers(connection, names)],
        quotes=[_quote_entry(stored.text, quote) for quote in quotes],
        links=[
            LinkEntry(
                source=link.source,
                target=link.target,
                relation=link.relation,
                rationale=link.rationale,
                asserted_by=link.asserted_by,
            )
            for _, _, link in states.links(connection, stored.seq)
        ],
        annotations=[
            SpanNoteEntry(**dict(_note(note)), target=_selector(stored.text, *note.target))
            for note in states.notes(connection, stored.seq)
            if note.target
        ],
    )


def _topics(connection: Connection, quotes: Sequence[AnchoredQuote]) -> list[TopicEntry]:
    """Return the topics that the quotes name and all above them, each after the one above it."""
    named = {about.topic for quote in quotes for about in quote.topics}
    above = {slug: states.broader(connection, slug) for slug in named}
    every = named.union(*above.values())
    depth = {slug: len(states.broader(connection, slug)) for slug in every}
    found = [entry for _, _, entry in states.topics(connection, every)]
    return sorted(found, key=lambda entry: (depth[entry.slug], entry.slug))


def _quote_entry(text: str, quote: AnchoredQuote) -> QuoteEntry:
    parts: dict[Role, list[Selector]] = {role: [] for role in Role}
    for part in quote.segments:
        parts[part.role].append(_selector(text, part.start, part.end))
    said = quote.said
    return QuoteEntry(
        key=quote.id,
        kind=quote.kind,
        medium=quote.medium,
        polarity=quote.polarity,
        status=quote.status,
        reason=quote.reason,
        successor=quote.successor,
        speaker=quote.speaker,
        parent=quote.parent,
        content=parts[Role.CONTENT],
        mention=parts[Role.SPEAKER],
        cue=_cue(quote.cue, parts[Role.CUE]),
        addressee=_addressee(quote.addressee, parts[Role.ADDRESSEE]),
        venue=VenueEntry(name=quote.venue_name, kind=quote.venue_kind)
        if quote.venue_name or quote.venue_kind
        else None,
        said=SaidEntry(edtf=said.edtf, basis=said.basis, as_printed=parts[Role.TIME], note=said.note),
        interventions=[_intervention(text, made) for made in quote.interventions],
        topics=[
            TopicStanceEntry(topic=about.topic, stance=about.stance, proposition=about.proposition)
            for about in quote.topics
        ],
        annotations=[_note(note) for note in quote.notes],
    )


def _cue(lemma: str | None, printed: Sequence[Selector]) -> CueEntry | None:
    if not printed:
        return CueEntry(lemma=lemma) if lemma else None
    first = _located(printed[0])
    return CueEntry(lemma=lemma, exact=first.exact, occurrence=first.occurrence, also=list(printed[1:]))


def _addressee(name: str | None, printed: Sequence[Selector]) -> AddresseeEntry | None:
    if not printed:
        return AddresseeEntry(name=name) if name else None
    first = _located(printed[0])
    return AddresseeEntry(name=name, exact=first.exact, occurrence=first.occurrence, also=list(printed[1:]))


def _intervention(text: str, made: AnchoredIntervention) -> InterventionEntry:
    words = _located(_selector(text, made.start, made.end))
    return InterventionEntry(kind=made.kind, exact=words.exact, occurrence=words.occurrence)


def _note(note: AnchoredNote) -> NoteEntry:
    return NoteEntry(motivation=note.motivation, body=note.body, format=note.format, creator=note.creator)


def _located(selector: Selector) -> Located:
    return Located(exact=selector) if isinstance(selector, str) else selector


def _selector(text: str, start: int, end: int) -> Selector:
    exact = text[start:end]
    places = anchors.places(text, exact)
    if start not in places:  # words cut by an earlier version: the file says where, and importing it refuses them
        first, last = borders.whole(text, start, end)
        return Located(exact=exact, within=text[first:last])
    return exact if len(places) == 1 else Located(exact=exact, occurrence=places.index(start) + 1)
