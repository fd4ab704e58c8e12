"""Reads quotes: pages under any filter, one whole, and some at random."""

import json
import random
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, FromClause, bindparam, case, literal_column, or_, select

from app.errors import NotFound
from app.store import beside, cursors, documents, ends, facets, proposed, search
from app.store.branches import CURSOR_TYPES, ORDERS, Shape, conditions, is_bounded, matched, page
from app.store.documents import QUOTE, SOURCE, SPEAKER, array, document, joined, quote_fields
from app.store.facets import COUNTED, Counting, Total
from app.store.statements import Row, Statement, Value, prepare
from app.store.terms import Terms, terms
from app.tables.filter import Include, QuoteField, QuoteFilter, RandomFilter, ShapedCriteria, Sort
from app.tables.quote import Facets
from app.tables.shelf import Facet
from app.tables.words import PUBLIC, Access, Status
from app.text import fragment
from app.text.anchor import CONTEXT, ID_LENGTH, crockford
from app.text.query import Query, parse, ranges


class Wanted(NamedTuple):
    """How much of each quote. `cited`: all that the formats tell of it, whatever was picked. `sure`: how sure it is."""

    fields: tuple[QuoteField, ...]
    include: tuple[Include, ...]
    cited: bool
    sure: bool

    @property
    def columns(self) -> Sequence[QuoteField]:
        """The fields that a table shows; none for all that a quote tells without a key."""
        return tuple(QuoteField) if self.sure and not self.fields else self.fields


_INCLUDED = {
    Include.SEGMENTS: documents.segments,
    Include.ANNOTATIONS: beside.annotations,
    Include.LINKS: beside.links,
}


class Found(NamedTuple):
    """One page: its items as JSON, the cursor of the next page or None, and the counts.

    `ranked` is how many matches were ranked, when they were; `suggestion` a search that would find something.
    """

    items: list[str]
    after: str | None
    total: Total
    facets: dict[Facet, str]
    facets_are_exact: bool
    ranked: int | None = None
    suggestion: str | None = None

    def counts(self) -> Facets:
        """Return the facets that were asked for as the API tells them."""
        written = ",".join(f'"{facet.value}":{values}' for facet, values in self.facets.items())
        return Facets.model_validate_json(f"{{{written}}}")


class Plan(NamedTuple):
    """A filter made ready. `bounded`: it reads no more rows than it serves, whatever the record's size."""

    page: Statement
    values: dict[str, Value]
    wanted: Wanted
    total: Counting
    facets: dict[Facet, Counting]
    limit: int
    scope: str
    bounded: bool
    query: Query | None

    def run(self, reader: sqlite3.Connection) -> Found:
        """Run one statement for the page, one for the total and one for each facet."""
        rows = self.page.rows(reader, self.values)
        total = self.total.total(reader)
        more = len(rows) > self.limit
        tallied = all(counting.from_tally for counting in self.facets.values())
        return Found(
            items=[highlighted(str(row[0]), str(row[1]), self.query) for row in rows[: self.limit]],
            after=cursors.encode(rows[self.limit - 1][2:], self.scope) if more else None,
            total=total,
            facets={facet: counting.facet(reader) for facet, counting in self.facets.items()},
            facets_are_exact=tallied or total.is_exact,
            suggestion=search.suggestion(reader, self.query) if self.query and not total.number else None,
        )


def highlighted(item: str, text: str, query: Query | None) -> str:
    """Return the item with where the words searched for stand in its text."""
    if query is None:
        return item
    spans = ",".join(f'{{"start":{start},"end":{end}}}' for start, end in ranges(text, query))
    return f'{item[:-1]}{"," if len(item) > 2 else ""}"highlight":[{spans}]}}'


def wanted(asked: ShapedCriteria, *, cited: bool = False) -> Wanted:
    """Return what to serve of each quote, in the order in which it is served."""
    fields = tuple(field for field in QuoteField if field in asked.fields)
    include = tuple(part for part in Include if part in asked.include)
    return Wanted(fields, include, cited, sure=bool(asked.status) and (not fields or QuoteField.CONFIDENCE in fields))


