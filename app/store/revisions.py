"""Carries the quotes of a source over to the source that revises it, as quotes of their own.

What stands there in the very words, with all that belongs to it, has the status of the old quote; what differs is
proposed. The old quotes stay as they are. Notes are not copied: who signed them did not see the new text.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, text

from app.errors import Conflict
from app.store import entries, ingest, states
from app.store.history import Writer
from app.store.ingest import Known, Placed
from app.store.states import Stored, StoredSource
from app.store.terms import missing
from app.tables.anchored import AnchoredIntervention, AnchoredQuote, AnchoredSegment
from app.tables.revision import LostWords, RevisionCounts, RevisionDifference, RevisionItem, RevisionReport
from app.tables.version import SegmentState
from app.tables.words import PUBLIC, Role, Status
from app.text import anchor, revision
from app.text.anchor import Span
from app.text.revision import Followed, Outcome, Passage

_ENDED = frozenset({Status.WITHDRAWN, Status.REJECTED})
_SAME = frozenset({Outcome.UNCHANGED, Outcome.MOVED})


class _Carried(NamedTuple):
    """An old quote, what became of it, and the quote that it makes in the new source, or None."""

    old: Stored
    followed: Followed
    quote: AnchoredQuote | None


def revise(
    connection: Connection, reader: sqlite3.Connection, slug: str, *, writer: Writer, dry_run: bool
) -> RevisionReport:
    """Put the quotes of the source that `slug` revises on the record as quotes of `slug`, and report each.

    Those that are there already are left. With `dry_run` the caller rolls back. Raises NotFound for no such source, and
    Conflict for one that revises none.
    """
    new = states.source(connection, slug)
    if new is None:
        raise missing(reader, "source", slug)
    old = states.source(connection, new.entry.revises) if new.entry.revises else None
    if old is None:
        raise Conflict(f"The source {slug} revises none: name the one that it corrects in its `revises` first.")
    carried = _carry(old, new, states.quotes(connection, old.seq))
    there = {stored.quote.id: stored.quote.status for stored in states.quotes(connection, new.seq)}
    put = _put(connection, new, carried, there, writer)
    items = [_item(one, there, put) for one in carried]
    counts = Counter(item.outcome for item in items)
    return RevisionReport(
        source=slug,
        revises=old.entry.slug,
        dry_run=dry_run,
        items=items,
        counts=RevisionCounts(**{outcome.value: counts[outcome] for outcome in Outcome}, written=len(put)),
    )


def _carry(old: StoredSource, new: StoredSource, quotes: Sequence[Stored]) -> list[_Carried]:
    """Return what becomes of each quote, in their order; a nested one names its new parent."""
    followed = revision.follow(old.text, new.text, [_passage(stored.quote) for stored in quotes])
    made: dict[str, _Carried] = {}
    waiting = list(zip(quotes, followed, strict=True))
    while waiting:  # parents first, so that a quote knows what became of the one in which it is nested
        later = []
        for stored, found in waiting:
            parent = stored.quote.parent
            if parent is not None and parent not in made and any(one.quote.id == parent for one, _ in waiting):
                later.append((stored, found))
                continue
            above = made[parent].quote if parent in made else None
            quote = _moved(new, stored.quote, found, above)
            made[stored.quote.id] = _Carried(stored, found, quote)
        waiting = later
    return [made[stored.quote.id] for stored in quotes]


def _passage(quote: AnchoredQuote) -> Passage:
    others = [Span(part.start, part.end) for part in quote.segments if part.role is not Role.CONTENT]
    return Passage(quote.content, (*others, *(Span(made.start, made.end) for made in quote.interventions)))


def _moved(
    new: StoredSource, quote: AnchoredQuote, found: Followed, above: AnchoredQuote | None
) -> AnchoredQuote | None:
    """Return the quote as one of the new source; None when it is gone there, or was ended here."""
    if found.outcome is Outcome.GONE or quote.status in _ENDED:
        return None
    is_same = found.outcome in _SAME
    # Who reports it is a part of what it says: without that being as it was, it is to be reviewed too.
    if quote.parent is not None and (above is None or (quote.status in PUBLIC and above.status not in PUBLIC)):
        is_same = False
    places = [Span(*part) for part in found.content]
    others = list(found.others)
    segments = [AnchoredSegment(Role.CONTENT, start, end, new.text[start:end]) for start, end in places]
    roles = [part.role for part in quote.segments if part.role is not Role.CONTENT]
    for role, place in zip(roles, others, strict=False):
        if place is not None:
            segments.append(AnchoredSegment(role, *place, new.text[slice(*place)]))
    interventions = [
        AnchoredIntervention(made.kind, *place, new.text[slice(*place)])
        for made, place in zip(quote.interventions, others[len(roles) :], strict=True)
        if place is not None and any(part.start <= place.start and place.end <= part.end for part in places)
    ]
    return quote._replace(
        id=anchor.quote_id(str(new.entry.sha256), places),
        text=anchor.join(new.text, places),
        status=quote.status if is_same else Status.PROPOSED,
        parent=above.id if above is not None else None,
        segments=tuple(sorted(segments, key=lambda part: (part.start, part.end))),
        interventions=tuple(interventions),
        notes=(),
    )


def _put(
    connection: Connection,
    new: StoredSource,
    carried: Sequence[_Carried],
    there: Mapping[str, Status],
    writer: Writer,
) -> dict[str, str]:
    """Put the new quotes on the record; return the id of the old one of each. Those in the same words go first."""
    put: dict[str, _Carried] = {}
    for one in sorted(carried, key=lambda one: one.followed.outcome not in _SAME):
        if one.quote is not None and one.quote.id not in there:
            put.setdefault(one.quote.id, one)
    quotes = [one.quote for one in put.values() if one.quote is not None]
    known = Known(
        entries.numbers(connection, "speaker", _named(quote.speaker for quote in quotes)),
        entries.numbers(connection, "topic", {about.topic for quote in quotes for about in quote.topics}),
    )
    slug = new.entry.slug
    ingest.add_quotes(connection, [Placed(new.seq, slug, quote) for quote in quotes], known, writer=writer)
    for name, one in put.items():
        if one.quote is not None and one.quote.status is Status.PROPOSED:
            _propose(connection, name, one)
    return {name: one.old.quote.id for name, one in put.items()}


def _named(slugs: Iterable[str | None]) -> set[str]:
    return {slug for slug in slugs if slug is not None}


def _propose(connection: Connection, name: str, one: _Carried) -> None:
    """Say how sure it is that the quote is right: as the old proposal was, or as the new words are near to the old."""
    values = {
        "id": name,
        "old": one.old.seq,
        "confidence": min(1.0, max(0.0, one.followed.score)),
        "why": f"revision: {one.followed.outcome.value}, from {one.old.quote.id}",
    }
    connection.execute(text(_PROPOSAL), values)
    connection.execute(text(_NEW_SPEAKER), {"id": name, "old": one.old.seq})


def _item(one: _Carried, there: Mapping[str, Status], put: Mapping[str, str]) -> RevisionItem:
    old, found, quote = one.old.quote, one.followed, one.quote
    name = None if quote is None else quote.id
    status = None if quote is None else there.get(quote.id, quote.status)
    others: list[tuple[Role | None, str]] = [
        (part.role, part.exact) for part in old.segments if part.role is not Role.CONTENT
    ]
    others += [(None, made.exact) for made in old.interventions]
    parts = quote.segments if quote else ()
    spans = [SegmentState(role=part.role, start=part.start, end=part.end, exact=part.exact) for part in parts]
    return RevisionItem(
        quote=old.id,
        text=old.text,
        outcome=found.outcome,
        new_quote=name,
        status=status,
        existing=name is not None and put.get(name) != old.id,
        spans=spans,
        lost=[
            LostWords(role=role, exact=exact)
            for (role, exact), place in zip(others, found.others, strict=False)
            if place is None
        ],
        diff=[RevisionDifference(op=d.op, old=d.claimed, new=d.recorded) for d in found.differences],
    )


_PROPOSAL = """
INSERT INTO proposal (quote, confidence, why)
SELECT seq, coalesce((SELECT confidence FROM proposal WHERE quote = :old), :confidence), :why FROM quote WHERE id = :id
"""
_NEW_SPEAKER = """
INSERT INTO new_speaker (quote, name, kind)
SELECT quote.seq, known.name, known.kind FROM quote JOIN new_speaker AS known ON known.quote = :old WHERE quote.id = :id
"""
