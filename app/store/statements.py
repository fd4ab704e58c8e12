"""Prepared SQL: statements composed with SQLAlchemy Core, compiled once, and run on the driver's own connection.

The dialect is named here and in documents.py, and nowhere else in the read path.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ClauseElement, Insert
from sqlalchemy.dialects import sqlite

Value = str | int | float | None
Parameters = Mapping[str, Value]
Row = tuple[Value, ...]

_NAMED = sqlite.dialect(paramstyle="named")
_QMARK = sqlite.dialect(paramstyle="qmark")


class Statement(NamedTuple):
    """SQL with named parameters, and the values that were given when it was composed."""

    sql: str
    parameters: dict[str, Value]

    def rows(self, reader: sqlite3.Connection, parameters: Parameters | None = None) -> list[Row]:
        """Run it and return every row; `parameters` go before those it was composed with."""
        given = {**self.parameters, **parameters} if parameters else self.parameters
        return reader.execute(self.sql, given).fetchall()

    def row(self, reader: sqlite3.Connection, parameters: Parameters | None = None) -> Row | None:
        """Run it and return the first row, or None."""
        given = {**self.parameters, **parameters} if parameters else self.parameters
        row: Row | None = reader.execute(self.sql, given).fetchone()
        return row


def prepare(statement: ClauseElement) -> Statement:
    """Compile a statement for the driver."""
    compiled = statement.compile(dialect=_NAMED, compile_kwargs={"render_postcompile": True})
    return Statement(str(compiled), dict(compiled.params or {}))


def driver_sql(statement: Insert, columns: Sequence[str]) -> str:
    """Compile an insert of these columns, in this order, for the driver's executemany."""
    return str(statement.compile(dialect=_QMARK, column_keys=list(columns)))
