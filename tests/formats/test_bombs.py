"""Record files made to exhaust the service: they are refused, soon, and in no more than a little memory."""

import pytest

from app.errors import RecordRefused
from app.formats import records as files

LAUGHS = (
    "a: &a ["
    + ", ".join(["ha"] * 9)
    + "]\n"
    + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
)
BOMBS = {
    "aliases that grow": (LAUGHS, "an alias"),
    "an alias of itself": ("a: &a [*a]", "an alias"),
    "a merge": ("a: &a {b: c}\nd:\n  <<: *a\n", "an alias"),
    "brackets without end": ("[" * 200_000, "nested deeper"),
    "braces without end": ("{a: " * 100_000, "nested deeper"),
    "dashes without end": ("- " * 100_000, "nested deeper"),
    "keys without end": ("? " * 100_000, "nested deeper"),
    "brackets that close": ("[" * 5_000 + "]" * 5_000, "nested deeper"),
    "brackets in JSON": ('{"a": ' + "[" * 100_000, "nested deeper"),
    "a tag that calls": ("!!python/object/apply:os.system ['true']", "keys with values are expected"),
}


@pytest.mark.parametrize(("content", "reason"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused(content: str, reason: str) -> None:
    with pytest.raises(RecordRefused, match=reason):
        list(files.read(content, name="bomb.yaml"))
