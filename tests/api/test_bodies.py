"""Bodies that are no documents: too deep, too long, cut off, of numbers without end."""

import pytest
from fastapi.testclient import TestClient

from app.api.bodies import MOST_FAULTS
from tests.api.writers import Writers

TRUMP = "/v1/speakers/donald-trump"
DEEP = 100_000

NO_JSON = {
    "arrays in arrays": b"[" * DEEP + b"]" * DEEP,
    "objects in objects": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "deep in a member": b'{"slug": "a", "names": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep and never closed": b"[" * DEEP,
    "nothing": b"",
    "cut off": b'{"slug": "jane',
    "half a surrogate pair": b'{"slug": "\\ud800"}',
    "no UTF-8": b'{"slug": "\xff"}',
    "another coding": '{"slug": "a"}'.encode("utf-16"),
    "two documents": b"{} {}",
    "a number without end": b'{"slug": ' + b"9" * DEEP + b"}",
    "a number without digits": b'{"slug": -}',
}
WRONG = {
    "a power without end": b'{"slug": 1e' + b"9" * 1_000 + b"}",
    "no number at all": b'{"slug": NaN}',
    "an array": b"[]",
    "a text": b'"a"',
    "null": b"null",
    "many members": b"{" + b",".join(b'"m%d": 1' % number for number in range(2_000)) + b"}",
    "a name without end": b'{"slug": "' + b"a" * DEEP + b'"}',
    "a NUL": b'{"slug": "a\\u0000", "name": "a\\u0000", "kind": "person", "names": []}',
}


@pytest.mark.parametrize("body", NO_JSON.values(), ids=NO_JSON)
def test_what_is_no_json_or_too_deep_is_a_400(desk: Writers, body: bytes) -> None:
    json = desk.headers(Content_Type="application/json")
    patch = desk.headers(Content_Type="application/merge-patch+json", If_Match="*")
    refused = (
        desk.client.post("/v1/speakers", content=body, headers=json),
        desk.client.patch(TRUMP, content=body, headers=patch),
        desk.client.post("/v1/verify", content=body),
    )
    for response in refused:
        assert (response.status_code, response.json()["type"]) == (400, "/problems#bad-request"), response.text
        assert response.json()["detail"].startswith("The body is not JSON: ")
        assert len(response.content) < 1_000


@pytest.mark.parametrize("body", WRONG.values(), ids=WRONG)
def test_json_that_is_no_speaker_is_a_422(desk: Writers, body: bytes) -> None:
    json = desk.headers(Content_Type="application/json")
    patch = desk.headers(Content_Type="application/merge-patch+json", If_Match="*")
    for response in (
        desk.client.post("/v1/speakers", content=body, headers=json),
        desk.client.patch(TRUMP, content=body, headers=patch),
    ):
        assert (response.status_code, response.json()["type"]) == (422, "/problems#invalid"), response.text[:500]


def test_of_very_many_wrong_values_the_first_are_told_and_how_many_more_there_are(desk: Writers) -> None:
    """None is told twice, and exactly so many as are told one by one have no line about others."""
    json = desk.headers(Content_Type="application/json")
    for count, last in ((MOST_FAULTS, f"/m{MOST_FAULTS - 1}"), (MOST_FAULTS + 3, "")):
        members = "".join(f', "m{number}": 1' for number in range(count))
        body = f'{{"slug": "a", "name": "A", "kind": "person", "names": []{members}}}'
        told = desk.client.post("/v1/speakers", content=body, headers=json).json()["errors"]
        assert [fault["pointer"] for fault in told[:MOST_FAULTS]] == [f"/m{number}" for number in range(MOST_FAULTS)]
        assert told[0]["detail"].startswith("There is no member /m0: ")
        assert told[-1]["pointer"] == last
    assert told[-1]["detail"] == "3 more values are wrong."


@pytest.mark.parametrize("depth", [10, 150])
def test_a_patch_that_is_deep_and_no_speaker_is_a_422(desk: Writers, depth: int) -> None:
    patch = desk.headers(Content_Type="application/merge-patch+json", If_Match="*")
    body = b'{"name":' * depth + b"1" + b"}" * depth
    assert desk.client.patch(TRUMP, content=body, headers=patch).status_code == 422


def test_a_body_longer_than_the_service_reads_is_a_413_that_ends_the_connection(client: TestClient) -> None:
    refused = client.post("/v1/verify", content=b" " * 8_000_001)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems#too-large")
    assert refused.headers["connection"] == "close"
