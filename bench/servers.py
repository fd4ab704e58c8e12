"""Server processes: each on a port of its own on 127.0.0.1, under the same flags, stopped by its own id."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from app.settings import ROOT

HOST = "127.0.0.1"
START_S = 30
STOP_S = 10
FLAGS = ("--host", HOST, "--workers", "1", "--no-access-log", "--no-server-header", "--log-level", "warning")


class Server(NamedTuple):
    """A running server. `pid` is its process."""

    name: str
    port: int
    pid: int

    def cpu_s(self) -> float:
        """Return the processor time that it has taken so far, in all its threads (proc(5), fields 14 and 15)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> "Got":
        """Ask for one path, on a connection of its own."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=START_S)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return Got(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()


class Got(NamedTuple):
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def serve(name: str, factory: str, folder: Path, **settings: str) -> Iterator[Server]:
    """Serve what a factory makes in a process of its own, with these variables; its output goes to a file."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", factory, "--factory", "--port", str(port), *FLAGS]
    with (folder / f"{name.replace(' ', '-')}.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | settings, cwd=ROOT, stdout=log, stderr=log)
        try:
            wait(process, port)
            yield Server(name, port, process.pid)
        finally:
            stop(process)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the port takes connections. Raises RuntimeError when the process ends first or takes too long."""
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}.")
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.005)
    raise RuntimeError(f"{process.args!r} did not listen within {START_S} s.")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process, gently at first."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
