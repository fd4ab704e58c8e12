"""How sure a quotation is: the more may be mistaken, the less."""

import pytest

from app.text.extract import extract

SURER = {
    "a name than a role": ("Ann Roe said, “It rained all day.”", "A sailor said, “It rained all day.”"),
    "a role than who": ("A sailor said it was “a dark night”.", "He met a sailor who said it was “a dark night”."),
    "saying than thinking": ("Ann Roe said it was “a dark night”.", "Ann Roe thought it was “a dark night”."),
    "one verb than two": (
        "Ann Roe said it was “a dark night”.",
        "Ann Roe said she asked Bob if it was “a dark night”.",
    ),
    "many words than one": ("Ann Roe said it was “a long, dark night”.", "Ann Roe said it was “dark”."),
}


@pytest.mark.parametrize(("more", "less"), SURER.values(), ids=SURER)
def test_how_sure_a_quotation_is_follows_what_may_be_mistaken(more: str, less: str) -> None:
    (first,), (second,) = ([found for found in extract(text) if found.kind != "indirect"] for text in (more, less))
    assert first.confidence > second.confidence
