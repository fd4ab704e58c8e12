"""Export, import and export again give the same bytes, whatever the text; and the words are those that were cut."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from app.commands.records_in import put_files
from app.errors import RecordRefused
from app.formats import records as files
from app.formats.anchoring import anchor
from app.store import exports, records
from app.store.history import Writer
from app.store.records import Report
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.record import RecordFile
from app.text.anchor import digest
from tests.conftest import SEED, url_of
from tests.formats.generated import lines, places, prose, texts
from tests.formats.generated import records as generated

WRITER = Writer("a test", datetime(2025, 3, 21, tzinfo=UTC))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A database on which nothing is ever committed: each example rolls back, as hypothesis runs many."""
    database = Database(url_of(tmp_path_factory.mktemp("scratch") / "scratch.db"))
    migrate(database)
    yield database
    database.close()


def imported(session: Session, content: str) -> Report:
    """Put a file of one record on the record."""
    (parsed,) = files.read(content, name="record.yaml")
    return records.put(session, anchor(parsed, str(parsed.record.source.text)), writer=WRITER)


def exported(session: Session) -> str:
    return "".join(files.write(exports.take(session, slug)) for slug in exports.slugs(session))


def test_the_seed_exported_imported_elsewhere_and_exported_again_is_the_same(
    seeded: Database, empty: Database, tmp_path: Path
) -> None:
    with seeded.writing() as session:
        first = exported(session)
    path = tmp_path / "export.yaml"
    path.write_text(first, encoding="utf-8", newline="")

    put_files(empty, [path], who="a test")

    with empty.writing() as session:
        assert exported(session) == first
    assert len(first) > 20_000


def test_the_seeds_export_says_what_the_seed_says(seeded: Database, tmp_path: Path) -> None:
    """Imported where the seed is, it has nothing to write."""
    path = tmp_path / "export.yaml"
    with seeded.writing() as session:
        path.write_text(exported(session), encoding="utf-8", newline="")

    (report,) = put_files(seeded, [path], who="a test")

    assert (report.written, report.unchanged, report.kept) == (0, 52, ())


def test_the_seeds_text_comes_back_byte_for_byte(seeded: Database) -> None:
    with seeded.writing() as session:
        (parsed,) = files.read(exported(session), name="export.yaml")

    assert str(parsed.record.source.text).encode() == SEED.with_suffix(".txt").read_bytes()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record=generated())
def test_any_record_comes_back_the_same(scratch: Database, record: RecordFile) -> None:
    text = str(record.source.text)
    written = files.write(record)
    with Session(scratch.engine) as session:
        report = imported(session, written)
        first = exported(session)
        again = imported(session, written)
        itself = imported(session, first)
        session.rollback()
    with Session(scratch.engine) as session:
        imported(session, first)
        second = exported(session)
        session.rollback()

    assert second == first
    assert (report.added, again.written, itself.written, itself.kept) == (len(record.quotes), 0, 0, ())
    (parsed,) = files.read(first, name="export.yaml")
    assert parsed.record.source.text == text
    assert parsed.record.source.sha256 == digest(text)
    assert _spans(record, text) == _spans(parsed.record, text)


def _spans(record: RecordFile, text: str) -> list[list[tuple[int, int]]]:
    """Return where the content of each quote stands, worked out apart from the code that finds it."""
    found = []
    for quote in record.quotes:
        spans = []
        for part in quote.content:
            exact, occurrence = (part, 1) if isinstance(part, str) else (part.exact, part.occurrence or 1)
            start = places(text, exact)[occurrence - 1]
            spans.append((start, start + len(exact)))
        found.append(spans)
    return sorted(found)


def test_a_quote_corrected_to_other_words_keeps_its_id_wherever_its_file_goes(scratch: Database) -> None:
    """Its words make another id now, under which an import added it once more; and its own id was of nobody."""
    file = (
        "format: verbatim-record/1\nsource: {slug: a, title: A, kind: post, language: en, text: One two three four.}\n"
        "quotes: [{kind: direct, content: [One two]}, {kind: direct, content: [four]}]\n"
        "links: [{from: KEY, to: OTHER, relation: restates, rationale: So.}]\n"
    )
    with Session(scratch.engine) as session:
        imported(session, file.partition("links")[0])
        first, other = (quote.key for quote in exports.take(session, "a").quotes)
        linked = file.replace("KEY", str(first)).replace("OTHER", str(other))
        imported(session, linked)
        corrected = exported(session).replace("- One two", "- three")
        (report, written) = imported(session, corrected), exported(session)
        itself = imported(session, written)
        session.rollback()
    assert (report.corrected, report.added, itself.written, itself.kept) == (1, 0, 0, ())
    assert f"key: {first}\n    kind: direct\n    content:\n      - three" in written
    with Session(scratch.engine) as session:
        imported(session, written)
        assert exported(session) == written
        session.rollback()


@settings(deadline=None, max_examples=300)
@given(text=texts, title=lines, body=prose)
def test_any_words_survive_the_file(text: str, title: str, body: str) -> None:
    document = {
        "format": "verbatim-record/1",
        "source": {"slug": "a", "title": title, "kind": "post", "language": "en", "text": text},
        "annotations": [{"target": text, "motivation": "commenting", "body": body}],
    }
    record = RecordFile.model_validate(document)

    (parsed,) = files.read(files.write(record), name="record.yaml")

    assert parsed.record == record


@settings(deadline=None, max_examples=100)
@given(content=st.text(max_size=200) | st.text(alphabet="abc: -\n[]{}\"'&*!|>#\t%@", max_size=200))
def test_any_other_file_is_refused_by_line_and_never_a_crash(content: str) -> None:
    lines_of_it = content.count("\n") + content.count("\r") + 3
    try:
        found = list(files.read(content, name="record.yaml"))
    except RecordRefused as refusal:
        line = refusal.line
    else:
        found, line = [], 1 if found == [] else 0

    assert 1 <= line <= lines_of_it


def test_several_sources_are_several_documents(seeded: Database, tmp_path: Path) -> None:
    path = tmp_path / "other.yaml"
    path.write_text(
        "format: verbatim-record/1\nsource: {slug: other, title: T, kind: post, language: en, text: Short.}\n---\n"
        "format: verbatim-record/1\nsource: {slug: third, title: T, kind: post, language: en, text: Shorter.}\n"
    )

    reports = put_files(seeded, [path], who="a test")

    assert [report.source for report in reports] == ["other", "third"]
    with seeded.writing() as session:
        found = [parsed.record.source.slug for parsed in files.read(exported(session), name="export.yaml")]
    assert found == ["other", "pezeshkian-khamenei-us-talks-2025-03-21", "third"]
