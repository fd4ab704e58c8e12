"""The contract: the bytes of every reading operation are exactly what its documented model says."""

import json
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]  # it ships no types
from pydantic import JsonValue

from app.api.problems import MEDIA_TYPE
from app.settings import Settings
from app.tables.filter import Include, QuoteField
from app.tables.shelf import Facet
from app.tables.words import Status
from tests.api.conftest import KEYED
from tests.api.generated import Made
from tests.client import Client
from tests.conftest import url_of

Schema = dict[str, Any]  # JSON Schema: any JSON may stand at any key

FORMATS = FormatChecker(["date"])
QUOTE_KEYS = (
    "id", "url", "text", "kind", "medium", "polarity", "speaker", "said", "venue", "addressee", "cue", "topics",
    "source", "content", "parent", "status", "version",
)  # fmt: skip
"""In the order of the design's example."""
WHOLE_KEYS = (
    "segments", "created", "updated", "interventions", "annotations", "links", "nested", "chain", "evidence_url",
)  # fmt: skip
INSIDE_KEYS = {
    "speaker": ("slug", "name", "kind", "as_printed"),
    "said": ("edtf", "earliest", "latest", "basis", "as_printed", "note"),
    "venue": ("name", "kind"),
    "topics": ("slug", "label", "stance", "proposition"),
    "source": ("slug", "title", "publisher", "published"),
    "content": ("start", "end"),
    "segments": ("role", "start", "end", "exact", "prefix", "suffix"),
    "annotations": ("id", "target", "motivation", "body", "format", "creator", "created", "modified"),
    "links": ("id", "relation", "direction", "quote", "rationale", "asserted_by", "created"),
    "nested": ("id", "url", "text", "speaker", "polarity"),
    "chain": ("id", "speaker", "cue"),
}


def is_moment(value: object) -> bool:
    """Tell whether it is a moment in UTC, with a T and a Z (RFC 3339)."""
    return not isinstance(value, str) or (value[10] == "T" and value[-1] == "Z" and bool(datetime.fromisoformat(value)))


FORMATS.checks("date-time", raises=ValueError)(is_moment)


class Contract:
    """The document's schemas, closed: a key that no schema names is refused, at any depth."""

    def __init__(self, document: Schema) -> None:
        self.paths: Schema = {path: methods for path, methods in document["paths"].items() if "get" in methods}
        self._responses: Schema = document["components"]["responses"]
        self._schemas = {name: closed(schema) for name, schema in document["components"]["schemas"].items()}

    def documented(self, path: str, status: int) -> Schema:
        """Return the schema of an operation's answers with that status."""
        response = self.paths[path]["get"]["responses"][str(status)]
        contents = self._responses.get(response.get("$ref", "").rsplit("/", 1)[-1], response)["content"]
        found: Schema = contents.get("application/json") or next(iter(contents.values()))
        return dict(found["schema"])

    def prove(self, document: JsonValue, schema: Schema) -> None:
        """Fail, naming the place, when the document is not what the schema says."""
        whole = {**schema, "components": {"schemas": self._schemas}}
        faults = Draft202012Validator(whole, format_checker=FORMATS).iter_errors(document)
        assert [f"{fault.json_path}: {fault.message[:300]}" for fault in faults] == []


def closed(schema: Schema) -> Schema:
    """Return the schema with every object in it closed."""
    schema = deepcopy(schema)
    for part in parts(schema):
        if isinstance(part.get("properties"), dict):
            part["additionalProperties"] = False
    return schema


def parts(schema: object) -> Iterator[Schema]:
    """Yield every object of a schema, the schema itself first."""
    if isinstance(schema, dict):
        yield schema
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    for part in inside:
        yield from parts(part)


@pytest.fixture(scope="module")
def contract(reading: TestClient) -> Contract:
    return Contract(reading.get("/openapi.json").json())


