"""Quotes: one report, in one source, of something somebody said, wrote or thought."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.annotation import AnnotationRead
from app.tables.columns import Instant, flag, now, one_of
from app.tables.link import LinkRead, QuoteBrief
from app.tables.paging import Page
from app.tables.segment import InterventionRead, QuoteTopicRead, SegmentRead, SpanRead
from app.tables.source import SourceCited, SourceRef
from app.tables.speaker import NewSpeakerRead, SpeakerRef
from app.tables.topic import TopicRef
from app.tables.words import (
    Basis,
    Medium,
    Polarity,
    QuoteKind,
    Stance,
    Status,
    VenueKind,
)

PUBLIC_ONLY = text("public = 1")


class Grain(StrEnum):
    """How precisely the said date is known; lists walk the three one beside the other."""

    DAY = "0"
    YEAR = "1"
    OPEN = "2"


GRAIN_DAYS = 366
"""An interval of at most this many days after its first is of the grain YEAR; a longer or open one is OPEN."""


class Quote(SQLModel, table=True):
    """The last five columns repeat what the others say, in the form that indexes need.

    Constraints hold `public`, `said_order` and `length` to it; store/ingest.py alone makes `grain` and `position`.
    """

    __table_args__ = (
        UniqueConstraint("id", name="quote_id"),
        # Their last two columns are there to be read: a date range is counted without a look at the quotes themselves.
        Index("quote_said", "grain", "said_order", "id", "polarity", "said_earliest", sqlite_where=PUBLIC_ONLY),
        Index(
            "quote_speaker_said",
            "speaker",
            "grain",
            "said_order",
            "id",
            "polarity",
            "said_earliest",
            sqlite_where=PUBLIC_ONLY,
        ),
        Index("quote_source_position", "source", "position", "id"),
        Index("quote_length", "length", "id", sqlite_where=PUBLIC_ONLY),
        Index("quote_parent", "parent", sqlite_where=text("parent IS NOT NULL")),
        Index("quote_not_public", "status", "seq", sqlite_where=text("public = 0")),
        one_of("kind", QuoteKind),
        one_of("medium", Medium),
        one_of("polarity", Polarity),
        one_of("status", Status),
        one_of("venue_kind", VenueKind),
        one_of("said_basis", Basis),
        flag("public"),
        CheckConstraint("length(id) = 16 AND id NOT GLOB '*[^0-9a-hjkmnp-tv-z]*'", name="id_crockford"),
        CheckConstraint("length(text) > 0 AND length = length(text)", name="length_true"),
        CheckConstraint("parent IS NULL OR parent <> seq", name="parent_other"),
        CheckConstraint("said_earliest IS NULL OR said_latest IS NULL OR said_earliest <= said_latest", name="said"),
        CheckConstraint("(said_basis = 'unknown') = (said_edtf IS NULL)", name="said_known"),
        CheckConstraint("public = (status IN ('published', 'disputed'))", name="public_true"),
        CheckConstraint("said_order = coalesce(said_latest, '')", name="said_order_true"),
        CheckConstraint("grain BETWEEN 0 AND 2", name="grain_known"),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    id: str
    source: int = Column(foreign_key="source.seq")
    speaker: int | None = Column(default=None, foreign_key="speaker.seq")
    parent: int | None = Column(default=None, foreign_key="quote.seq")
    text: str
    kind: QuoteKind = Column(sa_type=Text)
    medium: Medium = Column(sa_type=Text)
    polarity: Polarity = Column(sa_type=Text)
    cue: str | None = None
    venue_name: str | None = None
    venue_kind: VenueKind | None = Column(default=None, sa_type=Text)
    addressee: str | None = None
    said_edtf: str | None = None
    said_earliest: date | None = None
    said_latest: date | None = None
    said_basis: Basis = Column(default=Basis.UNKNOWN, sa_type=Text)
    said_as_printed: str | None = None
    said_note: str | None = None
    status: Status = Column(default=Status.PUBLISHED, sa_type=Text)
    version: int = 1
    created: datetime = Column(default_factory=now, sa_type=Instant)
    updated: datetime = Column(default_factory=now, sa_type=Instant)
    public: bool
    grain: int
    said_order: str
    position: int
    length: int


class QuoteSpeakerRead(SpeakerRef):
    """Who said it."""

    as_printed: str | None = Field(
        description="The words by which the source names the speaker here, often a pronoun; null when none stand there."
    )


class SaidRead(BaseModel):
    """When it was said, and how that is known."""

    edtf: str | None = Field(description="The date as EDTF level 1 (ISO 8601-2); null when unknown.")
    earliest: date | None = Field(description="First possible day; null when open.")
    latest: date | None = Field(
        description="Last possible day; when nothing else is known, the day on which the source was published."
    )
    basis: Basis = Field(
        description="`stated`: a full date is printed for this quote. `resolved`: worked out from a printed "
        "expression. `inferred`: concluded from the context. `unknown`."
    )
    as_printed: str | None = Field(description="The printed expression of time.")
    note: str | None = Field(description="How the date was worked out.")


class VenueRead(BaseModel):
    """Where it was said or written."""

    name: str | None = Field(description="Name of the place or occasion, as far as it is printed.")
    kind: VenueKind | None = Field(description="What sort of occasion it was.")


class QuoteRead(BaseModel):
    """A quote as lists serve it."""

    id: str = Field(description="The quote's id: 16 characters of Crockford base32, the same on every instance.")
    url: str = Field(description="Path of this quote in the API.")
    text: str = Field(
        description="The words: content segments in order, joined by ` … `, line breaks folded to a space."
    )
    kind: QuoteKind = Field(description="`direct`: in quotation marks. `indirect`: reported. `mixed`: both.")
    medium: Medium = Field(description="Whether it was spoken, written or thought.")
    polarity: Polarity = Field(
        description="`denied`: the words are what the speaker denies. `not_said`: the source says that the speaker did "
        "*not* say it. Lists serve `asserted` only unless asked otherwise."
    )
    speaker: QuoteSpeakerRead | None = Field(description="Who said it; null when the source does not tell.")
    said: SaidRead = Field(description="When it was said, and how that is known.")
    venue: VenueRead | None = Field(description="Where it was said; null when unknown.")
    addressee: str | None = Field(description="To whom it was said.")
    cue: str | None = Field(description="Lemma of the word that reports it, such as `say`.")
    topics: list[QuoteTopicRead] = Field(description="What it is about.")
    source: SourceRef = Field(description="Where it is printed.")
    content: list[SpanRead] = Field(description="Where its words stand in the source, in code points.")
    parent: str | None = Field(description="Id of the quote in which it is nested.")
    status: Status = Field(description="Where it stands in review.")
    version: int = Field(description="Counts its changes, from 1.")


class HighlightRead(BaseModel):
    """Where a word of the search stands in the quote's `text`, in code points, end exclusive."""

    start: int = Field(description="Code-point offset into `text`.")
    end: int = Field(description="Code-point offset into `text`, exclusive.")


