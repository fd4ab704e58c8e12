"""Hostile texts in every text field of every write: refused by a problem, or kept and given back exactly.

An operation is one line of OPERATIONS.
"""

import csv
import io
import json
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, NamedTuple
from urllib.parse import quote as escaped
from xml.etree import ElementTree

import pytest
from httpx2 import Response

from app.store.history import seal
from app.tables.words import Scope
from tests.api.hostile import HOSTILE
from tests.api.writers import Writers

PATCH, LD = "application/merge-patch+json", "application/ld+json"
TRUMP = "/v1/speakers/donald-trump"
ATOM = "{http://www.w3.org/2005/Atom}"


class Place(NamedTuple):
    """What a record of a test's own holds for bodies to name: ids of quotes, and paths of a note and of a link."""

    quotes: list[str]
    note: str
    link: str


class Operation(NamedTuple):
    """A write that puts a text into one field.

    `body` makes it from the text, its number in the table, and the place. `field` is where the text stands in what is
    read back. `address` is where that is read, when it is neither the Location nor the path.
    """

    method: str
    path: str
    body: Callable[[str, int, Place], object]
    field: str
    type: str = "application/json"
    address: str = ""


def speaker(number: int, **more: object) -> dict[str, object]:
    return {"slug": f"hostile-{number}", "name": "A name", "kind": "person", **more}


def note(place: Place, number: int, **more: object) -> dict[str, object]:
    return {"target": {"quote": place.quotes[0]}, "motivation": "commenting", "body": f"Note {number}", **more}


