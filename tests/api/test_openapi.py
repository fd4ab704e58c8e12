"""The document as a product: whole, described to the last field, with examples that are true today."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from pydantic import JsonValue

from app.api.forms import type_of
from app.api.openapi import TAGS, Document
from app.api.problems import MEDIA_TYPE
from app.main import create_app
from app.settings import Settings
from app.tables.words import Scope
from tests.api import examples
from tests.api.document import DOCUMENT

OPERATIONS: Mapping[str, Document] = {
    f"{method.upper()} {path}": operation
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
}
ANYWHERE: Mapping[str, Document] = DOCUMENT["components"]["responses"]


def resolved(response: Document) -> Document:
    """Return what a response says, there or where it refers to."""
    return ANYWHERE[response["$ref"].rsplit("/", 1)[-1]] if "$ref" in response else response


def responses(operation: Document) -> Mapping[str, Document]:
    """Return what an operation may answer with, by status."""
    return {status: resolved(response) for status, response in operation["responses"].items()}


SCHEMAS: Mapping[str, Document] = DOCUMENT["components"]["schemas"]
WRITES = {name for name, operation in OPERATIONS.items() if operation["security"] and {} not in operation["security"]}
READS = [name for name in OPERATIONS if name not in WRITES]
SENTENCE = re.compile(r"^[A-Z`*].*[.`]$", re.S)
every_operation = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


@pytest.fixture(scope="module")
def now() -> dict[str, JsonValue]:
    """Every example as the service would answer it today."""
    return examples.make()


@pytest.fixture(scope="module")
def fixed() -> Iterator[TestClient]:
    """A client of the record from which the examples are taken."""
    with examples.seeded() as client:
        yield client


def test_the_examples_are_what_the_seeded_record_answers(now: dict[str, JsonValue]) -> None:
    """`make examples` mends it."""
    kept = json.loads(examples.TARGET.read_text(encoding="utf-8"))
    assert kept.keys() == now.keys()
    for name, example in now.items():
        assert kept[name] == example, name


def test_the_examples_in_the_document_are_those_of_the_file(now: dict[str, JsonValue]) -> None:
    for name, example in now.items():
        assert isinstance(example, dict)
        answers, parameters = example["answers"], example["parameters"]
        assert isinstance(answers, dict)
        assert isinstance(parameters, dict)
        form = type_of(str(parameters.get("form", "json")))
        shown = {
            status: contents.get(form, next(iter(contents.values())))["example"]
            for status, response in OPERATIONS[name]["responses"].items()
            if (contents := response.get("content", {})) and any("example" in content for content in contents.values())
        }
        assert shown == answers


@every_operation
def test_an_operation_has_an_example_of_success_and_of_its_main_problem(operation: Document) -> None:
    wanted = {"200", "404" if any(p["in"] == "path" for p in operation.get("parameters", [])) else "422"}
    if operation["operationId"] in {OPERATIONS[name]["operationId"] for name in WRITES}:
        wanted = {"401", *({"200", "201"} & operation["responses"].keys())}
    shown = {
        status
        for status, response in operation["responses"].items()
        for content in response.get("content", {}).values()
        if "example" in content
    }
    assert wanted <= shown


@every_operation
def test_an_example_is_as_its_schema_says(operation: Document) -> None:
    shown = [
        (status, content)
        for status, response in responses(operation).items()
        for content in response.get("content", {}).values()
        if "example" in content
    ]
    for status, content in shown:
        schema = {**content["schema"], "components": {"schemas": SCHEMAS}}
        faults = Draft202012Validator(schema).iter_errors(content["example"])
        assert [f"{status}: {fault.json_path}: {fault.message[:200]}" for fault in faults] == []
        if content["schema"].get("$ref", "").endswith("/Problem"):
            assert content["example"]["status"] == int(status)


@pytest.mark.parametrize("name", sorted(WRITES))
def test_an_example_of_what_is_sent_is_as_its_schema_says(name: str) -> None:
    sent = OPERATIONS[name].get("requestBody", {}).get("content", {})
    parts = [(type_, content["schema"], content["example"]) for type_, content in sent.items()]
    parts += [(p["name"], p["schema"], p["example"]) for p in OPERATIONS[name].get("parameters", []) if "example" in p]
    for where, schema, example in parts:
        faults = Draft202012Validator(schema).iter_errors(example)
        assert [f"{where}: {fault.json_path}: {fault.message[:200]}" for fault in faults] == []


@pytest.mark.parametrize("name", READS)
def test_the_example_parameters_are_together_the_request_that_the_example_answers(fixed: TestClient, name: str) -> None:
    operation, path = OPERATIONS[name], name.split(" ", 1)[1]
    query: list[tuple[str, str]] = []
    for parameter in operation.get("parameters", []):
        if "example" not in parameter:
            assert parameter["in"] != "path", "what must be given has an example"
        elif parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(parameter["example"]))
        else:
            query += serialized(parameter)
    method = name.split(" ", 1)[0]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    response = fixed.request(method, f"{path}?{urlencode(query)}", json=body)
    assert response.status_code == 200
    content = operation["responses"]["200"]["content"][response.headers["content-type"].partition(";")[0]]
    if response.headers["content-type"] == "application/x-ndjson":
        assert content["example"] == response.text
    elif response.headers["content-type"].endswith("json") and not path.startswith("/v1/sources/"):
        assert plain(content["example"]) == plain(response.json())


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name.startswith("GET ")])
def test_the_example_parameters_are_good_in_every_media_type_and_every_form(fixed: TestClient, name: str) -> None:
    """Whoever chooses another one on the docs page and executes gets an answer, not a problem."""
    operation, path = OPERATIONS[name], name.split(" ", 1)[1]
    given = [parameter for parameter in operation.get("parameters", []) if "example" in parameter]
    query = [pair for parameter in given if parameter["in"] == "query" for pair in serialized(parameter)]
    inside = {parameter["name"]: quote(parameter["example"]) for parameter in given if parameter["in"] == "path"}
    forms = next((p["schema"]["enum"] for p in given if p["name"] == "form"), [None])
    for form in forms:
        address = path.format(**(inside | ({"form": form} if form else {})))
        for media_type in operation["responses"]["200"]["content"]:
            response = fixed.get(f"{address}?{urlencode(query)}", headers={"Accept": media_type})
            assert response.status_code == 200, (address, media_type, response.text)


def serialized(parameter: Document) -> list[tuple[str, str]]:
    """Return a parameter as OpenAPI says to send it: form style, an array exploded unless told otherwise."""
    value = parameter["example"]
    if not isinstance(value, list):
        return [(parameter["name"], str(value))]
    if parameter.get("explode", True):
        return [(parameter["name"], item) for item in value]
    return [(parameter["name"], ",".join(value))]


def plain(page: Document) -> Document:
    """Return the page with the parameters of `next` in no order."""
    if not isinstance(page, dict) or not page.get("next"):
        return page
    address = urlsplit(page["next"])
    return {**page, "next": (address.netloc, address.path, sorted(parse_qsl(address.query)))}


def test_the_cut_example_of_a_source_is_a_beginning_of_the_whole(fixed: TestClient) -> None:
    whole = fixed.get(f"/v1/sources/{examples.SOURCE}").json()
    example = OPERATIONS["GET /v1/sources/{slug}"]["responses"]["200"]["content"]["application/json"]["example"]
    for name, value in example.items():
        assert whole[name][: len(value)] == value if isinstance(value, list) else whole[name] == value
        assert value or name == "authors" or not isinstance(value, list)


def test_the_document_is_openapi_3_1_of_this_service() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert DOCUMENT["info"]["title"] == "Verbatim"
    assert DOCUMENT["info"]["license"]["identifier"] == "Apache-2.0"
    assert [server["url"] for server in DOCUMENT["servers"]] == ["/"]
    assert set(DOCUMENT) <= {"openapi", "info", "servers", "paths", "components", "tags"}


def test_every_route_but_the_pages_is_documented() -> None:
    app = create_app(Settings())
    with TestClient(app) as client:
        served = client.get("/openapi.json").json()
    assert served == json.loads(json.dumps(DOCUMENT))
    assert all(path.startswith("/v1/") or path in ("/livez", "/readyz", "/metrics") for path in served["paths"])


def test_every_reference_leads_somewhere_and_no_schema_stands_unused() -> None:
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(DOCUMENT)))
    assert named == set(SCHEMAS)


def test_every_schema_is_a_schema_of_json_schema_2020_12() -> None:
    for schema in SCHEMAS.values():
        Draft202012Validator.check_schema(schema)
    for operation in OPERATIONS.values():
        for parameter in operation.get("parameters", []):
            Draft202012Validator.check_schema(parameter["schema"])


def test_tags_are_known_introduced_and_used() -> None:
    used = {tag for operation in OPERATIONS.values() for tag in operation["tags"]}
    assert used == {name for name, _ in TAGS}
    assert all(SENTENCE.match(tag["description"]) for tag in DOCUMENT["tags"])


@every_operation
def test_an_operation_has_a_name_a_tag_a_summary_and_a_description_that_says_more(operation: Document) -> None:
    assert len(operation["tags"]) == 1
    assert re.fullmatch(r"[a-z_]+", operation["operationId"])
    assert re.match(r"[A-Z]", operation["summary"])
    assert 10 <= len(operation["summary"]) <= 60
    assert not operation["summary"].endswith(".")
    assert SENTENCE.match(operation["description"])
    assert operation["summary"] not in operation["description"]


def test_no_two_operations_have_one_name_or_one_summary() -> None:
    for key in ("operationId", "summary", "description"):
        assert len({operation[key] for operation in OPERATIONS.values()}) == len(OPERATIONS)


@every_operation
def test_a_parameter_is_described_and_bounded(operation: Document) -> None:
    for parameter in operation.get("parameters", []):
        name, schema = parameter["name"], parameter["schema"]
        assert SENTENCE.match(parameter["description"]), name
        assert schema["type"] in ("string", "integer", "boolean", "array"), name
        if schema["type"] == "integer":
            assert {"minimum", "maximum"} <= schema.keys(), name
        if parameter["in"] == "path":
            assert schema["pattern"].startswith("^"), name
        assert parameter["required"] == (parameter["in"] == "path" or name in ("text", "If-Match", "reason")), name


def test_a_schema_and_each_of_its_fields_are_described() -> None:
    for name, schema in SCHEMAS.items():
        assert SENTENCE.match(schema["description"]), name
        for field, part in schema.get("properties", {}).items():
            # A field that says no more than what it refers to is described there.
            told = part.get("description") or SCHEMAS[part["$ref"].rsplit("/", 1)[-1]]["description"]
            assert SENTENCE.match(told), (name, field)


def test_offsets_and_moments_are_described_with_their_units() -> None:
    for name, schema in SCHEMAS.items():
        for field, part in schema.get("properties", {}).items():
            if field in ("start", "end") and "Role" not in name:
                assert "ode-point offset" in part["description"], (name, field)
            if part.get("format") == "date-time":
                assert "(UTC)" in part["description"], (name, field)


@every_operation
def test_a_problem_is_documented_as_one(operation: Document) -> None:
    headers = {"401": {"WWW-Authenticate", "RateLimit", "RateLimit-Policy"}, "405": {"Allow"}}
    headers |= {"429": {"Retry-After", "RateLimit", "RateLimit-Policy"}}
    for status, response in responses(operation).items():
        assert SENTENCE.match(response["description"]), status
        assert status not in headers or response["headers"].keys() == headers[status], status
        assert status != "304" or "content" not in response
        if int(status) >= 400:
            (content,) = response["content"].items()
            assert (content[0], content[1]["schema"]) == (MEDIA_TYPE, {"$ref": "#/components/schemas/Problem"}), status


@pytest.mark.parametrize("name", READS)
def test_a_read_that_takes_a_key_says_that_none_is_needed_too(name: str) -> None:
    operation = OPERATIONS[name]
    assert operation["security"] == ([{}, {"key": []}] if "401" in operation["responses"] else [])
    assert ("429" in operation["responses"]) == ("401" in operation["responses"])


@pytest.mark.parametrize("name", [name for name in READS if name.startswith("GET ")])
def test_a_read_reads_a_key_if_and_only_if_it_says_so(reading: TestClient, name: str) -> None:
    operation = OPERATIONS[name]
    forms = next((p["schema"]["enum"] for p in operation.get("parameters", []) if p["name"] == "form"), [""])
    path = name.removeprefix("GET ").format(slug=examples.SOURCE, id="0" * 16, form=forms[0])
    status = reading.get(path, headers={"Authorization": "Basic wrong"}).status_code
    assert (status == 401) == ("401" in operation["responses"])


def test_where_reading_needs_a_key_each_operation_of_the_record_says_so() -> None:
    """Else the docs page sends none, and every answer that it shows is a 401."""
    document = create_app(Settings(read_requires_key=True)).openapi()
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            needed = [security["key"] for security in operation["security"]]
            if path.startswith("/v1/"):
                (scopes,) = needed
                name = f"{method.upper()} {path}"
                assert scopes == (OPERATIONS[name]["security"][0]["key"] if name in WRITES else []), name
                assert {"401", "429"} <= operation["responses"].keys(), name
            else:
                assert needed == []
                assert not {"401", "429"} & operation["responses"].keys()
    assert "needs one too" in document["components"]["securitySchemes"]["key"]["description"]


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_names_the_one_scope_that_it_needs(name: str) -> None:
    (need,) = OPERATIONS[name]["security"]
    assert [Scope(scope) for scope in need["key"]]
    assert {"401", "403", "429", "507"} <= OPERATIONS[name]["responses"].keys()


@pytest.mark.parametrize("name", sorted(WRITES))
def test_a_write_without_a_key_is_refused_before_anything_else(fixed: TestClient, name: str) -> None:
    method, path = name.split(" ", 1)
    response = fixed.request(method, path.format(slug="a", id="0" * 16, form="json"), content=b"{")
    assert (response.status_code, response.headers["content-type"]) == (401, MEDIA_TYPE)


def test_a_list_documents_its_link_and_its_tag(reading: TestClient) -> None:
    for name, operation in OPERATIONS.items():
        if not name.startswith("GET "):
            continue
        headers = reading.get(name.split(" ", 1)[1]).headers if "{" not in name else {}
        documented = {header.lower() for header in operation["responses"]["200"].get("headers", {})}
        for header in ("etag", "link"):
            assert header not in headers or header in documented, name


def test_the_introduction_names_everything_that_is_read_without_a_tag() -> None:
    untagged = {
        name.split(" ", 1)[1].removesuffix(".{form}")
        for name, operation in OPERATIONS.items()
        if name.startswith("GET ") and "ETag" not in operation["responses"]["200"].get("headers", {})
    }
    told = DOCUMENT["info"]["description"].partition("measured anew each time:")[2].partition("nor has")[0]
    assert set(re.findall(r"`(/[^`]+)`", told)) == untagged


@every_operation
def test_problems_of_every_operation_stand_once_in_the_document(operation: Document) -> None:
    refers = {status: response["$ref"] for status, response in operation["responses"].items() if "$ref" in response}
    assert refers == {"405": "#/components/responses/WrongMethod", "500": "#/components/responses/InternalError"}


def test_what_is_taken_by_commas_is_documented_so() -> None:
    for name in ("fields", "include", "facets"):
        (parameter,) = [p for p in OPERATIONS["GET /v1/quotes"]["parameters"] if p["name"] == name]
        assert (parameter["style"], parameter["explode"]) == ("form", False)
        assert "by commas" in parameter["description"]


def test_redocly_finds_nothing_by_its_recommended_rules(tmp_path: Path) -> None:
    redocly = shutil.which("redocly")
    if redocly is None:
        pytest.skip(
            "redocly is not on the PATH. To run it: npm install --prefix /tmp/redocly @redocly/cli, then "
            "PATH=/tmp/redocly/node_modules/.bin:$PATH pytest -n0 tests/api/test_openapi.py -k redocly"
        )
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    # It takes /v1/quotes/{id}.{form} for ambiguous, as it does not read the pattern of {id}, which has no full stop.
    rules = ["--extends", "recommended", "--skip-rule", "no-ambiguous-paths"]
    done = subprocess.run(
        [redocly, "lint", str(path), *rules, "--format", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(Path(redocly).parent) + ":/usr/bin:/bin", "REDOCLY_TELEMETRY": "off"},
    )
    found = json.loads(done.stdout)
    assert [problem["message"] for problem in found["problems"]] == []
    assert done.returncode == 0
