"""Quotes in every form over HTTP: which one is answered, that all say the same, and that hostile words do no harm."""

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from fastapi.testclient import TestClient
from pydantic import JsonValue
from pyld import jsonld

from app.api.forms import LISTS, SINGLES, Form
from app.main import create_app
from app.settings import Settings
from app.tables.db import Database
from tests.conftest import url_of
from tests.formats.samples import HOSTILE
from tests.formats.test_atom import ATOM, NOT_XML
from tests.formats.test_csv import COMPUTED, unguarded
from tests.formats.test_jsonld import refuse
from tests.written import put, seen

JSON, JSONLD, CSV, NDJSON = "application/json", "application/ld+json", "text/csv", "application/x-ndjson"
ATOM_TYPE, CSL, BIB = "application/atom+xml", "application/vnd.citationstyles.csl+json", "application/x-bibtex"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
NO_TYPE = "application/problem+json"

# suffix, Accept, the type that is answered; a problem for none.
NEGOTIATED: dict[str, tuple[str, str | None, str]] = {
    "no Accept": ("", None, JSON),
    "an empty Accept": ("", "", JSON),
    "anything": ("", "*/*", JSON),
    "a browser": ("", BROWSER, JSON),
    "JSON": ("", "application/json", JSON),
    "JSON with a charset": ("", "application/json; charset=utf-8", JSON),
    "any application": ("", "application/*", JSON),
    "any text": ("", "text/*", CSV),
    "JSON-LD": ("", "application/ld+json", JSONLD),
    "JSON-LD with a profile": ("", 'application/ld+json;profile="http://www.w3.org/ns/anno.jsonld"', JSONLD),
    "CSV": ("", "text/csv", CSV),
    "CSV in capitals": ("", "TEXT/CSV", CSV),
    "CSV with its parameters": ("", "text/csv; header=present; charset=UTF-8", CSV),
    "CSV without a header": ("", "text/csv;header=absent", NO_TYPE),
    "NDJSON": ("", "application/x-ndjson", NDJSON),
    "Atom": ("", "application/atom+xml", ATOM_TYPE),
    "the one with more weight": ("", "text/csv;q=0.4, application/atom+xml;q=0.5", ATOM_TYPE),
    "the first of equal weight": ("", "text/csv, application/json", JSON),
    "the more precise range tells the weight": ("", "*/*, application/json;q=0.1, application/ld+json;q=0.2", CSV),
    "not JSON": ("", "application/json;q=0, */*", JSONLD),
    "nothing of any": ("", "*/*;q=0", NO_TYPE),
    "any but the range is refused": ("", "application/*;q=0, */*;q=0.1", CSV),
    "HTML alone": ("", "text/html", NO_TYPE),
    "XML alone": ("", "application/xml", NO_TYPE),
    "what there is not, and what there is": ("", "text/html, text/csv;q=0.001", CSV),
    "no media range": ("", "whatever", JSON),
    "a range that is none": ("", "*/csv", JSON),
    "a weight that is none is passed over": ("", "text/csv;q=2, application/x-ndjson", NDJSON),
    "a comma in quotation marks": ("", 'text/html;a="b,text/csv", application/x-ndjson', NDJSON),
    "blanks": ("", "  text/csv ; q = 0.9  ,  text/html ", CSV),
    "a suffix": (".csv", None, CSV),
    "a suffix wins": (".csv", "application/json", CSV),
    "a suffix wins over what is taken": (".atom", "text/html", ATOM_TYPE),
    "the suffix of JSON": (".json", "text/csv", JSON),
    "the suffix of JSON-LD": (".jsonld", BROWSER, JSONLD),
    "the suffix of NDJSON": (".ndjson", "*/*;q=0", NDJSON),
    "a suffix that there is not": (".xml", None, NO_TYPE),
    "a suffix in capitals": (".CSV", None, NO_TYPE),
}
OF_ONE: dict[str, tuple[str, str | None, str]] = {
    "CSL": ("", CSL, CSL),
    "BibTeX": ("", BIB, BIB),
    "an entry": ("", "application/atom+xml;type=entry", ATOM_TYPE),
    "no feed": ("", "application/atom+xml;type=feed", NO_TYPE),
    "the suffix of CSL": (".csl", "application/json", CSL),
    "the suffix of BibTeX": (".bib", None, BIB),
}
OF_LISTS: dict[str, tuple[str, str | None, str]] = {
    "a feed": ("", "application/atom+xml;type=feed", ATOM_TYPE),
    "no entry": ("", "application/atom+xml;type=entry", NO_TYPE),
    "no citation": ("", CSL, NO_TYPE),
    "no suffix of a citation": (".bib", None, NO_TYPE),
}


