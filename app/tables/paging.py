"""Pages and the parameters that every list takes."""

import re
from datetime import date
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


def _digits(value: object) -> object:
    """Take only ASCII digits as a number: `5.0`, ` 5`, `+5`, `05` and `٥` are not integers in an address."""
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        padded = value.isascii() and value.removeprefix("-").isdigit()
        raise ValueError("a whole number does not begin with 0" if padded else "not a whole number")
    return value


def _calendar(value: object) -> object:
    """Take only YYYY-MM-DD as a day: Pydantic would read `86400` as the second day of 1970, as text or as a number."""
    if isinstance(value, int | float) or (isinstance(value, str) and not _DAY.fullmatch(value)):
        raise ValueError("not a day of the form YYYY-MM-DD")
    return value


def _truth(value: object) -> object:
    """Take only `true` and `false`: Pydantic would take `on`, `Y` and `0` as well."""
    if isinstance(value, str) and value not in ("true", "false"):
        raise ValueError("neither true nor false")
    return value


_NUMBER = re.compile(r"0|-?[1-9][0-9]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

# Stands after the bounds: before them, the document would not tell them as `minimum` and `maximum`.
Digits = BeforeValidator(_digits)
Day = Annotated[date, BeforeValidator(_calendar)]
YesOrNo = Annotated[bool, BeforeValidator(_truth)]


class Query(BaseModel):
    """Query parameters; an unknown one is refused by name. Values arrive as text."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def refuse_backward(asked: Query, *ranges: tuple[str, str]) -> None:
    """Raise ValueError for the first range, given as the names of its two parameters, that runs backward."""
    for low, high in ranges:
        first, last = getattr(asked, low), getattr(asked, high)
        if first is not None and last is not None and first > last:
            how = "after" if isinstance(first, date) else "greater than"
            raise ValueError(f"{low}={first} is {how} {high}={last}: nothing can match")


class Paging(Query):
    limit: Annotated[int, Field(ge=1, le=200), Digits] = Field(default=20, description="Items a page, from 1 to 200.")
    after: str | None = Field(
        default=None,
        max_length=2000,
        description="Cursor of the page before, as its `next` gave it. Opaque, and good only under the same filters.",
    )


class Page(BaseModel, Generic[T]):
    items: list[T] = Field(description="The items of this page, in the order asked for.")
    next: str | None = Field(description="Whole address of the next page; null on the last one.")
    total: int = Field(description="How many items match; a lower bound when `total_is_exact` is false.")
    total_is_exact: bool = Field(description="False when more than 10,000 match and no counter knows how many.")
