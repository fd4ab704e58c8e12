"""Vocabularies: the closed lists of words that the record uses. The database refuses any other."""

from enum import StrEnum


class SourceKind(StrEnum):
    """What sort of text a source is."""

    ARTICLE = "article"
    TRANSCRIPT = "transcript"
    POST = "post"
    LETTER = "letter"


class Access(StrEnum):
    """`excerpt`: without a key only quotes with 32 code points of context are served, never the whole text."""

    FULL = "full"
    EXCERPT = "excerpt"


class SpeakerKind(StrEnum):
    """`unnamed`: the source does not tell who; `group`: people who are not named one by one."""

    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    UNNAMED = "unnamed"


class QuoteKind(StrEnum):
    """`direct`: the words stand in quotation marks. `indirect`: they are reported. `mixed`: both in one."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Medium(StrEnum):
    """Whether it was spoken, written, or is a view, a wish or a feeling that the source reports."""

    SPEECH = "speech"
    WRITING = "writing"
    THOUGHT = "thought"


class Polarity(StrEnum):
    """Whether the speaker is said to have said it.

    `asserted`: yes. `denied`: the words are what the speaker denies. `not_said`: the speaker is said *not* to have said
    it. `alleged`: somebody holds it against the speaker. `hypothetical`: it may be, or may come.
    """

    ASSERTED = "asserted"
    DENIED = "denied"
    NOT_SAID = "not_said"
    ALLEGED = "alleged"
    HYPOTHETICAL = "hypothetical"


class Status(StrEnum):
    """Where a quote stands in review; `published` and `disputed` are public."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


PUBLIC = frozenset({Status.PUBLISHED, Status.DISPUTED})
"""The statuses that are served without a key."""


class VenueKind(StrEnum):
    """On what sort of occasion it was said or written."""

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
    """What an editor did inside the words."""

    INSERTION = "insertion"
    OMISSION = "omission"
    SUBSTITUTION = "substitution"
    SIC = "sic"
    EMPHASIS = "emphasis"


class Stance(StrEnum):
    """How the speaker stands to a proposition; `conditional`: for it or against it on a condition."""

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
    """Media type of a note."""

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


class Scope(StrEnum):
    """What a key may do: propose quotes; sign notes and links; write and review everything; all of it, and merge."""

    PROPOSE = "propose"
    ANNOTATE = "annotate"
    EDIT = "edit"
    ADMIN = "admin"
