"""Correcting: a quote as a form shows it, and what was typed there as the merge patch that the API takes."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from app.errors import Fault, Invalid
from app.store import speakers
from app.tables.columns import SLUG
from app.tables.db import Database
from app.tables.quote import QuoteWhole
from app.tables.segment import SegmentRead
from app.tables.speaker import SpeakerFilter, SpeakerRead
from app.tables.words import Role
from app.text import anchor

Typed = Mapping[str, str]
"""What stands in the form's fields, by their names; a field that is not there is empty."""
NOBODY = "nobody"
"""The field that says that whom the text names is not the speaker."""
PLAIN = ("kind", "medium", "polarity")
_SAID = ("edtf", "basis", "note")
_VENUE = ("venue", "venue-kind")
_LIKE = 5


class Rows(NamedTuple):
    """Fields that there are several of, by number: those that are filled in, in order."""

    numbers: Sequence[int]

    def field(self, name: str, place: str) -> str | None:
        """Return the field that stands at a place of the list."""
        at = int(place) if place.isdigit() else len(self.numbers)
        return f"{name}-{self.numbers[at]}" if at < len(self.numbers) else None


def filled(quote: QuoteWhole) -> Typed:
    """Return the form's fields as the quote has them."""
    fields = {
        "speaker": quote.speaker.slug if quote.speaker else "",
        "kind": quote.kind.value,
        "medium": quote.medium.value,
        "polarity": quote.polarity.value,
        "edtf": quote.said.edtf or "",
        "basis": quote.said.basis.value,
        "note": quote.said.note or "",
        "addressee": quote.addressee or "",
        "venue": (quote.venue.name if quote.venue else None) or "",
        "venue-kind": quote.venue.kind.value if quote.venue and quote.venue.kind else "",
    }
    fields |= {f"content-{at}": part.exact for at, part in enumerate(_content(quote))}
    for at, about in enumerate(quote.topics):
        stance = about.stance.value if about.stance else ""
        fields |= {f"topic-{at}": about.slug, f"stance-{at}": stance, f"proposition-{at}": about.proposition or ""}
    return fields


def rebased(typed: Typed, now: Typed) -> Typed:
    """Return what was typed, as a change of the quote as it is now: a field that was left as it was seen follows it."""
    seen = _seen(typed)
    names = {*typed, *now}
    return {
        name: now.get(name, "") if typed.get(name, "") == seen.get(name, "") else typed.get(name, "") for name in names
    }


def _seen(typed: Typed) -> Typed:
    """Return the fields as the form showed them, which it tells itself."""
    try:
        given = json.loads(typed.get("seen", "{}"))
    except ValueError:
        return {}
    return {name: value for name, value in given.items() if isinstance(value, str)} if isinstance(given, dict) else {}


def rows(typed: Typed, name: str) -> Rows:
    """Return the numbers of the fields of that name that are filled in."""
    found = (re.fullmatch(rf"{name}-(\d{{1,3}})", field) for field, value in typed.items() if value.strip())
    return Rows(sorted(int(match[1]) for match in found if match))


def patch(database: Database, quote: QuoteWhole, typed: Typed, text: str) -> dict[str, JsonValue]:
    """Return what was changed in the form, as a merge patch of the quote as it is written.

    Raises Invalid for a speaker's name that tells nobody, or more than one.
    """
    before = filled(quote)
    changed = {name for name in {*before, *typed} if before.get(name, "") != typed.get(name, "")}
    change: dict[str, JsonValue] = {name: typed.get(name) for name in PLAIN if name in changed}
    if "speaker" in changed or NOBODY in typed:
        change["speaker"] = _slug(database, typed.get("speaker", "").strip())
    if changed.intersection(_SAID):
        change["said"] = {"edtf": _given(typed, "edtf"), "basis": typed.get("basis"), "note": _given(typed, "note")}
    if "addressee" in changed:
        name = _given(typed, "addressee")
        change["addressee"] = {"name": name} if name else None
    if changed.intersection(_VENUE):
        venue: dict[str, JsonValue] = {"name": _given(typed, "venue"), "kind": _given(typed, "venue-kind")}
        change["venue"] = venue if any(venue.values()) else None
    if any(name.startswith(("topic-", "stance-", "proposition-")) for name in changed):
        change["topics"] = [_topic(typed, number) for number in _topic_rows(typed).numbers]
    if any(name.startswith("content-") for name in changed):
        change["content"] = [_words(quote, typed, number, text) for number in rows(typed, "content").numbers]
    return change


def field(pointer: str | None, typed: Typed) -> str | None:
    """Return the field in which it is wrong what a pointer into the quote names; None when none shows it."""
    name, _, rest = (pointer or "").removeprefix("/").partition("/")
    place = rest.partition("/")[0]
    if name == "content":
        return rows(typed, "content").field("content", place)
    if name == "topics":
        return _topic_rows(typed).field("topic", place)
    if name == "said":
        return place if place in ("basis", "note") else "edtf"
    if name == "venue":
        return "venue-kind" if place == "kind" else "venue"
    return name if name in (*PLAIN, "speaker", "addressee", "reason") else None


def _given(typed: Typed, name: str) -> str | None:
    return typed.get(name, "").strip() or None


def _content(quote: QuoteWhole) -> list[SegmentRead]:
    return [part for part in quote.segments if part.role is Role.CONTENT]


def _topic_rows(typed: Typed) -> Rows:
    found = {number for name in ("topic", "stance", "proposition") for number in rows(typed, name).numbers}
    return Rows(sorted(found))


def _topic(typed: Typed, number: int) -> JsonValue:
    given = {name: typed.get(f"{name}-{number}", "").strip() for name in ("topic", "stance", "proposition")}
    return {name: value for name, value in given.items() if value or name == "topic"}


def _words(quote: QuoteWhole, typed: Typed, number: int, text: str) -> JsonValue:
    """Return how to find the words: where they stood when they are as they were, else the nearest ones that are so."""
    words, known = typed[f"content-{number}"].strip(), _content(quote)
    old = known[min(number, len(known) - 1)]
    if words == old.exact:
        return {"exact": words, "start": old.start, "end": old.end}
    places = anchor.places(text, words)
    if len(places) < 2:
        return {"exact": words}  # the record finds them, or tells the nearest
    start = min(places, key=lambda at: abs(at - old.start))
    return {"exact": words, "start": start, "end": start + len(words)}


def _slug(database: Database, given: str) -> str | None:
    """Return the slug of whoever a slug or a name means; a slug that is not known is left to the record to refuse."""
    if not given or re.fullmatch(SLUG, given):
        return given or None
    found = speakers.find(database.reader(), SpeakerFilter(q=given[:200], limit=_LIKE))
    listed = [SpeakerRead.model_validate_json(item) for item in found.items]
    exact = [one for one in listed if one.name.casefold() == given.casefold()] or listed
    if len(exact) == 1:
        return exact[0].slug
    if not exact:
        raise Invalid.of(Fault(f"Nobody on the record is called {given[:80]}.", pointer="/speaker"))
    names = ", ".join(one.slug for one in exact)
    raise Invalid.of(Fault(f"{given[:80]} may be one of these: {names}. Give the slug.", pointer="/speaker"))
