"""The parts of a quote: its segments in the source, what editors did inside them, and what it is about."""

from pydantic import BaseModel, Field
from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import one_of
from app.tables.words import InterventionKind, Role, Stance


class Segment(SQLModel, table=True):
    """Triggers refuse a segment whose `exact` is not the source's text, and content that overlaps content."""

    __table_args__ = (
        one_of("role", Role),
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    quote: int = Column(primary_key=True, foreign_key="quote.seq")
    ordinal: int = Column(primary_key=True)
    role: Role = Column(sa_type=Text)
    start: int
    end: int
    exact: str


class Intervention(SQLModel, table=True):
    """A span inside a content segment at which an editor changed the words; a trigger proves both."""

    __table_args__ = (
        one_of("kind", InterventionKind),
        CheckConstraint('start >= 0 AND "end" > start', name="span"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    quote: int = Column(primary_key=True, foreign_key="quote.seq")
    ordinal: int = Column(primary_key=True)
    kind: InterventionKind = Column(sa_type=Text)
    start: int
    end: int
    exact: str


class QuoteTopic(SQLModel, table=True):
    """What a quote is about, and the speaker's stance towards a proposition."""

    __tablename__ = "quote_topic"
    __table_args__ = (
        Index("quote_topic_topic", "topic", "quote"),
        one_of("stance", Stance),
        CheckConstraint("(stance IS NULL) = (proposition IS NULL)", name="stance_to_what"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    quote: int = Column(primary_key=True, foreign_key="quote.seq")
    ordinal: int = Column(primary_key=True)
    topic: int = Column(foreign_key="topic.seq")
    stance: Stance | None = Column(default=None, sa_type=Text)
    proposition: str | None = None


class SpanRead(BaseModel):
    """Where words stand: offsets count Unicode code points into the source's text."""

    start: int = Field(description="Code-point offset of the first character.")
    end: int = Field(description="Code-point offset, exclusive.")


class SegmentRead(BaseModel):
    """A part of the quote in its source, with the evidence around it."""

    role: Role = Field(description="What the segment is to the quote.")
    start: int = Field(description="Code-point offset of the first character.")
    end: int = Field(description="Code-point offset, exclusive.")
    exact: str = Field(description="The words as printed: the source's text from `start` to `end`.")
    prefix: str = Field(description="Up to 32 code points before it.")
    suffix: str = Field(description="Up to 32 code points after it.")


class InterventionRead(BaseModel):
    """What an editor did inside the words."""

    kind: InterventionKind = Field(description="What was done.")
    start: int = Field(description="Code-point offset of the first character.")
    end: int = Field(description="Code-point offset, exclusive.")
    exact: str = Field(description="The words as printed.")


class QuoteTopicRead(BaseModel):
    """What the quote is about."""

    slug: str = Field(description="Slug of the topic.")
    label: str = Field(description="Name of the topic.")
    stance: Stance | None = Field(description="The speaker's stance towards the proposition; null when none is taken.")
    proposition: str | None = Field(description="What the stance is about, as one plain sentence.")
