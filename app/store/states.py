"""Reads what the record holds of one source back into the shapes in which it was written."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, text

from app.tables.anchored import (
    AnchoredIntervention,
    AnchoredLink,
    AnchoredNote,
    AnchoredQuote,
    AnchoredSaid,
    AnchoredSegment,
    AnchoredStance,
)
from app.tables.record import NameEntry, RoleEntry, SourceEntry, SourceFields, SpeakerEntry, TopicEntry
from app.tables.review import NEEDS_REASON
from app.tables.words import (
    Basis,
    BodyFormat,
    InterventionKind,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Relation,
    Role,
    Stance,
    Status,
    VenueKind,
)
from app.text.anchor import Span


class Stored(NamedTuple):
    """A quote with its number and version."""

    seq: int
    version: int
    quote: AnchoredQuote


class StoredSource(NamedTuple):
    """A source with its number and version; `entry` holds no text."""

    seq: int
    version: int
    entry: SourceEntry
    text: str


def source(connection: Connection, slug: str) -> StoredSource | None:
    """Return the source of that slug, or None."""
    row = connection.execute(text(_SOURCE.format(which="source.slug = :key")), {"key": slug}).mappings().one_or_none()
    if row is None:
        return None
    entry = SourceEntry(sha256=row["sha256"], text=row["text"], **dict(_fields(row)))
    return StoredSource(row["seq"], row["version"], entry, row["text"])


def source_fields(connection: Connection, seq: int) -> SourceFields:
    """Return what is said of the source of that number, which is there; its text may be damaged."""
    row = connection.execute(text(_SOURCE.format(which="source.seq = :key")), {"key": seq}).mappings().one()
    return _fields(row)


def _fields(row: RowMapping) -> SourceFields:
    return SourceFields(
        slug=row["slug"],
        title=row["title"],
        title_devised=bool(row["title_devised"]),
        kind=row["kind"],
        publisher=row["publisher"],
        authors=json.loads(row["authors"]),
        url=row["url"],
        published=row["published"],
        language=row["language"],
        rights=row["rights"],
        access=row["access"],
        complete=bool(row["complete"]),
        note=row["note"],
        revises=row["revises_slug"],
    )


def quotes(connection: Connection, source_seq: int) -> list[Stored]:
    """Return the source's quotes with all their parts, in reading order."""
    return _quotes(connection, "quote.source = :key", source_seq)


def quote(connection: Connection, name: str) -> Stored | None:
    """Return the quote of that id with all its parts, or None."""
    return next(iter(_quotes(connection, "quote.id = :key", name)), None)


def _quotes(connection: Connection, which: str, key: int | str) -> list[Stored]:
    parts = {name: _grouped(connection, sql.format(which=which), key) for name, sql in _PARTS.items()}
    rows = connection.execute(text(_QUOTES.format(which=which)), {"key": key}).mappings()
    return [Stored(row["seq"], row["version"], _quote(row, {n: parts[n][row["seq"]] for n in parts})) for row in rows]


def links(connection: Connection, source_seq: int) -> list[tuple[str, int, AnchoredLink]]:
    """Return id, version and link of every relation that starts at a quote of the source, in order of its quotes."""
    rows = connection.execute(text(_LINKS), {"source": source_seq}).mappings()
    return [
        (
            row["id"],
            row["version"],
            AnchoredLink(row["source"], row["target"], Relation(row["relation"]), row["rationale"], row["asserted_by"]),
        )
        for row in rows
    ]


def notes(connection: Connection, source_seq: int) -> list[AnchoredNote]:
    """Return the notes on spans of the source, in reading order."""
    rows = connection.execute(text(_SPAN_NOTES), {"source": source_seq}).mappings()
    return [note(row) for row in rows]


def speakers(connection: Connection, slugs: Iterable[str]) -> list[tuple[int, int, SpeakerEntry]]:
    """Return number, version and entry of the speakers that are on the record, in order of their slugs."""
    found = []
    for slug in sorted(set(slugs)):
        row = connection.execute(text("SELECT * FROM speaker WHERE slug = :slug"), {"slug": slug}).mappings().first()
        if row is not None:
            found.append((row["seq"], row["version"], _speaker(connection, row)))
    return found


def topics(connection: Connection, slugs: Iterable[str]) -> list[tuple[int, int, TopicEntry]]:
    """Return number, version and entry of the topics that are on the record, in order of their slugs."""
    found = []
    for slug in sorted(set(slugs)):
        row = connection.execute(text(_TOPIC), {"slug": slug}).mappings().first()
        if row is not None:
            found.append((row["seq"], row["version"], _topic(connection, row)))
    return found


def broader(connection: Connection, slug: str) -> list[str]:
    """Return the slugs of the topics above a topic, the nearest first."""
    return [str(row[0]) for row in connection.execute(text(_ABOVE), {"slug": slug})]


def _grouped(connection: Connection, sql: str, key: int | str) -> Mapping[int, list[RowMapping]]:
    found: dict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(text(sql), {"key": key}).mappings():
        found[row["quote"]].append(row)
    return found


