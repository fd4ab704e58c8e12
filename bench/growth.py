"""How reading slows down as the record grows: the same reads on a small and on a large one.

Each read is done with other values each time, at the store (the filter made ready and run, all counts included) and
over the whole application in process, without the response cache. Times are those of the processor, so that other work
on the machine does not count. The ratio of the middle times at the store is what counts.
"""

import asyncio
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple
from urllib.parse import urlencode

from app.api.parameters import parse
from app.main import create_app
from app.settings import Settings
from app.store import cursors, quotes
from app.tables.db import Database
from app.tables.filter import QuoteFilter
from app.tables.shelf import Facet
from bench import records
from bench.inside import cost_ms
from bench.report import Target, heading, shown, table

USUAL = (10_000, 1_000_000)
QUICK = (10_000, 100_000)
SAMPLES = 200
COMMON = 50
ROUNDS = 3
"""Each read is done so often, and its best time counts: the first brings it into memory."""
FLAT = 2.0


class Read(NamedTuple):
    """One read with its values: the parameters of a list, or the id of one quote."""

    parameters: tuple[tuple[str, str], ...] = ()
    id: str = ""

    @property
    def path(self) -> str:
        return f"/v1/quotes/{self.id}" if self.id else "/v1/quotes"


class Case(NamedTuple):
    """A kind of read."""

    name: str
    reads: Sequence[Read]


class Times(NamedTuple):
    """Milliseconds: the middle one and the hundredth at the store, and the middle one over the application."""

    p50: float
    p99: float
    http: float


def run(*, quick: bool) -> list[Target]:
    """Measure, print what was found, and return the targets."""
    sizes = QUICK if quick else USUAL
    heading(f"growth: {' and '.join(f'{size:,}' for size in sizes)} quotes; p50 / p99 ms, cache off")
    found: list[dict[str, Times]] = []
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        for size in sizes:
            begun = perf_counter()
            database = Database(f"sqlite:///{Path(folder) / f'{size}.db'}")
            records.build(database, size)
            built = perf_counter() - begun
            cases = _cases(database)
            found.append(asyncio.run(_measure(database, cases)))
            took = perf_counter() - begun
            megabytes = database.path.stat().st_size / 1e6
            print(f"  {size:,} quotes: {megabytes:,.0f} MB, made in {built:.0f} s, read in {took - built:.0f} s")
            database.close()
    return _report(sizes, found)


class _Values(NamedTuple):
    """What the record holds, to ask for, the commonest first: what fills a page on a small record too."""

    ids: list[str]
    marks: list[tuple[str, str]]
    speakers: list[str]
    topics: list[str]
    pairs: list[tuple[str, str]]


def _values(reader: sqlite3.Connection, random: Random) -> _Values:
    last = reader.execute("SELECT max(seq) FROM quote").fetchone()[0]
    seqs = [random.randint(1, last) for _ in range(2 * SAMPLES)]
    rows = [reader.execute("SELECT id, said_order, public FROM quote WHERE seq = ?", (seq,)).fetchone() for seq in seqs]
    public = [(name, said) for name, said, is_public in rows if is_public][:SAMPLES]
    common = "SELECT slug FROM tally JOIN {0} ON {0}.seq = CAST(key AS INTEGER) WHERE dimension = '{0}' ORDER BY n DESC"
    pairs = (
        "SELECT speaker.slug, topic.slug FROM topic_entry AS entry JOIN speaker ON speaker.seq = entry.speaker "
        "JOIN topic ON topic.seq = entry.topic GROUP BY entry.speaker, entry.topic ORDER BY count(*) DESC LIMIT ?"
    )
    return _Values(
        ids=[name for name, _ in public],
        marks=[(said, name) for name, said in public],
        speakers=[row[0] for row in reader.execute(f"{common.format('speaker')} LIMIT ?", (COMMON,))],
        topics=[row[0] for row in reader.execute(f"{common.format('topic')} LIMIT ?", (COMMON,))],
        pairs=reader.execute(pairs, (COMMON,)).fetchall(),
    )


