"""Compares the words of a claim with the words of one recorded quote. Pure: no record, no clock, no order.

The comparison is of words and marks as `fold.tokens` gives them, with their offsets kept, so that what is equal and
what differs can be pointed at in both texts.
"""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from app.text.fold import ELLIPSIS, QUOTE, Token, tokens
from app.text.risk import changes_meaning, is_cut_off


class Likeness(StrEnum):
    """How near the claim is to the quote, the nearest first."""

    VERBATIM = "verbatim"
    NORMALISED = "normalised"
    FRAGMENT = "fragment"
    ELIDED = "elided"
    ALTERED = "altered"
    NONE = "none"


class Op(StrEnum):
    """What turns the claim into the record: `insert` adds recorded words that the claim lacks."""

    EQUAL = "equal"
    REPLACE = "replace"
    INSERT = "insert"
    DELETE = "delete"


class Difference(NamedTuple):
    """A run of words; offsets are code points into the claim and into the quote's text."""

    op: Op
    claimed: str
    recorded: str
    claimed_start: int
    claimed_end: int
    recorded_start: int
    recorded_end: int


class Comparison(NamedTuple):
    """What the comparison says. `start` and `end` are the passage of the quote's text that the claim stands for.

    The `recorded` words of the differences, joined, are that passage; the `claimed` words, joined, are the claim from
    its first word or mark to its last.
    """

    likeness: Likeness
    score: float
    start: int
    end: int
    differences: tuple[Difference, ...]
    meaning_risk: bool


Weigh = Callable[[str], float]

FEWEST_EQUAL = 3
"""A claim that shares fewer words in order with a quote is not near to it."""
LEAST_SCORE = 0.45
"""Below this share of equal words, weighed by their rarity, two texts are not near (bench/verification.py)."""
_MARK_WEIGHT = 0.1
_NOTHING = Comparison(Likeness.NONE, 0.0, 0, 0, (), False)


def even(word: str) -> float:
    """Weigh every word alike."""
    return 1.0


class Text(NamedTuple):
    """A text with its tokens, so that one claim compared with many quotes is read once."""

    text: str
    tokens: list[Token]


def read(text: str) -> Text:
    """Return a text with its tokens."""
    return Text(text, tokens(text))


def compare(claim: Text, record: Text, *, weigh: Weigh = even) -> Comparison:
    """Compare a claim with a quote's text. `weigh` gives the weight of a folded word, from its rarity.

    `verbatim`: equal code point for code point. `normalised`: equal after folding. `fragment`: an unbroken run of whole
    words. `elided`: runs in order, with a mark of omission in the claim wherever words are left out. `altered`: the
    words differ, and the differences say how. `none`: not near.
    """
    if claim.text == record.text and record.text:
        return _exact(claim, record, Likeness.VERBATIM, (0, len(record.tokens)))
    inner = _trimmed(claim.tokens)
    if not any(token.is_word for token in inner):
        return _NOTHING
    run = _find(inner, record.tokens, 0)
    if run is not None:
        whole = len(_trimmed(record.tokens)) == len(inner)
        return _exact(claim, record, Likeness.NORMALISED if whole else Likeness.FRAGMENT, run)
    return _elided(claim, inner, record) or _altered(claim, inner, record, weigh)


def _trimmed(found: Sequence[Token]) -> Sequence[Token]:
    """Leave off the quotation marks around a text, and a comma or full stop at its end."""
    start, end = 0, len(found)
    while start < end and found[start].folded == QUOTE:
        start += 1
    while end > start and found[end - 1].folded == QUOTE:
        end -= 1
    if end > start and found[end - 1].folded in (",", "."):
        end -= 1
        while end > start and found[end - 1].folded == QUOTE:
            end -= 1
    return found[start:end]


def _find(part: Sequence[Token], whole: Sequence[Token], since: int) -> tuple[int, int] | None:
    """Return where the tokens stand in a row in the whole, from `since` on."""
    wanted = [token.folded for token in part]
    have = [token.folded for token in whole]
    first, size = wanted[0], len(wanted)
    at = since
    while at + size <= len(have):
        try:
            at = have.index(first, at, len(have) - size + 1)
        except ValueError:
            return None
        if have[at : at + size] == wanted:
            return at, at + size
        at += 1
    return None


