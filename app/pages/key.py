"""The key: given to a browser, which keeps it in a cookie for the pages; shown by name, and taken away again."""

import re
from urllib.parse import unquote

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import base_url
from app.api.keys import COOKIE, key_named, key_of
from app.errors import Fault, Invalid, Unauthorized
from app.pages.addresses import asked_of, read
from app.pages.forms import posted
from app.pages.rendering import page
from app.store.keys import Key
from app.tables.paging import Query
from app.tables.words import Scope

router = APIRouter(include_in_schema=False)
_SCOPES = {
    Scope.PROPOSE: "propose quotes, and change or take back its own proposals",
    Scope.ANNOTATE: "sign notes and links",
    Scope.EDIT: "write and review everything",
    Scope.ADMIN: "write and review everything, and merge",
}
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]|^/|^[^/?#]*:")
"""What makes more of an address than a path below this service: blanks that browsers pass over, a host, a scheme."""


class KeyAsked(Query):
    """What `/key` takes."""

    to: str = Field(default="", max_length=8_000, description="Path within the service at which to go on.")


@router.get("/key")
async def show_key(request: Request) -> Response:
    to = way(read(KeyAsked, asked_of(request)).to)
    try:
        return _page(request, to, key=key_of(request))
    except Unauthorized as error:
        # The cookie that the browser sent: it is forgotten, so that it is not counted as wrong at every page.
        shown = _page(request, to, fault=error.detail)
        _forget(shown, request)
        return shown


@router.post("/key")
async def keep_key(request: Request) -> Response:
    asked = await posted(request)
    if "out" in asked.values("do"):
        gone = Response(status_code=303, headers={"Location": "./key", "Cache-Control": "no-store"})
        _forget(gone, request)
        return gone
    to = way("".join(asked.values("to")[:1]))
    secret = "".join(asked.values("key")[:1]).strip()
    if not secret:
        return _page(request, to, status=422, fault="Paste the key first.")
    try:
        key_named(request, secret)
    except Unauthorized as error:
        return _page(request, to, status=401, fault=error.detail)
    kept = Response(status_code=303, headers={"Location": f"./{to}", "Cache-Control": "no-store"})
    kept.set_cookie(COOKIE, secret, path="/", secure=_is_secure(request), httponly=True, samesite="strict")
    return kept


def way(to: str) -> str:
    """Return the path at which to go on. Raises Invalid for any other address: nobody is sent elsewhere from here."""
    segments = unquote(to.partition("?")[0].partition("#")[0]).split("/")
    if _UNSAFE.search(to) or "\\" in unquote(to) or {".", ".."} & set(segments) or not to.isascii():
        raise Invalid.of(Fault(f"to={to[:80]}: it is not a path within this service.", parameter="to"))
    return to


def _page(
    request: Request, to: str, *, status: int = 200, fault: str | None = None, key: Key | None = None
) -> Response:
    scopes = [_SCOPES[scope] for scope in Scope if key is not None and scope in key.scopes]
    return page(request, "key.html", status=status, store=False, to=to, key=key, scopes=scopes, fault=fault)


def _forget(response: Response, request: Request) -> None:
    response.delete_cookie(COOKIE, path="/", secure=_is_secure(request), httponly=True, samesite="strict")


def _is_secure(request: Request) -> bool:
    return base_url(request).startswith("https:")
