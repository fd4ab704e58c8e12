"""What a verifier keeps between claims, which come on several connections."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.errors import TooSlow
from app.store import records, scopes
from app.store.claims import Verifier
from app.tables.claim import Claim, VerdictRead
from app.tables.db import Database
from app.tables.words import Status
from tests.conftest import url_of
from tests.store.builders import WRITER, Printed, printed

SOURCE = printed("source-a")


def put(database: Database, source: Printed, *, status: Status = Status.PUBLISHED) -> None:
    with database.writing() as session:
        records.put(session, source.record([source.quote(at)._replace(status=status) for at in (1, 2)]), writer=WRITER)


def covered(verifier: Verifier, database: Database, source: str | None = None) -> tuple[int, int]:
    """Return the numbers of sources and quotes that a verdict says to be on the record."""
    answer = verifier.verify(database.reader(), Claim(text="Cats sleep.", source=source))
    coverage = VerdictRead.model_validate_json(answer).coverage
    return coverage.sources, coverage.quotes


@pytest.mark.parametrize("source", [None, "source-a"])
def test_coverage_is_that_of_the_moment_on_every_connection(empty: Database, source: str | None) -> None:
    put(empty, SOURCE)
    verifier = Verifier()
    assert covered(verifier, empty, source) == (1, 2)
    put(empty, SOURCE, status=Status.WITHDRAWN)
    opened_since = Database(url_of(empty.path))
    try:
        assert [covered(verifier, database, source) for database in (opened_since, empty)] == [(1, 0), (1, 0)]
    finally:
        opened_since.close()


def test_a_verifier_serves_threads_at_once_while_the_record_changes(empty: Database) -> None:
    put(empty, SOURCE)
    verifier, together = Verifier(), Barrier(5)

    def ask() -> list[tuple[int, int]]:
        together.wait()
        return [covered(verifier, empty, source) for source in (None, "source-a") * 40]

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask) for _ in range(4)]
        together.wait()
        for number in range(12):
            put(empty, printed(f"source-{number}"))
        for answers in asked:
            sizes = answers.result()[::2]
            assert sizes == sorted(sizes)  # the record only grows: a smaller one is an older one
    assert covered(verifier, empty) == (13, 26)


def test_a_prepared_verifier_counts_no_word_again_and_judges_the_same(seeded: Database) -> None:
    claim = Claim(text="The exception here is America.")
    reader = seeded.reader()
    prepared = Verifier()
    prepared.prepare(seeded)
    asked: list[str] = []
    reader.set_trace_callback(asked.append)
    answer = prepared.verify(reader, claim)
    assert asked
    assert not [sql for sql in asked if "count(*) FROM (SELECT 1" in sql]
    assert Verifier().verify(reader, claim) == answer
    assert [sql for sql in asked if "count(*) FROM (SELECT 1" in sql]
    reader.set_trace_callback(None)


def test_a_claim_that_takes_too_long_is_given_up_and_the_connection_goes_on(
    seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scopes, "MOST_SECONDS", 0.0)
    with pytest.raises(TooSlow, match="Shorten it"):
        Verifier().verify(seeded.reader(), Claim(text="The only exception here is America."))
    monkeypatch.undo()
    assert covered(Verifier(), seeded) == (1, 52)
