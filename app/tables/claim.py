"""Claims: words that somebody says were said, and what the record says of them."""

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    model_validator,
)

from app.tables.paging import Digits, Query
from app.tables.quote import QuoteSpeakerRead, SaidRead
from app.tables.segment import SpanRead
from app.tables.source import SourceRef
from app.tables.words import Polarity, QuoteKind, Status
from app.text.compare import Op
from app.text.verdict import Verdict

MOST_CHARACTERS = 10_000
MOST_CLAIMS = 100
MOST_MATCHES = 20


def _number(value: object) -> object:
    """Take a number of JSON alone: Pydantic would read `true` as 1 and `"5"` as 5."""
    if isinstance(value, bool | str):
        raise ValueError("It is not a whole number")
    return value


def _named(value: str) -> str:
    """Take a name that has a letter or a digit: any other names nobody."""
    if not any(map(str.isalnum, value)):
        raise ValueError("It names nobody: give a slug, or a name in any spelling")
    return value


Limit = Annotated[int, Field(ge=1, le=MOST_MATCHES), BeforeValidator(_number)]
ClaimText = Annotated[str, StringConstraints(min_length=1, max_length=MOST_CHARACTERS)]
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_named),
    Field(json_schema_extra={"pattern": r"\w"}),
]
SourceSlug = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Claim(BaseModel):
    """Words that somebody says were said."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: ClaimText = Field(description="The words, with or without quotation marks around them.")
    speaker: Name | None = Field(
        default=None, description="Who is said to have said it: a slug, or a name in any spelling on the record."
    )
    source: SourceSlug | None = Field(default=None, description="Slug of the one source in which to look.")
    limit: Limit = Field(default=5, description="Matches given, best first.")


class Claims(BaseModel):
    """Up to 100 claims at once, each with its own speaker, source and limit."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    claims: list[Claim] = Field(min_length=1, max_length=MOST_CLAIMS, description="The claims; answered in this order.")


class DifferenceRead(BaseModel):
    """A run of words that is equal, or differs. The recorded words of all runs, joined, are the recorded passage."""

    op: Op = Field(description="What turns the claim into the record; `insert` adds words that the claim lacks.")
    claimed: str = Field(description="The claim's words.")
    recorded: str = Field(description="The record's words.")
    claimed_start: int = Field(description="Code-point offset into the claim.")
    claimed_end: int = Field(description="Code-point offset into the claim, exclusive.")
    recorded_start: int = Field(description="Code-point offset into the quote's `text`.")
    recorded_end: int = Field(description="Code-point offset into the quote's `text`, exclusive.")


class MatchedQuote(BaseModel):
    """The recorded quote."""

    id: str = Field(description="The quote's id.")
    url: str = Field(description="Path of the quote in the API.")
    text: str = Field(description="Its words.")
    kind: QuoteKind = Field(description="Whether the words stand in quotation marks.")
    polarity: Polarity = Field(description="Whether the speaker is said to have said it.")
    status: Status = Field(description="`published`, or `disputed`.")
    speaker: QuoteSpeakerRead | None = Field(description="Who said it; null when the source does not tell.")
    said: SaidRead = Field(description="When it was said, and how that is known.")
    source: SourceRef = Field(description="Where it is printed.")
    content: list[SpanRead] = Field(description="Where its words stand in the source, in code points.")


class MatchRead(BaseModel):
    """A recorded quote that is near to the claim."""

    quote: MatchedQuote = Field(description="The recorded quote.")
    likeness: Verdict = Field(description="How near its words are to the claim's, whoever said them.")
    score: float = Field(ge=0, le=1, description="Share of equal words, weighed by their rarity; 1 when all are equal.")
    passage: SpanRead = Field(description="The part of the quote's `text` that the claim stands for, in code points.")
    anchors: list[SpanRead] = Field(description="Where that passage stands in the source, in code points.")
    differences: list[DifferenceRead] = Field(alias="diff", description="Word by word, in order.")
    meaning_risk: bool = Field(
        description="True when a negation, modal, condition, number, quantity or name differs or was cut (English)."
    )
    paraphrase_of: bool = Field(description="True when the words are the reporter's and not the speaker's.")


class PartRead(BaseModel):
    """A part of a merged claim."""

    match: int = Field(description="Place in `matches` of the quote in which it stands, from 0.")
    claimed: SpanRead = Field(description="The part, as offsets into the claim.")
    recorded: SpanRead = Field(description="The same words, as offsets into the quote's `text`.")


