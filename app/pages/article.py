"""An article's text cut into rows, and in each the marks that lie on it, nested as a page needs its elements.

Pure: spans in, pieces out. One sweep from the first character to the last cuts the text wherever something begins or
ends; where two marks cross, the later one is cut in two. The words of all pieces, joined, are the text.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

LANES = 4
"""How many lines are told apart below the words; what lies deeper shares the last."""
DEEPEST = 40
"""A mark that would lie inside so many others is not drawn: what crosses is cut by each of them."""
ROW = 600
"""A row of so many code points ends at the next line break, even where that runs through a sentence."""
_ENDS = frozenset(".!?…:”»\"'’)]*")
_CLOSERS = frozenset("”’»\"'")


class Part(StrEnum):
    """What the words of a mark are to that to which it belongs."""

    CONTENT = "content"
    BETWEEN = "between"
    CUE = "cue"
    SPEAKER = "speaker"
    ADDRESSEE = "addressee"
    TIME = "time"
    NOTED = "noted"


class Mark(NamedTuple):
    """Words that belong to something: `owner` is its number, `lane` which line below the words is its own."""

    start: int
    end: int
    owner: int
    part: Part
    lane: int = 0


class Piece(NamedTuple):
    """One thing of four: words, a mark that opens, the innermost mark that closes, or the number of an owner."""

    words: str = ""
    opens: Mark | None = None
    closes: bool = False
    number: int | None = None
    is_first: bool = False


class Row(NamedTuple):
    """Some lines of the text, whole, with the line breaks after them."""

    start: int
    end: int
    pieces: Sequence[Piece]


def lanes(hulls: Sequence[tuple[int, int]]) -> list[int]:
    """Return a lane for each stretch of text, so that those which share words have lanes of their own."""
    order = sorted(range(len(hulls)), key=lambda at: (hulls[at][0], -hulls[at][1], at))
    free: list[int] = []
    busy: list[tuple[int, int]] = []
    found = [0] * len(hulls)
    opened = 0
    for at in order:
        start, end = hulls[at]
        while busy and busy[0][0] <= start:
            heapq.heappush(free, heapq.heappop(busy)[1])
        if free:
            found[at] = heapq.heappop(free)
        else:
            found[at], opened = opened, opened + 1
        heapq.heappush(busy, (end, found[at]))
    return [min(lane, LANES - 1) for lane in found]


def betweens(content: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the stretches between the segments of one quote, which are in reading order."""
    return [(before[1], after[0]) for before, after in pairwise(content) if before[1] < after[0]]


def behind(text: str, end: int) -> int:
    """Return where the number of words that end at `end` stands: behind the mark and the stop that close them."""
    if text[end : end + 1] in _CLOSERS:
        return end + 1
    return end + 2 if text[end : end + 1] in (".", ",") and text[end + 1 : end + 2] in _CLOSERS else end


def row_ends(text: str) -> list[int]:
    """Return where each row ends: behind a line break at the end of a sentence, or before which the row is long.

    Texts are kept with their line breaks, also where these run through a sentence, so that not each makes a row.
    """
    lines = text.splitlines(keepends=True)
    ends: list[int] = []
    at = begun = 0
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        at += len(line)
        stands = line.rstrip()
        is_next_blank = bool(after) and not after.strip()
        if not after or (not is_next_blank and (not stands or stands[-1] in _ENDS or at - begun >= ROW)):
            ends.append(at)
            begun = at
    return ends


def rows(text: str, marks: Iterable[Mark], numbers: Iterable[tuple[int, int]]) -> list[Row]:
    """Return the rows of a text with its marks. `numbers` are pairs of a place and the owner whose number stands there.

    In each row the pieces open and close properly. A mark that goes on in the next row opens again there.
    """
    begun: dict[int, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.start < mark.end:
            begun[mark.start].append(mark)
    told: dict[int, list[int]] = defaultdict(list)
    for place, owner in numbers:
        told[place].append(owner)
    ends = row_ends(text)
    finish = {mark.end for found in begun.values() for mark in found}
    sweep = _Sweep(begun, told)
    made: list[Row] = []
    at = start = 0
    row_end = iter(ends)
    end = next(row_end, 0)
    for place in sorted({0, *begun, *finish, *told, *ends}):
        if place > at:
            sweep.pieces.append(Piece(words=text[at:place]))
        is_over = place == end
        sweep.close(place, everything=is_over)
        if is_over and place:
            made.append(Row(start, place, sweep.taken()))
            start, end = place, next(row_end, len(text))
        sweep.open(place)
        at = place
    return made


class _Sweep:
    """What is open on the way through the text."""

    def __init__(self, begun: Mapping[int, list[Mark]], told: Mapping[int, list[int]]) -> None:
        self.pieces: list[Piece] = []
        self._begun = begun
        self._told = told
        self._open: list[Mark] = []
        self._cut: list[Mark] = []
        self._seen: set[int] = set()

    def taken(self) -> list[Piece]:
        """Return the pieces since the last row."""
        pieces, self.pieces = self.pieces, []
        return pieces

    def close(self, place: int, *, everything: bool) -> None:
        """Close what ends here, and for that what stands inside it; what goes on is kept to be opened again."""
        over = (at for at, mark in enumerate(self._open) if everything or mark.end <= place)
        first = next(over, len(self._open))
        closed = self._open[first:]
        self.pieces += [Piece(closes=True)] * len(closed)
        self._cut = [mark for mark in closed if mark.end > place]
        del self._open[first:]
        self.pieces += [Piece(number=owner) for owner in self._told.get(place, ())]

    def open(self, place: int) -> None:
        """Open again what was cut, and what begins here: the longest outside."""
        begun = sorted(self._begun.get(place, ()), key=lambda mark: (-mark.end, mark.part != Part.CONTENT, mark.owner))
        for mark in [*self._cut, *begun]:
            if len(self._open) < DEEPEST:
                is_first = mark.part is Part.CONTENT and mark.owner not in self._seen
                self._open.append(mark)
                self.pieces.append(Piece(opens=mark, is_first=is_first))
                if is_first:
                    self._seen.add(mark.owner)
        self._cut = []
