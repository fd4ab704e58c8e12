"""Runs the console script as a person does: as a process of its own, with an environment of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

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
    """Run the script to its end, with `given` on its standard input."""
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
    """Run the script several times at once."""
    started = [
        subprocess.Popen(
            [VERBATIM, *map(str, arguments)],
            env=environment(database),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for arguments in commands
    ]
    ended = [process.communicate(timeout=PATIENCE_S) for process in started]
    return [Done(process.returncode, *said) for process, said in zip(started, ended, strict=True)]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Server(NamedTuple):
    """A server that answers. `greeting` is what it said before."""

    process: "subprocess.Popen[str]"
    base: str
    greeting: str

    def get(self, path: str) -> bytes:
        with urlopen(self.base + path, timeout=PATIENCE_S) as answer:  # noqa: S310  # an http address of ours
            content: bytes = answer.read()
            return content

    def stop(self, number: int) -> Done:
        """Send a signal and return how the server ended."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return Done(self.process.returncode, out, self.greeting + err)


@contextmanager
def serving(*options: str, database: Path, **more: str) -> Iterator[Server]:
    """Start a server, wait until it answers, and end it whatever happens."""
    port = free_port()
    with subprocess.Popen(
        [VERBATIM, "serve", *options],
        env=environment(database, UVICORN_PORT=str(port), **more),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield _answering(process, f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def _answering(process: "subprocess.Popen[str]", base: str) -> Server:
    assert process.stderr is not None
    greeting = ""
    while not greeting.endswith("limit=1'\n"):
        line = process.stderr.readline()
        assert line, f"it ended with {process.wait()} and said: {greeting}"
        greeting += line
    while True:  # it listens before it greets, so that the first request waits and is not refused
        try:
            urlopen(base + "/livez", timeout=PATIENCE_S).close()  # noqa: S310  # an http address of ours
        except URLError:
            assert process.poll() is None
        else:
            return Server(process, base, greeting)
