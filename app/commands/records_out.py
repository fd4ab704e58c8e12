"""verbatim export"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

import typer
from rich.progress import Progress, TaskID

from app.commands.terminal import opened, progress
from app.errors import Conflict
from app.formats import records as files
from app.formats.streams import Streamed, written
from app.settings import Settings
from app.store import exports, walks
from app.tables.db import Database
from app.tables.filter import AskedPolarity, QuoteCriteria

BASE = "http://127.0.0.1:8000"
"""Where `verbatim serve` is reached unless told otherwise; JSON-LD names things by addresses."""


class Format(StrEnum):
    """`yaml` is the record itself, to be imported again; the others are its quotes, to be worked with."""

    YAML = "yaml"
    NDJSON = "ndjson"
    CSV = "csv"
    JSONLD = "jsonld"


def run(
    slugs: list[str] = typer.Argument(
        None, metavar="[SLUG]...", help="Slugs of sources; all of them when none is given."
    ),
    format_: Format = typer.Option(Format.YAML, "--format", "-f", help="yaml: record files; the others: the quotes."),
    output: Path = typer.Option(None, "--output", "-o", help="File to write; standard output when not given."),
) -> None:
    """Write sources as record files, or their quotes in another format.

    Record files, imported elsewhere and exported again, are the same, byte for byte. The other formats hold the quotes
    that are published or disputed, of every polarity, as docs/formats.md tells; JSON-LD names them under
    VERBATIM_PUBLIC_URL.

    Example: verbatim export --format csv --output quotes.csv
    """
    settings = Settings()
    # On one terminal, progress would run through what is written.
    with opened() as database, progress(hidden=output is None and sys.stdout.isatty()) as shown:
        if format_ is Format.YAML:
            parts = iter(_records(database, slugs or [], shown))
        else:
            base = (settings.public_url or BASE).rstrip("/")
            parts = _quotes(database, slugs or [], shown, kind=Streamed(format_), base=base)
        _write(parts, output)


def _records(database: Database, slugs: Sequence[str], shown: Progress) -> list[str]:
    # One transaction: the export is one state of the record, also while others write.
    with database.writing() as session:
        wanted = slugs or exports.slugs(session)
        return [files.write(exports.take(session, slug)) for slug in shown.track(wanted, description="Exporting")]


def _quotes(database: Database, slugs: Sequence[str], shown: Progress, *, kind: Streamed, base: str) -> Iterator[str]:
    asked = QuoteCriteria(polarity=[AskedPolarity.ANY]).model_copy(update={"source": list(slugs)})
    with database.reading_anew() as reader:
        number, exact = walks.total(reader, asked)
        task = shown.add_task("Exporting", total=number if exact else None)
        pages = walks.pages(reader, asked, cited=kind.is_cited)
        yield from written(kind, _counted(pages, shown, task), base=base, url=f"{base}/v1/export.{kind}")


def _counted(pages: Iterator[list[str]], shown: Progress, task: TaskID) -> Iterator[list[str]]:
    for page in pages:
        yield page
        shown.advance(task, len(page))


def _write(parts: Iterator[str], output: Path | None) -> None:
    """Write the parts as they come; a file is there under its name only when it is whole. Raises Conflict."""
    if output is None:
        for part in parts:
            sys.stdout.buffer.write(part.encode())
        return
    unfinished = output.with_name(output.name + ".part")
    try:
        with unfinished.open("wb") as file:
            for part in parts:
                file.write(part.encode())
        unfinished.replace(output)
    except OSError as error:
        raise Conflict(f"{output} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
