"""Lists of quotes, compared with a plain Python reading of what each filter means."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store import quotes
from app.store.facets import Total
from app.tables.filter import AskedPolarity, QuoteCriteria, QuoteFilter, RandomFilter, Sort
from app.tables.shelf import Facet
from app.tables.words import Medium, QuoteKind, Stance, Status, VenueKind
from tests.store import model
from tests.store.builders import copied
from tests.store.model import PUBLISHERS, SOURCES, SPEAKERS, TREE, Item

RECORDS = 3

Parameters = dict[str, object]

OWN_ORDERS = [sort for sort in Sort if sort is not Sort.RELEVANCE]


class Kept(NamedTuple):
    """One generated record: as a list of items, and as the store reads it."""

    items: list[Item]
    reader: sqlite3.Connection


@pytest.fixture(scope="module")
def kept(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Kept]]:
    folder = tmp_path_factory.mktemp("quotes")
    found, open_ones = [], []
    for seed in range(RECORDS):
        items = model.make(seed)
        opened = copied(empty_template, folder / f"{seed}.db")
        database = opened.__enter__()
        open_ones.append(opened)
        with database.writing() as session:
            model.fill(session, items)
        found.append(Kept(items, database.reader()))
    yield found
    for opened in open_ones:
        opened.__exit__(None, None, None)


days = st.sampled_from([date(2023, 1, 31), date(2023, 12, 31), date(2024, 2, 29), date(2024, 3, 1)]) | st.dates(
    date(2010, 1, 1), date(2025, 1, 1)
)
edges = st.sampled_from([date.min, date.max])


def some(values: Sequence[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=3)


def names(slugs: Sequence[str]) -> st.SearchStrategy[list[str]]:
    """Return one to three slugs, some with a leading minus."""
    return some([*slugs, *slugs, *(f"-{slug}" for slug in slugs)])


def span(name: str, values: st.SearchStrategy[date] | st.SearchStrategy[int]) -> st.SearchStrategy[Parameters]:
    """Return the parameters of a range that is closed, or open on either side."""
    low, high = (name.format(end) for end in (("from", "to") if "length" not in name else ("min", "max")))
    return st.one_of(
        values.map(lambda value: {low: value}),
        values.map(lambda value: {high: value}),
        st.lists(values, min_size=2, max_size=2).map(lambda pair: {low: min(pair), high: max(pair)}),  # type: ignore[type-var]  # either both days or both numbers
    )


def one(name: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[Parameters]:
    return values.map(lambda value: {name: value})


CRITERIA: dict[str, st.SearchStrategy[Parameters]] = {
    "speaker": one("speaker", names(SPEAKERS)),
    "topic": one("topic", names(list(TREE))),
    "source": one("source", names(SOURCES)),
    "publisher": one("publisher", some(PUBLISHERS)),
    "kind": one("kind", some(list(QuoteKind))),
    "medium": one("medium", some(list(Medium))),
    "polarity": one("polarity", some([*AskedPolarity, "any", "any", "asserted"])),
    "stance": one("stance", some(list(Stance))),
    "venue": one("venue", some(list(VenueKind))),
    "said": span("said_{}", days | edges),
    "published": span("published_{}", days | edges),
    "firsthand": one("firsthand", st.booleans()),
    "annotated": one("annotated", st.booleans()),
    "status": one("status", some(list(Status))),
    "length": span("{}_length", st.integers(30, 110)),
}


@st.composite
def criteria(draw: st.DrawFn) -> Parameters:
    chosen = draw(st.lists(st.sampled_from(list(CRITERIA)), max_size=4, unique=True))
    # One in three filters is what the shelves answer alone; chance would hardly make it.
    chosen = draw(st.sampled_from([chosen, chosen, [name for name in chosen if name in ("speaker", "topic", "said")]]))
    return {name: value for part in chosen for name, value in draw(CRITERIA[part]).items()}


@st.composite
def filters(draw: st.DrawFn) -> QuoteFilter:
    sort = draw(st.sampled_from(OWN_ORDERS))
    needed = {"status": [Status.PROPOSED, Status.PUBLISHED]} if sort is Sort.CONFIDENCE else {}
    return QuoteFilter.model_validate(
        {
            **needed,
            **draw(criteria()),
            "sort": sort,
            "limit": draw(st.sampled_from([1, 2, 5, 20, 200])),
            "facets": draw(st.lists(st.sampled_from(Facet), max_size=2)),
            "fields": ["id"],
        }
    )


def pages(reader: sqlite3.Connection, asked: QuoteFilter) -> Iterator[quotes.Found]:
    """Yield every page, following the cursors."""
    after = None
    while True:
        found = quotes.plan(reader, asked.model_copy(update={"after": after})).run(reader)
        yield found
        if found.after is None:
            return
        after = found.after


def ids(items: Sequence[str]) -> list[str]:
    return [json.loads(item)["id"] for item in items]


def holds(record: Kept, asked: QuoteFilter) -> None:
    """Hold the store to the model: ids and order over all pages, size of pages, total, facets."""
    expected = model.ordered(model.matching(record.items, asked), asked.order)
    found = list(pages(record.reader, asked))
    assert [name for page in found for name in ids(page.items)] == [item.quote.id for item in expected]
    assert all(len(page.items) == asked.limit for page in found[:-1])
    assert {page.total for page in found} == {Total(len(expected), True)}
    assert all(page.facets_are_exact for page in found)
    for page in (found[0], found[-1]):
        for facet in asked.facets:
            listed = json.loads(page.facets[facet])
            assert {value["value"]: value["count"] for value in listed} == model.counted(expected, facet)
            assert [value["count"] for value in listed] == sorted((value["count"] for value in listed), reverse=True)


@settings(max_examples=200, deadline=None)
@given(which=st.integers(0, RECORDS - 1), asked=filters())
def test_pages_totals_and_facets_are_those_of_the_model(kept: list[Kept], which: int, asked: QuoteFilter) -> None:
    holds(kept[which], asked)


@pytest.mark.parametrize("whose", ["speaker", "topic"])
def test_what_one_speaker_or_one_topic_has_is_counted_already(kept: list[Kept], whose: str) -> None:
    for record in kept[:3]:
        for (slug,) in record.reader.execute(f"SELECT slug FROM {whose}").fetchall():
            asked = QuoteFilter.model_validate({whose: [slug], "facets": list(Facet), "fields": ["id"]})
            assert quotes.plan(record.reader, asked).bounded
            holds(record, asked)


def test_what_two_conditions_have_in_common_is_counted_already(kept: list[Kept]) -> None:
    slugs: dict[str, list[str]] = {"kind": list(QuoteKind)}
    for name in ("speaker", "topic", "source"):
        slugs[name] = [row[0] for row in kept[0].reader.execute(f"SELECT slug FROM {name}")]
    found = 0
    for one, other in (*product(["speaker"], ["topic", "source", "kind"]), *product(["topic"], ["source", "kind"])):
        for pair in product(slugs[one], slugs[other]):
            asked = QuoteFilter.model_validate({one: [pair[0]], other: [pair[1]], "fields": ["id"]})
            assert quotes.plan(kept[0].reader, asked).total.from_tally
            holds(kept[0], asked)
            found += bool(model.matching(kept[0].items, asked))
    assert found > 20


@pytest.mark.parametrize("facet", [Facet.SOURCE, Facet.SPEAKER])
def test_the_most_of_many_values_are_read_in_their_order(kept: list[Kept], facet: Facet) -> None:
    topic, *_ = kept[0].reader.execute("SELECT slug FROM topic").fetchone()
    counting = quotes.plan(kept[0].reader, QuoteFilter(topic=[topic], facets=[facet])).facets[facet]
    explained = counting.statement._replace(sql=f"EXPLAIN QUERY PLAN {counting.statement.sql}")
    steps = [str(row[3]) for row in explained.rows(kept[0].reader, counting.values)]
    assert [step for step in steps if "topic_tally_most" in step]
    assert not [step for step in steps if "TEMP B-TREE" in step]


@pytest.mark.parametrize("sort", OWN_ORDERS)
def test_every_order_of_everything_is_that_of_the_model(kept: list[Kept], sort: Sort) -> None:
    holds(kept[0], QuoteFilter(polarity=[AskedPolarity.ANY], status=list(Status), sort=sort, limit=7))
    if sort is not Sort.CONFIDENCE:
        holds(kept[0], QuoteFilter(polarity=[AskedPolarity.ANY], sort=sort, limit=1))
        holds(kept[0], QuoteFilter(sort=sort, facets=list(Facet)))


CASES: dict[str, Parameters] = {
    "no filter": {},
    "a narrower topic counts for the broader one": {"topic": ["earth"]},
    "a topic and the one below it are one": {"topic": ["earth", "soil", "clay"]},
    "two topics that share quotes": {"topic": ["earth", "water"]},
    "a topic without a narrower one": {"topic": ["earth", "-clay"]},
    "a topic and not itself": {"topic": ["earth", "-earth"]},
    "not a topic, so quotes on no topic too": {"topic": ["-earth"]},
    "not a speaker, so quotes of nobody too": {"speaker": ["-ada"]},
    "two speakers on two topics": {"speaker": ["ada", "bo"], "topic": ["soil", "water"]},
    "more speakers and topics than there are branches": {
        "speaker": ["ada", "bo", "cy"],
        "topic": ["soil", "water", "fire"],
    },
    "a speaker and not the same": {"speaker": ["ada", "-ada"]},
    "a stance under a topic": {"topic": ["water"], "stance": ["supports"]},
    "a stance without a topic": {"topic": ["-water"], "stance": ["supports", "opposes"]},
    "a stance under a topic, in review": {"topic": ["water"], "stance": ["supports"], "status": ["proposed"]},
    "a topic, in review": {"topic": ["earth"], "status": ["proposed", "published"], "polarity": ["any"]},
    "not a topic, in review": {"topic": ["-earth"], "status": ["proposed", "withdrawn"], "polarity": ["any"]},
    "on one day": {"said_from": "2024-02-29", "said_to": "2024-02-29"},
    "on the first day of a month": {"said_from": "2024-02-01", "said_to": "2024-02-01"},
    "on the last day of a year": {"said_from": "2023-12-31", "said_to": "2023-12-31"},
    "by the first day of a year and a day": {"said_to": "2023-01-01", "polarity": ["any"]},
    "on a topic, by the first day of a year and a day": {"said_to": "2023-01-01", "topic": ["earth"]},
    "before every day that is known": {"said_to": "1000-01-01"},
    "after every day that is known": {"said_from": "2999-01-01"},
    "on the last day of the calendar": {"said_to": "9999-12-31"},
    "a speaker on a day": {"speaker": ["ada"], "said_from": "2024-01-01", "said_to": "2024-03-01"},
    "a topic on a day": {"topic": ["earth"], "said_from": "2024-01-01", "said_to": "2024-03-01"},
    "denials come when they are asked for": {"polarity": ["denied", "not_said"]},
    "asserted with another": {"polarity": ["asserted", "denied"]},
    "any with another": {"polarity": ["any", "denied"]},
    "printed on a day, so no source without one": {"published_from": "2024-06-01", "published_to": "2024-06-01"},
    "two publishers": {"publisher": ["The Post", "The Mail"]},
    "nobody's publisher": {"publisher": ["Nobody's"]},
    "nested": {"firsthand": False},
    "with no note": {"annotated": False},
    "of one length": {"min_length": 45, "max_length": 45},
    "empty": {"max_length": 0},
}


@pytest.mark.parametrize("parameters", CASES.values(), ids=CASES)
def test_each_meaning_holds_in_every_record(kept: list[Kept], parameters: Parameters) -> None:
    asked = QuoteFilter.model_validate({**parameters, "limit": 5, "facets": [Facet.TOPIC, Facet.YEAR]})
    for record in kept:
        holds(record, asked)


def test_the_records_hold_all_that_the_filters_ask_for(kept: list[Kept]) -> None:
    """The tables above prove nothing on records that have none of it."""
    items = [item for record in kept for item in record.items]
    assert len(items) == RECORDS * 60
    assert {item.quote.status for item in items} == set(Status)
    assert {str(item.quote.polarity) for item in items} == {*AskedPolarity} - {"any"}
    assert {len(item.quote.topics) for item in items} == {0, 1, 2, 3}
    assert {item.quote.said.edtf for item in items} == {*model.SAID}
    ends = [(item.quote.said.earliest is None, item.quote.said.latest is None) for item in items]
    assert set(ends) == {(False, False), (False, True), (True, False), (True, True)}
    assert all(len({(item.source, item.quote.content[0].start) for item in record.items}) < 60 for record in kept)


@settings(max_examples=30, deadline=None)
@given(which=st.integers(0, RECORDS - 1), parameters=criteria(), n=st.integers(1, 100), seed=st.text("ab", max_size=3))
def test_random_quotes_are_distinct_ones_that_match(
    kept: list[Kept], which: int, parameters: Parameters, n: int, seed: str
) -> None:
    record = kept[which]
    asked = RandomFilter.model_validate({**parameters, "n": n, "fields": ["id"]})
    matching = {item.quote.id for item in model.matching(record.items, asked)}
    drawn = ids(quotes.draw(record.reader, asked, seed=seed))
    assert len(drawn) == len(set(drawn)) == min(n, len(matching))
    assert set(drawn) <= matching
    assert ids(quotes.draw(record.reader, asked, seed=seed)) == drawn


def test_every_quote_that_matches_is_drawn_by_some_seed(kept: list[Kept]) -> None:
    record = kept[0]
    matching = {item.quote.id for item in model.matching(record.items, QuoteCriteria())}
    asked = RandomFilter(n=5)
    drawn = {name for seed in range(200) for name in ids(quotes.draw(record.reader, asked, seed=str(seed)))}
    assert drawn == matching
