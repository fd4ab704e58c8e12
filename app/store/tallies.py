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
        for changed in _changed(counts):
            changed.add(connection, 1)


def take(connection: Connection, which: str, values: dict[str, int]) -> None:
    """Count them no longer, while they still stand under their topics."""
    for counts in _counted(connection, which, values):
        for changed in _changed(counts):
            changed.add(connection, -1)
            changed.drop_empty(connection)


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


class _Changed(NamedTuple):
    """Counters of one table: the columns of its key; in order, the values of these, and how many are counted."""

    table: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[tuple[int | str, ...], int]]

    def add(self, connection: Connection, sign: int) -> None:
        columns, places = ", ".join(self.columns), "?, " * len(self.columns)
        sql = f"INSERT INTO {self.table} ({columns}, n) VALUES ({places}?) ON CONFLICT DO UPDATE SET n = n + excluded.n"
        connection.exec_driver_sql(sql, [(*key, sign * n) for key, n in self.rows])

    def drop_empty(self, connection: Connection) -> None:
        these = " AND ".join(f"{column} = ?" for column in self.columns)
        connection.exec_driver_sql(f"DELETE FROM {self.table} WHERE {these} AND n = 0", [key for key, _ in self.rows])


def _changed(counts: _Counts) -> Iterator[_Changed]:
    """Yield what changes of each table, in the order in which it is kept, which is the fastest to write."""
    if counts.all:
        yield _Changed("tally", ("dimension", "key"), sorted(counts.all.items()))
    for whose, counters in (("speaker", counts.speaker), ("topic", counts.topic)):
        rows = sorted(((one, *key), n) for one, counter in counters.items() for key, n in counter.items())
        if rows:
            yield _Changed(f"{whose}_tally", (whose, "facet", "key"), rows)
