"""What became of a source's quotes in the source that revises it."""

from pydantic import BaseModel, Field

from app.tables.paging import Query, YesOrNo
from app.tables.version import SegmentState
from app.tables.words import Role, Status
from app.text.compare import Op
from app.text.revision import Outcome


class RevisionDifference(BaseModel):
    """A run of words that is equal, or differs."""

    op: Op = Field(description="What turns the old words into the new ones.")
    old: str = Field(description="The words of the old text.")
    new: str = Field(description="The words of the new text.")


class LostWords(BaseModel):
    """Words that belong to the quote in the old text and are not there in the new one."""

    role: Role | None = Field(description="What they were to the quote; null for what an editor did inside it.")
    exact: str = Field(description="The words as the old text prints them.")


class RevisionItem(BaseModel):
    """What became of one quote."""

    quote: str = Field(description="Id of the quote of the old source. It stays, and keeps answering.")
    text: str = Field(description="Its words.")
    outcome: Outcome = Field(
        description="`unchanged`: the very words, at the same offsets. `moved`: the very words elsewhere, with all "
        "that belongs to them. `altered`: something differs, in the words or in what belongs to them, such as the "
        "speaker's name. `gone`: nothing near it is there."
    )
    new_quote: str | None = Field(
        description="Id of the quote of the new source; null for one that is gone, and for one that was withdrawn or "
        "rejected, which is not put on the record again."
    )
    status: Status | None = Field(description="Where the new quote stands in review; null when there is none.")
    existing: bool = Field(description="True when the new source had that quote already; it is left as it is.")
    spans: list[SegmentState] = Field(
        description="Where it stands in the new text; of an altered one, what is nearest."
    )
    lost: list[LostWords] = Field(description="What belongs to it and is not found with it: the reason for a review.")
    diff: list[RevisionDifference] = Field(description="Word by word, of an altered one; empty for the others.")


class RevisionCounts(BaseModel):
    """How many quotes came to what."""

    unchanged: int = Field(description="Quotes that stand where they stood.")
    moved: int = Field(description="Quotes that stand elsewhere.")
    altered: int = Field(description="Quotes that differ: proposed, to be reviewed.")
    gone: int = Field(description="Quotes that are not there any more.")
    written: int = Field(description="Quotes that were put on the record.")


class RevisionReport(BaseModel):
    """What became of every quote of a source in the one that revises it, in reading order."""

    source: str = Field(description="Slug of the new source.")
    revises: str = Field(description="Slug of the old one.")
    dry_run: bool = Field(description="True when nothing was written.")
    items: list[RevisionItem] = Field(description="Each quote of the old source, in reading order.")
    counts: RevisionCounts = Field(description="How many came to what.")


class RevisionAsked(Query):
    """What `POST /v1/sources/{slug}/revision` takes."""

    dry_run: YesOrNo = Field(default=False, description="Report what would be done, and write nothing.")
