"""Shelves: what writers keep up to date is what a rebuild makes."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from app.errors import Invalid
from app.store import records, shelves
from app.tables.anchored import AnchoredQuote, AnchoredRecord, AnchoredStance
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.record import TopicEntry
from app.tables.review import MOVES
from app.tables.words import Polarity, QuoteKind, Status
from tests.store import model
from tests.store.builders import (
    WRITER,
    printed,
    rebuilt,
    said,
    shelved,
    speakers,
    topics,
    undone,
)

PRINTS = [printed(slug, sentences=5) for slug in ("post", "mail")]
SPEAKERS = ("ada", "bo")
TOPICS = ("a", "b", "c", "d")


@st.composite
def quotes(draw: st.DrawFn, source: int, sentence: int) -> AnchoredQuote:
    return (
        PRINTS[source]
        .quote(sentence)
        ._replace(
            speaker=draw(st.sampled_from([None, *SPEAKERS])),
            kind=draw(st.sampled_from(QuoteKind)),
            polarity=draw(st.sampled_from([Polarity.ASSERTED, *Polarity])),
            status=draw(st.sampled_from([Status.PUBLISHED, *Status])),
            said=said(
                draw(st.sampled_from([None, "2024-02-29", "2024-02", "2024", "2020/2024", "../2024", "2023-07/.."]))
            ),
            topics=tuple(AnchoredStance(topic) for topic in draw(st.lists(st.sampled_from(TOPICS), max_size=3))),
        )
    )


@st.composite
def trees(draw: st.DrawFn) -> list[TopicEntry]:
    """Return all topics in some tree, or in none: what a file does not say of a topic's place stays."""
    order = draw(st.permutations(TOPICS))
    return topics({slug: draw(st.sampled_from([None, *order[:at]])) for at, slug in enumerate(order)})


@st.composite
def files(draw: st.DrawFn) -> AnchoredRecord:
    source = draw(st.integers(0, len(PRINTS) - 1))
    sentences = draw(st.lists(st.integers(0, 4), max_size=4, unique=True))
    return PRINTS[source].record(
        [draw(quotes(source, sentence)) for sentence in sentences],
        speakers=speakers(*SPEAKERS),
        topics=draw(trees()),
    )


def possible(connection: Connection, record: AnchoredRecord) -> AnchoredRecord:
    """Return the record with the status of now for each quote that no review brings to the one it has."""
    rows = connection.execute(text("SELECT id, status FROM quote"))
    there = {str(name): Status(status) for name, status in rows}
    quotes = [
        quote._replace(status=quote.status if quote.status in MOVES[before] else before)
        for quote in record.quotes
        if (before := there.get(quote.id, quote.status))
    ]
    return record._replace(quotes=tuple(quotes))


@settings(max_examples=60, deadline=None)
@given(imports=st.lists(files(), min_size=1, max_size=5))
def test_after_any_imports_and_corrections_the_shelves_are_those_of_a_rebuild(
    shared: Database, imports: list[AnchoredRecord]
) -> None:
    with undone(shared) as session:
        connection = session.connection()
        for record in imports:
            # The trees of two files may not fit together; what was refused leaves the shelves as they were.
            with suppress(Invalid), connection.begin_nested():
                records.put(session, possible(connection, record), writer=WRITER)
            assert shelved(connection) == rebuilt(connection)


@settings(max_examples=60, deadline=None)
@given(first=trees(), second=trees(), about=st.lists(st.lists(st.sampled_from(TOPICS), max_size=3), max_size=4))
def test_after_any_move_of_the_tree_the_shelves_are_those_of_a_rebuild(
    shared: Database, first: list[TopicEntry], second: list[TopicEntry], about: list[list[str]]
) -> None:
    post = PRINTS[0]
    given_quotes = [
        post.quote(at)._replace(topics=tuple(AnchoredStance(topic) for topic in named))
        for at, named in enumerate(about)
    ]
    with undone(shared) as session:
        records.put(session, post.record(given_quotes, topics=first), writer=WRITER)
        try:
            records.put(session, post.record(topics=second), writer=WRITER)
        except Invalid:
            return
        assert shelved(session.connection()) == rebuilt(session.connection())


def test_quotes_taken_off_and_put_back_leave_the_shelves_as_they_were(shared: Database) -> None:
    with undone(shared) as session:
        model.fill(session, model.make(0))
        connection = session.connection()
        before = shelved(connection)
        every = list(connection.execute(text("SELECT seq FROM quote")).scalars())
        shelves.take(connection, every)
        assert shelved(connection) == ([], [], [], [], [])
        shelves.put(connection, every)
        assert shelved(connection) == before


def test_the_seeds_shelves_are_those_of_a_rebuild(seeded: Database) -> None:
    with seeded.writing() as session:
        kept = shelved(session.connection())
        assert kept == rebuilt(session.connection())
    assert kept.entries
    assert kept.tallies
    assert kept.of_speakers
    assert kept.on_topics


def test_a_record_of_before_is_counted_when_it_is_migrated(seeded: Database) -> None:
    migrate(seeded, "0006")
    migrate(seeded)
    with seeded.writing() as session:
        kept = shelved(session.connection())
        assert kept == rebuilt(session.connection())
    assert kept.of_speakers


def test_every_quote_stands_under_each_of_its_topics_and_all_above_once(shared: Database) -> None:
    items = model.make(1)
    with undone(shared) as session:
        model.fill(session, items)
        sql = "SELECT entry.id, topic.slug FROM topic_entry AS entry JOIN topic ON topic.seq = entry.topic"
        rows = [tuple(row) for row in session.connection().execute(text(sql))]
    public = [item for item in items if item.quote.status in (Status.PUBLISHED, Status.DISPUTED)]
    assert sorted(rows) == sorted((item.quote.id, topic) for item in public for topic in item.topics)
