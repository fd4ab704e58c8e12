"""Databases that tests copy: one migrated and empty, one seeded. Each is made once and copied, as a copy takes 1 ms."""

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.commands.records_in import put_files
from app.main import create_app
from app.settings import ROOT, Settings
from app.tables.db import Database
from app.tables.migration import migrate
from tests.api.writers import Writers, writers
from tests.client import Client

MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own there, which nobody else can read
ROOM = 4 << 30
"""Bytes that must be free in memory for the tests' databases to stand there."""
MANY = 1_000_000
"""Wrong keys that a shared client may send."""
SEED = ROOT / "seed" / "article-2025-03-21.yaml"


def pytest_configure(config: pytest.Config) -> None:
    """Keep what tests write in memory where there is room: on a disk each of their commits waits 7 ms for it."""
    gc.disable()  # until all is collected: hardly anything of it is garbage
    if config.option.basetemp is None and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Leave what was read and collected, which stays to the end, out of each later search for garbage."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 20)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("templates") / "empty.db"
    database = Database(url_of(path))
    migrate(database)
    database.close()
    return path


@pytest.fixture(scope="session")
def seeded_template(empty_template: Path) -> Path:
    path = empty_template.with_name("seeded.db")
    shutil.copy(empty_template, path)
    database = Database(url_of(path))
    put_files(database, [SEED], who="verbatim seed")
    database.close()
    return path


@pytest.fixture
def empty(empty_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A migrated database that holds nothing."""
    yield from _copied(empty_template, tmp_path / "empty.db")


@pytest.fixture
def seeded(seeded_template: Path, tmp_path: Path) -> Iterator[Database]:
    """A database that holds the seed article."""
    yield from _copied(seeded_template, tmp_path / "seeded.db")


def _copied(template: Path, path: Path) -> Iterator[Database]:
    shutil.copy(template, path)
    database = Database(url_of(path))
    yield database
    database.close()


@pytest.fixture(scope="session")
def reading(seeded_template: Path) -> Iterator[TestClient]:
    """A client of the seeded record, for tests that only read."""
    with Client(Settings(database_url=url_of(seeded_template), wrong_keys=MANY)) as client:
        yield client


@pytest.fixture
def client(seeded: Database) -> Iterator[TestClient]:
    """A client of a seeded record of the test's own, which it may change through the `seeded` fixture."""
    with Client(Settings(database_url=url_of(seeded.path), wrong_keys=MANY)) as client:
        yield client


@pytest.fixture
def desk(client: TestClient, seeded: Database) -> Writers:
    """A client of a seeded record of the test's own, with a key of each scope."""
    return writers(client, seeded)


@pytest.fixture
def crowd(seeded: Database) -> Iterator[Writers]:
    """A desk whose requests may come from several threads at once."""
    with TestClient(create_app(Settings(database_url=url_of(seeded.path), wrong_keys=MANY))) as client:
        yield writers(client, seeded)


@pytest.fixture
def two(seeded: Database) -> Iterator[Writers]:
    """Writers of a record where a quote is published only by another key than proposed it."""
    settings = Settings(database_url=url_of(seeded.path), two_people=True)
    with Client(settings) as client:
        yield writers(client, seeded)
