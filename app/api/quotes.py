"""GET /v1/quotes and below."""

import json
import secrets
from collections import OrderedDict
from typing import Annotated, NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers, forms
from app.api.documented import ID_PATH, described, form_path
from app.api.forms import Form
from app.api.keys import database_of, is_keyed, need_key
from app.api.parameters import parse, query_of
from app.errors import NotFound
from app.store import changes, quotes, ranking
from app.store.quotes import Found
from app.store.quotes import Plan as OrderedPlan
from app.store.ranking import RankedPlan
from app.tables.change import ChangePage, HistoryFilter
from app.tables.db import Database
from app.tables.filter import QuoteFilter, RandomFilter, Sort
from app.tables.paging import Query
from app.tables.quote import QuotePage, QuoteWhole, RandomQuotes
from app.tables.version import QuoteAsked, QuoteNowOrThen
from app.tables.words import What

router = APIRouter(prefix="/v1/quotes", tags=["Quotes"])


Plan = OrderedPlan | RankedPlan
ONLY_JSON: forms.Offer = {Form.JSON: forms.SINGLES[Form.JSON]}


class Written(NamedTuple):
    """A page in its form, and the address of the next one."""

    document: str
    next_url: str | None


class Plans:
    """Filters that were asked for lately, made ready: clients repeat themselves.

    Kept by form and raw query string, and thrown away when the record changes, as slugs may then mean something else.
    """

    def __init__(self, most: int = 1024) -> None:
        self._kept: OrderedDict[bytes, Plan] = OrderedDict()
        self._version: int | None = None
        self._most = most

    def get(self, database: Database, key: bytes) -> Plan | None:
        """Return the plan kept for a query, or None; forget all of them when the record has changed."""
        version = database.data_version()
        if version is None or version != self._version:
            self._kept.clear()
            self._version = version
        plan = self._kept.get(key)
        if plan is not None:
            self._kept.move_to_end(key)
        return plan

    def keep(self, key: bytes, plan: Plan) -> None:
        self._kept[key] = plan
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)


@router.get("", **described(QuotePage, QuoteFilter, keyed=True, offer=forms.LISTS, negotiated=True))
async def find_quotes(request: Request) -> Response:
    """List, filter, sort and count quotes.

    By default those published or disputed whose speaker is said to have said them, the newest first. A repeated
    parameter means *or*, different parameters mean *and*; a leading `-` on a slug means *not*. Pages are walked by
    `next`; each costs the same, however deep. `Accept`, or a suffix such as `/v1/quotes.csv`, gives other forms.
    """
    return await _find(request, forms.accepted(request, forms.LISTS), negotiated=True)


@router.get(".{form}", **described(QuotePage, QuoteFilter, keyed=True, missing=True, offer=forms.LISTS))
async def find_quotes_as(request: Request, form: Annotated[str, form_path(forms.LISTS)]) -> Response:
    """List quotes in one form.

    The same quotes, filters and pages as without a suffix. In CSV, `fields` picks columns; JSON-LD and Atom always tell
    all of a quote. The address of the next page is in `Link`, in JSON-LD and in Atom also in the document.
    """
    return await _find(request, forms.named(form, forms.LISTS))


async def _find(request: Request, form: Form, *, negotiated: bool = False) -> Response:
    plan = _plan(request, form)
    if form is Form.JSON and plan.bounded:
        document, url = _read(plan, request, form, database_of(request))
    else:
        document, url = await answers.in_thread(request, lambda database: _read(plan, request, form, database))
    return answers.listed(request, document, next_url=url, media_type=forms.LISTS[form], negotiated=negotiated)


def _read(plan: Plan, request: Request, form: Form, database: Database) -> Written:
    found = plan.run(database.reader())
    url = answers.next_url(request, found.after)
    if form is Form.JSON:
        return Written(_document(found, url), url)
    return Written(forms.page(form, found, forms.place_of(request, next_url=url), plan.wanted.columns), url)


