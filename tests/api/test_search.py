"""q, highlight, did_you_mean and the names of speakers, over HTTP on the seeded record."""

from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from app.text.query import parse, ranges


def found(client: TestClient, query: str, **parameters: str) -> list[dict[str, str]]:
    response = client.get("/v1/quotes", params={"q": query, "limit": "200", **parameters})
    assert response.status_code == 200, response.text
    items: list[dict[str, str]] = response.json()["items"]
    return items


def test_words_fold_case_accents_and_apostrophes(reading: TestClient) -> None:
    plain = [item["id"] for item in found(reading, "doesn't")]
    assert plain
    assert (
        plain
        == [item["id"] for item in found(reading, "DOESN’T")]
        == [item["id"] for item in found(reading, "doésn't")]
    )


@pytest.mark.parametrize(
    "spelling", ["Khamenehi", "Khamenei", "Ali Khamenei", "علی خامنه‌ای", "khamenei", '"Ali Khamenehi"']
)
def test_a_speaker_is_found_under_any_spelling(reading: TestClient, spelling: str) -> None:
    slugs = {item["id"] for item in found(reading, spelling)}
    theirs = {item["id"] for item in reading.get("/v1/quotes?speaker=ali-khamenei&limit=200").json()["items"]}
    assert theirs <= slugs


def test_topics_and_notes_are_searched(reading: TestClient) -> None:
    jcpoa = {item["id"] for item in found(reading, '"Comprehensive Plan of Action"')}
    assert jcpoa >= {item["id"] for item in reading.get("/v1/quotes?topic=jcpoa&limit=200").json()["items"]}
    assert found(reading, "Inferred")


def test_every_word_is_wanted_a_minus_excludes_and_or_takes_either(reading: TestClient) -> None:
    both = {item["id"] for item in found(reading, "dialogue belief")}
    one = {item["id"] for item in found(reading, "dialogue")}
    other = {item["id"] for item in found(reading, "belief")}
    assert both == one & other
    assert {item["id"] for item in found(reading, "dialogue -belief")} == one - other
    assert {item["id"] for item in found(reading, "dialogue OR belief")} == one | other
    everything = {item["id"] for item in reading.get("/v1/quotes?limit=200").json()["items"]}
    assert {item["id"] for item in found(reading, "-dialogue")} == everything - one


def test_a_phrase_stands_in_a_row_and_a_star_begins_a_word(reading: TestClient) -> None:
    assert found(reading, '"better to engage"')
    assert not found(reading, '"engage to better"')
    assert {item["id"] for item in found(reading, "militar*")} >= {item["id"] for item in found(reading, "military")}


@pytest.mark.parametrize("sort", ["relevance", "-said", "said", "source", "added", "-length"])
def test_every_order_finds_the_same(reading: TestClient, sort: str) -> None:
    assert {item["id"] for item in found(reading, "talks", sort=sort)} == {
        item["id"] for item in found(reading, "talks")
    }


def test_relevance_puts_more_of_the_words_in_fewer_first(reading: TestClient) -> None:
    items = found(reading, "negotiate")
    counts = ["negotiate" in item["text"] for item in items]
    assert counts == sorted(counts, reverse=True)


def test_search_combines_with_filters_and_facets(reading: TestClient) -> None:
    answer = reading.get(
        "/v1/quotes?q=talks&speaker=masoud-pezeshkian&kind=indirect&facets=speaker,kind&limit=200"
    ).json()
    assert answer["items"]
    assert {item["speaker"]["slug"] for item in answer["items"]} == {"masoud-pezeshkian"}
    assert answer["facets"]["speaker"] == [
        {"value": "masoud-pezeshkian", "label": "Masoud Pezeshkian", "count": answer["total"]}
    ]
    assert answer["facets"]["kind"][0]["count"] == answer["total"] == len(answer["items"])


def test_a_search_never_finds_what_was_not_said_unless_asked(reading: TestClient) -> None:
    assert {item["polarity"] for item in found(reading, "hejab")} == {"asserted"}
    assert "not_said" in {item["polarity"] for item in found(reading, "hejab", polarity="any")}


@pytest.mark.parametrize("sort", ["relevance", "-said"])
def test_paging_gives_each_match_once(reading: TestClient, sort: str) -> None:
    whole = [item["id"] for item in found(reading, "talks", sort=sort)]
    walked: list[str] = []
    url: str | None = f"/v1/quotes?q=talks&sort={sort}&limit=3"
    while url:
        page = reading.get(url).json()
        walked += [item["id"] for item in page["items"]]
        url = page["next"]
    assert walked == whole
    assert len(set(walked)) == len(walked) > 6