def essence(type_: str) -> str:
    return type_.partition(";")[0]


def is_as_said(client: TestClient, path: str, accept: str | None, expected: str, suffix: str) -> None:
    request = client.build_request("GET", path, headers={"Accept": accept or ""})
    if accept is None:
        del request.headers["Accept"]
    response = client.send(request)
    assert essence(response.headers["content-type"]) == expected
    assert response.status_code == (200 if expected != NO_TYPE else 404 if suffix else 406)
    vary = {name.strip() for name in response.headers.get("vary", "").split(",")}
    assert ("Accept" in vary) is (not suffix)


@pytest.mark.parametrize(("suffix", "accept", "expected"), (NEGOTIATED | OF_LISTS).values(), ids=NEGOTIATED | OF_LISTS)
def test_a_list_is_answered_in_the_type_that_is_liked_best(
    reading: TestClient, suffix: str, accept: str | None, expected: str
) -> None:
    is_as_said(reading, f"/v1/quotes{suffix}", accept, expected, suffix)


@pytest.mark.parametrize(("suffix", "accept", "expected"), (NEGOTIATED | OF_ONE).values(), ids=NEGOTIATED | OF_ONE)
def test_a_quote_is_answered_in_the_type_that_is_liked_best(
    reading: TestClient, suffix: str, accept: str | None, expected: str
) -> None:
    is_as_said(reading, f"/v1/quotes/{any_id(reading)}{suffix}", accept, expected, suffix)


def any_id(client: TestClient) -> str:
    found = client.get("/v1/quotes.json?speaker=masoud-pezeshkian&sort=source&kind=direct&limit=1").json()["items"]
    return str(found[0]["id"])


def test_several_accept_headers_are_one(reading: TestClient) -> None:
    for last in ("text/html", "*/*;q=0.1"):
        answers = [
            reading.get("/v1/quotes", headers=[("accept", first), ("accept", last)]).headers["content-type"]
            for first in ("text/csv", "application/x-ndjson", "text/csv")
        ]
        assert [essence(answer) for answer in answers] == [CSV, NDJSON, CSV]


def test_what_is_not_there_names_what_is(reading: TestClient) -> None:
    refused = reading.get("/v1/quotes", headers={"Accept": "text/html"}).json()
    unknown = reading.get("/v1/quotes.xml").json()
    assert refused["type"] == "/problems#not-acceptable"
    for problem in (refused, unknown):
        for form, type_ in LISTS.items():
            assert f"{essence(type_)} (.{form})" in problem["detail"]
    citation = reading.get(f"/v1/quotes/{any_id(reading)}.xml").json()["detail"]
    assert all(f"(.{form})" in citation for form in SINGLES)


def test_a_quote_that_is_not_there_is_a_problem_in_every_form(reading: TestClient) -> None:
    for form in SINGLES:
        response = reading.get(f"/v1/quotes/0123456789abcdef.{form}")
        assert response.status_code == 404
        assert response.headers["content-type"] == NO_TYPE
        assert "There is no quote" in response.json()["detail"]


# The ids of a page in a form.


def ids_of_json(text: str) -> list[str]:
    return [item["id"] for item in json.loads(text)["items"]]


def ids_of_csv(text: str) -> list[str]:
    return [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""), strict=True)]


def ids_of_ndjson(text: str) -> list[str]:
    return [json.loads(line)["id"] for line in text.split("\n")[:-1]]


def ids_of_jsonld(text: str) -> list[str]:
    return [item["body"]["url"].rsplit("/", 1)[1] for item in json.loads(text)["items"]]


