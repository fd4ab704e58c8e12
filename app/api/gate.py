"""The gate: where reading needs a key too, everything of the record is behind it.

What is not named here needs a key, so that a new address of the record is never open by being forgotten.
"""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import problems
from app.api.keys import need_key
from app.api.paths import below
from app.errors import VerbatimError
from app.tables import db

_OPEN = frozenset(
    {"/livez", "/readyz", "/metrics", "/docs", "/openapi.json", "/problems", "/key", "/favicon.ico", "/robots.txt"}
)
_OPEN_BELOW = "/static/"


class Gate:
    """Pass on what carries a good key, or asks for nothing of the record; answer the rest with a problem.

    What passes without a key is never of the record, so the answers that the front keeps for such requests are not.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not _passes(scope):
            request = Request(scope, receive)
            try:
                need_key(request, why="Reading this record")
            except (VerbatimError, *db.ERRORS) as error:
                await problems.of(request, error)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_open(path: str) -> bool:
    """Tell whether what stands at a path is none of the record's, and needs no key anywhere."""
    return path in _OPEN or path.startswith(_OPEN_BELOW)


def _passes(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" or is_open(below(scope))
