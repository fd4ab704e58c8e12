"""Links: statements, made and reviewed by people, that two quotes stand in a relation."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import Instant, now, one_of
from app.tables.words import Relation


class Link(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("id", name="link_id"),
        UniqueConstraint("from_quote", "to_quote", "relation", name="link_once"),
        Index("link_to", "to_quote"),
        one_of("relation", Relation),
        CheckConstraint("from_quote <> to_quote", name="two_quotes"),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    id: str
    from_quote: int = Column(foreign_key="quote.seq")
    to_quote: int = Column(foreign_key="quote.seq")
    relation: Relation = Column(sa_type=Text)
    rationale: str
    asserted_by: str
    version: int = 1
    created: datetime = Column(default_factory=now, sa_type=Instant)
    updated: datetime = Column(default_factory=now, sa_type=Instant)


class Direction(StrEnum):
    """`outgoing`: this quote does it to the other. `incoming`: the other does it to this one."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


class QuoteBrief(BaseModel):
    """A quote as another one names it."""

    id: str = Field(description="The quote's id.")
    url: str = Field(description="Path of the quote in the API.")
    text: str = Field(description="Its words.")
    speaker: str | None = Field(description="Slug of its speaker; null when unknown.")
    polarity: str = Field(description="Whether the speaker is said to have said it.")


class LinkRead(BaseModel):
    """A relation to another quote."""

    id: str = Field(description="The link's id.")
    relation: Relation = Field(description="What the one quote does to the other.")
    direction: Direction = Field(description="Which of the two does it.")
    quote: QuoteBrief = Field(description="The other quote.")
    rationale: str = Field(description="Why the relation is asserted, with the words it rests on.")
    asserted_by: str = Field(description="Who asserts it.")
    created: datetime = Field(description="When it was asserted (UTC).")
