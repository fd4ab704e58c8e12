"""The three ways in which a search is answered in an order of the record's own give the same pages."""

import pytest

from app.store import quotes, search
from app.tables.db import Database
from app.tables.filter import QuoteFilter, Sort

WAYS = {"match": (10_000, 0), "match_some": (1, 10**9), "match_each": (1, 0)}
FILTERS = [
    QuoteFilter(q="the"),
    QuoteFilter(q="to OR of", topic=["us-iran-talks"]),
    QuoteFilter(q="the", speaker=["ali-khamenei", "masoud-pezeshkian"], topic=["us-iran-talks"]),
    QuoteFilter(q="iran -nuclear"),
]


@pytest.mark.parametrize("sort", [sort for sort in Sort if sort not in (Sort.RELEVANCE, Sort.CONFIDENCE)])
@pytest.mark.parametrize("asked", FILTERS, ids=range(len(FILTERS)))
def test_each_way_gives_the_same_pages(
    seeded: Database, monkeypatch: pytest.MonkeyPatch, asked: QuoteFilter, sort: Sort
) -> None:
    reader = seeded.reader()
    answers = {}
    for way, (common, listed) in WAYS.items():
        monkeypatch.setattr(search, "COMMON", common)
        monkeypatch.setattr(search, "LISTED", listed)
        first = quotes.plan(reader, asked.model_copy(update={"sort": sort, "limit": 3}))
        assert f"{way}_0" in first.values
        found = first.run(reader)
        later = asked.model_copy(update={"sort": sort, "limit": 200, "after": found.after})
        answers[way] = (found.items, quotes.plan(reader, later).run(reader).items if found.after else [])
    assert len(answers["match"][0]) == 3
    assert answers["match"] == answers["match_some"] == answers["match_each"]
