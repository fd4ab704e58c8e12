"""Verifies claims: has the quotes found that a claim may stand for, has them judged, and writes the answer."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from time import perf_counter

from pydantic import JsonValue
from sqlalchemy import BindParameter, bindparam, func, literal_column, or_, select

from app.errors import Unavailable
from app.store.candidates import MOST_POSTINGS, Weigher, candidates
from app.store.documents import QUOTE, SOURCE, array, document, given, joined, quote_fields
from app.store.scopes import Scope, scope
from app.store.search import Frequencies
from app.store.statements import Statement, prepare
from app.tables import Segment
from app.tables.claim import Claim
from app.tables.columns import table
from app.tables.db import Database
from app.text import anchor as anchors
from app.text import compare, verdict
from app.text.query import index_words
from app.text.summary import Covered, summarise
from app.text.verdict import Judged, Match

_SAMPLE = 300
"""Quotes whose words are counted before the first claim; a word of one quote in a hundred is among them."""
_KEPT = 1_000
"""Coverages that are kept."""


_STEPS = 20_000
"""Steps of SQLite's machine after which it is asked whether the time is over."""


class Verifier:
    """Verifies claims against one record, on several threads at once.

    Keeps the frequencies of words, as claims share most of theirs, and what the record covers.
    """

    def __init__(self) -> None:
        self._frequencies = Frequencies(most=MOST_POSTINGS)
        self._coverage: dict[tuple[int, int | None], str] = {}

    def prepare(self, database: Database) -> None:
        """Count how common the words of the newest quotes are, so that the first claims need not: a second at most.

        A database that does not answer yet is left to the claims.
        """
        with suppress(sqlite3.Error, Unavailable):
            reader = database.reader()
            self._frequencies.fit(_size(reader))
            rows = reader.execute("SELECT text FROM quote ORDER BY seq DESC LIMIT ?", (_SAMPLE,)).fetchall()
            deadline = perf_counter() + 1.0
            for word in dict.fromkeys(word for (text,) in rows for word in index_words(text)):
                if perf_counter() > deadline:
                    break
                self._frequencies.of(reader, word)

    def verify(self, reader: sqlite3.Connection, claim: Claim) -> str:
        """Return what the record says of a claim, as JSON.

        Raises Invalid for a source that is not on the record, and TooSlow for a claim that takes too long.
        """
        where = scope(reader, claim)
        reader.set_progress_handler(where.is_over, _STEPS)
        try:
            return self._answer(reader, claim, where)
        except sqlite3.OperationalError:
            where.prove_time()
            raise
        finally:
            reader.set_progress_handler(None, 0)

    def _answer(self, reader: sqlite3.Connection, claim: Claim, scope: Scope) -> str:
        size = _size(reader)
        self._frequencies.fit(size)
        text = compare.read(claim.text)
        weigh = Weigher(text, lambda word: self._frequencies.of(reader, word), size)
        found = candidates(reader, claim.text, scope, self._frequencies, weigh)
        judged = verdict.judge(text, found, speakers=scope.slugs, weigh=weigh)
        scope.prove_time()
        return _document(reader, claim, judged, self._covered(reader, scope.source), scope)

    def _covered(self, reader: sqlite3.Connection, source: int | None) -> str:
        """Return how much is on the record, or of one source, as JSON: counted once for each state of its history.

        The history says which state it is to every connection alike; PRAGMA data_version differs from one to another.
        """
        (state,) = reader.execute("SELECT coalesce(max(seq), 0) FROM change").fetchone()
        known = self._coverage.get((state, source))
        if known is None:
            known = str((_coverage().row(reader, {"source": source}) or ("{}",))[0])
            if len(self._coverage) >= _KEPT:
                self._coverage.clear()
            self._coverage[state, source] = known
        return known


def _size(reader: sqlite3.Connection) -> int:
    return int(reader.execute("SELECT coalesce(max(seq), 0) FROM quote").fetchone()[0])


def _documents(reader: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Mapping[str, JsonValue]]:
    rows = _quotes_named().rows(reader, {"ids": json.dumps(list(ids))})
    return {str(row[0]): json.loads(str(row[1])) for row in rows}