def ids_of_atom(text: str) -> list[str]:
    root = Xml.fromstring(text)
    return [(node.text or "").rsplit("/", 1)[1] for node in root.findall(f"{ATOM}entry/{ATOM}id")]


READERS: dict[Form, Callable[[str], list[str]]] = {
    Form.JSON: ids_of_json,
    Form.CSV: ids_of_csv,
    Form.NDJSON: ids_of_ndjson,
    Form.JSONLD: ids_of_jsonld,
    Form.ATOM: ids_of_atom,
}


def walked(client: TestClient, form: Form, query: str, accept: str | None = None) -> list[list[str]]:
    """Return the ids of each page, by following Link."""
    headers = {"Accept": accept} if accept else {}
    url: str | None = f"/v1/quotes{'' if accept else f'.{form}'}?{query}"
    pages = []
    while url is not None:
        response = client.get(url, headers=headers)
        assert response.status_code == 200, response.text
        pages.append(READERS[form](response.text))
        url = response.links.get("next", {}).get("url")
        if url is not None:
            where = urlsplit(url)
            assert where.path == ("/v1/quotes" if accept else f"/v1/quotes.{form}")
            url = f"{where.path}?{where.query}"
    return pages


@pytest.mark.parametrize(
    "query",
    [
        "limit=7",
        "limit=20&polarity=any&sort=source",
        "limit=3&speaker=ali-khamenei&speaker=masoud-pezeshkian",
        "limit=4&q=talks",
        "limit=5&topic=us-iran-talks&stance=opposes&sort=-length",
        "speaker=ali-khamenei&said_from=2026-01-01",
    ],
)
@pytest.mark.parametrize("form", list(READERS))
def test_every_form_walks_through_the_same_pages(reading: TestClient, form: Form, query: str) -> None:
    expected = walked(reading, Form.JSON, query)
    assert walked(reading, form, query) == expected
    assert walked(reading, form, query, accept=LISTS[form]) == expected


def test_a_cursor_of_one_form_is_good_in_another(reading: TestClient) -> None:
    first = reading.get("/v1/quotes?limit=5").json()
    after = urlsplit(first["next"]).query
    assert ids_of_csv(reading.get(f"/v1/quotes.csv?{after}").text) == ids_of_json(
        reading.get(f"/v1/quotes?{after}").text
    )


@pytest.mark.parametrize("form", list(SINGLES))
def test_one_quote_is_told_in_every_form(reading: TestClient, form: str) -> None:
    name = any_id(reading)
    response = reading.get(f"/v1/quotes/{name}.{form}")
    assert response.status_code == 200
    assert response.headers["content-type"] == SINGLES[form]
    whole = reading.get(f"/v1/quotes/{name}").json()
    text = response.text
    if form == Form.JSON:
        assert response.json() == whole
    elif form == Form.NDJSON:
        assert json.loads(text) == whole
    elif form == Form.CSV:
        assert next(csv.DictReader(io.StringIO(text, newline="")))["text"] == whole["text"]
    elif form == Form.JSONLD:
        (node,) = jsonld.expand(json.loads(text), {"documentLoader": refuse})
        assert len(node["http://www.w3.org/ns/oa#hasTarget"]) == len(whole["segments"])
    elif form == Form.ATOM:
        assert feedparser.parse(text.encode()).entries[0]["summary"] == whole["text"]
    elif form == Form.CSL:
        assert json.loads(text)[0]["title"] == whole["source"]["title"]
    else:
        assert text.startswith(f"@misc{{verbatim-{name},")


CACHED = [f"/v1/quotes.{form}" for form in LISTS] + [f"/v1/quotes/{{id}}.{form}" for form in SINGLES]


