"""Shelves: what can be dropped and rebuilt from the rest, kept so that reading costs the same at any size.

`topic_entry` holds each public quote once under each of its topics and under every broader one; `tally` counts the
public, asserted quotes along each facet, `speaker_tally` those of each speaker, and `topic_tally` those on each topic
and below it; `quote_wording` finds quotes by their words. store/shelves.py alone writes them, with store/tallies.py.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlmodel import Field as Column
from sqlmodel import SQLModel

from app.tables.columns import flag, one_of


class Facet(StrEnum):
    """What quotes can be counted by."""

    SPEAKER = "speaker"
    TOPIC = "topic"
    SOURCE = "source"
    KIND = "kind"
    YEAR = "year"


class Dimension(StrEnum):
    """What `tally` counts: everything, each facet, and each topic without its narrower ones."""

    ALL = "all"
    SPEAKER = "speaker"
    TOPIC = "topic"
    SOURCE = "source"
    KIND = "kind"
    YEAR = "year"
    TOPIC_OWN = "topic_own"


MANY = text("facet = 'source' OR facet = 'speaker'")
"""Of the other facets there are few values, which are read all; in literals, so that SQLite sees that it applies."""


class TopicEntry(SQLModel, table=True):
    """All but the topic repeats the quote's, so that a page is one index range, and so is a count."""

    __tablename__ = "topic_entry"
    __table_args__ = (
        Index(
            "topic_entry_speaker", "speaker", "topic", "grain", "said_order", "id", "asserted", "said_earliest", "quote"
        ),
        Index("topic_entry_quote", "quote"),
        flag("asserted"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    topic: int = Column(primary_key=True, foreign_key="topic.seq")
    grain: int = Column(primary_key=True)
    said_order: str = Column(primary_key=True)
    id: str = Column(primary_key=True)
    quote: int = Column(foreign_key="quote.seq")
    speaker: int | None = Column(default=None, foreign_key="speaker.seq")
    asserted: bool
    said_earliest: date | None = None


class Tally(SQLModel, table=True):
    """`key` is a number of the dimension's table, a kind, a year (`''` when unknown), or `''` for all."""

    __table_args__ = (
        Index("tally_most", "dimension", "n"),
        one_of("dimension", Dimension),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    dimension: Dimension = Column(primary_key=True, sa_type=Text)
    key: str = Column(primary_key=True)
    n: int


def _counters(whose: str) -> tuple[Index, CheckConstraint, dict[str, bool]]:
    """Return what the tables have in common that count within each of something."""
    most = Index(f"{whose}_tally_most", whose, "facet", "n", sqlite_where=MANY)
    return most, one_of("facet", Facet), {"sqlite_strict": True, "sqlite_with_rowid": False}


class SpeakerTally(SQLModel, table=True):
    """Facets and keys are those of `tally`."""

    __tablename__ = "speaker_tally"
    __table_args__ = _counters("speaker")

    speaker: int = Column(primary_key=True, foreign_key="speaker.seq")
    facet: Facet = Column(primary_key=True, sa_type=Text)
    key: str = Column(primary_key=True)
    n: int


class TopicTally(SQLModel, table=True):
    """Facets and keys are those of `tally`."""

    __tablename__ = "topic_tally"
    __table_args__ = _counters("topic")

    topic: int = Column(primary_key=True, foreign_key="topic.seq")
    facet: Facet = Column(primary_key=True, sa_type=Text)
    key: str = Column(primary_key=True)
    n: int


class QuoteWording(SQLModel, table=True):
    """Every quote under the number that `app.text.query.wording` gives its words."""

    __tablename__ = "quote_wording"
    __table_args__ = (
        Index("quote_wording_quote", "quote"),
        {"sqlite_strict": True, "sqlite_with_rowid": False},
    )

    wording: int = Column(primary_key=True)
    quote: int = Column(primary_key=True, foreign_key="quote.seq")
