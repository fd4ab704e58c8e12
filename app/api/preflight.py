"""CORS for reading: any page may read the record. The header that every answer needs is the front's.

Reading a verdict may take a POST, as claims are longer than addresses.
"""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HEADERS = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Authorization, If-None-Match, X-Request-ID",
    "Access-Control-Max-Age": "86400",
}
_BY_POST = {
    **_HEADERS,
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": _HEADERS["Access-Control-Allow-Headers"] + ", Content-Type",
}
_READ_BY_POST = "/v1/verify"


class Preflight:
    """Answer CORS preflights, the same for every path that is read by GET, and pass everything else on.

    Starlette's middleware would add `Vary: Origin` to every answer, though none depends on the origin, and would refuse
    what is not allowed in plain text; the browser refuses it by what is listed here.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "OPTIONS" and _asks(scope):
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            headers = _BY_POST if path == _READ_BY_POST else _HEADERS
            await Response(status_code=204, headers=headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _asks(scope: Scope) -> bool:
    return any(name == b"access-control-request-method" for name, _ in scope["headers"])
