"""Corrects what is on the record: a new version, with what it was before in the history."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.errors import Fault, Invalid
from app.store import ends, entries, history, ingest, notes, shelves, states
from app.store.history import Entry, Writer, next_version
from app.store.ingest import Known
from app.store.names import annotation_id, free_id, link_id
from app.store.states import Stored
from app.tables.anchored import AnchoredLink, AnchoredNote, AnchoredQuote
from app.tables.columns import day
from app.tables.words import PUBLIC, Status, What
from app.text import dates

OF_REVIEW = frozenset({"reason", "successor"})
"""What the history tells of a review besides the status."""
OF_PROPOSAL = frozenset({"confidence", "why", "new_speaker"})
"""What the history tells of a proposal besides the quote."""


def correct_quote(
    connection: Connection,
    stored: Stored,
    quote: AnchoredQuote,
    known: Known,
    *,
    slug: str,
    writer: Writer,
    told: Mapping[str, JsonValue] | None = None,
) -> bool:
    """Make the quote say what `quote` says, and return whether anything changed; notes are not looked at.

    `slug` is its source's. The id and the source stay. `told` is what the history tells besides, such as the reason
    of a review; without it, what it told stays, but for a reason whose status is no more, or that `quote` says anew.
    """
    before, after = ingest.state(stored.quote, slug), ingest.state(quote, slug)
    if before == after and told is None and quote.reviewed in ({}, stored.quote.reviewed):
        return False
    kept = beside(connection, stored.quote, slug)
    if told is None:
        gone = OF_REVIEW if quote.reviewed or stored.quote.status is not quote.status else frozenset()
        told = {name: value for name, value in kept.items() if name not in gone} | quote.reviewed
    before, after = {**before, **kept}, {**after, **told}
    if before == after:
        return False
    if quote.status is not Status.WITHDRAWN:
        ends.take(connection, stored.seq)
    shelves.take(connection, [stored.seq])
    values = _values(connection, stored, quote, known, writer)
    columns = ", ".join(f"{name} = :{name}" for name in values if name != "seq")
    connection.execute(text(f"UPDATE quote SET {columns} WHERE seq = :seq"), values)
    for table in ("intervention", "segment", "quote_topic"):
        connection.execute(text(f"DELETE FROM {table} WHERE quote = :seq"), {"seq": stored.seq})
    ingest.add_parts(connection, stored.seq, quote, known)
    shelves.put(connection, [stored.seq])
    history.append(connection, writer, [Entry(What.QUOTE, quote.id, stored.version + 1, before, after)])
    return True


def _values(
    connection: Connection, stored: Stored, quote: AnchoredQuote, known: Known, writer: Writer
) -> dict[str, str | int | None]:
    said = quote.said
    return {
        "seq": stored.seq,
        "speaker": known.speakers[quote.speaker] if quote.speaker else None,
        "parent": ingest.parent_number(connection, quote.parent, {}),
        "text": quote.text,
        "kind": quote.kind.value,
        "medium": quote.medium.value,
        "polarity": quote.polarity.value,
        "cue": quote.cue,
        "venue_name": quote.venue_name,
        "venue_kind": quote.venue_kind.value if quote.venue_kind else None,
        "addressee": quote.addressee,
        "said_edtf": said.edtf,
        "said_earliest": day(said.earliest),
        "said_latest": day(said.latest),
        "said_basis": said.basis.value,
        "said_as_printed": said.as_printed,
        "said_note": said.note,
        "status": quote.status.value,
        "version": stored.version + 1,
        "updated": writer.stamp,
        "public": int(quote.status in PUBLIC),
        "grain": ingest.grain(said),
        "said_order": day(said.latest) or "",
        "position": ingest.position(quote),
        "length": len(quote.text),
    }


def correct_quotes(
    connection: Connection, seqs: Collection[int], change: Callable[[AnchoredQuote], AnchoredQuote], *, writer: Writer
) -> None:
    """Make of each of these quotes, given by number, what `change` makes of it."""
    wanted = frozenset(seqs)
    sql = "SELECT source.seq, source.slug FROM quote JOIN source ON source.seq = quote.source WHERE quote.seq = :seq"
    sources = {tuple(connection.execute(text(sql), {"seq": seq}).one()) for seq in wanted}
    for source, slug in sorted(sources):
        stored = [item for item in states.quotes(connection, source) if item.seq in wanted]
        after = [change(item.quote) for item in stored]
        known = Known(
            entries.numbers(connection, "speaker", {quote.speaker for quote in after if quote.speaker}),
            entries.numbers(connection, "topic", {about.topic for quote in after for about in quote.topics}),
        )
        for item, quote in zip(stored, after, strict=True):
            correct_quote(connection, item, quote, known, slug=slug, writer=writer)


def redate_quotes(connection: Connection, source: int, published: date | None, *, writer: Writer) -> None:
    """Let the quotes of a source follow the day on which it was published: nothing is said after it is printed.

    Raises Invalid for a quote that would have been.
    """

    def redated(quote: AnchoredQuote) -> AnchoredQuote:
        said = quote.said
        earliest, latest = dates.bounds(said.edtf) if said.edtf else (None, None)
        if published and earliest and earliest > published:
            detail = f"The quote {quote.id} was said {said.edtf}, after {published.isoformat()}."
            raise Invalid.of(Fault(detail, pointer="/published"))
        return quote._replace(said=said._replace(earliest=earliest, latest=latest or published))

    seqs = connection.execute(text("SELECT seq FROM quote WHERE source = :source"), {"source": source}).scalars()
    correct_quotes(connection, list(seqs), redated, writer=writer)


def beside(connection: Connection, quote: AnchoredQuote, slug: str) -> dict[str, JsonValue]:
    """Return what the history tells last of a quote besides its state: the reason of a review, how sure it is."""
    last, state = history.last(connection, What.QUOTE, quote.id) or {}, ingest.state(quote, slug)
    return {member: value for member, value in last.items() if member not in state}


def sync_notes(
    connection: Connection,
    before: Sequence[AnchoredNote],
    after: Sequence[AnchoredNote],
    *,
    quote: tuple[int, str] | None = None,
    source: tuple[int, str] | None = None,
    signers: Collection[str],
    writer: Writer,
) -> bool:
    """Make the notes that `signers` signed on one quote or source, given as number and name, those of `after`.

    Return whether anything changed. A note that is gone stays in the history; nobody else's note is touched.
    """
    name = (quote or source or (0, ""))[1]
    wanted = {annotation_id(note, name): note for note in after}
    there = {annotation_id(note, name): note for note in before}
    stored = notes.ids(connection, quote=quote, source=source) if before else {}
    rows, entries = [], []
    for made, note in there.items():
        known = stored[made]
        if made not in wanted and note.creator in signers:
            connection.execute(text("DELETE FROM annotation WHERE id = :id"), {"id": known})
            gone = ingest.note_state(note, quote[1] if quote else None, source[1] if source else None)
            entries.append(Entry(What.ANNOTATION, known, next_version(connection, What.ANNOTATION, known), gone, None))
    for wanted_id, note in wanted.items():
        old = there.get(wanted_id)
        if old == note:
            continue
        kept_id = free_id(connection, What.ANNOTATION, wanted_id) if old is None else stored[wanted_id]
        version = next_version(connection, What.ANNOTATION, kept_id)
        row, entry = ingest.note_row(note, kept_id, version, writer, quote=quote, source=source)
        if old is None:
            rows.append(row)
            entries.append(entry)
        else:  # what the words make tells all but the format
            values = {"id": kept_id, "format": note.format.value, "version": version, "now": writer.stamp}
            connection.execute(text(_CORRECT_NOTE), values)
            before_it = ingest.note_state(old, quote[1] if quote else None, source[1] if source else None)
            entries.append(entry._replace(before=before_it))
    ingest.add_notes(connection, rows)
    history.append(connection, writer, entries)
    return bool(entries)


def sync_links(
    connection: Connection,
    before: Sequence[AnchoredLink],
    after: Sequence[AnchoredLink],
    *,
    signers: Collection[str],
    writer: Writer,
) -> None:
    """Make the links that `signers` assert those of `after`; nobody else's link is touched."""
    there = {link_id(link): link for link in before}
    wanted = {link_id(link): link for link in after}
    entries = []
    for name, link in there.items():
        if name not in wanted and link.asserted_by in signers:
            connection.execute(text("DELETE FROM link WHERE id = :id"), {"id": name})
            entries.append(Entry(What.LINK, name, next_version(connection, What.LINK, name), link_state(link), None))
    for name, link in wanted.items():
        known = there.get(name)
        if known == link:
            continue
        version = next_version(connection, What.LINK, name)
        values = {
            "id": name,
            "source": link.source,
            "target": link.target,
            "relation": link.relation.value,
            "rationale": link.rationale,
            "by": link.asserted_by,
            "version": version,
            "now": writer.stamp,
        }
        connection.execute(text(_CORRECT_LINK if known else _NEW_LINK), values)
        entries.append(Entry(What.LINK, name, version, link_state(known) if known else None, link_state(link)))
    history.append(connection, writer, entries)


def link_state(link: AnchoredLink) -> dict[str, str]:
    """Return the link as the history keeps it."""
    return {
        "from": link.source,
        "to": link.target,
        "relation": link.relation.value,
        "rationale": link.rationale,
        "asserted_by": link.asserted_by,
    }


_CORRECT_NOTE = """
UPDATE annotation SET format = :format, version = :version, modified = :now WHERE id = :id
"""
_NEW_LINK = """
INSERT INTO link (id, from_quote, to_quote, relation, rationale, asserted_by, version, created, updated)
VALUES (:id, (SELECT seq FROM quote WHERE id = :source), (SELECT seq FROM quote WHERE id = :target), :relation,
    :rationale, :by, :version, :now, :now)
"""
_CORRECT_LINK = """
UPDATE link SET rationale = :rationale, asserted_by = :by, version = :version, updated = :now WHERE id = :id
"""
