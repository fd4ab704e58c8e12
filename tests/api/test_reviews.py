"""Review: every move between states by every key, when it takes two people, and what is left of a withdrawn quote."""

import json
from datetime import UTC, datetime

import pytest
from httpx2 import Response

from app.tables.words import Scope, Status
from tests.api.test_quotes_written import NEW, SOURCE, START, WORDS
from tests.api.writers import Document, Writers

WAYS: dict[Status, tuple[Status, ...]] = {
    Status.PROPOSED: (),
    Status.PUBLISHED: (Status.PUBLISHED,),
    Status.DISPUTED: (Status.PUBLISHED, Status.DISPUTED),
    Status.WITHDRAWN: (Status.PUBLISHED, Status.WITHDRAWN),
    Status.REJECTED: (Status.REJECTED,),
}
"""How a proposal comes to each state."""
ALLOWED = {
    (Status.PROPOSED, Status.PUBLISHED),
    (Status.PROPOSED, Status.REJECTED),
    (Status.REJECTED, Status.PROPOSED),
    (Status.PUBLISHED, Status.DISPUTED),
    (Status.PUBLISHED, Status.WITHDRAWN),
    (Status.DISPUTED, Status.PUBLISHED),
    (Status.DISPUTED, Status.WITHDRAWN),
    (Status.WITHDRAWN, Status.PUBLISHED),
}


def review(desk: Writers, name: str, status: Status, scope: Scope = Scope.EDIT, **more: object) -> Response:
    body: Document = {"status": status.value, "reason": f"It is {status}.", **more}
    return desk.post(f"/v1/quotes/{name}/review", body, scope, If_Match="*")


def proposed(desk: Writers, status: Status = Status.PROPOSED, scope: Scope = Scope.PROPOSE) -> str:
    """Put a quote on the record and bring it to a state."""
    made = desk.post("/v1/quotes", NEW, scope)
    assert made.status_code == 201, made.text
    name = str(made.json()["id"])
    for step in WAYS[status]:
        assert review(desk, name, step).status_code == 200
    return name


@pytest.mark.parametrize("after", Status)
@pytest.mark.parametrize("before", Status)
def test_each_move_by_each_scope(desk: Writers, before: Status, after: Status) -> None:
    """Who proposed the quote has the scope propose here, so that it may reject it as long as it is proposed."""
    name = proposed(desk, before)
    own = (before, after) == (Status.PROPOSED, Status.REJECTED)
    assert review(desk, name, after, Scope.ANNOTATE).status_code == 403
    if not own:
        refused = review(desk, name, after, Scope.PROPOSE)
        assert (refused.status_code, "scope edit" in refused.json()["detail"]) == (403, True)
    for scope in (Scope.PROPOSE,) if own else (Scope.EDIT, Scope.ADMIN):
        moved = review(desk, name, after, scope)
        if (before, after) in ALLOWED:
            assert (moved.status_code, moved.json()["status"]) == (200, after)
            break
        detail = moved.json()["detail"]
        assert moved.status_code == 409
        assert all((f" {to}" in detail) == ((before, to) in ALLOWED or to in (before, after)) for to in Status)


@pytest.mark.parametrize(("before", "after"), sorted(ALLOWED))
def test_an_admin_may_what_an_editor_may_and_the_history_tells_it(desk: Writers, before: Status, after: Status) -> None:
    name = proposed(desk, before)
    path = f"/v1/quotes/{name}"
    old = desk.client.get(path, headers=desk.headers()).json()
    moved = review(desk, name, after, Scope.ADMIN)
    assert (moved.status_code, moved.json()["version"]) == (200, old["version"] + 1)
    last = desk.client.get(f"{path}/history", headers=desk.headers()).json()["items"][-1]
    assert (last["who"], last["version"]) == ("key-admin", old["version"] + 1)
    changes = {change["path"]: (change["before"], change["after"]) for change in last["changes"]}
    assert changes.pop("/status") == (before, after)
    assert changes["/reason"][1] == f"It is {after}."
    assert changes.keys() == {"/reason"}


def test_another_s_proposal_is_rejected_by_an_editor_only(desk: Writers) -> None:
    name = proposed(desk, scope=Scope.EDIT)
    assert review(desk, name, Status.REJECTED, Scope.PROPOSE).status_code == 403
    assert review(desk, name, Status.REJECTED).status_code == 200


