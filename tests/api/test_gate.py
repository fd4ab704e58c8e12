"""Wrong keys are counted and told how many are left; where reading needs a key, nothing of the record goes without."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.api import keys
from app.settings import Settings
from app.tables.db import Database
from tests.api.conftest import KEYED, SECRET, add_key
from tests.api.writers import Document
from tests.client import Client
from tests.conftest import url_of

WRONG = {"Authorization": "Bearer vb_wrong"}
OF_THE_RECORD = (
    "/",
    "/v1/quotes",
    "/v1/quotes.csv",
    "/v1/quotes/random",
    "/v1/speakers",
    "/v1/speakers/donald-trump",
    "/v1/topics",
    "/v1/sources",
    "/v1/changes",
    "/v1/export",
    "/v1/integrity",
    "/v1/verify?text=The+only+exception+here+is+America",
    "/v1/nothing",
    "/sources/one",
    "//v1/quotes",
    "/static/../v1/quotes",
)
OPEN = ("/livez", "/readyz", "/metrics", "/docs", "/openapi.json", "/problems", "/static/page.css", "/static/docs.js")
JANE: Document = {"slug": "jane-roe", "name": "Jane Roe", "kind": "person", "names": []}


def client_of(database: Database, **settings: int | bool) -> TestClient:
    made = Settings.model_validate({"database_url": url_of(database.path), **settings})
    return Client(made)


@pytest.fixture
def closed(seeded: Database) -> Iterator[TestClient]:
    """A client of a record that is read with a key only; KEYED is good there."""
    add_key(seeded, "a key", SECRET)
    with client_of(seeded, read_requires_key=True) as client:
        yield client


def test_a_wrong_key_is_told_how_many_are_left_and_then_to_wait(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_key(seeded, "a key", SECRET)
    moment = 1_000.0
    monkeypatch.setattr(keys, "monotonic", lambda: moment)
    with client_of(seeded, wrong_keys=3) as client:
        for left, passed in ((2, 0), (1, 15), (0, 30.5)):
            moment = 1_000.0 + passed
            refused = client.get("/v1/quotes", headers=WRONG)
            assert refused.status_code == 401
            assert refused.headers["ratelimit-policy"] == '"failed-keys";q=3;w=60'
            assert refused.headers["ratelimit"] == f'"failed-keys";r={left};t={60 - int(passed)}'
            assert "retry-after" not in refused.headers

        for headers in (WRONG, KEYED):  # a good key does not tell itself apart by being let through
            waits = client.get("/v1/quotes", headers=headers)
            assert (waits.status_code, waits.json()["type"]) == (429, "/problems#too-many")
            assert waits.headers["retry-after"] == "30"
            assert waits.headers["ratelimit-policy"] == '"failed-keys";q=3;w=60'
            assert waits.headers["ratelimit"] == '"failed-keys";r=0;t=30'
        assert client.post("/v1/speakers", json=JANE, headers=WRONG).status_code == 429
        assert client.get("/v1/quotes").status_code == 200, "who sends no key does not wait"

        moment = 1_060.1
        assert client.get("/v1/quotes", headers=KEYED).status_code == 200
        assert client.get("/v1/quotes", headers=WRONG).headers["ratelimit"] == '"failed-keys";r=2;t=60'


def test_a_missing_key_and_a_good_one_tell_nothing_of_limits(closed: TestClient) -> None:
    for response in (closed.get("/v1/quotes"), closed.get("/v1/quotes", headers=KEYED)):
        assert "ratelimit" not in response.headers


@pytest.mark.parametrize("path", OF_THE_RECORD)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_nothing_of_the_record_goes_without_a_key_where_reading_needs_one(
    closed: TestClient, path: str, method: str
) -> None:
    for headers in ({}, WRONG, {"If-None-Match": "*"}):
        refused = closed.request(method, path, headers=headers)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == 'Bearer realm="verbatim"'
        assert refused.headers["cache-control"] == "no-store"
        assert "etag" not in refused.headers


def test_an_answer_that_a_key_got_is_kept_for_nobody_else(closed: TestClient) -> None:
    for _ in range(3):
        given = closed.get("/v1/quotes", headers=KEYED)
        assert (given.status_code, given.headers["cache-control"]) == (200, "private, no-cache")
        for headers in ({}, WRONG, {"If-None-Match": given.headers["etag"]}):
            refused = closed.get("/v1/quotes", headers=headers)
            assert refused.status_code == 401
            assert b"items" not in refused.content
    again = closed.get("/v1/quotes", headers={**KEYED, "If-None-Match": given.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", OPEN)
def test_the_docs_and_the_probes_never_need_a_key(closed: TestClient, path: str) -> None:
    assert closed.get(path).status_code == 200


def test_verifying_needs_a_key_too(closed: TestClient) -> None:
    claim = {"text": "The only exception here is America."}
    assert closed.post("/v1/verify", json=claim).status_code == 401
    assert closed.post("/v1/verify", json=claim, headers=KEYED).json()["verdict"] == "verbatim"


def test_a_page_of_another_site_may_ask_whether_it_may_ask(closed: TestClient) -> None:
    asks = {"Origin": "https://example.org", "Access-Control-Request-Method": "GET"}
    assert closed.options("/v1/quotes", headers=asks).status_code == 204


def test_a_database_that_does_not_answer_is_a_503_at_the_gate_too(seeded: Database) -> None:
    seeded.close()
    seeded.path.write_bytes(b"no database at all" * 1000)
    with client_of(seeded, read_requires_key=True) as client:
        refused = client.get("/v1/quotes", headers=KEYED)
    assert (refused.status_code, refused.json()["type"]) == (503, "/problems#unavailable")


def test_reading_needs_no_key_by_default(reading: TestClient) -> None:
    assert reading.get("/v1/quotes").status_code == 200
