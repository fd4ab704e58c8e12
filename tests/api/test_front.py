"""What every answer carries, and what the service tells of itself: headers, names, measures, logs, health."""

import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.logs import JsonFormatter
from app.main import create_app
from app.settings import Settings
from app.tables import SCHEMA
from app.tables.db import Database
from tests.conftest import url_of

SPEAKER = "/v1/speakers/ali-khamenei"


class Bug(Exception):
    """What nobody foresaw."""


def fail() -> None:
    raise Bug("secret detail")


@pytest.fixture(scope="module")
def app(seeded_template: Path) -> FastAPI:
    """The seeded record with one more route, which has a bug."""
    app = create_app(Settings(database_url=url_of(seeded_template)))
    app.add_api_route("/bug", fail, include_in_schema=False)
    return app


@pytest.fixture(scope="module")
def known(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


ANSWERS = {
    "a list": ("GET", "/v1/quotes", 200),
    "a single thing": ("GET", SPEAKER, 200),
    "a head": ("HEAD", SPEAKER, 200),
    "a draw": ("GET", "/v1/quotes/random", 200),
    "the start page": ("GET", "/", 200),
    "the docs page": ("GET", "/docs", 200),
    "a script": ("GET", "/static/docs.js", 200),
    "the document": ("GET", "/openapi.json", 200),
    "measures": ("GET", "/metrics", 200),
    "health": ("GET", "/livez", 200),
    "options": ("OPTIONS", "/v1/quotes", 204),
    "a wrong value": ("GET", "/v1/quotes?limit=x", 422),
    "no such thing": ("GET", "/v1/speakers/nobody-at-all", 404),
    "no such path": ("GET", "/v2", 404),
    "a wrong method": ("DELETE", "/v1/quotes", 405),
    "a method of nobody's": ("BREW", "/v1/quotes", 405),
    "no key": ("GET", "/v1/quotes?status=proposed", 401),
    "a bug": ("GET", "/bug", 500),
}
every_answer = pytest.mark.parametrize(("method", "address", "status"), ANSWERS.values(), ids=ANSWERS)


@every_answer
def test_every_answer_has_the_headers_that_protect(known: TestClient, method: str, address: str, status: int) -> None:
    for _ in range(2):
        answer = known.request(method, address, headers={"Origin": "https://a.example"})
        assert answer.status_code == status
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert answer.headers["access-control-allow-origin"] == "*"
        assert set(answer.headers["access-control-expose-headers"].split(", ")) == EXPOSED
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-eval" not in policy
        assert answer.headers["x-request-id"]
        assert "origin" not in answer.headers.get("vary", "").lower()
        names = [name.lower() for name, _ in answer.headers.multi_items()]
        assert len(names) == len(set(names))


@every_answer
def test_every_error_is_a_problem(known: TestClient, method: str, address: str, status: int) -> None:
    answer = known.request(method, address)
    is_problem = answer.headers.get("content-type") == "application/problem+json"
    assert is_problem == (status >= 400)
    if is_problem:
        assert answer.json()["status"] == status
        assert answer.headers["cache-control"] == "no-store"


def test_a_bug_tells_the_client_nothing_of_itself(known: TestClient) -> None:
    answer = known.get("/bug")
    assert answer.json()["type"] == "/problems#internal-error"
    assert "secret" not in answer.text
    assert "Bug" not in answer.text


SANE = ["a", "0123456789abcdef", "A.b_c-9", "a" * 64]
NOT_SANE = {
    "empty": b"",
    "too long": b"a" * 65,
    "spaces": b"a b",
    "a quotation mark": b'a"b',
    "a semicolon": b"a;b",
    "an accent": "é".encode(),
    "a tab": b"a\tb",
    "markup": b"<b>",
}


@pytest.mark.parametrize("address", [SPEAKER, "/v1/quotes?limit=x", "/v2"], ids=["kept", "a problem", "nowhere"])
@pytest.mark.parametrize("name", SANE)
def test_a_requests_name_comes_back(known: TestClient, address: str, name: str) -> None:
    for _ in range(2):
        assert known.get(address, headers={"X-Request-ID": name}).headers["x-request-id"] == name


@pytest.mark.parametrize("address", [SPEAKER, "/v1/quotes?limit=x"], ids=["kept", "a problem"])
@pytest.mark.parametrize("name", NOT_SANE.values(), ids=NOT_SANE)
def test_a_requests_name_that_is_not_plain_is_replaced(known: TestClient, address: str, name: bytes) -> None:
    names = [known.get(address, headers=[(b"X-Request-ID", name)]).headers["x-request-id"] for _ in range(3)]
    assert all(re.fullmatch(r"[0-9a-f]{10}-[0-9a-f]+", given) for given in names)
    assert len(set(names)) == 3


def test_requests_without_a_name_get_different_ones(known: TestClient) -> None:
    names = {known.get(SPEAKER).headers["x-request-id"] for _ in range(5)}
    assert len(names) == 5


EXPOSED = {
    *("Accept-Post", "Allow", "Content-Disposition", "ETag", "Idempotency-Replayed", "Link", "Location"),
    *("Preference-Applied", "RateLimit", "RateLimit-Policy", "Retry-After", "WWW-Authenticate", "X-Request-ID"),
}


@pytest.mark.parametrize("path", ["/v1/quotes", SPEAKER, "/v1/nowhere", "/"])
def test_a_browser_may_ask_from_any_page(known: TestClient, path: str) -> None:
    asked = {
        "Origin": "https://a.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization, if-none-match, x-request-id",
    }
    answer = known.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.content == b""
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "GET" in answer.headers["access-control-allow-methods"].split(", ")
    allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
    assert {"authorization", "if-none-match", "x-request-id"} <= set(allowed)
    assert int(answer.headers["access-control-max-age"]) > 0
    assert "access-control-allow-credentials" not in answer.headers


TAKEN = {
    "/v1/verify": {"POST"},
    "/v1/quotes": {"POST"},
    "/v1/quotes/0123456789abcdef": {"PATCH", "DELETE"},
    "/v1/quotes/0123456789abcdef/review": {"POST"},
    "/v1/annotations/0123456789abcdef": {"PUT", "PATCH", "DELETE"},
    "/v1/changes": set[str](),
    "/v1/nowhere": set[str](),
}
WRITTEN = {"content-type", "idempotency-key", "if-match"}


@pytest.mark.parametrize(("path", "taken"), TAKEN.items(), ids=TAKEN)
def test_a_browser_may_send_from_any_page_what_the_path_takes(known: TestClient, path: str, taken: set[str]) -> None:
    answer = known.options(path, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    assert answer.status_code == 204
    assert set(answer.headers["access-control-allow-methods"].split(", ")) == {"GET", "HEAD"} | taken
    allowed = set(answer.headers["access-control-allow-headers"].lower().split(", "))
    assert allowed >= {"accept", "authorization", "if-none-match", "prefer"}
    assert WRITTEN & allowed == (WRITTEN if taken else set())


def test_a_304_may_be_read_by_any_page_too(known: TestClient) -> None:
    tag = known.get(SPEAKER).headers["etag"]
    answer = known.get(SPEAKER, headers={"If-None-Match": tag, "Origin": "https://a.example"})
    assert answer.status_code == 304
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "ETag" in answer.headers["access-control-expose-headers"]


def measured(client: TestClient) -> dict[str, float]:
    """Return the samples of /metrics by name and labels."""
    lines = [line for line in client.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_measures_count_by_method_route_and_status(client: TestClient) -> None:
    quotes = [item["id"] for item in client.get("/v1/quotes?limit=2").json()["items"]]
    for quote in quotes:
        for _ in range(3):
            tag = client.get(f"/v1/quotes/{quote}").headers["etag"]
        client.get(f"/v1/quotes/{quote}", headers={"If-None-Match": tag})
        client.head(f"/v1/quotes/{quote}")
    client.get("/v1/quotes/nothing")
    client.get("/v1/nowhere/at/all")
    client.delete("/v1/quotes")
    client.request("BREW", "/v1/quotes")
    client.request("STEEP", "/v1/quotes")
    found = measured(client)
    expected = {
        ("GET", "/v1/quotes", 200): 1,
        ("GET", "/v1/quotes/{id}", 200): 6,
        ("GET", "/v1/quotes/{id}", 304): 2,
        ("HEAD", "/v1/quotes/{id}", 200): 2,
        ("GET", "/v1/quotes/{id}", 404): 1,
        ("GET", "unmatched", 404): 1,
        ("DELETE", "/v1/quotes", 405): 1,
        ("other", "/v1/quotes", 405): 2,
    }
    counted = {name: number for name, number in found.items() if name.startswith("verbatim_requests_total")}
    assert counted == {
        f'verbatim_requests_total{{method="{method}",route="{route}",status="{status}"}}': number
        for (method, route, status), number in expected.items()
    }
    assert found['verbatim_request_seconds_count{route="/v1/quotes/{id}"}'] == 11
    assert found["verbatim_cache_hits_total"] == 8
    assert not any(quote in name for quote in quotes for name in found)


def test_measures_can_be_switched_off(seeded: Database) -> None:
    with TestClient(create_app(Settings(database_url=url_of(seeded.path), metrics=False))) as client:
        answer = client.get("/metrics")
    assert answer.status_code == 404
    assert "VERBATIM_METRICS" in answer.json()["detail"]


def test_two_applications_count_apart(client: TestClient, known: TestClient) -> None:
    known.get("/livez")
    assert 'verbatim_requests_total{method="GET",route="/livez",status="200"}' not in measured(client)


def lines_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the lines that the log has about requests."""
    return [JsonFormatter().format(record) for record in caplog.records if record.name == "verbatim.access"]


LOGGED = {
    "plain": ("/v1/quotes?limit=1", 200),
    "a quotation mark and a backslash": ('/v1/quotes?x="%5C\\', 422),
    "letters": ("/v1/speakers/%C3%A9%F0%9F%9A%80", 404),
    "a new line in the path": ("/v1/quotes/a%0Ab%22,%22status%22:200", 404),
    "not UTF-8": ("/v1/%FF?%FF=%FE", 404),
    "a bug": ("/bug", 500),
}


@pytest.mark.parametrize(("address", "status"), LOGGED.values(), ids=LOGGED)
def test_each_request_is_one_line_of_json(
    known: TestClient, caplog: pytest.LogCaptureFixture, address: str, status: int
) -> None:
    with caplog.at_level(logging.INFO, logger="verbatim.access"):
        answers = [known.get(address, headers={"X-Request-ID": f"name-{n}"}) for n in range(2)]
    lines = lines_of(caplog)
    assert [answer.status_code for answer in answers] == [status, status]
    assert len(lines) == 2
    for n, line in enumerate(lines):
        assert "\n" not in line
        found = json.loads(line)
        assert list(found) == ["time", "level", "logger", "request", "method", "path", "status", "ms"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", found["time"])
        assert (found["level"], found["logger"], found["method"]) == ("info", "verbatim.access", "GET")
        assert found["request"] == f"name-{n}"
        assert found["path"].startswith(("/v1/", "/bug"))
        assert found["status"] == status
        assert found["ms"] > 0


def test_the_log_tells_the_status_that_the_client_got(known: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    tag = known.get(SPEAKER).headers["etag"]
    with caplog.at_level(logging.INFO, logger="verbatim.access"):
        known.get(SPEAKER, headers={"If-None-Match": tag})
        known.head(SPEAKER)
        known.put(SPEAKER)
    lines = [
        json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name == "verbatim.access"
    ]
    assert [(line["method"], line["status"]) for line in lines] == [("GET", 304), ("HEAD", 200), ("PUT", 405)]


def test_no_request_is_logged_below_the_level(known: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="verbatim.access"):
        known.get(SPEAKER)
    assert lines_of(caplog) == []


def test_a_line_with_an_exception_is_one_line_of_json() -> None:
    try:
        fail()
    except Bug as error:
        record = logging.LogRecord("verbatim", logging.ERROR, __file__, 1, 'It "broke"\n%s', ("é",), None)
        record.exc_info = (Bug, error, error.__traceback__)
    line = JsonFormatter().format(record)
    found = json.loads(line)
    assert "\n" not in line
    assert found["message"] == 'It "broke"\né'
    assert found["level"] == "error"
    assert "Bug: secret detail" in found["exception"]


def missing(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def not_a_database(path: Path) -> None:
    path.write_bytes(b"This is a letter, not a database. " * 100)


def of_something_else(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE recipe (name TEXT)")


def older(path: Path) -> None:
    _at(path, "0000")


def newer(path: Path) -> None:
    _at(path, "9999")


def _at(path: Path, version: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))


NOT_READY = {
    "missing": (missing, "verbatim migrate"),
    "empty": (emptied, "verbatim migrate"),
    "not a database": (not_a_database, "cannot be read as a database"),
    "of something else": (of_something_else, "recipe"),
    "older": (older, f"needs {SCHEMA}: verbatim migrate"),
    "newer": (newer, "9999, which this version of Verbatim does not know"),
}


@pytest.mark.parametrize(("spoil", "says"), NOT_READY.values(), ids=NOT_READY)
def test_the_service_is_alive_and_not_ready_on_a_database_that_is(
    empty_template: Path, tmp_path: Path, spoil: Callable[[Path], None], says: str
) -> None:
    path = tmp_path / "record.db"
    path.write_bytes(empty_template.read_bytes())
    spoil(path)
    before = path.read_bytes() if path.exists() else None
    with TestClient(create_app(Settings(database_url=url_of(path))), raise_server_exceptions=False) as client:
        answer = client.get("/readyz")
        assert client.get("/livez").json() == {"status": "ok"}
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems#schema-unknown"
    assert says in answer.json()["detail"]
    assert (path.read_bytes() if path.exists() else None) == before


def test_the_service_becomes_ready_when_the_database_does(empty_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    with TestClient(create_app(Settings(database_url=url_of(path)))) as client:
        assert client.get("/readyz").status_code == 503
        assert client.get("/v1/quotes").status_code == 503
        path.write_bytes(empty_template.read_bytes())
        assert client.get("/readyz").json() == {"status": "ok"}
        assert client.get("/v1/quotes").json()["items"] == []


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_health_is_kept_by_nobody(known: TestClient, path: str) -> None:
    answer = known.get(path)
    assert answer.json() == {"status": "ok"}
    assert answer.headers["cache-control"] == "no-store"
