"""A generated record of any size: the same on every machine, in the shapes of a real one.

A source is a text of about 6 kB with 14 to 20 quotes cut from it. Speakers and topics are drawn as unevenly as people
are quoted (Zipf): the commonest speaker has some hundred times the quotes of the middle one. Most dates are days; some
are months, open or unknown. What is drawn for a source depends on its number alone: a small record begins a large one.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import Connection, insert, text

from app.store import entries
from app.store.history import Writer
from app.store.ingest import Known, Placed, add_quotes
from app.tables import Source
from app.tables.anchored import (
    AnchoredIntervention,
    AnchoredNote,
    AnchoredQuote,
    AnchoredSaid,
    AnchoredSegment,
    AnchoredStance,
)
from app.tables.columns import table
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.record import NameEntry, SpeakerEntry, TopicEntry
from app.tables.words import (
    Access,
    Basis,
    BodyFormat,
    InterventionKind,
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
)
from app.text import anchor, dates
from app.text.anchor import Span
from bench import words
from bench.words import Clauses

T = TypeVar("T")

TREE = (12, 4, 5)
"""Topmost topics, narrower ones under each, and narrower ones under each of those: 12 + 48 + 240."""
FIRST_DAY, DAYS = date(2010, 1, 1), 15 * 365
BATCH = 5_000
WRITER = Writer("bench", datetime(2026, 1, 1, tzinfo=UTC))


class Draft(NamedTuple):
    """A source and its quotes, on no record yet."""

    slug: str
    title: str
    publisher: str
    published: date | None
    sha256: str
    text: str
    quotes: tuple[AnchoredQuote, ...]


class Odds(Generic[T]):
    """Values of which each is drawn as often as its share says."""

    def __init__(self, values: Sequence[T], shares: Sequence[float]) -> None:
        self._values, self._bounds = values, list(accumulate(shares))

    def draw(self, random: Random) -> T:
        return self._values[bisect(self._bounds, random.random() * self._bounds[-1], hi=len(self._values) - 1)]


KINDS = Odds((QuoteKind.DIRECT, QuoteKind.INDIRECT, QuoteKind.MIXED), (45, 40, 15))
MEDIA = Odds((Medium.SPEECH, Medium.WRITING, Medium.THOUGHT), (72, 25, 3))
POLARITIES = Odds(tuple(Polarity), (93, 3, 1.5, 1.5, 1))
STATUSES = Odds(tuple(Status), (3, 93, 1.5, 1, 1.5))
STANCES = Odds((None, *Stance), (70, 12, 10, 3, 5))
VENUES = Odds((None, *VenueKind), (75, 6, 6, 4, 2, 4, 3))
PRECISIONS = Odds(("day", "past", "month", "year", "open", "unknown"), (62, 18, 10, 3, 3, 4))


def _zipf(values: Sequence[T], random: Random) -> Odds[T]:
    """Return odds in which a value's rank, drawn at random, gives its share."""
    ranked = list(values)
    random.shuffle(ranked)
    return Odds(ranked, [1 / (rank + 3) for rank in range(len(ranked))])


def speakers() -> list[SpeakerEntry]:
    """Return the 2,500 speakers of every generated record."""
    kinds = Odds(tuple(SpeakerKind), (86, 8, 4, 2))
    random = Random("speakers")
    names = [f"{first} {last}" for first in words.FIRST for last in words.LAST]
    return [
        SpeakerEntry(
            slug=name.lower().replace(" ", "-"),
            name=name,
            kind=kinds.draw(random),
            names=[NameEntry(name=name, printed=True), NameEntry(name=name.split()[1], printed=True)],
        )
        for name in names
    ]


def topics() -> list[TopicEntry]:
    """Return the 300 topics of every generated record, in three levels, broader ones first."""
    random = Random("topics")
    labels = iter(random.sample([f"{a} {n}" for a in words.ADJECTIVES for n in words.NOUNS], 300))
    found: list[TopicEntry] = []
    above: list[str | None] = [None]
    for width in TREE:
        level = []
        for broader in above:
            for _ in range(width):
                label = next(labels)
                slug = label.replace(" ", "-")
                found.append(TopicEntry(slug=slug, label=label.capitalize(), broader=broader))
                level.append(slug)
        above = [*level]
    return found