def link(place: Place, number: int, **more: object) -> dict[str, object]:
    count = len(place.quotes)
    pair = {"from": place.quotes[number % count], "to": place.quotes[(number + 1 + number // count) % count]}
    return {**pair, "relation": "elaborates", "rationale": "Because.", **more}


def web(place: Place, text: str, **more: object) -> dict[str, object]:
    target = f"http://testserver/v1/quotes/{place.quotes[1]}"
    return {"type": "Annotation", "target": target, "body": {"type": "TextualBody", "value": text}, **more}


def record(
    number: int, text: str = "", source: Mapping[str, object] | None = None, **parts: object
) -> dict[str, object]:
    """Return a record whose text is unlike any other's."""
    own = {"slug": f"h-{number}", "title": "A", "kind": "post", "language": "en", "text": f"Number {number}.\n{text}"}
    return {"format": "verbatim-record/1", "source": {**own, **(source or {})}, **parts}


def topic(number: int, **more: object) -> list[dict[str, object]]:
    return [{"slug": f"t-{number}", "label": "A topic", **more}]


NOTES, LINKS, IMPORT = "/v1/annotations", "/v1/links", "/v1/import"
OPERATIONS = {
    "a speaker's name": Operation("POST", "/v1/speakers", lambda t, n, p: speaker(n, name=t), "/name"),
    "a speaker's description": Operation(
        "POST", "/v1/speakers", lambda t, n, p: speaker(n, description=t), "/description"
    ),
    "a speaker's spelling": Operation(
        "POST", "/v1/speakers", lambda t, n, p: speaker(n, names=[{"name": t, "printed": False}]), "/names/0/name"
    ),
    "a speaker's title": Operation(
        "POST", "/v1/speakers", lambda t, n, p: speaker(n, roles=[{"title": t}]), "/roles/0/title"
    ),
    "a speaker's date": Operation(
        "POST", "/v1/speakers", lambda t, n, p: speaker(n, roles=[{"title": "A", "from": t}]), "/roles/0/from"
    ),
    "a speaker's other name": Operation("PATCH", TRUMP, lambda t, n, p: {"name": t}, "/name", PATCH),
    "a speaker's other description": Operation(
        "PATCH", TRUMP, lambda t, n, p: {"description": t}, "/description", PATCH
    ),
    "a note": Operation("POST", NOTES, lambda t, n, p: note(p, n, body=t), "/body"),
    "a note in Markdown": Operation("POST", NOTES, lambda t, n, p: note(p, n, body=t, format="text/markdown"), "/body"),
    "a note's signature": Operation("POST", NOTES, lambda t, n, p: note(p, n, creator=t), "/creator"),
    "a changed note": Operation("PATCH", "{note}", lambda t, n, p: {"body": t}, "/body", PATCH),
    "a replaced note": Operation("PUT", "{note}", lambda t, n, p: note(p, n, body=t), "/body"),
    "a web annotation": Operation("POST", f"{NOTES}/", lambda t, n, p: web(p, t), "/body", LD),
    "a web annotation's creator": Operation(
        "POST", f"{NOTES}/", lambda t, n, p: web(p, f"{n}", creator={"name": t}), "/creator", LD
    ),
    "a link's reason": Operation("POST", LINKS, lambda t, n, p: link(p, n, rationale=t), "/rationale"),
    "a link's signature": Operation("POST", LINKS, lambda t, n, p: link(p, n, asserted_by=t), "/asserted_by"),
    "a link's other reason": Operation("PATCH", "{link}", lambda t, n, p: {"rationale": t}, "/rationale", PATCH),
    "an imported title": Operation(
        "POST", IMPORT, lambda t, n, p: record(n, source={"title": t}), "/title", address="/v1/sources/h-{n}"
    ),
    "an imported publisher": Operation(
        "POST", IMPORT, lambda t, n, p: record(n, source={"publisher": t}), "/publisher", address="/v1/sources/h-{n}"
    ),
    "an imported text": Operation("POST", IMPORT, lambda t, n, p: record(n, t), "/text", address="/v1/sources/h-{n}"),
    "an imported note": Operation(
        "POST",
        IMPORT,
        lambda t, n, p: record(n, annotations=[{"target": "Number", "motivation": "commenting", "body": t}]),
        "/annotations/0/body",
        address="/v1/sources/h-{n}",
    ),
    "an imported label": Operation(
        "POST", IMPORT, lambda t, n, p: record(n, topics=topic(n, label=t)), "/label", address="/v1/topics/t-{n}"
    ),
    "imported words": Operation(
        "POST",
        IMPORT,
        lambda t, n, p: record(n, f"{t}\n", quotes=[{"kind": "direct", "content": [t]}]),
        "/items/0/segments/0/exact",
        address="/v1/quotes?source=h-{n}&include=segments",
    ),
}
SLUGS = {
    "a speaker": Operation("POST", "/v1/speakers", lambda t, n, p: speaker(n, slug=t), "/slug"),
    "a renamed speaker": Operation("PATCH", TRUMP, lambda t, n, p: {"slug": t}, "/slug", PATCH),
    "a note's quote": Operation("POST", NOTES, lambda t, n, p: note(p, n, target={"quote": t}), "/id"),
    "a note's source": Operation("POST", NOTES, lambda t, n, p: note(p, n, target={"source": t, "exact": "a"}), "/id"),
    "a web annotation's target": Operation("POST", f"{NOTES}/", lambda t, n, p: web(p, "x", target=t), "/id", LD),
    "a link's end": Operation("POST", LINKS, lambda t, n, p: link(p, n, to=t), "/id"),
    "an imported source": Operation("POST", IMPORT, lambda t, n, p: record(n, source={"slug": t}), "/id"),
    "an imported topic": Operation("POST", IMPORT, lambda t, n, p: record(n, topics=topic(n, slug=t)), "/id"),
    "an imported file": Operation(
        "POST", IMPORT, lambda t, n, p: record(n, source={"text": None, "text_file": t}), "/id"
    ),
}


@pytest.fixture
def place(desk: Writers) -> Place:
    quotes = [item["id"] for item in desk.client.get("/v1/quotes?limit=20").json()["items"]]
    made = desk.post(NOTES, {"target": {"quote": quotes[2]}, "motivation": "commenting", "body": "A"}, Scope.ADMIN)
    found = desk.client.get(f"{LINKS}?limit=1").json()["items"][0]["url"]
    # What is replaced is on the same quote.
    return Place([quotes[2], *quotes[:2], *quotes[3:]], made.json()["url"], found)


def send(desk: Writers, operation: Operation, text: str, number: int, place: Place) -> Response:
    path = operation.path.format(note=place.note, link=place.link)
    headers = {**desk.headers(Scope.ADMIN, If_Match="*"), "Content-Type": operation.type}
    content = json.dumps(operation.body(text, number, place))
    return desk.client.request(operation.method, path, content=content, headers=headers)


def pointed(document: Any, pointer: str) -> object:
    """Follow a JSON pointer."""
    parts = pointer.split("/")[1:]
    found: object = reduce(lambda value, part: value[int(part) if isinstance(value, list) else part], parts, document)
    return found


def read_back(desk: Writers, operation: Operation, answer: Response, number: int, place: Place) -> object:
    path = operation.path.format(note=place.note, link=place.link)
    address = operation.address.format(n=number) or answer.headers.get("location") or path
    read = desk.client.get(address, headers=desk.headers(Scope.ADMIN))
    assert read.status_code == 200, read.text[:300]
    return pointed(read.json(), operation.field)


def prove_sound(desk: Writers) -> None:
    """Every anchor is its source's own words, and no change was altered since it was sealed."""
    integrity = desk.client.get("/v1/integrity").json()
    assert integrity["failures"] == []
    before = ""
    rows = desk.database.reader().execute(
        "SELECT seq, what, name, version, at, who, before, after, seal FROM change ORDER BY seq"
    )
    for *row, sealed in rows:
        assert seal(before, row) == sealed
        before = sealed


def test_the_table_is_long_and_holds_no_slug() -> None:
    assert len(HOSTILE) >= 140
    assert len(set(HOSTILE.values())) == len(HOSTILE)


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_hostile_text_is_refused_or_kept_exactly(desk: Writers, place: Place, operation: Operation) -> None:
    kept = 0
    for number, (name, text) in enumerate(HOSTILE.items()):
        answer = send(desk, operation, text, number, place)
        assert answer.status_code < 500, (name, answer.text[:300])
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", name
            assert len(answer.content) < 5_000, name
            continue
        kept += 1
        found = read_back(desk, operation, answer, number, place)
        found = found.split("\n", 1)[1] if operation.field == "/text" and isinstance(found, str) else found
        assert found == text, name
    assert kept or operation.field.endswith("/from")
    prove_sound(desk)


@pytest.mark.parametrize("operation", SLUGS.values(), ids=SLUGS)
def test_no_hostile_text_is_the_name_of_anything(desk: Writers, place: Place, operation: Operation) -> None:
    for number, (name, text) in enumerate(HOSTILE.items()):
        answer = send(desk, operation, text, number, place)
        assert answer.status_code in (400, 413, 422), (name, answer.status_code, answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json", name
    prove_sound(desk)


@pytest.mark.parametrize("path", ["/v1/speakers/", "/v1/annotations/", "/v1/links/"])
def test_no_hostile_address_leads_anywhere(desk: Writers, path: str) -> None:
    for name, text in HOSTILE.items():
        if not text.strip("./") or len(text) > 2_000:  # another address, or none that a client sends
            continue
        address = path + escaped(text, safe="", errors="surrogatepass")
        for method in ("GET", "PATCH", "DELETE"):
            headers = {**desk.headers(Scope.ADMIN, If_Match="*"), "Content-Type": PATCH}
            content = "{}" if method == "PATCH" else ""
            answer = desk.client.request(method, address, headers=headers, content=content)
            assert 400 <= answer.status_code < 500, (name, method, answer.status_code)


def test_every_name_that_is_kept_is_escaped_in_every_form(desk: Writers, place: Place) -> None:
    query = "speaker=donald-trump&limit=1"
    kept = 0
    for number, (name, text) in enumerate(HOSTILE.items()):
        if send(desk, OPERATIONS["a speaker's other name"], text, number, place).status_code >= 400:
            continue
        kept += 1
        (row,) = csv.DictReader(io.StringIO(desk.client.get(f"/v1/quotes.csv?{query}").text, newline=""))
        cell = row["speaker_name"]
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")), name
        assert text in (cell, cell.removeprefix("'")), name
        (item,) = desk.client.get(f"/v1/quotes.jsonld?{query}").json()["items"]
        assert item["body"]["spokenByCharacter"]["name"] == text, name
        feed = ElementTree.fromstring(desk.client.get(f"/v1/quotes.atom?{query}").content)
        author = feed.findtext(f"{ATOM}entry/{ATOM}author/{ATOM}name")
        assert author == text or "\ufffd" in str(author), name
        assert json.loads(desk.client.get(f"/v1/quotes.ndjson?{query}").text)["speaker"]["name"] == text, name
    assert kept > 60
