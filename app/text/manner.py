"""What a reporting word tells of the saying: spoken, written or thought; said, denied, not said, or perhaps."""

from collections.abc import Sequence

from app.text.cues import Cue
from app.text.lexicon import NEGATIONS, Manner, words
from app.text.sentences import Token

_WRITING = words("write tweet retweet blog post pen text read scrawl email")
_DENYING = frozenset(("deny", "dispute", "refute", "rebut"))
_PERHAPS = words("would could might may should if 'd ’d whether can")
_UNWILLING = words("decline declines declined declining refuse refuses refused refusing fail fails failed")
REACH = 5
"""Tokens before a verb that help it."""


def medium_of(cue: Cue | None) -> str:
    """Return `speech`, `writing` or `thought`; what no verb tells is taken for speech."""
    if cue is None:
        return "speech"
    if cue.lemma in _WRITING:
        return "writing"
    only_thought = Manner.THINK in cue.manners and Manner.SAY not in cue.manners
    return "thought" if only_thought or cue.lemma in ("want", "wish", "plan", "intend", "hope") else "speech"


def polarity_of(tokens: Sequence[Token], cue: Cue | None) -> str:
    """Return `asserted`, `denied`, `not_said` or `hypothetical`, by the verb and by what helps it.

    In doubt it is not asserted: a denial that is taken for a statement does more harm than the reverse.
    """
    if cue is None:
        return "asserted"
    after_speaker = cue.speaker.high if cue.speaker and cue.is_near and not cue.is_inverted else 0
    helpers = [token.low for token in tokens[max(after_speaker, cue.low - REACH, 0) : cue.low] if token.quote is None]
    if not NEGATIONS.isdisjoint(helpers) or not _UNWILLING.isdisjoint(helpers):
        return "not_said"
    if cue.lemma in _DENYING:
        return "denied"
    return "hypothetical" if not _PERHAPS.isdisjoint(helpers) else "asserted"
