"""Branches: a filter as index ranges.

A list in order of said date is merged from branches, each of which is one range of one index, read in order and cut at
the page's length: one for each precision of the date, and for each speaker or topic where several are asked for. So a
page costs the same at any depth and, where the filter is no more than speakers, topics and dates, at any size.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
)
from sqlalchemy.sql.selectable import CompoundSelect, NamedFromClause

from app.store import search
from app.store.documents import QUOTE, SOURCE
from app.tables import Annotation, Proposal, QuoteTopic, TopicEntry
from app.tables.columns import Expression, table
from app.tables.filter import Sort
from app.tables.quote import Grain

ENTRY = table(TopicEntry)
MOST_BRANCHES = 24
_INDEXED = {"asserted", "speaker", "topic", "said_from", "said_to", "said_to_year"}
"""Terms that a branch answers from its index range."""

Shape = tuple[tuple[str, int], ...]
Numbers = Select[Any] | CompoundSelect[Any]  # rows of `seq` and of what orders them, which differs by the order


class Order(NamedTuple):
    """The columns of an order, the last of which is unique, and whether it runs downward."""

    columns: tuple[str, ...]
    down: bool


ORDERS = {
    Sort.SAID_DESC: Order(("said_order", "id"), True),
    Sort.SAID: Order(("said_order", "id"), False),
    Sort.SOURCE: Order(("source", "position", "id"), False),
    Sort.ADDED: Order(("seq",), False),
    Sort.ADDED_DESC: Order(("seq",), True),
    Sort.LENGTH: Order(("length", "id"), False),
    Sort.LENGTH_DESC: Order(("length", "id"), True),
    Sort.CONFIDENCE: Order(("doubt", "seq"), False),
}
CURSOR_TYPES = {
    "said_order": str,
    "id": str,
    "source": int,
    "position": int,
    "seq": int,
    "length": int,
    "doubt": float,
}


def is_bounded(shape: Shape, sort: Sort) -> bool:
    """Tell whether a page of this shape reads no more rows than it serves, whatever the record's size."""
    names = {name for name, _ in shape}
    by_index = ORDERS[sort].columns[0] == "said_order" and names <= _INDEXED
    return by_index or (names <= {"asserted"} and sort is not Sort.SOURCE)


def page(shape: Shape, sort: Sort, *, after: bool) -> Numbers:
    """Return a select of one page's rows: `seq` and the columns of the order, in order.

    Parameters: those of the terms; `limit`; with `after`, `after_0` and so on, one for each column of the order.
    """
    order = ORDERS[sort]
    if order.columns[0] == "said_order" and not _is_read_whole(shape):
        branches = [_cut(branch, order, after) for branch in _said_branches(shape)]
    else:
        branches = [_cut(_Branch(QUOTE, QUOTE, _everything(shape)), order, after)]
    if len(branches) == 1:
        return branches[0]
    # Several topics may hold the same quote, so only then are equal rows folded.
    merge = union if _count(shape, "topic") > 1 else union_all
    whole = merge(*(select(branch.subquery()) for branch in branches)).subquery("merged")
    return _ordered(select(whole), [whole.c[name] for name in order.columns], order.down)


def matched(shape: Shape, *columns: str) -> Numbers:
    """Return a select of the `seq` of the quotes that match, at most parameter `most` of them, in no order.

    `columns` come with it: `speaker`, `grain` or `said_order`, which need no look at the quotes themselves.
    """
    if _is_read_whole(shape):
        branches = [_Branch(QUOTE, QUOTE, _everything(shape))]
    else:
        branches = _said_branches(shape)
    most: BindParameter[int] = bindparam("most", required=False)
    parts = [
        select(_seq(branch), *(branch.keys.c[name] for name in columns))
        .select_from(branch.rows)
        .where(*branch.conditions)
        for branch in branches
    ]
    if len(parts) == 1:
        return parts[0].limit(most)
    if _count(shape, "topic") > 1:
        return union(*(select(part.limit(most).subquery()) for part in parts)).limit(most)
    return union_all(*parts).limit(most)


def conditions(shape: Shape) -> list[ColumnElement[bool]]:
    """Return every condition of the shape, on QUOTE alone."""
    return _everything(shape)


def _is_read_whole(shape: Shape) -> bool:
    """Tell whether all that match are read and then put in order: what is not public, and a search that finds few."""
    return _has(shape, "status") or _has(shape, "match") or _has(shape, "match_newest")


class _Branch(NamedTuple):
    """Rows to read, the table whose columns order them, and what they must satisfy."""

    rows: FromClause
    keys: NamedFromClause
    conditions: list[ColumnElement[bool]]


