"""Quotes as they are written over HTTP: as in record files, with offsets and context as further ways to name words."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from app.tables.columns import ID, Line, Prose, Slug
from app.tables.paging import Digits
from app.tables.record import Edtf, Entry, Exact, Occurrence, TopicStanceEntry, VenueEntry
from app.tables.words import Basis, InterventionKind, Medium, Polarity, QuoteKind, Status

Offset = Annotated[int, Field(ge=0, lt=2**31), Digits]
Around = Annotated[str, Field(min_length=1, max_length=1000)]
MOST = 200
"""Words of one role that a quote has at most: each is looked for in the whole text."""


class Selector(Entry):
    """Words of the source: by themselves, with what tells equal ones apart, or by where they stand."""

    exact: Exact | None = Field(default=None, description="Whole words, exactly as the text has them.")
    occurrence: Occurrence | None = Field(
        default=None, description="Which of several, counted from 1; only whole words count."
    )
    prefix: Around | None = Field(default=None, description="What stands right before them.")
    suffix: Around | None = Field(default=None, description="What stands right after them.")
    within: Exact | None = Field(
        default=None, description="A longer passage, standing once in the text, in which to look for the words."
    )
    start: Offset | None = Field(default=None, description="Code-point offset into the source's text.")
    end: Offset | None = Field(
        default=None, description="Code-point offset, exclusive. When `exact` is given too, it must stand there."
    )

    @property
    def is_given(self) -> bool:
        """Whether it names words at all."""
        return self.exact is not None or self.start is not None

    @model_validator(mode="after")
    def _one_way(self) -> "Selector":
        self._prove_way()
        if not self.is_given:
            raise ValueError("give the words as exact, or where they stand as start and end")
        return self

    def _prove_way(self) -> None:
        looked = {"occurrence", "prefix", "suffix", "within"}
        given = sorted(name for name in looked if getattr(self, name) is not None)
        if (self.start is None) != (self.end is None):
            raise ValueError("start and end stand together")
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise ValueError(f"start={self.start} is not before end={self.end}")
        if given and self.start is not None:
            raise ValueError(f"{given[0]} does not stand with start and end, which tell the place already")
        if given and self.exact is None:
            raise ValueError(f"{given[0]} stands with exact")


def _object(value: object) -> object:
    """Take the words alone as a selector."""
    return {"exact": value} if isinstance(value, str) else value


def _list(value: object) -> object:
    """Take one selector as a list of one."""
    return value if isinstance(value, list) else [value]


# Not a union of the models: the pointer of a fault would tell Pydantic's name of an alternative.
Words = Annotated[Selector, BeforeValidator(_object, json_schema_input_type=Exact | Selector)]
WordsOrList = Annotated[
    list[Words],
    Field(max_length=MOST),
    BeforeValidator(_list, json_schema_input_type=list[Exact | Selector] | Exact | Selector),
]


class Printed(Selector):
    """Words by which something is printed, or none; further ones in `also`."""

    also: list[Words] = Field(
        default=[], max_length=MOST, description="Further words, when they do not stand together."
    )

    @model_validator(mode="after")
    def _one_way(self) -> "Printed":
        self._prove_way()
        if self.also and not self.is_given:
            raise ValueError("also stands with exact, or with start and end")
        return self


LOCATING = frozenset(Printed.model_fields)
"""What tells where words stand: of a patch that gives any of it, it is all that does."""


class CueWords(Printed):
    """The word that reports it."""

    lemma: Line | None = Field(default=None, description="Lemma of the reporting word, such as `say`.")


class AddresseeWords(Printed):
    """To whom it was said."""

    name: Line | None = Field(default=None, description="To whom it was said.")


class InterventionWords(Selector):
    """What an editor did, and the words in which it shows."""

    kind: InterventionKind = Field(description="What the editor did.")


class SaidWords(Entry):
    """When it was said; without any of it, the date is unknown."""

    edtf: Edtf | None = Field(default=None, description="The date as EDTF level 1; null when unknown.")
    basis: Basis = Field(default=Basis.UNKNOWN, description="How the date is known.")
    as_printed: WordsOrList = Field(default=[], description="The printed expression of time.")
    note: Prose | None = Field(default=None, description="How the date was worked out.")

    @model_validator(mode="after")
    def _known(self) -> "SaidWords":
        if (self.edtf is None) != (self.basis is Basis.UNKNOWN):
            raise ValueError("edtf is null exactly when basis is unknown")
        return self


class QuoteChange(Entry):
    """A quote as it can be changed. All its words are looked for within `within`, when that is given."""

    within: Words | None = Field(default=None, description="The passage in which its words are looked for.")
    kind: QuoteKind = Field(description="`direct`, `indirect` or `mixed`.")
    medium: Medium = Field(default=Medium.SPEECH, description="Spoken, written or thought.")
    polarity: Polarity = Field(default=Polarity.ASSERTED, description="Whether the speaker is said to have said it.")
    speaker: Slug | None = Field(default=None, description="Slug of the speaker; null when the text does not tell.")
    parent: Annotated[str, Field(pattern=ID)] | None = Field(
        default=None, description="Id of the quote of the same source in which it is nested."
    )
    content: list[Words] = Field(
        min_length=1, max_length=MOST, description="Whole words, in reading order, without enclosing marks."
    )
    mention: WordsOrList = Field(default=[], description="The words that name the speaker, as printed.")
    cue: CueWords | None = Field(default=None, description="The word that reports it.")
    addressee: AddresseeWords | None = Field(default=None, description="To whom it was said.")
    venue: VenueEntry | None = Field(default=None, description="Where it was said.")
    said: SaidWords = Field(default=SaidWords(), description="When it was said.")
    interventions: list[InterventionWords] = Field(
        default=[], max_length=MOST, description="What an editor did inside the words."
    )
    topics: list[TopicStanceEntry] = Field(default=[], max_length=MOST, description="What it is about.")
    confidence: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="How sure it is that the quote is right; the queue shows the surest first.",
    )


class QuoteNew(QuoteChange):
    """A new quote of a source."""

    source: Slug = Field(description="Slug of the source that prints it.")
    status: Literal[Status.PROPOSED, Status.PUBLISHED] = Field(
        default=Status.PROPOSED,
        description="Where it starts in review: `proposed`, or with the scope edit also `published`. The other states "
        "follow from a review, which has a reason.",
    )
