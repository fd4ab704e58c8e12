"""Finds by index, never by scanning, the recorded quotes that a claim may stand for.

Quotes that differ from the claim only in how they are written are found by the number of their wording, whatever else
the record holds. The others come from the rarest words of the claim: up to seven, together at most 8,000 postings, each
vote for the quotes in which they stand. Of all ways measured it finds most at least cost (docs/speed.md).
"""

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select

from app.store import search
from app.store.documents import QUOTE, SPEAKER, given
from app.store.scopes import Scope
from app.store.search import Frequencies
from app.store.statements import Statement, prepare
from app.tables import QuoteWording
from app.tables.columns import table
from app.text import compare
from app.text.compare import Text
from app.text.query import index_words, wording
from app.text.verdict import Candidate

MOST_POSTINGS = 8_000
MOST_VOTERS = 7
MOST_LISTED = 200
"""Quotes with most votes whose lengths are looked at; ten times as many of one speaker or source, or of equal votes."""
MOST_READ = 30
"""Quotes that are read for their votes."""
MOST_CHARACTERS = 200_000
"""Characters that are read for their votes: of long quotes, fewer."""
MOST_COMPARED = 12
"""Quotes that share most of the claim, of those read, that are compared with it word by word."""
MOST_EQUAL = 20
"""Quotes of the claim's own wording that are compared with it."""
OPEN_SOURCE = 400
"""A source with no more quotes than this is compared whole, when a claim is limited to it."""

_MOST_COMMON = 200
_WORDING = table(QuoteWording)


class Weigher:
    """Weighs the words of a claim by their rarity among the quotes; any other word weighs their mean."""

    def __init__(self, claim: Text, frequency: Callable[[str], int], size: int) -> None:
        self._weights: dict[str, float] = {}
        words = [token.folded for token in claim.tokens if token.is_word]
        for word in set(words):
            times = min(map(frequency, index_words(word)), default=0)
            self._weights[word] = 1.0 + math.log1p(size / (times + 1))
        self._pairs = set(pairwise(words))
        self._mean = sum(self._weights.values()) / len(self._weights) if self._weights else 1.0

    def __call__(self, word: str) -> float:
        return self._weights.get(word, self._mean)

    def shared(self, candidate: Candidate) -> float:
        """Return how much of the claim stands in the quote. Words in a row count more than words alone.

        Else a long text would be near to any claim, for having every word somewhere.
        """
        words = [token.folded for token in candidate.text.tokens if token.is_word]
        pairs = self._pairs.intersection(pairwise(words))
        alone = self._weights.keys() & set(words)
        return sum(self(one) + self(other) for one, other in pairs) + sum(map(self, alone))


def candidates(
    reader: sqlite3.Connection, text: str, scope: Scope, frequencies: Frequencies, weigh: Weigher
) -> list[Candidate]:
    """Return the quotes to compare with the claim, each once: those of its own wording, then the nearest others."""
    if scope.source is not None:
        within = _within_source().rows(reader, {"source": scope.source, "most": OPEN_SOURCE + 1})
        if len(within) <= OPEN_SOURCE:
            return _closest((), _read(reader, [int(str(row[0])) for row in within], scope), weigh)
    equal = _read(reader, _equal(reader, text, scope), scope)[:MOST_EQUAL]
    votes = sorted(_votes(reader, text, scope, frequencies).items(), key=lambda vote: (-vote[1], vote[0]))
    found: list[int] = []
    for own in (False, True) if scope.speakers else (False,):
        most = _most(votes, MOST_LISTED * (10 if own or scope.source is not None else 1))
        asked = {"votes": json.dumps(votes[:most]), **scope.values}
        rows = _listed(scope.source is not None, own).rows(reader, asked)
        found += _shortlist([_Listed(int(str(a)), str(b), float(str(c)), int(str(d))) for a, b, c, d in rows])
    return _closest(equal, _read(reader, list(dict.fromkeys(found)), scope), weigh)


def _most(votes: Sequence[tuple[int, float]], most: int) -> int:
    """Return how many have at least the votes of the last of `most`: of equal ones none is left out for its place."""
    if len(votes) <= most:
        return len(votes)
    fewest = votes[most - 1][1]
    return next(
        (at for at in range(most, min(len(votes), 10 * MOST_LISTED)) if votes[at][1] < fewest), 10 * MOST_LISTED
    )


class _Listed(NamedTuple):
    """A quote with its votes and its length."""

    seq: int
    id: str
    votes: float
    length: int


def _closest(equal: Sequence[Candidate], others: Iterable[Candidate], weigh: Weigher) -> list[Candidate]:
    names = {candidate.id for candidate in equal}
    ranked = sorted(
        (candidate for candidate in others if candidate.id not in names),
        key=lambda candidate: (-weigh.shared(candidate), len(candidate.text.text), candidate.id),
    )
    return [*equal, *ranked[:MOST_COMPARED]]


