"""verbatim backup"""

from collections.abc import Callable
from pathlib import Path

import typer
from rich.progress import Progress

from app.commands.check import check
from app.commands.terminal import opened, progress
from app.errors import Conflict
from app.tables import copies
from app.tables.db import ERRORS, Database


def run(
    file: Path = typer.Argument(help="File to write."),
    force: bool = typer.Option(False, "--force", help="Replace the file when it is there already."),
) -> None:
    """Copy the whole record to a file while it is in use.

    The copy is one state of it.

    The copy is checked as `verbatim check` does before it gets its name: what does not pass is deleted. The keys are in
    it, as hashes.

    Example: verbatim backup verbatim-2027-01-31.db
    """
    with opened() as database:
        if file.exists() and file.samefile(database.path):
            raise Conflict(f"{file} is the record itself: give its backup another name.")
        if file.exists() and not force:
            raise Conflict(f"{file} is there already: choose another name, or say --force.")
        with copies.beside(file) as made:
            with progress() as shown:
                copies.copy(database, made, shown=showing(shown, "Copying"))
            prove_sound(made, what=f"the record is not what it says, and {file} was not written: see verbatim check")
            copies.put(made, file, over=force)
    typer.echo(f"{file}: {file.stat().st_size:,} bytes.")


def prove_sound(path: Path, *, what: str) -> None:
    """Raise Conflict, saying what follows, unless the record in the file passes the check, which is printed."""
    copied = Database(f"sqlite:///{path}")
    try:
        failed = check(copied)
    except ERRORS as error:
        raise Conflict(f"{error}: {what}.") from error
    finally:
        copied.close()
    if failed:
        raise Conflict(f"{failed:,} failed: {what}.")


def showing(shown: Progress, what: str) -> Callable[[int, int], None]:
    """Return what shows how many of the pages are copied."""
    task = shown.add_task(what)
    return lambda left, total: shown.update(task, completed=total - left, total=total)
