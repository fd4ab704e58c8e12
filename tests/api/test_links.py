"""Links asserted, changed and taken off, over HTTP."""

from datetime import UTC, datetime

import pytest

from app.tables.words import Scope
from tests.api.test_annotations import hide
from tests.api.writers import Document, Writers

LINKS = "/v1/links"


def between(desk: Writers, **more: object) -> Document:
    """Return a link of two quotes that none joins yet."""
    first, second = (quote["id"] for quote in desk.client.get("/v1/quotes?sort=length&limit=2").json()["items"])
    return {"from": first, "to": second, "relation": "responds_to", "rationale": "It answers.", **more}


def own(desk: Writers) -> str:
    made = desk.post(LINKS, between(desk), Scope.ANNOTATE)
    assert made.status_code == 201, made.text
    return str(made.json()["url"])


def test_a_link_is_asserted_by_the_key_and_stands_at_both_quotes(desk: Writers) -> None:
    path = own(desk)
    link = desk.client.get(path).json()
    assert (link["asserted_by"], link["version"], link["relation"]) == ("key-annotate", 1, "responds_to")
    for end, direction in (("from", "outgoing"), ("to", "incoming")):
        quote = desk.client.get(link[end]["url"]).json()
        assert (link["id"], direction) in [(one["id"], one["direction"]) for one in quote["links"]]
    change = desk.client.get("/v1/changes?what=link&limit=200").json()["items"][-1]
    assert (change["name"], change["who"], change["before"]) == (link["id"], "key-annotate", None)


REFUSED: dict[str, tuple[Document, int, str]] = {
    "a quote that is nowhere": ({"to": "0" * 16}, 422, "/to"),
    "no id": ({"from": "../../etc/passwd"}, 422, "/from"),
    "an unknown relation": ({"relation": "likes"}, 422, "/relation"),
    "no reason": ({"rationale": ""}, 422, "/rationale"),
    "a member that is none": ({"weight": 1}, 422, "/weight"),
}


@pytest.mark.parametrize(("wrong", "status", "pointer"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_link_is_refused(desk: Writers, wrong: Document, status: int, pointer: str) -> None:
    answer = desk.post(LINKS, between(desk) | wrong, Scope.ANNOTATE)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (status, pointer)


def test_a_quote_is_not_linked_to_itself_nor_twice(desk: Writers) -> None:
    body = between(desk)
    itself = desk.post(LINKS, body | {"to": body["from"]}, Scope.ANNOTATE)
    assert (itself.status_code, itself.json()["errors"][0]["pointer"]) == (422, "/to")
    path = own(desk)
    twice = desk.post(LINKS, body, Scope.ANNOTATE)
    assert (twice.status_code, path.rsplit("/", 1)[1] in twice.json()["detail"]) == (409, True)
    assert desk.post(LINKS, body | {"relation": "qualifies"}, Scope.ANNOTATE).status_code == 201


def test_links_are_filtered_and_paged(desk: Writers) -> None:
    every = desk.client.get(f"{LINKS}?limit=200").json()
    path = own(desk)
    link = desk.client.get(path).json()
    for end in ("from", "to"):
        found = desk.client.get(f"{LINKS}?quote={link[end]['id']}&relation=responds_to").json()["items"]
        assert path in [one["url"] for one in found]
    seen: list[str] = []
    url = f"{LINKS}?limit=4"
    while url:
        page = desk.client.get(url).json()
        seen += [one["id"] for one in page["items"]]
        url = page["next"]
    assert seen == [one["id"] for one in every["items"]] + [link["id"]]


def test_a_link_changes_in_its_reason_alone(desk: Writers) -> None:
    path = own(desk)
    changed = desk.patch(path, {"rationale": "It answers the question."}, Scope.ANNOTATE)
    assert (changed.json()["rationale"], changed.json()["version"]) == ("It answers the question.", 2)
    assert desk.patch(path, {"relation": "qualifies"}, Scope.ANNOTATE).status_code == 422
    tag = desk.tag(path)
    desk.patch(path, {"rationale": "No."}, Scope.ANNOTATE)
    assert desk.delete(path, Scope.ANNOTATE, If_Match=tag).status_code == 412
    assert desk.client.delete(path, headers=desk.headers()).status_code == 428


def test_only_an_editor_touches_the_links_of_others(desk: Writers) -> None:
    theirs = desk.client.get(f"{LINKS}?limit=1").json()["items"][0]["url"]
    assert desk.patch(theirs, {"rationale": "x"}, Scope.ANNOTATE).status_code == 403
    assert desk.delete(theirs, Scope.ANNOTATE).status_code == 403
    assert desk.post(LINKS, between(desk, asserted_by="Me"), Scope.ANNOTATE).status_code == 403
    assert desk.post(LINKS, between(desk), Scope.PROPOSE).status_code == 403
    assert desk.client.post(LINKS, json=between(desk)).status_code == 401
    assert desk.patch(theirs, {"rationale": "x"}).status_code == 200
    assert desk.delete(theirs).status_code == 204
    gone = desk.client.get(theirs)
    assert (gone.status_code, gone.json()["withdrawn"]) == (410, f"{datetime.now(UTC):%Y-%m-%d}")


@pytest.mark.parametrize(("status", "answer"), [("proposed", 404), ("withdrawn", 410)])
def test_a_link_of_what_is_not_public_is_for_keys(desk: Writers, status: str, answer: int) -> None:
    path = own(desk)
    quote = desk.client.get(path).json()["to"]["id"]
    hide(desk, quote, status)
    assert desk.client.get(path).status_code == answer
    assert desk.client.get(f"{LINKS}?quote={quote}").json()["total"] == 0
    assert desk.client.get(path, headers=desk.headers()).status_code == 200


def test_a_link_that_was_taken_off_may_come_back(desk: Writers) -> None:
    path = own(desk)
    assert desk.delete(path, Scope.ANNOTATE).status_code == 204
    assert own(desk) == path
    assert desk.client.get(path).json()["version"] == 3
