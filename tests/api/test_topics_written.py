"""Topics made, changed, moved in the tree, renamed and taken off, over HTTP."""

import pytest

from app.tables.words import Scope
from tests.api.writers import Document, Writers
from tests.store.builders import rebuilt, shelved

TALKS = "/v1/topics/us-iran-talks"
SCOPE_OF_TALKS = "/v1/topics/scope-of-us-iran-talks"
MISSILES = "/v1/topics/irans-missiles"
TRADE: Document = {"slug": "trade", "label": "Trade", "labels": ["Commerce", "Barter"]}


def total(desk: Writers, query: str) -> int:
    found = desk.client.get(f"/v1/quotes?{query}")
    assert found.status_code == 200, found.text
    return int(found.json()["total"])


def prove_shelves(desk: Writers) -> None:
    """Hold what writers keep to what a rebuild makes."""
    with desk.database.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())


def test_a_new_topic_is_answered_as_a_get_answers(desk: Writers) -> None:
    made = desk.post("/v1/topics", {**TRADE, "broader": "foreign-relations-of-iran"})
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith("/v1/topics/trade")
    read = desk.client.get("/v1/topics/trade")
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    assert read.json()["labels"] == ["Barter", "Commerce"]
    assert [above["slug"] for above in read.json()["path"]] == ["foreign-relations-of-iran"]
    assert desk.post("/v1/topics", TRADE).status_code == 409
    (change,) = desk.client.get("/v1/changes?what=topic&limit=200").json()["items"][-1:]
    assert (change["who"], change["name"], change["version"]) == ("key-edit", "trade", 1)


def test_a_moved_topic_takes_its_quotes_along_the_tree(desk: Writers) -> None:
    before = total(desk, "topic=us-iran-talks"), total(desk, "topic=defense-of-iran")
    own = desk.client.get(SCOPE_OF_TALKS).json()["quotes_with_narrower"]
    assert own > 0
    moved = desk.patch(SCOPE_OF_TALKS, {"broader": "defense-of-iran"})
    assert [above["slug"] for above in moved.json()["path"]] == ["defense-of-iran"]
    assert total(desk, "topic=us-iran-talks") < before[0]
    assert total(desk, "topic=defense-of-iran") > before[1]
    prove_shelves(desk)
    top = desk.patch(SCOPE_OF_TALKS, {"broader": None})
    assert (top.json()["path"], top.json()["broader"]) == ([], None)
    assert total(desk, "topic=defense-of-iran") == before[1]
    prove_shelves(desk)


@pytest.mark.parametrize(
    "patch",
    [
        {"broader": "scope-of-us-iran-talks"},
        {"broader": "us-iran-talks"},
        {"broader": "no-such-topic"},
        {"broader": "scope-of-us-iran-talks", "slug": "talks"},
        {"broader": "talks", "slug": "talks"},
    ],
    ids=["below", "itself", "unknown", "below, and renamed", "itself, and renamed"],
)
def test_a_place_in_the_tree_that_cannot_be_is_refused(desk: Writers, patch: Document) -> None:
    before = desk.client.get("/v1/topics?limit=200").text
    refused = desk.patch(TALKS, patch)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == "/broader"
    assert str(patch["broader"]) in refused.json()["detail"]
    assert desk.client.get("/v1/topics?limit=200").text == before


def test_a_new_topic_above_which_there_is_none_is_refused(desk: Writers) -> None:
    for broader in ("nowhere", "trade"):
        refused = desk.post("/v1/topics", {**TRADE, "broader": broader})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/broader")


def test_another_label_finds_the_topic_s_quotes(desk: Writers) -> None:
    quotes = desk.client.get(MISSILES).json()["quotes"]
    assert total(desk, "q=rocketry") == 0
    assert desk.patch(MISSILES, {"labels": ["Rocketry"]}).status_code == 200
    assert total(desk, "q=rocketry") == quotes > 0
    assert desk.patch(MISSILES, {"label": "Ballistics", "labels": []}).json()["label"] == "Ballistics"
    assert (total(desk, "q=rocketry"), total(desk, "q=ballistics")) == (0, quotes)


def test_a_label_twice_is_refused(desk: Writers) -> None:
    refused = desk.post("/v1/topics", {**TRADE, "labels": ["Commerce", "Barter", "Commerce"]})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/labels/2")


