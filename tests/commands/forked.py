"""Commands as processes of their own that need not load the program anew: forked from one that has.

A process that a test starts would else spend a second, ten times what most commands take, on reading modules. What runs
is `app.cli.main` as the console script calls it, with its own arguments, environment, folder, streams and signals;
tests/commands/test_cli.py starts the script itself too.
"""

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper
from pathlib import Path
from types import FrameType
from typing import BinaryIO

from app.settings import ROOT

LONGEST = 1 << 20
"""Bytes of a request: arguments, environment and folder."""


class Forked:
    """A command that runs, or has run; what of `subprocess.Popen` tests use of it."""

    def __init__(self, pid: int, ended: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._ended = ended

    def poll(self) -> int | None:
        """Return how it ended, or nothing while it runs."""
        if self.returncode is None and select.select([self._ended], [], [], 0)[0]:
            told = os.read(self._ended, 16)
            os.close(self._ended)
            assert told, "The process that forks commands has ended."
            self.returncode = int(told)
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Return how it ended. Raises subprocess.TimeoutExpired after `timeout` seconds."""
        if self.returncode is None and not select.select([self._ended], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
        code = self.poll()
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once, unless it has ended, and wait until it has."""
        self.send_signal(signal.SIGKILL)
        self.wait(60)


def fork(
    arguments: Sequence[str], streams: tuple[BinaryIO, BinaryIO, BinaryIO], env: Mapping[str, str], cwd: Path | None
) -> Forked:
    """Start a command with its standard streams, which are files of this process and stay open here."""
    line = _forker()
    ended, told = os.pipe()
    asked = json.dumps({"arguments": list(arguments), "env": dict(env), "cwd": str(cwd or ROOT)}).encode()
    socket.send_fds(line, [asked], [*(stream.fileno() for stream in streams), told])
    os.close(told)
    return Forked(int(line.recv(32)), ended)


@cache
def _forker() -> socket.socket:
    """Start the process that forks, once in each process of the tests; it ends when nobody can ask it any more."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with its:
        for end in (ours, its):  # an environment may be longer than what a line takes by itself
            end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST)
        process = subprocess.Popen(
            [sys.executable, "-m", __name__, str(its.fileno())],
            pass_fds=[its.fileno()],
            cwd=ROOT,
            start_new_session=True,
        )
    atexit.register(_end, ours, process)
    return ours


def _end(line: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    line.close()
    process.wait()


def _serve(line: socket.socket) -> None:
    """Fork what is asked for, and tell how each ends, until the line is cut. Returns in the forked process too."""
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.signal(signal.SIGCHLD, _pass_over)
    signal.set_wakeup_fd(waker)
    running: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([line.fileno(), woken], [], [])
        if woken in ready:
            os.read(woken, 64)
            _tell(running)
        if line.fileno() not in ready:
            continue
        asked, fds, _, _ = socket.recv_fds(line, LONGEST, 4)
        if not asked:
            return
        *streams, told = fds
        if (pid := os.fork()) == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for fd in (line.detach(), woken, waker, told, *running.values()):
                os.close(fd)
            _become(json.loads(asked), streams)
            return
        running[pid] = told
        for fd in streams:
            os.close(fd)
        line.send(str(pid).encode())


def _pass_over(number: int, frame: FrameType | None) -> None:
    """Let the signal wake up, and nothing else."""


def _tell(running: dict[int, int]) -> None:
    """Tell those who wait for the commands that have ended."""
    while running:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        told = running.pop(pid)
        with suppress(BrokenPipeError):  # nobody may wait for it any more
            os.write(told, str(os.waitstatus_to_exitcode(status)).encode())
        os.close(told)


def _become(asked: dict[str, object], streams: Sequence[int]) -> None:
    """Turn this process into what the console script's is before it calls `main`."""
    arguments, env, cwd = asked["arguments"], asked["env"], asked["cwd"]
    assert isinstance(arguments, list)
    assert isinstance(env, dict)
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(str(cwd))
    sys.argv = ["verbatim", *arguments]
    sys.stdin = TextIOWrapper(BufferedReader(FileIO(0, closefd=False)), "utf-8", "surrogateescape")
    sys.stdout = TextIOWrapper(BufferedWriter(FileIO(1, "w", closefd=False)), "utf-8", "surrogateescape")
    sys.stderr = TextIOWrapper(
        BufferedWriter(FileIO(2, "w", closefd=False)), "utf-8", "backslashreplace", line_buffering=True
    )


if __name__ == "__main__":
    cli = import_module("app.cli")
    for name in ("app.main", *(f"app.commands.{module}" for module in cli.COMMANDS.values())):
        import_module(name)
    gc.freeze()  # what is read stays, so that those forked neither copy it nor look through it when they end
    parent = os.getpid()
    _serve(socket.socket(fileno=int(sys.argv[1])))
    if os.getpid() != parent:
        cli.main()
