"""Words whose coming or going changes what a sentence says, though the sentence looks nearly the same.

English. For other languages the difference itself is still shown; only this warning knows English words.
"""

import re
from collections.abc import Sequence

from app.text.fold import Token

_NEGATIONS = {
    *("not", "no", "never", "none", "nobody", "nothing", "nowhere", "neither", "nor", "cannot", "without", "hardly"),
    *("barely", "scarcely", "refuse", "refuses", "refused", "deny", "denies", "denied", "false", "untrue"),
}
_MODALS = {
    *("must", "may", "might", "can", "could", "should", "would", "shall", "will", "ought", "need", "needs"),
    *("perhaps", "maybe", "possibly", "probably", "likely", "unlikely", "certainly", "definitely", "allegedly"),
}
_CONDITIONS = {
    *("if", "unless", "until", "provided", "assuming", "except", "only", "when", "whenever", "because", "although"),
    *("though", "but", "otherwise", "once", "before", "after", "while"),
}
_QUANTITIES = {
    *(
        "all",
        "every",
        "each",
        "some",
        "any",
        "few",
        "fewer",
        "many",
        "most",
        "several",
        "more",
        "less",
        "least",
        "both",
    ),
    *("half", "third", "quarter", "twice", "double", "always", "often", "sometimes", "rarely", "almost", "nearly"),
    *("about", "over", "under", "percent", "per", "cent", "dozen", "hundred", "hundreds", "thousand", "thousands"),
    *("million", "millions", "billion", "billions", "trillion", "zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "first"),
    *("second", "last"),
}
_WEIGHTY = _NEGATIONS | _MODALS | _CONDITIONS | _QUANTITIES
_CUT_OFF = _NEGATIONS | {"if", "unless", "until", "provided", "assuming", "except", "only", "may", "might"}
_DIGIT = re.compile(r"\d")
_ENDS = frozenset(".!?;…")


def changes_meaning(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> bool:
    """Tell whether the words `tokens[start:end]`, when they come, go or differ, may change what the text says."""
    start, end = span
    return any(
        token.is_word and (_is_weighty(token.folded) or bool(_DIGIT.search(token.folded)) or _is_name(text, tokens, at))
        for at, token in enumerate(tokens[start:end], start)
    )


def is_cut_off(tokens: Sequence[Token], kept: tuple[int, int]) -> bool:
    """Tell whether a sentence of which `tokens[start:end]` are kept loses a negation or a condition outside of them."""
    start, end = kept
    low = next((at + 1 for at in range(start - 1, -1, -1) if tokens[at].folded in _ENDS), 0)
    high = next((at for at in range(end, len(tokens)) if tokens[at].folded in _ENDS), len(tokens))
    if end > start and tokens[end - 1].folded in _ENDS:
        high = end
    lost = [*tokens[low:start], *tokens[end:high]]
    return any(token.is_word and (token.folded in _CUT_OFF or token.folded.endswith("n't")) for token in lost)


def _is_weighty(word: str) -> bool:
    return word in _WEIGHTY or word.endswith("n't")


def _is_name(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a word is written as a name: with a capital, and not because a sentence begins with it."""
    word = text[tokens[at].start : tokens[at].end]
    if not word[0].isupper() or word in ("I", "I'm", "I’m", "I'll", "I’ll", "I've", "I’ve", "I'd", "I’d"):
        return False
    before = next((token for token in reversed(tokens[:at]) if token.folded != '"'), None)
    return before is not None and before.folded not in _ENDS and before.folded != ":"
