"""Edits of the entries that quotes name, one at a time, as a person asks for them: made, changed, and taken off."""

import sqlite3
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.errors import Conflict
from app.store import entries, search, states
from app.store.history import Writer
from app.store.terms import missing
from app.tables.record import SpeakerEntry
from app.tables.words import What


class StoredSpeaker(NamedTuple):
    """A speaker with its number and version."""

    seq: int
    version: int
    entry: SpeakerEntry


def speaker(connection: Connection, reader: sqlite3.Connection, slug: str) -> StoredSpeaker:
    """Return the speaker of that slug. Raises NotFound, naming the nearest known slug."""
    found = states.speakers(connection, [slug])
    if not found:
        raise missing(reader, "speaker", slug)
    return StoredSpeaker(*found[0])


def add_speaker(connection: Connection, entry: SpeakerEntry, *, writer: Writer) -> None:
    """Put a new speaker on the record. Raises Conflict for a slug that is taken, or was."""
    prove_free(connection, What.SPEAKER, entry.slug)
    entries.save_speaker(connection, None, entry, before=None, writer=writer)


def change_speaker(connection: Connection, stored: StoredSpeaker, after: SpeakerEntry, *, writer: Writer) -> None:
    """Make a speaker what `after` says; another slug renames it. Raises Conflict for a slug that is taken, or was."""
    if after == stored.entry:
        return
    if after.slug != stored.entry.slug:
        rename(connection, What.SPEAKER, stored.seq, stored.entry.slug, after.slug)
    entries.save_speaker(connection, stored.seq, after, before=stored.entry, writer=writer)
    quotes = connection.execute(text("SELECT seq FROM quote WHERE speaker = :seq"), {"seq": stored.seq})
    search.again(connection, list(quotes.scalars()))


def remove_speaker(connection: Connection, stored: StoredSpeaker, *, writer: Writer) -> None:
    """Take a speaker off the record. Raises Conflict while there is a quote of it, public or not."""
    sql = "SELECT count(*) FROM quote WHERE speaker = :seq"
    count = int(connection.execute(text(sql), {"seq": stored.seq}).scalar_one())
    if count:
        quotes = "1 quote" if count == 1 else f"{count:,} quotes"
        raise Conflict(f"There are {quotes} of {stored.entry.slug}: merge it into another speaker.")
    entries.remove_speaker(connection, stored.seq, stored.entry, writer=writer)


def prove_free(connection: Connection, what: What, slug: str) -> None:
    """Raise Conflict for a slug that stands for something, or that stood for it and leads there still."""
    if connection.execute(text(f"SELECT 1 FROM {what.value} WHERE slug = :slug"), {"slug": slug}).first():
        raise Conflict(f"There is a {what.value} {slug} already: change it by PATCH, or choose another slug.")
    sql = f"SELECT slug FROM {what.value} WHERE seq = (SELECT seq FROM moved WHERE what = :what AND slug = :slug)"
    there = connection.execute(text(sql), {"what": what.value, "slug": slug}).scalar()
    if there is not None:
        raise Conflict(f"{slug} was the slug of {there}, and leads there: choose another one.")


def rename(connection: Connection, what: What, seq: int, before: str, after: str) -> None:
    """Let the slug of before lead to a thing that gets another one. Raises Conflict for a slug that is not free."""
    own = connection.execute(
        text("DELETE FROM moved WHERE what = :what AND slug = :slug AND seq = :seq"),
        {"what": what.value, "slug": after, "seq": seq},
    ).rowcount
    if not own:
        prove_free(connection, what, after)
    connection.execute(
        text("INSERT INTO moved (what, slug, seq) VALUES (:what, :slug, :seq)"),
        {"what": what.value, "slug": before, "seq": seq},
    )
