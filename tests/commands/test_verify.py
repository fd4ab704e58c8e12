"""`verbatim verify`: what a newsroom reads before it prints, and the exit status that a script reads."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import assemble
from app.errors import BadRequest, Invalid
from app.tables.claim import Standing, VerdictRead, standing
from app.tables.db import Database
from app.tables.words import Polarity
from app.text.verdict import Verdict
from tests.commands.processes import run, run_together
from tests.conftest import url_of

EXCEPTION = "The only exception here is America."
REPORTED = "he will not punish women for refusing to cover their hair"


@pytest.fixture
def reached(seeded: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A seeded record that the commands of this process are told of."""
    monkeypatch.setenv("VERBATIM_DATABASE_URL", url_of(seeded.path))
    return seeded


def verify(*arguments: str | Path, given: str | None = None) -> Result:
    called = ["verify", *map(str, arguments)]
    return CliRunner().invoke(assemble(called), called, input=given)


def test_one_claim_on_the_record(reached: Database) -> None:
    done = verify(EXCEPTION, "--speaker", "Khamenei")
    assert done.exit_code == 0
    assert "│ ok │ The only exception here is America. │ verbatim" in " ".join(done.stdout.split())
    assert done.stdout.endswith("1 checked, 0 not on the record in the speaker's own words.\n")


@pytest.mark.parametrize(
    ("arguments", "verdict"),
    [
        (("Cats sleep for most of the day.",), "unattested"),
        ((EXCEPTION, "--speaker", "Trump"), "misattributed"),
        ((REPORTED,), "normalised"),
    ],
    ids=["other words", "another speaker", "the reporter's words"],
)
def test_one_that_is_not_is_exit_1(reached: Database, arguments: tuple[str, ...], verdict: str) -> None:
    done = verify(*arguments, "--json")
    assert done.exit_code == 1
    (found,) = json.loads(done.stdout)
    assert (found["verdict"], found["standing"], found["on_record"]) == (verdict, "no", False)


def test_every_quotation_of_a_draft_is_checked(reached: Database, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text(f'The 12" pipe broke. ‘{EXCEPTION}’ he said. He added: "Cats sleep."\n', encoding="utf-8")
    from_file, from_input = verify("--file", draft, "--json"), verify("--file", "-", "--json", given=draft.read_text())
    assert from_file.exit_code == from_input.exit_code == 1
    assert [(found["claim"], found["standing"]) for found in json.loads(from_file.stdout)] == [
        (EXCEPTION, "ok"),
        ("Cats sleep.", "no"),
    ]
    assert from_input.stdout == from_file.stdout


def test_a_draft_without_quotations_says_so(reached: Database, tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("The 12\" pipe broke; it's the '90s.\n", encoding="utf-8")
    plain, as_json = verify("--file", draft), verify("--file", draft, "--json")
    assert (plain.exit_code, plain.stdout) == (0, f"No quotation was found in {draft}: nothing to check.\n")
    assert (as_json.exit_code, json.loads(as_json.stdout)) == (0, [])
    assert "No quotation was found" in as_json.stderr


@pytest.mark.parametrize(
    "claim", ["[the Americans] must go [/]", "[bold]no[/bold] [link=https://x.example]", ":smile: a\x1b[31mb"]
)
def test_a_claim_is_shown_as_it_is(reached: Database, claim: str) -> None:
    done = verify(claim)
    assert done.exit_code == 1
    assert claim.replace("\x1b", "\ufffd") in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "give the words to check"),
        ((EXCEPTION, "--file", "draft.txt"), "give the words to check"),
        ((EXCEPTION, "--speaker", ""), "'--speaker': it is blank"),
        ((EXCEPTION, "--speaker", " \t"), "'--speaker': it is blank"),
        ((EXCEPTION, "--source", ""), "'--source': it is blank"),
        ((EXCEPTION, "--speaker", "a" * 201), "'--speaker'"),
        ((EXCEPTION, "--source", "a" * 121), "'--source'"),
    ],
)
def test_a_wrong_call_is_a_usage_error(reached: Database, arguments: tuple[str, ...], said: str) -> None:
    done = verify(*arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("",), Invalid, "The claim is empty"),
        ((" \n",), Invalid, "The claim is empty"),
        (("a" * 10_001,), Invalid, "has 10,001"),
        ((EXCEPTION, "--source", "nothing"), Invalid, "There is no source nothing"),
        (("--file", "/nowhere/draft.txt"), BadRequest, "cannot be read"),
        (("--file", "/"), BadRequest, "cannot be read"),
    ],
)
def test_what_cannot_be_checked_is_named(
    reached: Database, arguments: tuple[str, ...], error: type[Exception], said: str
) -> None:
    raised = verify(*arguments).exception
    assert isinstance(raised, error)
    assert said in str(raised)


