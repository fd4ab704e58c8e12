"""What stands on the record is what the history says last of it: `GET /v1/integrity` names every row that is not."""

import pytest
from fastapi.testclient import TestClient

from app.commands.records_in import put_files
from app.tables.db import Database
from app.tables.words import Scope
from tests.api.test_integrity import behind_its_back, check
from tests.api.writers import Document, Writers
from tests.conftest import SEED
from tests.store.builders import WRITER

SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"


def failures(client: TestClient) -> list[Document]:
    found: list[Document] = client.get("/v1/integrity").json()["failures"]
    return found


SIC = """
INSERT INTO intervention (quote, ordinal, kind, start, "end", exact)
SELECT 7, 9, 'sic', start, "end", exact FROM segment WHERE quote = 7 AND role = 'content' LIMIT 1
"""
ALTERED = [
    ("a polarity", "UPDATE quote SET polarity = 'denied' WHERE seq = 7", "quote", ["polarity"]),
    ("a status", "UPDATE quote SET status = 'disputed' WHERE seq = 7", "quote", ["status"]),
    ("no speaker", "UPDATE quote SET speaker = NULL WHERE seq = 7", "quote", ["speaker"]),
    ("another speaker", "UPDATE quote SET speaker = speaker % 2 + 1 WHERE seq = 7", "quote", ["speaker"]),
    ("a parent", "UPDATE quote SET parent = 3 WHERE seq = 7", "quote", ["parent"]),
    ("a venue", "UPDATE quote SET venue_name = 'nowhere' WHERE seq = 7", "quote", ["venue"]),
    ("a day", "UPDATE quote SET said_note = 'guessed' WHERE seq = 7", "quote", ["said"]),
    ("a cue that is gone", "DELETE FROM segment WHERE quote = 7 AND role = 'cue'", "quote", ["segments"]),
    ("a stance", "UPDATE quote_topic SET stance = 'conditional' WHERE quote = 7", "quote", ["topics"]),
    ("a topic more", "INSERT INTO quote_topic VALUES (7, 9, 1, NULL, NULL)", "quote", ["topics"]),
    ("an intervention", SIC, "quote", ["interventions"]),
    ("a speaker's name", "UPDATE speaker SET name = 'Evil' WHERE seq = 1", "speaker", ["name"]),
    ("a spelling", "DELETE FROM speaker_name WHERE speaker = 1", "speaker", ["names"]),
    ("a role", "UPDATE speaker_role SET title = 'jester' WHERE speaker = 1", "speaker", ["roles"]),
    (
        "where a slug leads",
        "INSERT INTO moved (what, slug, seq) VALUES ('speaker', 'somebody', 1)",
        "speaker",
        ["former"],
    ),
    ("a topic's label", "UPDATE topic SET label = 'Evil' WHERE seq = 1", "topic", ["label"]),
    ("another label", "INSERT INTO topic_label VALUES (1, 'Evil')", "topic", ["labels"]),
    ("a source's title", "UPDATE source SET title = 'Forged'", "source", ["title"]),
    ("who wrote it", "UPDATE source SET authors = '[\"Nobody\"]'", "source", ["authors"]),
    ("a note", "UPDATE annotation SET body = 'forged' WHERE seq = 1", "annotation", ["body"]),
    ("who signed it", "UPDATE annotation SET creator = 'forger' WHERE seq = 1", "annotation", ["creator"]),
    ("a link", "UPDATE link SET rationale = 'forged' WHERE seq = 1", "link", ["rationale"]),
]


@pytest.mark.parametrize(("sql", "thing", "members"), [case[1:] for case in ALTERED], ids=[case[0] for case in ALTERED])
def test_a_row_that_was_altered_is_named_with_its_members_and_no_other(
    client: TestClient, seeded: Database, sql: str, thing: str, members: list[str]
) -> None:
    with behind_its_back(seeded) as connection:
        assert connection.execute(sql).rowcount
    (failure,) = failures(client)
    assert (failure["what"], failure["thing"], failure["members"]) == ("state", thing, members)
    assert failure["change"]


DELETED = [
    ("a quote", "DELETE FROM quote WHERE seq = 7", "quote"),
    ("a quote's source", "UPDATE quote SET source = 999 WHERE seq = 7", "quote"),
    ("a note", "DELETE FROM annotation WHERE seq = 1", "annotation"),
    ("a link", "DELETE FROM link WHERE seq = 1", "link"),
    ("a speaker", "DELETE FROM speaker WHERE seq = 1", "speaker"),
    ("a topic", "DELETE FROM topic WHERE seq = 1", "topic"),
    ("a source", "DELETE FROM source", "source"),
]


@pytest.mark.parametrize(("sql", "thing"), [case[1:] for case in DELETED], ids=[case[0] for case in DELETED])
def test_a_row_that_was_deleted_is_missing(client: TestClient, seeded: Database, sql: str, thing: str) -> None:
    with behind_its_back(seeded) as connection:
        assert connection.execute(sql).rowcount
    assert (thing, "missing") in {(failure["thing"], failure["what"]) for failure in failures(client)}


