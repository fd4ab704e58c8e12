"""Record files imported over HTTP: all or nothing, with a report on each thing in them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from httpx2 import Response

from app.commands.records_in import put_files
from app.formats import records as files
from app.formats.anchoring import anchor
from app.store import exports, records
from app.store.history import Writer
from app.tables.columns import now
from app.tables.db import Database
from app.tables.review import MOVES, NEEDS_REASON
from app.tables.words import Scope, Status
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


def test_a_file_is_not_read_again_under_its_idempotency_key(desk: Writers) -> None:
    first = post(desk, RECORD, Idempotency_Key="a")
    again = post(desk, RECORD, Idempotency_Key="a")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert post(desk, "nothing that is a record", Idempotency_Key="a").json()["errors"] == [
        {
            "parameter": "Idempotency-Key",
            "detail": "This Idempotency-Key was used with another request: take a new one for each.",
        }
    ]


def stating(status: Status, more: str = "") -> str:
    """Return the record with a status, and the reason that it needs, of its second quote."""
    reason = ", reason: So" if status in NEEDS_REASON else ""
    return RECORD.replace("key: denial,", f"key: denial, status: {status}{reason}{more},")


@pytest.mark.parametrize("after", Status)
@pytest.mark.parametrize("before", Status)
def test_a_status_in_a_file_is_a_move_of_the_table(desk: Writers, before: Status, after: Status) -> None:
    made = post(desk, stating(before))
    assert made.status_code == 200, made.text
    name = made.json()["records"][0]["quotes"][1]["name"]
    line = 1 + next(at for at, words in enumerate(RECORD.splitlines()) if "denial" in words)
    counted = rows(desk)
    for query in ("?dry_run=true", ""):
        answer = post(desk, stating(after), query)
        if before is after:
            assert answer.json()["written"] == 0
        elif after in MOVES[before]:
            assert answer.json()["records"][0]["quotes"][1]["outcome"] == "corrected"
        else:
            problem = answer.json()
            assert (answer.status_code, problem["line"]) == (422, line)
            assert problem["errors"][0]["pointer"] == "/quotes/1/status"
            expected = f"The quote {name} is {before}: it can become {' or '.join(MOVES[before])}, not {after}."
            assert problem["detail"].endswith(expected)
            assert rows(desk) == counted
    told = desk.client.get(f"/v1/quotes/{name}", headers=desk.headers()).json()["status"]
    assert told == (after if after in MOVES[before] else before)


def test_a_file_withdraws_for_a_reason_and_names_what_to_read_instead(desk: Writers) -> None:
    quotes = [item["name"] for item in post(desk, RECORD).json()["records"][0]["quotes"]]
    path = f"/v1/quotes/{quotes[1]}"
    assert post(desk, stating(Status.DISPUTED)).status_code == 200
    last = desk.client.get(f"{path}/history").json()["items"][-1]["changes"]
    assert {change["path"]: change["after"] for change in last} == {"/status": "disputed", "/reason": "So"}
    withdrawn = stating(Status.WITHDRAWN, ", successor: yes-we-will")
    assert post(desk, withdrawn).status_code == 200
    problem = desk.client.get(path).json()
    assert (problem["reason"], problem["successor"]) == ("So", f"/v1/quotes/{quotes[0]}")
    assert problem["detail"].endswith(f": So. Read {quotes[0]} in its place.")
    assert post(desk, withdrawn).json()["written"] == 0
    assert post(desk, withdrawn.replace("reason: So,", "reason: Thus,")).json()["written"] == 1
    assert desk.client.get(path).json()["reason"] == "Thus"
    assert post(desk, stating(Status.WITHDRAWN)).json()["written"] == 1
    assert desk.client.get(path).json()["successor"] is None
    assert post(desk, RECORD).json()["written"] == 1
    versions = desk.client.get(f"{path}/history").json()["items"]
    assert [len(version["changes"]) for version in versions] == [1, 2, 2, 1, 2, 2]
    assert desk.client.get(path).json()["status"] == "published"


@pytest.mark.parametrize("status", [Status.REJECTED, Status.DISPUTED, Status.WITHDRAWN])
def test_what_a_review_said_is_exported_and_comes_back(desk: Writers, empty: Database, status: Status) -> None:
    quotes = [item["name"] for item in post(desk, stating(Status.PROPOSED)).json()["records"][0]["quotes"]]
    for step in (status,) if status is Status.REJECTED else (Status.PUBLISHED, status):
        body: dict[str, object] = {"status": step.value, "reason": "A reason: of “two” words"}
        body |= {"successor": quotes[0]} if step is Status.WITHDRAWN else {}
        reviewed = desk.post(f"/v1/quotes/{quotes[1]}/review", body, If_Match="*")
        assert reviewed.status_code == 200, reviewed.text
    with desk.database.writing() as session:
        first = files.write(exports.take(session, "cold-day"))
    assert f"status: {status}\n    reason: 'A reason: of “two” words'\n" in first
    assert (f"successor: {quotes[0]}\n" in first) == (status is Status.WITHDRAWN)
    assert post(desk, first).json()["written"] == 0
    with empty.writing() as session:
        (parsed,) = files.read(first, name="export.yaml")
        records.put(session, anchor(parsed, TEXT), writer=Writer("a test", now()))
        assert files.write(exports.take(session, "cold-day")) == first


def both(status: Status) -> str:
    """Return the record with a status of both its quotes."""
    reason = "\n    reason: So" if status in NEEDS_REASON else ""
    return stating(status).replace("    speaker: jane-roe", f"    status: {status}{reason}\n    speaker: jane-roe")


@pytest.mark.parametrize("status", [Status.PUBLISHED, Status.DISPUTED, Status.WITHDRAWN])
def test_where_it_takes_two_people_a_file_starts_nothing_that_was_public(two: Writers, status: Status) -> None:
    before = rows(two)
    for query in ("", "?dry_run=true"):
        refused = post(two, both(status), query)
        detail = refused.json()["detail"]
        assert (refused.status_code, "/quotes/0/status" in detail, "`status: proposed`" in detail) == (403, True, True)
    assert rows(two) == before
    assert post(two, both(Status.REJECTED)).status_code == 200


def test_where_it_takes_two_people_a_proposer_does_not_publish_by_a_file(two: Writers) -> None:
    made = post(two, both(Status.PROPOSED))
    assert made.status_code == 200, made.text
    names = [item["name"] for item in made.json()["records"][0]["quotes"]]
    before = rows(two)
    refused = post(two, both(Status.PUBLISHED))
    assert (refused.status_code, f"proposed the quote {names[0]}" in refused.json()["detail"]) == (403, True)
    assert rows(two) == before
    for name in names:
        assert two.post(f"/v1/quotes/{name}/review", {"status": "published"}, If_Match="*").status_code == 200
    assert post(two, both(Status.PUBLISHED)).json()["written"] == 0
    assert post(two, both(Status.DISPUTED)).status_code == 200
    assert post(two, both(Status.PUBLISHED)).status_code == 200


def test_where_it_takes_two_people_a_file_publishes_what_another_proposed(two: Writers) -> None:
    assert post(two, both(Status.PROPOSED)).status_code == 200
    body: dict[str, object] = {"source": "cold-day", "kind": "direct", "content": ["The day was cold"]}
    name = two.post("/v1/quotes", body).json()["id"]
    published = both(Status.PROPOSED).replace("links:", "  - {kind: direct, content: [The day was cold]}\nlinks:")
    assert post(two, published).status_code == 200
    assert two.client.get(f"/v1/quotes/{name}").json()["status"] == "published"


def test_where_it_takes_two_people_a_proposer_changes_not_by_a_file_what_was_published(two: Writers) -> None:
    made = post(two, both(Status.PROPOSED)).json()["records"][0]["quotes"]
    for item in made:
        assert two.post(f"/v1/quotes/{item['name']}/review", {"status": "published"}, If_Match="*").status_code == 200
    for old, new in (("    speaker: jane-roe\n", ""), ("kind: direct, content", "kind: mixed, content")):
        assert RECORD.count(old) == 1
        refused = post(two, RECORD.replace(old, new))
        assert (refused.status_code, "another person's key" in refused.json()["detail"]) == (403, True)
    assert post(two, RECORD.replace("key: denial,", "key: denial, cue: {lemma: say},")).status_code == 200


def test_where_it_takes_two_people_the_command_line_is_free(two: Writers, tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_text(RECORD, encoding="utf-8")
    (report,) = put_files(two.database, [path], who="verbatim import")
    assert report.added == 2


def test_a_successor_was_public_once(desk: Writers) -> None:
    quotes = [item["name"] for item in post(desk, RECORD).json()["records"][0]["quotes"]]
    hidden = desk.post("/v1/quotes", {"source": "cold-day", "kind": "direct", "content": ["cold"]}).json()["id"]
    for successor in (hidden, "0000000000000000"):
        refused = post(desk, stating(Status.WITHDRAWN, f", successor: '{successor}'"))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/quotes/1/successor")
    assert post(desk, stating(Status.WITHDRAWN, f", successor: {quotes[0]}")).status_code == 200
    removed = desk.client.delete(f"/v1/quotes/{quotes[0]}?reason=Too.", headers=desk.headers(If_Match="*"))
    assert removed.status_code == 204
    with desk.database.writing() as session:
        exported = files.write(exports.take(session, "cold-day"))
    assert post(desk, exported).json()["written"] == 0


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


@pytest.mark.parametrize("is_json", [False, True], ids=["YAML", "JSON"])
def test_a_body_that_does_not_say_its_format_is_told_the_one_there_is(desk: Writers, is_json: bool) -> None:
    content = RECORD.removeprefix("format: verbatim-record/1\n")
    if is_json:
        refused = post(desk, json.dumps(yaml.safe_load(content)), Content_Type="application/json").json()
    else:
        refused = post(desk, content).json()
    assert (refused["status"], refused["errors"][0]["pointer"]) == (422, "/format")
    assert refused["detail"].endswith(": format: it is missing; a record begins with `format: verbatim-record/1`")


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
