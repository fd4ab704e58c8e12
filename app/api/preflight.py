"""CORS for reading: any page may read the record. The header that every answer needs is the front's."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

DAY_S = 86_400


class Preflight:
    """Answer CORS preflights, and pass everything else on.

    Starlette's middleware would add `Vary: Origin` to every answer, though none depends on the origin.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.cors = CORSMiddleware(
            app,
            allow_origins=["*"],
            allow_methods=["GET", "HEAD"],
            allow_headers=["Authorization", "If-None-Match", "X-Request-ID"],
            max_age=DAY_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = scope["type"] == "http" and scope["method"] == "OPTIONS"
        await (self.cors if asked else self.app)(scope, receive, send)
