"""CORS for reading: any page may read the record. The header that every answer needs is the front's."""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}


class Preflight:
    """Answer CORS preflights, the same for every path, and pass everything else on.

    Starlette's middleware would add `Vary: Origin` to every answer, though none depends on the origin, and would refuse
    what is not allowed in plain text; the browser refuses it by what is listed here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "OPTIONS" and _asks(scope):
            await Response(status_code=204, headers=_HEADERS)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _asks(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])
