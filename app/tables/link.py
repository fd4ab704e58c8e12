"""Links: statements, made and reviewed by people, that two quotes stand in a relation."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import ID, Instant, Line, Prose, now, one_of
from app.tables.paging import Page, Paging
from app.tables.record import Entry
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


class LinkWhole(BaseModel):
    """A relation by itself: `from` does it to `to`."""

    id: str = Field(description="The link's id.")
    url: str = Field(description="Path of this link in the API.")
    source: QuoteBrief = Field(alias="from", description="The quote that does it.")
    target: QuoteBrief = Field(alias="to", description="The quote that it is done to.")
    relation: Relation = Field(description="What the one quote does to the other.")
    rationale: str = Field(description="Why the relation is asserted, with the words it rests on.")
    asserted_by: str = Field(description="Who asserts it.")
    version: int = Field(description="Counts this link's changes, from 1.")
    created: datetime = Field(description="When it was asserted (UTC).")
    updated: datetime = Field(description="When it last changed (UTC).")


class LinkPage(Page[LinkWhole]):
    """One page of links."""


QuoteId = Annotated[str, StringConstraints(pattern=ID)]


class LinkChange(Entry):
    """What of a link can change."""

    rationale: Prose = Field(description="Why it is asserted, with the words it rests on.")
    asserted_by: Line | None = Field(default=None, description="Who asserts it; the key's name when absent.")


class LinkNew(LinkChange):
    """A relation to be asserted: `from` does it to `to`."""

    source: QuoteId = Field(alias="from", description="Id of the quote that does it.")
    target: QuoteId = Field(alias="to", description="Id of the quote that it is done to.")
    relation: Relation = Field(description="What is done.")


class LinkFilter(Paging):
    """What `GET /v1/links` takes."""

    quote: list[QuoteId] = Field(default=[], max_length=50, description="Id of a quote at either end; repeat for or.")
    relation: list[Relation] = Field(default=[], description="What the one does to the other; repeat for or.")
