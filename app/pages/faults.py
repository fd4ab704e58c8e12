"""Faults: a problem document as a page, for a reader who asked for one."""

from starlette.requests import Request
from starlette.responses import Response

from app.api.problems import Problem
from app.pages.rendering import page

_KEPT = ("location", "retry-after", "set-cookie", "allow", "www-authenticate", "connection")


def show(request: Request, problem: Response) -> Response:
    """Return the page of a problem, under its status, with those of its headers that a browser acts on."""
    document = Problem.model_validate_json(bytes(problem.body))
    shown = page(
        request, "problem.html", status=problem.status_code, store=False, problem=document, query=request.url.query
    )
    for name, value in problem.headers.items():
        if name in _KEPT:
            shown.headers[name] = value
    return shown
