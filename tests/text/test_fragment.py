"""Text fragments, against a browser written after the algorithm of the specification, one character at a time."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.text.fragment import WIDE, Directive, directive, evidence_url

TEXT = (
    "“We will not negotiate with the United States,” he said on Monday.\n"
    "On Tuesday she said: “We will not negotiate with the United States.”\n"
    "A well-known, old saying & more: one, two - three. The end of it is here, and nothing else follows after that.\n"
)


class Place(NamedTuple):
    """A place that a browser finds, in code points of the text."""

    start: int
    end: int


class Browser:
    """Finds text directives in a text as `find a range from a text directive` does, without word boundaries.

    It compares without case and accents and takes any run of spaces for one, so that it finds at least what a browser
    does. It goes on after the first place, to tell whether there is another.
    """

    def __init__(self, text: str) -> None:
        self.letters: list[str] = []
        self.offsets: list[int] = []
        for offset, character in enumerate(text):
            for letter in folded(character):
                if letter != " " or self.letters[-1:] != [" "]:
                    self.letters.append(letter)
                    self.offsets.append(offset)
        self.page = "".join(self.letters)

    def find(self, asked: Directive) -> list[Place]:
        start, end = folded(asked.start), folded(asked.end or "")
        prefix, suffix = folded(asked.prefix or ""), folded(asked.suffix or "")
        found = []
        for begin in places(self.page, start):
            if not self.page[:begin].removesuffix(" ").endswith(prefix):
                continue
            finish = next(self._ends(begin + len(start), end, suffix), None)
            if finish is not None:
                found.append(Place(self.offsets[begin], self.offsets[finish - 1] + 1))
        return found

    def _ends(self, since: int, end: str, suffix: str) -> Iterator[int]:
        ends = (at + len(end) for at in places(self.page, end, since)) if end else iter([since])
        for finish in ends:
            if self.page[finish:].removeprefix(" ").startswith(suffix):
                yield finish


def folded(words: str) -> str:
    letters = unicodedata.normalize("NFD", words.casefold())
    kept = "".join(letter for letter in letters if not "\u0300" <= letter <= "\u036f" and letter not in "\u200b\u00ad")
    return re.sub(r"\s+", " ", kept)


def places(page: str, words: str, since: int = 0) -> Iterator[int]:
    return (at for at in range(since, len(page) - len(words) + 1) if page.startswith(words, at))


def span_of(text: str, words: str, occurrence: int = 1) -> tuple[int, int]:
    at = -1
    for _ in range(occurrence):
        at = text.index(words, at + 1)
    return at, at + len(words)


@pytest.mark.parametrize(
    ("words", "occurrence", "written"),
    [
        pytest.param("he said on Monday", 1, "text=he%20said%20on%20Monday", id="stands-once"),
        pytest.param(
            "We will not negotiate with the United States",
            1,
            "text=We%20will%20not%20negotiate%20with%20the%20United%20States,-%2C%E2%80%9D",
            id="stands-twice-told-apart-by-what-follows",
        ),
        pytest.param(
            "We will not negotiate with the United States",
            2,
            "text=said%3A%20%E2%80%9C-,We%20will%20not%20negotiate%20with%20the%20United%20States",
            id="stands-twice-and-the-second",
        ),
        pytest.param(
            "well-known, old saying & more", 1, "text=well%2Dknown%2C%20old%20saying%20%26%20more", id="marks"
        ),
        pytest.param("ell-know", 1, "text=well%2Dknown", id="widened-to-whole-words"),
        pytest.param(
            "The end of it is here, and nothing else follows after that.",
            1,
            "text=The%20end%20of%20it,else%20follows%20after%20that.",
            id="long-is-told-by-its-ends",
        ),
        pytest.param(
            "he said on Monday.\nOn Tuesday she said",
            1,
            "text=he%20said%20on%20Monday.,On%20Tuesday%20she%20said",
            id="lines",
        ),
    ],
)
def test_a_directive_is_written_so(words: str, occurrence: int, written: str) -> None:
    made = directive(TEXT, span_of(TEXT, words, occurrence), context=WIDE)
    assert made is not None
    assert made.written() == written


def test_the_second_of_two_equal_passages_is_the_one_selected() -> None:
    for occurrence in (1, 2):
        span = span_of(TEXT, "We will not negotiate with the United States", occurrence)
        made = directive(TEXT, span, context=WIDE)
        assert made is not None
        assert Browser(TEXT).find(made) == [span]


@pytest.mark.parametrize(
    ("text", "span"),
    [
        pytest.param("the same\n\nthe same\n\nthe same", (0, 8), id="nothing-around-tells-them-apart"),
        pytest.param("the same " * 400, (1800, 1808), id="alike-as-far-as-is-looked"),
        pytest.param("  \n ", (0, 4), id="only-spaces"),
        pytest.param("a\u200bb", (1, 2), id="only-what-is-not-seen"),
        pytest.param("x" * 1000, (400, 500), id="inside-of-one-endless-word"),
    ],
)
def test_where_nothing_selects_it_alone_there_is_no_directive(text: str, span: tuple[int, int]) -> None:
    assert directive(text, span, context=40) is None
    assert evidence_url("https://example.org/a", text, [span], context=40) == "https://example.org/a"


def test_no_more_context_is_told_than_may_be() -> None:
    text = "First of all they said it and then they went.\nSecondly and last they said it and then they went."
    span = span_of(text, "they said it", 2)
    assert directive(text, span, context=4) is None
    made = directive(text, span, context=5)
    assert made is not None
    assert made.prefix == "last"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.org/a", "https://example.org/a#:~:text=he%20said%20on%20Monday&text=On%20Tuesday"),
        ("https://example.org/a#part", "https://example.org/a#part:~:text=he%20said%20on%20Monday&text=On%20Tuesday"),
        (
            "https://example.org/a?b=c#:~:text=x",
            "https://example.org/a?b=c#:~:text=he%20said%20on%20Monday&text=On%20Tuesday",
        ),
    ],
)
def test_each_segment_has_a_directive_and_the_fragment_of_the_address_stays(url: str, expected: str) -> None:
    spans = [span_of(TEXT, "he said on Monday"), span_of(TEXT, "On Tuesday")]
    assert evidence_url(url, TEXT, spans, context=WIDE) == expected


PLAIN = ("a", "the", "The", "we", "We", "will", "not", "don’t", "1,000", "x-y", "—", "“no,”", "b&b")
FOLDING = ("été", "Ete", "e\u0301t", "straße", "STRASSE", "naïve", "\U0001f44d", "中文", "no\u00adwhere", "İ", "ﬁ")
WORDS = st.sampled_from(PLAIN + FOLDING)
TEXTS = st.lists(st.tuples(WORDS, st.sampled_from([" ", " ", " ", "  ", "\n", "\u00a0", ""])), max_size=60).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)


@settings(max_examples=600, deadline=None)
@given(text=TEXTS, data=st.data())
def test_a_directive_selects_its_span_and_no_other_place(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, max(0, len(text) - 1)))
    end = data.draw(st.integers(start, len(text)))
    made = directive(text, (start, end), context=data.draw(st.sampled_from([32, WIDE])))
    if made is not None:
        found = Browser(text).find(made)
        assert len(found) == 1
        words = text[start:end].strip(" \n\u00a0\u00ad")
        assert found[0].start <= text.index(words, start)
        assert found[0].end >= text.index(words, start) + len(words)
        for part in (made.start, made.end, made.prefix, made.suffix):
            assert part is None or folded(part) in Browser(text).page


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=80), data=st.data())
@example(text="a a", data=None)
def test_any_text_gives_a_directive_that_reads_back_or_none(text: str, data: st.DataObject | None) -> None:
    start = data.draw(st.integers(0, len(text))) if data else 0
    end = data.draw(st.integers(start, len(text))) if data else 1
    made = directive(text, (start, end), context=32)
    if made is None:
        return
    written = made.written()
    assert re.fullmatch(r"text=(?:[^,&\-\s]+-,)?[^,&\-\s]+(?:,[^,&\-\s]+)?(?:,-[^,&\-\s]+)?", written)
    body = written.removeprefix("text=").split(",")
    suffix = unquote(body.pop()[1:]) if body[-1].startswith("-") else None
    prefix = unquote(body.pop(0)[:-1]) if body[0].endswith("-") else None
    start_part, *rest = (unquote(part) for part in body)
    assert Directive(start_part, rest[0] if rest else None, prefix, suffix) == made
