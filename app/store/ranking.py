"""Quotes by relevance: the newest that match are taken as candidates and scored here.

FTS5's own bm25() reads every posting of every word to learn how rare it is, whatever the limit: 1.6 s for a common word
among ten million quotes. What is scored here is bounded, and the answer says how many that were; the other matches
follow after the ranked ones, the newest first, so that paging on gives each match exactly once.
"""

import json
import re
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import select

from app.store import cursors, facets, search
from app.store.branches import Shape, conditions
from app.store.documents import QUOTE, given, joined
from app.store.facets import Counting, Total
from app.store.quotes import Found, Wanted, highlighted, item, wanted
from app.store.statements import Row, Statement, Value, prepare
from app.store.terms import terms
from app.tables.filter import QuoteFilter
from app.tables.shelf import Facet
from app.text.query import Query, Term, index_words, parse

CANDIDATES = 100
"""How many matches are ranked."""

_SCALE = 1_000_000
_TYPICAL = 120
_TAIL = -1


class RankedPlan(NamedTuple):
    """A search made ready, in order of relevance."""

    shape: Shape
    values: dict[str, Value]
    wanted: Wanted
    query: Query
    match: str | None
    facets: dict[Facet, Counting]
    limit: int
    scope: str
    after: tuple[int, str] | None
    bounded: bool

    def run(self, reader: sqlite3.Connection) -> Found:
        """Run one statement for the candidates, one for the page's documents, and one for each facet."""
        rows = self._newest(reader, CANDIDATES + 1, below=None)
        ranked = sorted((-score(str(row[2]), self.query), str(row[1]), row) for row in rows[:CANDIDATES])
        page = self._page(reader, [(-points, row) for points, _, row in ranked], len(rows) > CANDIDATES)
        total = Total(min(len(rows), CANDIDATES), len(rows) <= CANDIDATES)
        shown = page[: self.limit]
        after = cursors.encode(shown[-1][0], self.scope) if len(page) > self.limit else None
        return Found(
            items=self._items(reader, [row for _, row in shown]),
            after=after,
            total=total,
            facets={facet: counting.facet(reader) for facet, counting in self.facets.items()},
            facets_are_exact=total.is_exact or not any(counting.is_bound for counting in self.facets.values()),
            ranked=min(len(rows), CANDIDATES),
            suggestion=None if rows else search.suggestion(reader, self.query),
        )

    def _newest(self, reader: sqlite3.Connection, most: int, *, below: int | None) -> list[Row]:
        if self.match is None:
            return []
        given: dict[str, Value] = {**self.values, "match": self.match, "most": most, "below": below}
        return _newest(self.shape, below is not None).rows(reader, given)

    def _page(
        self, reader: sqlite3.Connection, ranked: Sequence[tuple[int, Row]], has_tail: bool
    ) -> list[tuple[tuple[int, str], Row]]:
        """Return one row more than the page has, each with its position: points and id, in the tail -1 and number."""
        positioned = [((points, str(row[1])), row) for points, row in ranked]
        below = min((int(str(row[0])) for _, row in ranked), default=0)
        if self.after is not None:
            points, name = self.after
            if points == _TAIL:
                positioned, below = [], int(name)
            else:
                positioned = [entry for entry in positioned if (-entry[0][0], entry[0][1]) > (-points, name)]
        missing = self.limit + 1 - len(positioned)
        if missing > 0 and has_tail:
            tail = self._newest(reader, missing, below=below)
            positioned += [((_TAIL, str(row[0])), row) for row in tail]
        return positioned[: self.limit + 1]

    def _items(self, reader: sqlite3.Connection, rows: Sequence[Row]) -> list[str]:
        asked = {"numbers": json.dumps([row[0] for row in rows])}
        documents = _documents(self.wanted).rows(reader, asked)
        return [highlighted(str(found[0]), str(row[2]), self.query) for found, row in zip(documents, rows, strict=True)]


def plan(
    reader: sqlite3.Connection, asked: QuoteFilter, *, cited: bool = False, counted: int = facets.COUNTED
) -> RankedPlan:
    """Make a search ready; facets are of at most `counted` matches.

    Raises Invalid for a slug or a cursor that the record does not know.
    """
    found = terms(reader, asked, walks=False)
    query = parse(asked.q or "")
    scope = f"quotes relevance {sorted(found.values.items(), key=str)}"
    shape = tuple((name, count) for name, count in found.shape if name != "match")
    after = None
    if asked.after is not None:
        points, name = cursors.decode(asked.after, scope, (int, str))
        after = (int(str(points)), str(name))
    return RankedPlan(
        shape=shape,
        values=found.values,
        wanted=wanted(asked, cited=cited),
        query=query,
        match=search.expression(query),
        facets=_facets(reader, asked, counted),
        limit=asked.limit,
        scope=scope,
        after=after,
        bounded=not asked.facets and {name for name, _ in shape} <= {"asserted"},
    )


def _facets(reader: sqlite3.Connection, asked: QuoteFilter, most: int) -> dict[Facet, Counting]:
    if not asked.facets:
        return {}
    counted = terms(reader, asked)
    return {facet: facets.facet(counted, facet, most=most) for facet in dict.fromkeys(asked.facets)}


def score(text: str, query: Query) -> int:
    """Return how well a quote's words answer a search: more of its words, more often, in fewer words around them.

    After BM25's saturation and length (Robertson and Zaragoza, 2009), without rarity. A term that stands only in a
    name, a label or a note counts a third.
    """
    words = _words(text)
    damped = 1.2 * (0.25 + 0.75 * len(text) / _TYPICAL)
    points = 0.0
    for term in query.terms:
        times = _times(words, term)
        points += 3 * 2.2 * times / (times + damped) if times else 1.0
    return int(points * _SCALE)


def _words(text: str) -> list[str]:
    """Return what `index_words` yields. Of ASCII, as most texts are but for their marks, in a twentieth of the time."""
    plain = text if text.isascii() else _MARKS.sub(" ", text)
    if plain.isascii():
        return plain.encode().translate(_LETTERS).decode().split()
    return list(index_words(text))


_MARKS = re.compile("[‘’“”„«»…–—\u00a0]")
_LETTERS = bytes(ord(chr(code).lower()) if code < 128 and chr(code).isalnum() else 32 for code in range(256))


def _times(words: list[str], term: Term) -> int:
    """Return how many times the term stands among the words: whole ones, the last of a beginning begun."""
    first, *rest = term.words
    if not rest:
        return sum(word.startswith(first) for word in words) if term.is_prefix else words.count(first)
    *between, last = rest
    times, at = 0, -1
    for _ in range(words.count(first)):
        at = words.index(first, at + 1)
        found = words[at + 1 : at + len(term.words)]
        if len(found) == len(rest) and found[:-1] == between:
            times += found[-1].startswith(last) if term.is_prefix else found[-1] == last
    return times


@lru_cache(maxsize=256)
def _newest(shape: Shape, below: bool) -> Statement:
    return search.newest(conditions(shape), below=below)


@lru_cache(maxsize=256)
def _documents(wanted: Wanted) -> Statement:
    numbers = given("numbers")
    rows = joined(numbers, numbers.c.value)
    return prepare(select(item(wanted), QUOTE.c.seq).select_from(rows).order_by(numbers.c.key))
