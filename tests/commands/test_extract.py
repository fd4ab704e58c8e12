"""`verbatim extract`: what a text reports, for people to read and for programs, and on the record."""

import json
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import assemble
from app.errors import BadRequest, NotFound
from app.tables.db import Database
from app.tables.proposal import ProposalReport
from tests.commands.processes import PATIENCE_S, VERBATIM, environment
from tests.conftest import url_of

TEXT = "“The mayor told me, ‘Go home now.’ I did,” said Jane Roe, its master, on Tuesday. She said that it rained.\n"
SEED = "pezeshkian-khamenei-us-talks-2025-03-21"
MEMBERS = {
    *("kind", "spans", "clause", "cue", "lemma", "speaker", "speaker_name", "speaker_kind", "medium", "polarity"),
    *("said", "confidence", "why", "nested"),
}


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A text, and no record anywhere."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", url_of(tmp_path / "nowhere" / "verbatim.db"))
    path = tmp_path / "article.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def extract(*arguments: str | Path, given: bytes | None = None) -> Result:
    called = ["extract", *map(str, arguments)]
    return CliRunner().invoke(assemble(called), called, input=given)


def test_a_file_is_listed_the_surest_first(article: Path) -> None:
    done = extract(article, "--published", "2025-04-03")
    assert (done.exit_code, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    sure = [float(line[:4]) for line in lines[:-1:2]]
    assert sure == sorted(sure, reverse=True)
    assert "direct    The mayor told me, ‘Go home now.’ I did," in lines[0]
    assert lines[1].strip() == "Jane Roe, say, 2025-04-01 (“Tuesday”)  [quote, verb, speaker]"
    assert any("[nested; " in line for line in lines)
    assert any("Jane Roe (“She”), say" in line for line in lines)
    assert lines[-1] == f"{article}: {len(sure)} proposals."


def test_as_json_a_file_is_one_object(article: Path) -> None:
    done = extract(article, "--json")
    assert done.exit_code == 0
    document = json.loads(done.stdout)
    assert document["id"] == str(article)
    first, *others = document["proposals"]
    assert first.keys() == MEMBERS
    (start, end), (low, high) = first["spans"][0], first["nested"][0]["spans"][0]
    assert TEXT[start:end] == "The mayor told me, ‘Go home now.’ I did,"
    assert TEXT[low:high] == "Go home now."
    assert first["nested"][0].keys() == MEMBERS
    assert TEXT[slice(*first["speaker"])] == first["speaker_name"] == "Jane Roe"
    assert first["said"] is None
    assert [TEXT[slice(*other["spans"][0])] for other in others] == ["that it rained"]


def test_lines_are_done_in_their_order(article: Path, tmp_path: Path) -> None:
    lines = [
        {"id": "a", "text": TEXT, "date": "2025-04-03"},
        {"id": 2, "text": TEXT, "date": None, "url": "http://example.org"},
        {"id": "c", "text": ""},
    ]
    given = "\n\n".join(json.dumps(line) for line in lines)
    done = extract("--jsonl", given=given.encode())
    assert (done.exit_code, done.stderr) == (0, "")
    made = [json.loads(line) for line in done.stdout.splitlines()]
    assert [document["id"] for document in made] == ["a", 2, "c"]
    assert [document.keys() for document in made] == [{"id", "proposals"}] * 3
    said = made[0]["proposals"][0]["said"]
    assert (said["edtf"], said["basis"], TEXT[slice(*said["as_printed"])]) == ("2025-04-01", "resolved", "Tuesday")
    assert (made[1]["proposals"][0]["said"], made[2]["proposals"]) == (None, [])
    file = tmp_path / "lines.jsonl"
    file.write_text(given, encoding="utf-8")
    assert extract("--jsonl", file).stdout == done.stdout


BAD = {
    "no JSON": ("{", "it is not JSON: "),
    "a list": ("[]", "it is no object such as "),
    "no text": ('{"id": "1"}', "text: Field required."),
    "no id": ('{"text": "a"}', "id: "),
    "no day": ('{"id": "1", "text": "a", "date": "April"}', "date: not a day of the form YYYY-MM-DD."),
    "a day that is none": ('{"id": "1", "text": "a", "date": "2025-02-30"}', "date: "),
    "a number for a day": ('{"id": "1", "text": "a", "date": 1742515200}', "date: not a day of the form YYYY-MM-DD."),
    "a lone surrogate": ('{"id": "1", "text": "\\ud800"}', "text: a lone surrogate is not a character."),
    "a lone surrogate in the id": ('{"id": "\\ud800", "text": "a"}', "a lone surrogate is not a character."),
    "too deep": ("[" * 100_000, "it is not JSON: "),
    "too many digits": (f'{{"id": {"9" * 5000}, "text": "a"}}', "it is not JSON: "),
    "no UTF-8": ('{"id": "\udcff"}', "it is not UTF-8 at byte "),
}


@pytest.mark.parametrize(("line", "said"), BAD.values(), ids=BAD)
def test_a_bad_line_is_named_and_the_others_are_done(article: Path, line: str, said: str) -> None:
    good = json.dumps({"id": "good", "text": TEXT})
    done = extract("--jsonl", given=f"{good}\n{line}\n{good}\n".encode(errors="surrogateescape"))
    assert done.exit_code == 2
    assert done.stderr.startswith("verbatim: standard input, line 2: ")
    assert said in done.stderr
    assert [json.loads(made)["id"] for made in done.stdout.splitlines()] == ["good", "good"]


def test_each_line_is_written_before_the_next_is_read(article: Path) -> None:
    with subprocess.Popen(
        [VERBATIM, "extract", "--jsonl"],
        env=environment(article),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("a", "b"):
            process.stdin.write(json.dumps({"id": name, "text": TEXT}) + "\n")
            assert json.loads(process.stdout.readline())["id"] == name
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


WRONG = {
    "nothing": ((), "give a file, --jsonl, or --source"),
    "a source and a file": (("a.txt", "--source", "a"), "give neither"),
    "a dry run of nothing": (("a.txt", "--dry-run"), "it stands with --source"),
    "one day for all lines": (("--jsonl", "--published", "2025-01-01"), "each line has a date of its own"),
}


@pytest.mark.parametrize(("arguments", "said"), WRONG.values(), ids=WRONG)
def test_options_that_do_not_stand_together_are_refused(article: Path, arguments: tuple[str, ...], said: str) -> None:
    done = extract(*arguments)
    assert (done.exit_code, said in " ".join(done.stderr.replace("│", "").split())) == (2, True), done.stderr


def test_what_cannot_be_read_is_named(article: Path) -> None:
    done = extract(article, "--published", "April")
    assert (done.exit_code, "not a day of the form YYYY-MM-DD" in done.stderr) == (2, True)
    for arguments in (("nowhere.txt",), ("--jsonl", "nowhere.jsonl")):
        refused = extract(*arguments)
        assert isinstance(refused.exception, BadRequest)
        assert "cannot be read" in refused.exception.detail


def test_nothing_in_a_text_steers_the_terminal(article: Path) -> None:
    article.write_text("“The \x1b[2Jharbour\x07 stays [bold]open[/bold],” said Jane Roe.", encoding="utf-8")
    done = extract(article)
    assert "The \ufffd[2Jharbour\ufffd stays [bold]open[/bold]," in done.stdout


def test_a_source_s_quotes_are_proposed_on_the_record(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBATIM_DATABASE_URL", url_of(seeded.path))
    sql = "SELECT count(*) FROM quote WHERE status = 'proposed'"
    dry = extract("--source", SEED, "--dry-run")
    assert dry.exit_code == 0, dry.output
    assert seeded.reader().execute(sql).fetchone() == (0,)
    real = extract("--source", SEED)
    assert real.stdout == dry.stdout.replace("would be proposed", "proposed")
    (count,) = seeded.reader().execute(sql).fetchone()
    assert f"{SEED}: {count} proposed, " in real.stdout
    (who,) = seeded.reader().execute("SELECT who FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert who == "verbatim extract"
    report = ProposalReport.model_validate_json(extract("--source", SEED, "--json").stdout)
    assert (report.proposed, report.existing) == (0, len(report.items))
    assert isinstance(extract("--source", "nobody").exception, NotFound)
