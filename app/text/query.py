"""What a person types into a search box, read into words, phrases, exclusions and alternatives. Nothing is an error.

iran talks            both words
"a phrase"            these words in a row
-word  -"a phrase"    without it
talk*                 words that begin so
talks OR dialogue     either one; binds the terms next to it
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from app.text.fold import Token, search_key, tokens

MOST_WORDS = 100
"""A query of more words is refused by those who take it: a text of that length is for verification."""


class Term(NamedTuple):
    """Words in a row; `is_prefix`: the last of them is the beginning of a word. `typed`: as it was, without a minus."""

    words: tuple[str, ...]
    is_prefix: bool
    typed: str = ""


class Query(NamedTuple):
    """All of `groups` must match, of each group any term; none of `excluded` may. Words are search keys."""

    groups: tuple[tuple[Term, ...], ...]
    excluded: tuple[Term, ...]

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms that are wanted, in the order typed."""
        return tuple(term for group in self.groups for term in group)

    @property
    def size(self) -> int:
        """How many words it has."""
        return sum(len(term.words) for term in (*self.terms, *self.excluded))


_PIECE = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?:"|\Z)(?P<star>\*?)|(?P<word>[^\s"]+))')
_BETWEEN = re.compile(r"[^\w]+")
_PLAIN = re.compile(r"[\x00-\x7f\u2010-\u2027\u00b6]*")
_CURLY = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"', "\0": " "})


def parse(text: str) -> Query:
    """Read a query. What has no letter and no digit is passed over; unbalanced marks end with the text."""
    groups: list[tuple[Term, ...]] = []
    excluded: list[Term] = []
    joins = False
    for piece in _PIECE.finditer(text.translate(_CURLY)):
        if piece["word"] == "OR" and not piece["minus"]:
            joins = bool(groups)
            continue
        term = _term(piece)
        if term is None:
            continue
        if piece["minus"]:
            excluded.append(term)
        elif joins:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joins = False
    return Query(tuple(groups), tuple(excluded))


def _term(piece: re.Match[str]) -> Term | None:
    phrase, word = piece["phrase"], piece["word"]
    given = phrase if phrase is not None else word
    keys = tuple(index_words(given))
    if not keys:
        return None
    if phrase is None:
        return Term(keys, word.endswith("*"), word)
    return Term(keys, piece["star"] == "*", f'"{phrase}"{piece["star"] or ""}')


def index_words(text: str) -> Iterator[str]:
    """Yield the words as the full-text index has them: parted at apostrophes and points, without diacritics."""
    for token in tokens(text):
        if token.is_word:
            yield from _keys(token.folded)


def indexed(text: str) -> str:
    """Return a text as the full-text index is given it: its words, or itself where the index parts it alike."""
    return text if _PLAIN.fullmatch(text) else " ".join(index_words(text))


def wording(text: str) -> int | None:
    """Return a number of 64 bits, with sign, that two texts share when they differ only in how they are written.

    More texts share it: it looks at letters and digits alone. None for a text without any.
    """
    folded = text.lower() if text.isascii() else _decomposed(_decomposed(text).casefold())
    letters = "".join(filter(str.isalnum, folded))
    if not letters:
        return None
    return int.from_bytes(hashlib.blake2b(letters.encode(), digest_size=8).digest(), "big", signed=True)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


@lru_cache(maxsize=65536)
def _keys(folded: str) -> tuple[str, ...]:
    return tuple(part for part in _BETWEEN.split(search_key(folded)) if part.strip("_"))


def ranges(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where the query's terms stand in a text: code-point offsets, end exclusive, in order, not overlapping."""
    words = [(key, token) for token in tokens(text) if token.is_word for key in _keys(token.folded)]
    hits: list[tuple[int, int]] = []
    for term in query.terms:
        hits += _standing(words, term)
    joined: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _standing(words: Sequence[tuple[str, Token]], term: Term) -> Iterator[tuple[int, int]]:
    *before, last = term.words
    size = len(before)
    for at in range(size, len(words)):
        key, token = words[at]
        if (key.startswith(last) if term.is_prefix else key == last) and (
            not before or [word for word, _ in words[at - size : at]] == before
        ):
            yield words[at - size][1].start, token.end