def plan(reader: sqlite3.Connection, asked: QuoteFilter, *, cited: bool = False, counted: int = facets.COUNTED) -> Plan:
    """Make a filter ready in an order of the record's own, not by relevance; facets are of at most `counted` matches.

    Raises Invalid for a slug or a cursor that the record does not know.
    """
    found = terms(reader, asked)
    order = asked.order
    scope = f"quotes {order} {sorted(found.values.items(), key=str)}"
    values: dict[str, Value] = {**found.values, "limit": asked.limit + 1}
    if asked.after is not None:
        columns = ORDERS[order].columns
        position = cursors.decode(asked.after, scope, [CURSOR_TYPES[name] for name in columns])
        values |= {f"after_{at}": value for at, value in enumerate(position)}
    counts = {facet: facets.facet(found, facet, most=counted) for facet in dict.fromkeys(asked.facets)}
    amount = wanted(asked, cited=cited)
    return Plan(
        page=_page(found.shape, order, amount, asked.after is not None),
        values=values,
        wanted=amount,
        total=facets.total(found),
        facets=counts,
        limit=asked.limit,
        scope=scope,
        bounded=is_bounded(found.shape, order) and all(c.from_tally for c in counts.values()),
        query=parse(asked.q) if asked.q and asked.q.strip() else None,
    )


@lru_cache(maxsize=1024)
def _page(shape: Shape, sort: Sort, wanted: Wanted, after: bool) -> Statement:
    """Pick the page's rows first, then build documents for those only."""
    order = ORDERS[sort]
    rows = page(shape, sort, after=after).cte("page")
    keys = [rows.c[name] for name in order.columns]
    whole = select(item(wanted), QUOTE.c.text, *keys).select_from(joined(rows, rows.c.seq))
    return prepare(whole.order_by(*(key.desc() if order.down else key for key in keys)))


def item(wanted: Wanted) -> ColumnElement[str]:
    """Return the document of QUOTE, with as much as is wanted."""
    picked = documents.cited_fields() if wanted.cited else quote_fields()
    if wanted.fields and not wanted.cited:
        every = picked | {"created": QUOTE.c.created}
        picked = {name: value for name, value in every.items() if name in wanted.fields}
    told = proposed.fields() if wanted.sure else {}
    sure = {name: value for name, value in told.items() if not wanted.fields or name in wanted.fields}
    return document(picked | sure | {name.value: _INCLUDED[name]() for name in wanted.include})


def one(reader: sqlite3.Connection, name: str, *, keyed: bool) -> str:
    """Return a quote, whole, as JSON. `keyed`: the request carries a key, and may see what is not public.

    Raises NotFound, and Gone for one that was withdrawn.
    """
    row = _one().row(reader, {"id": name})
    if row is None:
        raise NotFound(f"There is no quote {name[:100]}.")
    status = Status(str(row[1]))
    if status in PUBLIC or keyed:
        document = f'{str(row[0])[:-1]},"evidence_url":{json.dumps(_evidence(row))}}}'
        return proposed.told(reader, name, document) if keyed else document
    if status is Status.WITHDRAWN:
        raise ends.gone(reader, name)
    raise NotFound(f"There is no public quote {name}.")


def _evidence(row: Row) -> str | None:
    """Return the source's address with the quote marked in it; of a text that is not served, no wider context."""
    _, _, url, text, access, content = row
    if url is None:
        return None
    spans = [(int(span["start"]), int(span["end"])) for span in json.loads(str(content))]
    context = fragment.WIDE if access == Access.FULL else CONTEXT
    return fragment.evidence_url(str(url), str(text), spans, context=context)


@lru_cache(maxsize=1)
def _one() -> Statement:
    fields = {
        **documents.cited_fields(),
        "interventions": documents.interventions(),
        "annotations": beside.annotations(),
        "links": beside.links(),
        "nested": documents.nested(),
        "chain": _chain(),
    }
    printed = case((SOURCE.c.url.is_not(None), SOURCE.c.text))
    evidence = (SOURCE.c.url, printed, SOURCE.c.access, documents.content())
    asked = documents.quote_asked()
    whole = select(document(fields), QUOTE.c.status, *evidence)
    return prepare(whole.select_from(joined(asked, asked.c.seq)))


def _chain() -> documents.Json:
    """Return who reports whom, from the outermost quote to QUOTE itself; of a public one, as far as they are public."""
    here = QUOTE.alias("here")
    up = (
        select(here.c.seq.label("seq"), here.c.parent.label("parent"), literal_column("0").label("step"))
        .where(here.c.seq == QUOTE.c.seq)
        .correlate(QUOTE)
        .cte("up", recursive=True, nesting=True)
    )
    above = QUOTE.alias("above")
    up = up.union_all(
        select(above.c.seq, above.c.parent, up.c.step + literal_column("1"))
        .where(above.c.seq == up.c.parent)
        .where(or_(above.c.public == literal_column("1"), QUOTE.c.public == literal_column("0")))
        .correlate(QUOTE)
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
    statement = _by_id(wanted(asked))
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
    asked = documents.quote_asked()
    rows: FromClause = joined(asked, asked.c.seq)
    return prepare(select(item(wanted)).select_from(rows))
