"""Tallies: counts the public, asserted quotes along each facet: all of them, each speaker's, and each topic's.

They are counted here and not in SQL: a quote on three topics counts in thirty places, which SQLite would sort.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.tables.quote import Grain
from app.tables.shelf import Dimension, Facet

CHUNK = 20_000
"""Quotes whose counts are in memory at once."""

_COUNTED = f"""
SELECT speaker, source, kind, CASE WHEN grain = {int(Grain.OPEN)} THEN '' ELSE substr(said_order, 1, 4) END,
    (SELECT group_concat(topic) FROM topic_entry WHERE topic_entry.quote = quote.seq),
    (SELECT group_concat(DISTINCT topic) FROM quote_topic WHERE quote_topic.quote = quote.seq)
FROM quote WHERE public = 1 AND polarity = 'asserted' AND {{which}}
"""
_ADD = "INSERT INTO {} VALUES ({}) ON CONFLICT DO UPDATE SET n = n + excluded.n"
_ADD_TO_ALL = _ADD.format("tally (dimension, key, n)", "?, ?, ?")
_EMPTIED = "DELETE FROM tally WHERE dimension = ? AND key = ? AND n = 0"

Key = tuple[str, str]
"""A facet or another dimension, and what is counted of it, as `tally` has both."""


class _Counts(NamedTuple):
    """How many quotes there are of each key: of all, and by the number of each speaker and of each topic."""

    all: Counter[Key]
    speaker: dict[int, Counter[Key]]
    topic: dict[int, Counter[Key]]


def add(connection: Connection, which: str, values: dict[str, int]) -> None:
    """Count the quotes for which the SQL condition `which` holds, when they stand under their topics."""
    for counts in _counted(connection, which, values):
        _change(connection, counts, 1)


def take(connection: Connection, which: str, values: dict[str, int]) -> None:
    """Count them no longer, while they still stand under their topics."""
    for counts in _counted(connection, which, values):
        _change(connection, counts, -1)
        connection.exec_driver_sql(_EMPTIED, list(counts.all))
        for whose in (Facet.SPEAKER, Facet.TOPIC):
            if keys := [row[:3] for row in _rows(counts, whose, -1)]:
                emptied = f"DELETE FROM {whose}_tally WHERE {whose} = ? AND facet = ? AND key = ? AND n = 0"
                connection.exec_driver_sql(emptied, keys)


def _counted(connection: Connection, which: str, values: dict[str, int]) -> Iterator[_Counts]:
    rows = connection.execute(text(_COUNTED.format(which=which)), values)
    for part in rows.partitions(CHUNK):
        counts = _Counts(Counter(), defaultdict(Counter), defaultdict(Counter))
        for speaker, source, kind, year, topics, own in part:
            keys = [(_SOURCE, str(source)), (_KIND, kind), (_YEAR, year), *((_TOPIC, each) for each in _each(topics))]
            if speaker is not None:
                keys.append((_SPEAKER, str(speaker)))
                counts.speaker[speaker].update(keys)
            for topic in _each(topics):
                counts.topic[int(topic)].update(keys)
            counts.all.update(keys)
            counts.all.update((_TOPIC_OWN, each) for each in _each(own))
            counts.all[_EVERYTHING] += 1
        yield counts


# A word of its own for each: an enum's member is looked up in 50 ns, and thirty times for a quote.
_SPEAKER, _TOPIC, _SOURCE, _KIND, _YEAR = (facet.value for facet in Facet)
_TOPIC_OWN = Dimension.TOPIC_OWN.value
_EVERYTHING = (Dimension.ALL.value, "")


def _each(joined: str | None) -> Sequence[str]:
    return joined.split(",") if joined else ()


def _change(connection: Connection, counts: _Counts, sign: int) -> None:
    if counts.all:
        connection.exec_driver_sql(_ADD_TO_ALL, [(*key, sign * n) for key, n in counts.all.items()])
    for whose in (Facet.SPEAKER, Facet.TOPIC):
        if rows := _rows(counts, whose, sign):
            connection.exec_driver_sql(_ADD.format(f"{whose}_tally ({whose}, facet, key, n)", "?, ?, ?, ?"), rows)


def _rows(counts: _Counts, whose: Facet, sign: int) -> list[tuple[int, str, str, int]]:
    """Return the rows in the order in which they are kept, which is the fastest to write."""
    counters: dict[int, Counter[Key]] = getattr(counts, whose.value)
    return sorted((thing, *key, sign * n) for thing, counter in counters.items() for key, n in counter.items())
