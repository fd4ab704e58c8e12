"""Follows quotes from a text into the text that revises it: what stands where it stood, elsewhere, changed, or no more.

Both texts are aligned word by word, as they are printed: case and marks count. A passage is taken to be the same only
where every one of its words stands exactly, with what belongs to it: who is named as the speaker, the reporting word.
The same words under another name are another quote, and a likeness is for a person to judge.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance import Levenshtein

from app.text import anchor as anchors
from app.text import borders
from app.text.anchor import Span
from app.text.compare import Comparison, Difference, Likeness, Op, Text, compare, read

FEWEST_WORDS = 5
"""So many words tell a place apart from others: a passage has them in itself, or with the equal words around it."""
LEAST_SHARE = 0.5
"""A passage whose place is known is there still, though changed, when so many of its words are."""


class Outcome(StrEnum):
    """What became of a passage."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


class Passage(NamedTuple):
    """What a quote rests on in the old text: its words, in order, and further spans that must come along."""

    content: tuple[Span, ...]
    others: tuple[Span, ...] = ()


class Followed(NamedTuple):
    """Where a passage stands in the new text.

    Of an altered one, `content` is the nearest passage, `others` are None where they are not found, and the differences
    turn the old words into the new ones (`claimed` are the old ones, `recorded` the new ones). Of one that is gone all
    of it is empty.
    """

    outcome: Outcome
    content: tuple[Span, ...] = ()
    others: tuple[Span | None, ...] = ()
    differences: tuple[Difference, ...] = ()
    score: float = 1.0


class _Found(NamedTuple):
    """Where one span stands. `aligned`: where aligned so; `sure`: with the very same words, nobody else's."""

    span: Span
    aligned: bool
    sure: bool