def _quote(row: RowMapping, parts: Mapping[str, list[RowMapping]]) -> AnchoredQuote:
    reason, successor = json.loads(row["told"]) if row["told"] else (None, None)
    return AnchoredQuote(
        id=row["id"],
        text=row["text"],
        kind=QuoteKind(row["kind"]),
        medium=Medium(row["medium"]),
        polarity=Polarity(row["polarity"]),
        status=Status(row["status"]),
        speaker=row["speaker_slug"],
        parent=row["parent_id"],
        cue=row["cue"],
        venue_name=row["venue_name"],
        venue_kind=VenueKind(row["venue_kind"]) if row["venue_kind"] else None,
        addressee=row["addressee"],
        said=AnchoredSaid(
            edtf=row["said_edtf"],
            earliest=_day(row["said_earliest"]),
            latest=_day(row["said_latest"]),
            basis=Basis(row["said_basis"]),
            as_printed=row["said_as_printed"],
            note=row["said_note"],
        ),
        segments=tuple(
            AnchoredSegment(Role(part["role"]), part["start"], part["end"], part["exact"]) for part in parts["segments"]
        ),
        interventions=tuple(
            AnchoredIntervention(InterventionKind(part["kind"]), part["start"], part["end"], part["exact"])
            for part in parts["interventions"]
        ),
        topics=tuple(
            AnchoredStance(part["slug"], Stance(part["stance"]) if part["stance"] else None, part["proposition"])
            for part in parts["topics"]
        ),
        notes=tuple(note(part) for part in parts["notes"]),
        reason=reason,
        successor=successor,
    )


def note(row: RowMapping) -> AnchoredNote:
    """Return the note of a row of `annotation`; one on a whole quote has no span."""
    words = (Motivation(row["motivation"]), row["body"] or None, BodyFormat(row["format"]), row["creator"])
    target = None if row["start"] is None else Span(row["start"], row["end"])
    return AnchoredNote(*words, target=target, exact=row["exact"])


def _speaker(connection: Connection, row: RowMapping) -> SpeakerEntry:
    key = {"seq": row["seq"]}
    names = connection.execute(text("SELECT * FROM speaker_name WHERE speaker = :seq ORDER BY name"), key).mappings()
    roles = connection.execute(text("SELECT * FROM speaker_role WHERE speaker = :seq ORDER BY ordinal"), key).mappings()
    return SpeakerEntry(
        slug=row["slug"],
        name=row["name"],
        kind=row["kind"],
        description=row["description"],
        wikidata=row["wikidata"],
        names=[NameEntry(name=n["name"], language=n["language"], printed=bool(n["printed"])) for n in names],
        roles=[
            RoleEntry(title=r["title"], organization=r["organization"], start=r["start"], end=r["end"]) for r in roles
        ],
    )


def _topic(connection: Connection, row: RowMapping) -> TopicEntry:
    labels = connection.execute(
        text("SELECT label FROM topic_label WHERE topic = :seq ORDER BY label"), {"seq": row["seq"]}
    )
    return TopicEntry(
        slug=row["slug"],
        label=row["label"],
        description=row["description"],
        broader=row["broader_slug"],
        wikidata=row["wikidata"],
        labels=list(labels.scalars()),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


_SOURCE = """
SELECT source.*, revised.slug AS revises_slug FROM source LEFT JOIN source AS revised ON revised.seq = source.revises
WHERE {which}
"""
_QUOTES = f"""
SELECT quote.*, speaker.slug AS speaker_slug, parent.id AS parent_id,
    CASE WHEN quote.status IN ({", ".join(f"'{status}'" for status in sorted(NEEDS_REASON))}) THEN (
        SELECT CASE WHEN json_valid(after) THEN json_array(after ->> '$.reason', after ->> '$.successor') END
        FROM change WHERE what = 'quote' AND name = quote.id ORDER BY version DESC, seq DESC LIMIT 1
    ) END AS told
FROM quote
LEFT JOIN speaker ON speaker.seq = quote.speaker LEFT JOIN quote AS parent ON parent.seq = quote.parent
WHERE {{which}} ORDER BY quote.position, quote.id
"""
_PARTS = {
    "segments": "SELECT segment.* FROM quote JOIN segment ON segment.quote = quote.seq WHERE {which} "
    "ORDER BY segment.quote, segment.ordinal",
    "interventions": "SELECT intervention.* FROM quote JOIN intervention ON intervention.quote = quote.seq "
    "WHERE {which} ORDER BY intervention.quote, intervention.ordinal",
    "topics": "SELECT quote_topic.*, topic.slug FROM quote JOIN quote_topic ON quote_topic.quote = quote.seq "
    "JOIN topic ON topic.seq = quote_topic.topic WHERE {which} "
    "ORDER BY quote_topic.quote, quote_topic.ordinal",
    "notes": "SELECT annotation.* FROM quote JOIN annotation ON annotation.quote = quote.seq "
    "WHERE {which} ORDER BY annotation.seq",
}
_LINKS = """
SELECT link.id, link.version, origin.id AS source, goal.id AS target, link.relation, link.rationale, link.asserted_by
FROM quote AS origin JOIN link ON link.from_quote = origin.seq JOIN quote AS goal ON goal.seq = link.to_quote
WHERE origin.source = :source ORDER BY origin.position, origin.id, goal.position, goal.id, link.relation
"""
_SPAN_NOTES = 'SELECT * FROM annotation WHERE source = :source ORDER BY start, "end", seq'
_TOPIC = """
SELECT topic.*, above.slug AS broader_slug FROM topic LEFT JOIN topic AS above ON above.seq = topic.broader
WHERE topic.slug = :slug
"""
_ABOVE = """
WITH RECURSIVE up(seq, slug, broader, step) AS (
    SELECT seq, slug, broader, 0 FROM topic WHERE slug = :slug
    UNION ALL SELECT topic.seq, topic.slug, topic.broader, up.step + 1 FROM up JOIN topic ON topic.seq = up.broader
) SELECT slug FROM up WHERE step > 0 ORDER BY step
"""
