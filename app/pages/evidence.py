"""Evidence: the passage of a source in which a quote stands, cut into runs, each with what it is to the quote."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from app.tables.segment import SegmentRead
from app.tables.words import Role

LONGEST = 6_000
"""Code points from a quote's first word to its last; what is spread wider is shown piece by piece."""

Read = Callable[[int, int], str | None]
"""Gives the words of the source between two code points, as far as it has any; None where they may not be shown."""


class Run(NamedTuple):
    """Words that stand together: all the roles that they have, and those other than content that end with them."""

    words: str
    roles: Sequence[Role]
    told: Sequence[Role]


class Passage(NamedTuple):
    """The words of the source around a quote, or around one of its parts. `begins`, `ends`: with the source itself."""

    runs: Sequence[Run]
    begins: bool
    ends: bool


def passages(segments: Sequence[SegmentRead], read: Read, *, around: int) -> list[Passage]:
    """Return the passage of a quote with so many code points around it.

    Of a quote that is spread too wide, or whose source may not be shown, the contexts of its parts in their place.
    """
    content = [part for part in segments if part.role is Role.CONTENT]
    for parts in (segments, content):
        first, last = min(part.start for part in parts), max(part.end for part in parts)
        if last - first <= LONGEST:
            low, high = max(0, first - around), last + around
            words = read(low, high)
            if words is not None:
                return [_passage(words, low, high, parts)]
    return [
        Passage((Run(part.prefix, (), ()), Run(part.exact, (part.role,), ()), Run(part.suffix, (), ())), False, False)
        for part in content
    ]


def runs(passage: str, at: int, segments: Sequence[SegmentRead]) -> list[Run]:
    """Return the passage, which begins at that code point of the source, cut wherever a segment begins or ends."""
    end = at + len(passage)
    cuts = sorted({at, end, *(cut for part in segments for cut in (part.start, part.end) if at < cut < end)})
    return [_run(passage[low - at : high - at], low, high, segments) for low, high in pairwise(cuts)]


def _passage(words: str, low: int, high: int, segments: Sequence[SegmentRead]) -> Passage:
    """Return the passage without the word that was cut at either of its ends."""
    begins, ends = low == 0, len(words) < high - low
    found = runs(words, low, segments)
    if not begins and not found[0].roles:
        found[0] = found[0]._replace(words=found[0].words.partition(" ")[2])
    if not ends and not found[-1].roles:
        found[-1] = found[-1]._replace(words=found[-1].words.rpartition(" ")[0])
    return Passage(found, begins, ends)


def _run(words: str, low: int, high: int, segments: Sequence[SegmentRead]) -> Run:
    here = [part for part in segments if part.start <= low and high <= part.end]
    told = [part.role for part in here if part.end == high and part.role is not Role.CONTENT]
    return Run(words, [role for role in Role if role in {part.role for part in here}], told)
