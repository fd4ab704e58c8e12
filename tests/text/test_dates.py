"""EDTF level 1, by the examples of the Library of Congress specification (loc.gov/standards/datetime)."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.text.dates import Bounds, bounds

D = date

TAKEN = {
    # Level 0: dates.
    "1985-04-12": (D(1985, 4, 12), D(1985, 4, 12)),
    "1985-04": (D(1985, 4, 1), D(1985, 4, 30)),
    "1985": (D(1985, 1, 1), D(1985, 12, 31)),
    "2004-02": (D(2004, 2, 1), D(2004, 2, 29)),
    "1900-02": (D(1900, 2, 1), D(1900, 2, 28)),
    "2004-02-29": (D(2004, 2, 29), D(2004, 2, 29)),
    "0001": (D(1, 1, 1), D(1, 12, 31)),
    "9999-12-31": (D(9999, 12, 31), D(9999, 12, 31)),
    # Level 0: intervals.
    "1964/2008": (D(1964, 1, 1), D(2008, 12, 31)),
    "2004-06/2006-08": (D(2004, 6, 1), D(2006, 8, 31)),
    "2004-02-01/2005-02-08": (D(2004, 2, 1), D(2005, 2, 8)),
    "2004-02-01/2005-02": (D(2004, 2, 1), D(2005, 2, 28)),
    "2004-02-01/2005": (D(2004, 2, 1), D(2005, 12, 31)),
    "2005/2006-02": (D(2005, 1, 1), D(2006, 2, 28)),
    "2004-02-01/2004-02-01": (D(2004, 2, 1), D(2004, 2, 1)),
    # Level 1: seasons.
    "2001-21": (D(2001, 3, 1), D(2001, 5, 31)),
    "2001-22": (D(2001, 6, 1), D(2001, 8, 31)),
    "2001-23": (D(2001, 9, 1), D(2001, 11, 30)),
    "2001-24": (D(2001, 12, 1), D(2002, 2, 28)),
    "2003-24": (D(2003, 12, 1), D(2004, 2, 29)),
    # Level 1: uncertain, approximate, both.
    "1984?": (D(1984, 1, 1), D(1984, 12, 31)),
    "2004-06~": (D(2004, 6, 1), D(2004, 6, 30)),
    "2004-06-11%": (D(2004, 6, 11), D(2004, 6, 11)),
    "2001-21?": (D(2001, 3, 1), D(2001, 5, 31)),
    # Level 1: unspecified digits from the right.
    "201X": (D(2010, 1, 1), D(2019, 12, 31)),
    "20XX": (D(2000, 1, 1), D(2099, 12, 31)),
    "00XX": (D(1, 1, 1), D(99, 12, 31)),
    "000X": (D(1, 1, 1), D(9, 12, 31)),
    "2004-XX": (D(2004, 1, 1), D(2004, 12, 31)),
    "1985-04-XX": (D(1985, 4, 1), D(1985, 4, 30)),
    "1985-XX-XX": (D(1985, 1, 1), D(1985, 12, 31)),
    "201X?": (D(2010, 1, 1), D(2019, 12, 31)),
    # Level 1: open and unknown ends.
    "1985-04-12/..": (D(1985, 4, 12), None),
    "1985-04/..": (D(1985, 4, 1), None),
    "1985/..": (D(1985, 1, 1), None),
    "../1985-04-12": (None, D(1985, 4, 12)),
    "../1985-04": (None, D(1985, 4, 30)),
    "../1985": (None, D(1985, 12, 31)),
    "1985-04-12/": (D(1985, 4, 12), None),
    "1985-04/": (D(1985, 4, 1), None),
    "1985/": (D(1985, 1, 1), None),
    "/1985-04-12": (None, D(1985, 4, 12)),
    "/1985-04": (None, D(1985, 4, 30)),
    "/1985": (None, D(1985, 12, 31)),
    # Level 1: qualified ends.
    "1984~/2004-06": (D(1984, 1, 1), D(2004, 6, 30)),
    "1984/2004-06~": (D(1984, 1, 1), D(2004, 6, 30)),
    "1984?/2004%": (D(1984, 1, 1), D(2004, 12, 31)),
    "2004-06-11%/2004-06-11~": (D(2004, 6, 11), D(2004, 6, 11)),
    "2004-XX/2005": (D(2004, 1, 1), D(2005, 12, 31)),
    "198X/..": (D(1980, 1, 1), None),
    # An interval whose ends overlap may be in order.
    "2004-06/2004": (D(2004, 6, 1), D(2004, 12, 31)),
    "2004/2004-06": (D(2004, 1, 1), D(2004, 6, 30)),
}


@pytest.mark.parametrize(("edtf", "expected"), TAKEN.items(), ids=TAKEN)
def test_a_level_1_expression_has_a_first_and_a_last_day(edtf: str, expected: Bounds) -> None:
    assert bounds(edtf) == expected


NO_DATE = "is not an EDTF level 1 date or interval"
NO_DAY = "is not a day of the calendar"
BACKWARD = "ends before it begins"

REFUSED = {
    # Level 1, but of years that no calendar here holds.
    "Y170000002": NO_DATE,
    "Y-170000002": NO_DATE,
    "-1985": NO_DATE,
    "0000": NO_DAY,
    "9999-24": NO_DAY,
    # Level 0, but a time of day.
    "1985-04-12T23:20:30": NO_DATE,
    "1985-04-12T23:20:30Z": NO_DATE,
    "1985-04-12T23:20:30-04": NO_DATE,
    "1985-04-12T23:20:30+04:30": NO_DATE,
    # Level 2.
    "156X-12-25": NO_DAY,
    "15XX-12-25": NO_DAY,
    "XXXX-12-XX": NO_DATE,
    "1XXX-XX": NO_DATE,
    "1XXX-12": NO_DATE,
    "201X-12": NO_DAY,
    "201X-XX": NO_DAY,
    "1984-1X": NO_DATE,
    "1985-XX-12": NO_DAY,
    "Y-17E7": NO_DATE,
    "1950S2": NO_DATE,
    "2001-34": NO_DAY,
    "[1667,1668,1670..1672]": NO_DATE,
    "{1960,1961-12}": NO_DATE,
    "2004-06~-11": NO_DATE,
    "?2004-06-11": NO_DATE,
    "2004?-06-11": NO_DATE,
    "..1984": NO_DATE,
    # No days of any calendar.
    "1985-02-29": NO_DAY,
    "1900-02-29": NO_DAY,
    "1985-04-31": NO_DAY,
    "1985-04-00": NO_DAY,
    "1985-00": NO_DAY,
    "1985-13": NO_DAY,
    "1985-13-01": NO_DAY,
    "1985-20": NO_DAY,
    "1985-25": NO_DAY,
    "2001-21-05": NO_DAY,
    # No expressions at all.
    "": NO_DATE,
    " ": NO_DATE,
    "85": NO_DATE,
    "985": NO_DATE,
    "19850412": NO_DATE,
    "1985-4-12": NO_DATE,
    "1985/04/12": NO_DATE,
    "12.04.1985": NO_DATE,
    "1985-04-12 ": NO_DATE,
    "1985-04-12\n": NO_DATE,
    "1985\n": NO_DATE,
    "1985-04-12??": NO_DATE,
    "1985-04-12?~": NO_DATE,
    "１９８５": NO_DATE,
    "١٩٨٥": NO_DATE,
    "March 2": NO_DATE,
    "201x": NO_DATE,
    "1985-xx": NO_DATE,
    # Intervals that are none.
    "/": NO_DATE,
    "..": NO_DATE,
    "../..": NO_DATE,
    "/..": NO_DATE,
    "../": NO_DATE,
    "1985/1986/1987": NO_DATE,
    "1985/ 1986": NO_DATE,
    "1985--1986": NO_DATE,
    "2008/1964": BACKWARD,
    "2005-02-08/2005-02-07": BACKWARD,
    "2005/2004-12": BACKWARD,
}


@pytest.mark.parametrize(("edtf", "reason"), REFUSED.items(), ids=[repr(edtf) for edtf in REFUSED])
def test_what_is_no_level_1_date_of_these_years_is_refused_by_name(edtf: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refusal:
        bounds(edtf)

    assert f"“{edtf}”" in refusal.value.detail


@settings(deadline=None)
@given(st.dates())
def test_a_day_is_its_own_bounds(day: date) -> None:
    assert bounds(day.isoformat()) == (day, day)
    assert bounds(f"{day.isoformat()}?") == (day, day)


@settings(deadline=None)
@given(st.dates(), st.dates())
def test_an_interval_runs_from_its_first_day_to_its_last(one: date, other: date) -> None:
    first, last = sorted((one, other))

    assert bounds(f"{first}/{last}") == (first, last)
    if first != last:
        with pytest.raises(Invalid, match=BACKWARD):
            bounds(f"{last}/{first}")


@settings(deadline=None)
@given(st.dates())
def test_a_month_and_a_year_hold_their_days(day: date) -> None:
    for part in (day.isoformat()[:7], day.isoformat()[:4], f"{day.isoformat()[:3]}X", f"{day.isoformat()[:2]}XX"):
        earliest, latest = bounds(part)

        assert earliest is not None
        assert latest is not None
        assert earliest <= day <= latest


@settings(deadline=None)
@given(st.text(alphabet="0123456789-/.X?~%YTZ", max_size=14))
def test_anything_else_is_refused_and_never_a_crash(edtf: str) -> None:
    try:
        earliest, latest = bounds(edtf)
    except Invalid:
        return
    assert earliest is not None or latest is not None
    assert earliest is None or latest is None or earliest <= latest
