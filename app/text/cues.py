"""Finds the reporting words of a sentence, and whose each is: said, told, according to."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from app.text.appositions import with_name
from app.text.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BARE,
    DETERMINERS,
    FIXED,
    HOLDERS,
    HOLDING,
    INVERTED,
    LEMMAS,
    MANNERS,
    NEGATIONS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    TIMES,
    Manner,
    words,
)
from app.text.phrases import Phrase, after
from app.text.sentences import Token
from app.text.subjects import Subject, before, main

DASHES = words("— – - --")
_NOUN_AFTER = PREPOSITIONS - words("to because than like")
"""After these, what may be a noun is one: in order to, under attack."""
_HEADLINES = words("says tells calls warns asks vows urges")
_HELPERS = NEGATIONS | words("will would shall should can could may might must do does did to cannot 'll ’ll")
_MANY = words("i we you they who others many people police both percent % majority half")
"""What has its verb in the form of a lemma: they say, 40 percent say."""


class Cue(NamedTuple):
    """A reporting word of a sentence, `low` to `high`, with its speaker as far as the sentence tells."""

    low: int
    high: int
    lemma: str
    manners: frozenset[Manner]
    speaker: Phrase | None
    is_near: bool
    is_inverted: bool
    is_passive: bool

    @property
    def phrase(self) -> Phrase:
        """Where the reporting word stands."""
        return Phrase(self.low, self.high)


def cues(tokens: Sequence[Token]) -> list[Cue]:
    """Return the reporting words of a sentence, in order."""
    return list(_cues(tokens))


def _cues(tokens: Sequence[Token]) -> Iterator[Cue]:
    last: Cue | None = None
    outer: Cue | None = None
    for at, token in enumerate(tokens):
        if token.low == "according" and at + 1 < len(tokens) and tokens[at + 1].low == "to":
            speaker = with_name(tokens, after(tokens, at + 2))
            yield Cue(at, at + 2, "according to", frozenset((Manner.SAY,)), speaker, True, True, False)
            continue
        lemma = _fixed(tokens, at) or LEMMAS.get(token.low)
        if lemma is None or token.low in PREPOSITIONS or (token.is_large and at and not _is_headline(tokens, at)):
            continue
        found = _verb(tokens, at, lemma, last, outer)
        if found is not None:
            outer = outer if _is_embedded(tokens, found, outer) else found
            last = found
            yield found


def _fixed(tokens: Sequence[Token], at: int) -> str | None:
    """Return the verb of saying that two words make: as Ann put it, as the paper points out."""
    return FIXED.get((tokens[at].low, tokens[at + 1].low)) if at + 1 < len(tokens) else None


def _is_embedded(tokens: Sequence[Token], cue: Cue, outer: Cue | None) -> bool:
    """Tell whether a verb is part of what the one before reports: Ann said officials feared it, adding …"""
    if outer is None or outer.speaker is None or cue.speaker is None or not cue.is_near or cue.is_inverted:
        return False
    if cue.speaker.high - cue.speaker.low == 1 and tokens[cue.speaker.low].low in RELATIVES:
        return True
    between = tokens[outer.high : max(outer.high, cue.speaker.low)]
    return outer.high <= cue.speaker.low and all(token.low == "that" for token in between)


def _is_headline(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a large word is the verb of a headline: Mayor Says Bridge Is Safe."""
    return tokens[at].low in _HEADLINES and tokens[at - 1].is_large


def _verb(tokens: Sequence[Token], at: int, lemma: str, last: Cue | None, outer: Cue | None) -> Cue | None:
    """Return what a form of a verb of saying reports, None when it is none here.

    `last` is the cue before it, `outer` the last one that is no part of what another one reports.
    """
    if _is_noun(tokens, at, lemma):
        return None
    manners = MANNERS[lemma]
    high = at + 2 if _fixed(tokens, at) else at + 1
    if lemma in INVERTED and not (lemma in BARE and tokens[at].low == lemma):  # state senator Ann Roe
        speaker = with_name(tokens, after(tokens, at + 1))
        if speaker is not None and (_follows_quote(tokens, at) or _closes(tokens, at, speaker)):
            return Cue(at, high, lemma, manners, speaker, True, True, False)
    subject = before(tokens, at)
    if not _agrees(tokens, at, lemma, subject):
        return None
    gerund = tokens[at].low.endswith("ing")
    helped = any(token.low in AUXILIARIES for token in tokens[max(0, at - 3) : at])
    if gerund and last is not None and tokens[at - 1].low == "as":
        return Cue(at, high, lemma, manners, _quoted(tokens, last), True, False, False)
    if (gerund and not helped) or subject.phrase is None:
        phrase = outer.speaker if outer and outer.speaker else main(tokens, at) or subject.phrase
        return Cue(at, high, lemma, manners, phrase, False, False, subject.is_passive)
    if subject.is_passive and not gerund and tokens[at].low != "said":
        return Cue(at, high, lemma, manners, _agent(tokens, at), subject.is_near, False, True)
    shared = not subject.is_near and tokens[at - 1].low in ("and", "but", "or", "to")
    phrase = outer.speaker if shared and outer and outer.speaker else subject.phrase
    return Cue(at, high, lemma, manners, phrase, subject.is_near, False, False)


