"""Load: many requests over kept-alive connections for a bounded time, by wrk where that is installed, else by our own.

The report says which of the two was used: ours is written in Python, and cannot ask as fast as a bare server answers.
"""

import asyncio
import re
import shutil
import subprocess
import time
from collections.abc import Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from bench.servers import HOST

CONNECTIONS = 16
WRK = shutil.which("wrk")
CLIENT = "wrk, 1 thread" if WRK else "our own client (wrk is not installed)"

SCRIPT = """
local paths = {%s}
local ready = {}
local at = 0
init = function(args)
    for i, path in ipairs(paths) do ready[i] = wrk.format('GET', path) end
end
request = function()
    at = at %% #ready + 1
    return ready[at]
end
"""
_ANSWERED = re.compile(r"([0-9]+) requests in ([0-9.]+)s")
_BAD = re.compile(r"Non-2xx or 3xx responses|Socket errors")


class Loaded(NamedTuple):
    """Requests answered, and in how many seconds."""

    requests: int
    seconds: float


def load(port: int, paths: Sequence[str], seconds: int, folder: Path, headers: Mapping[str, str]) -> Loaded:
    """Ask for the paths in turn for so many seconds. Raises RuntimeError when an answer is an error."""
    if WRK is None:
        return asyncio.run(_load(port, paths, seconds, headers))
    command = [WRK, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    command += [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    if len(paths) > 1:
        script = folder / "paths.lua"
        script.write_text(SCRIPT % ",\n".join(f'"{path}"' for path in paths))
        command += ["-s", str(script)]
    command.append(f"http://{HOST}:{port}{paths[0]}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 30, check=True)
    answered = _ANSWERED.search(done.stdout)
    if _BAD.search(done.stdout) or not answered:
        raise RuntimeError(f"{paths[0]}: {done.stdout}")
    return Loaded(int(answered[1]), float(answered[2]))


async def _load(port: int, paths: Sequence[str], seconds: int, headers: Mapping[str, str]) -> Loaded:
    loop = asyncio.get_running_loop()
    given = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    requests = cycle([f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{given}\r\n".encode() for path in paths])
    begun = time.perf_counter()
    until = begun + seconds
    clients = []
    for _ in range(CONNECTIONS):
        _, client = await loop.create_connection(lambda: _Client(requests, until, loop.create_future()), HOST, port)
        clients.append(client)
    await asyncio.wait_for(asyncio.gather(*(client.done for client in clients)), seconds + 30)
    return Loaded(sum(client.answered for client in clients), time.perf_counter() - begun)


class _Client(asyncio.Protocol):
    """One kept-alive connection that asks again as soon as it is answered."""

    def __init__(self, requests: "cycle[bytes]", until: float, done: "asyncio.Future[None]") -> None:
        self.answered = 0
        self.done = done
        self._requests, self._until = requests, until
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        head = self._waiting.find(b"\r\n\r\n")
        if head < 0 or len(self._waiting) < head + 4 + self._length(head):
            return
        if self._waiting[9] not in b"23":
            self.done.set_exception(RuntimeError(self._waiting[:200].decode("latin-1")))
            self._transport.close()
            return
        self.answered += 1
        self._waiting = b""
        if time.perf_counter() < self._until:
            self._ask()
        else:
            self.done.set_result(None)
            self._transport.close()

    def _length(self, head: int) -> int:
        at = self._waiting.lower().find(b"content-length:", 0, head)
        return int(self._waiting[at + 15 : self._waiting.find(b"\r\n", at)]) if at >= 0 else 0

    def _ask(self) -> None:
        self._transport.write(next(self._requests))
