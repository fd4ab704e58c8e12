"""Sitemaps: the names of all that has a page, in parts of bounded size, each a range of numbers."""

import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

PART = 20_000
"""Numbers that a part spans; sitemaps.org allows 50,000 addresses in one."""


class Mapped(StrEnum):
    """What has pages of its own."""

    SOURCES = "sources"
    SPEAKERS = "speakers"
    TOPICS = "topics"
    QUOTES = "quotes"


class Part(NamedTuple):
    """A part of the map, counted from 0."""

    what: Mapped
    number: int


class Place(NamedTuple):
    """A thing by the name that its address has, and when it last changed (UTC, ISO 8601)."""

    name: str
    updated: str


_TABLES = {
    Mapped.SOURCES: ("source", "slug", ""),
    Mapped.SPEAKERS: ("speaker", "slug", ""),
    Mapped.TOPICS: ("topic", "slug", ""),
    Mapped.QUOTES: ("quote", "id", " AND public = 1"),
}


def parts(reader: sqlite3.Connection) -> Sequence[Part]:
    """Return every part that may hold something, sources first."""
    found: list[Part] = []
    for what, (name, _, _) in _TABLES.items():
        (last,) = reader.execute(f"SELECT coalesce(max(seq), 0) FROM {name}").fetchone()
        found += [Part(what, number) for number in range(-(-int(last) // PART))]
    return found


def places(reader: sqlite3.Connection, part: Part) -> Sequence[Place]:
    """Return what one part holds, in the order in which it came on the record."""
    table, name, public = _TABLES[part.what]
    sql = f"SELECT {name}, updated FROM {table} WHERE seq > ? AND seq <= ?{public} ORDER BY seq"
    low = part.number * PART
    return [Place(str(row[0]), str(row[1])) for row in reader.execute(sql, (low, low + PART))]
