"""Answers to writes that were given an Idempotency-Key, kept for a day so that asking again writes nothing again."""

import json
import sqlite3
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.tables.columns import instant, now

KEPT = timedelta(hours=24)


class Reply(NamedTuple):
    """An answer; `request` is the SHA-256 of what was asked."""

    request: str
    status: int
    headers: Mapping[str, str]
    body: str


def find(reader: sqlite3.Connection, who: str, key: str) -> Reply | None:
    """Return the answer that a key gave lately under an Idempotency-Key, or None."""
    row = reader.execute(_FOUND, (who, key, instant(now() - KEPT))).fetchone()
    return None if row is None else Reply(row[0], row[1], json.loads(row[2]), row[3])


def keep(connection: Connection, who: str, key: str, reply: Reply) -> None:
    """Keep an answer, in the transaction of what it answers to. What is older is forgotten."""
    connection.execute(text("DELETE FROM kept_answer WHERE at < :since"), {"since": instant(now() - KEPT)})
    values = {
        "who": who,
        "key": key,
        "request": reply.request,
        "status": reply.status,
        "headers": json.dumps(dict(reply.headers)),
        "body": reply.body,
        "at": instant(now()),
    }
    connection.execute(text(_NEW), values)


_FOUND = "SELECT request, status, headers, body FROM kept_answer WHERE who = ? AND key = ? AND at >= ?"
_NEW = """
INSERT INTO kept_answer (who, key, request, status, headers, body, at)
VALUES (:who, :key, :request, :status, :headers, :body, :at)
"""
