"""Lists in one order, paged by key: what speakers, topics, sources and histories share."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BindParameter, ColumnElement, FromClause, bindparam, func, literal_column, select, tuple_

from app.store import cursors
from app.store.facets import COUNTED, Total
from app.store.statements import Statement, Value, prepare
from app.tables.columns import Expression


class Listed(NamedTuple):
    """One page: its items as JSON, the cursor of the next page or None, and how many there are in all."""

    items: list[str]
    after: str | None
    total: Total
    keys: list[tuple[Value, ...]]


class Listing(NamedTuple):
    """A list made ready: the page from its beginning, the page after a cursor, and the count."""

    first: Statement
    later: Statement
    counted: Statement
    types: tuple[type, ...]

    def run(
        self, reader: sqlite3.Connection, *, limit: int, after: str | None, scope: str, values: dict[str, Value]
    ) -> Listed:
        """Run one statement for the page and one for the count. Raises Invalid for a cursor of another list."""
        given: dict[str, Value] = {**values, "limit": limit + 1, "most": COUNTED + 1}
        scope = f"{scope} {sorted(values.items())}"
        statement = self.first
        if after is not None:
            statement = self.later
            given |= {f"after_{at}": value for at, value in enumerate(cursors.decode(after, scope, self.types))}
        rows = statement.rows(reader, given)
        found = self.counted.row(reader, given)
        number = int(found[0] or 0) if found else 0
        more = len(rows) > limit
        return Listed(
            items=[str(row[0]) for row in rows[:limit]],
            after=cursors.encode(rows[limit - 1][1:], scope) if more else None,
            total=Total(min(number, COUNTED), number <= COUNTED),
            keys=[row[1:] for row in rows[:limit]],
        )


def listing(
    item: ColumnElement[str],
    rows: FromClause,
    *,
    order: Sequence[Expression],
    down: bool = False,
    where: Sequence[ColumnElement[bool]] = (),
    types: tuple[type, ...] = (str, str),
) -> Listing:
    """Compose a list of JSON items in a total order; `types` are those of the order's columns."""
    limit: BindParameter[int] = bindparam("limit", required=False)
    most: BindParameter[int] = bindparam("most", required=False)
    marks: list[Expression] = [bindparam(f"after_{at}", required=False) for at in range(len(order))]
    here, mark = (tuple_(*order), tuple_(*marks)) if len(order) > 1 else (order[0], marks[0])
    page = select(item, *order).select_from(rows).where(*where)
    page = page.order_by(*(column.desc() if down else column for column in order)).limit(limit)
    every = select(literal_column("1")).select_from(rows).where(*where).limit(most).subquery("every")
    return Listing(
        prepare(page),
        prepare(page.where(here < mark if down else here > mark)),
        prepare(select(func.count()).select_from(every)),
        types,
    )


def among(column: Expression, name: str, count: int) -> list[ColumnElement[bool]]:
    """Return the condition that a column is one of `count` values, named `name_0` and so on; none for no value."""
    marks: list[Expression] = [bindparam(f"{name}_{at}", required=False) for at in range(count)]
    return [column.in_(marks)] if marks else []


def numbered(name: str, values: Sequence[str]) -> dict[str, Value]:
    """Name values as `among` reads them."""
    return {f"{name}_{at}": str(value) for at, value in enumerate(values)}