class Revision:
    """Two texts, aligned once for all passages."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = read(old), read(new)
        self._codes = Levenshtein.opcodes(_printed(self._old), _printed(self._new))
        self._mates: list[int | None] = [None] * len(self._old.tokens)
        self._back: list[int | None] = [None] * len(self._new.tokens)
        for code in self._codes:
            if code.tag == "equal":
                for at in range(code.src_end - code.src_start):
                    self._mates[code.src_start + at] = code.dest_start + at
                    self._back[code.dest_start + at] = code.src_start + at
        self._strange = [read(new[start:end]) for start, end in self._strange_spans()]
        self._strange_starts = [start for start, _ in self._strange_spans()]

    def follow(self, passage: Passage) -> Followed:
        """Return what became of a passage. Raises nothing: what cannot be found is gone."""
        found = [self._exact(span) or self._nearest(span) for span in passage.content]
        there = [one for one in found if one is not None]
        if not there:
            return Followed(Outcome.GONE)
        content = tuple(one.span for one in there)
        others = tuple(self._beside(span, passage.content, found) for span in passage.others)
        if len(there) == len(found) and None not in others and self._is_same(passage, there):
            outcome = Outcome.UNCHANGED if content == passage.content else Outcome.MOVED
            return Followed(outcome, content, others)
        kept = tuple(_apart(content))
        compared = self._compared(passage.content, kept)
        return Followed(Outcome.ALTERED, kept, others, compared.differences, compared.score)

    def _is_same(self, passage: Passage, found: Sequence[_Found]) -> bool:
        """Tell whether the words stand there in order, in the place that the text around them gives them.

        Words that stand elsewhere must have come along with the other spans or, when there are none, with the words
        around them: the same words in another place may be somebody else's.
        """
        spans = [one.span for one in found]
        if not all(one.sure for one in found) or any(one.end > other.start for one, other in pairwise(spans)):
            return False
        shifts = {one.span.start - span.start for span, one in zip(passage.content, found, strict=True)}
        if all(one.aligned for one in found):
            return all(
                self._words(span) + self._context(span, one.span) >= FEWEST_WORDS
                for span, one in zip(passage.content, found, strict=True)
            )
        return len(shifts) == 1 and (
            bool(passage.others) or self._context(passage.content[0], found[0].span) >= FEWEST_WORDS
        )

    def _exact(self, span: Span) -> _Found | None:
        """Return where the very words stand: where the alignment has them, else the likeliest place that is free."""
        aligned = self._carried(span)
        if aligned is not None:
            return _Found(aligned, True, True)
        words = self._old.text[span.start : span.end]
        free = [Span(at, at + len(words)) for at in anchors.places(self._new.text, words)]
        free = [place for place in free if self._is_free(place)]
        if not free:
            return None
        expected = self._image(span).start
        best = min(free, key=lambda place: (-self._context(span, place), abs(place.start - expected)))
        # Where words stand twice in a row, the alignment may give a place in part to one and in part to the other.
        is_aligned = best.start <= expected <= best.end and self._has_mates(best, span)
        return _Found(best, is_aligned, not self._is_claimed(best, span, words))

    def _is_claimed(self, place: Span, span: Span, words: str) -> bool:
        """Tell whether the same words stand elsewhere in the old text too, and fit the place as well."""
        others = (Span(at, at + len(words)) for at in anchors.places(self._old.text, words))
        fit = self._context(span, place)
        return any(
            other != span and self._carried(other) is None and self._context(other, place) >= fit for other in others
        )

    def _nearest(self, span: Span) -> _Found | None:
        """Return where words stand that are near to the span's: where the alignment has it, else in what is new."""
        claim = read(self._old.text[span.start : span.end])
        image = self._image(span)
        if image.end > image.start:
            compared = compare(claim, read(self._new.text[image.start : image.end]))
            if compared.likeness is not Likeness.NONE:
                return _Found(Span(image.start + compared.start, image.start + compared.end), True, False)
            if self._share(span) >= LEAST_SHARE:
                return _Found(image, True, False)
        candidates = [
            (compared.score, -start, Span(start + compared.start, start + compared.end))
            for start, text in zip(self._strange_starts, self._strange, strict=True)
            if (compared := compare(claim, text)).likeness is not Likeness.NONE
        ]
        return _Found(max(candidates)[2], False, False) if candidates else None

    def _beside(self, span: Span, content: Sequence[Span], found: Sequence[_Found | None]) -> Span | None:
        """Return where a span stands that belongs to the words: where these went, and nowhere else."""
        words = self._old.text[span.start : span.end]
        if all(one is None or one.aligned for one in found):
            aligned = self._carried(span)
            if aligned is not None:
                return aligned
        for before, one in zip(content, found, strict=True):
            if one is None:
                continue
            start = span.start + one.span.start - before.start
            place = Span(start, start + len(words))
            if start >= 0 and self._new.text[place.start : place.end] == words and self._is_whole(place, span):
                return place
        return None

    def _carried(self, span: Span) -> Span | None:
        """Return where the alignment has a span with the very same words, line breaks apart; None for nowhere."""
        carried = _carry(span, self._old, self._new, self._mates)
        if carried is None or not self._is_whole(carried, span):
            return None
        before, after = (
            anchors.fold_lines(text[part.start : part.end])
            for text, part in ((self._old.text, span), (self._new.text, carried))
        )
        return carried if before == after else None

    def _is_whole(self, place: Span, span: Span) -> bool:
        """Tell whether a place cuts no word that the old span did not cut."""
        begins = borders.may_begin(self._new.text, place.start) or not borders.may_begin(self._old.text, span.start)
        return begins and (borders.may_end(self._new.text, place.end) or not borders.may_end(self._old.text, span.end))

    def _is_free(self, place: Span) -> bool:
        """Tell whether the words of a place are not, as a whole, those of some place of the old text."""
        return _carry(place, self._new, self._old, self._back) is None

    def _has_mates(self, place: Span, span: Span) -> bool:
        """Tell whether some word of the place is aligned with the one of the span that it stands for."""
        pairs = zip(_within(self._old, span), _within(self._new, place), strict=False)
        return any(self._mates[old] == new for old, new in pairs)

    def _image(self, span: Span) -> Span:
        """Return what of the new text stands in the place of a span; empty where nothing does."""
        tokens = _within(self._old, span)
        if not tokens:
            return Span(0, 0)
        start, end = len(self._new.tokens), 0
        for code in self._codes:
            low, high = max(code.src_start, tokens.start), min(code.src_end, tokens.stop)
            if low < high and code.tag == "equal":
                start = min(start, code.dest_start + low - code.src_start)
                end = max(end, code.dest_start + high - code.src_start)
            elif low < high:
                start, end = min(start, code.dest_start), max(end, code.dest_end)
        first = self._new.tokens[start].start if start < len(self._new.tokens) else len(self._new.text)
        return Span(first, self._new.tokens[end - 1].end if end > start else first)

    def _share(self, span: Span) -> float:
        words = [at for at in _within(self._old, span) if self._old.tokens[at].is_word]
        return sum(self._mates[at] is not None for at in words) / len(words) if words else 0.0

    def _words(self, span: Span) -> int:
        return sum(self._old.tokens[at].is_word for at in _within(self._old, span))

    def _context(self, span: Span, place: Span) -> int:
        """Return how many words around a span and a place are the same; both ends of a text are enough of them."""
        here, there = _within(self._old, span), _within(self._new, place)
        before = self._equal(here.start - 1, there.start - 1, -1)
        return before + self._equal(here.stop, there.stop, 1)

    def _equal(self, here: int, there: int, step: int) -> int:
        old, new = self._old.tokens, self._new.tokens
        count = 0
        while 0 <= here < len(old) and 0 <= there < len(new) and count < FEWEST_WORDS:
            mine, theirs = old[here], new[there]
            if self._old.text[mine.start : mine.end] != self._new.text[theirs.start : theirs.end]:
                return count
            count += mine.is_word
            here, there = here + step, there + step
        ended = not 0 <= here < len(old) and not 0 <= there < len(new)
        return FEWEST_WORDS if ended else count

    def _strange_spans(self) -> Iterator[Span]:
        """Yield the stretches of the new text that stand for nothing long in the old one."""
        start = 0
        kept = [c for c in self._codes if c.tag == "equal" and c.dest_end - c.dest_start > 2 * FEWEST_WORDS]
        for low, high in [*((c.dest_start, c.dest_end) for c in kept), (len(self._new.tokens),) * 2]:
            if start < low:
                yield Span(self._new.tokens[start].start, self._new.tokens[low - 1].end)
            start = high

    def _compared(self, before: Sequence[Span], after: Sequence[Span]) -> Comparison:
        """Compare the words of a quote then and now; where no likeness is seen, all of them are replaced."""
        old, new = anchors.join(self._old.text, before), anchors.join(self._new.text, after)
        compared = compare(read(old), read(new))
        if compared.likeness is not Likeness.NONE:
            return compared
        whole = Difference(Op.REPLACE, old, new, 0, len(old), 0, len(new))
        return compared._replace(differences=(whole,))


