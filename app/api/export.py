"""GET /v1/export: every quote that a filter finds, in one document, streamed.

It is read a page at a time, each when the one before has left: a record of any size takes the memory of two pages.
"""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated

from anyio import CancelScope, CapacityLimiter, fail_after, to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Send

from app.api import forms
from app.api.answers import read_slow
from app.api.documented import described, form_path
from app.api.forms import Form, Place
from app.api.keys import database_of, is_keyed, need_key
from app.api.parameters import parse, query_of
from app.errors import NotFound
from app.formats.streams import Streamed, written
from app.store import walks
from app.store.quotes import wanted
from app.tables.db import Database
from app.tables.filter import ExportFilter

STALLED_S = 60
"""How long a client may take no more of it: an export holds a state of the record, and the file grows meanwhile."""

router = APIRouter(prefix="/v1/export", tags=["Quotes"])


@router.get("", include_in_schema=False)
async def name_forms() -> Response:
    """Say that an export has a form. Nothing is chosen for the client: the three are not for the same use."""
    forms_there = ", ".join(f"/v1/export.{form}" for form in forms.EXPORTS)
    raise NotFound(f"There is nothing at /v1/export: an export is asked for in a form, {forms_there}.")


@router.get(".{form}", **described(None, ExportFilter, keyed=True, missing=True, cached=False, offer=forms.EXPORTS))
async def export_quotes(request: Request, form: Annotated[str, form_path(forms.EXPORTS)]) -> Response:
    """Export every quote that matches, in one document.

    The filters of the list, without its pages: the whole of it is streamed, the newest said first, from one state of
    the record. By default, as in the list, denials are left out; `polarity=any` takes all.
    """
    chosen = forms.named(form, forms.EXPORTS)
    asked = parse(ExportFilter, query_of(request))
    forms.check(chosen, asked)
    if asked.status:
        need_key(request, why="The parameter status")
    else:
        is_keyed(request)
    place = forms.place_of(request, path="/v1/export")
    parts = _parts(database_of(request), asked, Streamed(chosen), place)
    limiter = read_slow(request)
    # The first part is made before the answer begins: what is wrong with the filter is still a problem document.
    first = await to_thread.run_sync(next, parts, limiter=limiter)
    name = f"verbatim-quotes-{datetime.now(UTC):%Y-%m-%d}.{chosen}"
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
    if request.state.is_head:
        await to_thread.run_sync(parts.close)
        return StreamingResponse(iter(()), media_type=forms.EXPORTS[chosen], headers=headers)
    return Download(_in_threads(first, parts, limiter), media_type=forms.EXPORTS[chosen], headers=headers)


def _parts(database: Database, asked: ExportFilter, kind: Streamed, place: Place) -> Generator[bytes]:
    with database.reading_anew() as reader:
        pages = walks.pages(reader, asked, cited=kind.is_cited)
        read = chain([next(pages)], pages)
        url = place.url(Form(kind))
        for part in written(kind, read, base=place.base, url=url, fields=wanted(asked).columns):
            yield part.encode()


async def _in_threads(first: bytes, parts: Generator[bytes], limiter: CapacityLimiter) -> AsyncGenerator[bytes]:
    """Yield the parts, each made when it is asked for; close the state of the record that they are read from."""
    part: bytes | None = first
    try:
        while part is not None:
            yield part
            part = await to_thread.run_sync(next, parts, None, limiter=limiter)
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(parts.close)


class Download(StreamingResponse):
    """Sends parts as they are made, and makes no more of them when the client leaves or takes none for too long."""

    def __init__(self, parts: AsyncGenerator[bytes], *, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(parts, media_type=media_type, headers=headers)
        self.parts = parts

    async def stream_response(self, send: Send) -> None:
        """Send every part. Raises TimeoutError when one is not taken for STALLED_S seconds."""

        async def send_in_time(message: Message) -> None:
            with fail_after(STALLED_S):
                await send(message)

        async with aclosing(self.parts):
            await super().stream_response(send_in_time)
