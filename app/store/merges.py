"""Merges two speakers or two topics into one; store/splits.py undoes it.

One goes, and its quotes, names, roles, labels and narrower topics are the other's; its slug leads there. Its last
changes say so: one with `merged_into`, and one by which it is gone. Each quote that moves is a change of its own in
the same transaction, which is how a split knows them.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, text

from app.errors import Fault, Invalid
from app.store import entries, holdings, search, shelves, states
from app.store.corrections import correct_quotes
from app.store.edits import StoredSpeaker, StoredTopic, narrower, quotes_of, quotes_on
from app.store.entries import Gone, formers
from app.store.history import Writer
from app.tables.anchored import AnchoredQuote, AnchoredStance
from app.tables.record import SpeakerEntry, TopicEntry
from app.tables.words import What

E = TypeVar("E", SpeakerEntry, TopicEntry)


def merge_speakers(connection: Connection, gone: StoredSpeaker, into: StoredSpeaker, *, writer: Writer) -> None:
    """Merge a speaker into another one. Raises Invalid for one and the same."""
    _prove_two(What.SPEAKER, gone, into)
    former, its = _lead(connection, What.SPEAKER, gone, into)
    after = _with(into.entry, gone.entry)
    entries.save_speaker(connection, into.seq, after, before=into.entry, writer=writer, former=former)
    if after != into.entry:
        search.again(connection, quotes_of(connection, into.seq))
    moved = quotes_of(connection, gone.seq)
    correct_quotes(connection, moved, lambda quote: quote._replace(speaker=into.entry.slug), writer=writer)
    ended = Gone(into.entry.slug, its)
    entries.remove_speaker(connection, gone.seq, gone.entry, writer=writer, gone=ended)


def merge_topics(connection: Connection, gone: StoredTopic, into: StoredTopic, *, writer: Writer) -> None:
    """Merge a topic into another one, which gets those below it too. Raises Invalid for itself, or one below it."""
    _prove_two(What.TOPIC, gone, into)
    slug, other = gone.entry.slug, into.entry.slug
    if slug in states.broader(connection, other):
        detail = f"The topic {other} is below {slug}: merge {other} into {slug}, or move it elsewhere first."
        raise Invalid.of(Fault(detail, pointer="/into"))
    former, its = _lead(connection, What.TOPIC, gone, into)
    after = _with(into.entry, gone.entry)
    entries.save_topic(connection, into.seq, after, before=into.entry, writer=writer, pointer="/into", former=former)
    if after != into.entry:
        search.again(connection, quotes_on(connection, into.seq))
    moved = quotes_on(connection, gone.seq)
    correct_quotes(connection, moved, lambda quote: _about(quote, slug, other), writer=writer)
    below = narrower(connection, gone.seq)
    put_below(connection, below, other, writer=writer)
    entries.remove_topic(connection, gone.seq, gone.entry, writer=writer, gone=Gone(other, its))


def _prove_two(what: What, gone: StoredSpeaker | StoredTopic, into: StoredSpeaker | StoredTopic) -> None:
    if gone.seq == into.seq:
        detail = f"The {what.value} {gone.entry.slug} cannot be merged into itself."
        raise Invalid.of(Fault(detail, pointer="/into"))


class _Led(NamedTuple):
    """The slugs that led to each before one was merged."""

    into: list[str]
    gone: list[str]


def _lead(
    connection: Connection, what: What, gone: StoredSpeaker | StoredTopic, into: StoredSpeaker | StoredTopic
) -> _Led:
    """Let the slug of what goes, and all that led to it, lead to the other."""
    led = _Led(formers(connection, what, into.seq), formers(connection, what, gone.seq))
    entries.lead(connection, what, led.gone, into.seq)
    sql = "INSERT INTO moved (what, slug, seq) VALUES (:what, :slug, :seq)"
    connection.execute(text(sql), {"what": what.value, "slug": gone.entry.slug, "seq": into.seq})
    return led


def _with(into: E, gone: E) -> E:
    """Return an entry with the names, roles or labels of one that is merged into it."""
    document = into.model_dump(mode="json")
    here, more = holdings.parts(document), holdings.brought(gone.model_dump(mode="json"))
    own = holdings.brought(document).keys() - here.keys()  # its usual name, which need not stand among the others
    more = {key: value for key, value in more.items() if key not in own}
    return type(into).model_validate(holdings.rebuilt(document, holdings.joined(here, more)))


def _about(quote: AnchoredQuote, slug: str, other: str) -> AnchoredQuote:
    """Return a quote that is on one topic where it was on two; the same stance stands once."""
    topics: list[AnchoredStance] = []
    for about in quote.topics:
        after = about._replace(topic=other) if about.topic == slug else about
        if after not in topics:
            topics.append(after)
    return quote._replace(topics=tuple(topics))


def put_below(connection: Connection, moved: Sequence[StoredTopic], slug: str, *, writer: Writer) -> None:
    """Move topics, with all below them, below another one."""
    for seq, _, entry in moved:
        after = entry.model_copy(update={"broader": slug})
        entries.save_topic(connection, seq, after, before=entry, writer=writer, pointer="")
    if moved:
        shelves.rebuild(connection)
