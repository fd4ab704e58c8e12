"""Edits of speakers and topics, one at a time, as a person asks for them: made, changed, renamed and taken off."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.errors import Conflict, Fault, Invalid
from app.store import entries, leads, search, shelves, states
from app.store.entries import formers
from app.store.history import Writer
from app.store.terms import missing
from app.tables.record import RoleEntry, SpeakerEntry, TopicEntry
from app.tables.words import What
from app.text import dates


class StoredSpeaker(NamedTuple):
    """A speaker with its number and version."""

    seq: int
    version: int
    entry: SpeakerEntry


class StoredTopic(NamedTuple):
    """A topic with its number and version."""

    seq: int
    version: int
    entry: TopicEntry


def speaker(connection: Connection, reader: sqlite3.Connection, slug: str) -> StoredSpeaker:
    """Return the speaker of that slug. Raises NotFound, naming the nearest known slug."""
    found = states.speakers(connection, [slug])
    if not found:
        raise missing(reader, "speaker", slug)
    return StoredSpeaker(*found[0])


def add_speaker(connection: Connection, entry: SpeakerEntry, *, writer: Writer) -> None:
    """Put a new speaker on the record. Raises Conflict for a slug that is taken, or was, and Invalid."""
    prove_free(connection, What.SPEAKER, entry.slug)
    entries.save_speaker(connection, None, _proved_speaker(entry), before=None, writer=writer)


def change_speaker(connection: Connection, stored: StoredSpeaker, after: SpeakerEntry, *, writer: Writer) -> None:
    """Make a speaker what `after` says; another slug renames it. Raises as `add_speaker` does."""
    after = _proved_speaker(after)
    if after == stored.entry:
        return
    former = formers(connection, What.SPEAKER, stored.seq)
    if after.slug != stored.entry.slug:
        rename(connection, What.SPEAKER, stored.seq, stored.entry.slug, after.slug)
    entries.save_speaker(connection, stored.seq, after, before=stored.entry, writer=writer, former=former)
    search.again(connection, quotes_of(connection, stored.seq))


def remove_speaker(connection: Connection, stored: StoredSpeaker, *, writer: Writer) -> None:
    """Take a speaker off the record. Raises Conflict while there is a quote of it, public or not."""
    count = len(quotes_of(connection, stored.seq))
    if count:
        raise Conflict(
            f"{_there_are(count, 'quote')} of {stored.entry.slug}, public or not: merge it into another speaker."
        )
    entries.remove_speaker(connection, stored.seq, stored.entry, writer=writer)


def _proved_speaker(entry: SpeakerEntry) -> SpeakerEntry:
    """Return the entry with its names in order. Raises Invalid for a name that stands twice, or a role's wrong days."""
    _prove_once([name.name for name in entry.names], "/names", entry.slug)
    for at, role in enumerate(entry.roles):
        _prove_role(role, f"/roles/{at}")
    return entry.model_copy(update={"names": sorted(entry.names, key=lambda name: name.name)})


def _prove_role(role: RoleEntry, pointer: str) -> None:
    days = []
    for name, edtf in (("from", role.start), ("to", role.end)):
        try:
            days.append(dates.bounds(edtf) if edtf else None)
        except Invalid as error:
            raise Invalid.of(Fault(error.detail, pointer=f"{pointer}/{name}")) from error
    first, last = days
    if first and last and first.earliest and last.latest and first.earliest > last.latest:
        detail = f"The role {role.title} ends ({role.end}) before it begins ({role.start})."
        raise Invalid.of(Fault(detail, pointer=f"{pointer}/to"))


def topic(connection: Connection, reader: sqlite3.Connection, slug: str) -> StoredTopic:
    """Return the topic of that slug. Raises NotFound, naming the nearest known slug."""
    found = states.topics(connection, [slug])
    if not found:
        raise missing(reader, "topic", slug)
    return StoredTopic(*found[0])


def add_topic(connection: Connection, entry: TopicEntry, *, writer: Writer) -> None:
    """Put a new topic on the record. Raises Conflict for a slug that is taken, or was, and Invalid."""
    prove_free(connection, What.TOPIC, entry.slug)
    entries.save_topic(
        connection, None, _proved_topic(connection, entry), before=None, writer=writer, pointer="/broader"
    )


