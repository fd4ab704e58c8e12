"""GET /v1/speakers and below, and what changes them."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.answers import JSON
from app.api.bodies import parsed, patched
from app.api.documented import MERGE_PATCH, SLUG_PATH, described, writing
from app.api.keys import database_of
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, written
from app.store import edits, merges, speakers, splits, terms
from app.tables.curation import MergeEntry, SplitEntry
from app.tables.filter import PositionFilter
from app.tables.paging import Query
from app.tables.quote import PositionPage
from app.tables.record import SpeakerEntry
from app.tables.speaker import SpeakerFilter, SpeakerPage, SpeakerWhole
from app.tables.words import Scope, What

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


@router.post("", **writing(SpeakerWhole, Scope.EDIT, body=SpeakerEntry, created=True, again=True, missing=False))
async def add_speaker(request: Request) -> Response:
    """Put a speaker on the record.

    With every spelling of the name that is known: quotes are found by all of them.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        entry = parsed(desk.body, SpeakerEntry)
        edits.add_speaker(desk.connection, entry, writer=desk.writer)
        return Made(speakers.one(desk.reader, entry.slug), 201, f"/v1/speakers/{entry.slug}")

    return await written(request, Scope.EDIT, work, JSON)


@router.patch("/{slug}", **writing(SpeakerWhole, Scope.EDIT, body=SpeakerEntry, patch=True, match=True))
async def change_speaker(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Change a speaker by a merge patch.

    Lists are replaced whole. Another `slug` renames the speaker, and the old one leads to it for good.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = edits.speaker(desk.connection, desk.reader, slug)
        desk.prove_match(speakers.one(desk.reader, slug), version=stored.version)
        after = patched(stored.entry, desk.body, SpeakerEntry)
        edits.change_speaker(desk.connection, stored, after, writer=desk.writer)
        return Made(speakers.one(desk.reader, after.slug))

    return await written(request, Scope.EDIT, work, MERGE_PATCH, JSON)


@router.delete("/{slug}", **writing(None, Scope.EDIT, match=True))
async def remove_speaker(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Take a speaker of whom there is no quote off the record.

    Its history stays. One who has quotes is merged into another.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = edits.speaker(desk.connection, desk.reader, slug)
        desk.prove_match(speakers.one(desk.reader, slug), version=stored.version)
        edits.remove_speaker(desk.connection, stored, writer=desk.writer)
        return Made(None)

    return await written(request, Scope.EDIT, work)


@router.post("/{slug}/merge", **writing(SpeakerWhole, Scope.ADMIN, body=MergeEntry, match=True, again=True))
async def merge_speaker(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Merge a speaker into another one, which is answered.

    Its quotes, names and roles are the other's then, and its slug leads there for good. The history says so, by which
    a split undoes it.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        gone = edits.speaker(desk.connection, desk.reader, slug)
        desk.prove_match(speakers.one(desk.reader, slug), version=gone.version)
        named = terms.current(desk.reader, What.SPEAKER, parsed(desk.body, MergeEntry).into, "/into")
        into = edits.speaker(desk.connection, desk.reader, named)
        merges.merge_speakers(desk.connection, gone, into, writer=desk.writer)
        return Made(speakers.one(desk.reader, named))

    return await written(request, Scope.ADMIN, work, JSON)


@router.post("/{slug}/split", **writing(SpeakerWhole, Scope.ADMIN, body=SplitEntry, created=True, again=True))
async def split_speaker(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Undo a merge of speakers.

    The speaker that was merged into this one is put on the record again, as it was.

    What the merge moved goes back, as far as it is still with this one, and what only the other brought is taken off.
    Its slug leads to itself again.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        into = edits.speaker(desk.connection, desk.reader, slug)
        if desk.match is not None:
            desk.prove_match(speakers.one(desk.reader, slug), version=into.version)
        back = parsed(desk.body, SplitEntry).slug
        splits.split_speaker(desk.connection, into, back, writer=desk.writer)
        return Made(speakers.one(desk.reader, back), 201, f"/v1/speakers/{back}")

    return await written(request, Scope.ADMIN, work, JSON)


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
