"""Review: which moves between the states of a quote there are, and who may make each. The one place that knows."""

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.tables.columns import ID, Prose
from app.tables.paging import Query
from app.tables.words import Status


class Move(NamedTuple):
    """A move that a key with the scope `edit` may make; `own`: who proposed the quote may make it too."""

    own: bool = False


MOVES: Mapping[Status, Mapping[Status, Move]] = {
    Status.PROPOSED: {Status.PUBLISHED: Move(), Status.REJECTED: Move(own=True)},
    Status.REJECTED: {Status.PROPOSED: Move()},
    Status.PUBLISHED: {Status.DISPUTED: Move(), Status.WITHDRAWN: Move()},
    Status.DISPUTED: {Status.PUBLISHED: Move(), Status.WITHDRAWN: Move()},
    Status.WITHDRAWN: {Status.PUBLISHED: Move()},
}
"""The moves from each state to others."""

NEEDS_REASON = frozenset({Status.REJECTED, Status.DISPUTED, Status.WITHDRAWN})
"""States that nothing is put into without a reason."""

WERE_PUBLIC = frozenset({Status.PUBLISHED, Status.DISPUTED, Status.WITHDRAWN})
"""States that no quote comes to but by being published."""

ENDS = {
    Status.PROPOSED: Status.REJECTED,
    Status.PUBLISHED: Status.WITHDRAWN,
    Status.DISPUTED: Status.WITHDRAWN,
}
"""What taking a quote off the record makes of it."""


class ReviewNew(BaseModel):
    """What a review decides."""

    model_config = ConfigDict(extra="forbid")

    status: Status = Field(description="Where the quote is to stand.")
    reason: Prose | None = Field(
        default=None,
        description="Why; needed for `rejected`, `disputed` and `withdrawn`. Served with a withdrawn quote.",
    )
    successor: str | None = Field(
        default=None, pattern=ID, description="With `withdrawn`: id of the public quote to read in its place."
    )

    @model_validator(mode="after")
    def _founded(self) -> "ReviewNew":
        if self.reason is None and self.status in NEEDS_REASON:
            raise ValueError(f"reason is missing: a quote is {self.status} for a reason")
        if self.successor is not None and self.status is not Status.WITHDRAWN:
            raise ValueError(f"successor stands with withdrawn, not with {self.status}")
        return self


class Removal(Query):
    """What taking a quote off the record takes."""

    reason: Prose = Field(description="Why it is rejected or withdrawn; served with a withdrawn quote.")
