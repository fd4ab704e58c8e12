"""Speakers made, changed, renamed and taken off, over HTTP."""

import pytest

from app.tables.words import Scope
from tests.api.writers import Document, Writers

JANE: Document = {
    "slug": "jane-roe",
    "name": "Jane Roe",
    "kind": "person",
    "names": [{"name": "Jane Roe", "printed": False}],
}
TRUMP = "/v1/speakers/donald-trump"


def test_a_new_speaker_is_answered_as_a_get_answers(desk: Writers) -> None:
    made = desk.post("/v1/speakers", JANE)
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith("/v1/speakers/jane-roe")
    read = desk.client.get("/v1/speakers/jane-roe")
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    (change,) = desk.client.get("/v1/changes?what=speaker&limit=200").json()["items"][-1:]
    assert (change["who"], change["name"], change["version"]) == ("key-edit", "jane-roe", 1)


def test_the_same_slug_twice_is_a_conflict(desk: Writers) -> None:
    assert desk.post("/v1/speakers", JANE).status_code == 201
    again = desk.post("/v1/speakers", JANE)
    assert (again.status_code, "jane-roe" in again.json()["detail"]) == (409, True)


def test_a_patch_changes_what_it_names_and_nothing_else(desk: Writers) -> None:
    before = desk.client.get(TRUMP).json()
    changed = desk.patch(TRUMP, {"description": "President of the United States."})
    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert after["description"] == "President of the United States."
    assert after["version"] == before["version"] + 1
    kept = {"description", "version", "updated"}
    assert {n: v for n, v in after.items() if n not in kept} == {n: v for n, v in before.items() if n not in kept}
    assert desk.patch(TRUMP, {"description": None}).json()["description"] is None


def test_a_renamed_speaker_is_reached_by_the_old_slug(desk: Writers) -> None:
    assert desk.patch(TRUMP, {"slug": "donald-john-trump"}).status_code == 200
    moved = desk.client.get(f"{TRUMP}/positions?limit=1", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/speakers/donald-john-trump/positions?limit=1")
    totals = [
        desk.client.get(f"/v1/quotes?speaker={slug}").json()["total"] for slug in ("donald-trump", "donald-john-trump")
    ]
    assert totals[0] == totals[1] > 0
    assert desk.post("/v1/speakers", JANE | {"slug": "donald-trump"}).status_code == 409
    back = desk.patch("/v1/speakers/donald-john-trump", {"slug": "donald-trump"})
    assert back.json()["slug"] == "donald-trump"


def test_a_claim_that_names_the_old_slug_is_about_the_same_speaker(desk: Writers) -> None:
    quote = desk.client.get("/v1/quotes?speaker=donald-trump&kind=direct&limit=1").json()["items"][0]
    claim = {"text": quote["text"], "speaker": "donald-trump"}
    desk.patch(TRUMP, {"slug": "donald-john-trump"})
    assert desk.client.post("/v1/verify", json=claim).json()["verdict"] == "verbatim"


def test_a_new_name_finds_the_speaker_s_quotes(desk: Writers) -> None:
    names = desk.client.get(TRUMP).json()["names"]
    assert desk.client.get("/v1/quotes?q=Agent+Orange").json()["total"] == 0
    desk.patch(TRUMP, {"names": [*names, {"name": "Agent Orange", "printed": False}]})
    assert desk.client.get("/v1/quotes?q=Agent+Orange").json()["total"] > 0


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({"names": [{"name": "Trump", "printed": False}, {"name": "Trump"}]}, "/names/1"),
        ({"roles": [{"title": "President", "from": "soon"}]}, "/roles/0/from"),
        ({"roles": [{"title": "Guest"}, {"title": "President", "to": "2025-02-30"}]}, "/roles/1/to"),
        ({"roles": [{"title": "President", "from": "2025", "to": "2021"}]}, "/roles/0/to"),
    ],
    ids=["a name twice", "from no day", "to no day", "backward"],
)
def test_names_that_stand_twice_and_wrong_days_are_refused(desk: Writers, patch: Document, pointer: str) -> None:
    for refused in (desk.patch(TRUMP, patch), desk.post("/v1/speakers", JANE | patch)):
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


def test_the_old_slug_of_who_was_taken_off_leads_nowhere(desk: Writers) -> None:
    """Also when the next speaker is given its number."""
    desk.post("/v1/speakers", JANE)
    desk.patch("/v1/speakers/jane-roe", {"slug": "jane-doe"})
    assert desk.delete("/v1/speakers/jane-doe").status_code == 204
    desk.post("/v1/speakers", JANE | {"slug": "joan-roe"})
    assert desk.client.get("/v1/speakers/jane-roe", follow_redirects=False).status_code == 404


def test_a_speaker_is_taken_off_when_nothing_is_said_by_it(desk: Writers) -> None:
    refused = desk.delete(TRUMP)
    assert (refused.status_code, "merge it" in refused.json()["detail"]) == (409, True)
    desk.post("/v1/speakers", JANE)
    assert desk.delete("/v1/speakers/jane-roe").status_code == 204
    assert desk.client.get("/v1/speakers/jane-roe").status_code == 404
    assert desk.post("/v1/speakers", JANE).status_code == 201
    versions = [
        c["version"]
        for c in desk.client.get("/v1/changes?limit=200&what=speaker").json()["items"]
        if c["name"] == "jane-roe"
    ]
    assert versions == [1, 2, 3]


def test_a_write_says_which_version_it_changes(desk: Writers) -> None:
    without = desk.client.patch(TRUMP, json={"name": "x"}, headers=desk.headers())
    assert without.status_code == 428
    tag = desk.tag(TRUMP)
    assert desk.patch(TRUMP, {"description": "One."}).status_code == 200
    stale = desk.patch(TRUMP, {"description": "Two."}, If_Match=tag)
    assert (stale.status_code, stale.json()["version"], stale.json()["etag"]) == (412, 2, desk.tag(TRUMP))
    assert desk.patch(TRUMP, {"description": "Two."}, If_Match="*").status_code == 200


def test_an_idempotency_key_writes_once(desk: Writers) -> None:
    first = desk.post("/v1/speakers", JANE, Idempotency_Key="a")
    again = desk.post("/v1/speakers", JANE, Idempotency_Key="a")
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert desk.post("/v1/speakers", JANE | {"name": "J"}, Idempotency_Key="a").status_code == 422
    assert desk.post("/v1/speakers", JANE, Scope.ADMIN, Idempotency_Key="a").status_code == 409


@pytest.mark.parametrize("scope", [Scope.PROPOSE, Scope.ANNOTATE])
def test_a_key_without_the_scope_may_not(desk: Writers, scope: Scope) -> None:
    refused = desk.post("/v1/speakers", JANE, scope)
    assert (refused.status_code, "scope edit" in refused.json()["detail"]) == (403, True)
    assert desk.client.post("/v1/speakers", json=JANE).status_code == 401
