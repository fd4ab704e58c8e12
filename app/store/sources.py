"""Reads sources: their entries, and a single one with its text and all spans recorded in it."""

import sqlite3
from functools import lru_cache

from sqlalchemy import bindparam, case, func, literal_column, null, select

from app.store.beside import source_annotations
from app.store.documents import (
    PARENT,
    QUOTE,
    SEGMENT,
    SOURCE,
    SPEAKER,
    Json,
    array,
    boolean,
    brief_source,
    document,
    path,
    raw,
    shown_parent,
)
from app.store.lists import Listed, Listing, among, listing, numbered
from app.store.speakers import tallied
from app.store.statements import Statement, Value, prepare
from app.store.terms import missing
from app.tables.columns import Expression, day
from app.tables.shelf import Dimension
from app.tables.source import SourceFilter
from app.tables.words import Access

_REVISED = SOURCE.alias("revised")
_PUBLISHED = func.coalesce(SOURCE.c.published, literal_column("''"))


def find(reader: sqlite3.Connection, asked: SourceFilter) -> Listed:
    """Return one page of sources, newest first. Raises Invalid for a cursor of another list."""
    values: dict[str, Value] = {
        **numbered("kind", asked.kind),
        **numbered("publisher", asked.publisher),
        "published_from": day(asked.published_from),
        "published_to": day(asked.published_to),
        "complete": None if asked.complete is None else int(asked.complete),
    }
    values = {name: value for name, value in values.items() if value is not None}
    shape = frozenset(name for name in values if not name.startswith(("kind", "publisher")))
    made = _list(len(asked.kind), len(asked.publisher), shape)
    return made.run(reader, limit=asked.limit, after=asked.after, scope="sources", values=values)


def one(reader: sqlite3.Connection, slug: str, *, keyed: bool) -> str:
    """Return a source with its text and all public spans, as JSON; the text of an excerpt only when `keyed`.

    Raises NotFound, naming the nearest known slug.
    """
    row = _one().row(reader, {"slug": slug, "keyed": int(keyed)})
    if row is None:
        raise missing(reader, "source", slug)
    return str(row[0])


def passage(reader: sqlite3.Connection, slug: str, start: int, end: int, *, keyed: bool) -> str | None:
    """Return the words of a source between two code points; None for an excerpt, unless `keyed`, or no such source."""
    sql = "SELECT substr(text, ?, ?) FROM source WHERE slug = ? AND (access = ? OR ?)"
    row = reader.execute(sql, (start + 1, end - start, slug, Access.FULL.value, keyed)).fetchone()
    return None if row is None else str(row[0])


def revising(reader: sqlite3.Connection, slug: str) -> list[str]:
    """Return the sources that revise one, as JSON, in order of their slugs."""
    return [str(row[0]) for row in _revising().rows(reader, {"slug": slug})]


def _fields() -> dict[str, Expression]:
    s = SOURCE.c
    revises = select(_REVISED.c.slug).where(_REVISED.c.seq == s.revises).correlate(SOURCE).scalar_subquery()
    return {
        **{name: s[name] for name in ("slug", "title", "publisher", "published")},
        "record_url": path("/v1/sources/", s.slug),
        "title_devised": boolean(s.title_devised == literal_column("1")),
        "kind": s.kind,
        "authors": raw(s.authors),
        **{name: s[name] for name in ("url", "language", "rights", "access", "note", "sha256", "length")},
        "complete": boolean(s.complete == literal_column("1")),
        "revises": revises,
        "quotes": tallied(Dimension.SOURCE, s.seq),
        **{name: s[name] for name in ("version", "created", "updated")},
    }


@lru_cache(maxsize=256)
def _list(kinds: int, publishers: int, shape: frozenset[str]) -> Listing:
    given: dict[str, Expression] = {name: bindparam(name, required=False) for name in shape}
    conditions = {
        "published_from": lambda value: SOURCE.c.published >= value,
        "published_to": lambda value: SOURCE.c.published <= value,
        "complete": lambda value: SOURCE.c.complete == value,
    }
    where = [
        *among(SOURCE.c.kind, "kind", kinds),
        *among(SOURCE.c.publisher, "publisher", publishers),
        *(conditions[name](value) for name, value in given.items()),
    ]
    return listing(document(_fields()), SOURCE, order=(_PUBLISHED, SOURCE.c.slug), down=True, where=where)


@lru_cache(maxsize=1)
def _one() -> Statement:
    open_to_all = (SOURCE.c.access == literal_column(f"'{Access.FULL.value}'")) | (
        bindparam("keyed", required=False) == literal_column("1")
    )
    fields = {
        **_fields(),
        "text": case((open_to_all, SOURCE.c.text), else_=null()),
        "spans": _quotes(),
        "annotations": source_annotations(),
    }
    return prepare(select(document(fields)).where(SOURCE.c.slug == bindparam("slug", required=False)))


@lru_cache(maxsize=1)
def _revising() -> Statement:
    rows = SOURCE.join(_REVISED, _REVISED.c.seq == SOURCE.c.revises)
    named = select(brief_source()).select_from(rows).where(_REVISED.c.slug == bindparam("slug", required=False))
    return prepare(named.order_by(SOURCE.c.slug))


def _quotes() -> Json:
    spans = (
        select(document({"start": SEGMENT.c.start, "end": SEGMENT.c.end, "role": SEGMENT.c.role}).label("document"))
        .where(SEGMENT.c.quote == QUOTE.c.seq)
        .order_by(SEGMENT.c.ordinal)
        .correlate(QUOTE)
    )
    fields = {
        "id": QUOTE.c.id,
        "url": path("/v1/quotes/", QUOTE.c.id),
        "kind": QUOTE.c.kind,
        "polarity": QUOTE.c.polarity,
        "speaker": SPEAKER.c.slug,
        "parent": shown_parent(),
        "spans": array(spans),
    }
    rows = QUOTE.outerjoin(SPEAKER, SPEAKER.c.seq == QUOTE.c.speaker).outerjoin(PARENT, PARENT.c.seq == QUOTE.c.parent)
    return array(
        select(document(fields).label("document"))
        .select_from(rows)
        .where(QUOTE.c.source == SOURCE.c.seq, QUOTE.c.public == literal_column("1"))
        .order_by(QUOTE.c.position, QUOTE.c.id)
        .correlate(SOURCE)
    )
