"""A page takes a fixed number of SQL statements, however many items it has and however deep it is."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep

import pytest
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from app.tables.db import Database
from tests.api.conftest import KEYED
from tests.api.generated import Made
from tests.conftest import url_of

VERSION = "PRAGMA data_version"


class Told(Database):
    """A database that takes down every statement that its readers run."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.statements: list[str] = []

    def reader(self) -> sqlite3.Connection:
        connection = super().reader()
        connection.set_trace_callback(self.statements.append)
        return connection


class Listening:
    """A client of the generated record, and what its requests ask the database."""

    def __init__(self, client: TestClient, database: Told) -> None:
        self.client, self.database = client, database

    def statements(self, address: str) -> list[str]:
        """Return the statements that an answer takes."""
        self.database.statements.clear()
        answer = self.client.get(address, headers=KEYED if "status=" in address else {})
        assert answer.status_code == 200, answer.text
        return list(self.database.statements)

    def count(self, address: str) -> int:
        """Return how many of them read the record."""
        return sum(statement != VERSION for statement in self.statements(address))


@contextmanager
def listening(path: Path) -> Iterator[Listening]:
    app = create_app(Settings(database_url=url_of(path)))
    app.state.database.close()
    app.state.database = database = Told(url_of(path))
    with TestClient(app) as client:
        client.get("/livez")
        while app.state.verifications.borrowed_tokens:  # the verifier is made ready beside the first answers
            sleep(0.01)
        yield Listening(client, database)
    database.close()


@pytest.fixture
def heard(many: TestClient, tmp_path: Path) -> Iterator[Listening]:
    path = tmp_path / "heard.db"
    shutil.copy(many.app.state.database.path, path)  # type: ignore[attr-defined]  # Starlette types it as any ASGI app
    with listening(path) as found:
        yield found


PAGES = {
    "quotes": "/v1/quotes?",
    "quotes by speaker": "/v1/quotes?speaker=ada&",
    "quotes by topic and speakers": "/v1/quotes?topic=water&speaker=-ada&speaker=-bo&",
    "quotes by day": "/v1/quotes?said_from=2020-01-01&",
    "quotes with a facet": "/v1/quotes?facets=speaker&",
    "quotes with every facet": "/v1/quotes?facets=speaker,topic,source,kind,year&",
    "quotes with facets under a filter": "/v1/quotes?said_from=2020-01-01&facets=speaker,topic,source,kind,year&",
    "quotes with all that belongs to them": "/v1/quotes?include=segments,annotations,links&",
    "quotes, whole lot": "/v1/quotes?polarity=any&",
    "quotes by length": "/v1/quotes?sort=length&",
    "quotes under review": "/v1/quotes?status=proposed&status=published&",
    "speakers": "/v1/speakers?",
    "positions": "/v1/speakers/ada/positions?",
    "topics": "/v1/topics?",
    "sources": "/v1/sources?",
    "changes": "/v1/changes?",
}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_takes_the_same_number_of_statements_for_one_item_and_for_twenty_and_later_on(
    heard: Listening, address: str
) -> None:
    counts = []
    for limit in (1, 2, 20):
        url: str | None = f"{address}limit={limit}"
        for _ in range(3):
            if url:
                counts.append(heard.count(url))
                url = heard.client.get(url, headers=KEYED if "status=" in url else {}).json()["next"]
    assert len(counts) >= 4
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_each_facet_takes_one_statement_more(heard: Listening) -> None:
    facets = ["speaker", "topic", "source", "kind", "year"]
    plain = heard.count("/v1/quotes?limit=5")
    counts = [heard.count(f"/v1/quotes?limit=5&facets={','.join(facets[:n])}") for n in range(1, 6)]
    assert counts == [plain + n for n in range(1, 6)]


def test_a_page_of_quotes_takes_one_statement_and_one_for_the_total(heard: Listening) -> None:
    assert heard.count("/v1/quotes?limit=20") == 2
    assert heard.count("/v1/quotes?limit=20&include=segments,annotations,links") == 2


KEPT = {name: address for name, address in PAGES.items() if "status=" not in address}


@pytest.mark.parametrize("address", KEPT.values(), ids=KEPT)
def test_an_answer_that_is_kept_takes_one_look_at_the_version(heard: Listening, address: str) -> None:
    heard.statements(address)
    assert heard.statements(address) == [VERSION]


def test_every_quote_takes_the_same_number_of_statements_whatever_belongs_to_it(
    heard: Listening, made: list[Made]
) -> None:
    public = [item.quote.id for item in made if item.quote.status == "published"]
    assert len({heard.count(f"/v1/quotes/{name}") for name in public}) == 1
