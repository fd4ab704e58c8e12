"""Writes app/api/examples.json: what the service answers on the seed, put on the record at a fixed moment.

`make examples` runs it; tests/api/test_openapi.py holds the file to it, so that no example in the document can rot.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
import yaml
from fastapi.testclient import TestClient
from httpx2 import Response
from pydantic import JsonValue

from app.commands.records_in import read_file
from app.main import create_app
from app.settings import ROOT, Settings
from app.store import keys, records
from app.store.history import Writer
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.words import Scope

TARGET = ROOT / "app" / "api" / "examples.json"
SEED = ROOT / "seed" / "article-2025-03-21.yaml"
WRITER = Writer("verbatim seed", datetime(2026, 1, 1, tzinfo=UTC))
BASE = "http://127.0.0.1:8000"
NO_RECORD = "sqlite:///no-record/verbatim.db"
SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"
MOST = 2
"""So many of a source's spans and notes stand in its example; the whole of it would be half of the document."""


Parameters = Mapping[str, JsonValue]


class Wrong(NamedTuple):
    """A request that is answered with a problem: the parameters that make it wrong, the key and the body sent."""

    status: int
    parameters: Parameters
    key: str | None = None
    body: JsonValue = None


class Operation(NamedTuple):
    """An operation with the parameters of a request that is answered 200, and requests that are wrong.

    One with a body is a POST.
    """

    path: str
    parameters: Parameters
    wrong: Sequence[Wrong] = ()
    body: JsonValue = None


class Write(NamedTuple):
    """A write that is done after those before it, on a record of its own; `status` is that of its answer.

    It is also asked without a key, and then refused. One that is not `shown` only makes what later ones need.
    The id of what it makes is kept under a name, which stands in angle brackets where later ones need it.
    `bodies` are of other media types, each of which is taken too.
    """

    method: str
    path: str
    parameters: Parameters
    body: JsonValue = None
    status: int = 200
    shown: bool = True
    keep: str = ""
    bodies: Mapping[str, JsonValue] = {}


JANE: JsonValue = {
    "slug": "jane-roe",
    "name": "Jane Roe",
    "kind": "person",
    "description": "A speaker made up for this example.",
    "names": [{"name": "Jane Roe", "printed": False}],
}
ROE: JsonValue = {"slug": "j-roe", "name": "J. Roe", "kind": "person"}
HARBOUR: JsonValue = {"slug": "harbour", "label": "Harbour", "description": "Made up for this example."}
PORT: JsonValue = {"slug": "port", "label": "Port"}
POST: dict[str, JsonValue] = {
    "slug": "example-post",
    "title": "A post made up for this example",
    "kind": "post",
    "published": "2026-01-01",
    "language": "en",
    "text": "“The harbour stays open,” Jane Roe wrote on Thursday.",
}
STAYS_OPEN: dict[str, JsonValue] = {
    "source": "example-post",
    "kind": "direct",
    "content": ["The harbour stays open"],
    "speaker": "jane-roe",
    "mention": ["Jane Roe"],
    "cue": {"lemma": "write", "exact": "wrote"},
    "topics": [{"topic": "harbour"}],
    "confidence": 0.9,
}
NOTE: dict[str, JsonValue] = {
    "target": {"quote": "<quote>"},
    "motivation": "commenting",
    "body": "Made up for this example.",
}
ANY_VERSION = {"If-Match": "*"}
FILE: dict[str, JsonValue] = {
    "format": "verbatim-record/1",
    "source": {**POST, "slug": "imported-post", "text": "Nothing is quoted here."},
}
YAML = yaml.safe_dump(FILE, allow_unicode=True, sort_keys=False)


def web(text: str) -> Mapping[str, JsonValue]:
    """Return NOTE with another text, as a W3C Web Annotation."""
    body: JsonValue = {"type": "TextualBody", "value": text}
    target = f"{BASE}/v1/quotes/<quote>"
    return {"application/ld+json": {"type": "Annotation", "target": target, "body": body}}