def _said_branches(shape: Shape) -> list[_Branch]:
    topics, speakers = _count(shape, "topic"), _count(shape, "speaker")
    each_topic: list[tuple[int, ...]] = [(at,) for at in range(topics)] if topics else [()]
    each_speaker: list[tuple[int, ...]] = [(at,) for at in range(speakers)] if speakers else [()]
    if len(each_topic) * len(each_speaker) * len(Grain) > MOST_BRANCHES and speakers:
        each_speaker = [tuple(range(speakers))]
    return [
        _branch(shape, grain, topic, speaker) for topic in each_topic for speaker in each_speaker for grain in Grain
    ]


def _branch(shape: Shape, grain: Grain, topic: tuple[int, ...], speaker: tuple[int, ...]) -> _Branch:
    keys: NamedFromClause = ENTRY if topic else QUOTE
    rest = [(name, count) for name, count in shape if name not in ("speaker", "topic", "asserted")]
    # Few are of one source: the plus keeps SQLite from walking all in order (sqlite.org/optoverview.html, 4).
    own = literal_column("+quote.grain") if _has(shape, "source") and not topic else keys.c.grain
    driven = [own == literal_column(grain.value)]
    if topic:
        driven.append(ENTRY.c.topic == _value("topic", topic[0]))
    else:
        driven.append(QUOTE.c.public == literal_column("1"))
    if speaker:
        driven.append(_among(keys.c.speaker, "speaker", speaker))
    if _has(shape, "asserted"):
        driven.append(ENTRY.c.asserted == literal_column("1") if topic else _asserted())
    others = [part for name, count in rest for part in _condition(name, count, shape)]
    rows: FromClause = QUOTE
    if topic:
        rows = ENTRY.join(QUOTE, QUOTE.c.seq == ENTRY.c.quote) if others else ENTRY
    return _Branch(rows, keys, driven + _said(shape, grain, keys) + others)


def _said(shape: Shape, grain: Grain, keys: NamedFromClause) -> list[ColumnElement[bool]]:
    """Return what of the date range this precision needs.

    A quote matches when it may have been said in the range: `earliest <= to` and `latest >= from`.
    """
    found: list[ColumnElement[bool]] = []
    if _has(shape, "said_from"):
        since = _value("said_from", 0)
        if grain is Grain.OPEN:
            found.append(or_(keys.c.said_order >= since, keys.c.said_order == literal_column("''")))
        else:
            found.append(keys.c.said_order >= since)
    if _has(shape, "said_to"):
        until = _value("said_to", 0)
        if grain is Grain.DAY:
            found.append(keys.c.said_order <= until)
        else:
            found.append(or_(keys.c.said_earliest.is_(None), keys.c.said_earliest <= until))
        if grain is Grain.YEAR:
            found.append(keys.c.said_order <= _value("said_to_year", 0))
    return found


def _cut(branch: _Branch, order: Order, after: bool) -> Select[Any]:
    columns = [_doubt() if name == "doubt" else branch.keys.c[name] for name in order.columns]
    rows: Select[Any] = select(_seq(branch))
    rows = rows.add_columns(*(column for column in columns if column.key != "seq"))
    rows = rows.select_from(branch.rows).where(*branch.conditions)
    if after:
        marks = [_value("after", at) for at in range(len(columns))]
        here, mark = (tuple_(*columns), tuple_(*marks)) if len(columns) > 1 else (columns[0], marks[0])
        rows = rows.where(here < mark if order.down else here > mark)
    return _ordered(rows, columns, order.down)


def _doubt() -> Expression:
    """Return what grows as a quote is less sure: below 0 where that is told, else 1."""
    sure = table(Proposal).alias("told")
    told: Select[Any] = (
        select(literal_column("0 - told.confidence")).select_from(sure).where(sure.c.quote == QUOTE.c.seq)
    )
    return func.coalesce(told.correlate(QUOTE).scalar_subquery(), literal_column("1.0")).label("doubt")


def _ordered(rows: Select[Any], columns: Sequence[Expression], down: bool) -> Select[Any]:
    limit: BindParameter[int] = bindparam("limit", required=False)
    return rows.order_by(*(column.desc() if down else column for column in columns)).limit(limit)


def _seq(branch: _Branch) -> ColumnElement[int]:
    return (branch.keys.c.quote if branch.keys is ENTRY else QUOTE.c.seq).label("seq")


def _everything(shape: Shape) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not _has(shape, "status"):
        found.append(QUOTE.c.public == literal_column("1"))
    for name, count in shape:
        found += _condition(name, count, shape)
    if _has(shape, "said_from"):
        found.append(or_(QUOTE.c.said_latest.is_(None), QUOTE.c.said_latest >= _value("said_from", 0)))
    if _has(shape, "said_to"):
        found.append(or_(QUOTE.c.said_earliest.is_(None), QUOTE.c.said_earliest <= _value("said_to", 0)))
    return found


