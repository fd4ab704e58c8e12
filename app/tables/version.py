"""Quotes as they were: what one change left of a quote, as the history keeps it."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, RootModel

from app.tables.paging import Digits, Query
from app.tables.quote import QuoteWhole, SaidRead, VenueRead
from app.tables.segment import InterventionRead
from app.tables.words import Medium, Polarity, QuoteKind, Role, Stance, Status


class SegmentState(BaseModel):
    """A part of the quote in its source, as the history keeps it."""

    role: Role = Field(description="What the segment is to the quote.")
    start: int = Field(description="Code-point offset of the first character.")
    end: int = Field(description="Code-point offset, exclusive.")
    exact: str = Field(description="The words as printed: the source's text from `start` to `end`.")


class StanceState(BaseModel):
    """What the quote is about, as the history keeps it."""

    topic: str = Field(description="Slug that the topic had then.")
    stance: Stance | None = Field(description="The speaker's stance towards the proposition; null when none is taken.")
    proposition: str | None = Field(description="What the stance is about, as one plain sentence.")


class QuoteVersion(BaseModel):
    """A quote as one change left it: what people decided, by the slugs that things had then."""

    id: str = Field(description="The quote's id.")
    url: str = Field(description="Path of this version in the API.")
    version: int = Field(description="Which version it is, from 1.")
    at: datetime = Field(description="When it was written (UTC).")
    who: str = Field(description="Name of the key or command that wrote it.")
    source: str = Field(description="Slug of the source.")
    text: str = Field(description="The words, as lists serve them.")
    kind: QuoteKind = Field(description="Whether the words stand in quotation marks.")
    medium: Medium = Field(description="Whether it was spoken, written or thought.")
    polarity: Polarity = Field(description="Whether the speaker is said to have said it.")
    status: Status = Field(description="Where it stood in review.")
    speaker: str | None = Field(description="Slug of the speaker; null when the source does not tell.")
    parent: str | None = Field(description="Id of the quote in which it was nested.")
    cue: str | None = Field(description="Lemma of the word that reports it.")
    venue: VenueRead | None = Field(description="Where it was said; null when unknown.")
    addressee: str | None = Field(description="To whom it was said.")
    said: SaidRead = Field(description="When it was said, and how that is known.")
    segments: list[SegmentState] = Field(description="Every part in the source, in reading order.")
    interventions: list[InterventionRead] = Field(description="What an editor did inside the words.")
    topics: list[StanceState] = Field(description="What it was about.")


class QuoteNowOrThen(RootModel[QuoteWhole | QuoteVersion]):
    """The quote, whole; with `version`, as it was at that version."""


class QuoteAsked(Query):
    """What `GET /v1/quotes/{id}` takes."""

    version: Annotated[int, Field(ge=1, le=1_000_000_000), Digits] | None = Field(
        default=None,
        description="Read it as it was at this version, from 1, in JSON: what people had decided, and not what follows "
        "from it, such as context and links.",
    )
