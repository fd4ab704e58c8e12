"""What `GET /v1/quotes` and its relatives take: the one definition, read by the API, its document and the store."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, StringConstraints, model_validator
from pydantic.config import JsonDict

from app.tables.paging import Day, Digits, Paging, Query, YesOrNo, refuse_backward
from app.tables.shelf import Facet
from app.tables.words import PUBLIC, Medium, QuoteKind, Stance, Status, VenueKind
from app.text.query import parse


class Sort(StrEnum):
    RELEVANCE = "relevance"
    SAID_DESC = "-said"
    SAID = "said"
    SOURCE = "source"
    ADDED = "added"
    ADDED_DESC = "-added"
    LENGTH = "length"
    LENGTH_DESC = "-length"
    CONFIDENCE = "confidence"


class Include(StrEnum):
    SEGMENTS = "segments"
    ANNOTATIONS = "annotations"
    LINKS = "links"


class AskedPolarity(StrEnum):
    ASSERTED = "asserted"
    DENIED = "denied"
    NOT_SAID = "not_said"
    ALLEGED = "alleged"
    HYPOTHETICAL = "hypothetical"
    ANY = "any"


class QuoteField(StrEnum):
    """The fields that `fields` can pick."""

    ID = "id"
    URL = "url"
    TEXT = "text"
    KIND = "kind"
    MEDIUM = "medium"
    POLARITY = "polarity"
    SPEAKER = "speaker"
    SAID = "said"
    VENUE = "venue"
    ADDRESSEE = "addressee"
    CUE = "cue"
    TOPICS = "topics"
    SOURCE = "source"
    CONTENT = "content"
    PARENT = "parent"
    STATUS = "status"
    VERSION = "version"
    CREATED = "created"
    CONFIDENCE = "confidence"


def _commas(value: object) -> object:
    """Take `a,b` and repeated parameters alike."""
    if isinstance(value, list):
        return [word for item in value for word in (item.split(",") if isinstance(item, str) else [item])]
    return value


COMMAS: JsonDict = {"explode": False, "minItems": 1}
"""Told to the document: the values stand in one parameter, separated by commas."""

SLUGS = {
    "speaker": "ali-khamenei",
    "topic": "us-iran-talks",
    "source": "pezeshkian-khamenei-us-talks-2025-03-21",
}
"""One slug of each sort, to show those who give something else."""


def not_a_slug(name: str, given: str) -> str:
    """Say that the value of a parameter is no slug, without a stop at the end."""
    shown = given if len(given) <= 60 else given[:57] + "..."
    return f"{name}={shown}: it is not a slug such as {SLUGS[name]} (lower-case letters, digits and single hyphens)"


# The store holds values to the pattern, as it knows which slug is meant by a name.
SlugOrNot = Annotated[
    str, StringConstraints(max_length=121), Field(json_schema_extra={"pattern": r"^-?[a-z0-9]+(?:-[a-z0-9]+)*$"})
]

Count = Annotated[int, Field(ge=0, le=10_000_000), Digits]


class QuoteCriteria(Query):
    """Which quotes. A repeated parameter means *or*, different ones mean *and*."""

    q: str | None = Field(
        default=None,
        max_length=10_000,
        description="Words to search for, in the quotes, the names of their speakers, topics and notes. All must be "
        'there; `"a phrase"` in a row, `-word` not, `word*` begun so, `this OR that` either. Case, accents and the '
        "form of apostrophes do not matter. Blank, it is as if left out; of marks alone (`*`, `OR`), it finds nothing.",
        examples=['"United States" talk*'],
    )

    speaker: list[SlugOrNot] = Field(
        default=[], max_length=20, description="Slug of a speaker; a leading `-` excludes it."
    )
    topic: list[SlugOrNot] = Field(
        default=[], max_length=20, description="Slug of a topic, with its narrower ones; a leading `-` excludes it."
    )
    source: list[SlugOrNot] = Field(
        default=[], max_length=20, description="Slug of a source; a leading `-` excludes it."
    )
    publisher: list[str] = Field(default=[], max_length=20, description="Publisher, exactly as recorded.")
    kind: list[QuoteKind] = Field(default=[], description="Whether the words stand in quotation marks.")
    medium: list[Medium] = Field(default=[], description="Spoken, written or thought.")
    polarity: list[AskedPolarity] = Field(
        default=[],
        description="Whether the speaker is said to have said it. `any` gives all, denials and silences included. "
        "Without it: `asserted`; where `status` asks only for what is not public, `any`.",
    )
    stance: list[Stance] = Field(
        default=[], description="The speaker's stance; with `topic`, the stance taken under that topic."
    )
    venue: list[VenueKind] = Field(default=[], description="Sort of occasion.")
    said_from: Day | None = Field(default=None, description="May have been said on this day or later (YYYY-MM-DD).")
    said_to: Day | None = Field(default=None, description="May have been said on this day or earlier (YYYY-MM-DD).")
    published_from: Day | None = Field(default=None, description="Printed on this day or later (YYYY-MM-DD).")
    published_to: Day | None = Field(default=None, description="Printed on this day or earlier (YYYY-MM-DD).")
    firsthand: YesOrNo | None = Field(default=None, description="`true`: not nested in another quote; `false`: nested.")
    annotated: YesOrNo | None = Field(default=None, description="`true`: with at least one note; `false`: with none.")
    status: list[Status] = Field(
        default=[], description="Where it stands in review. Needs a key. Without it: published and disputed."
    )
    min_length: Count | None = Field(default=None, description="At least this many code points long.")
    max_length: Count | None = Field(default=None, description="At most this many code points long.")

    @property
    def polarities(self) -> Sequence[AskedPolarity]:
        """The polarities asked for, or the default ones; empty for all."""
        if self.polarity:
            return () if AskedPolarity.ANY in self.polarity else self.polarity
        # Whoever reviews must see the denials too. To all others a denial is never shown as a statement.
        hidden = bool(self.status) and PUBLIC.isdisjoint(self.status)
        return () if hidden else (AskedPolarity.ASSERTED,)

    @model_validator(mode="after")
    def _ranges(self) -> "QuoteCriteria":
        refuse_backward(
            self, ("said_from", "said_to"), ("published_from", "published_to"), ("min_length", "max_length")
        )
        return self


class Shape(Query):
    """How much of each quote."""

    fields: Annotated[list[QuoteField], BeforeValidator(_commas)] = Field(
        default=[],
        description="Only these fields of each quote, by commas. `created` is served when it is picked; `confidence` "
        "needs `status`, with which it is served also when nothing is picked.",
        json_schema_extra=COMMAS,
    )
    include: Annotated[list[Include], BeforeValidator(_commas)] = Field(
        default=[],
        description="Adds to each quote, by commas: its segments with context, annotations, links.",
        json_schema_extra=COMMAS,
    )


class ShapedCriteria(Shape, QuoteCriteria):
    """Which quotes, and how much of each."""

    @model_validator(mode="after")
    def _sure(self) -> "ShapedCriteria":
        if QuoteField.CONFIDENCE in self.fields and not self.status:
            raise ValueError("fields=confidence needs status: how sure a quote is matters to its review")
        return self


class QuoteFilter(Paging, ShapedCriteria):
    """What `GET /v1/quotes` takes. The bases stand the other way round than their fields, as Pydantic collects them."""

    sort: Sort | None = Field(
        default=None,
        description="Order: by `relevance` with `q`, else by `-said`, when not given. `said` is the last possible day, "
        "`source` the place in the text, `added` when it came on the record, `length` in code points; `-` turns it "
        "round. `confidence` needs `status`, and is the order of `status=proposed`, the queue of review: the surest "
        "first, those without one last, of equals the oldest first. The id breaks ties.",
    )

    @model_validator(mode="after")
    def _relevance(self) -> "QuoteFilter":
        if self.sort is Sort.RELEVANCE and not self.q:
            raise ValueError("sort=relevance needs q: relevance is to the words searched for")
        if self.sort is Sort.CONFIDENCE and not self.status:
            raise ValueError("sort=confidence needs status: how sure a quote is matters to its review")
        return self

    @property
    def order(self) -> Sort:
        """The order asked for, or the default one."""
        searched = bool(self.q and parse(self.q).groups)
        if self.sort is None or (self.sort is Sort.RELEVANCE and not searched):
            queue = self.status == [Status.PROPOSED]
            return Sort.RELEVANCE if searched else Sort.CONFIDENCE if queue else Sort.SAID_DESC
        return self.sort

    facets: Annotated[list[Facet], BeforeValidator(_commas)] = Field(
        default=[], description="Adds counts under the same filters, by commas.", json_schema_extra=COMMAS
    )


class ExportFilter(ShapedCriteria):
    """What `GET /v1/export` takes."""


class RandomFilter(ShapedCriteria):
    """What `GET /v1/quotes/random` takes."""

    n: Annotated[int, Field(ge=1, le=100), Digits] = Field(default=1, description="How many, from 1 to 100.")
    seed: str | None = Field(
        default=None, min_length=1, max_length=100, description="Any text: the same seed draws the same quotes."
    )


class PositionFilter(Paging):
    """What `GET /v1/speakers/{slug}/positions` takes."""

    topic: list[Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=120)]] = Field(
        default=[], max_length=20, description="Slug of a topic, without its narrower ones; repeat for or."
    )
    polarity: list[AskedPolarity] = Field(
        default=[AskedPolarity.ASSERTED],
        description="Whether the speaker is said to have said it. `any` gives all, denials and silences included.",
    )
    per_topic: Annotated[int, Field(ge=1, le=100), Digits] = Field(
        default=20, description="Positions served for each topic, from 1 to 100."
    )
