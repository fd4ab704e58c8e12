"""Recomputes every hash, every anchor and every seal of the history, batch by batch, from the file as it is now.

store/standing.py compares with that history what stands on the record.
"""

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from app.store import cursors, damage, history
from app.store.damage import readable
from app.store.standing import Standing
from app.tables.db import driver
from app.tables.integrity import Failing, Failure
from app.text import anchor as anchors
from app.text.anchor import Span

_SCOPE = "integrity"
_SOURCES = "SELECT seq, slug, sha256, length, text FROM source WHERE seq > ? ORDER BY seq LIMIT ?"
_QUOTES = "SELECT seq, id, text, version FROM quote WHERE source = ? ORDER BY position, id"
_PARTS = (
    """SELECT quote.seq, segment.role, segment.start, segment."end", segment.exact
    FROM quote JOIN segment ON segment.quote = quote.seq
    WHERE quote.source = ? ORDER BY segment.quote, segment.ordinal""",
    """SELECT quote.seq, 'intervention', made.start, made."end", made.exact
    FROM quote JOIN intervention AS made ON made.quote = quote.seq
    WHERE quote.source = ? ORDER BY made.quote, made.ordinal""",
)
_CHANGES = 'SELECT seq, what, name, version, at, who, "before", "after", seal FROM change ORDER BY seq'
_LAST_CHANGE = "SELECT seq FROM sqlite_sequence WHERE name = 'change'"
_CHANGES_AT_ONCE = 1_000
_MOST_SEALS = 4
_NOTES = 'SELECT start, "end", exact FROM annotation WHERE source = ? ORDER BY seq'


class Checked(NamedTuple):
    """What one batch came to; `after` is the cursor of the next one, or None."""

    sources: int
    quotes: int
    anchors: int
    failures: list[Failure]
    after: str | None


class Chained(NamedTuple):
    """What the history came to: how many changes there are, the last seal or None, and what fails."""

    changes: int
    seal: str | None
    failures: list[Failure]


class _Part(NamedTuple):
    role: str
    start: int
    end: int
    exact: str


def check(connection: Connection, *, limit: int, after: str | None) -> Checked:
    """Check one batch of sources with everything anchored in them. Raises Invalid for a cursor of something else."""
    since = int(str(cursors.decode(after, _SCOPE, (int,))[0])) if after is not None else 0
    with damage.allowed(driver(connection)):
        return _check(connection, limit, since)


def _check(connection: Connection, limit: int, since: int) -> Checked:
    reader, standing = driver(connection), Standing(connection)
    rows = reader.execute(_SOURCES, (since, limit + 1)).fetchall()
    failures: list[Failure] = []
    quotes = compared = 0
    for seq, slug, sha256, length, stored in rows[:limit]:
        failures += _source(slug, sha256, length, stored)
        text = _aligned(stored, length)
        found = reader.execute(_QUOTES, (seq,)).fetchall()
        parts = _parts(reader, seq)
        notes = [_Part("annotation", *row) for row in reader.execute(_NOTES, (seq,))]
        quotes += len(found)
        compared += sum(map(len, parts.values())) + len(notes)
        failures += [
            _failure(slug, None, Failing.ANCHOR, _apart(part, text)) for part in notes if _is_apart(part, text)
        ]
        for number, name, words, version in found:
            failures += _quote(slug, text, sha256, _Quote(name, words, version, parts[number]))
        failures += standing.of_source(seq, slug, sha256)
    more = len(rows) > limit
    following = cursors.encode((rows[limit - 1][0],), _SCOPE) if more else None
    return Checked(min(len(rows), limit), quotes, compared, failures, following)


def rest(connection: Connection) -> list[Failure]:
    """Compare with the history what stands in no source, and tell what is missing from the record."""
    with damage.allowed(driver(connection)):
        return list(Standing(connection).of_the_rest())


def chain(connection: Connection) -> Chained:
    """Recompute every seal of the history in order; a change that is not what was sealed is named by its number.

    Whoever alters a change and makes its seal anew is found by the next change, whose seal stands on the one before.
    Whoever makes all seals anew up to the end is found only by who has kept the last one.
    """
    reader = driver(connection)
    with damage.allowed(reader):
        found = _Chain()
        rows = reader.execute(_CHANGES)
        while batch := rows.fetchmany(_CHANGES_AT_ONCE):
            for seq, *rest, stored in batch:
                found.follow(seq, rest, stored)
        given = reader.execute(_LAST_CHANGE).fetchone()
        if given and given[0] > found.seq:
            found.miss(found.seq + 1, given[0])
        return Chained(found.changes, readable(found.stored) if found.changes else None, found.failures)


