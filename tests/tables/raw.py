"""A database file as any other program opens it: the driver's own connection, and every row that the file holds."""

import sqlite3
from pathlib import Path

Rows = dict[str, list[tuple[str | int | None, ...]]]


def connect(path: Path | str) -> sqlite3.Connection:
    """Open the file past the application, in autocommit. Foreign keys are on, as SQLite leaves them off by itself."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def tables(connection: sqlite3.Connection) -> list[str]:
    """Return the names of the tables of the record, in order of the alphabet.

    None of SQLite's or Alembic's own, and none of the full-text indexes, which follow from the rest.
    """
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name"
    return [
        name
        for (name,) in connection.execute(sql)
        if name not in ("alembic_version", "quote_terms") and "_fts" not in name
    ]


def everything(connection: sqlite3.Connection) -> Rows:
    """Return every row of every table, in the order of each table's key."""
    return {name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall() for name in tables(connection)}


def contents(path: Path) -> Rows:
    """Return every row of the file, which nobody has open."""
    connection = connect(path)
    try:
        return everything(connection)
    finally:
        connection.close()


def schema(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the SQL of every table, index and trigger, by name."""
    sql = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT GLOB 'sqlite_*' ORDER BY name"
    return {str(name): str(text) for name, text in connection.execute(sql)}