def _document(reader: sqlite3.Connection, claim: Claim, judged: Judged, coverage: str, scope: Scope) -> str:
    matches = judged.matches[: claim.limit] if not judged.parts else judged.matches
    quotes = _documents(reader, [match.candidate.id for match in matches])
    documents: list[Mapping[str, JsonValue]] = [quotes[match.candidate.id] for match in matches]
    served = [_match(match, quote) for match, quote in zip(matches, documents, strict=True)]
    parts = [
        {
            "match": part.quote,
            "claimed": {"start": part.claimed_start, "end": part.claimed_end},
            "recorded": {"start": part.recorded_start, "end": part.recorded_end},
        }
        for part in judged.parts
    ]
    known = scope.slugs is None or bool(scope.slugs)
    covered = Covered(**json.loads(coverage))
    summary = summarise(judged, documents, covered, claim.speaker, is_known=known, nearest=scope.nearest)
    head = json.dumps(
        {"verdict": judged.verdict, "summary": summary, "matches": served, "parts": parts},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return f'{head[:-1]},"coverage":{coverage}}}'


def _match(match: Match, quote: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    comparison = match.comparison
    served = {name: value for name, value in quote.items() if name != "segments"}
    return {
        "quote": served,
        "likeness": comparison.likeness.value,
        "score": round(comparison.score, 4),
        "passage": {"start": comparison.start, "end": comparison.end},
        "anchors": _anchors(quote, comparison.start, comparison.end),
        "diff": [
            {
                "op": difference.op.value,
                "claimed": difference.claimed,
                "recorded": difference.recorded,
                "claimed_start": difference.claimed_start,
                "claimed_end": difference.claimed_end,
                "recorded_start": difference.recorded_start,
                "recorded_end": difference.recorded_end,
            }
            for difference in comparison.differences
        ],
        "meaning_risk": comparison.meaning_risk,
        "paraphrase_of": match.is_paraphrase,
    }


def _anchors(quote: Mapping[str, JsonValue], start: int, end: int) -> list[JsonValue]:
    """Return where a passage of the quote's text stands in the source."""
    segments = quote["segments"]
    if not isinstance(segments, list):
        raise TypeError("a quote's segments are a list")
    content = [(int(str(part["start"])), str(part["exact"])) for part in segments if isinstance(part, dict)]
    return [{"start": low, "end": high} for low, high in anchors.unfold(content, start, end)]


@lru_cache(maxsize=1)
def _quotes_named() -> Statement:
    ids = given("ids")
    asked = select(QUOTE.c.seq.label("seq")).where(QUOTE.c.id.in_(select(ids.c.value))).subquery("asked")
    every = quote_fields()
    names = ("id", "url", "text", "kind", "polarity", "status", "speaker", "said", "source", "content")
    part = table(Segment).alias("words")
    words = (
        select(document({"start": part.c.start, "exact": part.c.exact}).label("document"))
        .where(part.c.quote == QUOTE.c.seq, part.c.role == literal_column("'content'"))
        .order_by(part.c.ordinal)
        .correlate(QUOTE)
    )
    fields = {name: every[name] for name in names} | {"segments": array(words)}
    return prepare(select(QUOTE.c.id, document(fields)).select_from(joined(asked, asked.c.seq)))


@lru_cache(maxsize=1)
def _coverage() -> Statement:
    """Count the sources and quotes in scope: of parameter `source`, or all of them."""
    source: BindParameter[int] = bindparam("source", required=False)
    inside = or_(source.is_(None), SOURCE.c.seq == source)
    quotes = select(func.count()).where(
        QUOTE.c.public == literal_column("1"), or_(source.is_(None), QUOTE.c.source == source)
    )
    fields = {
        "sources": func.count(),
        "complete_sources": func.coalesce(func.sum(SOURCE.c.complete), literal_column("0")),
        "published_from": func.min(SOURCE.c.published),
        "published_to": func.max(SOURCE.c.published),
        "quotes": quotes.scalar_subquery(),
    }
    return prepare(select(document(fields)).select_from(SOURCE).where(inside))
