"""Streams: a list of any length as one document, made from its pages one at a time."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

from app.formats import csv, jsonld, ndjson
from app.formats.jsonld import Listing
from app.tables.filter import QuoteField
from app.tables.quote import QuoteCited


class Streamed(StrEnum):
    """The formats of which a document can be written before its end is known."""

    NDJSON = "ndjson"
    CSV = "csv"
    JSONLD = "jsonld"

    @property
    def is_cited(self) -> bool:
        """Whether it is made from QuoteCited, and not from whatever was picked."""
        return self is not Streamed.NDJSON


def written(
    kind: Streamed, pages: Iterable[Sequence[str]], *, base: str, url: str, fields: Sequence[QuoteField] = ()
) -> Iterator[str]:
    """Yield the document in parts, at most one a page and two more; `pages` are quotes as JSON.

    `base` is the service's address and `url` the document's own, for JSON-LD; `fields` pick columns of CSV.
    """
    if kind is Streamed.NDJSON:
        yield from (ndjson.lines(page) for page in pages)
    elif kind is Streamed.CSV:
        columns = csv.columns(fields)
        yield csv.header(columns)
        yield from (csv.rows(_quotes(page), columns) for page in pages)
    else:
        yield jsonld.head(Listing(url, url))
        yield from _items(pages, base)
        yield jsonld.TAIL


def _items(pages: Iterable[Sequence[str]], base: str) -> Iterator[str]:
    comma = ""
    for page in pages:
        if page:
            yield comma + jsonld.items(_quotes(page), base)
            comma = ","


def _quotes(page: Sequence[str]) -> Iterator[QuoteCited]:
    return (QuoteCited.model_validate_json(item) for item in page)
