"""Paging: under any filter, in any order, with any page size, `next` leads over each item exactly once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some
from pydantic import JsonValue

from app.tables.filter import AskedPolarity, Sort
from app.tables.words import Medium, QuoteKind, Stance, Status, VenueKind
from tests.api import generated
from tests.api.conftest import KEYED
from tests.api.generated import Asked, Made, matching, ordered

BIG = 200
EXAMPLES = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


class Walked(NamedTuple):
    """What following `next` to the end gave."""

    items: list[JsonValue]
    totals: set[int]
    sizes: list[int]


def walk(client: TestClient, address: str, query: Mapping[str, Sequence[str] | str], **headers: str) -> Walked:
    """Follow `next` from the first page to the last; `Link` says the same on each."""
    found = Walked([], set(), [])
    url: str | None = address
    asked: Mapping[str, Sequence[str] | str] | None = query
    while url:
        response = client.get(url, params=asked, headers=headers)
        assert response.status_code == 200, response.text
        page = response.json()
        link = f'<{page["next"]}>; rel="next"' if page["next"] else None
        assert response.headers.get("link") == link
        assert page["total_is_exact"] is True
        found.items.extend(page["items"])
        found.totals.add(page["total"])
        found.sizes.append(len(page["items"]))
        assert len(found.sizes) <= BIG + 1
        url, asked = page["next"], None
    return found


def some_of(known: Sequence[str], *, most: int = 2) -> some.SearchStrategy[list[str]]:
    return some.lists(some.sampled_from(known), min_size=1, max_size=most)


def slugs(known: Sequence[str]) -> some.SearchStrategy[list[str]]:
    """Draw up to three slugs, a third of them excluded."""
    return some_of([*known, *known, *(f"-{slug}" for slug in known)], most=3)


DAYS = some_of(["2023-06-30", "2024-02-29", "2024-03-01", "2030-01-01"], most=1)
PARAMETERS = {
    "speaker": slugs(generated.SPEAKERS),
    "topic": slugs(generated.TOPICS),
    "source": slugs(generated.SOURCES),
    "publisher": some_of(generated.PUBLISHERS),
    "kind": some_of(list(QuoteKind)),
    "medium": some_of(list(Medium)),
    "polarity": some_of(list(AskedPolarity)),
    "stance": some_of(list(Stance)),
    "venue": some_of(list(VenueKind)),
    "said_from": DAYS,
    "said_to": DAYS,
    "published_from": DAYS,
    "published_to": DAYS,
    "firsthand": some_of(["true", "false"], most=1),
    "annotated": some_of(["true", "false"], most=1),
    "min_length": some_of(["3", "5", "20"], most=1),
    "max_length": some_of(["3", "5", "20"], most=1),
}
# Few at a time: of many together, next to nothing matches.
FILTERS: some.SearchStrategy[dict[str, list[str]]] = some.lists(
    some.sampled_from(sorted(PARAMETERS)), unique=True, max_size=4
).flatmap(lambda names: some.fixed_dictionaries({name: PARAMETERS[name] for name in names}))


def runs_forward(asked: Asked) -> bool:
    """Tell whether no range of the filter runs backward, which is refused."""
    ranges = (("said_from", "said_to"), ("published_from", "published_to"))
    days = all((asked.get(low) or [""])[0] <= (asked.get(high) or ["9999"])[0] for low, high in ranges)
    shortest, longest = (asked.get("min_length") or ["0"])[0], (asked.get("max_length") or ["999"])[0]
    return days and int(shortest) <= int(longest)


ASKED = FILTERS.filter(runs_forward)


@EXAMPLES
@given(
    asked=ASKED,
    sort=some.sampled_from([sort for sort in Sort if sort not in (Sort.RELEVANCE, Sort.CONFIDENCE)]),
    limit=some.sampled_from([1, 2, 3, 7, 20, 199]),
)
@example(asked={}, sort=Sort.SAID_DESC, limit=20)
@example(asked={"topic": ["water", "rivers", "earth"]}, sort=Sort.SAID, limit=7)
@example(asked={"topic": ["water", "earth"], "speaker": ["ada", "bo"]}, sort=Sort.SAID_DESC, limit=7)
@example(asked={"topic": ["water", "fire"], "speaker": ["ada", "bo", "cy", "dee", "eve"]}, sort=Sort.SAID, limit=7)
@example(asked={"said_from": ["2024-02-29"], "said_to": ["2024-02-29"]}, sort=Sort.SAID, limit=7)
def test_each_quote_that_matches_comes_exactly_once_and_in_order(
    many: TestClient, made: list[Made], asked: Asked, sort: Sort, limit: int
) -> None:
    expected = [item.quote.id for item in ordered(matching(made, asked), sort)]
    query = {**asked, "sort": sort, "limit": str(max(limit, len(expected) // 12 + 1)), "fields": "id"}
    walked = walk(many, "/v1/quotes", query)
    assert [item["id"] for item in walked.items if isinstance(item, dict)] == expected
    assert walked.totals == {len(expected)}
    whole = many.get("/v1/quotes", params={**query, "limit": str(BIG)}).json()
    assert whole["items"] == walked.items
    assert whole["next"] is None


@EXAMPLES
@given(
    asked=ASKED,
    sort=some.sampled_from([sort for sort in Sort if sort is not Sort.RELEVANCE]),
    status=some.lists(some.sampled_from([word.value for word in Status]), min_size=1, max_size=3),
)
def test_with_a_key_each_quote_of_a_status_comes_exactly_once_and_in_order(
    many: TestClient, made: list[Made], asked: Asked, sort: Sort, status: list[str]
) -> None:
    asked = {**asked, "status": status}
    expected = [item.quote.id for item in ordered(matching(made, asked), sort)]
    query = {**asked, "sort": sort, "limit": str(len(expected) // 3 + 1), "fields": "id"}
    walked = walk(many, "/v1/quotes", query, **KEYED)
    assert [item["id"] for item in walked.items if isinstance(item, dict)] == expected
    assert walked.totals == {len(expected)}


@EXAMPLES
@given(asked=ASKED, status=some.sampled_from([(), (), ("proposed", "disputed"), tuple(Status)]))
def test_facets_count_the_quotes_that_match(
    many: TestClient, made: list[Made], asked: Asked, status: Sequence[str]
) -> None:
    asked = {**asked, "status": [str(word) for word in status]} if status else asked
    expected = matching(made, asked)
    query = {**asked, "facets": "speaker,topic,source,kind,year", "limit": "1"}
    page = many.get("/v1/quotes", params=query, headers=KEYED if status else {}).json()
    assert page["facets_are_exact"] is True
    counted = {
        "speaker": Counter(item.quote.speaker for item in expected if item.quote.speaker),
        "topic": Counter(topic for item in expected for topic in item.on),
        "source": Counter(item.source for item in expected),
        "kind": Counter(item.quote.kind.value for item in expected),
        "year": Counter(item.year for item in expected),
    }
    for facet, values in page["facets"].items():
        assert {value["value"]: value["count"] for value in values} == counted[facet]
        counts = [value["count"] for value in values]
        assert counts == sorted(counts, reverse=True)


@EXAMPLES
@given(asked=ASKED, n=some.sampled_from([1, 3, 100]), seed=some.text("ab é🚀", min_size=1, max_size=3))
def test_what_is_drawn_matches_is_distinct_and_comes_again_with_its_seed(
    many: TestClient, made: list[Made], asked: Asked, n: int, seed: str
) -> None:
    known = {item.quote.id for item in matching(made, asked)}
    query = {**asked, "n": str(n), "seed": seed, "fields": "id"}
    first, again = (many.get("/v1/quotes/random", params=query).json() for _ in range(2))
    ids = [item["id"] for item in first["items"]]
    assert first == again
    assert first["seed"] == seed
    assert len(ids) == len(set(ids)) == min(n, len(known))
    assert known.issuperset(ids)


LISTS = {
    "speakers": ("/v1/speakers", "slug"),
    "persons": ("/v1/speakers?kind=person", "slug"),
    "topics": ("/v1/topics", "slug"),
    "sources": ("/v1/sources", "slug"),
    "sources by filter": ("/v1/sources?kind=article&kind=post&published_from=2024-01-01&complete=true", "slug"),
    "changes": ("/v1/changes", "seq"),
    "changes of two kinds": ("/v1/changes?what=quote&what=topic", "seq"),
    "positions": ("/v1/speakers/ada/positions", "topic"),
    "positions of any polarity": ("/v1/speakers/bo/positions?polarity=any&per_topic=1", "topic"),
}


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 90])
@pytest.mark.parametrize(("address", "key"), LISTS.values(), ids=LISTS)
def test_every_other_list_gives_each_item_exactly_once_and_in_one_order(
    many: TestClient, address: str, key: str, limit: int
) -> None:
    path, _, query = address.partition("?")
    asked = dict(pairs(query))
    limit = max(limit, 30) if path == "/v1/changes" else limit
    walked = walk(many, path, {**asked, "limit": [str(limit)]})
    whole = walk(many, path, {**asked, "limit": [str(BIG)]})
    names = [str(item[key]) for item in walked.items if isinstance(item, dict)]
    assert names
    assert walked.items == whole.items
    assert len(names) == len(set(names))
    assert walked.totals == {len(names)}
    assert all(size == limit for size in walked.sizes[:-1])


def pairs(query: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the parameters of a query, each with its values."""
    given = [part.split("=") for part in query.split("&") if part]
    for name in dict.fromkeys(name for name, _ in given):
        yield name, [value for known, value in given if known == name]


