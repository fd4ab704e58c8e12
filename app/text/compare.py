"""Compares the words of a claim with the words of one recorded quote. Pure: no record, no clock, no order.

The comparison is of words and marks as `fold.tokens` gives them, with their offsets kept, so that what is equal and
what differs can be pointed at in both texts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from app.text.alignment import Code, align
from app.text.fold import ELLIPSIS, QUOTE, Token, tokens
from app.text.risk import changes_meaning, is_cut_off
from app.text.runs import Run, Runs


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
    its first word or mark to its last. `unexplained` counts the claim's words that the passage lacks.
    """

    likeness: Likeness
    score: float
    start: int
    end: int
    differences: tuple[Difference, ...]
    meaning_risk: bool
    unexplained: int = 0


Weigh = Callable[[str], float]

FEWEST_EQUAL = 3
"""A claim that shares fewer words in order with a quote is not near to it."""
LEAST_SCORE = 0.45
"""Below this share of equal words, weighed by their rarity, two texts are not near (bench/verification.py)."""
FEWEST_WHOLE = 5
"""A quote of so many words that the claim has unbroken among others is near to it, whatever its share."""
_MARK_WEIGHT = 0.1
_MOST_LEFT_OUT = 4
"""Of words left out in a row between two long runs no more than these count against the score."""
_NOTHING = Comparison(Likeness.NONE, 0.0, 0, 0, (), False)


def even(word: str) -> float:
    """Weigh every word alike."""
    return 1.0


@dataclass(frozen=True, eq=False)
class Text:
    """A text with its tokens, so that one claim compared with many quotes is read once."""

    text: str
    tokens: list[Token]

    @cached_property
    def words(self) -> list[str]:
        """The folded tokens."""
        return [token.folded for token in self.tokens]

    @cached_property
    def inner(self) -> tuple[int, int]:
        """Where the tokens begin and end without quotation marks around them, and a comma or full stop at the end."""
        return _trimmed(self.words)

    @cached_property
    def line(self) -> str:
        """The folded tokens as one string; no token has a line feed in it."""
        return _line(self.words)

    @cached_property
    def runs(self) -> Runs:
        """The runs of the tokens, to be found in other texts."""
        return Runs(self.words)

    @cached_property
    def count(self) -> list[int]:
        """How many words stand before each token, and in all."""
        return list(accumulate((token.is_word for token in self.tokens), initial=0))


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
    start, end = claim.inner
    inner = claim.tokens[start:end]
    if claim.count[end] == claim.count[start]:
        return _NOTHING
    found = _find(inner, record, _BEGIN)
    if found is not None:
        first, last = record.inner
        whole = last - first == len(inner)
        run = (found.token - len(inner), found.token)
        return _exact(claim, record, Likeness.NORMALISED if whole else Likeness.FRAGMENT, run)
    return _elided(claim, inner, record) or _altered(claim, record, weigh)


def _trimmed(words: Sequence[str]) -> tuple[int, int]:
    start, end = 0, len(words)
    while start < end and words[start] == QUOTE:
        start += 1
    while end > start and words[end - 1] == QUOTE:
        end -= 1
    if end > start and words[end - 1] in (",", "."):
        end -= 1
        while end > start and words[end - 1] == QUOTE:
            end -= 1
    return start, end


def _line(words: Iterable[str]) -> str:
    return "\n".join(("", *words, ""))


class _Place(NamedTuple):
    """A place between two tokens of a text, and where it is in the text's line."""

    token: int
    offset: int


_BEGIN = _Place(0, 0)


def _find(part: Sequence[Token], whole: Text, since: _Place) -> _Place | None:
    """Return the end of the first place, from `since` on, where the tokens stand in a row in the whole."""
    wanted = _line(token.folded for token in part)
    at = whole.line.find(wanted, since.offset)
    if at < 0:
        return None
    before = whole.line.count("\n", since.offset, at)
    return _Place(since.token + before + len(part), at + len(wanted) - 1)


def _exact(claim: Text, record: Text, likeness: Likeness, run: tuple[int, int]) -> Comparison:
    """Return that the claim's words are those of a run of the record's tokens."""
    start, end = run
    first, last = (record.tokens[start].start, record.tokens[end - 1].end) if end > start else (0, len(record.text))
    if likeness is Likeness.VERBATIM:
        first, last = 0, len(record.text)
    words = record.text[first:last]
    low, high = (0, len(claim.text)) if likeness is Likeness.VERBATIM else _edges(claim)
    equal = Difference(Op.EQUAL, claim.text[low:high], words, low, high, first, last)
    risk = likeness is Likeness.FRAGMENT and is_cut_off(record.text, record.tokens, run)
    return Comparison(likeness, 1.0, first, last, (equal,), risk)


def _edges(claim: Text) -> tuple[int, int]:
    """Return where the claim's words begin and end, without the marks around them."""
    start, end = claim.inner
    return claim.tokens[start].start, claim.tokens[end - 1].end


