"""Words whose coming or going changes what a sentence says, though the sentence looks nearly the same.

English. For other languages the difference itself is still shown; only this warning knows English words.
"""

import re
import unicodedata
from collections.abc import Sequence

from app.text.fold import Token


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEGATIONS = _words("""
    not no never none nobody nothing nowhere neither nor cannot without hardly barely scarcely refuse refuses refused
    deny denies denied false untrue
""")
_MODALS = _words("""
    must may might can could should would shall will ought need needs perhaps maybe possibly probably likely unlikely
    certainly definitely allegedly
""")
_CONDITIONS = _words("""
    if unless until provided assuming except only when whenever because although though but otherwise once before after
    while
""")
_QUANTITIES = _words("""
    all every each some any few fewer many most several more less least both half third quarter twice double always
    often sometimes rarely almost nearly about over under percent per cent dozen hundred hundreds thousand thousands
    million millions billion billions trillion zero one two three four five six seven eight nine ten eleven twelve
    thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
    first second last
""")
_WEIGHTY = _NEGATIONS | _MODALS | _CONDITIONS | _QUANTITIES
# Words that a sentence often begins with, and so no names though they have a capital there.
_OPENERS = _words("""
    a an the this that these those there here it its itself he him his himself she her hers herself we us our ours they
    them their theirs you your yours i me my mine one ones who whom whose which what when where why how whoever whatever
    such same other others another everybody everyone everything somebody someone something anybody anyone anything and
    or nor but so yet for if as at by in of on to up from with within without into onto upon over under above below
    behind beside besides between beyond among amid across along around against about after before since until till
    during through throughout toward towards off out near next like unlike per via plus despite except regarding
    concerning considering according given while whereas whether though although because unless once than then thus
    hence therefore however moreover furthermore nevertheless nonetheless otherwise instead meanwhile indeed also too
    even still just only again ever never not no yes now today tomorrow yesterday tonight soon later earlier recently
    currently finally lastly firstly secondly first second third last perhaps maybe clearly certainly surely obviously
    naturally actually really simply basically generally usually normally often sometimes always eventually ultimately
    unfortunately fortunately sadly hopefully frankly honestly personally apparently evidently additionally similarly
    likewise rather quite very well oh ok okay please thank thanks let lets is are was were be been being am do does did
    doing done has have had having will would can could shall should may might must ought get got go going come say says
    said all any each every both either neither some many much more most several few fewer less least enough two three
    four five six seven eight nine ten
""")
_DIGIT = re.compile(r"\d")
_AMOUNTS = frozenset("%％‰‱°")
_ENDS = frozenset(".!?。！？؟।")
_QUESTIONS = frozenset("?？؟")
_AROUND = frozenset('"()[]{}')
_ABBREVIATED = _words("""
    mr mrs ms mx dr prof st sr jr gen sen rep gov pres col lt ltc maj capt cmdr cpl pvt sgt adm brig insp supt rev hon
    fr msgr messrs vs etc inc ltd corp co bros dept univ assn ave blvd mt ft jan feb mar apr jun jul aug sept sep oct
    nov dec approx est vol fig pp al cf
""")
_ABBREVIATED_BEFORE_NUMBERS = frozenset({"no", "nos", "art", "sec", "p", "ch"})


def changes_meaning(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> bool:
    """Tell whether the tokens from start to end, when they come, go or differ, may change what the text says."""
    start, end = span
    return any(_is_weighty(token) or _is_name(text, token) for token in tokens[start:end])


def is_cut_off(text: str, tokens: Sequence[Token], kept: tuple[int, int]) -> bool:
    """Tell whether a sentence of which the tokens from start to end are kept loses any such word outside of them.

    A question that loses its question mark is one, too.
    """
    start, end = kept
    low = next((at + 1 for at in range(start - 1, -1, -1) if _is_end(text, tokens, at)), 0)
    last = next((at for at in range(end - 1, start - 1, -1) if tokens[at].folded not in _AROUND), start)
    if last < end and _is_end(text, tokens, last):
        return changes_meaning(text, tokens, (low, start))
    high = next((at for at in range(end, len(tokens)) if _is_end(text, tokens, at)), len(tokens))
    if high < len(tokens) and tokens[high].folded in _QUESTIONS:
        return True
    return changes_meaning(text, tokens, (low, start)) or changes_meaning(text, tokens, (end, high))


def _is_weighty(token: Token) -> bool:
    word = token.folded
    if token.is_word:
        return word in _WEIGHTY or word.endswith("n't") or _is_number(word)
    return word in _AMOUNTS or word in _QUESTIONS or unicodedata.category(word) == "Sc"


def _is_number(word: str) -> bool:
    return _DIGIT.search(word) is not None or (not word.isascii() and any(map(str.isnumeric, word)))


def _is_name(text: str, token: Token) -> bool:
    """Tell whether a word is written as a name: with a capital, though not as one that sentences often begin with.

    What is all in capitals is a name in any case: US is not us.
    """
    word = text[token.start : token.end]
    if not token.is_word or not word[0].isupper():
        return False
    first = token.folded.partition("'")[0]
    return first not in _OPENERS or (len(first) > 1 and word[: len(first)].isupper())


def _is_end(text: str, tokens: Sequence[Token], at: int) -> bool:
    """Tell whether a sentence ends with a mark. A point after an abbreviation or before a small letter ends none, and
    no mark of omission does: what follows it may be the same sentence."""
    mark = tokens[at].folded
    if mark not in _ENDS:
        return False
    if mark != ".":
        return True
    following = next((token for token in tokens[at + 1 : at + 4] if token.folded not in _AROUND), None)
    if following is not None and following.is_word and text[following.start].islower():
        return False
    before = tokens[at - 1] if at else None
    if before is None or not before.is_word or before.end != tokens[at].start:
        return True
    if before.folded in _ABBREVIATED_BEFORE_NUMBERS:
        return following is None or text[following.start] not in "0123456789"
    return before.folded not in _ABBREVIATED and not (before.end - before.start == 1 and text[before.start].isalpha())
