"""Entity tags."""

import hashlib


def etag(body: bytes) -> str:
    """Return the opaque part of an entity tag: 96 bits of BLAKE2 over the content, before any coding of it."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()
