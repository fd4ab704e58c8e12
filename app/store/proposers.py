"""Who proposed a quote, and what that key may not do alone where publishing takes two people."""

from sqlalchemy import Connection, text

from app.errors import Forbidden
from app.store.history import Writer
from app.store.states import Stored
from app.tables.words import Status, What


def of(connection: Connection, name: str) -> frozenset[str]:
    """Return who put the quote on the record as a proposal, and who made it one again last."""
    values = {"what": What.QUOTE.value, "name": name, "proposed": Status.PROPOSED.value}
    made = connection.execute(text(_PROPOSED), values).scalars().all()
    return frozenset({*made[:1], *made[-1:]})


_PROPOSED = """
SELECT who FROM change WHERE what = :what AND name = :name AND after ->> 'status' = :proposed
AND (before IS NULL OR before ->> 'status' <> :proposed) ORDER BY version, seq
"""


def prove_publishing(connection: Connection, stored: Stored, after: Status, *, writer: Writer) -> None:
    """Raise Forbidden when who publishes a proposed quote is who proposed it."""
    before = stored.quote
    publishes = (before.status, after) == (Status.PROPOSED, Status.PUBLISHED)
    if publishes and writer.who in of(connection, before.id):
        raise Forbidden(f"The key {writer.who} proposed the quote {before.id}: another person's key has to publish it.")
