"""A quote's own page: its words, how each thing about them is known, the evidence; and what is shown elsewhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, NamedTuple

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.documented import ID_PATH
from app.api.keys import database_of, is_keyed
from app.formats import citation, schema_org
from app.formats.atom import legal
from app.formats.wording import attribution, cited, source_line, told
from app.pages import evidence, picture, wording
from app.pages.evidence import Passage
from app.pages.picture import HEIGHT, WIDTH
from app.pages.rendering import page, rendered
from app.store import changes, quotes, sources, speakers
from app.tables.change import ChangeRead, HistoryFilter
from app.tables.db import Database
from app.tables.quote import QuoteWhole
from app.tables.words import Polarity, Status, What

router = APIRouter(prefix="/quotes", include_in_schema=False)
_VERSIONS = 50
_SHORT = 90
_LONG = 420
"""Code points from which on the words are set smaller."""
_VALUE = 160
_AROUND = 220
"""Code points of the source shown before the first word and after the last one of the quote."""
_NAME = 44
"""Code points of a name in a picture; what it is told to have done with the words is never cut."""
_FRAME_HEIGHT = 260
_COLOURS = {"direct": "#7a4a00", "indirect": "#1f4f82", "mixed": "#6a3386"}


class Step(NamedTuple):
    """One field that a version changed, as text."""

    path: str
    before: str
    after: str


class Version(NamedTuple):
    """One version of the quote; without steps it is the one that put it on the record."""

    made: ChangeRead
    steps: Sequence[Step]


class Told(NamedTuple):
    """All that the page tells."""

    quote: QuoteWhole
    passages: Sequence[Passage]
    names: Mapping[str, str]
    versions: Sequence[Version]
    more_versions: bool


@router.get("/{id}")
async def show_quote(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    keyed = is_keyed(request)
    found = await answers.in_thread(request, lambda database: _read(database, id, keyed=keyed))
    base = answers.base_url(request)
    quote = found.quote
    schema = schema_org.quotation(quote, base)
    address = f"{base}/quotes/{quote.id}"
    return page(
        request,
        "quote.html",
        told=found,
        quote=quote,
        said_by=attribution(quote),
        line=told(quote, most=_SHORT),
        is_long=len(quote.text) > _LONG,
        schema=Markup(schema) if schema else None,  # noqa: S704  # it escapes what would end a script element
        citations={
            "Text": f"{cited(quote)} In {source_line(quote)}. Verbatim, version {quote.version}, {address}",
            "BibTeX": citation.bibtex(quote, base),
            "CSL-JSON": citation.csl(quote, base),
        },
        embed=rendered("frame.html", address=address, title=told(quote, most=_SHORT), height=_FRAME_HEIGHT),
        picture=(WIDTH, HEIGHT),
    )


@router.get("/{id}/embed")
async def show_frame(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Show a quote within pages of others: public ones only, whoever looks."""
    quote = _public(request, id)
    return page(request, "embed.html", framed=True, quote=quote, said_by=attribution(quote))


@router.get("/{id}/picture.svg")
async def show_picture(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Draw a quote, as those show it who are given its address."""
    quote = _public(request, id)
    words = f"“{quote.text}”" if quote.kind == "direct" else quote.text
    disputed = (wording.STATUSES[quote.status],) if quote.status is Status.DISPUTED else ()
    text = rendered(
        "picture.svg",
        width=WIDTH,
        height=HEIGHT,
        set=picture.set_in_lines(legal(words)),
        head=legal(attribution(quote, most=_NAME)) if quote.polarity is not Polarity.ASSERTED else "",
        who=legal(attribution(quote, most=_NAME)),
        where=legal(wording.cut(quote.source.title, 88)),
        how=", ".join((wording.KINDS[quote.kind], wording.when(quote.said), *disputed)),
        colour=_COLOURS[quote.kind.value],
    )
    return answers.listed(request, text, next_url=None, media_type="image/svg+xml")


def _public(request: Request, id: str) -> QuoteWhole:
    return QuoteWhole.model_validate_json(quotes.one(database_of(request).reader(), id, keyed=False))


def _read(database: Database, id: str, *, keyed: bool) -> Told:
    reader = database.reader()
    quote = QuoteWhole.model_validate_json(quotes.one(reader, id, keyed=keyed))
    others = {brief.speaker for brief in (*(link.quote for link in quote.links), *quote.nested) if brief.speaker}
    found = changes.history(reader, What.QUOTE, quote.id, HistoryFilter(limit=_VERSIONS))
    made = [ChangeRead.model_validate_json(item) for item in found.items]
    versions = [Version(change, _steps(change)) for change in made]

    def words(start: int, end: int) -> str | None:
        return sources.passage(reader, quote.source.slug, start, end, keyed=keyed)

    return Told(
        quote,
        evidence.passages(quote.segments, words, around=_AROUND),
        speakers.named(reader, others),
        versions,
        found.after is not None,
    )


def _steps(change: ChangeRead) -> list[Step]:
    changed = [field for field in change.changes if field.path]
    return [Step(field.path, _shown(field.before), _shown(field.after)) for field in changed]


def _shown(value: object) -> str:
    """Return a value as text; of none, no text."""
    if value in (None, [], {}):
        return ""
    written = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return wording.cut(written, _VALUE)
