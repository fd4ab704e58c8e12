"""GET /v1/integrity and `verbatim check`: what was altered behind the service's back is named, and nothing else."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from app.store import records
from app.tables.db import Database
from tests.commands.processes import Done, run
from tests.store.builders import WRITER, printed


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


def hexed(words: bytes) -> str:
    return f"CAST(x'{words.hex()}' AS TEXT)"


def over(connection: sqlite3.Connection, at: int) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT quote.id FROM quote JOIN segment ON segment.quote = quote.seq "
        'WHERE segment.start <= ? AND segment."end" > ?',
        (at, at),
    ).fetchall()
    return sorted(row[0] for row in rows)


def test_the_seeded_record_is_what_it_says(client: TestClient) -> None:
    answer = client.get("/v1/integrity").json()
    assert answer["ok"]
    assert (answer["sources"], answer["quotes"], answer["failures"]) == (1, 52, [])
    assert answer["anchors"] > 150


def test_the_last_page_tells_what_is_wrong_with_the_history(client: TestClient, seeded: Database) -> None:
    good = client.get("/v1/integrity").json()
    (count,) = seeded.reader().execute("SELECT count(*) FROM change").fetchone()
    (seal,) = seeded.reader().execute("SELECT seal FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert good["history"] == {"changes": count, "seal": seal}
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE change SET who = 'somebody else' WHERE seq = 20")
    bad = client.get("/v1/integrity").json()
    assert not bad["ok"]
    (failure,) = bad["failures"]
    assert (failure["source"], failure["quote"], failure["change"], failure["what"]) == (None, None, 20, "history")


@pytest.mark.parametrize("at", [440, 1200, 2400, 4700, 10, 6262])
def test_one_altered_character_names_exactly_the_quotes_over_it(client: TestClient, seeded: Database, at: int) -> None:
    with behind_its_back(seeded) as connection:
        (text,) = connection.execute("SELECT text FROM source").fetchone()
        altered = text[:at] + ("#" if text[at] != "#" else "*") + text[at + 1 :]
        connection.execute("UPDATE source SET text = ?", (altered,))
        names = over(connection, at)
    answer = client.get("/v1/integrity").json()
    assert not answer["ok"]
    named = [failure["quote"] for failure in answer["failures"] if failure["quote"]]
    assert sorted(named) == names
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


DAMAGES = [
    ("no byte of UTF-8", "said", 0, b"\xff"),
    ("the beginning of a character", "said", 0, b"\xe2"),
    ("the rest of one", "said", 1, b"\x80"),
    ("the first byte of three", "“", 0, b"A"),
    ("another first byte", "“", 0, b"\xc3"),
    ("a rest for a first byte", "“", 0, b"\x80"),
    ("the second byte of three", "“", 1, b"A"),
    ("the last byte of three", "“", 2, b"\xff"),
]


@pytest.mark.parametrize(("where", "byte", "damage"), [case[1:] for case in DAMAGES], ids=[case[0] for case in DAMAGES])
@pytest.mark.parametrize("nth", [1, 2, 5])
def test_a_byte_that_is_no_text_names_the_source_and_exactly_the_quotes_over_it(
    client: TestClient, seeded: Database, where: str, byte: int, damage: bytes, nth: int
) -> None:
    with behind_its_back(seeded) as connection:
        (text,) = connection.execute("SELECT text FROM source").fetchone()
        at = -1
        for _ in range(nth):
            at = text.index(where, at + 1)
        position = len(text[:at].encode()) + byte
        stored = bytearray(text.encode())
        stored[position : position + 1] = damage
        connection.execute(f"UPDATE source SET text = {hexed(bytes(stored))}")
        names = over(connection, at if where == "“" else at + byte)
    answer = client.get("/v1/integrity").json()
    assert sorted(failure["quote"] for failure in answer["failures"] if failure["quote"]) == names
    (whole,) = [failure for failure in answer["failures"] if failure["quote"] is None]
    assert whole["what"] == "hash"
    assert "The text is not UTF-8 at byte " in whole["detail"]


def test_a_byte_changed_in_the_file_itself_is_found(seeded: Database) -> None:
    seeded.close()
    stored = bytearray(seeded.path.read_bytes())
    places = [at for at in range(len(stored)) if stored.startswith(b"the United States", at)]
    assert places
    for at in places:
        stored[at] = 0xFF
    seeded.path.write_bytes(stored)
    done = check(seeded)
    assert (done.code, done.err) == (1, "")
    assert "  hash  The text is not UTF-8 at byte " in done.out
    assert "  anchor  " in done.out
    assert "\ufffdhe United States" in done.out


STORED = [
    ("a segment's words", "UPDATE segment SET exact = {} WHERE quote = 7 AND role = 'content'", "anchor"),
    ("a quote's words", "UPDATE quote SET text = {} WHERE seq = 7", "text"),
    ("a quote's id", "UPDATE quote SET id = {} WHERE seq = 7", "id"),
]


@pytest.mark.parametrize(("sql", "what"), [case[1:] for case in STORED], ids=[case[0] for case in STORED])
def test_other_words_that_are_no_text_name_their_quote(
    client: TestClient, seeded: Database, sql: str, what: str
) -> None:
    with behind_its_back(seeded) as connection:
        (name,) = connection.execute("SELECT id FROM quote WHERE seq = 7").fetchone()
        assert connection.execute(sql.format("CAST(x'61ff62' AS TEXT)")).rowcount
    named = "a\ufffdb" if what == "id" else name
    found = {(failure["quote"], failure["what"]) for failure in client.get("/v1/integrity").json()["failures"]}
    beside = {(named, "unrecorded"), (name, "missing")} if what == "id" else {(name, "state")}
    assert found >= {(named, what), *beside}


def test_a_hash_that_is_no_text_is_named(client: TestClient, seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE source SET sha256 = CAST(x'ff' || substr(sha256, 2) AS TEXT)")
    response = client.get("/v1/integrity")
    assert response.status_code == 200
    assert "hash" in {failure["what"] for failure in response.json()["failures"]}


def test_the_command_names_every_failure(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute("DELETE FROM annotation")
        (source,) = connection.execute("SELECT seq FROM source").fetchone()
        note = {
            "source": str(source),
            "start": "0",
            '"end"': "1",
            "exact": "'##'",
            "id": "'note-' || value",
            "motivation": "'commenting'",
            "body": "'b'",
            "format": "'text/plain'",
            "creator": "'c'",
            "version": "1",
            "created": "'2026-01-01T00:00:00.000000Z'",
            "modified": "'2026-01-01T00:00:00.000000Z'",
        }
        connection.execute(
            "WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 1100) "
            f"INSERT INTO annotation ({', '.join(note)}) SELECT {', '.join(note.values())} FROM n"
        )
    done = check(seeded)
    assert done.code == 1
    assert len([line for line in done.out.splitlines() if "  anchor  annotation" in line]) == 1100


def test_batches_cover_every_source_once(client: TestClient, seeded: Database) -> None:
    first = client.get("/v1/integrity?limit=1").json()
    assert first["next"] is None
    with seeded.writing() as session:
        records.put(session, printed("another").record(), writer=WRITER)
    first = client.get("/v1/integrity?limit=1").json()
    last = client.get(first["next"]).json()
    assert (first["sources"], last["sources"], last["next"]) == (1, 1, None)
    assert (first["history"], last["history"]["changes"]) == (None, 225)
    assert client.get("/v1/integrity?after=x").status_code == 422


def check(database: Database) -> Done:
    return run("check", database=database.path)


def test_the_command_names_what_fails_and_exits_1(seeded: Database) -> None:
    good = check(seeded)
    assert (good.code, good.out.strip()[-9:]) == (0, "0 failed.")
    (count,) = seeded.reader().execute("SELECT count(*) FROM change").fetchone()
    (seal,) = seeded.reader().execute("SELECT seal FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert f"history: {count} changes, sealed by {seal}" in good.out.splitlines()
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE quote SET text = text || '!' WHERE seq = 7")
        (name,) = connection.execute("SELECT id FROM quote WHERE seq = 7").fetchone()
    bad = check(seeded)
    assert bad.code == 1
    assert name in bad.out
    # SQLite itself sees that the text no longer has the length on the record.
    assert "CHECK constraint failed in quote" in bad.out
    assert f"{name}  state  It is not what its last change made of it: text is " in bad.out
    assert "3 failed." in bad.out


def test_the_command_names_the_change_that_was_altered(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE change SET who = 'somebody else' WHERE seq = 20")
    bad = check(seeded)
    assert bad.code == 1
    assert "change 20  history  Its seal is " in bad.out
    assert "1 failed." in bad.out
