"""How many quotes a second the write path takes, beside one SQLModel object a row.

The write path is the whole one: quotes with their parts and notes, the history, the shelves, every trigger, and the
commit. The objects beside it are the rows of the same quotes without history and shelves, which is in their favour.
Least of what can be is the same rows in tables that prove and find nothing, their making in Python not counted.
"""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import NamedTuple

from sqlmodel import SQLModel

from app.store.ingest import Known, Placed, add_quotes, grain, position
from app.tables import Annotation, Intervention, Quote, QuoteTopic, Segment
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.words import PUBLIC
from bench import records
from bench.records import BATCH, WRITER
from bench.report import Target, heading, shown, table


class Sizes(NamedTuple):
    """Quotes written, and how many of them as objects beside."""

    quotes: int
    objects: int


USUAL = Sizes(100_000, 15_000)
QUICK = Sizes(20_000, 5_000)


_ROWS = {
    "quote": "SELECT * FROM ours.quote WHERE seq BETWEEN ? AND ?",
    "change": """SELECT change.* FROM ours.quote JOIN ours.change ON change.name = quote.id AND what = 'quote'
        WHERE quote.seq BETWEEN ? AND ?""",
} | {
    name: f"SELECT * FROM ours.{name} WHERE quote BETWEEN ? AND ?"
    for name in ("segment", "intervention", "quote_topic", "annotation", "topic_entry", "quote_wording")
}
"""What stands in each table of the quotes with these numbers; full text and the history of notes are left out."""


class Written(NamedTuple):
    """Quotes of one batch, all rows that came with them, seconds, and those that the processor worked."""

    quotes: int
    rows: int
    seconds: float
    cpu_s: float


def run(*, quick: bool) -> list[Target]:
    """Measure, print what was found, and return the targets."""
    sizes = QUICK if quick else USUAL
    heading(f"ingest: {sizes.quotes:,} quotes in batches of {BATCH:,}, each one transaction")
    with tempfile.TemporaryDirectory(prefix="verbatim-bench-") as folder:
        ours = list(_ours(Path(folder) / "ours.db", sizes.quotes))
        bare = list(_bare(Path(folder) / "bare.db", Path(folder) / "ours.db", sizes.objects))
        objects = list(_objects(Path(folder) / "objects.db", sizes.objects))
    found = {"write path": ours, "the rows alone": bare, "SQLModel add_all": objects}
    beside = _cpu_us(objects)
    rows = [
        (
            name,
            shown(median(batch.quotes / batch.seconds for batch in batches)),
            shown(max(batch.quotes / batch.seconds for batch in batches)),
            shown(sum(batch.rows for batch in batches) / sum(batch.quotes for batch in batches)),
            shown(_cpu_us(batches)),
            shown(beside / _cpu_us(batches)),
        )
        for name, batches in found.items()
    ]
    table(("", "quotes/s, median", "best batch", "rows/quote", "cpu us/quote", "x add_all"), rows)
    return [Target("ingest, best batch", max(batch.quotes / batch.seconds for batch in ours), 25_000, unit=" quotes/s")]


def _cpu_us(batches: Sequence[Written]) -> float:
    """Return the microseconds of the processor for a quote in the median batch."""
    return median(batch.cpu_s / batch.quotes for batch in batches) * 1e6


def _ours(path: Path, quotes: int) -> Iterator[Written]:
    database = Database(f"sqlite:///{path}")
    for first, drafts, known in _batches(database, quotes):
        with database.writing() as session:
            placed = records.add_sources(session.connection(), drafts, first)
        before = _rows(database)
        begun, worked = perf_counter(), process_time()
        with database.writing() as session:
            add_quotes(session.connection(), placed, known, writer=WRITER)
        seconds, cpu_s = perf_counter() - begun, process_time() - worked
        yield Written(len(placed), _rows(database) - before, seconds, cpu_s)
    database.close()


