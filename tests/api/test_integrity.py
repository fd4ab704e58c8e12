"""GET /v1/integrity and `verbatim check`: what was altered behind the service's back is named, and nothing else."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from app.tables.db import Database
from tests.conftest import url_of


@contextmanager
def behind_its_back(database: Database) -> Iterator[sqlite3.Connection]:
    """Give a connection that drops every trigger first, as somebody with the file in hands could."""
    connection = sqlite3.connect(database.path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    yield connection
    connection.commit()
    connection.close()


def test_the_seeded_record_is_what_it_says(client: TestClient) -> None:
    answer = client.get("/v1/integrity").json()
    assert answer["ok"]
    assert (answer["sources"], answer["quotes"], answer["failures"]) == (1, 51, [])
    assert answer["anchors"] > 150


@pytest.mark.parametrize("at", [440, 1200, 2400, 4700, 10, 6262])
def test_one_altered_character_names_exactly_the_quotes_over_it(client: TestClient, seeded: Database, at: int) -> None:
    with behind_its_back(seeded) as connection:
        (text,) = connection.execute("SELECT text FROM source").fetchone()
        altered = text[:at] + ("#" if text[at] != "#" else "*") + text[at + 1 :]
        connection.execute("UPDATE source SET text = ?", (altered,))
        rows = connection.execute(
            "SELECT DISTINCT quote.id FROM quote JOIN segment ON segment.quote = quote.seq "
            'WHERE segment.start <= ? AND segment."end" > ?',
            (at, at),
        ).fetchall()
    answer = client.get("/v1/integrity").json()
    assert not answer["ok"]
    named = [failure["quote"] for failure in answer["failures"] if failure["quote"]]
    assert sorted(named) == sorted(row[0] for row in rows)
    assert "hash" in [failure["what"] for failure in answer["failures"] if failure["quote"] is None]


FORGERIES = [
    ("a hash", "UPDATE source SET sha256 = replace(sha256, 'a', 'b')", "hash"),
    ("a length", "UPDATE source SET length = length + 1", "length"),
    ("a quote's text", "UPDATE quote SET text = text || '!' WHERE seq = 7", "text"),
    ("a quote's id", "UPDATE quote SET id = '0123456789abcdef' WHERE seq = 7", "id"),
    ("a segment's words", "UPDATE segment SET exact = upper(exact) WHERE quote = 7 AND role = 'content'", "anchor"),
    ("a segment's place", 'UPDATE segment SET start = start + 1, "end" = "end" + 1 WHERE quote = 7', "anchor"),
    ("a note's words", "UPDATE annotation SET exact = 'x' || exact WHERE source IS NOT NULL", "anchor"),
]


@pytest.mark.parametrize(("sql", "what"), [case[1:] for case in FORGERIES], ids=[case[0] for case in FORGERIES])
def test_a_forgery_is_named(client: TestClient, seeded: Database, sql: str, what: str) -> None:
    with behind_its_back(seeded) as connection:
        assert connection.execute(sql).rowcount
    assert what in {failure["what"] for failure in client.get("/v1/integrity").json()["failures"]}


def test_batches_cover_every_source_once(client: TestClient) -> None:
    first = client.get("/v1/integrity?limit=1").json()
    assert first["next"] is None
    assert client.get("/v1/integrity?after=x").status_code == 422


def check(database: Database) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", "check"],
        env={**os.environ, "VERBATIM_DATABASE_URL": url_of(database.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_names_what_fails_and_exits_1(seeded: Database) -> None:
    good = check(seeded)
    assert (good.returncode, good.stdout.strip()[-9:]) == (0, "0 failed.")
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE quote SET text = text || '!' WHERE seq = 7")
        (name,) = connection.execute("SELECT id FROM quote WHERE seq = 7").fetchone()
    bad = check(seeded)
    assert bad.returncode == 1
    assert name in bad.stdout
    # SQLite itself sees that the text no longer has the length on the record.
    assert "CHECK constraint failed in quote" in bad.stdout
    assert "2 failed." in bad.stdout
