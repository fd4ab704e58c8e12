"""CORS: any page may read the record, and write with a key. The header that every answer needs is the front's.

Keys travel in a header that a page sets itself, never in a cookie that a browser adds: a page without a key gets no
further here than anybody without one.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.problems import allowed_methods

_READ = "Accept, Authorization, If-None-Match, Prefer, X-Request-ID"
_WRITTEN = f"{_READ}, Content-Type, Idempotency-Key, If-Match"
_READING = ("GET", "HEAD")
"""What may be asked of any path, also of one where nothing is: the problem is for the page to read."""


class Preflight:
    """Answer CORS preflights with what the path takes, and pass everything else on.

    Starlette's middleware would add `Vary: Origin` to every answer, though none depends on the origin, and would refuse
    what is not allowed in plain text; the browser refuses it by what is listed here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "OPTIONS" and _asks(scope):
            await _answer(Request(scope))(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _answer(request: Request) -> Response:
    written = [method for method in allowed_methods(request) if method not in (*_READING, "OPTIONS")]
    headers = {
        "Access-Control-Allow-Methods": ", ".join((*_READING, *written)),
        "Access-Control-Allow-Headers": _WRITTEN if written else _READ,
        "Access-Control-Max-Age": "86400",
    }
    return Response(status_code=204, headers=headers)


def _asks(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])
