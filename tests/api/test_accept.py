"""Accept, by the rules and examples of RFC 9110, 12.5.1."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.api.accept import best

OFFERED = ("text/html;level=1", "text/html", "text/plain", "image/jpeg", "text/html;level=2", "text/html;level=3")
WEIGHTS = {"text/html;level=1": 1, "text/html": 0.7, "text/plain": 0.3, "image/jpeg": 0.5, "text/html;level=2": 0.4}
# The header of the section's last example, whose weights its table tells.
EXAMPLE = "text/*;q=0.3, text/plain;q=0.3, text/html;q=0.7, text/html;level=1, text/html;level=2;q=0.4, */*;q=0.5"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("text/html;level=1", "text/html"),
        ("text/html", "image/jpeg"),
        ("image/jpeg", "text/html;level=2"),
        ("text/html;level=2", "text/plain"),
    ],
)
def test_the_example_of_the_rfc(better: str, worse: str) -> None:
    assert WEIGHTS[better] > WEIGHTS[worse]
    assert best(EXAMPLE, [worse, better]) == 1
    assert best(EXAMPLE, [better, worse]) == 0


def test_a_parameter_that_no_range_names_is_taken_by_the_range_without() -> None:
    assert best(EXAMPLE, ["image/jpeg", "text/html;level=3"]) == 1


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("audio/*; q=0.2, audio/basic", 1),
        ("audio/*", 0),
        ("audio/basic;q=0", None),
        ("audio/ogg;q=0.000", None),
        ("audio/ogg;q=0.0001, audio/basic", 1),
        ("audio/*;q=0.1, */*", 0),
        (",,, audio/basic ,,", 1),
        ("*", 0),
    ],
)
def test_ranges_and_weights(header: str, expected: int | None) -> None:
    assert best(header, ["audio/ogg", "audio/basic"]) == expected


@given(st.text())
def test_any_header_is_read(header: str) -> None:
    assert best(header, OFFERED) in (None, *range(len(OFFERED)))


@pytest.mark.parametrize("piece", ['"', '\\"', "a/b,", ";q", 'a/b;c="', "*/*;q=0.5,"])
def test_a_long_header_takes_no_long_time(piece: str) -> None:
    begun = time.process_time()
    best(piece * (60_000 // len(piece)), OFFERED)
    assert time.process_time() - begun < 2
