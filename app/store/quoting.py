"""Quotes one at a time, as people write and review them: made, corrected, and moved between states."""

import sqlite3
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.errors import Conflict, Fault, Invalid, NotFound
from app.store import corrections, ends, entries, ingest, moves, newcomers, proposers, states, terms
from app.store.history import Writer
from app.store.ingest import Known, Placed
from app.store.names import free_id
from app.store.states import Stored, StoredSource
from app.tables.anchored import AnchoredQuote
from app.tables.review import ReviewNew
from app.tables.words import PUBLIC, Status, What


class StoredQuote(NamedTuple):
    """A quote with its number and version, its source, how sure it is, and the names of those who proposed it."""

    stored: Stored
    source: StoredSource
    confidence: float | None
    proposers: frozenset[str]

    @property
    def is_public(self) -> bool:
        return self.stored.quote.status in PUBLIC


def find(connection: Connection, name: str) -> StoredQuote:
    """Return the quote of that id, whatever its status. Raises NotFound."""
    stored = states.quote(connection, name)
    if stored is None:
        raise NotFound(f"There is no quote {name[:100]}.")
    sql = "SELECT source.slug FROM quote JOIN source ON source.seq = quote.source WHERE quote.seq = :seq"
    key = {"seq": stored.seq}
    source = states.source(connection, str(connection.execute(text(sql), key).scalar_one()))
    if source is None:
        raise TypeError("a quote has a source")
    sure = connection.execute(text("SELECT confidence FROM proposal WHERE quote = :seq"), key).scalar()
    return StoredQuote(stored, source, None if sure is None else float(sure), proposers.of(connection, name))


def source(connection: Connection, reader: sqlite3.Connection, slug: str) -> StoredSource:
    """Return the source that a new quote is of. Raises Invalid, naming the nearest known slug."""
    known = terms.current(reader, What.SOURCE, slug, "/source")
    found = states.source(connection, known)
    if found is None:
        raise TypeError("a slug that was found is of a source")
    return found


def add(
    connection: Connection,
    reader: sqlite3.Connection,
    source: StoredSource,
    quote: AnchoredQuote,
    *,
    confidence: float | None,
    writer: Writer,
) -> str:
    """Put a new quote on the record and return its id.

    Raises Conflict, naming the quote, when these words of the source are on the record; and Invalid with a JSON pointer
    for a speaker, a topic or a parent that is not.
    """
    quote, known = _resolved(connection, reader, source, quote)
    _prove_new(connection, source, quote, None)
    quote = quote._replace(id=free_id(connection, What.QUOTE, quote.id))
    beside: Mapping[str, Mapping[str, JsonValue]] = {}
    if confidence is not None:
        beside = {quote.id: {"confidence": confidence}}
    placed = Placed(source.seq, source.entry.slug, quote)
    ingest.add_quotes(connection, [placed], known, writer=writer, beside=beside)
    _keep_confidence(connection, quote.id, confidence)
    return quote.id


def change(
    connection: Connection,
    reader: sqlite3.Connection,
    found: StoredQuote,
    quote: AnchoredQuote,
    *,
    confidence: float | None,
    writer: Writer,
    two_people: bool = False,
    settled: bool = False,
) -> None:
    """Make the quote say what `quote` says; its id, its source, its status and its notes stay.

    `settled`: somebody decided who the speaker is, or that nobody is; whom the proposal named is forgotten.
    Raises as `add` does, and with `two_people` Forbidden for what `writer` may not change alone.
    """
    before = found.stored.quote
    quote = quote._replace(id=before.id, status=before.status, notes=before.notes)
    quote, known = _resolved(connection, reader, found.source, quote)
    if two_people:
        proposers.prove_change(connection, before, quote, writer=writer)
    if quote.content != before.content:
        _prove_new(connection, found.source, quote, before.id)
    told = corrections.beside(connection, before, found.source.entry.slug)
    told.pop("confidence", None)
    if confidence is not None:
        told["confidence"] = confidence
    if settled or quote.speaker is not None:
        newcomers.forget(connection, found.stored.seq, told)
    corrections.correct_quote(
        connection, found.stored, quote, known, slug=found.source.entry.slug, writer=writer, told=told
    )
    if confidence != found.confidence:
        _keep_confidence(connection, quote.id, confidence)


