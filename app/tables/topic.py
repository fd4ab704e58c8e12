"""Topics: what quotes are about, in a tree."""

from datetime import datetime

from pydantic import BaseModel, Field
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import Instant, now
from app.tables.paging import Page, Paging


class Topic(SQLModel, table=True):
    """A trigger refuses a topic that would become broader than itself."""

    __table_args__ = (
        UniqueConstraint("slug", name="topic_slug"),
        Index("topic_broader", "broader"),
        Index("topic_label_slug", "label", "slug"),
        CheckConstraint("broader IS NULL OR broader <> seq", name="broader_other"),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    slug: str
    label: str
    description: str | None = None
    broader: int | None = Column(default=None, foreign_key="topic.seq")
    wikidata: str | None = None
    version: int = 1
    created: datetime = Column(default_factory=now, sa_type=Instant)
    updated: datetime = Column(default_factory=now, sa_type=Instant)


class TopicLabel(SQLModel, table=True):
    """An alternative label."""

    __tablename__ = "topic_label"
    __table_args__ = (
        Index("topic_label_label", "label"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    topic: int = Column(primary_key=True, foreign_key="topic.seq")
    label: str = Column(primary_key=True)


class TopicRef(BaseModel):
    """A topic as another thing names it."""

    slug: str = Field(description="Name of the topic in addresses.")
    label: str = Field(description="Name of the topic.")


class TopicBase(TopicRef):
    """A topic with what the record holds on it."""

    url: str = Field(description="Path of this topic in the API.")
    description: str | None = Field(description="What belongs to it, in one sentence.")
    wikidata: str | None = Field(description="Wikidata item, such as Q42.")
    broader: str | None = Field(description="Slug of the topic above it; null at the top.")
    quotes: int = Field(description="Number of public, asserted quotes on this very topic.")
    quotes_with_narrower: int = Field(description="The same, with all narrower topics; each quote counts once.")


class TopicNode(TopicBase):
    """A topic with the tree below it."""

    narrower: list["TopicNode"] = Field(description="The topics one step below, by label.")


class TopicWhole(TopicBase):
    """A topic, whole."""

    labels: list[str] = Field(description="Alternative labels, in order of the alphabet.")
    path: list[TopicRef] = Field(description="The topics above it, the topmost first.")
    version: int = Field(description="Counts this entry's changes, from 1.")
    created: datetime = Field(description="When it was put on the record (UTC).")
    updated: datetime = Field(description="When its entry last changed (UTC).")
    narrower: list[TopicNode] = Field(description="The tree below it.")


class TopicPage(Page[TopicNode]):
    """One page of topmost topics, each with the whole tree below it."""


class TopicFilter(Paging):
    """What `GET /v1/topics` takes."""
