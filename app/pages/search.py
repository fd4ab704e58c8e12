"""The first page: a box to search the record with, and what is found; unasked, what the record covers."""

from collections.abc import Sequence
from typing import NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.keys import need_key
from app.pages import wording
from app.pages.addresses import Asked, Choice, asked_of, read
from app.pages.rendering import page
from app.store import coverage, quotes, ranking, sources, topics
from app.store.coverage import Covered
from app.store.facets import Total
from app.store.quotes import Found
from app.tables.db import Database
from app.tables.filter import QuoteFilter, Sort
from app.tables.quote import FacetValue, QuoteExpanded
from app.tables.shelf import Facet
from app.tables.source import SourceFilter, SourceRead
from app.tables.topic import TopicBase, TopicFilter
from app.tables.words import QuoteKind

router = APIRouter(include_in_schema=False)
COUNTED = 1_000
"""Matches whose facets are counted: a page shall not wait for more."""
FACETS_SHOWN = 8
NEWEST = 5
LISTED = 12
_UNSHAPED = ("fields", "include", "facets")
_SORTS = {
    Sort.RELEVANCE: "most relevant first",
    Sort.SAID_DESC: "latest said first",
    Sort.SAID: "earliest said first",
    Sort.ADDED_DESC: "newest on the record first",
    Sort.LENGTH_DESC: "longest first",
    Sort.LENGTH: "shortest first",
}
_FACETS = {
    Facet.SPEAKER: "Speaker",
    Facet.TOPIC: "Topic",
    Facet.SOURCE: "Source",
    Facet.KIND: "Kind",
    Facet.YEAR: "Year of the last possible day",
}
_UNKNOWN = "not told"
_FILTERS = {
    "speaker": "speaker",
    "topic": "topic",
    "source": "source",
    "publisher": "publisher",
    "kind": "kind",
    "medium": "medium",
    "polarity": "polarity",
    "stance": "stance",
    "venue": "occasion",
    "said_from": "maybe said on or after",
    "said_to": "maybe said on or before",
    "published_from": "printed on or after",
    "published_to": "printed on or before",
    "firsthand": "not nested in another quote",
    "annotated": "with a note",
    "min_length": "at least this long",
    "max_length": "at most this long",
}


_LABELS = {
    **{("kind", kind.value): label for kind, label in wording.KINDS.items()},
    **{("medium", medium.value): label for medium, label in wording.MEDIA.items()},
    **{("polarity", polarity.value): label for polarity, label in wording.POLARITIES.items()},
    ("polarity", "any"): "said or not",
}
"""Values of filters in words, by name and value."""


class Group(NamedTuple):
    """A facet: the first values are shown at once, the rest when asked for."""

    title: str
    shown: Sequence[Choice]
    more: Sequence[Choice]


class Chip(NamedTuple):
    """A filter that is on, and where it is taken off."""

    name: str
    value: str
    query: str


class Results(NamedTuple):
    """What a search found; `counted` is of how many its facets are, None when they are of all."""

    found: Found
    items: Sequence[QuoteExpanded]
    groups: Sequence[Group]
    chips: Sequence[Chip]
    counted: int | None


class Start(NamedTuple):
    """What the record covers."""

    covered: Covered
    sources: Sequence[SourceRead]
    newest: Sequence[QuoteExpanded]
    topics: Sequence[TopicBase]
    speakers: Sequence[FacetValue]


@router.get("/")
async def show_search(request: Request) -> Response:
    asked = asked_of(request)
    if not asked.pairs:
        start = await answers.in_thread(request, _start)
        return page(request, "start.html", start=start)
    wanted = read(QuoteFilter, Asked(asked.without(*_UNSHAPED)))
    if wanted.status:
        need_key(request, why="The parameter status")
    wanted = wanted.model_copy(update={"facets": list(Facet)})
    results = await answers.in_thread(request, lambda database: _search(database, wanted, asked))
    sorts = [(sort.value, label) for sort, label in _SORTS.items() if wanted.q or sort is not Sort.RELEVANCE]
    return page(
        request,
        "search.html",
        asked=asked,
        query=wanted.q or "",
        sorts=sorts,
        order=wanted.order.value,
        results=results,
        statements_only=not wanted.polarity,
    )


def _start(database: Database) -> Start:
    reader = database.reader()
    newest = quotes.plan(reader, QuoteFilter(sort=Sort.ADDED_DESC, limit=NEWEST, facets=[Facet.SPEAKER])).run(reader)
    tree = topics.outline(reader, TopicFilter(limit=LISTED))
    return Start(
        coverage.covered(reader),
        [SourceRead.model_validate_json(item) for item in sources.find(reader, SourceFilter(limit=NEWEST)).items],
        [QuoteExpanded.model_validate_json(item) for item in newest.items],
        [TopicBase.model_validate_json(branch.item) for branch in tree.branches if branch.step == 0],
        [speaker for speaker in newest.counts().speaker[:LISTED] if speaker.value is not None],
    )


def _search(database: Database, wanted: QuoteFilter, asked: Asked) -> Results:
    reader = database.reader()
    store = ranking if wanted.order is Sort.RELEVANCE else quotes
    found = store.plan(reader, wanted, counted=COUNTED).run(reader)
    counts = found.counts()
    listed = {facet: values for facet in found.facets if (values := getattr(counts, facet.value))}
    counted = sum(value.count for value in listed.get(Facet.KIND, ()))  # every quote has one kind
    return Results(
        found,
        [QuoteExpanded.model_validate_json(item) for item in found.items],
        [_group(facet, values, asked) for facet, values in listed.items()],
        _chips(asked, listed),
        None if found.total == Total(counted, True) else counted,
    )


def _group(facet: Facet, values: Sequence[FacetValue], asked: Asked) -> Group:
    choices = [choice(facet, value, asked) for value in values if value.value is not None]
    choices.sort(key=lambda choice: not choice.is_on)
    choices += [Choice(_UNKNOWN, value.count, None, is_on=False) for value in values if value.value is None]
    return Group(_FACETS[facet], choices[:FACETS_SHOWN], choices[FACETS_SHOWN:])


def choice(facet: Facet, value: FacetValue, asked: Asked) -> Choice:
    """Return a known value of a facet: where it is on, a click takes it off."""
    given = str(value.value)
    if facet is Facet.YEAR:
        ends = (f"{given}-01-01", f"{given}-12-31")
        is_on = (*asked.values("said_from"), *asked.values("said_to")) == ends
        whole = Asked(asked.without("said_from", "said_to", "after"))
        if not is_on:
            whole = Asked((*whole.pairs, ("said_from", ends[0]), ("said_to", ends[1])))
        return Choice(value.label, value.count, whole.first(), is_on)
    is_on = given in asked.values(facet.value)
    query = asked.lacking(facet.value, given) if is_on else asked.having(facet.value, given)
    label = wording.KINDS[QuoteKind(given)] if facet is Facet.KIND else value.label
    return Choice(label, value.count, query, is_on)


def _chips(asked: Asked, listed: dict[Facet, Sequence[FacetValue]]) -> list[Chip]:
    named = {(facet.value, str(value.value)): value.label for facet, values in listed.items() for value in values}
    labels = named | _LABELS
    return [
        Chip(_FILTERS[name], labels.get((name, value), value), asked.lacking(name, value))
        for name, value in asked.pairs
        if name in _FILTERS
    ]
