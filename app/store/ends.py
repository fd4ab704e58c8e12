"""Ends: why quotes were withdrawn, and what to read in their place."""

import sqlite3
from collections.abc import Container, Sequence

from sqlalchemy import Connection, text

from app.errors import Fault, Gone, Invalid
from app.store.history import Writer
from app.tables.anchored import AnchoredQuote
from app.tables.review import WERE_PUBLIC
from app.tables.words import Status


def put(connection: Connection, seq: int, *, reason: str, successor: int | None, writer: Writer) -> None:
    """Keep why a quote was withdrawn; what is withdrawn already has the new reason, and the day that it had."""
    values = {"seq": seq, "reason": reason, "at": writer.stamp, "successor": successor}
    connection.execute(text(_PUT), values)


_PUT = """
INSERT INTO quote_end (quote, reason, at, successor) VALUES (:seq, :reason, :at, :successor)
ON CONFLICT (quote) DO UPDATE SET reason = excluded.reason, successor = excluded.successor
"""


def put_file(connection: Connection, quotes: Sequence[AnchoredQuote], *, writer: Writer) -> None:
    """Keep the ends of the quotes of a record file, which are on the record.

    Raises Invalid, with the pointer into the file, for a successor that was never public.
    """
    for at, quote in enumerate(quotes):
        if quote.status is not Status.WITHDRAWN or quote.reason is None:
            continue
        seq, *known = connection.execute(text(_KNOWN), {"id": quote.id}).one()
        if known != [quote.reason, quote.successor]:
            pointer = f"/quotes/{at}/successor"
            # The successor itself may have been withdrawn since, and its file has to come back all the same.
            other = successor(connection, quote.id, quote.successor, among=WERE_PUBLIC, pointer=pointer)
            put(connection, seq, reason=quote.reason, successor=other, writer=writer)


def successor(
    connection: Connection, name: str, other: str | None, *, among: Container[Status], pointer: str
) -> int | None:
    """Return the number of the quote to read in the place of the quote `name`.

    Raises Invalid, with the pointer, when it is that quote, is nowhere, or its status is not `among` those.
    """
    if other is None:
        return None
    row = connection.execute(text("SELECT seq, status FROM quote WHERE id = :id"), {"id": other}).one_or_none()
    if other == name or row is None or row[1] not in among:
        how = "is the withdrawn one itself" if other == name else "is not public" if row else "is not on the record"
        raise Invalid.of(Fault(f"The quote {other} {how}: a successor is another public one.", pointer=pointer))
    return int(row[0])


_KNOWN = """
SELECT quote.seq, quote_end.reason, successor.id FROM quote
LEFT JOIN quote_end ON quote_end.quote = quote.seq LEFT JOIN quote AS successor ON successor.seq = quote_end.successor
WHERE quote.id = :id
"""


def take(connection: Connection, seq: int) -> None:
    """Forget the end of a quote that is not withdrawn any more; the history keeps it."""
    connection.execute(text("DELETE FROM quote_end WHERE quote = :seq"), {"seq": seq})


def told(reader: sqlite3.Connection, source: int) -> dict[str, dict[str, str]]:
    """Return what the history tells of the ends of a source's quotes, by their ids."""
    rows = reader.execute(_OF_SOURCE, (source,)).fetchall()
    return {
        name: {"reason": reason, "successor": successor} if successor else {"reason": reason}
        for name, reason, successor in rows
    }


def gone(reader: sqlite3.Connection, name: str) -> Gone:
    """Return the error that tells of a withdrawn quote what is left of it.

    One that a record file withdrew before files told reasons has none.
    """
    reason, at, successor = reader.execute(_END, (name,)).fetchone()
    day = str(at)[:10]
    instead = f" Read {successor} in its place." if successor else ""
    url = f"/v1/quotes/{successor}" if successor else None
    why = f": {_sentence(reason)}" if reason else "."
    detail = f"The quote {name} was withdrawn from the record on {day}{why}{instead}"
    return Gone(detail, reason=reason, withdrawn=day, successor=url)


def _sentence(reason: str) -> str:
    """Return the reason with a full stop, unless it ends a sentence itself, within quotation marks or not."""
    return reason if reason.rstrip(_CLOSING).endswith(_STOPS) else f"{reason}."


_STOPS = (".", "!", "?", "…", "。", "！", "？", "؟", "۔")
_CLOSING = "”’\"')»"
_END = """
SELECT quote_end.reason, coalesce(quote_end.at, quote.updated), successor.id FROM quote
LEFT JOIN quote_end ON quote_end.quote = quote.seq LEFT JOIN quote AS successor ON successor.seq = quote_end.successor
WHERE quote.id = ?
"""
_OF_SOURCE = """
SELECT quote.id, quote_end.reason, successor.id FROM quote JOIN quote_end ON quote_end.quote = quote.seq
LEFT JOIN quote AS successor ON successor.seq = quote_end.successor WHERE quote.source = ?
"""
