"""The commands for a continuous backup, as documented: what was acknowledged comes back after the database is lost."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from httpx2 import Client

from app.settings import ROOT
from app.store import keys
from app.tables.db import Database
from app.tables.words import Scope
from tests.commands.processes import PATIENCE_S, environment, run, serving

DOCS = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8").partition("## Continuously")[2]
LITESTREAM = Path(sys.executable).with_name("litestream")
TOPICS = 20


def documented(command: str, folder: Path, database: Path) -> list[str]:
    """Return the words of a documented command, with this test's paths."""
    (found,) = re.findall(rf"^(litestream {command} .+)$", DOCS, re.MULTILINE)
    words = found.replace("/data/verbatim.db", str(database)).split()[1:]
    return [
        str(LITESTREAM),
        *(str(folder / word) if word in ("litestream.yml", "restored.db") else word for word in words),
    ]


def configure(folder: Path, database: Path) -> None:
    """Write the documented file, with the form of a replica that is a folder."""
    (shown,) = re.findall(r"^```yaml\n(.+?)^```", DOCS, re.MULTILINE | re.DOTALL)
    replica = f"type: file\n      path: {folder / 'replica'}"
    told = re.sub(r"url: s3://\S+.*", replica, shown).replace("/data/verbatim.db", str(database))
    assert "s3://" not in told
    (folder / "litestream.yml").write_text(told, encoding="utf-8")


def test_what_was_acknowledged_comes_back_from_litestream(seeded: Database, tmp_path: Path) -> None:
    with seeded.writing() as session:
        secret = keys.create(session.connection(), "ann", [Scope.EDIT], expires=None)
    seeded.close()
    here = tmp_path / "record"
    here.mkdir()
    database = here / "verbatim.db"
    shutil.copy(seeded.path, database)
    configure(tmp_path, database)

    with (
        serving(database=database) as server,
        subprocess.Popen(documented("replicate", tmp_path, database), stderr=subprocess.DEVNULL) as litestream,
    ):
        try:
            with Client(base_url=server.base, headers={"Authorization": f"Bearer {secret}"}) as client:
                for number in range(TOPICS):
                    made = client.post("/v1/topics", json={"slug": f"topic-{number}", "label": f"Topic {number}"})
                    assert made.status_code == 201, made.text
                    time.sleep(0.1)  # over some of its seconds, so that it follows and does not only copy
            server.stop(15)
        finally:
            litestream.terminate()  # it sends what is left before it ends
            litestream.wait(PATIENCE_S)
    shutil.rmtree(here)
    here.mkdir()

    back = subprocess.run(
        documented("restore", tmp_path, database),
        env=environment(database),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert back.returncode == 0, back.stderr
    restored = run("restore", tmp_path / "restored.db", "--force", database=database)
    assert restored.code == 0, restored.err
    assert run("check", database=database).code == 0
    found = Database(f"sqlite:///{database}")
    slugs = {str(row[0]) for row in found.reader().execute("SELECT slug FROM topic")}
    found.close()
    assert {f"topic-{number}" for number in range(TOPICS)} <= slugs
