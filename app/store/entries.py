"""Writes the entries that quotes name: sources, speakers and topics. What is there is completed, never cut down."""

import json
from collections.abc import Iterable, Mapping, Sequence

from pydantic import BaseModel, JsonValue
from sqlalchemy import Connection, text

from app.errors import Conflict, Fault, Invalid
from app.store import history, search, shelves, states
from app.store.history import Entry, Writer
from app.tables.anchored import AnchoredRecord
from app.tables.columns import day
from app.tables.record import NameEntry, SourceEntry, SpeakerEntry, TopicEntry
from app.tables.words import What


def put_source(connection: Connection, record: AnchoredRecord, *, writer: Writer) -> int:
    """Put the source on the record, or correct its entry; return its number.

    Raises Conflict when the slug stands for another text, or the text is there under another slug.
    """
    entry = record.source
    stored = states.source(connection, entry.slug)
    if stored is not None and stored.entry.sha256 != record.sha256:
        raise Conflict(
            f"The source {entry.slug} is on the record with another text, and a text never changes: "
            "give the corrected one its own slug, and say `revises`."
        )
    if stored is not None:
        return _correct_source(connection, stored, entry, writer)
    known = connection.execute(text("SELECT slug FROM source WHERE sha256 = :sha"), {"sha": record.sha256}).scalar()
    if known is not None:
        raise Conflict(f"The text of {entry.slug} is on the record already, as the source {known}.")
    values = _source_values(connection, entry) | {
        "sha": record.sha256,
        "length": len(record.text),
        "text": record.text,
        "now": writer.stamp,
    }
    seq = connection.execute(text(_NEW_SOURCE), values).scalar_one()
    history.append(connection, writer, [Entry(What.SOURCE, entry.slug, 1, None, source_state(entry, record.sha256))])
    return int(seq)


def _correct_source(connection: Connection, stored: states.StoredSource, entry: SourceEntry, writer: Writer) -> int:
    before = source_state(stored.entry, str(stored.entry.sha256))
    after = source_state(entry, str(stored.entry.sha256))
    if before != after:
        values = _source_values(connection, entry) | {"seq": stored.seq, "now": writer.stamp}
        connection.execute(text(_CORRECT_SOURCE), values)
        change = Entry(What.SOURCE, entry.slug, stored.version + 1, before, after)
        history.append(connection, writer, [change])
    return stored.seq


def source_state(entry: SourceEntry, sha256: str) -> dict[str, JsonValue]:
    """Return the source as the history keeps it; its text is told by the hash."""
    return entry.model_dump(mode="json", exclude={"text", "text_file"}) | {"sha256": sha256}


def _source_values(connection: Connection, entry: SourceEntry) -> dict[str, str | int | None]:
    revises = None
    if entry.revises is not None:
        revised = connection.execute(text(_REVISED), {"slug": entry.revises}).all()
        if not revised or entry.slug in [slug for _, slug in revised]:
            detail = f"There is no source {entry.revises} that {entry.slug} could revise."
            if revised:
                detail = f"The source {entry.revises} revises {entry.slug}, and not the other way round."
            raise Invalid.of(Fault(detail, pointer="/source/revises"))
        revises = revised[0][0]
    return {
        "slug": entry.slug,
        "title": entry.title,
        "devised": int(entry.title_devised),
        "kind": entry.kind.value,
        "publisher": entry.publisher,
        "authors": json.dumps(entry.authors, ensure_ascii=False),
        "url": entry.url,
        "published": day(entry.published),
        "language": entry.language,
        "rights": entry.rights,
        "access": entry.access.value,
        "note": entry.note,
        "complete": int(entry.complete),
        "revises": revises,
    }


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
    connection: Connection, seq: int | None, after: SpeakerEntry, *, before: SpeakerEntry | None, writer: Writer
) -> int:
    """Write a speaker exactly as `after` says, new without `seq`; return its number.

    The full text of its quotes is left to the caller (search.again).
    """
    if seq is None:
        seq = int(connection.execute(text(_NEW_SPEAKER), _speaker_values(after, writer)).scalar_one())
    else:
        connection.execute(text(_CORRECT_SPEAKER), _speaker_values(after, writer) | {"seq": seq})
    _write_names(connection, seq, after)
    search.name_speaker(connection, seq)
    _log(connection, What.SPEAKER, after.slug, before, after, writer=writer)
    return seq


