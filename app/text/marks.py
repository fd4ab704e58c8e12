"""The quotations of a text, with their marks, apart from each other: those inside another are left to it."""

import re
from collections.abc import Iterator

from app.text.anchor import Span
from app.text.drafts import quotations
from app.text.sentences import Quotation

_BLANKS = " \t\u00a0"
_REOPENED = re.compile(r"[\n\r\u2028\u2029](?=[^\S\n]{0,8}[\"“„«‘'])")
"""The end of a line whose next one begins with a mark: what is still open ends here, and is opened again."""


_DOUBLED = re.compile(r"(?<!')'{2,3}(?!')")
"""Two apostrophes typed for a double mark, ''We sail,'' she said, and a third of what ends or begins there too."""
_BEFORE_OPENING = frozenset("([{—–-:/“‘\"'")


def quoted(text: str) -> list[Quotation]:
    """Return the outermost quotations in order, each without and with its marks and the blanks beside them."""
    found: list[Quotation] = []
    for span in _spans(_DOUBLED.sub(_curly, text)):
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


def _spans(text: str) -> Iterator[Span]:
    low = 0
    for gap in [*_REOPENED.finditer(text), None]:
        high = gap.end() if gap else len(text)
        for start, end in quotations(text[low:high]):
            yield Span(low + start, low + end)
        low = high