def change_topic(connection: Connection, stored: StoredTopic, after: TopicEntry, *, writer: Writer) -> None:
    """Make a topic what `after` says: it may be renamed, and moved in the tree. Raises as `add_topic` does."""
    after, before = _proved_topic(connection, after), stored.entry
    if after == before:
        return
    former = formers(connection, What.TOPIC, stored.seq)
    if after.slug != before.slug:
        rename(connection, What.TOPIC, stored.seq, before.slug, after.slug)
    entries.save_topic(connection, stored.seq, after, before=before, writer=writer, pointer="/broader", former=former)
    if after.broader != before.broader:
        shelves.rebuild(connection)
    if (after.label, after.labels) != (before.label, before.labels):
        search.again(connection, quotes_on(connection, stored.seq))


def remove_topic(connection: Connection, stored: StoredTopic, *, writer: Writer) -> None:
    """Take a topic off the record. Raises Conflict while there is a quote on it, public or not, or a topic below it."""
    slug = stored.entry.slug
    count = len(quotes_on(connection, stored.seq))
    if count:
        raise Conflict(f"{_there_are(count, 'quote')} on {slug}, public or not: merge it into another topic.")
    below = len(narrower(connection, stored.seq))
    if below:
        raise Conflict(f"{_there_are(below, 'topic')} below {slug}: move what is below, or merge {slug} into another.")
    entries.remove_topic(connection, stored.seq, stored.entry, writer=writer)


def _proved_topic(connection: Connection, entry: TopicEntry) -> TopicEntry:
    """Return the entry with its labels in order, and above it a topic of now. Raises Invalid for a label twice."""
    _prove_once(entry.labels, "/labels", entry.slug)
    return entry.model_copy(
        update={"labels": sorted(entry.labels), "broader": leads.now(connection, What.TOPIC, entry.broader)}
    )


def _prove_once(words: Sequence[str], pointer: str, slug: str) -> None:
    for at, word in enumerate(words):
        if word in words[:at]:
            raise Invalid.of(
                Fault(f"“{word}” stands twice among the {pointer[1:]} of {slug}.", pointer=f"{pointer}/{at}")
            )


def _there_are(count: int, what: str) -> str:
    return f"There is 1 {what}" if count == 1 else f"There are {count:,} {what}s"


def quotes_of(connection: Connection, speaker: int) -> list[int]:
    """Return the numbers of all quotes of a speaker."""
    return list(connection.execute(text("SELECT seq FROM quote WHERE speaker = :seq"), {"seq": speaker}).scalars())


def quotes_on(connection: Connection, topic: int) -> list[int]:
    """Return the numbers of all quotes on this very topic."""
    sql = "SELECT DISTINCT quote FROM quote_topic WHERE topic = :seq ORDER BY quote"
    return list(connection.execute(text(sql), {"seq": topic}).scalars())


def narrower(connection: Connection, topic: int) -> list[StoredTopic]:
    """Return the topics one step below."""
    sql = "SELECT slug FROM topic WHERE broader = :seq"
    slugs = connection.execute(text(sql), {"seq": topic}).scalars()
    return [StoredTopic(*found) for found in states.topics(connection, slugs)]


def prove_free(connection: Connection, what: What, slug: str) -> None:
    """Raise Conflict for a slug that stands for something, or that stood for it and leads there still."""
    if connection.execute(text(f"SELECT 1 FROM {what.value} WHERE slug = :slug"), {"slug": slug}).first():
        raise Conflict(f"There is a {what.value} {slug} already: change it by PATCH, or choose another slug.")
    sql = f"SELECT slug FROM {what.value} WHERE seq = (SELECT seq FROM moved WHERE what = :what AND slug = :slug)"
    there = connection.execute(text(sql), {"what": what.value, "slug": slug}).scalar()
    if there is not None:
        raise Conflict(f"{slug} was the slug of {there}, and leads there: choose another one.")


def rename(connection: Connection, what: What, seq: int, before: str, after: str) -> None:
    """Let the slug of before lead to a thing that gets another one. Raises Conflict for a slug that is not free."""
    own = connection.execute(
        text("DELETE FROM moved WHERE what = :what AND slug = :slug AND seq = :seq"),
        {"what": what.value, "slug": after, "seq": seq},
    ).rowcount
    if not own:
        prove_free(connection, what, after)
    connection.execute(
        text("INSERT INTO moved (what, slug, seq) VALUES (:what, :slug, :seq)"),
        {"what": what.value, "slug": before, "seq": seq},
    )
