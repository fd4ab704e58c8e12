"""Tells what stands in quotation marks and was not said: titles, nicknames, words held at arm's length."""

import re
from collections.abc import Sequence

from app.text.lexicon import DETERMINERS, POSSESSIVES, PREPOSITIONS, words
from app.text.sentences import Token

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_SMALL = words("the of a an and in for to with on at or from by &")
_NAMING = words(
    """
    so-called called titled entitled dubbed nicknamed named known labeled labelled as word words term phrase hashtag
    film movie show series podcast book song album novel program programme documentary essay play musical magazine
    sitcom memoir album column
    """
)


def is_title(said: str) -> bool:
    """Tell whether every word but the small ones begins with a large letter: Meet the Press."""
    found = _WORD.findall(said)
    if not found or not (found[0][0].isupper() and found[-1][0].isupper()):
        return False
    return all(word[0].isupper() or word.lower() in _SMALL for word in found)


def is_unspoken(tokens: Sequence[Token], at: int, said: str, *, is_vague: bool) -> bool:
    """Tell whether the quotation at `at` is rather a name than speech. `is_vague`: no verb says that it was said."""
    left = tokens[at - 1] if at else None
    right = tokens[at + 1] if at + 1 < len(tokens) else None
    count = len(said.split())
    title = is_title(said)
    if left is not None and right is not None and count <= 2 and title and left.is_large and right.is_large:
        return True  # James “Jim” Roe
    if is_vague and (title or (count < 2 and said[-1:] not in ".?!,…")):
        return True
    if left is None or not left.is_word:
        return False
    if left.low == "so-called":
        return True
    named = left.low in PREPOSITIONS or left.low in DETERMINERS or left.low in POSSESSIVES or left.low in _NAMING
    return title and named and (is_vague or left.low not in ("as", "called"))
