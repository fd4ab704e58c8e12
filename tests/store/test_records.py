"""Record files on the record: what putting one adds, corrects, keeps and refuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import given, settings
from sqlalchemy import text

from app.commands.records_in import put_files
from app.errors import Conflict, Invalid, RecordRefused
from app.formats import records as files
from app.formats.anchoring import anchor
from app.formats.records import Lines, Parsed
from app.settings import ROOT
from app.store import exports, records
from app.store.records import Report
from app.tables.anchored import AnchoredLink, AnchoredRecord, AnchoredSegment, AnchoredStance
from app.tables.db import Database
from app.tables.record import RecordFile, TopicEntry
from app.tables.review import MOVES
from app.tables.words import Polarity, Relation, Role, Status, What
from tests.conftest import SEED, url_of
from tests.formats import generated
from tests.store.builders import (
    EDITOR,
    WRITER,
    copied,
    note,
    printed,
    rebuilt,
    said,
    shelved,
    speakers,
    topics,
    undone,
)
from tests.tables.raw import contents, everything

POST = printed("post")
PEOPLE = speakers("ada", "bo")
TREE = topics({"earth": None, "soil": "earth", "water": None})


class Stop(Exception):
    """What interrupts an import."""


def put(database: Database, *given: AnchoredRecord) -> list[Report]:
    with database.writing() as session:
        return [records.put(session, record, writer=WRITER) for record in given]


def history(database: Database, what: What, name: str) -> list[tuple[int, object, object]]:
    """Return version, before and after of each change of a thing."""
    rows = database.reader().execute(
        "SELECT version, before, after FROM change WHERE what = ? AND name = ? ORDER BY seq", (what.value, name)
    )
    return [(version, json.loads(before or "null"), json.loads(after or "null")) for version, before, after in rows]


def column(database: Database, sql: str) -> list[object]:
    return [row[0] for row in database.reader().execute(sql)]


def link(source: str, target: str, by: str = EDITOR, rationale: str = "The same words.") -> AnchoredLink:
    return AnchoredLink(source, target, Relation.RESTATES, rationale, by)


# Twice


def test_the_seed_twice_changes_no_row_of_any_table(seeded: Database) -> None:
    before = everything(seeded.reader())
    (report,) = put_files(seeded, [SEED], who="somebody else")
    assert everything(seeded.reader()) == before
    assert (report.added, report.corrected, report.kept, report.written) == (0, 0, (), 0)
    assert report.unchanged == len(before["quote"]) > 0


@settings(max_examples=40, deadline=None)
@given(file=generated.records())
def test_any_file_twice_changes_no_row_of_any_table(shared: Database, file: RecordFile) -> None:
    record = anchor(Parsed(file, Lines({}, "a file")), str(file.source.text))
    with undone(shared) as session:
        first = records.put(session, record, writer=WRITER)
        rows = [session.connection().execute(text(f"SELECT * FROM {name}")).all() for name in TABLES]
        again = records.put(session, record, writer=WRITER)
        assert [session.connection().execute(text(f"SELECT * FROM {name}")).all() for name in TABLES] == rows
    assert (first.added, first.written > 0) == (len(file.quotes), True)
    assert (again.added, again.corrected, again.unchanged, again.written) == (0, 0, len(file.quotes), 0)


TABLES = [
    *("source", "speaker", "speaker_name", "speaker_role", "topic", "topic_label"),
    *("quote", "segment", "intervention", "quote_topic", "annotation", "link"),
    *("change", "topic_entry", "tally", "speaker_tally", "topic_tally", "quote_wording", "passage"),
    *("quote_end", "proposal", "new_speaker", "moved"),
]


def test_the_tables_compared_are_all_that_hold_a_record(empty: Database) -> None:
    assert {*TABLES, "api_key", "kept_answer"} == {*everything(empty.reader())}


# Corrections


def test_a_corrected_quote_is_a_new_version_with_what_it_was_in_the_history(empty: Database) -> None:
    quote = POST.quote(1, speaker="ada")._replace(topics=(AnchoredStance("soil"),))
    put(empty, POST.record([quote], speakers=PEOPLE, topics=TREE))
    corrected = quote._replace(speaker="bo", topics=(AnchoredStance("water"),), said=said("2024-02"), cue="claim")
    (report,) = put(empty, POST.record([corrected], speakers=PEOPLE, topics=TREE))
    assert (report.added, report.corrected, report.unchanged, report.written) == (0, 1, 0, 1)
    first, second = history(empty, What.QUOTE, quote.id)
    assert (first[0], first[1], second[0]) == (1, None, 2)
    assert first[2] == second[1]
    assert isinstance(second[1], dict)
    assert isinstance(second[2], dict)
    changed = {name for name in second[1] if second[1][name] != second[2][name]}
    assert changed == {"speaker", "topics", "said", "cue"}
    assert (second[1]["speaker"], second[2]["speaker"]) == ("ada", "bo")
    rows = empty.reader().execute("SELECT id, version, said_order, cue FROM quote").fetchall()
    assert rows == [(quote.id, 2, "2024-02-29", "claim")]


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("polarity", [Polarity.ASSERTED, Polarity.DENIED])
def test_a_corrected_quote_stands_on_the_right_shelves(empty: Database, status: Status, polarity: Polarity) -> None:
    quotes = [POST.quote(at, speaker="ada")._replace(topics=(AnchoredStance("soil"),)) for at in range(3)]
    quotes[1] = quotes[1]._replace(status=next(before for before in Status if status in MOVES[before]))
    put(empty, POST.record(quotes, speakers=PEOPLE, topics=TREE))
    moved = quotes[1]._replace(status=status, polarity=polarity, speaker="bo", topics=(AnchoredStance("water"),))
    put(empty, POST.record([quotes[0], moved, quotes[2]], speakers=PEOPLE, topics=TREE))
    with empty.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())
    counted = dict(
        empty.reader().execute("SELECT slug, n FROM tally JOIN topic ON key = seq WHERE dimension = 'topic'")
    )
    served = status in (Status.PUBLISHED, Status.DISPUTED) and polarity is Polarity.ASSERTED
    assert counted == {"soil": 2, "earth": 2, **({"water": 1} if served else {})}


def test_corrected_segments_replace_those_that_were_there(empty: Database) -> None:
    quote = POST.quote(1, 3)
    put(empty, POST.record([quote]))
    put(empty, POST.record([quote._replace(segments=quote.segments[:1], text=POST.quote(1).text)]))
    rows = empty.reader().execute("SELECT ordinal, start, exact FROM segment").fetchall()
    assert rows == [(0, POST.sentences[1].start, POST.quote(1).text)]
    assert column(empty, "SELECT length FROM quote") == [len(POST.quote(1).text)]


def test_a_quote_of_a_file_is_the_one_that_has_its_words_now(empty: Database) -> None:
    """The file says first and second; since then the first was corrected to third: it is that, and the first is new."""
    first, second, third = (POST.quote(at) for at in (1, 2, 3))
    put(empty, POST.record([first]))
    put(empty, POST.record([third._replace(id=first.id)]))
    files = [second._replace(parent=first.id), first._replace(parent=third.id), third._replace(cue="claim")]
    (report,) = put(empty, POST.record(files, links=[link(third.id, first.id)]))
    assert (report.added, report.corrected, report.kept) == (2, 1, ())
    sql = "SELECT quote.text, quote.id, parent.text FROM quote LEFT JOIN quote AS parent ON parent.seq = quote.parent"
    rows = {words: (name, parent) for words, name, parent in empty.reader().execute(sql)}
    assert rows.keys() == {first.text, second.text, third.text}
    assert rows[third.text] == (first.id, None)
    assert rows[second.text] == (second.id, first.text)
    again, parent = rows[first.text]
    assert (again in (first.id, second.id, third.id), parent) == (False, third.text)
    ends = (
        "SELECT one.id, other.id FROM link, quote one, quote other WHERE one.seq = from_quote AND other.seq = to_quote"
    )
    assert empty.reader().execute(ends).fetchall() == [(first.id, again)]
    (twice,) = put(empty, POST.record(files, links=[link(third.id, first.id)]))
    assert twice.written == 0


def test_a_nesting_can_be_turned_round(empty: Database) -> None:
    outer, inner = POST.quote(1), POST.quote(2)
    put(empty, POST.record([outer, inner._replace(parent=outer.id)]))
    put(empty, POST.record([outer._replace(parent=inner.id), inner]))
    sql = "SELECT quote.id, parent.id FROM quote LEFT JOIN quote AS parent ON parent.seq = quote.parent"
    assert dict(empty.reader().execute(sql)) == {outer.id: inner.id, inner.id: None}


def test_a_corrected_source_is_a_new_version_and_its_text_stays(empty: Database) -> None:
    put(empty, POST.record())
    entry = POST.entry.model_copy(update={"title": "Another title", "complete": True})
    put(empty, POST._replace(entry=entry).record())
    assert empty.reader().execute("SELECT title, complete, version, text FROM source").fetchall() == [
        ("Another title", 1, 2, POST.text)
    ]
    assert [version for version, _, _ in history(empty, What.SOURCE, "post")] == [1, 2]


def test_a_moved_topic_takes_its_quotes_along(empty: Database) -> None:
    quote = POST.quote(1)._replace(topics=(AnchoredStance("soil"),))
    put(empty, POST.record([quote], topics=TREE))
    put(empty, POST.record([quote], topics=topics({"water": None, "soil": "water"})))
    sql = "SELECT slug FROM topic_entry JOIN topic ON topic.seq = topic_entry.topic ORDER BY slug"
    assert column(empty, sql) == ["soil", "water"]
    with empty.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())


# Whoever signs


def test_a_files_notes_replace_those_of_its_signers_and_nobody_elses(empty: Database) -> None:
    quote, theirs = POST.quote(1), note("Theirs.", "Another")
    put(empty, POST.record([quote._replace(notes=(theirs,))], creator="Another"))
    put(empty, POST.record([quote._replace(notes=(note("Old."), note("Kept.")))], annotations=[POST.note(2, "Span.")]))
    assert column(empty, "SELECT body FROM annotation ORDER BY body") == ["Kept.", "Old.", "Span.", "Theirs."]
    (report,) = put(empty, POST.record([quote._replace(notes=(note("Kept."), note("New.")))]))
    assert column(empty, "SELECT body FROM annotation ORDER BY body") == ["Kept.", "New.", "Theirs."]
    assert (report.corrected, report.written) == (0, 3)


def test_a_note_that_went_stays_in_the_history_and_may_come_back(empty: Database) -> None:
    quote = POST.quote(1)
    noted = quote._replace(notes=(note("A note."),))
    for given_quote in (noted, quote, noted):
        put(empty, POST.record([given_quote]))
    (name,) = column(empty, "SELECT id FROM annotation")
    changes = history(empty, What.ANNOTATION, str(name))
    assert [(version, before is None, after is None) for version, before, after in changes] == [
        (1, True, False),
        (2, False, True),
        (3, True, False),
    ]
    assert isinstance(changes[1][1], dict)
    assert changes[1][1]["body"] == "A note."


def test_a_files_links_replace_those_of_its_signers_and_nobody_elses(empty: Database) -> None:
    quotes = [POST.quote(at) for at in range(4)]
    ids = [quote.id for quote in quotes]
    put(empty, POST.record(quotes, creator="Another", links=[link(ids[0], ids[1], "Another")]))
    put(empty, POST.record(quotes, links=[link(ids[1], ids[2]), link(ids[2], ids[3])]))
    (report,) = put(empty, POST.record(quotes, links=[link(ids[2], ids[3], rationale="Nearly the same.")]))
    rows = empty.reader().execute("SELECT asserted_by, rationale, version FROM link ORDER BY asserted_by").fetchall()
    assert rows == [(EDITOR, "Nearly the same.", 2), ("Another", "The same words.", 1)]
    assert report.written == 2
    gone = column(empty, "SELECT before FROM change WHERE what = 'link' AND after IS NULL")
    assert [json.loads(str(before))["from"] for before in gone] == [ids[1]]


def test_a_link_from_another_source_twice_changes_nothing(empty: Database) -> None:
    mail = printed("mail")
    joined = mail.record([mail.quote(1)], links=[link(POST.quote(1).id, mail.quote(1).id)])
    put(empty, POST.record([POST.quote(1)]), joined)
    (report,) = put(empty, joined)
    assert report.written == 0
    assert column(empty, "SELECT count(*) FROM link") == [1]


def test_a_link_from_another_source_stays_when_that_sources_file_comes_without_it(empty: Database) -> None:
    mail = printed("mail")
    joined = mail.record(
        [mail.quote(1)], creator="Another", links=[link(POST.quote(1).id, mail.quote(1).id, "Another")]
    )
    put(empty, POST.record([POST.quote(1)]), joined)
    put(empty, POST.record([POST.quote(1)]))
    assert column(empty, "SELECT asserted_by FROM link") == ["Another"]


def test_quotes_that_the_file_no_longer_has_stay_and_are_reported(empty: Database) -> None:
    quotes = [POST.quote(at) for at in range(3)]
    put(empty, POST.record(quotes))
    before = everything(empty.reader())
    (report,) = put(empty, POST.record(quotes[:1]))
    assert report.kept == tuple(sorted(quote.id for quote in quotes[1:]))
    assert everything(empty.reader()) == before


def test_words_cut_by_an_earlier_version_are_exported_so_that_no_others_are_taken_for_them(empty: Database) -> None:
    """“short” without its last letter, which a file of this version could not name."""
    quote = POST.quote(1)
    start, end = quote.segments[0].start, quote.segments[0].end - 2
    cut = AnchoredSegment(Role.CONTENT, start, end, POST.text[start:end])
    put(empty, POST.record([quote._replace(segments=(cut,), text=cut.exact)]))

    with empty.writing() as session:
        written = files.write(exports.take(session, "post"))

    (parsed,) = files.read(written, name="post.yaml")
    with pytest.raises(RecordRefused, match="ends inside a word of the text, “short”: quote whole words"):
        anchor(parsed, POST.text)


# Refusals


E = TypeVar("E", Conflict, Invalid)


def refused(database: Database, record: AnchoredRecord, error: type[E], match: str | None = None) -> E:
    """Put a record that is refused, and prove that nothing of it is left."""
    before = everything(database.reader())
    with pytest.raises(error, match=match) as caught:
        put(database, record)
    assert everything(database.reader()) == before
    return caught.value


def test_the_same_text_under_another_slug_is_a_conflict_and_leaves_nothing(empty: Database) -> None:
    put(empty, POST.record())
    twin = POST._replace(entry=POST.entry.model_copy(update={"slug": "twin"}))
    refused(empty, twin.record(speakers=PEOPLE, topics=TREE), Conflict, "text of twin is on the record .* source post")


def test_the_same_slug_with_another_text_is_a_conflict_and_leaves_nothing(empty: Database) -> None:
    put(empty, POST.record())
    other = printed("post", words=" indeed")
    refused(empty, other.record([other.quote(1)], topics=TREE), Conflict, "post is on the record with another text")


UNKNOWN: dict[str, tuple[AnchoredRecord, str]] = {
    "a speaker": (POST.record([POST.quote(0), POST.quote(1, speaker="nobody")]), "/quotes/1/speaker"),
    "a topic": (
        POST.record([POST.quote(0)._replace(topics=(AnchoredStance("earth"), AnchoredStance("nowhere")))], topics=TREE),
        "/quotes/0/topics/1/topic",
    ),
    "a broader topic": (
        POST.record(topics=[TREE[0], TopicEntry(slug="a", label="A", broader="b")]),
        "/topics/1/broader",
    ),
    "a topic above itself": (POST.record(topics=topics({"a": "b", "b": "a"})), "/topics/0/broader"),
    "a target": (POST.record([POST.quote(0)], links=[link(POST.quote(0).id, "0" * 16)]), "/links/0"),
    "an origin": (POST.record([POST.quote(0)], links=[link("0" * 16, POST.quote(0).id)]), "/links/0"),
    "a revised source": (
        POST._replace(entry=POST.entry.model_copy(update={"revises": "nothing"})).record(),
        "/source/revises",
    ),
}


@pytest.mark.parametrize(("record", "pointer"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_name_that_is_nowhere_is_refused_by_its_place(empty: Database, record: AnchoredRecord, pointer: str) -> None:
    error = refused(empty, record, Invalid)
    assert [fault.pointer for fault in error.faults] == [pointer]


def test_a_topic_cannot_be_moved_below_itself(empty: Database) -> None:
    put(empty, POST.record(topics=TREE))
    record = POST.record(topics=topics({"earth": "soil"}))
    error = refused(empty, record, Invalid, "The broader topic soil is below earth")
    assert error.faults[0].pointer == "/topics/0/broader"


# Several files, and interruptions


def written(folder: Path, *given: AnchoredRecord, speaker: str | None = None) -> list[Path]:
    """Write a record file for each source, one quote in each, the last one by `speaker`."""
    paths = []
    for record in given:
        path = folder / f"{record.source.slug}.yaml"
        file = RecordFile(format="verbatim-record/1", source=record.source)
        path.write_text(files.write(file), encoding="utf-8")
        paths.append(path)
    if speaker:
        with paths[-1].open("a", encoding="utf-8") as last:
            last.write(f"quotes:\n  - kind: direct\n    speaker: {speaker}\n    content:\n      - In\n")
    return paths


def test_several_files_are_put_together(empty: Database, tmp_path: Path) -> None:
    paths = written(tmp_path, POST.record(), printed("mail").record())
    assert [report.source for report in put_files(empty, paths, who="a test")] == ["post", "mail"]
    assert len(set(column(empty, "SELECT at FROM change"))) == 1


def test_of_several_files_none_is_put_when_the_last_is_refused(empty: Database, tmp_path: Path) -> None:
    before = everything(empty.reader())
    short = printed("mail", sentences=1)
    paths = written(tmp_path, POST.record(), short.record(), speaker="nobody")
    with pytest.raises(
        RecordRefused, match=r"mail\.yaml, line \d+: There is no speaker nobody.*: add it under speakers: in"
    ) as caught:
        put_files(empty, paths, who="a test")
    assert paths[-1].read_text(encoding="utf-8").splitlines()[caught.value.line - 1].strip() == "speaker: nobody"
    assert everything(empty.reader()) == before


def test_sources_whose_links_lead_to_one_another_come_in_any_order(
    empty: Database, empty_template: Path, tmp_path: Path
) -> None:
    mail = printed("mail")
    one, other = POST.quote(1), mail.quote(1)
    with empty.writing() as session:
        records.put(session, POST.record([one]), writer=WRITER)
        records.put(session, mail.record([other], links=[link(other.id, one.id)]), writer=WRITER)
        records.put(session, POST.record([one], links=[link(one.id, other.id)]), writer=WRITER)
        exported = [files.write(exports.take(session, slug)) for slug in ("mail", "post")]
    for name, order in (("forth", exported), ("back", exported[::-1])):
        path = tmp_path / f"{name}.yaml"
        path.write_text("".join(order), encoding="utf-8")
        with copied(empty_template, tmp_path / f"{name}.db") as database:
            put_files(database, [path], who="a test")
            with database.writing() as session:
                assert [files.write(exports.take(session, slug)) for slug in ("mail", "post")] == exported
            assert [report.written for report in put_files(database, [path], who="a test")] == [0, 0]


def test_sources_are_exported_after_those_that_they_revise(empty: Database) -> None:
    first, second, third = (
        printed(slug)._replace(entry=printed(slug).entry.model_copy(update={"revises": revises}))
        for slug, revises in (("c", None), ("a", "c"), ("b", "a"))
    )
    put(empty, first.record(), printed("d").record(), second.record(), third.record())
    with empty.writing() as session:
        assert exports.slugs(session) == ["c", "d", "a", "b"]
    around = first._replace(entry=first.entry.model_copy(update={"revises": "b"}))
    refused(empty, around.record(), Invalid, "The source b revises c")


def test_an_exception_in_the_middle_leaves_everything_as_it_was(seeded: Database) -> None:
    before = everything(seeded.reader())

    def interrupted() -> None:
        with seeded.writing() as session:
            records.put(session, POST.record([POST.quote(1)], topics=TREE), writer=WRITER)
            raise Stop

    with pytest.raises(Stop):
        interrupted()
    assert everything(seeded.reader()) == before
    put(seeded, POST.record([POST.quote(1)], topics=TREE))  # and the next writer is free to begin


KILLED = """
import sys, time
from pathlib import Path
from sqlalchemy import event
from app.commands.records_in import read_file
from app.store import exports, records
from app.tables.db import Database
from tests.store.builders import WRITER

database = Database(sys.argv[1])

@event.listens_for(database.engine, "connect")
def spill(connection, record):
    connection.execute("PRAGMA cache_size = 4")  # so that pages reach the disk before the commit

with database.writing() as session:
    for parsed, record in read_file(Path(sys.argv[2])):
        records.put(session, record, writer=WRITER)
    print("written", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_in_the_middle_leaves_everything_as_it_was(empty: Database) -> None:
    empty.close()
    before = contents(empty.path)
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, url_of(empty.path), str(SEED)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "written\n"
        log = empty.path.with_name(empty.path.name + "-wal")
        assert log.stat().st_size > 100_000
    finally:
        process.kill()
        process.communicate()
    assert contents(empty.path) == before
    (report,) = put_files(Database(url_of(empty.path)), [SEED], who="a test")
    assert report.added > 0
