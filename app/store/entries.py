"""Writes the entries that quotes name, speakers and topics. From files, what is there is completed, never cut down."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel, JsonValue
from sqlalchemy import Connection, text

from app.errors import Fault, Invalid
from app.store import history, search, shelves, states
from app.store.history import Entry, Writer
from app.tables.record import NameEntry, SpeakerEntry, TopicEntry
from app.tables.words import What


class Gone(NamedTuple):
    """Into what a thing was merged, and the slugs that led to it before."""

    into: str
    former: Sequence[str]


def put_speakers(connection: Connection, entries: Sequence[SpeakerEntry], *, writer: Writer) -> list[int]:
    """Put speakers on the record; of one that is there, correct what the file states and keep what it does not.

    Return the numbers of those that were there and changed.
    """
    changed: list[int] = []
    stored = {entry.slug: (seq, entry) for seq, _, entry in states.speakers(connection, _slugs(entries))}
    for entry in entries:
        seq, before = stored.get(entry.slug, (None, None))
        after = _completed(before, entry) if before else _sorted_names(entry)
        if after == before:
            continue
        if seq is not None:
            changed.append(int(seq))
        save_speaker(connection, seq, after, before=before, writer=writer)
    return changed


def save_speaker(
    connection: Connection,
    seq: int | None,
    after: SpeakerEntry,
    *,
    before: SpeakerEntry | None,
    writer: Writer,
    former: Sequence[str] | None = None,
) -> int:
    """Write a speaker exactly as `after` says, new without `seq`; return its number.

    `former` are the slugs that led to it before, where they are not those of now; of a new one, those that lead to it
    from now on. The full text of its quotes is left to the caller (search.again).
    """
    if seq is None:
        version = history.next_version(connection, What.SPEAKER, after.slug)
        values = _speaker_values(after, writer) | {"version": version}
        seq = int(connection.execute(text(_NEW_SPEAKER), values).scalar_one())
        lead(connection, What.SPEAKER, former or (), seq)
    else:
        connection.execute(text(_CORRECT_SPEAKER), _speaker_values(after, writer) | {"seq": seq})
    _write_names(connection, seq, after)
    search.name_speaker(connection, seq)
    _log(connection, What.SPEAKER, seq, before, after, writer=writer, former=former)
    return seq


def remove_speaker(
    connection: Connection, seq: int, before: SpeakerEntry, *, writer: Writer, gone: Gone | None = None
) -> None:
    """Take a speaker of whom there is no quote off the record; its history stays. `gone` tells where it went."""
    for table in ("speaker_name", "speaker_role"):
        connection.execute(text(f"DELETE FROM {table} WHERE speaker = :seq"), {"seq": seq})
    _log_end(connection, What.SPEAKER, seq, before, writer=writer, gone=gone)
    search.name_speaker(connection, seq)


def _completed(before: SpeakerEntry, entry: SpeakerEntry) -> SpeakerEntry:
    names = {name.name: name for name in before.names}
    for name in entry.names:
        known = names.get(name.name)
        names[name.name] = NameEntry(
            name=name.name,
            language=name.language or (known.language if known else None),
            printed=name.printed or (known is not None and known.printed),
        )
    return SpeakerEntry(
        slug=before.slug,
        name=entry.name,
        kind=entry.kind,
        description=entry.description or before.description,
        wikidata=entry.wikidata or before.wikidata,
        names=sorted(names.values(), key=lambda name: name.name),
        roles=before.roles + [role for role in entry.roles if role not in before.roles],
    )


def _sorted_names(entry: SpeakerEntry) -> SpeakerEntry:
    names = {name.name: name for name in entry.names}
    return entry.model_copy(update={"names": sorted(names.values(), key=lambda name: name.name)})


def _speaker_values(entry: SpeakerEntry, writer: Writer) -> dict[str, str | None]:
    return {
        "slug": entry.slug,
        "name": entry.name,
        "kind": entry.kind.value,
        "description": entry.description,
        "wikidata": entry.wikidata,
        "now": writer.stamp,
    }


def _write_names(connection: Connection, seq: int, entry: SpeakerEntry) -> None:
    connection.execute(text("DELETE FROM speaker_name WHERE speaker = :seq"), {"seq": seq})
    connection.execute(text("DELETE FROM speaker_role WHERE speaker = :seq"), {"seq": seq})
    for name in entry.names:
        values = {"seq": seq, "name": name.name, "language": name.language, "printed": int(name.printed)}
        connection.execute(text("INSERT INTO speaker_name VALUES (:seq, :name, :language, :printed)"), values)
    for at, role in enumerate(entry.roles):
        held = {"seq": seq, "at": at, "title": role.title, "where": role.organization, "start": role.start}
        connection.execute(
            text("INSERT INTO speaker_role VALUES (:seq, :at, :title, :where, :start, :end)"), held | {"end": role.end}
        )


def put_topics(connection: Connection, entries: Sequence[TopicEntry], *, writer: Writer) -> list[int]:
    """Put topics on the record, in any order; of one that is there, correct what the file states.

    Return the numbers of those that were there and changed. Moving a topic in the tree fills the shelves anew.
    Raises Invalid for a broader topic that is nowhere, or below.
    """
    stored = {entry.slug: (seq, entry) for seq, _, entry in states.topics(connection, _slugs(entries))}
    moved = False
    changed: list[int] = []
    for at, entry in _broader_first(entries):
        seq, before = stored.get(entry.slug, (None, None))
        after = _completed_topic(before, entry)
        if after == before:
            continue
        if seq is not None:
            changed.append(int(seq))
        moved = moved or (before is not None and after.broader != before.broader)
        save_topic(connection, seq, after, before=before, writer=writer, pointer=f"/topics/{at}/broader")
    if moved:
        shelves.rebuild(connection)
    return changed


def save_topic(
    connection: Connection,
    seq: int | None,
    after: TopicEntry,
    *,
    before: TopicEntry | None,
    writer: Writer,
    pointer: str,
    former: Sequence[str] | None = None,
) -> int:
    """Write a topic exactly as `after` says, new without `seq`; return its number. `former` is as of save_speaker.

    The shelves, when it moves in the tree, and the full text of its quotes are left to the caller. Raises Invalid, at
    the pointer, for a broader topic that is nowhere, or below.
    """
    values = {
        "slug": after.slug,
        "label": after.label,
        "description": after.description,
        "broader": _broader(connection, after, before, pointer),
        "wikidata": after.wikidata,
        "now": writer.stamp,
    }
    if seq is None:
        version = history.next_version(connection, What.TOPIC, after.slug)
        seq = int(connection.execute(text(_NEW_TOPIC), values | {"version": version}).scalar_one())
        lead(connection, What.TOPIC, former or (), seq)
    else:
        connection.execute(text(_CORRECT_TOPIC), values | {"seq": seq})
    connection.execute(text("DELETE FROM topic_label WHERE topic = :seq"), {"seq": seq})
    for label in after.labels:
        connection.execute(text("INSERT INTO topic_label VALUES (:seq, :label)"), {"seq": seq, "label": label})
    _log(connection, What.TOPIC, seq, before, after, writer=writer, former=former)
    return seq


def remove_topic(
    connection: Connection, seq: int, before: TopicEntry, *, writer: Writer, gone: Gone | None = None
) -> None:
    """Take a topic on which there is no quote and below which there is none off the record; its history stays."""
    connection.execute(text("DELETE FROM topic_label WHERE topic = :seq"), {"seq": seq})
    _log_end(connection, What.TOPIC, seq, before, writer=writer, gone=gone)


def _completed_topic(before: TopicEntry | None, entry: TopicEntry) -> TopicEntry:
    known = before or TopicEntry(slug=entry.slug, label=entry.label)
    return TopicEntry(
        slug=entry.slug,
        label=entry.label,
        description=entry.description or known.description,
        broader=entry.broader or known.broader,
        wikidata=entry.wikidata or known.wikidata,
        labels=sorted({*known.labels, *entry.labels}),
    )


def _broader_first(entries: Sequence[TopicEntry]) -> list[tuple[int, TopicEntry]]:
    """Order topics so that each comes after the one above it; `int` is the place in the file."""
    waiting = dict(enumerate(entries))
    ordered: list[tuple[int, TopicEntry]] = []
    while waiting:
        slugs = {entry.slug for entry in waiting.values()}
        ready = [at for at, entry in waiting.items() if entry.broader not in slugs]
        if not ready:
            at, entry = next(iter(waiting.items()))
            raise Invalid.of(Fault(f"The topic {entry.slug} stands above itself.", pointer=f"/topics/{at}/broader"))
        ordered += [(at, waiting.pop(at)) for at in ready]
    return ordered


def _broader(connection: Connection, entry: TopicEntry, before: TopicEntry | None, pointer: str) -> int | None:
    if entry.broader is None:
        return None
    seq = connection.execute(text("SELECT seq FROM topic WHERE slug = :slug"), {"slug": entry.broader}).scalar()
    known = before.slug if before else entry.slug
    if seq is None:
        why = "is not on the record"
    elif entry.broader == known:
        why = "is the topic itself"
    elif known in states.broader(connection, entry.broader):
        why = f"is below {known}"
    else:
        return int(seq)
    raise Invalid.of(Fault(f"The broader topic {entry.broader} {why}.", pointer=pointer))


def numbers(connection: Connection, table: str, slugs: Iterable[str]) -> Mapping[str, int]:
    """Return the numbers of those slugs of `speaker` or `topic` that are on the record."""
    statement = text(f"SELECT seq FROM {table} WHERE slug = :slug")
    found = {slug: connection.execute(statement, {"slug": slug}).scalar() for slug in sorted(set(slugs))}
    return {slug: int(seq) for slug, seq in found.items() if seq is not None}


def _slugs(entries: Sequence[SpeakerEntry] | Sequence[TopicEntry]) -> list[str]:
    return [entry.slug for entry in entries]


def formers(connection: Connection, what: What, seq: int) -> list[str]:
    """Return the slugs that lead to a thing and are not its own, in order of the alphabet."""
    sql = "SELECT slug FROM moved WHERE what = :what AND seq = :seq ORDER BY slug"
    return list(connection.execute(text(sql), {"what": what.value, "seq": seq}).scalars())


def lead(connection: Connection, what: What, slugs: Iterable[str], seq: int) -> None:
    """Let old slugs that lead to one thing lead to another."""
    for slug in slugs:
        values = {"what": what.value, "slug": slug, "seq": seq}
        connection.execute(text("UPDATE moved SET seq = :seq WHERE what = :what AND slug = :slug"), values)


def state(entry: BaseModel, former: Sequence[str], exclude: set[str] | None = None) -> dict[str, JsonValue]:
    """Return an entry as the history keeps it: with the slugs that lead to it, when there are any."""
    return entry.model_dump(mode="json", exclude=exclude) | ({"former": list(former)} if former else {})


def _log(
    connection: Connection,
    what: What,
    seq: int,
    before: SpeakerEntry | TopicEntry | None,
    after: SpeakerEntry | TopicEntry,
    *,
    writer: Writer,
    former: Sequence[str] | None,
) -> None:
    led = formers(connection, what, seq)
    was = None if before is None else state(before, led if former is None else former)
    version = history.next_version(connection, what, after.slug)
    history.append(connection, writer, [Entry(what, after.slug, version, was, state(after, led))])


def _log_end(
    connection: Connection,
    what: What,
    seq: int,
    before: SpeakerEntry | TopicEntry,
    *,
    writer: Writer,
    gone: Gone | None,
) -> None:
    """Take a thing's row off the record, and say so; of one that was merged, first into what."""
    ended = state(before, gone.former if gone else formers(connection, what, seq))
    forget(connection, what, seq)
    version = history.next_version(connection, what, before.slug)
    said = []
    if gone is not None:
        merged: dict[str, JsonValue] = ended | {"merged_into": gone.into}
        said.append(Entry(what, before.slug, version, ended, merged))
        ended, version = merged, version + 1
    history.append(connection, writer, [*said, Entry(what, before.slug, version, ended, None)])


def forget(connection: Connection, what: What, seq: int) -> None:
    """Delete a row, and the slugs that lead to it: its number may be given to another one."""
    connection.execute(text("DELETE FROM moved WHERE what = :what AND seq = :seq"), {"what": what.value, "seq": seq})
    connection.execute(text(f"DELETE FROM {what.value} WHERE seq = :seq"), {"seq": seq})


_NEW_SPEAKER = """
INSERT INTO speaker (slug, name, kind, description, wikidata, version, created, updated)
VALUES (:slug, :name, :kind, :description, :wikidata, :version, :now, :now) RETURNING seq
"""
_CORRECT_SPEAKER = """
UPDATE speaker SET slug = :slug, name = :name, kind = :kind, description = :description, wikidata = :wikidata,
    version = version + 1, updated = :now WHERE seq = :seq
"""
_NEW_TOPIC = """
INSERT INTO topic (slug, label, description, broader, wikidata, version, created, updated)
VALUES (:slug, :label, :description, :broader, :wikidata, :version, :now, :now) RETURNING seq
"""
_CORRECT_TOPIC = """
UPDATE topic SET slug = :slug, label = :label, description = :description, broader = :broader, wikidata = :wikidata,
    version = version + 1, updated = :now WHERE seq = :seq
"""
