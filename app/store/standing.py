"""Compares what stands on the record with the history: each thing is to be what its last change made of it.

Whoever has the file in hands can drop the triggers and alter a row. The document of each row as it is now is made by
the functions that make it for the history, so that nothing the history tells can be altered unseen, and nothing is
told in two ways. What follows from a document alone, such as shelves and the full text, is not looked at.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from pydantic import JsonValue, ValidationError
from sqlalchemy import Connection

from app.store import ends, history, ingest, links, notes, states
from app.store.corrections import OF_PROPOSAL, OF_REVIEW, link_state
from app.store.damage import BYTE, readable
from app.store.entries import formers, state
from app.store.history import Document
from app.store.leads import Now
from app.store.texts import source_state
from app.tables.db import driver
from app.tables.integrity import Failing, Failure
from app.tables.words import Status, What

_BESIDE = OF_REVIEW | OF_PROPOSAL
"""What the history tells of a quote besides its state."""
_MOST_SHOWN = 80
_SLUGS = {
    What.SOURCE: {"revises": What.SOURCE},
    What.TOPIC: {"broader": What.TOPIC},
    What.QUOTE: {"source": What.SOURCE, "speaker": What.SPEAKER},
    What.ANNOTATION: {"source": What.SOURCE},
}
"""Members of documents that name another thing by the slug that it had then."""

Maker = Callable[[], Document]


class _Last(NamedTuple):
    """The last change of a thing: its number, and the document that it made, or None when it took the thing off."""

    change: int
    after: str | None


class Standing:
    """What stands on the record, in one snapshot of it, read however damaged it is (store/damage.py)."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._reader = connection, driver(connection)
        self._now = Now(connection)

    def of_source(self, seq: int, slug: str, sha256: str) -> Iterator[Failure]:
        """Compare a source, its quotes, the notes on both, and the links that start at one of them."""
        yield from self._look(What.SOURCE, slug, partial(self._source, seq, sha256), slug)
        for what, together, one in (
            (What.QUOTE, self._quotes, self._quote),
            (What.ANNOTATION, self._notes, self._note),
            (What.LINK, self._links, self._link),
        ):
            found: Mapping[str, Maker]
            try:
                found = {name: partial(dict, document) for name, document in together(seq, slug).items()}
            except ValueError:
                # One of them holds what none can hold: looked at one by one, no other fails with it.
                names = [str(row[0]) for row in self._reader.execute(_NAMES[what], {"source": seq})]
                found = {name: partial(one, seq, slug, name) for name in names}
            for name, made in found.items():
                yield from self._look(what, name, made, slug)

    def of_the_rest(self) -> Iterator[Failure]:
        """Compare speakers and topics; then tell of everything that is missing from the record."""
        for what, made in ((What.SPEAKER, self._speaker), (What.TOPIC, self._topic)):
            for seq, slug in self._reader.execute(f"SELECT seq, slug FROM {what.value} ORDER BY seq"):
                yield from self._look(what, slug, partial(made, seq, slug))
        for what in What:
            yield from self._missing(what)

    def _look(self, what: What, name: str, made: Maker, source: str | None = None) -> Iterator[Failure]:
        """Yield what is wrong with the one thing that stands on the record under that name."""
        fails = partial(_failure, what, name, source)
        try:
            document = made()
            now = history.written(document)
        except ValueError as error:
            yield fails(Failing.STATE, f"It cannot be read: {_why(error)}.")
            return
        last = self._last(what, name)
        if last is None:
            yield fails(Failing.UNRECORDED, "It is on the record, and no change put it there.")
        elif last.after is None:
            detail = f"It is on the record, and change {last.change} took it off."
            yield fails(Failing.UNRECORDED, detail, change=last.change)
        elif last.after != now:  # written alike, nothing is to be read: so it is with nearly all
            yield from self._compare(what, document, last.after, partial(fails, Failing.STATE, change=last.change))

    def _compare(self, what: What, now: Document, after: str, fails: Callable[..., Failure]) -> Iterator[Failure]:
        try:
            then = self._of_now(what, json.loads(after))
        except (ValueError, TypeError, KeyError):
            yield fails("What its last change made of it cannot be read.")
            return
        skipped = _beside(now) if what is What.QUOTE else frozenset()
        apart = [name for name in {**now, **then} if now.get(name) != then.get(name) and name not in skipped]
        if apart:
            told = [f"{name} is {_shown(now.get(name))}, and was {_shown(then.get(name))}" for name in apart]
            yield fails(f"It is not what its last change made of it: {'; '.join(told)}.", members=apart)

    def _of_now(self, what: What, document: Document) -> Document:
        """Return a document with the slugs of now: a rename is told once, and not of all that name what it renames."""
        made = dict(document)
        for member, of in _SLUGS.get(what, {}).items():
            slug = made.get(member)
            made[member] = self._now.of(of, slug) if isinstance(slug, str) else slug
        topics = made.get("topics")
        if isinstance(topics, list):
            made["topics"] = [
                {**about, "topic": self._now.of(What.TOPIC, str(about["topic"]))} if isinstance(about, dict) else about
                for about in topics
            ]
        return made

    def _missing(self, what: What) -> Iterator[Failure]:
        """Yield what the history left on the record and is not there; what got another slug is there under that."""
        renamed: dict[str, int] | None = None
        for (name,) in self._reader.execute(_NOT_THERE[what], {"what": what.value}).fetchall():
            last = self._last(what, name)
            if last is None or last.after is None:
                continue
            if renamed is None:
                renamed = dict(self._reader.execute(_RENAMED, {"what": what.value}).fetchall())
            if renamed.get(name, 0) < last.change:
                detail = f"It is not on the record, and no change after {last.change} took it off."
                yield _failure(what, name, None, Failing.MISSING, detail, change=last.change)

    def _last(self, what: What, name: str) -> _Last | None:
        if BYTE.search(name):
            return None
        row = self._reader.execute(_LAST, (what.value, name)).fetchone()
        return None if row is None else _Last(*row)

    def _source(self, seq: int, sha256: str) -> Document:
        led = formers(self._connection, What.SOURCE, seq)
        return source_state(states.source_fields(self._connection, seq), sha256, led)

    def _speaker(self, seq: int, slug: str) -> Document:
        ((_, _, entry),) = states.speakers(self._connection, [slug])
        return state(entry, formers(self._connection, What.SPEAKER, seq))

    def _topic(self, seq: int, slug: str) -> Document:
        ((_, _, entry),) = states.topics(self._connection, [slug])
        return state(entry, formers(self._connection, What.TOPIC, seq))

    def _quotes(self, seq: int, slug: str) -> dict[str, Document]:
        told = ends.told(self._reader, seq)
        found = states.quotes(self._connection, seq)
        return {item.quote.id: {**ingest.state(item.quote, slug), **told.get(item.quote.id, {})} for item in found}

    def _quote(self, seq: int, slug: str, name: str) -> Document:
        found = states.quote(self._connection, name)
        return (
            {} if found is None else {**ingest.state(found.quote, slug), **ends.told(self._reader, seq).get(name, {})}
        )

    def _notes(self, seq: int, _slug: str) -> dict[str, Document]:
        return {found.id: notes.state(found.note, found.target) for found in notes.of_source(self._connection, seq)}

    def _note(self, _seq: int, _slug: str, name: str) -> Document:
        found = notes.stored(self._connection, name)
        return notes.state(found.note, found.target)

    def _links(self, seq: int, _slug: str) -> dict[str, Document]:
        return {name: dict(link_state(link)) for name, _, link in states.links(self._connection, seq)}

    def _link(self, _seq: int, _slug: str, name: str) -> Document:
        return dict(link_state(links.stored(self._connection, name).link))


