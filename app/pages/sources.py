"""Sources: the list of them, and each as it was published, with every quote marked in its place."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.keys import is_keyed
from app.pages import margin, wording
from app.pages.addresses import Asked, Choice, asked_of, read
from app.pages.margin import Line
from app.pages.rendering import page
from app.store import quotes, sources
from app.store.facets import Total
from app.tables.db import Database
from app.tables.filter import AskedPolarity, Include, QuoteFilter, SlugOrNot, Sort
from app.tables.paging import Query
from app.tables.quote import QuoteExpanded
from app.tables.shelf import Facet
from app.tables.source import SourceFilter, SourceRead, SourceRef, SourceWhole
from app.tables.words import Polarity, QuoteKind, SourceKind

router = APIRouter(include_in_schema=False)
MARKED = 1_000
"""So many quotes of a source are marked at once."""
_STEP = 200
_RIGHT_TO_LEFT = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "nqo", "prs", "ps", "sd", "syr", "ug", "ur", "yi"))
_SCRIPTS = frozenset(("adlm", "arab", "hebr", "nkoo", "rohg", "syrc", "thaa"))


class MarkedFilter(Query):
    """Which quotes of a source are marked."""

    kind: list[QuoteKind] = Field(default=[], description="Whether the words stand in quotation marks.")
    speaker: list[SlugOrNot] = Field(default=[], max_length=20, description="Slug of a speaker.")
    polarity: list[AskedPolarity] = Field(default=[], description="Whether the speaker is said to have said it.")
    after: str | None = Field(default=None, max_length=2000, description="Cursor of the quotes before.")


class Group(NamedTuple):
    """What may be marked, by one of its sides: all, or those of one value."""

    title: str
    choices: Sequence[Choice]


class Shown(NamedTuple):
    """A source with as much of it as is shown at once. `after` is the cursor of the quotes beyond."""

    source: SourceWhole
    lines: Sequence[Line]
    remarks: Sequence[Line]
    groups: Sequence[Group]
    marked: int
    total: Total
    after: str | None
    revised_by: Sequence[SourceRef]


class _Marked(NamedTuple):
    items: Sequence[QuoteExpanded]
    total: Total
    after: str | None


@router.get("/sources")
async def show_sources(request: Request) -> Response:
    asked = asked_of(request)
    wanted = read(SourceFilter, asked)
    found = await answers.in_thread(request, lambda database: sources.find(database.reader(), wanted))
    items = [SourceRead.model_validate_json(item) for item in found.items]
    return page(request, "sources.html", asked=asked, found=found, items=items, kinds=list(SourceKind), wanted=wanted)


@router.get("/sources/{slug}")
async def show_source(request: Request, slug: str) -> Response:
    asked = asked_of(request)
    wanted = read(MarkedFilter, asked)
    keyed = is_keyed(request)
    shown = await answers.in_thread(request, lambda database: _shown(database, slug, wanted, asked, keyed))
    direction = "rtl" if _is_right_to_left(shown.source.language) else "ltr"
    return page(request, "source.html", asked=asked, shown=shown, direction=direction, most=MARKED)


def _is_right_to_left(language: str) -> bool:
    name, _, rest = language.lower().partition("-")
    script = next((part for part in rest.split("-") if len(part) == 4 and part.isalpha()), None)
    if script:
        return script in _SCRIPTS
    return name in _RIGHT_TO_LEFT


def _shown(database: Database, slug: str, wanted: MarkedFilter, asked: Asked, keyed: bool) -> Shown:
    reader = database.reader()
    source = SourceWhole.model_validate_json(sources.one(reader, slug, keyed=keyed))
    marked = _marked(database, source, wanted)
    lines, remarks = margin.lines(source, marked.items)
    return Shown(
        source,
        lines,
        remarks,
        _groups(source, _speakers(database, source), asked),
        len(marked.items),
        marked.total,
        marked.after,
        [SourceRef.model_validate_json(item) for item in sources.revising(reader, source.slug)],
    )


def _marked(database: Database, source: SourceWhole, wanted: MarkedFilter) -> _Marked:
    """Return the quotes to mark, in reading order: of an excerpt with their context, as its text is not there."""
    include = [Include.ANNOTATIONS] if source.text is not None else [Include.ANNOTATIONS, Include.SEGMENTS]
    asked = QuoteFilter(
        source=[source.slug],
        kind=wanted.kind,
        speaker=wanted.speaker,
        polarity=wanted.polarity or [AskedPolarity.ANY],
        sort=Sort.SOURCE,
        limit=_STEP,
        include=include,
        after=wanted.after,
    )
    items: list[QuoteExpanded] = []
    while True:
        found = quotes.plan(database.reader(), asked).run(database.reader())
        items += [QuoteExpanded.model_validate_json(item) for item in found.items]
        if found.after is None or len(items) >= MARKED:
            return _Marked(items, found.total, found.after)
        asked = asked.model_copy(update={"after": found.after})


def _speakers(database: Database, source: SourceWhole) -> Mapping[str, str]:
    """Return the names of those who have most quotes in the source, by their slugs."""
    asked = QuoteFilter(
        source=[source.slug], polarity=[AskedPolarity.ANY], sort=Sort.SOURCE, limit=1, facets=[Facet.SPEAKER]
    )
    reader = database.reader()
    speakers = quotes.plan(reader, asked).run(reader).counts().speaker
    return {speaker.value: speaker.label for speaker in speakers if speaker.value is not None}


def _groups(source: SourceWhole, names: Mapping[str, str], asked: Asked) -> list[Group]:
    kinds = Counter(quote.kind.value for quote in source.spans)
    polarities = Counter(quote.polarity.value for quote in source.spans)
    speakers = Counter(quote.speaker for quote in source.spans if quote.speaker)
    groups = [
        _group("Kind", "kind", {kind.value: wording.KINDS[kind] for kind in QuoteKind}, kinds, asked),
        _group("Speaker", "speaker", names, speakers, asked),
        _group("Said or not", "polarity", {p.value: wording.POLARITIES[p] for p in Polarity}, polarities, asked),
    ]
    return [group for group in groups if len(group.choices) > 2 or not group.choices[0].is_on]


def _group(title: str, name: str, labels: Mapping[str, str], counted: Mapping[str, int], asked: Asked) -> Group:
    given = asked.values(name)
    choices = [
        Choice(label, counted[value], asked.instead(name, value), list(given) == [value])
        for value, label in labels.items()
        if counted.get(value)
    ]
    return Group(title, [Choice("all", sum(counted.values()), asked.instead(name, None), not given), *choices])