def _exact(claim: Text, record: Text, likeness: Likeness, run: tuple[int, int]) -> Comparison:
    """Return that the claim's words are those of a run of the record's tokens."""
    start, end = run
    first, last = (record.tokens[start].start, record.tokens[end - 1].end) if end > start else (0, len(record.text))
    if likeness is Likeness.VERBATIM:
        first, last = 0, len(record.text)
    words = record.text[first:last]
    low, high = (0, len(claim.text)) if likeness is Likeness.VERBATIM else _edges(claim)
    equal = Difference(Op.EQUAL, claim.text[low:high], words, low, high, first, last)
    risk = likeness is Likeness.FRAGMENT and is_cut_off(record.tokens, run)
    return Comparison(likeness, 1.0, first, last, (equal,), risk)


def _edges(claim: Text) -> tuple[int, int]:
    """Return where the claim's words begin and end, without the marks around them."""
    inner = _trimmed(claim.tokens)
    return inner[0].start, inner[-1].end


def _elided(claim: Text, inner: Sequence[Token], record: Text) -> Comparison | None:
    """Return that the claim leaves out words where it marks it, or None."""
    pieces = list(_pieces(inner))
    if len(pieces) == 1 and len(pieces[0]) == len(inner):
        return None
    runs: list[tuple[int, int]] = []
    since = 0
    for piece in pieces:
        run = _find(piece, record.tokens, since)
        if run is None:
            return None
        runs.append(run)
        since = run[1]
    if not runs:
        return None
    start, end = runs[0][0], runs[-1][1]
    left_out = [(one[1], other[0]) for one, other in pairwise(runs)]
    risk = is_cut_off(record.tokens, (start, end)) or any(
        changes_meaning(record.text, record.tokens, gap) for gap in left_out
    )
    differences = tuple(_around(claim, record, pieces, runs))
    return Comparison(Likeness.ELIDED, 1.0, record.tokens[start].start, record.tokens[end - 1].end, differences, risk)


