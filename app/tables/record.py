"""The record file: one source with everything recorded about it, as a person writes it.

Words are located by themselves, never by counted offsets; formats/records.py reads the file and finds them.
The JSON Schema in `seed/record.schema.json` is made from these shapes.
"""

from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic.config import JsonDict

from app.tables.columns import LanguageTag, Line, Prose, Slug, no_nul
from app.tables.paging import Day, Digits
from app.tables.words import (
    Access,
    Basis,
    BodyFormat,
    InterventionKind,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Relation,
    SourceKind,
    SpeakerKind,
    Stance,
    Status,
    VenueKind,
)

FORMAT = "verbatim-record/1"

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=120)]
Edtf = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Wikidata = Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]*$", max_length=20)]
Occurrence = Annotated[int, Field(ge=1, le=1_000_000), Digits]
Exact = Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000), AfterValidator(no_nul)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class Entry(BaseModel):
    """A part of the file; a key that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, serialize_by_alias=True)


class Located(Entry):
    """Words by themselves, for when they stand more than once."""

    exact: Exact = Field(description="Whole words, exactly as the text has them, line breaks included.")
    occurrence: Occurrence | None = Field(
        default=None,
        description="Which of several, counted from 1 within the passage or the text; only whole words count.",
    )
    within: Exact | None = Field(
        default=None, description="A longer passage, standing once in the text, in which to look for the words."
    )


Selector = Exact | Located
"""The exact words where they stand once, else with which of them is meant."""


class PrintedEntry(Entry):
    """Words that stand once, or of which one is meant; further words by which the same thing is printed in `also`."""

    exact: Exact | None = Field(default=None, description="The words as printed; absent when none stand there.")
    occurrence: Occurrence | None = Field(default=None, description="Which of several.")
    within: Exact | None = Field(default=None, description="A longer passage in which to look for the words.")
    also: list[Selector] = Field(default=[], description="Further words, when they do not stand together.")

    @model_validator(mode="after")
    def _begun(self) -> "PrintedEntry":
        if self.exact is None and (self.occurrence is not None or self.within is not None or self.also):
            raise ValueError("occurrence, within and also stand with exact")
        return self


class CueEntry(PrintedEntry):
    lemma: Line | None = Field(default=None, description="Lemma of the reporting word, such as `say`.")


class AddresseeEntry(PrintedEntry):
    name: Line | None = Field(default=None, description="To whom it was said.")


class SaidEntry(Entry):
    """When it was said; without any of it, the date is unknown."""

    edtf: Edtf | None = Field(default=None, description="The date as EDTF level 1; null when unknown.")
    basis: Basis = Field(default=Basis.UNKNOWN, description="How the date is known.")
    as_printed: list[Selector] | Selector = Field(default=[], description="The printed expression of time.")
    note: Prose | None = Field(default=None, description="How the date was worked out.")

    @model_validator(mode="after")
    def _known(self) -> "SaidEntry":
        if (self.edtf is None) != (self.basis is Basis.UNKNOWN):
            raise ValueError("edtf is null exactly when basis is unknown")
        return self


class VenueEntry(Entry):
    name: Line | None = Field(default=None, description="Name of the place or occasion, as far as it is printed.")
    kind: VenueKind | None = Field(default=None, description="What sort of occasion it was.")

    @model_validator(mode="after")
    def _something(self) -> "VenueEntry":
        if self.name is None and self.kind is None:
            raise ValueError("a venue has a name, a kind, or both")
        return self


class InterventionEntry(Located):
    kind: InterventionKind = Field(description="What the editor did.")


class TopicStanceEntry(Entry):
    topic: Slug = Field(description="Slug of a topic.")
    stance: Stance | None = Field(default=None, description="The speaker's stance towards the proposition.")
    proposition: Prose | None = Field(default=None, description="One plain, neutral sentence.")

    @model_validator(mode="after")
    def _to_what(self) -> "TopicStanceEntry":
        if (self.stance is None) != (self.proposition is None):
            raise ValueError("stance and proposition stand together or not at all")
        return self


# Each branch says that it tells of some members only: linters that ask for closed objects else close the branch, too.
_BODY_UNLESS_HIGHLIGHTING: JsonDict = {
    "if": {"properties": {"motivation": {"const": Motivation.HIGHLIGHTING.value}}, "unevaluatedProperties": True},
    "else": {"properties": {"body": {"type": "string"}}, "required": ["body"], "unevaluatedProperties": True},
}


class NoteEntry(Entry):
    """A signed note on the quote."""

    model_config = ConfigDict(json_schema_extra=_BODY_UNLESS_HIGHLIGHTING)

    motivation: Motivation = Field(description="Why the note is made.")
    body: Prose | None = Field(
        default=None, validate_default=True, description="The note; only a `highlighting` may stand without."
    )
    format: BodyFormat = Field(default=BodyFormat.PLAIN, description="Media type of the body.")
    creator: Line | None = Field(default=None, description="Who signs it; the file's creator when absent.")

    @field_validator("body")
    @classmethod
    def _said(cls, body: str | None, others: ValidationInfo) -> str | None:
        """Let only what is marked for its own sake stand without words (W3C Web Annotation Data Model, 3.1)."""
        if body is None and others.data.get("motivation", Motivation.HIGHLIGHTING) is not Motivation.HIGHLIGHTING:
            raise ValueError("a note has a body, unless its motivation is highlighting")
        return body


class SpanNoteEntry(NoteEntry):
    """A signed note on a span of the text."""

    target: Selector = Field(description="The words that the note is on.")


class QuoteEntry(Entry):
    """One quote. All its words are looked for within `within`, when that is given."""

    key: Key | None = Field(
        default=None, description="Name of the quote in this file, for `parent` and links; or its id."
    )
    within: Selector | None = Field(default=None, description="The passage in which all its words are looked for.")
    kind: QuoteKind = Field(description="`direct`, `indirect` or `mixed`.")
    medium: Medium = Field(default=Medium.SPEECH, description="Spoken, written or thought.")
    polarity: Polarity = Field(default=Polarity.ASSERTED, description="Whether the speaker is said to have said it.")
    status: Status = Field(default=Status.PUBLISHED, description="Where it stands in review.")
    reason: Prose | None = Field(
        default=None, description="Why it is `rejected`, `disputed` or `withdrawn`; each of these needs it."
    )
    successor: Key | None = Field(
        default=None, description="With `withdrawn`: key or id of the quote to read in its place."
    )
    speaker: Slug | None = Field(default=None, description="Slug of the speaker; null when the text does not tell.")
    parent: Key | None = Field(default=None, description="Key of the quote in which it is nested.")
    content: list[Selector] = Field(min_length=1, description="Whole words, in reading order, without enclosing marks.")
    mention: list[Selector] | Selector = Field(default=[], description="The words that name the speaker, as printed.")
    cue: CueEntry | None = Field(default=None, description="The word that reports it.")
    addressee: AddresseeEntry | None = Field(default=None, description="To whom it was said.")
    venue: VenueEntry | None = Field(default=None, description="Where it was said.")
    said: SaidEntry = Field(default=SaidEntry(), description="When it was said.")
    interventions: list[InterventionEntry] = Field(default=[], description="What an editor did inside the words.")
    topics: list[TopicStanceEntry] = Field(default=[], description="What it is about.")
    annotations: list[NoteEntry] = Field(default=[], description="Notes on it.")


class LinkEntry(Entry):
    """A relation: `from` does it to `to`."""

    source: Key = Field(alias="from", description="Key or id of the quote that does it.")
    target: Key = Field(alias="to", description="Key or id of the quote that it is done to.")
    relation: Relation = Field(description="What is done.")
    rationale: Prose = Field(description="Why it is asserted, with the words it rests on.")
    asserted_by: Line | None = Field(default=None, description="Who asserts it; the file's creator when absent.")


class NameEntry(Entry):
    name: Line = Field(description="The name, spelled this way.")
    language: LanguageTag | None = Field(default=None, description="Language of the spelling (BCP 47).")
    printed: bool = Field(
        default=True,
        description="Whether this text prints it so, or a source that is on the record already; if not, it is refused.",
    )


class RoleEntry(Entry):
    title: Line = Field(description="Title, as printed.")
    organization: Line | None = Field(default=None, description="Where it was held.")
    start: Edtf | None = Field(default=None, alias="from", description="Since when (EDTF level 1).")
    end: Edtf | None = Field(default=None, alias="to", description="Until when (EDTF level 1).")


class SpeakerEntry(Entry):
    slug: Slug = Field(description="Name of the speaker in addresses.")
    name: Line = Field(description="Usual name.")
    kind: SpeakerKind = Field(description="What sort of speaker it is.")
    description: Prose | None = Field(default=None, description="Who it is, in one sentence.")
    wikidata: Wikidata | None = Field(default=None, description="Wikidata item.")
    names: list[NameEntry] = Field(default=[], description="Every known spelling.")
    roles: list[RoleEntry] = Field(default=[], description="Roles as printed.")


class TopicEntry(Entry):
    slug: Slug = Field(description="Name of the topic in addresses.")
    label: Line = Field(description="Name of the topic.")
    description: Prose | None = Field(default=None, description="What belongs to it.")
    broader: Slug | None = Field(default=None, description="Slug of the topic above it.")
    wikidata: Wikidata | None = Field(default=None, description="Wikidata item.")
    labels: list[Line] = Field(default=[], description="Alternative labels.")


class SourceFields(Entry):
    """What is said of a source: all but its text, which never changes."""

    slug: Slug = Field(description="Name of the source in addresses.")
    title: Line = Field(description="Title as published, or a descriptive one.")
    title_devised: bool = Field(default=False, description="True when the title is not the publisher's.")
    kind: SourceKind = Field(description="What sort of text it is.")
    publisher: Line | None = Field(default=None, description="Who published it.")
    authors: list[Line] = Field(default=[], description="Authors, in printed order.")
    url: Url | None = Field(default=None, description="Address at which it was published.")
    published: Day | None = Field(default=None, description="Day of publication.")
    language: LanguageTag = Field(description="Language of the text (BCP 47).")
    rights: Prose | None = Field(default=None, description="Who owns the text, and on what terms it stands here.")
    access: Access = Field(default=Access.FULL, description="`excerpt`: the whole text is served only with a key.")
    complete: bool = Field(default=False, description="Every quote in the text is in this file.")
    note: Prose | None = Field(default=None, description="What a reader must know about this text.")
    revises: Slug | None = Field(default=None, description="Slug of the source that this one corrects.")


class SourceEntry(SourceFields):
    sha256: Sha256 | None = Field(default=None, description="SHA-256 of the text's UTF-8 bytes.")
    text_file: Line | None = Field(default=None, description="File beside this one that holds the text.")
    text: str | None = Field(default=None, description="The text itself.", min_length=1)

    @model_validator(mode="after")
    def _one_text(self) -> "SourceEntry":
        if (self.text is None) == (self.text_file is None):
            raise ValueError("give text or text_file, one of the two")
        return self


class RecordFile(Entry):
    """One source and everything recorded about it."""

    format: Literal["verbatim-record/1"] = Field(description="Which format this is.")
    creator: Line = Field(default="unsigned", description="Signs the notes and links that name nobody else.")
    source: SourceEntry = Field(description="The text.")
    topics: list[TopicEntry] = Field(default=[], description="Topics that the quotes name.")
    speakers: list[SpeakerEntry] = Field(default=[], description="Speakers that the quotes name.")
    quotes: list[QuoteEntry] = Field(default=[], description="The quotes, in reading order.")
    links: list[LinkEntry] = Field(default=[], description="Relations between quotes.")
    annotations: list[SpanNoteEntry] = Field(default=[], description="Notes on spans of the text.")
