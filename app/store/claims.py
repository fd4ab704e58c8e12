"""Verifies claims: finds the recorded quotes that a claim may stand for, by index, and has them judged.

Candidates come from the rarest words of the claim: each of up to seven votes for the quotes in which it stands, more
the rarer it is, together at most 8,000 postings. Of all ways measured it finds most at least cost (docs/speed.md); no
quote is ever read that shares no rare word with the claim.
"""

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from time import perf_counter

from pydantic import JsonValue
from sqlalchemy import BindParameter, bindparam, func, literal_column, or_, select

from app.errors import Fault, Invalid, TooSlow
from app.store import search
from app.store.documents import QUOTE, SOURCE, SPEAKER, array, document, given, joined, quote_fields
from app.store.search import Frequencies
from app.store.statements import Statement, prepare
from app.store.terms import number, unknown
from app.tables import Segment
from app.tables.claim import Claim
from app.tables.columns import table
from app.text import anchor as anchors
from app.text import compare, verdict
from app.text.compare import Text
from app.text.query import index_words
from app.text.summary import Covered, summarise
from app.text.verdict import Candidate, Judged, Match

MOST_POSTINGS = 8_000
MOST_VOTERS = 7
MOST_VOTED = 30
"""Quotes with most votes that are read."""
MOST_COMPARED = 12
"""Quotes that share most of the claim's words, of those read, that are compared with it word by word."""
MOST_SECONDS = 2.0
"""Time for one claim, past which it is given up."""
_OPEN_SOURCE = 400
"""A source with no more quotes than this is compared whole, when a claim is limited to it."""
_SAMPLE = 300
"""Quotes whose words are counted before the first claim; a word of one quote in a hundred is among them."""
_KEPT = 1_000
"""Coverages that are kept."""


class Verifier:
    """Verifies claims against one record, on several threads at once.

    Keeps the frequencies of words, as claims share most of theirs, and what the record covers.
    """

    def __init__(self) -> None:
        self._frequencies = Frequencies(most=MOST_POSTINGS)
        self._coverage: dict[tuple[int, int | None], str] = {}

    def prepare(self, reader: sqlite3.Connection) -> None:
        """Count how common the words of the newest quotes are, so that the first claims need not: a second at most."""
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
        deadline = perf_counter() + MOST_SECONDS
        size = _size(reader)
        self._frequencies.fit(size)
        source = _source(reader, claim.source)
        text = compare.read(claim.text)
        weigh = _Weigher(text, lambda word: self._frequencies.of(reader, word), size)
        found = weigh.closest(self._candidates(reader, claim, source, deadline))
        speakers = None if claim.speaker is None else _speakers(reader, claim.speaker)
        judged = verdict.judge(text, found, speakers=speakers, weigh=weigh)
        return _document(reader, claim, judged, self._covered(reader, source))

    def _candidates(
        self, reader: sqlite3.Connection, claim: Claim, source: int | None, deadline: float
    ) -> list[Candidate]:
        if source is not None:
            within = _within_source().rows(reader, {"source": source, "most": _OPEN_SOURCE + 1})
            if len(within) <= _OPEN_SOURCE:
                return _read(reader, [int(str(row[0])) for row in within], source)
        votes: dict[int, float] = defaultdict(float)
        for word, times in self._voters(reader, claim.text):
            if perf_counter() > deadline:
                raise TooSlow(f"The claim took longer than {MOST_SECONDS:g} s. Shorten it.")
            weight = 1.0 / math.log2(times + 2)
            for seq in search.standing(reader, word, most=MOST_POSTINGS):
                votes[seq] += weight
        best = sorted(votes, key=lambda seq: (-votes[seq], seq))
        return _read(reader, best[: MOST_VOTED * (25 if source is not None else 1)], source)[:MOST_VOTED]

    def _voters(self, reader: sqlite3.Connection, text: str) -> list[tuple[str, int]]:
        """Return the rarest words of the text that stand anywhere, with how many quotes each stands in."""
        known = sorted((self._frequencies.of(reader, word), word) for word in set(index_words(text)))
        voters: list[tuple[str, int]] = []
        left = MOST_POSTINGS
        for times, word in known:
            if times == 0:
                continue
            if len(voters) == MOST_VOTERS or (times > left and voters):
                break
            voters.append((word, times))
            left -= times
        return voters

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


