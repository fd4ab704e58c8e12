"""Clauses: whether a printed expression of time, by the words around it, tells when something was said.

It does not where it tells of a plan, a term, a habit, a span, or of the time of something else, or is part of a name.
In doubt it does not: a date that is missing misleads nobody. English, and at most 100 code points to either side.
"""

import re
from itertools import takewhile
from typing import NamedTuple

from app.text.lexicon import words
from app.text.moments import (
    GAP,
    MONTH,
    WEEKDAY,
    YEAR,
    Day,
    Expression,
    Meaning,
    Month,
    Season,
    Shift,
    Weekday,
    Year,
    is_named,
)

_AROUND = 100
_MOST_WORDS_AFTER = 6
_MOST_WORDS_OF_A_SAYING = 3
_LONGEST_NAME = 4
_LONGEST_SPAN = 30
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s(?!\w)")
_SPAN_AFTER = re.compile(
    rf"(?:,?{GAP})?+(?:[-–—/&]|(?:and|or|through|thru|to|until|till)(?!\w)){GAP}?"
    rf"(?:(?:early|late|mid)(?:-|{GAP}))?+(?:{WEEKDAY}|{MONTH}|[0-9])"
    rf"|,{GAP}(?:{WEEKDAY}|{YEAR})"
)
_SPAN_BEFORE = re.compile(
    rf"(?:(?:{WEEKDAY}|{MONTH})\.?|[0-9](?:st|nd|rd|th)?),?{GAP}(?:(?:and|or|through|thru|to|until|till)(?!\w)|[&—–-])"
    rf"{GAP}$"
)


_SAID = words("""
    said says saying told tells telling added adds adding announced announces announcing tweeted wrote writes writing
    posted posting declared declares declaring stated states stating argued argues claimed claims insisted insists
    warned warns warning acknowledged acknowledges admitted admits confirmed confirms denied denies denying asked asks
    answered replied replies responded reiterated repeated remarked noted notes explained described called urged urges
    vowed pledged promised suggested testified recalled concluded commented spoke speaking addressed quoted reported
    interviewed emailed texted blogged alleged signaled signalled hinted mused joked quipped predicted observed stressed
    emphasized emphasised complained advised cautioned lamented asserted contended maintained boasted accused condemned
    criticized criticised praised slammed blasted dismissed rejected appeared delivered indicated revealed disclosed
    apologized apologised agreed hailed denounced thanked demanded threatened defended expressed voiced issued released
    published shared
""")
_SAYINGS = words("""
    interview interviews speech speeches statement statements address post posts posting tweet tweets letter letters
    article essay op-ed column memo email e-mail message call briefing conference appearance hearing testimony rally
    debate remarks comments sermon lecture talk talks meeting session broadcast episode podcast report paper book
    memoir blog announcement filing ruling order decision video event summit press-conference prayers
""")
_FUTURE = words("""
    will won't won’t shall would scheduled expected expects due set slated plans planned planning deadline upcoming
    tomorrow effective going may might must should can
""")
_FUTURE_AFTER = words("will won't won’t shall would")
# Of these words, what follows is a term, a plan, a habit, a span or a guess.
_SPOILING = words("""
    by until till before since through from for to between after next coming every each any most some within over past
    than about around circa or starting beginning ending previous following first second third fourth fifth not half
    least nearly almost roughly approximately when as ago
""")
_DETERMINERS = words("a an the this that these those his her its their our my your one another whose")
_NO_NAMES = words("""
    on last late early earlier later of at in and but so then also again when while as if i he she it they we that
    the a an his her its their this what who only just back meanwhile still yet
""")
_PREPOSITIONS = words("on last late early earlier later of")
_NAMES_WITH_DAYS = words("""
    times today telegraph mail mirror express post independent herald tribune star sun world night morning evening
    afternoon live football politics business review mass school best worship papers service services dinner brunch
    lunch matinee drivers addams was is has had marks marked came saw brought
""")
_NAMED_BEFORE_DAYS = words("""
    black super good ash palm holy easter bloody cyber giving shrove fat maundy whit spy clean bright news press times
    ruby freaky happy man cbs abc sky
""")
_EVENTS = words("""
    attack attacks attackers rioter rioters riot riots insurrection committee commission defendants defendant massacre
    election elections referendum deadline ceasefire uprising revolution coup crisis victims hijackers holiday
    movement protests protest
""")
_RELATIVE = words("who whom whose which where")
# Deeds whose time it is, as in "born in 1950"; so are all that end as "elected" does, but for those of saying.
_DONE = words("born died built made held won lost begun began founded met left took came went")
_BETWEEN = words("on late early earlier later again back")
_COUNTED = words("""
    percent per million billion trillion thousand hundred dollars euros pounds terms prices cases people words miles
    feet kilometers kilometres points votes seats
""")
_FIRST_NAMES = frozenset({4, 5, 6, 8})
"""April, May, June and August name people, too."""


