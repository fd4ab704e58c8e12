"""Reads notes: pages under a filter, and one by itself."""

import sqlite3
from functools import lru_cache

from sqlalchemy import bindparam, func, literal_column, or_, select

from app.errors import Fault, Gone, Invalid, NotFound
from app.store.beside import annotation_fields
from app.store.documents import QUOTE, SOURCE, document, path
from app.store.lists import Listed, Listing, among, listing, numbered
from app.store.statements import Statement, prepare
from app.store.terms import absent, number, unknown
from app.tables import Annotation
from app.tables.annotation import AnnotationFilter
from app.tables.columns import Expression, table
from app.tables.words import PUBLIC, Status, What

_NOTE = table(Annotation).alias("note")
_ROWS = _NOTE.outerjoin(QUOTE, QUOTE.c.seq == _NOTE.c.quote).join(
    SOURCE, SOURCE.c.seq == func.coalesce(_NOTE.c.source, QUOTE.c.source)
)


def find(reader: sqlite3.Connection, asked: AnnotationFilter, *, keyed: bool) -> Listed:
    """Return one page of notes, oldest first; those on quotes that are not public only when `keyed`.

    Raises Invalid for an unknown source, and for a cursor of another list.
    """
    sources = [number(reader, "source", slug) for slug in asked.source]
    if None in sources:
        slug = asked.source[sources.index(None)]
        raise Invalid.of(Fault(unknown(reader, "source", slug), parameter="source"))
    values = {
        **numbered("quote", asked.quote),
        **{f"source_{at}": seq for at, seq in enumerate(sources)},
        **numbered("motivation", asked.motivation),
        **numbered("creator", asked.creator),
    }
    counts = (len(asked.quote), len(asked.source), len(asked.motivation), len(asked.creator))
    scope = "annotations, all" if keyed else "annotations"
    return _list(counts, keyed).run(reader, limit=asked.limit, after=asked.after, scope=scope, values=values)


def one(reader: sqlite3.Connection, name: str, *, keyed: bool) -> str:
    """Return a note as JSON. Raises NotFound; and Gone for one that was taken off, or whose quote was withdrawn."""
    row = _one().row(reader, {"id": name})
    if row is None:
        raise absent(reader, What.ANNOTATION, name)
    status = Status(str(row[1])) if row[1] is not None else None
    if status is None or status in PUBLIC or keyed:
        return str(row[0])
    if status is Status.WITHDRAWN:
        raise Gone(f"The quote that the annotation {name} is on was withdrawn from the record.")
    raise NotFound(f"There is no public annotation {name}.")


def _fields() -> dict[str, Expression]:
    return {
        **annotation_fields(_NOTE, QUOTE.c.id),
        "url": path("/v1/annotations/", _NOTE.c.id),
        "version": _NOTE.c.version,
    }


@lru_cache(maxsize=1)
def _one() -> Statement:
    rows = select(document(_fields()), QUOTE.c.status).select_from(_ROWS)
    return prepare(rows.where(_NOTE.c.id == bindparam("id", required=False)))


@lru_cache(maxsize=64)
def _list(counts: tuple[int, ...], keyed: bool) -> Listing:
    quotes, sources, motivations, creators = counts
    where = [
        *among(QUOTE.c.id, "quote", quotes),
        *among(_NOTE.c.motivation, "motivation", motivations),
        *among(_NOTE.c.creator, "creator", creators),
        *among(SOURCE.c.seq, "source", sources),
    ]
    if not keyed:
        where.append(or_(_NOTE.c.quote.is_(None), QUOTE.c.public == literal_column("1")))
    return listing(document(_fields()), _ROWS, order=(_NOTE.c.seq,), where=where, types=(int,))
