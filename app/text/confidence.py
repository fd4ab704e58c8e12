"""How sure a proposal is: the share of proposals of its sort that are right, on news annotated by hand.

A quotation is right when its words and its speaker are, a report when half of its words are and its speaker is. The
shares were measured with `bench/extraction.py`, which prints them beside what is told here (docs/extraction.md), and
are rounded: they order the queue, and are no more exact than that.
"""

from enum import StrEnum

from app.text.attribution import Rule
from app.text.cues import Cue
from app.text.lexicon import Manner
from app.text.reports import Shape

LEAST = 0.25
"""What is less sure is not proposed: three of four would be rejected."""
_RULES = {
    Rule.SPEAKER_VERB: 0.98,
    Rule.VERB_SPEAKER: 0.97,
    Rule.LED: 0.94,
    Rule.LED_FAR: 0.95,
    Rule.AROUND_AFTER: 0.9,
    Rule.AROUND_BEFORE: 0.7,
    Rule.COLON: 0.55,
    Rule.NOUN: 0.7,
    Rule.SUBJECT: 0.6,
    Rule.SAME_SENTENCE: 0.9,
    Rule.SAME_PARAGRAPH: 0.95,
    Rule.NEXT_PARAGRAPH: 0.75,
    Rule.AFTER_COLON: 0.8,
    Rule.AFTER_REPORT: 0.4,
    Rule.AFTER_SUBJECT: 0.35,
}
"""Of a long quotation whose speaker has a name, or is he or she, and stands beside a verb of saying."""
SHORT = 4
"""Of fewer words, a quotation is as often a name as a saying."""
_ONE_WORD, _FEW_WORDS = 0.08, 0.07
_BESIDE = frozenset((Rule.SPEAKER_VERB, Rule.VERB_SPEAKER))
"""Rules by which verb and speaker both follow on the quotation: little can be taken for them."""
_DESCRIBED, _DESCRIBED_FAR, _RELATIVE = 0.08, 0.17, 0.21
"""Where a speaker has no name, as often another noun was taken for one."""
_SECOND, _NESTED = 0.07, 0.17
"""Of two verbs before a quotation, or more, another one may govern it."""
_ELSEWHERE, _UNSAID, _THOUGHT = 0.1, 0.08, 0.25
"""Of a verb whose subject stands elsewhere, of one that judges or wants, and of one that only thinks."""
_SHAPES = {
    Shape.THAT: {Manner.SAY: 0.8, Manner.SHOW: 0.8, Manner.THINK: 0.6, Manner.WILL: 0.5, Manner.JUDGE: 0.5},
    Shape.THAT_LATER: {Manner.SAY: 0.8},
    Shape.CLAUSE: {Manner.SAY: 0.7, Manner.SHOW: 0.5, Manner.JUDGE: 0.45, Manner.THINK: 0.4, Manner.WILL: 0.3},
    Shape.PHRASE: {Manner.JUDGE: 0.5, Manner.SHOW: 0.5, Manner.SAY: 0.4, Manner.THINK: 0.3, Manner.WILL: 0.3},
    Shape.TO: {Manner.WILL: 0.4, Manner.THINK: 0.35, Manner.JUDGE: 0.2, Manner.SAY: 0.2},
    Shape.TOLD: {Manner.SAY: 0.65, Manner.WILL: 0.3},
    Shape.QUESTION: {Manner.SAY: 0.55, Manner.THINK: 0.45},
    Shape.PREPOSITION: {Manner.SAY: 0.25, Manner.WILL: 0.2, Manner.THINK: 0.2, Manner.JUDGE: 0.2},
    Shape.BEFORE: {Manner.SAY: 0.75},
    Shape.CLOSING: {Manner.SAY: 0.6, Manner.SHOW: 0.6},
    Shape.PARENTHESIS: {Manner.SAY: 0.8, Manner.SHOW: 0.7},
    Shape.ACCORDING: {Manner.SAY: 0.85},
    Shape.NOUN: {Manner.SAY: 0.4, Manner.THINK: 0.3},
}
_OTHERWISE = 0.3
_FAR = 0.6
"""Of a verb whose subject stands elsewhere in the sentence."""
_PASSIVE = 0.4


class Mention(StrEnum):
    """How a speaker is mentioned."""

    NAMED = "named"
    DESCRIBED = "described"
    RELATIVE = "relative"


def of_quotation(rule: Rule, cue: Cue | None, *, words: int, mention: Mention, cues: int) -> float:
    """Return how sure a quotation of so many words is, by the rule that tells whose it is and by its cue.

    `mention`: of the speaker; he and she count as named. `cues`: how many stand before it in its sentence.
    """
    beside = rule in _BESIDE
    sure = _RULES[rule] - (_ONE_WORD if words < 2 else _FEW_WORDS if words < SHORT else 0)
    if mention is Mention.RELATIVE:
        sure -= _RELATIVE
    elif mention is Mention.DESCRIBED:
        sure -= _DESCRIBED if beside else _DESCRIBED_FAR
    if not beside:
        sure -= _NESTED if cues > 2 else _SECOND if cues == 2 else 0
    if cue is not None:
        sure -= 0 if cue.is_near else _ELSEWHERE
        if Manner.SAY not in cue.manners:
            sure -= _THOUGHT if cue.manners == {Manner.THINK} else _UNSAID
    return max(LEAST, round(sure, 2))


def of_report(cue: Cue, shape: Shape) -> float:
    """Return how sure a report is, by its cue and by how it hangs on it; of several manners, the surest counts."""
    told = _SHAPES[shape]
    best = max((told[manner] for manner in cue.manners if manner in told), default=_OTHERWISE)
    if cue.is_passive:
        best *= _PASSIVE
    elif not cue.is_near:
        best *= _FAR
    return round(best * 20) / 20