Parameters = tuple[tuple[str, str], ...]
EVERY_FACET = ("facets", ",".join(facet.value for facet in Facet))


def _cases(database: Database) -> list[Case]:
    random = Random("growth")
    known = _values(database.reader(), random)
    scope = quotes.plan(database.reader(), QuoteFilter()).scope
    speakers: list[Parameters] = [(("speaker", slug),) for slug in known.speakers]
    topics: list[Parameters] = [(("topic", slug),) for slug in known.topics]
    pairs: list[Parameters] = [(("speaker", speaker), ("topic", topic)) for speaker, topic in known.pairs]
    deep: list[Parameters] = [(("after", cursors.encode(mark, scope)),) for mark in known.marks]

    def dated(filters: Sequence[Parameters]) -> list[Parameters]:
        """Ask for sixteen months somewhere in the record's years, different ones each time."""
        years = [random.randint(2010, 2023) for _ in range(SAMPLES)]
        return [
            (*filters[at % len(filters)], ("said_from", f"{year}-03-01"), ("said_to", f"{year + 1}-06-30"))
            for at, year in enumerate(years)
        ]

    lists: dict[str, Sequence[Parameters]] = {
        "first page": [()],
        "deep page": deep,
        "a speaker": speakers,
        "the commonest speaker": speakers[:1],
        "a topic": topics,
        "the commonest topic": topics[:1],
        "speaker + topic": pairs,
        "speaker + dates": dated(speakers),
        "topic + dates": dated(topics),
        "speaker + topic + dates": dated(pairs),
        "dates": dated([()]),
        "dates: one old week": [(("said_from", "2010-03-01"), ("said_to", "2010-03-07"))],
        "five facets": [(EVERY_FACET,)],
        "five facets of a speaker": [(*one, EVERY_FACET) for one in speakers],
        "five facets of a topic": [(*one, EVERY_FACET) for one in topics],
    }
    ids = [Read(id=name) for name in known.ids]
    return [Case("by id", ids), *(Case(name, [Read(given) for given in each]) for name, each in lists.items())]


async def _measure(database: Database, cases: Sequence[Case]) -> dict[str, Times]:
    app = create_app(Settings(database_url=f"sqlite:///{database.path}", cache_mb=0, log_level="warning"))
    found = {}
    for case in cases:
        reads = [case.reads[at % len(case.reads)] for at in range(SAMPLES)]
        rounds = [[_at_store(database, read) for read in reads] for _ in range(ROUNDS)]
        over_http = [
            [await cost_ms(app, read.path, urlencode(read.parameters)) for read in reads[: SAMPLES // 2]]
            for _ in range(ROUNDS)
        ]
        best = sorted(map(min, zip(*rounds, strict=True)))
        http = map(min, zip(*over_http, strict=True))
        found[case.name] = Times(median(best), best[int(SAMPLES * 0.99)], median(http))
    return found


def _at_store(database: Database, read: Read) -> float:
    """Return the milliseconds of a read from its parsed parameters to the bytes."""
    reader = database.reader()
    asked = None if read.id else parse(QuoteFilter, urlencode(read.parameters).encode())
    begun = process_time()
    if asked is None:
        quotes.one(reader, read.id, keyed=False)
    else:
        quotes.plan(reader, asked).run(reader)
    return (process_time() - begun) * 1000


def _report(sizes: Sequence[int], found: Sequence[dict[str, Times]]) -> list[Target]:
    small, large = found
    rows = []
    for name in small:
        first, last = small[name], large[name]
        rows.append(
            (
                name,
                f"{first.p50:.2f} / {first.p99:.2f}",
                f"{last.p50:.2f} / {last.p99:.2f}",
                shown(last.p50 / first.p50),
                f"{first.http:.2f}",
                f"{last.http:.2f}",
                shown(last.http / first.http),
            )
        )
    columns = [f"{size:,}" for size in sizes]
    table(("p50 / p99 ms", *columns, "ratio", *(f"http {column}" for column in columns), "ratio"), rows)
    return [Target(f"growth of {name}", large[name].p50 / small[name].p50, FLAT, most=True) for name in small]
