"""How many requests a second are answered, beside a bare ASGI app that returns the same bytes and beside the textbook.

All servers run at once and each case is loaded in turn, some rounds over; the best round counts. A server under load is
never idle, so what limits it is its processor time per request: the ratio to the bare app is one of that time, as it
hardly depends on what else the machine does meanwhile. The ratio to the textbook is one of requests a second: its
threads also spend time on waiting for one another, and counting that would flatter us.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import NamedTuple

from app.tables.db import Database
from bench import records
from bench.load import CLIENT, CONNECTIONS, load
from bench.report import Target, heading, shown, table
from bench.servers import Server, serve

LIST = "/v1/quotes"
MANY = 1_500
"""How many different paths a case asks for in turn: more than the service keeps plans for."""


class Sizes(NamedTuple):
    quotes: int
    rounds: int
    seconds: int


USUAL = Sizes(100_000, 3, 2)
QUICK = Sizes(20_000, 2, 1)


class Case(NamedTuple):
    """What is asked of which server. `textbook` names the case to compare with; `status` is what must be answered."""

    name: str
    server: Server
    paths: Sequence[str]
    textbook: str = ""
    headers: Mapping[str, str] = {}
    status: int = 200


class Rate(NamedTuple):
    """Requests a second, and microseconds of the server's processor time for each."""

    per_s: float
    cpu_us: float


class Paths(NamedTuple):
    """Many addresses of a kind, to be asked for in turn."""

    quotes: list[str]
    speakers: list[str]
    topics: list[str]
    narrow: list[str]


def run(*, quick: bool) -> list[Target]:
    """Measure, print what was found, and return the targets."""
    sizes = QUICK if quick else USUAL
    heading(f"serving: {sizes.quotes:,} quotes; load by {CLIENT}, {CONNECTIONS} connections; one worker each")
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        path = folder / "record.db"
        database = Database(f"sqlite:///{path}")
        records.build(database, sizes.quotes)
        database.close()
        cases = _cases(stack, folder, path)
        for case in cases:
            _prove(case)
        rounds = [{case.name: _measure(case, sizes.seconds, folder) for case in cases} for _ in range(sizes.rounds)]
    best = {
        case.name: Rate(
            max(found[case.name].per_s for found in rounds), min(found[case.name].cpu_us for found in rounds)
        )
        for case in cases
    }
    return _report(cases, best)


def _measure(case: Case, seconds: int, folder: Path) -> Rate:
    before = case.server.cpu_s()
    found = load(case.server.port, case.paths, seconds, folder, case.headers)
    return Rate(found.requests / found.seconds, (case.server.cpu_s() - before) / found.requests * 1e6)


def _cases(stack: ExitStack, folder: Path, path: Path) -> list[Case]:
    ours = {"VERBATIM_DATABASE_URL": f"sqlite:///{path}"}

    def verbatim(name: str, **settings: str) -> Server:
        return stack.enter_context(serve(name, "app.main:from_environment", folder, **ours, **settings))

    plain = verbatim("no cache", VERBATIM_CACHE_MB="0")
    quiet = verbatim("no cache no log", VERBATIM_CACHE_MB="0", VERBATIM_LOG_LEVEL="warning")
    cached = verbatim("cache")
    cached_quiet = verbatim("cache no log", VERBATIM_LOG_LEVEL="warning")
    page = plain.get(LIST)
    (folder / "page.json").write_bytes(page.body)
    bare = stack.enter_context(serve("bare", "bench.bare:create_app", folder, BENCH_BODY=str(folder / "page.json")))
    textbook = stack.enter_context(
        serve("textbook", "bench.textbook:create_app", folder, BENCH_DATABASE=str(_indexed(path)))
    )
    many = _paths(path)
    has, has_quiet = ({"If-None-Match": server.get(LIST).headers["etag"]} for server in (cached, cached_quiet))
    listed, one, filtered = "textbook: list page", "textbook: one quote", "textbook: list by speaker"
    return [
        Case("bare ASGI, the list page's bytes", bare, [LIST]),
        Case(listed, textbook, [LIST]),
        Case(one, textbook, many.quotes),
        Case(filtered, textbook, many.speakers),
        Case("list page", plain, [LIST], listed),
        Case("list page, no access log", quiet, [LIST], listed),
        Case("one quote", plain, many.quotes, one),
        Case("one quote, no access log", quiet, many.quotes, one),
        Case("list by speaker, another each time", plain, many.speakers, filtered),
        Case("list by topic, another each time", plain, many.topics),
        Case("list by speaker, topic, dates, same", plain, many.narrow[:1]),
        Case("list by speaker, topic, dates, another", plain, many.narrow),
        Case("list with all five facets", plain, [f"{LIST}?facets=speaker,topic,source,kind,year"]),
        Case("cache: list page", cached, [LIST], listed),
        Case("cache: list page, no access log", cached_quiet, [LIST], listed),
        Case("cache: 304", cached, [LIST], listed, has, 304),
        Case("cache: 304, no access log", cached_quiet, [LIST], listed, has_quiet, 304),
    ]


