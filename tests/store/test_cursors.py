"""Cursors: what was tampered with is refused."""

import base64
import hashlib
import json
from string import printable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import Invalid
from app.store.cursors import decode, encode
from app.store.statements import Value

SCOPE = "quotes -said [('speaker_0', 3)]"
POSITION: list[Value] = ["2025-03-21", "681kdy0ptashxtsk"]
CURSOR = encode(POSITION, SCOPE)

characters = st.characters(exclude_categories=["Cs"])
positions = st.lists(st.integers(-(2**63), 2**63 - 1) | st.text(characters), min_size=1, max_size=3)


def sealed(payload: bytes, scope: str = SCOPE) -> str:
    """Return a cursor made by hand, as the seal is no secret."""
    seal = hashlib.sha256(scope.encode() + b"\x1f" + payload).digest()[:9]
    return base64.urlsafe_b64encode(seal + payload).decode().rstrip("=")


def refused(cursor: str, scope: str = SCOPE, types: tuple[type, ...] = (str, str)) -> bool:
    """Tell whether the cursor is refused as a wrong `after`."""
    try:
        decode(cursor, scope, types)
    except Invalid as error:
        return [fault.parameter for fault in error.faults] == ["after"]
    return False


@settings(max_examples=200, deadline=None)
@given(position=positions, scope=st.text(characters))
def test_a_position_comes_back_as_it_was(position: list[Value], scope: str) -> None:
    cursor = encode(position, scope)
    assert cursor.replace("-", "").replace("_", "").isalnum()
    assert decode(cursor, scope, [type(value) for value in position]) == position


def test_a_cursor_made_by_hand_with_the_right_seal_is_the_one_that_encode_makes() -> None:
    assert sealed(b'["2025-03-21","681kdy0ptashxtsk"]') == CURSOR


def test_every_change_of_one_character_is_refused() -> None:
    changed = [
        CURSOR[:at] + other + CURSOR[at + 1 :]
        for at in range(len(CURSOR))
        for other in (*printable, "é", "=", "\0", "")
        if other != CURSOR[at]
    ]
    assert [cursor for cursor in changed if not refused(cursor)] == []


def test_every_character_too_many_is_refused() -> None:
    longer = [CURSOR[:at] + other + CURSOR[at:] for at in range(len(CURSOR) + 1) for other in printable]
    assert [cursor for cursor in longer if not refused(cursor)] == []


def test_every_cut_is_refused() -> None:
    cut = [CURSOR[:at] for at in range(len(CURSOR))] + [CURSOR[at:] for at in range(1, len(CURSOR))]
    assert [cursor for cursor in cut if not refused(cursor)] == []


@pytest.mark.parametrize(
    "scope",
    ["", "quotes said [('speaker_0', 3)]", "quotes -said []", "quotes -said [('speaker_0', 4)]", SCOPE + " "],
    ids=["none", "another order", "no filter", "another value", "a blank more"],
)
def test_a_cursor_of_another_list_is_refused(scope: str) -> None:
    assert refused(CURSOR, scope)


@pytest.mark.parametrize(
    ("position", "types"),
    [
        ([1, "a"], (str, str)),
        (["1", "a"], (int, str)),
        (["a"], (str, str)),
        (["a", "b", "c"], (str, str)),
        ([None, "a"], (str, str)),
        ([2**63], (int,)),
        ([-(2**63) - 1], (int,)),
        ([10**400], (int,)),
        ([], (int,)),
    ],
    ids=["number for text", "text for number", "few", "many", "null", "too large", "too small", "huge", "empty"],
)
def test_a_position_of_other_types_is_refused(position: list[Value], types: tuple[type, ...]) -> None:
    assert refused(encode(position, SCOPE), types=types)


@pytest.mark.parametrize(
    "payload",
    [
        b"[true]",
        b"[1.0]",
        b"[NaN]",
        b"[ 1]",
        b"1",
        b'{"0":1}',
        b"[[1]]",
        b"",
        b"\xff\xfe",
        b"[1",
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
    ],
    ids=[
        "truth",
        "fraction",
        "not a number",
        "a blank",
        "no list",
        "object",
        "nested",
        "nothing",
        "not UTF-8",
        "not JSON",
        "deep",
        "more digits than Python reads",
    ],
)
def test_what_encode_would_not_write_is_refused_under_a_right_seal(payload: bytes) -> None:
    assert refused(sealed(payload), types=(int,))


@settings(max_examples=200, deadline=None)
@given(cursor=st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")))
def test_garbage_is_refused(cursor: str) -> None:
    assert refused(cursor)


def test_the_refusal_shows_the_beginning_of_a_long_cursor_and_the_remedy() -> None:
    with pytest.raises(Invalid, match=r"after=a{40}\.\.\. is not a cursor .*leave it out") as caught:
        decode("a" * 2000, SCOPE, (str,))
    assert len(json.dumps(caught.value.detail)) < 250
