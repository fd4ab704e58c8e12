"""A database that a whole module of the store's tests shares, for those that leave it as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.tables.db import Database
from tests.store.builders import copied


@pytest.fixture(scope="module")
def shared(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A migrated, empty database; whoever writes to it undoes it."""
    with copied(empty_template, tmp_path_factory.mktemp("shared") / "shared.db") as database:
        yield database
