"""HTML that needs no record: the start page, the docs page, and the list of problems. No script stands inline."""

import html
import re
from importlib.resources import files

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.api.problems import every_error
from app.errors import NotFound

router = APIRouter(include_in_schema=False)

# Swagger UI writes style attributes and shows its own icons as data: addresses.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_SWAGGER = files("fastapi_standalone_docs") / "static" / "swagger"
_OWN = files("app.pages") / "static"
_STATIC = {
    "swagger-ui.css": (_SWAGGER, "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER, "text/javascript"),
    "docs.js": (_OWN, "text/javascript"),
    "docs.css": (_OWN, "text/css"),
    "page.css": (_OWN, "text/css"),
    "icon.svg": (_OWN, "image/svg+xml"),
}


@router.get("/")
async def show_start(request: Request) -> Response:
    return _page(
        "Verbatim, the open quote record",
        f"""<h1>Verbatim</h1>
<p class="lead">The open quote record: who said what, about which topic, when, and where it was printed. Every quote is
anchored character by character in its source.</p>
<ul class="ways">
<li><a href="docs">API documentation</a><span>every endpoint, to try in the browser</span></li>
<li><a href="v1/quotes">Quotes</a><span>the record, as JSON</span></li>
<li><a href="v1/speakers">Speakers</a><span>who is on the record</span></li>
<li><a href="v1/topics">Topics</a><span>what they spoke about</span></li>
<li><a href="v1/sources">Sources</a><span>the texts in which it is printed</span></li>
<li><a href="problems">Problems</a><span>what each error means</span></li>
</ul>
<p>In a terminal: <code>curl '{html.escape(str(request.base_url))}v1/quotes?limit=1'</code></p>
<p class="small">Version {__version__}. How to run, test and extend it stands in the README beside the code.</p>""",
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
async def show_problems() -> Response:
    rows = "".join(
        f'<tr id="{kind.type}"><td><code>{kind.type}</code></td><td>{kind.status}</td>'
        f"<td>{html.escape(kind.title)}</td><td>{_prose(kind.__doc__ or '')}</td></tr>"
        for kind in every_error()
    )
    return _page(
        "Problems",
        f"""<h1>Problems</h1>
<p>Every error is an <code>application/problem+json</code> document (RFC 9457). Its <code>detail</code> names the value
that is wrong and what to give instead; <code>errors</code> lists each one.</p>
<table><thead><tr><th>type</th><th>status</th><th>title</th><th>meaning</th></tr></thead><tbody>{rows}</tbody></table>
<p><a href="./">Start page</a></p>""",
    )


@router.get("/robots.txt")
async def show_robots() -> Response:
    """Let everybody read all but what is made anew each time, or is the whole record at once."""
    paths = ("/v1/export", "/v1/quotes/random", "/v1/integrity", "/metrics")
    body = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in paths)
    return Response(body, media_type="text/plain", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/static/{name}")
async def show_static(name: str) -> Response:
    if name not in _STATIC:
        raise NotFound(f"There is no file {name[:100]} here.")
    folder, media_type = _STATIC[name]
    body = (folder / name).read_bytes()
    return Response(body, media_type=media_type, headers={"Cache-Control": "public, max-age=3600"})


def _prose(docstring: str) -> str:
    return re.sub("`(.+?)`", r"<code>\1</code>", html.escape(" ".join(docstring.split())))


def _page(title: str, main: str) -> Response:
    return _html(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<link rel="icon" href="static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="static/page.css">
</head>
<body>
<main>
{main}
</main>
</body>
</html>
"""
    )


def _html(body: str) -> Response:
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
    return Response(body.encode(), media_type="text/html", headers=headers)
