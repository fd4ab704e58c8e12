"""Disk full, a file that cannot be written, a locked or a missing database: a problem, and well again by itself."""

import resource
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Client, Response

from app.main import create_app
from app.settings import Settings
from app.store import keys
from app.tables import db
from app.tables.db import Database
from app.tables.words import Scope
from tests.api.conftest import KEYED, add_key
from tests.api.writers import Document, Writers
from tests.commands.processes import serving
from tests.conftest import url_of
from tests.tables.raw import connect

LONG = "All that is known. " * 100
READ = "/v1/speakers?limit=1"


def speaker(number: int) -> Document:
    return {
        "slug": f"speaker-{number}",
        "name": f"Speaker {number}",
        "kind": "person",
        "description": LONG,
        "names": [{"name": f"Speaker {number}", "printed": False}],
    }


def prove_problem(response: Response, status: int, type_: str) -> None:
    """Prove that the answer is a problem of that type, and says when to ask again."""
    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert response.json()["type"] == f"/problems#{type_}"
    assert int(response.headers["retry-after"]) > 0


@contextmanager
def writer_of(client: TestClient) -> Iterator[sqlite3.Connection]:
    """Give the connection on which the service writes, for the time being."""
    assert isinstance(client.app, FastAPI)
    pooled = client.app.state.database.engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()


def set_up(client: TestClient, pragma: str) -> None:
    with writer_of(client) as connection:
        connection.execute(pragma)


def written_until_refused(desk: Writers) -> tuple[int, Response]:
    """Add speakers until one is refused; return how many were added and the refusal."""
    for number in range(10_000):
        response = desk.post("/v1/speakers", speaker(number))
        if response.status_code != 201:
            return number, response
    raise AssertionError("there was room for all")


def test_a_full_disk_is_a_507_and_all_is_well_once_there_is_room(desk: Writers) -> None:
    assert desk.post("/v1/speakers", speaker(10_000)).status_code == 201  # and the writer's connection is there
    with writer_of(desk.client) as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 20}")

    added, refused = written_until_refused(desk)

    prove_problem(refused, 507, "full")
    assert "There is no room to write: database or disk is full." in refused.json()["detail"]
    assert desk.client.get(READ).status_code == 200
    assert desk.client.get(f"/v1/speakers/speaker-{added}").status_code == 404
    set_up(desk.client, "PRAGMA max_page_count = 1000000")
    assert desk.post("/v1/speakers", speaker(added)).status_code == 201
    assert desk.client.get(f"/v1/speakers/speaker-{added}").json()["description"] == LONG


def test_a_file_that_cannot_be_written_is_a_503_until_it_can(desk: Writers) -> None:
    assert desk.post("/v1/speakers", speaker(1)).status_code == 201
    set_up(desk.client, "PRAGMA query_only = ON")

    refused = desk.post("/v1/speakers", speaker(2))

    prove_problem(refused, 503, "unavailable")
    assert "attempt to write a readonly database" in refused.json()["detail"]
    assert desk.client.get("/v1/speakers/speaker-1").status_code == 200
    assert desk.client.get("/v1/speakers/speaker-2").status_code == 404
    set_up(desk.client, "PRAGMA query_only = OFF")
    assert desk.post("/v1/speakers", speaker(2)).status_code == 201


