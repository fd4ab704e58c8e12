"""Positions cost by what the speaker said, not by all that everybody said on the same topics."""

from app.store import speakers
from app.tables.db import Database
from app.tables.filter import AskedPolarity, PositionFilter


def test_only_the_speakers_own_shelf_is_walked(seeded: Database) -> None:
    reader, asked = seeded.reader(), list[str]()
    reader.set_trace_callback(asked.append)
    for polarity in (AskedPolarity.ANY, AskedPolarity.ASSERTED):
        speakers.positions(reader, "ali-khamenei", PositionFilter(polarity=[polarity]))
    reader.set_trace_callback(None)
    plans = [
        str(row[3]) for sql in asked if "topic_entry" in sql for row in reader.execute(f"EXPLAIN QUERY PLAN {sql}")
    ]
    assert [step for step in plans if "quote_topic_topic" in step] == []
    assert [step for step in plans if "topic_entry_speaker (speaker=? AND topic=?)" in step]
