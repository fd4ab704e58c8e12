"""Clients of the generated record, and a key that is good."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.commands.records_in import read_file
from app.settings import Settings
from app.tables.db import Database
from tests.api import generated
from tests.api.generated import Made
from tests.client import Client
from tests.conftest import MANY, SEED, url_of

SECRET = "sesame"
KEYED = {"Authorization": f"Bearer {SECRET}"}


def add_key(
    database: Database, name: str, secret: str, *, expires: str | None = None, revoked: str | None = None
) -> None:
    """Put a key on the record, as no endpoint does yet."""
    values = {
        "name": name,
        "sha": hashlib.sha256(secret.encode()).hexdigest(),
        "expires": expires,
        "revoked": revoked,
    }
    with database.writing() as session:
        session.connection().execute(text(_NEW_KEY), values)


_NEW_KEY = """
INSERT INTO api_key (name, secret_sha256, scopes, created, expires, revoked)
VALUES (:name, :sha, '[]', '2026-01-01T00:00:00.000000Z', :expires, :revoked)
"""


@pytest.fixture(scope="session")
def made() -> list[Made]:
    """The quotes of the generated record, in the order in which they were added."""
    return generated.make()


@pytest.fixture(scope="session")
def many(made: list[Made], empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A client of the generated record, for tests that only read; KEYED is good there."""
    path = tmp_path_factory.mktemp("generated") / "generated.db"
    shutil.copy(empty_template, path)
    database = Database(url_of(path))
    with database.writing() as session:
        generated.fill(session, made)
    add_key(database, "a key", SECRET)
    database.close()
    with Client(Settings(database_url=url_of(path), wrong_keys=MANY)) as client:
        yield client


@pytest.fixture(scope="session")
def ids() -> Mapping[str, str]:
    """The ids of the seed's quotes, by the keys that its record file gives them."""
    ((parsed, record),) = read_file(SEED)
    return {str(entry.key): quote.id for entry, quote in zip(parsed.record.quotes, record.quotes, strict=True)}
