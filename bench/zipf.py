"""A record whose words are as rare as words are: for measuring search and verification.

Zipf's law over 60,000 words, which are made of syllables; the commonest are English function words.
"""

import random
from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

from app.store import ingest
from app.store.entries import numbers, put_speakers, put_topics
from app.store.history import Writer
from app.store.ingest import Known, Placed
from app.store.texts import put_source
from app.tables.anchored import AnchoredQuote, AnchoredRecord, AnchoredSaid, AnchoredSegment, AnchoredStance
from app.tables.db import Database
from app.tables.migration import migrate
from app.tables.record import NameEntry, SourceEntry, SpeakerEntry, TopicEntry
from app.tables.words import Basis, Medium, Polarity, QuoteKind, Role, SourceKind, SpeakerKind, Status
from app.text import anchor

VOCABULARY = 60_000
SPEAKERS = 500
TOPICS = 50
QUOTES_A_SOURCE = 50
BATCH = 5_000
WRITER = Writer("bench", datetime(2026, 1, 1, tzinfo=UTC))
_FUNCTION = (
    "the,of,to,and,a,in,that,is,was,he,for,it,with,as,his,on,be,at,by,i,this,had,not,are,but,from,or,have".split(",")
)
_SYLLABLES = [c + v + e for c in "bdfgklmnprstvz" for v in "aeiou" for e in ("", "n", "r", "s", "l")]


def vocabulary() -> list[str]:
    """Return the words, the commonest first."""
    chance = random.Random("words")
    made = dict.fromkeys(_FUNCTION)
    while len(made) < VOCABULARY:
        made["".join(chance.choice(_SYLLABLES) for _ in range(chance.choice((2, 2, 3, 3, 4))))] = None
    return list(made)


class Sentences:
    """Sentences of 8 to 30 words drawn by Zipf's law."""

    def __init__(self, seed: str) -> None:
        self.words = vocabulary()
        self._bounds = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
        self.chance = random.Random(seed)

    def word(self) -> str:
        return self.words[bisect(self._bounds, self.chance.random() * self._bounds[-1], hi=VOCABULARY - 1)]

    def sentence(self) -> str:
        words = [self.word() for _ in range(self.chance.randint(8, 30))]
        return " ".join(words).capitalize() + "."


def build(database: Database, quotes: int) -> None:
    """Make a record of so many direct quotes, a sentence each, through the service's own write path."""
    migrate(database)
    sentences = Sentences("record")
    with database.writing() as session:
        connection = session.connection()
        put_topics(
            connection, [TopicEntry(slug=f"topic-{n}", label=f"Topic {n}") for n in range(TOPICS)], writer=WRITER
        )
        put_speakers(connection, list(_speakers()), writer=WRITER)
        known = Known(
            numbers(connection, "speaker", [f"speaker-{n}" for n in range(SPEAKERS)]),
            numbers(connection, "topic", [f"topic-{n}" for n in range(TOPICS)]),
        )
    done = 0
    while done < quotes:
        with database.writing() as session:
            connection = session.connection()
            batch: list[Placed] = []
            while len(batch) < min(BATCH, quotes - done):
                record = _source(sentences, (done + len(batch)) // QUOTES_A_SOURCE)
                seq = put_source(connection, record, writer=WRITER)
                batch += [Placed(seq, record.source.slug, quote) for quote in record.quotes]
            ingest.add_quotes(connection, batch, known, writer=WRITER)
            done += len(batch)


def _speakers() -> Iterator[SpeakerEntry]:
    for n in range(SPEAKERS):
        yield SpeakerEntry(
            slug=f"speaker-{n}", name=f"Speaker {n}", kind=SpeakerKind.PERSON, names=[NameEntry(name=f"Speaker {n}")]
        )


def _source(sentences: Sentences, number: int) -> AnchoredRecord:
    chance = sentences.chance
    made = [sentences.sentence() for _ in range(QUOTES_A_SOURCE)]
    text = "\n".join(made)
    sha256 = anchor.digest(text)
    day = date(2010, 1, 1) + timedelta(days=chance.randrange(5_000))
    quotes, at = [], 0
    for sentence in made:
        span = (at, at + len(sentence))
        at = span[1] + 1
        quotes.append(
            AnchoredQuote(
                id=anchor.quote_id(sha256, [span]),
                text=sentence,
                kind=QuoteKind.DIRECT,
                medium=Medium.SPEECH,
                polarity=Polarity.ASSERTED,
                status=Status.PUBLISHED,
                speaker=f"speaker-{chance.randrange(SPEAKERS)}",
                parent=None,
                cue="say",
                venue_name=None,
                venue_kind=None,
                addressee=None,
                said=AnchoredSaid(day.isoformat(), day, day, Basis.INFERRED),
                segments=(AnchoredSegment(Role.CONTENT, *span, sentence),),
                topics=(AnchoredStance(f"topic-{chance.randrange(TOPICS)}"),),
            )
        )
    entry = SourceEntry(
        slug=f"source-{number}",
        title=f"Source {number}",
        kind=SourceKind.ARTICLE,
        published=day,
        language="en",
        text=text,
    )
    return AnchoredRecord("bench", entry, text, sha256, (), (), tuple(quotes), (), ())
