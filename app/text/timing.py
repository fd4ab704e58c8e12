"""Timing: the date on which something was said, from the expression of time printed with the report of it.

Worked out against the day of publication, or against the date told before it in the text ("the next day"). Where the
words do not settle the day, there is no date: a wrong one on the record is worse than none.
"""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple, assert_never

from app.errors import Invalid
from app.text import clauses, moments
from app.text.dates import bounds
from app.text.moments import WINTER, Day, Decade, Expression, Month, Season, Shift, Unit, Weekday, Which, Year


class Dated(NamedTuple):
    """A date of saying; `basis` is "stated" for a full date and "resolved" for one that was worked out.

    `text[start:end]` is the printed expression; `note` tells in a sentence how the date comes from it.
    """

    edtf: str
    basis: str
    start: int
    end: int
    note: str


class _Worked(NamedTuple):
    edtf: str
    note: str


def expressions(text: str, low: int, high: int) -> list[Expression]:
    """Return the expressions between the offsets that may tell when something was said, in order."""
    found: list[Expression] = []
    free = low = max(0, low)
    high = min(high, len(text))
    for head in moments.HEAD.finditer(text, low, high):
        read = moments.read(text, head) if head.start() >= free else None
        if read is None:
            continue
        free = read.end
        if read.end <= high and clauses.tells_saying(text, read):
            found.append(read)
    return found


def dated(
    text: str,
    low: int,
    high: int,
    *,
    published: date | None,
    anchor: date | None = None,
    near: int | None = None,
) -> Dated | None:
    """Return when the words reported between the offsets were said: by the expression nearest to `near`, or the first.

    Without `published` only a full date tells. None where that one expression has no day, or one after publication:
    another, farther from the report, would be that of something else.
    """
    found = expressions(text, low, high)
    if not found:
        return None
    chosen = found[0] if near is None else min(found, key=lambda one: max(one.start - near, near - one.end, 0))
    says = chosen.says
    stated = isinstance(says, Day) and says.year is not None
    if published is None and not stated:
        return None
    # A calendar ends: "500 years ago", printed in the year 300, is no date.
    try:
        worked = _worked(says, published or date.max, anchor)
        earliest = bounds(worked.edtf).earliest if worked else None
    except (Invalid, OverflowError, ValueError):
        return None
    if worked is None or earliest is None or (published and earliest > published):
        return None
    return Dated(worked.edtf, "stated" if stated else "resolved", chosen.start, chosen.end, worked.note)


def _worked(says: moments.Meaning, published: date, anchor: date | None) -> _Worked | None:
    match says:
        case Day():
            return _day(says, published)
        case Weekday():
            return _weekday(says, published)
        case Month():
            return _month(says, published)
        case Season():
            return _season(says, published)
        case Year():
            return _Worked(f"{says.year:04d}", "Only the year is printed.")
        case Decade():
            return _Worked(f"{says.first_year // 10}X", "Only the decade is printed.")
        case Shift():
            return _shift(says, published, anchor)
    assert_never(says)


def _day(says: Day, published: date) -> _Worked | None:
    if says.year is not None:
        return _Worked(date(says.year, says.month, says.day).isoformat(), "The full date is printed.")
    if says.which is not Which.LATEST:
        year = published.year - (says.which is Which.OF_LAST)
        day = date(year, says.month, says.day)
    else:
        day = _latest(says, published)
    # A day of the week that does not agree: the date is of another year, or misprinted.
    if says.weekday is not None and day.weekday() != says.weekday:
        return None
    return _Worked(day.isoformat(), _year_note(day.year, says, published))


def _latest(says: Day, published: date) -> date:
    """Return the latest such day on or before publication; February 29 may be eight years back."""
    year = published.year - ((says.month, says.day) > (published.month, published.day))
    if (says.month, says.day) == (2, 29):
        year = next(leap for leap in range(year, year - 9, -1) if calendar.isleap(leap))
    return date(year, says.month, says.day)


def _year_note(year: int, says: Day | Month | Season, published: date) -> str:
    if says.which is Which.OF_LAST:
        return f"The year is the one before that of the publication, {published}."
    if year == published.year:
        return f"The year is that of the publication, {published}."
    return f"The year is {year:04d}, as of the latest such {_unit(says)} before the publication on {published}."


