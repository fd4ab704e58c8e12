"""A client whose application runs in the thread of the test.

Starlette's own hands each message of a request to another thread, which takes five times as long as most answers do.
This one is for one thread at a time, and reads an answer whole: where requests run beside each other, or an answer is
read while it is made, Starlette's TestClient is the one to take.
"""

import asyncio
import io
from collections import defaultdict
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urlsplit

import requests
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import BaseTransport, ByteStream, Request, Response
from requests.adapters import HTTPAdapter
from starlette.types import Message, Scope
from urllib3 import HTTPHeaderDict, HTTPResponse

from app.main import Verbatim, create_app, furnish
from app.settings import Settings

T = TypeVar("T")
Answer = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body."""
_SPARE: dict[str, list[Verbatim]] = defaultdict(list)
PEER = ("testclient", 50000)
HOST = "testserver"
BASE = f"http://{HOST}"


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
        self._transport = self.in_thread = _InThread(application, self._loop)

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
        status, headers, body = self.answer(_scope(request), request.read())
        return Response(status, headers=headers, stream=ByteStream(body), request=request)

    def answer(self, scope: Scope, body: bytes) -> Answer:
        return self._loop.run(self._answer(scope, body))

    async def _answer(self, scope: Scope, sent: bytes) -> Answer:
        messages = [{"type": "http.request", "body": sent, "more_body": False}]
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
            await self._application(scope, receive, send)
        except Exception:
            if head.get("status") != 500:
                raise
        return head["status"], head["headers"], b"" if scope["method"] == "HEAD" else b"".join(body)


class Session(requests.Session):
    """A session of requests, by which schemathesis sends, with the application of a client that is open."""

    def __init__(self, client: Client) -> None:
        super().__init__()
        self.trust_env = False  # it would look for a proxy before each request
        self.mount(BASE, _Adapter(client.in_thread))


class _Adapter(HTTPAdapter):
    def __init__(self, in_thread: _InThread) -> None:
        super().__init__()
        self._in_thread = in_thread

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        assert request.method is not None
        body = request.body or b""
        sent = body.encode() if isinstance(body, str) else body
        assert isinstance(sent, bytes)
        url = urlsplit(str(request.url))
        headers = [
            (b"host", HOST.encode()),
            *((_octets(name), _octets(value)) for name, value in request.headers.items()),
        ]
        scope = _scope_of(request.method, url.scheme, unquote(url.path), url.path.encode(), url.query.encode(), headers)
        status, answered, content = self._in_thread.answer(scope, sent)
        names = HTTPHeaderDict((name.decode("latin-1"), value.decode("latin-1")) for name, value in answered)
        return self.build_response(
            request,
            HTTPResponse(io.BytesIO(content), names, status, preload_content=False, request_method=request.method),
        )


def _octets(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _scope(request: Request) -> Scope:
    url = request.url
    path = url.raw_path.partition(b"?")[0]
    return _scope_of(request.method, url.scheme, url.path, path, url.query, request.headers.raw)


def _scope_of(
    method: str, scheme: str, path: str, raw_path: bytes, query: bytes, headers: list[tuple[bytes, bytes]]
) -> Scope:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "headers": [(name.lower(), value) for name, value in headers],
        "scheme": scheme,
        "path": path,
        "raw_path": raw_path,
        "query_string": query,
        "server": (HOST, None),
        "client": PEER,
        "root_path": "",
    }
