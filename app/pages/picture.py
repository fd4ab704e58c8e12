"""Pictures of quotes, for those who share one: the words set in lines that fit, the largest size that holds them."""

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

WIDTH, HEIGHT = 1200, 630
"""Pixels, as the Open Graph protocol's pictures commonly are."""
_MARGIN = 80
_TOP, _BOTTOM = 90, 470
_SIZES = (72, 64, 56, 50, 44, 40, 36, 32, 28)
_LEADING = 1.35
_NARROW = frozenset("iljtfrI.,;:!'|()[]‘’ ")
_WIDE = frozenset("mwMW@%—…")


class Set(NamedTuple):
    """Words set in lines: the size of their letters, the baseline of each line, and the side at which they begin."""

    size: int
    lines: tuple[tuple[int, str], ...]
    is_from_right: bool

    @property
    def x(self) -> int:
        return WIDTH - _MARGIN if self.is_from_right else _MARGIN


def set_in_lines(words: str) -> Set:
    """Return the words in the largest letters in which all of them fit; past the smallest, they are cut by …."""
    words = " ".join(words.split())
    from_right = is_from_right(words)
    for size in _SIZES:
        lines = list(_lines(words, (WIDTH - 2 * _MARGIN) / size))
        if len(lines) * size * _LEADING <= _BOTTOM - _TOP:
            break
    most = int((_BOTTOM - _TOP) / (size * _LEADING))
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip()[:-1].rstrip() + "…"]
    baselines = (int(_TOP + size + at * size * _LEADING) for at in range(len(lines)))
    return Set(size, tuple(zip(baselines, lines, strict=True)), from_right)


def is_from_right(words: str) -> bool:
    """Tell whether the first letter that has a direction runs from right to left (Unicode Standard Annex 9, P2)."""
    directions = (unicodedata.bidirectional(mark) for mark in words)
    return next((found in ("R", "AL") for found in directions if found in ("L", "R", "AL")), False)


def _lines(words: str, most_ems: float) -> Iterator[str]:
    """Yield lines of at most so many ems. A word that is longer than a line, as in scripts without spaces, is cut."""
    line, width = "", 0.0
    for word in words.split(" "):
        space = _ems(" ") if line else 0.0
        if width + space + _ems(word) <= most_ems:
            line, width = f"{line} {word}" if line else word, width + space + _ems(word)
            continue
        if line:
            yield line
        line, width = "", 0.0
        for mark in word:
            if width + _ems(mark) > most_ems:
                yield line
                line, width = "", 0.0
            line, width = line + mark, width + _ems(mark)
    if line:
        yield line


def _ems(words: str) -> float:
    """Return about how wide the words are, in ems of a common serif: a little more rather than less."""
    return sum(_em(mark) for mark in words)


def _em(mark: str) -> float:
    if unicodedata.combining(mark):
        return 0.0
    if unicodedata.east_asian_width(mark) in "WF":
        return 1.0
    if mark in _WIDE or mark.isupper():
        return 0.86
    return 0.34 if mark in _NARROW else 0.6
