"""Reads what is no text: whoever alters the file need not leave UTF-8 in it.

A byte that is none is read as a lone surrogate (PEP 383), which no record holds: nothing that has one is equal to
anything, and the bytes can still be hashed.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

BYTE = re.compile("[\udc80-\udcff]")
"""A byte that is no UTF-8."""


@contextmanager
def allowed(reader: sqlite3.Connection) -> Iterator[None]:
    """Let the connection give what is no UTF-8 too, where it would raise OperationalError."""
    before = reader.text_factory
    reader.text_factory = lambda stored: stored.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        reader.text_factory = before


def readable(words: str) -> str:
    """Return words that can be written as UTF-8: a replacement character stands for each byte that is none."""
    return BYTE.sub("\ufffd", words)
