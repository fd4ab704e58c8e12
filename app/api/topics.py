"""GET /v1/topics and below, and what changes them."""

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
from app.store import edits, merges, splits, terms, topics
from app.tables.curation import MergeEntry, SplitEntry
from app.tables.paging import Query
from app.tables.record import TopicEntry
from app.tables.topic import TopicFilter, TopicPage, TopicWhole
from app.tables.words import Scope, What

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


@router.post("", **writing(TopicWhole, Scope.EDIT, body=TopicEntry, created=True, again=True, missing=False))
async def add_topic(request: Request) -> Response:
    """Put a topic on the record.

    `broader` is its place in the tree; without it, it stands at the top.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        entry = parsed(desk.body, TopicEntry)
        edits.add_topic(desk.connection, entry, writer=desk.writer)
        return Made(topics.one(desk.reader, entry.slug), 201, f"/v1/topics/{entry.slug}")

    return await written(request, Scope.EDIT, work, JSON)


@router.patch("/{slug}", **writing(TopicWhole, Scope.EDIT, body=TopicEntry, patch=True, match=True))
async def change_topic(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Change a topic by a merge patch.

    Another `broader` moves it in the tree, with all below it; null takes it to the top. `labels` are replaced whole.
    Another `slug` renames the topic, and the old one leads to it for good.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = edits.topic(desk.connection, desk.reader, slug)
        desk.prove_match(topics.one(desk.reader, slug), version=stored.version)
        after = patched(stored.entry, desk.body, TopicEntry)
        edits.change_topic(desk.connection, stored, after, writer=desk.writer)
        return Made(topics.one(desk.reader, after.slug))

    return await written(request, Scope.EDIT, work, MERGE_PATCH, JSON)


@router.delete("/{slug}", **writing(None, Scope.EDIT, match=True))
async def remove_topic(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Take a topic off the record that nothing is about.

    Its history stays. One with quotes, or with narrower topics, is merged into another.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = edits.topic(desk.connection, desk.reader, slug)
        desk.prove_match(topics.one(desk.reader, slug), version=stored.version)
        edits.remove_topic(desk.connection, stored, writer=desk.writer)
        return Made(None)

    return await written(request, Scope.EDIT, work)


@router.post("/{slug}/merge", **writing(TopicWhole, Scope.ADMIN, body=MergeEntry, match=True, again=True))
async def merge_topic(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Merge a topic into another one, which is answered.

    Its quotes, labels and narrower topics are the other's then, and its slug leads there for good. The history says so,
    by which a split undoes it. A topic is not merged into one below it.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        gone = edits.topic(desk.connection, desk.reader, slug)
        desk.prove_match(topics.one(desk.reader, slug), version=gone.version)
        named = terms.current(desk.reader, What.TOPIC, parsed(desk.body, MergeEntry).into, "/into")
        into = edits.topic(desk.connection, desk.reader, named)
        merges.merge_topics(desk.connection, gone, into, writer=desk.writer)
        return Made(topics.one(desk.reader, named))

    return await written(request, Scope.ADMIN, work, JSON)


@router.post("/{slug}/split", **writing(TopicWhole, Scope.ADMIN, body=SplitEntry, created=True, again=True))
async def split_topic(request: Request, slug: Annotated[str, SLUG_PATH]) -> Response:
    """Undo a merge of topics.

    The topic that was merged into this one is put on the record again, as it was.

    What the merge moved goes back, as far as it is still with this one, and what only the other brought is taken off.
    Its slug leads to itself again.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        into = edits.topic(desk.connection, desk.reader, slug)
        if desk.match is not None:
            desk.prove_match(topics.one(desk.reader, slug), version=into.version)
        back = parsed(desk.body, SplitEntry).slug
        splits.split_topic(desk.connection, into, back, writer=desk.writer)
        return Made(topics.one(desk.reader, back), 201, f"/v1/topics/{back}")

    return await written(request, Scope.ADMIN, work, JSON)
