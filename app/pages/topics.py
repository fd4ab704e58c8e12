"""Topics: the tree of them, and on each who says what, side by side."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.pages.addresses import asked_of, read
from app.pages.rendering import page
from app.store import quotes, topics
from app.store.quotes import Found
from app.store.topics import Branch
from app.tables.db import Database
from app.tables.filter import AskedPolarity, QuoteFilter, Sort
from app.tables.paging import Paging
from app.tables.quote import QuoteExpanded
from app.tables.segment import QuoteTopicRead
from app.tables.speaker import SpeakerRef
from app.tables.topic import TopicBase, TopicFilter, TopicRef, TopicWhole
from app.tables.words import Polarity, Stance

router = APIRouter(include_in_schema=False)
MOST_STEPS = 5
MOST_BRANCHES = 200
"""Topics below the topmost ones that a page lists; what is left out is counted, and found on the topic's own page."""
NARROWER = 60
QUOTES = 40
_ORDER = (Stance.SUPPORTS, Stance.CONDITIONAL, Stance.OPPOSES, Stance.NEUTRAL)


class Twig(NamedTuple):
    """A topic in nested lists: whether one opens below it, how many close after it, and how many it leaves out."""

    topic: TopicBase
    step: int
    opens: bool
    closes: int
    left_out: int


class Column(NamedTuple):
    """Those who take one stance."""

    stance: Stance
    quotes: Sequence[QuoteExpanded]


class Apart(NamedTuple):
    """A quote that is not said to have been said, and the stance that it would take."""

    stance: Stance
    quote: QuoteExpanded


class Group(NamedTuple):
    """A proposition, and who says what on it. `topic` is there when the proposition stands under a narrower one."""

    proposition: str
    topic: TopicRef | None
    columns: Sequence[Column]
    apart: Sequence[Apart]


class Voice(NamedTuple):
    """A speaker, and what it says without a stance."""

    speaker: SpeakerRef | None
    quotes: Sequence[QuoteExpanded]


class Shown(NamedTuple):
    """A topic, and one page of what is said on it. `is_mixed`: some of it is not said to have been said."""

    topic: TopicWhole
    narrower: Sequence[Twig]
    found: Found
    number: int
    is_mixed: bool
    groups: Sequence[Group]
    voices: Sequence[Voice]


@router.get("/topics")
async def list_topics(request: Request) -> Response:
    asked = asked_of(request)
    wanted = read(TopicFilter, asked)
    found = await answers.in_thread(request, lambda database: topics.outline(database.reader(), wanted))
    return page(
        request, "topics.html", asked=asked, found=found.listed, twigs=_twigs(found.branches, most=MOST_BRANCHES)
    )


@router.get("/topics/{slug}")
async def show_topic(request: Request, slug: str) -> Response:
    asked = asked_of(request)
    wanted = read(Paging, asked)
    if not asked.values("limit"):
        wanted = wanted.model_copy(update={"limit": QUOTES})
    shown = await answers.in_thread(request, lambda database: _shown(database, slug, wanted))
    return page(request, "topic.html", asked=asked, shown=shown, is_first=not asked.pairs)


def _shown(database: Database, slug: str, wanted: Paging) -> Shown:
    reader = database.reader()
    topic = TopicWhole.model_validate_json(topics.alone(reader, slug))
    below = topics.under(reader, slug)
    filter_ = QuoteFilter(
        topic=[slug], polarity=[AskedPolarity.ANY], sort=Sort.SAID_DESC, limit=wanted.limit, after=wanted.after
    )
    found = quotes.plan(reader, filter_).run(reader)
    items = [QuoteExpanded.model_validate_json(item) for item in found.items]
    here = {slug, *(TopicBase.model_validate_json(branch.item).slug for branch in below)}
    return Shown(
        topic,
        _twigs([Branch(branch.item, branch.step - 1) for branch in below], most=NARROWER, steps=1),
        found,
        len(items),
        any(quote.polarity is not Polarity.ASSERTED for quote in items),
        _groups(items, here, slug),
        _voices(quote for quote in items if not _stances(quote, here)),
    )


def _stances(quote: QuoteExpanded, here: set[str]) -> list[QuoteTopicRead]:
    return [topic for topic in quote.topics if topic.stance and topic.slug in here]


def _groups(items: Sequence[QuoteExpanded], here: set[str], slug: str) -> list[Group]:
    """Return the propositions, those of the topic itself first, then those on which most is said."""
    taken: dict[tuple[str, str], list[tuple[QuoteTopicRead, QuoteExpanded]]] = {}
    for quote in items:
        for topic in _stances(quote, here):
            taken.setdefault((topic.slug, topic.proposition or ""), []).append((topic, quote))
    ranked = sorted(taken.items(), key=lambda each: (each[0][0] != slug, -len(each[1]), each[0][1]))
    return [_group(proposition, said, is_own=own == slug) for (own, proposition), said in ranked]


def _group(proposition: str, said: Sequence[tuple[QuoteTopicRead, QuoteExpanded]], *, is_own: bool) -> Group:
    by_stance = {
        stance: [q for topic, q in said if topic.stance is stance and q.polarity is Polarity.ASSERTED]
        for stance in _ORDER
    }
    apart = [Apart(topic.stance, q) for topic, q in said if topic.stance and q.polarity is not Polarity.ASSERTED]
    topic = said[0][0]
    return Group(
        proposition,
        None if is_own else TopicRef(slug=topic.slug, label=topic.label),
        [Column(stance, found) for stance, found in by_stance.items() if found],
        apart,
    )


def _voices(items: Iterable[QuoteExpanded]) -> list[Voice]:
    """Return speakers by name, last those of whom the source does not tell."""
    heard: dict[str, list[QuoteExpanded]] = {}
    for quote in items:
        heard.setdefault(quote.speaker.slug if quote.speaker else "", []).append(quote)
    voices = [Voice(said[0].speaker, said) for said in heard.values()]
    return sorted(voices, key=lambda each: (each.speaker is None, each.speaker.name if each.speaker else ""))


def _twigs(branches: Sequence[Branch], *, most: int, steps: int = MOST_STEPS) -> list[Twig]:
    """Return what nested lists hold of trees: the topmost topics all, below them so many at most, and so many steps."""
    kept: list[Branch] = []
    left_out: list[int] = []
    for branch in branches:
        if branch.step == 0 or (branch.step < steps and len(kept) < most):
            kept.append(branch)
            left_out.append(0)
        else:
            left_out[-1] += 1
    after = [*(branch.step for branch in kept), 0][1:]
    return [
        Twig(
            TopicBase.model_validate_json(branch.item),
            branch.step,
            opens=following > branch.step,
            closes=max(0, branch.step - following),
            left_out=hidden,
        )
        for branch, following, hidden in zip(kept, after, left_out, strict=True)
    ]
