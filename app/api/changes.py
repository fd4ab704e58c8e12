"""GET /v1/changes: the feed of the record's history."""

import json

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import described
from app.api.keys import is_keyed
from app.api.parameters import parse, query_of
from app.store import changes
from app.tables.change import FeedFilter, FeedPage

router = APIRouter(prefix="/v1/changes", tags=["History"])


@router.get("", **described(FeedPage, FeedFilter, keyed=True))
async def read_changes(request: Request) -> Response:
    """Follow every change of the record, the oldest first.

    Follow `next` to the end; then ask again with the last `cursor` as `after` to learn what has come since.
    """
    asked = parse(FeedFilter, query_of(request))
    keyed = is_keyed(request)
    found = await answers.in_thread(request, lambda database: changes.feed(database.reader(), asked, keyed=keyed))
    more = f',"cursor":{json.dumps(changes.feed_cursor(found, asked, keyed=keyed))}'
    return answers.paged(request, found.items, after=found.after, total=found.total, more=more)
