"""Text fragments: the end of an address at which a browser finds words on the page, marks them and scrolls to them.

`#:~:text=[prefix-,]start[,end][,-suffix]` (WICG, URL Fragment Text Directives). A browser takes the first place that
fits, without regard to case and accents; `start` alone are all of the words, with `end` they reach from one to the
other. Each part stands within one block of the page, and so within one line here, and begins and ends with a word.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

from app.text import borders
from app.text.borders import Inside

WIDE = 400
"""Code points of context that may be told of a source whose text is served."""

_WHOLE_WORDS = 10
_LEAST_WORDS = 4
"""A page has more words than the source's text, such as menus: fewer words than these would soon stand there too."""
_MOST_WORDS = 40
_MOST_STEPS = 100

_IN_BROWSERS = Inside(words="'’.·:․", numbers=",;")
_BREAK = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_CHUNK = re.compile(r"\S{1,40}")
# What comparison at the primary level passes over (UTS 10): accents and characters that are not seen.
_UNSEEN = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]"
)
_VISIBLE = re.compile(r"[^\s\u00ad\u034f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


class Directive(NamedTuple):
    """The parts, as they stand in the text but for runs of spaces, each of which is one space."""

    start: str
    end: str | None = None
    prefix: str | None = None
    suffix: str | None = None

    def written(self) -> str:
        """Return it percent-encoded, also where commas, hyphens and ampersands would part it."""
        parts = [f"{_encoded(self.prefix)}-"] if self.prefix else []
        parts += [_encoded(part) for part in (self.start, self.end) if part]
        parts += [f"-{_encoded(self.suffix)}"] if self.suffix else []
        return "text=" + ",".join(parts)


def evidence_url(url: str, text: str, spans: Sequence[tuple[int, int]], *, context: int) -> str:
    """Return the address with a directive for each span that one can select; the bare address when none can.

    At most `context` code points before and after a span are told.
    """
    base, _, fragment = url.partition("#")
    fragment = fragment.partition(":~:")[0]
    found = [made.written() for span in spans if (made := directive(text, span, context=context))]
    if not found:
        return base + (f"#{fragment}" if fragment else "")
    return f"{base}#{fragment}:~:{'&'.join(found)}"


def directive(text: str, span: tuple[int, int], *, context: int) -> Directive | None:
    """Return the directive that selects the span in the text and nothing else, or None when none does.

    The span is widened to whole words. Its words are told in full when they are few and stand in one line, else the
    first and the last of them, as few as select it; words around it are added only when that is not enough.
    """
    place = _place(text, span)
    if place is None:
        return None
    words = [match.end() for match in _CHUNK.finditer(text, place.start, place.end)]
    in_line = not _BREAK.search(text, place.start, place.end)
    found = None
    if not in_line or len(words) > _WHOLE_WORDS:
        found = _ranged(place, context)
    return found or (_whole(place, context) if in_line else None)


class _Place(NamedTuple):
    """A span of whole words in its text, and both as a browser compares them."""

    text: str
    start: int
    end: int
    page: str
    first: int
    last: int

    def folded(self, start: int, end: int) -> str:
        return _folded(self.text[start:end])


def _place(text: str, span: tuple[int, int]) -> _Place | None:
    seen, last = _VISIBLE.search(text, *span), span[1]
    while seen and not _VISIBLE.match(text, last - 1):
        last -= 1
    start, end = _bound(text, seen.start(), -1) if seen else None, _bound(text, last, 1)
    if start is None or end is None:
        return None
    before, words, after = _folded(text[:start]), _folded(text[start:end]), _folded(text[end:])
    return _Place(text, start, end, before + words + after, len(before), len(before) + len(words)) if words else None


def _bound(text: str, at: int, step: int) -> int | None:
    """Return the nearest place in this direction at which a word may begin or end; None when none is near."""
    return next((near for near in range(at, at + _MOST_STEPS * step, step) if _is_boundary(text, near)), None)


def _whole(place: _Place, context: int) -> Directive | None:
    """Tell all the words, and around them as few as make the place the only one."""
    words = place.folded(place.start, place.end)

    def alone(before: int, after: int) -> bool:
        prefix = place.folded(before, place.start).rstrip()
        suffix = place.folded(place.end, after).lstrip()
        return not any(at != place.first for at in _around(place.page, words, prefix, suffix))

    def made(before: int, after: int) -> Directive:
        return _directive(place, place.end, None, before, after)

    here, there = place.start, place.end
    if alone(here, there):
        return made(here, there)
    befores, afters = _befores(place, context), _afters(place, context)
    if (before := _least(befores, lambda at: alone(at, there))) is not None:
        return made(before, there)
    if (after := _least(afters, lambda at: alone(here, at))) is not None:
        return made(here, after)
    far = befores[-1] if befores else here
    after = _least(afters, lambda at: alone(far, at))
    return None if after is None else made(far, after)


def _ranged(place: _Place, context: int) -> Directive | None:
    """Tell the first words, which stand nowhere else, and the last ones, which follow on them nowhere sooner."""
    heads = _heads(place)

    def alone(head: int, before: int) -> bool:
        words = place.folded(place.start, head)
        prefix = place.folded(before, place.start).rstrip()
        return not any(at != place.first for at in _around(place.page, words, prefix, ""))

    before = place.start
    head = _least(heads, lambda at: alone(at, place.start))
    if head is None and heads:
        head = heads[0]
        found = _least(_befores(place, context), lambda at: alone(heads[0], at))
        if found is None:
            return None
        before = found
    return _ended(place, head, before, context) if head is not None else None


def _ended(place: _Place, head: int, before: int, context: int) -> Directive | None:
    since = place.first + len(place.folded(place.start, head))
    tails = [at for at in _tails(place) if at >= head]

    def first(tail: int, after: int) -> bool:
        words, suffix = place.folded(tail, place.end), place.folded(place.end, after).lstrip()
        found = next(_around(place.page, words, "", suffix, since), None)
        return found is not None and found + len(words) == place.last

    tail = _least(tails, lambda at: first(at, place.end))
    if tail is not None:
        return _directive(place, head, tail, before, place.end)
    if not tails:
        return None
    after = _least(_afters(place, context), lambda at: first(tails[-1], at))
    return _directive(place, head, tails[-1], before, after) if after is not None else None


def _directive(place: _Place, head: int, tail: int | None, before: int, after: int) -> Directive:
    text = place.text
    return Directive(
        start=_told(text[place.start : head]),
        end=None if tail is None else _told(text[tail : place.end]),
        prefix=_told(text[before : place.start]) or None,
        suffix=_told(text[place.end : after]) or None,
    )


def _around(page: str, words: str, prefix: str, suffix: str, since: int = 0) -> Iterator[int]:
    """Yield every place of the words in the page that has the prefix before it and the suffix after it."""
    at = page.find(words, since)
    while at >= 0:
        before, end = at - page.startswith(" ", max(0, at - 1)), at + len(words)
        end += page.startswith(" ", end)
        if page.startswith(suffix, end) and page.startswith(prefix, before - len(prefix)) and before >= len(prefix):
            yield at
        at = page.find(words, at + 1)


def _least(candidates: Sequence[int], fits: Callable[[int], bool]) -> int | None:
    """Return the first candidate that fits, where each one after it does too; None when not even the last one does."""
    if not candidates or not fits(candidates[-1]):
        return None
    low, high = 0, len(candidates) - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(candidates[middle]) else (middle + 1, high)
    return candidates[low]


def _heads(place: _Place) -> list[int]:
    """Return where the first words may end, within their line: after the fourth, the fifth and so on."""
    line = _BREAK.search(place.text, place.start, place.end)
    ends = _boundaries(place.text, _CHUNK.finditer(place.text, place.start, line.start() if line else place.end))
    return _enough(ends if line else [at for at in ends if at < place.end])


def _tails(place: _Place) -> list[int]:
    """Return where the last words may begin, within their line: before the fourth from the end, the fifth and so on."""
    lines = [match.end() for match in _BREAK.finditer(place.text, place.start, place.end)]
    begin = lines[-1] if lines else place.start
    starts = [match.start() for match in _CHUNK.finditer(place.text, begin, place.end)]
    return _enough([at for at in reversed(starts) if _is_boundary(place.text, at)])


def _enough(candidates: list[int]) -> list[int]:
    return candidates[min(_LEAST_WORDS, len(candidates)) - 1 : _MOST_WORDS] if candidates else []


def _befores(place: _Place, context: int) -> list[int]:
    """Return where the words before the place may begin, the nearest first: within one line, at most `context` away."""
    near = place.text[max(0, place.start - context) : place.start].rstrip()
    begin = max(0, place.start - context)
    lines = [match.end() for match in _BREAK.finditer(near)]
    starts = [begin + match.start() for match in re.finditer(r"\S+", near) if not lines or match.start() >= lines[-1]]
    whole = [at for at in starts if at == 0 or place.text[at - 1].isspace()]
    return [at for at in reversed(whole) if _is_boundary(place.text, at)][:_MOST_WORDS]


def _afters(place: _Place, context: int) -> list[int]:
    """Return where the words after the place may end, the nearest first: within one line, at most `context` away."""
    text, limit = place.text, min(len(place.text), place.end + context)
    begin = next((match.start() for match in re.finditer(r"\S", text[place.end : limit])), limit - place.end)
    line = _BREAK.search(text, place.end + begin, limit)
    until = line.start() if line else limit
    ends = [match.end() for match in re.finditer(r"\S+", text[place.end + begin : until])]
    whole = [place.end + begin + at for at in ends]
    return [at for at in whole if at == len(text) or text[at].isspace()][:_MOST_WORDS]


def _boundaries(text: str, chunks: Iterator[re.Match[str]]) -> list[int]:
    return [match.end() for match in chunks if _is_boundary(text, match.end())]


def _is_boundary(text: str, at: int) -> bool:
    """Tell whether a browser lets a word begin or end here."""
    return borders.parts(text, at, _IN_BROWSERS)


def _folded(words: str) -> str:
    """Return the words as a browser compares them; what it passes over is left out."""
    folded = words.lower() if words.isascii() else _UNSEEN.sub("", unicodedata.normalize("NFD", words.casefold()))
    # Each run of spaces is one space, at the ends too; a pattern for that takes five times as long.
    before, after = (" " if edge.isspace() else "" for edge in (folded[:1], folded[-1:]))
    return f"{before}{' '.join(folded.split())}{after}" if not folded.isspace() else " "


def _told(words: str) -> str:
    return " ".join(words.split())


def _encoded(part: str | None) -> str:
    # quote() takes the hyphen for harmless; here it tells a prefix and a suffix.
    return quote(part or "", safe="").replace("-", "%2D")
