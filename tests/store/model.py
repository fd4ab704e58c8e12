"""What filters, orders and facets mean, in plain Python: the specification that test_quotes.py holds the store to.

A generated record is kept twice, in a database and as a list of items; what the list answers is what the store must.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from sqlalchemy import text
from sqlmodel import Session

from app.store import records
from app.tables.anchored import AnchoredNote, AnchoredQuote, AnchoredStance
from app.tables.filter import AskedPolarity, QuoteCriteria, Sort
from app.tables.shelf import Facet
from app.tables.words import PUBLIC, Medium, Polarity, QuoteKind, Stance, Status, VenueKind
from tests.store.builders import WRITER, Printed, note, printed, said, speakers, topics

SPEAKERS = ("ada", "bo", "cy", "dee")
TREE: Mapping[str, str | None] = {
    "earth": None,
    "soil": "earth",
    "clay": "soil",
    "sand": "soil",
    "water": None,
    "rivers": "water",
    "floods": "rivers",
    "fire": None,
}
"""Each topic's broader one: three levels, and a topic alone."""

PRINTS = (
    ("post-1", "The Post", date(2024, 6, 1)),
    ("post-2", "The Post", date(2024, 6, 30)),
    ("mail-1", "The Mail", date(2023, 1, 31)),
    ("mail-2", "The Mail", None),
    ("nobody-1", None, date(2024, 6, 1)),
)
SOURCES = tuple(slug for slug, _, _ in PRINTS)
PUBLISHERS = ("The Post", "The Mail", "Nobody's")
QUOTES = 12
"""Quotes of each source."""

SAID = (
    None, None, "2024-02-29", "2024-02-29", "2024-03-01", "2023-12-31", "2024-02", "2024-02?", "2024-21", "2023",
    "2023~", "2022/2023", "2023-01-01/2024-01-02", "2023-01-01/2024-01-03", "201X", "../2024-03-01",
    "2024-01-01/..", "2024-03-01/..", "/2024-02-29",
)  # fmt: skip
"""Days, months, years, just a year and a day more, decades, open on either side, unknown; some more than once."""

YEAR = timedelta(days=366)


class Item(NamedTuple):
    """A quote with what its source says of itself; `seq` is its place in the order of adding."""

    seq: int
    quote: AnchoredQuote
    source: str
    publisher: str | None
    published: date | None

    @property
    def topics(self) -> frozenset[str]:
        """Return its topics with all above them."""
        return frozenset(slug for about in self.quote.topics for slug in above(about.topic))

    @property
    def year(self) -> str | None:
        """Return the year of its last possible day, when that is known to about a year."""
        first, last = self.quote.said.earliest, self.quote.said.latest
        return str(last.year) if first and last and last - first <= YEAR else None


def above(topic: str) -> Iterator[str]:
    """Yield a topic and all above it."""
    at: str | None = topic
    while at:
        yield at
        at = TREE[at]


def make(seed: int) -> list[Item]:
    """Return a record of 60 quotes in the order in which they are added, by source and place; the same for a seed."""
    random = Random(seed)
    found: list[Item] = []
    for slug, publisher, published in PRINTS:
        source = printed(slug, sentences=2 * QUOTES, publisher=publisher, published=published)
        quotes: list[AnchoredQuote] = []
        for at in range(QUOTES):
            quotes.append(_quote(random, source, at, quotes))
        found += [Item(len(found) + at, quote, slug, publisher, published) for at, quote in enumerate(quotes)]
    return found


def _quote(random: Random, source: Printed, at: int, before: Sequence[AnchoredQuote]) -> AnchoredQuote:
    # Two quotes may begin at one place: of equal positions and lengths the id decides.
    first = max(0, at - random.randrange(2))
    sentences = random.choice([(first,), (at,), (at, QUOTES + at)]) if at else (0,)
    quote = source.quote(*sentences)
    if any(quote.id == other.id for other in before):
        quote = source.quote(QUOTES + at)
    return quote._replace(
        kind=random.choice(list(QuoteKind)),
        medium=random.choice(list(Medium)),
        polarity=random.choices(list(Polarity), (70, 8, 8, 7, 7))[0],
        status=random.choices(list(Status), (6, 72, 8, 7, 7))[0],
        speaker=random.choice([None, *SPEAKERS]),
        parent=random.choice(before).id if before and random.random() < 0.3 else None,
        venue_kind=random.choice([None, None, *VenueKind]),
        said=said(random.choice(SAID), source.entry.published),
        topics=tuple(_stance(random) for _ in range(random.randrange(4))),
        notes=_notes(random),
    )


def _stance(random: Random) -> AnchoredStance:
    stance = random.choice([None, *Stance])
    return AnchoredStance(random.choice(list(TREE)), stance, "It is so." if stance else None)


def _notes(random: Random) -> tuple[AnchoredNote, ...]:
    return tuple(note(f"Note {at}.") for at in range(random.choice([0, 0, 1, 2])))


