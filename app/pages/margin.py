"""The margin: beside each row of an article, the quotes and the remarks that begin in it.

A quote has the number of its place among all quotes of its source, whatever is shown; a remark has a letter. The same
number stands in the text, behind the last words of the quote, so that the two are tied also on paper.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from app.pages import article, wording
from app.pages.article import Mark, Part, Piece
from app.tables.annotation import AnnotationRead
from app.tables.quote import QuoteExpanded
from app.tables.segment import SegmentRead
from app.tables.source import SourceQuoteRead, SourceWhole
from app.tables.words import Role

_SPACES = re.compile(r"[ \t]{2}|\t|^ ", re.MULTILINE)
KEYS = 24
"""The style sheet ties words and note without scripts by so many names, which are used in turn."""


class Note(NamedTuple):
    """What stands in the margin: a quote or a remark. `sign` is its number or its letter, `short` what goes with it in
    the text, and `told` is the whole of it for those who hear the page."""

    id: str
    sign: str
    key: int
    short: str
    told: str
    quote: QuoteExpanded | None = None
    remark: AnnotationRead | None = None


class Line(NamedTuple):
    """A row of the article with what stands beside it. Each piece's owner is a note's place in `owners`.

    `is_spaced`: its spaces are more than those between words, and are all to be seen.
    """

    pieces: Sequence[Piece]
    notes: Sequence[Note]
    owners: Sequence[Note]
    is_spaced: bool = False


def lines(source: SourceWhole, quotes: Sequence[QuoteExpanded]) -> tuple[list[Line], list[Line]]:
    """Return the rows of the source, and those that have no place in them.

    Of a text that is not served each quote is a row, in its context, and what is said of other words comes after.
    """
    places = {quote.id: at for at, quote in enumerate(source.spans)}
    owners = [_quoted(quote, places[quote.id] + 1) for quote in quotes if quote.id in places]
    spans = [source.spans[places[owner.quote.id]] for owner in owners if owner.quote]
    remarks = [_remarked(remark, at) for at, remark in enumerate(source.annotations)]
    if source.text is None:
        return [_excerpt(at, owners, source.length) for at in range(len(owners))], [
            _apart(remark) for remark in remarks
        ]
    return _whole(source.text, spans, [*owners, *remarks]), []


def letters(at: int) -> str:
    """Return the letter that stands for a number from 0: a to z, then aa, ab and so on."""
    rest, own = divmod(at, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("a") + own)


def _quoted(quote: QuoteExpanded, number: int) -> Note:
    short = wording.NOT_SHORT.get(quote.polarity, "")
    who = quote.speaker.name if quote.speaker else "speaker not told"
    told = ", ".join([f"quote {number} {short}".strip(), who, wording.KINDS[quote.kind]])
    return Note(quote.id, str(number), number % KEYS, short, told, quote=quote)


def _remarked(remark: AnnotationRead, at: int) -> Note:
    sign = letters(at)
    return Note(remark.id, sign, at % KEYS, "", f"{sign}, note on these words", remark=remark)


def _whole(text: str, spans: Sequence[SourceQuoteRead], owners: Sequence[Note]) -> list[Line]:
    marks: list[Mark] = []
    numbers: list[tuple[int, int]] = []
    begins: list[int] = []
    content = [sorted((span.start, span.end) for span in quote.spans if span.role is Role.CONTENT) for quote in spans]
    lanes = article.lanes([(parts[0][0], parts[-1][1]) for parts in content])
    for owner, (quote, parts, lane) in enumerate(zip(spans, content, lanes, strict=True)):
        marks += [Mark(span.start, span.end, owner, Part(span.role.value), lane) for span in quote.spans]
        marks += [Mark(start, end, owner, Part.BETWEEN, lane) for start, end in article.betweens(parts)]
        numbers.append((article.behind(text, parts[-1][1]), owner))
        begins.append(parts[0][0])
    for owner, note in enumerate(owners[len(spans) :], len(spans)):
        start, end = _words(note)
        marks.append(Mark(start, end, owner, Part.NOTED))
        numbers.append((end, owner))
        begins.append(start)
    rows = article.rows(text, marks, numbers)
    ends = [row.end for row in rows]
    beside: dict[int, list[int]] = defaultdict(list)
    for owner in sorted(range(len(owners)), key=lambda at: (begins[at], at)):
        beside[bisect_right(ends, begins[owner])].append(owner)
    return [
        Line(row.pieces, [owners[at] for at in beside[number]], owners, bool(_SPACES.search(text, row.start, row.end)))
        for number, row in enumerate(rows)
    ]


def _words(note: Note) -> tuple[int, int]:
    target = note.remark.target if note.remark else None
    if target is None or target.start is None or target.end is None:
        return 0, 0
    return target.start, target.end


def _excerpt(owner: int, owners: Sequence[Note], length: int) -> Line:
    """Return a quote's words in their context; what is left out of the text before, between and behind is a `…`."""
    note = owners[owner]
    segments = [part for part in note.quote.segments if part.role is Role.CONTENT] if note.quote else []
    pieces: list[Piece] = []
    before: SegmentRead | None = None
    for part in segments:
        pieces.append(Piece(words=_up_to(before, part)))
        pieces.append(Piece(opens=Mark(part.start, part.end, owner, Part.CONTENT), is_first=before is None))
        pieces += [Piece(words=part.exact), Piece(closes=True)]
        before = part
    if before:
        at = article.behind(before.suffix, 0)
        is_end = before.end + len(before.suffix) >= length
        pieces += [Piece(words=before.suffix[:at]), Piece(number=owner), Piece(words=before.suffix[at:])]
        pieces += [] if is_end else [Piece(words="…")]
    return Line([piece for piece in pieces if piece != Piece()], [note], owners)


def _up_to(before: SegmentRead | None, part: SegmentRead) -> str:
    """Return what is served of the text between two segments, or up to the first."""
    if before is None:
        return part.prefix if part.start <= len(part.prefix) else f"…{part.prefix}"
    between = part.start - before.end
    lacking = between - len(before.suffix)
    if lacking <= 0:
        return before.suffix[:between]
    if lacking <= len(part.prefix):
        return before.suffix + part.prefix[len(part.prefix) - lacking :]
    return f"{before.suffix} … {part.prefix}"


def _apart(remark: Note) -> Line:
    target = remark.remark.target if remark.remark else None
    mark = Mark(0, 0, 0, Part.NOTED)
    words = target.exact or "" if target else ""
    pieces = [Piece(opens=mark), Piece(words=words), Piece(closes=True), Piece(number=0)]
    return Line(pieces, [remark], [remark])