@pytest.mark.parametrize("status", [Status.REJECTED, Status.DISPUTED, Status.WITHDRAWN])
def test_what_is_taken_from_readers_has_a_reason(desk: Writers, status: Status) -> None:
    name = proposed(desk)
    refused = desk.post(f"/v1/quotes/{name}/review", {"status": status.value}, If_Match="*")
    assert (refused.status_code, "reason" in refused.json()["detail"]) == (422, True)


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", "\u200b"], ids=ascii)
def test_a_blank_is_no_reason(desk: Writers, blank: str) -> None:
    name = proposed(desk, Status.PUBLISHED)
    path = f"/v1/quotes/{name}"
    reviewed = review(desk, name, Status.DISPUTED, reason=blank)
    removed = desk.client.delete(path, params={"reason": blank}, headers=desk.headers() | {"If-Match": "*"})
    for refused in (reviewed, removed):
        assert refused.status_code == 422
        assert "it needs at least one character that is seen." in refused.json()["detail"]
    assert desk.client.get(path).json()["status"] == "published"


def test_a_review_says_which_version_it_is_of_and_is_made_once(desk: Writers) -> None:
    name = proposed(desk)
    path = f"/v1/quotes/{name}"
    body: Document = {"status": "published"}
    assert desk.post(f"{path}/review", body).status_code == 428
    tag = desk.tag(path)
    desk.patch(path, {"kind": "mixed"})
    stale = desk.post(f"{path}/review", body, If_Match=tag)
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    first = desk.post(f"{path}/review", body, If_Match=desk.tag(path), Idempotency_Key="a")
    again = desk.post(f"{path}/review", body, If_Match=first.headers["etag"], Idempotency_Key="a")
    assert (first.status_code, again.content) == (200, first.content)
    assert desk.client.get(path).json()["status"] == "published"


def test_a_withdrawn_quote_tells_why_and_what_to_read_and_comes_back(desk: Writers) -> None:
    name = proposed(desk, Status.PUBLISHED)
    path = f"/v1/quotes/{name}"
    successor = desk.post("/v1/quotes", NEW | {"content": [{"start": START, "end": START + 5}], "status": "published"})
    other = str(successor.json()["id"])
    assert review(desk, name, Status.WITHDRAWN, successor=other).status_code == 200
    for address in (path, f"{path}.jsonld", f"{path}/history"):
        gone = desk.client.get(address)
        problem = gone.json()
        assert (gone.status_code, problem["type"]) == (410, "/problems#gone")
        assert problem["reason"] == "It is withdrawn."
        assert problem["withdrawn"] == datetime.now(UTC).date().isoformat()
        assert problem["successor"] == f"/v1/quotes/{other}"
    assert name not in [item["id"] for item in desk.client.get("/v1/quotes?limit=200&polarity=any").json()["items"]]
    assert review(desk, name, Status.PUBLISHED).status_code == 200
    assert desk.client.get(path).status_code == 200
    headers = desk.headers(If_Match="*")
    assert desk.client.delete(path, params={"reason": "Again."}, headers=headers).status_code == 204
    again = desk.client.get(path).json()
    assert (again["reason"], again["successor"]) == ("Again.", None)


def test_a_public_quote_tells_nothing_of_one_around_it_that_is_not(desk: Writers) -> None:
    outer = proposed(desk)
    words = {"content": ["a letter to Khamenehi"], "parent": outer, "status": "published"}
    made = desk.post("/v1/quotes", NEW | words)
    assert made.status_code == 201, made.text
    inner = str(made.json()["id"])
    addresses = [f"/v1/quotes/{inner}", f"/v1/quotes/{inner}.jsonld", f"/v1/sources/{SOURCE}", "/v1/quotes?limit=200"]
    for address in addresses:
        assert outer not in desk.client.get(address).text, address
    assert [link["id"] for link in desk.client.get(f"/v1/quotes/{inner}").json()["chain"]] == [inner]
    assert review(desk, outer, Status.PUBLISHED).status_code == 200
    read = desk.client.get(f"/v1/quotes/{inner}").json()
    assert (read["parent"], [link["id"] for link in read["chain"]]) == (outer, [outer, inner])
    assert review(desk, outer, Status.WITHDRAWN).status_code == 200
    for address in addresses:
        assert outer not in desk.client.get(address).text, address


REASONS = {
    "no full stop": ("Retracted", "Retracted."),
    "a full stop": ("Retracted.", "Retracted."),
    "another end": ("Who said so?", "Who said so?"),
    "an end in quotation marks": ("They wrote “We retract.”", "They wrote “We retract.”"),
    "marks around a word": ("They “retract”", "They “retract”."),
}


