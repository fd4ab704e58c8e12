"""The history of every write, and the keys under whose names it is written."""

from datetime import datetime

from pydantic import BaseModel, Field, JsonValue
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import Instant, now, one_of
from app.tables.paging import Page, Paging
from app.tables.words import What


class Change(SQLModel, table=True):
    """Append-only: triggers refuse an edit, a deletion and a replacement. `before` and `after` are JSON documents.

    `seal` is the SHA-256 of the seal before it and of the row (store/history.py): who edits the past breaks all after.
    """

    __table_args__ = (
        Index("change_of", "what", "name", "version"),
        one_of("what", What),
        CheckConstraint("before IS NOT NULL OR after IS NOT NULL", name="something"),
        CheckConstraint("length(seal) = 64 AND seal NOT GLOB '*[^0-9a-f]*'", name="seal_hex"),
        {"sqlite_strict": True, "sqlite_autoincrement": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    what: What = Column(sa_type=Text)
    name: str  # the id or slug of what changed
    version: int
    at: datetime = Column(default_factory=now, sa_type=Instant)
    who: str
    before: str | None = None
    after: str | None = None
    seal: str


class ApiKey(SQLModel, table=True):
    """Only the SHA-256 of a secret is kept. `scopes` is a JSON array."""

    __tablename__ = "api_key"
    __table_args__ = (
        UniqueConstraint("name", name="api_key_name"),
        UniqueConstraint("secret_sha256", name="api_key_secret"),
        CheckConstraint("length(secret_sha256) = 64 AND secret_sha256 NOT GLOB '*[^0-9a-f]*'", name="secret_hex"),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    name: str
    secret_sha256: str
    scopes: str = "[]"
    created: datetime = Column(default_factory=now, sa_type=Instant)
    expires: datetime | None = Column(default=None, sa_type=Instant)
    last_used: datetime | None = Column(default=None, sa_type=Instant)
    revoked: datetime | None = Column(default=None, sa_type=Instant)


class FieldChange(BaseModel):
    """One field that changed."""

    path: str = Field(description="JSON pointer (RFC 6901) into the document; empty for the whole.")
    before: JsonValue = Field(description="Its value before; null when there was none.")
    after: JsonValue = Field(description="Its value after; null when there is none.")


class ChangeRead(BaseModel):
    """One version of a thing: who made it, when, and what changed."""

    version: int = Field(description="The version that this change made, from 1.")
    at: datetime = Field(description="When (UTC).")
    who: str = Field(description="Name of the key or command that wrote it.")
    changes: list[FieldChange] = Field(description="What changed; on the first version the whole document.")


class ChangePage(Page[ChangeRead]):
    """One page of a thing's history, oldest first."""


class HistoryFilter(Paging):
    """What a history takes."""


class FeedEntry(BaseModel):
    """One change as the feed gives it."""

    seq: int = Field(description="Position in the feed; grows by every change.")
    what: What = Field(description="The kind of thing that changed.")
    name: str = Field(description="Its id or slug.")
    version: int = Field(description="The version that this change made.")
    at: datetime = Field(description="When (UTC).")
    who: str = Field(description="Name of the key or command that wrote it.")
    before: JsonValue = Field(description="The document before; null when it is new.")
    after: JsonValue = Field(description="The document after; null when it is gone.")


class FeedPage(Page[FeedEntry]):
    """One page of the feed, oldest first; follow `next` to the end, then ask again from the last cursor."""

    cursor: str = Field(description="Give it as `after` to go on from here, also when `next` is null.")


class FeedFilter(Paging):
    """What `GET /v1/changes` takes."""

    what: list[What] = Field(default=[], description="Kind of thing that changed; repeat for or.")