def _plan(request: Request, form: Form) -> Plan:
    database, query = database_of(request), query_of(request)
    keyed = is_keyed(request)
    plans: Plans = request.app.state.plans
    key = b"%s?%s" % (form.encode(), query)
    plan = None if keyed else plans.get(database, key)
    if plan is None:
        asked = parse(QuoteFilter, query)
        forms.check(form, asked)
        if asked.status:
            need_key(request, why="The parameter status")
        store = ranking if asked.order is Sort.RELEVANCE else quotes
        plan = store.plan(database.reader(), asked, cited=forms.is_cited(form))
        if not keyed:
            plans.keep(key, plan)
    return plan


def _document(found: Found, url: str | None) -> str:
    more = ""
    if found.ranked is not None:
        more += f',"ranked":{found.ranked}'
    if found.suggestion is not None:
        more += f',"did_you_mean":{json.dumps(found.suggestion, ensure_ascii=False)}'
    if found.facets:
        counted = ",".join(f'"{facet.value}":{values}' for facet, values in found.facets.items())
        exact = "true" if found.facets_are_exact else "false"
        more += f',"facets":{{{counted}}},"facets_are_exact":{exact}'
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


@router.get("/{id}.{form}", **described(QuoteWhole, Query, keyed=True, missing=True, gone=True, offer=forms.SINGLES))
async def read_quote_as(
    request: Request, id: Annotated[str, ID_PATH], form: Annotated[str, form_path(forms.SINGLES)]
) -> Response:
    """Read one quote in one form.

    As data, as a feed's entry, or as a citation of the source that printed it: `csl` for citation managers and `bib`.
    """
    if id == "random":
        raise NotFound(
            "Quotes at random are served as JSON only, at /v1/quotes/random: forms are for lists and single quotes."
        )
    parse(Query, query_of(request))
    return _one(request, id, forms.named(form, forms.SINGLES))


@router.get(
    "/{id}",
    **described(QuoteNowOrThen, QuoteAsked, keyed=True, missing=True, gone=True, offer=forms.SINGLES, negotiated=True),
)
async def read_quote(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Read one quote, whole.

    With its evidence, the notes on it, its relations to other quotes, and who reports whom. Offsets count Unicode code
    points. JavaScript strings count UTF-16 units instead: use `Array.from(text)` there.
    `Accept`, or a suffix such as `.jsonld`, gives it in other forms. `version` gives it as it was, in JSON.
    """
    asked = parse(QuoteAsked, query_of(request))
    if asked.version is not None:
        return _then(request, id, asked.version)
    return _one(request, id, forms.accepted(request, forms.SINGLES), negotiated=True)


def _one(request: Request, id: str, form: Form, *, negotiated: bool = False) -> Response:
    document = quotes.one(database_of(request).reader(), id, keyed=is_keyed(request))
    text = forms.single(form, document, answers.base_url(request))
    return answers.single(request, text, media_type=forms.SINGLES[form], negotiated=negotiated)


def _then(request: Request, id: str, version: int) -> Response:
    """Answer with a quote as it was, to those who may read it as it is."""
    forms.accepted(request, ONLY_JSON)
    reader = database_of(request).reader()
    quotes.one(reader, id, keyed=is_keyed(request))
    url = f"/v1/quotes/{id}?version={version}"
    return answers.single(request, changes.version(reader, What.QUOTE, id, version, id=id, url=url), negotiated=True)


@router.get("/{id}/history", **described(ChangePage, HistoryFilter, keyed=True, missing=True, gone=True))
async def read_quote_history(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Read every version of a quote.

    The first one first: who wrote it, when, and what changed, as JSON pointers with the value before and after.
    """
    asked = parse(HistoryFilter, query_of(request))
    reader = database_of(request).reader()
    quotes.one(reader, id, keyed=is_keyed(request))
    found = changes.history(reader, What.QUOTE, id, asked)
    return answers.paged(request, found.items, after=found.after, total=found.total)
