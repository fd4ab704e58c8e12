"""The quotations of a text, with their marks, apart from each other: those inside another are left to it."""

import re
from collections.abc import Iterator

from app.text.anchor import Span
from app.text.drafts import BLANK_LINE, quotations
from app.text.sentences import Quotation

_BLANKS = " \t\u00a0"
_REOPENED = re.compile(r"[\n\r\u2028\u2029](?=[^\S\n]{0,8}[\"“„«‘'])")
"""The end of a line whose next one begins with a mark: what is still open ends here, and is opened again."""


_DOUBLE = re.compile('[“”"]')
_DOUBLED = re.compile(r"(?<!')'{2,3}(?!')")
"""Two apostrophes typed for a double mark, ''We sail,'' she said, and a third of what ends or begins there too."""
_BEFORE_OPENING = frozenset("([{—–-:/“‘\"'")


def quoted(text: str) -> list[Quotation]:
    """Return the outermost quotations in order, each without and with its marks and the blanks beside them."""
    found: list[Quotation] = []
    for span in _spans(_run_on(_DOUBLED.sub(_curly, text))):
        low, high = span.start, span.end
        while low > 1 and text[low - 1].isspace():
            low -= 1
        while high < len(text) and text[high] in _BLANKS:
            high += 1
        low, high = max(0, low - 1), min(high + 1, len(text))
        outer = Span(low - text.startswith("''", max(0, low - 1)), high + text.startswith("''", high - 1))
        if not found or outer.start >= found[-1].outer.end:
            found.append(Quotation(span, outer))
    return found


def _curly(doubled: re.Match[str]) -> str:
    """Return the mark that two apostrophes stand for, in the room of both."""
    text, low, high = doubled.string, doubled.start(), doubled.end()
    third = "'" * (high - low - 2)
    if high == len(text) or text[high].isspace():
        return third + "” "
    begins = low == 0 or text[low - 1].isspace() or text[low - 1] in _BEFORE_OPENING
    return " “" + third if begins else third + "” "


def _run_on(text: str) -> str:
    """Return the text with a line break for each blank line over which a quotation runs, in the room of the line.

    It does where a mark that nothing closes is followed, in the next paragraph, by one that nothing opens.
    """
    gaps = list(BLANK_LINE.finditer(text))
    ends = [*(gap.start() for gap in gaps), len(text)][1:]
    low, parts = 0, []
    for gap, end in zip(gaps, ends, strict=True):
        before, after = text[low : gap.start()], text[gap.end() : end]
        runs_on = _is_left_open(before) and _closes_first(after)
        parts += [before, "\n" + " " * (len(gap[0]) - 1) if runs_on else gap[0]]
        low = gap.end()
    return "".join([*parts, text[low:]])


def _is_left_open(paragraph: str) -> bool:
    if "“" in paragraph:
        return paragraph.rfind("“") > paragraph.rfind("”")
    return paragraph.count('"') % 2 == 1


def _closes_first(paragraph: str) -> bool:
    found = _DOUBLE.search(paragraph)
    if found is None or found[0] == "“" or paragraph[: found.start()][-1:].isspace() or found.start() == 0:
        return False
    return found[0] == "”" or paragraph.count('"') % 2 == 1


def _spans(text: str) -> Iterator[Span]:
    low = 0
    for gap in [*_REOPENED.finditer(text), None]:
        high = gap.end() if gap else len(text)
        for start, end in quotations(text[low:high]):
            yield Span(low + start, low + end)
        low = high
