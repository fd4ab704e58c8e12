"""Imports: several records in one transaction, with what became of each thing in them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Connection, text
from sqlmodel import Session

from app.store import notes, records
from app.store.history import Writer, newest
from app.store.names import annotation_id, link_id
from app.store.records import Put
from app.tables.anchored import AnchoredRecord
from app.tables.imported import ImportedItem, ImportedRecord, ImportReport, Outcome
from app.tables.words import What

Changes = Mapping[tuple[str, str], Outcome]
"""What became of a thing, by its kind and its name."""


def put(
    session: Session,
    found: Sequence[AnchoredRecord],
    naming: Callable[[int], AbstractContextManager[None]],
    *,
    writer: Writer,
    dry_run: bool,
    two_people: bool,
) -> ImportReport:
    """Put all records on the record, links last, and report what became of each thing.

    `naming` is as of `put_all`. Raises as `records.put_quotes` does.
    """
    connection = session.connection()
    before = newest(connection)
    done = put_all(session, found, naming, writer=writer, two_people=two_people)
    changes = _changes(connection, before)
    told = [_told(connection, record, one, changes) for record, one in zip(found, done, strict=True)]
    return ImportReport(dry_run=dry_run, written=newest(connection) - before, records=told)


def put_all(
    session: Session,
    found: Iterable[AnchoredRecord],
    naming: Callable[[int], AbstractContextManager[None]],
    *,
    writer: Writer,
    two_people: bool = False,
) -> list[Put]:
    """Put all records on the record and say what became of each, in their order. Raises as `records.put_quotes` does.

    Links come last: those of one record may lead to the quotes of a later one. `naming(at)` is entered around what is
    done for a record, to name the place of what it refuses.
    """
    done = []
    for at, record in enumerate(found):
        with naming(at):
            done.append(records.put_quotes(session, record, writer=writer, two_people=two_people))
    for at, one in enumerate(done):
        with naming(at):
            done[at] = records.put_links(session, one, writer=writer)
    return done


def _changes(connection: Connection, since: int) -> Changes:
    sql = "SELECT what, name, before IS NULL, after IS NULL FROM change WHERE seq > :since ORDER BY seq"
    found: dict[tuple[str, str], Outcome] = {}
    for what, name, new, gone in connection.execute(text(sql), {"since": since}):
        outcome = Outcome.ADDED if new else Outcome.REMOVED if gone else Outcome.CORRECTED
        before = found.get((what, name))
        if before is Outcome.REMOVED and outcome is Outcome.ADDED:  # taken off, and put back with other words
            outcome = Outcome.CORRECTED
        if not (outcome is Outcome.CORRECTED and before is Outcome.ADDED):
            found[what, name] = outcome
    return found


def _told(connection: Connection, given: AnchoredRecord, done: Put, changes: Changes) -> ImportedRecord:
    """Return what became of everything in the record that was given; speakers and topics by the slugs given."""
    record, report = done
    slug = record.source.slug
    quotes = [_item(What.QUOTE, quote.id, changes) for quote in record.quotes]
    quotes += [ImportedItem(name=name, outcome=Outcome.KEPT) for name in report.kept]
    links = [link_id(link) for link in record.links]
    return ImportedRecord(
        source=_item(What.SOURCE, slug, changes),
        topics=[_item(What.TOPIC, topic.slug, changes) for topic in given.topics],
        speakers=[_item(What.SPEAKER, speaker.slug, changes) for speaker in given.speakers],
        quotes=quotes,
        annotations=_with_removed(connection, What.ANNOTATION, _notes(connection, record), changes, slug),
        links=_with_removed(connection, What.LINK, links, changes, slug),
    )


def _item(what: What, name: str, changes: Changes) -> ImportedItem:
    return ImportedItem(name=name, outcome=changes.get((what.value, name), Outcome.UNCHANGED))


def _with_removed(
    connection: Connection, what: What, names: Iterable[str], changes: Changes, slug: str
) -> list[ImportedItem]:
    items = [_item(what, name, changes) for name in names]
    gone = [name for (kind, name), outcome in changes.items() if kind == what and outcome is Outcome.REMOVED]
    own = [name for name in gone if connection.execute(text(_OF_SOURCE), {"name": name, "slug": slug}).first()]
    return items + [ImportedItem(name=name, outcome=Outcome.REMOVED) for name in own]


def _notes(connection: Connection, record: AnchoredRecord) -> list[str]:
    """Return the ids of the notes of the file, those on quotes first."""
    found = []
    for quote in record.quotes:
        if quote.notes:
            row = connection.execute(text("SELECT seq FROM quote WHERE id = :id"), {"id": quote.id}).scalar_one()
            ids = notes.ids(connection, quote=(row, quote.id))
            found += [ids[annotation_id(note, quote.id)] for note in quote.notes]
    if record.annotations:
        slug = record.source.slug
        row = connection.execute(text("SELECT seq FROM source WHERE slug = :slug"), {"slug": slug}).scalar_one()
        ids = notes.ids(connection, source=(row, slug))
        found += [ids[annotation_id(note, slug)] for note in record.annotations]
    return found


_OF_SOURCE = """
SELECT 1 FROM change LEFT JOIN quote ON quote.id = coalesce(change.before ->> '$.quote', change.before ->> '$.from')
LEFT JOIN source ON source.seq = quote.source
WHERE change.name = :name AND change.after IS NULL AND coalesce(source.slug, change.before ->> '$.source') = :slug
"""
