"""Moments: printed expressions of time, in American and British order, read as what they say by themselves.

Whether one tells when something was said stands around it: clauses.py. On which day that was: timing.py.
Every form begins with a word of a closed list and repeats nothing without a bound, so that reading is linear.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import NamedTuple

from app.text import lexicon


class Which(Enum):
    """Of several such days, months or seasons: the latest, "last", "this", or the one "of last" year (or week)."""

    LATEST = "latest"
    LAST = "last"
    THIS = "this"
    OF_LAST = "of last"


class Unit(Enum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class Day(NamedTuple):
    """`weekday` (0 is Monday) where it is printed with the date; `year` None where none is."""

    month: int
    day: int
    year: int | None
    which: Which = Which.LATEST
    weekday: int | None = None


class Weekday(NamedTuple):
    weekday: int
    which: Which


class Month(NamedTuple):
    month: int
    year: int | None
    which: Which


class Season(NamedTuple):
    """By its number in EDTF, 21 to 24; a winter is that of the year in which it begins."""

    season: int
    year: int | None
    which: Which


class Year(NamedTuple):
    """`alone`: printed without a preposition, as in "a 2011 interview"."""

    year: int
    alone: bool


class Decade(NamedTuple):
    first_year: int


class Shift(NamedTuple):
    """So many units after (or before, if negative) the publication, or after the date told before in the text."""

    unit: Unit
    by: int
    from_told: bool = False


Meaning = Day | Weekday | Month | Season | Year | Decade | Shift


class Expression(NamedTuple):
    """Offsets count code points, end exclusive."""

    start: int
    end: int
    says: Meaning


def _numbered(names: str) -> dict[str, int]:
    return {name: at for at, name in enumerate(names.split(), 1)}


_FULL = _numbered(" ".join(lexicon.MONTHS).title())
_SHORT = _numbered("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec") | {"Sept": 9}
MONTHS = _FULL | {name.upper(): at for name, at in _FULL.items()}
DAYS_OF_WEEK = tuple(day.title() for day in lexicon.WEEKDAYS)
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
WINTER = 24
_COUNTS = {"a": 1, "an": 1} | _numbered("""
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty
""")


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


# A blank or a single line break: an expression may run over the end of a line, never over that of a paragraph.
GAP = r"(?:[^\S\n]{1,3}|[^\S\n]{0,3}\n[^\S\n]{0,3})"
WEEKDAY = _any(DAYS_OF_WEEK)
MONTH = _any([*MONTHS, *_SHORT])
YEAR = r"(?:1[0-9]|20)[0-9]{2}(?![0-9])"
_BEGIN = r"(?<![\w/$€£#@–-])(?<![0-9][.,—])"
_END = r"(?![\w/@%–-]|[.,:][0-9])"
_DAY = r"(?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])(?:st|nd|rd|th)?+"
_MONTH = rf"(?:(?P<month>{_any(MONTHS)})|(?P<short>{_any(_SHORT)})\.?+)(?!\w)"
_MONTH_ALONE = rf"(?:(?P<month>{_any(MONTHS)})|(?P<short>{_any(_SHORT)})\.)(?!\w)"
# Optional parts are possessive: of "March 2, 2025-26" nothing is read, rather than "March 2".
_OF_YEAR = rf"{GAP}(?:of{GAP})?+(?P<of>last|this){GAP}year"
_TAIL = rf"(?:,?{GAP}(?P<year>{YEAR})|,?{_OF_YEAR})?+"
_ON = rf"(?:(?P<weekday>{WEEKDAY}),?{GAP}(?:the{GAP})?+)?+"
_IN = rf"(?:[Ii]n|[Dd]uring){GAP}"
_IN_THE = rf"{_IN}(?:the{GAP})?+"
_PART = rf"(?:[Ee]arly|[Ll]ate|[Mm]id)(?:-|{GAP})"
_SEASON = rf"(?P<season>{_any([*_SEASONS, *map(str.title, _SEASONS)])})"
_TIMES = "morning|afternoon|evening|night"
_UNITS = "day|week|month|year"
_COUNT = rf"(?P<count>[1-9][0-9]?|{_any([*_COUNTS, *map(str.title, _COUNTS)])})"
_CLAUSE_ENDS = r"(?=[^\S\n]{0,3}(?:[,;:.!?”\"\n]|$))"

Reader = Callable[[re.Match[str]], Meaning | None]


def _number(match: re.Match[str], name: str) -> int | None:
    printed = match.groupdict().get(name)
    return int(printed) if printed else None


def _month_of(match: re.Match[str]) -> int:
    return MONTHS[match["month"]] if match["month"] else _SHORT[match["short"]]


def _which(match: re.Match[str]) -> Which:
    """Read "last March" and "March of last year", and the same with "this"."""
    printed = match.groupdict()
    which, of = (printed.get("which") or "").lower(), printed.get("of")
    if of:
        return Which.OF_LAST if of == "last" else Which.THIS
    return Which(which) if which else Which.LATEST


def _day(match: re.Match[str]) -> Meaning | None:
    weekday = DAYS_OF_WEEK.index(match["weekday"]) if match["weekday"] else None
    return _checked(Day(_month_of(match), int(match["day"]), _number(match, "year"), _which(match), weekday))


def _checked(day: Day) -> Day | None:
    # 2000 was a leap year: February 29 without a year is a day.
    try:
        date(day.year or 2000, day.month, day.day)
    except ValueError:
        return None
    return day


def _iso(match: re.Match[str]) -> Meaning | None:
    return _checked(Day(int(match["month"]), int(match["day"]), int(match["year"])))


def _slashed(match: re.Match[str]) -> Meaning | None:
    """Read 03/22/2025 and 22/03/2025; of 03/02/2025 nobody knows the order, so that it says nothing."""
    low, high = sorted((int(match["one"]), int(match["two"])))
    return _checked(Day(low, high, int(match["year"]))) if high > 12 or low == high else None


def _month(match: re.Match[str]) -> Meaning:
    return Month(_month_of(match), _number(match, "year"), _which(match))


def _year(match: re.Match[str]) -> Meaning:
    return Year(int(match["year"]), alone=match.start() == match.start("year"))


def _decade(match: re.Match[str]) -> Meaning:
    return Decade(int(match["year"]))


def _season(match: re.Match[str]) -> Meaning | None:
    """Leave out "the winter of 2015", which may have begun or ended in it; "the winter of 2015-16" is clear."""
    season, year, second = _SEASONS[match["season"].lower()], _number(match, "year"), _number(match, "second")
    of_year = year is not None or _which(match) is Which.OF_LAST
    if (season == WINTER and of_year) != (second is not None):
        return None
    if year is not None and second is not None and (year + 1) % 100 != second:
        return None
    return Season(season, year, _which(match))


def _weekday(match: re.Match[str]) -> Meaning:
    return Weekday(DAYS_OF_WEEK.index(match["weekday"]), _which(match))


def _period(match: re.Match[str]) -> Meaning:
    return Shift(Unit(match["unit"]), -1 if _which(match) is Which.LAST else 0)


def _shift(by: int, *, told: bool = False) -> Reader:
    """Make the reader of so many units from the publication or the date told before; days where no unit is named."""

    def read_shift(match: re.Match[str]) -> Meaning:
        printed = match.groupdict()
        count = (printed.get("count") or "one").lower()
        return Shift(Unit(printed.get("unit") or "day"), by * (_COUNTS.get(count) or int(count)), told)

    return read_shift


_COUNTED = rf"{_COUNT}{GAP}(?P<unit>{_UNITS})s?+{GAP}"
_UNIT = rf"(?:(?P<unit>{_UNITS})|{_TIMES})"
_LAST_THIS = "(?P<which>[Ll]ast|[Tt]his)"
_THE_SAME = rf"[Tt]he{GAP}(?:very{GAP})?+same{GAP}"
_SEASON_YEAR = rf"{_SEASON}(?:{GAP}of)?+{GAP}(?P<year>{YEAR})(?:[–-](?P<second>[0-9]{{2}}))?+"
_DIGIT, _NAME, _WORD = "digit", "name", "word"
# What a form may begin with, so that only those are tried that may fit: a digit, the name of a month or day, a word.
_FORMS: list[tuple[set[str], str, Reader]] = [
    ({_DIGIT}, r"(?P<year>[12][0-9]{3})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})", _iso),
    ({_DIGIT}, rf"(?P<one>[0-9]{{1,2}})/(?P<two>[0-9]{{1,2}})/(?P<year>{YEAR})", _slashed),
    ({_NAME}, rf"{_ON}{_MONTH}{GAP}(?:the{GAP})?+{_DAY}{_TAIL}", _day),
    ({_DIGIT, _NAME, _WORD}, rf"{_ON}(?:[Tt]he{GAP})?+{_DAY}(?:{GAP}of)?+{GAP}{_MONTH}{_TAIL}", _day),
    ({_NAME, _WORD}, rf"(?:{_IN})?+(?:{_PART})?+{_MONTH}(?:,|{GAP}of)?+{GAP}(?P<year>{YEAR})", _month),
    ({_NAME, _WORD}, rf"(?:{_IN})?+(?:{_PART})?+{_MONTH}{_OF_YEAR}", _month),
    ({_WORD}, rf"(?:(?:[Ii]n|[Dd]uring|{_LAST_THIS}){GAP}(?:{_PART})?+|{_PART}){_MONTH_ALONE}", _month),
    ({_DIGIT, _WORD}, rf"(?:{_IN_THE}(?:year{GAP})?+(?:{_PART})?+|{_PART})?+(?P<year>{YEAR})", _year),
    # "The 1900s" may be ten years or a hundred.
    ({_WORD}, rf"{_IN}the{GAP}(?:{_PART})?+(?P<year>(?:1[5-9]|20)[1-9]0)[’']?s", _decade),
    ({_WORD}, rf"(?:{_IN})?+(?:[Tt]he{GAP})?+(?:{_PART})?+{_SEASON_YEAR}", _season),
    ({_WORD}, rf"{_LAST_THIS}{GAP}{_SEASON}", _season),
    ({_WORD}, rf"{_IN_THE}{_SEASON}{_OF_YEAR}", _season),
    ({_NAME, _WORD}, rf"(?:(?P<which>[Ll]ast){GAP})?+(?P<weekday>{WEEKDAY})(?:{GAP}(?:{_TIMES}))?+", _weekday),
    ({_NAME}, rf"(?P<weekday>{WEEKDAY}){GAP}(?:of{GAP})?+(?P<of>last|this){GAP}week", _weekday),
    ({_WORD}, rf"(?:[Ee]arlier{GAP})?+(?:[Tt]oday|[Tt]onight|[Tt]his{GAP}(?:{_TIMES}))", _shift(0)),
    ({_WORD}, rf"[Yy]esterday(?:{GAP}(?:{_TIMES}))?+|[Ll]ast{GAP}(?:night|evening)", _shift(-1)),
    ({_WORD}, rf"[Tt]he{GAP}day{GAP}before{GAP}yesterday", _shift(-2)),
    ({_WORD}, rf"(?:(?:[Ee]arl(?:y|ier)|[Ll]ate){GAP})?+{_LAST_THIS}{GAP}(?P<unit>week|month|year)", _period),
    ({_DIGIT, _WORD}, rf"{_COUNTED}ago", _shift(-1)),
    ({_DIGIT, _WORD}, rf"{_COUNTED}(?:later|afterwards?+|after{_CLAUSE_ENDS})", _shift(1, told=True)),
    ({_DIGIT, _WORD}, rf"{_COUNTED}(?:earlier|beforehand|before{_CLAUSE_ENDS})", _shift(-1, told=True)),
    ({_WORD}, rf"[Tt]he{GAP}day{GAP}after{_CLAUSE_ENDS}", _shift(1, told=True)),
    ({_WORD}, rf"[Tt]he{GAP}day{GAP}before{_CLAUSE_ENDS}", _shift(-1, told=True)),
    ({_WORD}, rf"[Tt]he{GAP}(?:very{GAP})?+(?:next|following){GAP}{_UNIT}", _shift(1, told=True)),
    ({_WORD}, rf"[Tt]he{GAP}previous{GAP}{_UNIT}", _shift(-1, told=True)),
    ({_WORD}, rf"(?:[Tt]hat{GAP}(?:(?:very|same){GAP})?+|{_THE_SAME}){_UNIT}", _shift(0, told=True)),
]
_PATTERNS = {
    head: [(re.compile(f"(?:{form}){_END}"), reader) for heads, form, reader in _FORMS if head in heads]
    for head in (_DIGIT, _NAME, _WORD)
}
_OPENERS = [*_COUNTS, *_SEASONS, "in", "during", "last", "this", "early", "earlier", "late", "mid", "the", "that"]
_OPENERS += ["today", "tonight", "yesterday"]
HEAD = re.compile(
    rf"{_BEGIN}(?:[0-9](?=[0-9]{{0,3}}(?:[/-][0-9]|(?:st|nd|rd|th)?{GAP}[A-Za-z]))"
    rf"|(?:{MONTH}|{WEEKDAY}|{_any([*_OPENERS, *map(str.title, _OPENERS)])})(?!\w))"
)
"""Where an expression may begin."""


def read(text: str, head: re.Match[str]) -> Expression | None:
    """Return the longest expression that begins at a HEAD; of a date that no calendar has, None."""
    start = head.start()
    longest, says = start, None
    for pattern, reader in _PATTERNS[_kind(head[0])]:
        match = pattern.match(text, start)
        if match and match.end() > longest:
            longest, says = match.end(), reader(match)
    return Expression(start, longest, says) if says is not None else None


def _kind(head: str) -> str:
    if head.isdigit():
        return _DIGIT
    return _NAME if head in MONTHS or head in _SHORT or head in DAYS_OF_WEEK else _WORD


def is_named(text: str, expression: Expression) -> bool:
    """Tell whether it begins with the name of a month or of a day of the week, which has a capital anywhere."""
    head = HEAD.match(text, expression.start)
    return head is not None and _kind(head[0]) == _NAME
