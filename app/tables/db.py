"""The database: connections, pragmas and transactions. Everything above is handed one of these and opens none itself.

Two ways in. `writing()` gives a Session in one transaction, for the writers. `reader()` gives this thread's query-only
connection, for the read path, which runs prepared SQL and builds no objects.
"""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError
from sqlmodel import Session

from app.errors import Conflict, Full, SchemaUnknown, Unavailable
from app.text import query

T = TypeVar("T")

BUSY_MS = 5_000
"""How long a writer waits for another one before it gives up."""
_SHORTEST_MS = 20
ERRORS = (sqlite3.Error, DBAPIError)
"""What a statement raises that did not succeed."""
_SURROUNDINGS = frozenset(
    {
        *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM),
        *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL),
        *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_AUTH),
        sqlite3.SQLITE_NOTADB,
    }
)
"""Codes of what disk, file system or other processes cause, and no statement of ours."""

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # FULL: an acknowledged write survives a loss of power, not only a killed process.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -65536",
    # The most that SQLite allows: what of a large file is not mapped takes a seventh longer to read.
    "PRAGMA mmap_size = 2147418112",
    "PRAGMA temp_store = MEMORY",
)


def patience_ms(waited_s: float) -> int:
    """Return how many milliseconds are left of the busy timeout to a write that has waited for its turn before.

    So those that wait in a row for a database that another program holds are all refused together, not one timeout
    after the other. A moment is always left, for a holder that is just done.
    """
    return max(_SHORTEST_MS, BUSY_MS - int(waited_s * 1000))


