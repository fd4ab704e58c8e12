"""Speakers: those to whom words are attributed, with every spelling of their names and their roles."""

from datetime import date, datetime

from pydantic import BaseModel, Field
from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import Instant, flag, now, one_of
from app.tables.paging import Page, Paging
from app.tables.words import SpeakerKind


class Speaker(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("slug", name="speaker_slug"),
        Index("speaker_name_slug", "name", "slug"),
        one_of("kind", SpeakerKind),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    slug: str
    name: str
    kind: SpeakerKind = Column(sa_type=Text)
    description: str | None = None
    wikidata: str | None = None
    version: int = 1
    created: datetime = Column(default_factory=now, sa_type=Instant)
    updated: datetime = Column(default_factory=now, sa_type=Instant)


class SpeakerName(SQLModel, table=True):
    """A spelling, and whether a source on the record printed it."""

    __tablename__ = "speaker_name"
    __table_args__ = (
        Index("speaker_name_name", "name"),
        flag("printed"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    speaker: int = Column(primary_key=True, foreign_key="speaker.seq")
    name: str = Column(primary_key=True)
    language: str | None = None
    printed: bool


class SpeakerRole(SQLModel, table=True):
    """A title held at an organization; `start` and `end` are EDTF level 1."""

    __tablename__ = "speaker_role"
    __table_args__ = ({"sqlite_strict": True, "sqlite_with_rowid": False},)

    speaker: int = Column(primary_key=True, foreign_key="speaker.seq")
    ordinal: int = Column(primary_key=True)
    title: str
    organization: str | None = None
    start: str | None = None
    end: str | None = None


class SpeakerRef(BaseModel):
    """The speaker as a quote names it."""

    slug: str = Field(description="Name of the speaker in addresses.")
    name: str = Field(description="Usual name.")
    kind: SpeakerKind = Field(description="What sort of speaker it is.")


class NewSpeakerRead(BaseModel):
    """A speaker who is not on the record yet."""

    name: str = Field(description="The name, by the longest form that the text prints.")
    kind: SpeakerKind = Field(description="What sort of speaker it seems to be.")


class SpeakerRead(SpeakerRef):
    """A speaker with what the record holds of it."""

    url: str = Field(description="Path of this speaker in the API.")
    description: str | None = Field(description="Who it is, in one sentence.")
    wikidata: str | None = Field(description="Wikidata item, such as Q42.")
    quotes: int = Field(description="Number of quotes served by default: published or disputed, and asserted.")
    first_said: date | None = Field(description="First day on which a quote of known day was said.")
    last_said: date | None = Field(description="Last day on which a quote of known day was said.")


class NameRead(BaseModel):
    """A spelling of the name."""

    name: str = Field(description="The name, spelled this way.")
    language: str | None = Field(description="Language of the spelling (BCP 47).")
    printed: bool = Field(description="True when a source on the record prints it so.")


class RoleRead(BaseModel):
    """A role that a source prints."""

    title: str = Field(description="Title of the role.")
    organization: str | None = Field(description="Where it was held.")
    start: str | None = Field(alias="from", description="Since when (EDTF level 1).")
    end: str | None = Field(alias="to", description="Until when (EDTF level 1).")


class SpeakerTopicRead(BaseModel):
    """A topic on which the speaker is on the record."""

    slug: str = Field(description="Slug of the topic.")
    label: str = Field(description="Name of the topic.")
    quotes: int = Field(description="Number of the speaker's public, asserted quotes on it or on a narrower topic.")


class SpeakerWhole(SpeakerRead):
    """A speaker, whole."""

    names: list[NameRead] = Field(description="Every known spelling, in order of the alphabet.")
    roles: list[RoleRead] = Field(description="Roles as printed.")
    topics: list[SpeakerTopicRead] = Field(description="The 50 topics with most quotes, most first.")
    version: int = Field(description="Counts this entry's changes, from 1.")
    created: datetime = Field(description="When it was put on the record (UTC).")
    updated: datetime = Field(description="When its entry last changed (UTC).")


class SpeakerPage(Page[SpeakerRead]):
    """One page of speakers."""


class SpeakerFilter(Paging):
    """What `GET /v1/speakers` takes."""

    q: str | None = Field(
        default=None,
        max_length=200,
        description="A name as it is typed, in any spelling; the last word may be only begun. Names that begin so come "
        "first.",
    )
    kind: list[SpeakerKind] = Field(default=[], description="Sort of speaker; repeat for or.")
