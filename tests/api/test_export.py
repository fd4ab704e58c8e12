"""The whole record in one document: complete, in one state, in the memory of a page, and ended when nobody listens."""

import csv
import io
import json
import re
import shutil
import sqlite3
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import anyio
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message, Scope

from app.api import export
from app.api.forms import EXPORTS, Form
from app.main import create_app
from app.settings import Settings
from app.store.walks import PAGE
from app.tables.db import Database
from tests.api.test_formats import READERS, essence
from tests.conftest import url_of
from tests.written import put

SOURCES = 4
EACH = 500


@pytest.fixture(scope="module")
def many(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record of two thousand quotes."""
    folder = tmp_path_factory.mktemp("exported")
    path = folder / "many.db"
    shutil.copy(empty_template, path)
    database = Database(url_of(path))
    for source in range(SOURCES):
        sentences = [f"Sentence number {source * EACH + at} is said." for at in range(EACH)]
        put(database, folder, sentences, slug=f"sayings-{source}")
    database.close()
    return path


@pytest.fixture(scope="module")
def exporting(many: Path) -> Iterator[TestClient]:
    with TestClient(create_app(Settings(database_url=url_of(many)))) as client:
        yield client


def listed(client: TestClient, query: str) -> list[str]:
    ids: list[str] = []
    url: str | None = f"/v1/quotes.ndjson?limit=200&{query}"
    while url is not None:
        response = client.get(url)
        ids += READERS[Form.NDJSON](response.text)
        url = response.links.get("next", {}).get("url")
    return ids


@pytest.mark.parametrize("query", ["", "source=sayings-2", "polarity=any&min_length=31", "said_from=2030-01-01"])
@pytest.mark.parametrize("form", list(EXPORTS))
def test_an_export_is_the_whole_list_in_its_order(exporting: TestClient, form: str, query: str) -> None:
    response = exporting.get(f"/v1/export.{form}?{query}")
    assert response.status_code == 200
    assert READERS[Form(form)](response.text) == listed(exporting, query)


def test_an_export_is_a_file_to_be_saved_and_is_kept_by_nobody(exporting: TestClient) -> None:
    for form, type_ in EXPORTS.items():
        response = exporting.get(f"/v1/export.{form}?source=sayings-0")
        assert response.headers["content-type"] == type_
        disposition = response.headers["content-disposition"]
        assert re.fullmatch(rf'attachment; filename="verbatim-quotes-\d{{4}}-\d\d-\d\d\.{form}"', disposition)
        assert response.headers["cache-control"] == "no-store"
        assert "etag" not in response.headers
        assert "content-length" not in response.headers
        assert "Content-Disposition" in response.headers["access-control-expose-headers"]


def test_a_head_request_reads_nothing_and_says_the_same(exporting: TestClient) -> None:
    head = exporting.head("/v1/export.csv")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == EXPORTS[Form.CSV]
    assert "attachment" in head.headers["content-disposition"]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/v1/export.atom", 404, "application/x-ndjson (.ndjson), text/csv (.csv), application/ld+json (.jsonld)"),
        ("/v1/export.yaml", 404, "There is no form .yaml"),
        ("/v1/export.csv?limit=3", 422, "There is no parameter limit"),
        ("/v1/export.csv?include=links", 422, "include means nothing in the form .csv"),
        ("/v1/export.jsonld?fields=id", 422, "fields means nothing in the form .jsonld"),
        ("/v1/export.jsonld?speaker=nobody", 422, "There is no speaker nobody"),
        ("/v1/export.csv?source=sayings-9", 422, "did you mean sayings-"),
        ("/v1/export.ndjson?status=proposed", 401, "The parameter status needs a key"),
    ],
)
def test_what_is_wrong_is_a_problem_before_the_document_begins(
    exporting: TestClient, path: str, status: int, detail: str
) -> None:
    response = exporting.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert "content-disposition" not in response.headers
    assert detail in response.json()["detail"]


def test_fields_shape_an_export(exporting: TestClient) -> None:
    lines = exporting.get("/v1/export.ndjson?source=sayings-0&fields=id,text").text.splitlines()
    assert [set(json.loads(line)) for line in lines] == [{"id", "text"}] * EACH
    rows = csv.reader(io.StringIO(exporting.get("/v1/export.csv?fields=id,parent").text, newline=""))
    assert next(rows) == ["id", "parent"]


def test_a_compressed_export_is_the_same(exporting: TestClient) -> None:
    plain = exporting.get("/v1/export.ndjson", headers={"Accept-Encoding": "identity"})
    packed = exporting.get("/v1/export.ndjson", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.text == plain.text


class Listener:
    """A client at the server's edge: it takes each part when it likes, and may leave or fall asleep after some."""

    def __init__(self, app: FastAPI, path: str, *, query: str = "", leaves_after: int | None = None) -> None:
        self.app, self.path, self.query, self.leaves_after = app, path, query, leaves_after
        self.parts: list[int] = []
        self.gone = anyio.Event()
        self.asleep = False
        self.on_part: Callable[[], None] = lambda: None

    async def listen(self) -> None:
        await self.app(self._scope(), self._receive, self._send)

    async def _receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        body = message.get("body", b"")
        if not body:
            return
        self.parts.append(len(body))
        self.on_part()
        if self.asleep:
            await anyio.sleep_forever()
        if self.leaves_after == len(self.parts):
            self.gone.set()
        await anyio.sleep(0)

    def _scope(self) -> Scope:
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "root_path": "",
            "headers": [(b"host", b"testserver")],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }


