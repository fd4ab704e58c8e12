"""verbatim revise"""

import typer

from app.commands.terminal import opened, prove_name
from app.store import revisions
from app.store.history import Writer
from app.tables.columns import now
from app.tables.revision import RevisionDifference, RevisionItem, RevisionReport
from app.text.compare import Op

SHOWN = 80


def run(
    slug: str = typer.Argument(help="Slug of the source that revises another one."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Report what would be done, and write nothing."),
    as_: str = typer.Option("verbatim revise", "--as", help="Name under which the history keeps the writes."),
) -> None:
    """Carry the quotes of a source over to the source that revises it.

    Those that stand there in the very words become quotes of it; what differs is proposed, with the difference told
    word by word; what is gone is named. The old quotes stay.

    Example: verbatim revise talks-2025-03-21-corrected --dry-run
    """
    prove_name(as_)
    with opened() as database, database.writing() as session:
        writer = Writer(as_, now())
        report = revisions.revise(session.connection(), database.reader(), slug, writer=writer, dry_run=dry_run)
        if dry_run:
            session.rollback()
    for item in report.items:
        _show(item)
    typer.echo(_said(report))


def _show(item: RevisionItem) -> None:
    words = item.text if len(item.text) <= SHOWN else f"{item.text[: SHOWN - 1].rstrip()}…"
    there = (
        "" if item.new_quote is None else f" -> {item.new_quote} ({'there already' if item.existing else item.status})"
    )
    typer.echo(f"{item.outcome.value:9}  {item.quote}{there}  {words}")
    if any(part.op is not Op.EQUAL for part in item.diff):
        typer.echo(f"           {''.join(_marked(part) for part in item.diff)}")
    for lost in item.lost:
        typer.echo(f"           not there: {lost.role or 'intervention'} “{lost.exact}”")


def _marked(part: RevisionDifference) -> str:
    """Return a run of words as word diffs are written: [-old-]{+new+}."""
    if part.op is Op.EQUAL:
        return part.new
    old, new = part.old.rstrip(), part.new.rstrip()
    return (f"[-{old}-]" if old else "") + (f"{{+{new}+}}" if new else "") + " "


def _said(report: RevisionReport) -> str:
    counts = report.counts
    done = "would be put on the record" if report.dry_run else "put on the record"
    return (
        f"{report.source} revises {report.revises}: {counts.unchanged} unchanged, {counts.moved} moved, "
        f"{counts.altered} altered, {counts.gone} gone; {counts.written} {done}."
    )
