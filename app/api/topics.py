"""GET /v1/topics and below."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import SLUG_PATH, described
from app.api.keys import database_of
from app.api.parameters import parse, query_of
from app.store import topics
from app.tables.paging import Query
from app.tables.topic import TopicFilter, TopicPage, TopicWhole

router = APIRouter(prefix="/v1/topics", tags=["Topics"])


@router.get("", **described(TopicPage, TopicFilter))
async def find_topics(request: Request) -> Response:
    """List the topics as a tree.

    A page holds topmost topics by label, each with all below it. Each topic has two counts: its own quotes, and those
    with all narrower topics, where a quote counts once.
    """
    asked = parse(TopicFilter, query_of(request))
    found = await answers.in_thread(request, lambda database: topics.find(database.reader(), asked))
    return answers.paged(request, found.items, after=found.after, total=found.total)


@router.get("/{slug}", **described(TopicWhole, Query, missing=True))
async def read_topic(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Read one topic.

    With its alternative labels, the path to it from the top of the tree, and the tree below it.
    """
    parse(Query, query_of(request))
    return answers.single(request, topics.one(database_of(request).reader(), slug))
