"""Finds what is reported without quotation marks: the clause that a reporting word introduces, or follows."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.text.cues import Cue
from app.text.lexicon import AUXILIARIES, IRREGULAR, PREPOSITIONS, TIMES, Manner, words
from app.text.phrases import Phrase, after
from app.text.sentences import Token

_TOLD = words("""
    tell inform remind assure reassure warn ask notify lecture urge advise convince persuade caution instruct order beg
    implore encourage
""")
"""Verbs that name to whom it is said before what is said."""
_ASKED = words("if whether how why what who when where which")
_CUT = words("but while although though according whereas who which")
"""What begins, after a comma, what is no longer reported."""
_BEFORE_CUE = words("and but also then has have had was is later")
_LEADS = words("in on at during to by last this earlier from")
_STOPS = words(", ; : . ? ! — – -- …")
REACH = 14
"""Tokens after a verb within which its complement must show what it is."""


class Shape(StrEnum):
    """How a report hangs on its cue; its value says so in words."""

    THAT = "verb, that, report"
    THAT_LATER = "verb, when or to whom, that, report"
    CLAUSE = "verb, report"
    PHRASE = "verb, what it is about"
    TO = "verb, to do something"
    TOLD = "verb, to whom, report"
    QUESTION = "verb, question"
    PREPOSITION = "verb, on what"
    BEFORE = "report, verb, speaker"
    CLOSING = "report, speaker, verb"
    PARENTHESIS = "report around speaker and verb"
    ACCORDING = "according to speaker, report"
    NOUN = "speaker's noun, report"


class Report(NamedTuple):
    """What a cue reports: phrases of its sentence, in order."""

    cue: Cue
    content: Sequence[Phrase]
    shape: Shape


def reports(tokens: Sequence[Token], found: Sequence[Cue]) -> Iterator[Report]:
    """Yield what each reporting word of a sentence reports, in the order of the words."""
    cuts = [at for at, token in enumerate(tokens) if token.text in (";", ":") or _is_cut(tokens, at)] if found else []
    for number, cue in enumerate(found):
        later = found[number + 1] if number + 1 < len(found) else None
        if later is not None and tokens[later.low - 1].low == "as" and tokens[later.low].low.endswith("ing"):
            continue  # they quoted Ann as saying
        made = _report(tokens, cue, later, cuts)
        if made is not None and sum(part.high - part.low for part in made.content) > 1:
            yield made


def of_nouns(tokens: Sequence[Token], found: Sequence[Cue]) -> Iterator[Report]:
    """Yield what nouns of saying report: her claim that …, his promise to …"""
    for cue in found:
        # Where the noun is what the sentence is about, nothing shows where its report ends.
        begins = cue.speaker is not None and cue.speaker.low == 0
        if cue.high < len(tokens) and tokens[cue.high].low in ("that", "to") and not begins:
            end = next((at for at in range(cue.high, len(tokens)) if tokens[at].text in _STOPS), len(tokens))
            if end - cue.high > 2:
                yield Report(cue, (Phrase(cue.high, end),), Shape.NOUN)


def _report(tokens: Sequence[Token], cue: Cue, later: Cue | None, cuts: Sequence[int]) -> Report | None:
    if cue.lemma == "according to":
        return _according(tokens, cue)
    if cue.is_inverted and cue.speaker:
        return _earlier(tokens, cue, cue.low, Shape.BEFORE)
    end = _end(tokens, cue, later, cuts)
    low = cue.high
    while low < end and tokens[low].is_adverb:
        low += 1
    closes = low >= end or tokens[low].text in ",."
    if closes and cue.speaker and cue.is_near and cue.speaker.low and tokens[cue.speaker.low - 1].text == ",":
        return _closing(tokens, cue, low, end)
    if low >= end or tokens[low].text in ",:":
        return None
    shape, low = _shape(tokens, cue, low, end)
    return Report(cue, (Phrase(low, end),), shape) if low < end else None


def _shape(tokens: Sequence[Token], cue: Cue, low: int, end: int) -> tuple[Shape, int]:
    """Return how the report after a verb begins, and where."""
    first = tokens[low]
    if first.low == "that":
        return Shape.THAT, low
    that = next((at for at in range(low, min(low + REACH - 2, end)) if tokens[at].low == "that"), None)
    if that is not None and Manner.SAY in cue.manners and _leads_to(tokens, low, that):
        return Shape.THAT_LATER, that
    if first.low == "to":
        return Shape.TO, low
    if cue.lemma in _TOLD:
        for at in range(low, min(low + 8, end)):
            if tokens[at].low in ("to", "that", "if", "whether", "about"):
                return Shape.TOLD, at
        whom = after(tokens, low)
        return Shape.TOLD, whom.high if whom else low
    if first.low in PREPOSITIONS:
        return Shape.PREPOSITION, low
    if first.low in _ASKED:
        return Shape.QUESTION, low
    return (Shape.CLAUSE if _has_verb(tokens, low, end) else Shape.PHRASE), low


def _leads_to(tokens: Sequence[Token], low: int, that: int) -> bool:
    """Tell whether only when, where or to whom it was said stands between the verb and `that`."""
    if any(tokens[at].text == "," for at in range(low, that)):
        return False
    first = tokens[low]
    return first.low in _LEADS or first.low in TIMES or (first.is_large and that - low <= 4)


def _has_verb(tokens: Sequence[Token], low: int, end: int) -> bool:
    return any(
        token.low in AUXILIARIES or token.low in IRREGULAR or (token.is_verb and not token.low.endswith("ing"))
        for token in tokens[low : min(end, low + REACH)]
    )


def _is_cut(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a comma has behind it what is no longer reported."""
    return tokens[at].text == "," and at + 1 < len(tokens) and tokens[at + 1].low in _CUT


