"""A generated record of 200 quotes with all that makes paging hard: ties, unknown dates, months, topics in a tree.

`matching` and `ordered` say in plain Python what a filter and an order mean: the oracle that the service is held to.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count
from random import Random
from typing import NamedTuple

from sqlmodel import Session

from app.store import entries, texts
from app.store.history import Entry, Writer, append
from app.store.ingest import Known, Placed, add_quotes
from app.tables.anchored import (
    AnchoredNote,
    AnchoredQuote,
    AnchoredRecord,
    AnchoredSaid,
    AnchoredSegment,
    AnchoredStance,
)
from app.tables.record import SourceEntry, SpeakerEntry, TopicEntry
from app.tables.words import (
    Basis,
    BodyFormat,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Role,
    SourceKind,
    SpeakerKind,
    Stance,
    Status,
    VenueKind,
    What,
)
from app.text import anchor, dates

QUOTES = 200
WRITER = Writer("a test", datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC))
SPEAKERS = ("ada", "bo", "cy", "dee", "eve", "flo", "gil")
BROADER = {"earth": None, "water": None, "rivers": "water", "floods": "rivers", "soil": "earth", "fire": None}
TOPICS = tuple(BROADER)
PRINTED = (
    ("the-post-1", "The Post", date(2024, 6, 1)),
    ("the-post-2", "The Post", date(2024, 6, 1)),
    ("the-mail-1", "The Mail", date(2023, 1, 31)),
    ("the-mail-2", "The Mail", None),
    ("nobody-1", None, date(2024, 6, 1)),
    ("nobody-2", None, None),
)
SOURCES = tuple(slug for slug, _, _ in PRINTED)
PUBLISHERS = ("The Post", "The Mail")
SAID = (
    "2024-02-29", "2024-02-29", "2024-03-01", "2023-12-31", "2024-02", "2024-02", "2024-21", "2023", "2023?",
    "2020/2024-03-01", "../2024-03-01", "2024-01-01/..", None, None,
)  # fmt: skip
SENTENCE = "the river rose over night and no house on its banks stayed dry until spring came back"
HISTORY = 9
"""Versions of the first quote."""


class Made(NamedTuple):
    """A quote with what its source says of itself."""

    quote: AnchoredQuote
    source: str
    publisher: str | None
    published: date | None
    seq: int

    @property
    def position(self) -> int:
        return self.quote.content[0].start

    @property
    def on(self) -> frozenset[str]:
        """Return its topics with all above them."""
        return frozenset(up for about in self.quote.topics for up in above(about.topic))

    @property
    def year(self) -> str | None:
        """Return the year of its last possible day, when it is known to about a year."""
        first, last = self.quote.said.earliest, self.quote.said.latest
        return str(last.year) if first and last and (last - first).days <= 366 else None


def above(topic: str) -> Iterable[str]:
    """Yield a topic and all above it."""
    at: str | None = topic
    while at:
        yield at
        at = BROADER[at]


def make() -> list[Made]:
    """Return the quotes in the order in which they are added."""
    random = Random(7)
    seqs = count(1)
    return [made for slug, by, day in PRINTED for made in _of_source(random, slug, by, day, seqs)]


def fill(session: Session, quotes: Sequence[Made]) -> None:
    """Put them on an empty record, and give the first one a history."""
    connection = session.connection()
    entries.put_topics(
        connection,
        [TopicEntry(slug=slug, label=slug.title(), broader=up) for slug, up in BROADER.items()],
        writer=WRITER,
    )
    speakers = [SpeakerEntry(slug=slug, name=_name(slug), kind=SpeakerKind.PERSON) for slug in SPEAKERS]
    entries.put_speakers(connection, speakers, writer=WRITER)
    known = Known(entries.numbers(connection, "speaker", SPEAKERS), entries.numbers(connection, "topic", TOPICS))
    for slug, publisher, published in PRINTED:
        number = _put_source(session, slug, publisher, published)
        placed = [Placed(number, slug, made.quote) for made in quotes if made.source == slug]
        add_quotes(connection, placed, known, writer=WRITER)
    first = quotes[0].quote.id
    append(
        connection,
        WRITER,
        [Entry(What.QUOTE, first, at, {"cue": str(at - 1)}, {"cue": str(at)}) for at in range(2, HISTORY + 1)],
    )


def _name(slug: str) -> str:
    # Two speakers of one name: the slug must break the tie.
    return "Bo" if slug in ("bo", "cy") else slug.title()


def _put_source(session: Session, slug: str, publisher: str | None, published: date | None) -> int:
    text = _text(slug)
    entry = SourceEntry(
        slug=slug,
        title=slug,
        kind=SourceKind.ARTICLE if slug < "t" else SourceKind.POST,
        publisher=publisher,
        published=published,
        language="en",
        text=text,
        complete=slug.endswith("1"),
    )
    record = AnchoredRecord("a test", entry, text, anchor.digest(text), (), (), (), (), ())
    return texts.put_source(session.connection(), record, writer=WRITER)


def _text(slug: str) -> str:
    random = Random(slug)
    lines = [
        f"{slug} 🚀 {at}: " + " ".join(random.choices(SENTENCE.split(), k=random.randint(4, 9))) for at in range(60)
    ]
    return "\n".join(lines)


def _of_source(
    random: Random, slug: str, publisher: str | None, published: date | None, seqs: Iterator[int]
) -> Iterator[Made]:
    text = _text(slug)
    sha256 = anchor.digest(text)
    parent: AnchoredQuote | None = None
    for at in range(QUOTES // len(PRINTED) + (slug in SOURCES[: QUOTES % len(PRINTED)])):
        nested = parent is not None and random.random() < 0.3
        quote = _quote(random, text, sha256, at, published, parent.id if nested and parent else None)
        yield Made(quote, slug, publisher, published, next(seqs))
        parent = quote


def _quote(
    random: Random, text: str, sha256: str, at: int, published: date | None, parent: str | None
) -> AnchoredQuote:
    line = f" {at}: "
    start = text.index(line) + len(line)
    words = text[start : text.index("\n", start)].split()
    # Of equal length more often than not, so that orders by length have ties.
    end = start + len(" ".join(words[: random.choice((1, 1, 2, len(words)))]))
    kind = random.choice(list(QuoteKind))
    return AnchoredQuote(
        id=anchor.quote_id(sha256, [(start, end)]),
        text=text[start:end],
        kind=kind,
        medium=random.choice(list(Medium)),
        polarity=random.choice([Polarity.ASSERTED] * 6 + list(Polarity)),
        status=random.choice([Status.PUBLISHED] * 8 + list(Status)),
        speaker=random.choice([*SPEAKERS[:2], *SPEAKERS, None]),
        parent=parent,
        cue=random.choice(["say", None]),
        venue_name=None,
        venue_kind=random.choice([*VenueKind, None, None]),
        addressee=None,
        said=_said(random.choice(SAID), published),
        segments=(AnchoredSegment(Role.CONTENT, start, end, text[start:end]),),
        topics=tuple(_stances(random)),
        notes=(_note(at),) if random.random() < 0.3 else (),
    )


def _said(edtf: str | None, published: date | None) -> AnchoredSaid:
    if edtf is None:
        return AnchoredSaid(latest=published)
    earliest, latest = dates.bounds(edtf)
    return AnchoredSaid(edtf, earliest, latest, Basis.STATED)


def _stances(random: Random) -> Iterable[AnchoredStance]:
    for topic in random.sample(TOPICS, random.choice((0, 1, 1, 2, 3))):
        for stance in random.sample([*Stance, None], random.choice((1, 1, 2))):
            yield AnchoredStance(topic, stance, "Water should be left alone." if stance else None)


def _note(at: int) -> AnchoredNote:
    return AnchoredNote(Motivation.DESCRIBING, f"Note {at}.", BodyFormat.PLAIN, "a test")


Asked = Mapping[str, Sequence[str]]
"""A filter as the query says it: each parameter with its values."""


def matching(quotes: Sequence[Made], asked: Asked) -> list[Made]:
    """Return the quotes that match, in no order."""
    return [made for made in quotes if _matches(made, asked)]


def _matches(made: Made, asked: Asked) -> bool:
    quote, said = made.quote, made.quote.said
    statuses = asked.get("status") or ("published", "disputed")
    hidden = not {"published", "disputed"} & set(statuses)  # whoever reviews sees denials too
    polarities = asked.get("polarity") or (("any",) if hidden else ("asserted",))
    low, high = _one(asked, "min_length"), _one(asked, "max_length")
    return (
        quote.status in statuses
        and ("any" in polarities or quote.polarity in polarities)
        and _slugs(asked, "speaker", {quote.speaker})
        and _slugs(asked, "source", {made.source})
        and _slugs(asked, "topic", made.on)
        and _takes(made, asked)
        and _among(asked, "publisher", made.publisher)
        and _among(asked, "kind", quote.kind)
        and _among(asked, "medium", quote.medium)
        and _among(asked, "venue", quote.venue_kind)
        and (said.latest is None or str(said.latest) >= _one(asked, "said_from"))
        and (not _one(asked, "said_to") or said.earliest is None or str(said.earliest) <= _one(asked, "said_to"))
        and _printed(made.published, _one(asked, "published_from"), _one(asked, "published_to"))
        and (not _one(asked, "firsthand") or (quote.parent is None) == (_one(asked, "firsthand") == "true"))
        and (not _one(asked, "annotated") or bool(quote.notes) == (_one(asked, "annotated") == "true"))
        and (not low or len(quote.text) >= int(low))
        and (not high or len(quote.text) <= int(high))
    )


def _one(asked: Asked, name: str) -> str:
    return (asked.get(name) or [""])[0]


def _among(asked: Asked, name: str, value: str | None) -> bool:
    return not asked.get(name) or value in asked[name]


def _slugs(asked: Asked, name: str, has: Iterable[str | None]) -> bool:
    given = asked.get(name, ())
    wanted = {slug for slug in given if not slug.startswith("-")}
    unwanted = {slug[1:] for slug in given if slug.startswith("-")}
    return (not wanted or not wanted.isdisjoint(has)) and unwanted.isdisjoint(has)


def _takes(made: Made, asked: Asked) -> bool:
    if not asked.get("stance"):
        return True
    wanted = {slug for slug in asked.get("topic", ()) if not slug.startswith("-")}
    return any(
        about.stance in asked["stance"] and (not wanted or not wanted.isdisjoint(above(about.topic)))
        for about in made.quote.topics
    )


def _printed(published: date | None, first: str, last: str) -> bool:
    if not first and not last:
        return True
    return published is not None and first <= str(published) <= (last or "9999")


def ordered(quotes: Sequence[Made], sort: str) -> list[Made]:
    """Return the quotes in an order of the list, the id breaking ties."""
    keys = {
        "said": lambda made: (str(made.quote.said.latest or ""), made.quote.id),
        "source": lambda made: (SOURCES.index(made.source), made.position, made.quote.id),
        "added": lambda made: made.seq,
        "length": lambda made: (len(made.quote.text), made.quote.id),
        "confidence": lambda made: made.seq,  # of none it is told
    }
    return sorted(quotes, key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))
