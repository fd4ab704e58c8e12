"""Every error as a problem document (RFC 9457). The one place that turns exceptions into answers."""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from http import HTTPStatus

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app import errors
from app.api.accept import best
from app.api.keys import COOKIE, cookie_of
from app.api.paths import is_of_api
from app.errors import Invalid, VerbatimError
from app.tables import db

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("verbatim")


class ProblemError(BaseModel):
    """One wrong value."""

    detail: str = Field(description="What is wrong with it, and what to give instead.")
    parameter: str | None = Field(default=None, description="Name of the query or path parameter.")
    pointer: str | None = Field(default=None, description="JSON pointer into the request's body (RFC 6901).")


class Problem(BaseModel):
    """Why a request was not answered (RFC 9457)."""

    type: str = Field(description="Address of the page that explains this sort of problem.")
    title: str = Field(description="What sort of problem it is.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong here; names the offending value and the remedy.")
    errors: list[ProblemError] = Field(default=[], description="With status 422: each wrong value.")
    reason: str | None = Field(default=None, description="With status 410: why it was withdrawn.")
    withdrawn: date | None = Field(default=None, description="With status 410: the day on which it was taken off.")
    successor: str | None = Field(default=None, description="With status 410: path of what to read in its place.")


def every_error() -> Iterator[type[VerbatimError]]:
    """Yield each sort of error once, by status."""
    found: list[type[VerbatimError]] = [errors.VerbatimError]
    for kind in found:
        found += kind.__subclasses__()
    yield from sorted(set(found), key=lambda kind: (kind.status, kind.type))


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(VerbatimError, of)
    app.add_exception_handler(HTTPException, _shown(_starlette))
    app.add_exception_handler(RequestValidationError, _shown(_validation))
    for kind in db.ERRORS:
        app.add_exception_handler(kind, of)
    app.add_exception_handler(Exception, _shown(_bug))


def _shown(made: Callable[[Request, Exception], Response]) -> Callable[[Request, Exception], Response]:
    return lambda request, error: _for_reader(request, made(request, error))


def _for_reader(request: Request, problem: Response) -> Response:
    """Return a problem as a page to a browser that asked for one: `app.state.show_problem` makes it, when it is set."""
    show: Callable[[Request, Response], Response] | None = getattr(request.app.state, "show_problem", None)
    is_page = show is not None and problem.body and _reads_html(request)
    return show(request, problem) if show is not None and is_page else problem


def _reads_html(request: Request) -> bool:
    header = ",".join(request.headers.getlist("accept"))
    return not is_of_api(request.scope) and best(header, (MEDIA_TYPE, "text/html")) == 1


