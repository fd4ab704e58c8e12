"""HTML of the API's documentation, which needs no record: the docs page, and the list of problems."""

import re

from fastapi import APIRouter
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from app.api.problems import every_error
from app.pages.rendering import page

router = APIRouter(include_in_schema=False)

# Swagger UI writes style attributes and shows its own icons as data: addresses.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


@router.get("/docs")
async def show_docs() -> Response:
    body = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Verbatim API</title>
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/swagger-ui.css">
<link rel="stylesheet" href="static/docs.css">
<script src="static/swagger-ui-bundle.js" defer></script>
<script src="static/docs.js" defer></script>
</head>
<body>
<div id="docs"><noscript><p>The documentation is drawn by a script. The same is in
<a href="openapi.json">openapi.json</a>.</p></noscript></div>
</body>
</html>
"""
    return _html(body)


@router.get("/problems")
async def show_problems(request: Request) -> Response:
    return page(request, "problems.html", problems=[(kind, _prose(kind.__doc__ or "")) for kind in every_error()])


def _prose(docstring: str) -> Markup:
    words = str(escape(" ".join(docstring.split())))
    return Markup(re.sub("`(.+?)`", r"<code>\1</code>", words))  # noqa: S704  # escaped in the line before


def _html(body: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(body.encode(), media_type="text/html", headers=headers)
