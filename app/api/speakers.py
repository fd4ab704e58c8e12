"""GET /v1/speakers and below."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import SLUG_PATH, described
from app.api.keys import database_of
from app.api.parameters import parse, query_of
from app.store import speakers
from app.tables.filter import PositionFilter
from app.tables.paging import Query
from app.tables.quote import PositionPage
from app.tables.speaker import SpeakerFilter, SpeakerPage, SpeakerWhole

router = APIRouter(prefix="/v1/speakers", tags=["Speakers"])


@router.get("", **described(SpeakerPage, SpeakerFilter))
async def find_speakers(request: Request) -> Response:
    """List the speakers by name.

    Each comes with the number of its quotes that lists serve by default, and the first and the last day on which one
    of them was said. Unnamed sources and groups are speakers too: `kind` tells them apart.
    """
    asked = parse(SpeakerFilter, query_of(request))
    found = await answers.in_thread(request, lambda database: speakers.find(database.reader(), asked))
    return answers.paged(request, found.items, after=found.after, total=found.total)


@router.get("/{slug}", **described(SpeakerWhole, Query, missing=True))
async def read_speaker(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Read one speaker.

    With every known spelling of the name and whether a source prints it, the roles as printed, and the topics on which
    the speaker is most on the record.
    """
    parse(Query, query_of(request))
    return answers.single(request, speakers.one(database_of(request).reader(), slug))


@router.get("/{slug}/positions", **described(PositionPage, PositionFilter, missing=True))
async def read_positions(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Read what a speaker said on each topic over time.

    With the stance taken and the source. Topics come by label; on each, the oldest quotes first. `more` is where to
    read on, when there are more.
    """
    asked = parse(PositionFilter, query_of(request))
    brief = speakers.brief(database_of(request).reader(), slug)
    found = await answers.in_thread(request, lambda database: speakers.positions(database.reader(), slug, asked))
    more = f',"speaker":{brief}'
    return answers.paged(request, found.items, after=found.after, total=found.total, more=more)
