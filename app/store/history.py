"""The history: one row for every write, in the transaction of the write itself."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy import Connection, insert, text

from app.store.statements import driver_sql
from app.tables import Change
from app.tables.columns import instant
from app.tables.words import What

Document = Mapping[str, JsonValue]


class Writer(NamedTuple):
    """Who writes, and when: the same for a whole transaction."""

    who: str
    at: datetime

    @property
    def stamp(self) -> str:
        return instant(self.at)


class Entry(NamedTuple):
    """One change. `before` is None for what is new, `after` for what is gone."""

    what: What
    name: str
    version: int
    before: Document | None
    after: Document | None


_INSERT = driver_sql(insert(Change), ("seq", "what", "name", "version", "at", "who", "before", "after", "seal"))
_LAST = "SELECT seq, seal FROM change ORDER BY seq DESC LIMIT 1"
Field = str | int | None


def append(connection: Connection, writer: Writer, entries: Iterable[Entry]) -> None:
    """Add the entries to the history, in their order, each sealed with all that came before it."""
    stamp = writer.stamp
    rows: list[tuple[Field, ...]] = []
    last, sealed = connection.exec_driver_sql(_LAST).one_or_none() or (0, "")
    for seq, entry in enumerate(entries, last + 1):
        said = (
            entry.what.value,
            entry.name,
            entry.version,
            stamp,
            writer.who,
            _optional(entry.before),
            _optional(entry.after),
        )
        sealed = seal(sealed, (seq, *said))
        rows.append((seq, *said, sealed))
    if rows:
        connection.exec_driver_sql(_INSERT, rows)


def newest(connection: Connection) -> int:
    """Return the number of the newest change, 0 before the first."""
    return int(connection.execute(text("SELECT coalesce(max(seq), 0) FROM change")).scalar_one())


def next_version(connection: Connection, what: What, name: str) -> int:
    """Return the version that the next change of a thing makes, also when it was there before and went."""
    sql = "SELECT coalesce(max(version), 0) + 1 FROM change WHERE what = :what AND name = :name"
    return int(connection.execute(text(sql), {"what": what.value, "name": name}).scalar_one())


def last(connection: Connection, what: What, name: str) -> dict[str, JsonValue] | None:
    """Return the document that the last change of a thing made, or None when there is none."""
    sql = "SELECT after FROM change WHERE what = :what AND name = :name ORDER BY version DESC, seq DESC LIMIT 1"
    found = connection.execute(text(sql), {"what": what.value, "name": name}).scalar()
    return None if found is None else json.loads(found)


def seal(before: str, row: Sequence[Field]) -> str:
    """Return the seal of a change: SHA-256, in hexadecimal, over the seal before it and the row's columns, in order.

    Each part stands after its length, so that no two rows are written alike.
    """
    parts = [before, *("" if field is None else str(field) for field in row)]
    return hashlib.sha256("".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()


def written(document: Document) -> str:
    """Return a document as the history keeps it. Raises ValueError for words that are no text."""
    return to_json(document).decode()


def _optional(document: Document | None) -> str | None:
    return None if document is None else written(document)
