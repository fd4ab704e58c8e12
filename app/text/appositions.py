"""A name that is put beside what tells who that is: the mayor, Ann Roe, said; according to its master, Bob Poe."""

from collections.abc import Sequence

from app.text.lexicon import DETERMINERS, TIMES, words
from app.text.names import TITLES
from app.text.phrases import OF, Phrase, after
from app.text.sentences import Token

_CLOSES = words(", . ; : ) — – - -- who in on at of from")
"""What may follow such a name; a verb would make it the subject of another clause."""
_NO_PERSONS = words(
    """
    capital city town village state province region country county district island port suburb book film series show
    campaign committee government ministry department agency company group party court police administration office
    newspaper paper magazine report study poll survey statement letter filing lawsuit document complaint
    """
)
"""What has a name, or words, of its own, and is nobody."""
_CALLING = 2
"""Small words before a name that tell what somebody is."""
_BEFORE_SURNAMES = words("mr mrs ms miss dr prof sir")
_QUARTERS = words("north south east west new rhode")
"""What begins the name of a state: the mayor of Columbia, South Carolina."""


def with_name(tokens: Sequence[Token], role: Phrase | None) -> Phrase | None:
    """Return a phrase with the name that stands after it, between commas; the phrase itself when there is none."""
    if role is None or role.high >= len(tokens) or tokens[role.high].text != "," or not _is_role(tokens, role):
        return role
    name = _past_calling(tokens, after(tokens, role.high + 1))
    if name is None or not is_name(tokens, name) or tokens[name.low].low in _QUARTERS:
        return role
    closed = name.high >= len(tokens) or tokens[name.high].low in _CLOSES or tokens[name.high].quote is not None
    return Phrase(role.low, name.high) if closed else role


def _past_calling(tokens: Sequence[Token], phrase: Phrase | None) -> Phrase | None:
    """Return the name at the end of a phrase that begins with what somebody is: student Ann Roe."""
    if phrase is None or tokens[phrase.low].low in DETERMINERS:
        return phrase
    low = phrase.low
    while low < phrase.high - 1 and low - phrase.low < _CALLING and not tokens[low].is_large:
        low += 1
    return Phrase(low, phrase.high)


def is_name(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Tell whether a phrase is the full name of somebody, or one name after a title."""
    inside = [token for token in tokens[slice(*phrase)] if token.is_word]
    if not inside or any(token.low in TIMES or token.text[0].isdigit() for token in inside):
        return False
    whole = len(inside) > 1 or inside[0].low in _BEFORE_SURNAMES
    return whole and inside[0].is_large and inside[-1].is_large and not any(token.low in OF for token in inside)


def _is_role(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """Tell whether a phrase tells what somebody is, and does not name anybody."""
    tie = next((at for at in range(phrase.low + 1, phrase.high) if tokens[at].low in OF), phrase.high)
    head, last = tokens[tie - 1], tokens[phrase.high - 1]
    if not head.is_word or head.low in TIMES or head.low in _NO_PERSONS or last.low in _NO_PERSONS:
        return False
    return not head.is_large or head.low in TITLES or head.low in DETERMINERS
