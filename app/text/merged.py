"""Finds out whether a claim is made of parts of several recorded quotes."""

from collections.abc import Sequence
from typing import NamedTuple

from app.text.alignment import MOST_BETWEEN
from app.text.compare import Text
from app.text.runs import FEWEST_WORDS, Place


class Part(NamedTuple):
    """A run of the claim that stands in one quote; offsets are code points into the claim and into the quote's text."""

    quote: int
    claimed_start: int
    claimed_end: int
    recorded_start: int
    recorded_end: int


def parts(claim: Text, records: Sequence[Text]) -> list[Part]:
    """Return the parts of which the claim is made, in its order; none unless two quotes or more have a part in it.

    Each part is the longest run that begins where the one before ends; of equal ones, that of the first quote, and in
    it the first. A part has four words or more, and at most two words of the claim's own stand between two.
    """
    places = claim.runs.longest([record.words for record in records])
    found: list[Part] = []
    at = _skip(claim, 0)
    while at < len(claim.tokens):
        place = places[at]
        if not _is_part(claim, at, place):
            return []
        record, last = records[place.record].tokens, at + place.size - 1
        start, end = record[place.recorded].start, record[place.recorded + place.size - 1].end
        found.append(Part(place.record, claim.tokens[at].start, claim.tokens[last].end, start, end))
        at = _next(claim, last + 1, places)
    return found if len({part.quote for part in found}) > 1 else []


def _is_part(claim: Text, at: int, place: Place) -> bool:
    return claim.count[at + place.size] - claim.count[at] >= FEWEST_WORDS


def _skip(claim: Text, at: int) -> int:
    while at < len(claim.tokens) and not claim.tokens[at].is_word:
        at += 1
    return at


def _next(claim: Text, at: int, places: Sequence[Place]) -> int:
    """Return where the next part begins: the first place, after few words between, at which a whole part stands."""
    first = _skip(claim, at)
    near = range(first, min(first + MOST_BETWEEN + 1, len(claim.tokens)))
    return next((start for start in near if _is_part(claim, start, places[start])), first)
