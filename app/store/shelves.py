"""Shelves: fills, empties and rebuilds the tables that make reading cost the same at any size.

They follow from the rest of the record. Whoever changes a quote takes it off before and puts it back after; a change of
the topic tree rebuilds. A test holds that what is kept equals what `rebuild` makes.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, text

from app.store import search, tallies

_ENTRIES = """
WITH RECURSIVE up(topic, ancestor) AS (
    SELECT seq, seq FROM topic
    UNION
    SELECT up.topic, topic.broader FROM up JOIN topic ON topic.seq = up.ancestor WHERE topic.broader IS NOT NULL
)
INSERT INTO topic_entry (topic, grain, said_order, id, quote, speaker, asserted, said_earliest)
SELECT up.ancestor, quote.grain, quote.said_order, quote.id, quote.seq, quote.speaker,
    quote.polarity = 'asserted', quote.said_earliest
FROM quote JOIN quote_topic ON quote_topic.quote = quote.seq JOIN up ON up.topic = quote_topic.topic
WHERE quote.public = 1 AND {which}
-- A quote on two topics under one is there once: refusing the second is cheaper than sorting all to find it.
ON CONFLICT DO NOTHING
"""

_WORDINGS = """
INSERT INTO quote_wording (wording, quote)
SELECT number, seq FROM (SELECT wording(text) AS number, seq FROM quote WHERE {which}) WHERE number IS NOT NULL
"""


def add(connection: Connection, *, since: int) -> None:
    """Put on the shelves every quote whose number is greater than `since`."""
    _fill(connection, since)
    search.add(connection, since=since)


def _fill(connection: Connection, since: int) -> None:
    which = {"since": since}
    connection.execute(text(_ENTRIES.format(which="quote.seq > :since")), which)
    connection.execute(text(_WORDINGS.format(which="seq > :since")), which)
    tallies.add(connection, "seq > :since", which)


def put(connection: Connection, quotes: Sequence[int]) -> None:
    """Put these quotes on the shelves, which do not hold them."""
    for seq in quotes:
        connection.execute(text(_ENTRIES.format(which="quote.seq = :seq")), {"seq": seq})
        connection.execute(text(_WORDINGS.format(which="seq = :seq")), {"seq": seq})
        tallies.add(connection, "seq = :seq", {"seq": seq})
    search.put(connection, quotes)


def take(connection: Connection, quotes: Sequence[int]) -> None:
    """Take these quotes off the shelves, before they are changed."""
    for seq in quotes:
        tallies.take(connection, "seq = :seq", {"seq": seq})
        connection.execute(text("DELETE FROM topic_entry WHERE quote = :seq"), {"seq": seq})
        connection.execute(text("DELETE FROM quote_wording WHERE quote = :seq"), {"seq": seq})
    search.take(connection, quotes)


def rebuild(connection: Connection) -> None:
    """Empty the shelves and fill them from the record. Full text stays: it holds nothing of the topic tree."""
    connection.execute(text("DELETE FROM tally"))
    connection.execute(text("DELETE FROM speaker_tally"))
    connection.execute(text("DELETE FROM topic_tally"))
    connection.execute(text("DELETE FROM topic_entry"))
    connection.execute(text("DELETE FROM quote_wording"))
    _fill(connection, 0)
