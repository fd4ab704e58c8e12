"""Dates of uncertain precision: EDTF level 1 (ISO 8601-2:2019, Library of Congress EDTF specification).

Only what a calendar of the years 0001 to 9999 can hold: years outside it are refused by name.
"""

import calendar
import re
from datetime import date
from typing import NamedTuple

from app.errors import Invalid

_DATE = re.compile(
    r"(?P<year>[0-9]{2}(?:[0-9]{2}|[0-9]X|XX))(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?[?~%]?"
)
_SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11), 24: (12, 2)}


class Bounds(NamedTuple):
    """First and last possible day, both included; None where that side is open or unknown."""

    earliest: date | None
    latest: date | None


def bounds(edtf: str) -> Bounds:
    """Return the first and last day that an EDTF level 1 expression allows.

    Qualifiers (`?`, `~`, `%`) do not widen it. An interval may be open (`..`) or unknown (empty) on either side.
    Seasons 21-24 are those of the northern hemisphere; winter runs into the next year. Raises Invalid.
    """
    parts = edtf.split("/")
    if len(parts) == 1:
        return _single(edtf, edtf)
    if len(parts) > 2 or all(part in ("", "..") for part in parts):
        raise Invalid(f"“{edtf}” is not an EDTF level 1 date or interval.")
    first, last = (Bounds(None, None) if part in ("", "..") else _single(part, edtf) for part in parts)
    if first.earliest and last.latest and first.earliest > last.latest:
        raise Invalid(f"“{edtf}” ends before it begins.")
    return Bounds(first.earliest, last.latest)


def _single(part: str, whole: str) -> Bounds:
    match = _DATE.fullmatch(part)
    if not match:
        raise Invalid(f"“{whole}” is not an EDTF level 1 date or interval of the years 0001 to 9999.")
    year, month, day = match["year"], match["month"], match["day"]
    try:
        return _span(year, month, day)
    except ValueError as error:
        raise Invalid(f"“{whole}” is not a day of the calendar.") from error


def _span(year: str, month: str | None, day: str | None) -> Bounds:
    first_year, last_year = max(1, int(year.replace("X", "0"))), int(year.replace("X", "9"))
    if month is not None and "X" in year:
        raise ValueError("a month of no year")
    if month is None or month == "XX":
        if day not in (None, "XX"):
            raise ValueError("a day of no month")
        return Bounds(date(first_year, 1, 1), date(last_year, 12, 31))
    number = int(month)
    if number in _SEASONS and day is None:
        begin, end = _SEASONS[number]
        end_year = last_year + (end < begin)
        return Bounds(date(first_year, begin, 1), _month_end(end_year, end))
    if day is None or day == "XX":
        return Bounds(date(first_year, number, 1), _month_end(last_year, number))
    exactly = date(first_year, number, int(day))
    return Bounds(exactly, exactly)


def _month_end(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueError("no such month")
    return date(year, month, calendar.monthrange(year, month)[1])
