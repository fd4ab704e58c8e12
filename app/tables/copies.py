"""Whole copies of a database: taken while it is written, in one snapshot, and put in a place all at once."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from app.errors import Conflict
from app.tables.db import Database

PAGES = 2_000
"""Pages that are copied between two reports of how far it is: 8 MB."""


def copy(database: Database, to: Path, *, shown: Callable[[int, int], None], in_use: bool = False) -> None:
    """Copy the database as it is now over the file `to`, which is on the disk when this returns.

    Writers go on: what they commit meanwhile is not in the copy. `shown` is told how many pages are left, and of how
    many. With `in_use` the copy can be written while it is read; without, it is one file that lies still, and can be
    read where nothing can be written beside it.
    """
    with database.reading_anew() as reader, closing(sqlite3.connect(to)) as target:
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the snapshot begins with the first read
        reader.backup(target, pages=PAGES, progress=lambda _, left, total: shown(left, total))
        target.execute(f"PRAGMA journal_mode = {'WAL' if in_use else 'DELETE'}")
    shutil.copymode(database.path, to)
    _sync(to)


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """Give an empty file in the folder of `path`, under a name that nobody has; it goes when it was not put in place.

    Raises OSError when nothing can be written there.
    """
    number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    os.close(number)
    made = Path(name)
    try:
        yield made
    finally:
        for left in (made, _sidecar(made, "wal"), _sidecar(made, "shm"), _sidecar(made, "journal")):
            left.unlink(missing_ok=True)


def put(made: Path, path: Path, *, over: bool) -> None:
    """Give a file its name, at once and for good. Raises Conflict when there is one of that name, unless `over` it."""
    if over:
        made.replace(path)
    else:
        try:
            os.link(made, path)  # unlike a rename, it never takes the place of another
        except FileExistsError as error:
            raise Conflict(f"{path} is there already: choose another name, or say --force.") from error
        made.unlink()
    _sync(path.parent)


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a database that nobody else has open, with its write-ahead log folded into it.

    A file that is damaged, and whose log therefore cannot be folded, is held as it is. Raises Conflict when somebody,
    such as a server, has it open.
    """
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        try:
            # To leave WAL mode SQLite needs the file for itself alone: every open connection holds a shared lock.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise Conflict(f"{path} is open in another process: stop the server first.") from error
        yield


def keep(path: Path, name: str) -> Path:
    """Give the file another name beside its own, `name` or that with a number, and return it; it keeps its own too.

    A log that could not be folded into it goes with it.
    """
    number = 1
    while True:
        kept = path.with_name(f"{path.name}.{name}{'' if number == 1 else f'-{number}'}")
        try:
            os.link(path, kept)
        except FileExistsError:
            number += 1
            continue
        log = _sidecar(path, "wal")
        if log.exists():
            log.replace(_sidecar(kept, "wal"))
        _sidecar(path, "shm").unlink(missing_ok=True)
        return kept


def _sidecar(path: Path, kind: str) -> Path:
    return path.with_name(f"{path.name}-{kind}")


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
