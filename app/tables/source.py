"""Sources: one published text each, kept as published."""

from datetime import date, datetime

from pydantic import BaseModel, Field, model_validator
from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.annotation import AnnotationRead
from app.tables.columns import Instant, flag, now, one_of
from app.tables.paging import Day, Page, Paging, YesOrNo, refuse_backward
from app.tables.segment import SpanRead
from app.tables.words import Access, Polarity, QuoteKind, Role, SourceKind


class Source(SQLModel, table=True):
    """`text` stands last, so that reading a title does not read the text's overflow pages."""

    __table_args__ = (
        UniqueConstraint("slug", name="source_slug"),
        UniqueConstraint("sha256", name="source_sha256"),
        Index("source_newest", text("coalesce(published, '')"), "slug"),
        Index("source_revises", "revises"),
        one_of("kind", SourceKind),
        one_of("access", Access),
        flag("title_devised"),
        flag("complete"),
        # SQLite's length() stops at U+0000, so this refuses that too.
        CheckConstraint("length = length(text)", name="length_true"),
        CheckConstraint("length(sha256) = 64 AND sha256 NOT GLOB '*[^0-9a-f]*'", name="sha256_hex"),
        {"sqlite_strict": True},
    )

    seq: int | None = Column(default=None, primary_key=True)
    slug: str
    title: str
    title_devised: bool = False
    kind: SourceKind = Column(sa_type=Text)
    publisher: str | None = None
    authors: str = "[]"  # a JSON array of names
    url: str | None = None
    published: date | None = None
    language: str
    rights: str | None = None
    access: Access = Column(default=Access.FULL, sa_type=Text)
    note: str | None = None
    sha256: str
    length: int
    complete: bool = False
    revises: int | None = Column(default=None, foreign_key="source.seq")
    version: int = 1
    created: datetime = Column(default_factory=now, sa_type=Instant)
    updated: datetime = Column(default_factory=now, sa_type=Instant)
    text: str


class Passage(SQLModel, table=True):
    """The `part`th 1,024 code points of a text of more than 8,192: a segment is proved against them, not the whole.

    Triggers cut them when the source comes on the record, and keep them as they are.
    """

    __table_args__ = ({"sqlite_strict": True},)

    source: int = Column(primary_key=True, foreign_key="source.seq")
    part: int = Column(primary_key=True)
    text: str


class SourceRef(BaseModel):
    """The source as a quote names it."""

    slug: str = Field(description="Name of the source in addresses.")
    title: str = Field(description="Title as published, or a descriptive one where `title_devised` says so.")
    publisher: str | None = Field(description="Who published it; null when unknown.")
    published: date | None = Field(description="Day of publication; null when unknown.")


class SourceCited(SourceRef):
    """The source with what a citation of it says."""

    kind: SourceKind = Field(description="What sort of text it is.")
    authors: list[str] = Field(description="Names of the authors, in printed order.")
    url: str | None = Field(description="Address at which it was published.")
    language: str = Field(description="Language of the text (BCP 47).")
    sha256: str = Field(description="SHA-256 of the text's UTF-8 bytes, hexadecimal.")


class SourceRead(SourceRef):
    """A source without its text."""

    record_url: str = Field(description="Path of this source in the API.")
    title_devised: bool = Field(description="True when the title is the record's and not the publisher's.")
    kind: SourceKind = Field(description="What sort of text it is.")
    authors: list[str] = Field(description="Names of the authors, in printed order.")
    url: str | None = Field(description="Address at which it was published.")
    language: str = Field(description="Language of the text (BCP 47).")
    rights: str | None = Field(description="Who owns the text, and on what terms it stands here.")
    access: Access = Field(description="`excerpt`: the whole text is served only with a key.")
    note: str | None = Field(description="What a reader must know about this text.")
    sha256: str = Field(description="SHA-256 of the text's UTF-8 bytes, hexadecimal.")
    length: int = Field(description="Length of the text in Unicode code points.")
    complete: bool = Field(description="True when every quote in the text is on the record.")
    revises: str | None = Field(description="Slug of the source that this one corrects.")
    quotes: int = Field(description="Number of quotes served by default: published or disputed, and asserted.")
    version: int = Field(description="Counts this entry's changes, from 1.")
    created: datetime = Field(description="When it was put on the record (UTC).")
    updated: datetime = Field(description="When its entry last changed (UTC).")


class SourceQuoteRead(BaseModel):
    """One quote as it lies in its source."""

    id: str = Field(description="The quote's id.")
    url: str = Field(description="Path of the quote in the API.")
    kind: QuoteKind = Field(description="Whether the words stand in quotation marks.")
    polarity: Polarity = Field(description="Whether the speaker is said to have said it.")
    speaker: str | None = Field(description="Slug of the speaker; null when unknown.")
    parent: str | None = Field(description="Id of the quote in which this one is nested.")
    spans: list["RoleSpan"] = Field(description="All its segments, in reading order.")


class RoleSpan(SpanRead):
    """A span with what it is to the quote."""

    role: Role = Field(description="What the segment is to the quote.")


class SourceWhole(SourceRead):
    """A source with its text and every span that is recorded in it."""

    text: str | None = Field(
        description="The text as published. Null when `access` is `excerpt` and the request carries no key."
    )
    spans: list[SourceQuoteRead] = Field(description="Every public quote of any polarity, in reading order.")
    annotations: list[AnnotationRead] = Field(description="Notes on spans of the text.")


class SourcePage(Page[SourceRead]):
    """One page of sources."""


class SourceFilter(Paging):
    """What `GET /v1/sources` takes."""

    kind: list[SourceKind] = Field(default=[], description="Sort of text; repeat for or.")
    publisher: list[str] = Field(default=[], description="Publisher, exactly as recorded; repeat for or.")
    published_from: Day | None = Field(default=None, description="Published on this day or later.")
    published_to: Day | None = Field(default=None, description="Published on this day or earlier.")
    complete: YesOrNo | None = Field(default=None, description="Only sources all of whose quotes are recorded, or not.")

    @model_validator(mode="after")
    def _ranges(self) -> "SourceFilter":
        refuse_backward(self, ("published_from", "published_to"))
        return self
