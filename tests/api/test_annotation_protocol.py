"""The W3C Web Annotation Protocol, as a standard client speaks it (https://www.w3.org/TR/annotation-protocol/)."""

import json
from typing import NoReturn

import pytest
from pyld import jsonld

from app.tables.words import Scope
from tests.api.test_annotations import SOURCE, WORDS, on_quote, own
from tests.api.writers import Document, Writers

LD = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
ASKING = {"Accept": LD}
BASE = "http://testserver"
CONTAINER = "/v1/annotations/"
OA = "http://www.w3.org/ns/oa#"


def annotation(target: object, **more: object) -> Document:
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "type": "Annotation",
        "motivation": "commenting",
        "body": {"type": "TextualBody", "value": "I like this!", "format": "text/plain"},
        "target": target,
        **more,
    }


def selected(*selectors: Document, source: str = f"{BASE}/v1/sources/{SOURCE}") -> Document:
    return {"type": "SpecificResource", "source": source, "selector": list(selectors)}


def test_the_container_says_what_it_is_and_what_it_takes(desk: Writers) -> None:
    for path, headers in ((CONTAINER, {}), (CONTAINER, ASKING), ("/v1/annotations", ASKING)):
        answer = desk.client.get(path, headers=headers)
        assert answer.headers["content-type"] == LD
        assert '<http://www.w3.org/ns/ldp#BasicContainer>; rel="type"' in answer.headers["link"]
        assert {"GET", "HEAD", "OPTIONS", "POST"} <= set(answer.headers["allow"].split(", "))
        assert LD in answer.headers["accept-post"]
        assert answer.headers["etag"]
        assert "Accept" in answer.headers["vary"]
        document = answer.json()
        assert document["@context"] == "http://www.w3.org/ns/anno.jsonld"
        assert document["type"] == ["BasicContainer", "AnnotationCollection"]
        assert document["id"] == f"{BASE}{CONTAINER}"
        assert document["first"]["type"] == "AnnotationPage"
        assert desk.client.get(path, headers={**headers, "If-None-Match": answer.headers["etag"]}).status_code == 304
    assert desk.client.options(CONTAINER).headers["allow"].split(", ")[-1] == "POST"
    assert desk.client.get(CONTAINER, headers={"Accept": "application/json"}).json()["items"]


def test_the_container_is_walked_page_by_page(desk: Writers) -> None:
    total = desk.client.get(CONTAINER).json()["total"]
    seen: list[str] = []
    url = f"{CONTAINER}?limit=4"
    while url:
        page = desk.client.get(url).json()
        assert (page["type"], page["partOf"]["id"]) == ("AnnotationPage", f"{BASE}{CONTAINER}")
        seen += [item["id"] for item in page["items"]]
        url = page.get("next")
    assert len(set(seen)) == len(seen) == total


@pytest.mark.parametrize(
    ("preferred", "first"),
    [("ldp#PreferMinimalContainer", "address"), ("oa#PreferContainedIRIs", "iris"), ("", "notes")],
)
def test_a_client_may_prefer_less(desk: Writers, preferred: str, first: str) -> None:
    given = {"Prefer": f'return=representation;include="http://www.w3.org/ns/{preferred}"'}
    for _ in range(2):  # the second time it would come from the cache
        document = desk.client.get(CONTAINER, headers=given if preferred else {}).json()
        page = document["first"]
        listed = page if isinstance(page, str) else page["items"][0]
        found = "address" if page is listed else "iris" if isinstance(listed, str) else "notes"
        assert found == first


