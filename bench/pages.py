"""What the reader's pages cost, each beside the API's answer that holds the same, on a large record.

In process, without the response cache, in processor time: other work on the machine does not count. Each page is asked
for with other values each time, and the best of some rounds counts, as the first brings the record into memory.
"""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.parse import urlencode

from app.main import create_app
from app.settings import Settings
from app.tables.db import Database
from app.tables.shelf import Facet
from bench import records
from bench.inside import cost_ms
from bench.report import Target, heading, shown, table

USUAL = 1_000_000
QUICK = 100_000
SAMPLES = 40
ROUNDS = 3
MOST_MS = 30.0
HTML = "text/html"


class Address(NamedTuple):
    """A path with its query."""

    path: str
    query: str = ""


class Case(NamedTuple):
    """A kind of page, and the answers of the API that hold the same, one for each page."""

    name: str
    pages: Sequence[Address]
    answers: Sequence[Address]


class Cost(NamedTuple):
    """Milliseconds of the middle page, of the slowest of a hundred, and of the middle answer."""

    p50: float
    p99: float
    api: float


def run(*, quick: bool) -> list[Target]:
    """Measure, print what was found, and return the targets."""
    size = QUICK if quick else USUAL
    heading(f"pages: {size:,} quotes; processor ms, cache off")
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'pages.db'}")
        records.build(database, size)
        found = of(database)
        database.close()
    return found


def of(database: Database) -> list[Target]:
    """Measure the pages of a record that is there, print what was found, and return the targets."""
    cases = _cases(database)
    costs = asyncio.run(_measure(database, cases))
    rows = [
        (case.name, shown(cost.p50), shown(cost.p99), shown(cost.api), shown(cost.p50 / cost.api))
        for case, cost in zip(cases, costs, strict=True)
    ]
    table(("page", "p50 ms", "p99 ms", "API p50 ms", "ratio"), rows)
    return [
        Target(f"the page of {case.name}", cost.p50, MOST_MS, most=True, unit=" ms")
        for case, cost in zip(cases, costs, strict=True)
    ]


def _cases(database: Database) -> list[Case]:
    reader = database.reader()
    common = "SELECT slug FROM tally JOIN {0} ON {0}.seq = CAST(key AS INTEGER) WHERE dimension = '{0}' ORDER BY n DESC"
    speakers, topics, sources = (
        [row[0] for row in reader.execute(f"{common.format(name)} LIMIT ?", (SAMPLES,))]
        for name in ("speaker", "topic", "source")
    )
    rows = reader.execute("SELECT id, text FROM quote WHERE public = 1 ORDER BY seq DESC LIMIT ?", (SAMPLES * 7,))
    quotes = rows.fetchall()[::7]
    words = [max(text.split(), key=len) for _, text in quotes]
    facets = ",".join(facet.value for facet in Facet)

    def searched(name: str, asked: Sequence[Sequence[tuple[str, str]]]) -> Case:
        given = [urlencode(pairs) for pairs in asked]
        answered = [urlencode([*pairs, ("facets", facets)]) for pairs in asked]
        return Case(
            name, [Address("/", query) for query in given], [Address("/v1/quotes", query) for query in answered]
        )

    return [
        Case("the start", [Address("/")], [Address("/v1/quotes", "sort=-added&limit=5&facets=speaker")]),
        searched("a search for a word", [[("q", word)] for word in words]),
        searched("a search in a speaker", [[("q", "the"), ("speaker", slug)] for slug in speakers]),
        searched("quotes of a speaker", [[("speaker", slug)] for slug in speakers]),
        searched("quotes on a topic", [[("topic", slug)] for slug in topics]),
        _same("a quote", "quotes", [str(name) for name, _ in quotes]),
        _same("a speaker", "speakers", speakers),
        _same("a topic", "topics", topics),
        _same("a source", "sources", sources),
    ]


def _same(name: str, kind: str, names: Sequence[str]) -> Case:
    pages = [Address(f"/{kind}/{each}") for each in names]
    return Case(name, pages, [page._replace(path=f"/v1{page.path}") for page in pages])


async def _measure(database: Database, cases: Sequence[Case]) -> list[Cost]:
    app = create_app(Settings(database_url=f"sqlite:///{database.path}", cache_mb=0, log_level="warning"))
    found = []
    for case in cases:
        pages, answers = [
            [
                min([await cost_ms(app, *each[at % len(each)], accept=accept) for _ in range(ROUNDS)])
                for at in range(SAMPLES)
            ]
            for each, accept in ((case.pages, HTML), (case.answers, "*/*"))
        ]
        found.append(Cost(median(pages), sorted(pages)[int(SAMPLES * 0.99)], median(answers)))
    return found
