"""Finds the quotations in a draft: what stands between quotation marks of any form.

Straight marks and apostrophes do not tell what they are: what stands beside them does. Where that is not enough, a
quotation too many is yielded rather than one too few: whoever checks a draft sees the one and never the other.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from app.text.anchor import Span

_PAIRS = (
    *('“”"“', '‟”"', '„“”"', '""”', "””", "＂＂", "〝〞〟", "‘’'", "‛’'", "‚‘’'", "''’"),
    *("«»", "»«»", "‹›", "›‹›", "「」", "『』", "｢｣", "﹁﹂", "﹃﹄"),
)
_CLOSING = {pair[0]: pair[1:] for pair in _PAIRS}
"""What each opening mark ends with, first of all the first; typed marks and curly ones are mixed in many a draft."""
_MARK = re.compile("[" + "".join(sorted({*_CLOSING, *"".join(_CLOSING.values())})) + "]")
_ONLY_OPEN = frozenset(_CLOSING) - frozenset("\"'”＂»›")
_ONLY_CLOSE = frozenset("」』｣﹂﹄〞〟")
_SINGLE = frozenset("‘’‛‚'")

BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
"""What stands between two paragraphs."""
_DASHES = frozenset("-‐‑‒–—―")
_BEFORE_OPENING = _DASHES | frozenset("([{<>*_/|¿¡")
"""What an opening mark may follow besides space and other marks: brackets, dashes, markup."""
_UNSPACED = frozenset(":;,：，、。")
"""What it may follow when a word comes next: said:"Yes"."""
_AFTER_CLOSING = frozenset(",.;:!?)]}。，、！？；：")
_LOOKAHEAD = 40
"""How many marks further on it is looked for what closes a quotation, so that no draft takes long."""
_LETTER = re.compile(r"[^\W_]")
_STOP = re.compile(r"[.!?;…]\s")

_ELIDED = re.compile(
    r"(?:\d\ds?|tis|twas|twere|twill|twould|em|til|till|cause|cos|coz|bout|round|neath|gainst|n)(?!\w)", re.IGNORECASE
)
"""What has an apostrophe before it for the letters left out: ’tis, the ’90s, rock ’n’ roll."""
_CLIPPED = re.compile(r"(?:\b(?:o|an|th|n)|in|[sxz\d])\Z", re.IGNORECASE)
"""What may have an apostrophe, or the mark of a foot, after it: the workers’ rights, talkin’, 6' high."""
_NO_NOUN = re.compile(
    r"\s+(?:and|or|but|nor|is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|shall|"
    r"should|he|she|they|it|we|you|i|who|which|that|as|in|on|at|to|of|from|with|by|when|while|if|because|says?|said|told|"
    r"asked|added|wrote)\b",
    re.IGNORECASE,
)
"""What never follows a possessive: ‘the bosses’ and …, unlike the workers’ rights."""


class _Mark(NamedTuple):
    """A mark with what stands beside it. `begins`, `ends`: whether a quotation may begin or end here."""

    form: str
    at: int
    before: str
    after: str
    begins: bool
    ends: bool

    @property
    def is_within(self) -> bool:
        """Whether one may begin here while another is open: “I was going to—” ends at its dash."""
        return self.begins and (self.before not in _DASHES or self.after.isalnum())


@dataclass(eq=False)
class _Opened:
    """A quotation from its opening mark on: the one in which it stands, and its end once that is found."""

    form: str
    at: int
    inside: "_Opened | None"
    end: int | None = None


def quotations(draft: str) -> Iterator[Span]:
    """Yield what each pair of quotation marks encloses, without marks and blanks, in order; offsets count code points.

    A quotation stands in one paragraph. One within another is yielded as well when its marks are of another form; of
    the same form, it is but a part of the other. One that is not closed ends where the next of its form begins, or else
    with its paragraph, as one does that goes on in the next. What encloses no letter and no digit is passed over.
    """
    low = 0
    for gap in [*BLANK_LINE.finditer(draft), None]:
        high = gap.start() if gap else len(draft)
        yield from _Paragraph(draft, low, high).quotations()
        low = gap.end() if gap else high


