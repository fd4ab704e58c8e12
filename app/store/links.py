"""Links between quotes: read in pages and one by itself; asserted, changed and taken off one at a time."""

import sqlite3
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, literal_column, or_, select, text

from app.errors import Conflict, Fault, Gone, Invalid, NotFound
from app.store import corrections, history
from app.store.corrections import link_state
from app.store.documents import QUOTE, SPEAKER, brief_quote, document, path
from app.store.history import Entry, Writer, next_version
from app.store.lists import Listed, Listing, among, listing, numbered
from app.store.names import link_id
from app.store.statements import Statement, prepare
from app.store.terms import absent
from app.tables import Link
from app.tables.anchored import AnchoredLink
from app.tables.columns import Expression, table
from app.tables.link import LinkFilter
from app.tables.words import PUBLIC, Relation, Status, What

_LINK = table(Link).alias("link")
_FROM, _TO = QUOTE.alias("from_quote"), QUOTE.alias("to_quote")
_SAYS, _HEARS = SPEAKER.alias("from_speaker"), SPEAKER.alias("to_speaker")
_ROWS = (
    _LINK.join(_FROM, _FROM.c.seq == _LINK.c.from_quote)
    .join(_TO, _TO.c.seq == _LINK.c.to_quote)
    .outerjoin(_SAYS, _SAYS.c.seq == _FROM.c.speaker)
    .outerjoin(_HEARS, _HEARS.c.seq == _TO.c.speaker)
)


class StoredLink(NamedTuple):
    """A link with its id and version."""

    id: str
    version: int
    link: AnchoredLink


def find(reader: sqlite3.Connection, asked: LinkFilter, *, keyed: bool) -> Listed:
    """Return one page of links, oldest first; those of quotes that are not public only when `keyed`.

    Raises Invalid for a cursor of another list.
    """
    values = {**numbered("quote", asked.quote), **numbered("relation", asked.relation)}
    made = _list(len(asked.quote), len(asked.relation), keyed)
    scope = "links, all" if keyed else "links"
    return made.run(reader, limit=asked.limit, after=asked.after, scope=scope, values=values)


def one(reader: sqlite3.Connection, name: str, *, keyed: bool) -> str:
    """Return a link as JSON. Raises NotFound; and Gone when it, or a quote of it, was taken from the record."""
    row = _one().row(reader, {"id": name})
    if row is None:
        raise absent(reader, What.LINK, name)
    ends = {Status(str(row[1])), Status(str(row[2]))}
    if keyed or ends <= PUBLIC:
        return str(row[0])
    if ends - PUBLIC == {Status.WITHDRAWN}:
        raise Gone(f"A quote of the link {name} was withdrawn from the record.")
    raise NotFound(f"There is no public link {name}.")


def stored(connection: Connection, name: str) -> StoredLink:
    """Return the link of that id. Raises NotFound."""
    row = connection.execute(text(_STORED), {"id": name}).one_or_none()
    if row is None:
        raise NotFound(f"There is no link {name[:100]}.")
    link = AnchoredLink(row.source, row.target, Relation(row.relation), row.rationale, row.asserted_by)
    return StoredLink(row.id, row.version, link)


def add(connection: Connection, link: AnchoredLink, *, writer: Writer) -> str:
    """Put a link on the record and return its id.

    Raises Invalid for one that joins a quote to itself or to one that is not on the record, and Conflict for one that
    is there.
    """
    if link.source == link.target:
        raise Invalid.of(Fault("A link joins two quotes, not one to itself.", pointer="/to"))
    for member, end in (("from", link.source), ("to", link.target)):
        if connection.execute(text("SELECT 1 FROM quote WHERE id = :id"), {"id": end}).first() is None:
            raise Invalid.of(Fault(f"There is no quote {end} on the record.", pointer=f"/{member}"))
    name = link_id(link)
    if connection.execute(text("SELECT 1 FROM link WHERE id = :id"), {"id": name}).first():
        raise Conflict(f"{link.source} {link.relation} {link.target} on the record already: it is the link {name}.")
    corrections.sync_links(connection, [], [link], signers=(), writer=writer)
    return name


def change(connection: Connection, before: StoredLink, rationale: str, *, by: str, writer: Writer) -> None:
    """Give a link another rationale, or another one who asserts it."""
    after = before.link._replace(rationale=rationale, asserted_by=by)
    corrections.sync_links(connection, [before.link], [after], signers=(), writer=writer)


def remove(connection: Connection, before: StoredLink, *, writer: Writer) -> None:
    """Take a link off the record; its history stays."""
    connection.execute(text("DELETE FROM link WHERE id = :id"), {"id": before.id})
    version = next_version(connection, What.LINK, before.id)
    history.append(connection, writer, [Entry(What.LINK, before.id, version, link_state(before.link), None)])


def _fields() -> dict[str, Expression]:
    return {
        "id": _LINK.c.id,
        "url": path("/v1/links/", _LINK.c.id),
        "from": brief_quote(_FROM, _SAYS),
        "to": brief_quote(_TO, _HEARS),
        **{name: _LINK.c[name] for name in ("relation", "rationale", "asserted_by", "version", "created", "updated")},
    }


@lru_cache(maxsize=1)
def _one() -> Statement:
    rows = select(document(_fields()), _FROM.c.status, _TO.c.status).select_from(_ROWS)
    return prepare(rows.where(_LINK.c.id == bindparam("id", required=False)))


@lru_cache(maxsize=64)
def _list(quotes: int, relations: int, keyed: bool) -> Listing:
    where = among(_LINK.c.relation, "relation", relations)
    if quotes:
        where.append(or_(*among(_FROM.c.id, "quote", quotes), *among(_TO.c.id, "quote", quotes)))
    if not keyed:
        where += [end.c.public == literal_column("1") for end in (_FROM, _TO)]
    return listing(document(_fields()), _ROWS, order=(_LINK.c.seq,), where=where, types=(int,))


_STORED = """
SELECT link.id, link.version, origin.id AS source, goal.id AS target, link.relation, link.rationale, link.asserted_by
FROM link JOIN quote AS origin ON origin.seq = link.from_quote JOIN quote AS goal ON goal.seq = link.to_quote
WHERE link.id = :id
"""
