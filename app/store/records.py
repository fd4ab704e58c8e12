"""Puts a record file's content on the record.

What the file says and the record does not is added; what differs is corrected under a new version; what is on the
record and not in the file stays, and is reported. The same file twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlmodel import Session

from app.errors import Fault, Invalid
from app.store import (
    corrections,
    ends,
    entries,
    ingest,
    leads,
    moves,
    proposers,
    search,
    settling,
    spellings,
    states,
    texts,
)
from app.store.history import Writer, newest
from app.store.ingest import Known, Placed
from app.store.names import link_id
from app.store.states import Stored
from app.tables.anchored import AnchoredLink, AnchoredRecord


class Report(NamedTuple):
    """What became of one record. `kept` are ids of quotes that are on the record and not in the file.

    `written` counts the lines added to the history: 0 when the record said all of it already. `beside` counts those of
    them that are about no quote. `is_new`: the source was not on the record before.
    """

    source: str
    added: int
    corrected: int
    unchanged: int
    kept: tuple[str, ...]
    written: int
    beside: int
    is_new: bool


class Put(NamedTuple):
    """A record as it was put, by the slugs and the ids that things have on the record, and what became of it."""

    record: AnchoredRecord
    report: Report


def put(session: Session, record: AnchoredRecord, *, writer: Writer) -> Report:
    """Put one source with its speakers, topics, quotes, notes and links on the record, in the session's transaction.

    Raises Invalid, with a JSON pointer into the file, for a name that is neither in the file nor on the record, and for
    a status to which no review brings the quote; and Conflict when the text is on the record under another slug, or
    another text under this one.
    """
    return put_links(session, put_quotes(session, record, writer=writer), writer=writer).report


def put_quotes(session: Session, record: AnchoredRecord, *, writer: Writer, two_people: bool = False) -> Put:
    """Put all of it but what may lead to the quotes of a record that is put later. Raises as `put` does.

    With `two_people` also Forbidden, for what `writer` may not publish alone.
    """
    connection = session.connection()
    record = leads.follow(connection, record)
    before = newest(connection)
    topics = entries.put_topics(connection, record.topics, writer=writer)
    spellings.prove(connection, record)
    speakers = entries.put_speakers(connection, record.speakers, writer=writer)
    known = _known(connection, record)
    source = texts.put_source(connection, record, writer=writer)
    on_record = {stored.quote.id: stored for stored in states.quotes(connection, source)}
    record = settling.settle(connection, record, on_record.values())
    moves.prove_file(record.quotes, on_record)
    if two_people:
        proposers.prove_file(connection, record.quotes, on_record, writer=writer)
    new = [quote for quote in record.quotes if quote.id not in on_record]
    slug = record.source.slug
    ingest.add_quotes(connection, [Placed(source, slug, quote) for quote in new], known, writer=writer)
    signers = _signers(record)
    _release(connection, record, on_record)
    corrected = 0
    renoted: list[int] = []
    for quote in record.quotes:
        if stored := on_record.get(quote.id):
            corrected += corrections.correct_quote(connection, stored, quote, known, slug=slug, writer=writer)
            target = (stored.seq, quote.id)
            if corrections.sync_notes(
                connection, stored.quote.notes, quote.notes, quote=target, signers=signers, writer=writer
            ):
                renoted.append(stored.seq)
    there = states.notes(connection, source)
    corrections.sync_notes(connection, there, record.annotations, source=(source, slug), signers=signers, writer=writer)
    search.again(connection, sorted({*renoted, *_quotes_of(connection, speakers, topics)}))
    lines = _since(connection, before)
    report = Report(
        source=slug,
        added=len(new),
        corrected=corrected,
        unchanged=len(record.quotes) - len(new) - corrected,
        kept=tuple(sorted(on_record.keys() - {quote.id for quote in record.quotes})),
        written=lines.all,
        beside=lines.beside,
        is_new=lines.sources > 0,
    )
    return Put(record, report)


def _quotes_of(connection: Connection, speakers: Sequence[int], topics: Sequence[int]) -> list[int]:
    """Return the numbers of the quotes of these speakers and on these topics."""
    found: list[int] = []
    for sql, numbers in (
        ("SELECT seq FROM quote WHERE speaker = :seq", speakers),
        ("SELECT quote FROM quote_topic WHERE topic = :seq", topics),
    ):
        for seq in numbers:
            found += connection.execute(text(sql), {"seq": seq}).scalars()
    return found


def _release(connection: Connection, record: AnchoredRecord, on_record: Mapping[str, Stored]) -> None:
    """Take quotes out of the parents that they leave, so that two can change places without a circle on the way."""
    for quote in record.quotes:
        stored = on_record.get(quote.id)
        if stored and stored.quote.parent not in (None, quote.parent):
            connection.execute(text("UPDATE quote SET parent = NULL WHERE seq = :seq"), {"seq": stored.seq})


def put_links(session: Session, done: Put, *, writer: Writer) -> Put:
    """Put the links and the successors of a record whose quotes were put, and complete the report of that.

    Raises as `put` does.
    """
    connection, (record, report) = session.connection(), done
    ends.put_file(connection, record.quotes, writer=writer)
    before = newest(connection)
    there = _links_there(connection, record)
    corrections.sync_links(connection, there, record.links, signers=_signers(record), writer=writer)
    lines = _since(connection, before)
    written = report._replace(written=report.written + lines.all, beside=report.beside + lines.beside)
    return done._replace(report=written)


def _links_there(connection: Connection, record: AnchoredRecord) -> list[AnchoredLink]:
    """Return the links that start in the record's source, and those of the file that start in another one.

    Raises Invalid for an end that is not on the record.
    """
    own = connection.execute(text("SELECT seq FROM source WHERE slug = :s"), {"s": record.source.slug}).scalar_one()
    origins = {own}
    for at, link in enumerate(record.links):
        for name in (link.target, link.source):
            source = connection.execute(text("SELECT source FROM quote WHERE id = :id"), {"id": name}).scalar()
            if source is None:
                raise Invalid.of(Fault(f"There is no quote {name} on the record.", pointer=f"/links/{at}"))
        origins.add(source)
    wanted = {link_id(link) for link in record.links}
    return [
        link
        for source in sorted(origins)
        for name, _, link in states.links(connection, source)
        if source == own or name in wanted
    ]


def _signers(record: AnchoredRecord) -> frozenset[str]:
    """Return everybody who signs something in the file: what they signed before, the file replaces."""
    notes = (*record.annotations, *(note for quote in record.quotes for note in quote.notes))
    return frozenset({record.creator, *(note.creator for note in notes), *(link.asserted_by for link in record.links)})


def _known(connection: Connection, record: AnchoredRecord) -> Known:
    """Return the numbers of every speaker and topic that the quotes name. Raises Invalid for one that is nowhere."""
    speakers = {quote.speaker for quote in record.quotes if quote.speaker}
    topics = {about.topic for quote in record.quotes for about in quote.topics}
    known = Known(entries.numbers(connection, "speaker", speakers), entries.numbers(connection, "topic", topics))
    for at, quote in enumerate(record.quotes):
        if quote.speaker and quote.speaker not in known.speakers:
            raise _nowhere("speaker", quote.speaker, f"/quotes/{at}/speaker")
        for place, about in enumerate(quote.topics):
            if about.topic not in known.topics:
                raise _nowhere("topic", about.topic, f"/quotes/{at}/topics/{place}/topic")
    return known


def _nowhere(what: str, slug: str, pointer: str) -> Invalid:
    detail = f"There is no {what} {slug}, neither in this file nor on the record: add it under {what}s: in the file."
    return Invalid(detail, (Fault(detail, pointer=pointer),))


class _Lines(NamedTuple):
    """How many lines of the history there are, how many of them are about no quote, and about a source that is new."""

    all: int
    beside: int
    sources: int


def _since(connection: Connection, seq: int) -> _Lines:
    return _Lines(*connection.execute(text(_SINCE), {"seq": seq}).one())


_SINCE = """
SELECT count(*), count(*) FILTER (WHERE what <> 'quote'), count(*) FILTER (WHERE what = 'source' AND version = 1)
FROM change WHERE seq > :seq
"""
