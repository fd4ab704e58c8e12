"""NDJSON: one JSON document a line, each ended by a line feed."""

from collections.abc import Iterable


def lines(items: Iterable[str]) -> str:
    """Return the documents as lines. As the store gives them they have no line break: inside, JSON escapes it."""
    return "".join(f"{item}\n" for item in items)
