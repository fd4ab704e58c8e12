"""Splits what was merged, by what the history says: the one that went is put on the record again as it was.

What the merge moved goes back, as far as it is still with the other: its quotes, the topics below it, the slugs that
led to it. Names, roles and labels are taken off the other when they are neither its own nor another's that is in it.
"""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.errors import Conflict
from app.store import entries, holdings, search, states
from app.store.corrections import correct_quotes
from app.store.edits import StoredSpeaker, StoredTopic, narrower, quotes_of, quotes_on
from app.store.entries import formers
from app.store.history import Writer
from app.store.holdings import Document
from app.store.merges import put_below
from app.tables.anchored import AnchoredQuote, AnchoredStance
from app.tables.record import SpeakerEntry, TopicEntry
from app.tables.words import Stance, What

E = TypeVar("E", SpeakerEntry, TopicEntry)


class _Merge(NamedTuple):
    """A merge: the document and the slug of what went, the slugs that led to it, and the slug that it went into.

    `quotes` and `topics` are what else changed in its transaction: by id or slug, the documents before and after.
    """

    document: Document
    slug: str
    former: list[str]
    into: str
    quotes: Mapping[str, tuple[Document, Document]]
    topics: Mapping[str, tuple[Document, Document]]


def split_speaker(connection: Connection, into: StoredSpeaker, slug: str, *, writer: Writer) -> None:
    """Put a speaker that was merged into another on the record again. Raises Conflict when it was not."""
    merge, former = _begin(connection, What.SPEAKER, into, slug)
    entry = SpeakerEntry.model_validate(merge.document)
    entries.save_speaker(connection, None, entry, before=None, writer=writer, former=merge.former)
    after = _without(connection, What.SPEAKER, into.seq, into.entry, merge.document)
    entries.save_speaker(connection, into.seq, after, before=into.entry, writer=writer, former=former)
    went = [name for name, (before, _) in merge.quotes.items() if before["speaker"] == slug]
    moved = _numbers(connection, went).keys() & set(quotes_of(connection, into.seq))
    correct_quotes(connection, moved, lambda quote: quote._replace(speaker=slug), writer=writer)
    if after != into.entry:
        search.again(connection, quotes_of(connection, into.seq))


def split_topic(connection: Connection, into: StoredTopic, slug: str, *, writer: Writer) -> None:
    """Put a topic that was merged into another on the record again. Raises Conflict when it was not."""
    merge, former = _begin(connection, What.TOPIC, into, slug)
    entry = TopicEntry.model_validate(merge.document)
    entry.broader = _now(connection, entry.broader)
    entries.save_topic(connection, None, entry, before=None, writer=writer, pointer="/slug", former=merge.former)
    after = _without(connection, What.TOPIC, into.seq, into.entry, merge.document)
    entries.save_topic(connection, into.seq, after, before=into.entry, writer=writer, pointer="/slug", former=former)

    def parted(quote: AnchoredQuote) -> AnchoredQuote:
        return _parted(connection, quote, merge, into.entry.slug)

    moved = _numbers(connection, merge.quotes).keys() & set(quotes_on(connection, into.seq))
    correct_quotes(connection, moved, parted, writer=writer)
    _take_below(connection, into, merge, writer)
    if after != into.entry:
        search.again(connection, quotes_on(connection, into.seq))


def _begin(
    connection: Connection, what: What, into: StoredSpeaker | StoredTopic, slug: str
) -> tuple[_Merge, list[str]]:
    """Find the merge, and free its slug; return it with the slugs that led to the other until now."""
    merge = _find(connection, what, into.seq, into.entry.slug, slug)
    former = formers(connection, what, into.seq)
    sql = "DELETE FROM moved WHERE what = :what AND slug = :slug"
    connection.execute(text(sql), {"what": what.value, "slug": slug})
    return merge, former


def _find(connection: Connection, what: What, seq: int, other: str, slug: str) -> _Merge:
    """Return the merge by which a slug leads to a thing. Raises Conflict when it does so by none, or by two."""
    end = holdings.last(connection, what, slug)
    if slug not in formers(connection, what, seq) or end is None or not end.before or end.after is not None:
        raise Conflict(f"No {what.value} {slug} was merged into {other}: there is nothing to split.")
    document = dict(end.before)
    into = str(document.pop("merged_into"))
    then = holdings.last(connection, what, into)
    if into != other and then is not None and then.after is None:
        raise Conflict(f"{slug} was merged into {into}, and that one into {other}: split {into} from {other} first.")
    former = document.pop("former", None)
    changed = {kind: _changed(connection, kind, end.seq) for kind in (What.QUOTE, What.TOPIC)}
    led = [str(name) for name in former] if isinstance(former, list) else []
    return _Merge(document, slug, led, into, changed[What.QUOTE], changed[What.TOPIC])


