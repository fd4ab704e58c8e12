"""Evidence: a passage of a source cut into runs, each with what its words are to the quote."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from app.tables.segment import SegmentRead
from app.tables.words import Role

AROUND = 220
"""Code points shown before the first word and after the last one of a quote."""
LONGEST = 6_000
"""Code points of a passage; what is spread wider is shown piece by piece."""


class Run(NamedTuple):
    """Words that stand together: the roles that they have, in the order of the vocabulary."""

    words: str
    roles: Sequence[Role]


class Bounds(NamedTuple):
    """Where a passage stands in its source, in code points, end exclusive; the end may lie past that of the source."""

    start: int
    end: int


def bounds(segments: Sequence[SegmentRead]) -> Bounds | None:
    """Return where the passage around a quote stands; None when it is spread too wide to be shown whole."""
    first, last = min(part.start for part in segments), max(part.end for part in segments)
    if last - first > LONGEST:
        return None
    return Bounds(max(0, first - AROUND), last + AROUND)


def runs(passage: str, at: int, segments: Sequence[SegmentRead]) -> list[Run]:
    """Return the passage, which begins at that code point of the source, cut wherever a segment begins or ends."""
    end = at + len(passage)
    cuts = sorted({at, end, *(cut for part in segments for cut in (part.start, part.end) if at < cut < end)})
    return [Run(passage[low - at : high - at], _roles(low, high, segments)) for low, high in pairwise(cuts)]


def trimmed(cut: Sequence[Run], *, begins: bool, ends: bool) -> list[Run]:
    """Return the runs without the word that was cut where the passage begins or ends within the source."""
    found = list(cut)
    if not begins and found and not found[0].roles:
        found[0] = found[0]._replace(words=found[0].words.partition(" ")[2])
    if not ends and found and not found[-1].roles:
        found[-1] = found[-1]._replace(words=found[-1].words.rpartition(" ")[0])
    return found


def _roles(low: int, high: int, segments: Sequence[SegmentRead]) -> list[Role]:
    there = {part.role for part in segments if part.start <= low and high <= part.end}
    return [role for role in Role if role in there]
