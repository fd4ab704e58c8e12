"""Whose verb it is: the phrase before a reporting word, or what the sentence is about."""

from collections.abc import Sequence
from typing import NamedTuple

from app.text.appositions import with_name
from app.text.lexicon import (
    AUXILIARIES,
    BE,
    IRREGULAR,
    LEMMAS,
    NEGATIONS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    SURNAMES,
    TIMES,
    words,
)
from app.text.phrases import LONGEST, OF, Phrase, ending, first, is_past, says
from app.text.sentences import Token

_ATTACHED = OF | words("about against behind near across between among toward towards under over around by")
"""What ties a phrase to the one before it; after and before begin a clause."""
_DASHES = words("— – - --")
_BREAKS = words("; : ? ! …")
_WHEN = words("on late early last this next in that earlier later since by the")
_COORDINATORS = words("and but yet so or nor still")
_ELSEWHERE = words("to and or but as by after then when while before without for")
"""Before these, a verb has the subject of another one."""
_ADDED = words("a an who which whose himself herself r d former")
"""What begins, after a comma, what is told besides of a name: a judge; who has a dog; R-Ohio."""
_TITLE = 60
"""Code points of the longest title, of a book or a film, that such an insertion may hold."""
_FARTHEST = 45
"""Tokens of the longest insertion between a name and its verb."""


class Subject(NamedTuple):
    """Whose verb it is. `is_near`: the phrase stands beside the verb; otherwise it was looked for in the sentence."""

    phrase: Phrase | None
    is_passive: bool = False
    is_near: bool = True


def before(tokens: Sequence[Token], at: int) -> Subject:
    """Return the subject of the verb at `at`, from what stands before it."""
    here = at - 1
    passive = False
    while here >= 0:
        token = tokens[here]
        if (
            here
            and token.text in SURNAMES
            and tokens[here - 1].low not in _WHEN
            and not tokens[here - 1].text[0].isdigit()
        ):
            break
        if token.low in AUXILIARIES or token.low in NEGATIONS or token.is_adverb:
            passive = passive or token.low in BE
            here -= 1
        elif token.low in TIMES and here and not _is_name_of_time(tokens, here):
            here = _past_time(tokens, here)
        else:
            break
    if here < 0:
        return Subject(None, passive, is_near=False)
    token = tokens[here]
    if token.text in (",", ")") or token.text in _DASHES:
        return Subject(_before_break(tokens, here), passive)
    if token.low in _ELSEWHERE:
        return Subject(main(tokens, here), passive, is_near=False)
    clause = _clause(tokens, here)
    return Subject(_with_tail(tokens, here if clause is None else clause - 1), passive)


