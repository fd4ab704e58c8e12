"""Tells whose words a quotation is: the reporting verb, and the phrase that names the speaker.

Each way of telling is a rule with a name. Rules are tried in order within a sentence, from the surest on; a quotation
that is a sentence by itself goes on with the speaker of what stands before it.
"""

from collections.abc import Sequence
from enum import StrEnum
from itertools import zip_longest
from typing import NamedTuple

from app.text.appositions import with_name
from app.text.cues import DASHES, Cue
from app.text.lexicon import PRONOUNS, Manner, words
from app.text.phrases import Phrase
from app.text.sentences import Sentence, Token
from app.text.subjects import main

_LEADS = DASHES | words(", : that ... … “")
"""What may stand between a verb and the quotation that it leads to."""


class Rule(StrEnum):
    """How it is known whose the words are; its value says so in words."""

    VERB_SPEAKER = "quote, verb, speaker"
    SPEAKER_VERB = "quote, speaker, verb"
    LED = "speaker, verb, quote"
    LED_FAR = "speaker, verb, something between, quote"
    COLON = "speaker, colon, quote"
    AROUND_BEFORE = "quote inside a report, verb after it"
    AROUND_AFTER = "quote inside a report, verb before it"
    NOUN = "noun of saying, quote"
    SUBJECT = "subject of the sentence, no verb of saying"
    SAME_SENTENCE = "goes on in the sentence"
    SAME_PARAGRAPH = "goes on in the paragraph"
    NEXT_PARAGRAPH = "goes on in the next paragraph"
    AFTER_COLON = "after a sentence that ends with a colon"
    AFTER_REPORT = "after a report by the speaker"
    AFTER_SUBJECT = "after a sentence on the speaker"


VAGUE = frozenset((Rule.SUBJECT, Rule.AFTER_SUBJECT))
"""Rules without a verb of saying."""


class Attribution(NamedTuple):
    """Whose a quotation is: phrases of sentence `sentence`; `rule` is how it is known.

    `verb` is the reporting word, and `cue` where it stands; a colon is a cue without a verb.
    """

    sentence: int
    speaker: Phrase | None
    cue: Phrase | None
    verb: Cue | None
    rule: Rule


def by_verb(sentence: int, verb: Cue, rule: Rule) -> Attribution:
    """Return that a quotation is whose the verb of that sentence is."""
    return Attribution(sentence, verb.speaker, verb.phrase, verb, rule)


def attribute(
    sentence: Sentence, number: int, at: int, found: Sequence[Cue], nouns: Sequence[Cue]
) -> Attribution | None:
    """Return whose the quotation at token `at` is, by its own sentence; None when that does not tell.

    `found` are the cues of the sentence, and `nouns` its nouns of saying.
    """
    tokens = sentence.tokens
    for rule in (_behind, _ahead, _by_colon, _within):
        attribution = rule(tokens, at, found, number)
        if attribution is not None:
            return attribution
    return _by_noun(at, nouns, number) or _around(sentence, number)


def _governing(tokens: Sequence[Token], found: Sequence[Cue]) -> Cue:
    """Return the cue that reports what the last one introduces: of “Ann said she wants …”, that Ann said it."""
    at = len(found) - 1
    while at:
        cue, outer = found[at], found[at - 1]
        pronoun = cue.speaker is not None and tokens[cue.speaker.low].low in PRONOUNS
        embedded = cue.speaker is not None and all(
            token.low == "that" for token in tokens[outer.high : max(outer.high, cue.speaker.low)]
        )
        if Manner.SAY in cue.manners and not (pronoun and embedded and cue.is_near):
            break
        named = cue.speaker is not None and tokens[cue.speaker.high - 1].is_large
        if Manner.SAY not in outer.manners and not (pronoun and embedded):
            break
        if named and Manner.JUDGE in cue.manners:
            break
        at -= 1
    return found[at]


def _behind(tokens: Sequence[Token], at: int, found: Sequence[Cue], number: int) -> Attribution | None:
    """“…,” said Ann. “…,” Ann said. “…,” according to Ann."""
    here = at + 1
    while here < len(tokens) and (tokens[here].text in (",", ")", "...", "…") or tokens[here].text in DASHES):
        here += 1
    for cue, later in zip_longest(found, found[1:]):
        if cue.low < here or cue.speaker is None or cue.is_passive:
            continue
        if later is not None and cue.speaker.low == here and tokens[later.low - 1].low == "as":
            return by_verb(number, later, Rule.SPEAKER_VERB)  # “…,” the paper quoted Ann as saying
        if cue.low == here or (tokens[here].is_adverb and cue.low == here + 1):
            if cue.is_inverted:
                return by_verb(number, cue, Rule.VERB_SPEAKER)
            return None
        if cue.speaker.low == here and not cue.is_inverted and Manner.SAY in cue.manners:
            return by_verb(number, cue, Rule.SPEAKER_VERB)
        break
    return None


def _ahead(tokens: Sequence[Token], at: int, found: Sequence[Cue], number: int) -> Attribution | None:
    """Ann said, “…”; Ann told the paper that “…”; Ann said in a letter: “…”."""
    earlier = [cue for cue in found if cue.high <= at and cue.speaker is not None and not cue.is_inverted]
    if not earlier:
        return None
    cue = _governing(tokens, earlier)
    lead = tokens[at - 1].text
    between = tokens[cue.high : at]
    if any(token.quote is not None for token in between):
        return None
    if all(token.text in _LEADS for token in between):
        return by_verb(number, cue, Rule.LED)
    if lead in (",", ":", "that", "—", "--") and (Manner.SAY in cue.manners or lead == ":"):
        return by_verb(number, cue, Rule.LED_FAR)
    return None


def _by_colon(tokens: Sequence[Token], at: int, found: Sequence[Cue], number: int) -> Attribution | None:
    """Ann, to the press: “…”."""
    if at < 2 or tokens[at - 1].text != ":":
        return None
    speaker = with_name(tokens, main(tokens, at - 1))
    return None if speaker is None else Attribution(number, speaker, Phrase(at - 1, at), None, Rule.COLON)


def _within(tokens: Sequence[Token], at: int, found: Sequence[Cue], number: int) -> Attribution | None:
    """Ann said that the plan was “…” and would fail."""
    earlier = [cue for cue in found if cue.high <= at and cue.speaker is not None]
    later = next((cue for cue in found if cue.low > at and _says_behind(cue, at)), None)
    if later is not None and later.speaker is not None:
        apart = tokens[min(later.speaker.low, later.low) - 1].text == ","
        if not earlier or (apart and Manner.SAY not in earlier[-1].manners):
            return by_verb(number, later, Rule.AROUND_BEFORE)
    return by_verb(number, _governing(tokens, earlier), Rule.AROUND_AFTER) if earlier else None


def _by_noun(at: int, nouns: Sequence[Cue], number: int) -> Attribution | None:
    """It was, in her words, “…”; her claim that it was “…”."""
    earlier = next((cue for cue in reversed(nouns) if cue.high <= at), None)
    return by_verb(number, earlier, Rule.NOUN) if earlier else None


def _says_behind(cue: Cue, at: int) -> bool:
    """Tell whether a cue and its speaker both stand behind the quotation at `at`."""
    return cue.speaker is not None and cue.speaker.low > at and Manner.SAY in cue.manners


def _around(sentence: Sentence, number: int) -> Attribution | None:
    """Ann is “…”: the sentence has another verb, or none."""
    if sentence.words < 2:
        return None
    speaker = main(sentence.tokens)
    if speaker is None:
        return None
    return Attribution(number, speaker, None, None, Rule.SUBJECT)
