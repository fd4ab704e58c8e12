"""GET /v1/changes: the feed of the record's history."""

import json
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers, forms
from app.api.documented import described, form_path
from app.api.forms import Form
from app.api.keys import is_keyed
from app.api.parameters import parse, query_of
from app.formats import atom
from app.store import changes
from app.tables.change import FeedEntry, FeedFilter, FeedPage

router = APIRouter(prefix="/v1/changes", tags=["History"])
PATH = "/v1/changes"
FORMS: forms.Offer = {form: forms.LISTS[form] for form in (Form.JSON, Form.ATOM)}


@router.get("", **described(FeedPage, FeedFilter, keyed=True, offer=FORMS, negotiated=True))
async def read_changes(request: Request) -> Response:
    """Follow every change of the record, the oldest first.

    Follow `next` to the end; then ask again with the last `cursor` as `after` to learn what has come since. A change is
    never put in before one that was served: whoever goes on from the last cursor misses none, and sees none twice.
    """
    return await _read(request, forms.accepted(request, FORMS), negotiated=True)


@router.get(".{form}", **described(FeedPage, FeedFilter, keyed=True, missing=True, offer=FORMS))
async def read_changes_as(request: Request, form: Annotated[str, form_path(FORMS)]) -> Response:
    """Follow every change in one form.

    In Atom, `rel="next"` leads to the end, and `rel="urn:verbatim:later"` of the last page to what will have come
    since. An entry is named by the change's `seq`, and its content is the change as JSON.
    """
    return await _read(request, forms.named(form, FORMS))


async def _read(request: Request, form: Form, *, negotiated: bool = False) -> Response:
    asked = parse(FeedFilter, query_of(request))
    keyed = is_keyed(request)
    found = await answers.in_thread(request, lambda database: changes.feed(database.reader(), asked, keyed=keyed))
    url = answers.next_url(request, found.after)
    cursor = changes.feed_cursor(found, asked, keyed=keyed)
    if form is Form.JSON:
        more = f',"cursor":{json.dumps(cursor)}'
        document = answers.page(found.items, next_url=url, total=found.total, more=more)
    else:
        place = forms.place_of(request, path=PATH, next_url=url)
        without = [pair for pair in place.query if pair[0] != "after"]
        filters = urlencode([pair for pair in without if pair[0] != "limit"])
        about = atom.Feed(place.base, filters, place.url(form), place.url(Form.JSON), place.following(form))
        entries = [FeedEntry.model_validate_json(item) for item in found.items]
        later = place._replace(query=[*without, ("after", cursor)]).url(form)
        document = atom.changes(entries, about, later_url=later)
    return answers.listed(request, document, next_url=url, media_type=FORMS[form], negotiated=negotiated)
