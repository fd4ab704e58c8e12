"""Desks: what a write over HTTP works with."""

import re
import sqlite3
from typing import NamedTuple

from sqlalchemy import Connection
from sqlmodel import Session

from app.errors import Stale, Unconditional
from app.store.history import Writer
from app.store.keys import Key
from app.text.tags import etag

_CODING = re.compile(r'-(?:zstd|br|gzip)"$')


class Desk(NamedTuple):
    """What a write works with: one transaction as session, connection and reader; who writes; If-Match; the body."""

    session: Session
    connection: Connection
    reader: sqlite3.Connection
    writer: Writer
    key: Key
    match: str | None
    body: bytes

    def prove_match(self, *documents: str, version: int) -> None:
        """Hold If-Match to the documents that a GET gives now (RFC 9110, 13.1.1), `version` being theirs.

        Raises Unconditional without it, and Stale, with the version and the tag of now, when none of them is meant.
        """
        tags = [f'"{etag(document.encode())}"' for document in documents]
        if self.match is None:
            raise Unconditional(
                "Send If-Match with the ETag of the GET on which the change rests, or * for any version."
            )
        given = [_CODING.sub('"', tag.strip()) for tag in self.match.split(",")]
        if "*" not in given and not set(given) & set(tags):
            raise Stale(
                f"It has changed since it was read: it is of version {version} now. Read it again.",
                version=version,
                etag=tags[0],
            )


def at(session: Session, writer: Writer, key: Key, *, match: str | None, body: bytes) -> Desk:
    """Return the desk of a session that has begun; `match` is what If-Match says."""
    connection = session.connection()
    reader = connection.connection.driver_connection
    if not isinstance(reader, sqlite3.Connection):
        raise TypeError("the record is kept in SQLite")
    return Desk(session, connection, reader, writer, key, match, body)
