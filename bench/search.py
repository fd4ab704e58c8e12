"""Search at growing sizes: a page ranked by relevance, by date, a phrase, and a word that nearly every quote has.

By default at 10 thousand and 1 million quotes. `python -m bench.search 10000 10000000` builds ten million (25 GB)
and prints the column for docs/speed.md.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from app.store import quotes, ranking
from app.tables.db import Database
from app.tables.filter import QuoteFilter, Sort
from bench.report import Target, heading, shown, table
from bench.verification import percentile
from bench.zipf import build, vocabulary

SIZES = (10_000, 1_000_000)
ROUNDS = 60
SHARES = (0.0001, 0.001, 0.002, 0.005)
"""Of the quotes, those in which a word stands that is searched for."""
TYPICAL_WORDS = 19
"""Words of a quote, on average."""


class Timing(NamedTuple):
    """Median and 99th percentile in milliseconds."""

    p50: float
    p99: float


def run(*, quick: bool) -> list[Target]:
    """Build the records and measure on each."""
    sizes = (SIZES[0], SIZES[1] // 10) if quick else SIZES
    found: dict[int, dict[str, Timing]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            database = Database(f"sqlite:///{Path(folder) / f'search-{size}.db'}")
            build(database, size)
            found[size] = measure(database)
            database.close()
    return report(found)


def measure(database: Database) -> dict[str, Timing]:
    """Measure each sort of search on a record that `bench.zipf.build` made."""
    words = _words()
    asked = {f"a word of {share:.2%}": words[share] for share in SHARES}
    common = vocabulary()[:3]
    asked["the commonest words"] = common
    asked["two words of 0.5%"] = [f"{one} {other}" for one, other in zip(words[0.005], words[0.005][1:], strict=False)]
    asked["a phrase of common words"] = [f'"{common[0]} {common[1]}"', f'"{common[1]} {common[2]}"']
    timings = {name: _time(database, queries, Sort.RELEVANCE) for name, queries in asked.items()}
    timings["a word of 0.50%, newest first"] = _time(database, words[0.005], Sort.SAID_DESC)
    timings["the commonest words, newest first"] = _time(database, common, Sort.SAID_DESC)
    return timings


def _words() -> dict[float, list[str]]:
    """Return for each share ten words that stand in about so many of the quotes: Zipf's law says at which rank."""
    words = vocabulary()
    whole = sum(1 / (rank + 2.7) for rank in range(len(words)))
    ranks = {share: int(TYPICAL_WORDS / (whole * share) - 2.7) for share in SHARES}
    return {share: words[max(0, rank - 5) : rank + 5] for share, rank in ranks.items()}


def _time(database: Database, queries: list[str], sort: Sort) -> Timing:
    reader = database.reader()
    took = []
    for number in range(ROUNDS):
        asked = QuoteFilter(q=queries[number % len(queries)], sort=sort)
        begun = time.perf_counter()
        (ranking if sort is Sort.RELEVANCE else quotes).plan(reader, asked).run(reader)
        took.append((time.perf_counter() - begun) * 1000)
    return Timing(statistics.median(took), percentile(took, 0.99))


def report(found: dict[int, dict[str, Timing]]) -> list[Target]:
    """Print the table and return the targets."""
    sizes = list(found)
    small, large = found[sizes[0]], found[sizes[-1]]
    heading(f"search among {' and '.join(f'{size:,}' for size in sizes)} quotes: p50 / p99 ms")
    rows = []
    for name in small:
        cells = [f"{shown(found[size][name].p50)} / {shown(found[size][name].p99)}" for size in sizes]
        rows.append([name, *cells, f"{large[name].p50 / small[name].p50:.1f}x"])
    table(("search", *(f"{size:,}" for size in sizes), "p50 grows"), rows)
    # Every share counts, also the rarest, which fills no page in the small record and so is compared with less work.
    growth = [large[f"a word of {share:.2%}"].p50 / small[f"a word of {share:.2%}"].p50 for share in SHARES]
    common = "the commonest words"
    return [
        Target("a ranked page, words up to 0.5 %, grows by", max(growth), 3, most=True, unit="x"),
        Target(f"{common}, ranked, at the 99th percentile", large[common].p99, 50, most=True, unit=" ms"),
    ]


def main() -> None:
    """Measure at the sizes that the command line names, each in a record of its own."""
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    found: dict[int, dict[str, Timing]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            database = Database(f"sqlite:///{Path(folder) / f'search-{size}.db'}")
            build(database, size)
            found[size] = measure(database)
            database.close()
    for target in report(found):
        print(target)


if __name__ == "__main__":
    main()
