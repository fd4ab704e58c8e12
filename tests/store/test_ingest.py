"""Ingest: new quotes by the batch, and many writers at once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlmodel import Session

from app.errors import Conflict, Invalid, Unavailable, VerbatimError
from app.store import entries, records, texts
from app.store.ingest import Known, Placed, add_quotes
from app.store.records import Report
from app.tables import db
from app.tables.anchored import AnchoredQuote, AnchoredRecord, AnchoredStance
from app.tables.db import Database
from app.text import anchor
from tests.conftest import url_of
from tests.store.builders import WRITER, note, printed, rebuilt, shelved, speakers, topics
from tests.tables.raw import everything

POST, MAIL = printed("post", sentences=40), printed("mail")
THREADS = 20


def add(session: Session, *quotes: AnchoredQuote) -> None:
    """Add quotes of POST, which is on the record with one speaker and one topic."""
    connection = session.connection()
    source = texts.put_source(connection, POST.record(), writer=WRITER)
    known = Known(entries.numbers(connection, "speaker", ["ada"]), entries.numbers(connection, "topic", ["soil"]))
    add_quotes(connection, [Placed(source, "post", quote) for quote in quotes], known, writer=WRITER)


@pytest.fixture
def named(empty: Database) -> Database:
    with empty.writing() as session:
        records.put(session, POST.record(speakers=speakers("ada"), topics=topics({"soil": None})), writer=WRITER)
    return empty


def test_a_batch_is_on_the_record_with_its_history_and_on_its_shelves(named: Database) -> None:
    quotes = [
        POST.quote(at, speaker="ada")._replace(topics=(AnchoredStance("soil"),), notes=(note("A note."),))
        for at in range(40)
    ]
    with named.writing() as session:
        add(session, *quotes)
        assert shelved(session.connection()) == rebuilt(session.connection())
    rows = everything(named.reader())
    assert [len(rows[name]) for name in ("quote", "segment", "quote_topic", "annotation")] == [40, 40, 40, 40]
    assert [row[1] for row in rows["quote"]] == [quote.id for quote in quotes]
    written = named.reader().execute(
        "SELECT what, count(*) FROM change WHERE what IN ('quote', 'annotation') GROUP BY 1"
    )
    assert dict(written) == {"annotation": 40, "quote": 40}


def test_no_quote_at_all_is_no_change(named: Database) -> None:
    before = everything(named.reader())
    with named.writing() as session:
        add(session)
    assert everything(named.reader()) == before


def test_a_parent_may_stand_later_in_the_batch(named: Database) -> None:
    outer, inner = POST.quote(1), POST.quote(2)
    with named.writing() as session:
        add(session, inner._replace(parent=outer.id), outer)
    sql = "SELECT parent.id FROM quote JOIN quote AS parent ON parent.seq = quote.parent"
    assert named.reader().execute(sql).fetchall() == [(outer.id,)]


REFUSED: dict[str, tuple[list[AnchoredQuote], type[VerbatimError], str]] = {
    "the same words twice in the batch": ([POST.quote(1), POST.quote(1)], Conflict, "the very same words"),
    "words that are on the record": ([POST.quote(1), POST.quote(0)], Conflict, "on the record already"),
    "an unknown speaker": ([POST.quote(1, speaker="bo")], Invalid, "There is no speaker bo on the record"),
    "an unknown topic": (
        [POST.quote(1)._replace(topics=(AnchoredStance("clay"),))],
        Invalid,
        "There is no topic clay on the record",
    ),
    "an unknown parent": ([POST.quote(1)._replace(parent="0" * 16)], Invalid, "There is no quote 0{16} in which"),
    "a parent in another source": ([POST.quote(1)._replace(parent=MAIL.quote(0).id)], Conflict, "of the same source"),
}


@pytest.mark.parametrize(("quotes", "error", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_batch_that_is_refused_leaves_nothing(
    named: Database, quotes: list[AnchoredQuote], error: type[VerbatimError], reason: str
) -> None:
    with named.writing() as session:
        add(session, POST.quote(0))
        records.put(session, MAIL.record([MAIL.quote(0)]), writer=WRITER)
    before = everything(named.reader())

    def refused() -> None:
        with named.writing() as session:
            add(session, POST.quote(7), *quotes)

    with pytest.raises(error, match=reason):
        refused()
    assert everything(named.reader()) == before


def test_ids_hash_the_source_and_the_words_places_and_nothing_else(named: Database) -> None:
    quote = POST.quote(1, 3)
    with named.writing() as session:
        add(session, quote._replace(speaker="ada", cue="claim"))
    ((name,),) = named.reader().execute("SELECT id FROM quote").fetchall()
    assert name == anchor.quote_id(anchor.digest(POST.text), [POST.sentences[1], POST.sentences[3]])
    assert name != POST.quote(1).id
    assert name != MAIL.quote(1, 3).id


def at_once(path: Path, given: list[AnchoredRecord]) -> list[Report | Conflict]:
    """Put records, each by a thread of its own with a database of its own, all at the same moment."""
    start = Barrier(len(given))

    def run(record: AnchoredRecord) -> Report | Conflict:
        database = Database(url_of(path))
        try:
            start.wait()
            with database.writing() as session:
                return records.put(session, record, writer=WRITER)
        except Conflict as error:
            return error
        finally:
            database.close()

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(run, given))


def test_of_twenty_that_put_one_source_at_once_one_adds_it_and_the_others_change_nothing(empty: Database) -> None:
    record = POST.record([POST.quote(at) for at in range(20)])
    answers = at_once(empty.path, [record] * THREADS)
    reports = [answer for answer in answers if isinstance(answer, Report)]
    assert sorted((report.added, report.unchanged, report.written > 0) for report in reports) == [
        *[(0, 20, False)] * (THREADS - 1),
        (20, 0, True),
    ]
    assert len(everything(empty.reader())["change"]) == 21


def test_of_twenty_that_put_one_text_under_twenty_slugs_one_adds_it_and_the_others_meet_a_conflict(
    empty: Database,
) -> None:
    twins = [
        POST._replace(entry=POST.entry.model_copy(update={"slug": f"twin-{at}"})).record() for at in range(THREADS)
    ]
    answers = at_once(empty.path, twins)
    (report,) = [answer for answer in answers if isinstance(answer, Report)]
    assert {str(answer) for answer in answers if isinstance(answer, Conflict)} == {
        f"The text of twin-{at} is on the record already, as the source {report.source}."
        for at in range(THREADS)
        if f"twin-{at}" != report.source
    }
    assert len(everything(empty.reader())["source"]) == 1


def test_a_database_that_another_writer_holds_too_long_is_unavailable(
    empty: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "BUSY_MS", 50)
    impatient = Database(url_of(empty.path))

    def write() -> None:
        with impatient.writing():
            raise AssertionError("two writers at once")

    with empty.writing(), pytest.raises(Unavailable, match=r"Another writer has held the database .* Try again\."):
        write()
    with impatient.writing() as session:  # and it is there again once the other one is done
        records.put(session, POST.record(), writer=WRITER)
    impatient.close()
