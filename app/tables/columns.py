"""Column types and constraints that every table shares.

On SQLite the tables are STRICT, which knows TEXT and INTEGER only: days and instants are kept as ISO 8601 text, which
sorts as time does. Another database keeps its own types; only this file would change.
"""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Boolean, CheckConstraint, ColumnElement, Date, Dialect, String, Table, Text, TypeDecorator
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import SQLModel

from app.errors import Invalid
from app.text import legible

SLUG = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
ID = r"^[0-9a-hjkmnp-tv-z]{16}$"

Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=120)]


def no_nul(value: str) -> str:
    """Return the value. Raises ValueError when it holds what the record cannot keep."""
    if "\0" in value:
        raise ValueError("U+0000 cannot stand in a text of the record")
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("a lone surrogate is not a character")
    return value


def _plain(value: str) -> str:
    try:
        legible.prove(no_nul(value))
    except Invalid as error:
        raise ValueError(error.detail.removesuffix(".")) from error
    return value


def _told(value: str) -> str:
    if not legible.is_seen(no_nul(value)):
        raise ValueError("it needs at least one character that is seen")
    return value


Line = Annotated[str, StringConstraints(min_length=1, max_length=1000), AfterValidator(_plain)]
"""A name, a label or a title: one line in which every character is seen."""

# The pattern tells programs of the commonest blanks; Pydantic's own would tell people of a pattern.
Prose = Annotated[
    str,
    StringConstraints(min_length=1, max_length=20_000),
    AfterValidator(_told),
    Field(json_schema_extra={"pattern": r"\S"}),
]
"""A note, a reason or a description: all of it is kept as it is written, and something of it is seen."""

LanguageTag = Annotated[
    str,
    Field(max_length=35, pattern=r"^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$", description="Language tag (BCP 47)."),
]


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as `2025-03-21T12:00:00.000000Z`; always aware in Python."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else instant(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


def instant(moment: datetime) -> str:
    """Write an aware moment as the record keeps it: UTC, microseconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now() -> datetime:
    return datetime.now(UTC)


# STRICT tables take no other names for the types than these (sqlite.org/stricttables.html).
@compiles(String, "sqlite")
@compiles(Date, "sqlite")
def _text(type_: String | Date, compiler: SQLCompiler, **options: object) -> str:
    return "TEXT"


@compiles(Boolean, "sqlite")
def _integer(type_: Boolean, compiler: SQLCompiler, **options: object) -> str:
    return "INTEGER"


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Let the database refuse a word outside the vocabulary.

    Not by IN: of more than two words SQLite makes a table anew for each row, which was a third of writing a quote.
    """
    return CheckConstraint(" OR ".join(f"{column} = '{word.value}'" for word in words), name=f"{column}_known")


def flag(column: str) -> CheckConstraint:
    """Let the database refuse anything but 0 and 1 in a boolean column."""
    return CheckConstraint(f"{column} IN (0, 1)", name=f"{column}_flag")


Expression = ColumnElement[Any]
"""A column or an expression of any type: SQLAlchemy's are invariant in theirs, and a list of fields mixes them."""


def table(model: type[SQLModel]) -> Table:
    """Return the Core table of a model, for composing statements."""
    return model.metadata.tables[str(model.__tablename__)]


def day(value: date | None) -> str | None:
    """Write a day as the record keeps it, `YYYY-MM-DD`."""
    return None if value is None else value.isoformat()
