"""Review: the queue of proposals for who holds a key, and each one in its place, to be accepted, corrected or rejected.

What is decided goes through the same functions as the API's writes, with the version that was shown: where that has
changed meanwhile nothing is written, and what it is now is shown beside what was wanted.
"""

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fastapi import APIRouter
from pydantic import JsonValue
from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers, quoting
from app.api.bodies import parsed
from app.api.keys import key_of, need_key
from app.api.writing import Desk, Made, written
from app.errors import Conflict, Fault, Forbidden, Invalid, Stale
from app.pages import correcting, evidence, queue, wording
from app.pages.addresses import Asked, Choice, asked_of, read
from app.pages.correcting import Typed
from app.pages.evidence import Passage
from app.pages.forms import posted
from app.pages.queue import Place, QueueAsked
from app.pages.rendering import page
from app.pages.search import choice
from app.store import changes, quotes, sources, speakers, topics
from app.store.quotes import Found
from app.tables.change import ChangeRead, HistoryFilter
from app.tables.db import Database
from app.tables.quote import QuoteExpanded, QuoteWhole
from app.tables.review import MOVES, ReviewNew
from app.tables.source import SourceWhole
from app.tables.speaker import SpeakerFilter, SpeakerRead
from app.tables.topic import TopicBase, TopicFilter
from app.tables.words import Medium, Polarity, Role, Scope, Status, VenueKind, What
from app.text.tags import etag

router = APIRouter(include_in_schema=False)
LISTED = 20
CHOICES = 100
"""Speakers and topics that a field offers."""
REASONS = (
    "It is not a quote.",
    "The words are cut wrongly.",
    "The speaker is wrong.",
    "It repeats another quote.",
    "It is of no interest.",
)
_CORRECTS = {"publish": Status.PUBLISHED, "keep": None}
_DECIDES = {"accept": Status.PUBLISHED, "reject": Status.REJECTED, "propose": Status.PROPOSED}
_VERSIONS = 200
_AROUND = 500
"""Code points of the source shown before the first part of a proposal, and after the last."""


class Decided(NamedTuple):
    """The quote that was decided last, as it is now."""

    quote: QuoteWhole
    tag: str
    can_undo: bool


class Queue(NamedTuple):
    """A page of the queue, and the proposals counted by what one may want to see alone."""

    found: Found
    items: Sequence[QuoteExpanded]
    groups: Mapping[str, Sequence[Choice]]
    last: Decided | None


class Shown(NamedTuple):
    """A quote as it is shown for review, with what the form offers."""

    quote: QuoteWhole
    tag: str
    passages: Sequence[Passage]
    place: Place
    speakers: Sequence[SpeakerRead]
    topics: Sequence[TopicBase]
    last: Decided | None
    can_undo: bool


class Wanted(NamedTuple):
    """A field of the form: what stands there now, and what whoever typed in it wanted."""

    field: str
    now: str
    mine: str


class Refusal(NamedTuple):
    """Why nothing was written: what to say at which field, and the changes of others that were in the way."""

    status: int
    faults: Mapping[str | None, str]
    meanwhile: Sequence[ChangeRead] = ()


@router.get("/review")
async def show_queue(request: Request) -> Response:
    need_key(request, why="Review")
    pairs = asked_of(request)
    asked = read(QueueAsked, pairs)
    found = await answers.in_thread(request, lambda database: _queue(database, asked, pairs))
    return page(request, "review.html", store=False, asked=pairs, queue=found, written=queue.written)


@router.get("/review/{id:quote}")
async def show_proposal(request: Request, id: str) -> Response:
    need_key(request, why="Review")
    pairs = asked_of(request)
    asked = read(QueueAsked, pairs)
    shown = await answers.in_thread(request, lambda database: _shown(database, id, asked, pairs))
    return _page(request, pairs, shown)


@router.post("/review/{id:quote}")
async def decide(request: Request, id: str) -> Response:
    """Do what a form of the page says, and show the next proposal; or this one again, with why it was not done."""
    need_key(request, why="Review")
    pairs = asked_of(request)
    asked = read(QueueAsked, pairs)
    typed = dict((await posted(request)).pairs)
    place = await answers.in_thread(request, lambda database: queue.place(database, asked, pairs, id))
    try:
        await _write(request, id, typed)
    except (Invalid, Forbidden, Conflict, Stale) as error:
        refusal = await _refusal(request, id, typed, error)
        shown = await answers.in_thread(request, lambda database: _shown(database, id, asked, pairs))
        return _page(request, pairs, shown, typed, refusal)
    if typed.get("do") == "propose":
        return _see(f"{id}{queue.written(pairs)}")
    if place.after is None:
        return _see(f"../review{queue.written(Asked(pairs.without('after')), quote=id)}")
    joint = "&" if place.after.query else "?"
    return _see(f"{place.after.id}{place.after.query}{joint}quote={id}")


async def _write(request: Request, id: str, typed: Typed) -> None:
    """Write what was decided in one transaction. Raises as the API's writes do, with pointers into their bodies."""
    done = typed.get("do", "")
    if done not in (*_CORRECTS, *_DECIDES):
        raise Invalid.of(Fault(f"do={done[:40]}: it is none of {', '.join((*_CORRECTS, *_DECIDES))}.", parameter="do"))
    status = _CORRECTS[done] if done in _CORRECTS else _DECIDES[done]
    decided = None if status is None else parsed(to_json(_decision(status, typed)), ReviewNew)
    change: dict[str, JsonValue] = {}
    if done in _CORRECTS:
        change = await answers.in_thread(request, lambda database: _patch(database, id, typed))
    two_people: bool = request.app.state.settings.two_people

    def work(desk: Desk) -> Made:
        made = quoting.change(desk, id, to_json(change), two_people=two_people) if change else Made(None)
        if decided is None:
            return made
        # The change has named the version; what it made is of this same transaction.
        at = desk._replace(match="*") if change else desk
        return quoting.review(at, id, decided, two_people=two_people)

    await written(request, Scope.PROPOSE, work, match=typed.get("match", '""'))