def _is_noun(tokens: Sequence[Token], at: int, lemma: str) -> bool:
    """Tell whether what stands before a word makes it a noun: the claim, his remarks, under attack."""
    left = tokens[at - 1] if at else None
    form = tokens[at].low in (lemma, f"{lemma}s")
    if left is not None and (left.low in DETERMINERS or left.low in POSSESSIVES or left.low == "of"):
        return True
    if lemma not in BARE or not form:
        return False
    if left is not None and (left.low in _NOUN_AFTER or (tokens[at].low == lemma and _is_described(tokens, at))):
        return True
    return tokens[at].low == f"{lemma}s" and not _may_be_verb(tokens, at)


def _is_described(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether an adjective and whose it is stand before a noun: her repeated claim, but not her critics claim."""
    left = tokens[at - 1]
    if at < 2 or not left.is_word or left.is_large or left.low.endswith("s") or left.low in _MANY | PRONOUNS:
        return False
    return tokens[at - 2].low in ARTICLES | HOLDING | POSSESSIVES


def _agrees(tokens: Sequence[Token], at: int, lemma: str, subject: Subject) -> bool:
    """Tell whether a verb in the form of its lemma may go with its subject: they say, did not say."""
    if tokens[at].low != lemma or _fixed(tokens, at):
        return True
    if not subject.is_near:
        return lemma not in BARE
    if subject.phrase is None or not at:
        return True
    last = tokens[subject.phrase.high - 1].low
    return (
        last in _MANY or last.endswith("s") or any(token.low in _HELPERS for token in tokens[subject.phrase.high : at])
    )


def _agent(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return who did it, of a verb in the passive: was told by Ann."""
    by = next((here for here in range(at + 1, min(at + 4, len(tokens))) if tokens[here].low == "by"), None)
    return None if by is None else after(tokens, by + 1)


def _quoted(tokens: Sequence[Token], quoting: Cue) -> Phrase | None:
    """Return who is said to say so: they quoted Ann as saying; Ann was quoted by the paper as saying."""
    return before(tokens, quoting.low).phrase if quoting.is_passive else after(tokens, quoting.high)


def _closes(tokens: Sequence[Token], at: int, speaker: Phrase) -> bool:
    """Tell whether the verb at `at` and the speaker after it close a sentence or a clause: …, said Ann Roe."""
    if not at or tokens[at - 1].text != "," or not tokens[speaker.low].is_word or tokens[speaker.low].low in TIMES:
        return False
    return (
        speaker.high >= len(tokens)
        or tokens[speaker.high].text in ".,;)"
        or tokens[speaker.high].low in ("who", "in", "at", "on")
    )


def _may_be_verb(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word that is as often a plural is a verb, by what stands beside it: Trump claims, news reports."""
    left = tokens[at - 1] if at else None
    right = tokens[at + 1] if at + 1 < len(tokens) else None
    if left is None:
        return False
    if right is not None and (right.low in AUXILIARIES or (right.low in LEMMAS and right.low not in BARE)):
        return False  # news reports say
    return (
        left.is_large or left.low in PRONOUNS or left.low in HOLDERS or left.low in ("who", "which", "also", ",", ")")
    )


def _follows_quote(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether only a comma, a dash or an adverb stands between a quotation and what is at `at`."""
    here = at - 1
    while here >= 0 and (tokens[here].text == "," or tokens[here].text in DASHES or tokens[here].is_adverb):
        here -= 1
    return here >= 0 and tokens[here].quote is not None
