"""A client whose application runs in the thread of the test.

Starlette's own hands each message of a request to another thread, which takes five times as long as most answers do.
This one is for one thread at a time, and reads an answer whole: where requests run beside each other, or an answer is
read while it is made, Starlette's TestClient is the one to take.
"""

import asyncio
from collections.abc import AsyncIterable, Awaitable
from types import TracebackType
from typing import Self, TypeVar

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, BaseTransport, ByteStream, Request, Response

T = TypeVar("T")
PEER = ("testclient", 50000)


class Client(TestClient):
    """A client as Starlette's, of an application that starts and stops with it."""

    def __init__(self, application: FastAPI, *, base_url: str = "http://testserver") -> None:
        super().__init__(application, base_url=base_url)
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
    def __init__(self, application: FastAPI, loop: _Loop) -> None:
        self._asgi = ASGITransport(application, raise_app_exceptions=False, client=PEER)
        self._loop = loop

    def handle_request(self, request: Request) -> Response:
        answer = self._loop.run(self._asgi.handle_async_request(request))
        body = self._loop.run(_whole(answer.stream))
        return Response(answer.status_code, headers=answer.headers.raw, stream=ByteStream(body), request=request)


async def _whole(stream: object) -> bytes:
    assert isinstance(stream, AsyncIterable)
    return b"".join([part async for part in stream])
