"""The axis of time: a tick for a day, a month or a year, by how long a time it covers."""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import NamedTuple

from app.pages.wording import MONTHS

_DAYS = (1, 2)
_WEEK = 7
_HALF_MONTH_DAYS = 15.22
_MONTHS = (1, 2, 3, 6)
_MONTH_DAYS = 30.44
_YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
_YEAR_DAYS = 365.2425
_NAMES = [name[:3] for name in MONTHS]


class Tick(NamedTuple):
    """A day, as an ordinal, and what it is called on the axis."""

    day: int
    label: str


def ticks(first: int, last: int, most: int) -> list[Tick]:
    """Return at most so many ticks between two days, both included, given as ordinals of the calendar.

    Of years, which are short to write, half as many again. The closest of the usual steps is taken: one or two days,
    Mondays, the 1st and the 15th, months, years.
    """
    return [tick for tick in _stepped(first, last, most) if tick.day >= first]


def _stepped(first: int, last: int, most: int) -> Iterator[Tick]:
    span, fewer = last - first, most - 1
    for days in (*_DAYS, _WEEK):
        if span / days < fewer:
            return _days(first, last, days)
    if span / _HALF_MONTH_DAYS < fewer - 1:  # February makes one more fit than the average says
        return _months(first, last, 1, (1, 15))
    for months in _MONTHS:
        if span / (months * _MONTH_DAYS) < fewer:
            return _months(first, last, months)
    fit = (years for years in _YEARS if span / (years * _YEAR_DAYS) < most * 3 // 2 - 1)
    return _years(first, last, next(fit, _YEARS[-1]))


def _days(first: int, last: int, step: int) -> Iterator[Tick]:
    """Yield days by step, counted from the first day of all, a Monday: a step of seven gives Mondays."""
    for ordinal in range(first + (1 - first) % step, last + 1, step):
        yield Tick(ordinal, _named(date.fromordinal(ordinal)))


def _months(first: int, last: int, step: int, days: tuple[int, ...] = ()) -> Iterator[Tick]:
    """Yield the first of months, called by the month; with `days`, those days of each, called in full."""
    start = date.fromordinal(first)
    for at in count((start.year * 12 + start.month - 1) // step * step, step):
        year, month = divmod(at, 12)
        for number in days or (1,):
            if year > date.max.year or (day := date(year, month + 1, number)).toordinal() > last:
                return
            yield Tick(day.toordinal(), _named(day) if days else f"{_NAMES[month]} {year}")


def _years(first: int, last: int, step: int) -> Iterator[Tick]:
    for year in range(date.fromordinal(first).year // step * step, date.fromordinal(last).year + 1, step):
        if year >= 1:
            yield Tick(date(year, 1, 1).toordinal(), str(year))


def _named(day: date) -> str:
    return f"{day.day} {_NAMES[day.month - 1]} {day.year}"
