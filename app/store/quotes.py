"""Reads quotes: pages under any filter, one whole, and some at random."""

import random
import sqlite3
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, bindparam, literal_column, select

from app.errors import Gone, NotFound
from app.store import cursors, documents, facets
from app.store.branches import CURSOR_TYPES, ORDERS, Shape, conditions, is_bounded, matched, page
from app.store.documents import QUOTE, SPEAKER, array, document, joined, quote_fields
from app.store.facets import COUNTED, Counting, Total
from app.store.statements import Statement, Value, prepare
from app.store.terms import Terms, terms
from app.tables.filter import Include, QuoteField, QuoteFilter, RandomFilter, Sort
from app.tables.filter import Shape as AskedShape
from app.tables.shelf import Facet
from app.tables.words import PUBLIC, Status
from app.text.anchor import ID_LENGTH, crockford

Wanted = tuple[tuple[QuoteField, ...], tuple[Include, ...]]

_INCLUDED = {
    Include.SEGMENTS: documents.segments,
    Include.ANNOTATIONS: documents.annotations,
    Include.LINKS: documents.links,
}


class Found(NamedTuple):
    """One page: its items as JSON, the cursor of the next page or None, and the counts."""

    items: list[str]
    after: str | None
    total: Total
    facets: dict[Facet, str]
    facets_are_exact: bool


class Plan(NamedTuple):
    """A filter made ready. `bounded`: it reads no more rows than it serves, whatever the record's size."""

    page: Statement
    values: dict[str, Value]
    total: Counting
    facets: dict[Facet, Counting]
    limit: int
    scope: str
    bounded: bool

    def run(self, reader: sqlite3.Connection) -> Found:
        """Run one statement for the page, one for the total and one for each facet."""
        rows = self.page.rows(reader, self.values)
        total = self.total.total(reader)
        more = len(rows) > self.limit
        tallied = all(counting.from_tally for counting in self.facets.values())
        return Found(
            items=[str(row[0]) for row in rows[: self.limit]],
            after=cursors.encode(rows[self.limit - 1][1:], self.scope) if more else None,
            total=total,
            facets={facet: counting.facet(reader) for facet, counting in self.facets.items()},
            facets_are_exact=tallied or total.is_exact,
        )


def plan(reader: sqlite3.Connection, asked: QuoteFilter) -> Plan:
    """Make a filter ready. Raises Invalid for a slug or a cursor that the record does not know."""
    found = terms(reader, asked)
    scope = f"quotes {asked.sort} {sorted(found.values.items(), key=str)}"
    values: dict[str, Value] = {**found.values, "limit": asked.limit + 1}
    if asked.after is not None:
        columns = ORDERS[asked.sort].columns
        position = cursors.decode(asked.after, scope, [CURSOR_TYPES[name] for name in columns])
        values |= {f"after_{at}": value for at, value in enumerate(position)}
    wanted = _wanted(asked)
    counted = {facet: facets.facet(found, facet) for facet in dict.fromkeys(asked.facets)}
    return Plan(
        page=_page(found.shape, asked.sort, wanted, asked.after is not None),
        values=values,
        total=facets.total(found),
        facets=counted,
        limit=asked.limit,
        scope=scope,
        bounded=is_bounded(found.shape, asked.sort) and all(c.from_tally for c in counted.values()),
    )


def _wanted(asked: AskedShape) -> Wanted:
    """Return what to serve of each quote, in the order in which it is served."""
    fields = tuple(field for field in QuoteField if field in asked.fields)
    return fields, tuple(part for part in Include if part in asked.include)


@lru_cache(maxsize=1024)
def _page(shape: Shape, sort: Sort, wanted: Wanted, after: bool) -> Statement:
    """Pick the page's rows first, then build documents for those only."""
    order = ORDERS[sort]
    rows = page(shape, sort, after=after).cte("page")
    keys = [rows.c[name] for name in order.columns]
    whole = select(_item(wanted), *keys).select_from(joined(rows, rows.c.seq))
    return prepare(whole.order_by(*(key.desc() if order.down else key for key in keys)))


def _item(wanted: Wanted) -> ColumnElement[str]:
    fields, include = wanted
    every = quote_fields()
    picked = {name: value for name, value in every.items() if not fields or name in fields}
    return document(picked | {name.value: _INCLUDED[name]() for name in include})


