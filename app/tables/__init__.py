"""The schema: each file holds one table with the request and response shapes that belong to it.

SQLModel tables are the one definition; `migrations/` must arrive at the same, which a test proves.
"""

from app.tables.annotation import Annotation
from app.tables.change import ApiKey, Change
from app.tables.curation import KeptAnswer, Moved, NewSpeaker, Proposal, QuoteEnd
from app.tables.link import Link
from app.tables.quote import Quote
from app.tables.segment import Intervention, QuoteTopic, Segment
from app.tables.shelf import QuoteWording, SpeakerTally, Tally, TopicEntry, TopicTally
from app.tables.source import Passage, Source
from app.tables.speaker import Speaker, SpeakerName, SpeakerRole
from app.tables.topic import Topic, TopicLabel

SCHEMA = "0007"
"""The migration that this code needs; a test holds it equal to the head of `migrations/`."""

__all__ = [
    "SCHEMA",
    "Annotation",
    "ApiKey",
    "Change",
    "Intervention",
    "KeptAnswer",
    "Link",
    "Moved",
    "NewSpeaker",
    "Passage",
    "Proposal",
    "Quote",
    "QuoteEnd",
    "QuoteTopic",
    "QuoteWording",
    "Segment",
    "Source",
    "Speaker",
    "SpeakerName",
    "SpeakerRole",
    "SpeakerTally",
    "Tally",
    "Topic",
    "TopicEntry",
    "TopicLabel",
    "TopicTally",
]
