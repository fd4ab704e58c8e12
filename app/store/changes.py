"""Reads the history: every version of one thing, and the feed of all changes."""

import json
import sqlite3
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue
from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal_column, not_, null, or_, select

from app.errors import NotFound
from app.store import cursors
from app.store.documents import document, raw
from app.store.lists import Listed, Listing, among, listing, numbered
from app.store.statements import Statement, Value, prepare
from app.tables import Change
from app.tables.change import FeedFilter, HistoryFilter
from app.tables.columns import Expression, table
from app.tables.words import PUBLIC, Status, What

CHANGE = table(Change)
_STATUS: Expression = literal_column("'$.status'")
_SERVED: list[Expression] = [literal_column(f"'{status.value}'") for status in sorted(PUBLIC)]
_NOT_SERVED: list[Expression] = [literal_column(f"'{status.value}'") for status in Status if status not in PUBLIC]


def history(reader: sqlite3.Connection, what: What, name: str, asked: HistoryFilter) -> Listed:
    """Return one page of a thing's versions, oldest first, each with the fields that changed."""
    values: dict[str, Value] = {"what": what.value, "name": name}
    found = _history().run(reader, limit=asked.limit, after=asked.after, scope="history", values=values)
    return found._replace(items=[_with_changes(item) for item in found.items])


def version(reader: sqlite3.Connection, what: What, name: str, number: int, **first: str) -> str:
    """Return the state of a thing at one version as JSON, after the members of `first` and who wrote it, and when.

    Raises NotFound, naming the last version, for one that never was.
    """
    row = _version().row(reader, {"what": what.value, "name": name, "version": number})
    if row is None:
        known = _last().row(reader, {"what": what.value, "name": name})
        last = int(known[0] or 0) if known else 0
        raise NotFound(f"There is no version {number} of the {what.value} {name[:100]}: the last one is {last}.")
    told = {**first, "version": number, "at": row[0], "who": row[1]}
    return f"{json.dumps(told, ensure_ascii=False, separators=(',', ':'))[:-1]},{str(row[2])[1:]}"


@lru_cache(maxsize=1)
def _version() -> Statement:
    given = [CHANGE.c[name] == bindparam(name, required=False) for name in ("what", "name", "version")]
    found = select(CHANGE.c.at, CHANGE.c.who, CHANGE.c.after).where(*given, CHANGE.c.after.is_not(None))
    return prepare(found.order_by(CHANGE.c.seq))


@lru_cache(maxsize=1)
def _last() -> Statement:
    given = [CHANGE.c[name] == bindparam(name, required=False) for name in ("what", "name")]
    return prepare(select(func.max(CHANGE.c.version)).where(*given))


def feed(reader: sqlite3.Connection, asked: FeedFilter, *, keyed: bool) -> Listed:
    """Return one page of the feed, oldest first; what is not public only when `keyed`.

    Without a key, that a public quote was withdrawn or rejected is told by its new status alone.
    """
    values = numbered("what", asked.what)
    return _feed(len(values), keyed).run(
        reader, limit=asked.limit, after=asked.after, scope=feed_scope(keyed), values=values
    )


def feed_scope(keyed: bool) -> str:
    return "changes, all" if keyed else "changes"


def feed_cursor(found: Listed, asked: FeedFilter, *, keyed: bool) -> str:
    """Return the cursor from which to go on after this page, also when it is the last one there is now."""
    if not found.keys:
        return asked.after or cursors.encode([0], _sealed(asked, keyed))
    return cursors.encode(found.keys[-1], _sealed(asked, keyed))


def _sealed(asked: FeedFilter, keyed: bool) -> str:
    return f"{feed_scope(keyed)} {sorted(numbered('what', asked.what).items())}"


def difference(before: JsonValue, after: JsonValue, path: str = "") -> Iterator[dict[str, JsonValue]]:
    """Yield what differs, as JSON pointers with both values; lists are compared whole, as their order tells."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            pointer = f"{path}/{key.replace('~', '~0').replace('/', '~1')}"
            yield from difference(before.get(key), after.get(key), pointer)
    elif before != after:
        yield {"path": path, "before": before, "after": after}


def _with_changes(item: str) -> str:
    row = json.loads(item)
    before, after = row.pop("before"), row.pop("after")
    changes = difference(before, after)
    return json.dumps({**row, "changes": list(changes)}, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1)
def _history() -> Listing:
    fields = {
        "version": CHANGE.c.version,
        "at": CHANGE.c.at,
        "who": CHANGE.c.who,
        "before": raw(CHANGE.c.before),
        "after": raw(CHANGE.c.after),
    }
    given = [CHANGE.c[name] == bindparam(name, required=False) for name in ("what", "name")]
    return listing(document(fields), CHANGE, order=(CHANGE.c.version, CHANGE.c.seq), where=given, types=(int, int))


@lru_cache(maxsize=32)
def _feed(whats: int, keyed: bool) -> Listing:
    fields: dict[str, Expression] = {name: CHANGE.c[name] for name in ("seq", "what", "name", "version", "at", "who")}
    where = among(CHANGE.c.what, "what", whats)
    if keyed:
        fields |= {"before": raw(CHANGE.c.before), "after": raw(CHANGE.c.after)}
    else:
        was, now = (func.json_extract(column, _STATUS) for column in (CHANGE.c.before, CHANGE.c.after))
        # A quote that is withdrawn or rejected after it was public: that it went is told, and not what it said.
        went = and_(_is(What.QUOTE), now.in_(_NOT_SERVED))
        fields["before"] = case((went, null()), else_=raw(CHANGE.c.before))
        fields["after"] = case((went, document({"status": now})), else_=raw(CHANGE.c.after))
        where += [or_(not_(went), was.in_(_SERVED)), _was_on_public()]
    return listing(document(fields), CHANGE, order=(CHANGE.c.seq,), where=where, types=(int,))


def _was_on_public() -> ColumnElement[bool]:
    """Return that a note or a link was made on quotes that were public then; everything else is.

    What they are now must not matter: a line that comes to be served later stands behind the cursors of those who
    have read on, and is missed.
    """
    state = func.coalesce(CHANGE.c.after, CHANGE.c.before)
    ends = [func.json_extract(state, literal_column(f"'$.{name}'")) for name in ("quote", "from", "to")]
    was_public = [or_(end.is_(None), _status_then(end).in_(_SERVED)) for end in ends]
    return or_(not_(or_(_is(What.ANNOTATION), _is(What.LINK))), and_(*was_public))


def _status_then(quote: Expression) -> Expression:
    """Return the status that a quote had when CHANGE was written."""
    earlier = CHANGE.alias("earlier")
    status: Expression = (
        select(func.json_extract(earlier.c.after, _STATUS))
        .where(earlier.c.what == literal_column(f"'{What.QUOTE.value}'"), earlier.c.name == quote)
        .where(earlier.c.seq < CHANGE.c.seq)
        .order_by(earlier.c.version.desc())
        .limit(1)
        .correlate(CHANGE)
        .scalar_subquery()
    )
    return status


def _is(what: What) -> ColumnElement[bool]:
    return CHANGE.c.what == literal_column(f"'{what.value}'")
