"""Counts: how many quotes match, and how many have each value of a facet.

What the shelves' counters know is taken from them. The rest is counted, over at most 10,000 quotes.
"""

import sqlite3
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, Integer, String, bindparam, case, cast, func, literal_column, select
from sqlalchemy.sql.selectable import NamedFromClause

from app.store.branches import ENTRY, Shape, matched
from app.store.documents import QUOTE, SOURCE, SPEAKER, TOPIC, array, document
from app.store.statements import Statement, Value, prepare
from app.store.terms import Terms
from app.tables import QuoteTopic, SpeakerTally, Tally, TopicTally
from app.tables.columns import Expression, table
from app.tables.quote import Grain
from app.tables.shelf import Dimension, Facet

COUNTED = 10_000
"""Totals that no counter knows are counted up to here; past it they are lower bounds."""

MOST_VALUES = 50
TALLY = table(Tally)
_WITHIN = {"speaker": table(SpeakerTally), "topic": table(TopicTally)}
_COUNTED_BY = ("speaker", "topic", "source", "kind")

_THINGS = {
    Facet.SPEAKER: (SPEAKER, SPEAKER.c.name),
    Facet.TOPIC: (TOPIC, TOPIC.c.label),
    Facet.SOURCE: (SOURCE, SOURCE.c.title),
}


class Total(NamedTuple):
    """How many match; a lower bound when not exact."""

    number: int
    is_exact: bool


class Counting(NamedTuple):
    """A count made ready. One from the tally is always exact, and reads few rows; a bound is never exact."""

    statement: Statement
    values: dict[str, Value]
    from_tally: bool
    is_bound: bool = False

    def total(self, reader: sqlite3.Connection) -> Total:
        """Run a count of all that match."""
        row = self.statement.row(reader, self.values)
        number = int(row[0] or 0) if row else 0
        if self.from_tally:
            return Total(number, True)
        return Total(min(number, COUNTED), number <= COUNTED and not self.is_bound)

    def facet(self, reader: sqlite3.Connection) -> str:
        """Run a count of a facet: a JSON array of value, label and count, most first."""
        row = self.statement.row(reader, self.values)
        return str(row[0]) if row else "[]"


def total(terms: Terms) -> Counting:
    """Make ready the count of all that match."""
    one = _one_of_each(terms)
    kept = None if one is None else _kept(one)
    if kept is not None:
        return kept
    terms, is_bound = _countable(terms)
    return Counting(_total_counted(terms.shape), {**terms.values, "most": COUNTED + 1}, False, is_bound)


def facet(terms: Terms, facet: Facet, *, most: int = COUNTED) -> Counting:
    """Make ready the counts of one facet, in at most so many of the quotes that match."""
    one = _one_of_each(terms)
    if one == {}:
        return Counting(_facet_tallied(facet), {"dimension": facet.value, "values": MOST_VALUES}, True)
    if one and len(one) == 1 and (whose := next(iter(one))) in _WITHIN:
        return Counting(_facet_within(whose, facet), {"thing": one[whose], "values": MOST_VALUES}, True)
    terms, is_bound = _countable(terms)
    values = {**terms.values, "most": most, "values": MOST_VALUES}
    return Counting(_facet_counted(terms.shape, facet), values, False, is_bound)


def _countable(terms: Terms) -> tuple[Terms, bool]:
    """Return what can be counted at a bounded cost, and whether that is a part of what matches.

    Of a search that more quotes match than are counted, the newest are.
    """
    walked = next((name for name in ("match_each", "match_some") if terms.count(name)), None)
    if walked is None:
        return terms, False
    shape = tuple(("match_newest" if name == walked else name, count) for name, count in terms.shape)
    return Terms(shape, {**terms.values, "match_newest_0": terms.values[f"{walked}_0"]}), True


def _one_of_each(terms: Terms) -> dict[str, Value] | None:
    """Return the speaker, the topic, the source and the kind, when statements under no more than that are asked for."""
    rest = [(name, count) for name, count in terms.shape if name != "asserted"]
    if not terms.count("asserted") or any(name not in _COUNTED_BY or count > 1 for name, count in rest):
        return None
    return {name: terms.values[f"{name}_0"] for name, _ in rest}


def _kept(one: dict[str, Value]) -> Counting | None:
    """Make ready the counter of all that match, None when none is kept."""
    if len(one) < 2:
        dimension, key = next(iter(one.items()), (Dimension.ALL.value, ""))
        return Counting(_total_tallied(), {"dimension": dimension, "key": str(key)}, True)
    whose = next((name for name in _WITHIN if name in one), None)
    if whose is None or len(one) > 2:
        return None
    ((other, key),) = ((name, value) for name, value in one.items() if name != whose)
    return Counting(_total_within(whose), {"thing": one[whose], "facet": other, "key": str(key)}, True)


