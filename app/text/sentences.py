"""Sentences of a text, each as its words and marks, with every quotation as one of them.

A quotation in the midst of a sentence is part of it: what stands beside it tells who speaks.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.text.anchor import Span
from app.text.lexicon import ABBREVIATIONS, LEMMAS, NOT_NAMES, PRONOUNS
from app.text.words import NO_WORD, Word, word


class Token(NamedTuple):
    """A word, a mark, or a whole quotation.

    `quote` is the number of the quotation, None for the others, which have what a `Word` has.
    """

    start: int
    end: int
    text: str
    low: str
    is_word: bool
    is_large: bool
    is_adverb: bool
    is_verb: bool
    is_nominal: bool
    quote: int | None = None


class Quotation(NamedTuple):
    """What stands between quotation marks: the words, and with the marks."""

    inner: Span
    outer: Span


class Sentence(NamedTuple):
    """A sentence: its tokens, how many of them are words, and the number of its paragraph."""

    tokens: Sequence[Token]
    words: int
    paragraph: int

    @property
    def start(self) -> int:
        return self.tokens[0].start

    @property
    def end(self) -> int:
        return self.tokens[-1].end


LONGEST = 200
"""Tokens of the longest sentence: so much is read at once, that no text takes longer than its length."""
_TOKEN = re.compile(
    r"\d+(?:[.,:]\d+)*(?:st|nd|rd|th|s)?\b|"
    r"(?:[^\W\d_]\.){2,}(?:-\w+)+|[^\W_]+(?:(?:[-‐‑&/.@_]|[’'](?!s\b))[^\W_]+)*|[’']s\b|--+|\.\.+|\S"
)
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_ENDS = frozenset(".?!…")
_MARKS = frozenset("“”\"‘’'«»‹›„‚‟‛＂〝〞〟「」『』｢｣﹁﹂﹃﹄`*_)]")
_STOPS = re.compile(r"\.\.+|[.?!…]")
_ACRONYM = re.compile(r"(?:[A-Z]\.)*[A-Z]")


def sentences(text: str, quotations: Sequence[Quotation]) -> list[Sentence]:
    """Return the sentences in order. `quotations` stand in order and apart from each other, each in one paragraph."""
    found: list[Sentence] = []
    known: dict[str, Word] = {}
    at = 0
    for number, part in enumerate(_paragraphs(text, quotations)):
        here = []
        while at < len(quotations) and quotations[at].outer.start < part.end:
            here.append((at, quotations[at]))
            at += 1
        tokens = list(_tokens(text, part, here, known))
        for low, high in _split(tokens):
            found.append(Sentence(tokens[low:high], sum(token.is_word for token in tokens[low:high]), number))
    return found


def _paragraphs(text: str, quotations: Sequence[Quotation]) -> Iterator[Span]:
    """Yield the paragraphs; a quotation that runs over the end of a line makes one of two."""
    begin: int | None = None
    at = 0
    for line in _PARAGRAPH.finditer(text):
        begin = line.start() if begin is None else begin
        while at < len(quotations) and quotations[at].outer.end <= line.end():
            at += 1
        if at < len(quotations) and quotations[at].outer.start < line.end():
            continue
        yield Span(begin, line.end())
        begin = None
    if begin is not None:
        yield Span(begin, len(text))


def _tokens(
    text: str, part: Span, quotations: Sequence[tuple[int, Quotation]], known: dict[str, Word]
) -> Iterator[Token]:
    low, high = part
    for number, quotation in quotations:
        start, end = max(quotation.outer.start, low), min(quotation.outer.end, high)
        yield from _words(text, low, start, known)
        yield Token(start, end, *NO_WORD._replace(text=text[start:end]), number)
        low = end
    yield from _words(text, low, high, known)


def _words(text: str, low: int, high: int, known: dict[str, Word]) -> Iterator[Token]:
    """Yield the words and marks. `known` are those of the text that were met before, to which the others are added."""
    for match in _TOKEN.finditer(text, low, high):
        spelt = match.group()
        found = known.get(spelt)
        if found is None:
            found = known[spelt] = word(spelt)
        yield Token(match.start(), match.end(), *found)


def _split(tokens: Sequence[Token]) -> Iterator[Span]:
    """Yield where each sentence begins and ends."""
    begin = 0
    for at, token in enumerate(tokens[:-1]):
        if at - begin >= LONGEST or _ends(tokens, at, token):
            yield Span(begin, at + 1)
            begin = at + 1
    if tokens:
        yield Span(begin, len(tokens))


def _ends(tokens: Sequence[Token], at: int, token: Token) -> bool:
    following = tokens[at + 1]
    if following.text in _MARKS:
        return False
    if token.quote is not None:
        last = token.text.rstrip("”\"’'»›`*) \u00a0")[-1:]
        if last not in _ENDS or not (following.is_large or following.quote is not None or following.text[0].isdigit()):
            return False
        return not _is_said(tokens, at + 1, firm=last != ".")
    if token.text in _MARKS and at:
        token = tokens[at - 1]
        at -= 1
    if not _STOPS.fullmatch(token.text):
        return False
    if following.is_word and not following.is_large and not following.text[0].isdigit():
        return False
    if token.text == "." and at:
        before = tokens[at - 1]
        if before.end == token.start and (before.low in ABBREVIATIONS or _ACRONYM.fullmatch(before.text)):
            # Mr. Trump and J. Edgar go on; the U.S. may end one.
            return "." in before.text and following.low in NOT_NAMES and following.is_large
    return True


def _is_said(tokens: Sequence[Token], at: int, *, firm: bool) -> bool:
    """Tell whether what follows a quotation says whose it is: he asked, Ann Roe said.

    `firm`: the quotation ends with a question or an exclamation, after which that is usual.
    """
    if tokens[at].is_large and tokens[at].low in PRONOUNS and tokens[at].low != "i" and not firm:
        return False
    for step, token in enumerate(tokens[at : at + 9]):
        if token.low in LEMMAS and step and (firm or tokens[at].low in PRONOUNS or step <= 4):
            after = tokens[at + step + 1 : at + step + 3]
            if len(after) == 2 and after[1].quote is not None and (not firm or after[0].text == ":"):
                return False
            return firm or not after or after[0].text in ".,;"
        if not token.is_word and token.text != "." and not (firm and token.text == ","):
            return False
    return False
