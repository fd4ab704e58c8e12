"""verbatim export"""

import sys
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress

from app.errors import Conflict
from app.formats import records as files
from app.settings import Settings
from app.store import records
from app.tables.db import Database
from app.tables.schema import prove


def run(
    slugs: list[str] = typer.Argument(
        None, metavar="[SLUG]...", help="Slugs of sources; all of them when none is given."
    ),
    output: Path = typer.Option(None, "--output", "-o", help="File to write; standard output when not given."),
) -> None:
    """Write sources with everything recorded about them as record files, one YAML document each.

    What was exported, imported elsewhere and exported again is the same, byte for byte.

    Example: verbatim export --output record.yaml
    """
    database = Database(Settings().database_url)
    try:
        prove(database)
        console = Console(stderr=True)
        watched = console.is_terminal and output is not None
        progress = Progress(console=console, transient=True, disable=not watched)
        # One transaction: the export is one state of the record, also while others write.
        with progress, database.writing() as session:
            wanted = slugs or records.slugs(session)
            documents = [
                files.write(records.take(session, slug)) for slug in progress.track(wanted, description="Exporting")
            ]
    finally:
        database.close()
    if output is None:
        sys.stdout.buffer.write("".join(documents).encode())
    else:
        part = output.with_name(output.name + ".part")
        try:
            part.write_text("".join(documents), encoding="utf-8", newline="")
            part.replace(output)
        except OSError as error:
            raise Conflict(f"{output} cannot be written: {error.strerror}.") from error
