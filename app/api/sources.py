"""GET /v1/sources and below, and what changes them."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.answers import JSON
from app.api.bodies import parsed, patch_of, patched
from app.api.documented import MERGE_PATCH, SLUG_PATH, described, writing
from app.api.keys import database_of, is_keyed
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, written
from app.store import prints, sources
from app.store.states import StoredSource
from app.tables.paging import Query
from app.tables.record import SourceEntry, SourceFields
from app.tables.source import SourceFilter, SourcePage, SourceWhole
from app.tables.words import Scope

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


@router.post("", **writing(SourceWhole, Scope.PROPOSE, body=SourceEntry, created=True, again=True, missing=False))
async def add_source(request: Request) -> Response:
    """Put a source on the record, with its text.

    The text is kept as it is sent, and never changes. Its hash and its length are made here. A corrected text is
    another source that `revises` the first.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        entry = parsed(desk.body, SourceEntry)
        prints.add_source(desk.connection, entry, writer=desk.writer)
        return Made(sources.one(desk.reader, entry.slug, keyed=True), 201, f"/v1/sources/{entry.slug}")

    return await written(request, Scope.PROPOSE, work, JSON)


@router.patch("/{slug}", **writing(SourceWhole, Scope.EDIT, body=SourceFields, patch=True, match=True))
async def change_source(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Change what is said of a source, by a merge patch.

    Another `published` moves the last possible day of those quotes whose date is open. Another `slug` renames the
    source, and the old one leads to it for good.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = _stored(desk, slug)
        prints.prove_fixed(patch_of(desk.body))
        after = patched(prints.fields(stored), desk.body, SourceFields)
        prints.change_source(desk.connection, stored, after, writer=desk.writer)
        return Made(sources.one(desk.reader, after.slug, keyed=True))

    return await written(request, Scope.EDIT, work, MERGE_PATCH, JSON)


@router.delete("/{slug}", **writing(None, Scope.EDIT, match=True))
async def remove_source(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Take a source on which nothing rests off the record.

    No quote, no note on its words, and no source that revises it. Its history stays.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        prints.remove_source(desk.connection, _stored(desk, slug), writer=desk.writer)
        return Made(None)

    return await written(request, Scope.EDIT, work)


def _stored(desk: Desk, slug: str) -> StoredSource:
    """Return the source that If-Match means, as it is read with a key or without."""
    stored = prints.source(desk.connection, desk.reader, slug)
    documents = (sources.one(desk.reader, slug, keyed=keyed) for keyed in (True, False))
    desk.prove_match(*documents, version=stored.version)
    return stored