def test_a_renamed_topic_is_reached_by_the_old_slug(desk: Writers) -> None:
    before = total(desk, "topic=us-iran-talks")
    assert desk.patch(TALKS, {"slug": "iran-us-talks"}).status_code == 200
    moved = desk.client.get(TALKS, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/topics/iran-us-talks")
    assert total(desk, "topic=us-iran-talks") == total(desk, "topic=iran-us-talks") == before > 0
    assert desk.client.get(SCOPE_OF_TALKS).json()["broader"] == "iran-us-talks"
    positions = [
        desk.client.get(f"/v1/speakers/donald-trump/positions?topic={slug}").json()["items"]
        for slug in ("us-iran-talks", "iran-us-talks")
    ]
    assert positions[0] == positions[1] != []
    assert desk.post("/v1/topics", {**TRADE, "slug": "us-iran-talks"}).status_code == 409


def test_every_body_may_name_a_thing_by_a_slug_of_before(desk: Writers) -> None:
    (source,) = desk.client.get("/v1/sources").json()["items"]
    desk.patch("/v1/topics/foreign-relations-of-iran", {"slug": "relations"})
    desk.patch(source["record_url"], {"slug": "the-article"})

    below = desk.post("/v1/topics", {"slug": "treaties", "label": "Treaties", "broader": "foreign-relations-of-iran"})
    assert (below.status_code, below.json()["broader"]) == (201, "relations"), below.text
    same = desk.patch("/v1/topics/treaties", {"broader": "foreign-relations-of-iran"})
    assert (same.status_code, same.json()["version"]) == (200, 1)
    corrected = {"slug": "corrected", "title": "A", "kind": "post", "language": "en", "text": "Corrected."}
    revising = desk.post("/v1/sources", corrected | {"revises": source["slug"]})
    assert (revising.status_code, revising.json()["revises"]) == (201, "the-article"), revising.text
    target = {"source": source["slug"], "exact": "Trump signed a letter"}
    note = desk.post("/v1/annotations", {"target": target, "motivation": "commenting", "body": "A letter."})
    assert (note.status_code, note.json()["target"]["source"]) == (201, "the-article"), note.text


def test_the_history_tells_the_slugs_that_lead_to_a_thing(desk: Writers) -> None:
    desk.patch(TALKS, {"slug": "iran-us-talks"})
    (change,) = desk.client.get("/v1/changes?what=topic&limit=200").json()["items"][-1:]
    assert (change["name"], change["before"]["slug"]) == ("iran-us-talks", "us-iran-talks")
    assert "former" not in change["before"]
    assert change["after"]["former"] == ["us-iran-talks"]


def test_a_topic_is_taken_off_when_nothing_rests_on_it(desk: Writers) -> None:
    refused = desk.delete(TALKS)
    assert (refused.status_code, "merge it" in refused.json()["detail"]) == (409, True)
    desk.post("/v1/topics", TRADE)
    desk.post("/v1/topics", {"slug": "oil-trade", "label": "Oil trade", "broader": "trade"})
    refused = desk.delete("/v1/topics/trade")
    assert (refused.status_code, "move what is below" in refused.json()["detail"]) == (409, True)
    assert desk.delete("/v1/topics/oil-trade").status_code == 204
    assert desk.delete("/v1/topics/trade").status_code == 204
    assert desk.client.get("/v1/topics/trade").status_code == 404
    again = desk.post("/v1/topics", TRADE)
    assert (again.status_code, again.json()["version"]) == (201, 3)


def test_the_old_slug_of_what_was_taken_off_leads_nowhere(desk: Writers) -> None:
    """Also when the next topic is given its number."""
    desk.post("/v1/topics", TRADE)
    desk.patch("/v1/topics/trade", {"slug": "commerce"})
    assert desk.delete("/v1/topics/commerce").status_code == 204
    desk.post("/v1/topics", {"slug": "oil", "label": "Oil"})
    assert desk.client.get("/v1/topics/trade", follow_redirects=False).status_code == 404


def test_a_write_says_which_version_it_changes(desk: Writers) -> None:
    assert desk.client.patch(TALKS, json={}, headers=desk.headers()).status_code == 428
    assert desk.client.delete(TALKS, headers=desk.headers()).status_code == 428
    tag = desk.tag(TALKS)
    assert desk.patch(TALKS, {"description": "One."}).status_code == 200
    assert desk.patch(TALKS, {"description": "Two."}, If_Match=tag).status_code == 412


@pytest.mark.parametrize("scope", [Scope.PROPOSE, Scope.ANNOTATE])
def test_a_key_without_the_scope_may_not(desk: Writers, scope: Scope) -> None:
    tag = desk.tag(TALKS)
    for refused in (
        desk.post("/v1/topics", TRADE, scope),
        desk.patch(TALKS, {"label": "x"}, scope, If_Match=tag),
        desk.delete(TALKS, scope, If_Match=tag),
    ):
        assert (refused.status_code, "scope edit" in refused.json()["detail"]) == (403, True)
    assert desk.client.post("/v1/topics", json=TRADE).status_code == 401