@pytest.mark.parametrize("limit", [1, 2, 4, 50])
def test_a_history_gives_each_version_exactly_once_oldest_first(many: TestClient, made: list[Made], limit: int) -> None:
    name = made[0].quote.id
    walked = walk(many, f"/v1/quotes/{name}/history", {"limit": str(limit)}, **KEYED)
    versions = [item["version"] for item in walked.items if isinstance(item, dict)]
    assert versions == list(range(1, generated.HISTORY + 1))
    assert walked.totals == {generated.HISTORY}


def test_speakers_of_one_name_come_in_order_of_their_slugs(many: TestClient) -> None:
    items = many.get("/v1/speakers").json()["items"]
    assert [item["slug"] for item in items] == ["ada", "bo", "cy", "dee", "eve", "flo", "gil"]
    assert [item["name"] for item in items][1:3] == ["Bo", "Bo"]


def test_sources_come_newest_first_and_those_without_a_day_last(many: TestClient) -> None:
    items = many.get("/v1/sources").json()["items"]
    slugs = ["the-post-2", "the-post-1", "nobody-1", "the-mail-1", "the-mail-2", "nobody-2"]
    assert [item["slug"] for item in items] == slugs


def test_the_feed_goes_on_from_its_last_cursor_when_something_has_changed(many: TestClient) -> None:
    end = walk(many, "/v1/changes", {"limit": str(BIG)})
    page = many.get("/v1/changes", params={"limit": BIG}).json()
    while page["next"]:
        page = many.get(page["next"]).json()
    after = many.get("/v1/changes", params={"limit": BIG, "after": page["cursor"]}).json()
    assert after["items"] == []
    assert after["cursor"] == page["cursor"]
    assert after["total"] == len(end.items)


def test_the_generated_record_holds_what_makes_paging_hard(made: list[Made]) -> None:
    assert len(made) == generated.QUOTES
    days = Counter(item.quote.said.latest for item in made)
    assert days[None] > 5
    assert max(days.values()) > 20
    assert {item.quote.status for item in made} == set(Status)
    assert {item.quote.polarity.value for item in made} == {word.value for word in AskedPolarity} - {"any"}
    assert sum(item.quote.parent is not None for item in made) > 20
    assert max(len(item.quote.topics) for item in made) > 3
