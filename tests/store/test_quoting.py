"""Quotes written and reviewed one at a time: whatever is done, the shelves, the full text and the history hold."""

import json
import sqlite3
from contextlib import suppress
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlmodel import Session

from app.errors import Conflict, Invalid
from app.store import quoting, records, search
from app.tables.anchored import AnchoredQuote, AnchoredStance
from app.tables.db import Database
from app.tables.review import ReviewNew
from app.tables.words import Polarity, QuoteKind, Status
from tests.store.builders import WRITER, printed, rebuilt, said, shelved, speakers, topics, undone

PRINT = printed("post", sentences=5)
SPEAKERS = ("ada", "bo")
TOPICS = {"a": None, "b": "a", "c": "b"}


class Add(NamedTuple):
    quote: AnchoredQuote
    confidence: float | None


class Change(NamedTuple):
    which: int
    quote: AnchoredQuote
    confidence: float | None


class Review(NamedTuple):
    which: int
    status: Status
    successor: int | None


@st.composite
def quotes(draw: st.DrawFn) -> AnchoredQuote:
    sentences = sorted(draw(st.sets(st.integers(0, 4), min_size=1, max_size=2)))
    return PRINT.quote(*sentences)._replace(
        speaker=draw(st.sampled_from([None, *SPEAKERS])),
        kind=draw(st.sampled_from(QuoteKind)),
        polarity=draw(st.sampled_from([Polarity.ASSERTED, *Polarity])),
        status=draw(st.sampled_from([Status.PROPOSED, Status.PUBLISHED])),
        said=said(draw(st.sampled_from([None, "2024-02-29", "2024-02", "2020/2024"]))),
        topics=tuple(AnchoredStance(topic) for topic in draw(st.lists(st.sampled_from(list(TOPICS)), max_size=3))),
    )


SURE = st.sampled_from([None, 0.0, 0.5, 1.0])
STEPS = st.one_of(
    st.builds(Add, quotes(), SURE),
    st.builds(Change, st.integers(0, 9), quotes(), SURE),
    st.builds(Review, st.integers(0, 9), st.sampled_from(Status), st.none() | st.integers(0, 9)),
)


def take(session: Session, step: Add | Change | Review, made: list[str]) -> None:
    """Take one step; what is refused is undone by the caller."""
    connection = session.connection()
    reader = connection.connection.driver_connection
    assert isinstance(reader, sqlite3.Connection)
    if isinstance(step, Add):
        source = quoting.source(connection, reader, "post")
        made.append(quoting.add(connection, reader, source, step.quote, confidence=step.confidence, writer=WRITER))
    elif made:
        found = quoting.find(connection, made[step.which % len(made)])
        if isinstance(step, Change):
            quoting.change(connection, reader, found, step.quote, confidence=step.confidence, writer=WRITER)
        else:
            withdrawn = step.status is Status.WITHDRAWN and step.successor is not None
            successor = made[(step.successor or 0) % len(made)] if withdrawn else None
            decided = ReviewNew(status=step.status, reason="So.", successor=successor)
            quoting.review(connection, found, decided, writer=WRITER)


def prove_history(connection: Connection, made: list[str]) -> None:
    """Hold that each version begins where the one before ended, and that the last one is the quote."""
    for name in made:
        sql = "SELECT version, before, after FROM change WHERE what = 'quote' AND name = :name ORDER BY seq"
        rows = list(connection.execute(text(sql), {"name": name}))
        assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
        assert [row[1] for row in rows] == [None, *(row[2] for row in rows[:-1])]
        found, last = quoting.find(connection, name), json.loads(rows[-1][2])
        quote = found.stored.quote
        assert found.stored.version == len(rows)
        assert (last["text"], last["status"], last.get("confidence")) == (quote.text, quote.status, found.confidence)
        end = connection.execute(text("SELECT reason FROM quote_end WHERE quote = :seq"), {"seq": found.stored.seq})
        assert end.scalar() == ("So." if quote.status is Status.WITHDRAWN else None)


def indexed(connection: Connection) -> list[tuple[object, ...]]:
    """Return what full text holds."""
    return [tuple(row) for row in connection.execute(text("SELECT rowid, * FROM quote_fts ORDER BY rowid"))]


def prove_index(connection: Connection) -> None:
    """Hold that full text is what it is when made anew."""
    kept = indexed(connection)
    search.again(connection, list(connection.execute(text("SELECT seq FROM quote")).scalars()))
    assert kept == indexed(connection)


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_after_any_steps_shelves_and_history_hold(shared: Database, steps: list[Add | Change | Review]) -> None:
    with undone(shared) as session:
        connection = session.connection()
        records.put(session, PRINT.record(speakers=speakers(*SPEAKERS), topics=topics(TOPICS)), writer=WRITER)
        made: list[str] = []
        for step in steps:
            with suppress(Conflict, Invalid), connection.begin_nested():
                take(session, step, made)
            assert shelved(connection) == rebuilt(connection)
        prove_history(connection, made)
        prove_index(connection)