def _condition(name: str, count: int, shape: Shape) -> list[ColumnElement[bool]]:
    """Return what one term asks of QUOTE; a date range is left to the caller."""
    every = tuple(range(count))
    own = ("speaker", "source", "kind", "medium", "polarity", "status")
    columns = {**{name: QUOTE.c[name] for name in own}, "venue": QUOTE.c.venue_kind}
    if name in columns:
        return [_among(columns[name], name, every)]
    if name == "asserted":
        return [_asserted()]
    if name == "not_speaker":
        return [or_(QUOTE.c.speaker.is_(None), ~_among(QUOTE.c.speaker, name, every))]
    if name == "not_source":
        return [~_among(QUOTE.c.source, name, every)]
    if name == "not_topic":
        return [] if _has(shape, "not_topic_tree") else [~_on_topic(name, at) for at in every]
    if name == "not_topic_tree":
        about = table(QuoteTopic).alias("avoided")
        return [~exists().where(about.c.quote == QUOTE.c.seq, _among(about.c.topic, name, every))]
    if name == "topic":
        return [] if _has(shape, "topic_tree") else [or_(*(_on_topic(name, at) for at in every))]
    if name == "topic_tree":
        return [_stance(shape)]
    if name == "stance":
        return [] if _has(shape, "topic_tree") else [_stance(shape)]
    if name in ("publisher", "published_from", "published_to"):
        return [_printed(name, every)]
    if name in ("match", "match_some", "match_each", "match_newest", "not_match", "nothing"):
        return [_searched(name)]
    lengths = {"min_length": QUOTE.c.length >= _value(name, 0), "max_length": QUOTE.c.length <= _value(name, 0)}
    if name in lengths:
        return [lengths[name]]
    return [_yes_or_no()[name]] if name in _yes_or_no() else []


def _searched(name: str) -> ColumnElement[bool]:
    if name == "nothing":
        return literal_column("0")
    if name == "match_some":
        return search.matching_some(f"{name}_0")
    if name == "match_each":
        return search.matching_each(f"{name}_0")
    if name == "match_newest":
        return search.matching_newest(f"{name}_0")
    return ~search.matching(f"{name}_0") if name == "not_match" else search.matching(f"{name}_0")


def _yes_or_no() -> dict[str, ColumnElement[bool]]:
    noted = exists().where(table(Annotation).c.quote == QUOTE.c.seq)
    return {
        "firsthand_True": QUOTE.c.parent.is_(None),
        "firsthand_False": QUOTE.c.parent.is_not(None),
        "annotated_True": noted,
        "annotated_False": ~noted,
    }


def _asserted() -> ColumnElement[bool]:
    return QUOTE.c.polarity == literal_column("'asserted'")


def _on_topic(name: str, at: int) -> ColumnElement[bool]:
    entry = ENTRY.alias(f"{name}_{at}_entry")
    return exists().where(
        and_(
            entry.c.topic == _value(name, at),
            entry.c.grain == QUOTE.c.grain,
            entry.c.said_order == QUOTE.c.said_order,
            entry.c.id == QUOTE.c.id,
        )
    )


def _stance(shape: Shape) -> ColumnElement[bool]:
    """Return that the quote is on one of the topics, or takes one of the stances, or does both in one."""
    about = table(QuoteTopic).alias("taken")
    asked = [about.c.quote == QUOTE.c.seq]
    for name, column in (("stance", about.c.stance), ("topic_tree", about.c.topic)):
        if _has(shape, name):
            asked.append(_among(column, name, tuple(range(_count(shape, name)))))
    return exists().where(and_(*asked))


def _printed(name: str, every: tuple[int, ...]) -> ColumnElement[bool]:
    source = SOURCE.alias(f"{name}_source")
    published = source.c.published
    asked = {
        "publisher": _among(source.c.publisher, name, every),
        "published_from": published >= _value(name, 0),
        "published_to": published <= _value(name, 0),
    }[name]
    return exists().where(and_(source.c.seq == QUOTE.c.source, asked))


def _among(column: Expression, name: str, which: tuple[int, ...]) -> ColumnElement[bool]:
    if len(which) == 1:
        return column == _value(name, which[0])
    return column.in_([_value(name, at) for at in which])


def _value(name: str, at: int) -> BindParameter[object]:
    return bindparam(f"{name}_{at}", required=False)


def _has(shape: Shape, name: str) -> bool:
    return _count(shape, name) > 0


def _count(shape: Shape, name: str) -> int:
    return dict(shape).get(name, 0)