class _Clause(NamedTuple):
    """The words before an expression, the nearest first, and those after it, in order; only those of its clause.

    `beyond` are the words after it, over a comma that follows at once: "On Tuesday, she said".
    """

    before: list[str]
    after: list[str]
    beyond: list[str]
    possessive: bool

    def nearest(self) -> str:
        return self.before[0].lower() if self.before else ""

    def following(self) -> str:
        return self.after[0].lower() if self.after else ""


def tells_saying(text: str, expression: Expression) -> bool:
    """Tell whether something may have been said at that time, by the words around it in its clause."""
    clause = _clause(text, expression)
    return not (
        _is_spoiled(clause, expression.says)
        or _is_span(text, expression)
        or _is_of_another(clause, expression.says)
        or _is_of_deed(clause)
        or _is_name(text, clause, expression)
        or _is_ahead(clause)
    )


def _clause(text: str, expression: Expression) -> _Clause:
    possessive = _POSSESSIVE.match(text, expression.end)
    end = possessive.end() if possessive else expression.end
    is_comma = text.startswith(",", end)
    beyond = _after(text, end + is_comma)
    return _Clause(_before(text, expression.start), [] if is_comma else beyond, beyond, possessive is not None)


def _before(text: str, start: int) -> list[str]:
    """Leave out a word that the window's edge may cut."""
    low = max(0, start - _AROUND)
    words: list[str] = []
    edge = low
    for match in _WORD.finditer(text, low, start):
        if not _is_gap(text, edge, match.start()):
            words.clear()
        if match.start() > low or low == 0:
            words.append(match[0])
        edge = match.end()
    return words[::-1] if _is_gap(text, edge, start) else []


def _after(text: str, end: int) -> list[str]:
    words: list[str] = []
    edge = end
    for match in _WORD.finditer(text, end, end + _AROUND):
        if not _is_gap(text, edge, match.start()) or len(words) == _MOST_WORDS_AFTER:
            break
        words.append(match[0])
        edge = match.end()
    return words


def _is_gap(text: str, low: int, high: int) -> bool:
    """Tell whether only blanks stand there; an empty line is the end of a paragraph."""
    between = text[low:high]
    return between == " " or (between.isspace() and between.count("\n") < 2)


def _is_spoiled(clause: _Clause, says: Meaning) -> bool:
    nearest, before_it = clause.nearest(), clause.before[1].lower() if len(clause.before) > 1 else ""
    if nearest == "later":
        return not (isinstance(says, Weekday) or (isinstance(says, Shift) and says.from_told))
    if nearest == "of":
        return before_it in ("week", "weekend", "as", "deadline")
    if nearest == "and" and isinstance(says, Shift):
        return before_it.isdigit()
    if nearest in ("in", "during") and isinstance(says, Shift):
        return says.from_told and says.by != 0
    return nearest in _SPOILING


def _is_span(text: str, expression: Expression) -> bool:
    before = text[max(0, expression.start - _LONGEST_SPAN) : expression.start]
    return bool(_SPAN_AFTER.match(text, expression.end) or _SPAN_BEFORE.search(before))


