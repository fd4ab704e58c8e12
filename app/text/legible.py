"""Legible: whether every character of a name is seen, so that no name looks like another and is not that name; and
whether anything of a longer text is.

Characters that are invisible, that turn the direction of writing (Unicode TR 36, 3), or that break a line have no place
in a name. The joiners have one where a script needs them: U+200C in Persian, both after an Indic virama (RFC 5892,
A.1 and A.2), and U+200D and the variation selectors in emoji (UTS 51).
"""

import unicodedata

from app.errors import Invalid

_JOINERS = frozenset("\u200c\u200d")
_VARIANTS = frozenset(map(chr, range(0xFE00, 0xFE10)))
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(at) for at in range(0xE0100, 0xE01F0)}
"""Letters, marks and symbols that show nothing; the categories below tell the others."""
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_VIRAMA = 9


def prove(words: str) -> None:
    """Raise Invalid, with the first character that is not seen and where it stands, in code points from 0."""
    for at, character in enumerate(words):
        if character in _JOINERS or character in _VARIANTS:
            wrong = not _joins(words[:at], character)
        else:
            wrong = unicodedata.category(character) in _REFUSED or character in _UNSEEN
        if wrong:
            name = unicodedata.name(character, "a control character")
            raise Invalid(f"U+{ord(character):04X} ({name}) at code point {at} is not seen in a name: leave it out.")
    if words != words.strip():
        raise Invalid("A name neither begins nor ends with a blank: leave it out.")


def is_seen(words: str) -> bool:
    """Tell whether at least one character is seen: blanks and what shows nothing say nothing."""
    return any(
        not (mark.isspace() or mark in _UNSEEN or mark in _VARIANTS or unicodedata.category(mark) in _REFUSED)
        for mark in words
    )


def _joins(before: str, character: str) -> bool:
    """Tell whether a joiner or a variation selector has something to do after what stands before it."""
    if not before:
        return False
    last = before[-1]
    if character in _VARIANTS:
        return unicodedata.category(last) == "So"
    if unicodedata.combining(last) == _VIRAMA:
        return True
    if character == "\u200d" and (unicodedata.category(last) in ("So", "Sk") or last == "\ufe0f"):
        return True
    letter = next((mark for mark in reversed(before) if not unicodedata.combining(mark)), "")
    return bool(letter) and unicodedata.bidirectional(letter) == "AL"
