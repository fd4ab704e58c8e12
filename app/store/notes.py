"""Writes notes, one at a time: made, changed, and taken off, each with its history and its quote's full text."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, text

from app.errors import Conflict, Fault, Invalid, NotFound, NotInText
from app.store import history, ingest, leads, search, states
from app.store.history import Entry, Writer, next_version
from app.store.names import annotation_id, free_id
from app.store.terms import unknown
from app.tables.anchored import AnchoredNote
from app.tables.annotation import AnnotationNew, TargetNew
from app.tables.record import NoteEntry
from app.tables.words import What
from app.text import anchor as anchors
from app.text.anchor import Span
from app.text.selection import Selection, select

Named = tuple[int, str]
"""Number and name of a quote or a source."""


class Target(NamedTuple):
    """What a note is on: a quote, or a span of a source whose words are `exact`."""

    quote: Named | None = None
    source: Named | None = None
    span: Span | None = None
    exact: str | None = None

    @property
    def name(self) -> str:
        return (self.quote or self.source or (0, ""))[1]


class StoredNote(NamedTuple):
    """A note with its id and version."""

    id: str
    version: int
    note: AnchoredNote
    target: Target


def stored(connection: Connection, name: str) -> StoredNote:
    """Return the note of that id. Raises NotFound."""
    row = connection.execute(text(_STORED.format(which="annotation.id = :key")), {"key": name}).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no annotation {name[:100]}.")
    return _stored(row)


def of_source(connection: Connection, source: int) -> list[StoredNote]:
    """Return the notes on spans of a source, given by number, and on its quotes."""
    rows = connection.execute(text(_OF_SOURCE), {"key": source}).mappings()
    return [_stored(row) for row in rows]


def _stored(row: RowMapping) -> StoredNote:
    note = states.note(row)
    quote = None if row["quote"] is None else (row["quote"], row["quote_id"])
    source = None if row["source"] is None else (row["source"], row["slug"])
    return StoredNote(row["id"], row["version"], note, Target(quote, source, note.target, note.exact))


def find_target(connection: Connection, reader: sqlite3.Connection, asked: TargetNew) -> Target:
    """Return what a new note is to be on. Words of a quote are found in its source.

    Raises Invalid for a quote or a source that is not on the record, and NotInText for words that are not there.
    """
    picked = Selection(asked.exact, asked.prefix, asked.suffix, asked.occurrence, asked.start, asked.end)
    if asked.source is not None:
        slug = leads.now(connection, What.SOURCE, asked.source)
        row = connection.execute(text(_SOURCE), {"slug": slug}).one_or_none()
        if row is None:
            raise Invalid.of(Fault(unknown(reader, "source", asked.source), pointer="/target/source"))
        span = _select(row[2], picked)
        return Target(None, (row[0], row[1]), span, row[2][slice(*span)])
    row = connection.execute(text(_QUOTE), {"id": asked.quote}).one_or_none()
    if row is None:
        raise Invalid.of(Fault(f"There is no quote {asked.quote} on the record.", pointer="/target/quote"))
    if asked.is_whole:
        return Target(quote=(row.seq, row.id))
    found = _select(row.text, picked)
    parts = connection.execute(text(_CONTENT), {"quote": row.seq}).all()
    spans = anchors.unfold([(start, exact) for start, exact in parts], *found)
    if len(spans) != 1:
        raise _refused("Those words of the quote do not stand together in its source: pick them one by one.")
    return Target(None, (row.source, row.slug), spans[0], row.source_text[slice(*spans[0])])


def _select(words: str, picked: Selection) -> Span:
    try:
        return select(words, picked)
    except NotInText as error:
        raise _refused(error.detail) from error


def _refused(detail: str) -> NotInText:
    return NotInText(detail, (Fault(detail, pointer="/target"),))


def add(
    connection: Connection, reader: sqlite3.Connection, asked: AnnotationNew, *, creator: str, writer: Writer
) -> str:
    """Put a note on the record and return its id. Raises as `find_target` does, and Conflict for one that is there."""
    target = find_target(connection, reader, asked.target)
    note = AnchoredNote(asked.motivation, asked.body, asked.format, creator, target.span, target.exact)
    _prove_new(connection, note, target)
    name = free_id(connection, What.ANNOTATION, annotation_id(note, target.name))
    version = next_version(connection, What.ANNOTATION, name)  # not 1 when it was here before
    row, entry = ingest.note_row(note, name, version, writer, quote=target.quote, source=target.source)
    ingest.add_notes(connection, [row])
    history.append(connection, writer, [entry])
    _search_again(connection, target)
    return name


def change(connection: Connection, before: StoredNote, after: NoteEntry, *, creator: str, writer: Writer) -> None:
    """Make a note say what `after` says; its id and its target stay. Raises Conflict when another one says it."""
    said = (after.motivation, after.body, after.format, creator)
    note = AnchoredNote(*said, target=before.note.target, exact=before.note.exact)
    if note == before.note:
        return
    _prove_new(connection, note, before.target, but=before.id)
    version = next_version(connection, What.ANNOTATION, before.id)
    values = {
        "id": before.id,
        "motivation": note.motivation.value,
        "body": note.body or "",
        "format": note.format.value,
        "creator": creator,
        "version": version,
        "now": writer.stamp,
    }
    connection.execute(text(_CHANGE), values)
    said_of = [state(one, before.target) for one in (before.note, note)]
    history.append(connection, writer, [Entry(What.ANNOTATION, before.id, version, *said_of)])
    _search_again(connection, before.target)


def remove(connection: Connection, before: StoredNote, *, writer: Writer) -> None:
    """Take a note off the record; its history stays."""
    connection.execute(text("DELETE FROM annotation WHERE id = :id"), {"id": before.id})
    version = next_version(connection, What.ANNOTATION, before.id)
    gone = Entry(What.ANNOTATION, before.id, version, state(before.note, before.target), None)
    history.append(connection, writer, [gone])
    _search_again(connection, before.target)


def ids(connection: Connection, *, quote: Named | None = None, source: Named | None = None) -> Mapping[str, str]:
    """Return the ids of the notes on a quote, or on spans of a source, by the id that their words make now."""
    column, (seq, name) = ("quote", quote) if quote else ("source", source or (0, ""))
    rows = connection.execute(text(f"SELECT * FROM annotation WHERE {column} = :seq"), {"seq": seq}).mappings()
    return {annotation_id(states.note(row), name): str(row["id"]) for row in rows}


def _prove_new(connection: Connection, note: AnchoredNote, target: Target, *, but: str | None = None) -> None:
    there = ids(connection, quote=target.quote, source=target.source).get(annotation_id(note, target.name))
    if there not in (None, but):
        raise Conflict(f"{note.creator} signed this very note already: it is the annotation {there}.")


def state(note: AnchoredNote, target: Target) -> history.Document:
    """Return a note as the history keeps it."""
    quote, source = target.quote, target.source
    return ingest.note_state(note, quote[1] if quote else None, source[1] if source else None)


def _search_again(connection: Connection, target: Target) -> None:
    if target.quote:
        search.again(connection, [target.quote[0]])


_STORED = """
SELECT annotation.*, quote.id AS quote_id, source.slug AS slug FROM annotation
LEFT JOIN quote ON quote.seq = annotation.quote LEFT JOIN source ON source.seq = annotation.source
WHERE {which}
"""
_OF_SOURCE = (
    _STORED.format(which="annotation.source = :key")
    + "UNION ALL"
    + _STORED.format(which="annotation.quote IN (SELECT seq FROM quote WHERE source = :key)")
)
_SOURCE = "SELECT seq, slug, text FROM source WHERE slug = :slug"
_QUOTE = """
SELECT quote.seq, quote.id, quote.text, quote.source, source.slug, source.text AS source_text
FROM quote JOIN source ON source.seq = quote.source WHERE quote.id = :id
"""
_CONTENT = "SELECT start, exact FROM segment WHERE quote = :quote AND role = 'content' ORDER BY ordinal"
_CHANGE = """
UPDATE annotation SET motivation = :motivation, body = :body, format = :format, creator = :creator, version = :version,
    modified = :now WHERE id = :id
"""
