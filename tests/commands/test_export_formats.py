"""`verbatim export --format`: the quotes of the record as a file to be worked with."""

import csv
import io
import json
from pathlib import Path

import pytest
from pyld import jsonld
from typer.testing import CliRunner, Result

from app.cli import assemble
from app.errors import Conflict, Invalid
from app.tables.db import Database
from tests.conftest import url_of
from tests.formats.test_jsonld import refuse

SEED = "pezeshkian-khamenei-us-talks-2025-03-21"
QUOTES = 52


def export(database: Database, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("VERBATIM_DATABASE_URL", url_of(database.path))
    called = ["export", *arguments]
    return CliRunner().invoke(assemble(called), called)


def count(kind: str, text: str) -> int:
    if kind == "ndjson":
        return len([json.loads(line) for line in text.splitlines()])
    if kind == "csv":
        return len(list(csv.DictReader(io.StringIO(text, newline=""), strict=True)))
    return len(json.loads(text)["items"])


@pytest.mark.parametrize("kind", ["ndjson", "csv", "jsonld"])
def test_all_quotes_of_every_polarity_are_written(
    seeded: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    to_output = export(seeded, monkeypatch, "--format", kind)
    to_file = export(seeded, monkeypatch, "-f", kind, "-o", str(tmp_path / "quotes"))
    assert (to_output.exit_code, to_file.exit_code) == (0, 0)
    assert (to_file.stdout, to_file.stderr, to_output.stderr) == ("", "", "")
    written = (tmp_path / "quotes").read_bytes()
    assert written == to_output.stdout_bytes
    assert count(kind, written.decode()) == QUOTES
    assert list(tmp_path.glob("*.part")) == []


def test_slugs_choose_sources_however_many(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert count("ndjson", export(seeded, monkeypatch, "-f", "ndjson", *[SEED] * 30).stdout) == QUOTES
    refused = export(seeded, monkeypatch, "-f", "csv", "pezeshkian")
    assert isinstance(refused.exception, Invalid)
    assert SEED in refused.exception.detail


def test_json_ld_names_things_by_the_public_address(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in ("https://quotes.example/verbatim", None):
        if address:
            monkeypatch.setenv("VERBATIM_PUBLIC_URL", f"{address}/")
        else:
            monkeypatch.delenv("VERBATIM_PUBLIC_URL")
        document = json.loads(export(seeded, monkeypatch, "-f", "jsonld").stdout)
        base = address or "http://127.0.0.1:8000"
        assert document["id"] == f"{base}/v1/export.jsonld"
        assert all(item["id"].startswith(f"{base}/v1/quotes/") for item in document["items"])
        assert len(jsonld.expand(document, {"documentLoader": refuse})) == 1


def test_yaml_is_the_default(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    plain, named = (export(seeded, monkeypatch, *given) for given in ((), ("--format", "yaml")))
    assert plain.stdout == named.stdout
    assert plain.stdout.startswith("---\nformat: verbatim-record/1\n")


def test_a_format_that_there_is_not_is_refused(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = export(seeded, monkeypatch, "--format", "xml")
    assert refused.exit_code == 2
    assert "yaml" in refused.stderr


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(
    seeded: Database, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    refused = export(seeded, monkeypatch, "-f", "csv", "-o", str(tmp_path / "nowhere" / "quotes.csv"))
    assert isinstance(refused.exception, Conflict)
    assert "nowhere/quotes.csv cannot be written: No such file" in refused.exception.detail
    refused = export(seeded, monkeypatch, "-f", "csv", "-o", str(tmp_path / "quotes.csv"), "nobody")
    assert isinstance(refused.exception, Invalid)
    assert list(tmp_path.glob("quotes.csv*")) == []
