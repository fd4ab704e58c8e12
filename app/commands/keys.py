"""verbatim keys"""

import re
from datetime import UTC, datetime, timedelta

import typer
from rich.console import Console
from rich.table import Table

from app.commands.terminal import opened
from app.errors import Invalid
from app.store import keys
from app.tables.columns import now
from app.tables.words import Scope

_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*")
_SPAN = re.compile(r"([1-9][0-9]{0,4})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make and revoke the keys that may write.")


@app.command()
def create(
    name: str = typer.Argument(help="Name under which the history keeps what the key writes."),
    scope: list[Scope] = typer.Option(help="What it may do; repeat for more."),
    expires: str = typer.Option(None, help="Until when it is good: 90d, 12h, 30m, or a day such as 2027-01-01."),
) -> None:
    """Make a key and print its secret, which is kept nowhere and shown this once.

    propose: propose quotes and sources. annotate: sign notes and links. edit: both, and write and review everything.
    admin: all of it, and merge, move and import.

    Example: verbatim keys create ann --scope edit --expires 90d
    """
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise Invalid(f"{name} is not a name such as news-desk: lower-case letters, digits, hyphens and points.")
    until = None if expires is None else _until(expires)
    with opened() as database, database.writing() as session:
        secret = keys.create(session.connection(), name, scope, expires=until)
    typer.echo(f"The key {name} is made. Its secret, shown this once:", err=True)
    typer.echo(secret)


@app.command("list")
def list_() -> None:
    """List the keys: what each may do, until when, and when it was last used.

    The last use is kept to within ten minutes: a key may have been used again since.

    Example: verbatim keys list
    """
    with opened() as database:
        found = keys.every(database.reader())
    table = Table("Name", "Scopes", "Created", "Expires", "Last used", "State", box=None)
    for key in found:
        gone = key.expires is not None and key.expires <= now()
        state = "revoked" if key.revoked else "expired" if gone else "good"
        moments = (key.created, key.expires, key.last_used)
        table.add_row(key.name, ", ".join(key.scopes), *(_shown(moment) for moment in moments), state)
    Console(width=140).print(table)


@app.command()
def revoke(name: str = typer.Argument(help="Name of the key.")) -> None:
    """Revoke a key, at once and for good.

    Example: verbatim keys revoke ann
    """
    with opened() as database, database.writing() as session:
        was_good = keys.revoke(session.connection(), name)
    typer.echo(f"The key {name} is revoked." if was_good else f"The key {name} was revoked before.")


@app.command()
def rotate(name: str = typer.Argument(help="Name of the key.")) -> None:
    """Give a key another secret; the one before is good no longer.

    Example: verbatim keys rotate ann
    """
    with opened() as database, database.writing() as session:
        secret = keys.rotate(session.connection(), name)
    typer.echo(f"The key {name} has another secret, shown this once:", err=True)
    typer.echo(secret)


def _until(given: str) -> datetime:
    """Return the moment that a span or a day names. Raises Invalid for anything else, and for the past."""
    span = _SPAN.fullmatch(given)
    try:
        until = (
            now() + timedelta(**{_UNITS[span[2]]: int(span[1])})
            if span
            else datetime.fromisoformat(given).replace(tzinfo=UTC)
        )
    except ValueError as error:
        raise Invalid(f"--expires {given} is neither a span such as 90d nor a day such as 2027-01-01.") from error
    if until <= now():
        raise Invalid(f"--expires {given} is past: the key would be good for nothing.")
    return until


def _shown(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d %H:%M}"
