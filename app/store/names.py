"""Names of things that have no slug: made from what they say, so that every instance makes the same."""

import hashlib

from app.tables.anchored import AnchoredLink, AnchoredNote
from app.text.anchor import crockford


def annotation_id(note: AnchoredNote, target: str) -> str:
    """Return the id of a new note: 80 bits of SHA-256 over its target, motivation, creator and body."""
    return _id("annotation", target, str(note.target), note.motivation, note.creator, note.body)


def later_id(first: str, again: int) -> str:
    """Return the id of a note whose own one is taken, the `again`-th in the row, from 2."""
    return _id("annotation", first, str(again))


def link_id(link: AnchoredLink) -> str:
    """Return the id of a new link: 80 bits of SHA-256 over its two quotes and the relation."""
    return _id("link", link.source, link.target, link.relation)


def _id(*parts: str) -> str:
    seed = "\x1f".join(parts).encode()
    return crockford(int.from_bytes(hashlib.sha256(seed).digest()[:10], "big"))
