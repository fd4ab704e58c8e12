"""Schemathesis over the writes, with a key of each scope: what one answers is where the next one goes."""

from collections.abc import Sequence
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from app.settings import Settings
from app.store import integrity, keys
from app.tables.db import Database
from app.tables.words import Scope
from tests.api.promised import promised
from tests.client import BASE, Client, Session
from tests.conftest import MANY, url_of

SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"
PLAIN = frozenset({"kind", "medium", "polarity", "confidence"})
"""What a quote says that names no words, and nothing else on the record."""
WORDS = ("only exception", "exception here", "here is America")
STEPS = 12
SEQUENCES = 6
CHECKS = {
    name: {"enabled": False}
    for name in ("positive_data_acceptance", "missing_required_header", "negative_data_rejection", "ignored_auth")
}


def name_what_is_there(case: schemathesis.Case[Any], names: Sequence[str]) -> None:
    """Have a generated note or link name quotes of the record, a quote words of its source, and proposals the source.

    What is random is never there, and nothing would be written.
    """
    if case.operation.path == "/v1/sources/{slug}/proposals":
        case.path_parameters["slug"] = SOURCE
    body = case.body
    if case.operation.method.lower() != "post" or not isinstance(body, dict):
        return
    picked = sum(map(ord, repr(body)))
    if case.operation.path == "/v1/annotations":
        body["target"] = {"quote": names[picked % len(names)]}
    elif case.operation.path == "/v1/links":
        body["from"], body["to"] = (names[(picked + more) % len(names)] for more in (0, 1 + picked % 7))
    elif case.operation.path == "/v1/quotes":
        for name in body.keys() - PLAIN:
            del body[name]
        body |= {"source": SOURCE, "content": [WORDS[picked % len(WORDS)]]}


@pytest.mark.parametrize("scope", list(Scope))
def test_sequences_of_writes_keep_what_the_document_promises(seeded: Database, scope: Scope) -> None:
    with seeded.writing() as session:
        secret = keys.create(session.connection(), f"key-{scope}", [scope], expires=None)
    with Client(Settings(database_url=url_of(seeded.path), wrong_keys=MANY)) as client:
        run(client, secret, seeded)
    reader = seeded.reader()
    with seeded.composing_anew() as connection:
        assert integrity.check(connection, limit=200, after=None).failures == []
        assert integrity.rest(connection) == []
    wrote = reader.execute("SELECT DISTINCT what FROM change WHERE who = ?", (f"key-{scope}",)).fetchall()
    assert wrote, "no write of this scope succeeded"


def run(client: Client, secret: str, seeded: Database) -> None:
    """Send the sequences, with the key."""
    machine = promised(client, CHECKS).as_state_machine()
    session = Session(client)
    rows = seeded.reader().execute("SELECT id FROM quote WHERE polarity = 'asserted' ORDER BY id")
    names = [str(row[0]) for row in rows]

    class Keyed(machine):  # type: ignore[misc, valid-type]  # schemathesis makes the class when it has read the document
        def before_call(self, case: schemathesis.Case[Any]) -> None:
            name_what_is_there(case, names)

        def get_call_kwargs(self, case: schemathesis.Case[Any]) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {secret}"}, "session": session, "base_url": BASE}

    Keyed.run(
        settings=settings(
            max_examples=SEQUENCES,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
    )
