"""`verbatim keys`: secrets shown once and kept nowhere, keys that stop being good at once, and what each may do."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.store import keys
from app.store.keys import Key
from app.tables.columns import instant
from app.tables.db import Database
from app.tables.words import Scope
from tests.commands.processes import Done, run

SECRET = re.compile(r"vb_[A-Za-z0-9_-]{43}\n")


def made(database: Database, *words: str) -> str:
    """Make a key and return its secret."""
    done = run("keys", "create", *words, database=database.path)
    assert done.code == 0, done.err
    assert SECRET.fullmatch(done.out), "nothing but the secret is on standard output"
    assert done.out.strip() not in done.err
    return done.out.strip()


def status(client: TestClient, secret: str) -> int:
    return client.get("/v1/quotes?limit=1", headers={"Authorization": f"Bearer {secret}"}).status_code


def listed(database: Database) -> Mapping[str, str]:
    """Return the lines of `verbatim keys list`, by the name of the key."""
    done = run("keys", "list", database=database.path)
    assert (done.code, done.err) == (0, "")
    return {line.split()[0]: " ".join(line.split()[1:]) for line in done.out.splitlines()[1:]}


def test_a_secret_is_shown_once_and_stands_nowhere_in_the_files(seeded: Database, client: TestClient) -> None:
    secret = made(seeded, "ann", "--scope", "edit", "--scope", "annotate")

    assert status(client, secret) == 200
    files = [path for path in seeded.path.parent.iterdir() if path.name.startswith(seeded.path.name)]
    assert len(files) == 3, "the database, its log and its index"
    assert [path for path in files if secret.encode() in path.read_bytes()] == []
    assert secret not in run("keys", "list", database=seeded.path).out
    line = listed(seeded)["ann"]
    assert line.startswith("annotate, edit")
    assert line.endswith("good")
    assert line.count(f"{datetime.now(UTC):%Y-%m-%d}") == 2, "made and used today"


@pytest.mark.parametrize(("minutes", "is_kept"), [(9, False), (11, True)])
def test_the_last_use_is_kept_to_within_ten_minutes_as_the_help_says(
    seeded: Database, client: TestClient, minutes: int, is_kept: bool
) -> None:
    secret = made(seeded, "ann", "--scope", "edit")
    before = datetime.now(UTC) - timedelta(minutes=minutes)
    with seeded.writing() as session:
        session.connection().execute(text("UPDATE api_key SET last_used = :at"), {"at": instant(before)})

    assert status(client, secret) == 200

    (key,) = keys.every(seeded.reader())
    assert key.last_used is not None
    assert (key.last_used > before) is is_kept
    assert "within ten minutes" in " ".join(run("keys", "list", "--help", database=seeded.path).out.split())


def test_a_revoked_key_is_refused_at_once_and_for_good(seeded: Database, client: TestClient) -> None:
    secret = made(seeded, "ann", "--scope", "propose")
    assert status(client, secret) == 200

    assert run("keys", "revoke", "ann", database=seeded.path) == Done(0, "The key ann is revoked.\n", "")

    assert status(client, secret) == 401
    assert listed(seeded)["ann"].endswith("revoked")
    assert run("keys", "revoke", "ann", database=seeded.path).out == "The key ann was revoked before.\n"
    again = run("keys", "create", "ann", "--scope", "propose", database=seeded.path)
    assert (again.code, again.out) == (2, "")
    assert "There is or was a key ann" in again.err
    rotated = run("keys", "rotate", "ann", database=seeded.path)
    assert rotated == Done(2, "", "verbatim: The key ann was revoked, which is for good: create one of another name.\n")


def test_a_rotated_key_is_good_by_its_new_secret_only(seeded: Database, client: TestClient) -> None:
    first = made(seeded, "ann", "--scope", "propose")

    done = run("keys", "rotate", "ann", database=seeded.path)

    assert (done.code, done.err) == (0, "The key ann has another secret, shown this once:\n")
    assert SECRET.fullmatch(done.out)
    assert (status(client, first), status(client, done.out.strip())) == (401, 200)


def test_an_expired_key_is_refused_at_once(seeded: Database, client: TestClient) -> None:
    secret = made(seeded, "ann", "--scope", "propose", "--expires", "30m")
    assert status(client, secret) == 200
    with seeded.writing() as session:
        moment = {"now": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"}
        session.connection().execute(text("UPDATE api_key SET expires = :now"), moment)

    assert status(client, secret) == 401
    assert listed(seeded)["ann"].endswith("expired")


REFUSED = {
    "a name with a blank": (["a b", "--scope", "edit"], "a b is not a name such as news-desk"),
    "a name in capitals": (["Ann", "--scope", "edit"], "Ann is not a name such as news-desk"),
    "a name that begins with a hyphen": (["--scope", "edit", "--", "-ann"], "-ann is not a name such as news-desk"),
    "a name in other letters": (["аnn", "--scope", "edit"], "is not a name such as news-desk"),
    "a name of 61": (["a" * 61, "--scope", "edit"], "is not a name such as news-desk"),
    "no scope": (["ann"], "--scope"),
    "a scope that is none": (["ann", "--scope", "all"], "'all' is not one of"),
    "a span of another unit": (["ann", "--scope", "edit", "--expires", "3w"], "--expires 3w is neither a span"),
    "a span of nothing": (["ann", "--scope", "edit", "--expires", "0d"], "--expires 0d is neither a span"),
    "a day that is none": (["ann", "--scope", "edit", "--expires", "2027-02-30"], "--expires 2027-02-30 is neither"),
    "a day that is past": (["ann", "--scope", "edit", "--expires", "2020-01-01"], "--expires 2020-01-01 is past"),
}


@pytest.mark.parametrize(("words", "said"), REFUSED.values(), ids=REFUSED)
def test_what_makes_no_key_is_refused(seeded: Database, words: list[str], said: str) -> None:
    done = run("keys", "create", *words, database=seeded.path)

    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert listed(seeded) == {}


@pytest.mark.parametrize("command", ["revoke", "rotate"])
def test_a_mistyped_key_is_named_with_the_nearest(seeded: Database, command: str) -> None:
    made(seeded, "news-desk", "--scope", "edit")
    done = run("keys", command, "news-dsek", database=seeded.path)
    assert done == Done(2, "", "verbatim: There is no key news-dsek: did you mean news-desk?\n")


MAY = {
    Scope.PROPOSE: {Scope.PROPOSE},
    Scope.ANNOTATE: {Scope.ANNOTATE},
    Scope.EDIT: {Scope.PROPOSE, Scope.ANNOTATE, Scope.EDIT},
    Scope.ADMIN: set(Scope),
}


@pytest.mark.parametrize("scope", Scope)
def test_edit_holds_proposing_and_signing_and_admin_holds_all(scope: Scope) -> None:
    key = Key("a key", frozenset({scope}), is_idle=False)
    assert {asked for asked in Scope if key.may(asked)} == MAY[scope]
    assert not any(Key("none", frozenset(), is_idle=False).may(asked) for asked in Scope)
