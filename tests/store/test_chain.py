"""The chain of seals: who alters the history behind the service's back is found, at the change that was altered."""

import sqlite3

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.store import history, integrity
from app.store.integrity import Chained
from app.tables.db import Database
from app.tables.integrity import Failing
from tests.api.test_integrity import behind_its_back

AT = 20
ROW = 'SELECT seq, what, name, version, at, who, "before", "after" FROM change WHERE seq = ?'
TAMPERED = {
    "what": f"UPDATE change SET what = 'link' WHERE seq = {AT}",
    "name": f"UPDATE change SET name = name || 'x' WHERE seq = {AT}",
    "version": f"UPDATE change SET version = version + 1 WHERE seq = {AT}",
    "at": f"UPDATE change SET at = replace(at, '2', '1') WHERE seq = {AT}",
    "who": f"UPDATE change SET who = 'somebody else' WHERE seq = {AT}",
    "before": f"""UPDATE change SET "before" = '{{}}' WHERE seq = {AT}""",
    "after": f"""UPDATE change SET "after" = replace("after", 'e', 'a') WHERE seq = {AT}""",
    "after, left out": f"""UPDATE change SET "after" = NULL WHERE seq = {AT}""",
    "after, no text": f"""UPDATE change SET "after" = CAST(x'61ff62' AS TEXT) WHERE seq = {AT}""",
    "seal": f"UPDATE change SET seal = '{'0' * 64}' WHERE seq = {AT}",
    "seal, empty": f"UPDATE change SET seal = '' WHERE seq = {AT}",
    "seal, no text": f"UPDATE change SET seal = CAST(x'ff' AS TEXT) WHERE seq = {AT}",
    "removed": f"DELETE FROM change WHERE seq = {AT}",
}


def chain(database: Database) -> Chained:
    with database.composing_anew() as connection:
        return integrity.chain(connection)


def named(database: Database) -> list[int | None]:
    found = chain(database)
    assert {failure.what for failure in found.failures} <= {Failing.HISTORY}
    return [failure.change for failure in found.failures]


def seal_anew(connection: sqlite3.Connection, first: int, last: int) -> None:
    """Make the seals of these changes anew, as somebody who knows how could."""
    (sealed,) = connection.execute("SELECT seal FROM change WHERE seq = ?", (first - 1,)).fetchone()
    for seq in range(first, last + 1):
        sealed = history.seal(sealed, connection.execute(ROW, (seq,)).fetchone())
        connection.execute("UPDATE change SET seal = ? WHERE seq = ?", (sealed, seq))


def test_an_untouched_history_holds_and_tells_its_last_seal(seeded: Database, empty: Database) -> None:
    (count,) = seeded.reader().execute("SELECT count(*) FROM change").fetchone()
    (last,) = seeded.reader().execute("SELECT seal FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert chain(seeded) == Chained(count, last, [])
    assert chain(empty) == Chained(0, None, [])


@pytest.mark.parametrize("sql", TAMPERED.values(), ids=TAMPERED)
def test_a_change_that_was_altered_is_named_and_no_other(seeded: Database, sql: str) -> None:
    with behind_its_back(seeded) as connection:
        assert connection.execute(sql).rowcount == 1
    assert named(seeded) == [AT]


def test_every_change_that_was_altered_is_named(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute("UPDATE change SET who = 'x' WHERE seq IN (1, 20, 30)")
        connection.execute("UPDATE change SET seal = ? WHERE seq IN (21, 40, 41)", ("1" * 64,))
    assert named(seeded) == [1, 20, 21, 30, 40, 41]


def test_a_change_sealed_anew_is_found_by_the_next(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute(TAMPERED["who"])
        seal_anew(connection, AT, AT)
    assert named(seeded) == [AT + 1]


def test_a_history_written_anew_to_its_end_has_another_last_seal(seeded: Database) -> None:
    before = chain(seeded)
    with behind_its_back(seeded) as connection:
        connection.execute(TAMPERED["who"])
        seal_anew(connection, AT, before.changes)
    after = chain(seeded)
    assert after.failures == []
    assert after.seal != before.seal


def test_a_change_put_in_is_named(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute(f"UPDATE change SET seq = -seq WHERE seq >= {AT}")
        connection.execute("UPDATE change SET seq = 1 - seq WHERE seq < 0")
        columns = 'what, name, version, at, who, "before", "after", seal'
        connection.execute(f"INSERT INTO change (seq, {columns}) SELECT {AT}, {columns} FROM change WHERE seq = 5")
    assert named(seeded)[0] == AT


def test_changes_that_changed_places_are_named(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute(f"UPDATE change SET seq = -1 WHERE seq = {AT}")
        connection.execute(f"UPDATE change SET seq = {AT} WHERE seq = {AT + 1}")
        connection.execute(f"UPDATE change SET seq = {AT + 1} WHERE seq = -1")
    assert named(seeded)[:2] == [AT, AT + 1]


def test_a_change_renumbered_leaves_a_hole_that_is_named(seeded: Database) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute(f"UPDATE change SET seq = 9000 WHERE seq = {AT}")
    assert named(seeded)[0] == AT


@pytest.mark.parametrize("left", [0, 1, 50])
def test_changes_cut_off_the_end_are_named(seeded: Database, left: int) -> None:
    with behind_its_back(seeded) as connection:
        connection.execute("DELETE FROM change WHERE seq > ?", (left,))
    assert named(seeded) == [left + 1]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_column_of_any_change_can_be_altered_unseen(seeded: Database, data: st.DataObject) -> None:
    with behind_its_back(seeded) as connection:
        (count,) = connection.execute("SELECT count(*) FROM change").fetchone()
        seq = data.draw(st.integers(1, count))
        column = data.draw(st.sampled_from(["what", "name", "version", "at", "who", "before", "after", "seal"]))
        (old,) = connection.execute(f'SELECT "{column}" FROM change WHERE seq = ?', (seq,)).fetchone()
        strange = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
        words = st.integers(-9, 99) if column == "version" else strange
        new = data.draw(words.filter(lambda value: value != old))
        connection.execute(f'UPDATE change SET "{column}" = ? WHERE seq = ?', (new, seq))
    assert named(seeded) == [seq]
    with behind_its_back(seeded) as connection:
        connection.execute(f'UPDATE change SET "{column}" = ? WHERE seq = ?', (old, seq))
    assert named(seeded) == []
