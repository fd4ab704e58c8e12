"""The models: what is sent is, byte for byte, their dump. Nothing holds it to them at run time.

tests/api/test_contract.py holds the answers to the document; here the order of fields and their spelling stand too.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel

from app.api.operations import Health
from app.api.problems import MEDIA_TYPE
from app.main import create_app
from app.settings import Settings
from app.tables.change import ChangePage, FeedPage
from app.tables.claim import VerdictRead
from app.tables.integrity import IntegrityPage
from app.tables.quote import PositionPage, QuotePage, QuoteWhole, RandomQuotes
from app.tables.source import SourcePage, SourceWhole
from app.tables.speaker import SpeakerPage, SpeakerWhole
from app.tables.topic import TopicPage, TopicWhole
from app.tables.version import QuoteNowOrThen
from tests.conftest import url_of

EVERYTHING = "/v1/quotes?polarity=any&limit=200"
ADDRESSES: Mapping[str, tuple[type[BaseModel], tuple[str, ...]]] = {
    "/v1/quotes": (
        QuotePage,
        (
            "/v1/quotes",
            f"{EVERYTHING}&include=segments,annotations,links&facets=speaker,topic,source,kind,year",
            "/v1/quotes?kind=mixed&venue=post",
        ),
    ),
    "/v1/quotes.{form}": (QuotePage, ("/v1/quotes.json", f"{EVERYTHING.replace('quotes', 'quotes.json')}&facets=kind")),
    "/v1/quotes/{id}.{form}": (QuoteWhole, ("/v1/quotes/{mission-post-on-x}.json",)),
    "/v1/quotes/random": (RandomQuotes, ("/v1/quotes/random?n=100&include=annotations", "/v1/quotes/random")),
    "/v1/quotes/{id}": (
        QuoteNowOrThen,
        (
            "/v1/quotes/{pezeshkian-before-the-majlis}",  # has links, notes, a venue and three quotes nested in it
            "/v1/quotes/{mission-post-on-x}",  # has an intervention and a line break in its words
            "/v1/quotes/{americans-new-demands}",  # is nested, and in two parts
            "/v1/quotes/{khamenehi-silent-on-hejab}",  # was not said
            "/v1/quotes/{pezeshkian-before-the-majlis}?version=1",
            "/v1/quotes/{mission-post-on-x}?version=1",
        ),
    ),
    "/v1/quotes/{id}/history": (ChangePage, ("/v1/quotes/{mission-post-on-x}/history",)),
    "/v1/speakers": (SpeakerPage, ("/v1/speakers", "/v1/speakers?kind=unnamed&limit=1")),
    "/v1/speakers/{slug}": (
        SpeakerWhole,
        (
            "/v1/speakers/ali-khamenei",
            "/v1/speakers/foreign-minister-of-qatar",  # has a role at an organization
            "/v1/speakers/officials-living-in-iran",  # has no quote that lists serve by default
        ),
    ),
    "/v1/speakers/{slug}/positions": (
        PositionPage,
        ("/v1/speakers/ali-khamenei/positions?polarity=any&per_topic=1", "/v1/speakers/the-americans/positions"),
    ),
    "/v1/topics": (TopicPage, ("/v1/topics", "/v1/topics?limit=1")),
    "/v1/topics/{slug}": (TopicWhole, ("/v1/topics/us-iran-talks", "/v1/topics/fatf-blacklist")),
    "/v1/sources": (SourcePage, ("/v1/sources", "/v1/sources?kind=letter")),
    "/v1/sources/{slug}": (SourceWhole, ("/v1/sources/pezeshkian-khamenei-us-talks-2025-03-21",)),
    "/v1/verify": (
        VerdictRead,
        (
            "/v1/verify?text=The+exception+here+is+America.&speaker=Trump",
            "/v1/verify?text=we+must+find+appropriate+ways+to+resolve+problems+and+find+the+right+path+within+that",
            "/v1/verify?text=Cats",
        ),
    ),
    "/v1/integrity": (IntegrityPage, ("/v1/integrity",)),
    "/v1/changes": (FeedPage, ("/v1/changes?limit=200", "/v1/changes?what=link", "/v1/changes?what=source")),
    "/v1/changes.{form}": (FeedPage, ("/v1/changes.json?what=topic",)),
    "/livez": (Health, ("/livez",)),
    "/readyz": (Health, ("/readyz",)),
}
CASES = [pytest.param(model, address, id=address) for model, addresses in ADDRESSES.values() for address in addresses]


@pytest.mark.parametrize(("model", "address"), CASES)
def test_the_bytes_are_the_dump_of_the_model(
    reading: TestClient, ids: Mapping[str, str], model: type[BaseModel], address: str
) -> None:
    response = reading.get(address.format_map(ids))
    assert response.status_code == 200, response.text
    parsed = model.model_validate_json(response.content, strict=True)
    # A key that the model lacks would lack in its dump too, and so would a moment that is spelled otherwise.
    assert response.text == parsed.model_dump_json(by_alias=True, exclude_unset=True)


SIGNED = ("/v1/annotations", "/v1/annotations/{id}", "/v1/links", "/v1/links/{id}")
"""Held to their models in tests of their own."""


def test_every_operation_is_documented_with_the_model_that_it_is_held_to(reading: TestClient) -> None:
    paths = reading.get("/openapi.json").json()["paths"]
    documented = {
        path: operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
        for path, operations in paths.items()
        if "get" in operations and path not in ("/metrics", "/v1/export.{form}") and path not in SIGNED
    }
    assert documented == {path: model.__name__ for path, (model, _) in ADDRESSES.items()}


def test_metrics_are_in_the_format_of_prometheus(reading: TestClient) -> None:
    families = {family.name for family in text_string_to_metric_families(reading.get("/metrics").text)}
    assert {"verbatim_requests", "verbatim_request_seconds", "verbatim_cache_hits"} <= families


def test_a_database_that_is_not_there_is_a_problem_that_says_when_to_try_again(tmp_path: Path) -> None:
    with TestClient(create_app(Settings(database_url=url_of(tmp_path / "none.db")))) as client:
        response = client.get("/v1/quotes")
    assert (response.status_code, response.headers["content-type"]) == (503, MEDIA_TYPE)
    assert response.headers["retry-after"] == "5"
