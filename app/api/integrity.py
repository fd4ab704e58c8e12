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
    """Prove the record by its texts and its history.

    Recompute hashes, anchors and seals, compare each thing with its last change, and name what fails. A batch of
    sources a call, with all that stands in them, and with the last one the speakers, the topics, what is missing, and
    the seals of the whole history; follow `next` to the end. Nothing is taken from a cache: the file is read as it is
    now.
    """
    asked = parse(IntegrityFilter, query_of(request))

    def work(database: Database) -> tuple[Checked, Chained | None]:
        with database.composing_anew() as connection:
            found = integrity.check(connection, limit=asked.limit, after=asked.after)
            if found.after is not None:
                return found, None
            found.failures.extend(integrity.rest(connection))
            return found, integrity.chain(connection)

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
