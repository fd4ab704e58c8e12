"""CSV (RFC 4180) for spreadsheets: one quote a row, CRLF, a header, and no cell that a spreadsheet would compute.

A cell that begins as a formula would has an apostrophe before it, and so has one that begins with apostrophes and then
as a formula would: who takes one apostrophe off such cells has the record's words again.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from app.tables.columns import day, instant
from app.tables.filter import QuoteField
from app.tables.quote import QuoteCited

APART = " | "
"""Stands between sentences and between names in one cell; slugs, spans and words have a space between them."""

# Also in full width, and after a line break or a tab, which spreadsheets trim (OWASP, CSV Injection).
_COMPUTED = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")

Cell = str | int | float | None


class Column(NamedTuple):
    """One column, the field that picks it, and what stands in it."""

    name: str
    field: QuoteField
    cell: Callable[[QuoteCited], Cell]


COLUMNS = (
    Column("id", QuoteField.ID, lambda q: q.id),
    Column("url", QuoteField.URL, lambda q: q.url),
    Column("text", QuoteField.TEXT, lambda q: q.text),
    Column("kind", QuoteField.KIND, lambda q: q.kind),
    Column("medium", QuoteField.MEDIUM, lambda q: q.medium),
    Column("polarity", QuoteField.POLARITY, lambda q: q.polarity),
    Column("speaker", QuoteField.SPEAKER, lambda q: q.speaker.slug if q.speaker else None),
    Column("speaker_name", QuoteField.SPEAKER, lambda q: q.speaker.name if q.speaker else None),
    Column("speaker_kind", QuoteField.SPEAKER, lambda q: q.speaker.kind if q.speaker else None),
    Column("speaker_as_printed", QuoteField.SPEAKER, lambda q: q.speaker.as_printed if q.speaker else None),
    Column("said", QuoteField.SAID, lambda q: q.said.edtf),
    Column("said_earliest", QuoteField.SAID, lambda q: day(q.said.earliest)),
    Column("said_latest", QuoteField.SAID, lambda q: day(q.said.latest)),
    Column("said_basis", QuoteField.SAID, lambda q: q.said.basis),
    Column("said_as_printed", QuoteField.SAID, lambda q: q.said.as_printed),
    Column("said_note", QuoteField.SAID, lambda q: q.said.note),
    Column("venue", QuoteField.VENUE, lambda q: q.venue.name if q.venue else None),
    Column("venue_kind", QuoteField.VENUE, lambda q: q.venue.kind if q.venue else None),
    Column("addressee", QuoteField.ADDRESSEE, lambda q: q.addressee),
    Column("cue", QuoteField.CUE, lambda q: q.cue),
    Column("topics", QuoteField.TOPICS, lambda q: " ".join(about.slug for about in q.topics)),
    Column("topic_labels", QuoteField.TOPICS, lambda q: APART.join(about.label for about in q.topics)),
    Column("stances", QuoteField.TOPICS, lambda q: " ".join(about.stance or "none" for about in q.topics)),
    Column("propositions", QuoteField.TOPICS, lambda q: APART.join(a.proposition or "" for a in q.topics)),
    Column("source", QuoteField.SOURCE, lambda q: q.source.slug),
    Column("source_title", QuoteField.SOURCE, lambda q: q.source.title),
    Column("source_kind", QuoteField.SOURCE, lambda q: q.source.kind),
    Column("authors", QuoteField.SOURCE, lambda q: APART.join(q.source.authors)),
    Column("publisher", QuoteField.SOURCE, lambda q: q.source.publisher),
    Column("published", QuoteField.SOURCE, lambda q: day(q.source.published)),
    Column("source_url", QuoteField.SOURCE, lambda q: q.source.url),
    Column("language", QuoteField.SOURCE, lambda q: q.source.language),
    Column("content", QuoteField.CONTENT, lambda q: " ".join(f"{part.start}-{part.end}" for part in q.content)),
    Column("parent", QuoteField.PARENT, lambda q: q.parent),
    Column("status", QuoteField.STATUS, lambda q: q.status),
    Column("version", QuoteField.VERSION, lambda q: q.version),
    Column("updated", QuoteField.VERSION, lambda q: instant(q.updated)),
    Column("created", QuoteField.CREATED, lambda q: instant(q.created)),
    Column("confidence", QuoteField.CONFIDENCE, lambda q: q.confidence),
)


def columns(fields: Sequence[QuoteField]) -> tuple[Column, ...]:
    """Return the columns of these fields, in their own order; for no field all but `confidence`, which needs a key."""
    wanted = fields or [field for field in QuoteField if field is not QuoteField.CONFIDENCE]
    return tuple(column for column in COLUMNS if column.field in wanted)


def header(picked: Sequence[Column]) -> str:
    """Return the line of names."""
    return _written([[column.name for column in picked]])


def rows(quotes: Iterable[QuoteCited], picked: Sequence[Column]) -> str:
    """Return a line for each quote; what is not known is an empty cell."""
    return _written([[_guarded(column.cell(quote)) for column in picked] for quote in quotes])


def _written(cells: Iterable[Sequence[Cell]]) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(cells)
    return buffer.getvalue()


def _guarded(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _COMPUTED.match(cell) else cell