@lru_cache(maxsize=1)
def _total_tallied() -> Statement:
    given = TALLY.c.dimension == bindparam("dimension", required=False)
    return prepare(select(TALLY.c.n).where(given, TALLY.c.key == bindparam("key", required=False)))


@lru_cache(maxsize=2)
def _total_within(whose: str) -> Statement:
    counters = _WITHIN[whose]
    given = [counters.c[name] == bindparam(name, required=False) for name in ("facet", "key")]
    return prepare(select(counters.c.n).where(_of_one(whose), *given))


def _of_one(whose: str) -> ColumnElement[bool]:
    return _WITHIN[whose].c[whose] == bindparam("thing", required=False)


@lru_cache(maxsize=1024)
def _total_counted(shape: Shape) -> Statement:
    return prepare(select(func.count()).select_from(matched(shape).subquery()))


@lru_cache(maxsize=16)
def _facet_tallied(facet: Facet) -> Statement:
    return _most_of(facet, TALLY, TALLY.c.dimension == bindparam("dimension", required=False))


@lru_cache(maxsize=16)
def _facet_within(whose: str, facet: Facet) -> Statement:
    counters = _WITHIN[whose]
    return _most_of(facet, counters, _of_one(whose), counters.c.facet == literal_column(f"'{facet.value}'"))


def _most_of(facet: Facet, counters: NamedFromClause, *given: ColumnElement[bool]) -> Statement:
    rows: FromClause = counters
    value: ColumnElement[str] = counters.c.key
    label: ColumnElement[str] = counters.c.key
    if facet in _THINGS:
        thing, label = _THINGS[facet]
        value = thing.c.slug
        rows = counters.join(thing, thing.c.seq == cast(counters.c.key, Integer))
    most = (
        select(value.label("value"), label.label("label"), counters.c.n.label("n"))
        .select_from(rows)
        .where(*given)
        .order_by(counters.c.n.desc(), counters.c.key.desc())
        .limit(bindparam("values", required=False))
    )
    return _listed(most.subquery("most"))


@lru_cache(maxsize=1024)
def _facet_counted(shape: Shape, facet: Facet) -> Statement:
    # Looking at a quote costs more than finding it, so what the shelves and indexes hold of it is taken from there.
    at_hand = {Facet.SPEAKER: ("speaker",), Facet.YEAR: ("grain", "said_order")}.get(facet, ())
    found = matched(shape, *at_hand).subquery("matched")
    rows: FromClause = found
    key: Expression
    if facet is Facet.TOPIC and "status" in dict(shape):
        rows = _on_topics(found)
        key = rows.c.topic
    elif facet is Facet.TOPIC:
        rows = found.join(ENTRY, ENTRY.c.quote == found.c.seq)
        key = ENTRY.c.topic
    elif facet is Facet.YEAR:
        year = func.substr(found.c.said_order, literal_column("1"), literal_column("4"))
        key = case((found.c.grain == literal_column(Grain.OPEN.value), ""), else_=year)
    elif facet is Facet.SPEAKER:
        key = found.c.speaker
    else:
        rows = found.join(QUOTE, QUOTE.c.seq == found.c.seq)
        key = QUOTE.c[facet.value]
    number = func.count().label("n")
    counts = select(key.label("key"), number).select_from(rows).group_by(key).subquery("counts")
    value: ColumnElement[str] = cast(counts.c.key, String)
    label = value
    named: FromClause = counts
    if facet in _THINGS:
        thing, label = _THINGS[facet]
        value = thing.c.slug
        named = counts.join(thing, thing.c.seq == counts.c.key)
    most = (
        select(value.label("value"), label.label("label"), counts.c.n.label("n"))
        .select_from(named)
        .order_by(counts.c.n.desc(), cast(counts.c.key, String).desc())
        .limit(bindparam("values", required=False))
    )
    return _listed(most.subquery("most"))


def _on_topics(found: FromClause) -> FromClause:
    """Return each quote found once under each of its topics and all above: no shelf holds what is not public."""
    about, above = table(QuoteTopic), TOPIC.alias("above")
    up = select(about.c.quote, about.c.topic).select_from(found.join(about, about.c.quote == found.c.seq))
    up_cte = up.cte("up", recursive=True)
    step = select(up_cte.c.quote, above.c.broader).select_from(up_cte.join(above, above.c.seq == up_cte.c.topic))
    return up_cte.union(step.where(above.c.broader.is_not(None)))


def _listed(most: FromClause) -> Statement:
    fields = {
        "value": func.nullif(most.c.value, ""),
        "label": case((most.c.label == "", "unknown"), else_=most.c.label),
        "count": most.c.n,
    }
    return prepare(select(array(select(document(fields).label("document")).select_from(most))))
