"""Sources added with their texts, their entries changed, renamed and taken off, over HTTP."""

import hashlib
import json

import pytest

from app.tables.words import Scope
from tests.api.writers import Document, Writers
from tests.store.builders import rebuilt, shelved

TEXT = "“Ships are fine,” said Jane Roe. 🚢\r\nShe left."
LETTER: Document = {
    "slug": "a-letter",
    "title": "A letter",
    "kind": "letter",
    "language": "en",
    "published": "2025-04-01",
    "text": TEXT,
}
PATH = "/v1/sources/a-letter"


@pytest.fixture
def seed(desk: Writers) -> str:
    """Return the path of the seed's article."""
    (found,) = desk.client.get("/v1/sources").json()["items"]
    return str(found["record_url"])


def prove_shelves(desk: Writers) -> None:
    with desk.database.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())


@pytest.mark.parametrize("scope", [Scope.PROPOSE, Scope.EDIT, Scope.ADMIN])
def test_a_new_source_is_answered_as_a_get_answers(desk: Writers, scope: Scope) -> None:
    made = desk.post("/v1/sources", LETTER, scope)
    assert made.status_code == 201, made.text
    assert made.headers["location"].endswith(PATH)
    read = desk.client.get(PATH)
    assert (read.json(), read.headers["etag"]) == (made.json(), made.headers["etag"])
    assert (read.json()["text"], read.json()["length"]) == (TEXT, len(TEXT))
    assert read.json()["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    (change,) = desk.client.get("/v1/changes?what=source&limit=200").json()["items"][-1:]
    assert (change["who"], change["name"], change["version"]) == (f"key-{scope}", "a-letter", 1)
    assert change["after"]["sha256"] == read.json()["sha256"]
    assert "text" not in change["after"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "There is a source a-letter already"),
        ({"slug": "b-letter"}, "as the source a-letter"),
        ({"text": "Another one."}, "There is a source a-letter already"),
    ],
    ids=["the same", "the text", "the slug"],
)
def test_what_is_there_already_is_a_conflict(desk: Writers, more: Document, said: str) -> None:
    assert desk.post("/v1/sources", LETTER).status_code == 201
    again = desk.post("/v1/sources", LETTER | more)
    assert again.status_code == 409
    assert said in again.json()["detail"]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"text": "a\0b"}, "/text"),
        ({"text": ""}, "/text"),
        ({"text_file": "letter.txt", "text": None}, "/text_file"),
        ({"title": "a\0b"}, "/title"),
        ({"url": "https://example.org/\0"}, "/url"),
        ({"url": "ftp://example.org/"}, "/url"),
        ({"sha256": "0" * 64}, "/sha256"),
        ({"revises": "nothing"}, "/revises"),
        ({"revises": "a-letter"}, "/revises"),
        ({"slug": "A Letter"}, "/slug"),
        ({"length": 3}, "/length"),
        ({"published": "yesterday"}, "/published"),
        ({"published": 1742515200}, "/published"),
        ({"published": "2025-03-21T00:00:00Z"}, "/published"),
    ],
    ids=lambda given: given if isinstance(given, str) else json.dumps(given),
)
def test_what_cannot_be_kept_is_refused(desk: Writers, more: Document, pointer: str) -> None:
    refused = desk.post("/v1/sources", LETTER | more)
    assert refused.status_code == 422, refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert desk.client.get(PATH).status_code == 404


def test_a_lone_surrogate_is_no_text(desk: Writers) -> None:
    body = json.dumps(LETTER | {"text": "a\ud800b"}).encode()
    refused = desk.client.post("/v1/sources", content=body, headers=desk.headers(Content_Type="application/json"))
    assert refused.status_code in (400, 422)
    assert desk.client.get(PATH).status_code == 404


def test_a_hash_that_is_the_text_s_is_taken(desk: Writers) -> None:
    made = desk.post("/v1/sources", LETTER | {"sha256": hashlib.sha256(TEXT.encode()).hexdigest()})
    assert made.status_code == 201


def test_a_patch_changes_what_it_names_and_nothing_else(desk: Writers) -> None:
    before = desk.post("/v1/sources", LETTER).json()
    changed = desk.patch(PATH, {"publisher": "The Post", "authors": ["Jane Roe"], "complete": True})
    assert changed.status_code == 200, changed.text
    after = changed.json()
    named = {"publisher": "The Post", "authors": ["Jane Roe"], "complete": True, "version": 2}
    assert after == before | named | {"updated": after["updated"]}
    (change,) = desk.client.get("/v1/changes?what=source&limit=200").json()["items"][-1:]
    assert (change["version"], change["before"]["publisher"], change["after"]["publisher"]) == (2, None, "The Post")
    same = desk.patch(PATH, {"publisher": "The Post"})
    assert same.json()["version"] == 2


@pytest.mark.parametrize("name", ["text", "text_file", "sha256"])
@pytest.mark.parametrize("value", ["Another text.", None])
def test_a_text_never_changes(desk: Writers, name: str, value: str | None) -> None:
    desk.post("/v1/sources", LETTER)
    refused = desk.patch(PATH, {name: value})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"/{name}")
    assert "never changes" in refused.json()["detail"]
    assert "revises" in refused.json()["detail"]


