"""What the commands share: the record, files and words as they are, and progress where somebody watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import Progress
from rich.text import Text

from app.errors import BadRequest
from app.settings import Settings
from app.tables.db import Database
from app.tables.schema import prove


@contextmanager
def opened() -> Iterator[Database]:
    """Open the record that the settings name, and close it after. Raises SchemaUnknown for one of another schema."""
    database = Database(Settings().database_url)
    try:
        prove(database)
        yield database
    finally:
        database.close()


def prove_name(who: str) -> None:
    """Raise BadParameter for a name that is none, under which the history would keep writes."""
    if not who.strip():
        raise typer.BadParameter(
            "it is empty: give the name under which the history keeps the writes", param_hint="--as"
        )


def read_text(path: Path) -> str:
    """Return the characters of a file, or of standard input for `-`: UTF-8 in any locale, line breaks as they are.

    Raises BadRequest for what cannot be read.
    """
    try:
        return (sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()).decode("utf-8")
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadRequest(f"{path} is not UTF-8 at byte {error.start}.") from error


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


_CONTROLS = {code: "\ufffd" for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n"}


def literal(words: str) -> Text:
    """Return words for a table as they are: brackets are no markup, and nothing in them steers the terminal."""
    return Text(words.translate(_CONTROLS))


def progress(*, hidden: bool = False) -> Progress:
    """Return progress on the error stream. Where nobody watches, a bar that has gone would leave an empty line."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=hidden or not console.is_terminal)
