"""Selection: words picked out of a text by themselves, by what stands around them, or by where they stand.

After the TextQuoteSelector and the TextPositionSelector of the Web Annotation Data Model (4.2.4, 4.2.5): offsets count
code points and the end is exclusive.
"""

from typing import NamedTuple

from app.errors import NotInText
from app.text import anchor, borders
from app.text.anchor import Span


class Selection(NamedTuple):
    """`exact`, or `start` and `end`, or all three, which then must agree."""

    exact: str | None = None
    prefix: str | None = None
    suffix: str | None = None
    occurrence: int | None = None
    start: int | None = None
    end: int | None = None


def select(text: str, picked: Selection) -> Span:
    """Return where the words stand. Raises NotInText for words that are not there, cut, or there more than once."""
    span = _by_place(text, picked) if picked.start is not None else _by_words(text, picked)
    words = text[slice(*span)]
    if words != words.strip():
        raise NotInText(f"“{words[:80]}” begins or ends with a blank: leave it out.")
    return span


def _by_place(text: str, picked: Selection) -> Span:
    start, end = picked.start or 0, picked.end or 0
    if not start < end <= len(text):
        raise NotInText(f"{start}-{end} is no span of the text, which has {len(text)} code points.")
    words = text[start:end]
    if picked.exact not in (None, words):
        raise NotInText(f"At {start}-{end} the text has “{words[:80]}”, not “{str(picked.exact)[:80]}”.")
    if not _fits(text, Span(start, end), picked):
        raise NotInText(f"Around {start}-{end} the text has other words than prefix and suffix say.")
    if not borders.may_begin(text, start) or not borders.may_end(text, end):
        first, last = borders.whole(text, start, end)
        raise NotInText(f"{start}-{end} cuts a word: {first}-{last} is “{text[first:last][:80]}”.")
    return Span(start, end)


def _by_words(text: str, picked: Selection) -> Span:
    exact = picked.exact or ""
    if picked.prefix is None and picked.suffix is None:
        return anchor.locate(text, exact, occurrence=picked.occurrence)
    places = anchor.places(text, exact)
    if not places:
        return anchor.locate(text, exact)
    spans = [Span(at, at + len(exact)) for at in places]
    found = [span for span in spans if _fits(text, span, picked)]
    if not found:
        raise NotInText(f"“{exact[:80]}” stands in the text, but nowhere between that prefix and that suffix.")
    if picked.occurrence is None and len(found) > 1:
        raise NotInText(f"“{exact[:80]}” stands {len(found)} times between them: add occurrence (1 to {len(found)}).")
    at = picked.occurrence or 1
    if at > len(found):
        raise NotInText(f"“{exact[:80]}” stands {len(found)} times between them: there is no {at}.")
    return found[at - 1]


def _fits(text: str, span: Span, picked: Selection) -> bool:
    prefix, suffix = picked.prefix or "", picked.suffix or ""
    return text.endswith(prefix, 0, span.start) and text.startswith(suffix, span.end)