def test_nothing_that_could_not_be_checked_passes_for_a_finding(seeded: Database, tmp_path: Path) -> None:
    """Exit 1 is for words that are not on the record; all else that goes wrong is exit 2, in one line."""
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9")
    foreign = tmp_path / "foreign.db"
    foreign.write_text("not a database\n" * 100)
    wrong: list[list[str | Path]] = [
        ["--file", tmp_path / "none.txt"],
        ["--file", tmp_path / "latin.txt"],
        [""],
        ["a", "--source", "nothing"],
    ]
    said = run_together([["verify", *arguments] for arguments in wrong], database=seeded.path)
    said.append(run("verify", "a", database=foreign))
    assert [(done.code, done.out, done.err.count("\n")) for done in said] == [(2, "", 1)] * 5


def read(reached: Database, claim: str) -> VerdictRead:
    (found,) = json.loads(verify(claim, "--json").stdout)
    return VerdictRead.model_validate({name: found[name] for name in found if name in VerdictRead.model_fields})


@pytest.mark.parametrize(
    ("verdict", "risk", "polarity", "expected"),
    [
        (Verdict.VERBATIM, False, Polarity.ASSERTED, Standing.OK),
        (Verdict.FRAGMENT, True, Polarity.ASSERTED, Standing.CARE),
        (Verdict.VERBATIM, False, Polarity.ALLEGED, Standing.CARE),
        (Verdict.NORMALISED, False, Polarity.HYPOTHETICAL, Standing.CARE),
        (Verdict.ELIDED, False, Polarity.ASSERTED, Standing.OK),
        (Verdict.ELIDED, True, Polarity.ASSERTED, Standing.NO),
        (Verdict.FRAGMENT, False, Polarity.DENIED, Standing.NO),
        (Verdict.ALTERED, False, Polarity.ASSERTED, Standing.NO),
    ],
)
def test_how_a_claim_stands(
    reached: Database, verdict: Verdict, risk: bool, polarity: Polarity, expected: Standing
) -> None:
    found = read(reached, EXCEPTION)
    best = found.matches[0]
    best = best.model_copy(update={"meaning_risk": risk, "quote": best.quote.model_copy(update={"polarity": polarity})})
    assert standing(found.model_copy(update={"verdict": verdict, "matches": [best]})) is expected


def test_what_needs_care_is_shown_and_with_strict_does_not_pass(reached: Database) -> None:
    with reached.writing() as session:
        connection = session.connection()
        connection.exec_driver_sql("UPDATE quote SET polarity = 'alleged' WHERE text = ?", (EXCEPTION,))
    lax, strict = verify(EXCEPTION), verify(EXCEPTION, "--strict")
    assert (lax.exit_code, strict.exit_code) == (0, 1)
    assert "│ CARE │" in lax.stdout
    assert "│ CARE │" in strict.stdout
    assert lax.stdout.endswith("0 not on the record in the speaker's own words. 1 to be read with care.\n")
    (found,) = json.loads(verify(EXCEPTION, "--strict", "--json").stdout)
    assert (found["standing"], found["on_record"]) == ("care", False)
