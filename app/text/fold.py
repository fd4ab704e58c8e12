"""Folding: words and marks with their places in a text, and in the form in which two writings of them are equal."""

import re
import unicodedata
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

# Marks that belong to the letter before them; \w leaves them out. With the two joiners that stand inside words.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963"
    "\u0981-\u0983\u09bc-\u09cd\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u200c\u200d"
)
_APOSTROPHE = "['\u2019\u2018\u02bc\uff07]"
# Han, kana, Thai, Lao, Tibetan, Burmese, Khmer: nothing parts their words, so each letter counts as one.
_UNPARTED = (
    "\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTERS = rf"(?![{_UNPARTED}])[^\W_](?:(?![{_UNPARTED}])[^\W_]|[{_MARKS}])*"
_LETTER = rf"(?=[{_UNPARTED}])[^\W_][{_MARKS}\u102b-\u103e\u17b4-\u17d3\u0f71-\u0f84\u0f90-\u0fbc]*"
# Each alternative begins with another sort of character and takes the longest run: nothing is read twice.
_TOKEN = re.compile(
    rf"(?P<word>{_LETTER}|{_LETTERS}(?:(?:{_APOSTROPHE}|(?<=\d)[.,](?=\d)){_LETTERS})*)|(?P<dots>\.{{3,}}|\u2026)|(?P<mark>\S)"
)
_QUOTES = frozenset("'\"`´‘’‚‛“”„‟«»‹›″′＂＇")
_DASHES = frozenset("-‐‑‒–—―−﹘﹣－")
_FOLDED_APOSTROPHE = re.compile(_APOSTROPHE)

ELLIPSIS = "…"
QUOTE = '"'
DASH = "-"


class Token(NamedTuple):
    """A word or a mark. `start` and `end` count code points; `folded` is what is compared."""

    folded: str
    start: int
    end: int
    is_word: bool


def tokens(text: str) -> list[Token]:
    """Return the words and marks of a text in order. Spaces and soft hyphens are no tokens.

    A word is a run of letters, digits and their marks, with apostrophes inside it, and with points and commas between
    digits. Words fold case and the ways to write an apostrophe or an accent (NFKC); all quotation marks are one mark,
    all dashes are one, three points are an ellipsis.
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind, words = match.lastgroup, match.group()
        if kind == "word":
            found.append(Token(fold_word(words), match.start(), match.end(), True))
        elif kind == "dots":
            found.append(Token(ELLIPSIS, match.start(), match.end(), False))
        elif words not in "\u00ad\u200b\u2060\ufeff":
            folded = QUOTE if words in _QUOTES else DASH if words in _DASHES else words
            found.append(Token(folded, match.start(), match.end(), False))
    return found


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """Return the word without what may differ between two writings of it: case, forms of apostrophe and of accent.

    Forms of a letter that mean the letter (full width, ligatures) are folded to it. Powers, indices, fractions and
    what stands in a circle or square are not: 10² is not 102.
    """
    if word.isascii():
        return word.lower()
    word = _FOLDED_APOSTROPHE.sub("'", word)
    folded = unicodedata.normalize("NFKC", word)
    if folded != unicodedata.normalize("NFC", word):
        parts = groupby(word, key=_is_kept)
        folded = "".join(
            "".join(part) if kept else unicodedata.normalize("NFKC", "".join(part)) for kept, part in parts
        )
    return folded.casefold()


def _is_kept(letter: str) -> bool:
    """Tell whether the form of a letter says something else than the letter does (UAX 44, 5.7.3)."""
    return unicodedata.decomposition(letter).startswith(("<super>", "<sub>", "<fraction>", "<circle>", "<square>"))


@lru_cache(maxsize=65536)
def search_key(word: str) -> str:
    """Return the folded word without diacritics, as the full-text index has it."""
    folded = fold_word(word)
    if folded.isascii():
        return folded
    letters = unicodedata.normalize("NFD", folded)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if not unicodedata.combining(letter)))