def answer(kind: type[VerbatimError], detail: str, *, headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem of one sort of error."""
    return _problem(kind.type, kind.title, kind.status, detail, headers=headers)


def of(request: Request, error: Exception) -> Response:
    """Return the problem of an error of ours, or of what the database's surroundings cause; raise any other again."""
    if not isinstance(error, VerbatimError):
        reason = db.failing(error)
        if reason is None:
            raise error
        error = reason
    faults = error.faults if isinstance(error, Invalid) else ()
    listed = [{name: value for name, value in fault._asdict().items() if value is not None} for fault in faults]
    headers, members = _headers(request, error), _members(error)
    made = _problem(error.type, error.title, error.status, error.detail, listed, headers, members)
    return _for_reader(request, made)


def _headers(request: Request, error: VerbatimError) -> dict[str, str]:
    """Return what else an error tells: whom to be, when to come again, where to go."""
    match error:
        case errors.Unauthorized() if cookie_of(request) is not None:
            # What is good no more would be refused, and counted, at every page.
            return {"Set-Cookie": f"{COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"}
        case errors.Unauthorized():
            return {"WWW-Authenticate": 'Bearer realm="verbatim"', **(_limit(error.limit) if error.limit else {})}
        case errors.TooMany():
            return {"Retry-After": str(error.limit.wait_s), **_limit(error.limit)}
        case errors.Unavailable():
            return {"Retry-After": "5"}
        case errors.Full():
            return {"Retry-After": "60"}
        case errors.NotAcceptable():
            return {"Vary": "Accept"}
        case errors.RequestTimeout() | errors.TooLarge():
            return {"Connection": "close"}  # what is still to come of the request is not waited for
        case errors.Moved():
            before, _, after = request.scope["raw_path"].decode("ascii").partition(f"/{error.slug}")
            query = request.scope["query_string"].decode("ascii")
            return {"Location": f"{before}/{error.to}{after}{'?' if query else ''}{query}"}
    return {}


def _limit(limit: errors.Limit) -> dict[str, str]:
    """Return the headers of draft-ietf-httpapi-ratelimit-headers."""
    return {
        "RateLimit-Policy": f'"{limit.name}";q={limit.most};w={limit.window_s}',
        "RateLimit": f'"{limit.name}";r={limit.left};t={limit.wait_s}',
    }


def _members(error: VerbatimError) -> dict[str, str | int | None]:
    """Return what the problem tells besides, for programs."""
    if isinstance(error, errors.Stale):
        return {"version": error.version, "etag": error.etag}
    if isinstance(error, errors.Gone):
        return {"reason": error.reason, "withdrawn": error.withdrawn, "successor": error.successor}
    if isinstance(error, errors.RecordRefused):
        return {"line": error.line}
    return {}


def _starlette(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    path = request.scope["path"]
    if error.status_code == HTTPStatus.NOT_FOUND:
        meant = f": did you mean {path.rstrip('/')[:200]}?" if _has_a_slash_too_many(request) else "."
        return answer(errors.NotFound, f"There is nothing at {path[:200]}{meant} The paths are listed at /docs.")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(allowed_methods(request))
        if request.method == "OPTIONS":  # RFC 9110, 9.3.7
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": allowed})
        detail = f"{request.method} is not possible at {path[:200]}; these are: {allowed}."
        return answer(errors.WrongMethod, detail, headers={"Allow": allowed})
    title = HTTPStatus(error.status_code).phrase
    return _problem(title.lower().replace(" ", "-"), title, error.status_code, str(error.detail), headers=error.headers)


def _has_a_slash_too_many(request: Request) -> bool:
    path = request.scope["path"]
    bare = {**request.scope, "path": path.rstrip("/")}
    return path != bare["path"] and any(route.matches(bare)[0] is not Match.NONE for route in request.app.router.routes)


def allowed_methods(request: Request) -> Sequence[str]:
    """Return the methods of every route that has this path: Starlette's own `Allow` names only the first one's."""
    found = {
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for route in request.app.router.routes
        if route.matches({**request.scope, "method": method})[0] is Match.FULL
    }
    return sorted(found | {"OPTIONS"} | ({"HEAD"} if "GET" in found else set()))


def _validation(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    faults = []
    for found in error.errors():
        place, *rest = found["loc"]
        names = {"pointer": "/" + "/".join(map(str, rest))} if place == "body" else {"parameter": str(rest[-1])}
        faults.append({"detail": str(found["msg"]), **names})
    return _problem(Invalid.type, Invalid.title, 422, faults[0]["detail"] if faults else "Invalid value.", faults)


def _bug(request: Request, error: Exception) -> Response:
    return _problem("internal-error", "Internal error", 500, "The service failed here; the failure has been logged.")


def _problem(
    type_: str,
    title: str,
    status: int,
    detail: str,
    faults: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, str | int | None] | None = None,
) -> Response:
    document: dict[str, object] = {"type": f"/problems#{type_}", "title": title, "status": status, "detail": detail}
    document |= members or {}
    if faults:
        document["errors"] = faults
    body = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    no_store = {"Cache-Control": "no-store", **(headers or {})}
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=no_store)