def _is_of_another(clause: _Clause, says: Meaning) -> bool:
    """Tell whether it is the time of something else than a saying, as in "the January 6 riot" or "Tuesday's vote"."""
    if isinstance(says, Day | Month | Year) and clause.following() in _EVENTS | _COUNTED:
        return True
    nearest = clause.nearest()
    determined = nearest in _DETERMINERS or nearest.endswith(("'s", "’s"))
    if not clause.possessive and not determined:
        return isinstance(says, Year) and says.alone
    if isinstance(says, Shift) and not clause.possessive:
        return True
    named = clause.beyond if isinstance(says, Day) else clause.after
    return not any(word.lower() in _SAYINGS for word in named[:_MOST_WORDS_OF_A_SAYING])


def _is_of_deed(clause: _Clause) -> bool:
    """Tell whether it is the time of a deed, as in "elected in 2011", or stands in "who …" without a verb of saying."""
    words = [word.lower() for word in clause.before]
    deed = next((word for word in words if word not in _BETWEEN), "")
    if deed not in _SAID and (deed in _DONE or deed.endswith("ed")):
        return not any(word in _SAYINGS for word in words)
    first = next((word for word in words if word in _RELATIVE or word in _SAID), "")
    return first in _RELATIVE and not any(word.lower() in _SAID for word in clause.after)


def _is_name(text: str, clause: _Clause, expression: Expression) -> bool:
    """Tell whether it is, or may be, part of a name: "Fox News Sunday", "USA Today", "Theresa May"."""
    says, named = expression.says, is_named(text, expression)
    if isinstance(says, Weekday):
        return _is_in_name(clause, text[expression.start : expression.end])
    if text[expression.start].isupper() and not named:
        return bool(clause.before)
    if isinstance(says, Shift):
        return clause.following() in ("show", "programme", "program")
    if isinstance(says, Month):
        return clause.following() in ("madness", "day") or (says.month in _FIRST_NAMES and _is_person(clause, named))
    return isinstance(says, Season) and _is_after_capital(clause)


def _is_person(clause: _Clause, named: bool) -> bool:
    of_name = clause.possessive or clause.following().endswith(("'s", "’s"))
    return of_name or (named and _is_after_capital(clause))


def _is_in_name(clause: _Clause, printed: str) -> bool:
    """Tell it of a day of the week: only a verb of saying before it clears one that stands beside a capital."""
    nearest, following = clause.nearest(), clause.after[0] if clause.after else ""
    if following.lower() in _NAMES_WITH_DAYS and (following[0].isupper() or nearest not in _PREPOSITIONS):
        return True
    if printed.lower().startswith("last"):
        return False
    if following and _is_capital(following) and printed.isalpha() and nearest not in _PREPOSITIONS | _SAID:
        return True
    if not _is_after_capital(clause):
        return False
    name = list(takewhile(_is_capital, clause.before))
    verb = clause.before[len(name)] if len(name) < len(clause.before) else ""
    return len(name) > _LONGEST_NAME or nearest in _NAMED_BEFORE_DAYS or verb.lower() not in _SAID


def _is_after_capital(clause: _Clause) -> bool:
    return bool(clause.before) and _is_capital(clause.before[0])


def _is_capital(word: str) -> bool:
    return word[0].isupper() and word.lower() not in _NO_NAMES


def _is_ahead(clause: _Clause) -> bool:
    """Tell whether the clause tells of the future there: a verb of saying nearer than "will" means that it does not."""
    before = next((word for word in map(str.lower, clause.before) if word in _SAID or _is_future(word, _FUTURE)), "")
    if before:
        return before not in _SAID
    if any(word.lower() in _SAYINGS for word in clause.before):
        return False
    told = (word for word in map(str.lower, clause.beyond) if word in _SAID or _is_future(word, _FUTURE_AFTER))
    return next(told, "said") not in _SAID


def _is_future(word: str, words: frozenset[str]) -> bool:
    return word in words or word.endswith(("'ll", "’ll"))