class _Weigher:
    """Weighs the words of a claim by their rarity among the quotes; any other word weighs their mean."""

    def __init__(self, claim: Text, frequency: Callable[[str], int], size: int) -> None:
        self._weights: dict[str, float] = {}
        for word in {token.folded for token in claim.tokens if token.is_word}:
            times = min(map(frequency, index_words(word)), default=0)
            self._weights[word] = 1.0 + math.log1p(size / (times + 1))
        self._mean = sum(self._weights.values()) / len(self._weights) if self._weights else 1.0

    def __call__(self, word: str) -> float:
        return self._weights.get(word, self._mean)

    def closest(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Return the candidates that share most of the claim's words, by weight."""

        def shared(candidate: Candidate) -> float:
            words = {token.folded for token in candidate.text.tokens}
            return sum(weight for word, weight in self._weights.items() if word in words)

        return sorted(candidates, key=lambda candidate: (-shared(candidate), candidate.id))[:MOST_COMPARED]


def _source(reader: sqlite3.Connection, slug: str | None) -> int | None:
    if slug is None:
        return None
    seq = number(reader, "source", slug)
    if seq is None:
        raise Invalid.of(Fault(unknown(reader, "source", slug), parameter="source"))
    return seq


def _speakers(reader: sqlite3.Connection, name: str) -> Collection[str]:
    """Return the slugs of the speakers of that slug or name; none when nobody of that name is on the record."""
    rows = reader.execute("SELECT slug FROM speaker WHERE slug = ?", (name,)).fetchall()
    if not rows:
        sql = "SELECT slug FROM speaker WHERE seq = ?"
        rows = [reader.execute(sql, (seq,)).fetchone() for seq in search.speakers_called(reader, name)]
    return {str(row[0]) for row in rows}


def _read(reader: sqlite3.Connection, numbers: Sequence[int], source: int | None) -> list[Candidate]:
    """Return the public ones of these quotes, in their order, of one source when it is given."""
    asked = {"numbers": json.dumps(list(numbers)), "source": source}
    return [
        Candidate(
            str(row[0]), compare.read(str(row[1])), str(row[2]), str(row[3]), None if row[4] is None else str(row[4])
        )
        for row in _quotes_numbered(source is not None).rows(reader, asked)
    ]


def _documents(reader: sqlite3.Connection, ids: Iterable[str]) -> dict[str, Mapping[str, JsonValue]]:
    rows = _quotes_named().rows(reader, {"ids": json.dumps(list(ids))})
    return {str(row[0]): json.loads(str(row[1])) for row in rows}


def _document(reader: sqlite3.Connection, claim: Claim, judged: Judged, coverage: str) -> str:
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
    summary = summarise(judged, documents, Covered(**json.loads(coverage)), claim.speaker)
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


@lru_cache(maxsize=2)
def _quotes_numbered(within: bool) -> Statement:
    numbers = given("numbers")
    rows = numbers.join(QUOTE, QUOTE.c.seq == numbers.c.value).outerjoin(SPEAKER, SPEAKER.c.seq == QUOTE.c.speaker)
    found = select(QUOTE.c.id, QUOTE.c.text, QUOTE.c.kind, QUOTE.c.polarity, SPEAKER.c.slug).select_from(rows)
    found = found.where(QUOTE.c.public == literal_column("1"))
    if within:
        found = found.where(QUOTE.c.source == bindparam("source", required=False))
    return prepare(found.order_by(numbers.c.key))


@lru_cache(maxsize=1)
def _quotes_named() -> Statement:
    ids = given("ids")
    asked = select(QUOTE.c.seq.label("seq")).where(QUOTE.c.id.in_(select(ids.c.value))).subquery("asked")
    every = quote_fields()
    names = ("id", "url", "text", "kind", "polarity", "speaker", "said", "source", "content")
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


@lru_cache(maxsize=1)
def _within_source() -> Statement:
    found = select(QUOTE.c.seq).where(QUOTE.c.source == bindparam("source", required=False))
    return prepare(found.limit(bindparam("most", required=False)))
