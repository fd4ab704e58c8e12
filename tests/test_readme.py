"""The README's commands run, and its answers are what the service answers."""

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from app.cli import assemble
from app.main import create_app
from app.settings import ROOT, Settings
from app.tables.db import Database
from tests.conftest import url_of

README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^(verbatim [a-z]+.*?)(?: +#.*)?$|`(verbatim [a-z]+[^`]*)`", README, re.M)
EXAMPLES = re.findall(r"```console\n\$ (curl [^\n]+)\n(.+?)\n```", README, re.S)


@pytest.fixture(scope="module")
def served(seeded_template: Path) -> Iterator[TestClient]:
    settings = Settings(database_url=url_of(seeded_template))
    with TestClient(create_app(settings), base_url="http://127.0.0.1:8000") as client:
        yield client


def test_there_are_at_least_five_examples() -> None:
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize(("command", "answer"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_the_example_answers_as_printed(served: TestClient, command: str, answer: str) -> None:
    words = shlex.split(command)
    address = urlsplit(words[-1])
    assert (address.scheme, address.netloc) == ("http", "127.0.0.1:8000")
    response = served.get(f"{address.path}?{address.query}")
    assert response.json() == json.loads(answer)


def test_every_command_line_that_is_shown_runs(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In their order, on a record of their own, in a folder that has what they name."""
    shutil.copytree(ROOT / "seed", tmp_path / "seed")
    (tmp_path / "draft.txt").write_text("As Khamenehi put it, “The only exception here is America.”", encoding="utf-8")
    empty.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBATIM_DATABASE_URL", url_of(empty.path))
    shown = [(block or inline).replace("FILE", "seed/article-2025-03-21.yaml") for block, inline in COMMANDS]
    called = [shlex.split(command)[1:] for command in shown]
    assert {words[0] for words in called} == {"import", "extract", "verify", "check", "export"}
    in_order = [words for words in called if words[0] == "import"] + [words for words in called if words[0] != "import"]

    done = [(words, CliRunner().invoke(assemble(words), words)) for words in in_order]

    assert [(words, result.output) for words, result in done if result.exit_code != 0] == []
    assert (tmp_path / "record.yaml").stat().st_size > 20_000


@pytest.mark.parametrize("target", ["run", "test", "check"])
def test_the_make_targets_that_the_readme_names_are_there(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


def test_every_link_to_a_file_leads_to_one() -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