WRITES = [
    Write("POST", "/v1/speakers", {}, JANE, 201),
    Write("POST", "/v1/speakers", {}, ROE, 201, shown=False),
    Write("PATCH", "/v1/speakers/{slug}", {"slug": "jane-roe", **ANY_VERSION}, {"description": None}),
    Write("POST", "/v1/speakers/{slug}/merge", {"slug": "j-roe", **ANY_VERSION}, {"into": "jane-roe"}),
    Write("POST", "/v1/speakers/{slug}/split", {"slug": "jane-roe"}, {"slug": "j-roe"}, 201),
    Write("DELETE", "/v1/speakers/{slug}", {"slug": "j-roe", **ANY_VERSION}, None, 204),
    Write("POST", "/v1/topics", {}, HARBOUR, 201),
    Write("POST", "/v1/topics", {}, PORT, 201, shown=False),
    Write("PATCH", "/v1/topics/{slug}", {"slug": "harbour", **ANY_VERSION}, {"description": None}),
    Write("POST", "/v1/topics/{slug}/merge", {"slug": "port", **ANY_VERSION}, {"into": "harbour"}),
    Write("POST", "/v1/topics/{slug}/split", {"slug": "harbour"}, {"slug": "port"}, 201),
    Write("DELETE", "/v1/topics/{slug}", {"slug": "port", **ANY_VERSION}, None, 204),
    Write("POST", "/v1/sources", {}, POST, 201),
    Write("PATCH", "/v1/sources/{slug}", {"slug": "example-post", **ANY_VERSION}, {"complete": True}),
    Write("POST", "/v1/sources", {}, {**POST, "slug": "other-post", "text": "Nothing is quoted."}, 201, shown=False),
    Write("DELETE", "/v1/sources/{slug}", {"slug": "other-post", **ANY_VERSION}, None, 204),
    Write("POST", "/v1/quotes", {}, STAYS_OPEN, 201, keep="quote"),
    Write("PATCH", "/v1/quotes/{id}", {"id": "<quote>", **ANY_VERSION}, {"medium": "writing"}),
    Write("POST", "/v1/quotes/{id}/review", {"id": "<quote>", **ANY_VERSION}, {"status": "published"}),
    Write(
        "POST",
        "/v1/sources",
        {},
        {**POST, "slug": "mended-post", "revises": "example-post", "text": f"Mended. {POST['text']}"},
        201,
        shown=False,
    ),
    Write("POST", "/v1/sources/{slug}/revision", {"slug": "mended-post", "dry_run": True}, None),
    Write("POST", "/v1/sources/{slug}/proposals", {"slug": "mended-post", "dry_run": True}, None),
    Write("POST", "/v1/annotations", {}, NOTE, 201, keep="note", bodies=web("Made up in JSON-LD.")),
    Write(
        "PUT",
        "/v1/annotations/{id}",
        {"id": "<note>", **ANY_VERSION},
        {**NOTE, "body": "A better note."},
        bodies=web("A better note in JSON-LD."),
    ),
    Write("PATCH", "/v1/annotations/{id}", {"id": "<note>", **ANY_VERSION}, {"motivation": "describing"}),
    Write("DELETE", "/v1/annotations/{id}", {"id": "<note>", **ANY_VERSION}, None, 204),
    Write("POST", "/v1/quotes", {}, {**STAYS_OPEN, "content": ["harbour"]}, 201, keep="other", shown=False),
    Write(
        "POST",
        "/v1/links",
        {},
        {"from": "<other>", "to": "<quote>", "relation": "elaborates", "rationale": "Made up for this example."},
        201,
        keep="link",
    ),
    Write("PATCH", "/v1/links/{id}", {"id": "<link>", **ANY_VERSION}, {"rationale": "Still made up."}),
    Write("DELETE", "/v1/links/{id}", {"id": "<link>", **ANY_VERSION}, None, 204),
    Write("DELETE", "/v1/quotes/{id}", {"id": "<other>", "reason": "It was an example.", **ANY_VERSION}, None, 204),
    Write("POST", "/v1/import", {"dry_run": True}, FILE, bodies=dict.fromkeys(("application/yaml", "text/yaml"), YAML)),
]
HEADERS = ("If-Match", "Idempotency-Key")