def _bare(path: Path, ours: Path, quotes: int) -> Iterator[Written]:
    """Write rows that stand in `ours` as the driver takes them, to tables that have no key, index, check or trigger."""
    record = sqlite3.connect(path, isolation_level=None)
    record.execute("PRAGMA journal_mode = WAL")
    record.execute("PRAGMA synchronous = FULL")  # as the record itself
    record.execute("ATTACH ? AS ours", (str(ours),))
    for name in _ROWS:
        record.execute(f"CREATE TABLE main.{name} AS SELECT * FROM ours.{name} WHERE false")
    for first in range(1, quotes + 1, BATCH):
        rows = {name: record.execute(sql, (first, first + BATCH - 1)).fetchall() for name, sql in _ROWS.items()}
        begun, worked = perf_counter(), process_time()
        record.execute("BEGIN IMMEDIATE")
        for name, of_it in rows.items():
            record.executemany(f"INSERT INTO main.{name} VALUES ({', '.join('?' * len(of_it[0]))})", of_it)
        record.execute("COMMIT")
        seconds, cpu_s = perf_counter() - begun, process_time() - worked
        yield Written(len(rows["quote"]), sum(map(len, rows.values())), seconds, cpu_s)
    record.close()


def _objects(path: Path, quotes: int) -> Iterator[Written]:
    database = Database(f"sqlite:///{path}")
    last = 0
    for first, drafts, known in _batches(database, quotes):
        with database.writing() as session:
            placed = records.add_sources(session.connection(), drafts, first)
        seqs = {item.quote.id: last + at for at, item in enumerate(placed, 1)}
        begun, worked = perf_counter(), process_time()
        with database.writing() as session:
            made = [row for item in placed for row in _as_objects(item, seqs, known)]
            for kinds in ((Quote,), (Segment,), (Intervention, QuoteTopic, Annotation)):
                session.add_all(row for row in made if isinstance(row, kinds))
                session.flush()  # without relationships, a session does not know what goes first
        yield Written(len(placed), len(made), perf_counter() - begun, process_time() - worked)
        last += len(placed)
    database.close()


def _batches(database: Database, quotes: int) -> Iterator[tuple[int, list[records.Draft], Known]]:
    migrate(database)
    with database.writing() as session:
        known = records.found(session.connection())
    first = 1
    for drafts in records.batches(records.Generator().drafts(quotes)):
        yield first, drafts, known
        first += len(drafts)


def _rows(database: Database) -> int:
    tables = ("quote", "segment", "intervention", "quote_topic", "annotation", "change", "topic_entry", "tally")
    counted = " + ".join(f"(SELECT count(*) FROM {name})" for name in tables)
    return int(database.reader().execute(f"SELECT {counted}").fetchone()[0])


def _as_objects(item: Placed, seqs: dict[str, int], known: Known) -> Iterator[SQLModel]:
    """Return the rows of a quote as objects, those first to which others refer."""
    quote, seq = item.quote, seqs[item.quote.id]
    said = quote.said
    yield Quote(
        seq=seq,
        id=quote.id,
        source=item.source,
        speaker=known.speakers[quote.speaker] if quote.speaker else None,
        parent=seqs[quote.parent] if quote.parent else None,
        text=quote.text,
        kind=quote.kind,
        medium=quote.medium,
        polarity=quote.polarity,
        cue=quote.cue,
        venue_name=quote.venue_name,
        venue_kind=quote.venue_kind,
        addressee=quote.addressee,
        said_edtf=said.edtf,
        said_earliest=said.earliest,
        said_latest=said.latest,
        said_basis=said.basis,
        said_as_printed=said.as_printed,
        said_note=said.note,
        status=quote.status,
        created=WRITER.at,
        updated=WRITER.at,
        public=quote.status in PUBLIC,
        grain=grain(said),
        said_order=said.latest.isoformat() if said.latest else "",
        position=position(quote),
        length=len(quote.text),
    )
    for at, part in enumerate(quote.segments):
        yield Segment(quote=seq, ordinal=at, **part._asdict())
    for at, made in enumerate(quote.interventions):
        yield Intervention(quote=seq, ordinal=at, **made._asdict())
    for at, about in enumerate(quote.topics):
        yield QuoteTopic(
            quote=seq,
            ordinal=at,
            topic=known.topics[about.topic],
            stance=about.stance,
            proposition=about.proposition,
        )
    for at, note in enumerate(quote.notes):
        yield Annotation(
            id=f"{quote.id}{at}",
            quote=seq,
            motivation=note.motivation,
            body=note.body or "",
            format=note.format,
            creator=note.creator,
            created=WRITER.at,
            modified=WRITER.at,
        )
