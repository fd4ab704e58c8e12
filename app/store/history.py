"""The history: one row for every write, in the transaction of the write itself."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy import Connection, insert

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


_INSERT = driver_sql(insert(Change), ("what", "name", "version", "at", "who", "before", "after"))


def append(connection: Connection, writer: Writer, entries: Iterable[Entry]) -> None:
    """Add the entries to the history, in their order."""
    stamp = writer.stamp
    rows = [
        (entry.what.value, entry.name, entry.version, stamp, writer.who, _json(entry.before), _json(entry.after))
        for entry in entries
    ]
    if rows:
        connection.exec_driver_sql(_INSERT, rows)


def _json(document: Document | None) -> str | None:
    return None if document is None else to_json(document).decode()
