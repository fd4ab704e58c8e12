"""verbatim verify"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from app.commands.terminal import progress, read_text
from app.errors import Invalid
from app.settings import Settings
from app.store.claims import Verifier
from app.tables.claim import MOST_CHARACTERS, Claim, VerdictRead
from app.tables.db import Database
from app.tables.schema import prove
from app.text.drafts import quotations
from app.text.verdict import Verdict

ON_RECORD = frozenset({Verdict.VERBATIM, Verdict.NORMALISED, Verdict.FRAGMENT, Verdict.ELIDED})


def run(
    claim: str = typer.Argument(None, help="The words to check."),
    speaker: str = typer.Option(None, help="Who is said to have said it: a slug, or a name in any spelling."),
    source: str = typer.Option(None, help="Slug of the one source in which to look."),
    file: Path = typer.Option(None, help="A draft: every quotation in it is checked. - for standard input."),
    as_json: bool = typer.Option(False, "--json", help="Print the verdicts as JSON."),
) -> None:
    """Check whether words are on the record, and in these words.

    Exit status: 0 when every one is (verbatim, normalised, fragment or elided, in the speaker's own words), 1 when one
    is not, 2 when the call is wrong.

    Example: verbatim verify "The only exception here is America." --speaker Khamenei

    Example: verbatim verify --file draft.txt
    """
    if (claim is None) == (file is None):
        raise typer.BadParameter("give the words to check, or --file with a draft that quotes them")
    texts = [claim] if claim is not None else _quoted(file)
    long = [text for text in texts if not 0 < len(text) <= MOST_CHARACTERS]
    if long:
        raise Invalid(f"A claim has 1 to {MOST_CHARACTERS:,} characters; “{long[0][:40]}...” has {len(long[0]):,}.")
    database = Database(Settings().database_url)
    try:
        prove(database)
        verdicts = _verdicts(database, [Claim(text=text, speaker=speaker, source=source) for text in texts])
    finally:
        database.close()
    _show(texts, verdicts, as_json=as_json)
    if not all(is_on_record(verdict) for verdict in verdicts):
        raise typer.Exit(1)


def is_on_record(verdict: VerdictRead) -> bool:
    """Tell whether the words are on the record as the speaker's own."""
    return verdict.verdict in ON_RECORD and not verdict.matches[0].paraphrase_of


def _quoted(file: Path) -> list[str]:
    draft = read_text(file)
    return [draft[start:end] for start, end in quotations(draft)]


def _verdicts(database: Database, claims: Sequence[Claim]) -> list[VerdictRead]:
    verifier, reader = Verifier(), database.reader()
    with progress() as shown:
        return [
            VerdictRead.model_validate_json(verifier.verify(reader, claim))
            for claim in shown.track(claims, description="Verifying")
        ]


def _show(texts: Sequence[str], verdicts: Sequence[VerdictRead], *, as_json: bool) -> None:
    if as_json:
        found = [
            {"claim": text, "on_record": is_on_record(verdict), **verdict.model_dump(mode="json", by_alias=True)}
            for text, verdict in zip(texts, verdicts, strict=True)
        ]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    table = Table("", "Claim", "Verdict", "What the record says", show_lines=True)
    for text, verdict in zip(texts, verdicts, strict=True):
        table.add_row("ok" if is_on_record(verdict) else "NO", text, verdict.verdict.value, verdict.summary)
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    missing = sum(not is_on_record(verdict) for verdict in verdicts)
    typer.echo(f"{len(verdicts)} checked, {missing} not on the record in the speaker's own words.")
