"""Names in which every character is seen."""

import pytest

from app.errors import Invalid
from app.text import legible

SEEN = {
    "Persian, which needs U+200C": "خامنه\u200cای",
    "Hindi, with a joiner after the virama": "क्\u200dष",
    "an emoji of several": "👩\u200d💻 at work",
    "a heart": "I ❤\ufe0f IA",
    "a mark on a letter": "Nguye\u0302\u0303n",
    "quotation marks and dashes": "“Dead Hand” — Perimeter",
    "a blank that does not break": "Jean\u00a0Dupont",
    "scripts mixed, as SECURITY.md says: a Cyrillic letter": "Donald Trum\u0440",
}
UNSEEN = {
    "zero-width space": "Donald\u200b Trump",
    "byte order mark": "\ufeffDonald Trump",
    "word joiner": "Donald\u2060 Trump",
    "soft hyphen": "Donald Tr\u00adump",
    "right-to-left override": "\u202epmurT dlanoD",
    "embedding": "Donald \u202aTrump\u202c",
    "isolate": "Donald \u2066Trump\u2069",
    "joiner among Latin letters": "Donald Tr\u200dump",
    "non-joiner among Latin letters": "Donald Tr\u200cump",
    "joiner at the beginning": "\u200dDonald",
    "variation selector on a letter": "Donald\ufe0f Trump",
    "ideographic variation selector": "Donald\U000e0100 Trump",
    "tag characters": "Donald\U000e0041 Trump",
    "Hangul filler": "Donald\u3164Trump",
    "Braille blank": "Donald\u2800Trump",
    "grapheme joiner": "Donald\u034f Trump",
    "line break": "Donald\nTrump",
    "tab": "Donald\tTrump",
    "escape": "\x1b[31mDonald",
    "next line": "Donald\x85Trump",
    "line separator": "Donald\u2028Trump",
    "blank at the end": "Donald Trump ",
    "blank at the beginning": "\u3000Donald Trump",
    "nothing but a blank": " ",
}


@pytest.mark.parametrize("name", SEEN.values(), ids=SEEN)
def test_a_name_may_hold_what_its_script_needs(name: str) -> None:
    legible.prove(name)


@pytest.mark.parametrize("name", UNSEEN.values(), ids=UNSEEN)
def test_a_name_that_looks_like_another_is_refused(name: str) -> None:
    with pytest.raises(Invalid, match="leave it out"):
        legible.prove(name)


@pytest.mark.parametrize("words", SEEN.values(), ids=SEEN)
def test_words_are_seen_whatever_blanks_stand_around(words: str) -> None:
    assert legible.is_seen(f"\n\u200b {words}\t")


BLANK = ("", " ", "\n", "\t\r\n", "\u00a0", "\u3000", "\u200b", "\ufeff", "\u2800", "\u3164", "\ufe0f", "\u202e \u202c")


@pytest.mark.parametrize("blank", BLANK, ids=ascii)
def test_what_shows_nothing_is_not_seen(blank: str) -> None:
    assert not legible.is_seen(blank)


def test_what_is_not_seen_is_named_with_its_place() -> None:
    with pytest.raises(Invalid, match=r"U\+202E \(RIGHT-TO-LEFT OVERRIDE\) at code point 3 "):
        legible.prove("Jan\u202ee")
