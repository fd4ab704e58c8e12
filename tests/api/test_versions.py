"""A quote as it was: each version from the history, to those who may read the quote as it is."""

import pytest
from sqlalchemy import text
from sqlmodel import Session

from app.store import states
from app.store.corrections import correct_quote
from app.store.history import Writer
from app.store.ingest import Known
from app.tables.columns import now
from app.tables.db import Database
from app.tables.version import QuoteVersion
from app.tables.words import Scope, Status
from tests.api.writers import Writers


def corrected(database: Database, name: str, cue: str, status: Status = Status.PUBLISHED) -> None:
    with database.writing() as session:
        _correct(session, name, cue, status)


def _correct(session: Session, name: str, cue: str, status: Status) -> None:
    connection = session.connection()
    (stored,) = (one for one in states.quotes(connection, 1) if one.quote.id == name)
    known = Known(
        {row.slug: row.seq for row in connection.execute(text("SELECT slug, seq FROM speaker"))},
        {row.slug: row.seq for row in connection.execute(text("SELECT slug, seq FROM topic"))},
    )
    slug = str(connection.execute(text("SELECT slug FROM source")).scalar_one())
    after = stored.quote._replace(cue=cue, status=status)
    assert correct_quote(connection, stored, after, known, slug=slug, writer=Writer("an editor", now()))


@pytest.fixture
def name(desk: Writers) -> str:
    return str(desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"])


def test_each_version_is_what_the_quote_was_then(desk: Writers, name: str) -> None:
    before = desk.client.get(f"/v1/quotes/{name}").json()
    corrected(desk.database, name, "repeat")
    first, second = (desk.client.get(f"/v1/quotes/{name}?version={number}") for number in (1, 2))
    assert (first.json()["cue"], second.json()["cue"]) == (before["cue"], "repeat")
    assert (first.json()["who"], second.json()["who"]) == ("verbatim seed", "an editor")
    assert first.json()["at"] == before["created"]
    for number, response in enumerate((first, second), 1):
        told = response.json()
        assert told == QuoteVersion.model_validate(told, extra="forbid").model_dump(mode="json") | {"at": told["at"]}
        assert (told["id"], told["version"]) == (name, number)
        assert desk.client.get(told["url"]).content == response.content
        assert response.headers["etag"]
    kept = ("text", "kind", "medium", "polarity", "status", "said", "venue", "addressee", "interventions")
    assert {key: first.json()[key] for key in kept} == {key: before[key] for key in kept}
    spans = [(part["role"], part["start"], part["end"], part["exact"]) for part in before["segments"]]
    assert [(part["role"], part["start"], part["end"], part["exact"]) for part in first.json()["segments"]] == spans
    assert desk.client.get(f"/v1/quotes/{name}").json()["version"] == 2


def test_a_version_that_never_was_is_not_found(desk: Writers, name: str) -> None:
    refused = desk.client.get(f"/v1/quotes/{name}?version=2")
    assert (refused.status_code, "the last one is 1" in refused.json()["detail"]) == (404, True)
    assert desk.client.get("/v1/quotes/0000000000000000?version=1").status_code == 404


@pytest.mark.parametrize("version", ["0", "-1", "x", "01", "99999999999999999999", ""])
def test_a_wrong_version_is_refused(desk: Writers, name: str, version: str) -> None:
    refused = desk.client.get(f"/v1/quotes/{name}?version={version}")
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "version")


def test_a_quote_that_was_withdrawn_shows_its_versions_to_keys_alone(desk: Writers, name: str) -> None:
    corrected(desk.database, name, "say", Status.WITHDRAWN)
    for number in (1, 2, 3):
        assert desk.client.get(f"/v1/quotes/{name}?version={number}").status_code == 410
    read = desk.client.get(f"/v1/quotes/{name}?version=1", headers=desk.headers(Scope.PROPOSE))
    assert (read.status_code, read.json()["status"]) == (200, "published")
    assert read.headers["cache-control"].startswith("private")
    corrected(desk.database, name, "say", Status.REJECTED)
    assert desk.client.get(f"/v1/quotes/{name}?version=1").status_code == 404


def test_a_version_comes_in_json_alone(desk: Writers, name: str) -> None:
    address = f"/v1/quotes/{name}?version=1"
    assert desk.client.get(address, headers={"Accept": "text/csv"}).status_code == 406
    assert desk.client.get(address, headers={"Accept": "text/html, */*;q=0.1"}).status_code == 200
    assert desk.client.get(f"/v1/quotes/{name}.csv?version=1").status_code == 422