def peak(app: FastAPI, form: str, query: str) -> int:
    listener = Listener(app, f"/v1/export.{form}", query=query)
    tracemalloc.start()
    try:
        anyio.run(listener.listen)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", list(EXPORTS))
def test_an_export_of_any_size_takes_the_memory_of_two_pages(many: Path, form: str) -> None:
    app = create_app(Settings(database_url=url_of(many), cache_mb=0))
    half = "source=sayings-0&source=sayings-1"
    peak(app, form, half)  # what is made once: statements, patterns, the context
    assert peak(app, form, "") < peak(app, form, half) * 1.2

    listener = Listener(app, f"/v1/export.{form}")
    anyio.run(listener.listen)
    assert 0 <= len(listener.parts) - SOURCES * EACH // PAGE <= 2
    assert max(listener.parts) < sum(listener.parts) / 3
    app.state.database.close()


def is_held(path: Path) -> bool:
    """Tell whether somebody still reads an old state of the record, so that the log cannot be folded in."""
    connection = sqlite3.connect(path, timeout=0)
    busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    connection.close()
    return bool(busy)


@pytest.mark.parametrize("form", list(EXPORTS))
def test_an_export_ends_when_its_client_leaves(many: Path, tmp_path: Path, form: str) -> None:
    shutil.copy(many, tmp_path / "copy.db")
    app = create_app(Settings(database_url=url_of(tmp_path / "copy.db"), cache_mb=0))
    listener = Listener(app, f"/v1/export.{form}", leaves_after=2)
    held: list[bool] = []

    def write_once() -> None:
        if len(listener.parts) == 1:
            put(Database(url_of(tmp_path / "copy.db")), tmp_path, ["Something later."], slug="later")
            held.append(is_held(tmp_path / "copy.db"))

    listener.on_part = write_once
    anyio.run(listener.listen)
    assert held == [True]
    assert len(listener.parts) < SOURCES * EACH // PAGE
    app.state.database.reader().execute("SELECT 1 FROM quote").fetchall()
    assert not is_held(tmp_path / "copy.db")
    app.state.database.close()


def test_an_export_that_nobody_takes_is_given_up(many: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(many, tmp_path / "copy.db")
    monkeypatch.setattr(export, "STALLED_S", 0.05)
    app = create_app(Settings(database_url=url_of(tmp_path / "copy.db"), cache_mb=0))
    listener = Listener(app, "/v1/export.ndjson")
    listener.asleep = True
    with pytest.raises(TimeoutError):
        anyio.run(listener.listen)
    put(Database(url_of(tmp_path / "copy.db")), tmp_path, ["Something later."], slug="later")
    assert not is_held(tmp_path / "copy.db")
    app.state.database.close()


def test_an_export_is_documented(exporting: TestClient) -> None:
    operation = exporting.get("/openapi.json").json()["paths"]["/v1/export.{form}"]["get"]
    content = operation["responses"]["200"]["content"]
    assert set(content) == {essence(type_) for type_ in EXPORTS.values()}
    assert all(described["example"] for described in content.values())
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert {"form", "speaker", "polarity", "fields"} <= names
    assert not {"limit", "after", "sort", "facets"} & names