class QuoteExpanded(QuoteRead):
    """A quote as lists serve it, with what `include` added."""

    highlight: list[HighlightRead] = Field(default=[], description="With `q`: where its words stand in `text`.")
    confidence: float | None = Field(
        default=None, description="With `status`: how sure it is that the quote is right, 0 to 1; null when not told."
    )
    why: str | None = Field(
        default=None, description="With `status`: the rule that proposed it, and what it left open; null for none."
    )
    new_speaker: NewSpeakerRead | None = Field(
        default=None,
        description="With `status`: whom it names, where nobody on the record is called so; to publish it puts the "
        "speaker on the record. Null when there is a `speaker`, or nobody is named.",
    )
    segments: list[SegmentRead] = Field(default=[], description="With `include=segments`: every part, with context.")
    annotations: list[AnnotationRead] = Field(default=[], description="With `include=annotations`: the notes on it.")
    links: list[LinkRead] = Field(default=[], description="With `include=links`: its relations to other quotes.")


def _none_required(schema: JsonDict) -> None:
    schema.pop("required")


class QuotePicked(QuoteExpanded):
    """A quote of which `fields` picked some: only those, and what `include` added, are there."""

    model_config = ConfigDict(json_schema_extra=_none_required)

    created: datetime = Field(description="With `fields=created`: when it was put on the record (UTC).")


class ChainRead(BaseModel):
    """One step of the attribution: who reports."""

    id: str = Field(description="Id of the quote that makes this step.")
    speaker: SpeakerRef | None = Field(description="Who reports; null when the source does not tell.")
    cue: str | None = Field(description="Lemma of the word that reports it.")


