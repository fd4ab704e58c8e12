"""A bare ASGI app that answers every request with the same bytes: what the server itself costs."""

import os
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send


def create_app() -> ASGIApp:
    """Return the app; `BENCH_BODY` names the file that holds the bytes."""
    body = Path(os.environ["BENCH_BODY"]).read_bytes()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    rest = {"type": "http.response.body", "body": body}

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send(start)
            await send(rest)

    return app
