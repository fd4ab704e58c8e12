"""Reads the topic tree."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, func, literal_column, select

from app.store.documents import TOPIC, Json, array, document, given, path
from app.store.lists import Listed, Listing, listing
from app.store.speakers import tallied
from app.store.statements import Statement, Value, prepare
from app.store.terms import missing
from app.tables import TopicLabel
from app.tables.columns import Expression, table
from app.tables.shelf import Dimension
from app.tables.topic import TopicFilter

_ABOVE = TOPIC.alias("above")


class Branch(NamedTuple):
    """A topic of a tree: its fields as JSON, and how many steps it stands below the tree's top."""

    item: str
    step: int


class Outline(NamedTuple):
    """One page of trees, each from its top down; what is narrower follows what it is narrower than."""

    branches: Sequence[Branch]
    listed: Listed


def find(reader: sqlite3.Connection, asked: TopicFilter) -> Listed:
    """Return one page of the topmost topics by label, each with its whole tree. Raises Invalid for a wrong cursor."""
    found = _list().run(reader, limit=asked.limit, after=asked.after, scope="topics", values={})
    return found._replace(items=_trees(reader, [str(key[1]) for key in found.keys]))


def one(reader: sqlite3.Connection, slug: str) -> str:
    """Return a topic, whole, as JSON. Raises NotFound, naming the nearest known slug."""
    row = _one().row(reader, {"slug": slug})
    if row is None:
        raise missing(reader, "topic", slug)
    (tree,) = _trees(reader, [slug])
    return f"{str(row[0])[:-1]}{tree[tree.index(_NARROWER) :]}"


def outline(reader: sqlite3.Connection, asked: TopicFilter) -> Outline:
    """Return the same page as `find`, flat: a tree may be deeper than what reads nested JSON can go."""
    found = _list().run(reader, limit=asked.limit, after=asked.after, scope="topics", values={})
    return Outline(_branches(reader, [str(key[1]) for key in found.keys]), found)


def under(reader: sqlite3.Connection, slug: str) -> Sequence[Branch]:
    """Return all topics below one, flat; none for a slug that is not on the record."""
    return _branches(reader, [slug])[1:]


def alone(reader: sqlite3.Connection, slug: str) -> str:
    """Return a topic as `one` does, but with nothing below it. Raises NotFound, naming the nearest known slug."""
    row = _one().row(reader, {"slug": slug})
    if row is None:
        raise missing(reader, "topic", slug)
    return f"{str(row[0])[:-1]}{_NARROWER}[]}}"


_NARROWER = ',"narrower":'


def _branches(reader: sqlite3.Connection, slugs: Sequence[str]) -> list[Branch]:
    """Return topics, each followed by the tree below it."""
    below: dict[Value, list[tuple[Value, str]]] = defaultdict(list)
    tops: dict[Value, tuple[Value, str]] = {}
    for seq, broader, slug, fields in _below().rows(reader, {"slugs": json.dumps(slugs)}):
        below[broader].append((seq, str(fields)))
        tops[slug] = (seq, str(fields))
    found: list[Branch] = []
    waiting = [(tops[slug], 0) for slug in reversed(slugs) if slug in tops]
    while waiting:
        (seq, fields), step = waiting.pop()
        found.append(Branch(fields, step))
        waiting += [(child, step + 1) for child in reversed(below.pop(seq, []))]
    return found


def _trees(reader: sqlite3.Connection, slugs: Sequence[str]) -> list[str]:
    """Return topics, each with the tree below it, as JSON: rows from the top down, joined from the bottom up."""
    rows = _below().rows(reader, {"slugs": json.dumps(slugs)})
    narrower: dict[object, list[str]] = defaultdict(list)
    nodes: dict[object, str] = {}
    for seq, broader, slug, fields in reversed(rows):
        node = f"{str(fields)[:-1]}{_NARROWER}[{','.join(reversed(narrower.pop(seq, [])))}]}}"
        narrower[broader].append(node)
        nodes[slug] = node
    return [nodes[slug] for slug in slugs]


def _fields() -> dict[str, Expression]:
    return {
        "slug": TOPIC.c.slug,
        "label": TOPIC.c.label,
        "url": path("/v1/topics/", TOPIC.c.slug),
        "description": TOPIC.c.description,
        "wikidata": TOPIC.c.wikidata,
        "broader": select(_ABOVE.c.slug).where(_ABOVE.c.seq == TOPIC.c.broader).correlate(TOPIC).scalar_subquery(),
        "quotes": tallied(Dimension.TOPIC_OWN, TOPIC.c.seq),
        "quotes_with_narrower": tallied(Dimension.TOPIC, TOPIC.c.seq),
    }


@lru_cache(maxsize=1)
def _list() -> Listing:
    where = [TOPIC.c.broader.is_(None)]
    return listing(literal_column("''"), TOPIC, order=(TOPIC.c.label, TOPIC.c.slug), where=where)


@lru_cache(maxsize=1)
def _below() -> Statement:
    """Return seq, broader, slug and fields of topics and of all below them, step by step down, each step by label.

    `slugs` is a JSON array of topics none of which is below another.
    """
    asked = given("slugs")
    top = select(TOPIC.c.seq, literal_column("0").label("step")).where(TOPIC.c.slug.in_(select(asked.c.value)))
    down = top.cte("down", recursive=True)
    child = TOPIC.alias("child")
    down = down.union_all(select(child.c.seq, down.c.step + literal_column("1")).where(child.c.broader == down.c.seq))
    rows = select(TOPIC.c.seq, TOPIC.c.broader, TOPIC.c.slug, document(_fields())).select_from(
        down.join(TOPIC, TOPIC.c.seq == down.c.seq)
    )
    return prepare(rows.order_by(down.c.step, TOPIC.c.label, TOPIC.c.slug))


@lru_cache(maxsize=1)
def _one() -> Statement:
    label = table(TopicLabel)
    labels = select(_text(label.c.label).label("document")).where(label.c.topic == TOPIC.c.seq)
    fields = {
        **_fields(),
        "labels": array(labels.order_by(label.c.label).correlate(TOPIC)),
        "path": _path(),
        "version": TOPIC.c.version,
        "created": TOPIC.c.created,
        "updated": TOPIC.c.updated,
    }
    return prepare(select(document(fields)).where(TOPIC.c.slug == bindparam("slug", required=False)))


def _text(column: ColumnElement[str]) -> Json:
    return func.json_quote(column)


def _path() -> Json:
    """Return the topics above TOPIC, the topmost first."""
    here = TOPIC.alias("here")
    start = select(here.c.broader.label("seq"), literal_column("0").label("step")).where(here.c.seq == TOPIC.c.seq)
    up = start.correlate(TOPIC).cte("up", recursive=True, nesting=True)
    up = up.union_all(select(_ABOVE.c.broader, up.c.step + literal_column("1")).where(_ABOVE.c.seq == up.c.seq))
    link = TOPIC.alias("link")
    rows = (
        select(document({"slug": link.c.slug, "label": link.c.label}).label("document"))
        .select_from(up.join(link, link.c.seq == up.c.seq))
        .order_by(up.c.step.desc())
    )
    return array(rows)