def test_a_database_that_another_holds_is_a_503_until_it_is_let_go(
    desk: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_MS", 100)
    with closing(connect(desk.database.path)) as other:
        other.execute("BEGIN IMMEDIATE")

        refused = desk.post("/v1/speakers", speaker(1))

        prove_problem(refused, 503, "unavailable")
        assert "Another writer has held the database for 0.1 seconds. Try again." in refused.json()["detail"]
        assert desk.client.get(READ).status_code == 200
        assert desk.client.get("/v1/speakers/speaker-1").status_code == 404
        other.execute("ROLLBACK")
    assert desk.post("/v1/speakers", speaker(1)).status_code == 201


def test_those_that_wait_in_a_row_for_a_held_database_are_refused_together(
    crowd: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them refused after a timeout of its own would make the last one wait for all."""
    monkeypatch.setattr(db, "BUSY_MS", 1_000)
    began = time.monotonic()
    with closing(connect(crowd.database.path)) as other, ThreadPoolExecutor(12) as threads:
        other.execute("BEGIN IMMEDIATE")

        refused = list(threads.map(lambda number: crowd.post("/v1/speakers", speaker(number)), range(12)))

        took_s = time.monotonic() - began
        other.execute("ROLLBACK")
    for response in refused:
        prove_problem(response, 503, "unavailable")
    assert took_s < 12 / 2  # a second and some moments, not one a write
    assert crowd.post("/v1/speakers", speaker(1)).status_code == 201


def test_a_read_with_a_key_never_waits_for_a_writer_to_keep_that_the_key_was_used(
    client: TestClient, seeded: Database
) -> None:
    add_key(seeded, "a key", "sesame")
    with closing(connect(seeded.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        asked = time.monotonic()
        assert client.get("/v1/quotes?limit=1", headers=KEYED).status_code == 200
        took_s = time.monotonic() - asked
        other.execute("ROLLBACK")

    assert took_s < db.BUSY_MS / 1000 / 2
    assert keys.every(seeded.reader())[0].last_used is None
    assert client.get("/v1/quotes?limit=1", headers=KEYED).status_code == 200
    assert keys.every(seeded.reader())[0].last_used is not None


def _a_folder(path: Path) -> None:
    path.mkdir()


def _something_else(path: Path) -> None:
    path.write_bytes(b"no database at all" * 1000)


@pytest.mark.parametrize("put", [_a_folder, _something_else], ids=["a folder", "another file"])
def test_what_is_no_database_is_a_503_until_it_is_one(seeded: Database, tmp_path: Path, put: object) -> None:
    assert callable(put)
    path = tmp_path / "there.db"
    put(path)
    with TestClient(create_app(Settings(database_url=url_of(path))), raise_server_exceptions=False) as client:
        headers = {"Authorization": "Bearer sesame"}
        prove_problem(client.get(READ), 503, "unavailable")
        prove_problem(client.get("/v1/quotes?q=america"), 503, "unavailable")
        prove_problem(client.post("/v1/verify", json={"text": "some words"}), 503, "unavailable")
        prove_problem(client.post("/v1/speakers", json=speaker(1), headers=headers), 503, "unavailable")
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").status_code == 503


def test_a_folder_that_makes_room_for_the_file_is_well_again(seeded: Database, tmp_path: Path) -> None:
    path = tmp_path / "there.db"
    path.mkdir()
    with TestClient(create_app(Settings(database_url=url_of(path))), raise_server_exceptions=False) as client:
        prove_problem(client.get(READ), 503, "unavailable")
        with seeded.writing() as session:
            secret = keys.create(session.connection(), "ann", [Scope.EDIT], expires=None)
        seeded.close()
        path.rmdir()
        shutil.copy(seeded.path, path)

        assert client.get(READ).status_code == 200
        headers = {"Authorization": f"Bearer {secret}"}
        assert client.post("/v1/speakers", json=speaker(1), headers=headers).status_code == 201


def test_a_server_whose_writes_fail_answers_so_reads_on_and_writes_again_when_it_can(seeded: Database) -> None:
    """A limit on the size of files, put on the running process: the operating system itself refuses the write."""
    with seeded.writing() as session:
        secret = keys.create(session.connection(), "ann", [Scope.EDIT], expires=None)
    seeded.close()
    headers: Mapping[str, str] = {"Authorization": f"Bearer {secret}"}
    with serving(database=seeded.path) as server, Client(base_url=server.base, headers=headers) as client:
        assert client.post("/v1/speakers", json=speaker(1)).status_code == 201
        unlimited = resource.prlimit(server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (4096, unlimited[1]))

        refused = [client.post("/v1/speakers", json=speaker(number)) for number in (2, 3)]

        for response in refused:
            prove_problem(response, 503, "unavailable")
            assert "disk I/O error" in response.json()["detail"]
        assert client.get("/v1/speakers/speaker-1").status_code == 200
        assert client.get("/v1/speakers/speaker-2").status_code == 404
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, unlimited)
        assert client.post("/v1/speakers", json=speaker(2)).status_code == 201
        assert client.get("/v1/speakers/speaker-2").json()["description"] == LONG