def _beside(now: Document) -> frozenset[str]:
    """Return what the history tells of a quote that the record keeps in no such form: why a quote is disputed, say.

    Why one was withdrawn it does keep, for whoever asks for it.
    """
    return OF_PROPOSAL if now.get("status") == Status.WITHDRAWN else _BESIDE


def _failure(
    what: What,
    name: str,
    source: str | None,
    failing: Failing,
    detail: str,
    *,
    change: int | None = None,
    members: list[str] | None = None,
) -> Failure:
    named = readable(name)
    return Failure(
        source=None if source is None else readable(source),
        quote=named if what is What.QUOTE else None,
        thing=what,
        name=named,
        members=[readable(member) for member in members or ()],
        change=change,
        what=failing,
        detail=readable(detail),
    )


def _shown(value: JsonValue) -> str:
    told = json.dumps(value, ensure_ascii=False)
    return told if len(told) <= _MOST_SHOWN else f"{told[:_MOST_SHOWN]}…"


def _why(error: ValueError) -> str:
    """Return what cannot be read, on one line."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)


_LAST = 'SELECT seq, "after" FROM change WHERE what = ? AND name = ? ORDER BY version DESC, seq DESC LIMIT 1'
_NAMES = {
    What.QUOTE: "SELECT id FROM quote WHERE source = :source ORDER BY position, id",
    What.ANNOTATION: "SELECT id FROM annotation WHERE source = :source "
    "OR quote IN (SELECT seq FROM quote WHERE source = :source)",
    What.LINK: "SELECT link.id FROM quote JOIN link ON link.from_quote = quote.seq WHERE quote.source = :source",
}
_THERE = {
    What.SOURCE: "source WHERE source.slug = change.name",
    What.SPEAKER: "speaker WHERE speaker.slug = change.name",
    What.TOPIC: "topic WHERE topic.slug = change.name",
    What.QUOTE: "quote JOIN source ON source.seq = quote.source WHERE quote.id = change.name",
    What.ANNOTATION: "annotation LEFT JOIN quote ON quote.seq = annotation.quote "
    "JOIN source ON source.seq = coalesce(annotation.source, quote.source) WHERE annotation.id = change.name",
    What.LINK: "link JOIN quote ON quote.seq = link.from_quote JOIN source ON source.seq = quote.source "
    "JOIN quote AS goal ON goal.seq = link.to_quote WHERE link.id = change.name",
}
"""What is there, and where it is to be: a quote of no source is served nowhere, and compared with nothing."""
_NOT_THERE = {
    what: f"SELECT DISTINCT name FROM change WHERE what = :what AND NOT EXISTS (SELECT 1 FROM {there})"
    for what, there in _THERE.items()
}
_RENAMED = """
SELECT was, max(seq) FROM (
    SELECT seq, name, CASE WHEN json_valid(before) THEN before ->> 'slug' END AS was FROM change WHERE what = :what
) WHERE was <> name GROUP BY was
"""