PUT_IN = {
    "speaker": """
        INSERT INTO speaker (slug, name, kind, version, created, updated)
        SELECT 'evil', 'Evil', kind, 1, created, updated FROM speaker WHERE seq = 1""",
    "topic": """
        INSERT INTO topic (slug, label, version, created, updated)
        SELECT 'evil', 'Evil', 1, created, updated FROM topic WHERE seq = 1""",
    "annotation": """
        INSERT INTO annotation (id, quote, motivation, body, format, creator, version, created, modified)
        SELECT '0000000000000000', 7, motivation, 'forged', format, creator, 1, created, modified
        FROM annotation WHERE seq = 1""",
    "link": """
        INSERT INTO link (id, from_quote, to_quote, relation, rationale, asserted_by, version, created, updated)
        SELECT '0000000000000000', 7, 9, relation, 'forged', 'forger', 1, created, updated FROM link WHERE seq = 1""",
}


@pytest.mark.parametrize(("thing", "sql"), PUT_IN.items(), ids=PUT_IN)
def test_a_row_that_was_put_in_is_unrecorded(client: TestClient, seeded: Database, thing: str, sql: str) -> None:
    with behind_its_back(seeded) as connection:
        assert connection.execute(sql).rowcount
    (failure,) = failures(client)
    assert (failure["what"], failure["thing"], failure["change"]) == ("unrecorded", thing, None)


def test_a_note_that_was_taken_off_and_is_put_back_is_unrecorded(desk: Writers) -> None:
    with behind_its_back(desk.database) as connection:
        connection.execute("CREATE TEMP TABLE kept AS SELECT * FROM annotation WHERE seq = 1")
        (name,) = connection.execute("SELECT id FROM kept").fetchone()
        connection.commit()
        assert desk.delete(f"/v1/annotations/{name}").status_code == 204
        assert failures(desk.client) == []
        connection.execute("INSERT INTO annotation SELECT * FROM kept")
    (failure,) = failures(desk.client)
    assert (failure["what"], failure["name"]) == ("unrecorded", name)
    assert failure["change"]


def test_why_a_quote_was_withdrawn_is_compared_too(desk: Writers, ids: dict[str, str]) -> None:
    name = next(iter(ids.values()))
    tag = desk.tag(f"/v1/quotes/{name}")
    body: Document = {"status": "withdrawn", "reason": "Misattributed."}
    assert desk.post(f"/v1/quotes/{name}/review", body, If_Match=tag).status_code == 200
    assert failures(desk.client) == []
    with behind_its_back(desk.database) as connection:
        connection.execute("UPDATE quote_end SET reason = 'She lied.'")
    (failure,) = failures(desk.client)
    assert (failure["quote"], failure["members"]) == (name, ["reason"])


UNREADABLE = [
    ("a word that is none", "UPDATE quote SET polarity = 'evil' WHERE seq = 7", "quote"),
    ("a slug that is none", "UPDATE source SET language = '?'", "source"),
    ("a list that is none", "UPDATE source SET authors = '['", "source"),
    ("a kind that is none", "UPDATE speaker SET kind = 'evil' WHERE seq = 1", "speaker"),
    ("a relation that is none", "UPDATE link SET relation = 'evil' WHERE seq = 1", "link"),
    ("a name that is no text", "UPDATE speaker SET name = CAST(x'61ff62' AS TEXT) WHERE seq = 1", "speaker"),
]


@pytest.mark.parametrize(("sql", "thing"), [case[1:] for case in UNREADABLE], ids=[case[0] for case in UNREADABLE])
def test_a_row_that_no_longer_can_be_read_is_named_and_no_other(
    client: TestClient, seeded: Database, sql: str, thing: str
) -> None:
    with behind_its_back(seeded) as connection:
        assert connection.execute(sql).rowcount
    (failure,) = failures(client)
    assert (failure["what"], failure["thing"]) == ("state", thing)
    assert "It cannot be read: " in str(failure["detail"])


def test_renames_and_merges_and_a_file_of_before_leave_nothing_to_name(desk: Writers) -> None:
    for path, slug in (
        ("/v1/speakers/donald-trump", "the-president"),
        ("/v1/topics/us-iran-talks", "talks"),
        (f"/v1/sources/{SOURCE}", "an-article"),
    ):
        assert desk.patch(path, {"slug": slug}).status_code == 200
    assert failures(desk.client) == []
    assert desk.patch("/v1/sources/an-article", {"published": "2025-03-22"}).status_code == 200
    merge: Document = {"into": "ali-khamenei"}
    tag = desk.tag("/v1/speakers/the-president")
    assert desk.post("/v1/speakers/the-president/merge", merge, Scope.ADMIN, If_Match=tag).status_code == 200
    assert failures(desk.client) == []
    put_files(desk.database, [SEED], who=WRITER.who)
    assert failures(desk.client) == []


def test_what_was_renamed_and_then_taken_off_is_not_missing(desk: Writers) -> None:
    assert desk.post("/v1/speakers", {"slug": "a-voice", "name": "A voice", "kind": "person"}).status_code == 201
    assert desk.patch("/v1/speakers/a-voice", {"slug": "the-voice"}).status_code == 200
    assert desk.delete("/v1/speakers/the-voice").status_code == 204
    assert failures(desk.client) == []


def test_the_command_names_what_is_no_quote_by_its_kind(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE speaker SET name = 'Evil' WHERE slug = 'donald-trump'")
    done = check(seeded)
    assert done.code == 1
    assert "speaker donald-trump  state  It is not what its last change made of it: name is " in done.out
    assert "1 failed." in done.out
