"""Writes sources: a text once and for all, and the entry that says what it is."""

import json
from collections.abc import Sequence

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.errors import Conflict, Fault, Invalid
from app.store import history, states
from app.store.entries import forget, formers, state
from app.store.history import Entry, Writer
from app.tables.anchored import AnchoredRecord
from app.tables.columns import day
from app.tables.record import SourceEntry, SourceFields
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
    return add_source(connection, entry, record.text, record.sha256, writer=writer, pointer="/source/revises")


def add_source(
    connection: Connection, entry: SourceFields, words: str, sha256: str, *, writer: Writer, pointer: str
) -> int:
    """Put a source on the record whose slug is free; return its number.

    Raises Conflict when the text is there under another slug, and Invalid, at the pointer, when it revises what is not.
    """
    known = connection.execute(text("SELECT slug FROM source WHERE sha256 = :sha"), {"sha": sha256}).scalar()
    if known is not None:
        raise Conflict(f"The text of {entry.slug} is on the record already, as the source {known}.")
    version = history.next_version(connection, What.SOURCE, entry.slug)
    values = _source_values(connection, entry, entry.slug, pointer) | {
        "sha": sha256,
        "length": len(words),
        "text": words,
        "version": version,
        "now": writer.stamp,
    }
    seq = connection.execute(text(_NEW_SOURCE), values).scalar_one()
    history.append(connection, writer, [Entry(What.SOURCE, entry.slug, version, None, source_state(entry, sha256))])
    return int(seq)


def _correct_source(connection: Connection, stored: states.StoredSource, entry: SourceEntry, writer: Writer) -> int:
    if source_state(stored.entry, "") != source_state(entry, ""):
        save_source(connection, stored, entry, writer=writer, pointer="/source/revises")
    return stored.seq


def save_source(
    connection: Connection,
    stored: states.StoredSource,
    after: SourceFields,
    *,
    writer: Writer,
    pointer: str,
    former: Sequence[str] | None = None,
) -> None:
    """Write the entry of a source exactly as `after` says; its text stays. `former` is as of save_speaker.

    Raises Invalid, at the pointer, when it revises what is not there, or what revises it.
    """
    values = _source_values(connection, after, stored.entry.slug, pointer) | {"seq": stored.seq, "now": writer.stamp}
    connection.execute(text(_CORRECT_SOURCE), values)
    led = formers(connection, What.SOURCE, stored.seq)
    sha256 = str(stored.entry.sha256)
    change = Entry(
        What.SOURCE,
        after.slug,
        history.next_version(connection, What.SOURCE, after.slug),
        source_state(stored.entry, sha256, led if former is None else former),
        source_state(after, sha256, led),
    )
    history.append(connection, writer, [change])


def remove_source(connection: Connection, stored: states.StoredSource, *, writer: Writer) -> None:
    """Take a source in which nothing is anchored off the record; its history stays."""
    before = source_state(stored.entry, str(stored.entry.sha256), formers(connection, What.SOURCE, stored.seq))
    forget(connection, What.SOURCE, stored.seq)
    version = history.next_version(connection, What.SOURCE, stored.entry.slug)
    history.append(connection, writer, [Entry(What.SOURCE, stored.entry.slug, version, before, None)])


def source_state(entry: SourceFields, sha256: str, former: Sequence[str] = ()) -> dict[str, JsonValue]:
    """Return the source as the history keeps it; its text is told by the hash."""
    return state(entry, former, exclude={"text", "text_file"}) | {"sha256": sha256}


def _source_values(
    connection: Connection, entry: SourceFields, known: str, pointer: str
) -> dict[str, str | int | None]:
    """Return the values of a source's row; `known` is the slug under which it is there."""
    revises = None
    if entry.revises is not None:
        revised = connection.execute(text(_REVISED), {"slug": entry.revises}).all()
        if not revised or known in [slug for _, slug in revised]:
            detail = f"There is no source {entry.revises} that {entry.slug} could revise."
            if revised:
                detail = f"The source {entry.revises} revises {entry.slug}, and not the other way round."
            raise Invalid.of(Fault(detail, pointer=pointer))
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


_NEW_SOURCE = """
INSERT INTO source (slug, title, title_devised, kind, publisher, authors, url, published, language, rights, access,
    note, sha256, length, complete, revises, version, created, updated, text)
VALUES (:slug, :title, :devised, :kind, :publisher, :authors, :url, :published, :language, :rights, :access, :note,
    :sha, :length, :complete, :revises, :version, :now, :now, :text) RETURNING seq
"""
_REVISED = """
WITH RECURSIVE up(seq, slug, revises) AS (
    SELECT seq, slug, revises FROM source WHERE slug = :slug
    UNION SELECT source.seq, source.slug, source.revises FROM up JOIN source ON source.seq = up.revises
) SELECT seq, slug FROM up
"""
_CORRECT_SOURCE = """
UPDATE source SET slug = :slug, title = :title, title_devised = :devised, kind = :kind, publisher = :publisher,
    authors = :authors, url = :url, published = :published, language = :language, rights = :rights,
    access = :access, note = :note, complete = :complete, revises = :revises,
    version = version + 1, updated = :now WHERE seq = :seq
"""
