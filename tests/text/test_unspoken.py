"""What stands in quotation marks and was not said."""

import pytest

from app.text.extract import extract

UNSPOKEN = {
    "a title": "The choir sang in the film “The Long Way Home” last night.",
    "a nickname": "James “Jim” Poe bought the boat last year.",
    "so-called": "Ann Roe said the so-called “lighthouse” was a shed.",
    "a programme": "Bob Poe appears on “Meet the Press” each week.",
}


@pytest.mark.parametrize("text", UNSPOKEN.values(), ids=UNSPOKEN)
def test_what_was_not_said_is_left_out(text: str) -> None:
    assert [found for found in extract(text) if found.kind != "indirect"] == []