def test_a_web_annotation_is_created_read_replaced_and_deleted(desk: Writers) -> None:
    text = desk.client.get(f"/v1/sources/{SOURCE}").json()["text"]
    at = text.index(WORDS)
    target = selected(
        {"type": "TextPositionSelector", "start": at, "end": at + len(WORDS)},
        {"type": "TextQuoteSelector", "exact": WORDS, "prefix": text[at - 8 : at], "suffix": text[at + len(WORDS)]},
    )
    headers = desk.headers(Scope.ANNOTATE) | {"Content-Type": LD, "Accept-Encoding": "identity"}
    made = desk.client.post(CONTAINER, content=json.dumps(annotation(target, id="#temporary")), headers=headers)
    assert made.status_code == 201, made.text
    where = made.headers["location"]
    assert (made.json()["id"], made.headers["content-type"]) == (where, LD)
    assert '<http://www.w3.org/ns/ldp#Resource>; rel="type"' in made.headers["link"]

    read = desk.client.get(where, headers=ASKING | {"Accept-Encoding": "identity"})
    assert (read.content, read.headers["etag"]) == (made.content, made.headers["etag"])
    assert {"PUT", "DELETE", "GET"} <= set(read.headers["allow"].split(", "))
    assert read.json()["target"]["selector"][0] == {
        "type": "TextPositionSelector",
        "start": at,
        "end": at + len(WORDS),
    }
    assert where in [item["id"] for item in desk.client.get(f"{CONTAINER}?limit=200").json()["items"]]

    after = read.json() | {"body": {"type": "TextualBody", "value": "I do not.", "purpose": "commenting"}}
    without = desk.client.put(where, content=json.dumps(after), headers=headers)
    assert without.status_code == 428
    put = desk.client.put(where, content=json.dumps(after), headers=headers | {"If-Match": read.headers["etag"]})
    assert (put.status_code, put.json()["body"]["value"]) == (200, "I do not."), put.text
    stale = desk.client.delete(where, headers=headers | {"If-Match": read.headers["etag"]})
    assert (stale.status_code, stale.json()["version"]) == (412, 2)
    gone = desk.client.delete(where, headers=headers | {"If-Match": put.headers["etag"]})
    assert (gone.status_code, desk.client.get(where).status_code) == (204, 410)


def test_a_whole_quote_is_annotated_by_its_address(desk: Writers) -> None:
    quote = desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"]
    for at, target in enumerate((f"{BASE}/v1/quotes/{quote}", f"{BASE}/quotes/{quote}", {"id": f"/v1/quotes/{quote}"})):
        note = annotation(target, body={"type": "TextualBody", "value": f"Note {at}"})
        made = desk.client.post(CONTAINER, json=note, headers=desk.headers() | {"Content-Type": LD})
        assert made.status_code == 201, made.text
        assert made.json()["target"] == f"{BASE}/v1/quotes/{quote}"


@pytest.mark.parametrize("body", [{}, {"body": None}, {"body": []}, {"bodyValue": None}], ids=str)
def test_a_highlight_has_no_body_in_and_out(desk: Writers, body: Document) -> None:
    quote = desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"]
    note = annotation(f"{BASE}/v1/quotes/{quote}", motivation="highlighting")
    del note["body"]
    headers = desk.headers() | {"Content-Type": LD}
    made = desk.client.post(CONTAINER, json=note | body, headers=headers)
    assert (made.status_code, made.json()["motivation"]) == (201, "highlighting"), made.text
    assert "body" not in made.json()
    read = desk.client.get(made.headers["location"], headers=ASKING)
    assert "body" not in read.json()
    put = desk.client.put(made.headers["location"], json=read.json(), headers=headers | {"If-Match": "*"})
    assert (put.status_code, put.json()) == (200, read.json()), put.text


def test_a_purpose_that_is_not_known_is_named_where_it_stands(desk: Writers) -> None:
    quote = desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"]
    note = annotation(f"{BASE}/v1/quotes/{quote}", body={"type": "TextualBody", "value": "Ships", "purpose": "tagging"})
    del note["motivation"]
    answer = desk.client.post(CONTAINER, json=note, headers=desk.headers() | {"Content-Type": LD})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/body/purpose")
    assert error["detail"].startswith("/body/purpose=\"tagging\": input should be 'commenting', ")


