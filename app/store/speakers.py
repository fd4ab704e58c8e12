"""Reads speakers, and what each said on each topic over time."""

import json
import sqlite3
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ColumnElement, Integer, Join, Select, String, bindparam, case, cast, func, literal_column, select

from app.errors import Fault, Invalid
from app.store import cursors, search
from app.store.branches import ENTRY
from app.store.documents import (
    QUOTE,
    SOURCE,
    SPEAKER,
    TOPIC,
    Json,
    array,
    boolean,
    brief_source,
    brief_speaker,
    document,
    given,
    path,
    said,
)
from app.store.facets import MOST_VALUES, TALLY, Total
from app.store.lists import Listed, Listing, among, listing, numbered
from app.store.statements import Statement, Value, prepare
from app.store.terms import missing, number, unknown
from app.tables import QuoteTopic, SpeakerName, SpeakerRole
from app.tables.columns import Expression, table
from app.tables.filter import AskedPolarity, PositionFilter
from app.tables.quote import Grain
from app.tables.shelf import Dimension
from app.tables.speaker import SpeakerFilter

_ABOUT = table(QuoteTopic)
MOST_NAMED = 500
"""Speakers that a name finds, at most."""


def find(reader: sqlite3.Connection, asked: SpeakerFilter) -> Listed:
    """Return one page of speakers by name; with `q` those so named, names that begin so first.

    Raises Invalid for a cursor of another list.
    """
    kinds = numbered("kind", asked.kind)
    if asked.q and asked.q.strip():
        return _named(reader, asked, asked.q, kinds)
    return _list(len(kinds)).run(reader, limit=asked.limit, after=asked.after, scope="speakers", values=kinds)


def _named(reader: sqlite3.Connection, asked: SpeakerFilter, name: str, kinds: dict[str, Value]) -> Listed:
    """Return one page of the speakers of that name; its cursor is the place in their list."""
    scope = f"speakers named {name} {sorted(kinds.items())}"
    since = int(str(cursors.decode(asked.after, scope, (int,))[0])) if asked.after is not None else 0
    found = search.speakers_named(reader, name, most=MOST_NAMED)
    rows = _by_number(len(kinds)).rows(reader, {**kinds, "numbers": json.dumps(found)})
    page = rows[since : since + asked.limit]
    more = len(rows) > since + asked.limit
    return Listed(
        items=[str(row[0]) for row in page],
        after=cursors.encode((since + asked.limit,), scope) if more else None,
        total=Total(len(rows), len(found) < MOST_NAMED),
        keys=[],
    )


@lru_cache(maxsize=16)
def _by_number(kinds: int) -> Statement:
    numbers = given("numbers")
    rows = select(document(_fields())).select_from(numbers.join(SPEAKER, SPEAKER.c.seq == numbers.c.value))
    return prepare(rows.where(*among(SPEAKER.c.kind, "kind", kinds)).order_by(numbers.c.key))


def one(reader: sqlite3.Connection, slug: str) -> str:
    """Return a speaker, whole, as JSON. Raises NotFound, naming the nearest known slug."""
    row = _one().row(reader, {"slug": slug})
    if row is None:
        raise missing(reader, "speaker", slug)
    return str(row[0])


def brief(reader: sqlite3.Connection, slug: str) -> str:
    """Return a speaker as a quote names it, as JSON. Raises NotFound, naming the nearest known slug."""
    row = _brief().row(reader, {"slug": slug})
    if row is None:
        raise missing(reader, "speaker", slug)
    return str(row[0])


def named(reader: sqlite3.Connection, slugs: Iterable[str]) -> dict[str, str]:
    """Return the usual names of those speakers, by their slugs."""
    rows = _named_slugs().rows(reader, {"slugs": json.dumps(list(slugs))})
    return {str(row[0]): str(row[1]) for row in rows}


