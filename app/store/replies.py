"""Answers to writes that were given an Idempotency-Key, kept for a day so that asking again writes nothing again."""

import json
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


def find(connection: Connection, who: str, key: str) -> Reply | None:
    """Return the answer that a key gave lately under an Idempotency-Key, or None. What is older is forgotten."""
    connection.execute(text("DELETE FROM kept_answer WHERE at < :since"), {"since": instant(now() - KEPT)})
    row = connection.execute(
        text("SELECT request, status, headers, body FROM kept_answer WHERE who = :who AND key = :key"),
        {"who": who, "key": key},
    ).one_or_none()
    return None if row is None else Reply(row[0], row[1], json.loads(row[2]), row[3])


def keep(connection: Connection, who: str, key: str, reply: Reply) -> None:
    """Keep an answer, in the transaction of what it answers to."""
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


_NEW = """
INSERT INTO kept_answer (who, key, request, status, headers, body, at)
VALUES (:who, :key, :request, :status, :headers, :body, :at)
"""
