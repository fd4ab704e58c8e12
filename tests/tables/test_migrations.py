"""Migrations: they arrive at the models' schema, go back, and leave a database as it was when they are interrupted."""

import ast
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, Column, Index, MetaData, Text, create_engine
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

from app.errors import SchemaUnknown
from app.settings import ROOT
from app.tables import SCHEMA
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.schema import prove
from tests.conftest import url_of
from tests.tables.raw import connect, contents, everything, schema, tables

Schema = dict[str, object]


def normalised(connection: sqlite3.Connection) -> Schema:
    """Return tables and indexes by name: columns in order, constraints in none, blanks folded.

    Full-text indexes are no models: they are made by a migration, and their tables are SQLite's own.
    """
    found: Schema = {}
    for name, sql in schema(connection).items():
        if "_fts" in name or name == "quote_terms":
            continue
        words = re.sub(r"\s+", " ", sql).strip()
        if words.startswith("CREATE TABLE") and name != "alembic_version":
            head, body, options = _opened(words)
            columns = [part for part in body if not part.startswith(("CONSTRAINT", "PRIMARY", "FOREIGN"))]
            found[name] = (head, columns, sorted(set(body) - set(columns)), sorted(options.split(", ")))
        elif words.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
            found[name] = words
    return found


def _opened(sql: str) -> tuple[str, list[str], str]:
    """Split a CREATE TABLE into what stands before the brackets, the parts between them, and what stands after."""
    begin, end = sql.index("("), sql.rindex(")")
    parts, depth, quoted = [""], 0, False
    for letter in sql[begin + 1 : end]:
        quoted ^= letter == "'"
        depth += 0 if quoted else {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth and not quoted:
            parts.append("")
        else:
            parts[-1] += letter
    tidy = [re.sub(r"\( | \)", lambda match: match[0].strip(), part.strip()) for part in parts]
    # A table that was renamed has its name in quotation marks.
    return sql[:begin].replace('"', "").strip(), [re.sub(r" ,", ",", part) for part in tidy], sql[end + 1 :].strip()


def made(metadata: MetaData) -> Schema:
    """Return the schema that the models make by themselves."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        found = normalised(driver)
    engine.dispose()
    return found


def migrated(path: Path) -> Schema:
    connection = connect(path)
    try:
        return normalised(connection)
    finally:
        connection.close()


def test_models_equal_migrations(empty_template: Path) -> None:
    assert made(SQLModel.metadata) == migrated(empty_template)


def _without_column(metadata: MetaData) -> None:
    quote = metadata.tables["quote"]
    quote._columns.remove(quote.c.addressee)  # only here: Table has no public way to lose a column


def _without_index(metadata: MetaData) -> None:
    quote = metadata.tables["quote"]
    quote.indexes.remove(next(index for index in quote.indexes if index.name == "quote_length"))


def _without_check(metadata: MetaData) -> None:
    quote = metadata.tables["quote"]
    quote.constraints.remove(next(c for c in quote.constraints if c.name == "polarity_known"))


def _with_another_word(metadata: MetaData) -> None:
    _without_check(metadata)
    metadata.tables["quote"].append_constraint(CheckConstraint("polarity IN ('asserted')", name="polarity_known"))


def _without_reference(metadata: MetaData) -> None:
    link = metadata.tables["link"]
    link.constraints.remove(next(iter(link.foreign_key_constraints)))


def _with_column(metadata: MetaData) -> None:
    metadata.tables["topic"].append_column(Column("colour", Text))


def _with_index(metadata: MetaData) -> None:
    Index("topic_wikidata", metadata.tables["topic"].c.wikidata)


def _nullable(metadata: MetaData) -> None:
    metadata.tables["quote"].c.text.nullable = True


def _whole_index(metadata: MetaData) -> None:
    _without_index(metadata)
    Index("quote_length", metadata.tables["quote"].c.length, metadata.tables["quote"].c.id)


def _not_strict(metadata: MetaData) -> None:
    metadata.tables["quote"].dialect_options["sqlite"]["strict"] = False


@pytest.mark.parametrize(
    "difference",
    [
        _without_column,
        _without_index,
        _without_check,
        _with_another_word,
        _without_reference,
        _with_column,
        _with_index,
        _nullable,
        _whole_index,
        _not_strict,
    ],
)
def test_the_comparison_sees(empty_template: Path, difference: Callable[[MetaData], None]) -> None:
    other = MetaData()
    for table in SQLModel.metadata.sorted_tables:
        table.to_metadata(other)
    assert made(other) == migrated(empty_template)

    difference(other)

    assert made(other) != migrated(empty_template)


def test_the_schema_that_the_code_needs_is_the_head_of_the_migrations() -> None:
    assert ScriptDirectory(str(ROOT / "migrations")).get_heads() == [SCHEMA]


@pytest.mark.parametrize("path", sorted((ROOT / "migrations").rglob("*.py")), ids=lambda path: path.name)
def test_a_migration_imports_nothing_of_the_app(path: Path) -> None:
    tree = ast.parse(path.read_text())
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}

    assert not [name for name in imported if name.split(".")[0] in ("app", "tests", "sqlmodel")]


def test_a_migrated_database_is_up_to_date(empty: Database) -> None:
    assert migrate(empty) == ()
    assert empty.schema() == SCHEMA
    prove(empty)


def test_down_from_a_seeded_database_leaves_nothing_and_up_again_a_fresh_one(seeded: Database, empty: Database) -> None:
    migrate(seeded, "base")

    down = connect(seeded.path)
    assert tables(down) == []
    assert set(schema(down)) == {"alembic_version"}
    down.close()
    assert seeded.schema() is None
    with pytest.raises(SchemaUnknown, match="verbatim migrate"):
        prove(seeded)

    assert migrate(seeded) == ("0001", "0002", "0003", "0004", "0005", "0006", SCHEMA)

    up, fresh = connect(seeded.path), connect(empty.path)
    assert schema(up) == schema(fresh)
    assert everything(up) == everything(fresh)
    assert not any(everything(up).values())
    assert up.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    up.close()
    fresh.close()


def test_every_migration_goes_down_and_up_again(seeded: Database) -> None:
    steps = [step.revision for step in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()]
    before = schema(seeded.reader())
    for at in [*steps[1:], "base"]:
        migrate(seeded, at)
        migrate(seeded)

        assert schema(seeded.reader()) == before


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the migrations of a later version, of which the last is for the test to write."""
    shutil.copytree(ROOT / "migrations", tmp_path / "migrations", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr("app.tables.migration.ROOT", tmp_path)
    return tmp_path / "migrations" / "versions" / "9999_next.py"


HALF = f"""
from alembic import op
import sys, time
revision, down_revision = "9999", "{SCHEMA}"
def upgrade():
    op.execute("CREATE TABLE half (seq INTEGER PRIMARY KEY) STRICT")
    op.execute("DELETE FROM link")
    op.execute("ALTER TABLE quote ADD COLUMN half TEXT")
    op.execute("DROP TRIGGER change_not_deleted")
    op.execute("DELETE FROM change")
"""


def test_a_migration_that_fails_leaves_the_database_as_it_was(seeded: Database, next_version: Path) -> None:
    before, rows = schema(seeded.reader()), everything(seeded.reader())
    next_version.write_text(HALF + "    raise RuntimeError('half way')\n")

    with pytest.raises(RuntimeError, match="half way"):
        migrate(seeded)

    assert seeded.schema() == SCHEMA
    assert schema(seeded.reader()) == before
    assert everything(seeded.reader()) == rows
    next_version.write_text(HALF)
    assert migrate(seeded) == ("9999",)
    assert "half" in schema(seeded.reader())


def test_a_first_migration_that_fails_leaves_nothing(tmp_path: Path, next_version: Path) -> None:
    next_version.write_text(HALF + "    raise RuntimeError('half way')\n")
    database = Database(url_of(tmp_path / "new.db"))

    with pytest.raises(RuntimeError, match="half way"):
        migrate(database)

    assert database.schema() is None
    next_version.unlink()
    assert migrate(database) == ("0001", "0002", "0003", "0004", "0005", "0006", SCHEMA)
    database.close()


KILLED = """
import sys
from pathlib import Path
import app.tables.migration
from app.tables.db import Database
app.tables.migration.ROOT = Path(sys.argv[1])
app.tables.migration.migrate(Database(sys.argv[2]))
"""


def test_a_migration_that_is_killed_leaves_the_database_as_it_was(seeded: Database, next_version: Path) -> None:
    before, rows = schema(seeded.reader()), everything(seeded.reader())
    seeded.close()
    next_version.write_text(HALF + "    print('half way', flush=True)\n    time.sleep(60)\n")
    command = [sys.executable, "-c", KILLED, str(next_version.parents[2]), url_of(seeded.path)]

    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half way\n"
        process.kill()

    assert contents(seeded.path) == rows
    assert schema(seeded.reader()) == before
    assert seeded.schema() == SCHEMA


def test_a_database_of_a_newer_version_is_refused_and_said_how_to_mend(seeded: Database) -> None:
    connection = connect(seeded.path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    said = "stands at migration 9999, which this version of Verbatim does not know: .*Start that version, or restore"

    with pytest.raises(SchemaUnknown, match=said):
        prove(seeded)
    with pytest.raises(SchemaUnknown, match=said):
        migrate(seeded)


def test_a_database_of_an_older_version_is_refused_and_said_how_to_mend(seeded: Database) -> None:
    connection = connect(seeded.path)
    connection.execute("UPDATE alembic_version SET version_num = '0000'")
    connection.close()

    with pytest.raises(SchemaUnknown, match=f"stands at migration 0000; this version needs {SCHEMA}: verbatim migrate"):
        prove(seeded)


@pytest.mark.parametrize("content", [None, b""], ids=["no file", "an empty file"])
def test_where_nothing_is_there_is_no_schema_and_prove_says_how_to_make_it(
    tmp_path: Path, content: bytes | None
) -> None:
    database = Database(url_of(tmp_path / "verbatim.db"))
    if content is not None:
        database.path.write_bytes(content)

    assert database.schema() is None
    with pytest.raises(SchemaUnknown, match=r"holds no record yet\. Make it: verbatim migrate"):
        prove(database)
    assert not database.path.exists() or not database.path.stat().st_size


@pytest.mark.parametrize(
    "content",
    [b"not a database, though long enough to be looked at\n" * 40, b"SQLite format 3\0" + b"\xff" * 4080],
    ids=["text", "the right beginning alone"],
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "verbatim.db"
    path.write_bytes(content)
    database = Database(url_of(path))

    for refuse in (database.schema, lambda: prove(database), lambda: migrate(database)):
        with pytest.raises(SchemaUnknown, match="cannot be read as a database"):
            refuse()
    database.close()
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "verbatim.db"
    connection = connect(path)
    connection.execute("CREATE TABLE recipe (name TEXT)")
    connection.close()
    database = Database(url_of(path))

    for refuse in (database.schema, lambda: prove(database), lambda: migrate(database)):
        with pytest.raises(SchemaUnknown, match="is a database of something else: it has a table recipe"):
            refuse()
    database.close()
    connection = connect(path)
    assert tables(connection) == ["recipe"]
    connection.close()