class _Paragraph:
    """One paragraph of a draft, read from mark to mark."""

    def __init__(self, draft: str, low: int, high: int) -> None:
        self.text, self.low, self.high = draft, low, high
        self.marks = list(self._marks())
        self.open: list[_Opened] = []
        self.found: list[_Opened] = []
        self.doubted: _Opened | None = None

    def quotations(self) -> Iterator[Span]:
        for number, mark in enumerate(self.marks):
            self._read(mark, number)
        # Seen from the end: the next one of each form, and the next letter or digit.
        following: dict[str, int] = {}
        word = last = self.high
        spans: list[Span] = []
        for opened in sorted(self.found, key=lambda opened: opened.at, reverse=True):
            end = self._end(opened, following.get(opened.form, self.high))
            following[opened.form] = opened.at
            found = _LETTER.search(self.text, opened.at, last)
            word, last = found.start() if found else word, opened.at
            if end is not None and word < end and self._stands_alone(opened):
                spans.append(self._stripped(opened.at + 1, end))
        yield from reversed(spans)

    def _marks(self) -> Iterator[_Mark]:
        follows_opening = False
        ended = -1
        for found in _MARK.finditer(self.text, self.low, self.high):
            form, at = found.group(), found.start()
            before = self.text[at - 1] if at > self.low else ""
            after = self.text[at + 1] if at + 1 < self.high else ""
            # Of several marks in a row, the first one tells.
            if at != ended:
                follows_opening = not before or before.isspace() or before in _BEFORE_OPENING
                follows_opening = follows_opening or (before in _UNSPACED and after.isalnum())
            ended = at + 1
            if form in _SINGLE and before.isalnum() and after.isalnum():
                continue  # don’t
            is_last = not after or after.isspace() or after in _AFTER_CLOSING
            begins = follows_opening and not (after.isspace() or not after)
            if form in _ONLY_OPEN:
                begins = follows_opening or not is_last
            ends = at > self.low and (form in _ONLY_CLOSE or is_last or not before.isspace())
            yield _Mark(form, at, before, after, begins, ends)

    def _read(self, mark: _Mark, number: int) -> None:
        partner = self._partner(mark)
        if partner is not None:
            if not self._may_be_none(mark) or not self._is_closed_later(partner, number):
                self._close(partner, mark.at)
        elif mark.form in _CLOSING and (mark.is_within if self.open else mark.begins):
            opened = _Opened(mark.form, mark.at, self.open[-1] if self.open else None)
            elided = mark.form in "'‘‛" and _ELIDED.match(self.text, mark.at + 1, self.high)
            if elided and mark.form == "'":
                self.doubted = opened
            elif not (elided and self.open and self.open[-1].form in _SINGLE):
                self._begin(opened)
        elif self.doubted and mark.form in "'’" and mark.ends and not self._is_clipped(mark):
            opened = self.doubted
            if opened.inside is (self.open[-1] if self.open else None):
                # 'Till death do us part,' he said: what ends here did begin there.
                self._begin(opened)
                self._close(opened, mark.at)

    def _partner(self, mark: _Mark) -> _Opened | None:
        """Return the quotation that the mark closes, by its form and by what stands beside it."""
        if not self.open or not mark.ends:
            return None
        if mark.is_within and mark.form not in "”»›":
            return None
        if mark.form in _SINGLE:  # an apostrophe rather than the end of one further out
            return self.open[-1] if mark.form in _CLOSING[self.open[-1].form] else None
        exact = (opened for opened in reversed(self.open) if mark.form == _CLOSING[opened.form][0])
        alike = (opened for opened in reversed(self.open) if mark.form in _CLOSING[opened.form])
        return next(exact, None) or next(alike, None)

    def _begin(self, opened: _Opened) -> None:
        self.open.append(opened)
        self.found.append(opened)
        self.doubted = None

    def _close(self, partner: _Opened, at: int) -> None:
        while self.open.pop() is not partner:
            pass  # it stands in the partner, and was not closed
        partner.end = at
        self.doubted = None

    def _may_be_none(self, mark: _Mark) -> bool:
        """Tell whether a closing mark may stand for an inch, a foot, or letters: 12" pipes, the workers’ rights."""
        if mark.form == '"':
            return mark.before.isdigit()
        return (
            mark.form in "'’"
            and mark.after.isspace()
            and self._is_clipped(mark)
            and not _NO_NOUN.match(self.text, mark.at + 1, self.high)
        )

    def _is_closed_later(self, partner: _Opened, number: int) -> bool:
        """Tell whether another mark closes the quotation before the next one of its form begins."""
        for mark in self.marks[number + 1 : number + 1 + _LOOKAHEAD]:
            if mark.form not in _CLOSING[partner.form] and mark.form != partner.form:
                continue
            if mark.is_within or not mark.ends or mark.form not in _CLOSING[partner.form]:
                return False
            if mark.form == '"':
                return not mark.before.isdigit()
            # Another possessive tells only within the sentence.
            doubtful = mark.form in _SINGLE and self._is_clipped(mark)
            return not (doubtful and _STOP.search(self.text, self.marks[number].at, mark.at))
        return False

    def _is_clipped(self, mark: _Mark) -> bool:
        return _CLIPPED.search(self.text[max(self.low, mark.at - 3) : mark.at]) is not None

    def _end(self, opened: _Opened, following: int) -> int | None:
        """Return where the quotation ends; None when its mark, which nothing closes, is rather an apostrophe."""
        if opened.end is not None:
            return opened.end
        if opened.form == "'" and opened.at > self.low:
            return None
        if opened.form in "‘‛" and _ELIDED.match(self.text, opened.at + 1, self.high):
            return None
        outer = opened.inside.end if opened.inside else None
        return following if outer is None else min(following, outer)

    def _stands_alone(self, opened: _Opened) -> bool:
        inside = opened.inside
        return inside is None or inside.form != opened.form or inside.end is None

    def _stripped(self, start: int, end: int) -> Span:
        """Return the span without the blanks at its ends; there is a letter or a digit in it."""
        while self.text[start].isspace():
            start += 1
        while self.text[end - 1].isspace():
            end -= 1
        return Span(start, end)
