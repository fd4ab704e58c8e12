"""Names of things that have none yet: made from what they say, so that every instance makes the same."""

import hashlib
import re
import unicodedata
from collections.abc import Container

from sqlalchemy import Connection, text

from app.tables.anchored import AnchoredLink, AnchoredNote
from app.tables.words import What
from app.text.anchor import crockford


def annotation_id(note: AnchoredNote, target: str) -> str:
    """Return the id of a new note: 80 bits of SHA-256 over its target, motivation, creator and body."""
    return _id("annotation", target, str(note.target), note.motivation, note.creator, note.body or "")


def free_id(connection: Connection, what: What, wanted: str, but: Container[str] = ()) -> str:
    """Return the id that a new thing gets: the one that its words make, or a later one when another thing, which
    changed from those words to others, has that. None of `but` is free either."""
    name, again = wanted, 1
    while name in but or connection.execute(text(f"SELECT 1 FROM {what.value} WHERE id = :id"), {"id": name}).first():
        again += 1
        name = _id(what.value, wanted, str(again))
    return name


def link_id(link: AnchoredLink) -> str:
    """Return the id of a new link: 80 bits of SHA-256 over its two quotes and the relation."""
    return _id("link", link.source, link.target, link.relation)


_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
"""Letters of which Unicode has no parts."""
_LONGEST = 100


def slug(name: str) -> str:
    """Return a slug of a name: its letters and digits in ASCII, at most 100; empty when it has none."""
    letters = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    words = re.sub("[^a-z0-9]+", "-", re.sub("['’ʼ]", "", plain)).strip("-")
    return words if len(words) <= _LONGEST else words[:_LONGEST].rpartition("-")[0] or words[:_LONGEST]


def _id(*parts: str) -> str:
    seed = "\x1f".join(parts).encode()
    return crockford(int.from_bytes(hashlib.sha256(seed).digest()[:10], "big"))