@pytest.fixture(scope="module")
def unreadable(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of a service without a record and without metrics."""
    path: Path = tmp_path_factory.mktemp("nothing") / "no-folder" / "verbatim.db"
    with Client(Settings(database_url=f"sqlite:///{path}", metrics=False)) as client:
        yield client


@pytest.fixture(scope="module")
def spent(seeded_template: Path) -> Iterator[TestClient]:
    """A client that has sent all the wrong keys that it may."""
    with Client(Settings(database_url=url_of(seeded_template), wrong_keys=1)) as client:
        client.get("/v1/quotes", headers=GUESSED)
        yield client


class Asked(NamedTuple):
    """An operation and the query that it is asked with, on every thing of its kind."""

    path: str
    query: str = ""
    keyed: bool = False


EVERYTHING = "polarity=any&limit=200"
ASKED = [
    Asked("/v1/quotes"),
    Asked("/v1/quotes", EVERYTHING),
    Asked("/v1/quotes", "limit=1"),
    Asked("/v1/quotes", "limit=2&sort=length"),
    Asked("/v1/quotes", "said_to=1000-01-01&kind=direct"),
    Asked("/v1/quotes", f"{EVERYTHING}&{'&'.join(f'status={status}' for status in Status)}", keyed=True),
    Asked("/v1/quotes.json", EVERYTHING),
    Asked("/v1/quotes/random"),
    Asked("/v1/quotes/random", "n=100&polarity=any&seed=1"),
    Asked("/v1/quotes/random", "n=100&polarity=any&status=withdrawn", keyed=True),
    Asked("/v1/quotes/{id}"),
    Asked("/v1/quotes/{id}", keyed=True),
    Asked("/v1/quotes/{id}", "version=1"),
    Asked("/v1/quotes/{id}.json"),
    Asked("/v1/quotes/{id}/history"),
    Asked("/v1/quotes/{id}/history", "limit=1", keyed=True),
    Asked("/v1/speakers"),
    Asked("/v1/speakers", "limit=1&kind=person&kind=group"),
    Asked("/v1/speakers/{slug}"),
    Asked("/v1/speakers/{slug}/positions"),
    Asked("/v1/speakers/{slug}/positions", "limit=1&per_topic=1&polarity=any"),
    Asked("/v1/topics"),
    Asked("/v1/topics", "limit=1"),
    Asked("/v1/topics/{slug}"),
    Asked("/v1/sources"),
    Asked("/v1/sources", "limit=1&complete=true"),
    Asked("/v1/sources/{slug}"),
    Asked("/v1/sources/{slug}", keyed=True),
    Asked("/v1/changes"),
    Asked("/v1/changes", "limit=200&what=source&what=link&what=annotation"),
    Asked("/v1/changes", "limit=200", keyed=True),
    Asked("/v1/changes.json", "limit=3"),
    Asked("/livez"),
    Asked("/readyz"),
]


def addresses(client: TestClient, path: str) -> list[str]:
    """Return the addresses of everything that the path can name, or the path itself."""
    if "{" not in path:
        return [path]
    listed, _, _ = path.partition("/{")
    known = client.get(listed, params={"limit": 200, **({"polarity": "any"} if "quotes" in listed else {})}).json()
    names = [item["id"] if "id" in item else item["slug"] for item in flat(known["items"])]
    assert names
    return [path.replace("{id}", name).replace("{slug}", name) for name in names]


def flat(items: Sequence[Schema]) -> Iterator[Schema]:
    """Yield the items, and of a tree all that is below them."""
    for item in items:
        yield item
        yield from flat(item.get("narrower", []))


# No key is good on the seeded record.
HELD = [(record, asked) for record in ("reading", "many") for asked in ASKED if record == "many" or not asked.keyed]


@pytest.mark.parametrize(
    ("record", "asked"),
    HELD,
    ids=[f"{record} {asked.path} {asked.query}{' with a key' * asked.keyed}" for record, asked in HELD],
)
def test_an_answer_is_what_the_document_says_to_the_last_key(
    contract: Contract, record: str, asked: Asked, request: pytest.FixtureRequest
) -> None:
    client: TestClient = request.getfixturevalue(record)
    schema = contract.documented(operation(asked.path), 200)
    found = addresses(client, asked.path)
    # The generated record has two hundred quotes of one make.
    for address in found if record == "reading" else found[:: max(1, len(found) // 25)]:
        response = client.get(f"{address}?{asked.query}", headers=KEYED if asked.keyed else {})
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/json"
        contract.prove(json.loads(response.content, object_pairs_hook=once), schema)


def once(pairs: list[tuple[str, JsonValue]]) -> Mapping[str, JsonValue]:
    """Return the object, none of whose keys stands twice."""
    made = dict(pairs)
    assert len(made) == len(pairs)
    return made


def operation(path: str) -> str:
    """Return the path as the document has it, with the form for its suffix."""
    return f"{path.removesuffix('.json')}.{{form}}" if path.endswith(".json") else path


SIGNED = {"/v1/annotations", "/v1/annotations/{id}", "/v1/links", "/v1/links/{id}"}


def test_every_documented_operation_is_held_to_its_contract(contract: Contract) -> None:
    """What is verified, exported, proven and signed has tests of its own."""
    elsewhere = {"/metrics", "/v1/export.{form}", "/v1/verify", "/v1/integrity"} | SIGNED
    assert {operation(asked.path) for asked in ASKED} | elsewhere == set(contract.paths)


def test_metrics_are_plain_text(reading: TestClient, contract: Contract) -> None:
    response = reading.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    contract.prove(response.text, contract.documented("/metrics", 200))
    assert "verbatim_requests_total" in response.text


FIELDS = tuple(field for field in QuoteField if field is not QuoteField.CONFIDENCE)  # it needs a key
PICKED = [(), *((field,) for field in FIELDS), ("version", "id"), ("said", "speaker", "text"), FIELDS]
INCLUDED = [(), *((part,) for part in Include), tuple(Include)]


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/random"])
@pytest.mark.parametrize("include", INCLUDED, ids=lambda words: ",".join(words) or "nothing included")
@pytest.mark.parametrize("fields", PICKED, ids=lambda words: ",".join(words) or "no fields")
def test_an_item_has_the_fields_that_were_picked_and_included_and_no_other(
    reading: TestClient, contract: Contract, path: str, fields: Sequence[str], include: Sequence[str]
) -> None:
    query = {"polarity": "any", "limit" if path == "/v1/quotes" else "n": "5"}
    query |= {"fields": ",".join(fields)} if fields else {}
    query |= {"include": ",".join(include)} if include else {}
    page = reading.get(path, params=query).json()
    wanted = [key for key in (*QUOTE_KEYS, "created") if key in (fields or QUOTE_KEYS)]
    assert page["items"]
    for item in page["items"]:
        assert list(item)[: len(wanted)] == wanted
        assert set(item) == {*wanted, *include}
        for key, inside in INSIDE_KEYS.items():
            value = item.get(key)
            for part in value if isinstance(value, list) else [value] if value else []:
                assert tuple(part) == inside
    contract.prove(page, contract.documented(path, 200))


@pytest.mark.parametrize("facets", [*((facet,) for facet in Facet), ("year", "speaker"), tuple(Facet)], ids=",".join)
@pytest.mark.parametrize("query", ["", "kind=direct", "said_to=1000-01-01&kind=direct"])
def test_a_page_has_the_facets_that_were_asked_for_in_their_order_and_no_other(
    reading: TestClient, contract: Contract, facets: Sequence[str], query: str
) -> None:
    page = reading.get(f"/v1/quotes?{query}&facets={','.join(facets)}").json()
    assert list(page) == ["items", "next", "total", "total_is_exact", "facets", "facets_are_exact"]
    assert list(page["facets"]) == list(facets)
    contract.prove(page, contract.documented("/v1/quotes", 200))


def test_fields_may_be_repeated_as_well_as_listed_and_name_the_same_twice(reading: TestClient) -> None:
    listed = reading.get("/v1/quotes?fields=text,id").json()["items"]
    assert reading.get("/v1/quotes?fields=id&fields=text").json()["items"] == listed
    assert reading.get("/v1/quotes?fields=id,id,text&fields=text").json()["items"] == listed


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/random"])
def test_a_listed_quote_has_the_keys_of_the_design_in_their_order(reading: TestClient, path: str) -> None:
    items = reading.get(path).json()["items"]
    assert items
    assert {tuple(item) for item in items} == {QUOTE_KEYS}


def test_a_whole_quote_has_the_keys_of_a_listed_one_and_then_its_own(reading: TestClient) -> None:
    for item in reading.get("/v1/quotes?polarity=any&limit=200").json()["items"]:
        whole = reading.get(item["url"]).json()
        assert tuple(whole) == QUOTE_KEYS + WHOLE_KEYS
        whole["source"] = {key: whole["source"][key] for key in item["source"]}
        assert {key: whole[key] for key in QUOTE_KEYS} == item


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/speakers", "/v1/topics", "/v1/sources", "/v1/changes"])
def test_a_page_has_its_keys_in_one_order(reading: TestClient, path: str) -> None:
    assert list(reading.get(path).json())[:4] == ["items", "next", "total", "total_is_exact"]


GUESSED = {"Authorization": "Bearer guessed"}
REFUSED = {
    401: ["?status=proposed", ""],
    404: [""],
    405: [""],
    406: [""],
    410: [""],
    422: ["?zzz=1", "?%FF=1"],
    429: [""],
    503: [""],
}


def test_every_documented_problem_is_a_problem_document(
    contract: Contract,
    reading: TestClient,
    many: TestClient,
    unreadable: TestClient,
    spent: TestClient,
    made: list[Made],
) -> None:
    withdrawn = next(item.quote.id for item in made if item.quote.status is Status.WITHDRAWN)
    proven = set()
    for path, operations in contract.paths.items():
        reading_ones = operations.get("get", {}).get("responses", ())
        for status in (int(code) for code in reading_ones if 400 <= int(code) != 500):
            if status == 410 and path in SIGNED:
                continue
            name = withdrawn if status == 410 else "nobody"
            client = {410: many, 429: spent, 503: unreadable}.get(status, reading)
            client = unreadable if (path, status) == ("/metrics", 404) else client
            form = "json" if path == "/v1/changes.{form}" else "csv"
            address = path.replace("{id}", name).replace("{slug}", name).replace("{form}", form)
            address = address.replace(f".{form}", ".xml") if status == 404 else address
            address += "?text=a" if path == "/v1/verify" else ""  # it has a parameter that must be given
            for asked in REFUSED[status]:
                query = asked.replace("?", "&") if "?" in address else asked
                headers = GUESSED if (status, asked) in ((401, ""), (429, "")) else {}
                headers = headers | ({"Accept": "text/html"} if status == 406 else {})
                response = client.request("GET" if status != 405 else "BREW", address + query, headers=headers)
                if (status, asked) == (401, "?status=proposed") and response.status_code == 422:
                    continue  # it has no such parameter
                assert response.status_code == status, (address + query, response.text)
                assert response.headers["content-type"] == MEDIA_TYPE
                assert status != 405 or "GET" in response.headers["allow"].split(", ")
                problem = json.loads(response.content, object_pairs_hook=once)
                contract.prove(problem, contract.documented(path, status))
                assert list(problem)[:4] == ["type", "title", "status", "detail"]
                proven.add((path, status))
    assert len(proven) > 40


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/quotes/", 404),
        ("PUT", "/v1/quotes", 405),
        ("DELETE", "/openapi.json", 405),
        ("POST", "/nowhere", 404),
        ("BREW", "/v1/topics", 405),
    ],
)
def test_a_problem_of_no_operation_is_a_problem_document_too(
    reading: TestClient, contract: Contract, method: str, path: str, status: int
) -> None:
    response = reading.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == MEDIA_TYPE
    contract.prove(response.json(), {"$ref": "#/components/schemas/Problem"})


@pytest.mark.parametrize("path", ["/v1/quotes", "/nowhere", "/livez"])
def test_a_head_has_the_headers_of_its_get_and_no_body(reading: TestClient, path: str) -> None:
    got, head = reading.get(path), reading.head(path)
    assert head.content == b""
    assert head.status_code == got.status_code
    assert {**head.headers, "x-request-id": ""} == {**got.headers, "x-request-id": ""}


@pytest.mark.parametrize("wrong", ["an extra key", "a missing key", "a number for a text", "a day that is none"])
def test_the_contract_itself_refuses_what_is_wrong(reading: TestClient, contract: Contract, wrong: str) -> None:
    page = reading.get("/v1/quotes?limit=1").json()
    (item,) = page["items"]
    if wrong == "an extra key":
        item["said"]["extra"] = None
    elif wrong == "a missing key":
        del page["total"]
    elif wrong == "a number for a text":
        item["source"]["title"] = 5
    else:
        item["said"]["latest"] = "2025-02-30"
    with pytest.raises(AssertionError):
        contract.prove(page, contract.documented("/v1/quotes", 200))
