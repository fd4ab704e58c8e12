"""Walks: every quote that a filter finds, a page after the other, without counting them and without a limit."""

import sqlite3
from collections.abc import Iterator

from app.store import cursors, quotes
from app.store.facets import Total
from app.store.quotes import highlighted
from app.tables.filter import QuoteCriteria, QuoteFilter, Shape, Sort

PAGE = 500
"""Quotes read at once; no more of them are in memory."""


def pages(reader: sqlite3.Connection, asked: QuoteCriteria, *, cited: bool = False) -> Iterator[list[str]]:
    """Yield the quotes as JSON, the newest said first, as the list has them; at least one page, which may be empty.

    Give a connection in a transaction: then it is one state of the record, however long it takes.
    """
    whole = _list_of(asked)
    after: str | None = None
    while True:
        plan = quotes.plan(reader, whole.model_copy(update={"after": after}), cited=cited)
        rows = plan.page.rows(reader, plan.values)
        yield [highlighted(str(row[0]), str(row[1]), plan.query) for row in rows[:PAGE]]
        if len(rows) <= PAGE:
            return
        after = cursors.encode(rows[PAGE - 1][2:], plan.scope)


def total(reader: sqlite3.Connection, asked: QuoteCriteria) -> Total:
    """Return how many quotes a walk will find; a lower bound where only counting them would tell."""
    return quotes.plan(reader, _list_of(asked)).total.total(reader)


def _list_of(asked: QuoteCriteria) -> QuoteFilter:
    names = {*QuoteCriteria.model_fields, *(Shape.model_fields if isinstance(asked, Shape) else ())}
    given = {name: getattr(asked, name) for name in names}
    return QuoteFilter(sort=Sort.SAID_DESC).model_copy(update={**given, "limit": PAGE})