def review(connection: Connection, found: StoredQuote, decided: ReviewNew, *, writer: Writer) -> None:
    """Move the quote to another state.

    Publishing one whose speaker is not on the record yet puts the speaker there. Raises Conflict, naming the moves
    there are, when this is none of them, and Invalid for a successor that is none.
    """
    quote = found.stored.quote
    moves.prove(quote.id, quote.status, decided.status)
    told = corrections.beside(connection, quote, found.source.entry.slug)
    for member in corrections.OF_REVIEW:
        told.pop(member, None)
    told |= decided.model_dump(include=set(corrections.OF_REVIEW), exclude_none=True)
    successor = ends.successor(connection, quote.id, decided.successor, among=PUBLIC, pointer="/successor")
    after = quote._replace(status=decided.status)
    if decided.status in PUBLIC and quote.speaker is None:
        after = after._replace(speaker=newcomers.settle(connection, found.stored.seq, found.source, writer=writer))
        newcomers.forget(connection, found.stored.seq, told)
    known = _known(connection, after)
    corrections.correct_quote(
        connection, found.stored, after, known, slug=found.source.entry.slug, writer=writer, told=told
    )
    if decided.status is Status.WITHDRAWN:
        ends.put(connection, found.stored.seq, reason=decided.reason or "", successor=successor, writer=writer)


def _keep_confidence(connection: Connection, name: str, confidence: float | None) -> None:
    values = {"id": name, "confidence": confidence}
    connection.execute(text(_NO_CONFIDENCE if confidence is None else _CONFIDENCE), values)


_NO_CONFIDENCE = "DELETE FROM proposal WHERE quote = (SELECT seq FROM quote WHERE id = :id)"
_CONFIDENCE = """
INSERT INTO proposal (quote, confidence) VALUES ((SELECT seq FROM quote WHERE id = :id), :confidence)
ON CONFLICT (quote) DO UPDATE SET confidence = excluded.confidence
"""


def _resolved(
    connection: Connection, reader: sqlite3.Connection, source: StoredSource, quote: AnchoredQuote
) -> tuple[AnchoredQuote, Known]:
    """Return the quote with the slugs of now, and their numbers. Raises Invalid for a name that is not there."""
    _prove_parent(connection, source, quote)
    speaker = terms.current(reader, What.SPEAKER, quote.speaker, "/speaker") if quote.speaker else None
    topics = tuple(
        about._replace(topic=terms.current(reader, What.TOPIC, about.topic, f"/topics/{at}/topic"))
        for at, about in enumerate(quote.topics)
    )
    quote = quote._replace(speaker=speaker, topics=topics)
    return quote, _known(connection, quote)


def _known(connection: Connection, quote: AnchoredQuote) -> Known:
    return Known(
        entries.numbers(connection, "speaker", [quote.speaker] if quote.speaker else []),
        entries.numbers(connection, "topic", [about.topic for about in quote.topics]),
    )


def _prove_parent(connection: Connection, source: StoredSource, quote: AnchoredQuote) -> None:
    """Raise Invalid for a parent that is no quote of the source, or that is nested in the quote itself."""
    if quote.parent is None:
        return
    rows = connection.execute(text(_UP), {"id": quote.parent, "source": source.seq}).scalars().all()
    if not rows:
        detail = f"There is no quote {quote.parent} of {source.entry.slug}: a quote is nested in one of its own source."
        raise Invalid.of(Fault(detail, pointer="/parent"))
    if quote.id in rows:
        raise Invalid.of(Fault(f"The quote {quote.id} cannot be nested in itself.", pointer="/parent"))


_UP = """
WITH RECURSIVE up(seq, id, parent) AS (
    SELECT seq, id, parent FROM quote WHERE id = :id AND source = :source
    UNION SELECT quote.seq, quote.id, quote.parent FROM up JOIN quote ON quote.seq = up.parent
) SELECT id FROM up
"""


def _prove_new(connection: Connection, source: StoredSource, quote: AnchoredQuote, own: str | None) -> None:
    """Raise Conflict when another quote than `own` has these very words now, whichever it had when it was made."""
    values = {"source": source.seq, "position": ingest.position(quote)}
    spans: dict[str, list[tuple[int, int]]] = {}
    for name, start, end in connection.execute(text(_CONTENT), values):
        spans.setdefault(name, []).append((start, end))
    for name in (name for name, content in spans.items() if name != own and content == [*quote.content]):
        raise Conflict(f"These very words of {source.entry.slug} are on the record already, as the quote {name}.")


_CONTENT = """
SELECT quote.id, segment.start, segment."end" FROM quote JOIN segment ON segment.quote = quote.seq
WHERE quote.source = :source AND quote.position = :position AND segment.role = 'content'
ORDER BY quote.seq, segment.ordinal
"""
