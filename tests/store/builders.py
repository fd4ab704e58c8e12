"""Makes small records for the tests of the store: sources of numbered sentences, each of which can be quoted."""

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlmodel import Session

from app.store import shelves
from app.store.history import Writer
from app.tables.anchored import (
    AnchoredLink,
    AnchoredNote,
    AnchoredQuote,
    AnchoredRecord,
    AnchoredSaid,
    AnchoredSegment,
)
from app.tables.db import Database
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
    Status,
)
from app.text import anchor, dates
from app.text.anchor import Span
from tests.conftest import url_of

WRITER = Writer("a test", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
EDITOR = "An editor"


class Printed(NamedTuple):
    """A source, and where each of its sentences stands; the longer its number, the longer the sentence."""

    entry: SourceEntry
    text: str
    sentences: tuple[Span, ...]

    @property
    def sha256(self) -> str:
        return anchor.digest(self.text)

    def quote(self, *sentences: int, speaker: str | None = None) -> AnchoredQuote:
        """Return a plain quote of these sentences; `_replace` says the rest."""
        content = [self.sentences[at] for at in sentences]
        return AnchoredQuote(
            id=anchor.quote_id(self.sha256, content),
            text=anchor.join(self.text, content),
            kind=QuoteKind.DIRECT,
            medium=Medium.SPEECH,
            polarity=Polarity.ASSERTED,
            status=Status.PUBLISHED,
            speaker=speaker,
            parent=None,
            cue="say",
            venue_name=None,
            venue_kind=None,
            addressee=None,
            said=said(None, self.entry.published),
            segments=tuple(AnchoredSegment(Role.CONTENT, start, end, self.text[start:end]) for start, end in content),
        )

    def note(self, sentence: int, body: str, creator: str = EDITOR) -> AnchoredNote:
        """Return a note on a sentence, whoever said it."""
        start, end = self.sentences[sentence]
        return note(body, creator)._replace(target=Span(start, end), exact=self.text[start:end])

    def record(
        self,
        quotes: Sequence[AnchoredQuote] = (),
        *,
        creator: str = EDITOR,
        topics: Sequence[TopicEntry] = (),
        speakers: Sequence[SpeakerEntry] = (),
        links: Sequence[AnchoredLink] = (),
        annotations: Sequence[AnchoredNote] = (),
    ) -> AnchoredRecord:
        return AnchoredRecord(
            creator=creator,
            source=self.entry,
            text=self.text,
            sha256=self.sha256,
            topics=tuple(topics),
            speakers=tuple(speakers),
            quotes=tuple(quotes),
            links=tuple(links),
            annotations=tuple(annotations),
        )


def printed(
    slug: str, *, sentences: int = 12, publisher: str | None = None, published: date | None = None, words: str = ""
) -> Printed:
    """Return a source of so many sentences, no two of which are the same; `words` make it another text."""
    parts = [f"In {slug} sentence {at} is{' very' * (at % 5)} short{words}." for at in range(sentences)]
    starts = [sum(len(part) + 1 for part in parts[:at]) for at in range(sentences)]
    whole = " ".join(parts)
    entry = SourceEntry(
        slug=slug,
        title=slug.title(),
        kind=SourceKind.ARTICLE,
        publisher=publisher,
        published=published,
        language="en",
        text=whole,
    )
    spans = tuple(Span(start, start + len(part)) for start, part in zip(starts, parts, strict=True))
    return Printed(entry, whole, spans)


def said(edtf: str | None, published: date | None = None) -> AnchoredSaid:
    """Return a said date as record files are read: unknown ones end on the day of publication."""
    if edtf is None:
        return AnchoredSaid(latest=published)
    return AnchoredSaid(edtf, *dates.bounds(edtf), Basis.RESOLVED)


def note(body: str, creator: str = EDITOR) -> AnchoredNote:
    return AnchoredNote(Motivation.COMMENTING, body, BodyFormat.PLAIN, creator)


def speakers(*slugs: str) -> list[SpeakerEntry]:
    return [SpeakerEntry(slug=slug, name=slug.title(), kind=SpeakerKind.PERSON) for slug in slugs]


def topics(tree: Mapping[str, str | None]) -> list[TopicEntry]:
    """Return the topics of a tree, given as the broader topic of each."""
    return [TopicEntry(slug=slug, label=slug.title(), broader=broader) for slug, broader in tree.items()]


class Shelved(NamedTuple):
    """Every row of the shelves."""

    entries: list[tuple[int | str | None, ...]]
    tallies: list[tuple[int | str | None, ...]]
    of_speakers: list[tuple[int | str | None, ...]]
    on_topics: list[tuple[int | str | None, ...]]
    wordings: list[tuple[int | str | None, ...]]


_SHELVES = {
    "topic_entry": "1, 2, 3",
    "tally": "1, 2",
    "speaker_tally": "1, 2, 3",
    "topic_tally": "1, 2, 3",
    "quote_wording": "1, 2",
}


def shelved(connection: Connection) -> Shelved:
    """Return the shelves as they are kept."""
    rows = [
        [tuple(row) for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY {order}"))]
        for name, order in _SHELVES.items()
    ]
    return Shelved(*rows)


def rebuilt(connection: Connection) -> Shelved:
    """Return the shelves as a rebuild makes them; the record stays as it was."""
    with connection.begin_nested() as savepoint:
        shelves.rebuild(connection)
        made = shelved(connection)
        savepoint.rollback()
    return made


@contextmanager
def undone(database: Database) -> Iterator[Session]:
    """Give a Session in a transaction that is rolled back at the end, so that many examples share one database."""
    with database.engine.connect() as connection, connection.begin() as transaction:
        with Session(connection) as session:
            yield session
        transaction.rollback()


@contextmanager
def copied(template: Path, path: Path) -> Iterator[Database]:
    """Give a copy of a database."""
    shutil.copy(template, path)
    database = Database(url_of(path))
    try:
        yield database
    finally:
        database.close()
