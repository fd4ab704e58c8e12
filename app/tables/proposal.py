"""What extraction proposes from a source's text, and what became of each proposal on the record."""

from enum import StrEnum

from pydantic import BaseModel, Field

from app.tables.paging import Query, YesOrNo
from app.tables.segment import SpanRead
from app.tables.speaker import NewSpeakerRead
from app.tables.words import Medium, Polarity, QuoteKind, Status


class ProposalOutcome(StrEnum):
    """`proposed`: it is on the record now. `existing`: it was, in whatever status. `refused`: it cannot be."""

    PROPOSED = "proposed"
    EXISTING = "existing"
    REFUSED = "refused"


class ProposalItem(BaseModel):
    """One proposal, and what became of it."""

    outcome: ProposalOutcome = Field(
        description="`proposed`: put on the record as a proposed quote. `existing`: a quote on the record has these "
        "words, or most of them, whatever its status. `refused`: the record cannot take it."
    )
    id: str | None = Field(description="Id of the quote, new or existing; null for what is refused.")
    url: str | None = Field(description="Path of that quote in the API; null for what is refused.")
    status: Status | None = Field(description="Where that quote stands in review; null for what is refused.")
    kind: QuoteKind = Field(description="`direct`: in quotation marks. `indirect`: reported. `mixed`: both.")
    medium: Medium = Field(description="Whether it was spoken, written or thought.")
    polarity: Polarity = Field(description="Whether the speaker is said to have said it.")
    text: str = Field(description="The words that were found, as a quote would have them.")
    content: list[SpanRead] = Field(description="Where they stand in the text, in code points.")
    speaker: str | None = Field(description="Slug of the speaker on the record whom the text names; null for none.")
    new_speaker: NewSpeakerRead | None = Field(
        description="Whom the text names, where nobody on the record is called so: put there when the quote is "
        "published. Null when there is a `speaker`, or nobody is named."
    )
    as_printed: str | None = Field(description="The words that name the speaker; null when none do.")
    cue: str | None = Field(description="Lemma of the word that reports it; null when none does.")
    said: str | None = Field(description="When it was said, as EDTF level 1; null when unknown.")
    parent: str | None = Field(description="Id of the quote in which it is nested.")
    confidence: float = Field(description="How sure it is that the proposal is right, 0 to 1.")
    why: str = Field(description="The rule that found it, and what it left open.")
    reason: str | None = Field(description="Why it is refused; null for the others.")


class ProposalReport(BaseModel):
    """What was found in a source's text, in reading order, nested quotes last."""

    source: str = Field(description="Slug of the source.")
    proposed: int = Field(description="How many quotes were put on the record.")
    existing: int = Field(description="How many were on the record already.")
    refused: int = Field(description="How many the record cannot take.")
    items: list[ProposalItem] = Field(description="Every proposal.")
    speakers: list[NewSpeakerRead] = Field(description="Whom the new proposals name who is not on the record yet.")
    dry_run: bool = Field(description="True when nothing was written.")


class ProposalsAsked(Query):
    """What `POST /v1/sources/{slug}/proposals` takes."""

    dry_run: YesOrNo = Field(default=False, description="Report what would be proposed, and write nothing.")
