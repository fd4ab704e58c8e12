"""Backups taken while the record is written, and put in its place again: real files, real processes."""

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from app.store import edits
from app.store.history import Writer
from app.tables import SCHEMA
from app.tables.columns import now
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.record import SpeakerEntry
from tests.commands.processes import Done, serving
from tests.commands.processes import run as run_command
from tests.conftest import url_of
from tests.tables.raw import connect, contents


def run(*words: str | Path, database: Path, given: bytes | None = None) -> Done:
    """Run a command; what it prints of the history, which is another for each record, is left out."""
    done = run_command(*words, database=database, given=given)
    return done._replace(out=re.sub(r"(?m)^history: .*\n", "", done.out))


SOUND = "1 source, 52 quotes and 201 anchors checked: 0 failed.\n"


def add_speaker(database: Database, number: int) -> None:
    entry = SpeakerEntry.model_validate(
        {
            "slug": f"speaker-{number}",
            "name": f"Speaker {number}",
            "kind": "person",
            "description": "All that is known. " * 50,
            "names": [{"name": f"Speaker {number}", "printed": False}],
        }
    )
    with database.writing() as session:
        edits.add_speaker(session.connection(), entry, writer=Writer("a test", now()))


@contextmanager
def being_written(database: Database) -> Iterator[list[int]]:
    """Add one speaker after another on another thread; give the numbers of those that were added."""
    added: list[int] = []
    enough = threading.Event()

    def write() -> None:
        while not enough.is_set():
            add_speaker(database, len(added))
            added.append(len(added))

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield added
    finally:
        enough.set()
        thread.join()


def damage(path: Path) -> None:
    """Alter the words of the source, past the triggers."""
    with closing(connect(path)) as connection:
        sql = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'source' AND sql LIKE '%UPDATE%'"
        for (trigger,) in connection.execute(sql).fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE source SET text = replace(text, 'America', 'Amerika')")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def backup(seeded: Database, tmp_path: Path) -> Path:
    """A backup of the seeded record."""
    path = tmp_path / "backup.db"
    assert run("backup", path, database=seeded.path) == Done(0, f"{SOUND}{path}: {path.stat().st_size:,} bytes.\n", "")
    return path


def test_a_backup_is_one_state_of_the_record_also_while_it_is_written(seeded: Database, tmp_path: Path) -> None:
    path = tmp_path / "backup.db"
    with being_written(seeded) as added:
        while len(added) < 5:
            pass
        before = len(added)
        done = run("backup", path, database=seeded.path)
        after = len(added)

    assert (done.code, done.err) == (0, "")
    assert after > before, "nothing was written meanwhile"
    assert names(tmp_path)[0] == "backup.db"
    assert not [name for name in names(tmp_path) if name.startswith((".", "backup.db-"))]
    rows = contents(path)
    speakers = [row[1] for row in rows["speaker"] if str(row[1]).startswith("speaker-")]
    changes = [row[2] for row in rows["change"] if row[1] == "speaker" and str(row[2]).startswith("speaker-")]
    assert speakers == changes == [f"speaker-{number}" for number in range(len(speakers))]
    assert before <= len(speakers) <= after + 1
    assert [row[0] for row in rows["change"]] == list(range(1, len(rows["change"]) + 1))
    assert run("check", database=path) == Done(0, SOUND, "")


def test_a_backup_holds_what_the_record_holds_and_takes_no_other_files_place(
    seeded: Database, backup: Path, tmp_path: Path
) -> None:
    assert contents(backup) == contents(seeded.path)
    first = backup.read_bytes()
    add_speaker(seeded, 1)

    refused = run("backup", backup, database=seeded.path)
    assert refused == Done(2, "", f"verbatim: {backup} is there already: choose another name, or say --force.\n")
    assert backup.read_bytes() == first

    assert run("backup", backup, "--force", database=seeded.path).code == 0
    assert contents(backup) == contents(seeded.path)
    itself = run("backup", seeded.path, "--force", database=seeded.path)
    assert itself == Done(2, "", f"verbatim: {seeded.path} is the record itself: give its backup another name.\n")
    nowhere = run("backup", tmp_path / "no folder" / "a.db", database=seeded.path)
    assert (nowhere.code, nowhere.err.count("\n"), "no folder" in nowhere.err) == (2, 1, True)


def test_a_record_that_is_not_what_it_says_is_not_backed_up(seeded: Database, backup: Path, tmp_path: Path) -> None:
    seeded.close()
    damage(seeded.path)
    first, before = backup.read_bytes(), names(tmp_path)

    done = run("backup", backup, "--force", database=seeded.path)

    assert done.code == 2
    assert "hash  The text's SHA-256 is" in done.out
    assert f"failed: the record is not what it says, and {backup} was not written" in done.err
    assert (backup.read_bytes(), names(tmp_path)) == (first, before)


