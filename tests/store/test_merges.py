"""Merges and splits: everything of one moves to the other, and goes back by what the history says."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from random import Random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text
from sqlmodel import Session

from app.errors import Conflict, Invalid
from app.store import edits, merges, records, search, speakers, splits, states, topics
from app.store.entries import formers
from app.store.history import Writer
from app.tables.anchored import AnchoredQuote, AnchoredStance
from app.tables.db import Database
from app.tables.filter import PositionFilter
from app.tables.record import NameEntry, RoleEntry, SpeakerEntry, TopicEntry
from app.tables.speaker import SpeakerFilter
from app.tables.topic import TopicFilter
from app.tables.words import Polarity, SpeakerKind, Stance, Status, What
from tests.store.builders import WRITER, printed, rebuilt, shelved, undone

POST = printed("post", sentences=6)
SPEAKERS = ("ada", "bo", "cy", "dee")
TOPICS = ("a", "b", "c", "d")
NAMES = ("Ada", "Bo", "Countess", "The Poet")
ROLES = (RoleEntry(title="Poet"), RoleEntry(title="Minister", organization="Treasury", start="2020"))
LABELS = ("A", "Aah", "Bee")
STANCES = ((None, None), (Stance.SUPPORTS, "It rains."), (Stance.OPPOSES, "It rains."))


class Record(NamedTuple):
    """What a test begins with."""

    quotes: list[AnchoredQuote]
    speakers: list[SpeakerEntry]
    topics: list[TopicEntry]


@st.composite
def begun(draw: st.DrawFn) -> Record:
    names = st.lists(
        st.builds(
            NameEntry, name=st.sampled_from(NAMES), language=st.sampled_from([None, "en"]), printed=st.just(False)
        ),
        max_size=3,
        unique_by=lambda name: name.name,
    )
    people = [
        SpeakerEntry(
            slug=slug,
            name=draw(st.sampled_from(NAMES)),
            kind=SpeakerKind.PERSON,
            names=draw(names),
            roles=draw(st.lists(st.sampled_from(ROLES), max_size=2, unique_by=lambda role: role.title)),
        )
        for slug in SPEAKERS
    ]
    order = draw(st.permutations(TOPICS))
    tree = [
        TopicEntry(
            slug=slug,
            label=slug.upper(),
            broader=draw(st.sampled_from([None, *order[:at]])),
            labels=draw(st.lists(st.sampled_from(LABELS), max_size=2, unique=True)),
        )
        for at, slug in enumerate(order)
    ]
    about = st.builds(
        lambda topic, stance: AnchoredStance(topic, *stance), st.sampled_from(TOPICS), st.sampled_from(STANCES)
    )
    quotes = [
        POST.quote(at)._replace(
            speaker=draw(st.sampled_from([None, *SPEAKERS])),
            status=draw(st.sampled_from([Status.PUBLISHED, *Status])),
            polarity=draw(st.sampled_from([Polarity.ASSERTED, Polarity.DENIED])),
            topics=tuple(draw(st.lists(about, max_size=4, unique=True))),
        )
        for at in range(4)
    ]
    return Record(quotes, people, tree)


def put(session: Session, record: Record) -> None:
    whole = POST.record(record.quotes, speakers=record.speakers, topics=record.topics)
    records.put(session, whole, writer=WRITER)


def clock() -> Iterator[Writer]:
    """Yield writers of one transaction after another."""
    at = WRITER.at
    while True:
        at += timedelta(seconds=1)
        yield Writer("a test", at)


class Curation:
    """Merges and splits by slug, each as a transaction of its own, and holds the shelves to the record after each."""

    def __init__(self, session: Session) -> None:
        self.connection = session.connection()
        driver = self.connection.connection.driver_connection
        assert driver is not None
        self.reader = driver
        self._writers = clock()

    def merge(self, what: What, gone: str, into: str) -> bool:
        """Merge, unless one is gone already or it cannot be; tell whether it was done."""
        there = {slug: self._there(what, slug) for slug in (gone, into)}
        if not all(there.values()):
            return False
        writer = next(self._writers)
        with self.connection.begin_nested() as savepoint:
            try:
                if what is What.SPEAKER:
                    one, other = (edits.speaker(self.connection, self.reader, slug) for slug in (gone, into))
                    merges.merge_speakers(self.connection, one, other, writer=writer)
                else:
                    first, second = (edits.topic(self.connection, self.reader, slug) for slug in (gone, into))
                    merges.merge_topics(self.connection, first, second, writer=writer)
            except Invalid:
                savepoint.rollback()
                return False
        prove(self.connection)
        return True

    def split(self, what: What, slug: str) -> None:
        """Split from whatever the slug leads to. Raises Conflict when that went into yet another one."""
        sql = f"SELECT slug FROM {what.value} WHERE seq = (SELECT seq FROM moved WHERE what = :what AND slug = :slug)"
        into = str(self.connection.execute(text(sql), {"what": what.value, "slug": slug}).scalar_one())
        writer = next(self._writers)
        if what is What.SPEAKER:
            stored = edits.speaker(self.connection, self.reader, into)
            splits.split_speaker(self.connection, stored, slug, writer=writer)
        else:
            topic = edits.topic(self.connection, self.reader, into)
            splits.split_topic(self.connection, topic, slug, writer=writer)
        prove(self.connection)

    def _there(self, what: What, slug: str) -> bool:
        sql = f"SELECT 1 FROM {what.value} WHERE slug = :slug"
        return self.connection.execute(text(sql), {"slug": slug}).first() is not None

    def lists(self) -> dict[str, object]:
        """Return what every list says, and every entry and quote with all its parts."""
        (source,) = self.connection.execute(text("SELECT seq FROM source")).scalars()
        people = states.speakers(self.connection, SPEAKERS)
        tree = states.topics(self.connection, TOPICS)
        return {
            "speakers": speakers.find(self.reader, SpeakerFilter()).items,
            "topics": topics.find(self.reader, TopicFilter()).items,
            "positions": {
                entry.slug: speakers.positions(self.reader, entry.slug, PositionFilter()).items
                for _, _, entry in people
            },
            "people": [(entry, formers(self.connection, What.SPEAKER, seq)) for seq, _, entry in people],
            "tree": [(entry, formers(self.connection, What.TOPIC, seq)) for seq, _, entry in tree],
            "quotes": [item.quote for item in states.quotes(self.connection, source)],
            "words": terms(self.connection),
        }


def terms(connection: Connection) -> list[tuple[object, ...]]:
    """Return what the full text holds: each term with the quotes and the times it stands."""
    return [tuple(row) for row in connection.execute(text("SELECT * FROM quote_terms ORDER BY 1"))]


def prove(connection: Connection) -> None:
    """Hold shelves and full text to what the record makes of them, and the history to whole runs of versions."""
    assert shelved(connection) == rebuilt(connection)
    kept = terms(connection)
    with connection.begin_nested() as savepoint:
        search.again(connection, list(connection.execute(text("SELECT seq FROM quote")).scalars()))
        assert terms(connection) == kept
        savepoint.rollback()
    broken = "SELECT what, name FROM change GROUP BY what, name HAVING max(version) <> count(*) OR min(version) <> 1"
    assert connection.execute(text(broken)).all() == []
    apart = "SELECT quote.id FROM quote WHERE version <> (SELECT max(version) FROM change WHERE name = quote.id)"
    assert connection.execute(text(apart)).all() == []


pairs = st.tuples(st.sampled_from(SPEAKERS), st.sampled_from(SPEAKERS))
couples = st.tuples(st.sampled_from(TOPICS), st.sampled_from(TOPICS))


@settings(max_examples=40, deadline=None)
@given(record=begun(), couples=st.lists(pairs, min_size=1, max_size=4), order=st.randoms(use_true_random=False))
def test_speakers_merged_and_split_in_any_order_are_as_they_were(
    shared: Database, record: Record, couples: list[tuple[str, str]], order: Random
) -> None:
    with undone(shared) as session:
        put(session, record)
        curation = Curation(session)
        before = curation.lists()
        merged = [gone for gone, into in couples if curation.merge(What.SPEAKER, gone, into)]
        order.shuffle(merged)
        for _ in range(len(merged)):  # what was merged on is split from the last one first
            for slug in list(merged):
                with suppress(Conflict):
                    curation.split(What.SPEAKER, slug)
                    merged.remove(slug)
        assert merged == []
        assert curation.lists() == before


@settings(max_examples=60, deadline=None)
@given(record=begun(), couples=st.lists(couples, min_size=1, max_size=4))
def test_topics_merged_and_split_from_the_last_one_first_are_as_they_were(
    shared: Database, record: Record, couples: list[tuple[str, str]]
) -> None:
    with undone(shared) as session:
        put(session, record)
        curation = Curation(session)
        before = curation.lists()
        merged = [gone for gone, into in couples if curation.merge(What.TOPIC, gone, into)]
        for slug in reversed(merged):
            curation.split(What.TOPIC, slug)
        assert curation.lists() == before