def remove_speaker(connection: Connection, seq: int, before: SpeakerEntry, *, writer: Writer) -> None:
    """Take a speaker of whom there is no quote off the record; its history stays."""
    for table in ("speaker_name", "speaker_role"):
        connection.execute(text(f"DELETE FROM {table} WHERE speaker = :seq"), {"seq": seq})
    connection.execute(text("DELETE FROM speaker WHERE seq = :seq"), {"seq": seq})
    search.name_speaker(connection, seq)
    _log(connection, What.SPEAKER, before.slug, before, None, writer=writer)


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
        values = {
            "slug": after.slug,
            "label": after.label,
            "description": after.description,
            "broader": _broader(connection, after, at),
            "wikidata": after.wikidata,
            "now": writer.stamp,
        }
        if seq is None:
            seq = connection.execute(text(_NEW_TOPIC), values).scalar_one()
        else:
            connection.execute(text(_CORRECT_TOPIC), values | {"seq": seq})
            changed.append(int(seq))
            moved = moved or before is None or after.broader != before.broader
        connection.execute(text("DELETE FROM topic_label WHERE topic = :seq"), {"seq": seq})
        for label in after.labels:
            connection.execute(text("INSERT INTO topic_label VALUES (:seq, :label)"), {"seq": seq, "label": label})
        _log(connection, What.TOPIC, entry.slug, before, after, writer=writer)
    if moved:
        shelves.rebuild(connection)
    return changed


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


def _broader(connection: Connection, entry: TopicEntry, at: int) -> int | None:
    if entry.broader is None:
        return None
    seq = connection.execute(text("SELECT seq FROM topic WHERE slug = :slug"), {"slug": entry.broader}).scalar()
    if seq is None or entry.slug in states.broader(connection, entry.broader):
        why = "is not on the record" if seq is None else f"is below {entry.slug}"
        raise Invalid.of(Fault(f"The broader topic {entry.broader} {why}.", pointer=f"/topics/{at}/broader"))
    return int(seq)


def numbers(connection: Connection, table: str, slugs: Iterable[str]) -> Mapping[str, int]:
    """Return the numbers of those slugs of `speaker` or `topic` that are on the record."""
    statement = text(f"SELECT seq FROM {table} WHERE slug = :slug")
    found = {slug: connection.execute(statement, {"slug": slug}).scalar() for slug in sorted(set(slugs))}
    return {slug: int(seq) for slug, seq in found.items() if seq is not None}


def _slugs(entries: Sequence[SpeakerEntry] | Sequence[TopicEntry]) -> list[str]:
    return [entry.slug for entry in entries]


def _log(
    connection: Connection,
    what: What,
    slug: str,
    before: BaseModel | None,
    after: BaseModel | None,
    *,
    writer: Writer,
) -> None:
    states_of = [None if entry is None else entry.model_dump(mode="json") for entry in (before, after)]
    version = history.next_version(connection, what, slug)
    history.append(connection, writer, [Entry(what, slug, version, *states_of)])


_NEW_SOURCE = """
INSERT INTO source (slug, title, title_devised, kind, publisher, authors, url, published, language, rights, access,
    note, sha256, length, complete, revises, version, created, updated, text)
VALUES (:slug, :title, :devised, :kind, :publisher, :authors, :url, :published, :language, :rights, :access, :note,
    :sha, :length, :complete, :revises, 1, :now, :now, :text) RETURNING seq
"""
_REVISED = """
WITH RECURSIVE up(seq, slug, revises) AS (
    SELECT seq, slug, revises FROM source WHERE slug = :slug
    UNION SELECT source.seq, source.slug, source.revises FROM up JOIN source ON source.seq = up.revises
) SELECT seq, slug FROM up
"""
_CORRECT_SOURCE = """
UPDATE source SET title = :title, title_devised = :devised, kind = :kind, publisher = :publisher, authors = :authors,
    url = :url, published = :published, language = :language, rights = :rights, access = :access, note = :note,
    complete = :complete, revises = :revises, version = version + 1, updated = :now WHERE seq = :seq
"""
_NEW_SPEAKER = """
INSERT INTO speaker (slug, name, kind, description, wikidata, version, created, updated)
VALUES (:slug, :name, :kind, :description, :wikidata, 1, :now, :now) RETURNING seq
"""
_CORRECT_SPEAKER = """
UPDATE speaker SET slug = :slug, name = :name, kind = :kind, description = :description, wikidata = :wikidata,
    version = version + 1, updated = :now WHERE seq = :seq
"""
_NEW_TOPIC = """
INSERT INTO topic (slug, label, description, broader, wikidata, version, created, updated)
VALUES (:slug, :label, :description, :broader, :wikidata, 1, :now, :now) RETURNING seq
"""
_CORRECT_TOPIC = """
UPDATE topic SET label = :label, description = :description, broader = :broader, wikidata = :wikidata,
    version = version + 1, updated = :now WHERE seq = :seq
"""