def test_a_backup_becomes_the_record_where_there_is_none(seeded: Database, backup: Path, tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "new.db"

    assert run("restore", backup, database=path) == Done(0, f"{SOUND}{path}: restored from {backup}.\n", "")

    assert contents(path) == contents(seeded.path)
    assert names(path.parent) == ["new.db"]
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_empty_record_is_replaced_and_another_only_by_force_and_is_kept(
    empty: Database, seeded: Database, backup: Path
) -> None:
    empty.close()
    assert run("restore", backup, database=empty.path).code == 0
    assert names(empty.path.parent) == ["backup.db", "empty.db", "seeded.db"]
    add_speaker(seeded, 1)
    seeded.close()
    before = contents(seeded.path)

    refused = run("restore", backup, database=seeded.path)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == (
        f"verbatim: {seeded.path} holds a record: say --force to replace it, and it is kept as "
        "seeded.db.before-restore.\n"
    )
    assert contents(seeded.path) == before

    done = run("restore", backup, "--force", database=seeded.path)
    kept = seeded.path.with_name("seeded.db.before-restore")
    assert done == Done(0, f"{SOUND}{seeded.path}: restored from {backup}. The record before is kept as {kept}.\n", "")
    assert contents(seeded.path) == contents(backup)
    assert contents(kept) == before

    assert run("restore", kept, "--force", database=seeded.path).code == 0
    assert contents(seeded.path) == before
    assert contents(kept) == before
    assert contents(seeded.path.with_name("seeded.db.before-restore-2")) == contents(backup)


def test_what_is_still_in_the_write_ahead_log_is_kept_too(seeded: Database, backup: Path) -> None:
    """A killed server leaves its last writes in the log beside the file."""
    crashed = seeded.path.with_name("crashed.db")
    add_speaker(seeded, 1)
    shutil.copy(seeded.path, crashed)
    shutil.copy(f"{seeded.path}-wal", f"{crashed}-wal")
    assert "speaker-1" not in {row[1] for row in contents(backup)["speaker"]}

    assert run("restore", backup, "--force", database=crashed).code == 0

    kept = contents(crashed.with_name("crashed.db.before-restore"))
    assert "speaker-1" in {row[1] for row in kept["speaker"]}
    assert contents(crashed) == contents(backup)


def test_nothing_is_replaced_under_a_server(seeded: Database, backup: Path) -> None:
    with serving(database=seeded.path) as server:
        server.get("/v1/quotes?limit=1")

        done = run("restore", backup, "--force", database=seeded.path)

        assert (done.code, done.out) == (2, SOUND)
        assert done.err == f"verbatim: {seeded.path} is open in another process: stop the server first.\n"
        assert b"items" in server.get("/v1/quotes?limit=1")
    assert names(seeded.path.parent)[:2] == ["backup.db", "seeded.db"]
    assert not [name for name in names(seeded.path.parent) if "restore" in name or name.endswith(".part")]


def test_a_damaged_backup_replaces_nothing(seeded: Database, backup: Path) -> None:
    seeded.close()
    before = contents(seeded.path)
    damage(backup)
    torn, blotted = backup.with_name("torn.db"), backup.with_name("blotted.db")
    whole = backup.read_bytes()
    torn.write_bytes(whole[:500_000])
    blotted.write_bytes(whole[:400_000] + bytes(100_000) + whole[500_000:])

    done, cut, lost = (run("restore", file, "--force", database=seeded.path) for file in (backup, torn, blotted))

    assert (done.code, cut.code, lost.code) == (2, 2, 2)
    assert f"failed: {backup} is not what it says, and nothing was replaced." in done.err
    assert cut.err == f"verbatim: {torn} cannot be read as a database: database disk image is malformed.\n"
    assert lost.err.endswith(f": {blotted} is not what it says, and nothing was replaced.\n")
    assert contents(seeded.path) == before
    assert names(seeded.path.parent) == ["backup.db", "blotted.db", "seeded.db", "torn.db"]


def test_a_damaged_record_is_replaced_and_kept(seeded: Database, backup: Path) -> None:
    seeded.close()
    seeded.path.write_bytes(b"no database at all" * 1000)

    assert run("restore", backup, database=seeded.path).code == 2
    assert run("restore", backup, "--force", database=seeded.path).code == 0

    assert contents(seeded.path) == contents(backup)
    assert seeded.path.with_name("seeded.db.before-restore").read_bytes().startswith(b"no database at all")


def test_an_older_backup_is_restored_as_it_is_and_says_what_brings_it_up(seeded: Database, tmp_path: Path) -> None:
    migrate(seeded, "0003")
    seeded.close()
    path = tmp_path / "new.db"

    done = run("restore", seeded.path, database=path)

    assert (done.code, done.err) == (0, "")
    assert done.out == (
        f"{SOUND}{path}: restored from {seeded.path}.\n"
        f"It stands at migration 0003; this version needs {SCHEMA}: verbatim migrate.\n"
    )
    restored = Database(url_of(path))
    assert restored.schema() == "0003"
    restored.close()
    assert run("migrate", database=path).code == 0
    assert run("check", database=path) == Done(0, SOUND, "")


def test_what_is_no_backup_is_refused(backup: Path, tmp_path: Path) -> None:
    newer, foreign, path = tmp_path / "newer.db", tmp_path / "foreign.db", tmp_path / "new.db"
    shutil.copy(backup, newer)
    with closing(connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with closing(connect(foreign)) as connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")

    said = {name: run("restore", name, database=path) for name in (newer, foreign, tmp_path / "missing.db")}

    assert [done.code for done in said.values()] == [2, 2, 2]
    assert "a newer one wrote it" in said[newer].err
    assert "is a database of something else: it has a table recipe." in said[foreign].err
    assert "holds no record: name a file that verbatim backup wrote." in said[tmp_path / "missing.db"].err
    assert not path.exists()
    itself = run("restore", backup, "--force", database=backup)
    assert (itself.code, "is the record itself" in itself.err) == (2, True)
