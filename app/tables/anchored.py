"""Quotes whose words have been found in their source: what those who read files hand to the store."""

from datetime import date
from typing import NamedTuple

from pydantic import JsonValue

from app.tables.record import SourceEntry, SpeakerEntry, TopicEntry
from app.tables.review import NEEDS_REASON
from app.tables.words import (
    Basis,
    BodyFormat,
    InterventionKind,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Relation,
    Role,
    Stance,
    Status,
    VenueKind,
)
from app.text.anchor import Span
from app.text.extract import Proposal


class AnchoredSegment(NamedTuple):
    """`exact` is the source's text from `start` to `end`, in code points, end exclusive."""

    role: Role
    start: int
    end: int
    exact: str


class AnchoredIntervention(NamedTuple):
    kind: InterventionKind
    start: int
    end: int
    exact: str


class AnchoredStance(NamedTuple):
    topic: str
    stance: Stance | None = None
    proposition: str | None = None


class AnchoredNote(NamedTuple):
    """A note on a quote, or with `target` on a span of the source, whose words are `exact`; a highlight may have no
    body."""

    motivation: Motivation
    body: str | None
    format: BodyFormat
    creator: str
    target: Span | None = None
    exact: str | None = None


class AnchoredSaid(NamedTuple):
    """`latest` falls back to the day on which the source was published: nothing is reported before it is said."""

    edtf: str | None = None
    earliest: date | None = None
    latest: date | None = None
    basis: Basis = Basis.UNKNOWN
    as_printed: str | None = None
    note: str | None = None


class AnchoredQuote(NamedTuple):
    """`segments` are in reading order. `speaker` and the topics are slugs, `parent` and `successor` are quotes' ids.

    `reason` and `successor` are those of the review that gave it its status, where that needs a reason.
    """

    id: str
    text: str
    kind: QuoteKind
    medium: Medium
    polarity: Polarity
    status: Status
    speaker: str | None
    parent: str | None
    cue: str | None
    venue_name: str | None
    venue_kind: VenueKind | None
    addressee: str | None
    said: AnchoredSaid
    segments: tuple[AnchoredSegment, ...]
    interventions: tuple[AnchoredIntervention, ...] = ()
    topics: tuple[AnchoredStance, ...] = ()
    notes: tuple[AnchoredNote, ...] = ()
    reason: str | None = None
    successor: str | None = None

    @property
    def reviewed(self) -> dict[str, JsonValue]:
        """What the history tells of the review beside the status; nothing of a status that needs no reason."""
        said = {"reason": self.reason, "successor": self.successor} if self.status in NEEDS_REASON else {}
        return {name: value for name, value in said.items() if value is not None}

    @property
    def content(self) -> tuple[Span, ...]:
        return tuple(Span(part.start, part.end) for part in self.segments if part.role is Role.CONTENT)


class AnchoredProposal(NamedTuple):
    """What was found in a text, and the quote that it makes, without speaker and parent; or why it makes none."""

    found: Proposal
    quote: AnchoredQuote | None
    refused: str | None = None


class AnchoredLink(NamedTuple):
    """`source` and `target` are ids of quotes."""

    source: str
    target: str
    relation: Relation
    rationale: str
    asserted_by: str


class AnchoredRecord(NamedTuple):
    """One source with everything recorded about it, every word found."""

    creator: str
    source: SourceEntry
    text: str
    sha256: str
    topics: tuple[TopicEntry, ...]
    speakers: tuple[SpeakerEntry, ...]
    quotes: tuple[AnchoredQuote, ...]
    links: tuple[AnchoredLink, ...]
    annotations: tuple[AnchoredNote, ...]
