"""API keys: made, listed, changed and revoked, and found by the hash of their secret, which itself is nowhere."""

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.errors import Conflict, NotFound
from app.tables.columns import instant, now
from app.tables.words import Scope
from app.text.nearest import nearest

PREFIX = "vb_"
"""Begins every secret, so that scanners of code find one that was committed."""
_IDLE = timedelta(minutes=10)
"""Time after which a use is kept anew: each keeping is a write, and empties the response cache."""

_FIND = """
SELECT name, scopes, last_used FROM api_key
WHERE secret_sha256 = ? AND revoked IS NULL AND (expires IS NULL OR expires > ?)
"""
_COLUMNS = "name, scopes, created, expires, last_used, revoked"


class Key(NamedTuple):
    """A good key. `is_idle`: its last use was kept some time ago."""

    name: str
    scopes: frozenset[Scope]
    is_idle: bool

    def may(self, scope: Scope) -> bool:
        """Tell whether the key has the scope, or one that holds it: `edit` holds proposing and signing, `admin` all."""
        if Scope.ADMIN in self.scopes or scope in self.scopes:
            return True
        return Scope.EDIT in self.scopes and scope in (Scope.PROPOSE, Scope.ANNOTATE)


class Listed(NamedTuple):
    """A key as it is listed; moments are aware, None where there is none."""

    name: str
    scopes: tuple[Scope, ...]
    created: datetime | None
    expires: datetime | None
    last_used: datetime | None
    revoked: datetime | None


def find(reader: sqlite3.Connection, secret: str) -> Key | None:
    """Return the key of that secret, unless it has expired or was revoked.

    The index is searched for the hash, so what the search takes tells nothing about the secret.
    """
    moment = now()
    row = reader.execute(_FIND, (_hash(secret), instant(moment))).fetchone()
    if row is None:
        return None
    name, scopes, used = row
    idle = used is None or datetime.fromisoformat(used) < moment - _IDLE
    return Key(name, frozenset(Scope(scope) for scope in json.loads(scopes)), idle)


def create(connection: Connection, name: str, scopes: Collection[Scope], *, expires: datetime | None) -> str:
    """Make a key and return its secret, which is told this once. Raises Conflict for a name that is taken."""
    taken = connection.execute(text("SELECT 1 FROM api_key WHERE name = :name"), {"name": name}).first()
    if taken is not None:
        raise Conflict(f"There is or was a key {name}, and the history names it: give the new one another name.")
    secret = PREFIX + secrets.token_urlsafe(32)
    values = {
        "name": name,
        "secret": _hash(secret),
        "scopes": json.dumps(sorted(scope.value for scope in scopes)),
        "now": instant(now()),
        "expires": None if expires is None else instant(expires),
    }
    connection.execute(text(_NEW), values)
    return secret


def rotate(connection: Connection, name: str) -> str:
    """Give a key another secret and return it; the one before is good for nothing. Raises NotFound, and Conflict."""
    _prove_there(connection, name)
    secret = PREFIX + secrets.token_urlsafe(32)
    values = {"name": name, "secret": _hash(secret)}
    changed = connection.execute(text("UPDATE api_key SET secret_sha256 = :secret WHERE " + _GOOD), values).rowcount
    if not changed:
        raise Conflict(f"The key {name} was revoked, which is for good: create one of another name.")
    return secret


def revoke(connection: Connection, name: str) -> bool:
    """Revoke a key for good; return False when it was revoked before. Raises NotFound."""
    _prove_there(connection, name)
    sql = "UPDATE api_key SET revoked = :now WHERE " + _GOOD
    return connection.execute(text(sql), {"name": name, "now": instant(now())}).rowcount > 0


def every(reader: sqlite3.Connection) -> list[Listed]:
    """Return all keys, by name."""
    rows = reader.execute(f"SELECT {_COLUMNS} FROM api_key ORDER BY name").fetchall()
    return [
        Listed(name, tuple(Scope(scope) for scope in json.loads(scopes)), *map(_moment, moments))
        for name, scopes, *moments in rows
    ]


def keep_use(connection: Connection, name: str) -> None:
    """Keep that the key is used now."""
    connection.execute(
        text("UPDATE api_key SET last_used = :now WHERE name = :name"), {"now": instant(now()), "name": name}
    )


def _moment(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _prove_there(connection: Connection, name: str) -> None:
    names = list(connection.execute(text("SELECT name FROM api_key ORDER BY name")).scalars())
    if name not in names:
        best = nearest(name, names)
        raise NotFound(f"There is no key {name}" + (f": did you mean {best}?" if best else "."))


_GOOD = "name = :name AND revoked IS NULL"
_NEW = """
INSERT INTO api_key (name, secret_sha256, scopes, created, expires) VALUES (:name, :secret, :scopes, :now, :expires)
"""
