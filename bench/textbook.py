"""The service as the tutorials build it, on the same rows: SQLModel relationships, `response_model`, sync endpoints.

Relationships are loaded with `selectinload`, so no query is run once a row, and a source without its text. What is left
out is in its favour: it counts no total and gives no cursor. Its answers are validated by the models that describe
Verbatim's.
"""

import json
import os
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel
from sqlalchemy import create_engine
from sqlalchemy.orm import QueryableAttribute, registry, selectinload
from sqlalchemy.orm.interfaces import ORMOption
from sqlmodel import Field, Relationship, Session, SQLModel, col, select

from app.tables.quote import QuoteRead, QuoteWhole
from app.text import fragment

PUBLIC = ("published", "disputed")
CONTEXT = 32


class Base(SQLModel, registry=registry()):
    """The textbook's own tables, apart from the service's."""


class Said(NamedTuple):
    edtf: str | None
    earliest: str | None
    latest: str | None
    basis: str
    as_printed: str | None
    note: str | None


class Mentioned(NamedTuple):
    slug: str
    name: str
    kind: str
    as_printed: str | None


class Venue(NamedTuple):
    name: str | None
    kind: str | None


class Target(NamedTuple):
    quote: str
    source: str
    start: int | None = None
    end: int | None = None
    exact: str | None = None


class Brief(NamedTuple):
    id: str
    url: str
    text: str
    speaker: str | None
    polarity: str


class LinkShown(NamedTuple):
    id: str
    relation: str
    direction: str
    quote: Brief
    rationale: str
    asserted_by: str
    created: str