def positions(reader: sqlite3.Connection, slug: str, asked: PositionFilter) -> Listed:
    """Return one page of topics, by label, with the first of what the speaker said on each, oldest first.

    Raises NotFound for an unknown speaker, and Invalid for an unknown topic.
    """
    seq = number(reader, "speaker", slug)
    if seq is None:
        raise missing(reader, "speaker", slug)
    topics = {topic: number(reader, "topic", topic) for topic in asked.topic}
    nowhere = [topic for topic, found in topics.items() if found is None]
    if nowhere:
        raise Invalid.of(Fault(unknown(reader, "topic", nowhere[0]), parameter="topic"))
    polarity = () if AskedPolarity.ANY in asked.polarity else tuple(dict.fromkeys(asked.polarity))
    values: dict[str, Value] = {
        "speaker": seq,
        "slug": slug,
        "per_topic": asked.per_topic,
        "more": _asked_polarity(asked),
        **{f"topic_{at}": topic for at, topic in enumerate(topics.values())},
        **numbered("polarity", polarity),
    }
    made = _positions(len(topics), len(polarity))
    return made.run(reader, limit=asked.limit, after=asked.after, scope="positions", values=values)


def _asked_polarity(asked: PositionFilter) -> str:
    """Return what the list of quotes must be asked for, so that it is under the same filter."""
    default = tuple(asked.polarity) == (AskedPolarity.ASSERTED,)
    return "" if default else "".join(f"&polarity={word}" for word in dict.fromkeys(asked.polarity))


def _fields() -> dict[str, Expression]:
    return {
        **{name: SPEAKER.c[name] for name in ("slug", "name", "kind")},
        "url": path("/v1/speakers/", SPEAKER.c.slug),
        "description": SPEAKER.c.description,
        "wikidata": SPEAKER.c.wikidata,
        "quotes": tallied(Dimension.SPEAKER, SPEAKER.c.seq),
        "first_said": _day(down=False),
        "last_said": _day(down=True),
    }


def tallied(dimension: Dimension, seq: ColumnElement[int]) -> ColumnElement[int]:
    """Return what the counter of one thing says, 0 when there is none."""
    counter = TALLY.alias(f"{dimension.value}_tally")
    key = cast(seq, String)
    here = select(counter.c.n).where(
        counter.c.dimension == literal_column(f"'{dimension.value}'"), counter.c.key == key
    )
    return func.coalesce(here.scalar_subquery(), literal_column("0"))


def _day(*, down: bool) -> ColumnElement[str | None]:
    """Return the first or the last day of the speaker's public, asserted quotes whose very day is known."""
    said_on = QUOTE.alias("last_quote" if down else "first_quote")
    day = said_on.c.said_order
    rows = select(day).where(
        said_on.c.speaker == SPEAKER.c.seq,
        said_on.c.grain == literal_column(Grain.DAY.value),
        said_on.c.public == literal_column("1"),
        said_on.c.polarity == literal_column("'asserted'"),
    )
    return rows.order_by(day.desc() if down else day).limit(literal_column("1")).correlate(SPEAKER).scalar_subquery()


@lru_cache(maxsize=16)
def _list(kinds: int) -> Listing:
    where = among(SPEAKER.c.kind, "kind", kinds)
    return listing(document(_fields()), SPEAKER, order=(SPEAKER.c.name, SPEAKER.c.slug), where=where)


@lru_cache(maxsize=1)
def _named_slugs() -> Statement:
    slugs = given("slugs")
    return prepare(select(SPEAKER.c.slug, SPEAKER.c.name).where(SPEAKER.c.slug.in_(select(slugs.c.value))))


@lru_cache(maxsize=1)
def _brief() -> Statement:
    return prepare(select(brief_speaker()).where(SPEAKER.c.slug == bindparam("slug", required=False)))


@lru_cache(maxsize=1)
def _one() -> Statement:
    name, role = table(SpeakerName), table(SpeakerRole)
    spelled = {"name": name.c.name, "language": name.c.language, "printed": boolean(name.c.printed == 1)}
    names = select(document(spelled).label("document")).where(name.c.speaker == SPEAKER.c.seq)
    held = {"title": role.c.title, "organization": role.c.organization, "from": role.c.start, "to": role.c.end}
    roles = select(document(held).label("document")).where(role.c.speaker == SPEAKER.c.seq)
    fields = {
        **_fields(),
        "names": array(names.order_by(name.c.name).correlate(SPEAKER)),
        "roles": array(roles.order_by(role.c.ordinal).correlate(SPEAKER)),
        "topics": _topics(),
        "version": SPEAKER.c.version,
        "created": SPEAKER.c.created,
        "updated": SPEAKER.c.updated,
    }
    return prepare(select(document(fields)).where(SPEAKER.c.slug == bindparam("slug", required=False)))


