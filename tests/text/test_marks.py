"""Where the outermost quotations of a text begin and end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.marks import quoted

TEXTS = {
    "curly": ("“We came,” she said.", ["We came,"]),
    "straight": ('"We came," she said.', ["We came,"]),
    "single": ("‘We don’t sell the workers’ homes,’ he said.", ["We don’t sell the workers’ homes,"]),
    "low and high": ("„Wir kommen“, sagte er.", ["Wir kommen"]),
    "guillemets": ("« Nous venons », dit-il.", ["Nous venons"]),
    "nested": ("“He told me ‘go home’ and I went,” she said.", ["He told me ‘go home’ and I went,"]),
    "opened again": ("She said: “We came.\n\n“We saw.”", ["We came.", "We saw."]),
    "not opened again": (
        "“We came,” she said. “We saw the town.\n\nWe went home.” She left.",
        ["We came,", "We saw the town.\n\nWe went home."],
    ),
    "not opened again, straight": (
        '"We saw the town.\n\nWe went home." She left.',
        ["We saw the town.\n\nWe went home."],
    ),
    "not closed": ("“We came, she said.\n\nIt was “late” by then.", ["We came, she said.", "late"]),
    "closed twice": ("“We came,” she said.\n\nIt was late.” by then.", ["We came,"]),
    "an inch": ('The mast is 12" high.\n\nThe “Ann” has none.', ["Ann"]),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_what_the_marks_enclose(text: str, expected: list[str]) -> None:
    assert [text[slice(*found.inner)] for found in quoted(text)] == expected


@given(st.text(st.sampled_from("ab “”\"'‘’\n"), max_size=120))
def test_quotations_stand_in_order_and_apart_whatever_the_marks(text: str) -> None:
    found = quoted(text)
    ends = [0, *(quotation.outer.end for quotation in found)]
    assert all(quotation.outer.start >= end for quotation, end in zip(found, ends, strict=False))
    assert all(quotation.outer.start <= quotation.inner.start < quotation.inner.end for quotation in found)
