"""Cursors: where a page ended, sealed against another filter and against tampering.

A cursor holds no secret, only a position; the seal is there so that a wrong one is refused instead of answered wrongly.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence

from app.errors import Fault, Invalid
from app.store.statements import Value

_SEAL = 9


def encode(position: Sequence[Value], scope: str) -> str:
    """Return the cursor of a position within `scope`, a text that tells the list and its filters apart."""
    payload = json.dumps(list(position), ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(payload, scope) + payload).decode().rstrip("=")


def decode(cursor: str, scope: str, types: Sequence[type]) -> list[Value]:
    """Return the position of a cursor. Raises Invalid for any that `encode` did not give for this scope."""
    try:
        if not cursor.isascii():
            raise ValueError("not base64url")
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = json.loads(sealed[_SEAL:])
        if not isinstance(position, list) or encode(position, scope) != cursor:
            raise ValueError("sealed for something else, or not as encode writes it")
    except (ValueError, RecursionError, binascii.Error) as error:
        raise _bad(cursor) from error
    if [type(value) for value in position] != list(types) or any(_is_too_large(value) for value in position):
        raise _bad(cursor)
    return position


# The seal is no secret: a position made by hand must not be one that the database cannot take.
def _is_too_large(value: Value) -> bool:
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _seal(payload: bytes, scope: str) -> bytes:
    return hashlib.sha256(scope.encode("utf-8", "surrogatepass") + b"\x1f" + payload).digest()[:_SEAL]


def _bad(cursor: str) -> Invalid:
    detail = (
        f"after={cursor[:40]}{'...' if len(cursor) > 40 else ''} is not a cursor of this list under these filters: "
        "take it from `next`, unchanged, or leave it out to begin again."
    )
    return Invalid(detail, (Fault(detail, parameter="after"),))
