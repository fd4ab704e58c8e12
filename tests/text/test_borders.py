"""Borders of words, in the scripts that have spaces and in those that have none."""

import pytest

from app.text.borders import is_enclosed, may_begin, may_end, whole

# In each text `[` and `]` stand around what is quoted, and are taken out of it.
WHOLE = {
    "between spaces": "the [talks were] off",
    "the whole of a text": "[off]",
    "before a comma and after a bracket": "so ([talks]), he",
    "a half of a compound": "no [US]-Iran talks",
    "after a full stop without a space": "over.[Then] they",
    "before a note in brackets": "[repres](1)sion",
    "beside a dash": "talks—[no] talks",
    "with its apostrophe": "he [didn’t] say",
    "before a possessive": "[Trump]’s plan",
    "before a straight possessive": "[Trump]'s plan",
    "before a possessive in capitals": "[TRUMP]’S PLAN",
    "after an elided article": "avec l’[Iran] et",
    "after an elided conjunction": "parce qu’[elle] part",
    "after an elided article in capitals": "L’[Iran] part",
    "after an Italian article": "capo dell’[Iran] oggi",
    "a number with its point": "by [3.5] percent",
    "a number at the end of a sentence": "in [2015]. Then",
    "inside a run of Han": "他说[伊朗]会谈判",
    "inside a run of kana": "それは[よい]ことだ",
    "inside a run of Thai": "เขา[พูด]ว่า",
    "a Latin word in a run of Han": "在[iPhone]上",
    "Persian with its non-joiner": "علی [خامنه\u200cای] گفت",
    "a letter with its combining mark": "un [cafe\u0301] noir",
    "an emoji": "won [😀] again",
    "an emoji of several": "a [👩\u200d💻] codes",
}
CUT = {
    "the end of a word": "the talks were [of]f",
    "the beginning of a word": "t[he] talks",
    "a contraction before its not": "he [did]n’t say",
    "a contraction before its apostrophe": "he [can]’t say",
    "a contraction after its apostrophe": "he can’[t] say",
    "the possessive alone": "Trump[’s] plan",
    "a name after its apostrophe": "old O’[Brien] said",
    "a word before a possessive that goes on": "[Trump]’sche Worte",
    "a number before its point": "by [3].5 percent",
    "a number after its point": "by 3.[5] percent",
    "a number after its comma": "some 1,[000] talks",
    "a letter without its mark": "un [cafe]\u0301 noir",
    "a syllable of Thai without its mark": "เขา[พ]ูดว่า",
    "Persian before its non-joiner": "علی [خامنه]\u200cای گفت",
    "a word with a soft hyphen": "the [nego]\u00adtiations",
    "half of a joined emoji": "a [👩]\u200d💻 codes",
    "an emoji without its colour": "a [👍]🏽 up",
    "a syllable of Korean": "그[는] 말했다",
}


def span(marked: str) -> tuple[str, int, int]:
    return marked.replace("[", "").replace("]", ""), marked.index("["), marked.index("]") - 1


@pytest.mark.parametrize("marked", WHOLE.values(), ids=WHOLE)
def test_whole_words_begin_and_end(marked: str) -> None:
    text, start, end = span(marked)

    assert (may_begin(text, start), may_end(text, end)) == (True, True)


@pytest.mark.parametrize("marked", CUT.values(), ids=CUT)
def test_a_word_that_is_cut_is_known_and_can_be_made_whole(marked: str) -> None:
    text, start, end = span(marked)

    assert not (may_begin(text, start) and may_end(text, end))
    first, last = whole(text, start, end)
    assert (first, last) != (start, end)
    assert first <= start < end <= last
    assert may_begin(text, first)
    assert may_end(text, last)


@pytest.mark.parametrize(
    ("words", "enclosed"),
    [
        ("“we won”", True),
        ("‘we won’", True),
        ("‘we don’t’", True),
        ("„wir haben“", True),
        ("«nous»", True),
        ("»wir«", True),
        ("「我们」", True),
        ('"we won"', True),
        ("'we don't'", True),
        ("“he said “yes” to it”", True),
        ("“we” and “they”", False),
        ('"we" and "they"', False),
        ("‘we’ and ‘they’", False),
        ("„wir“ und „ihr“", False),
        ("“we won", False),
        ("we won”", False),
        ("assailed “endless wars”", False),
        ("“yes”, he said", False),
        ("“we won»", False),
        ("“", False),
        ('"', False),
        ("", False),
    ],
)
def test_marks_around_words_are_told_from_marks_inside_them(words: str, enclosed: bool) -> None:
    assert is_enclosed(words) is enclosed
