"""Speakers: the list of them, and each with what it said on each topic over time."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.pages import timeline, wording
from app.pages.addresses import asked_of, read
from app.pages.rendering import page
from app.pages.timeline import Timeline
from app.store import speakers
from app.store.lists import Listed
from app.tables.db import Database
from app.tables.filter import AskedPolarity, PositionFilter
from app.tables.quote import TopicPositions
from app.tables.speaker import SpeakerFilter, SpeakerRead, SpeakerWhole
from app.tables.words import SpeakerKind

router = APIRouter(include_in_schema=False)
LISTED = 50
TOPICS = 12
POSITIONS = 18
"""Of each topic, on a page of several."""
POSITIONS_IN_ALL = 36
"""More would make the page too heavy: topics are left to the next one, the first always shown."""
MANY = 1_000
"""Of a speaker who has more quotes, only so many topics are asked for as fit in any case."""
TOPICS_BESIDE = 12
_KINDS = {
    SpeakerKind.PERSON: "People",
    SpeakerKind.ORGANIZATION: "Organizations",
    SpeakerKind.GROUP: "Groups",
    SpeakerKind.UNNAMED: "Unnamed sources",
}


class Choice(NamedTuple):
    """One kind of speaker to list, and where a click leads."""

    label: str
    query: str
    is_on: bool


class Shown(NamedTuple):
    """A speaker, and one page of its positions."""

    speaker: SpeakerWhole
    topics: Sequence[TopicPositions]
    found: Listed
    drawing: Timeline | None


@router.get("/speakers")
async def list_speakers(request: Request) -> Response:
    asked = asked_of(request)
    wanted = read(SpeakerFilter, asked)
    if not asked.values("limit"):
        wanted = wanted.model_copy(update={"limit": LISTED})
    found = await answers.in_thread(request, lambda database: speakers.find(database.reader(), wanted))
    kinds = [Choice("All", asked.instead("kind", None), not wanted.kind)]
    kinds += [Choice(label, asked.instead("kind", kind.value), wanted.kind == [kind]) for kind, label in _KINDS.items()]
    return page(
        request,
        "speakers.html",
        asked=asked,
        query=wanted.q or "",
        found=found,
        speakers=[SpeakerRead.model_validate_json(item) for item in found.items],
        kinds=kinds,
    )


@router.get("/speakers/{slug}")
async def show_speaker(request: Request, slug: str) -> Response:
    asked = asked_of(request)
    wanted = read(PositionFilter, asked)
    given = set(dict(asked.pairs))
    defaults: dict[str, object] = {
        "limit": TOPICS,
        "per_topic": POSITIONS_IN_ALL if len(wanted.topic) == 1 else POSITIONS,
        "polarity": [AskedPolarity.ANY],
    }
    wanted = wanted.model_copy(update={name: value for name, value in defaults.items() if name not in given})
    shown = await answers.in_thread(request, lambda database: _shown(database, slug, wanted))
    return page(
        request,
        "speaker.html",
        asked=asked,
        shown=shown,
        legend=timeline.legend(shown.drawing) if shown.drawing else [],
        is_first=not asked.pairs,
        beside=shown.speaker.topics[:TOPICS_BESIDE],
    )


def _shown(database: Database, slug: str, wanted: PositionFilter) -> Shown:
    reader = database.reader()
    speaker = SpeakerWhole.model_validate_json(speakers.one(reader, slug))
    if wanted.limit == TOPICS and speaker.quotes > MANY:
        wanted = wanted.model_copy(update={"limit": POSITIONS_IN_ALL // wanted.per_topic or 1})
    found = speakers.positions(reader, slug, wanted)
    topics = [TopicPositions.model_validate_json(item) for item in found.items]
    fit = _fitting(topics)
    if fit < len(topics):
        found, topics = speakers.positions(reader, slug, wanted.model_copy(update={"limit": fit})), topics[:fit]
    named = [(wording.cut(each.topic.label, timeline.LONGEST_NAME), each.positions) for each in topics]
    return Shown(speaker, topics, found, timeline.draw(named))


def _fitting(topics: Sequence[TopicPositions]) -> int:
    """Return how many of the topics have a place on the page."""
    sums = accumulate(len(each.positions) for each in topics)
    return max(1, sum(1 for total in sums if total <= POSITIONS_IN_ALL))
