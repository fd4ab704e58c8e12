"""verbatim import"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import typer

from app.commands.terminal import counted, progress, prove_name, read_text
from app.errors import BadRequest
from app.formats import records as files
from app.formats.anchoring import anchor
from app.formats.records import Parsed, naming_lines
from app.settings import Settings
from app.store import imports
from app.store.history import Writer
from app.store.records import Report
from app.tables.anchored import AnchoredRecord
from app.tables.columns import now
from app.tables.db import Database
from app.tables.schema import prove


def run(
    paths: list[Path] = typer.Argument(metavar="FILE...", help="Record files (YAML), or - for standard input."),
    as_: str = typer.Option("verbatim import", "--as", help="Name under which the history keeps the writes."),
) -> None:
    """Put record files on the record: all of them or none.

    What a file says and the record does not is added; what differs is corrected under a new version; what is on the
    record and not in the file stays. The same file twice changes nothing.

    Example: verbatim import seed/article-2025-03-21.yaml
    """
    prove_name(as_)
    database = Database(Settings().database_url)
    try:
        put_files(database, paths, who=as_)
    finally:
        database.close()


def put_files(database: Database, paths: Sequence[Path], *, who: str) -> list[Report]:
    """Put the files' records on the record in one transaction, and say what became of each.

    Raises RecordRefused, naming file and line, for the first thing that is wrong.
    """
    prove(database)
    with progress() as shown:
        found = [item for path in shown.track(paths, description="Reading") for item in read_file(path)]
        with database.writing() as session:
            parsed = [one for one, _ in found]
            put = shown.track([record for _, record in found], description="Writing")
            writer = Writer(who, now())
            done = imports.put_all(session, put, lambda at: naming_lines(parsed[at]), writer=writer)
    reports = [one.report for one in done]
    for report in reports:
        typer.echo(_said(report))
    return reports


def read_file(path: Path) -> Iterable[tuple[Parsed, AnchoredRecord]]:
    """Yield the records of a file, with every word found in its text. Raises RecordRefused, BadRequest."""
    for parsed in files.read(read_text(path), name=str(path)):
        yield parsed, anchor(parsed, _text(parsed, path))


def _text(parsed: Parsed, path: Path) -> str:
    source = parsed.record.source
    if source.text is not None:
        return source.text
    name = str(source.text_file)
    if Path(name).name != name:
        raise parsed.refuse(("source", "text_file"), f"{name} is not the name of a file beside this one")
    try:
        return read_text(path.parent / name)
    except BadRequest as error:
        raise parsed.refuse(("source", "text_file"), error.detail) from error


def _said(report: Report) -> str:
    counts = f"{counted(report.added, 'quote')} added, {report.corrected} corrected, {report.unchanged} unchanged"
    beside = f"; {counted(report.beside, 'more change')} to its source, speakers, topics, notes or links"
    counts += beside if report.beside and not report.is_new else ""
    kept = f"; on the record and not in the file: {', '.join(report.kept)}" if report.kept else ""
    return f"{report.source}: {counts}{kept}" + ("" if report.written else " (nothing to write)")
