"""What a reporting word tells: said, denied, not said, or perhaps."""

import pytest

from app.text.extract import extract

POLARITY = {
    "asserted": "Ann Roe said that the harbour is closed.",
    "denied": "Ann Roe denied that the harbour is closed.",
    "not_said": "Ann Roe did not say that the harbour is closed.",
    "hypothetical": "Ann Roe might say that the harbour is closed.",
}


@pytest.mark.parametrize(("polarity", "text"), POLARITY.items(), ids=POLARITY)
def test_a_denial_is_never_a_statement(polarity: str, text: str) -> None:
    assert {found.polarity for found in extract(text)} == {polarity}