def _pieces(inner: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield what stands between marks of omission: `…`, `...`, `[…]`, `(...)`."""
    start = 0
    for at, token in enumerate(inner):
        if token.folded != ELLIPSIS:
            continue
        end = at - 1 if at and inner[at - 1].folded in "[(" else at
        if any(part.is_word for part in inner[start:end]):
            yield inner[start:end]
        start = at + 2 if at + 1 < len(inner) and inner[at + 1].folded in "])" else at + 1
    if any(part.is_word for part in inner[start:]):
        yield inner[start:]


def _around(
    claim: Text, record: Text, pieces: Sequence[Sequence[Token]], runs: Sequence[tuple[int, int]]
) -> Iterator[Difference]:
    """Yield the equal pieces, and between them what the claim's mark stands for."""
    for at, (piece, run) in enumerate(zip(pieces, runs, strict=True)):
        low, high = piece[0].start, piece[-1].end
        first, last = record.tokens[run[0]].start, record.tokens[run[1] - 1].end
        if at:
            before, gap = pieces[at - 1][-1].end, record.tokens[runs[at - 1][1] - 1].end
            left, right = claim.text[before:low], record.text[gap:first]
            yield Difference(Op.REPLACE, left, right, before, low, gap, first)
        yield Difference(Op.EQUAL, claim.text[low:high], record.text[first:last], low, high, first, last)


def _altered(claim: Text, inner: Sequence[Token], record: Text, weigh: Weigh) -> Comparison:
    window = _window(inner, record.tokens)
    if window is None:
        return _NOTHING
    low, high = window
    have = record.tokens[low:high]
    codes = [
        (Op(code.tag), code.src_start, code.src_end, code.dest_start, code.dest_end)
        for code in Levenshtein.opcodes([t.folded for t in inner], [t.folded for t in have])
    ]
    codes = _bounded(_merged(codes))
    equal = [(code[1], code[2]) for code in codes if code[0] is Op.EQUAL]
    shared = [token for start, end in equal for token in inner[start:end]]
    used = have[codes[0][3] : codes[-1][4]] if codes else []
    weights = [sum(_weight(token, weigh) for token in part) for part in (shared, inner, used)]
    score = 2 * weights[0] / (weights[1] + weights[2]) if weights[1] + weights[2] else 0.0
    if score < LEAST_SCORE or sum(token.is_word for token in shared) < min(FEWEST_EQUAL, len(inner)):
        return _NOTHING
    start, end = low + codes[0][3], low + codes[-1][4]
    differences = tuple(_differences(claim, inner, record, codes, low))
    risk = is_cut_off(record.tokens, (start, end)) or any(
        changes_meaning(claim.text, inner, (code[1], code[2]))
        or changes_meaning(record.text, record.tokens, (low + code[3], low + code[4]))
        for code in codes
        if code[0] is not Op.EQUAL
    )
    passage = record.tokens[start:end]
    return Comparison(Likeness.ALTERED, min(score, 0.999), passage[0].start, passage[-1].end, differences, risk)


_Code = tuple[Op, int, int, int, int]


def _window(inner: Sequence[Token], have: Sequence[Token]) -> tuple[int, int] | None:
    """Return the part of the record's tokens to align the claim with: what lies around their longest common run."""
    mine, theirs = [token.folded for token in inner], [token.folded for token in have]
    match = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match()
    if match.size == 0:
        return None
    slack = 4 + len(mine) // 3
    low = max(0, match.b - match.a - slack)
    high = min(len(theirs), match.b - match.a + len(mine) + slack)
    return low, high


def _merged(codes: Sequence[_Code]) -> list[_Code]:
    """Join neighbours that differ to one difference."""
    merged: list[_Code] = []
    for code in codes:
        before = merged[-1] if merged else None
        if before is not None and (before[0] is Op.EQUAL) == (code[0] is Op.EQUAL):
            claimed, recorded = code[2] > before[1], code[4] > before[3]
            op = code[0] if code[0] is Op.EQUAL else Op.REPLACE if claimed and recorded else code[0]
            merged[-1] = (op, before[1], code[2], before[3], code[4])
        else:
            merged.append(code)
    return merged


def _bounded(codes: list[_Code]) -> list[_Code]:
    """Take no more recorded words before the first and after the last equal ones than the claim has there.

    What the record has beyond is outside of what the claim stands for.
    """
    if not any(code[0] is Op.EQUAL for code in codes):
        return []
    op, a, b, c, d = codes[0]
    if op is not Op.EQUAL:
        codes[0] = (Op.DELETE if c == d else Op.REPLACE, a, b, max(c, d - (b - a)), d)
    op, a, b, c, d = codes[-1]
    if op is not Op.EQUAL:
        codes[-1] = (Op.DELETE if c == d else Op.REPLACE, a, b, c, min(d, c + (b - a)))
    return [code for code in codes if code[2] > code[1] or code[4] > code[3]]


def _differences(
    claim: Text, inner: Sequence[Token], record: Text, codes: Sequence[_Code], low: int
) -> Iterator[Difference]:
    """Yield the differences with their words; each takes the space after its last word, so that they join up."""
    claim_end, record_end = inner[-1].end, record.tokens[low + codes[-1][4] - 1].end
    for op, a, b, c, d in codes:
        start = inner[a].start if a < len(inner) else claim_end
        stop = inner[b].start if b < len(inner) else claim_end
        first = record.tokens[low + c].start if low + c < len(record.tokens) else record_end
        last = record.tokens[low + d].start if d < codes[-1][4] else record_end
        first, last = min(first, record_end), max(min(first, record_end), last)
        yield Difference(op, claim.text[start:stop], record.text[first:last], start, stop, first, last)


def _weight(token: Token, weigh: Weigh) -> float:
    return weigh(token.folded) if token.is_word else _MARK_WEIGHT
