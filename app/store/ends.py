"""Ends: why quotes were withdrawn, and what to read in their place."""

import sqlite3

from sqlalchemy import Connection, text

from app.errors import Gone
from app.store.history import Writer


def put(connection: Connection, seq: int, *, reason: str, successor: int | None, writer: Writer) -> None:
    """Keep why a quote was withdrawn; one that was withdrawn before has the new reason."""
    values = {"seq": seq, "reason": reason, "at": writer.stamp, "successor": successor}
    connection.execute(text("INSERT OR REPLACE INTO quote_end VALUES (:seq, :reason, :at, :successor)"), values)


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

    One that a record file says is withdrawn has no reason.
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