def _changed(connection: Connection, kind: What, seq: int) -> dict[str, tuple[Document, Document]]:
    """Return what else of a kind changed in the transaction of a change: the same writer wrote it at the same time."""
    rows = connection.execute(text(_TOGETHER), {"what": kind.value, "seq": seq}).all()
    return {str(name): (holdings.document(before), holdings.document(after)) for name, before, after in rows}


_TOGETHER = """
SELECT change.name, change.before, change.after FROM change AS ended JOIN change
ON change.at = ended.at AND change.who = ended.who AND change.seq < ended.seq
    AND change.seq > coalesce((SELECT earlier.seq FROM change AS earlier
        WHERE earlier.seq < ended.seq AND (earlier.at <> ended.at OR earlier.who <> ended.who)
        ORDER BY earlier.seq DESC LIMIT 1), 0)
WHERE ended.seq = :seq AND change.what = :what AND change.before IS NOT NULL AND change.after IS NOT NULL
ORDER BY change.seq
"""


def _without(connection: Connection, what: What, seq: int, entry: E, gone: Document) -> E:
    """Return an entry without what only the one that is gone from it brought."""
    document = entry.model_dump(mode="json")
    rest = holdings.joined(holdings.own(connection, what, entry.slug), holdings.held(connection, what, seq))
    brought = holdings.brought(gone)
    kept = {
        key: rest[key] if key in brought else value
        for key, value in holdings.parts(document).items()
        if key not in brought or key in rest
    }
    return type(entry).model_validate(holdings.rebuilt(document, kept))


def _numbers(connection: Connection, ids: Mapping[str, object] | list[str]) -> dict[int, str]:
    """Return the ids of quotes by their numbers."""
    sql = text("SELECT seq FROM quote WHERE id = :id")
    found = {connection.execute(sql, {"id": name}).scalar(): name for name in ids}
    return {int(seq): name for seq, name in found.items() if seq is not None}


def _parted(connection: Connection, quote: AnchoredQuote, merge: _Merge, other: str) -> AnchoredQuote:
    """Return a quote on the topic that goes back, where the merge took it from there; what changed since stays."""
    before, after = (_stances(connection, document["topics"], merge, other) for document in merge.quotes[quote.id])
    if quote.topics == after:
        return quote._replace(topics=before)
    went = [about._replace(topic=other) for about in before if about.topic == merge.slug]
    topics: list[AnchoredStance] = []
    for about in quote.topics:
        if about not in went or about in before:
            topics.append(about)
        if about in went:
            topics.append(about._replace(topic=merge.slug))
    return quote._replace(topics=tuple(topics))


def _stances(connection: Connection, listed: JsonValue, merge: _Merge, other: str) -> tuple[AnchoredStance, ...]:
    """Return the topics of a quote's document, under their slugs of now."""
    found = []
    for about in listed if isinstance(listed, list) else ():
        if isinstance(about, dict):
            then, stance = str(about["topic"]), about["stance"]
            led = {merge.slug: merge.slug, merge.into: other}.get(then) or _now(connection, then)
            towards = about["proposition"]
            found.append(
                AnchoredStance(
                    led or then,
                    Stance(str(stance)) if stance else None,
                    None if towards is None else str(towards),
                )
            )
    return tuple(found)


def _take_below(connection: Connection, into: StoredTopic, merge: _Merge, writer: Writer) -> None:
    """Move back the topics that the merge moved below the other, unless they came to stand above since."""
    went = {
        _now(connection, name)
        for name, (before, after) in merge.topics.items()
        if (before["broader"], after["broader"]) == (merge.slug, merge.into)
    }
    above = states.broader(connection, merge.slug)
    below = [
        topic for topic in narrower(connection, into.seq) if topic.entry.slug in went and topic.entry.slug not in above
    ]
    put_below(connection, below, merge.slug, writer=writer)


def _now(connection: Connection, slug: str | None) -> str | None:
    """Return the slug of now of a topic that had that slug, or None when it is no more."""
    found = connection.execute(text(_NOW), {"slug": slug}).scalar()
    return None if found is None else str(found)


_NOW = """
SELECT slug FROM topic WHERE slug = :slug
UNION ALL SELECT topic.slug FROM moved JOIN topic ON topic.seq = moved.seq
WHERE moved.what = 'topic' AND moved.slug = :slug
"""
