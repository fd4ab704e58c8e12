"""verbatim check"""

import typer

from app.commands.terminal import counted, opened, progress
from app.store import integrity
from app.tables.db import Database, driver
from app.tables.integrity import Failure

BATCH = 200


def run() -> None:
    """Recompute every hash, anchor and seal, and name what fails.

    Each thing on the record is compared with what its last change made of it.

    The last line but one tells the last seal of the history: keep it elsewhere, and nobody can write the history anew
    unseen.

    Exit status: 0 when everything is what it says, 1 when something is not, 2 when the record cannot be read.

    Example: verbatim check
    """
    with opened() as database:
        failed = check(database)
    if failed:
        raise typer.Exit(1)


def check(database: Database) -> int:
    """Check batch by batch and print what fails; return how much did."""
    sources = quotes = anchors = failed = 0
    after: str | None = None
    with database.composing_anew() as connection, progress() as shown:
        reader = driver(connection)
        total = int(reader.execute("SELECT count(*) FROM source").fetchone()[0])
        task = shown.add_task("Checking", total=total)
        while True:
            found = integrity.check(connection, limit=BATCH, after=after)
            for failure in found.failures:
                _show(failure)
            sources, quotes, anchors = sources + found.sources, quotes + found.quotes, anchors + found.anchors
            failed += len(found.failures)
            shown.advance(task, found.sources)
            after = found.after
            if after is None:
                break
        beside, chained = integrity.rest(connection), integrity.chain(connection)
        damage = [str(row[0]) for row in reader.execute("PRAGMA integrity_check(10)") if row[0] != "ok"]
    for failure in (*beside, *chained.failures):
        _show(failure)
    for line in damage:
        typer.echo(f"database  {line}")
    failed += len(beside) + len(chained.failures) + len(damage)
    typer.echo(
        f"history: {counted(chained.changes, 'change')}" + (f", sealed by {chained.seal}" if chained.seal else "")
    )
    looked = f"{counted(sources, 'source')}, {counted(quotes, 'quote')} and {counted(anchors, 'anchor')}"
    typer.echo(f"{looked} checked: {failed} failed.")
    return failed


def _show(failure: Failure) -> None:
    if failure.thing is None or failure.quote:
        named = failure.quote or failure.source or f"change {failure.change}"
    else:
        named = f"{failure.thing} {failure.name}"
    typer.echo(f"{named}  {failure.what.value}  {failure.detail}")
