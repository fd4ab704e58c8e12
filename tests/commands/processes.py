"""Runs commands as a person does: each a process of its own, with an environment of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import BinaryIO, NamedTuple, Self
from urllib.error import URLError
from urllib.request import urlopen

from tests.commands.forked import fork
from tests.conftest import url_of

VERBATIM = str(Path(sys.executable).with_name("verbatim"))
PATIENCE_S = 60
"""Far longer than anything takes; a test that waits so long has failed."""


class Done(NamedTuple):
    code: int
    out: str
    err: str


def environment(database: Path, **more: str) -> dict[str, str]:
    """Return an environment without the settings of whoever runs the tests.

    Bytecode may be kept: each process would else compile anew what was edited since it was installed.
    """
    others = ("VERBATIM_", "UVICORN_", "WEB_", "PYTHONDONTWRITEBYTECODE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(others)}
    return kept | {"VERBATIM_DATABASE_URL": url_of(database), "COLUMNS": "200"} | more


def run(
    *arguments: str | Path, database: Path, given: bytes | None = None, cwd: Path | None = None, **more: str
) -> Done:
    """Run a command to its end, with `given` on its standard input."""
    if any(name.startswith("PYTHON") for name in more):
        return run_script(*arguments, database=database, given=given, cwd=cwd, **more)
    with Started(arguments, environment(database, **more), given, cwd) as started:
        return started.done()


def run_script(
    *arguments: str | Path, database: Path, given: bytes | None = None, cwd: Path | None = None, **more: str
) -> Done:
    """Run the console script itself, for what is only told by how it starts."""
    done = subprocess.run(
        [VERBATIM, *map(str, arguments)],
        input=given,
        env=environment(database, **more),
        cwd=cwd,
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def run_together(commands: Sequence[Sequence[str | Path]], *, database: Path) -> list[Done]:
    """Run several commands at once."""
    with ExitStack() as stack:
        started = [stack.enter_context(Started(arguments, environment(database))) for arguments in commands]
        return [one.done() for one in started]


class Started:
    """A command that was started, its output in files, so that nobody need read along."""

    def __init__(
        self,
        arguments: Sequence[str | Path],
        env: Mapping[str, str],
        given: bytes | None = None,
        cwd: Path | None = None,
    ) -> None:
        self._files = ExitStack()
        self._given, self.out, self.err = (self._files.enter_context(made) for made in _files())
        self._given.write(given or b"")
        self._given.seek(0)
        self.process = fork([*map(str, arguments)], (self._given, self.out, self.err), env, cwd)

    def done(self) -> Done:
        """Wait for its end, and return how it ended and all that it said."""
        code = self.process.wait(PATIENCE_S)
        return Done(code, _all_of(self.out), _all_of(self.err))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._files:
            self.process.kill()


def _files() -> tuple[BinaryIO, BinaryIO, BinaryIO]:
    return TemporaryFile(), TemporaryFile(), TemporaryFile()


def _all_of(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Server(NamedTuple):
    """A server that answers. `greeting` is what it said before."""

    started: Started
    base: str
    greeting: str

    @property
    def pid(self) -> int:
        return self.started.process.pid

    def get(self, path: str) -> bytes:
        with urlopen(self.base + path, timeout=PATIENCE_S) as answer:  # noqa: S310  # an http address of ours
            content: bytes = answer.read()
            return content

    def stop(self, number: int) -> Done:
        """Send a signal and return how the server ended."""
        self.started.process.send_signal(number)
        return self.started.done()


@contextmanager
def serving(*options: str, database: Path, **more: str) -> Iterator[Server]:
    """Start a server, wait until it answers, and end it whatever happens."""
    port = free_port()
    with Started(["serve", *options], environment(database, UVICORN_PORT=str(port), **more)) as started:
        yield _answering(started, f"http://127.0.0.1:{port}")


def _answering(started: Started, base: str) -> Server:
    until = time.monotonic() + PATIENCE_S
    while not (greeting := _all_of(started.err)).endswith("limit=1'\n"):
        assert started.process.poll() is None, f"it ended and said: {greeting}"
        assert time.monotonic() < until
        time.sleep(0.01)
    while True:  # it listens before it greets, so that the first request waits and is not refused
        try:
            urlopen(base + "/livez", timeout=PATIENCE_S).close()  # noqa: S310  # an http address of ours
        except URLError:
            assert started.process.poll() is None
        else:
            return Server(started, base, greeting)
