"""Walks: all that the pages of the list have, in memory for one page."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app.errors import Invalid
from app.store import quotes, walks
from app.store.walks import PAGE
from app.tables.db import Database
from app.tables.filter import AskedPolarity, ExportFilter, QuoteCriteria, QuoteField, QuoteFilter, Sort
from tests.conftest import url_of
from tests.written import put

SOURCES = 3
EACH = 350


@pytest.fixture(scope="module")
def many(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A record of some quotes more than two pages."""
    folder = tmp_path_factory.mktemp("many")
    shutil.copy(empty_template, folder / "many.db")
    database = Database(url_of(folder / "many.db"))
    for source in range(SOURCES):
        sentences = [f"Sentence number {source * EACH + at} is said." for at in range(EACH)]
        put(database, folder, sentences, slug=f"sayings-{source}")
    database.close()  # folds the log in, so that the file can be copied
    yield database
    database.close()


def listed(database: Database, asked: QuoteFilter) -> list[str]:
    """Return the items of every page of the list, as the API walks through it."""
    items: list[str] = []
    after: str | None = None
    while True:
        found = quotes.plan(database.reader(), asked.model_copy(update={"after": after})).run(database.reader())
        items += found.items
        after = found.after
        if after is None:
            return items


CRITERIA = {
    "all": QuoteCriteria(),
    "a speaker": QuoteCriteria(speaker=["somebody"]),
    "a source": QuoteCriteria(source=["sayings-1"]),
    "not a source, and a length": QuoteCriteria(source=["-sayings-1"], min_length=28),
    "a topic of any polarity": QuoteCriteria(topic=["talk"], polarity=[AskedPolarity.ANY]),
    "a search": QuoteCriteria(q="number said"),
    "some months": QuoteCriteria(said_from=date(2025, 3, 1), said_to=date(2025, 6, 30)),
}


@pytest.mark.parametrize("criteria", CRITERIA.values(), ids=CRITERIA)
def test_a_walk_has_what_the_pages_have_in_their_order(many: Database, criteria: QuoteCriteria) -> None:
    expected = listed(many, QuoteFilter(**criteria.model_dump(), sort=Sort.SAID_DESC, limit=200))
    pages = list(walks.pages(many.reader(), criteria))
    assert [item for page in pages for item in page] == expected
    assert expected
    assert all(len(page) == PAGE for page in pages[:-1])


def test_nothing_that_matches_is_one_empty_page(many: Database) -> None:
    assert list(walks.pages(many.reader(), QuoteCriteria(q="nowhere"))) == [[]]


def test_a_page_is_read_only_when_it_is_asked_for(many: Database) -> None:
    with many.reading_anew() as reader:
        asked: list[str] = []
        reader.set_trace_callback(asked.append)
        pages = walks.pages(reader, QuoteCriteria())
        read = []
        for page in pages:
            read.append(len([sql for sql in asked if sql.startswith("WITH")]))
            assert len(page) <= PAGE
        assert read == [1, 2, 3]


def test_a_walk_is_of_one_state_of_the_record_while_others_write(many: Database, tmp_path: Path) -> None:
    shutil.copy(many.path, tmp_path / "copy.db")
    database = Database(url_of(tmp_path / "copy.db"))
    with database.reading_anew() as reader:
        pages = walks.pages(reader, QuoteCriteria())
        found = next(pages)
        put(database, tmp_path, ["Sentence of later, said in between."], slug="later")
        found += [item for page in pages for item in page]
    assert len(found) == SOURCES * EACH
    assert sum(len(page) for page in walks.pages(database.reader(), QuoteCriteria())) == SOURCES * EACH + 1
    database.close()


def test_fields_are_picked_and_what_is_cited_is_all(many: Database) -> None:
    picked = next(walks.pages(many.reader(), ExportFilter(fields=[QuoteField.ID])))
    assert picked[0].startswith('{"id":"')
    assert picked[0].count(":") == 1
    cited = next(walks.pages(many.reader(), ExportFilter(fields=[QuoteField.ID]), cited=True))
    assert '"sha256"' in cited[0]
    assert '"segments"' in cited[0]


def test_the_total_is_that_of_the_walk(many: Database) -> None:
    assert walks.total(many.reader(), QuoteCriteria(source=["sayings-0"])) == (EACH, True)


def test_a_slug_that_is_not_on_the_record_is_refused(many: Database) -> None:
    with pytest.raises(Invalid, match="There is no speaker nobody"):
        next(walks.pages(many.reader(), QuoteCriteria(speaker=["nobody"])))
