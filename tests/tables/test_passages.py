"""Passages of a long text: they prove its segments at the same cost anywhere in it, and nobody else writes them."""

import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.tables.db import Database
from app.tables.migration import migrate
from tests.tables.raw import connect

LONG, PART, BLOCK = 8_192, 1_024, 32_768
"""Code points from which on a text is cut, of each passage, and of the pieces that are cut first."""
ALPHABET = "aé😀\u0301ش\n"
"""A code point of each length in UTF-8, one that joins the one before, one written from right to left, a line's end."""
ANCHOR = "the segment is not what the source says there"
STAY = "the passages of a text are cut when it comes on the record, and stay"
LATER = "2025-03-22T00:00:00.000000Z"


def letters(length: int) -> str:
    """Return a text that says something else at nearly every place."""
    return "".join(ALPHABET[(at * at // 7 + at // 5) % len(ALPHABET)] for at in range(length))


def add(raw: sqlite3.Connection, text: str, seq: int = 1) -> None:
    """Put a text on the record with one quote of its number, whose segments are for the test to add."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    raw.execute(
        "INSERT INTO source (seq, slug, title, title_devised, kind, authors, language, access, sha256, length,"
        " complete, version, created, updated, text)"
        " VALUES (?, ?, 'A', 0, 'article', '[]', 'en', 'full', ?, ?, 0, 1, ?, ?, ?)",
        (seq, f"text-{seq}", sha256, len(text), LATER, LATER, text),
    )
    raw.execute(
        "INSERT INTO quote (seq, id, source, text, kind, medium, polarity, said_basis, status, version, created,"
        " updated, public, grain, said_order, position, length)"
        " VALUES (?, ?, ?, 'x', 'direct', 'speech', 'asserted', 'unknown', 'proposed', 1, ?, ?, 0, 2, '', 0, 1)",
        (seq, f"{seq:016}", seq, LATER, LATER),
    )


def say(raw: sqlite3.Connection, start: int, exact: str, quote: int = 1) -> None:
    """Add a segment that is said to begin there."""
    values = (quote, quote, start, start + len(exact), exact)
    raw.execute(
        'INSERT INTO segment (quote, ordinal, role, start, "end", exact) VALUES'
        " (?, (SELECT count(*) FROM segment WHERE quote = ?), 'cue', ?, ?, ?)",
        values,
    )


@pytest.fixture
def raw(empty_template: Path) -> Iterator[sqlite3.Connection]:
    """A record that holds nothing, as another program has it open."""
    template, connection = connect(empty_template), connect(":memory:")
    template.backup(connection)
    template.close()
    yield connection
    connection.close()


@pytest.mark.parametrize(
    "length", [1, LONG, LONG + 1, 9 * PART, 9 * PART + 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5]
)
def test_the_passages_of_a_long_text_are_that_text(raw: sqlite3.Connection, length: int) -> None:
    text = letters(length)

    add(raw, text)

    parts = raw.execute("SELECT source, part, text FROM passage ORDER BY part").fetchall()
    made = [(1, at, text[start : start + PART]) for at, start in enumerate(range(0, length, PART))]
    assert parts == (made if length > LONG else [])


@pytest.mark.parametrize("start", [0, 1, PART - 1, PART, PART + 1, BLOCK - 3, BLOCK, 2 * BLOCK - PART, 2 * BLOCK - 9])
@pytest.mark.parametrize("length", [1, 2, 9, PART - 1, PART, PART + 1, 3 * PART])
def test_a_segment_of_a_long_text_is_what_it_says_there(raw: sqlite3.Connection, start: int, length: int) -> None:
    text = letters(2 * BLOCK)
    add(raw, text)
    exact = text[start : start + length]

    say(raw, start, exact)

    other = "x" + exact[1:]
    for wrong, words in ((start, other), (start + 1, exact), (start - 1, exact), (start + PART, exact)):
        if text[max(wrong, 0) : wrong + len(words)] != words:
            with pytest.raises(sqlite3.IntegrityError, match=f"{ANCHOR}|span"):
                say(raw, wrong, words)
            with pytest.raises(sqlite3.IntegrityError, match=f"{ANCHOR}|span"):
                raw.execute('UPDATE segment SET start = ?, "end" = ?, exact = ?', (wrong, wrong + len(words), words))
    assert raw.execute("SELECT start, exact FROM segment").fetchall() == [(start, exact)]


@pytest.mark.parametrize("start", [LONG, LONG + 1, 9 * PART - 5, 9 * PART, 9 * PART + 1, 10 * PART, 99 * PART])
def test_what_stands_past_the_end_of_a_long_text_is_refused(raw: sqlite3.Connection, start: int) -> None:
    text = letters(9 * PART)
    add(raw, text)

    for words in ("", "x", text[start:] + "x", text[:5]):
        with pytest.raises(sqlite3.IntegrityError, match=f"{ANCHOR}|span"):
            say(raw, start, words)
    assert not raw.execute("SELECT * FROM segment").fetchall()


def test_a_segment_is_proved_against_the_passages_of_its_own_source(raw: sqlite3.Connection) -> None:
    add(raw, "a" * 10_000)
    add(raw, "b" * 10_000, 2)

    say(raw, 9_000, "a", 1)
    say(raw, 9_000, "b", 2)
    for quote, words in ((1, "b"), (2, "a")):
        with pytest.raises(sqlite3.IntegrityError, match=ANCHOR):
            say(raw, 9_000, words, quote)


WRITES = {
    "edited": "UPDATE passage SET text = 'x' || substr(text, 2) WHERE part = 3",
    "edited to itself": "UPDATE passage SET text = text",
    "moved": "UPDATE passage SET part = 99 WHERE part = 3",
    "moved to another source": "UPDATE OR REPLACE passage SET source = 2",
    "deleted": "DELETE FROM passage WHERE part = 3",
    "replaced": "INSERT OR REPLACE INTO passage VALUES (1, 3, 'x')",
    "ignored but not there": "INSERT OR IGNORE INTO passage VALUES (1, 10, 'x')",
    "upserted": "INSERT INTO passage VALUES (1, 3, 'x') ON CONFLICT DO UPDATE SET text = 'x'",
    "added": "INSERT INTO passage VALUES (1, 10, 'x')",
    "added before the first": "INSERT INTO passage VALUES (1, -1, 'x')",
    "added to a short text": "INSERT INTO passage VALUES (2, 0, 'x')",
    "put there before its source": "INSERT INTO passage VALUES (3, 0, 'x')",
}


@pytest.mark.parametrize("foreign_keys", ["ON", "OFF"])
@pytest.mark.parametrize("sql", WRITES.values(), ids=WRITES)
def test_nobody_else_writes_a_passage(raw: sqlite3.Connection, sql: str, foreign_keys: str) -> None:
    add(raw, letters(10 * PART))
    add(raw, "short", 2)
    before = raw.execute("SELECT * FROM passage").fetchall()
    raw.execute(f"PRAGMA foreign_keys = {foreign_keys}")

    with pytest.raises(sqlite3.IntegrityError, match=STAY):
        raw.execute(sql)

    assert raw.execute("SELECT * FROM passage").fetchall() == before


def test_passages_go_with_their_source(raw: sqlite3.Connection) -> None:
    add(raw, letters(LONG + 1))
    add(raw, letters(LONG + 2), 2)
    raw.execute("DELETE FROM quote WHERE source = 1")

    raw.execute("DELETE FROM source WHERE seq = 1")

    assert {source for (source,) in raw.execute("SELECT source FROM passage")} == {2}


def test_texts_that_were_there_before_are_cut_too(empty: Database) -> None:
    migrate(empty, "0005")
    connection = connect(empty.path)
    text = letters(BLOCK + 7)
    add(connection, text)
    add(connection, "short", 2)
    say(connection, BLOCK, text[BLOCK : BLOCK + 3])

    migrate(empty)

    parts = connection.execute("SELECT source, text FROM passage ORDER BY source, part").fetchall()
    assert {source for source, _ in parts} == {1}
    assert "".join(part for _, part in parts) == text
    say(connection, BLOCK - 3, text[BLOCK - 3 : BLOCK + 3])
    with pytest.raises(sqlite3.IntegrityError, match=ANCHOR):
        say(connection, BLOCK - 3, text[BLOCK : BLOCK + 6])
    migrate(empty, "0005")
    with pytest.raises(sqlite3.IntegrityError, match=ANCHOR):
        say(connection, BLOCK - 3, text[BLOCK : BLOCK + 6])
    connection.close()
    migrate(empty)


def test_the_whole_of_a_long_text_is_not_walked_for_a_segment(raw: sqlite3.Connection) -> None:
    text = letters(10 * PART)
    add(raw, text)
    raw.executescript("DROP TRIGGER passage_not_edited; UPDATE passage SET text = replace(text, 'a', 'b')")

    say(raw, 5 * PART, text[5 * PART : 5 * PART + 9].replace("a", "b"))
