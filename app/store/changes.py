"""Reads the history: every version of one thing, and the feed of all changes."""

import json
import sqlite3
from collections.abc import Iterator
from functools import lru_cache

from pydantic import JsonValue
from sqlalchemy import bindparam, func, literal_column, or_

from app.store import cursors
from app.store.documents import document, raw
from app.store.lists import Listed, Listing, among, listing, numbered
from app.store.statements import Value
from app.tables import Change
from app.tables.change import FeedFilter, HistoryFilter
from app.tables.columns import Expression, table
from app.tables.words import What

CHANGE = table(Change)
_HIDDEN = ("proposed", "rejected")


def history(reader: sqlite3.Connection, what: What, name: str, asked: HistoryFilter) -> Listed:
    """Return one page of a thing's versions, oldest first, each with the fields that changed."""
    values: dict[str, Value] = {"what": what.value, "name": name}
    found = _history().run(reader, limit=asked.limit, after=asked.after, scope="history", values=values)
    return found._replace(items=[_with_changes(item) for item in found.items])


def feed(reader: sqlite3.Connection, asked: FeedFilter, *, keyed: bool) -> Listed:
    """Return one page of the feed, oldest first; what is not public only when `keyed`."""
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
    fields |= {"before": raw(CHANGE.c.before), "after": raw(CHANGE.c.after)}
    where = among(CHANGE.c.what, "what", whats)
    if not keyed:
        status = func.json_extract(CHANGE.c.after, literal_column("'$.status'"))
        where.append(
            or_(CHANGE.c.what != literal_column(f"'{What.QUOTE.value}'"), status.is_(None), status.not_in(_HIDDEN))
        )
    return listing(document(fields), CHANGE, order=(CHANGE.c.seq,), where=where, types=(int,))
