"""What the database itself refuses, whatever writes to it: raw SQL past the application, on the seeded record.

Every refused write must also leave every row of every table as it was.
"""

import re
import sqlite3
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
from sqlmodel import SQLModel

from app import tables
from app.tables.db import Database
from tests.tables.raw import connect, everything
from tests.tables.raw import tables as names_of_tables

HEX = "0123456789abcdef" * 4
LATER = "'2025-03-22T00:00:00.000000Z'"
MODELS: list[type[SQLModel]] = [getattr(tables, name) for name in tables.__all__ if name != "SCHEMA"]


class Fresh(NamedTuple):
    """How to make one more row of a table that the database takes: a row to copy, and what of it must be another."""

    where: str
    other: dict[str, str]


FRESH = {
    "annotation": Fresh("source IS NOT NULL", {"seq": "NULL", "id": "'fresh'"}),
    "api_key": Fresh("true", {"seq": "NULL", "name": "'fresh'", "secret_sha256": f"'{HEX[::-1]}'"}),
    "change": Fresh("true", {"seq": "NULL"}),
    "intervention": Fresh("true", {"ordinal": "99"}),
    "kept_answer": Fresh("true", {"key": "'fresh'"}),
    "link": Fresh("true", {"seq": "NULL", "id": "'fresh'", "relation": "'same_utterance'"}),
    "moved": Fresh("true", {"slug": "'fresh'"}),
    "new_speaker": Fresh("true", {"quote": "2"}),
    "proposal": Fresh("true", {"quote": "2"}),
    "quote": Fresh("parent IS NOT NULL", {"seq": "NULL", "id": "'0000000000000000'", "venue_kind": "'speech'"}),
    "quote_end": Fresh("true", {"quote": "3"}),
    "quote_topic": Fresh("stance IS NOT NULL", {"ordinal": "99"}),
    "quote_wording": Fresh("true", {"wording": "1"}),
    "segment": Fresh("role = 'cue'", {"ordinal": "99"}),
    "source": Fresh("true", {"seq": "NULL", "slug": "'fresh'", "sha256": f"'{HEX}'", "revises": "1"}),
    "speaker": Fresh("true", {"seq": "NULL", "slug": "'fresh'"}),
    "speaker_name": Fresh("true", {"name": "'Fresh'"}),
    "speaker_role": Fresh("true", {"ordinal": "99"}),
    "speaker_tally": Fresh("true", {"key": "'fresh'"}),
    "tally": Fresh("true", {"key": "'fresh'"}),
    "topic": Fresh("broader IS NOT NULL", {"seq": "NULL", "slug": "'fresh'"}),
    "topic_entry": Fresh("true", {"id": "'fresh'"}),
    "topic_label": Fresh("true", {"label": "'Fresh'"}),
    "topic_tally": Fresh("true", {"key": "'fresh'"}),
}

MORE = f"""
INSERT INTO kept_answer VALUES ('one', 'a', '{HEX}', 201, '{{}}', '', {LATER});
INSERT INTO moved VALUES ('speaker', 'old', 1);
INSERT INTO new_speaker VALUES (1, 'A name', 'person');
INSERT INTO proposal VALUES (1, 0.5, 'a rule');
INSERT INTO quote_end VALUES (1, 'a reason', {LATER}, 2);
"""
"""Rows of the tables in which the seeded record has none."""

VOCABULARY = [
    (str(model.__tablename__), name, words)
    for model in MODELS
    for name, field in model.model_fields.items()
    for words in [field.annotation, *get_args(field.annotation)]
    if isinstance(words, type) and issubclass(words, StrEnum)
]
CUT = "passage"
"""The table that takes no row of anybody's: it is tested in test_passages.py."""
TABLES = [table for table in SQLModel.metadata.sorted_tables if table.name != CUT]
REFERENCES = [(table.name, column.name) for table in TABLES for column in table.columns if column.foreign_keys]
COLUMNS = [(table.name, column.name) for table in TABLES for column in table.columns]
FLAGS = [
    (str(model.__tablename__), name)
    for model in MODELS
    for name, field in model.model_fields.items()
    if field.annotation is bool
]


