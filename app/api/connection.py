"""One connection: what a client may cost before a request of its is answered at all, and after.

uvicorn's own protocol reads a head of any length, for any time, and waits for ever for a client that does not take its
answer. Nothing here is asked of a request that comes whole in one piece, as almost all do.
"""

import asyncio
from asyncio.events import TimerHandle
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.api import problems
from app.errors import BadRequest, HeadTooLarge, Overloaded, RequestTimeout, VerbatimError

MOST_HEADERS = 100
MOST_HEAD = 65_536
"""Bytes of a request's first line and headers."""
HEAD_S = 10.0
"""How long a request's head may take to come."""
STALL_S = 60.0
"""How long a client may take nothing of an answer that waits for it."""
MOST_OPEN = 900
"""Connections of one process: below the 1,024 open files that a system commonly allows, past which none is answered."""
_TOO_LARGE = f"The first line and the headers are more than {MOST_HEAD:,} bytes, or than {MOST_HEADERS} headers."


class Connection(HttpToolsProtocol):
    """A connection that is given up when its client sends too much, too slowly, or does not take what it asked for."""

    _head = 0  # bytes of a head that has begun and has not ended, before this piece
    _piece = 0
    _waiting: TimerHandle | None = None
    _stalled: TimerHandle | None = None
    _reason: VerbatimError | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take the connection, unless there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MOST_OPEN:
            self._refuse(Overloaded(f"There are {MOST_OPEN} connections already. Try again."))
        else:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._come()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; count and time what is not the whole head of a request yet."""
        if self.transport.is_closing():
            return
        self._piece = len(data)
        super().data_received(data)
        if self.cycle is None or self.cycle.response_complete:
            self._head += len(data)
            if self._head > MOST_HEAD and not self.transport.is_closing():
                self._refuse(HeadTooLarge(_TOO_LARGE))
            elif self._waiting is None:
                self._wait()

    def on_headers_complete(self) -> None:
        """Begin to answer, unless the head is too large: then raise, which the parser hands on as a wrong request."""
        is_long = self._head + self._piece > MOST_HEAD and self._length() > MOST_HEAD
        if is_long or len(self.headers) > MOST_HEADERS:
            self._reason = HeadTooLarge(_TOO_LARGE)
            raise self._reason
        self._head = 0
        self._come()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP with a problem, as everything else."""
        self._refuse(self._reason or BadRequest(msg))

    def pause_writing(self) -> None:
        """Wait for a client that does not take its answer, but not for ever."""
        super().pause_writing()
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALL_S, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on with a client that takes its answer."""
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def _length(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEAD_S, self._give_up)

    def _come(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self._head:
            self._refuse(RequestTimeout(f"The headers did not come within {HEAD_S:g} seconds."))
        else:
            self.transport.close()  # nothing was asked

    def _refuse(self, error: VerbatimError) -> None:
        """Answer with a problem, before there is a request that the application could answer, and close."""
        self._come()
        answer = problems.answer(type(error), error.detail, headers={"Connection": "close"})
        lines = [
            f"HTTP/1.1 {error.status} {HTTPStatus(error.status).phrase}".encode(),
            *(b"%b: %b" % header for header in answer.raw_headers),
        ]
        self.transport.write(b"\r\n".join([*lines, b"", bytes(answer.body)]))
        self.transport.close()
