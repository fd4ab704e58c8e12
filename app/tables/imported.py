"""What an import over HTTP takes and reports, item by item."""

from enum import StrEnum

from pydantic import BaseModel, Field

from app.tables.paging import Query, YesOrNo


class Outcome(StrEnum):
    """`kept`: it is on the record and not in the file. `removed`: signers of the file no longer sign it."""

    ADDED = "added"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    REMOVED = "removed"


class ImportFilter(Query):
    """What `POST /v1/import` takes."""

    dry_run: YesOrNo = Field(default=False, description="Whether only to report what an import would do.")


class ImportedItem(BaseModel):
    """What became of one thing."""

    name: str = Field(description="Its slug or id.")
    outcome: Outcome = Field(description="What became of it.")
    key: str | None = Field(default=None, description="Of a quote, its key in the file.")


class ImportedRecord(BaseModel):
    """What became of one record of the file, and of everything in it."""

    source: ImportedItem = Field(description="The source.")
    topics: list[ImportedItem] = Field(description="The topics, as the file names them.")
    speakers: list[ImportedItem] = Field(description="The speakers, as the file names them.")
    quotes: list[ImportedItem] = Field(description="The quotes of the file, then those kept.")
    annotations: list[ImportedItem] = Field(description="The notes of the file, then those removed.")
    links: list[ImportedItem] = Field(description="The links of the file, then those removed.")


class ImportReport(BaseModel):
    """What an import did, or with `dry_run` would do."""

    dry_run: bool = Field(description="Whether nothing was written.")
    written: int = Field(description="Changes that the history has of it; 0 when the record said all of it already.")
    records: list[ImportedRecord] = Field(description="The records, in the order of the file.")
