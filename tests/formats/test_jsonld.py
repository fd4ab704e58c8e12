"""JSON-LD, read by a JSON-LD processor that may not use the network."""

import json
from typing import NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue
from pyld import jsonld

from app.formats.jsonld import TAIL, Listing, context, head, items, whole
from app.tables.quote import QuoteWhole
from app.tables.words import Polarity
from tests.formats.samples import BASE, HOSTILE, bare, quote

OA = "http://www.w3.org/ns/oa#"
SCHEMA = "http://schema.org/"
AS = "https://www.w3.org/ns/activitystreams#"
FIRST, PAGE = f"{BASE}/v1/quotes.jsonld", f"{BASE}/v1/quotes.jsonld?after=x"
Node = dict[str, JsonValue]


def refuse(url: str, options: object) -> NoReturn:
    raise AssertionError(f"{url} was asked for: a document must carry all that it needs")


def expanded(text: str) -> Node:
    nodes = jsonld.expand(json.loads(text), {"documentLoader": refuse})
    assert len(nodes) == 1
    node: Node = nodes[0]
    return node


def compacted(node: Node) -> Node:
    made: Node = jsonld.compact(node, context(), {"documentLoader": refuse, "graph": False})
    return made


def node_of(value: JsonValue, *names: str) -> Node:
    """Follow properties to the one node there."""
    for name in names:
        assert isinstance(value, dict)
        found = value[name]
        assert isinstance(found, list)
        assert len(found) == 1
        value = found[0]
    assert isinstance(value, dict)
    return value


def page_of(*quotes: QuoteWhole) -> str:
    listing = Listing(PAGE, FIRST, f"{BASE}/next", 7, False)
    return head(listing) + items(quotes, BASE) + TAIL


def sorted_sets(value: JsonValue) -> JsonValue:
    """Return the value with what JSON-LD does not order in one order: members, and sets of topics and the like."""
    if isinstance(value, dict):
        return {name: sorted_sets(value[name]) for name in sorted(value)}
    if isinstance(value, list):
        return [sorted_sets(item) for item in value]
    return value


@pytest.mark.parametrize("polarity", list(Polarity))
def test_nothing_is_lost_by_expanding_and_compacting(polarity: Polarity) -> None:
    text = whole(quote(polarity=polarity), BASE)
    assert sorted_sets(compacted(expanded(text))) == sorted_sets(json.loads(text))


def test_nothing_is_lost_of_a_quote_of_which_little_is_known() -> None:
    text = whole(bare(), BASE)
    assert sorted_sets(compacted(expanded(text))) == sorted_sets(json.loads(text))


def test_nothing_is_lost_of_a_page_and_its_order_stays() -> None:
    quotes = [quote(text=text).model_copy(update={"id": f"{at:016}"}) for at, text in enumerate(HOSTILE.values())]
    text = page_of(*quotes)
    node = expanded(text)
    assert sorted_sets(compacted(node)) == sorted_sets(json.loads(text))
    listed = node_of(node, f"{AS}items")["@list"]
    assert isinstance(listed, list)
    bodies = [node_of(item, f"{OA}hasBody") for item in listed]
    assert [node_of(body, f"{SCHEMA}text")["@value"] for body in bodies] == list(HOSTILE.values())


@settings(max_examples=50, deadline=None)
@given(st.text(min_size=1, max_size=40))
def test_any_text_comes_through(text: str) -> None:
    node = expanded(whole(quote(text=text), BASE))
    assert node_of(node, f"{OA}hasBody", f"{SCHEMA}text")["@value"] == text


def test_every_key_of_a_document_has_an_iri() -> None:
    """A processor drops a key that the context does not know without a word."""

    def keys(value: JsonValue) -> set[str]:
        if isinstance(value, dict):
            return set(value) | {key for inner in value.values() for key in keys(inner)}
        return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()

    terms = context()["@context"]
    assert isinstance(terms, dict)
    for text in (whole(quote(), BASE), whole(quote(polarity=Polarity.DENIED), BASE), page_of(quote())):
        document = json.loads(text)
        assert document.pop("@context") == terms
        assert keys(document) <= set(terms)


