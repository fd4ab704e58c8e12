"""Discovery: what tells programs that wander through the web where to go. Sitemaps as of sitemaps.org, 0.9."""

from typing import Annotated
from xml.sax.saxutils import escape

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.errors import NotFound
from app.store import sitemaps
from app.store.sitemaps import Mapped, Part
from app.tables.db import Database

router = APIRouter(include_in_schema=False)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_UNREAD = ("/v1/export", "/v1/quotes/random", "/v1/integrity", "/metrics", "/key", "/review", "/*?")
"""What is made anew each time, is the whole record at once, or is for the holders of keys; and every search."""


@router.get("/robots.txt")
async def show_robots(request: Request) -> Response:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _UNREAD)]
    body = "\n".join([*lines, "", f"Sitemap: {answers.base_url(request)}/sitemap.xml", ""])
    return Response(body, media_type="text/plain", headers={"Cache-Control": "public, max-age=3600"})


@router.get("/sitemap.xml")
async def show_map(request: Request) -> Response:
    parts = await answers.in_thread(request, lambda database: sitemaps.parts(database.reader()))
    base = escape(answers.base_url(request))
    listed = "".join(f"<sitemap><loc>{base}/sitemaps/{part.what}-{part.number}.xml</loc></sitemap>\n" for part in parts)
    return _xml(request, f"<sitemapindex {_SPACE}>\n{listed}</sitemapindex>\n")


@router.get("/sitemaps/{what}-{number}.xml")
async def show_part(
    request: Request, what: Annotated[str, Path()], number: Annotated[str, Path(pattern="^[0-9]{1,6}$")]
) -> Response:
    if what not in set(Mapped):
        raise NotFound(f"There is no sitemap of {what[:40]}; /sitemap.xml lists those there are.")
    part = Part(Mapped(what), int(number))

    def read(database: Database) -> str:
        base = escape(answers.base_url(request))
        return "".join(
            f"<url><loc>{base}/{part.what}/{place.name}</loc><lastmod>{place.updated}</lastmod></url>\n"
            for place in sitemaps.places(database.reader(), part)
        )

    return _xml(request, f"<urlset {_SPACE}>\n{await answers.in_thread(request, read)}</urlset>\n")


def _xml(request: Request, body: str) -> Response:
    return answers.listed(request, _HEAD + body, next_url=None, media_type="application/xml")
