"""POST /v1/sources/{slug}/revision: the quotes of a source in the source that revises it."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import bodies
from app.api.documented import SLUG_PATH, writing
from app.api.keys import need_scope
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, written
from app.store import revisions
from app.tables.revision import RevisionAsked, RevisionReport
from app.tables.words import Scope

router = APIRouter(prefix="/v1/sources", tags=["Sources"])


@router.post("/{slug}/revision", **writing(RevisionReport, Scope.EDIT, again=True, parameters=RevisionAsked))
async def revise_source(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Carry quotes over to the source that revises theirs.

    Each quote of the revised source is looked for in the new text. In the very words, with the words that name its
    speaker and report it, it becomes a quote of the new source, with the old one's status; with any difference it is
    proposed, for a person to review; what is gone is reported. The old quotes stay. Asked again, it adds nothing twice.
    """
    need_scope(request, Scope.EDIT)
    await bodies.prove_none(request)
    asked = parse(RevisionAsked, query_of(request))

    def work(desk: Desk) -> Made:
        report = revisions.revise(desk.connection, desk.reader, slug, writer=desk.writer, dry_run=asked.dry_run)
        return Made(report.model_dump_json())

    return await written(request, Scope.EDIT, work, dry=asked.dry_run)
