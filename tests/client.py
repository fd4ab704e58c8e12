"""A client whose application runs in the thread of the test.

Starlette's own hands each message of a request to another thread, which takes five times as long as most answers do.
This one is for one thread at a time, and reads an answer whole: where requests run beside each other, or an answer is
read while it is made, Starlette's TestClient is the one to take.
"""

import asyncio
from collections.abc import AsyncIterable
from types import TracebackType
from typing import Self

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, BaseTransport, ByteStream, Request, Response

PEER = ("testclient", 50000)


class Client(TestClient):
    """A client as Starlette's, of an application that starts and stops with it."""

    def __init__(self, application: FastAPI, *, base_url: str = "http://testserver") -> None:
        super().__init__(application, base_url=base_url)
        self._application = application
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._transport = _InThread(application, self._loop)

    def __enter__(self) -> Self:
        started = self._loop.create_future()
        self._life = self._loop.create_task(self._live(started))
        self._loop.run_until_complete(asyncio.wait([started, self._life], return_when=asyncio.FIRST_COMPLETED))
        if self._life.done():
            self._life.result()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop.set()
        self._loop.run_until_complete(self._life)
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()
        self.close()

    async def _live(self, started: asyncio.Future[None]) -> None:
        """Enter and leave the application's life in one task, as its task group asks."""
        async with self._application.router.lifespan_context(self._application):
            started.set_result(None)
            await self._stop.wait()


class _InThread(BaseTransport):
    def __init__(self, application: FastAPI, loop: asyncio.AbstractEventLoop) -> None:
        self._asgi = ASGITransport(application, raise_app_exceptions=False, client=PEER)
        self._loop = loop

    def handle_request(self, request: Request) -> Response:
        if self._loop.is_running():
            raise RuntimeError("This client is busy in another thread. The fixture `crowd` has one for several.")
        return self._loop.run_until_complete(self._answer(request))

    async def _answer(self, request: Request) -> Response:
        answer = await self._asgi.handle_async_request(request)
        assert isinstance(answer.stream, AsyncIterable)
        body = ByteStream(b"".join([part async for part in answer.stream]))
        return Response(answer.status_code, headers=answer.headers.raw, stream=body, request=request)
