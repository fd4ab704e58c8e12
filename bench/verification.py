"""Claims against a large record: is the right quote found, and first; are unrelated words left alone; how fast.

The claims are sentences of the record, whole or cut to 8 to 30 words, with 0 to 4 words replaced, dropped, put in or
swapped; and sentences made the same way that are on no record.
"""

import random
import statistics
import tempfile
import time
from pathlib import Path

from app.store.claims import Verifier
from app.tables.claim import Claim, VerdictRead
from app.tables.db import Database
from app.text.verdict import Verdict
from bench.report import Target, heading, shown, table
from bench.zipf import Sentences, build

QUOTES = 1_000_000
CLAIMS = 300
UNRELATED = 1_000


def run(*, quick: bool) -> list[Target]:
    """Build a record and measure on it; `quick` with a fiftieth of the quotes."""
    quotes = QUOTES // 50 if quick else QUOTES
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'claims.db'}")
        build(database, quotes)
        found = measure(database, quotes)
        database.close()
    return found


def measure(database: Database, quotes: int) -> list[Target]:
    """Measure on a record that `bench.zipf.build` made."""
    heading(f"claims against {quotes:,} quotes")
    chance = random.Random("claims")
    verifier, reader, words = Verifier(), database.reader(), Sentences("edits")
    verdict_of: dict[int, float] = {}
    times: list[float] = []
    rows = []
    # As the service does when it starts, beside its first answers.
    begun = time.perf_counter()
    verifier.prepare(database)
    rows.append(["(made ready at the start)", "", shown((time.perf_counter() - begun) * 1000), ""])
    cold = [timed(verifier, database, words.sentence())[1] for _ in range(CLAIMS)]
    rows.append(["the first claims, unrelated", "", *percentiles(cold)])
    for edits in range(5):
        first = 0
        took = []
        for _ in range(CLAIMS):
            seq = chance.randrange(1, quotes)
            name, text = reader.execute("SELECT id, text FROM quote WHERE seq = ?", (seq,)).fetchone()
            claim = edited(text, edits, chance, words)
            answer, seconds = timed(verifier, database, claim)
            took.append(seconds)
            first += bool(answer.matches) and answer.matches[0].quote.id == name
        times += took
        verdict_of[edits] = first / CLAIMS
        rows.append([f"{edits} words edited", f"{first / CLAIMS:.1%}", *percentiles(took)])
    took, alone = [], 0
    for _ in range(UNRELATED):
        answer, seconds = timed(verifier, database, words.sentence())
        took.append(seconds)
        alone += answer.verdict is Verdict.UNATTESTED
    times += took
    rows.append(["unrelated: unattested", f"{alone / UNRELATED:.1%}", *percentiles(took)])
    table(("claim", "right", "p50 ms", "p99 ms"), rows)
    right = sum(verdict_of[edits] for edits in range(1, 5)) / 4
    return [
        Target("right quote first, 1 to 4 words edited, %", 100 * right, 99, unit=" %"),
        Target("unrelated sentences unattested, %", 100 * alone / UNRELATED, 99.5, unit=" %"),
        Target("a claim at the 99th percentile, warm", percentile(times, 0.99) * 1000, 25, most=True, unit=" ms"),
        Target(
            "one of the first claims at the 99th percentile", percentile(cold, 0.99) * 1000, 25, most=True, unit=" ms"
        ),
    ]


def timed(verifier: Verifier, database: Database, claim: str) -> tuple[VerdictRead, float]:
    """Verify a claim and return the answer with the seconds it took."""
    begun = time.perf_counter()
    answer = verifier.verify(database.reader(), Claim(text=claim, limit=1))
    seconds = time.perf_counter() - begun
    return VerdictRead.model_validate_json(answer), seconds


def edited(text: str, edits: int, chance: random.Random, sentences: Sentences) -> str:
    """Return the sentence with so many words replaced, dropped, put in or swapped."""
    words = text.rstrip(".").split()
    for _ in range(edits):
        at = chance.randrange(len(words))
        kind = chance.choice(("replace", "drop", "insert", "swap"))
        if kind == "replace":
            words[at] = sentences.word()
        elif kind == "drop" and len(words) > 5:
            del words[at]
        elif kind == "insert":
            words.insert(at, sentences.word())
        elif at:
            words[at - 1], words[at] = words[at], words[at - 1]
    return " ".join(words) + "."


def percentiles(seconds: list[float]) -> list[str]:
    """Return median and 99th percentile in milliseconds."""
    return [shown(statistics.median(seconds) * 1000), shown(percentile(seconds, 0.99) * 1000)]


def percentile(seconds: list[float], share: float) -> float:
    """Return the value below which that share lies."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]