class QuoteCited(QuoteRead):
    """A quote with its evidence, and with what a citation of its source says: what every format is made from."""

    source: SourceCited = Field(description="Where it is printed.")
    segments: list[SegmentRead] = Field(description="Every part in the source, in reading order, with context.")
    created: datetime = Field(description="When it was put on the record (UTC).")
    updated: datetime = Field(description="When it last changed (UTC).")
    confidence: float | None = Field(
        default=None, description="With a key: how sure it is that the quote is right, 0 to 1; null when not told."
    )


class QuoteWhole(QuoteCited):
    """A quote, whole."""

    interventions: list[InterventionRead] = Field(description="What an editor did inside the words.")
    annotations: list[AnnotationRead] = Field(description="The notes on it, oldest first.")
    links: list[LinkRead] = Field(description="Its relations to other public quotes.")
    nested: list[QuoteBrief] = Field(description="Public quotes nested in this one, in reading order.")
    chain: list[ChainRead] = Field(description="Who reports whom, outermost first; the last step is this quote.")
    evidence_url: str | None = Field(
        description="The source's own address with a text fragment, at which a browser marks these words on the page "
        "and scrolls to them; null when the source has no address."
    )
    why: str | None = Field(
        default=None, description="With a key: the rule that proposed it, and what it left open; null for none."
    )
    new_speaker: NewSpeakerRead | None = Field(
        default=None,
        description="With a key: whom a proposed quote names, where nobody on the record is called so; to publish it "
        "puts the speaker on the record, and a PATCH of `speaker` takes this away.",
    )


class FacetValue(BaseModel):
    """One value of a facet."""

    value: str | None = Field(description="What to filter by: a slug, a kind or a year; null when unknown.")
    label: str = Field(description="The value as a person reads it.")
    count: int = Field(description="How many of the quotes that match have it.")


class Facets(BaseModel):
    """Counts under the same filters, most first; only the facets asked for are present."""

    speaker: list[FacetValue] = Field(default=[], description="The 50 speakers with most quotes.")
    topic: list[FacetValue] = Field(
        default=[], description="The 50 topics with most quotes, each with its narrower ones."
    )
    source: list[FacetValue] = Field(default=[], description="The 50 sources with most quotes.")
    kind: list[FacetValue] = Field(default=[], description="Kinds of quotes.")
    year: list[FacetValue] = Field(default=[], description="The 50 years with most quotes, by last possible day.")


class QuotePage(Page[QuoteExpanded | QuotePicked]):
    """One page of quotes."""

    ranked: int | None = Field(
        default=None,
        description="With `sort=relevance`: how many of the matches were ranked, the newest ones. The others follow "
        "them, the newest first.",
    )
    did_you_mean: str | None = Field(
        default=None, description="With `q`, when nothing matches: the search with the record's nearest words."
    )
    facets: Facets = Field(default=Facets(), description="With `facets`: the counts asked for.")
    facets_are_exact: bool = Field(
        default=True,
        description="False when more than 10,000 match and no counter knows their spread: 10,000 are counted then.",
    )


class RandomQuotes(BaseModel):
    """Quotes drawn at random."""

    items: list[QuoteExpanded | QuotePicked] = Field(description="Distinct quotes, in the order drawn.")
    seed: str = Field(description="Give it as `seed` to draw the same again from an unchanged record.")


class PositionRead(BaseModel):
    """One thing said on a topic."""

    id: str = Field(description="The quote's id.")
    url: str = Field(description="Path of the quote in the API.")
    text: str = Field(description="Its words.")
    kind: QuoteKind = Field(description="Whether the words stand in quotation marks.")
    polarity: Polarity = Field(description="Whether the speaker is said to have said it.")
    status: Status = Field(description="`published`, or `disputed`.")
    said: SaidRead = Field(description="When it was said, and how that is known.")
    stance: Stance | None = Field(description="The speaker's stance; null when none is taken.")
    proposition: str | None = Field(description="What the stance is about, as one plain sentence.")
    source: SourceRef = Field(description="Where it is printed.")


class TopicPositions(BaseModel):
    """What the speaker said on one topic."""

    topic: TopicRef = Field(description="The topic.")
    quotes: int = Field(description="How many quotes the speaker has on this very topic.")
    positions: list[PositionRead] = Field(
        description="What they say, in order of said date, the oldest first; a quote with two stances stands twice."
    )
    more: str | None = Field(
        description="Path of the list of them all, with those on narrower topics; null when `positions` has them all."
    )


class PositionPage(Page[TopicPositions]):
    """One page of topics on which the speaker is on the record, by label."""

    speaker: SpeakerRef = Field(description="Whose positions they are.")
