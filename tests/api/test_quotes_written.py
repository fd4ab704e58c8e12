"""Quotes put on the record, changed and taken off, over HTTP."""

import pytest

from app.tables.words import Scope
from tests.api.writers import Document, Writers
from tests.conftest import SEED

SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"
TEXT = SEED.with_suffix(".txt").read_bytes().decode()
WORDS = "Trump signed a letter to Khamenehi (not Pezeshkian)"
START = TEXT.index(WORDS)
NEW: Document = {"source": SOURCE, "kind": "indirect", "content": [WORDS]}
TWICE = "we will not negotiate with the United States"
"""Stands twice in the text."""


def spans(response_json: Document) -> list[tuple[int, int]]:
    content = response_json["content"]
    assert isinstance(content, list)
    return [(part["start"], part["end"]) for part in content]


def remove(desk: Writers, name: str, scope: Scope = Scope.EDIT, *, match: str = "*", reason: str = "A mistake.") -> int:
    headers = desk.headers(scope, If_Match=match)
    return desk.client.delete(f"/v1/quotes/{name}", params={"reason": reason}, headers=headers).status_code


def places(words: str) -> list[int]:
    return [at for at in range(len(TEXT)) if TEXT.startswith(words, at)]


def test_a_proposed_quote_is_answered_as_a_get_with_a_key_answers(desk: Writers) -> None:
    body = NEW | {
        "speaker": "donald-trump",
        "mention": "Trump",
        "confidence": 0.5,
        "cue": {"lemma": "sign", "exact": "signed", "within": WORDS},
        "venue": {"kind": "statement"},
        "said": {"edtf": "2025-03", "basis": "inferred", "note": "The month before."},
        "topics": [{"topic": "us-iran-talks", "stance": "supports", "proposition": "Iran should talk."}],
    }
    body["mention"] = {"exact": "Trump", "suffix": " signed"}
    made = desk.post("/v1/quotes", body, Scope.PROPOSE)
    assert made.status_code == 201, made.text
    quote = made.json()
    path = f"/v1/quotes/{quote['id']}"
    assert made.headers["location"].endswith(path)
    read = desk.client.get(path, headers=desk.headers(Scope.PROPOSE))
    assert (read.json(), read.headers["etag"]) == (quote, made.headers["etag"])
    assert (quote["status"], quote["version"], quote["confidence"], quote["text"]) == ("proposed", 1, 0.5, WORDS)
    assert spans(quote) == [(START, START + len(WORDS))]
    assert (quote["speaker"]["slug"], quote["speaker"]["as_printed"], quote["cue"]) == (
        "donald-trump",
        "Trump",
        "sign",
    )
    assert (quote["said"]["earliest"], quote["said"]["latest"]) == ("2025-03-01", "2025-03-31")
    assert [topic["slug"] for topic in quote["topics"]] == ["us-iran-talks"]
    assert desk.client.get(path).status_code == 404
    (change,) = desk.client.get(f"{path}/history", headers=desk.headers()).json()["items"]
    assert (change["who"], change["changes"][0]["after"]["confidence"]) == ("key-propose", 0.5)


SECOND = places(TWICE)[1]
SELECTORS: dict[str, object] = {
    "which of several": {"exact": TWICE, "occurrence": 2},
    "what stands before": {"exact": TWICE, "prefix": TEXT[SECOND - 32 : SECOND]},
    "what stands after": {"exact": TWICE, "suffix": TEXT[SECOND + len(TWICE) : SECOND + len(TWICE) + 32]},
    "both": {"exact": TWICE, "prefix": TEXT[SECOND - 32 : SECOND], "suffix": TEXT[SECOND + len(TWICE)]},
    "which of several after the same": {"exact": TWICE, "prefix": " ", "occurrence": 1},
    "offsets": {"start": SECOND, "end": SECOND + len(TWICE)},
    "offsets and words": {"start": SECOND, "end": SECOND + len(TWICE), "exact": TWICE},
    "a passage": {"exact": TWICE, "within": TEXT[SECOND - 60 : SECOND + len(TWICE)]},
}
FOUND = {"which of several after the same": next(at for at in places(TWICE) if TEXT[at - 1] == " ")}