def one(reader: sqlite3.Connection, name: str, *, keyed: bool) -> str:
    """Return a quote, whole, as JSON. `keyed`: the request carries a key, and may see what is not public.

    Raises NotFound, and Gone for one that was withdrawn.
    """
    row = _one().row(reader, {"id": name})
    if row is None:
        raise NotFound(f"There is no quote {name[:100]}.")
    found, status = str(row[0]), Status(str(row[1]))
    if status in PUBLIC or keyed:
        return found
    if status is Status.WITHDRAWN:
        raise Gone(f"The quote {name} was withdrawn from the record on {str(row[2])[:10]}.")
    raise NotFound(f"There is no public quote {name}.")


@lru_cache(maxsize=1)
def _one() -> Statement:
    fields = {
        **quote_fields(),
        "segments": documents.segments(),
        "interventions": documents.interventions(),
        "annotations": documents.annotations(),
        "links": documents.links(),
        "nested": documents.nested(),
        "chain": _chain(),
        "created": QUOTE.c.created,
        "updated": QUOTE.c.updated,
    }
    asked = select(QUOTE.c.seq.label("seq")).where(QUOTE.c.id == bindparam("id", required=False)).subquery("asked")
    return prepare(select(document(fields), QUOTE.c.status, QUOTE.c.updated).select_from(joined(asked, asked.c.seq)))


def _chain() -> documents.Json:
    """Return who reports whom, from the outermost quote to QUOTE itself."""
    here = QUOTE.alias("here")
    up = (
        select(here.c.seq.label("seq"), here.c.parent.label("parent"), literal_column("0").label("step"))
        .where(here.c.seq == QUOTE.c.seq)
        .correlate(QUOTE)
        .cte("up", recursive=True, nesting=True)
    )
    above = QUOTE.alias("above")
    up = up.union_all(
        select(above.c.seq, above.c.parent, up.c.step + literal_column("1")).where(above.c.seq == up.c.parent)
    )
    link, speaker = QUOTE.alias("chained"), SPEAKER.alias("chained_speaker")
    fields = {
        "id": link.c.id,
        "speaker": documents.or_null(link.c.speaker.is_not(None), documents.brief_speaker(speaker)),
        "cue": link.c.cue,
    }
    rows = (
        select(document(fields).label("document"))
        .select_from(up.join(link, link.c.seq == up.c.seq).outerjoin(speaker, speaker.c.seq == link.c.speaker))
        .order_by(up.c.step.desc())
    )
    return array(rows)


def draw(reader: sqlite3.Connection, asked: RandomFilter, *, seed: str) -> list[str]:
    """Return `n` distinct quotes drawn at random under the filter, as JSON, in the order drawn.

    The same seed draws the same from an unchanged record. Of at most 10,000 that match, each is as likely as any other;
    of more, ids are drawn, which hash the quotes, so that the chances differ only by the gaps between ids.
    """
    found = terms(reader, asked)
    source = random.Random(seed)
    everything = _matched_ids(found.shape).rows(reader, {**found.values, "most": COUNTED + 1})
    if len(everything) <= COUNTED:
        ids = sorted(str(row[0]) for row in everything)
        drawn = source.sample(ids, min(asked.n, len(ids)))
    else:
        drawn = _draw_ids(reader, found, source, asked.n)
    statement = _by_id(_wanted(asked))
    return [str(row[0]) for name in drawn if (row := statement.row(reader, {"id": name}))]


def _draw_ids(reader: sqlite3.Connection, found: Terms, source: random.Random, n: int) -> list[str]:
    statement = _next_id(found.shape)
    drawn: dict[str, None] = {}
    while len(drawn) < n:  # more than 10,000 match and n is at most 100, so a new one is always near
        row = statement.row(reader, {**found.values, "from": crockford(source.getrandbits(5 * ID_LENGTH))})
        row = row or statement.row(reader, {**found.values, "from": ""})
        if row:
            drawn[str(row[0])] = None
    return list(drawn)


@lru_cache(maxsize=256)
def _matched_ids(shape: Shape) -> Statement:
    found = matched(shape).subquery("matched")
    return prepare(select(QUOTE.c.id).select_from(found.join(QUOTE, QUOTE.c.seq == found.c.seq)))


@lru_cache(maxsize=256)
def _next_id(shape: Shape) -> Statement:
    rows = select(QUOTE.c.id).where(QUOTE.c.id >= bindparam("from", required=False), *conditions(shape))
    return prepare(rows.order_by(QUOTE.c.id).limit(bindparam("one", 1)))


@lru_cache(maxsize=256)
def _by_id(wanted: Wanted) -> Statement:
    asked = select(QUOTE.c.seq.label("seq")).where(QUOTE.c.id == bindparam("id", required=False)).subquery("asked")
    rows: FromClause = joined(asked, asked.c.seq)
    return prepare(select(_item(wanted)).select_from(rows))
