"""What of a thing's names, roles or labels is its own, and what others that were merged into it brought.

The history tells: what a merge added to a document is not the thing's own, everything else is.
"""

import json
from collections.abc import Mapping
from operator import itemgetter
from typing import NamedTuple

from pydantic import JsonValue
from pydantic_core import to_json
from sqlalchemy import Connection, text

from app.store.entries import formers
from app.tables.words import What

Document = dict[str, JsonValue]
Parts = dict[tuple[str, str], JsonValue]
"""The names, roles and labels of a document, each by what tells it from others of its list."""

_LISTS = ("names", "roles", "labels")


class Version(NamedTuple):
    """A change; `before` is None for what is new, `after` for what is gone."""

    seq: int
    before: Document | None
    after: Document | None


def parts(document: Mapping[str, JsonValue]) -> Parts:
    """Return the parts of a speaker's or a topic's document."""
    found: Parts = {}
    for listed in _LISTS:
        values = document.get(listed)
        for value in values if isinstance(values, list) else ():
            found[listed, _told(listed, value)] = value
    return found


def _told(listed: str, value: JsonValue) -> str:
    """Return what tells a value from others of its list: of a name the spelling, else all of it."""
    return to_json(value["name"] if listed == "names" and isinstance(value, dict) else value).decode()


def brought(document: Mapping[str, JsonValue]) -> Parts:
    """Return what a merge brings into another: the parts, and the usual name or label among them."""
    found = parts(document)
    if "label" in document:
        found.setdefault(("labels", _told("labels", document["label"])), document["label"])
    else:
        plain: JsonValue = {"name": document["name"], "language": None, "printed": False}
        found.setdefault(("names", _told("names", plain)), plain)
    return found


def joined(*several: Parts) -> Parts:
    """Return the parts of all; a name is printed when one says so, and of the first language that one tells."""
    made: Parts = {}
    for some in several:
        for key, value in some.items():
            known = made.get(key)
            if isinstance(known, dict) and isinstance(value, dict) and key[0] == "names":
                language = known["language"] or value["language"]
                value = {**known, "language": language, "printed": bool(known["printed"] or value["printed"])}
            made[key] = value
    return made


def rebuilt(document: Mapping[str, JsonValue], having: Parts) -> Document:
    """Return the document with these parts: names and labels by the alphabet, roles in their order."""
    made = dict(document)
    for listed in _LISTS:
        if listed in document:
            values = [(told, value) for (place, told), value in having.items() if place == listed]
            made[listed] = [value for _, value in (values if listed == "roles" else sorted(values, key=itemgetter(0)))]
    return made


def own(connection: Connection, what: What, slug: str) -> Parts:
    """Return those parts of a thing that no merge brought, by all its history, also under the slugs it had before."""
    found: Parts = {}
    merged = False
    for _, before, after in versions(connection, what, slug):
        if after is None:
            merged = before is not None and "merged_into" in before
            found = found if merged else {}
        elif before is None:
            # What was split back is as it was before it was merged, with the same parts of its own.
            found = found if merged else parts(after)
        elif "merged_into" not in after and not _is_merge(before, after):
            was, now = parts(before), parts(after)
            kept = {key: value for key, value in found.items() if key in now}
            found = kept | {key: value for key, value in now.items() if was.get(key) != value}
    return found


def _is_merge(before: Document, after: Document) -> bool:
    """Tell whether a change is one by which another was merged into the thing, or split from it."""
    return before["slug"] == after["slug"] and before.get("former") != after.get("former")


def held(connection: Connection, what: What, seq: int) -> Parts:
    """Return the parts of all that were merged into a thing and are in it still."""
    ends = (last(connection, what, slug) for slug in formers(connection, what, seq))
    return joined(*(brought(end.before) for end in ends if end and end.before and end.after is None))


def last(connection: Connection, what: What, slug: str) -> Version | None:
    """Return the newest change under that slug, or None."""
    sql = "SELECT seq, before, after FROM change WHERE what = :what AND name = :name ORDER BY version DESC LIMIT 1"
    row = connection.execute(text(sql), {"what": what.value, "name": slug}).one_or_none()
    return None if row is None else Version(row[0], _optional(row[1]), _optional(row[2]))


def versions(connection: Connection, what: What, slug: str) -> list[Version]:
    """Return all changes of a thing, oldest first, with those under the slugs that it had before it was renamed."""
    found: list[Version] = []
    sql = "SELECT seq, before, after FROM change WHERE what = :what AND name = :name AND seq < :below ORDER BY seq DESC"
    name: str | None = slug
    below = 2**63 - 1
    while name is not None:
        rows = connection.execute(text(sql), {"what": what.value, "name": name, "below": below}).all()
        name = None
        for seq, before, after in rows:
            version = Version(seq, _optional(before), _optional(after))
            found.append(version)
            if version.before and version.after and version.before["slug"] != version.after["slug"]:
                name, below = str(version.before["slug"]), seq
                break
    return found[::-1]


def document(stored: str) -> Document:
    """Return a document as the history keeps it."""
    read: Document = json.loads(stored)
    return read


def _optional(stored: str | None) -> Document | None:
    return None if stored is None else document(stored)
