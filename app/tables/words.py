"""Vocabularies: the closed lists of words that the record uses. The database refuses any other."""

from enum import StrEnum


class SourceKind(StrEnum):
    ARTICLE = "article"
    TRANSCRIPT = "transcript"
    POST = "post"
    LETTER = "letter"


class Access(StrEnum):
    """`excerpt`: without a key only quotes with 32 code points of context are served, never the whole text."""

    FULL = "full"
    EXCERPT = "excerpt"


class SpeakerKind(StrEnum):
    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    UNNAMED = "unnamed"


class QuoteKind(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Medium(StrEnum):
    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"


class Polarity(StrEnum):
    ASSERTED = "asserted"
    DENIED = "denied"
    NOT_SAID = "not_said"
    ALLEGED = "alleged"
    HYPOTHETICAL = "hypothetical"


class Status(StrEnum):
    PROPOSED = "proposed"
    PUBLISHED = "published"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


PUBLIC = frozenset({Status.PUBLISHED, Status.DISPUTED})
"""The statuses that are served without a key."""


class VenueKind(StrEnum):
    SPEECH = "speech"
    INTERVIEW = "interview"
    POST = "post"
    LETTER = "letter"
    STATEMENT = "statement"
    MEETING = "meeting"


class Basis(StrEnum):
    """How a said date is known."""

    STATED = "stated"
    RESOLVED = "resolved"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class Role(StrEnum):
    """What a segment of the source is to the quote."""

    CONTENT = "content"
    CUE = "cue"
    SPEAKER = "speaker"
    ADDRESSEE = "addressee"
    TIME = "time"


class InterventionKind(StrEnum):
    INSERTION = "insertion"
    OMISSION = "omission"
    SUBSTITUTION = "substitution"
    SIC = "sic"
    EMPHASIS = "emphasis"


class Stance(StrEnum):
    SUPPORTS = "supports"
    OPPOSES = "opposes"
    CONDITIONAL = "conditional"
    NEUTRAL = "neutral"


class Motivation(StrEnum):
    """W3C Web Annotation 3.3.5, those the record uses."""

    COMMENTING = "commenting"
    DESCRIBING = "describing"
    CLASSIFYING = "classifying"
    QUESTIONING = "questioning"
    LINKING = "linking"
    ASSESSING = "assessing"
    EDITING = "editing"
    HIGHLIGHTING = "highlighting"


class BodyFormat(StrEnum):
    PLAIN = "text/plain"
    MARKDOWN = "text/markdown"


class Relation(StrEnum):
    """What the first quote of a link does to the second."""

    RESTATES = "restates"
    CONTRADICTS = "contradicts"
    QUALIFIES = "qualifies"
    RESPONDS_TO = "responds_to"
    ELABORATES = "elaborates"
    QUOTES = "quotes"
    RETRACTS = "retracts"
    SAME_UTTERANCE = "same_utterance"


class What(StrEnum):
    """The kinds of thing whose changes the history keeps."""

    SOURCE = "source"
    SPEAKER = "speaker"
    TOPIC = "topic"
    QUOTE = "quote"
    ANNOTATION = "annotation"
    LINK = "link"