def test_a_quote_is_an_annotation_whose_targets_are_its_segments() -> None:
    node = expanded(whole(quote(), BASE))
    assert node["@type"] == [f"{OA}Annotation"]
    assert node["@id"] == f"{BASE}/v1/quotes/{'0' * 16}"
    assert node[f"{OA}motivatedBy"] == [{"@id": f"{OA}describing"}]
    targets = node[f"{OA}hasTarget"]
    assert isinstance(targets, list)
    assert len(targets) == len(quote().segments)
    for target, segment in zip(targets, quote().segments, strict=True):
        assert node_of(target, f"{OA}hasSource") == {"@id": f"{BASE}/v1/sources/a-source"}
        assert isinstance(target, dict)
        selectors = target[f"{OA}hasSelector"]
        assert isinstance(selectors, list)
        position, words = selectors
        assert node_of(position, f"{OA}start")["@value"] == segment.start
        assert node_of(position, f"{OA}end")["@value"] == segment.end
        for name in ("exact", "prefix", "suffix"):
            assert node_of(words, f"{OA}{name}")["@value"] == getattr(segment, name)


def test_what_is_asserted_is_a_quotation_by_its_speaker() -> None:
    body = node_of(expanded(whole(quote(), BASE)), f"{OA}hasBody")
    assert body["@type"] == [f"{SCHEMA}Quotation"]
    speaker = node_of(body, f"{SCHEMA}spokenByCharacter")
    assert speaker["@type"] == [f"{SCHEMA}Person"]
    assert body[f"{SCHEMA}creator"] == [{"@id": speaker["@id"]}]
    said = node_of(body, f"{SCHEMA}dateCreated")
    assert said == {"@type": "http://id.loc.gov/datatypes/edtf/EDTF-level1", "@value": "2025-03/.."}
    assert node_of(body, f"{SCHEMA}datePublished")["@value"] == "2025-03-09"
    assert node_of(body, f"{SCHEMA}isPartOf")["@type"] == [f"{SCHEMA}NewsArticle"]
    assert node_of(body, f"{SCHEMA}isBasedOn") == {"@id": quote().evidence_url}


@pytest.mark.parametrize("polarity", [polarity for polarity in Polarity if polarity is not Polarity.ASSERTED])
def test_what_is_not_asserted_is_nobodys_quotation(polarity: Polarity) -> None:
    body = node_of(expanded(whole(quote(polarity=polarity), BASE)), f"{OA}hasBody")
    assert body["@type"] == ["urn:verbatim:Report"]
    assert not {f"{SCHEMA}spokenByCharacter", f"{SCHEMA}creator", f"{SCHEMA}dateCreated"} & set(body)
    assert node_of(body, "urn:verbatim:polarity")["@value"] == polarity
    assert node_of(body, "urn:verbatim:speaker")["@id"] == f"{BASE}/v1/speakers/somebody"


def test_a_page_tells_the_list_that_it_is_of_and_the_next_page() -> None:
    page = expanded(page_of(quote(), bare()))
    assert page["@type"] == [f"{AS}OrderedCollectionPage"]
    assert node_of(page, f"{AS}next") == {"@id": f"{BASE}/next"}
    assert node_of(page, f"{AS}partOf", f"{AS}totalItems")["@value"] == 7


def test_a_list_is_none_of_its_pages_and_tells_the_first() -> None:
    page = expanded(page_of(quote()))
    whole = node_of(page, f"{AS}partOf")
    assert whole["@type"] == [f"{AS}OrderedCollection"]
    assert whole["@id"] not in (FIRST, PAGE)
    assert node_of(whole, f"{AS}first") == {"@id": FIRST}
    assert page["@id"] == PAGE


ANNO = "http://www.w3.org/ns/anno.jsonld"
# Some of what W3C's context says of our terms, as far as it says something else than ours.
THEIRS: Node = {
    "oa": OA,
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "type": {"@type": "@id", "@id": "@type"},
    "body": {"@type": "@id", "@id": "oa:hasBody"},
    "target": {"@type": "@id", "@id": "oa:hasTarget"},
    "creator": {"@type": "@id", "@id": "dcterms:creator"},
    "name": "foaf:name",
    "items": {"@type": "@id", "@id": f"{AS}items", "@container": "@list"},
}


def offline(url: str, options: object) -> Node:
    assert url == ANNO
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": THEIRS}}


def test_who_adds_the_context_of_the_web_annotation_in_front_reads_the_same() -> None:
    for text in (whole(quote(), BASE), whole(quote(polarity=Polarity.DENIED), BASE), page_of(quote())):
        document = json.loads(text)
        own = document["@context"]
        both = jsonld.expand({**document, "@context": [ANNO, own]}, {"documentLoader": offline})
        assert both == jsonld.expand(document, {"documentLoader": refuse})
        with pytest.raises(jsonld.JsonLdError):
            jsonld.expand({**document, "@context": [ANNO, own]}, {"documentLoader": unreachable})


def unreachable(url: str, options: object) -> NoReturn:
    raise jsonld.JsonLdError(f"{url} cannot be reached", "jsonld.LoadDocumentError")
