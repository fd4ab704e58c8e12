"""verbatim verify"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from app.commands.terminal import literal, opened, progress, read_text
from app.errors import Invalid
from app.store.claims import Verifier
from app.tables.claim import MOST_CHARACTERS, Claim, Standing, VerdictRead, is_on_record, standing
from app.tables.db import Database
from app.text.drafts import quotations
from app.text.verdict import Verdict

_SHOWN = {Standing.OK: "ok", Standing.CARE: "CARE", Standing.NO: "NO"}


def run(
    claim: str = typer.Argument(None, help="The words to check."),
    speaker: str = typer.Option(None, help="Who is said to have said it: a slug, or a name in any spelling."),
    source: str = typer.Option(None, help="Slug of the one source in which to look."),
    file: Path = typer.Option(None, help="A draft: every quotation in it is checked. - for standard input."),
    strict: bool = typer.Option(False, "--strict", help="Count what needs CARE as not on the record."),
    as_json: bool = typer.Option(False, "--json", help="Print the verdicts as JSON."),
) -> None:
    """Check whether words are on the record, and in these words.

    ok: the speaker's own words. CARE: they are, but what was cut may change their meaning, or they are alleged or
    hypothetical. NO: they are not on the record.

    Exit status: 0 when every one is on the record (verbatim, normalised, fragment or elided, in the speaker's own
    words), 1 when one is not (or, with --strict, needs CARE), 2 when nothing could be checked.

    Example: verbatim verify "The only exception here is America." --speaker Khamenei

    Example: verbatim verify --file draft.txt --strict
    """
    if (claim is None) == (file is None):
        raise typer.BadParameter("give the words to check, or --file with a draft that quotes them")
    texts = [claim] if claim is not None else _quoted(file)
    claims = [_claim(text, speaker, source) for text in texts]
    with opened() as database:
        verdicts = _verdicts(database, claims)
    if not texts:
        typer.echo(f"No quotation was found in {file}: nothing to check.", err=as_json)
    missing = _show(texts, verdicts, as_json=as_json, strict=strict)
    if missing:
        raise typer.Exit(1)


def _claim(text: str, speaker: str | None, source: str | None) -> Claim:
    """Return the claim. Raises BadParameter for an option that names nobody or nothing, Invalid for the words."""
    for name, value in (("--speaker", speaker), ("--source", source)):
        if value is not None and not value.strip():
            raise typer.BadParameter("it is blank: give a name, or leave the option out", param_hint=f"'{name}'")
    if not text.strip():
        raise Invalid("The claim is empty: give the words to check.")
    if len(text) > MOST_CHARACTERS:
        raise Invalid(f"A claim has at most {MOST_CHARACTERS:,} characters; “{text[:40]}...” has {len(text):,}.")
    try:
        return Claim(text=text, speaker=speaker, source=source)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        said = fault["msg"].removeprefix("Value error, ")
        raise typer.BadParameter(f"{said[0].lower()}{said[1:]}", param_hint=f"'--{fault['loc'][0]}'") from error


def _told(verdict: VerdictRead) -> str:
    """Return what the record says, with its words where they are not the claim's."""
    if verdict.verdict not in (Verdict.ALTERED, Verdict.ELIDED):
        return verdict.summary
    return f"{verdict.summary}\nRecorded: “{''.join(part.recorded for part in verdict.matches[0].differences).strip()}”"


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


def _show(texts: Sequence[str], verdicts: Sequence[VerdictRead], *, as_json: bool, strict: bool) -> int:
    """Print what was found; return how many are not on the record."""
    missing = sum(not is_on_record(verdict, strict=strict) for verdict in verdicts)
    if as_json:
        found = [
            {
                "claim": text,
                "standing": standing(verdict),
                "on_record": is_on_record(verdict, strict=strict),
                **verdict.model_dump(mode="json", by_alias=True),
            }
            for text, verdict in zip(texts, verdicts, strict=True)
        ]
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif texts:
        table = Table("", "Claim", "Verdict", "What the record says", show_lines=True)
        for text, verdict in zip(texts, verdicts, strict=True):
            cells = (_SHOWN[standing(verdict)], text, verdict.verdict.value, _told(verdict))
            table.add_row(*map(literal, cells))
        Console(width=None if sys.stdout.isatty() else 140).print(table)
        care = sum(standing(verdict) is Standing.CARE for verdict in verdicts)
        needing = f" {care} to be read with care." if care else ""
        typer.echo(f"{len(verdicts)} checked, {missing} not on the record in the speaker's own words.{needing}")
    return missing
