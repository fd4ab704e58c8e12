"""Hostile texts in every text field of every write: refused by a problem, or kept and given back exactly.

An operation is one line of OPERATIONS.
"""

import csv
import io
import json
import re
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
from tests.conftest import SEED

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


def source(number: int, **more: object) -> dict[str, object]:
    return {"slug": f"h-{number}", "title": "A", "kind": "post", "language": "en", "text": f"Number {number}.", **more}


def subject(number: int, **more: object) -> dict[str, object]:
    return {"slug": f"t-{number}", "label": "A topic", **more}


def quote(number: int, **more: object) -> dict[str, object]:
    """Return a quote of words of the seed's article that no other number has."""
    start, end = PLACES[number]
    content = [{"start": start, "end": end}]
    return {"source": ARTICLE, "kind": "indirect", "content": content, **more}


def stance(text: str) -> list[dict[str, object]]:
    return [{"topic": "us-iran-talks", "stance": "supports", "proposition": text}]


ARTICLE = "pezeshkian-khamenei-us-talks-2025-03-21"
TEXT = SEED.with_suffix(".txt").read_bytes().decode()
PLACES = [match.span() for match in re.finditer(r"\b[A-Za-z]{3,}\b", TEXT)]
SOURCES, TOPICS, QUOTES = "/v1/sources", "/v1/topics", "/v1/quotes"
TALKS, SEEDED = "/v1/topics/us-iran-talks", f"/v1/sources/{ARTICLE}"
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
    "a source's title": Operation("POST", SOURCES, lambda t, n, p: source(n, title=t), "/title"),
    "a source's publisher": Operation("POST", SOURCES, lambda t, n, p: source(n, publisher=t), "/publisher"),
    "a source's author": Operation("POST", SOURCES, lambda t, n, p: source(n, authors=[t]), "/authors/0"),
    "a source's rights": Operation("POST", SOURCES, lambda t, n, p: source(n, rights=t), "/rights"),
    "a source's note": Operation("POST", SOURCES, lambda t, n, p: source(n, note=t), "/note"),
    "a source's text": Operation("POST", SOURCES, lambda t, n, p: source(n, text=f"Number {n}.\n{t}"), "/text"),
    "a source's language": Operation("POST", SOURCES, lambda t, n, p: source(n, language=t), "/language"),
    "a source's other title": Operation("PATCH", SEEDED, lambda t, n, p: {"title": t}, "/title", PATCH),
    "a source's other note": Operation("PATCH", SEEDED, lambda t, n, p: {"note": t}, "/note", PATCH),
    "a topic's label": Operation("POST", TOPICS, lambda t, n, p: subject(n, label=t), "/label"),
    "a topic's description": Operation("POST", TOPICS, lambda t, n, p: subject(n, description=t), "/description"),
    "a topic's further label": Operation("POST", TOPICS, lambda t, n, p: subject(n, labels=[t]), "/labels/0"),
    "a topic's other label": Operation("PATCH", TALKS, lambda t, n, p: {"label": t}, "/label", PATCH),
    "a topic's other labels": Operation("PATCH", TALKS, lambda t, n, p: {"labels": [t]}, "/labels/0", PATCH),
    "a quote's cue": Operation("POST", QUOTES, lambda t, n, p: quote(n, cue={"lemma": t}), "/cue"),
    "a quote's addressee": Operation("POST", QUOTES, lambda t, n, p: quote(n, addressee={"name": t}), "/addressee"),
    "a quote's venue": Operation(
        "POST", QUOTES, lambda t, n, p: quote(n, venue={"kind": "speech", "name": t}), "/venue/name"
    ),
    "a quote's date, explained": Operation(
        "POST",
        QUOTES,
        lambda t, n, p: quote(n, said={"edtf": "2025", "basis": "inferred", "note": t}),
        "/said/note",
    ),
    "a quote's proposition": Operation(
        "POST", QUOTES, lambda t, n, p: quote(n, topics=stance(t)), "/topics/0/proposition"
    ),
    "a quote's other cue": Operation("PATCH", "{quote}", lambda t, n, p: {"cue": {"lemma": t}}, "/cue", PATCH),
    "a quote's other proposition": Operation(
        "PATCH", "{quote}", lambda t, n, p: {"topics": stance(t)}, "/topics/0/proposition", PATCH
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
    "a source": Operation("POST", SOURCES, lambda t, n, p: source(n, slug=t), "/slug"),
    "a source's address": Operation("POST", SOURCES, lambda t, n, p: source(n, url=t), "/url"),
    "a source's day": Operation("POST", SOURCES, lambda t, n, p: source(n, published=t), "/published"),
    "a source's hash": Operation("POST", SOURCES, lambda t, n, p: source(n, sha256=t), "/sha256"),
    "what a source revises": Operation("POST", SOURCES, lambda t, n, p: source(n, revises=t), "/revises"),
    "a topic": Operation("POST", TOPICS, lambda t, n, p: subject(n, slug=t), "/slug"),
    "a topic above": Operation("PATCH", TALKS, lambda t, n, p: {"broader": t}, "/broader", PATCH),
    "a topic's item": Operation("POST", TOPICS, lambda t, n, p: subject(n, wikidata=t), "/wikidata"),
    "a renamed topic": Operation("PATCH", TALKS, lambda t, n, p: {"slug": t}, "/slug", PATCH),
    "a renamed source": Operation("PATCH", SEEDED, lambda t, n, p: {"slug": t}, "/slug", PATCH),
    "a quote's source": Operation("POST", QUOTES, lambda t, n, p: quote(n, source=t), "/source"),
    "a quote's speaker": Operation("POST", QUOTES, lambda t, n, p: quote(n, speaker=t), "/speaker"),
    "a quote's parent": Operation("POST", QUOTES, lambda t, n, p: quote(n, parent=t), "/parent"),
    "a quote's topic": Operation("POST", QUOTES, lambda t, n, p: quote(n, topics=[{"topic": t}]), "/topics"),
    "a quote's date": Operation(
        "POST", QUOTES, lambda t, n, p: quote(n, said={"edtf": t, "basis": "stated"}), "/said/edtf"
    ),
    "a review's state": Operation("POST", "{quote}/review", lambda t, n, p: {"status": t, "reason": "A"}, "/status"),
    "a review's successor": Operation(
        "POST", "{quote}/review", lambda t, n, p: {"status": "withdrawn", "reason": "A", "successor": t}, "/successor"
    ),
    "what a speaker goes into": Operation("POST", f"{TRUMP}/merge", lambda t, n, p: {"into": t}, "/into"),
    "what a topic goes into": Operation("POST", f"{TALKS}/merge", lambda t, n, p: {"into": t}, "/into"),
    "who is split off": Operation("POST", f"{TRUMP}/split", lambda t, n, p: {"slug": t}, "/slug"),
    "what is split off": Operation("POST", f"{TALKS}/split", lambda t, n, p: {"slug": t}, "/slug"),
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


WORDS: Mapping[str, Callable[[str], dict[str, object]]] = {
    "content": lambda t: {"content": [t]},
    "content in its context": lambda t: {"content": [{"exact": "Trump", "prefix": t}]},
    "content in a passage": lambda t: {"content": [{"exact": "Trump", "within": t}]},
    "mention": lambda t: {"mention": t},
    "cue": lambda t: {"cue": {"exact": t}},
    "time": lambda t: {"said": {"as_printed": t}},
    "intervention": lambda t: {"interventions": [{"kind": "sic", "exact": t}]},
}
"""Where a quote names words of its source, which hostile ones are not."""


@pytest.fixture
def place(desk: Writers) -> Place:
    quotes = [item["id"] for item in desk.client.get("/v1/quotes?limit=20").json()["items"]]
    made = desk.post(NOTES, {"target": {"quote": quotes[2]}, "motivation": "commenting", "body": "A"}, Scope.ADMIN)
    found = desk.client.get(f"{LINKS}?limit=1").json()["items"][0]["url"]
    # What is replaced is on the same quote.
    return Place([quotes[2], *quotes[:2], *quotes[3:]], made.json()["url"], found)


def send(desk: Writers, operation: Operation, text: str, number: int, place: Place) -> Response:
    path = operation.path.format(note=place.note, link=place.link, quote=f"{QUOTES}/{place.quotes[0]}")
    headers = {**desk.headers(Scope.ADMIN, If_Match="*"), "Content-Type": operation.type}
    content = json.dumps(operation.body(text, number, place))
    return desk.client.request(operation.method, path, content=content, headers=headers)


def pointed(document: Any, pointer: str) -> object:
    """Follow a JSON pointer."""
    parts = pointer.split("/")[1:]
    found: object = reduce(lambda value, part: value[int(part) if isinstance(value, list) else part], parts, document)
    return found


def read_back(desk: Writers, operation: Operation, answer: Response, number: int, place: Place) -> object:
    path = operation.path.format(note=place.note, link=place.link, quote=f"{QUOTES}/{place.quotes[0]}")
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


@pytest.mark.parametrize("name", WORDS)
def test_hostile_words_that_the_source_does_not_print_are_no_words_of_a_quote(desk: Writers, name: str) -> None:
    kept = 0
    for number, (text_name, text) in enumerate(HOSTILE.items()):
        content = json.dumps(quote(number) | WORDS[name](text))
        headers = {**desk.headers(Scope.ADMIN), "Content-Type": "application/json"}
        answer = desk.client.post(QUOTES, content=content, headers=headers)
        if answer.status_code == 201:
            # The article has this text, as a hyphen, say, in one of its words; then it is kept as the article has it.
            assert text in TEXT, text_name
            kept += 1
            continue
        assert answer.status_code in (400, 409, 413, 422), (text_name, answer.text[:300])
        assert answer.headers["content-type"] == "application/problem+json", text_name
        assert len(answer.content) < 5_000, text_name
    assert kept < 5
    prove_sound(desk)


@pytest.mark.parametrize("way", ["a review", "a deletion"])
def test_a_hostile_reason_is_refused_or_told_exactly(desk: Writers, place: Place, way: str) -> None:
    path, kept = f"{QUOTES}/{place.quotes[0]}", 0
    headers = {**desk.headers(Scope.ADMIN, If_Match="*"), "Content-Type": "application/json"}
    for name, text in HOSTILE.items():
        if len(text) > 20_000 and way == "a deletion":  # a longer address than clients send
            continue
        if way == "a review":
            content = json.dumps({"status": "withdrawn", "reason": text})
            answer = desk.client.post(f"{path}/review", content=content, headers=headers)
        else:
            reason = escaped(text, safe="", errors="surrogatepass")
            answer = desk.client.delete(f"{path}?reason={reason}", headers=headers)
        assert answer.status_code < 500, (name, answer.text[:300])
        if answer.status_code >= 400:
            assert len(answer.content) < 5_000, name
            assert desk.client.get(path).status_code == 200, name
            continue
        kept += 1
        gone = desk.client.get(path)
        assert (gone.status_code, gone.json()["reason"]) == (410, text), name
        back = desk.client.post(f"{path}/review", content=json.dumps({"status": "published"}), headers=headers)
        assert back.status_code == 200, back.text
    assert kept > 60
    prove_sound(desk)


@pytest.mark.parametrize(
    "path", ["/v1/speakers/", "/v1/topics/", "/v1/sources/", "/v1/quotes/", "/v1/annotations/", "/v1/links/"]
)
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