def _clause(tokens: Sequence[Token], at: int) -> int | None:
    """Return the `who` of a clause that ends at `at`, without commas: an official who asked not to be named."""
    if tokens[at].low in PRONOUNS:
        return None
    for here in range(at - 1, max(0, at - _FARTHEST // 3), -1):
        token = tokens[here]
        if token.low == "who":
            return here if tokens[here - 1].is_nominal and _is_verb(tokens[here + 1]) else None
        if not token.is_word or token.low in PRONOUNS or (says(token) and LEMMAS[token.low] != "ask"):
            return None
    return None


def _is_verb(token: Token) -> bool:
    return token.low in AUXILIARIES or token.low in IRREGULAR or token.is_verb or is_past(token)


def _is_name_of_time(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word of time ends the name of something: USA Today."""
    return tokens[at].is_large and tokens[at].low in ("today", "week", "month") and tokens[at - 1].is_large


def _past_time(tokens: Sequence[Token], at: int) -> int:
    """Return what stands before an expression of time that ends at `at`."""
    at -= 1
    while at >= 0 and (tokens[at].low in _WHEN or tokens[at].low in TIMES or tokens[at].text[0].isdigit()):
        at -= 1
    return at - 1 if at >= 0 and tokens[at].text == "," else at


def _before_break(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return the phrase before what a comma, a dash or a bracket at `at` closes: Ann Roe, a judge, said."""
    relative = _relative(tokens, at)
    if relative is not None:
        return _with_tail(tokens, relative - 1)
    here = _opening(tokens, at)
    if here is None:
        return _with_tail(tokens, at - 1) if at else None
    phrase = None
    for _ in range(4):
        phrase = _with_tail(tokens, here - 1) if here else None
        earlier = _opening(tokens, here)
        named = with_name(tokens, phrase)
        if named != phrase or earlier is None or not _interrupts(tokens, earlier, here):
            return named
        here = earlier
    return phrase


def _relative(tokens: Sequence[Token], at: int) -> int | None:
    """Return the comma before a clause that ends at `at` and says more of a name: Ann Roe, who has a dog, said."""
    for here in range(at - 1, max(0, at - _FARTHEST), -1):
        token = tokens[here]
        if token.quote is not None or token.text in _BREAKS:
            return None
        if token.low in ("who", "whose", "which", "whom") and tokens[here - 1].text in (",", "—", "–", "--"):
            return here - 1
    return None


def _opening(tokens: Sequence[Token], at: int) -> int | None:
    """Return where the comma, dash or bracket stands that belongs to the one at `at`; None when there is none."""
    opens = "(" if tokens[at].text == ")" else tokens[at].text
    for here in range(at - 1, max(-1, at - _FARTHEST), -1):
        token = tokens[here]
        if token.text == opens:
            return here
        if (token.quote is not None and len(token.text) > _TITLE) or token.text in _BREAKS:
            return None
    return None


def _interrupts(tokens: Sequence[Token], low: int, high: int) -> bool:
    """Tell whether what stands between two commas goes with the name before the first."""
    if low + 1 >= high or tokens[low].text != ",":
        return False
    begins = tokens[low + 1]
    if begins.low in _ADDED or begins.text[0].isdigit():
        return True
    if begins.low in PREPOSITIONS or begins.is_adverb or begins.low.endswith("ing"):
        return low > 2 and tokens[low - 1].is_nominal
    return begins.low == "the" and low > 0 and tokens[low - 1].is_large


def _with_tail(tokens: Sequence[Token], at: int) -> Phrase | None:
    """Return the phrase that ends at `at`, with what it is of or from: a spokesman for the mayor of Rome."""
    found = ending(tokens, at)
    for _ in range(4):
        if found is None or found.low < 2 or tokens[found.low - 1].low not in _ATTACHED:
            return found
        outer = ending(tokens, found.low - 2)
        if outer is None:
            return None if tokens[found.low - 2].low in ("and", "but", ",", "then") else found
        tied = tokens[found.low - 1].low in OF and found.high - outer.low <= LONGEST and not _is_time(tokens, found)
        found = Phrase(outer.low, found.high) if tied else outer
    return found


def _is_time(tokens: Sequence[Token], phrase: Phrase) -> bool:
    return all(token.low in TIMES or token.low in _WHEN or token.text[0].isdigit() for token in tokens[slice(*phrase)])


def main(tokens: Sequence[Token], end: int | None = None) -> Phrase | None:
    """Return the subject of a sentence, or of its first `end` tokens: what its main clause begins with."""
    end = len(tokens) if end is None else end
    at = 0
    while at < end and (not tokens[at].is_word or tokens[at].low in _COORDINATORS or tokens[at].is_adverb):
        at += 1
    for _ in range(3):
        if at < end and (tokens[at].low in SUBORDINATORS or tokens[at].low.endswith("ing")):
            comma = next((here for here in range(at, end) if tokens[here].text == ","), None)
            if comma is None:
                return first(tokens, at + 1, end)
            at = comma + 1
            while at < end and tokens[at].is_adverb:
                at += 1
    return first(tokens, at, end)