def test_highlights_are_code_point_ranges_into_the_text(reading: TestClient) -> None:
    for item in reading.get('/v1/quotes?q="United States" OR negotiat*&limit=200').json()["items"]:
        words = [item["text"][mark["start"] : mark["end"]].lower() for mark in item["highlight"]]
        assert all(word == "united states" or word.startswith("negotiat") for word in words)
        expected = ranges(item["text"], parse('"United States" OR negotiat*'))
        assert [(mark["start"], mark["end"]) for mark in item["highlight"]] == expected


def test_without_q_nothing_is_highlighted(reading: TestClient) -> None:
    assert "highlight" not in reading.get("/v1/quotes?limit=1").json()["items"][0]


SUGGESTIONS = [
    ("negotiatoin", "negotiation"),
    ("Khameni", "khamen"),
    ("missle range", "missile range"),
    ("xqzwvk", None),
]


@pytest.mark.parametrize(("typed", "meant"), SUGGESTIONS)
def test_a_search_that_finds_nothing_offers_the_nearest_words(
    reading: TestClient, typed: str, meant: str | None
) -> None:
    answer = reading.get("/v1/quotes", params={"q": typed}).json()
    assert answer["total"] == 0
    offered = answer.get("did_you_mean")
    assert offered is None if meant is None else meant[:7] in offered
    if offered:
        assert reading.get("/v1/quotes", params={"q": offered, "polarity": "any"}).json()["total"] > 0


HOSTILE = [
    '"',
    '""',
    '"a',
    "'",
    "*",
    "-",
    "--",
    "^",
    "a AND",
    "AND b",
    "NOT",
    "OR",
    "OR OR",
    "a OR",
    "NEAR(a b, 2)",
    "words:a",
    "{words names}: a",
    "rowid:1",
    "a + b",
    "(a",
    "a)",
    "((((",
    "a*b*c",
    "***",
    "%",
    "_",
    "\\",
    ";DROP TABLE quote",
    "' OR 1=1 --",
    "<script>",
    "😀",
    "😀😀 peace",
    "\u202eרכב\u202c",
    "السلام عليكم",
    "\u200d\u200d",
    "e\u0301\u0301\u0301",
    "a\u0000b",
    "\ufffe",
    "ﬁ",
    "ẞ",
    "İstanbul",
    "a" * 10_000,
    "!" * 10_000,
    ("a " * 99) + "b",
]


@pytest.mark.parametrize("typed", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("sort", ["relevance", "said"])
def test_nothing_typed_is_an_error_of_the_search_engine(reading: TestClient, typed: str, sort: str) -> None:
    response = reading.get("/v1/quotes", params={"q": typed, "sort": sort, "facets": "speaker"})
    assert response.status_code == 200, response.text


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60))
def test_arbitrary_text_can_be_searched_for(reading: TestClient, typed: str) -> None:
    encoded = quote(typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
    assert reading.get(f"/v1/quotes?q={encoded}&limit=2").status_code == 200
    assert reading.get(f"/v1/speakers?q={encoded}&limit=2").status_code == 200


def test_too_many_words_are_a_problem_that_names_the_way_out(reading: TestClient) -> None:
    response = reading.get("/v1/quotes", params={"q": "word " * 101})
    assert response.status_code == 422
    assert "101 words" in response.json()["detail"]
    assert "/v1/verify" in response.json()["detail"]


def test_relevance_without_words_is_a_problem(reading: TestClient) -> None:
    assert reading.get("/v1/quotes?sort=relevance").status_code == 422


NAMES = [
    ("kham", "ali-khamenei"),
    ("Ali Kha", "ali-khamenei"),
    ("خامنه", "ali-khamenei"),
    ("pezesh", "masoud-pezeshkian"),
    ("TRU", "donald-trump"),
    ("obama", "barack-obama"),
]


@pytest.mark.parametrize(("typed", "slug"), NAMES)
def test_names_complete_as_they_are_typed(reading: TestClient, typed: str, slug: str) -> None:
    items: list[dict[str, JsonValue]] = reading.get("/v1/speakers", params={"q": typed}).json()["items"]
    assert items[0]["slug"] == slug


def test_names_that_begin_so_come_first(reading: TestClient) -> None:
    slugs = [item["slug"] for item in reading.get("/v1/speakers?q=officials").json()["items"]]
    assert set(slugs) >= {"officials-living-outside-iran", "officials-living-in-iran", "some-us-officials"}
    assert slugs.index("officials-living-outside-iran") < slugs.index("some-us-officials")


def test_completion_pages(reading: TestClient) -> None:
    first = reading.get("/v1/speakers?q=many&limit=2").json()
    second = reading.get(first["next"]).json()
    assert len(first["items"]) == 2
    assert not {item["slug"] for item in first["items"]} & {item["slug"] for item in second["items"]}
    assert first["total"] == second["total"] >= 3
