"""Notes signed, changed and taken off, over HTTP."""

from datetime import UTC, datetime

import pytest

from app.tables.words import Scope
from tests.api.writers import Document, Writers

SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"
NOTES = "/v1/annotations"


def on_quote(desk: Writers, body: str = "Said in parliament.", **more: object) -> Document:
    quote = desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"]
    return {"target": {"quote": quote}, "motivation": "commenting", "body": body} | more


def own(desk: Writers, body: str = "Said in parliament.") -> str:
    """Sign a note with the key that may only sign, and return its path."""
    made = desk.post(NOTES, on_quote(desk, body), Scope.ANNOTATE)
    assert made.status_code == 201, made.text
    return str(made.json()["url"])


def hide(desk: Writers, quote: object, status: str) -> None:
    with desk.database.writing() as session:
        public = int(status == "published")
        session.connection().exec_driver_sql(
            "UPDATE quote SET status = ?, public = ? WHERE id = ?", (status, public, quote)
        )


def test_a_note_is_signed_by_the_key_and_read_as_it_was_answered(desk: Writers) -> None:
    made = desk.post(NOTES, on_quote(desk), Scope.ANNOTATE)
    assert made.status_code == 201, made.text
    assert (made.json()["creator"], made.json()["version"]) == ("key-annotate", 1)
    assert made.headers["location"].endswith(made.json()["url"])
    read = desk.client.get(made.json()["url"])
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    quote = desk.client.get(f"/v1/quotes/{made.json()['target']['quote']}").json()
    assert "Said in parliament." in [note["body"] for note in quote["annotations"]]
    change = desk.client.get("/v1/changes?what=annotation&limit=200").json()["items"][-1]
    assert (change["name"], change["who"], change["after"]["creator"]) == (made.json()["id"], *["key-annotate"] * 2)


def test_a_note_is_searched_for_while_it_is_there(desk: Writers) -> None:
    found = [desk.client.get("/v1/quotes?q=zanzibarian").json()["total"]]
    path = own(desk, "A zanzibarian remark.")
    found.append(desk.client.get("/v1/quotes?q=zanzibarian").json()["total"])
    desk.patch(path, {"body": "Another remark."}, Scope.ANNOTATE)
    found.append(desk.client.get("/v1/quotes?q=zanzibarian").json()["total"])
    desk.patch(path, {"body": "A zanzibarian remark."}, Scope.ANNOTATE)
    desk.delete(path, Scope.ANNOTATE)
    found.append(desk.client.get("/v1/quotes?q=zanzibarian").json()["total"])
    assert found == [0, 1, 0, 0]


def test_only_a_highlight_stands_without_a_body(desk: Writers) -> None:
    bare = {name: value for name, value in on_quote(desk, motivation="highlighting").items() if name != "body"}
    made = desk.post(NOTES, bare, Scope.ANNOTATE)
    assert (made.status_code, made.json()["body"]) == (201, None), made.text
    path = made.json()["url"]
    assert desk.post(NOTES, bare | {"body": None}, Scope.ANNOTATE).status_code == 409
    change = desk.client.get("/v1/changes?what=annotation&limit=200").json()["items"][-1]
    assert (change["name"], change["after"]["body"]) == (made.json()["id"], None)

    for refused in (
        desk.post(NOTES, bare | {"motivation": "commenting"}, Scope.ANNOTATE),
        desk.patch(path, {"motivation": "commenting"}, Scope.ANNOTATE),
    ):
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/body")
        assert refused.json()["detail"] == "/body: a note has a body, unless its motivation is highlighting."

    assert desk.patch(path, {"body": "The key word."}, Scope.ANNOTATE).json()["body"] == "The key word."
    assert desk.patch(path, {"body": None}, Scope.ANNOTATE).json()["body"] is None


def test_a_highlight_without_a_body_is_in_every_form_of_its_quote(desk: Writers) -> None:
    bare = {name: value for name, value in on_quote(desk, motivation="highlighting").items() if name != "body"}
    made = desk.post(NOTES, bare, Scope.ANNOTATE).json()
    quote = f"/v1/quotes/{made['target']['quote']}"
    assert (made["id"], None) in [(note["id"], note["body"]) for note in desk.client.get(quote).json()["annotations"]]
    linked = desk.client.get(f"{quote}.jsonld").json()
    (note,) = [note for note in linked["annotations"] if note["id"].endswith(made["id"])]
    assert (note["motivation"], "body" in note) == ("highlighting", False)
    for form in ("atom", "csv", "ndjson"):
        assert desk.client.get(f"{quote}.{form}").status_code == 200