@pytest.mark.parametrize(("reason", "told"), REASONS.values(), ids=REASONS)
def test_what_is_left_of_a_quote_reads_as_sentences(desk: Writers, reason: str, told: str) -> None:
    name = proposed(desk, Status.PUBLISHED)
    other = desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"]
    assert review(desk, name, Status.WITHDRAWN, reason=reason, successor=other).status_code == 200
    problem = desk.client.get(f"/v1/quotes/{name}").json()
    assert problem["detail"].endswith(f": {told} Read {other} in its place.")
    assert problem["reason"] == reason
    assert review(desk, name, Status.PUBLISHED).status_code == 200
    assert review(desk, name, Status.WITHDRAWN, reason=reason).status_code == 200
    assert desk.client.get(f"/v1/quotes/{name}").json()["detail"].endswith(f": {told}")


def test_a_successor_is_another_public_quote(desk: Writers) -> None:
    name = proposed(desk, Status.PUBLISHED)
    hidden = desk.post("/v1/quotes", NEW | {"content": [{"start": START, "end": START + 5}]}).json()["id"]
    for successor in (name, hidden, "0123456789abcdef"):
        refused = review(desk, name, Status.WITHDRAWN, successor=successor)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/successor")
    assert review(desk, name, Status.DISPUTED, successor=hidden).status_code == 422
    assert desk.client.get(f"/v1/quotes/{name}").status_code == 200


@pytest.mark.parametrize("scope", [Scope.EDIT, Scope.ADMIN])
def test_where_it_takes_two_people_a_proposer_does_not_publish(two: Writers, scope: Scope) -> None:
    name = proposed(two, scope=scope)
    refused = review(two, name, Status.PUBLISHED, scope)
    assert (refused.status_code, "proposed" in refused.json()["detail"]) == (403, True)
    other = Scope.ADMIN if scope is Scope.EDIT else Scope.EDIT
    assert review(two, name, Status.REJECTED, other).status_code == 200
    assert review(two, name, Status.PROPOSED, other).status_code == 200
    assert review(two, name, Status.PUBLISHED, other).status_code == 403
    assert review(two, name, Status.PUBLISHED, scope).status_code == 403


def test_where_it_takes_two_people_another_publishes(two: Writers) -> None:
    assert two.post("/v1/quotes", NEW | {"status": "published"}, Scope.ADMIN).status_code == 403
    name = proposed(two, scope=Scope.EDIT)
    assert review(two, name, Status.PUBLISHED, Scope.ADMIN).status_code == 200
    assert review(two, name, Status.DISPUTED).status_code == 200
    assert review(two, name, Status.PUBLISHED).status_code == 200


SAYS: dict[str, Document] = {
    "content": {"content": [{"start": START, "end": START + 5}]},
    "kind": {"kind": "mixed"},
    "medium": {"medium": "writing"},
    "polarity": {"polarity": "denied"},
    "speaker": {"speaker": "donald-trump"},
}


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DISPUTED, Status.WITHDRAWN])
@pytest.mark.parametrize(("member", "patch"), SAYS.items(), ids=SAYS)
def test_where_it_takes_two_people_a_proposer_changes_not_what_was_published(
    two: Writers, member: str, patch: Document, status: Status
) -> None:
    name = proposed(two, scope=Scope.EDIT)
    path = f"/v1/quotes/{name}"
    for step in WAYS[status]:
        assert review(two, name, step, Scope.ADMIN).status_code == 200
    refused = two.patch(path, patch)
    detail = refused.json()["detail"]
    assert (refused.status_code, f"another person's key has to change its {member}." in detail) == (403, True)
    assert two.patch(path, {"venue": {"name": "Majlis"}, "cue": {"lemma": "sign"}}).status_code == 200
    assert two.patch(path, patch, Scope.ADMIN).status_code == 200
    assert two.patch(path, patch).status_code == 200, "it says so already"


@pytest.mark.parametrize(("member", "patch"), SAYS.items(), ids=SAYS)
def test_what_is_proposed_its_proposer_changes(two: Writers, member: str, patch: Document) -> None:
    assert two.patch(f"/v1/quotes/{proposed(two)}", patch, Scope.PROPOSE).status_code == 200, member


def test_who_made_a_quote_a_proposal_again_is_its_proposer_too(two: Writers) -> None:
    name = proposed(two, Status.REJECTED)
    assert review(two, name, Status.PROPOSED, Scope.EDIT).status_code == 200
    assert review(two, name, Status.PUBLISHED, Scope.ADMIN).status_code == 200
    assert two.patch(f"/v1/quotes/{name}", {"kind": "mixed"}, Scope.EDIT).status_code == 403
    assert two.patch(f"/v1/quotes/{name}", {"kind": "mixed"}, Scope.ADMIN).status_code == 200


def test_where_one_is_enough_a_proposer_changes_what_was_published(desk: Writers) -> None:
    name = proposed(desk, Status.PUBLISHED, Scope.EDIT)
    assert desk.patch(f"/v1/quotes/{name}", {"kind": "mixed"}).status_code == 200


