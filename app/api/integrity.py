"""GET /v1/integrity: the proof of the record."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import described
from app.api.parameters import parse, query_of
from app.store import integrity
from app.store.integrity import Checked
from app.tables.db import Database
from app.tables.integrity import IntegrityFilter, IntegrityPage

router = APIRouter(prefix="/v1/integrity", tags=["Verification"])


@router.get("", **described(IntegrityPage, IntegrityFilter, cached=False))
async def prove_record(request: Request) -> Response:
    """Recompute hashes and anchors, and name exactly what fails.

    A batch of sources a call; follow `next` to the end for the whole record. Nothing is taken from a cache: the file is
    read as it is now.
    """
    asked = parse(IntegrityFilter, query_of(request))

    def work(database: Database) -> Checked:
        with database.reading_anew() as reader:
            return integrity.check(reader, limit=asked.limit, after=asked.after)

    found = await answers.in_thread(request, work)
    page = IntegrityPage(
        ok=not found.failures,
        sources=found.sources,
        quotes=found.quotes,
        anchors=found.anchors,
        failures=found.failures,
        next=answers.next_url(request, found.after),
    )
    return Response(page.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
