"""A client whose application runs in the thread of the test.

Starlette's own hands each message of a request to another thread, which takes five times as long as most answers do.
This one is for one thread at a time, and reads an answer whole: where requests run beside each other, or an answer is
read while it is made, Starlette's TestClient is the one to take.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, Self, TypeVar

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import BaseTransport, ByteStream, Request, Response
from starlette.types import Message, Scope

from app.main import Verbatim, create_app, furnish
from app.settings import Settings

T = TypeVar("T")
_SPARE: dict[str, list[Verbatim]] = defaultdict(list)
PEER = ("testclient", 50000)


class Client(TestClient):
    """A client as Starlette's, of an application that starts and stops with it.

    FastAPI makes its table of routes at the first request, in 15 ms. So an application that is no longer used gets
    another record, when one of the same settings is asked for.
    """

    def __init__(self, settings: Settings) -> None:
        self._spare = _SPARE[settings.model_dump_json(exclude={"database_url"})]
        if self._spare:
            furnish(application := self._spare.pop(), settings)
        else:
            application = create_app(settings)
        super().__init__(application)
        self._application = application
        self._loop = _Loop()
        self._stop = asyncio.Event()
        self._transport = _InThread(application, self._loop)

    def __enter__(self) -> Self:
        started = self._loop.own.create_future()
        self._life = self._loop.own.create_task(self._live(started))
        self._loop.run(asyncio.wait([started, self._life], return_when=asyncio.FIRST_COMPLETED))
        if self._life.done():
            self._life.result()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop.set()
        self._loop.run(self._life)
        self._loop.run(self._loop.own.shutdown_default_executor())
        self._loop.own.close()
        self.close()
        self._spare.append(self._application)

    async def _live(self, started: asyncio.Future[None]) -> None:
        """Enter and leave the application's life in one task, as its task group asks."""
        async with self._application.router.lifespan_context(self._application):
            started.set_result(None)
            await self._stop.wait()


class _Loop:
    """An event loop that runs while something is waited for, also where the thread has another, as a browser's has."""

    def __init__(self) -> None:
        self.own = asyncio.new_event_loop()

    def run(self, awaited: Awaitable[T]) -> T:
        if self.own.is_running():
            raise RuntimeError("This client is busy in another thread. The fixture `crowd` has one for several.")
        other = asyncio._get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return self.own.run_until_complete(awaited)
        finally:
            asyncio._set_running_loop(other)


class _InThread(BaseTransport):
    """Asks the application as a server would: the body in one message, and the connection closed when it has answered.

    An application that fails answers with a 500 by itself, as the record's does.
    """

    def __init__(self, application: FastAPI, loop: _Loop) -> None:
        self._application = application
        self._loop = loop

    def handle_request(self, request: Request) -> Response:
        return self._loop.run(self._answer(request))

    async def _answer(self, request: Request) -> Response:
        messages = [{"type": "http.request", "body": request.read(), "more_body": False}]
        answered = asyncio.Event()
        head: dict[str, Any] = {}
        body: list[bytes] = []

        async def receive() -> Message:
            if messages:
                return messages.pop()
            await answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                head.update(message)
                return
            body.append(message.get("body", b""))
            if not message.get("more_body", False):
                answered.set()

        try:
            await self._application(_scope(request), receive, send)
        except Exception:
            if head.get("status") != 500:
                raise
        whole = b"" if request.method == "HEAD" else b"".join(body)
        return Response(head["status"], headers=head["headers"], stream=ByteStream(whole), request=request)


def _scope(request: Request) -> Scope:
    url = request.url
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "scheme": url.scheme,
        "path": url.path,
        "raw_path": url.raw_path.partition(b"?")[0],
        "query_string": url.query,
        "server": (url.host, url.port),
        "client": PEER,
        "root_path": "",
    }
