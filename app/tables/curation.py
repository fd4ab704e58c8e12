"""What curation keeps beside the record: ends of quotes, proposals, old slugs, and answers that may be asked again."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import REAL, CheckConstraint, Index, Text
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import Instant, Slug, now, one_of
from app.tables.words import SpeakerKind, What


class QuoteEnd(SQLModel, table=True):
    """Why a quote was withdrawn, and the quote to read in its place. A quote that comes back loses its end."""

    __tablename__ = "quote_end"
    __table_args__ = (
        CheckConstraint("length(reason) > 0", name="reason_given"),
        CheckConstraint("successor <> quote", name="successor_another"),
        {"sqlite_strict": True},
    )

    quote: int = Column(primary_key=True, foreign_key="quote.seq")
    reason: str
    at: datetime = Column(default_factory=now, sa_type=Instant)
    successor: int | None = Column(default=None, foreign_key="quote.seq")


class Proposal(SQLModel, table=True):
    """How sure it is that a proposed quote is right, from 0 to 1, and which rule found it."""

    __table_args__ = (
        Index("proposal_surest", "confidence", "quote"),
        CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_share"),
        {"sqlite_strict": True},
    )

    quote: int = Column(primary_key=True, foreign_key="quote.seq")
    confidence: float = Column(sa_type=REAL)
    why: str | None = None


class NewSpeaker(SQLModel, table=True):
    """Whom a proposed quote names, where nobody on the record is called so: put there when the quote is published."""

    __tablename__ = "new_speaker"
    __table_args__ = (
        one_of("kind", SpeakerKind),
        CheckConstraint("length(name) > 0", name="name_given"),
        {"sqlite_strict": True},
    )

    quote: int = Column(primary_key=True, foreign_key="quote.seq")
    name: str
    kind: SpeakerKind = Column(sa_type=Text)


class Moved(SQLModel, table=True):
    """A slug that a thing had before it was renamed or merged; `seq` is the number of what it leads to."""

    __table_args__ = (
        CheckConstraint("what = 'source' OR what = 'speaker' OR what = 'topic'", name="what_known"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    what: What = Column(primary_key=True, sa_type=Text)
    slug: str = Column(primary_key=True)
    seq: int


class KeptAnswer(SQLModel, table=True):
    """The answer to a write under an Idempotency-Key of one API key; `request` is the SHA-256 of what was asked."""

    __tablename__ = "kept_answer"
    __table_args__ = (
        Index("kept_answer_at", "at"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    who: str = Column(primary_key=True)
    key: str = Column(primary_key=True)
    request: str
    status: int
    headers: str
    body: str
    at: datetime = Column(default_factory=now, sa_type=Instant)


class MergeEntry(BaseModel):
    """What a merge takes."""

    model_config = ConfigDict(extra="forbid")

    into: Slug = Field(description="Slug of the one that stays, and gets everything that the other has.")


class SplitEntry(BaseModel):
    """What a split takes."""

    model_config = ConfigDict(extra="forbid")

    slug: Slug = Field(description="Slug that the one had which is to be put on the record again.")
