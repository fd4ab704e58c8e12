"""Finds the quotations in a draft: what stands between quotation marks."""

import re
from collections.abc import Iterator

from app.text.anchor import Span

_PAIRS = {"“": "”", "„": "“”", "«": "»", "‟": "”"}
_PARAGRAPH = re.compile(r"\n\s*\n")


def quotations(draft: str) -> Iterator[Span]:
    """Yield what each pair of quotation marks encloses, without the marks, in order; offsets count code points.

    Curly, low-high and pointed marks pair by their form, straight ones in turn, each within its paragraph. A mark
    without its partner ends with its paragraph. What encloses no letter and no digit is passed over.
    """
    at = 0
    while at < len(draft):
        mark = draft[at]
        if mark not in _PAIRS and mark != '"':
            at += 1
            continue
        end = _end(draft, at)
        if any(character.isalnum() for character in draft[at + 1 : end]):
            yield Span(at + 1, end)
        at = max(end, at) + 1


def _end(draft: str, opened: int) -> int:
    """Return where the quotation that is opened here ends."""
    closing = _PAIRS.get(draft[opened], '"')
    paragraph = _PARAGRAPH.search(draft, opened)
    limit = paragraph.start() if paragraph else len(draft)
    closed = min((at for mark in closing if (at := draft.find(mark, opened + 1, limit)) >= 0), default=-1)
    return closed if closed >= 0 else limit