class _Page:
    """A text being written; each call returns where the words came to stand."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.at = 0

    def write(self, words: str) -> Span:
        start = self.at
        self.parts.append(words)
        self.at += len(words)
        return Span(start, self.at)


class _Said(NamedTuple):
    """A quote while its text is being written: what stands where."""

    speaker: str | None
    kind: QuoteKind
    cue: str
    segments: list[tuple[Role, Span]]
    interventions: list[Span]
    said: AnchoredSaid
    addressee: str | None
    nested: bool


class Generator:
    """Drafts sources with quotes by these speakers on these topics."""

    def __init__(self) -> None:
        random = Random("record")
        self.names = {entry.slug: entry.name for entry in speakers()}
        tree = topics()
        tops, middle = TREE[0], TREE[0] * TREE[1]
        self._speakers = _zipf(list(self.names), random)
        self._leaves = _zipf([entry.slug for entry in tree[tops + middle :]], random)
        self._upper = _zipf([entry.slug for entry in tree[: tops + middle]], random)
        self._clauses = Clauses(random)

    def drafts(self, quotes: int) -> Iterator[Draft]:
        """Draft sources until they hold so many quotes."""
        number, left = 1, quotes
        while left > 0:
            draft = self.draft(number)
            if len(draft.quotes) > left:
                draft = draft._replace(quotes=draft.quotes[:left])
            left -= len(draft.quotes)
            number += 1
            yield draft

    def draft(self, number: int) -> Draft:
        """Draft the source of that number."""
        random = Random(number)
        published = FIRST_DAY + timedelta(days=random.randrange(DAYS)) if random.random() < 0.99 else None
        about = [self._topic(random) for _ in range(random.randint(2, 5))]
        cast = [self._speakers.draw(random) for _ in range(random.randint(2, 6))]
        page, said = _Page(), list[_Said]()
        count = random.randint(14, 20)
        while len(said) < count:
            self._filler(page, random)
            said += self._passage(page, random, cast, published or FIRST_DAY)
        self._filler(page, random)
        whole = "".join(page.parts)
        sha256 = anchor.digest(whole)
        publisher = words.PUBLISHERS[number % len(words.PUBLISHERS)]
        return Draft(
            slug=f"{publisher.lower().replace(' ', '-')}-{number}",
            title=words.sentence(self._clauses.plain(random))[:-1],
            publisher=publisher,
            published=published,
            sha256=sha256,
            text=whole,
            quotes=tuple(_quotes(random, said, whole, sha256, published, about)),
        )

    def _topic(self, random: Random) -> str:
        return (self._leaves if random.random() < 0.85 else self._upper).draw(random)

    def _filler(self, page: _Page, random: Random) -> None:
        for _ in range(random.randint(2, 3)):
            page.write(words.sentence(self._clauses.joined(random)) + " ")
        if random.random() < 0.4:
            page.write("\n\n")

    def _passage(self, page: _Page, random: Random, cast: Sequence[str], published: date) -> list[_Said]:
        """Write one sentence that reports something; return its quote, and the one nested in it."""
        speaker = random.choice(cast) if random.random() < 0.97 else None
        name = self.names[speaker] if speaker else "Officials"
        mention = name if random.random() < 0.5 else random.choice(("He", "She", name.split()[-1]))
        kind, cue = KINDS.draw(random), random.choice(words.SAY)
        printed, said = _date(random, published)
        parts: list[tuple[Role, Span]] = []
        made: list[Span] = []
        nested: list[_Said] = []
        if kind is QuoteKind.DIRECT:
            page.write("“")
            if random.random() < 0.03:
                made.append(page.write("[Now] "))
                made = [Span(made[0].start, made[0].end - 1)]
            first = page.write(words.sentence(self._clauses.joined(random))[:-1])
            parts.append((Role.CONTENT, Span(made[0].start if made else first.start, first.end)))
            page.write(",” ")
        addressee = self._attribution(page, random, parts, mention, words.SAID[cue], printed)
        if kind is QuoteKind.DIRECT:
            if random.random() < 0.15:
                page.write(", “")
                parts.append((Role.CONTENT, page.write(self._clauses.plain(random))))
                page.write("”")
        elif kind is QuoteKind.INDIRECT:
            page.write(" that ")
            if random.random() < 0.1:
                nested.append(self._nested(page, random, cast, said, parts))
            else:
                parts.append((Role.CONTENT, page.write(self._clauses.joined(random))))
        else:
            page.write(" that ")
            fragment = f"{self._clauses.plain(random)} and “{self._clauses.plain(random)}”"
            parts.append((Role.CONTENT, page.write(fragment)))
        page.write(". ")
        return [_Said(speaker, kind, cue, parts, made, said, addressee, False), *nested]

    def _attribution(
        self,
        page: _Page,
        random: Random,
        parts: list[tuple[Role, Span]],
        mention: str,
        cue: str,
        printed: str | None,
    ) -> str | None:
        """Write “she said to the council on Monday”; return the addressee."""
        addressee = None
        parts.append((Role.SPEAKER, page.write(mention)))
        page.write(" ")
        parts.append((Role.CUE, page.write(cue)))
        if random.random() < 0.08:
            addressee = f"the {random.choice(words.NOUNS)}"
            page.write(" before ")
            parts.append((Role.ADDRESSEE, page.write(addressee)))
        if printed:
            page.write(" ")
            parts.append((Role.TIME, page.write(printed)))
        return addressee

    def _nested(
        self,
        page: _Page,
        random: Random,
        cast: Sequence[str],
        said: AnchoredSaid,
        outer: list[tuple[Role, Span]],
    ) -> _Said:
        speaker = random.choice(cast)
        parts: list[tuple[Role, Span]] = [(Role.SPEAKER, page.write(self.names[speaker]))]
        page.write(" had ")
        parts.append((Role.CUE, page.write("said")))
        page.write(" that ")
        parts.append((Role.CONTENT, page.write(self._clauses.plain(random))))
        outer.append((Role.CONTENT, Span(parts[0][1].start, parts[-1][1].end)))
        inner = said._replace(as_printed=None, basis=Basis.INFERRED) if said.edtf else said
        return _Said(speaker, QuoteKind.INDIRECT, "say", parts, [], inner, None, True)


def _date(random: Random, published: date) -> tuple[str | None, AnchoredSaid]:
    """Return the printed expression of time, or None, and the date."""
    precision = PRECISIONS.draw(random)
    if precision == "unknown":
        return None, AnchoredSaid(latest=published)
    if precision == "day":
        on = published - timedelta(days=random.randrange(7))
        printed = f"on {on:%A}" if random.random() < 0.6 else None
        basis, edtf = Basis.RESOLVED if printed else Basis.INFERRED, on.isoformat()
        return printed, AnchoredSaid(edtf, on, on, basis, printed, None if printed else "From the context.")
    on = published - timedelta(days=random.randrange(10, 500))
    if precision == "open":
        edtf = f"{on.isoformat()}/.."
        return f"since {on:%B %Y}", AnchoredSaid(edtf, on, published, Basis.INFERRED, f"since {on:%B %Y}")
    edtf, printed = {
        "past": (on.isoformat(), f"on {on:%B} {on.day}, {on.year}"),
        "month": (f"{on:%Y-%m}", f"in {on:%B %Y}"),
        "year": (f"{on.year:04}", f"in {on.year}"),
    }[precision]
    found = dates.bounds(edtf)
    return printed, AnchoredSaid(edtf, found.earliest, found.latest, Basis.STATED, printed)


def _quotes(
    random: Random, said: Sequence[_Said], whole: str, sha256: str, published: date | None, about: Sequence[str]
) -> Iterator[AnchoredQuote]:
    outer: str | None = None
    for item in said:
        content = [span for role, span in item.segments if role is Role.CONTENT]
        found = anchor.quote_id(sha256, content)
        # A source without a date gives its quotes no last possible day, where they have none of their own.
        undated = published is None and (item.said.edtf is None or item.said.edtf.endswith("/.."))
        venue = VENUES.draw(random)
        yield AnchoredQuote(
            id=found,
            text=anchor.join(whole, content),
            kind=item.kind,
            medium=MEDIA.draw(random),
            polarity=POLARITIES.draw(random),
            status=STATUSES.draw(random),
            speaker=item.speaker,
            parent=outer if item.nested else None,
            cue=item.cue,
            venue_name=f"the {random.choice(words.ADJECTIVES)} {random.choice(words.NOUNS)}" if venue else None,
            venue_kind=venue,
            addressee=item.addressee,
            said=item.said._replace(latest=None) if undated else item.said,
            segments=tuple(
                AnchoredSegment(role, start, end, whole[start:end])
                for role, (start, end) in sorted(item.segments, key=lambda part: part[1])
            ),
            interventions=tuple(
                AnchoredIntervention(InterventionKind.INSERTION, start, end, whole[start:end])
                for start, end in item.interventions
            ),
            topics=tuple(_stance(random, slug) for slug in {random.choice(about): None, about[0]: None})[
                : 1 + (random.random() < 0.4)
            ],
            notes=(_note(random),) if random.random() < 0.02 else (),
        )
        outer = found


def _stance(random: Random, topic: str) -> AnchoredStance:
    stance = STANCES.draw(random)
    proposition = f"The {random.choice(words.NOUNS)} should go ahead." if stance else None
    return AnchoredStance(topic, stance, proposition)


def _note(random: Random) -> AnchoredNote:
    body = (
        f"The {random.choice(words.NOUNS)} is the one of that {random.choice(words.NOUNS)}, as the source says before."
    )
    return AnchoredNote(Motivation.COMMENTING, body, BodyFormat.PLAIN, "bench")


def found(connection: Connection) -> Known:
    """Put the speakers and topics on an empty record and return their numbers."""
    entries.put_topics(connection, topics(), writer=WRITER)
    entries.put_speakers(connection, speakers(), writer=WRITER)
    return Known(_numbers(connection, "speaker"), _numbers(connection, "topic"))


def _numbers(connection: Connection, name: str) -> dict[str, int]:
    return {slug: int(seq) for slug, seq in connection.execute(text(f"SELECT slug, seq FROM {name}"))}


def add_sources(connection: Connection, drafts: Sequence[Draft], first: int) -> list[Placed]:
    """Put sources on the record, numbered from `first`, and return their quotes."""
    rows = [
        {
            "seq": seq,
            "slug": draft.slug,
            "title": draft.title,
            "kind": SourceKind.ARTICLE,
            "publisher": draft.publisher,
            "url": f"https://news.example/{draft.slug}",
            "published": draft.published,
            "language": "en",
            "access": Access.FULL,
            "sha256": draft.sha256,
            "length": len(draft.text),
            "text": draft.text,
            "created": WRITER.at,
            "updated": WRITER.at,
        }
        for seq, draft in enumerate(drafts, first)
    ]
    connection.execute(insert(table(Source)), rows)
    return [Placed(seq, draft.slug, quote) for seq, draft in enumerate(drafts, first) for quote in draft.quotes]


def batches(drafts: Iterator[Draft], size: int = BATCH) -> Iterator[list[Draft]]:
    """Group sources so that each group holds `size` quotes or a few more."""
    waiting: list[Draft] = []
    count = 0
    for draft in drafts:
        waiting.append(draft)
        count += len(draft.quotes)
        if count >= size:
            yield waiting
            waiting, count = [], 0
    if waiting:
        yield waiting


def build(database: Database, quotes: int) -> None:
    """Make a record of so many quotes in a file that is not there yet, through the service's own write path."""
    migrate(database)
    with database.writing() as session:
        known = found(session.connection())
    first = 1
    for drafts in batches(Generator().drafts(quotes)):
        with database.writing() as session:
            connection = session.connection()
            add_quotes(connection, add_sources(connection, drafts, first), known, writer=WRITER)
        first += len(drafts)
