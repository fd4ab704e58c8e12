"""Where old slugs lead: a record file that was written before a rename or a merge means what there is now."""

from sqlalchemy import Connection, text

from app.tables.anchored import AnchoredQuote, AnchoredRecord, AnchoredStance
from app.tables.record import SourceEntry, TopicEntry
from app.tables.words import What


def follow(connection: Connection, record: AnchoredRecord) -> AnchoredRecord:
    """Return a record with every old slug replaced by the one to which it leads.

    The entry of a speaker or a topic under an old slug is left out: what was decided since is not undone by a file.
    """
    if connection.execute(text("SELECT 1 FROM moved LIMIT 1")).first() is None:
        return record
    known = Now(connection)
    return record._replace(
        source=_source(known, record.source),
        speakers=tuple(entry for entry in record.speakers if known.of(What.SPEAKER, entry.slug) == entry.slug),
        topics=tuple(_topic(known, entry) for entry in record.topics if known.of(What.TOPIC, entry.slug) == entry.slug),
        quotes=tuple(_quote(known, quote) for quote in record.quotes),
    )


def now(connection: Connection, what: What, slug: str | None) -> str | None:
    """Return the slug to which one leads; itself when it stands for something, or for nothing."""
    return None if slug is None else Now(connection).of(what, slug)


class Now:
    """The slugs of now, each asked for once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[What, str], str] = {}

    def of(self, what: What, slug: str) -> str:
        """Return the slug to which one leads; itself when it stands for something, or for nothing yet."""
        key = (what, slug)
        if key not in self._known:
            sql = f"""
                SELECT slug FROM {what.value} WHERE seq = (SELECT seq FROM moved WHERE what = :what AND slug = :slug)
                AND NOT EXISTS (SELECT 1 FROM {what.value} WHERE slug = :slug)
            """
            found = self._connection.execute(text(sql), {"what": what.value, "slug": slug}).scalar()
            self._known[key] = slug if found is None else str(found)
        return self._known[key]


def _source(known: Now, entry: SourceEntry) -> SourceEntry:
    revises = None if entry.revises is None else known.of(What.SOURCE, entry.revises)
    return entry.model_copy(update={"slug": known.of(What.SOURCE, entry.slug), "revises": revises})


def _topic(known: Now, entry: TopicEntry) -> TopicEntry:
    broader = None if entry.broader is None else known.of(What.TOPIC, entry.broader)
    # What stood above it may have been merged into it.
    return entry.model_copy(update={"broader": None if broader == entry.slug else broader})


def _quote(known: Now, quote: AnchoredQuote) -> AnchoredQuote:
    topics: dict[AnchoredStance, None] = {
        about._replace(topic=known.of(What.TOPIC, about.topic)): None for about in quote.topics
    }
    speaker = None if quote.speaker is None else known.of(What.SPEAKER, quote.speaker)
    return quote._replace(speaker=speaker, topics=tuple(topics))
