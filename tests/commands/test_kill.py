"""The server killed in the middle of writes: a few rounds of `python -m bench.kill`."""

from contextlib import closing
from pathlib import Path

from bench.kill import CLIENTS, Killing
from tests.tables.raw import connect

ROUNDS = 3


def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half_when_the_server_is_killed(tmp_path: Path) -> None:
    killing = Killing(tmp_path, seed=3)

    counted = killing.run(ROUNDS)

    assert counted.wrong == []
    assert counted.rounds == ROUNDS
    assert counted.unanswered == counted.replayed + counted.made == ROUNDS * CLIENTS
    assert counted.acknowledged >= ROUNDS
    assert counted.changes == counted.acknowledged + counted.unanswered

    halved, gone, unkept = damage(killing.path)
    killing.prove()

    wrong = "\n".join(killing.wrong)
    for said in (
        f"{halved} is not whole",
        f"{gone} was acknowledged, and is gone",
        f"{gone} was forgotten by its history",
        f"{unkept} has the history [(1, None, True)], and its answer kept: False",
    ):
        assert said in wrong


def damage(path: Path) -> tuple[str, str, str]:
    """Take a name of one speaker, all of another, and the kept answer of a third; return their slugs."""
    with closing(connect(path)) as record:
        halved, gone, unkept = (slug for (slug,) in record.execute("SELECT slug FROM speaker ORDER BY seq LIMIT 3"))
        record.execute("DELETE FROM speaker_name WHERE name = ?", (f"{halved} the First",))
        record.execute("DELETE FROM speaker_name WHERE speaker = 2")
        record.execute("DELETE FROM speaker WHERE seq = 2")
        record.execute("DELETE FROM kept_answer WHERE key = ?", (unkept,))
    return halved, gone, unkept