class Database:
    """One SQLite file. `close()` it when done; nothing is opened before the first use."""

    def __init__(self, url: str) -> None:
        self.path = database_path(url)
        self._threads = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self.engine = _engine(self.path)

    def reader(self) -> sqlite3.Connection:
        """Return this thread's query-only connection, in autocommit: each statement sees the newest commit."""
        connection: sqlite3.Connection | None = getattr(self._threads, "reader", None)
        if connection is None:
            connection = self._threads.reader = self._open_reader()
        return connection

    @contextmanager
    def reading_anew(self) -> Iterator[sqlite3.Connection]:
        """Give a query-only connection of its own, with nothing read before, in one snapshot; close it at the end."""
        connection = self._connect_reader()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            connection.close()

    @contextmanager
    def composing_anew(self) -> Iterator[Connection]:
        """Give what `reading_anew` gives as SQLAlchemy's, for what writers read with; `driver` is the one in it."""
        engine = create_engine("sqlite://", creator=self._connect_reader, poolclass=NullPool)
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection

    def data_version(self) -> int | None:
        """Return a number that changes whenever another connection has committed (PRAGMA data_version).

        None when the database does not answer: then nothing read before is known to be good.
        """
        try:
            row = self.reader().execute("PRAGMA data_version").fetchone()
        except (sqlite3.Error, Unavailable):
            return None
        return int(row[0])

    @contextmanager
    def writing(self, *, patience_ms: int | None = None) -> Iterator[Session]:
        """Give a Session in one BEGIN IMMEDIATE transaction; commit at the end, roll back on any error.

        Raises Unavailable when another writer holds the database for longer than the busy timeout, or than
        `patience_ms` where that is given, and when the file cannot be written; Full when there is no room.
        """
        engine = self.engine if patience_ms is None else self.engine.execution_options(patience_ms=patience_ms)
        try:
            with Session(engine) as session, session.begin():
                session.connection()  # begins now, so that waiting for the lock happens before any work
                yield session
        except ERRORS as error:
            reason = failing(error)
            if reason is None and isinstance(error, OperationalError | sqlite3.OperationalError):
                reason = Unavailable(f"The database does not answer: {_cause(error)}.")
            if reason is None:
                raise
            raise reason from error

    def schema(self) -> str | None:
        """Return the migration at which the database stands; None when it holds nothing.

        Raises SchemaUnknown when the file is not a record at all.
        """
        if not self.path.exists() or self.path.stat().st_size == 0:
            return None
        try:
            tables = {row[0] for row in self.reader().execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if "alembic_version" in tables:
                row = self.reader().execute("SELECT version_num FROM alembic_version").fetchone()
                return str(row[0]) if row else None
        except sqlite3.DatabaseError as error:
            raise SchemaUnknown(f"{self.path} cannot be read as a database: {error}.") from error
        if tables:
            raise SchemaUnknown(f"{self.path} is a database of something else: it has a table {sorted(tables)[0]}.")
        return None

    def close(self) -> None:
        """Close every connection; the last one folds the write-ahead log into the file."""
        with self._lock:
            for connection in self._readers:
                connection.close()
            self._readers.clear()
            self._threads = threading.local()
        self.engine.dispose()

    def _open_reader(self) -> sqlite3.Connection:
        connection = self._connect_reader()
        with self._lock:
            self._readers.append(connection)
        return connection

    def _connect_reader(self) -> sqlite3.Connection:
        try:
            # The reader opens the file for writing, and is then told not to: a read-only handle cannot make the
            # shared-memory file that WAL needs. check_same_thread: close() runs on another thread.
            connection = sqlite3.connect(
                f"file:{_quoted(self.path)}?mode=rw",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=512,
            )
        except sqlite3.OperationalError as error:
            raise Unavailable(f"{self.path} cannot be opened: {error}.") from error
        for pragma in (*_PRAGMAS[2:], "PRAGMA query_only = ON"):
            connection.execute(pragma)
        return connection


def driver(connection: Connection) -> sqlite3.Connection:
    """Return the driver's own connection, in the same transaction."""
    found = connection.connection.driver_connection
    if not isinstance(found, sqlite3.Connection):
        raise TypeError("the record is kept in SQLite")
    return found


def database_path(url: str) -> Path:
    """Return the file of a `sqlite:///` address. Raises Conflict for any other address."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise Conflict(
            f"VERBATIM_DATABASE_URL={url} is not a database address such as sqlite:///verbatim.db."
        ) from error
    if parsed.get_backend_name() != "sqlite" or parsed.query or parsed.database in (None, "", ":memory:"):
        raise Conflict(
            f"VERBATIM_DATABASE_URL={parsed.render_as_string(hide_password=True)}: "
            "the record is kept in a SQLite file, named by an address such as sqlite:///verbatim.db."
        )
    return Path(str(parsed.database))


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None, "timeout": BUSY_MS / 1000}
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, record: object) -> None:
        # What writers fill derived tables with; readers never call them.
        connection.create_function("indexed", 1, _or_null(query.indexed), deterministic=True)
        connection.create_function("wording", 1, _or_null(query.wording), deterministic=True)
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        timeout_ms = int(connection.get_execution_options().get("patience_ms", BUSY_MS))
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {timeout_ms}")
        # A deferred BEGIN that reads and then writes fails at once when another has written meanwhile.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _or_null(function: Callable[[str], T]) -> Callable[[str | None], T | None]:
    return lambda text: None if text is None else function(text)


def failing(error: Exception) -> Unavailable | Full | None:
    """Return what a client is told of a failure of the database's surroundings; None when the statement was wrong."""
    cause = _cause(error)
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code not in _SURROUNDINGS:
        return None
    if code == sqlite3.SQLITE_FULL:
        return Full(f"There is no room to write: {cause}. Nothing was written; make room and send it again.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Unavailable(f"Another writer has held the database for {BUSY_MS / 1000:g} seconds. Try again.")
    if code == sqlite3.SQLITE_READONLY:
        return Unavailable(f"The database cannot be written: {cause}. Make its file and its folder writable.")
    return Unavailable(f"The database does not answer: {cause}.")


def _cause(error: Exception) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3f").replace("#", "%23")
