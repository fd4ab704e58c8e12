"""Surroundings: the text around a quote, cut where its parts begin and end, so that it is judged where it stands."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.tables.quote import QuoteWhole
from app.tables.segment import SegmentRead
from app.tables.words import Role

AROUND = 500
"""Code points shown before the first part of a quote, and after the last."""
LONGEST = 20_000
"""A quote whose parts stand further apart is shown without those that only tell who said it, how and when."""


class Run(NamedTuple):
    """A run of the text. `roles`: what it is to the quote; `told`: the roles of parts that end with it."""

    words: str
    is_content: bool
    roles: Sequence[Role]
    told: Sequence[Role]


class Surroundings(NamedTuple):
    """The runs, and whether the text goes on before the first and after the last."""

    runs: Sequence[Run]
    is_begun: bool
    is_ended: bool


def around(quote: QuoteWhole, text: str) -> Surroundings:
    """Return the text from some words before the quote's first part to some behind its last."""
    parts: Sequence[SegmentRead] = quote.segments
    if max(part.end for part in parts) - min(part.start for part in parts) > LONGEST:
        parts = [part for part in parts if part.role is Role.CONTENT]
    low = _back(text, min(part.start for part in parts) - AROUND)
    high = _on(text, max(part.end for part in parts) + AROUND)
    borders = sorted({low, high, *(border for part in parts for border in (part.start, part.end))})
    runs = [_run(text, start, end, parts) for start, end in pairwise(borders)]
    return Surroundings(runs, low > 0, high < len(text))


def _run(text: str, start: int, end: int, parts: Sequence[SegmentRead]) -> Run:
    here = [part for part in parts if part.start < end and part.end > start]
    others = [part for part in here if part.role is not Role.CONTENT]
    return Run(
        text[start:end],
        len(others) < len(here),
        list(dict.fromkeys(part.role for part in others)),
        [part.role for part in others if part.end == end],
    )


def _back(text: str, at: int) -> int:
    """Return where to begin: at a word, or with the text."""
    if at <= 0:
        return 0
    found = text.find(" ", at)
    return found + 1 if 0 <= found - at < AROUND // 4 else at


def _on(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    found = text.rfind(" ", 0, at)
    return found if 0 <= at - found < AROUND // 4 else at
