"""verbatim extract"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import typer

from app.commands.terminal import counted, literal, opened, prove_name, read_text
from app.errors import BadRequest, Invalid
from app.formats import extraction
from app.formats.proposals import content, extracted
from app.formats.quoting import Print
from app.store import prints, proposals
from app.store.history import Writer
from app.tables.columns import now
from app.tables.proposal import ProposalItem, ProposalReport
from app.text import anchor
from app.text.extract import Proposal, extract

SHOWN = 200
"""Code points of a proposal's words that are shown."""


class _Line(NamedTuple):
    """A line with its number and the name of what it stands in."""

    name: str
    number: int
    content: bytes


def run(
    files: list[Path] = typer.Argument(None, metavar="[FILE]...", help="Texts, or - for standard input."),
    published: str = typer.Option(None, metavar="DATE", help="Day of publication, against which dates are worked out."),
    as_json: bool = typer.Option(False, "--json", help="Print one JSON object a file."),
    jsonl: bool = typer.Option(
        False, "--jsonl", help='Read {"id", "text", "date"} a line, from standard input without FILE; write as many.'
    ),
    source: str = typer.Option(None, metavar="SLUG", help="Propose the quotes of this source on the record."),
    dry_run: bool = typer.Option(False, "--dry-run", help="With --source: report, and write nothing."),
    as_: str = typer.Option(
        "verbatim extract", "--as", help="With --source: name under which the history keeps the writes."
    ),
) -> None:
    """Find what a text reports somebody to have said.

    Lists every proposal, the surest first: its words, its speaker, when it was said, how sure it is, and the rule that
    found it. Nothing is written, and no record is needed; with --source the proposals are put on the record, to be
    reviewed. docs/extraction.md tells the JSON.

    Exit status: 0 done, 2 when something could not be read; of --jsonl, the other lines are done.

    Example: verbatim extract article.txt --published 2025-03-21

    Example: verbatim extract --jsonl < articles.jsonl > proposals.jsonl

    Example: verbatim extract --source talks-2025-03-21 --dry-run
    """
    _prove_one_way(files or [], published=published, jsonl=jsonl, source=source, dry_run=dry_run)
    prove_name(as_)
    if source is not None:
        _propose(source, as_json=as_json, dry_run=dry_run, who=as_)
    elif jsonl:
        if _lines_refused(files or [Path("-")]):
            raise typer.Exit(2)
    else:
        for path in files:
            _show_file(path, published, as_json=as_json)


def _prove_one_way(
    files: Sequence[Path], *, published: str | None, jsonl: bool, source: str | None, dry_run: bool
) -> None:
    """Raise BadParameter for options that do not stand together."""
    if source is not None and (files or jsonl or published):
        raise typer.BadParameter(
            "a source's text and its date are on the record: give neither", param_hint="'--source'"
        )
    if dry_run and source is None:
        raise typer.BadParameter("it stands with --source; else nothing is written", param_hint="'--dry-run'")
    if jsonl and published:
        raise typer.BadParameter("each line has a date of its own", param_hint="'--published'")
    if not (files or jsonl or source):
        raise typer.BadParameter("give a file, --jsonl, or --source with a slug")


def _show_file(path: Path, published: str | None, *, as_json: bool) -> None:
    text = read_text(path)
    try:
        draft = extraction.Draft.model_validate({"id": str(path), "text": text, "date": published})
    except ValueError as error:
        raise typer.BadParameter("not a day of the form YYYY-MM-DD", param_hint="'--published'") from error
    found = extract(draft.text, draft.date)
    if as_json:
        typer.echo(extraction.written(draft.id, found))
        return
    for one in sorted(found, key=lambda one: (-one.confidence, one.spans[0])):
        _show(text, one)
    typer.echo(f"{path}: {counted(len(found), 'proposal')}.")


def _show(text: str, found: Proposal) -> None:
    printed = text[slice(*found.speaker)] if found.speaker else None
    name = found.name.name if found.name else None
    speaker = (f"{name} (“{printed}”)" if name and name != printed else printed) or "nobody"
    said = f", {found.said.edtf} (“{text[found.said.start : found.said.end]}”)" if found.said else ""
    cue = f", {found.lemma}" if found.lemma else ""
    _print(f"{found.confidence:.2f}  {found.kind:8}  {_cut(anchor.join(text, content(found)))}")
    nested = "nested; " if found.parent is not None else ""
    _print(f"                {anchor.fold_lines(f'{speaker}{cue}{said}')}  [{nested}{found.why}]")


def _lines_refused(files: Sequence[Path]) -> int:
    """Write what each line makes, as soon as it is read; say which cannot be read, and return how many."""
    refused = 0
    for line in _lines(files):
        try:
            draft = extraction.read(line.content)
        except Invalid as error:
            refused += 1
            typer.echo(f"verbatim: {line.name}, line {line.number}: {error.detail}", err=True)
            continue
        made = extraction.written(draft.id, extract(draft.text, draft.date))
        sys.stdout.buffer.write(f"{made}\n".encode())
        sys.stdout.buffer.flush()
    return refused


def _lines(files: Sequence[Path]) -> Iterator[_Line]:
    """Yield the lines that are not blank. Raises BadRequest for a file that cannot be read."""
    for path in files:
        is_input = str(path) == "-"
        try:
            with sys.stdin.buffer if is_input else path.open("rb") as lines:
                name = "standard input" if is_input else str(path)
                yield from (_Line(name, number, line) for number, line in enumerate(lines, 1) if line.strip())
        except OSError as error:
            raise BadRequest(f"{path} cannot be read: {error.strerror}.") from error


def _propose(slug: str, *, as_json: bool, dry_run: bool, who: str) -> None:
    with opened() as database:
        read = proposals.read(database.reader(), slug)
        found = extracted(Print(*read))
        with database.writing() as session:
            connection = session.connection()
            stored = prints.source(connection, database.reader(), slug)
            writer = Writer(who, now())
            report = proposals.propose(connection, database.reader(), stored, found, writer=writer, dry_run=dry_run)
            if dry_run:
                session.rollback()
    if as_json:
        typer.echo(report.model_dump_json())
        return
    for item in sorted(report.items, key=lambda item: -item.confidence):
        _show_item(item)
    typer.echo(_said(report))


def _show_item(item: ProposalItem) -> None:
    speaker = item.speaker or (f"new: {item.new_speaker.name}" if item.new_speaker else item.as_printed) or "nobody"
    became = item.id if item.id else f"refused: {item.reason}"
    _print(f"{item.confidence:.2f}  {item.outcome:8}  {became}  {_cut(item.text)}")
    said = f", {item.said}" if item.said else ""
    _print(f"                {anchor.fold_lines(speaker)}{said}  [{item.why}]")


def _said(report: ProposalReport) -> str:
    done = "would be proposed" if report.dry_run else "proposed"
    new = f"; new: {', '.join(named.name for named in report.speakers)}" if report.speakers else ""
    return f"{report.source}: {report.proposed} {done}, {report.existing} there already, {report.refused} refused{new}."


def _cut(words: str) -> str:
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1].rstrip()}…"


def _print(line: str) -> None:
    typer.echo(literal(line).plain)
