"""POST /v1/sources/{slug}/proposals: the quotes that its text seems to hold, for people to review."""

from typing import Annotated, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers, bodies
from app.api.documented import SLUG_PATH, writing
from app.api.keys import need_scope
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, answered, written
from app.formats.proposals import extracted
from app.formats.quoting import Print
from app.store import prints, proposals
from app.store.proposals import PrintedText
from app.tables.anchored import AnchoredProposal
from app.tables.db import Database
from app.tables.proposal import ProposalReport, ProposalsAsked
from app.tables.words import Scope

router = APIRouter(prefix="/v1/sources", tags=["Sources"])


@router.post("/{slug}/proposals", **writing(ProposalReport, Scope.PROPOSE, again=True, parameters=ProposalsAsked))
async def propose_quotes(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Have quotes proposed from a source's text.

    What the text seems to report is put on the record as `proposed`, with its speaker, date, how sure it is, and the
    rule that found it. A speaker is found by any spelling; who is new comes on the record when a quote of theirs is
    published. Asked again, nothing is proposed twice, and what was corrected or rejected stays so.
    """
    need_scope(request, Scope.PROPOSE)
    await bodies.prove_none(request)
    asked = parse(ProposalsAsked, query_of(request))
    if (before := await answered(request, Scope.PROPOSE)) is not None:
        return before
    # A long text takes seconds, and one write waits for another: what can be done before is.
    read, found = await answers.in_thread(request, lambda database: _extracted(database, slug))

    def work(desk: Desk) -> Made:
        now = proposals.read(desk.reader, slug)
        made = found if now == read else extracted(Print(*now))
        source = prints.source(desk.connection, desk.reader, slug)
        report = proposals.propose(
            desk.connection, desk.reader, source, made, writer=desk.writer, dry_run=asked.dry_run
        )
        return Made(report.model_dump_json())

    return await written(request, Scope.PROPOSE, work, dry=asked.dry_run)


class _Extracted(NamedTuple):
    """What was read, and what was found in it."""

    read: PrintedText
    found: list[AnchoredProposal]


def _extracted(database: Database, slug: str) -> _Extracted:
    read = proposals.read(database.reader(), slug)
    return _Extracted(read, extracted(Print(*read)))
