"""Coverage: how much is on the record, told by counters and by the ends of indexes."""

import sqlite3
from datetime import date
from typing import NamedTuple

from app.tables.shelf import Dimension


class Covered(NamedTuple):
    """What the record holds: the quotes that are served by default, and from when to when its sources are."""

    quotes: int
    sources: int
    speakers: int
    topics: int
    published_from: date | None
    published_to: date | None


def covered(reader: sqlite3.Connection) -> Covered:
    """Return what the record holds; no statement of it reads a quote."""
    counted = "SELECT coalesce(sum(n), 0) FROM tally WHERE dimension = ?"
    (quotes,) = reader.execute(counted, (Dimension.ALL.value,)).fetchone()
    sources, speakers, topics = (
        reader.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("source", "speaker", "topic")
    )
    return Covered(int(quotes), sources, speakers, topics, _day(reader, "ASC"), _day(reader, "DESC"))


def _day(reader: sqlite3.Connection, direction: str) -> date | None:
    # As the index has it, in which sources without a day stand first.
    published = "coalesce(published, '')"
    sql = f"SELECT {published} FROM source WHERE {published} > '' ORDER BY {published} {direction} LIMIT 1"
    row = reader.execute(sql).fetchone()
    return date.fromisoformat(row[0]) if row else None
