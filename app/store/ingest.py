"""Writes many new quotes at once: rows for the driver, whole batches to a statement, shelves filled from sets.

Measured against one SQLModel object a row in bench/ingest.py.
"""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError

from app.errors import Conflict, Invalid
from app.store import history, shelves
from app.store.history import Entry, Writer
from app.store.names import annotation_id
from app.store.statements import driver_sql
from app.tables import Annotation, Intervention, Quote, QuoteTopic, Segment
from app.tables.anchored import AnchoredNote, AnchoredQuote, AnchoredSaid
from app.tables.columns import day, table
from app.tables.quote import GRAIN_DAYS, Grain
from app.tables.words import PUBLIC, Role, What

_QUOTE = driver_sql(insert(Quote), table(Quote).columns.keys())
_PARENT = table(Quote).columns.keys().index("parent")
_SEGMENT = driver_sql(insert(Segment), ("quote", "ordinal", "role", "start", "end", "exact"))
_INTERVENTION = driver_sql(insert(Intervention), ("quote", "ordinal", "kind", "start", "end", "exact"))
_TOPIC = driver_sql(insert(QuoteTopic), ("quote", "ordinal", "topic", "stance", "proposition"))
_NOTE = driver_sql(
    insert(Annotation),
    [column.name for column in table(Annotation).c if column.name != "seq"],
)

Row = tuple[str | int | None, ...]
"""Plain values only: of anything else, an enum's word and a bool included, the driver first looks for an adapter."""


class Placed(NamedTuple):
    """A quote with the number and the slug of its source."""

    source: int
    slug: str
    quote: AnchoredQuote


class Known(NamedTuple):
    """Numbers of speakers and topics, by slug."""

    speakers: Mapping[str, int]
    topics: Mapping[str, int]


def add_quotes(
    connection: Connection,
    placed: Sequence[Placed],
    known: Known,
    *,
    writer: Writer,
    beside: Mapping[str, Mapping[str, JsonValue]] = MappingProxyType({}),
) -> None:
    """Put new quotes on the record with their parts, notes, history and shelves.

    `beside` is what the history tells besides, by quote. A parent stands in the batch or on the record. Raises Conflict
    when a quote is on the record already, and Invalid when a speaker, a topic or a parent is not.
    """
    last = int(connection.execute(text("SELECT coalesce(max(seq), 0) FROM quote")).scalar_one())
    seqs = {item.quote.id: last + at for at, item in enumerate(placed, 1)}
    if len(seqs) != len(placed):
        raise Conflict("Two quotes of the batch have the very same words of the same source.")
    _add_rows(connection, placed, seqs, known, writer, beside)
    shelves.add(connection, since=last)


def _add_rows(
    connection: Connection,
    placed: Sequence[Placed],
    seqs: Mapping[str, int],
    known: Known,
    writer: Writer,
    beside: Mapping[str, Mapping[str, JsonValue]],
) -> None:
    quotes, segments, interventions, topics = [], [], [], []
    notes: list[Row] = []
    noted: dict[str, list[Entry]] = {}
    stamp = writer.stamp
    for source, _, quote in placed:
        seq = seqs[quote.id]
        quotes.append(_quote_row(connection, seq, source, quote, seqs, known, stamp))
        segments += _segment_rows(seq, quote)
        interventions += _intervention_rows(seq, quote)
        topics += _topic_rows(seq, quote, known)
        for note in quote.notes:
            row, entry = note_row(note, annotation_id(note, quote.id), 1, writer, quote=(seq, quote.id))
            notes.append(row)
            noted.setdefault(quote.id, []).append(entry)
    _add_quote_rows(connection, quotes)
    for sql, rows in ((_SEGMENT, segments), (_INTERVENTION, interventions), (_TOPIC, topics), (_NOTE, notes)):
        if rows:
            connection.exec_driver_sql(sql, rows)
    history.append(connection, writer, _entries(placed, noted, beside))


def _entries(
    placed: Sequence[Placed], noted: Mapping[str, Sequence[Entry]], beside: Mapping[str, Mapping[str, JsonValue]]
) -> Iterator[Entry]:
    """Give the history of each quote and of its notes, one by one: keeping thousands of documents costs more."""
    for _, slug, quote in placed:
        yield Entry(What.QUOTE, quote.id, 1, None, {**state(quote, slug), **quote.reviewed, **beside.get(quote.id, {})})
        yield from noted.get(quote.id, ())


