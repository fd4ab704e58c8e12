"""GET /v1/quotes and below."""

import secrets
from collections import OrderedDict
from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import ID_PATH, described
from app.api.keys import database_of, is_keyed, need_key
from app.api.parameters import parse, query_of
from app.store import changes, quotes
from app.store.quotes import Found, Plan
from app.tables.change import ChangePage, HistoryFilter
from app.tables.db import Database
from app.tables.filter import QuoteFilter, RandomFilter
from app.tables.paging import Query
from app.tables.quote import QuotePage, QuoteWhole, RandomQuotes
from app.tables.words import What

router = APIRouter(prefix="/v1/quotes", tags=["Quotes"])


class Plans:
    """Filters that were asked for lately, made ready: clients repeat themselves.

    Kept by the raw query string and thrown away when the record changes, as slugs may then mean something else.
    """

    def __init__(self, most: int = 1024) -> None:
        self._kept: OrderedDict[bytes, Plan] = OrderedDict()
        self._version: int | None = None
        self._most = most

    def get(self, database: Database, query: bytes) -> Plan | None:
        """Return the plan kept for a query, or None; forget all of them when the record has changed."""
        version = database.data_version()
        if version is None or version != self._version:
            self._kept.clear()
            self._version = version
        plan = self._kept.get(query)
        if plan is not None:
            self._kept.move_to_end(query)
        return plan

    def keep(self, query: bytes, plan: Plan) -> None:
        self._kept[query] = plan
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


@router.get("", **described(QuotePage, QuoteFilter, keyed=True))
async def find_quotes(request: Request) -> Response:
    """List, filter, sort and count quotes.

    By default those published or disputed whose speaker is said to have said them, the newest first. A repeated
    parameter means *or*, different parameters mean *and*; a leading `-` on a slug means *not*. Pages are walked by
    `next`; each costs the same, however deep.
    """
    plan = _plan(request)
    if plan.bounded:
        found = plan.run(database_of(request).reader())
    else:
        found = await answers.in_thread(request, lambda database: plan.run(database.reader()))
    url = answers.next_url(request, found.after)
    return answers.listed(request, _document(found, url), next_url=url)


def _plan(request: Request) -> Plan:
    database, query = database_of(request), query_of(request)
    keyed = is_keyed(request)
    plans: Plans = request.app.state.plans
    plan = None if keyed else plans.get(database, query)
    if plan is None:
        asked = parse(QuoteFilter, query)
        if asked.status:
            need_key(request, why="The parameter status")
        plan = quotes.plan(database.reader(), asked)
        if not keyed:
            plans.keep(query, plan)
    return plan


def _document(found: Found, url: str | None) -> str:
    more = ""
    if found.facets:
        counted = ",".join(f'"{facet.value}":{values}' for facet, values in found.facets.items())
        exact = "true" if found.facets_are_exact else "false"
        more = f',"facets":{{{counted}}},"facets_are_exact":{exact}'
    return answers.page(found.items, next_url=url, total=found.total, more=more)


@router.get("/random", **described(RandomQuotes, RandomFilter, keyed=True, cached=False))
async def draw_quotes(request: Request) -> Response:
    """Draw quotes at random, under the filters of the list.

    The same `seed` draws the same quotes as long as the record does not change; without one, each call draws anew.
    """
    is_keyed(request)  # a key that is not good is refused, also where none is needed
    asked = parse(RandomFilter, query_of(request))
    if asked.status:
        need_key(request, why="The parameter status")
    seed = asked.seed if asked.seed is not None else secrets.token_hex(8)
    items = await answers.in_thread(request, lambda database: quotes.draw(database.reader(), asked, seed=seed))
    return answers.drawn(items, seed)


@router.get("/{id}", **described(QuoteWhole, Query, keyed=True, missing=True, gone=True))
async def read_quote(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Read one quote, whole.

    With its evidence, the notes on it, its relations to other quotes, and who reports whom. Offsets count Unicode code
    points. JavaScript strings count UTF-16 units instead: use `Array.from(text)` there.
    """
    parse(Query, query_of(request))
    return answers.single(request, quotes.one(database_of(request).reader(), id, keyed=is_keyed(request)))


@router.get("/{id}/history", **described(ChangePage, HistoryFilter, keyed=True, missing=True, gone=True))
async def read_quote_history(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Read every version of a quote.

    The first one first: who wrote it, when, and what changed, as JSON pointers with the value before and after.
    """
    asked = parse(HistoryFilter, query_of(request))
    reader = database_of(request).reader()
    quotes.one(reader, id, keyed=is_keyed(request))
    found = changes.history(reader, What.QUOTE, id, asked)
    url = answers.next_url(request, found.after)
    return answers.listed(request, answers.page(found.items, next_url=url, total=found.total), next_url=url)