def test_a_source_revises_another_and_never_in_a_circle(desk: Writers) -> None:
    desk.post("/v1/sources", LETTER)
    made = desk.post("/v1/sources", LETTER | {"slug": "corrected", "text": "Corrected.", "revises": "a-letter"})
    assert made.json()["revises"] == "a-letter"
    patches: list[Document] = [
        {"revises": "corrected"},
        {"revises": "corrected", "slug": "first"},
        {"revises": "a-letter"},
    ]
    for patch in patches:
        refused = desk.patch(PATH, patch)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/revises")


def test_the_quotes_follow_the_day_of_publication(desk: Writers, seed: str) -> None:
    kept = {
        quote["id"]: quote
        for quote in desk.client.get("/v1/quotes?limit=200&polarity=any").json()["items"]
        if quote["said"]["latest"] == "2025-03-21" and quote["said"]["edtf"] is None
    }
    assert kept
    assert desk.patch(seed, {"published": "2025-03-22"}).status_code == 200
    for name, before in kept.items():
        after = desk.client.get(f"/v1/quotes/{name}").json()
        assert (after["said"]["latest"], after["version"]) == ("2025-03-22", before["version"] + 1)
    prove_shelves(desk)
    refused = desk.patch(seed, {"published": "2025-03-01"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/published")
    assert desk.client.get(seed).json()["published"] == "2025-03-22"


def test_a_renamed_source_is_reached_by_the_old_slug(desk: Writers, seed: str) -> None:
    old = seed.rpartition("/")[2]
    total = desk.client.get("/v1/quotes?limit=1").json()["total"]
    assert desk.patch(seed, {"slug": "the-article"}).status_code == 200
    moved = desk.client.get(seed, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/sources/the-article")
    totals = [desk.client.get(f"/v1/quotes?source={slug}").json()["total"] for slug in (old, "the-article")]
    assert totals == [total, total]
    assert desk.post("/v1/sources", LETTER | {"slug": old}).status_code == 409
    assert desk.patch("/v1/sources/the-article", {"slug": old}).json()["slug"] == old


def test_either_reading_of_an_excerpt_may_be_changed(desk: Writers) -> None:
    desk.post("/v1/sources", LETTER | {"access": "excerpt"})
    unkeyed = desk.client.get(PATH, headers={"Accept-Encoding": "identity"}).headers["etag"]
    keyed = desk.tag(PATH)
    assert unkeyed != keyed
    stale = desk.patch(PATH, {"title": "One"}, If_Match='"another"')
    assert (stale.status_code, stale.json()["etag"], stale.json()["version"]) == (412, keyed, 1)
    assert desk.patch(PATH, {"title": "One"}, If_Match=unkeyed).status_code == 200
    changed = desk.patch(PATH, {"title": "Two"})
    assert (changed.status_code, changed.json()["text"]) == (200, TEXT)
    assert desk.client.patch(PATH, json={}, headers=desk.headers()).status_code == 428


def test_a_source_is_taken_off_when_nothing_rests_on_it(desk: Writers, seed: str) -> None:
    refused = desk.delete(seed)
    assert (refused.status_code, "quotes" in refused.json()["detail"]) == (409, True)
    desk.post("/v1/sources", LETTER)
    desk.post("/v1/sources", LETTER | {"slug": "corrected", "text": "Corrected.", "revises": "a-letter"})
    refused = desk.delete(PATH)
    assert (refused.status_code, "corrected revises it" in refused.json()["detail"]) == (409, True)
    assert desk.delete("/v1/sources/corrected").status_code == 204
    assert desk.delete(PATH).status_code == 204
    assert desk.client.get(PATH).status_code == 404
    again = desk.post("/v1/sources", LETTER)
    assert (again.status_code, again.json()["version"]) == (201, 3)


def test_a_note_on_its_words_keeps_a_source(desk: Writers) -> None:
    desk.post("/v1/sources", LETTER)
    with desk.database.writing() as session:
        session.connection().exec_driver_sql(_NOTE)
    refused = desk.delete(PATH)
    assert (refused.status_code, "0000000000000000" in refused.json()["detail"]) == (409, True)


_NOTE = """
INSERT INTO annotation (id, source, start, "end", exact, motivation, body, format, creator, version, created, modified)
SELECT '0000000000000000', seq, 1, 6, 'Ships', 'commenting', 'Which?', 'text/plain', 'An editor', 1, created, created
FROM source WHERE slug = 'a-letter'
"""


def test_scopes(desk: Writers) -> None:
    assert desk.client.post("/v1/sources", json=LETTER).status_code == 401
    refused = desk.post("/v1/sources", LETTER, Scope.ANNOTATE)
    assert (refused.status_code, "scope propose" in refused.json()["detail"]) == (403, True)
    desk.post("/v1/sources", LETTER)
    for scope in (Scope.PROPOSE, Scope.ANNOTATE):
        tag = desk.tag(PATH)
        for answer in (desk.patch(PATH, {"title": "x"}, scope, If_Match=tag), desk.delete(PATH, scope, If_Match=tag)):
            assert (answer.status_code, "scope edit" in answer.json()["detail"]) == (403, True)