def fill(session: Session, items: Sequence[Item]) -> None:
    """Put the items on a record that is empty."""
    for slug, publisher, published in PRINTS:
        source = printed(slug, sentences=2 * QUOTES, publisher=publisher, published=published)
        quotes = [item.quote for item in items if item.source == slug]
        record = source.record(quotes, speakers=speakers(*SPEAKERS), topics=topics(TREE))
        records.put(session, record, writer=WRITER)
    for item in items:
        values = {"id": item.quote.id, "confidence": confidence(item.quote.id)}
        session.connection().execute(text(_SURE), values)


_SURE = """
INSERT INTO proposal (quote, confidence) SELECT seq, :confidence FROM quote WHERE id = :id AND :confidence IS NOT NULL
"""


def matching(items: Sequence[Item], asked: QuoteCriteria) -> list[Item]:
    """Return the items that satisfy every criterion."""
    return [item for item in items if matches(item, asked)]


def asked_for(polarity: str, asked: QuoteCriteria) -> bool:
    """Tell whether a polarity is shown: asserted alone unless others are asked for, or only what is not public is."""
    if not asked.polarity:
        return polarity == Polarity.ASSERTED or (bool(asked.status) and not set(asked.status) & set(PUBLIC))
    return AskedPolarity.ANY in asked.polarity or polarity in [str(word) for word in asked.polarity]


def matches(item: Item, asked: QuoteCriteria) -> bool:
    """Tell what design section 3 says: a repeated parameter means or, different ones mean and, `-` means not."""
    quote = item.quote
    return all(
        (
            quote.status in (asked.status or PUBLIC),
            asked_for(quote.polarity, asked),
            named(asked.speaker, {quote.speaker} if quote.speaker else set()),
            named(asked.topic, item.topics),
            named(asked.source, {item.source}),
            not asked.publisher or item.publisher in asked.publisher,
            not asked.kind or quote.kind in asked.kind,
            not asked.medium or quote.medium in asked.medium,
            not asked.venue or quote.venue_kind in asked.venue,
            not asked.stance or takes(quote, asked),
            between(quote.said.earliest, quote.said.latest, asked.said_from, asked.said_to),
            asked.published_from is None or (item.published is not None and item.published >= asked.published_from),
            asked.published_to is None or (item.published is not None and item.published <= asked.published_to),
            asked.firsthand is None or asked.firsthand == (quote.parent is None),
            asked.annotated is None or asked.annotated == bool(quote.notes),
            asked.min_length is None or len(quote.text) >= asked.min_length,
            asked.max_length is None or len(quote.text) <= asked.max_length,
        )
    )


def named(slugs: Sequence[str], there: frozenset[str] | set[str]) -> bool:
    """Tell whether one of the wanted slugs is there, when any is wanted, and none of those with a leading `-`."""
    wanted = {slug for slug in slugs if not slug.startswith("-")}
    unwanted = {slug[1:] for slug in slugs if slug.startswith("-")}
    return (not wanted or bool(wanted & there)) and not unwanted & there


def takes(quote: AnchoredQuote, asked: QuoteCriteria) -> bool:
    """Tell whether the speaker takes one of the stances, and where topics are wanted, takes it under one of them."""
    wanted = {slug for slug in asked.topic if not slug.startswith("-")}
    return any(
        about.stance in asked.stance and (not wanted or not wanted.isdisjoint(above(about.topic)))
        for about in quote.topics
    )


def between(earliest: date | None, latest: date | None, since: date | None, until: date | None) -> bool:
    """Tell whether something may have been said in the range: what is not known excludes nothing."""
    return (until is None or earliest is None or earliest <= until) and (
        since is None or latest is None or latest >= since
    )


def ordered(items: Sequence[Item], sort: Sort) -> list[Item]:
    """Return the items in order. The last possible day is the said date; unknown ones are the oldest."""
    down = sort.value.startswith("-")
    return sorted(items, key=lambda item: _key(item, sort.value.removeprefix("-")), reverse=down)


def _key(item: Item, name: str) -> tuple[float | str, ...]:
    quote = item.quote
    if name == "said":
        return (quote.said.latest.isoformat() if quote.said.latest else "", quote.id)
    if name == "source":
        return (SOURCES.index(item.source), quote.content[0].start, quote.id)
    if name == "confidence":
        sure = confidence(quote.id)
        return (1 if sure is None else -sure, item.seq)
    return (item.seq,) if name == "added" else (len(quote.text), quote.id)


def confidence(name: str) -> float | None:
    """Return how sure a quote is: of some nothing is told, and many are equally sure."""
    at = sum(map(ord, name))
    return None if at % 3 == 0 else at % 4 / 3


def counted(items: Sequence[Item], facet: Facet) -> Counter[str | None]:
    """Count by one facet; a quote on several topics counts for each and for all above them."""
    values: dict[Facet, list[str | None]] = {
        Facet.SPEAKER: [item.quote.speaker for item in items if item.quote.speaker],
        Facet.TOPIC: [topic for item in items for topic in item.topics],
        Facet.SOURCE: [item.source for item in items],
        Facet.KIND: [item.quote.kind.value for item in items],
        Facet.YEAR: [item.year for item in items],
    }
    return Counter(values[facet])