class Speaker(Base, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    slug: str
    name: str
    kind: str


class Source(Base, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    slug: str
    title: str
    publisher: str | None
    published: str | None
    kind: str
    author_names: str = Field(sa_column_kwargs={"name": "authors"})
    url: str | None
    language: str
    sha256: str
    text: str

    @property
    def authors(self) -> list[str]:
        names: list[str] = json.loads(self.author_names)
        return names


class Topic(Base, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    slug: str
    label: str


class QuoteTopic(Base, table=True):
    __tablename__ = "quote_topic"

    quote: int = Field(primary_key=True, foreign_key="quote.seq")
    ordinal: int = Field(primary_key=True)
    topic: int = Field(foreign_key="topic.seq")
    stance: str | None
    proposition: str | None
    about: Topic = Relationship()

    @property
    def slug(self) -> str:
        return self.about.slug

    @property
    def label(self) -> str:
        return self.about.label


class Segment(Base, table=True):
    quote: int = Field(primary_key=True, foreign_key="quote.seq")
    ordinal: int = Field(primary_key=True)
    role: str
    start: int
    end: int
    exact: str
    owner: "Quote" = Relationship(back_populates="segments")

    @property
    def prefix(self) -> str:
        return self.owner.printed_in.text[max(0, self.start - CONTEXT) : self.start]

    @property
    def suffix(self) -> str:
        return self.owner.printed_in.text[self.end : self.end + CONTEXT]


class Intervention(Base, table=True):
    quote: int = Field(primary_key=True, foreign_key="quote.seq")
    ordinal: int = Field(primary_key=True)
    kind: str
    start: int
    end: int
    exact: str


class Annotation(Base, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    id: str
    quote: int | None = Field(foreign_key="quote.seq")
    motivation: str
    body: str
    format: str
    creator: str
    created: str
    modified: str
    owner: "Quote" = Relationship(back_populates="annotations")

    @property
    def target(self) -> Target:
        return Target(self.owner.id, self.owner.printed_in.slug)


class Link(Base, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    id: str
    from_quote: int = Field(foreign_key="quote.seq")
    to_quote: int = Field(foreign_key="quote.seq")
    relation: str
    rationale: str
    asserted_by: str
    created: str
    origin: "Quote" = Relationship(
        back_populates="outgoing", sa_relationship_kwargs={"foreign_keys": "Link.from_quote"}
    )
    goal: "Quote" = Relationship(back_populates="incoming", sa_relationship_kwargs={"foreign_keys": "Link.to_quote"})

    def shown(self, direction: str) -> LinkShown:
        other = self.goal if direction == "outgoing" else self.origin
        return LinkShown(self.id, self.relation, direction, other.brief, self.rationale, self.asserted_by, self.created)


class Quote(Base, table=True):
    seq: int | None = Field(default=None, primary_key=True)
    id: str
    source_seq: int = Field(foreign_key="source.seq", sa_column_kwargs={"name": "source"})
    speaker_seq: int | None = Field(foreign_key="speaker.seq", sa_column_kwargs={"name": "speaker"})
    parent_seq: int | None = Field(foreign_key="quote.seq", sa_column_kwargs={"name": "parent"})
    text: str
    kind: str
    medium: str
    polarity: str
    cue: str | None
    venue_name: str | None
    venue_kind: str | None
    addressee: str | None
    said_edtf: str | None
    said_earliest: str | None
    said_latest: str | None
    said_basis: str
    said_as_printed: str | None
    said_note: str | None
    status: str
    version: int
    created: str
    updated: str
    public: bool
    said_order: str
    printed_in: Source = Relationship()
    said_by: Speaker | None = Relationship()
    outer: "Quote" = Relationship(back_populates="inner", sa_relationship_kwargs={"remote_side": "Quote.seq"})
    inner: list["Quote"] = Relationship(back_populates="outer")
    segments: list[Segment] = Relationship(
        back_populates="owner", sa_relationship_kwargs={"order_by": "Segment.ordinal"}
    )
    topics: list[QuoteTopic] = Relationship(sa_relationship_kwargs={"order_by": "QuoteTopic.ordinal"})
    interventions: list[Intervention] = Relationship(sa_relationship_kwargs={"order_by": "Intervention.ordinal"})
    annotations: list[Annotation] = Relationship(back_populates="owner")
    outgoing: list[Link] = Relationship(
        back_populates="origin", sa_relationship_kwargs={"foreign_keys": "Link.from_quote"}
    )
    incoming: list[Link] = Relationship(back_populates="goal", sa_relationship_kwargs={"foreign_keys": "Link.to_quote"})

    @property
    def url(self) -> str:
        return f"/v1/quotes/{self.id}"

    @property
    def said(self) -> Said:
        return Said(
            self.said_edtf,
            self.said_earliest,
            self.said_latest,
            self.said_basis,
            self.said_as_printed,
            self.said_note,
        )

    @property
    def venue(self) -> Venue | None:
        return Venue(self.venue_name, self.venue_kind) if self.venue_name or self.venue_kind else None

    @property
    def speaker(self) -> Mentioned | None:
        if self.said_by is None:
            return None
        mention = next((part.exact for part in self.segments if part.role == "speaker"), None)
        return Mentioned(self.said_by.slug, self.said_by.name, self.said_by.kind, mention)

    @property
    def source(self) -> Source:
        return self.printed_in

    @property
    def content(self) -> list[Segment]:
        return [part for part in self.segments if part.role == "content"]

    @property
    def parent(self) -> str | None:
        return self.outer.id if self.outer else None

    @property
    def brief(self) -> Brief:
        return Brief(self.id, self.url, self.text, self.said_by.slug if self.said_by else None, self.polarity)

    @property
    def links(self) -> list[LinkShown]:
        both = [(link, "outgoing") for link in self.outgoing] + [(link, "incoming") for link in self.incoming]
        return [link.shown(direction) for link, direction in both]

    @property
    def nested(self) -> list[Brief]:
        return [quote.brief for quote in self.inner if quote.public]

    @property
    def evidence_url(self) -> str | None:
        if self.printed_in.url is None:
            return None
        spans = [(part.start, part.end) for part in self.content]
        return fragment.evidence_url(self.printed_in.url, self.printed_in.text, spans, context=fragment.WIDE)

    @property
    def chain(self) -> list["Step"]:
        above = self.outer.chain if self.outer else []
        return [*above, Step(self.id, self.said_by, self.cue)]


class Step(NamedTuple):
    id: str
    speaker: Speaker | None
    cue: str | None


class Listed(BaseModel):
    """One page of quotes."""

    items: list[QuoteRead]


def _eager() -> list[ORMOption]:
    """Return what is loaded with a quote: seven statements a page."""
    return [
        selectinload(_related(Quote.printed_in)).defer(_related(Source.text)),
        selectinload(_related(Quote.said_by)),
        selectinload(_related(Quote.outer)).load_only(_related(Quote.id)),
        selectinload(_related(Quote.segments)),
        selectinload(_related(Quote.topics)).selectinload(_related(QuoteTopic.about)),
    ]


def _related(attribute: object) -> QueryableAttribute[object]:
    # SQLModel types a class's attribute as the value that its objects have.
    assert isinstance(attribute, QueryableAttribute)
    return attribute


def create_app() -> FastAPI:
    """Return the app; `BENCH_DATABASE` names the SQLite file."""
    engine = create_engine(f"sqlite:///{os.environ['BENCH_DATABASE']}", connect_args={"check_same_thread": False})
    app = FastAPI()

    def session() -> Iterator[Session]:
        with Session(engine) as opened:
            yield opened

    Opened = Annotated[Session, Depends(session)]  # noqa: N806  # a type, as in the FastAPI manual

    @app.get("/v1/quotes", response_model=Listed)
    def find_quotes(opened: Opened, speaker: str | None = None, limit: int = 20, offset: int = 0) -> dict[str, object]:
        quotes = select(Quote).where(col(Quote.public), Quote.polarity == "asserted")
        if speaker:
            quotes = quotes.join(Speaker).where(Speaker.slug == speaker)
        quotes = quotes.order_by(col(Quote.said_order).desc(), col(Quote.id).desc()).offset(offset).limit(limit)
        return {"items": opened.exec(quotes.options(*_eager())).all()}

    @app.get("/v1/quotes/{id}", response_model=QuoteWhole)
    def read_quote(opened: Opened, id: str) -> Quote:
        quote = opened.exec(select(Quote).where(Quote.id == id).options(*_eager())).first()
        if quote is None or quote.status not in PUBLIC:
            raise HTTPException(404)
        return quote

    return app