NOT_A_KEY = Wrong(401, {}, key="not-a-key")


def operations(quote_id: str, note_id: str, link_id: str) -> list[Operation]:
    """Return what is asked of each operation; `quote_id` is that of a quote with all that a quote can have."""
    one = {"id": quote_id}
    nobody = {"id": "0123456789abcdef"}
    return [
        Operation(
            "/v1/quotes",
            {"speaker": ["ali-khamenei"], "kind": ["direct"], "limit": 1},
            [Wrong(422, {"speaker": ["khamenei2"]}), Wrong(401, {"status": ["proposed"]})],
        ),
        Operation(
            "/v1/quotes.{form}",
            {"form": "json", "speaker": ["ali-khamenei"], "kind": ["direct"], "limit": 1},
            [Wrong(404, {"form": "xml"}), Wrong(422, {"form": "csv", "facets": ["topic"]})],
        ),
        Operation(
            "/v1/export.{form}",
            {"form": "ndjson", "speaker": ["ali-khamenei"], "kind": ["direct"]},
            [Wrong(404, {"form": "atom"}), Wrong(422, {"form": "csv", "limit": 1})],
        ),
        Operation(
            "/v1/verify",
            {"text": "The exception here is America.", "speaker": "Khamenei", "limit": 1},
            [Wrong(422, {"text": "a", "source": "pezeshkian"})],
        ),
        Operation(
            "/v1/verify",
            {},
            [Wrong(422, {}, body={"text": ""})],
            body={"text": "only exception here", "speaker": "Khamenei"},
        ),
        Operation("/v1/integrity", {"limit": 10}, [Wrong(422, {"limit": 0})]),
        Operation("/v1/quotes/random", {"topic": ["us-iran-talks"], "seed": "1"}, [Wrong(422, {"n": 1000}), NOT_A_KEY]),
        Operation("/v1/quotes/{id}", one, [Wrong(404, nobody), Wrong(422, {**one, "fields": "id"}), NOT_A_KEY]),
        Operation(
            "/v1/quotes/{id}.{form}",
            {**one, "form": "csl"},
            [Wrong(404, {**one, "form": "xml"}), Wrong(422, {**one, "form": "csv", "fields": "id"})],
        ),
        Operation("/v1/quotes/{id}/history", one, [Wrong(404, nobody), Wrong(422, {**one, "limit": 0}), NOT_A_KEY]),
        Operation("/v1/speakers", {"kind": ["person"], "limit": 1}, [Wrong(422, {"kind": ["persona"]})]),
        Operation(
            "/v1/speakers/{slug}",
            {"slug": "ali-khamenei"},
            [Wrong(404, {"slug": "khamenei"}), Wrong(422, {"slug": "ali-khamenei", "fields": "slug"})],
        ),
        Operation(
            "/v1/speakers/{slug}/positions",
            {"slug": "irans-mission-to-the-un", "topic": ["us-iran-talks"]},
            [Wrong(404, {"slug": "mission"}), Wrong(422, {"slug": "ali-khamenei", "topic": ["iran-us-talks"]})],
        ),
        Operation("/v1/topics", {"limit": 1}, [Wrong(422, {"limit": 1000})]),
        Operation(
            "/v1/topics/{slug}",
            {"slug": "us-iran-talks"},
            [Wrong(404, {"slug": "iran-us-talks"}), Wrong(422, {"slug": "us-iran-talks", "depth": 1})],
        ),
        Operation("/v1/sources", {"kind": ["article"]}, [Wrong(422, {"published_from": "21 March 2025"})]),
        Operation(
            "/v1/sources/{slug}",
            {"slug": SOURCE},
            [Wrong(404, {"slug": "pezeshkian"}), Wrong(422, {"slug": SOURCE, "text": "no"}), NOT_A_KEY],
        ),
        Operation(
            "/v1/changes", {"what": ["speaker"], "limit": 1}, [Wrong(422, {"after": "the-beginning"}), NOT_A_KEY]
        ),
        Operation(
            "/v1/changes.{form}", {"form": "json", "what": ["speaker"], "limit": 1}, [Wrong(404, {"form": "csv"})]
        ),
        Operation("/v1/annotations", {"quote": [quote_id], "limit": 1}, [Wrong(422, {"limit": 0})]),
        Operation("/v1/annotations/{id}", {"id": note_id}, [Wrong(404, nobody), NOT_A_KEY]),
        Operation("/v1/links", {"quote": [quote_id], "limit": 1}, [Wrong(422, {"limit": 0})]),
        Operation("/v1/links/{id}", {"id": link_id}, [Wrong(404, nobody), NOT_A_KEY]),
        Operation("/livez", {}, [Wrong(422, {"verbose": 1})]),
        Operation("/readyz", {}, [Wrong(422, {"verbose": 1})]),
        Operation("/metrics", {}, [Wrong(422, {"name": "requests"})]),
    ]


