"""GET /v1/sources and below."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import SLUG_PATH, described
from app.api.keys import database_of, is_keyed
from app.api.parameters import parse, query_of
from app.store import sources
from app.tables.paging import Query
from app.tables.source import SourceFilter, SourcePage, SourceWhole

router = APIRouter(prefix="/v1/sources", tags=["Sources"])


@router.get("", **described(SourcePage, SourceFilter))
async def find_sources(request: Request) -> Response:
    """List the sources, the newest first.

    Without their texts: those, and the place of every quote in them, stand in the single one.
    """
    asked = parse(SourceFilter, query_of(request))
    found = await answers.in_thread(request, lambda database: sources.find(database.reader(), asked))
    return answers.paged(request, found.items, after=found.after, total=found.total)


@router.get("/{slug}", **described(SourceWhole, Query, keyed=True, missing=True))
async def read_source(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Read one source, whole.

    With its text as published, and where in it every recorded quote lies. `text[start:end]`, counted in Unicode code
    points, are the words of a span. The text of a source whose `access` is `excerpt` is served only with a key.
    """
    parse(Query, query_of(request))
    return answers.single(request, sources.one(database_of(request).reader(), slug, keyed=is_keyed(request)))
