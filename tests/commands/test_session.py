"""The session that the documentation shows is done as it is written, by a shell and curl, against a server."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from app.settings import ROOT
from app.tables.db import Database
from tests.commands.processes import PATIENCE_S, environment, serving

SESSION = (ROOT / "docs" / "session.md").read_text(encoding="utf-8")
MARK = "=== shown above ==="


class Step(NamedTuple):
    """A command as it is typed, and what is printed then, with `…` for what was left out."""

    command: str
    answer: str


def steps() -> list[Step]:
    blocks = re.findall(r"^```console\n(.+?)^```", SESSION, re.MULTILINE | re.DOTALL)
    found = []
    for block in blocks:
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            # A command goes on with a backslash, and inside of quotation marks.
            lines = part.splitlines()
            taken = 1
            while lines[taken - 1].endswith("\\") or "\n".join(lines[:taken]).count("'") % 2:
                taken += 1
            found.append(Step("\n".join(lines[:taken]), "\n".join(lines[taken:])))
    return found


def pattern(answer: str) -> str:
    """Return what matches an answer, however it is broken into lines."""
    # The text of a quote in several parts has the same sign for what stands between them.
    kept = re.sub(r"\s", "", answer.replace("fine … We", "fine\0We"))
    return re.escape(kept).replace("…", ".*").replace("\0", "…")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_session_answers_as_it_is_shown(seeded: Database, tmp_path: Path) -> None:
    shown = steps()
    folder = tmp_path / ".venv" / "bin"
    folder.mkdir(parents=True)
    (folder / "activate").write_text(f"PATH={Path(sys.executable).parent}:$PATH\n", encoding="utf-8")
    seeded.close()
    with serving(database=seeded.path) as server:
        script = "exec 2>&1\n" + "".join(f"{step.command}\necho; echo '{MARK}'\n" for step in shown)
        script = script.replace("http://127.0.0.1:8000", server.base)
        done = subprocess.run(
            ["bash", "-c", script],  # the shell of whoever runs the tests
            env=environment(seeded.path),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
        )
    said = [part.strip() for part in done.stdout.split(MARK)][:-1]
    assert len(said) == len(shown) > 15
    for step, told in zip(shown, said, strict=True):
        assert re.fullmatch(pattern(step.answer), re.sub(r"\s", "", told)), f"{step.command}\n{told}"