def test_the_same_note_twice_is_a_conflict(desk: Writers) -> None:
    path = own(desk)
    again = desk.post(NOTES, on_quote(desk), Scope.ANNOTATE)
    assert (again.status_code, path.rsplit("/", 1)[1] in again.json()["detail"]) == (409, True)
    other = own(desk, "Another.")
    assert desk.patch(other, {"body": "Said in parliament."}, Scope.ANNOTATE).status_code == 409


def test_a_changed_note_keeps_its_id_and_its_first_words_can_be_signed_again(desk: Writers) -> None:
    path = own(desk)
    changed = desk.patch(path, {"body": "Said in the Majlis."}, Scope.ANNOTATE)
    assert (changed.json()["url"], changed.json()["version"]) == (path, 2)
    assert own(desk) != path


WORDS = "negotiate with the United States"
SPANS: dict[str, tuple[Document, int]] = {
    "offsets": ({"start": 0, "end": 4}, 422),
    "words that stand often": ({"exact": WORDS}, 422),
    "one of them": ({"exact": WORDS, "occurrence": 1}, 201),
    "one too many": ({"exact": WORDS, "occurrence": 99}, 422),
    "words that are not there": ({"exact": "the moon is made of cheese"}, 422),
    "part of a word": ({"exact": "egotiate"}, 422),
    "past the end": ({"start": 10, "end": 10_000_000}, 422),
    "backward": ({"start": 20, "end": 10}, 422),
    "half of a place": ({"start": 20}, 422),
    "nothing": ({}, 422),
}


@pytest.mark.parametrize(("picked", "status"), SPANS.values(), ids=SPANS)
def test_a_note_on_words_of_a_source(desk: Writers, picked: Document, status: int) -> None:
    text = desk.client.get(f"/v1/sources/{SOURCE}").json()["text"]
    body = on_quote(desk, target={"source": SOURCE, **picked})
    made = desk.post(NOTES, body, Scope.ANNOTATE)
    assert made.status_code == status, made.text
    if status == 201:
        target = made.json()["target"]
        assert text[target["start"] : target["end"]] == target["exact"] == WORDS
    else:
        assert made.json()["errors"][0]["pointer"].startswith("/target")


def test_words_of_a_quote_are_found_in_its_source(desk: Writers) -> None:
    quote = desk.client.get("/v1/quotes?min_length=60&limit=1").json()["items"][0]
    words = quote["text"].split()[1]
    start = quote["text"].index(words)
    body = on_quote(desk, target={"quote": quote["id"], "start": start, "end": start + len(words)})
    made = desk.post(NOTES, body, Scope.ANNOTATE)
    assert made.status_code == 201, made.text
    target = made.json()["target"]
    assert (target["quote"], target["source"], target["exact"]) == (None, SOURCE, words)
    assert quote["content"][0]["start"] <= target["start"] < quote["content"][-1]["end"]


def test_lists_are_filtered_and_paged(desk: Writers) -> None:
    every = desk.client.get(f"{NOTES}?limit=200").json()
    assert every["total"] == len(every["items"]) > 5
    path = own(desk)
    mine = desk.client.get(f"{NOTES}?creator=key-annotate").json()
    assert [note["url"] for note in mine["items"]] == [path]
    quote = mine["items"][0]["target"]["quote"]
    assert path in [n["url"] for n in desk.client.get(f"{NOTES}?quote={quote}").json()["items"]]
    assert desk.client.get(f"{NOTES}?source={SOURCE}").json()["total"] == every["total"] + 1
    assert desk.client.get(f"{NOTES}?source=nowhere").status_code == 422
    seen: list[str] = []
    url = f"{NOTES}?limit=3"
    while url:
        page = desk.client.get(url).json()
        seen += [note["id"] for note in page["items"]]
        url = page["next"]
    assert seen == [note["id"] for note in every["items"]] + [mine["items"][0]["id"]]