def _indexed(path: Path) -> Path:
    """Copy the record and give it the index that the textbook's order needs."""
    copy = path.with_name("textbook.db")
    shutil.copy(path, copy)
    connection = sqlite3.connect(copy)
    connection.execute(
        "CREATE INDEX quote_textbook ON quote (said_order, id) WHERE public = 1 AND polarity = 'asserted'"
    )
    connection.execute("CREATE INDEX quote_textbook_all ON quote (said_order, id)")
    connection.execute("CREATE INDEX quote_textbook_speaker ON quote (speaker, said_order, id)")
    connection.execute("ANALYZE")
    connection.close()
    return copy


def _paths(path: Path) -> Paths:
    connection = sqlite3.connect(path)
    random = Random("paths")
    quotes = [row[0] for row in connection.execute("SELECT id FROM quote WHERE public = 1 ORDER BY id")]
    speakers = [row[0] for row in connection.execute("SELECT slug FROM speaker ORDER BY slug")]
    topics = [row[0] for row in connection.execute("SELECT slug FROM topic ORDER BY slug")]
    pairs = connection.execute(
        "SELECT speaker.slug, topic.slug FROM topic_entry AS entry JOIN speaker ON speaker.seq = entry.speaker "
        "JOIN topic ON topic.seq = entry.topic GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT ?",
        (MANY,),
    ).fetchall()
    connection.close()
    return Paths(
        quotes=[f"{LIST}/{name}" for name in random.sample(quotes, MANY)],
        speakers=[f"{LIST}?speaker={slug}" for slug in random.sample(speakers, MANY)],
        topics=[f"{LIST}?topic={slug}" for slug in topics],
        narrow=[
            f"{LIST}?speaker={speaker}&topic={topic}&said_from=2012-01-01&said_to=2020-12-31"
            for speaker, topic in pairs
        ],
    )


def _prove(case: Case) -> None:
    """Ask each path's first once, so that a case measures what its name says."""
    got = case.server.get(case.paths[0], case.headers)
    if got.status != case.status:
        raise RuntimeError(
            f"{case.name}: {case.paths[0]} answers {got.status} instead of {case.status}: {got.body[:300]!r}"
        )


def _report(cases: Sequence[Case], rates: Mapping[str, Rate]) -> list[Target]:
    def of_bare(name: str) -> float:
        return rates[cases[0].name].cpu_us / rates[name].cpu_us

    def times(name: str, textbook: str) -> float:
        return rates[name].per_s / rates[textbook].per_s

    rows = [
        (
            case.name,
            shown(rates[case.name].per_s),
            shown(rates[case.name].cpu_us),
            f"{of_bare(case.name):.3f}",
            shown(times(case.name, case.textbook)) if case.textbook else "",
        )
        for case in cases
    ]
    table(("", "req/s", "cpu us/req", "of bare", "x textbook"), rows)
    return [
        Target("list page without the cache, times the textbook", times("list page", "textbook: list page"), 15),
        Target("one quote without the cache, times the textbook", times("one quote", "textbook: one quote"), 10),
        Target("list page with the cache, of bare ASGI", of_bare("cache: list page"), 0.45),
        Target("304, of bare ASGI", of_bare("cache: 304"), 0.8),
        Target("304 without the access log, of bare ASGI", of_bare("cache: 304, no access log"), 0.8),
    ]