@pytest.mark.parametrize("role", ["content", "mention", "cue", "addressee", "said", "within"])
@pytest.mark.parametrize("name", SELECTORS)
def test_words_are_named_in_every_way_in_every_role(desk: Writers, name: str, role: str) -> None:
    selector, at = SELECTORS[name], FOUND.get(name, SECOND)
    body = dict(NEW)
    if role == "content":
        body["content"] = [selector, WORDS]
    elif role == "said":
        body["said"] = {"as_printed": [selector]}
    elif role == "within":
        body |= {
            "within": selector,
            "content": ["negotiate with the United States", {"start": START, "end": START + 5}],
        }
    else:
        body[role] = selector
    made = desk.post("/v1/quotes", body)
    assert made.status_code == 201, made.text
    roles = {"mention": "speaker", "said": "time", "within": "content"}
    starts = [part["start"] for part in made.json()["segments"] if part["role"] == roles.get(role, role)]
    assert starts[0] == (at + TWICE.index("negotiate") if role == "within" else at)


def test_an_intervention_is_named_like_words(desk: Writers) -> None:
    (at,) = places("repres[1]sion")
    inserted = {"kind": "insertion", "start": at + 6, "end": at + 9}
    made = desk.post("/v1/quotes", NEW | {"content": ["repres[1]sion"], "interventions": [inserted]})
    assert made.status_code == 201, made.text
    assert made.json()["interventions"] == [inserted | {"exact": "[1]"}]


REFUSED: dict[str, tuple[Document, str, str, str]] = {
    "words that are not there": (
        {"content": ["Trump signd a letter to Khamenehi"]},
        "not-in-text",
        "/content/0",
        "Trump signed a letter to Khamenehi",
    ),
    "words wrong from the first": (
        {"content": ["Tromp signed a letter to Khamenehi"]},
        "not-in-text",
        "/content/0",
        "Trump signed a letter to Khamenehi",
    ),
    "one of several": ({"content": [WORDS, TWICE]}, "not-in-text", "/content/1", "add occurrence"),
    "none so": ({"content": [{"exact": WORDS, "prefix": "Mr. "}]}, "not-in-text", "/content/0", "Mr. "),
    "no such occurrence": ({"content": [{"exact": TWICE, "occurrence": 9}]}, "not-in-text", "/content/0", "no 9"),
    "offsets of other words": (
        {"content": [{"start": START + 6, "end": START + 20, "exact": WORDS}]},
        "not-in-text",
        "/content/0",
        f"It stands at {START} to",
    ),
    "offsets past the end": ({"content": [{"start": 1, "end": 10**6}]}, "not-in-text", "/content/0", "ends at"),
    "offsets inside a word": (
        {"content": [{"start": START + 1, "end": START + 5}]},
        "not-in-text",
        "/content/0",
        "inside a word",
    ),
    "a blank at an end": ({"content": [{"start": START, "end": START + 6}]}, "invalid", "/content/0", "blank"),
    "half of the offsets": ({"content": [{"start": 3}]}, "invalid", "/content/0", "stand together"),
    "offsets that run backward": ({"content": [{"start": 3, "end": 3}]}, "invalid", "/content/0", "not before"),
    "a place two ways": ({"content": [{"start": 3, "end": 5, "prefix": "a"}]}, "invalid", "/content/0", "prefix"),
    "a place of nothing": ({"content": [{"prefix": "a"}]}, "invalid", "/content/0", "exact"),
    "no words": ({"content": []}, "invalid", "/content", "1"),
    "a member unknown": ({"content": [{"exakt": "x"}]}, "invalid", "/content/0/exakt", "exact"),
    "a mention that is not there": ({"mention": ["Trump", "Tromp"]}, "not-in-text", "/mention/0", "times"),
    "a cue that is not there": ({"cue": {"exact": "zigned"}}, "not-in-text", "/cue", "zigned"),
    "a further word of the cue": (
        {"cue": {"exact": "signed", "within": WORDS, "also": ["zigned"]}},
        "not-in-text",
        "/cue/also/0",
        "zigned",
    ),
    "an addressee that is not there": ({"addressee": {"exact": "Xerxes"}}, "not-in-text", "/addressee", "Xerxes"),
    "a time that is not there": ({"said": {"as_printed": "Xmas"}}, "not-in-text", "/said/as_printed/0", "Xmas"),
    "an intervention outside": (
        {"interventions": [{"kind": "sic", "exact": "repres[1]sion"}]},
        "invalid",
        "/interventions/0",
        "not inside",
    ),
    "no date": ({"said": {"edtf": "soon", "basis": "stated"}}, "invalid", "/said/edtf", "soon"),
    "said after it was printed": ({"said": {"edtf": "2030", "basis": "stated"}}, "invalid", "/said/edtf", "after"),
    "a speaker unknown": ({"speaker": "donald-trum"}, "invalid", "/speaker", "donald-trump"),
    "a topic unknown": ({"topics": [{"topic": "us-iran-talk"}]}, "invalid", "/topics/0/topic", "us-iran-talks"),
    "a topic twice": ({"topics": [{"topic": "us-iran-talks"}] * 2}, "invalid", "/topics/1", "twice"),
    "a source unknown": ({"source": SOURCE[:-1]}, "invalid", "/source", SOURCE),
    "a parent unknown": ({"parent": "0123456789abcdef"}, "invalid", "/parent", "0123456789abcdef"),
    "more than sure": ({"confidence": 1.5}, "invalid", "/confidence", "1"),
    "a status that a review gives": (
        {"status": "withdrawn"},
        "invalid",
        "/status",
        "/status=\"withdrawn\": input should be 'proposed' or 'published'.",
    ),
}