def follow(old: str, new: str, passages: Sequence[Passage]) -> list[Followed]:
    """Return what became of each passage of the old text in the new one."""
    revision = Revision(old, new)
    return [revision.follow(passage) for passage in passages]


def _printed(text: Text) -> list[str]:
    return [text.text[token.start : token.end] for token in text.tokens]


def _within(text: Text, span: Span) -> range:
    """Return the places of the tokens that a span touches."""
    first = bisect_right(text.tokens, span.start, key=lambda token: token.end)
    last = bisect_right(text.tokens, span.end - 1, key=lambda token: token.start)
    return range(first, max(first, last))


def _carry(span: Span, here: Text, there: Text, mates: Sequence[int | None]) -> Span | None:
    """Return where a span stands in the other text when all its tokens are aligned with tokens in a row."""
    tokens = _within(here, span)
    if not tokens:
        return None
    first, last = mates[tokens.start], mates[tokens.stop - 1]
    if first is None or any(mates[at] != first + at - tokens.start for at in tokens) or last is None:
        return None
    start = there.tokens[first].start + span.start - here.tokens[tokens.start].start
    end = there.tokens[last].end - (here.tokens[tokens.stop - 1].end - span.end)
    return Span(start, end)


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    """Yield spans in order of the text, without those that overlap one before them."""
    end = 0
    for span in sorted(spans):
        if span.start >= end:
            yield span
            end = span.end
