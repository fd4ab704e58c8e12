"""Speakers whom a proposed quote names, and who are not on the record yet.

They come there when the first quote of theirs is published, and not before. So a proposal that is rejected leaves
nobody behind, and a key that may only propose makes no speaker.
"""

import sqlite3
from collections.abc import Iterator, Mapping, MutableMapping
from itertools import count

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.errors import Conflict
from app.store import edits, scopes, spellings
from app.store.history import Writer
from app.store.names import slug
from app.store.states import StoredSource
from app.store.terms import number
from app.tables.db import driver
from app.tables.record import NameEntry, SpeakerEntry
from app.tables.speaker import NewSpeakerRead


def keep(connection: Connection, named: Mapping[str, NewSpeakerRead]) -> None:
    """Keep whom each quote names, by its id."""
    rows = [{"id": name, "name": who.name, "kind": who.kind.value} for name, who in named.items()]
    if rows:
        connection.execute(text(_NEW), rows)


def forget(connection: Connection, quote: int, told: MutableMapping[str, JsonValue]) -> None:
    """Forget whom the quote of that number named, also in what the history tells of it from now on."""
    connection.execute(text("DELETE FROM new_speaker WHERE quote = :quote"), {"quote": quote})
    told.pop("new_speaker", None)


def settle(connection: Connection, quote: int, source: StoredSource, *, writer: Writer) -> str | None:
    """Return the slug of whom the quote of that number names, put on the record if need be; None for nobody.

    Only who is called exactly so is taken for it: nobody has seen another. Raises Conflict when several are.
    """
    row = connection.execute(text("SELECT name, kind FROM new_speaker WHERE quote = :quote"), {"quote": quote}).first()
    if row is None:
        return None
    named = NewSpeakerRead(name=row[0], kind=row[1])
    reader = driver(connection)
    known = sorted(scopes.called(reader, named.name).values())
    if len(known) > 1:
        raise Conflict(f"Several speakers are called {named.name}: say by PATCH which is meant, {' or '.join(known)}.")
    return known[0] if known else _add(connection, reader, named, source, writer=writer)


def _add(
    connection: Connection, reader: sqlite3.Connection, named: NewSpeakerRead, source: StoredSource, *, writer: Writer
) -> str:
    entry = SpeakerEntry(
        slug=next(free for free in _slugs(named.name) if number(reader, "speaker", free) is None),
        name=named.name,
        kind=named.kind,
        description=f"A speaker whom “{source.entry.title}” names; proposed by extraction.",
        names=[NameEntry(name=named.name, language=source.entry.language)],
    )
    edits.add_speaker(connection, spellings.printed_by(source.text, entry), writer=writer)
    return entry.slug


def _slugs(name: str) -> Iterator[str]:
    first = slug(name) or "speaker"
    yield first
    yield from (f"{first}-{more}" for more in count(2))


_NEW = "INSERT INTO new_speaker (quote, name, kind) VALUES ((SELECT seq FROM quote WHERE id = :id), :name, :kind)"
