"""Borders: where words begin and end in a text, and whether quotation marks stand around them.

After UAX 29, but for what its default leaves to each language: a word may end before a possessive `’s` and begin after
an elided article or pronoun (`l’Iran`), and a full stop without a space after it ends a word.
"""

import re
import unicodedata
from typing import NamedTuple


class Inside(NamedTuple):
    """Marks that stand inside words, and those that do between digits only, as in `1,000`."""

    words: str
    numbers: str


# Scripts without spaces: their words end anywhere, as far as can be told without a dictionary.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003ffff]"
)
_APOSTROPHES = "'‘’\uff07"
# Stand inside words unseen: soft hyphen, zero-width non-joiner (as in Persian), word joiner; and the Catalan point.
_IN_WORDS = Inside(words=_APOSTROPHES + "\u00ad\u200c\u2060·", numbers=".,")
_JOINER = "\u200d"
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}][sS]")
_ELIDED = re.compile(
    rf"(?:[cdjlmnst]|qu|(?:jus|lors|puis)qu|(?:a|da|de|ne|que|su)ll|un)[{_APOSTROPHES}]", re.IGNORECASE
)
_LONGEST_ELIDED = 7

_MARKS = ('""', "''", "“”", "‘’", "„“”", "‚‘’", "«»", "»«", "‹›", "›‹", "「」", "『』")
_CLOSING = {marks[0]: marks[1:] for marks in _MARKS}
"""Marks that open a quotation, with those that close it."""


def is_letter(character: str) -> bool:
    """Tell whether it makes words: a letter, a digit, a combining mark or `_`, of a script that has spaces."""
    if character.isascii():
        return character.isalnum() or character == "_"
    if _UNSPACED.match(character):
        return False
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def is_cluster(left: str, right: str) -> bool:
    """Tell whether two characters are seen as one: the second is a combining mark, or they are joined."""
    return unicodedata.category(right)[0] == "M" or _JOINER in (left, right) or bool(_SKIN.match(right))


def may_begin(text: str, at: int) -> bool:
    """Tell whether a word, or something that is none, may begin at this place of the text."""
    return parts(text, at) or _is_elided(text, at)


def may_end(text: str, at: int) -> bool:
    """Tell whether a word, or something that is none, may end before this place of the text."""
    return parts(text, at) or (bool(_POSSESSIVE.match(text, at)) and parts(text, at + 2))


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span widened to whole words."""
    while not parts(text, start):
        start -= 1
    while not parts(text, end):
        end += 1
    return start, end


def is_enclosed(words: str) -> bool:
    """Tell whether an opening quotation mark begins the words and the one that closes it ends them."""
    closing = _CLOSING.get(words[:1], "")
    if len(words) < 2 or not closing or words[-1] not in closing:
        return False
    inner = [mark for at, mark in enumerate(words) if mark in (words[0], *closing) and not _is_apostrophe(words, at)]
    depth = 0
    for at, mark in enumerate(inner, 1):
        opens = mark == words[0] and (mark not in closing or at == 1)
        depth += 1 if opens else -1
        if depth == 0:
            return at == len(inner)
    return False


def parts(text: str, at: int, inside: Inside = _IN_WORDS) -> bool:
    """Tell whether nothing joins what stands on the two sides of this place (after UAX 29)."""
    if not 0 < at < len(text):
        return True
    left, right = text[at - 1], text[at]
    if is_cluster(left, right) or (is_letter(left) and is_letter(right)):
        return False
    before, after = text[at - 2 : at - 1], text[at + 1 : at + 2]
    return not (_joins(left, right, after, inside) or _joins(before, left, right, inside))


def _joins(left: str, middle: str, right: str, inside: Inside) -> bool:
    """Tell whether the middle one stands inside a word, as in `don’t`, or in a number, as in `1,000`."""
    if not (left and right and is_letter(left) and is_letter(right)):
        return False
    return middle in inside.words or (middle in inside.numbers and left.isdigit() and right.isdigit())


def _is_elided(text: str, at: int) -> bool:
    """Tell whether an article or pronoun that lost its vowel stands before this place, and a letter after it."""
    begin = max(0, at - _LONGEST_ELIDED)
    starts = (start for start in range(begin, at) if parts(text, start))
    return is_letter(text[at : at + 1] or " ") and any(_ELIDED.fullmatch(text, start, at) for start in starts)


def _is_apostrophe(words: str, at: int) -> bool:
    return words[at] in _APOSTROPHES and _joins(words[at - 1 : at], words[at], words[at + 1 : at + 2], _IN_WORDS)
