"""An article cut into rows and marks: nothing lost, nothing crossed, and the work grows with the text."""

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pages import article
from app.pages.article import DEEPEST, LANES, Mark, Part, Piece, Row

TEXTS = st.text(
    st.sampled_from("ab .,”’\n\r\u2028\t«é") | st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    min_size=1,
    max_size=120,
)
PLACES = st.tuples(st.integers(0, 120), st.integers(0, 120))


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, list[Mark]]:
    """Draw a text, and marks that may cross, be equal or be empty."""
    text = draw(TEXTS)
    marks = []
    for owner, places in enumerate(draw(st.lists(PLACES, max_size=20))):
        start, end = sorted(min(place, len(text)) for place in places)
        marks.append(Mark(start, end, owner // 2, draw(st.sampled_from(Part))))
    return text, marks


def words(rows: Sequence[Row]) -> str:
    return "".join(piece.words for row in rows for piece in row.pieces)


def covered(rows: Sequence[Row]) -> dict[Mark, set[int]]:
    """Return the places that lie in the elements of each mark, and prove that in each row they open and close."""
    found: dict[Mark, set[int]] = defaultdict(set)
    at = 0
    for row in rows:
        stack: list[Mark] = []
        for piece in row.pieces:
            if piece.opens:
                stack.append(piece.opens)
            elif piece.closes:
                stack.pop()
            for mark in stack:
                found[mark] |= set(range(at, at + len(piece.words)))
            at += len(piece.words)
        assert stack == []
    return found


@given(marked())
def test_the_pieces_are_the_text_and_each_mark_covers_its_words(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    numbers = [(mark.end, mark.owner) for mark in marks]
    rows = article.rows(text, marks, numbers)
    assert words(rows) == text
    assert [(row.start, row.end) for row in rows] == list(
        zip([0, *article.row_ends(text)], article.row_ends(text), strict=False)
    )
    found = covered(rows)
    for mark in marks:
        assert found.get(mark, set()) == set(range(mark.start, mark.end))
    told = [piece.number for row in rows for piece in row.pieces if piece.number is not None]
    assert sorted(told) == sorted(owner for _, owner in numbers)


@given(marked())
def test_the_first_words_of_each_are_named_once(given: tuple[str, list[Mark]]) -> None:
    text, marks = given
    begun = {mark.owner: 0 for mark in marks if mark.part is Part.CONTENT and mark.start < mark.end}
    for row in article.rows(text, marks, []):
        for piece in row.pieces:
            if piece.is_first and piece.opens:
                begun[piece.opens.owner] += 1
    assert set(begun.values()) <= {1}


@given(marked())
def test_what_shares_words_has_lanes_of_its_own_while_there_are_some(given: tuple[str, list[Mark]]) -> None:
    _, marks = given
    hulls = [(mark.start, mark.end) for mark in marks if mark.start < mark.end]
    lanes = article.lanes(hulls)
    for at, (start, end) in enumerate(hulls):
        for other in range(at):
            if max(start, hulls[other][0]) < min(end, hulls[other][1]):
                assert lanes[at] != lanes[other] or lanes[at] == LANES - 1


def test_the_longer_of_two_stands_outside_and_the_later_of_two_that_cross_is_cut() -> None:
    whole, part = Mark(0, 5, 0, Part.CONTENT), Mark(0, 2, 1, Part.CONTENT)
    (row,) = article.rows("ab cd", [part, whole], [])
    assert [piece.opens for piece in row.pieces if piece.opens] == [whole, part]
    first, second = Mark(0, 3, 0, Part.CONTENT), Mark(1, 5, 1, Part.CONTENT)
    (row,) = article.rows("ab cd", [first, second], [(3, 0), (5, 1)])
    assert list(row.pieces) == [
        Piece(opens=first, is_first=True),
        Piece(words="a"),
        Piece(opens=second, is_first=True),
        Piece(words="b "),
        Piece(closes=True),
        Piece(closes=True),
        Piece(number=0),
        Piece(opens=second),
        Piece(words="cd"),
        Piece(closes=True),
        Piece(number=1),
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("one", ["one"]),
        ("One.\nTwo.\n", ["One.\n", "Two.\n"]),
        ("the Joint\nPlan.\nTwo", ["the Joint\nPlan.\n", "Two"]),
        ("Title\n\nOne.\r\n\r\nTwo.", ["Title\n\n", "One.\r\n\r\n", "Two."]),
        ("\n\nOne", ["\n\n", "One"]),
        ("said “yes.”\n“no,” he", ["said “yes.”\n", "“no,” he"]),
        (("w" * 100 + "\n") * 7, [("w" * 100 + "\n") * 6, "w" * 100 + "\n"]),
    ],
    ids=["one", "two", "within a sentence", "blank", "begins blank", "marks", "verse"],
)
def test_a_row_ends_where_a_sentence_ends_a_line(text: str, rows: list[str]) -> None:
    ends = article.row_ends(text)
    assert [text[start:end] for start, end in zip([0, *ends], ends, strict=False)] == rows


@pytest.mark.parametrize(
    ("text", "end", "place"),
    [
        ("“Yes,” he", 5, 6),
        ("“Yes”, he", 4, 5),
        ("“Yes.” He", 4, 6),
        ("yes. He", 3, 3),
        ("yes", 3, 3),
        ("«Oui». Il", 4, 5),
    ],
)
def test_a_number_stands_behind_the_marks_that_close_the_words(text: str, end: int, place: int) -> None:
    assert article.behind(text, end) == place


def test_the_parts_of_a_quote_are_joined() -> None:
    assert article.betweens([(0, 3), (5, 8), (8, 9), (12, 13)]) == [(3, 5), (9, 12)]


def test_the_pieces_of_a_long_text_grow_with_its_marks_also_where_each_crosses_the_next() -> None:
    """Each mark that ends cuts what crosses it: without an end to that, a thousand would make a million pieces."""
    text = "word " * 200_000
    marks = [Mark(at * 10, at * 10 + 10_000, at, Part.CONTENT) for at in range(1_000)]
    rows = article.rows(text, marks, [])
    pieces = sum(len(row.pieces) for row in rows)
    assert pieces < 4 * DEEPEST * len(marks)
    assert words(rows) == text