@pytest.mark.parametrize(("more", "type_", "pointer", "told"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_its_place(
    desk: Writers, more: Document, type_: str, pointer: str, told: str
) -> None:
    before = desk.client.get("/v1/changes?limit=1").json()["total"]
    refused = desk.post("/v1/quotes", NEW | more)
    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (422, f"/problems#{type_}"), problem
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    assert told in problem["detail"]
    assert desk.client.get("/v1/changes?limit=1").json()["total"] == before


def test_the_same_words_at_the_same_place_are_a_conflict_that_names_the_quote(desk: Writers) -> None:
    first = desk.post("/v1/quotes", NEW, Scope.PROPOSE).json()["id"]
    again = desk.post("/v1/quotes", NEW | {"kind": "direct"})
    assert (again.status_code, first in again.json()["detail"]) == (409, True)


def test_words_that_a_quote_had_are_free_again_and_those_that_it_has_are_not(desk: Writers) -> None:
    """It keeps the id that its first words made: whoever came with those was told that it says them still."""
    shorter: Document = {"content": [{"start": START, "end": START + 5}]}
    first = desk.post("/v1/quotes", NEW, Scope.PROPOSE).json()["id"]
    moved = desk.patch(f"/v1/quotes/{first}", {"content": [{"exact": "Trump", "suffix": " signed"}]})
    assert (moved.status_code, moved.json()["id"], moved.json()["text"]) == (200, first, "Trump")
    taken = desk.post("/v1/quotes", NEW | shorter)
    assert (taken.status_code, first in taken.json()["detail"]) == (409, True)
    second = desk.post("/v1/quotes", NEW)
    assert (second.status_code, second.json()["text"]) == (201, WORDS), second.text
    name = second.json()["id"]
    assert name != first
    assert second.headers["location"].endswith(f"/v1/quotes/{name}")
    again = desk.post("/v1/quotes", NEW)
    assert (again.status_code, name in again.json()["detail"]) == (409, True)
    onto = desk.patch(f"/v1/quotes/{name}", shorter)
    assert (onto.status_code, first in onto.json()["detail"]) == (409, True)
    back = desk.patch(f"/v1/quotes/{first}", {"content": [WORDS]})
    assert (back.status_code, name in back.json()["detail"]) == (409, True)
    assert desk.patch(f"/v1/quotes/{name}", {"content": ["repres[1]sion"]}).status_code == 200
    assert desk.post("/v1/quotes", NEW).json()["id"] not in (first, name)


def test_an_idempotency_key_writes_once(desk: Writers) -> None:
    first = desk.post("/v1/quotes", NEW, Idempotency_Key="a")
    again = desk.post("/v1/quotes", NEW, Idempotency_Key="a")
    assert (again.status_code, again.content, again.headers["etag"]) == (201, first.content, first.headers["etag"])
    assert desk.post("/v1/quotes", NEW | {"kind": "direct"}, Idempotency_Key="a").status_code == 422


def test_a_nested_quote_names_its_parent_and_no_circle_is_made(desk: Writers) -> None:
    outer = desk.post("/v1/quotes", NEW).json()["id"]
    inner = desk.post("/v1/quotes", NEW | {"content": [{"start": START, "end": START + 5}], "parent": outer}).json()
    assert [step["id"] for step in inner["chain"]] == [outer, inner["id"]]
    circle = desk.patch(f"/v1/quotes/{outer}", {"parent": inner["id"]})
    assert (circle.status_code, circle.json()["errors"][0]["pointer"]) == (422, "/parent")
    assert desk.patch(f"/v1/quotes/{inner['id']}", {"parent": None}).json()["parent"] is None


def test_a_patch_changes_what_it_names_and_nothing_else(desk: Writers) -> None:
    for item in desk.client.get("/v1/quotes?polarity=any&limit=200").json()["items"]:
        path = f"/v1/quotes/{item['id']}"
        before = desk.client.get(path, headers=desk.headers()).json()
        same = desk.patch(path, {"kind": before["kind"]})
        assert (same.status_code, same.json()) == (200, before), same.text
    changed = desk.patch(path, {"venue": {"name": "Majlis"}, "confidence": 0.25}).json()
    assert changed["version"] == before["version"] + 1
    assert (changed["venue"]["name"], changed["confidence"]) == ("Majlis", 0.25)
    kept = {"venue", "confidence", "version", "updated"}
    assert {n: v for n, v in changed.items() if n not in kept} == {n: v for n, v in before.items() if n not in kept}
    assert desk.patch(path, {"confidence": None}).json()["confidence"] is None
    versions = desk.client.get(f"{path}/history", headers=desk.headers()).json()["items"]
    assert [change["version"] for change in versions] == [1, 2, 3]
    assert [change["path"] for change in versions[2]["changes"]] == ["/confidence"]


def test_the_words_of_the_cue_are_replaced_whole(desk: Writers) -> None:
    made = desk.post("/v1/quotes", NEW | {"cue": {"lemma": "sign", "exact": "signed", "within": WORDS}}).json()
    path = f"/v1/quotes/{made['id']}"
    changed = desk.patch(path, {"cue": {"exact": "stating"}}).json()
    assert changed["cue"] == "sign"
    assert [part["exact"] for part in changed["segments"] if part["role"] == "cue"] == ["stating"]
    renamed = desk.patch(path, {"cue": {"lemma": "state"}}).json()
    assert [part["exact"] for part in renamed["segments"] if part["role"] == "cue"] == ["stating"]
    assert desk.patch(path, {"cue": None}).json()["cue"] is None


@pytest.mark.parametrize("member", ["status", "source"])
def test_a_patch_moves_no_quote(desk: Writers, member: str) -> None:
    made = desk.post("/v1/quotes", NEW).json()["id"]
    refused = desk.patch(f"/v1/quotes/{made}", {member: "published"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"/{member}")


def test_search_finds_a_published_quote_by_its_words_of_now(desk: Writers) -> None:
    made = desk.post("/v1/quotes", NEW | {"status": "published"}).json()
    found = desk.client.get("/v1/quotes", params={"q": f'"{WORDS}"'}).json()["items"]
    assert made["id"] in [item["id"] for item in found]
    desk.patch(f"/v1/quotes/{made['id']}", {"content": [{"start": START, "end": START + 5}]})
    again = desk.client.get("/v1/quotes", params={"q": f'"{WORDS}"'}).json()["items"]
    assert made["id"] not in [item["id"] for item in again]


def test_a_write_says_which_version_it_changes_by_the_tag_of_any_reader(desk: Writers) -> None:
    made = desk.post("/v1/quotes", NEW | {"status": "published"}).json()["id"]
    path = f"/v1/quotes/{made}"
    plain = desk.client.get(path, headers={"Accept-Encoding": "identity"}).headers["etag"]
    keyed = desk.tag(path, Scope.PROPOSE)
    headers = desk.headers(Content_Type="application/merge-patch+json")
    assert desk.client.patch(path, json={"cue": {"lemma": "say"}}, headers=headers).status_code == 428
    stale = desk.patch(path, {"kind": "mixed"}, If_Match='"000000000000000000000000"')
    assert (stale.status_code, stale.json()["version"], stale.json()["etag"]) == (412, 1, keyed)
    assert desk.patch(path, {"kind": "mixed"}, If_Match=plain).status_code == 200
    assert desk.patch(path, {"kind": "direct"}, If_Match=keyed).status_code == 412
    assert desk.patch(path, {"kind": "direct"}, If_Match="*").status_code == 200
    assert desk.client.delete(f"{path}?reason=x", headers=desk.headers()).status_code == 428


def test_a_key_that_proposes_starts_nothing_but_proposals(desk: Writers) -> None:
    assert desk.post("/v1/quotes", NEW | {"status": "published"}, Scope.PROPOSE).status_code == 403
    assert desk.post("/v1/quotes", NEW, Scope.ANNOTATE).status_code == 403
    assert desk.client.post("/v1/quotes", json=NEW).status_code == 401
    assert desk.post("/v1/quotes", NEW | {"status": "published"}).json()["status"] == "published"


def test_a_proposer_changes_and_takes_back_its_own_proposals_only(desk: Writers) -> None:
    own = desk.post("/v1/quotes", NEW, Scope.PROPOSE).json()["id"]
    others = desk.post("/v1/quotes", NEW | {"content": ["repres[1]sion"]}).json()["id"]
    for path, allowed in ((f"/v1/quotes/{own}", True), (f"/v1/quotes/{others}", False)):
        assert desk.patch(path, {"kind": "mixed"}, Scope.PROPOSE).status_code == (200 if allowed else 403)
        assert desk.patch(path, {"kind": "mixed"}, Scope.ANNOTATE).status_code == 403
        assert remove(desk, path.rpartition("/")[2], Scope.PROPOSE) == (204 if allowed else 403)
    assert desk.patch(f"/v1/quotes/{own}", {"kind": "direct"}, Scope.PROPOSE).status_code == 403
    assert remove(desk, own) == 409
    assert desk.delete(f"/v1/quotes/{others}").status_code == 422
    assert remove(desk, others, match='"000000000000000000000000"') == 412


def test_a_quote_that_is_nowhere_is_not_found(desk: Writers) -> None:
    nowhere = "0123456789abcdef"
    headers = desk.headers(If_Match="*", Content_Type="application/merge-patch+json")
    assert desk.client.patch(f"/v1/quotes/{nowhere}", json={}, headers=headers).status_code == 404
    assert remove(desk, nowhere) == 404
    posted = desk.post(f"/v1/quotes/{nowhere}/review", {"status": "published"}, If_Match="*")
    assert posted.status_code == 404
