"""Anchors: where words stand in a text, and what follows from where they stand.

Offsets count Unicode code points and the end is exclusive (W3C Web Annotation Data Model 4.2.5), which is how
Python slices: `text[start:end]` are the words.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz

from app.errors import NotInText
from app.text import borders

CONTEXT = 32
"""Code points of context on each side of a served segment (W3C Web Annotation 4.2.4 prefix and suffix)."""

_SEARCHED = 64
"""Code points of mistaken words that are looked for by likeness: more take many times as long."""
_LIKE = 60
"""Least likeness, of 100, of the nearest words of a text: below, they are other words."""

JOINT = " … "
"""Stands between two content segments in a quote's text."""

ID_LENGTH = 16
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_LINE_BREAKS = re.compile(r"[ \t]*[\r\n\v\f\x85\u2028\u2029]+[ \t\r\n\v\f\x85\u2028\u2029]*")


class Span(NamedTuple):
    """Code-point offsets `[start, end)`."""

    start: int
    end: int


def digest(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, 64 lower-case hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def flaw(text: str) -> str | None:
    """Say which character of a text the record cannot keep, U+0000 or a lone surrogate, and where; None without one."""
    wrong = _NO_CHARACTER.search(text)
    return f"U+{ord(wrong[0]):04X} at code point {wrong.start()} cannot stand in a text" if wrong else None


def quote_id(source_sha256: str, content: Iterable[tuple[int, int]]) -> str:
    """Return 16 characters of lower-case Crockford base32: the first 80 bits of SHA-256 over source and spans.

    The same words at the same place have the same id on every instance.
    """
    seed = source_sha256 + "".join(f":{start}-{end}" for start, end in content)
    bits = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    return crockford(bits)


def crockford(bits: int) -> str:
    """Write 80 bits as 16 lower-case Crockford base32 characters, most significant first."""
    return "".join(_CROCKFORD[bits >> shift & 31] for shift in range(75, -1, -5))


def fold_lines(words: str) -> str:
    """Fold each run of line breaks, with the blanks around it, to one space."""
    return _LINE_BREAKS.sub(" ", words)


def join(text: str, content: Sequence[tuple[int, int]]) -> str:
    """Return a quote's text: its content segments in order, joined by ` … `, line breaks folded."""
    return JOINT.join(fold_lines(text[start:end]) for start, end in content)


def unfold(content: Sequence[tuple[int, str]], start: int, end: int) -> list[Span]:
    """Return where `[start, end)` of a quote's text stands in its source: one span for each segment it touches.

    `content` are the content segments in order, each as its offset in the source and its exact words. Where line breaks
    were folded, the span takes in all of them.
    """
    found: list[Span] = []
    at = 0
    for offset, exact in content:
        places = _places(exact)
        low, high = max(start, at) - at, min(end, at + len(places) - 1) - at
        if low < high:
            found.append(Span(offset + places[low], offset + places[high]))
        at += len(places) - 1 + len(JOINT)
    return found


def _places(exact: str) -> list[int]:
    """Return for each character of the folded words, and for their end, where it stands in the words as printed."""
    places: list[int] = []
    at = 0
    for folded in _LINE_BREAKS.finditer(exact):
        places += [*range(at, folded.start()), folded.start()]
        at = folded.end()
    return [*places, *range(at, len(exact) + 1)]


def locate(
    text: str,
    exact: str,
    *,
    occurrence: int | None = None,
    within: Span | None = None,
    prefix: str = "",
    suffix: str = "",
) -> Span:
    """Return where the exact words stand in the text, or in the span `within` it.

    Only whole words count: `he` does not stand in `the`; with `prefix` and `suffix`, only those right between them.
    Without `occurrence` they must stand there once; with it (counted from 1, overlaps included) that one is taken.
    Raises NotInText, with the nearest words of the text when they are not there, and with the whole word when they cut
    one.
    """
    start, end = within or Span(0, len(text))
    if not exact:
        raise NotInText("The words to locate are empty.")
    found = places(text, exact, within=within)
    if not found:
        cut = text.find(exact, start, end)
        if cut >= 0:
            raise NotInText(_cut(text, Span(cut, cut + len(exact))))
        raise NotInText(f"{_shown(exact)} does not stand in {_place(within)}.{_nearest(text[start:end], exact)}")
    between = [at for at in found if text.endswith(prefix, 0, at) and text.startswith(suffix, at + len(exact))]
    if not between:
        first = found[0]
        there = _shown(text[max(0, first - CONTEXT) : first + len(exact) + CONTEXT])
        raise NotInText(
            f"{_shown(exact)} does not stand between {_shown(prefix)} and {_shown(suffix)}, but in {there}."
        )
    so = " so" if prefix or suffix else ""
    if occurrence is None:
        if len(between) > 1:
            times = f"{len(between)} times{so}"
            raise NotInText(
                f"{_shown(exact)} stands {times} in {_place(within)}: add occurrence (1 to {len(between)})."
            )
        occurrence = 1
    if not 1 <= occurrence <= len(between):
        times = "once" if len(between) == 1 else f"{len(between)} times"
        raise NotInText(f"{_shown(exact)} stands {times}{so} in {_place(within)}: there is no {occurrence}.")
    return Span(between[occurrence - 1], between[occurrence - 1] + len(exact))


def located(text: str, start: int, end: int, exact: str | None = None) -> Span:
    """Return the span from `start` to `end`. Raises NotInText when the text is shorter, when the span cuts a word, and
    when `exact` is given and is not what stands there."""
    if end > len(text):
        raise NotInText(f"The text ends at {len(text)}: nothing stands at {start} to {end}.")
    there = text[start:end]
    if exact is not None and exact != there:
        known = places(text, exact)
        at = f" It stands at {known[0]} to {known[0] + len(exact)}." if known else _nearest(text, exact)
        raise NotInText(f"At {start} to {end} the text has {_shown(there)}, not {_shown(exact)}.{at}")
    if not (borders.may_begin(text, start) and borders.may_end(text, end)):
        raise NotInText(_cut(text, Span(start, end)))
    return Span(start, end)


def places(text: str, exact: str, *, within: Span | None = None) -> list[int]:
    """Return where the words, as whole words of the text, begin in it or in the span `within` it, in order.

    Overlaps count.
    """
    start, end = within or Span(0, len(text))
    found: list[int] = []
    at = text.find(exact, start, end)
    while at >= 0:
        if borders.may_begin(text, at) and borders.may_end(text, at + len(exact)):
            found.append(at)
        at = text.find(exact, at + 1, end)
    return found


def _cut(text: str, span: Span) -> str:
    """Say which words of the text the span cuts, and where."""
    first, last = not borders.may_begin(text, span.start), not borders.may_end(text, span.end)
    how = "begins and ends" if first and last else "begins" if first else "ends"
    start, end = borders.whole(text, *span)
    there = [text[start : borders.whole(text, span.start, span.start)[1]]] if first else []
    there += [text[borders.whole(text, span.end, span.end)[0] : end]] if last else []
    named = " and ".join(dict.fromkeys(_shown(word) for word in there))
    words = "a word" if len(set(there)) == 1 else "words"
    return f"{_shown(text[slice(*span)])} {how} inside {words} of the text, {named}: quote whole words."


def _place(within: Span | None) -> str:
    return "the passage" if within else "the text"


def _shown(words: str) -> str:
    return f"“{words if len(words) <= 80 else words[:77] + '...'}”"


def _nearest(text: str, exact: str) -> str:
    """Name the place of the text nearest to the words, for a person to mend: where it first departs from them, or else
    the words most like them."""
    low, high = 0, len(exact)
    while low < high:  # the longest beginning of the words that stands in the text
        middle = (low + high + 1) // 2
        low, high = (middle, high) if exact[:middle] in text else (low, middle - 1)
    like = "" if low * 2 >= len(exact) else _most_like(text, exact)
    if like or low < 4:
        return like
    at = text.index(exact[:low])
    return (
        f" The text has {_shown(text[at : at + len(exact)])}; they part after {_shown(exact[max(0, low - 20) : low])}."
    )


def _most_like(text: str, exact: str) -> str:
    """Name the words of the text most like these, or nothing when none are like them."""
    words = exact[:_SEARCHED]
    found = fuzz.partial_ratio_alignment(words, text, score_cutoff=_LIKE) if len(words) <= len(text) else None
    if found is None:
        return ""
    start, end = borders.whole(text, found.dest_start, found.dest_end)
    there = text[start:end].lstrip()
    start, there = end - len(there), there.rstrip()
    return f" The nearest words of the text are {_shown(there)}, at {start} to {start + len(there)}."
