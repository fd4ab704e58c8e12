"""Texts that nobody would print: extraction takes them all, in time that grows as they do.

Time is not measured, as it is another on every machine. What is counted is the lines of the program that run, loops
within a line too; what runs inside a regular expression is not, and would show in a text of a megabyte: backtracking,
or a loop over all for each part, would take hours.
"""

import sys
from collections.abc import Callable
from datetime import date
from types import FrameType
from typing import Self

import pytest

from app.text import confidence
from app.text.dates import bounds
from app.text.extract import Proposal, extract

DAY = date(2025, 3, 21)
MEGABYTE = 1_000_000
"""Bytes of UTF-8, as a body is measured."""
PARTS = {
    "no quotation": "It rained all day and the boats stayed in. ",
    "no end of a sentence": "rain and ",
    "nothing but quotations": "“It rained all day.” ",
    "nothing but quotations of a letter": "„a“ ",
    "a mark alone": "“",
    "marks that nothing closes": "“ a ",
    "paragraphs that nothing closes": "“a b c d\n\n",
    "straight marks": '"a ',
    "brackets": "(",
    "verbs of saying": "said ",
    "verbs of saying, apart": "said, told: asked. ",
    "speakers": "Ann Roe said Bob Poe said ",
    "according to": "according to ",
    "pronouns": "Ann, Bob, he said, ",
    "nested": "“It rained, ‘he “said, all” day’. ",
    "reports in a quotation": "“It rained, ‘all day,’ he said,” Ann Roe said. ",
    "emoji": "👩‍👩‍👧 said “🇺🇳,” ",
    "combining marks": "“e\u0301\u0300 a\u0302 b\u0303” ",
    "from right to left": "قال الوزير: «لن نتفاوض». ",
    "marks of direction": "“\u202eقال\u202c” ",
    "U+0000": "“\0” said \0 ",
    "blanks": " \u00a0\u3000",
    "ends of lines": "\r\n\u2028\x85",
    "days": "Monday, March 2, the next day, ",
}
LARGEST = ["nothing but quotations of a letter", "marks that nothing closes", "verbs of saying", "nested", "emoji"]
"""What is tried whole, as it takes longest; each of the others is like one of them."""


def prove_sound(text: str, found: list[Proposal]) -> None:
    """Hold that every proposal stands in the text, and tells a day that is one."""
    for proposal in found:
        assert proposal.spans
        assert confidence.LEAST <= proposal.confidence <= 1
        for span in (*proposal.spans, proposal.cue, proposal.speaker, proposal.clause):
            assert span is None or 0 <= span.start < span.end <= len(text)
        if proposal.said is not None:
            assert bounds(proposal.said.edtf)


class _Lines:
    """Counts the lines that run, the rounds of a loop that stands on one line each for itself."""

    count = 0

    def __call__(self, _frame: FrameType, event: str, _given: object) -> Self:
        self.count += event == "line"
        return self


def work(run: Callable[[], object]) -> int:
    """Return how many lines run."""
    lines, before = _Lines(), sys.gettrace()
    sys.settrace(lines)
    try:
        run()
    finally:
        sys.settrace(before)
    return lines.count


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_the_work_grows_with_the_text_whatever_it_is_made_of(part: str) -> None:
    once = part * (5_000 // len(part))

    short, long = work(lambda: extract(once, DAY)), work(lambda: extract(once * 2, DAY))

    # Twice as much, and something for what looks back over a few thousand words; four times would be a square.
    assert long < 2.5 * short


@pytest.mark.parametrize("name", LARGEST)
def test_a_megabyte_of_anything_is_read(name: str) -> None:
    part = PARTS[name]
    text = part * (MEGABYTE // len(part.encode()))

    prove_sound(text, extract(text, DAY))


def test_ten_thousand_marks_that_nothing_closes_hide_nothing_behind_them() -> None:
    text = "“" * 10_000 + "\n\n“It rained all day,” Ann Roe said.\n\n" + "”" * 10_000

    found = extract(text, DAY)

    prove_sound(text, found)
    assert [text[slice(*proposal.spans[0])] for proposal in found] == ["It rained all day,"]


def test_a_quotation_of_a_megabyte_is_one() -> None:
    said = "It rained, he said, all day. " * (MEGABYTE // 29)

    found = extract(f"“{said}” Ann Roe said.", DAY)

    assert (found[0].spans[0].start, found[0].spans[0].end) == (1, len(said))
