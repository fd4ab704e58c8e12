"""Annotations: signed notes on a quote, or on a span of a source (W3C Web Annotation)."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints, model_validator
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import ID, Instant, Slug, now, one_of
from app.tables.paging import Digits, Page, Paging, YesOrNo
from app.tables.record import Entry, Exact, NoteEntry, Occurrence
from app.tables.words import BodyFormat, Motivation


class Annotation(SQLModel, table=True):
    """Either `quote` is set, or `source` with `start`, `end` and `exact`, which a trigger proves. A note without a body
    has an empty one."""

    __table_args__ = (
        UniqueConstraint("id", name="annotation_id"),
        Index("annotation_quote", "quote"),
        Index("annotation_source", "source"),
        one_of("motivation", Motivation),
        one_of("format", BodyFormat),
        CheckConstraint(
            "(quote IS NULL) <> (source IS NULL) AND (source IS NULL) = (start IS NULL)"
            ' AND (source IS NULL) = ("end" IS NULL) AND (source IS NULL) = (exact IS NULL)',
            name="one_target",
        ),
        CheckConstraint('start IS NULL OR (start >= 0 AND "end" > start)', name="span"),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    id: str
    quote: int | None = Column(default=None, foreign_key="quote.seq")
    source: int | None = Column(default=None, foreign_key="source.seq")
    start: int | None = None
    end: int | None = None
    exact: str | None = None
    motivation: Motivation = Column(sa_type=Text)
    body: str
    format: BodyFormat = Column(default=BodyFormat.PLAIN, sa_type=Text)
    creator: str
    version: int = 1
    created: datetime = Column(default_factory=now, sa_type=Instant)
    modified: datetime = Column(default_factory=now, sa_type=Instant)


class AnnotationTarget(BaseModel):
    """What the note is about: a quote, or a span of a source."""

    quote: str | None = Field(description="Id of the quote; null when the note is on a span.")
    source: str = Field(description="Slug of the source.")
    start: int | None = Field(description="Code-point offset of the span; null when the note is on a quote.")
    end: int | None = Field(description="Code-point offset, exclusive; null when the note is on a quote.")
    exact: str | None = Field(description="The words of the span; null when the note is on a quote.")


class AnnotationRead(BaseModel):
    """A signed note."""

    id: str = Field(description="The annotation's id.")
    target: AnnotationTarget = Field(description="What the note is about.")
    motivation: Motivation = Field(description="Why it was made (W3C Web Annotation motivation).")
    body: str | None = Field(description="The note; null where words are only highlighted.")
    format: BodyFormat = Field(description="Media type of the body.")
    creator: str = Field(description="Who signs it.")
    created: datetime = Field(description="When it was made (UTC).")
    modified: datetime = Field(description="When it last changed (UTC).")


class AnnotationWhole(AnnotationRead):
    """A signed note by itself."""

    url: str = Field(description="Path of this note in the API.")
    version: int = Field(description="Counts this note's changes, from 1.")


class AnnotationPage(Page[AnnotationWhole]):
    """One page of notes."""


QuoteId = Annotated[str, StringConstraints(pattern=ID)]
Offset = Annotated[int, Field(ge=0, le=1_000_000_000), Digits]
Context = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class TargetNew(Entry):
    """A quote, or words of a source or of a quote: by themselves, or by where they stand, or by both."""

    quote: QuoteId | None = Field(default=None, description="Id of a quote.")
    source: Slug | None = Field(default=None, description="Slug of a source.")
    exact: Exact | None = Field(default=None, description="Whole words, exactly as the text has them.")
    prefix: Context | None = Field(
        default=None, description="What stands right before them, to tell equal words apart."
    )
    suffix: Context | None = Field(default=None, description="What stands right after them.")
    occurrence: Occurrence | None = Field(default=None, description="Which of several, counted from 1.")
    start: Offset | None = Field(default=None, description="Code-point offset at which they begin.")
    end: Offset | None = Field(default=None, description="Code-point offset, exclusive.")

    @property
    def is_whole(self) -> bool:
        """Whether no words are picked."""
        return self.exact is None and self.start is None

    @model_validator(mode="after")
    def _one(self) -> "TargetNew":
        if (self.quote is None) == (self.source is None):
            raise ValueError("give quote or source, one of the two")
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end stand together")
        if self.source is not None and self.is_whole:
            raise ValueError("a note on a source is on some of its words: give exact, or start and end")
        if self.exact is None and (self.prefix or self.suffix or self.occurrence):
            raise ValueError("prefix, suffix and occurrence stand with exact")
        return self


class AnnotationNew(NoteEntry):
    """A note to be made."""

    target: TargetNew = Field(description="What the note is about.")


class AnnotationFilter(Paging):
    """What `GET /v1/annotations` takes."""

    quote: list[QuoteId] = Field(default=[], max_length=50, description="Id of a quote; repeat for or.")
    source: list[Slug] = Field(
        default=[],
        max_length=50,
        description="Slug of a source: notes on its words and on its quotes; repeat for or.",
    )
    motivation: list[Motivation] = Field(default=[], description="Why it was made; repeat for or.")
    creator: list[str] = Field(default=[], max_length=50, description="Who signs it; repeat for or.")
    iris: YesOrNo = Field(default=False, description="In JSON-LD, the addresses of the notes in place of the notes.")
