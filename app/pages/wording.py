"""Wording: what the record holds, in a reader's words. Dates, numbers, and how each thing is known."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from app.tables.quote import HighlightRead, SaidRead
from app.tables.words import (
    Basis,
    InterventionKind,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Relation,
    SpeakerKind,
    Stance,
    Status,
)

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_EDTF = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([~?%]?)")

KINDS = {
    QuoteKind.DIRECT: "in quotation marks",
    QuoteKind.INDIRECT: "reported",
    QuoteKind.MIXED: "reported, partly in quotation marks",
}
MEDIA = {
    Medium.SPEECH: "spoken",
    Medium.WRITING: "written",
    Medium.THOUGHT: "a view, a wish or a feeling",
}
INTERVENTIONS = {
    InterventionKind.INSERTION: "put in by an editor; the speaker did not say it",
    InterventionKind.OMISSION: "words of the speaker were left out here",
    InterventionKind.SUBSTITUTION: "put by an editor in the place of the speaker’s words",
    InterventionKind.SIC: "marked by an editor as printed so on purpose",
    InterventionKind.EMPHASIS: "emphasised by an editor",
}
KINDS_SHORT = {
    QuoteKind.DIRECT: "quoted",
    QuoteKind.INDIRECT: "reported",
    QuoteKind.MIXED: "partly quoted",
}
STANCES = {
    Stance.SUPPORTS: "supports",
    Stance.OPPOSES: "opposes",
    Stance.CONDITIONAL: "conditional",
    Stance.NEUTRAL: "neutral",
}
NOT_ASSERTED = {
    Polarity.DENIED: "denies this",
    Polarity.NOT_SAID: "did not say this",
    Polarity.ALLEGED: "is alleged to have said this",
    Polarity.HYPOTHETICAL: "said only as a hypothesis",
}
"""How each polarity but `asserted` is told, after the speaker's name: a denial never reads as a statement."""
NOT_SHORT = {
    Polarity.DENIED: "denied",
    Polarity.NOT_SAID: "not said",
    Polarity.ALLEGED: "alleged",
    Polarity.HYPOTHETICAL: "hypothesis",
}
"""The same where there is room for a word or two."""
POLARITIES = {Polarity.ASSERTED: "said", **NOT_SHORT}
BASES = {
    Basis.STATED: "a full date is printed",
    Basis.RESOLVED: "worked out from what is printed",
    Basis.INFERRED: "concluded from the context",
    Basis.UNKNOWN: "no date is printed",
}
STATUSES = {
    Status.PROPOSED: "proposed",
    Status.PUBLISHED: "published",
    Status.DISPUTED: "disputed",
    Status.WITHDRAWN: "withdrawn",
    Status.REJECTED: "rejected",
}
MOTIVES = {
    Motivation.COMMENTING: "comment",
    Motivation.DESCRIBING: "description",
    Motivation.CLASSIFYING: "classification",
    Motivation.QUESTIONING: "question",
    Motivation.LINKING: "link",
    Motivation.ASSESSING: "assessment",
    Motivation.EDITING: "on the text as printed",
    Motivation.HIGHLIGHTING: "highlight",
}
SPEAKER_KINDS = {
    SpeakerKind.PERSON: "person",
    SpeakerKind.ORGANIZATION: "organization",
    SpeakerKind.GROUP: "group",
    SpeakerKind.UNNAMED: "unnamed source",
}
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fr": "French",
    "he": "Hebrew",
    "ja": "Japanese",
    "ko": "Korean",
    "pt": "Portuguese",
    "ru": "Russian",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
LONGEST_BEGUN = 20
"""A word that is longer is cut within, as a text without blanks is."""
_RELATIONS = {
    Relation.RESTATES: ("restates", "is restated by"),
    Relation.CONTRADICTS: ("contradicts", "is contradicted by"),
    Relation.QUALIFIES: ("qualifies", "is qualified by"),
    Relation.RESPONDS_TO: ("responds to", "is responded to by"),
    Relation.ELABORATES: ("elaborates", "is elaborated by"),
    Relation.QUOTES: ("quotes", "is quoted by"),
    Relation.RETRACTS: ("retracts", "is retracted by"),
    Relation.SAME_UTTERANCE: ("reports the same utterance as", "reports the same utterance as"),
}


class Piece(NamedTuple):
    """A run of a text, and whether it is marked."""

    words: str
    is_marked: bool


def pieces(words: str, marks: Sequence[HighlightRead]) -> list[Piece]:
    """Return the text in runs, those of the marks and those between them."""
    found: list[Piece] = []
    at = 0
    for mark in marks:
        found += [Piece(words[at : mark.start], False), Piece(words[mark.start : mark.end], True)]
        at = mark.end
    return [piece for piece in (*found, Piece(words[at:], False)) if piece.words]


def cut(words: str, most: int) -> str:
    """Return at most so many code points of a text, ended by … where it was longer, if it can be after a word."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    whole, _, begun = kept.rpartition(" ")
    return (whole if whole and len(begun) < LONGEST_BEGUN else kept).rstrip() + "…"


def number(value: int) -> str:
    """Return a number with commas between its thousands."""
    return f"{value:,}"


def count(value: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def day(value: date | datetime | None) -> str:
    """Return a day such as 2 March 2025."""
    return "" if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Return a moment to the minute, in UTC."""
    return f"{day(value)}, {value:%H:%M} UTC"


def when(said: SaidRead) -> str:
    """Return when it was said, as precisely as is known and no more so."""
    if said.edtf:
        if _EDTF.fullmatch(said.edtf):
            return _dated(said.edtf)
        if said.earliest and said.latest:
            return f"between {day(said.earliest)} and {day(said.latest)}"
        if said.earliest:
            return f"on {day(said.earliest)} or later"
    return f"by {day(said.latest)}" if said.latest else "date unknown"


def term(start: str | None, end: str | None) -> str:
    """Return for how long a role was held, from its EDTF dates."""
    if start and end:
        return f"from {_dated(start)} to {_dated(end)}"
    return f"since {_dated(start)}" if start else f"until {_dated(end)}" if end else ""


def language(tag: str | None) -> str:
    """Return the name of a language; of one that is not listed, its tag."""
    return LANGUAGES.get((tag or "").partition("-")[0], tag or "")


def when_known(said: SaidRead) -> str:
    """Return how the date is known, with the words that tell it."""
    printed = f" (“{said.as_printed}”)" if said.as_printed else ""
    return BASES[said.basis] + printed


def relation(relation: Relation, direction: str) -> str:
    """Return what a quote does to another one, or has done to it."""
    out, back = _RELATIONS[relation]
    return out if direction == "outgoing" else back


def _dated(edtf: str | None) -> str:
    match = _EDTF.fullmatch(edtf or "")
    return _approximately(_calendar(*match.groups()[:3]), match[4]) if match else edtf or ""


def _calendar(year: str, month: str | None, day_: str | None) -> str:
    if month is None:
        return year
    name = MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else ""
    if not name:
        return f"{_SEASONS.get(int(month), '')} {year}".strip()
    return f"{int(day_)} {name} {year}" if day_ else f"{name} {year}"


_SEASONS = {21: "spring", 22: "summer", 23: "autumn", 24: "winter"}


def _approximately(words: str, sign: str) -> str:
    return {"": words, "~": f"about {words}", "?": f"perhaps {words}", "%": f"perhaps about {words}"}[sign]
