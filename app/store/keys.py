"""Finds keys by the hash of their secret; the secret itself is nowhere."""

import hashlib
import sqlite3
from typing import NamedTuple

from app.tables.columns import instant, now

_FIND = """
SELECT name, scopes FROM api_key
WHERE secret_sha256 = ? AND revoked IS NULL AND (expires IS NULL OR expires > ?)
"""


class Key(NamedTuple):
    """A good key; `scopes` is a JSON array."""

    name: str
    scopes: str


def find(reader: sqlite3.Connection, secret: str) -> Key | None:
    """Return the key of that secret, unless it has expired or was revoked.

    The index is searched for the hash, so what the search takes tells nothing about the secret.
    """
    hashed = hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
    row = reader.execute(_FIND, (hashed, instant(now()))).fetchone()
    return Key(*row) if row else None
