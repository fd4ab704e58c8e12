"""The application's OpenAPI document as schemathesis reads it."""

import json
from collections.abc import Mapping
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema

from tests.client import Client

SEEN, UNBOUND = r'"pattern":"\\S"', r'"pattern":"\\S|\\S\\S"'
"""The same to a validator. Of the one schemathesis makes `^\\S{1,20000}$`: texts without a blank, compiled in .2 s."""


def promised(client: Client, checks: Mapping[str, object]) -> BaseSchema:
    """Return what the document of the client's application promises, to be held against it by these checks."""
    document = client.get("/openapi.json").text
    assert SEEN in document
    config: dict[str, Any] = {"checks": checks}
    return schemathesis.openapi.from_dict(
        json.loads(document.replace(SEEN, UNBOUND)), config=SchemathesisConfig.from_dict(config)
    )