REFUSED: dict[str, tuple[Document, str]] = {
    "no type": ({"type": "Note"}, "/type"),
    "no body": ({"body": []}, "/body"),
    "a body of nothing": ({"motivation": "highlighting", "body": {"type": "TextualBody"}}, "/body/value"),
    "a blank": ({"motivation": "highlighting", "body": {"type": "TextualBody", "value": " "}}, "/body/value"),
    "a state": ({"target": {"source": f"{BASE}/v1/quotes/{'0' * 16}", "state": {}}}, "/target/state"),
    "two bodies": ({"body": [{"type": "TextualBody", "value": "a"}] * 2}, "/body"),
    "a body elsewhere": ({"body": "http://example.org/body"}, "/body"),
    "HTML": ({"body": {"type": "TextualBody", "value": "<b>a</b>", "format": "text/html"}}, "/body/format"),
    "a language": ({"body": {"type": "TextualBody", "value": "a", "language": "fr"}}, "/body/language"),
    "a tag": ({"motivation": "tagging"}, "/motivation"),
    "two reasons": ({"body": {"type": "TextualBody", "value": "a", "purpose": "editing"}}, "/body/purpose"),
    "elsewhere": ({"target": "http://example.org/page"}, "/target"),
    "a path out": ({"target": f"{BASE}/v1/sources/../keys"}, "/target"),
    "an unknown selector": (
        {"target": selected({"type": "XPathSelector", "value": "/p"})},
        "/target/selector/type",
    ),
    "other words": ({"target": selected({"type": "TextQuoteSelector", "exact": "no such words"})}, "/target"),
    "rights": ({"rights": "https://creativecommons.org/publicdomain/zero/1.0/"}, "/rights"),
    "polluted": ({"__proto__": {"creator": "root"}}, "/__proto__"),
}


@pytest.mark.parametrize(("wrong", "pointer"), REFUSED.values(), ids=REFUSED)
def test_what_the_record_cannot_keep_is_refused_by_name(desk: Writers, wrong: Document, pointer: str) -> None:
    quote = desk.client.get("/v1/quotes?limit=1").json()["items"][0]["id"]
    note = annotation(f"{BASE}/v1/quotes/{quote}") | wrong
    answer = desk.client.post(CONTAINER, json=note, headers=desk.headers() | {"Content-Type": LD})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


def refuse(url: str, options: object) -> NoReturn:
    raise AssertionError(f"{url} was asked for")


def test_without_the_profile_a_document_stands_for_itself(desk: Writers) -> None:
    path = own(desk)
    plain = desk.client.get(path, headers={"Accept": "application/ld+json"})
    assert plain.headers["content-type"] == "application/ld+json"
    (node,) = jsonld.expand(plain.json(), {"documentLoader": refuse})
    assert node[f"{OA}motivatedBy"] == [{"@id": f"{OA}commenting"}]
    assert node[f"{OA}hasBody"][0][f"{OA}hasPurpose"] == [{"@id": f"{OA}commenting"}]
    assert node[f"{OA}hasTarget"][0]["@id"].startswith(f"{BASE}/v1/quotes/")
    members = {name for name in plain.json() if name != "@context"}
    assert members == {name for name in desk.client.get(path, headers=ASKING).json() if name != "@context"}
    (listed,) = jsonld.expand(
        desk.client.get(CONTAINER, headers={"Accept": "application/ld+json"}).json(), {"documentLoader": refuse}
    )
    assert "http://www.w3.org/ns/ldp#BasicContainer" in listed["@type"]


def test_json_is_what_nobody_has_to_ask_for(desk: Writers) -> None:
    made = desk.post("/v1/annotations", on_quote(desk, "Plain."), Scope.ANNOTATE)
    assert made.headers["content-type"] == "application/json"
    assert desk.client.get(made.json()["url"]).headers["content-type"] == "application/json"
    assert desk.client.get(made.json()["url"], headers={"Accept": "text/html"}).status_code == 406