def _elided(claim: Text, inner: Sequence[Token], record: Text) -> Comparison | None:
    """Return that the claim leaves out words where it marks it, or None."""
    pieces = list(_pieces(inner))
    if len(pieces) == 1 and len(pieces[0]) == len(inner):
        return None
    runs: list[tuple[int, int]] = []
    since = _BEGIN
    for piece in pieces:
        found = _find(piece, record, since)
        if found is None:
            return None
        runs.append((found.token - len(piece), found.token))
        since = found
    if not runs:
        return None
    start, end = runs[0][0], runs[-1][1]
    left_out = [(one[1], other[0]) for one, other in pairwise(runs)]
    risk = is_cut_off(record.text, record.tokens, (start, end)) or any(
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


def _altered(claim: Text, record: Text, weigh: Weigh) -> Comparison:
    runs = claim.runs.shared(record.words)
    begin, stop = claim.inner
    inside = sorted(_inside(runs, begin, stop), key=lambda run: (-run.size, run.recorded))
    words_before = [words - claim.count[begin] for words in claim.count[begin : stop + 1]]
    codes, gaps = align(claim.words[begin:stop], record.words, inside, words_before)
    if not codes:
        return _NOTHING
    inner = claim.tokens[begin:stop]
    shared = [token for code in codes if code.is_equal for token in inner[code.claimed : code.claimed_end]]
    score = _score(shared, inner, list(_used(record, codes, gaps)), weigh)
    equal = sum(token.is_word for token in shared)
    if not _has_whole(runs, record) and (score < LEAST_SCORE or equal < min(FEWEST_EQUAL, len(inner))):
        return _NOTHING
    start, end = codes[0].recorded, codes[-1].recorded_end
    risk = is_cut_off(record.text, record.tokens, (start, end)) or any(
        changes_meaning(claim.text, inner, (code.claimed, code.claimed_end))
        or changes_meaning(record.text, record.tokens, (code.recorded, code.recorded_end))
        for code in codes
        if not code.is_equal
    )
    return Comparison(
        Likeness.ALTERED,
        min(score, 0.999),
        record.tokens[start].start,
        record.tokens[end - 1].end,
        tuple(_differences(claim, inner, record, codes)),
        risk,
        claim.count[stop] - claim.count[begin] - equal,
    )


def _inside(runs: Iterable[Run], start: int, end: int) -> Iterator[Run]:
    """Yield the part of each run that lies between two of the claim's tokens, as places from the first of them."""
    for run in runs:
        low, high = max(run.claimed, start), min(run.claimed + run.size, end)
        if low < high:
            yield Run(low - start, run.recorded + low - run.claimed, high - low)


def _has_whole(runs: Iterable[Run], record: Text) -> bool:
    """Tell whether the claim has all of a quote's words unbroken, and they are enough to tell."""
    start, end = record.inner
    return record.count[end] - record.count[start] >= FEWEST_WHOLE and any(
        run.recorded <= start and end <= run.recorded + run.size for run in runs
    )


def _used(record: Text, codes: Sequence[Code], gaps: Iterable[tuple[int, int]]) -> Iterator[Token]:
    """Yield the tokens of the passage that count for the score."""
    since = codes[0].recorded
    for start, end in gaps:
        yield from record.tokens[since : min(start + _MOST_LEFT_OUT, end)]
        since = end
    yield from record.tokens[since : codes[-1].recorded_end]


def _score(shared: Iterable[Token], claimed: Iterable[Token], recorded: Iterable[Token], weigh: Weigh) -> float:
    equal, mine, theirs = (sum(_weight(token, weigh) for token in part) for part in (shared, claimed, recorded))
    return 2 * equal / (mine + theirs) if mine + theirs else 0.0


def _differences(claim: Text, inner: Sequence[Token], record: Text, codes: Sequence[Code]) -> Iterator[Difference]:
    """Yield the differences with their words; each takes the space after its last word, so that they join up."""
    claim_end, record_end = inner[-1].end, record.tokens[codes[-1].recorded_end - 1].end
    for code in codes:
        start = inner[code.claimed].start if code.claimed < len(inner) else claim_end
        stop = inner[code.claimed_end].start if code.claimed_end < len(inner) else claim_end
        first = record.tokens[code.recorded].start if code.recorded < len(record.tokens) else record_end
        last = record.tokens[code.recorded_end].start if code.recorded_end < codes[-1].recorded_end else record_end
        first, last = min(first, record_end), max(min(first, record_end), last)
        yield Difference(_op(code), claim.text[start:stop], record.text[first:last], start, stop, first, last)


def _op(code: Code) -> Op:
    if code.is_equal:
        return Op.EQUAL
    if code.claimed == code.claimed_end:
        return Op.INSERT
    return Op.DELETE if code.recorded == code.recorded_end else Op.REPLACE


def _weight(token: Token, weigh: Weigh) -> float:
    return weigh(token.folded) if token.is_word else _MARK_WEIGHT
