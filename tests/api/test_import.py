"""Record files imported over HTTP: all or nothing, with a report on each thing in them."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from httpx2 import Response

from app.tables.words import Scope
from tests.api.writers import Writers
from tests.formats.test_bombs import BOMBS

IMPORT = "/v1/import"
TEXT = 'The day was cold.\n"We will talk 😀," said Jane Roe.\n"We will not," said John.\n'
RECORD = f"""format: verbatim-record/1
creator: A newsroom
source:
  slug: cold-day
  title: A cold day
  kind: article
  language: en
  text: {json.dumps(TEXT, ensure_ascii=False)}
topics:
  - {{slug: talks, label: Talks}}
speakers:
  - {{slug: jane-roe, name: Jane Roe, kind: person, names: [{{name: Jane Roe}}]}}
quotes:
  - key: yes-we-will
    kind: direct
    speaker: jane-roe
    content: [We will talk 😀]
    topics: [{{topic: talks}}]
    annotations: [{{motivation: commenting, body: The first.}}]
  - {{key: denial, kind: direct, content: [We will not]}}
links:
  - {{from: denial, to: yes-we-will, relation: contradicts, rationale: He denies it.}}
annotations:
  - {{target: cold, motivation: describing, body: How cold.}}
"""
YAML = {"Content-Type": "application/yaml"}


def post(desk: Writers, content: str | bytes, query: str = "", **headers: str) -> Response:
    given = desk.headers(Scope.ADMIN) | YAML | {name.replace("_", "-"): value for name, value in headers.items()}
    return desk.client.post(f"{IMPORT}{query}", content=content, headers=given)


def outcomes(report: Mapping[str, Any]) -> dict[str, list[str]]:
    (told,) = report["records"]
    listed = {name: items if isinstance(items, list) else [items] for name, items in told.items()}
    return {name: [item["outcome"] for item in items] for name, items in listed.items()}


def rows(desk: Writers) -> list[int]:
    tables = ("change", "source", "quote", "speaker", "topic", "annotation", "link", "quote_fts")
    return [desk.database.reader().execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def test_an_import_tells_of_everything_what_became_of_it(desk: Writers) -> None:
    dry = post(desk, RECORD, "?dry_run=true")
    before = rows(desk)
    assert dry.status_code == 200, dry.text
    made = post(desk, RECORD)
    assert made.status_code == 200, made.text
    assert rows(desk) != before
    assert dry.json() == made.json() | {"dry_run": True}
    assert outcomes(made.json()) == {
        "source": ["added"],
        "topics": ["added"],
        "speakers": ["added"],
        "quotes": ["added", "added"],
        "annotations": ["added", "added"],
        "links": ["added"],
    }
    quotes = made.json()["records"][0]["quotes"]
    assert [item["key"] for item in quotes] == ["yes-we-will", "denial"]
    for item in quotes:
        assert desk.client.get(f"/v1/quotes/{item['name']}").status_code == 200
    change = desk.client.get("/v1/changes?limit=200&what=link").json()["items"][-1]
    assert change["who"] == "key-admin"

    again = post(desk, RECORD)
    assert again.json()["written"] == 0
    assert {outcome for listed in outcomes(again.json()).values() for outcome in listed} == {"unchanged"}
    changed = post(
        desk,
        RECORD.replace("body: The first.", "body: The second.")
        .replace("label: Talks", "label: All talks")
        .replace("  - {key: denial, kind: direct, content: [We will not]}\n", "")
        .replace("from: denial", f"from: {quotes[1]['name']}"),
    )
    found = outcomes(changed.json())
    assert found == {
        "source": ["unchanged"],
        "topics": ["corrected"],
        "speakers": ["unchanged"],
        "quotes": ["unchanged", "kept"],
        "annotations": ["added", "unchanged", "removed"],
        "links": ["unchanged"],
    }


def test_a_dry_run_writes_nothing(desk: Writers) -> None:
    before = rows(desk)
    assert post(desk, RECORD, "?dry_run=true", Idempotency_Key="a").status_code == 200
    assert rows(desk) == before
    assert post(desk, RECORD, Idempotency_Key="a").json()["dry_run"] is False


def test_a_note_that_was_changed_over_http_is_known_by_its_id(desk: Writers) -> None:
    """Its words make another id now: an import logged a removal that was none, and failed on its first words."""
    first = post(desk, RECORD).json()["records"][0]["annotations"][0]["name"]
    path = f"/v1/annotations/{first}"
    assert desk.patch(path, {"body": "Changed."}).status_code == 200
    told = post(desk, RECORD)
    assert told.status_code == 200, told.text
    notes = {item["name"]: item["outcome"] for item in told.json()["records"][0]["annotations"]}
    assert (notes.pop(first), list(notes.values())) == ("corrected", ["unchanged"])
    assert desk.client.get(path).json()["body"] == "The first."
    assert post(desk, RECORD).json()["written"] == 0


def test_json_is_read_as_yaml_is(desk: Writers) -> None:
    document = yaml.safe_load(RECORD)
    dry = post(desk, RECORD, "?dry_run=true").json()
    for content in (json.dumps(document), json.dumps(document, ensure_ascii=False, indent="\t")):
        read = post(desk, content, "?dry_run=true", Content_Type="application/json")
        assert read.status_code == 200, read.text
        assert read.json() == dry
    wrong = json.dumps(document, indent=1).replace('"person"', '"robot"')
    refused = post(desk, wrong, Content_Type="application/json").json()
    assert refused["errors"][0]["pointer"] == "/speakers/0/kind"
    assert '"robot"' in wrong.splitlines()[refused["line"] - 1]


WRONG = {
    "words that are not there": ("content: [We will not]", "content: [We shall not]", 20, "/quotes/1/content/0"),
    "a speaker that is nowhere": ("    speaker: jane-roe", "    speaker: nobody-known", 16, "/quotes/0/speaker"),
    "a topic that is nowhere": ("topics: [{topic: talks}]", "topics: [{topic: walks}]", 18, "/quotes/0/topics/0/topic"),
    "a key that is none": ("kind: article", "kind: article\n  colour: red", 7, "/source/colour"),
    "a file beside": ("  text: ", "  text_file: a.txt # ", 8, "/source/text_file"),
    "a path": ("  text: ", "  text_file: /etc/passwd # ", 8, "/source/text_file"),
    "a quote that is nowhere": ("from: denial,", "from: '0000000000000000',", 22, "/links/0"),
    "a text that is another's": (
        "slug: cold-day",
        "slug: pezeshkian-khamenei-us-talks-2025-03-21",
        4,
        "/source/slug",
    ),
    "no YAML": ("creator: A newsroom", "creator: [A newsroom", 3, ""),
}


@pytest.mark.parametrize(("old", "new", "line", "pointer"), WRONG.values(), ids=WRONG)
def test_a_refused_file_names_line_and_place_and_leaves_nothing(
    desk: Writers, old: str, new: str, line: int, pointer: str
) -> None:
    assert RECORD.count(old) == 1
    before = rows(desk)
    for query in ("", "?dry_run=true"):
        refused = post(desk, RECORD.replace(old, new), query)
        assert refused.status_code == 422, refused.text
        problem = refused.json()
        assert (problem["line"], problem["errors"][0].get("pointer", "")) == (line, pointer), problem
    assert rows(desk) == before


def test_of_two_records_one_of_which_is_wrong_none_is_written(desk: Writers) -> None:
    second = RECORD.replace("cold-day", "colder-day").replace("slug: talks, label", "slug: x, broader: y, label")
    before = rows(desk)
    refused = post(desk, f"{RECORD}---\n{second}")
    assert refused.status_code == 422
    assert refused.json()["line"] > RECORD.count("\n")
    assert rows(desk) == before


@pytest.mark.parametrize(("content", "reason"), BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_and_the_service_goes_on(desk: Writers, content: str, reason: str) -> None:
    for type_ in ("application/yaml", "application/json"):
        refused = post(desk, content, Content_Type=type_)
        assert refused.status_code == 422, refused.text
    assert desk.client.get("/livez").status_code == 200


def test_what_is_too_long_or_of_another_type_is_refused(desk: Writers) -> None:
    assert post(desk, b"a" * 8_000_001).status_code == 413
    assert post(desk, RECORD, Content_Type="text/html").status_code == 415
    assert post(desk, b"\xff\xfe").status_code == 400
    assert post(desk, RECORD, "?dry_run=maybe").status_code == 422
    for scope in (Scope.PROPOSE, Scope.ANNOTATE, Scope.EDIT):
        assert desk.client.post(IMPORT, content=RECORD, headers=desk.headers(scope) | YAML).status_code == 403
    assert desk.client.post(IMPORT, content=RECORD, headers=YAML).status_code == 401
