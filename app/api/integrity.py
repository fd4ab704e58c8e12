"""GET /v1/integrity: the proof of the record."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import described
from app.api.parameters import parse, query_of
from app.store import integrity
from app.store.integrity import Chained, Checked
from app.tables.db import Database
from app.tables.integrity import HistoryProof, IntegrityFilter, IntegrityPage

router = APIRouter(prefix="/v1/integrity", tags=["Verification"])


@router.get("", **described(IntegrityPage, IntegrityFilter, cached=False))
async def prove_record(request: Request) -> Response:
    """Recompute hashes, anchors and seals, and name what fails.

    A batch of sources a call, and with the last one the seals of the whole history; follow `next` to the end. Nothing
    is taken from a cache: the file is read as it is now.
    """
    asked = parse(IntegrityFilter, query_of(request))

    def work(database: Database) -> tuple[Checked, Chained | None]:
        with database.reading_anew() as reader:
            found = integrity.check(reader, limit=asked.limit, after=asked.after)
            return found, integrity.chain(reader) if found.after is None else None

    found, chained = await answers.in_thread(request, work)
    failures = [*found.failures, *(chained.failures if chained else ())]
    page = IntegrityPage(
        ok=not failures,
        sources=found.sources,
        quotes=found.quotes,
        anchors=found.anchors,
        history=HistoryProof(changes=chained.changes, seal=chained.seal) if chained else None,
        failures=failures,
        next=answers.next_url(request, found.after),
    )
    return Response(page.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
