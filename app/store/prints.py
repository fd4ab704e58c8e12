"""Edits of sources, as a person asks for them: added with its text, its entry changed, renamed, and taken off."""

import sqlite3
from collections.abc import Mapping

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.errors import Conflict, Fault, Invalid
from app.store import leads, states, texts
from app.store.corrections import redate_quotes
from app.store.edits import prove_free, rename
from app.store.entries import formers
from app.store.history import Writer
from app.store.states import StoredSource
from app.store.terms import missing
from app.tables.record import SourceEntry, SourceFields
from app.tables.words import What
from app.text import anchor

FIXED = ("text", "text_file", "sha256")
"""Members of a source's entry that tell its text."""


def source(connection: Connection, reader: sqlite3.Connection, slug: str) -> StoredSource:
    """Return the source of that slug. Raises NotFound, naming the nearest known slug."""
    found = states.source(connection, slug)
    if found is None:
        raise missing(reader, "source", slug)
    return found


def add_source(connection: Connection, entry: SourceEntry, *, writer: Writer) -> None:
    """Put a new source on the record, its text with it.

    Raises Conflict for a slug that is taken, or was, and for a text that is there; Invalid for a text that cannot be.
    """
    words = _proved_text(entry)
    sha256 = anchor.digest(words)
    if entry.sha256 not in (None, sha256):
        raise Invalid.of(Fault(f"The text's SHA-256 is {sha256}, not {entry.sha256}.", pointer="/sha256"))
    prove_free(connection, What.SOURCE, entry.slug)
    entry = entry.model_copy(update={"revises": leads.now(connection, What.SOURCE, entry.revises)})
    texts.add_source(connection, entry, words, sha256, writer=writer, pointer="/revises")


def _proved_text(entry: SourceEntry) -> str:
    if entry.text is None:
        detail = f"text_file={entry.text_file}: no file is read here. Give the text itself, as `text`."
        raise Invalid.of(Fault(detail, pointer="/text_file"))
    if flaw := anchor.flaw(entry.text):
        raise Invalid.of(Fault(f"{flaw}: leave it out.", pointer="/text"))
    return entry.text


def change_source(connection: Connection, stored: StoredSource, after: SourceFields, *, writer: Writer) -> None:
    """Make a source's entry what `after` says; another slug renames it, and its quotes follow another day.

    Raises Conflict for a slug that is taken, or was, and Invalid.
    """
    before = fields(stored)
    after = after.model_copy(update={"revises": leads.now(connection, What.SOURCE, after.revises)})
    if after == before:
        return
    former = formers(connection, What.SOURCE, stored.seq)
    if after.slug != before.slug:
        rename(connection, What.SOURCE, stored.seq, before.slug, after.slug)
    texts.save_source(connection, stored, after, writer=writer, pointer="/revises", former=former)
    if after.published != before.published:
        redate_quotes(connection, stored.seq, after.published, writer=writer)


def fields(stored: StoredSource) -> SourceFields:
    """Return what can be changed of a source: all but its text."""
    return SourceFields.model_validate(stored.entry.model_dump(exclude=set(FIXED)))


def prove_fixed(patch: Mapping[str, JsonValue]) -> None:
    """Raise Invalid for a patch of the text."""
    told = [name for name in FIXED if name in patch]
    if told:
        detail = "A text never changes: add the corrected one by POST /v1/sources, and say which source it `revises`."
        raise Invalid.of(*(Fault(detail, pointer=f"/{name}") for name in told))


def remove_source(connection: Connection, stored: StoredSource, *, writer: Writer) -> None:
    """Take a source off the record. Raises Conflict while a quote, a note or another source rests on it."""
    slug = stored.entry.slug
    for sql, why in _RESTING:
        there = connection.execute(text(sql), {"seq": stored.seq}).scalars().all()
        if there:
            raise Conflict(f"{slug} stays: {why.format(there[0], count=len(there))}.")
    texts.remove_source(connection, stored, writer=writer)


_RESTING = (
    ("SELECT id FROM quote WHERE source = :seq ORDER BY id", "{count} of the record's quotes, as {0}, are in it"),
    ("SELECT id FROM annotation WHERE source = :seq ORDER BY id", "{count} notes, as {0}, are on its words"),
    ("SELECT slug FROM source WHERE revises = :seq ORDER BY slug", "{0} revises it"),
)