def _end(tokens: Sequence[Token], cue: Cue, later: Cue | None, cuts: Sequence[int]) -> int:
    """Return where a report after its verb ends: with the sentence, or before what is no longer part of it.

    `cuts` are the places in the sentence where a report may end.
    """
    end = len(tokens)
    while (
        end > cue.high and not tokens[end - 1].is_word and tokens[end - 1].quote is None and tokens[end - 1].text != ")"
    ):
        end -= 1
    if later is not None:
        end = min(end, _before_cue(tokens, cue, later, end))
    for at in cuts[bisect_left(cuts, cue.high) : bisect_left(cuts, end)]:
        if tokens[at].text != "," or (at - cue.high >= 3 and at + 1 < end):
            return at
    return end


def _before_cue(tokens: Sequence[Token], cue: Cue, later: Cue, end: int) -> int:
    """Return where a report ends because the next cue begins a report of its own; `end` when it is but nested."""
    begin = later.low if later.speaker is None or not later.is_near else min(later.low, later.speaker.low)
    here = begin - 1
    while here > cue.high and (tokens[here].is_adverb or tokens[here].low in _BEFORE_CUE):
        here -= 1
    if here < cue.high:
        return end
    if tokens[here].text == ",":
        return here
    joined = any(tokens[at].low in ("and", "but") for at in range(here + 1, begin))
    return here + 1 if joined and (not later.is_near or Manner.SAY in later.manners) else end


def _according(tokens: Sequence[Token], cue: Cue) -> Report | None:
    if cue.low > 1 or cue.speaker is None:
        return _earlier(tokens, cue, cue.low, Shape.BEFORE)
    low = cue.speaker.high
    while low < len(tokens) and tokens[low].text != ",":
        low += 1
    high = len(tokens)
    while high > low and not tokens[high - 1].is_word:
        high -= 1
    return Report(cue, (Phrase(low + 1, high),), Shape.ACCORDING) if low + 1 < high else None


def _earlier(tokens: Sequence[Token], cue: Cue, at: int, shape: Shape) -> Report | None:
    """Return what stands in the sentence before `at` as the report."""
    high = at
    while high and not tokens[high - 1].is_word and tokens[high - 1].quote is None:
        high -= 1
    low = 0
    while (
        low < high
        and tokens[low].quote is None
        and (not tokens[low].is_word or tokens[low].low in ("and", "but", "yet", "so"))
    ):
        low += 1
    return Report(cue, (Phrase(low, high),), shape) if high > low else None


def _closing(tokens: Sequence[Token], cue: Cue, low: int, end: int) -> Report | None:
    """Return what stands before `…, Ann said`; and after it too, when the sentence goes on: `…, Ann said, …`."""
    if cue.speaker is None:
        return None
    made = _earlier(tokens, cue, cue.speaker.low, Shape.CLOSING)
    if made is None or end - low < 3 or tokens[low].text != ",":
        return made
    return Report(cue, (*made.content, Phrase(low + 1, end)), Shape.PARENTHESIS)
