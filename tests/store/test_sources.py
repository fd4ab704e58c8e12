"""A source's quotes are found by the source, whatever their order: of one, few are."""

import pytest

from app.store import quotes
from app.tables.db import Database
from app.tables.filter import AskedPolarity, QuoteFilter, Sort


@pytest.mark.parametrize("sort", [Sort.SAID_DESC, Sort.SAID, Sort.SOURCE])
@pytest.mark.parametrize("polarity", [[], [AskedPolarity.ANY]], ids=["asserted", "any"])
def test_no_other_quotes_are_walked(seeded: Database, polarity: list[AskedPolarity], sort: Sort) -> None:
    reader = seeded.reader()
    slug = reader.execute("SELECT slug FROM source").fetchone()[0]
    plan = quotes.plan(reader, QuoteFilter(source=[slug], polarity=polarity, sort=sort))
    explained = reader.execute(f"EXPLAIN QUERY PLAN {plan.page.sql}", {**plan.page.parameters, **plan.values})
    ways = [str(row[3]) for row in explained if "USING INDEX quote_" in str(row[3])]
    assert {way.partition(" USING INDEX ")[2].partition(" ")[0] for way in ways} == {"quote_source_position"}
    assert len(plan.run(reader).items) == 20