def test_the_queue_shows_the_surest_first_and_of_equals_the_oldest(desk: Writers) -> None:
    sure = [0.5, None, 1, 0.25, None, 0.5, 0, 0.5]
    words = ["signed", "a", "letter", "to", "Khamenehi", "not", "Pezeshkian"]
    names = []
    for confidence, word in zip(sure, ["Trump", *words], strict=True):
        at = START + WORDS.index(word)
        body = NEW | {"content": [{"start": at, "end": at + len(word)}], "confidence": confidence}
        made = desk.post("/v1/quotes", body, Scope.PROPOSE)
        assert made.status_code == 201, made.text
        names.append(made.json()["id"])
    expected = [names[at] for at in (2, 0, 5, 7, 3, 6, 1, 4)]
    url: str | None = "/v1/quotes?status=proposed&limit=3"
    found: list[dict[str, object]] = []
    while url:
        page = desk.client.get(url, headers=desk.headers()).json()
        found += page["items"]
        url = page["next"]
    assert [item["id"] for item in found] == expected
    assert [item["confidence"] for item in found] == [1, 0.5, 0.5, 0.5, 0.25, 0, None, None]
    newest = desk.client.get("/v1/quotes?status=proposed&sort=-added", headers=desk.headers()).json()["items"]
    assert [item["id"] for item in newest] == names[::-1]


def test_the_queue_shows_denials_and_no_other_list_shows_them_unasked(desk: Writers) -> None:
    made = desk.post("/v1/quotes", NEW | {"polarity": "denied"}, Scope.PROPOSE).json()["id"]

    def shown(query: str) -> bool:
        page = desk.client.get(f"/v1/quotes?limit=200&{query}", headers=desk.headers()).json()
        return made in [item["id"] for item in page["items"]]

    assert shown("status=proposed")
    assert shown("status=proposed&status=rejected")
    assert shown("status=proposed&polarity=denied")
    assert not shown("status=proposed&polarity=asserted")
    assert not shown("status=proposed&status=published")
    assert review(desk, made, Status.PUBLISHED).status_code == 200
    assert not shown("status=published")
    assert not shown("status=disputed&status=published")
    assert shown("status=published&polarity=any")


def test_how_sure_a_quote_is_is_told_to_keys_only(desk: Writers) -> None:
    name = proposed(desk)
    desk.patch(f"/v1/quotes/{name}", {"confidence": 0.5})
    assert review(desk, name, Status.PUBLISHED).json()["confidence"] == 0.5
    assert "confidence" not in desk.client.get(f"/v1/quotes/{name}").json()
    listed = desk.client.get("/v1/quotes?limit=200&polarity=any").json()["items"]
    assert all("confidence" not in item for item in listed)
    assert desk.client.get("/v1/quotes?status=proposed").status_code == 401
    refused = desk.client.get("/v1/quotes?sort=confidence", headers=desk.headers())
    assert (refused.status_code, "needs status" in refused.json()["detail"]) == (422, True)


def test_the_queue_is_told_by_the_fields_that_a_reviewer_picks(desk: Writers) -> None:
    name = proposed(desk)
    desk.patch(f"/v1/quotes/{name}", {"confidence": 0.5})
    headers = desk.headers()
    whole = desk.client.get(f"/v1/quotes/{name}", headers=headers).json()
    query = "status=proposed&fields=id,confidence,created"
    picked = {"id": name, "created": whole["created"], "confidence": 0.5}
    for path in ("/v1/quotes", "/v1/quotes/random"):
        assert desk.client.get(f"{path}?{query}", headers=headers).json()["items"] == [picked]
    for path in ("/v1/quotes.ndjson", "/v1/export.ndjson"):
        assert json.loads(desk.client.get(f"{path}?{query}", headers=headers).text) == picked
    for path in ("/v1/quotes.csv", "/v1/export.csv"):
        table = desk.client.get(f"{path}?{query}", headers=headers).text
        assert table == f"id,created,confidence\r\n{name},{whole['created']},0.5\r\n"
        assert desk.client.get(f"{path}?status=proposed", headers=headers).text.endswith(",0.5\r\n")
        assert "confidence" not in desk.client.get(path).text


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/random", "/v1/export.ndjson"])
def test_how_sure_a_quote_is_cannot_be_picked_without_a_status(desk: Writers, path: str) -> None:
    for headers in ({}, desk.headers()):
        refused = desk.client.get(f"{path}?fields=id,confidence", headers=headers)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["parameter"]) == (422, "fields")
        assert error["detail"] == "fields=confidence needs status: how sure a quote is matters to its review."
