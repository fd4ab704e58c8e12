"""Schemathesis over the whole document: what it promises, the service keeps, on good requests and on bad ones."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import APIOperation

from app.main import create_app
from app.settings import Settings
from tests.conftest import MANY, url_of

Operation = APIOperation[Any, Any, Any, Any]  # schemathesis names no narrower types
EXAMPLES = 60
FOLDER = TemporaryDirectory()
RECORD = Path(FOLDER.name) / "seeded.db"

# What no schema can tell: slugs and cursors that the record does not know, and ranges that run backward.
BEYOND_A_SCHEMA = re.compile(
    r"There is no (speaker|topic|source) |is not a cursor of this list|nothing can match|relevance needs q"
    r"|confidence needs status|means nothing in the form"
)
CONFIG = {
    "checks": {
        # Without a key a write is refused whatever it says: tests/api/test_stateful.py has keys.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "422"]},
        "missing_required_header": {"enabled": False},
    }
}

# Its operations are tests of their own, and so are collected before any fixture; the record is opened when first asked.
document = schemathesis.openapi.from_asgi(
    "/openapi.json",
    create_app(Settings(database_url=url_of(RECORD), wrong_keys=MANY)),
    config=SchemathesisConfig.from_dict(CONFIG),
)


@pytest.fixture(scope="module", autouse=True)
def record(seeded_template: Path) -> Iterator[None]:
    RECORD.parent.mkdir(exist_ok=True)  # a process that takes over tests comes here again
    shutil.copy(seeded_template, RECORD)
    yield
    FOLDER.cleanup()


@document.parametrize()
@settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
def test_the_service_keeps_what_its_document_promises(case: schemathesis.Case[Operation]) -> None:
    response = case.call_and_validate()
    if response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
        refused = [error["detail"] for error in response.json()["errors"]]
        assert [detail for detail in refused if not BEYOND_A_SCHEMA.search(detail)] == []