@pytest.fixture
def raw(seeded_template: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the seeded record, with one key, as another program has it open."""
    template, connection = connect(seeded_template), connect(":memory:")
    template.backup(connection)
    template.close()
    connection.execute(
        f"INSERT INTO api_key (name, secret_sha256, scopes, created) VALUES ('one', '{HEX}', '[]', {LATER})"
    )
    connection.executescript(MORE)
    yield connection
    connection.close()


def copied(raw: sqlite3.Connection, table: str, other: dict[str, str], verb: str = "INSERT", where: str = "") -> str:
    """Return the statement that copies a row of the table, with other values in some columns."""
    fresh = FRESH[table]
    values = {str(name): f'"{name}"' for _, name, *_ in raw.execute(f"PRAGMA table_info({table})")}
    values |= fresh.other | other
    columns = ", ".join(f'"{name}"' for name in values)
    return (
        f'{verb} INTO "{table}" ({columns}) SELECT {", ".join(values.values())} FROM "{table}" '
        f"WHERE {where or fresh.where} LIMIT 1"
    )


def changed(raw: sqlite3.Connection, table: str, column: str, value: str, where: str = "") -> str:
    """Return the statement that gives a column of one row another value."""
    key = ", ".join(f'"{name}"' for _, name, *_, place in raw.execute(f"PRAGMA table_info({table})") if place)
    one = f'SELECT {key} FROM "{table}" WHERE {where or FRESH[table].where} LIMIT 1'
    return f'UPDATE "{table}" SET "{column}" = {value} WHERE ({key}) IN ({one})'


def assert_refused(raw: sqlite3.Connection, sql: str, reason: str) -> None:
    """Hold that the database refuses the statement for that reason, and that all rows are as they were."""
    before = everything(raw)
    with pytest.raises(sqlite3.IntegrityError) as refusal:
        raw.execute(sql)
    assert re.search(reason, str(refusal.value)), refusal.value
    assert not raw.in_transaction
    assert everything(raw) == before


@pytest.mark.parametrize("table", FRESH)
def test_a_copied_row_is_taken_so_that_the_refusals_below_are_for_their_own_reason(
    raw: sqlite3.Connection, table: str
) -> None:
    (before,) = raw.execute(f'SELECT count(*) FROM "{table}"').fetchone()

    raw.execute(copied(raw, table, {}))

    assert raw.execute(f'SELECT count(*) FROM "{table}"').fetchone() == (before + 1,)


def test_every_table_is_copied_somewhere_here(raw: sqlite3.Connection) -> None:
    assert sorted([*FRESH, CUT]) == names_of_tables(raw)


ANCHOR = "the segment is not what the source says there"
OVERLAP = "content segments of one quote do not overlap"
TEXT = "the text of a source never changes"
SOURCE_THERE = "the source is on the record already"
QUOTE_THERE = "the quote is on the record already"
HISTORY = "the history is only added to"
REFERENCE = "FOREIGN KEY constraint failed"
NESTED = "a quote is nested in"
TOPIC_THERE = "the topic is on the record already"
CIRCLE = "a topic cannot be broader than itself|broader_other"
FIXED = "never change"
INSIDE = "the intervention is not inside the words of the quote"
NOTE = "the annotation is not on what the source says there"

CONTENT = "FROM segment WHERE quote = 1 AND role = 'content'"
SEGMENT = 'segment (quote, ordinal, role, start, "end", exact)'
CUE = f"INSERT INTO {SEGMENT} SELECT quote, 99, 'cue',"
REPLACED = f"INSERT OR REPLACE INTO {SEGMENT} SELECT quote, ordinal, role,"
LENGTH = "(SELECT length FROM source)"

WRITES = {
    # A segment is what the source says there.
    "segment of other words": (f"{CUE} start, \"end\", replace(exact, 'ban', 'van') {CONTENT}", ANCHOR),
    "segment of other case": (f'{CUE} start, "end", upper(exact) {CONTENT}', ANCHOR),
    "segment shifted by one": (f'{CUE} start + 1, "end" + 1, exact {CONTENT}', ANCHOR),
    "segment shifted back by one": (f'{CUE} start - 1, "end" - 1, exact {CONTENT}', ANCHOR),
    "segment one too long": (f'{CUE} start, "end" + 1, exact {CONTENT}', ANCHOR),
    "segment one too short": (f'{CUE} start, "end" - 1, exact {CONTENT}', ANCHOR),
    "segment past the end": (f"{CUE} {LENGTH}, {LENGTH} + 1, '' {CONTENT}", ANCHOR),
    "segment across the end": (
        f"INSERT INTO {SEGMENT} SELECT 1, 99, 'cue', length - 5, length + 5, substr(text, -5) FROM source",
        ANCHOR,
    ),
    "segment before the beginning": (
        f"INSERT INTO {SEGMENT} SELECT 1, 99, 'cue', -1, 4, substr(text, 0, 5) FROM source",
        f"span|{ANCHOR}",
    ),
    "segment of nothing": (f"{CUE} start, start, '' {CONTENT}", "span"),
    "segment that ends before it starts": (f"{CUE} \"end\", start, '' {CONTENT}", f"span|{ANCHOR}"),
    "segment of no quote": (f'INSERT INTO {SEGMENT} SELECT 999, 0, role, start, "end", exact {CONTENT}', ANCHOR),
    "segment replaced by other words": (
        f"{REPLACED} start, \"end\", 'x' || substr(exact, 2) {CONTENT}",
        f"{ANCHOR}|{OVERLAP}",
    ),
    "segment replaced by the one beside it": (
        f'{REPLACED} start + 1, "end" + 1, exact {CONTENT}',
        f"{ANCHOR}|{OVERLAP}",
    ),
    "segment upserted with other words": (
        (
            f'{REPLACED.replace("OR REPLACE ", "")} start, "end", exact {CONTENT} '
            "ON CONFLICT (quote, ordinal) DO UPDATE SET exact = 'other'"
        ),
        f"{ANCHOR}|{OVERLAP}",
    ),
    "segment ignored but not there": (
        f"INSERT OR IGNORE INTO {SEGMENT} SELECT quote, 99, 'cue', start, \"end\", 'x' || substr(exact, 2) {CONTENT}",
        ANCHOR,
    ),
    "words of a segment updated": ("UPDATE segment SET exact = 'x' || substr(exact, 2)", ANCHOR),
    "start of a segment updated": ("UPDATE segment SET start = start + 1 WHERE quote = 1", ANCHOR),
    "end of a segment updated": ('UPDATE segment SET "end" = "end" + 1 WHERE quote = 1', ANCHOR),
    "segment moved along": ('UPDATE segment SET start = start + 1, "end" = "end" + 1 WHERE quote = 1', ANCHOR),
    "segment emptied": ("UPDATE segment SET exact = '', \"end\" = start", "span"),
    # Content does not overlap content.
    "content over content": (f'INSERT INTO {SEGMENT} SELECT quote, 99, role, start, "end", exact {CONTENT}', OVERLAP),
    "content inside content": (
        f"INSERT INTO {SEGMENT} SELECT quote, 99, role, start + 3, start + 10, substr(exact, 4, 7) {CONTENT}",
        OVERLAP,
    ),
    "content around content": (
        (
            f"INSERT INTO {SEGMENT} SELECT 1, 99, 'content', start - 2, \"end\" + 2, "
            f'substr((SELECT text FROM source), start - 1, "end" - start + 4) {CONTENT}'
        ),
        OVERLAP,
    ),
    "content over the last character": (
        (
            f'INSERT INTO {SEGMENT} SELECT 1, 99, \'content\', "end" - 1, "end" + 1, '
            f'substr((SELECT text FROM source), "end", 2) {CONTENT}'
        ),
        OVERLAP,
    ),
    "cue made content where content is": (
        (
            "UPDATE segment SET role = 'content', (start, \"end\", exact) = "
            f"(SELECT start, \"end\", exact {CONTENT}) WHERE quote = 1 AND role = 'cue'"
        ),
        OVERLAP,
    ),
    "content moved over content": (
        (
            'UPDATE segment SET (start, "end", exact) = '
            '(SELECT other.start, other."end", other.exact FROM segment AS other'
            " WHERE other.quote = segment.quote AND other.role = 'content' ORDER BY other.start LIMIT 1)"
            " WHERE role = 'content'"
        ),
        OVERLAP,
    ),
    # A source's text and its hash stay.
    "text of a source updated": ("UPDATE source SET text = 'x' || substr(text, 2)", TEXT),
    "text and length of a source updated": ("UPDATE source SET text = 'x', length = 1", TEXT),
    "case of a source's text updated": ("UPDATE source SET text = upper(text)", TEXT),
    "sha256 of a source updated": (f"UPDATE source SET sha256 = '{HEX}'", TEXT),
    "length of a source updated": ("UPDATE source SET length = length + 1", TEXT),
    "number of a source updated": ("UPDATE source SET seq = 7", FIXED),
    "number of a source updated by its other name": ("UPDATE source SET rowid = 7", FIXED),
    "source replaced under its slug": (
        copy := f"INSERT OR REPLACE INTO source SELECT NULL, slug, title, title_devised, kind, publisher, authors, url,"
        f" published, language, rights, access, note, '{HEX}', 1, complete, revises, version, created, updated, 'x'"
        " FROM source",
        SOURCE_THERE,
    ),
    "source replaced under its number": (copy.replace("NULL, slug", "seq, 'another'"), SOURCE_THERE),
    "source replaced under its hash": (
        copy.replace("NULL, slug", "NULL, 'another'").replace(f"'{HEX}'", "sha256"),
        SOURCE_THERE,
    ),
    "source inserted again": (copy.replace("OR REPLACE ", ""), SOURCE_THERE),
    "text that is longer than it says": (
        copy.replace("OR REPLACE ", "").replace("NULL, slug", "NULL, 'another'").replace("'x'", "'xx'"),
        "length_true",
    ),
    "text with a NUL": (
        copy.replace("OR REPLACE ", "")
        .replace("NULL, slug", "NULL, 'another'")
        .replace("', 1,", "', 3,")
        .replace("'x'", "'x' || char(0) || 'x'"),
        "length_true",
    ),
    "source that revises what is not there": ("UPDATE source SET revises = 99", REFERENCE),
    "source deleted under its quotes": ("DELETE FROM source", REFERENCE),
    # The history is only added to.
    "change edited": ("UPDATE change SET who = 'nobody' WHERE seq = 1", HISTORY),
    "change edited to itself": ("UPDATE change SET who = who", HISTORY),
    "change renumbered": ("UPDATE change SET rowid = 9999 WHERE seq = 1", HISTORY),
    "change edited or ignored": ("UPDATE OR IGNORE change SET version = 2 WHERE seq = 1", HISTORY),
    "change edited or replaced": ("UPDATE OR REPLACE change SET seq = 2 WHERE seq = 1", HISTORY),
    "change deleted": ("DELETE FROM change WHERE seq = 1", HISTORY),
    "history deleted": ("DELETE FROM change", HISTORY),
    "change replaced": (
        "REPLACE INTO change SELECT seq, what, name, version, at, 'x', before, after, seal FROM change WHERE seq = 1",
        HISTORY,
    ),
    "change replaced by its rowid": (
        (
            "REPLACE INTO change (rowid, what, name, version, at, who, before, after, seal)"
            " SELECT seq, what, name, version, at, 'nobody', before, after, seal FROM change WHERE seq = 1"
        ),
        HISTORY,
    ),
    "change upserted": (
        "INSERT INTO change SELECT * FROM change WHERE seq = 1 ON CONFLICT (seq) DO UPDATE SET who = 'nobody'",
        HISTORY,
    ),
    "change of nothing": (
        f"INSERT INTO change (what, name, version, at, who, seal) VALUES ('quote', 'x', 1, {LATER}, 'x', '{HEX}')",
        "something",
    ),
    # A quote keeps its id and its source, and is nested in another of the same source.
    "id of a quote updated": ("UPDATE quote SET id = '0000000000000000' WHERE seq = 1", FIXED),
    "number of a quote updated": ("UPDATE quote SET seq = 999 WHERE seq = 51", FIXED),
    "number of a quote updated by its other name": ("UPDATE quote SET rowid = 999 WHERE seq = 51", FIXED),
    "quote moved to another source": ("UPDATE quote SET source = 2 WHERE seq = 1", FIXED),
    "quote replaced": ("INSERT OR REPLACE INTO quote SELECT * FROM quote WHERE seq = 1", QUOTE_THERE),
    "quote nested in itself": ("UPDATE quote SET parent = seq WHERE seq = 1", f"{NESTED}|parent_other"),
    "quote nested in its own child": ("UPDATE quote SET parent = 2 WHERE seq = 1", NESTED),
    "quote nested in what is not there": ("UPDATE quote SET parent = 999 WHERE seq = 1", NESTED),
    "quote deleted under its parts": ("DELETE FROM quote WHERE seq = 1", REFERENCE),
    "quote of no words": ("UPDATE quote SET text = '', length = 0 WHERE seq = 1", "length_true"),
    "quote longer than it says": ("UPDATE quote SET length = length + 1 WHERE seq = 1", "length_true"),
    "quote of an id in capitals": ("{quote: id = '0ABCDEFGHJKMNPQR'}", "id_crockford"),
    "quote of an id with a letter that Crockford leaves out": ("{quote: id = '0ilou00000000000'}", "id_crockford"),
    "quote of a short id": ("{quote: id = '000000000000000'}", "id_crockford"),
    "quote of a long id": ("{quote: id = '00000000000000000'}", "id_crockford"),
    # What indexes read is true to what it repeats.
    "said_order not the last day": ("UPDATE quote SET said_order = '2025-03-03' WHERE seq = 1", "said_order_true"),
    "said_order empty though the last day is known": ("UPDATE quote SET said_order = ''", "said_order_true"),
    "last day moved without said_order": ("UPDATE quote SET said_latest = '2025-03-03' WHERE seq = 1", "said_order"),
    "last day forgotten without said_order": ("UPDATE quote SET said_latest = NULL", "said_order_true"),
    "hidden though published": ("UPDATE quote SET public = 0 WHERE seq = 1", "public_true"),
    "public though withdrawn": ("UPDATE quote SET status = 'withdrawn' WHERE seq = 1", "public_true"),
    "public though proposed": ("UPDATE quote SET status = 'proposed' WHERE seq = 1", "public_true"),
    "grain that is none": ("UPDATE quote SET grain = 3 WHERE seq = 1", "grain_known"),
    "said to end before it begins": ("UPDATE quote SET said_earliest = '2025-03-03' WHERE seq = 1", "CHECK.*said"),
    "date without a basis": ("UPDATE quote SET said_basis = 'unknown' WHERE seq = 1", "said_known"),
    "basis without a date": ("UPDATE quote SET said_edtf = NULL WHERE seq = 1", "said_known"),
    "stance to nothing": ("UPDATE quote_topic SET proposition = NULL WHERE stance IS NOT NULL", "stance_to_what"),
    "proposition without a stance": ("UPDATE quote_topic SET stance = NULL WHERE stance IS NOT NULL", "stance_to_what"),
    # Topics form a tree.
    "topic above itself": ("UPDATE topic SET broader = seq WHERE seq = 1", CIRCLE),
    "topic put on the record above itself": ("{topic: seq = 99, broader = 99}", "broader_other"),
    "topic below its own child": ("UPDATE topic SET broader = 6 WHERE seq = 1", CIRCLE),
    "topic below its own grandchild": ("UPDATE topic SET broader = 18 WHERE seq = 1", CIRCLE),
    "topic replaced below its own child": (
        (
            "INSERT OR REPLACE INTO topic SELECT seq, slug, label, description, 6, wikidata, version, created, updated"
            " FROM topic WHERE seq = 1"
        ),
        TOPIC_THERE,
    ),
    "topic renumbered over one above it": (
        "UPDATE OR REPLACE topic SET seq = 1 WHERE slug = 'concessions-in-us-iran-talks'",
        FIXED,
    ),
    "topic renumbered by its other name": ("UPDATE topic SET rowid = 99 WHERE seq = 1", FIXED),
    "topic deleted under narrower ones": ("DELETE FROM topic WHERE seq = 1", REFERENCE),
    "speaker deleted under the quotes": ("DELETE FROM speaker WHERE seq = 1", REFERENCE),
    # Interventions stand inside the content.
    "intervention outside the content": (
        (
            "INSERT INTO intervention SELECT quote, 99, 'sic', start, \"end\", exact FROM segment"
            " WHERE role = 'cue' AND quote = 1"
        ),
        INSIDE,
    ),
    "intervention over the end of the content": (
        (
            'INSERT INTO intervention SELECT 1, 99, \'sic\', "end" - 1, "end" + 1, '
            f'substr((SELECT text FROM source), "end", 2) {CONTENT}'
        ),
        INSIDE,
    ),
    "intervention on nothing": ("UPDATE intervention SET \"end\" = start, exact = ''", "span"),
    "intervention of other words": ("UPDATE intervention SET exact = 'x' || substr(exact, 2)", INSIDE),
    "intervention moved": ('UPDATE intervention SET start = start + 1, "end" = "end" + 1', INSIDE),
    "intervention given to another quote": ("UPDATE intervention SET quote = 1, ordinal = ordinal + 10", INSIDE),
    "intervention replaced by other words": (
        (
            "REPLACE INTO intervention SELECT quote, ordinal, kind, start, \"end\", 'x' || substr(exact, 2)"
            " FROM intervention"
        ),
        INSIDE,
    ),
    # Annotations stand on what is there.
    "annotation on words that are not there": ("{annotation: exact = 'words that are not there'}", NOTE),
    "annotation past the end": ("{annotation: start = 100000, \"end\" = 100001, exact = ''}", f"{NOTE}|span"),
    "annotation across the end": (
        f'{{annotation: start = {LENGTH} - 5, "end" = {LENGTH} + 5, exact = (SELECT substr(text, -5) FROM source)}}',
        NOTE,
    ),
    "annotation between two letters": ("{annotation: start = 5, \"end\" = 5, exact = ''}", "span"),
    "annotation moved by one": ('UPDATE annotation SET start = start + 1, "end" = "end" + 1', NOTE),
    "annotation moved across the end": (
        (
            f'UPDATE annotation SET start = {LENGTH} - 5, "end" = {LENGTH} + 5,'
            " exact = (SELECT substr(text, -5) FROM source) WHERE source IS NOT NULL"
        ),
        NOTE,
    ),
    "words of an annotation updated": ("UPDATE annotation SET exact = 'x' WHERE source IS NOT NULL", NOTE),
    "annotation replaced by other words": ("{annotation, replacing: exact = 'x'}", NOTE),
    "annotation on a quote and a span": ("UPDATE annotation SET quote = 1 WHERE source IS NOT NULL", "one_target"),
    "annotation on nothing": ("UPDATE annotation SET quote = NULL WHERE quote IS NOT NULL", "one_target"),
    "annotation on a source as a whole": (
        'UPDATE annotation SET start = NULL, "end" = NULL, exact = NULL WHERE source IS NOT NULL',
        f"one_target|{NOTE}",
    ),
    # Links join two quotes, each pair once by the same relation.
    "link from a quote to itself": ("UPDATE link SET to_quote = from_quote", "two_quotes"),
    "link twice": ("{link: relation = relation}", "UNIQUE"),
    # Hashes are hashes.
    "sha256 that is short": ("{source: sha256 = 'abc'}", "sha256_hex"),
    "sha256 in capitals": (f"{{source: sha256 = upper('{HEX}')}}", "sha256_hex"),
    "sha256 with another letter": (f"{{source: sha256 = replace('{HEX}', 'f', 'g')}}", "sha256_hex"),
    "secret that is no hash": ("{api_key: secret_sha256 = 'a secret in the clear'}", "secret_hex"),
    "secret twice": (f"{{api_key: secret_sha256 = '{HEX}'}}", "UNIQUE"),
    "source of a slug that is there": ("{source: slug = slug}", SOURCE_THERE),
    "speaker of a slug that is there": ("{speaker: slug = slug}", "UNIQUE"),
    "topic of a slug that is there": ("{topic: slug = slug}", TOPIC_THERE),
}
"""Statements, or `{table: column = value, ...}` for a fresh row of a table with these values; and why each fails."""

_ROW = re.compile(r"\{(\w+)(, replacing)?: (.*)\}", re.DOTALL)


@pytest.mark.parametrize(("sql", "reason"), WRITES.values(), ids=WRITES)
def test_the_database_itself_refuses(raw: sqlite3.Connection, sql: str, reason: str) -> None:
    row = _ROW.fullmatch(sql)
    if row:
        other = dict(part.strip().split(" = ", 1) for part in re.split(r", (?=[\w\"]+ = )", row[3]))
        other = {name.strip('"'): value for name, value in other.items()}
        if row[2]:
            other = {"seq": "seq", "id": "id"} | other
        sql = copied(raw, row[1], other, "INSERT OR REPLACE" if row[2] else "INSERT")

    assert_refused(raw, sql, reason)


def test_a_quote_of_another_source_is_no_parent(raw: sqlite3.Connection) -> None:
    raw.execute(copied(raw, "source", {}))
    other = "(SELECT seq FROM source WHERE slug = 'fresh')"

    assert_refused(raw, copied(raw, "quote", {"source": other}), NESTED)
    raw.execute(copied(raw, "quote", {"source": other, "parent": "NULL"}))
    assert_refused(raw, "UPDATE quote SET parent = 1 WHERE id = '0000000000000000'", NESTED)
    assert_refused(raw, "UPDATE quote SET parent = NULL, source = 1 WHERE id = '0000000000000000'", FIXED)


def test_a_segment_is_anchored_in_the_source_of_its_own_quote(raw: sqlite3.Connection) -> None:
    text = "'x' || substr(text, 2)"
    raw.execute(copied(raw, "source", {"text": text}))
    other = {"source": "(SELECT seq FROM source WHERE slug = 'fresh')", "parent": "NULL"}
    raw.execute(copied(raw, "quote", other))
    quote = "(SELECT seq FROM quote WHERE id = '0000000000000000')"

    assert_refused(raw, f"INSERT INTO {SEGMENT} VALUES ({quote}, 0, 'content', 0, 6, 'Friday')", ANCHOR)
    raw.execute(f"INSERT INTO {SEGMENT} VALUES ({quote}, 0, 'content', 0, 6, 'xriday')")
    assert_refused(raw, f"UPDATE segment SET quote = 1, ordinal = 99 WHERE quote = {quote}", ANCHOR)


def test_offsets_count_code_points_and_not_bytes_or_utf_16_units(raw: sqlite3.Connection) -> None:
    accented = "e\u0301"  # a letter with a combining mark: two code points
    text = f"A 😀 said “{accented}”"
    row = {"text": f"'{text}'", "length": str(len(text))}
    raw.execute(copied(raw, "source", row))
    raw.execute(
        copied(raw, "quote", {"source": "(SELECT seq FROM source WHERE slug = 'fresh')", "parent": "NULL"}),
    )
    quote = "(SELECT seq FROM quote WHERE id = '0000000000000000')"
    start = text.index(accented)

    raw.execute(f"INSERT INTO {SEGMENT} VALUES ({quote}, 0, 'content', {start}, {start + 2}, '{accented}')")
    in_utf_16 = len(text[:start].encode("utf-16-le")) // 2
    for wrong in (in_utf_16, len(text[:start].encode())):
        sql = f"INSERT INTO {SEGMENT} VALUES ({quote}, 1, 'cue', {wrong}, {wrong + 2}, '{accented}')"
        assert_refused(raw, sql, ANCHOR)


UNKNOWN = {"another word": "'nonsense'", "no word": "''", "capitals": "upper(word)", "a blank": "word || ' '"}


@pytest.mark.parametrize("unknown", UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize(("table", "column", "words"), VOCABULARY, ids=[f"{t}.{c}" for t, c, _ in VOCABULARY])
def test_a_word_outside_its_vocabulary_is_refused(
    raw: sqlite3.Connection, table: str, column: str, words: type[StrEnum], unknown: str
) -> None:
    value = unknown.replace("word", f"'{next(iter(words))}'")
    reason = f"CHECK constraint failed: .*_(known|true)|{HISTORY}"

    assert_refused(raw, copied(raw, table, {column: value}), reason)
    assert_refused(raw, changed(raw, table, column, value), reason)
    assert_refused(raw, copied(raw, table, {column: value}, "INSERT OR REPLACE"), reason)


def test_every_vocabulary_column_is_among_those(raw: sqlite3.Connection) -> None:
    listed = re.compile(r"CONSTRAINT \w+_known CHECK \((\w+) = '")
    sql = dict(raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))

    assert sorted((table, column) for table, column, _ in VOCABULARY) == sorted(
        (table, column) for table in names_of_tables(raw) for column in listed.findall(sql[table])
    )


@pytest.mark.parametrize(("table", "column"), REFERENCES, ids=[".".join(pair) for pair in REFERENCES])
def test_a_reference_to_what_is_not_there_is_refused(raw: sqlite3.Connection, table: str, column: str) -> None:
    # A trigger that looks the thing up may be first to find that it is not there.
    reason = "|".join((REFERENCE, ANCHOR, INSIDE, NOTE, NESTED, FIXED))

    named = f'"{column}" IS NOT NULL'
    where = named if raw.execute(f'SELECT 1 FROM "{table}" WHERE {named}').fetchone() else ""

    assert_refused(raw, copied(raw, table, {column: "9999"}, where=where), reason)
    assert_refused(raw, copied(raw, table, {column: "9999"}, "INSERT OR REPLACE", where), reason)
    assert_refused(raw, changed(raw, table, column, "9999", where), reason)


def test_every_reference_of_the_file_is_among_those(raw: sqlite3.Connection) -> None:
    found = [(table, row[3]) for table in FRESH for row in raw.execute(f"PRAGMA foreign_key_list({table})")]

    assert sorted(found) == sorted(REFERENCES)
    assert len(found) == 26


@pytest.mark.parametrize("table", ["quote", "source", "speaker", "topic"])
def test_what_something_refers_to_is_neither_deleted_nor_renumbered(raw: sqlite3.Connection, table: str) -> None:
    holders = [
        (holder, row[3])
        for holder in FRESH
        for row in raw.execute(f"PRAGMA foreign_key_list({holder})")
        if row[2] == table
    ]
    for holder, column in holders:
        held = raw.execute(f'SELECT "{column}" FROM "{holder}" WHERE "{column}" IS NOT NULL LIMIT 1').fetchone()
        if held:
            assert_refused(raw, f"DELETE FROM {table} WHERE seq = {held[0]}", REFERENCE)
            assert_refused(raw, f"UPDATE {table} SET seq = 9999 WHERE seq = {held[0]}", f"{REFERENCE}|{FIXED}")


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[".".join(pair) for pair in COLUMNS])
def test_a_value_of_another_type_is_refused(raw: sqlite3.Connection, table: str, column: str) -> None:
    types = {name: kind for _, name, kind, *_ in raw.execute(f"PRAGMA table_info({table})")}
    wrong = {"INTEGER": "'many'", "REAL": "'many'", "TEXT": "x'ff'"}[types[column]]
    # Triggers run first, so those that prove words against the source speak before the type does.
    reason = "cannot store|datatype mismatch|" + "|".join((ANCHOR, INSIDE, NOTE, NESTED, FIXED, HISTORY, TEXT))

    assert_refused(raw, copied(raw, table, {column: wrong}), reason)
    assert_refused(raw, changed(raw, table, column, wrong), reason)


@pytest.mark.parametrize("wrong", ["2", "-1"])
@pytest.mark.parametrize(("table", "column"), FLAGS, ids=[".".join(pair) for pair in FLAGS])
def test_a_boolean_is_0_or_1(raw: sqlite3.Connection, table: str, column: str, wrong: str) -> None:
    reason = f"CHECK constraint failed: {column}_(flag|true)"

    assert_refused(raw, copied(raw, table, {column: wrong}), reason)
    assert_refused(raw, changed(raw, table, column, wrong), reason)


def test_every_table_is_strict(raw: sqlite3.Connection) -> None:
    strict = {name: bool(row[-1]) for row in raw.execute("PRAGMA table_list") for name in [row[1]]}

    assert {name: strict[name] for name in FRESH} == dict.fromkeys(FRESH, True)


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 5000)]
)
def test_both_ways_in_are_set_up(seeded: Database, pragma: str, value: str | int) -> None:
    with seeded.writing() as session:
        written = session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar_one()

    assert written == value
    assert seeded.reader().execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_the_way_in_for_reading_writes_nothing(seeded: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        seeded.reader().execute("DELETE FROM link")
