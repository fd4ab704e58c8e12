"""Annotations: signed notes on a quote, or on a span of a source (W3C Web Annotation)."""

from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import Instant, now, one_of
from app.tables.words import BodyFormat, Motivation


class Annotation(SQLModel, table=True):
    """Either `quote` is set, or `source` with `start`, `end` and `exact`, which a trigger proves."""

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
    body: str = Field(description="The note.")
    format: BodyFormat = Field(description="Media type of the body.")
    creator: str = Field(description="Who signs it.")
    created: datetime = Field(description="When it was made (UTC).")
    modified: datetime = Field(description="When it last changed (UTC).")