def _topics() -> Json:
    n = func.count().label("n")
    counts = (
        select(ENTRY.c.topic.label("topic"), n)
        .where(ENTRY.c.speaker == SPEAKER.c.seq, ENTRY.c.asserted == literal_column("1"))
        .group_by(ENTRY.c.topic)
        .order_by(n.desc(), ENTRY.c.topic)
        .limit(literal_column(str(MOST_VALUES)))
        .correlate(SPEAKER)
        .subquery("counts")
    )
    fields = {"slug": TOPIC.c.slug, "label": TOPIC.c.label, "quotes": counts.c.n}
    rows = select(document(fields).label("document")).select_from(counts.join(TOPIC, TOPIC.c.seq == counts.c.topic))
    return array(rows.order_by(counts.c.n.desc(), TOPIC.c.slug))


@lru_cache(maxsize=64)
def _positions(topics: int, polarities: int) -> Listing:
    held = _held(polarities)
    # Two stances on one topic are two positions of one quote.
    every = held.subquery("every")
    positions = select(func.count()).select_from(every).scalar_subquery()
    first = _own_quotes(polarities).order_by(QUOTE.c.said_order, QUOTE.c.id, _ABOUT.c.ordinal)
    all_of_it = path("/v1/quotes?sort=said&speaker=", bindparam("slug", required=False))
    all_of_it = all_of_it.concat(path("&topic=", TOPIC.c.slug)).concat(bindparam("more", required=False))
    fields = {
        "topic": document({"slug": TOPIC.c.slug, "label": TOPIC.c.label}),
        "quotes": select(func.count(every.c.seq.distinct())).scalar_subquery(),
        "positions": array(first.limit(bindparam("per_topic", required=False))),
        "more": case((positions > bindparam("per_topic", required=False), all_of_it), else_=None),
    }
    # Only topics of the speaker's shelf: reading them is one scan of an index that holds nothing else.
    shelf = select(ENTRY.c.topic).where(ENTRY.c.speaker == bindparam("speaker", required=False)).distinct()
    where = [TOPIC.c.seq.in_(shelf), held.exists(), *among(TOPIC.c.seq, "topic", topics)]
    return listing(document(fields), TOPIC, order=(TOPIC.c.label, TOPIC.c.slug), where=where)


def _own_quotes(polarities: int) -> Select[str]:
    """Return the speaker's public quotes on TOPIC itself, in no order."""
    fields = {
        "id": QUOTE.c.id,
        "url": path("/v1/quotes/", QUOTE.c.id),
        "text": QUOTE.c.text,
        "kind": QUOTE.c.kind,
        "polarity": QUOTE.c.polarity,
        "status": QUOTE.c.status,
        "said": said(),
        "stance": _ABOUT.c.stance,
        "proposition": _ABOUT.c.proposition,
        "source": brief_source(),
    }
    rows = _told().join(QUOTE, QUOTE.c.seq == ENTRY.c.quote).join(SOURCE, SOURCE.c.seq == QUOTE.c.source)
    return (
        select(document(fields).label("document"))
        .select_from(rows)
        .where(*_here(), *among(QUOTE.c.polarity, "polarity", polarities))
        .correlate(TOPIC)
    )


def _held(polarities: int) -> Select[int]:
    """Return the same quotes by number; the quotes themselves are looked at only for their polarity."""
    rows = _told()
    if polarities:
        rows = rows.join(QUOTE, QUOTE.c.seq == ENTRY.c.quote)
    asked = among(QUOTE.c.polarity, "polarity", polarities)
    return select(ENTRY.c.quote.label("seq")).select_from(rows).where(*_here(), *asked).correlate(TOPIC)


def _told() -> Join:
    # Cast, a topic is not looked up by its index: what everybody said on it is far more than what the speaker did.
    on_it = cast(_ABOUT.c.topic, Integer) == ENTRY.c.topic
    return ENTRY.join(_ABOUT, (_ABOUT.c.quote == ENTRY.c.quote) & on_it)


def _here() -> tuple[ColumnElement[bool], ...]:
    return (ENTRY.c.speaker == bindparam("speaker", required=False), ENTRY.c.topic == TOPIC.c.seq)
