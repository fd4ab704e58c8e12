"""Terms: what a filter asks for, with slugs resolved to numbers, split into its shape and its values.

Two requests of the same shape share one compiled statement; only the values differ.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from app.errors import Fault, Gone, Invalid, Moved, NotFound
from app.store import search
from app.store.statements import Value
from app.tables.columns import SLUG
from app.tables.filter import AskedPolarity, QuoteCriteria, not_a_slug
from app.tables.quote import GRAIN_DAYS
from app.tables.words import What
from app.text.nearest import nearest
from app.text.query import MOST_WORDS, Query, parse

_SLUG = re.compile(SLUG)
CANDIDATES = 2_000
"""How many known slugs a mistyped one is compared with."""


class Terms(NamedTuple):
    """`shape` names each term with how many values it has; `values` are named `term_0`, `term_1` and so on."""

    shape: tuple[tuple[str, int], ...]
    values: dict[str, Value]

    def count(self, name: str) -> int:
        return dict(self.shape).get(name, 0)


def terms(reader: sqlite3.Connection, criteria: QuoteCriteria, *, walks: bool = True) -> Terms:
    """Resolve a filter. `walks`: an order of the record's own will be walked, so that a common search is asked of each
    quote on the way. Raises Invalid, naming the nearest known slug, for each slug that is not on the record."""
    found: dict[str, Sequence[Value]] = {}
    faults: list[Fault] = []
    for name, slugs in (("speaker", criteria.speaker), ("topic", criteria.topic), ("source", criteria.source)):
        found |= _numbers(reader, name, slugs, faults)
    if faults:
        raise Invalid.of(*faults, many="values are not known")
    if criteria.topic and (criteria.stance or criteria.status):
        found["topic_tree"] = _narrower(reader, found.get("topic", ()))
    if criteria.status:  # the shelves hold only what is public
        found["not_topic_tree"] = _narrower(reader, found.get("not_topic", ()))
    found |= _plain(criteria)
    if criteria.q is not None and criteria.q.strip():
        found |= _search(reader, parse(criteria.q), walks=walks)
    shape = tuple((name, len(values)) for name, values in found.items() if values)
    return Terms(shape, {f"{name}_{at}": value for name, values in found.items() for at, value in enumerate(values)})


def _search(reader: sqlite3.Connection, query: Query, *, walks: bool) -> dict[str, Sequence[Value]]:
    """Return the terms of a search. One in which no word stands matches nothing. Raises Invalid for too many words."""
    if query.size > MOST_WORDS:
        detail = (
            f"q has {query.size} words; a search takes {MOST_WORDS}. To check a longer text, give it to /v1/verify."
        )
        raise Invalid.of(Fault(detail, parameter="q"))
    match, excluded = search.expression(query), search.exclusion(query)
    if match is not None:
        return {search.way(reader, match) if walks else "match": (match,)}
    return {"not_match": (excluded,)} if excluded else {"nothing": (1,)}


def _plain(criteria: QuoteCriteria) -> dict[str, Sequence[Value]]:
    asked = criteria.polarities
    default = tuple(asked) == (AskedPolarity.ASSERTED,)
    return {
        "asserted": ("asserted",) if default else (),
        "polarity": () if default else _words(asked),
        "publisher": tuple(dict.fromkeys(criteria.publisher)),
        "kind": _words(criteria.kind),
        "medium": _words(criteria.medium),
        "stance": _words(criteria.stance),
        "venue": _words(criteria.venue),
        "said_from": _day(criteria.said_from),
        "said_to": _day(criteria.said_to),
        "said_to_year": _day(criteria.said_to, GRAIN_DAYS),
        "published_from": _day(criteria.published_from),
        "published_to": _day(criteria.published_to),
        f"firsthand_{criteria.firsthand}": () if criteria.firsthand is None else (1,),
        f"annotated_{criteria.annotated}": () if criteria.annotated is None else (1,),
        "status": _words(criteria.status),
        "min_length": () if criteria.min_length is None else (criteria.min_length,),
        "max_length": () if criteria.max_length is None else (criteria.max_length,),
    }


def _words(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values))


def _day(value: date | None, later: int = 0) -> tuple[str, ...]:
    if value is None:
        return ()
    try:
        return ((value + timedelta(days=later)).isoformat(),)
    except OverflowError:
        return (date.max.isoformat(),)


def _numbers(
    reader: sqlite3.Connection, table: str, slugs: Sequence[str], faults: list[Fault]
) -> Mapping[str, Sequence[Value]]:
    wanted: dict[int, None] = {}
    unwanted: dict[int, None] = {}
    for slug in slugs:
        name = slug.removeprefix("-")
        seq = number(reader, table, name)
        if seq is None:
            said = unknown(reader, table, name) if _SLUG.fullmatch(name) else _no_slug(reader, table, slug)
            faults.append(Fault(said, parameter=table))
        else:
            (unwanted if slug.startswith("-") else wanted)[seq] = None
    return {table: tuple(wanted), f"not_{table}": tuple(unwanted)}


def number(reader: sqlite3.Connection, table: str, slug: str) -> int | None:
    """Return the number of that slug in `speaker`, `topic` or `source`, also of one that it had before, or None."""
    row = reader.execute(f"SELECT seq FROM {table} WHERE slug = ?", (slug,)).fetchone()
    row = row or reader.execute("SELECT seq FROM moved WHERE what = ? AND slug = ?", (table, slug)).fetchone()
    return int(row[0]) if row else None


def missing(reader: sqlite3.Connection, table: str, slug: str) -> NotFound | Moved:
    """Return the error of a slug that stands for nothing: where it leads now, or the nearest known one."""
    sql = f"SELECT slug FROM {table} WHERE seq = (SELECT seq FROM moved WHERE what = ? AND slug = ?)"
    row = reader.execute(sql, (table, slug)).fetchone()
    if row is not None:
        return Moved(f"The {table} {slug} is {row[0]} now.", slug=slug, to=str(row[0]))
    return NotFound(unknown(reader, table, slug))


def current(reader: sqlite3.Connection, what: What, slug: str, pointer: str) -> str:
    """Return the slug of now of a thing that a body names, maybe by one that it had before.

    Raises Invalid, at the pointer, with the nearest known slug.
    """
    seq = number(reader, what.value, slug)
    if seq is None:
        raise Invalid.of(Fault(unknown(reader, what.value, slug), pointer=pointer))
    return str(reader.execute(f"SELECT slug FROM {what.value} WHERE seq = ?", (seq,)).fetchone()[0])


def absent(reader: sqlite3.Connection, what: What, name: str) -> NotFound | Gone:
    """Return the error of a note or a link that is not there: the day on which it was taken off, or that none was."""
    sql = "SELECT at FROM change WHERE what = ? AND name = ? AND after IS NULL ORDER BY version DESC LIMIT 1"
    row = reader.execute(sql, (what.value, name)).fetchone()
    if row is not None:
        day = str(row[0])[:10]
        return Gone(f"The {what.value} {name} was taken off the record on {day}.", withdrawn=day)
    return NotFound(f"There is no {what.value} {name[:100]}.")


def unknown(reader: sqlite3.Connection, table: str, slug: str) -> str:
    """Say that there is no such slug, and which known one is nearest, or else where they are listed."""
    best = _meant(reader, table, slug)
    if best is None and table == "speaker" and len(slug) > 3:
        best = _named(reader, slug.replace("-", " "))
    hint = f": did you mean {best}?" if best else f". Those on the record are listed at /v1/{table}s."
    return f"There is no {table} {slug[:100]}{hint}"


def _no_slug(reader: sqlite3.Connection, table: str, given: str) -> str:
    """Say that what is given is no slug, and which one is meant by it."""
    said = not_a_slug(table, given)
    if "," in given:
        return f"{said}. Give {table} once for each."
    letters = unicodedata.normalize("NFKD", given.casefold())
    slug = re.sub("[^a-z0-9]+", "-", "".join(letter for letter in letters if not unicodedata.combining(letter)))
    best = _named(reader, given) if table == "speaker" else None
    best = best or (_meant(reader, table, slug.strip("-")) if slug.strip("-") else None)
    return f"{said}: did you mean {best}?" if best else f"{said}. Those on the record are listed at /v1/{table}s."


def _meant(reader: sqlite3.Connection, table: str, slug: str) -> str | None:
    """Return the known slug that is nearest to another one, or None."""
    sql = f"SELECT slug FROM {table} WHERE slug >= ? ORDER BY slug LIMIT ?"
    known = [row[0] for row in reader.execute(sql, (slug[:2], CANDIDATES))]
    if len(known) < CANDIDATES:
        known += [row[0] for row in reader.execute(sql, ("", CANDIDATES))]
    # A part of a slug, such as the surname alone, is nearer than what difflib finds by letters.
    parts = [name for name in known if (len(slug) > 3 and slug in name.split("-")) or name in slug]
    return nearest(slug, known) or next(iter(parts), None) or _by_part(slug, known)


def _named(reader: sqlite3.Connection, name: str) -> str | None:
    """Return the slug of a speaker of whom this is a recorded name, or the beginning of one."""
    for seq in search.speakers_named(reader, name, most=1):
        return str(reader.execute("SELECT slug FROM speaker WHERE seq = ?", (seq,)).fetchone()[0])
    return None


def _by_part(slug: str, known: Sequence[str]) -> str | None:
    """Return the slug one of whose words is nearest to the mistyped one: `khamenei2` is near `ali-khamenei`."""
    words = {word: name for name in reversed(known) for word in name.split("-") if len(word) > 3}
    best = nearest(slug, words)
    return words[best] if best else None


def _narrower(reader: sqlite3.Connection, topics: Sequence[Value]) -> tuple[Value, ...]:
    """Return the numbers of the topics and of all below them."""
    found: dict[Value, None] = dict.fromkeys(topics)
    waiting = list(topics)
    while waiting:
        for (below,) in reader.execute("SELECT seq FROM topic WHERE broader = ?", (waiting.pop(),)):
            if below not in found:
                found[below] = None
                waiting.append(below)
    return tuple(found)
