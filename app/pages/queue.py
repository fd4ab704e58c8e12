"""The queue: proposed quotes, the surest first, and the way from each to the next under the same filters."""

import json
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from pydantic import Field

from app.pages.addresses import Asked
from app.store import quotes
from app.store.quotes import Found
from app.tables.columns import ID
from app.tables.db import Database
from app.tables.filter import QuoteField, QuoteFilter, SlugOrNot
from app.tables.paging import Query
from app.tables.shelf import Facet
from app.tables.words import QuoteKind, Status

WINDOW = 200
"""Proposals among which the one before and the one after are looked for."""
FACETS = (Facet.SOURCE, Facet.SPEAKER, Facet.KIND)


class QueueAsked(Query):
    """What the pages of review take."""

    source: list[SlugOrNot] = Field(default=[], max_length=20, description="Slug of a source.")
    speaker: list[SlugOrNot] = Field(default=[], max_length=20, description="Slug of a speaker.")
    kind: list[QuoteKind] = Field(default=[], description="`direct`, `indirect` or `mixed`.")
    after: str | None = Field(default=None, max_length=2000, description="Cursor of the page before.")
    quote: str | None = Field(default=None, pattern=ID, description="Id of the quote that was decided last.")


class Step(NamedTuple):
    """A proposal, and the query under which it is shown."""

    id: str
    query: str


class Place(NamedTuple):
    """Where a proposal stands in the queue: the ones before and after it, and how many there are."""

    before: Step | None
    after: Step | None
    left: int
    is_exact: bool


def listed(database: Database, asked: QueueAsked, *, limit: int, facets: bool = False) -> Found:
    """Return a page of the queue. Raises Invalid for a slug or a cursor that is not known."""
    wanted = _wanted(asked, limit).model_copy(update={"facets": list(FACETS) if facets else []})
    reader = database.reader()
    return quotes.plan(reader, wanted).run(reader)


def place(database: Database, asked: QueueAsked, pairs: Asked, id: str) -> Place:
    """Return where the quote of that id stands; of one that is not in the queue, what comes after is its first."""
    found = _ids(database, asked)
    ids = [str(json.loads(item)["id"]) for item in found.items]
    query = written(pairs)
    at = ids.index(id) if id in ids else -1
    before = Step(ids[at - 1], query) if at > 0 else None
    after = Step(ids[at + 1], query) if at + 1 < len(ids) else _beyond(database, asked, pairs, found.after)
    return Place(before, after, found.total.number, found.total.is_exact)


def written(asked: Asked, **more: str) -> str:
    """Return the query that carries the filters and the page on, with more pairs, and without the last decision."""
    pairs = [*asked.without("quote", *more), *more.items()]
    return f"?{urlencode(pairs)}" if pairs else ""


def _beyond(database: Database, asked: QueueAsked, pairs: Asked, cursor: str | None) -> Step | None:
    if cursor is None:
        return None
    found = _ids(database, asked.model_copy(update={"after": cursor}), 1)
    return Step(str(json.loads(found.items[0])["id"]), written(pairs, after=cursor)) if found.items else None


def _ids(database: Database, asked: QueueAsked, limit: int = WINDOW) -> Found:
    wanted = _wanted(asked, limit).model_copy(update={"fields": [QuoteField.ID]})
    reader = database.reader()
    return quotes.plan(reader, wanted).run(reader)


def _wanted(asked: QueueAsked, limit: int) -> QuoteFilter:
    values: dict[str, Sequence[str] | str | None] = asked.model_dump(exclude={"quote"})
    return QuoteFilter.model_validate({**values, "status": [Status.PROPOSED], "limit": limit})
