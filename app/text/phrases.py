"""Phrases that may name a speaker: where one ends before a place of a sentence, and where one begins behind it.

There is no parser and no model: closed classes of words, large letters and commas tell how far a phrase goes.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.text.lexicon import (
    ABBREVIATIONS,
    DETERMINERS,
    HOLDERS,
    LEMMAS,
    MANNERS,
    POSSESSIVES,
    PRONOUNS,
    TIMES,
    Manner,
    words,
)
from app.text.sentences import Token

LONGEST = 16
"""Tokens of the longest phrase that is looked for."""
OF = words("of for at from with in to on")
"""What ties a phrase to the one before it, so that both are one."""
_STANDING = PRONOUNS | words("who which that this others both many")
"""What is a speaker alone."""


class Phrase(NamedTuple):
    """Tokens `low` to `high`, exclusive, of a sentence."""

    low: int
    high: int


def is_past(token: Token) -> bool:
    return token.low.endswith("ed") and len(token.low) > 4


def ending(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return the phrase whose last word is at `at`, None when there is none."""
    if at < 0 or tokens[at].text == ")":
        bracket = next((here for here in range(at - 1, max(-1, at - LONGEST), -1) if tokens[here].text == "("), 0)
        return ending(tokens, bracket - 1) if bracket else None
    low = at - 1 if tokens[at].text == "." and at and tokens[at - 1].low in ABBREVIATIONS else at
    if tokens[low].low in _STANDING:
        return Phrase(low, at + 1)
    if not tokens[low].is_nominal or tokens[low].low in POSSESSIVES:
        return None
    while low and at - low < LONGEST and _goes_on(tokens, low):
        low -= 1
        if tokens[low].low in DETERMINERS and tokens[low - 1].low not in DETERMINERS and not _is_inside(tokens, low):
            break
    return Phrase(low, at + 1)


def _is_inside(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether an article is part of a name: CBS This Morning."""
    return at > 0 and tokens[at].is_large and tokens[at - 1].is_large


def _goes_on(tokens: Sequence[Token], low: int) -> bool:
    """Tell whether the phrase that begins at `low` goes on to its left."""
    left, first = tokens[low - 1], tokens[low]
    if left.low in POSSESSIVES:
        return low > 1
    if left.text == ".":
        return low > 1 and _is_short(tokens[low - 2]) and first.is_large
    if left.text == "&":
        return True
    if left.low in DETERMINERS:
        return left.low != "that" or not (
            first.is_large or first.low in DETERMINERS or (low > 1 and says(tokens[low - 2]))
        )
    if left.low == "and":
        return low > 1 and _is_pair(tokens[low - 2], first)
    if left.low in ("of", "for") or (first.is_large and not left.is_large and left.low.endswith(("ed", "ing"))):
        return False
    return left.is_nominal and left.low not in TIMES


def says(token: Token) -> bool:
    """Tell whether a word may have what follows as its report: said that officials feared."""
    return Manner.SAY in MANNERS.get(LEMMAS.get(token.low, ""), ())


def _is_pair(left: Token, right: Token) -> bool:
    """Tell whether two words beside an `and` are of one phrase: Ann and Bob, the senator and candidate."""
    if right.is_large:
        return left.is_large and left.low not in TIMES
    return right.low not in DETERMINERS and left.is_nominal


def _is_short(token: Token) -> bool:
    """Tell whether a full stop after the word belongs to it: Mr., J., J.K."""
    return token.low in ABBREVIATIONS or all(len(part) == 1 for part in token.text.split("."))


def after(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return the phrase that begins at `at`: of a verb before its subject, or of `according to`."""
    if at < len(tokens) and tokens[at].low in PRONOUNS:
        return Phrase(at, at + 1)
    high, seen = at, False
    while high < min(len(tokens), at + LONGEST) and _holds(tokens, at, high, seen):
        seen = seen or tokens[high].is_nominal
        high += 1
    while high > at and (tokens[high - 1].low in OF or tokens[high - 1].text in ("&", ".", "and")):
        high -= 1
    return Phrase(at, high) if seen and high > at else None


def _holds(tokens: Sequence[Token], at: int, here: int, seen: bool) -> bool:
    """Tell whether the phrase that begins at `at` goes on with the token at `here`; `seen`: there is a noun in it."""
    token = tokens[here]
    left = tokens[here - 1] if here > at else None
    if token.text == "." and left is not None:
        return _is_short(left) and here + 1 < len(tokens)
    if token.low in POSSESSIVES or token.text == "&":
        return True
    if token.low in DETERMINERS:
        return not seen or (left is not None and (left.low in OF or left.low == "and"))
    if left is None or not seen:
        return token.is_nominal
    if token.low in OF:
        return continues(tokens, here)
    if token.low == "and":
        return here + 1 < len(tokens) and tokens[here + 1].is_large and left.is_large
    return token.low not in TIMES and token.is_nominal and (token.is_large or not (left.is_large and is_past(token)))


def continues(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether `of`, `for` or the like at `at` ties what follows to the phrase before."""
    if at + 1 >= len(tokens):
        return False
    following = tokens[at + 1]
    if tokens[at].low in ("of", "for"):
        return following.is_nominal or following.low in DETERMINERS
    return following.is_large and following.low not in TIMES and tokens[at].low in ("at", "from")


def first(tokens: Sequence[Token], at: int, end: int) -> Phrase | None:
    """Return the first phrase between `at` and `end`, up to the verb after it."""
    end = min(end, at + LONGEST)
    while at < end and not (tokens[at].is_nominal or tokens[at].low in PRONOUNS or tokens[at].low in DETERMINERS):
        at += 1
    if at >= end:
        return None
    if tokens[at].low in PRONOUNS:
        return Phrase(at, at + 1)
    high = at
    while high < min(end, at + LONGEST) and _is_before_verb(tokens, at, high):
        high += 1
    return Phrase(at, high) if high > at else None


def _is_before_verb(tokens: Sequence[Token], at: int, here: int) -> bool:
    """Tell whether the token at `here` is still of the subject that begins at `at`, and not its verb."""
    token = tokens[here]
    left = tokens[here - 1] if here > at else None
    if left is not None and token.text == "." and _is_short(left):
        return True
    if token.low in POSSESSIVES or token.text == "&":
        return True
    if token.low in DETERMINERS:
        return left is None or left.low in DETERMINERS or left.low in OF
    if token.low in ("of", "for") and left is not None:
        return continues(tokens, here)
    if left is None or token.is_large or not token.is_nominal:
        return token.is_nominal
    return not is_past(token) and not (left.is_large and token.low.endswith("s") and token.low not in HOLDERS)