class _Chain:
    """The history as far as it has been followed: the last number and seal, and the seals that it may have had.

    After a change that fails both the seal that stands there and those that it makes may be what the next one rests
    on, as either may have been altered; so that of two changes only the altered one is named.
    """

    def __init__(self) -> None:
        self.changes = self.seq = 0
        self.stored = ""
        self.failures: list[Failure] = []
        self._before = [""]

    def follow(self, seq: int, rest: Sequence[history.Field], stored: str) -> None:
        """Take the next change; what is wrong with it, or before it, is added to the failures."""
        fields = (seq, *rest)
        made = [sealed for before in self._before if (sealed := _seal(before, fields))]
        if seq > self.seq + 1:
            self.miss(self.seq + 1, seq - 1)
        elif stored not in made:
            self._fail(seq, f"Its seal is {stored}; it and the change before it make {made[0] if made else 'none'}.")
        is_sound = stored in made
        self._before = [stored] if is_sound else [stored, *made][:_MOST_SEALS]
        self.changes, self.seq, self.stored = self.changes + 1, seq, stored

    def miss(self, first: int, last: int) -> None:
        """Add that the changes of these numbers are not there."""
        several = f" to {last}" if last > first else ""
        self._fail(first, f"There is no change {first}{several}, and numbers are never left out.")

    def _fail(self, seq: int, detail: str) -> None:
        detail = readable(detail)
        self.failures.append(Failure(source=None, quote=None, change=seq, what=Failing.HISTORY, detail=detail))


def _seal(before: str, fields: Sequence[history.Field]) -> str:
    """Return the seal of a change, empty when there is a byte in it that is no UTF-8: nothing is sealed so."""
    if any(isinstance(field, str) and damage.BYTE.search(field) for field in (before, *fields)):
        return ""
    return history.seal(before, fields)


def _aligned(stored: str, length: int) -> str:
    """Return the text with its damage in as many characters as there were, so that what follows stands in its place.

    A damaged character of three bytes would be read as up to three, and every later anchor would seem to be wrong.
    """
    damaged = [found.start() for found in damage.BYTE.finditer(stored)]
    if not damaged or len(stored) == length:
        return stored
    sound, rest = stored[: damaged[0]], stored[damaged[-1] + 1 :]
    return sound + "\udcff" * (length - len(sound) - len(rest)) + rest


class _Quote(NamedTuple):
    id: str
    text: str
    version: int
    parts: Sequence[_Part]


def _parts(reader: sqlite3.Connection, source: int) -> Mapping[int, list[_Part]]:
    found: dict[int, list[_Part]] = defaultdict(list)
    for sql in _PARTS:
        for seq, *part in reader.execute(sql, (source,)):
            found[seq].append(_Part(*part))
    return found


def _source(slug: str, sha256: str, length: int, stored: str) -> Iterator[Failure]:
    now = hashlib.sha256(stored.encode("utf-8", "surrogateescape")).hexdigest()
    broken = damage.BYTE.search(stored)
    if now != sha256:
        where = f"The text is not UTF-8 at byte {len(stored[: broken.start()].encode())}. " if broken else ""
        yield _failure(slug, None, Failing.HASH, f"{where}The text's SHA-256 is {now}; on the record is {sha256}.")
    if len(stored) != length and not broken:  # how many code points a damaged text has, nobody can say
        detail = f"The text has {len(stored)} code points; on the record are {length}."
        yield _failure(slug, None, Failing.LENGTH, detail)


def _quote(slug: str, text: str, sha256: str, quote: _Quote) -> Iterator[Failure]:
    """Yield what is wrong with one quote: its first anchor that fails, else its text, else its id."""
    apart = next((part for part in quote.parts if _is_apart(part, text)), None)
    content = [Span(part.start, part.end) for part in quote.parts if part.role == "content"]
    words = anchors.join(text, content)
    if apart is not None:
        yield _failure(slug, quote.id, Failing.ANCHOR, _apart(apart, text))
    elif words != quote.text or damage.BYTE.search(quote.text):
        yield _failure(slug, quote.id, Failing.TEXT, f"The quote says “{quote.text}”; its segments say “{words}”.")
    elif quote.version == 1 and quote.id != (made := anchors.quote_id(readable(sha256), content)):
        yield _failure(slug, quote.id, Failing.ID, f"Its words make the id {made}.")


def _is_apart(part: _Part, text: str) -> bool:
    return text[part.start : part.end] != part.exact or damage.BYTE.search(part.exact) is not None


def _apart(part: _Part, text: str) -> str:
    there = text[part.start : part.end]
    return f"{part.role} at {part.start}-{part.end} says “{part.exact}”; the source says “{there}” there."


def _failure(slug: str, quote: str | None, what: Failing, detail: str) -> Failure:
    named = None if quote is None else readable(quote)
    return Failure(source=readable(slug), quote=named, what=what, detail=readable(detail))