def _votes(reader: sqlite3.Connection, text: str, scope: Scope, frequencies: Frequencies) -> dict[int, float]:
    """Return the quotes in which the rarest words of the text stand, each with how rare those are, summed.

    A text of common words alone has no such: then the quotes in which it stands as it is, or else its rarest words.
    """
    votes: dict[int, float] = defaultdict(float)
    words = list(index_words(text))
    known = sorted((times, word) for word in set(words) if (times := frequencies.of(reader, word)))
    voters = _voters(known)
    for times, word in voters:
        scope.prove_time()
        weight = 1.0 / math.log2(times + 2)
        for seq in search.standing(reader, [word], most=MOST_POSTINGS):
            votes[seq] += weight
    if not voters and known:
        found = search.standing(reader, words, most=_MOST_COMMON)
        found = found or search.standing_together(reader, [word for _, word in known[:3]], most=_MOST_COMMON)
        votes |= dict.fromkeys(found, 1.0)
    return votes


def _voters(known: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Return the rarest of the words that stand anywhere, of how often and which."""
    voters: list[tuple[int, str]] = []
    left = MOST_POSTINGS
    for times, word in known[:MOST_VOTERS]:
        if times > left:
            break
        voters.append((times, word))
        left -= times
    return voters


def _shortlist(listed: Sequence[_Listed]) -> list[int]:
    """Return the numbers of the quotes to read.

    In turn one with most votes, the shorter of equal ones, and one with most for its length: a long text has more words
    of any claim.
    """
    most = sorted(listed, key=lambda quote: (-quote.votes, quote.length, quote.id))
    for_length = sorted(listed, key=lambda quote: (-quote.votes / math.log2(quote.length + 32), quote.id))
    chosen = dict.fromkeys(quote for pair in zip(most, for_length, strict=True) for quote in pair)
    kept: list[int] = []
    left = MOST_CHARACTERS
    for quote in list(chosen)[:MOST_READ]:
        if not kept or quote.length <= left:
            kept.append(quote.seq)
            left -= quote.length
    return kept


def _equal(reader: sqlite3.Connection, text: str, scope: Scope) -> list[int]:
    """Return the numbers of the quotes that differ from the claim at most in how they are written, own ones first."""
    number = wording(text)
    if number is None:
        return []
    rows = _worded(scope.source is not None).rows(reader, {"wording": number, **scope.values})
    return [int(str(row[0])) for row in rows]


def _read(reader: sqlite3.Connection, numbers: Sequence[int], scope: Scope) -> list[Candidate]:
    """Return the public ones of these quotes, in their order."""
    asked = {"numbers": json.dumps(list(numbers)), **scope.values}
    found = []
    for name, words, kind, polarity, slug in _numbered(scope.source is not None).rows(reader, asked):
        scope.prove_time()
        speaker = None if slug is None else str(slug)
        found.append(Candidate(str(name), compare.read(str(words)), str(kind), str(polarity), speaker))
    return found


def _public(within: bool) -> list[ColumnElement[bool]]:
    """Return the conditions of what may be a candidate; `within` the source of parameter `source`."""
    public = [QUOTE.c.public == literal_column("1")]
    return [*public, QUOTE.c.source == bindparam("source", required=False)] if within else public


@lru_cache(maxsize=4)
def _listed(within: bool, own: bool) -> Statement:
    """Prepare number, id, votes and length of the public ones of `votes`, an array of pairs of number and votes."""
    votes = given("votes")
    seq, weight = (func.json_extract(votes.c.value, literal_column(place)) for place in ("'$[0]'", "'$[1]'"))
    found = select(QUOTE.c.seq, QUOTE.c.id, weight, QUOTE.c.length).select_from(votes.join(QUOTE, QUOTE.c.seq == seq))
    found = found.where(*_public(within))
    return prepare(found.where(QUOTE.c.speaker.in_(select(given("speakers").c.value))) if own else found)


@lru_cache(maxsize=2)
def _worded(within: bool) -> Statement:
    """Prepare the numbers of the public quotes of one wording: those of `speakers` first, then by id."""
    rows = _WORDING.join(QUOTE, QUOTE.c.seq == _WORDING.c.quote)
    found = select(QUOTE.c.seq).select_from(rows).where(_WORDING.c.wording == bindparam("wording", required=False))
    own = QUOTE.c.speaker.in_(select(given("speakers").c.value))
    ordered = found.where(*_public(within)).order_by(func.coalesce(own, literal_column("0")).desc(), QUOTE.c.id)
    return prepare(ordered.limit(literal_column(str(MOST_EQUAL))))


@lru_cache(maxsize=2)
def _numbered(within: bool) -> Statement:
    numbers = given("numbers")
    rows = numbers.join(QUOTE, QUOTE.c.seq == numbers.c.value).outerjoin(SPEAKER, SPEAKER.c.seq == QUOTE.c.speaker)
    found = select(QUOTE.c.id, QUOTE.c.text, QUOTE.c.kind, QUOTE.c.polarity, SPEAKER.c.slug).select_from(rows)
    return prepare(found.where(*_public(within)).order_by(numbers.c.key))


@lru_cache(maxsize=1)
def _within_source() -> Statement:
    found = select(QUOTE.c.seq).where(QUOTE.c.source == bindparam("source", required=False))
    return prepare(found.limit(bindparam("most", required=False)))