def _decision(status: Status, typed: Typed) -> dict[str, str]:
    reason = " ".join(part for name in ("reason", "more") if (part := typed.get(name, "").strip()))
    if status is Status.REJECTED and not reason:
        raise Invalid.of(Fault("Say why it is rejected: whoever proposed it learns from it.", pointer="/reason"))
    return {"status": status.value} | ({"reason": reason} if status is Status.REJECTED else {})


def _patch(database: Database, id: str, typed: Typed) -> dict[str, JsonValue]:
    quote = _read(database, id)[0]
    source = SourceWhole.model_validate_json(sources.one(database.reader(), quote.source.slug, keyed=True))
    return correcting.patch(database, quote, typed, source.text or "")


async def _refusal(request: Request, id: str, typed: Typed, error: Invalid | Forbidden | Conflict | Stale) -> Refusal:
    if isinstance(error, Stale):
        version = typed.get("version", "")
        since = int(version) if version.isdigit() and len(version) < 10 else 0
        meanwhile = await answers.in_thread(request, lambda database: _meanwhile(database, id, since))
        return Refusal(error.status, {None: "It has changed since you saw it. Nothing was written."}, meanwhile)
    faults = (error.faults if isinstance(error, Invalid) else ()) or (Fault(error.detail),)
    told: dict[str | None, str] = {}
    for fault in faults:
        told.setdefault(correcting.field(fault.pointer, typed), fault.detail)
    return Refusal(error.status, told)


def _meanwhile(database: Database, id: str, since: int) -> list[ChangeRead]:
    found = changes.history(database.reader(), What.QUOTE, id, HistoryFilter(limit=_VERSIONS))
    return [change for item in found.items if (change := ChangeRead.model_validate_json(item)).version > since]


def _read(database: Database, id: str) -> tuple[QuoteWhole, str]:
    document = quotes.one(database.reader(), id, keyed=True)
    return QuoteWhole.model_validate_json(document), f'"{etag(document.encode())}"'


def _decided(database: Database, id: str | None) -> Decided | None:
    if id is None:
        return None
    quote, tag = _read(database, id)
    return Decided(quote, tag, Status.PROPOSED in MOVES[quote.status])


def _shown(database: Database, id: str, asked: QueueAsked, pairs: Asked) -> Shown:
    reader = database.reader()
    quote, tag = _read(database, id)
    known = speakers.find(reader, SpeakerFilter(limit=CHOICES))
    listed = topics.outline(reader, TopicFilter(limit=CHOICES))

    def words(start: int, end: int) -> str | None:
        return sources.passage(reader, quote.source.slug, start, end, keyed=True)

    return Shown(
        quote,
        tag,
        evidence.passages(quote.segments, words, around=_AROUND),
        queue.place(database, asked, pairs, id),
        [SpeakerRead.model_validate_json(item) for item in known.items],
        [TopicBase.model_validate_json(branch.item) for branch in listed.branches],
        _decided(database, asked.quote),
        Status.PROPOSED in MOVES[quote.status],
    )


def _queue(database: Database, asked: QueueAsked, pairs: Asked) -> Queue:
    found = queue.listed(database, asked, limit=LISTED, facets=True)
    counts, kept = found.counts(), Asked(pairs.without("quote"))
    groups = {
        facet.value: [choice(facet, value, kept) for value in getattr(counts, facet.value) if value.value is not None]
        for facet in found.facets
    }
    items = [QuoteExpanded.model_validate_json(item) for item in found.items]
    return Queue(found, items, groups, _decided(database, asked.quote))


def _page(
    request: Request, pairs: Asked, shown: Shown, typed: Typed | None = None, refusal: Refusal | None = None
) -> Response:
    fields = correcting.filled(shown.quote)
    values = fields
    if typed is not None and typed.get("do") in _CORRECTS:
        values = correcting.rebased(typed, fields) if refusal and refusal.status == Stale.status else typed
    key = key_of(request)
    return page(
        request,
        "proposal.html",
        status=refusal.status if refusal else 200,
        store=False,
        shown=shown,
        quote=shown.quote,
        query=queue.written(pairs),
        filters=pairs.without("quote", "after"),
        values=values,
        seen=json.dumps(fields),
        counts={name: max((*correcting.rows(values, name).numbers, -1)) + 1 for name in ("content", "topic")},
        roles=[role for role in Role if role is not Role.CONTENT and any(p.role is role for p in shown.quote.segments)],
        typed=typed,
        wanted=_wanted(fields, values),
        faults=refusal.faults if refusal else {},
        refusal=refusal,
        reasons=REASONS,
        may_decide=key is not None and key.may(Scope.EDIT),
        vocabulary={
            "kind": wording.KINDS,
            "medium": {medium: medium.value for medium in Medium},
            "polarity": {Polarity.ASSERTED: "says this", **wording.NOT_ASSERTED},
            "basis": wording.BASES,
            "venue": {kind: kind.value for kind in VenueKind},
            "stance": wording.STANCES,
        },
    )


def _wanted(fields: Typed, values: Typed) -> Sequence[Wanted]:
    """Return each field in which the form differs from the quote as it is now."""
    names = dict.fromkeys((*fields, *(name for name in values if "-" in name)))
    told = (Wanted(name, fields.get(name, ""), values.get(name, "")) for name in names)
    return [one for one in told if one.now != one.mine]


def _see(where: str) -> Response:
    return Response(status_code=303, headers={"Location": where, "Cache-Control": "no-store"})
