"""The proof of the record: what was recomputed, and what failed."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, Field

from app.tables.paging import Digits, Query
from app.tables.words import What


class Failing(StrEnum):
    """What is no longer what it says."""

    HASH = "hash"
    LENGTH = "length"
    ANCHOR = "anchor"
    TEXT = "text"
    ID = "id"
    STATE = "state"
    MISSING = "missing"
    UNRECORDED = "unrecorded"
    HISTORY = "history"


class Failure(BaseModel):
    """One thing that is not what it says."""

    source: str | None = Field(description="Slug of the source in which it stands; null when it stands in none.")
    quote: str | None = Field(description="Id of the quote; null when it is no quote that fails.")
    thing: What | None = Field(
        default=None, description="What kind of thing differs from the history; null for other failures."
    )
    name: str | None = Field(default=None, description="Id or slug of what differs from the history.")
    members: list[str] = Field(
        default=[], description="Members of its document that differ from the history, where they can be told."
    )
    change: int | None = Field(
        default=None,
        description="Number of the change (`seq`) at which the history fails, or of the last one of what differs.",
    )
    what: Failing = Field(
        description="`hash`, `length`: of the source's text. `anchor`: words that do not stand where they are said to. "
        "`text`: the quote's text is not its segments'. `id`: a first version's id is not made from its words. "
        "`state`: a thing is not what its last change made of it. `missing`: it is not on the record, and no change "
        "took it off. `unrecorded`: it is on the record, and no change put it there. `history`: a change is not what "
        "it was when it was sealed, or is not there."
    )
    detail: str = Field(description="What was found, and what should be there.")


class HistoryProof(BaseModel):
    """The history as it was recomputed, seal by seal."""

    changes: int = Field(description="Changes whose seals were recomputed.")
    seal: str | None = Field(
        description="The last seal: SHA-256 over the whole history. Keep it elsewhere, and nobody can write the "
        "history anew without your seeing it. Null when there is no change."
    )


class IntegrityPage(BaseModel):
    """What was recomputed of one batch of sources, with the last one of all the rest too, and what failed."""

    ok: bool = Field(description="True when nothing in this batch failed.")
    sources: int = Field(description="Sources whose hash and length were recomputed.")
    quotes: int = Field(description="Quotes whose text and id were recomputed.")
    anchors: int = Field(description="Segments, interventions and notes compared with the source's text.")
    history: HistoryProof | None = Field(description="The history, recomputed with the last batch; null before it.")
    failures: list[Failure] = Field(
        description="Everything that failed: in order of the sources; at the end speakers, topics and what is missing, "
        "then the history."
    )
    next: str | None = Field(description="Whole address of the next batch; null when all sources were checked.")


class IntegrityFilter(Query):
    """What `GET /v1/integrity` takes."""

    limit: Annotated[int, Field(ge=1, le=1000), Digits] = Field(default=200, description="Sources a batch, 1 to 1,000.")
    after: str | None = Field(default=None, max_length=2000, description="Cursor of the batch before, from its `next`.")