@pytest.mark.parametrize("path", CACHED)
def test_an_unchanged_form_is_answered_304(reading: TestClient, path: str) -> None:
    address = path.format(id=any_id(reading))
    for coding in ("identity", "gzip"):
        headers = {"Accept-Encoding": coding}
        first = reading.get(address, headers=headers)
        again = reading.get(address, headers={**headers, "If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == first.headers["etag"]
        assert reading.get(address, headers={**headers, "If-None-Match": '"other"'}).status_code == 200


def test_a_304_of_a_negotiated_path_tells_that_accept_chose(reading: TestClient) -> None:
    first = reading.get("/v1/quotes", headers={"Accept": CSV})
    again = reading.get("/v1/quotes", headers={"Accept": CSV, "If-None-Match": first.headers["etag"]})
    other = reading.get("/v1/quotes", headers={"Accept": JSON, "If-None-Match": first.headers["etag"]})
    assert (again.status_code, other.status_code) == (304, 200)
    assert "Accept" in again.headers["vary"]


def test_every_form_has_a_tag_of_its_own(reading: TestClient) -> None:
    for paths in (
        [f"/v1/quotes.{form}" for form in LISTS],
        [f"/v1/quotes/{any_id(reading)}.{form}" for form in SINGLES],
    ):
        assert len({reading.get(path).headers["etag"] for path in paths}) == len(paths)


@pytest.mark.parametrize(
    ("form", "parameter"),
    [
        ("ndjson", "facets=topic"),
        ("csv", "facets=topic"),
        ("csv", "include=links"),
        ("jsonld", "fields=id"),
        ("jsonld", "include=links"),
        ("jsonld", "facets=kind"),
        ("atom", "fields=id"),
        ("atom", "include=segments"),
        ("atom", "facets=kind"),
    ],
)
def test_a_parameter_that_means_nothing_in_a_form_is_refused(reading: TestClient, form: str, parameter: str) -> None:
    name = parameter.partition("=")[0]
    response = reading.get(f"/v1/quotes.{form}?{parameter}")
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {"detail": f"{name} means nothing in the form .{form}: leave it out, or ask for .json.", "parameter": name}
    ]


def test_fields_pick_columns_of_csv_and_members_of_ndjson(reading: TestClient) -> None:
    rows = reading.get("/v1/quotes.csv?fields=said,id&limit=3").text.split("\r\n")
    assert rows[0].startswith("id,said,said_earliest,")
    lines = [json.loads(line) for line in reading.get("/v1/quotes.ndjson?fields=said,id&limit=3").text.splitlines()]
    assert [set(line) for line in lines] == [{"id", "said"}] * 3
    (line,) = reading.get("/v1/quotes.ndjson?include=segments&limit=1").text.splitlines()
    assert json.loads(line)["segments"]


# Words that formats trip over, on the record.


@pytest.fixture(scope="module")
def hostile(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("hostile")
    path = folder / "hostile.db"
    shutil.copy(empty_template, path)
    database = Database(url_of(path))
    put(
        database,
        folder,
        list(HOSTILE.values()),
        url="https://news.example/a?b=c#part",
        authors=[seen(words) for words in HOSTILE.values()],
    )
    database.close()
    with TestClient(create_app(Settings(database_url=url_of(path)))) as client:
        yield client


def items_of(client: TestClient) -> dict[str, dict[str, JsonValue]]:
    """Return each quote of the hostile record by its words as given; `text` folds line breaks."""
    items = client.get("/v1/quotes?limit=200").json()["items"]
    found = {item["said"]["note"]: item for item in items}
    assert set(found) == set(HOSTILE.values())
    return found


def test_hostile_words_compute_nothing_in_csv(hostile: TestClient) -> None:
    text = hostile.get("/v1/quotes.csv?limit=200").text
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert not [cell for row in rows for cell in row.values() if cell.startswith(COMPUTED)]
    assert {unguarded(row["said_note"]): unguarded(row["text"]) for row in rows} == {
        words: item["text"] for words, item in items_of(hostile).items()
    }


def test_hostile_words_stand_on_one_line_of_ndjson(hostile: TestClient) -> None:
    lines = hostile.get("/v1/quotes.ndjson?limit=200").text.split("\n")
    assert [json.loads(line) for line in lines[:-1]] == list(items_of(hostile).values())


def test_hostile_words_make_a_feed_that_is_one(hostile: TestClient) -> None:
    response = hostile.get("/v1/quotes.atom?limit=200")
    assert not feedparser.parse(response.content).bozo
    found = [node.text for node in Xml.fromstring(response.text).findall(f"{ATOM}entry/{ATOM}summary")]
    assert found == [NOT_XML.sub("\ufffd", str(item["text"])) for item in items_of(hostile).values()]


def test_hostile_words_are_words_in_json_ld(hostile: TestClient) -> None:
    document = hostile.get("/v1/quotes.jsonld?limit=200").json()
    assert len(jsonld.expand(document, {"documentLoader": refuse})) == 1
    exact = {
        selector["exact"]
        for item in document["items"]
        for target in item["target"]
        for selector in target["selector"]
        if target["role"] == "content" and "exact" in selector
    }
    assert exact == {words.strip() for words in HOSTILE.values()}


def test_hostile_words_are_told_whole_in_every_form_of_one(hostile: TestClient) -> None:
    for item in items_of(hostile).values():
        for form in SINGLES:
            response = hostile.get(f"/v1/quotes/{item['id']}.{form}")
            assert response.status_code == 200, response.text
        assert not feedparser.parse(hostile.get(f"/v1/quotes/{item['id']}.atom").content).bozo


def test_the_evidence_is_the_source_s_address_with_the_words_marked(hostile: TestClient) -> None:
    plain = items_of(hostile)[HOSTILE["a minus"]]
    whole = hostile.get(f"/v1/quotes/{plain['id']}").json()
    assert whole["evidence_url"] == "https://news.example/a?b=c#part:~:text=%2D2%2B3"
    assert hostile.get(f"/v1/quotes/{plain['id']}.csl").json()[0]["URL"] == whole["evidence_url"]


def test_a_source_without_an_address_gives_no_evidence_url(reading: TestClient) -> None:
    assert reading.get(f"/v1/quotes/{any_id(reading)}").json()["evidence_url"] is None


def test_of_an_excerpt_no_more_is_told_than_its_context(empty: Database, tmp_path: Path) -> None:
    long = "said again and again in the very same words of this one sentence, which goes on for longer than is told"
    put(empty, tmp_path, ["so it is", "so it is"], url="https://news.example/b", access="excerpt", slug="twice")
    put(empty, tmp_path, [f"{long} so it is", f"{long} so it is not"], url="https://news.example/c", access="excerpt")
    with TestClient(create_app(Settings(database_url=url_of(empty.path)))) as client:
        for source in ("twice", "sayings"):
            for item in client.get(f"/v1/quotes?source={source}").json()["items"]:
                whole = client.get(f"/v1/quotes/{item['id']}").json()
                for segment in whole["segments"]:
                    assert len(segment["prefix"]) <= 32
                directive = whole["evidence_url"].partition("#:~:text=")[2]
                assert directive
                around = [part.strip("-") for part in directive.split(",") if part != part.strip("-")]
                assert all(len(unquote(part)) <= 32 for part in around)


def test_every_form_is_documented_with_an_example(reading: TestClient) -> None:
    paths = reading.get("/openapi.json").json()["paths"]
    for path, forms in (
        ("/v1/quotes", LISTS),
        ("/v1/quotes.{form}", LISTS),
        ("/v1/quotes/{id}", SINGLES),
        ("/v1/quotes/{id}.{form}", SINGLES),
    ):
        operation = paths[path]["get"]
        content = operation["responses"]["200"]["content"]
        assert set(content) == {essence(type_) for type_ in forms.values()}
        assert all(described["example"] for type_, described in content.items() if type_ != JSON)
        assert ("406" in operation["responses"]) is ("{form}" not in path)
        named = [parameter["schema"]["enum"] for parameter in operation["parameters"] if parameter["name"] == "form"]
        assert named == ([list(forms)] if "{form}" in path else [])


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes.jsonld"])
def test_every_page_of_json_ld_has_the_name_that_the_page_before_gives_it(many: TestClient, path: str) -> None:
    """However the pages are asked for: by suffix or by Accept."""
    headers = {"Accept": "application/ld+json"}
    response = many.get(f"{path}?limit=5&sort=added", headers=headers)
    first = response.json()
    collection = first["partOf"]
    assert collection["first"] == first["id"]
    assert collection["id"] == f"{first['id']}#list"
    second = many.get(response.links["next"]["url"], headers=headers).json()
    assert first["next"] == second["id"] == many.get(first["next"]).json()["id"]
    assert second["partOf"] == collection
