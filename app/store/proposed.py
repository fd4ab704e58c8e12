"""What is told of a proposal to those who review it: how sure it is, which rule made it, and whom it names."""

import json
import sqlite3

from sqlalchemy import func, literal_column, select

from app.store.documents import QUOTE, document
from app.tables import NewSpeaker, Proposal
from app.tables.columns import Expression, table


def fields() -> dict[str, Expression]:
    """Return it of QUOTE; null where nothing is told. A file may have decided since whom the quote names."""
    sure, named = table(Proposal), table(NewSpeaker)
    told = {
        name: select(sure.c[name]).where(sure.c.quote == QUOTE.c.seq).correlate(QUOTE).scalar_subquery()
        for name in ("confidence", "why")
    }
    speaker = select(document({"name": named.c.name, "kind": named.c.kind})).where(
        named.c.quote == QUOTE.c.seq, QUOTE.c.speaker.is_(None), QUOTE.c.public == literal_column("0")
    )
    # json(): newer SQLite forgets that a subquery's text is JSON, and would serve it as a string.
    return {**told, "new_speaker": func.json(speaker.correlate(QUOTE).scalar_subquery())}


def told(reader: sqlite3.Connection, name: str, document: str) -> str:
    """Return the document of the quote of that id with it."""
    confidence, why, named, kind = reader.execute(_TOLD, (name,)).fetchone()
    speaker = None if named is None else {"name": named, "kind": kind}
    said = json.dumps({"confidence": confidence, "why": why, "new_speaker": speaker}, ensure_ascii=False)
    return f"{document[:-1]},{said[1:]}"


_TOLD = """
SELECT proposal.confidence, proposal.why, new_speaker.name, new_speaker.kind FROM quote
LEFT JOIN proposal ON proposal.quote = quote.seq
LEFT JOIN new_speaker ON new_speaker.quote = quote.seq AND quote.speaker IS NULL AND quote.public = 0
WHERE quote.id = ?
"""
