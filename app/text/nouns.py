"""Finds the nouns of a sentence that report: her warning that …, Ann Roe's promise to …, in his own words.

The speaker is whose the noun is; of a noun that is nobody's it is not told who speaks.
"""

from collections.abc import Iterator, Sequence

from app.text.cues import Cue
from app.text.lexicon import HOLDING, POSSESSIVES, Manner, words
from app.text.phrases import Phrase, after, ending, is_past
from app.text.sentences import Token

_SAID = words(
    """
    accusation acknowledgement acknowledgment admission allegation announcement argument assertion assurance boast
    claim complaint conclusion contention declaration explanation insistence pledge prediction promise reminder
    remark statement suggestion testimony threat vow warning
    """
)
_THOUGHT = words("belief conviction doubt fear hope opinion suspicion view")
_TO = words("pledge promise threat vow")
"""Nouns after which `to` tells what was said: a promise to come."""
_OWN = words("words view opinion")
"""In his words, in her view, in the opinion of Ann Roe."""
_BETWEEN = 2
"""Adjectives between whose the noun is and the noun."""


def nouns(tokens: Sequence[Token]) -> list[Cue]:
    """Return the nouns that report, in order, each with whose it is."""
    return list(_nouns(tokens))


def _nouns(tokens: Sequence[Token]) -> Iterator[Cue]:
    for at, token in enumerate(tokens[1:], 1):
        lemma = token.low.removesuffix("s")
        manner = Manner.THINK if lemma in _THOUGHT else Manner.SAY
        if token.low in _OWN:
            speaker = _whose_words(tokens, at)
        elif (lemma in _SAID or lemma in _THOUGHT) and _leads(tokens, at, lemma):
            speaker = _whose(tokens, at)
        else:
            continue
        if speaker is not None:
            yield Cue(at, at + 1, lemma, frozenset((manner,)), speaker, True, False, False)


def _leads(tokens: Sequence[Token], at: int, lemma: str) -> bool:
    """Tell whether what a noun reports follows on it."""
    if at + 1 >= len(tokens):
        return False
    following = tokens[at + 1].low
    return following == "that" or (following == "to" and lemma in _TO)


def _whose(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return whose the noun at `at` is, by what stands before it: her, Ann Roe's; None when that does not tell."""
    here = at - 1
    while here >= max(0, at - 1 - _BETWEEN) and tokens[here].low not in HOLDING | POSSESSIVES:
        if tokens[here].is_large or not (tokens[here].is_nominal or tokens[here].is_adverb or is_past(tokens[here])):
            return None
        here -= 1
    if here < max(0, at - 1 - _BETWEEN):
        return None
    return Phrase(here, here + 1) if tokens[here].low in HOLDING else ending(tokens, here - 1)


def _whose_words(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return in whose words, or view, it is told."""
    if at + 1 < len(tokens) and tokens[at + 1].low == "of" and tokens[at - 1].low == "the" and at > 1:
        return after(tokens, at + 2) if tokens[at - 2].low == "in" else None
    speaker = _whose(tokens, at)
    return speaker if speaker is not None and speaker.low and tokens[speaker.low - 1].low == "in" else None
