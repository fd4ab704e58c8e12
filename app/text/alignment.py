"""Aligns the words of a claim with the passage of a record that it stands for, from the runs that both share.

Words are aligned around the longest shared run, within some slack. A run beyond it joins when the claim goes on with
it: then the record's words between are left out, however many they are. Places count words and marks, from 0.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from app.text.runs import FEWEST_WORDS, Run

MOST_BETWEEN = 2
"""Words and marks of the claim's own that may stand between two runs, such as `and`."""


class Code(NamedTuple):
    """A stretch of the claim and the stretch of the record against it, which are equal or differ."""

    is_equal: bool
    claimed: int
    claimed_end: int
    recorded: int
    recorded_end: int


class Alignment(NamedTuple):
    """The stretches in order, without a hole between them; `gaps` are those of the record that were leapt over."""

    codes: list[Code]
    gaps: list[tuple[int, int]]


def align(claim: Sequence[str], record: Sequence[str], runs: Sequence[Run], words: Sequence[int]) -> Alignment:
    """Align a whole claim with a passage of the record; no codes when nothing is equal.

    `runs` are the shared ones, the longest first. `words` says how many words the claim has before each place, as marks
    do not count for a run to be long enough.
    """
    if not runs:
        return Alignment([], [])
    slack = 4 + len(claim) // 3
    pieces = list(_pieces(_chain(runs, words, slack), slack))
    codes: list[Code] = []
    gaps: list[tuple[int, int]] = []
    for number, piece in enumerate(pieces):
        first, last = piece[0], piece[-1]
        start = first.claimed if number else 0
        end = pieces[number + 1][0].claimed if number + 1 < len(pieces) else len(claim)
        least = codes[-1].recorded_end if codes else 0
        most = pieces[number + 1][0].recorded if number + 1 < len(pieces) else len(record)
        low = max(least, first.recorded - (first.claimed - start) - slack)
        high = min(most, last.recorded + (end - last.claimed) + slack)
        held = [run for run in piece if _words(run, words) >= FEWEST_WORDS]
        made = _within(claim, record, (start, end), (low, high), held)
        if codes and made and made[0].recorded > least:
            gaps.append((least, made[0].recorded))
            codes.append(Code(False, start, start, *gaps[-1]))
        codes += made
    return Alignment(_joined(codes), gaps)


def _chain(runs: Sequence[Run], words: Sequence[int], slack: int) -> list[Run]:
    """Return runs that follow one another in both texts, the longest among them."""
    long = [run for run in runs if _words(run, words) >= FEWEST_WORDS]
    chain = [runs[0]]
    while (run := _nearest(_after(chain[-1], long), chain[-1], words, slack)) is not None:
        chain.append(run)
    while (run := _nearest(_before(chain[0], long), chain[0], words, slack)) is not None:
        chain.insert(0, run)
    return chain


def _words(run: Run, words: Sequence[int]) -> int:
    return words[run.claimed + run.size] - words[run.claimed]


def _after(run: Run, runs: Iterable[Run]) -> Iterator[Run]:
    """Yield the runs after one, without the claim's words that it has already."""
    for other in runs:
        shared = max(0, run.claimed + run.size - other.claimed)
        if shared < other.size and other.recorded + shared >= run.recorded + run.size:
            yield Run(other.claimed + shared, other.recorded + shared, other.size - shared)


def _before(run: Run, runs: Iterable[Run]) -> Iterator[Run]:
    """Yield the runs before one, without the claim's words that it has already."""
    for other in runs:
        size = other.size - max(0, other.claimed + other.size - run.claimed)
        if size > 0 and other.recorded + size <= run.recorded:
            yield other._replace(size=size)


def _nearest(found: Iterable[Run], run: Run, words: Sequence[int], slack: int) -> Run | None:
    """Return the one nearest to a run that is long enough, and near enough in the claim or in the record."""
    best: tuple[int, int, Run] | None = None
    for other in found:
        first, last = sorted((other, run))
        between, skipped = _between(first, last)
        if _words(other, words) < FEWEST_WORDS or (between > MOST_BETWEEN and skipped - between > slack):
            continue
        best = min(best, (between, skipped, other)) if best else (between, skipped, other)
    return best[2] if best else None


def _between(first: Run, last: Run) -> tuple[int, int]:
    """Return how many words and marks of the claim, and of the record, stand between two runs."""
    return last.claimed - first.claimed - first.size, last.recorded - first.recorded - first.size


def _pieces(chain: Sequence[Run], slack: int) -> Iterator[list[Run]]:
    """Part a chain where too many of the record's words are left out to be aligned."""
    piece = [chain[0]]
    for before, run in pairwise(chain):
        between, skipped = _between(before, run)
        if skipped - between > slack:
            yield piece
            piece = []
        piece.append(run)
    yield piece


def _within(
    claim: Sequence[str],
    record: Sequence[str],
    claimed: tuple[int, int],
    recorded: tuple[int, int],
    held: Sequence[Run],
) -> list[Code]:
    """Align a stretch of the claim with one of the record; the runs that are held are equal in any case."""
    codes: list[Code] = []
    start, low = claimed[0], recorded[0]
    for run in held:
        codes += _codes(claim[start : run.claimed], record[low : run.recorded], start, low)
        start, low = run.claimed + run.size, run.recorded + run.size
        codes.append(Code(True, run.claimed, start, run.recorded, low))
    codes += _codes(claim[start : claimed[1]], record[low : recorded[1]], start, low)
    return _bounded(_joined(codes))


def _codes(claim: Sequence[str], record: Sequence[str], claimed: int, recorded: int) -> Iterator[Code]:
    """Align as few changes as can be; the codes count from `claimed` and `recorded`."""
    for code in Levenshtein.opcodes(claim, record):
        yield Code(
            code.tag == "equal",
            claimed + code.src_start,
            claimed + code.src_end,
            recorded + code.dest_start,
            recorded + code.dest_end,
        )


def _joined(codes: Iterable[Code]) -> list[Code]:
    """Join neighbours that are equal, and neighbours that differ."""
    joined: list[Code] = []
    for code in codes:
        if joined and joined[-1].is_equal == code.is_equal:
            joined[-1] = joined[-1]._replace(claimed_end=code.claimed_end, recorded_end=code.recorded_end)
        else:
            joined.append(code)
    return joined


def _bounded(codes: list[Code]) -> list[Code]:
    """Take no more recorded words before the first and after the last equal ones than the claim has there.

    What the record has beyond is outside of what the claim stands for.
    """
    if not any(code.is_equal for code in codes):
        return []
    first, last = codes[0], codes[-1]
    if not first.is_equal:
        most = first.claimed_end - first.claimed
        codes[0] = first._replace(recorded=max(first.recorded, first.recorded_end - most))
    if not last.is_equal:
        most = last.claimed_end - last.claimed
        codes[-1] = last._replace(recorded_end=min(last.recorded_end, last.recorded + most))
    return [code for code in codes if code.claimed_end > code.claimed or code.recorded_end > code.recorded]
