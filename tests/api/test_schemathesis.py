"""Schemathesis over the whole document: what it promises, the service keeps, on good requests and on bad ones."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.result import Ok
from schemathesis.pytest.lazy import get_all_tests
from schemathesis.schemas import APIOperation, BaseSchema

from app.settings import Settings
from tests.api.document import DOCUMENT
from tests.api.promised import promised
from tests.client import BASE, Client, Session
from tests.conftest import MANY, url_of

Operation = APIOperation[Any, Any, Any, Any]  # schemathesis names no narrower types
EXAMPLES = 60
SETTINGS = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)

# What no schema can tell: slugs and cursors that the record does not know, and ranges that run backward.
BEYOND_A_SCHEMA = re.compile(
    r"There is no (speaker|topic|source) |is not a cursor of this list|nothing can match|relevance needs q"
    r"|confidence needs status|means nothing in the form"
)
CHECKS = {
    # Without a key a write is refused whatever it says: tests/api/test_stateful.py has keys.
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "404", "422"]},
    "missing_required_header": {"enabled": False},
}


OPERATIONS = [
    operation["operationId"] for operations in DOCUMENT["paths"].values() for operation in operations.values()
]


@pytest.fixture(scope="module")
def client(seeded_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    path = tmp_path_factory.mktemp("schemathesis") / "seeded.db"
    shutil.copy(seeded_template, path)
    with Client(Settings(database_url=url_of(path), wrong_keys=MANY)) as client:
        yield client


@pytest.fixture(scope="module")
def document(client: Client) -> BaseSchema:
    return promised(client, CHECKS)


# Each operation's tests are made where they run: made for all of them where they are collected, they take seconds in
# each of the processes that share the tests.
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_service_keeps_what_its_document_promises(client: Client, document: BaseSchema, operation: str) -> None:
    session = Session(client)

    def keeps(case: schemathesis.Case[Operation]) -> None:
        response = case.call_and_validate(base_url=BASE, session=session)
        if response.status_code == 422 and case.meta and case.meta.generation.mode.is_positive:
            refused = [error["detail"] for error in response.json()["errors"]]
            assert [detail for detail in refused if not BEYOND_A_SCHEMA.search(detail)] == []

    only = document.include(operation_id=operation)
    (made,) = get_all_tests(schema=only, test_func=keeps, settings=SETTINGS, given_kwargs=None)
    assert isinstance(made, Ok)
    _, test = made.ok()
    test()