def _add_quote_rows(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert quotes; one that stands before its parent is nested in it afterwards."""
    before = {
        seq: parent
        for seq, parent in ((row[0], row[_PARENT]) for row in rows)
        if isinstance(seq, int) and isinstance(parent, int) and parent > seq
    }
    ordered = [(*row[:_PARENT], None, *row[_PARENT + 1 :]) if row[0] in before else row for row in rows]
    try:
        if ordered:
            connection.exec_driver_sql(_QUOTE, ordered)
        if before:
            moves = [(parent, seq) for seq, parent in before.items()]
            connection.exec_driver_sql("UPDATE quote SET parent = ? WHERE seq = ?", moves)
    except IntegrityError as error:
        raise Conflict(f"A quote cannot be put on the record: {error.orig}.") from error


def _quote_row(
    connection: Connection,
    seq: int,
    source: int,
    quote: AnchoredQuote,
    seqs: Mapping[str, int],
    known: Known,
    stamp: str,
) -> Row:
    said = quote.said
    latest = day(said.latest)
    return (
        seq,
        quote.id,
        source,
        _number(known.speakers, "speaker", quote.speaker),
        parent_number(connection, quote.parent, seqs),
        quote.text,
        str(quote.kind),
        str(quote.medium),
        str(quote.polarity),
        quote.cue,
        quote.venue_name,
        str(quote.venue_kind) if quote.venue_kind else None,
        quote.addressee,
        said.edtf,
        day(said.earliest),
        latest,
        str(said.basis),
        said.as_printed,
        said.note,
        str(quote.status),
        1,
        stamp,
        stamp,
        int(quote.status in PUBLIC),
        grain(said),
        latest or "",
        position(quote),
        len(quote.text),
    )


def position(quote: AnchoredQuote) -> int:
    """Return the offset at which the quote's content begins."""
    return next(part.start for part in quote.segments if part.role is Role.CONTENT)


def grain(said: AnchoredSaid) -> int:
    """Return how precisely the date is known, as lists need it."""
    if said.earliest is None or said.latest is None:
        return int(Grain.OPEN)
    if said.earliest == said.latest:
        return int(Grain.DAY)
    return int(Grain.YEAR if (said.latest - said.earliest).days <= GRAIN_DAYS else Grain.OPEN)


def add_parts(connection: Connection, seq: int, quote: AnchoredQuote, known: Known) -> None:
    """Insert the segments, interventions and topics of one quote, which has none."""
    for sql, rows in (
        (_SEGMENT, _segment_rows(seq, quote)),
        (_INTERVENTION, _intervention_rows(seq, quote)),
        (_TOPIC, _topic_rows(seq, quote, known)),
    ):
        if rows:
            connection.exec_driver_sql(sql, rows)


def _segment_rows(seq: int, quote: AnchoredQuote) -> list[Row]:
    return [(seq, at, str(role), start, end, exact) for at, (role, start, end, exact) in enumerate(quote.segments)]


def _intervention_rows(seq: int, quote: AnchoredQuote) -> list[Row]:
    return [(seq, at, str(kind), start, end, exact) for at, (kind, start, end, exact) in enumerate(quote.interventions)]


def _topic_rows(seq: int, quote: AnchoredQuote, known: Known) -> list[Row]:
    return [
        (seq, at, _number(known.topics, "topic", topic), str(stance) if stance else None, proposition)
        for at, (topic, stance, proposition) in enumerate(quote.topics)
    ]


def note_row(
    note: AnchoredNote,
    name: str,
    version: int,
    writer: Writer,
    *,
    quote: tuple[int, str] | None = None,
    source: tuple[int, str] | None = None,
) -> tuple[Row, Entry]:
    """Return the row and the history of a new note on a quote or on a span of a source, given as number and name.

    `name` is the id that it gets, and `version` the one that its history has reached.
    """
    quote_seq, quote_id = quote or (None, None)
    source_seq, slug = source or (None, None)
    start, end = note.target or (None, None)
    body = note.body or ""
    row = (name, quote_seq, source_seq, start, end, note.exact, note.motivation, body, note.format, note.creator)
    entry = Entry(What.ANNOTATION, name, version, None, note_state(note, quote_id, slug))
    return (*row, version, writer.stamp, writer.stamp), entry


def add_notes(connection: Connection, rows: Sequence[Row]) -> None:
    """Insert rows that `note_row` made."""
    if rows:
        connection.exec_driver_sql(_NOTE, list(rows))


def note_state(note: AnchoredNote, quote_id: str | None, source_slug: str | None) -> dict[str, JsonValue]:
    """Return the note as the history keeps it."""
    start, end = note.target or (None, None)
    return {
        "quote": quote_id,
        "source": source_slug,
        "start": start,
        "end": end,
        "exact": note.exact,
        "motivation": note.motivation.value,
        "body": note.body,
        "format": note.format.value,
        "creator": note.creator,
    }


def state(quote: AnchoredQuote, source: str) -> dict[str, JsonValue]:
    """Return the quote as the history keeps it: everything that a person decided, nothing that follows from it.

    Words are plain strings, as an enum's take six times as long to write as JSON.
    """
    said = quote.said
    return {
        "source": source,
        "text": quote.text,
        "kind": str(quote.kind),
        "medium": str(quote.medium),
        "polarity": str(quote.polarity),
        "status": str(quote.status),
        "speaker": quote.speaker,
        "parent": quote.parent,
        "cue": quote.cue,
        "venue": {"name": quote.venue_name, "kind": str(quote.venue_kind) if quote.venue_kind else None}
        if quote.venue_name or quote.venue_kind
        else None,
        "addressee": quote.addressee,
        "said": {
            "edtf": said.edtf,
            "earliest": day(said.earliest),
            "latest": day(said.latest),
            "basis": str(said.basis),
            "as_printed": said.as_printed,
            "note": said.note,
        },
        "segments": [
            {"role": str(role), "start": start, "end": end, "exact": exact}
            for role, start, end, exact in quote.segments
        ],
        "interventions": [
            {"kind": str(kind), "start": start, "end": end, "exact": exact}
            for kind, start, end, exact in quote.interventions
        ],
        "topics": [
            {"topic": topic, "stance": str(stance) if stance else None, "proposition": proposition}
            for topic, stance, proposition in quote.topics
        ],
    }


def parent_number(connection: Connection, parent: str | None, seqs: Mapping[str, int]) -> int | None:
    """Return the number of a parent in the batch or on the record. Raises Invalid when it is in neither."""
    if parent is None:
        return None
    if parent in seqs:
        return seqs[parent]
    found = connection.execute(text("SELECT seq FROM quote WHERE id = :id"), {"id": parent}).scalar()
    if found is None:
        raise Invalid(f"There is no quote {parent} in which another could be nested.")
    return int(found)


def _number(known: Mapping[str, int], what: str, slug: str | None) -> int | None:
    if slug is None:
        return None
    if slug not in known:
        raise Invalid(f"There is no {what} {slug} on the record.")
    return known[slug]
