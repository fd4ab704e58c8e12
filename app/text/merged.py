"""Finds out whether a claim is made of parts of several recorded quotes."""

from collections.abc import Sequence
from typing import NamedTuple

from app.text.compare import Text
from app.text.fold import Token

FEWEST_WORDS = 4
"""A shorter run of words is no part: too many quotes share it."""
MOST_BETWEEN = 2
"""Words and marks of the claim's own that may stand between two parts, such as `and`."""


class Part(NamedTuple):
    """A run of the claim that stands in one quote; offsets are code points into the claim and into the quote's text."""

    quote: int
    claimed_start: int
    claimed_end: int
    recorded_start: int
    recorded_end: int


def parts(claim: Text, records: Sequence[Text]) -> list[Part]:
    """Return the parts of which the claim is made, in its order; none unless two quotes or more have a part in it.

    Each part is the longest run that begins where the one before ends; of equal ones, that of the first quote.
    """
    found: list[Part] = []
    at = _skip(claim.tokens, 0)
    while at < len(claim.tokens):
        longest = max(
            ((*_longest(claim.tokens, at, record.tokens), -number) for number, record in enumerate(records)),
            default=(0, 0, 0),
        )
        size, place, number = longest[0], longest[1], -longest[2]
        run = claim.tokens[at : at + size]
        if sum(token.is_word for token in run) < FEWEST_WORDS:
            return []
        record = records[number].tokens
        found.append(Part(number, run[0].start, run[-1].end, record[place].start, record[place + size - 1].end))
        at = _next(claim.tokens, at + size, records)
    return found if len({part.quote for part in found}) > 1 else []


def _longest(claim: Sequence[Token], at: int, record: Sequence[Token]) -> tuple[int, int]:
    """Return size and place of the longest run of the record that the claim has at `at`."""
    best, place = 0, 0
    for start, token in enumerate(record):
        if token.folded != claim[at].folded:
            continue
        size = 1
        while (
            at + size < len(claim)
            and start + size < len(record)
            and claim[at + size].folded == record[start + size].folded
        ):
            size += 1
        if size > best:
            best, place = size, start
    return best, place


def _skip(tokens: Sequence[Token], at: int) -> int:
    while at < len(tokens) and not tokens[at].is_word:
        at += 1
    return at


def _next(tokens: Sequence[Token], at: int, records: Sequence[Text]) -> int:
    """Return where the next part begins: the first place, after few words between, at which a whole part stands."""
    first = _skip(tokens, at)
    for start in range(first, min(first + MOST_BETWEEN + 1, len(tokens))):
        size = max((_longest(tokens, start, record.tokens)[0] for record in records), default=0)
        if sum(token.is_word for token in tokens[start : start + size]) >= FEWEST_WORDS:
            return start
    return first