@contextmanager
def serving(url: str, *, metrics: bool = True) -> Iterator[TestClient]:
    """Serve a database at the address that the examples show."""
    app = create_app(Settings(database_url=url, metrics=metrics, public_url=None))
    with TestClient(app, base_url=BASE) as client:
        yield client


@contextmanager
def seeded() -> Iterator[TestClient]:
    """Serve a record that holds the seed, written at the fixed moment."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/examples.db"
        database = Database(url)
        migrate(database)
        with database.writing() as session:
            for _, record in read_file(SEED):
                records.put(session, record, writer=WRITER)
        database.close()
        with serving(url) as client:
            yield client


def address(path: str, parameters: Parameters) -> str:
    """Return the address of a request."""
    inside = {name: quote(str(value)) for name, value in parameters.items() if f"{{{name}}}" in path}
    query = {name: "true" if value is True else value for name, value in parameters.items() if name not in inside}
    return path.format(**inside) + (f"?{urlencode(query, doseq=True)}" if query else "")


def ask(client: TestClient, path: str, wrong: Wrong) -> JsonValue:
    """Return the document that the request is answered with, which has the status that it should have."""
    given = {name: "0123456789abcdef" for name in ("id", "slug") if f"{{{name}}}" in path} | dict(wrong.parameters)
    headers = {"Authorization": f"Bearer {wrong.key}"} if wrong.key else {}
    if wrong.body is None:
        response = client.get(address(path, given), headers=headers)
    else:
        response = client.post(address(path, given), headers=headers, json=wrong.body)
    if response.status_code != wrong.status:
        raise ValueError(f"{response.request.url} answers {response.status_code}, not {wrong.status}: {response.text}")
    if response.headers["content-type"].startswith("text/plain"):
        # Durations differ each time; how often what was asked for does not.
        lines = [line for line in response.text.splitlines(keepends=True) if "verbatim_requests_total" in line]
        return "".join(lines[:3])
    if not response.headers["content-type"].endswith("json") or "ndjson" in response.headers["content-type"]:
        return response.text
    document: JsonValue = response.json()
    return _cut(document) if path == "/v1/sources/{slug}" else document


def _cut(document: JsonValue) -> JsonValue:
    if not isinstance(document, dict):
        return document
    return {name: value[:MOST] if isinstance(value, list) else value for name, value in document.items()}


def make() -> dict[str, JsonValue]:
    """Return every example, by operation."""
    made: dict[str, JsonValue] = {}
    unwell = off()
    with seeded() as client:
        found = client.get("/v1/quotes?speaker=masoud-pezeshkian&sort=source&kind=direct&limit=1").json()["items"]
        note, link = (client.get(f"/v1/{name}?limit=1").json()["items"][0]["id"] for name in ("annotations", "links"))
        for path, parameters, wrong, body in operations(found[0]["id"], note, link):
            asked = [Wrong(200, parameters, body=body), *wrong]
            answers = {str(request.status): ask(client, path, request) for request in asked}
            example: dict[str, JsonValue] = {"parameters": {**parameters}, "answers": answers | unwell.get(path, {})}
            made[f"GET {path}" if body is None else f"POST {path}"] = example | ({"body": body} if body else {})
    return made | write_all()


def write_all() -> dict[str, JsonValue]:
    """Return the example of every write, by operation: all of them done at the fixed moment by one key."""
    made: dict[str, JsonValue] = {}
    with seeded() as client, pytest.MonkeyPatch.context() as clock:
        clock.setattr("app.api.writing.now", lambda: WRITER.at)
        database: Database = client.app.state.database  # type: ignore[attr-defined]  # Starlette types it as any ASGI app
        with database.writing() as session:
            secret = keys.create(session.connection(), "the-desk", [Scope.ADMIN], expires=None)
        ids: dict[str, str] = {}
        for unnamed in WRITES:
            write = _with_ids(unnamed, ids)
            answers = {}
            for status, key in ((write.status, secret), (401, None)):
                response = _send(client, write, key)
                if response.status_code != status:
                    raise ValueError(f"{write.method} {write.path} answers {response.status_code}: {response.text}")
                if response.content:
                    answers[str(status)] = response.json()
                if write.keep and status == write.status:
                    ids[write.keep] = response.json()["id"]
            for type_, body in write.bodies.items():
                response = _send(client, write._replace(body=body), secret, type_)
                if response.status_code != write.status:
                    raise ValueError(f"{write.method} {write.path} takes no {type_}: {response.text}")
            example: dict[str, JsonValue] = {"parameters": {**write.parameters}, "answers": answers}
            example |= {"body": write.body} if write.body else {}
            if write.shown:
                made[f"{write.method} {write.path}"] = example | ({"bodies": {**write.bodies}} if write.bodies else {})
    return made


def _with_ids(write: Write, ids: Mapping[str, str]) -> Write:
    """Return the write with the ids in the place of their names."""
    said = json.dumps([write.parameters, write.body, {**write.bodies}])
    for name, value in ids.items():
        said = said.replace(f"<{name}>", value)
    parameters, body, bodies = json.loads(said)
    return write._replace(parameters=parameters, body=body, bodies=bodies)


def _send(client: TestClient, write: Write, key: str | None, type_: str = "") -> Response:
    given = {name: value for name, value in write.parameters.items() if name not in HEADERS}
    headers = {name: str(value) for name, value in write.parameters.items() if name in HEADERS}
    if key:
        headers["Authorization"] = f"Bearer {key}"
    type_ = type_ or ("application/merge-patch+json" if write.method == "PATCH" else "application/json")
    text = write.body if type_.endswith("yaml") else json.dumps(write.body)
    content = None if write.body is None else str(text).encode()
    headers |= {} if content is None else {"Content-Type": type_}
    return client.request(write.method, address(write.path, given), content=content, headers=headers)


def off() -> dict[str, dict[str, JsonValue]]:
    """Return what a service answers that has neither a record nor metrics, by path and status."""
    with serving(NO_RECORD, metrics=False) as client:
        return {
            "/readyz": {"503": ask(client, "/readyz", Wrong(503, {}))},
            "/metrics": {"404": ask(client, "/metrics", Wrong(404, {}))},
        }


def write(target: Path) -> None:
    """Write every example to a file."""
    target.write_text(json.dumps(make(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(TARGET)
    sys.stderr.write(f"{TARGET.relative_to(ROOT)} is written.\n")