def test_only_an_editor_touches_the_notes_of_others(desk: Writers) -> None:
    theirs = desk.client.get(f"{NOTES}?limit=1").json()["items"][0]["url"]
    assert desk.patch(theirs, {"body": "x"}, Scope.ANNOTATE).status_code == 403
    assert desk.delete(theirs, Scope.ANNOTATE).status_code == 403
    assert desk.post(NOTES, on_quote(desk, creator="The editors"), Scope.ANNOTATE).status_code == 403
    path = own(desk)
    assert desk.patch(path, {"creator": "The editors"}, Scope.ANNOTATE).status_code == 403
    assert desk.patch(theirs, {"body": "x"}).json()["body"] == "x"
    assert desk.post(NOTES, on_quote(desk, creator="The editors")).json()["creator"] == "The editors"
    assert desk.delete(path).status_code == 204


@pytest.mark.parametrize("scope", [None, Scope.PROPOSE])
def test_who_may_not_sign_signs_nothing(desk: Writers, scope: Scope | None) -> None:
    body, path = on_quote(desk), own(desk)
    headers = desk.headers(scope) if scope else {}
    status = 403 if scope else 401
    client, match = desk.client, {**headers, "If-Match": "*"}
    assert client.post(NOTES, json=body, headers=headers).status_code == status
    assert client.put(path, json=body, headers=match).status_code == status
    patch = {**match, "Content-Type": "application/merge-patch+json"}
    assert client.patch(path, json={"body": "x"}, headers=patch).status_code == status
    assert client.delete(path, headers=match).status_code == status


def test_a_write_says_which_version_it_changes(desk: Writers) -> None:
    path = own(desk)
    tag = desk.tag(path)
    assert desk.client.delete(path, headers=desk.headers()).status_code == 428
    assert desk.patch(path, {"body": "One."}, Scope.ANNOTATE).status_code == 200
    stale = desk.delete(path, Scope.ANNOTATE, If_Match=tag)
    assert (stale.status_code, stale.json()["version"], stale.json()["etag"]) == (412, 2, desk.tag(path))


def test_a_note_is_put_whole_and_stays_where_it_is(desk: Writers) -> None:
    path = own(desk)
    body = on_quote(desk, "Put.", motivation="assessing", format="text/markdown")
    headers = desk.headers(Scope.ANNOTATE, If_Match=desk.tag(path))
    put = desk.client.put(path, json=body, headers=headers)
    assert [put.json()[name] for name in ("body", "motivation", "format", "version")] == [
        "Put.",
        "assessing",
        "text/markdown",
        2,
    ]
    quotes = desk.client.get("/v1/quotes?limit=2").json()["items"]
    moved = body | {"target": {"quote": quotes[1]["id"]}}
    assert desk.client.put(path, json=moved, headers=desk.headers(If_Match="*")).status_code == 422


@pytest.mark.parametrize(("status", "answer"), [("proposed", 404), ("rejected", 404), ("withdrawn", 410)])
def test_a_note_on_what_is_not_public_is_for_keys(desk: Writers, status: str, answer: int) -> None:
    path = own(desk)
    quote = desk.client.get(path).json()["target"]["quote"]
    hide(desk, quote, status)
    assert desk.client.get(path).status_code == answer
    assert desk.client.get(f"{NOTES}?quote={quote}").json()["total"] == 0
    assert desk.client.get(path, headers=desk.headers(Scope.PROPOSE)).status_code == 200
    assert desk.client.get(f"{NOTES}?quote={quote}", headers=desk.headers()).json()["total"] > 0


def test_a_note_that_was_taken_off_is_gone_and_may_come_back(desk: Writers) -> None:
    path = own(desk)
    assert desk.delete(path, Scope.ANNOTATE).status_code == 204
    gone = desk.client.get(path)
    assert (gone.status_code, gone.json()["withdrawn"]) == (410, f"{datetime.now(UTC):%Y-%m-%d}")
    assert desk.client.get("/v1/annotations/0000000000000000").status_code == 404
    assert own(desk) == path
    assert desk.client.get(path).json()["version"] == 3