def _unit(says: Day | Month | Season) -> str:
    return type(says).__name__.lower()


def _weekday(says: Weekday, published: date) -> _Worked:
    name = moments.DAYS_OF_WEEK[says.weekday]
    if says.which in (Which.THIS, Which.OF_LAST):
        monday = _monday(published) - timedelta(weeks=says.which is Which.OF_LAST)
        week = "week" if says.which is Which.THIS else "week before that"
        day = monday + timedelta(days=says.weekday)
        return _Worked(day.isoformat(), f"The {name} of the {week} of the publication on {published}.")
    back = (published.weekday() - says.weekday) % 7
    if back == 0 and says.which is Which.LATEST:
        return _Worked(published.isoformat(), f"The day of the publication, {published}, is a {name}.")
    day = published - timedelta(days=back or 7)
    return _Worked(day.isoformat(), f"The {name} before the publication on {published}.")


def _month(says: Month, published: date) -> _Worked:
    if says.year is not None:
        return _Worked(f"{says.year:04d}-{says.month:02d}", "Only the month and the year are printed.")
    year = published.year
    match says.which:
        case Which.LATEST:
            year -= says.month > published.month
        case Which.LAST:
            year -= says.month >= published.month
        case Which.OF_LAST:
            year -= 1
        case Which.THIS:
            pass
    return _Worked(f"{year:04d}-{says.month:02d}", _year_note(year, says, published))


def _season(says: Season, published: date) -> _Worked | None:
    if says.year is not None:
        return _Worked(f"{says.year:04d}-{says.season}", "Only the season and the year are printed.")
    year = published.year
    if says.which is Which.OF_LAST:
        year -= 1
    elif says.which is Which.THIS:
        # "This winter", printed in January, began in the year before.
        year -= says.season == WINTER and published.month <= 3
    else:
        return _last_season(says.season, published)
    return _Worked(f"{year:04d}-{says.season}", _year_note(year, says, published))


def _last_season(season: int, published: date) -> _Worked | None:
    for year in range(published.year, published.year - 3, -1):
        latest = bounds(f"{year:04d}-{season}").latest if year < date.max.year or season != WINTER else None
        if latest and latest < published:
            return _Worked(f"{year:04d}-{season}", f"The last such season over before the publication on {published}.")
    return None


def _shift(says: Shift, published: date, anchor: date | None) -> _Worked | None:
    base = anchor if says.from_told else published
    if base is None:
        return None
    base_told = f"{base}, the date told before" if says.from_told else f"the publication on {base}"
    return _Worked(_SHIFTED[says.unit](base, says.by, published), _shift_note(says, base_told))


def _shift_note(says: Shift, base: str) -> str:
    unit = says.unit.value
    if says.by == 0:
        return f"The {unit} of {base}."
    side = "after" if says.by > 0 else "before"
    if abs(says.by) == 1:
        return f"The {unit} {side} that of {base}." if says.unit is not Unit.DAY else f"The day {side} {base}."
    return f"The {unit} {abs(says.by)} {unit}s {side} {base}."


def _shifted_day(base: date, by: int, _: date) -> str:
    return (base + timedelta(days=by)).isoformat()


def _shifted_week(base: date, by: int, published: date) -> str:
    """Return Monday to Sunday, or to the day of publication, if that comes first."""
    monday = _monday(base) + timedelta(weeks=by)
    # Nothing is lost where the week is after publication: then it has no date at all.
    last = max(monday, min(monday + timedelta(days=6), published))
    return f"{monday}/{last}" if monday < last else monday.isoformat()


def _shifted_month(base: date, by: int, _: date) -> str:
    year, month = divmod(base.year * 12 + base.month - 1 + by, 12)
    return date(year, month + 1, 1).isoformat()[:7]


def _shifted_year(base: date, by: int, _: date) -> str:
    return date(base.year + by, 1, 1).isoformat()[:4]


_SHIFTED: dict[Unit, Callable[[date, int, date], str]] = {
    Unit.DAY: _shifted_day,
    Unit.WEEK: _shifted_week,
    Unit.MONTH: _shifted_month,
    Unit.YEAR: _shifted_year,
}


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
