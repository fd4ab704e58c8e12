"""Rendering: templates to pages, and the headers that every page has.

Whatever a template is given is escaped where it is put in; nothing but a note's Markdown, which is read without HTML,
is ever put in as markup. No page has a script or a style inline, so that the policy allows none.
"""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import base_url
from app.api.keys import carries_key
from app.api.paths import below
from app.pages import wording
from app.text.tags import etag

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors {ancestors}"
)


def page(
    request: Request, template: str, *, status: int = 200, store: bool = True, framed: bool = False, **values: object
) -> Response:
    """Answer with a page. `store`: whether a browser may keep it, to ask again; `framed`: any site may frame it.

    A template is given besides: `root`, the way from the page's address to the service's; `base`, the service's whole
    address; `here`, the page's path from there on; `keyed`, whether the reader has given a key.
    """
    keyed = carries_key(request)
    path = below(request.scope)
    told = {"root": root_of(path), "base": base_url(request), "here": path.removeprefix("/"), "keyed": keyed}
    body = rendered(template, **told, **values).encode("utf-8", "replace")
    headers = {
        "Content-Security-Policy": _POLICY.format(ancestors="*" if framed else "'none'"),
        "Cache-Control": "no-store" if not store else "private, no-cache" if keyed else "no-cache",
        "Vary": "Cookie",
    }
    if store and status == 200:
        headers["ETag"] = f'W/"{etag(body)}"'
    return Response(body, status_code=status, media_type="text/html", headers=headers)


def rendered(template: str, **values: object) -> str:
    """Return a template with these values, escaped where they are put in: of a part of a page, or of a picture."""
    return _environment().get_template(template).render(**values)


def root_of(path: str) -> str:
    """Return the way from a page's path up to the service's own, so that links hold under any prefix."""
    return "../" * (path.count("/") - 1) or "./"


def marked_down(words: str) -> Markup:
    """Return Markdown as HTML: CommonMark without HTML and without pictures, which would be fetched from elsewhere."""
    return Markup(_markdown().render(words))  # noqa: S704  # markdown-it escapes what it is not told to render


def printed(words: str) -> Markup:
    """Return words as markup that a browser reads as exactly these: it would make a line feed of a bare return."""
    return Markup(str(escape(words)).replace("\r", "&#13;"))  # noqa: S704  # escaped in this line


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("app.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"] = marked_down
    environment.filters["printed"] = printed
    environment.globals["w"] = wording
    return environment
