"""What a word of a sentence is by itself, whatever stands beside it: small or large, and of which classes."""

from typing import NamedTuple

from app.text.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BARE,
    BODIES,
    CONJUNCTIONS,
    HOLDERS,
    IRREGULAR,
    LEMMAS,
    NEGATIONS,
    NOT_ADVERBS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    SURNAMES,
)

_CLOSED = PREPOSITIONS | CONJUNCTIONS | AUXILIARIES | NEGATIONS | RELATIVES


class Word(NamedTuple):
    """A word, or a mark, which is none.

    `is_large`: it begins with a large letter. `is_adverb`: it may stand between a speaker and the verb, and is neither.
    `is_verb`: it is small, and a form of a verb rather than a noun. `is_nominal`: it may stand in somebody's name.
    """

    text: str
    low: str
    is_word: bool
    is_large: bool
    is_adverb: bool
    is_verb: bool
    is_nominal: bool


NO_WORD = Word("", "", *[False] * 5)
"""What a quotation is, as one of the words of a sentence."""


def word(text: str) -> Word:
    """Return what a word or a mark, of one character or more, is by itself."""
    low = text if text in BODIES else text.lower()
    is_word = text[0].isalnum() or text[1:] == "s"
    is_large = is_word and text[0].isupper()
    is_adverb = low in ADVERBS or (len(low) > 4 and low.endswith("ly") and not is_large and low not in NOT_ADVERBS)
    is_verb = not is_large and _is_verb(low)
    may_name = is_word and not (low in _CLOSED and text not in SURNAMES) and low not in PRONOUNS
    is_nominal = may_name and (is_large or not (is_adverb or is_verb or low in IRREGULAR))
    return Word(text, low, is_word, is_large, is_adverb, is_verb, is_nominal)


def _is_verb(low: str) -> bool:
    lemma = LEMMAS.get(low)
    return lemma is not None and low not in HOLDERS and not (lemma in BARE and low in (lemma, f"{lemma}s"))
