"""Names as they stand in a sentence: runs of large words, the titles before them, and whether a body is called so."""

from collections.abc import Iterator, Sequence

from app.text.lexicon import (
    CONJUNCTIONS,
    HOLDERS,
    LEMMAS,
    MONTHS,
    NEGATIONS,
    NOT_NAMES,
    PREPOSITIONS,
    SUBORDINATORS,
    SURNAMES,
    WEEKDAYS,
    words,
)
from app.text.sentences import Token

NOT_PART = NOT_NAMES | frozenset(MONTHS) | frozenset(WEEKDAYS)
_NOT_FIRST = NOT_PART | PREPOSITIONS | CONJUNCTIONS | SUBORDINATORS | NEGATIONS
_JOINTS = words(
    """
    de da di del der den van von bin ibn al el la le dos du ter ten y
    """
)
_SUFFIXES = words("jr sr ii iii iv")
TITLES = words(
    """
    mr mrs ms miss dr prof professor rev reverend sen senator rep representative congressman congresswoman gov
    governor gen general col colonel lt lieutenant maj major sgt sergeant capt captain cmdr adm admiral president
    vice secretary minister premier chancellor king queen prince princess pope cardinal bishop archbishop mayor
    judge justice ambassador sir lord lady dame councilman councilwoman councillor councilor chairman chairwoman
    chair speaker director chief sheriff attorney detective officer inspector commissioner rabbi imam sheikh
    ayatollah former ex-president prime first deputy assistant acting supreme leader
    secretary-general general-secretary undersecretary vice-president constable superintendent prosecutor lawyer
    spokesman spokeswoman spokesperson professor coach manager singer actor actress author writer poet journalist
    historian economist scientist astronaut executive treasurer founder activist campaigner analyst candidate presenter
    editor novelist playwright director-general president-elect
    """
)
"""What stands before a name and is no part of it."""
STATES = words(
    """
    afghanistan africa albania algeria america argentina armenia asia australia austria azerbaijan baghdad
    bangladesh beijing belarus belgium berlin bolivia bosnia brazil britain brussels bulgaria cairo cambodia canada
    chile china colombia congo cuba cyprus damascus denmark ecuador egypt england estonia ethiopia europe finland
    france georgia germany ghana greece hungary iceland india indonesia iran iraq ireland islamabad israel italy
    japan jerusalem jordan kabul kenya kiev korea kosovo kuwait kyiv latvia lebanon libya lithuania london madrid
    malaysia mali mexico moldova moscow morocco myanmar nepal netherlands nigeria norway ottawa oman pakistan
    palestine paris peru philippines poland portugal pyongyang qatar riyadh romania rome russia rwanda scotland
    senegal serbia seoul singapore slovakia slovenia somalia spain sudan sweden switzerland syria taiwan tehran
    thailand tokyo tunisia turkey uganda ukraine us u.s usa uk u.k uruguay venezuela vietnam wales warsaw washington
    yemen zambia zimbabwe eu un u.n nato
    """
)
"""States, their capitals, and unions of them, which speak in the news as bodies do."""
WOMEN = words(
    """
    mrs ms miss congresswoman councilwoman chairwoman queen princess lady dame mother wife daughter sister actress
    spokeswoman businesswoman woman girl widow aunt grandmother saleswoman policewoman waitress heiress
    """
)  # fmt: skip
MEN = words(
    """
    mr congressman councilman chairman king prince pope sir lord father husband son brother actor spokesman
    businessman man boy widower uncle grandfather salesman policeman priest bishop cardinal
    """
)  # fmt: skip
BODIES = words(
    """
    party committee department ministry council court commission agency association institute university college
    school church bank company corporation corp inc ltd group union league federation foundation society club times
    post journal news press tribune herald guardian telegraph gazette magazine network television radio tv police
    army navy force forces office bureau board authority senate house congress parliament government administration
    campaign center centre organization organisation coalition alliance movement front brotherhood nations team
    mission embassy pentagon hospital fund trust service services project observatory watch international report
    chronicle observer examiner review republicans democrats democrat republican
    """
)
"""What ends or makes the name of a body of people."""


def names(tokens: Sequence[Token]) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield each run of large words that may be a name: where it begins and ends, and the titles before it."""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if not _may_name(tokens, at) or (at == 0 and token.low in _NOT_FIRST and token.text not in SURNAMES):
            at += 1
            continue
        high = at + 1
        while high < len(tokens) and (_may_name(tokens, high) or _joins(tokens, high)):
            high += 1
        low = _past_titles(tokens, at, high)
        titles = {one.low for one in tokens[at:low]}
        # Before the name stands what somebody does: spokesman John Roe.
        titles |= {
            one.low
            for one in tokens[max(0, at - 2) : at]
            if one.low in HOLDERS or one.low in TITLES or one.low in WOMEN | MEN
        }
        if low < high:
            yield low, high, frozenset(titles - {"."})
        at = high


def _past_titles(tokens: Sequence[Token], low: int, high: int) -> int:
    """Return where the name itself begins: behind the last title, as in Foreign Minister Ann Roe."""
    for at in range(high - 1, low - 1, -1):
        if tokens[at].low in TITLES and (at + 1 == high or tokens[at + 1].low not in _SUFFIXES):
            behind = at + 1 + (at + 1 < high and tokens[at + 1].text == ".")
            # Of Stephen King the last word is the surname; Prime Minister has no name at all.
            whole = behind < high or all(token.low in TITLES or token.text == "." for token in tokens[low:high])
            if whole:
                return behind
    return low


def _may_name(tokens: Sequence[Token], at: int) -> bool:
    token = tokens[at]
    if token.text in SURNAMES and (at == 0 or (tokens[at - 1].is_large and tokens[at - 1].low not in NOT_PART)):
        return True
    return token.is_large and token.low not in NOT_PART and not (token.low in LEMMAS and at == 0)


def _joins(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a small word or a stop goes on with the name: Ursula von der Leyen, J. Roe."""
    if at + 1 >= len(tokens):
        return False
    token = tokens[at]
    if token.text == "." and tokens[at - 1].end == token.start:
        short = len(tokens[at - 1].text) == 1 or tokens[at - 1].low in TITLES
        return short and tokens[at + 1].is_large
    return token.low in _JOINTS and (tokens[at + 1].is_large or tokens[at + 1].low in _JOINTS)


def is_body(words: Sequence[str], tokens: Sequence[Token], low: int) -> bool:
    """Tell whether a name is that of a body of people rather than of a person."""
    if any(word.lower() in BODIES for word in words) or any(word.isupper() and 1 < len(word) < 6 for word in words):
        return True
    return low > 0 and tokens[low - 1].low == "the"


def unsuffixed(words: Sequence[str]) -> list[str]:
    """Return the words of a name without what is put after it, such as Jr."""
    return [word for word in words if word.lower().strip(".") not in _SUFFIXES]


def printed(inside: Sequence[Token]) -> str:
    """Return words as they are printed, but for runs of blanks."""
    made = ""
    for at, token in enumerate(inside):
        made += (" " if at and token.start > inside[at - 1].end else "") + token.text
    return made
