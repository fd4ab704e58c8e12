"""verbatim restore"""

from pathlib import Path

import typer

from app.commands.backup import prove_sound, showing
from app.commands.terminal import progress
from app.errors import Conflict, SchemaUnknown
from app.settings import Settings
from app.tables import SCHEMA, copies
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.schema import unknown

KEPT = "before-restore"


def run(
    file: Path = typer.Argument(help="File that verbatim backup wrote."),
    force: bool = typer.Option(False, "--force", help="Replace a record that holds something; it is kept beside."),
) -> None:
    """Put the record of a backup in the place of the database.

    The backup is checked first, as `verbatim check` does. A record that is replaced stays beside the new one, as
    *.before-restore. Stop the server first; nothing is replaced while one has the database open.

    Example: verbatim restore verbatim-2027-01-31.db
    """
    backup, path = Database(f"sqlite:///{file}"), Database(Settings().database_url).path
    try:
        schema = _schema(backup)
        if path.exists() and path.samefile(file):
            raise Conflict(f"{file} is the record itself: name a backup of it.")
        is_empty = _is_empty(path)
        if not (is_empty or force):
            raise Conflict(f"{path} holds a record: say --force to replace it, and it is kept as {path.name}.{KEPT}.")
        path.parent.mkdir(parents=True, exist_ok=True)
        with copies.beside(path) as made:
            with progress() as shown:
                copies.copy(backup, made, shown=showing(shown, "Copying"), in_use=True)
            _prove_sound(made, schema, what=f"{file} is not what it says, and nothing was replaced")
            kept = _replace(path, made, is_empty=is_empty)
    finally:
        backup.close()
    typer.echo(f"{path}: restored from {file}." + (f" The record before is kept as {kept}." if kept else ""))
    if schema != SCHEMA:
        typer.echo(f"It stands at migration {schema}; this version needs {SCHEMA}: verbatim migrate.")


def _schema(backup: Database) -> str:
    """Return the migration at which the backup stands. Raises SchemaUnknown when it is none that this version knows."""
    schema = backup.schema()
    if schema is None:
        raise SchemaUnknown(f"{backup.path} holds no record: name a file that verbatim backup wrote.")
    if schema > SCHEMA:
        raise SchemaUnknown(unknown(backup, schema))
    return schema


def _is_empty(path: Path) -> bool:
    """Tell whether nothing would be lost with the file: nobody wrote to it, and there is no key."""
    database = Database(f"sqlite:///{path}")
    try:
        if database.schema() is None:
            return True
        found = database.reader().execute("SELECT EXISTS (SELECT 1 FROM change) OR EXISTS (SELECT 1 FROM api_key)")
        return not found.fetchone()[0]
    except SchemaUnknown:
        return False
    finally:
        database.close()


def _prove_sound(made: Path, schema: str, *, what: str) -> None:
    """Prove a copy; one of an older version in a copy of its own, as the check knows the schema of this one only."""
    if schema == SCHEMA:
        prove_sound(made, what=what)
        return
    with copies.beside(made) as tried:
        older, newer = Database(f"sqlite:///{made}"), Database(f"sqlite:///{tried}")
        try:
            with progress() as shown:
                copies.copy(older, tried, shown=showing(shown, "Copying"))
            migrate(newer)
        finally:
            older.close()
            newer.close()
        prove_sound(tried, what=what)


def _replace(path: Path, made: Path, *, is_empty: bool) -> Path | None:
    """Put the copy in the place of the database; return under which name the one before is kept."""
    if not path.exists():
        copies.put(made, path, over=False)
        return None
    with copies.alone(path):
        kept = None if is_empty else copies.keep(path, KEPT)
        copies.put(made, path, over=True)
    return kept