class CoverageRead(BaseModel):
    """What was looked through. What it does not cover may have been said all the same."""

    sources: int = Field(description="Sources in scope.")
    complete_sources: int = Field(description="Those of them all of whose quotes are recorded.")
    published_from: date | None = Field(description="Day of the oldest source of known date.")
    published_to: date | None = Field(description="Day of the newest source of known date.")
    quotes: int = Field(description="Public quotes in scope, of any polarity.")


class VerdictRead(BaseModel):
    """What the record says of one claim."""

    verdict: Verdict = Field(
        description="`verbatim`: recorded code point for code point. `normalised`: equal but for quotation marks, "
        "dashes, spaces, case, a final comma or full stop. `fragment`: an unbroken run of its words. `elided`: words "
        "left out where the claim marks it. `altered`: words differ. `merged`: parts of several quotes run together. "
        "`misattributed`: somebody else's. `not_said`: the record only has that it was not said, or is denied. "
        "`unattested`: nothing matches, which does not mean that it is false."
    )
    summary: str = Field(description="The verdict as one or two plain sentences.")
    matches: list[MatchRead] = Field(description="The quotes it rests on, best first.")
    parts: list[PartRead] = Field(description="With `merged`: the parts, in the claim's order.")
    coverage: CoverageRead = Field(description="What was looked through.")


class VerdictsRead(BaseModel):
    """What the record says of each claim, in their order."""

    verdicts: list[VerdictRead] = Field(description="One a claim.")


class ClaimOrClaims(RootModel[Claim | Claims]):
    """One claim, or up to 100: what the document says of the body that `VerifyBody` reads."""


class VerdictsOrOne(RootModel[VerdictRead | VerdictsRead]):
    """One verdict for one claim; `verdicts` for several."""


class VerifyFilter(Query):
    """What `GET /v1/verify` takes."""

    text: ClaimText = Field(description="The words of the claim, with or without quotation marks around them.")
    speaker: Name | None = Field(default=None, description="Who is said to have said it: a slug, or a name.")
    source: SourceSlug | None = Field(default=None, description="Slug of the one source in which to look.")
    limit: Annotated[int, Field(ge=1, le=MOST_MATCHES), Digits] = Field(
        default=5, description="Matches given, best first."
    )


class VerifyBody(BaseModel):
    """One claim, or up to 100."""

    model_config = ConfigDict(extra="forbid")

    text: ClaimText | None = Field(default=None, description="The words of one claim.")
    speaker: Name | None = Field(default=None, description="Who is said to have said it: a slug, or a name.")
    source: SourceSlug | None = Field(default=None, description="Slug of the one source in which to look.")
    limit: Limit = Field(default=5, description="Matches given, best first.")
    claims: list[Claim] | None = Field(
        default=None, min_length=1, max_length=MOST_CLAIMS, description="Several claims, in the place of one."
    )

    @model_validator(mode="after")
    def _one_or_many(self) -> "VerifyBody":
        if (self.text is None) == (self.claims is None):
            raise ValueError("give text for one claim, or claims for several")
        if self.claims is not None and self.model_fields_set & {"speaker", "source", "limit"}:
            raise ValueError("with claims, give speaker, source and limit in each claim")
        return self

    @property
    def asked(self) -> list[Claim]:
        """The claims, in order."""
        if self.claims is not None:
            return self.claims
        return [Claim(text=self.text or "", speaker=self.speaker, source=self.source, limit=self.limit)]


class Standing(StrEnum):
    """How a claim stands: on the record, on the record but not to be printed unread, or not on the record."""

    OK = "ok"
    CARE = "care"
    NO = "no"


_ON_RECORD = frozenset({Verdict.VERBATIM, Verdict.NORMALISED, Verdict.FRAGMENT, Verdict.ELIDED})
_UNSAID = frozenset({Polarity.DENIED, Polarity.NOT_SAID})


def standing(verdict: VerdictRead) -> Standing:
    """Return how the claim stands, by its verdict and the match that is shown first."""
    if verdict.verdict not in _ON_RECORD:
        return Standing.NO
    best = verdict.matches[0]
    cut = best.meaning_risk and verdict.verdict is Verdict.ELIDED
    if best.paraphrase_of or best.quote.polarity in _UNSAID or cut:
        return Standing.NO
    doubtful = best.quote.polarity is not Polarity.ASSERTED or best.quote.status is Status.DISPUTED
    return Standing.CARE if best.meaning_risk or doubtful else Standing.OK


def is_on_record(verdict: VerdictRead, *, strict: bool = False) -> bool:
    """Tell whether the words are on the record as the speaker's own; with `strict`, whether they need no care."""
    return standing(verdict) is Standing.OK or (standing(verdict) is Standing.CARE and not strict)
