"""Whatever is typed is a query; and its words are found where they stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.query import Query, Term, parse, ranges

CASES = [
    ("two words", "iran talks", [["iran"], ["talks"]], []),
    ("a phrase", '"united states"', [["united states"]], []),
    ("a curly phrase", "“united states”", [["united states"]], []),
    ("an excluded word", "iran -talks", [["iran"]], ["talks"]),
    ("an excluded phrase", 'iran -"united states"', [["iran"]], ["united states"]),
    ("a beginning", "talk*", [["talk*"]], []),
    ("a phrase with a beginning", '"united sta"*', [["united sta*"]], []),
    ("either", "talks OR dialogue", [["talks", "dialogue"]], []),
    ("either of three, and one", "a OR b OR c d", [["a", "b", "c"], ["d"]], []),
    ("a small or is a word", "talks or dialogue", [["talks"], ["or"], ["dialogue"]], []),
    ("OR with nothing before it", "OR talks", [["talks"]], []),
    ("OR with nothing after it", "talks OR", [["talks"]], []),
    ("an apostrophe", "doesn't", [["doesn t"]], []),
    ("another apostrophe", "doesn’t", [["doesn t"]], []),
    ("an accent", "Résumé", [["resume"]], []),
    ("a hyphen inside", "vis-a-vis", [["vis a vis"]], []),
    ("an unbalanced mark", '"united states', [["united states"]], []),
    ("operators of the engine", "NEAR(a b) AND words:x ^y", [["near a"], ["b"], ["and"], ["words x"], ["y"]], []),
    ("only marks", '!!! --- *** "" \'', [], []),
    ("nothing", "", [], []),
    ("an emoji", "😀 peace", [["peace"]], []),
    ("right to left", "مسعود پزشکیان", [["مسعود"], ["پزشکیان"]], []),
]


def shown(term: Term) -> str:
    return " ".join(term.words) + ("*" if term.is_prefix else "")


@pytest.mark.parametrize(("typed", "groups", "excluded"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_query_is_read(typed: str, groups: list[list[str]], excluded: list[str]) -> None:
    query = parse(typed)
    assert [[shown(term) for term in group] for group in query.groups] == groups
    assert [shown(term) for term in query.excluded] == excluded


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_anything_typed_is_a_query(typed: str) -> None:
    query = parse(typed)
    assert all(word and word.strip() == word for term in query.terms for word in term.words)


RANGES = [
    ("a word", "talks", "Talks about talks.", ["Talks", "talks"]),
    ("a beginning", "neg*", "We negotiate; negotiations, renegotiate.", ["negotiate", "negotiations"]),
    ("a phrase", '"the united"', "the United States, united the", ["the United"]),
    ("an apostrophe", "doesn't", "he doesn’t agree", ["doesn’t"]),
    ("an accent", "resume", "a résumé", ["résumé"]),
    ("after an emoji", "peace", "😀 peace 😀", ["peace"]),
    ("overlapping", '"a b" "b c"', "a b c", ["a b c"]),
    ("nowhere", "war", "peace", []),
]


@pytest.mark.parametrize(("typed", "text", "words"), [case[1:] for case in RANGES], ids=[case[0] for case in RANGES])
def test_ranges_count_code_points(typed: str, text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in ranges(text, parse(typed))] == words


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=60), st.text(max_size=120))
def test_ranges_lie_in_the_text_in_order(typed: str, text: str) -> None:
    at = 0
    for start, end in ranges(text, parse(typed)):
        assert at <= start < end <= len(text)
        at = end


def test_the_size_counts_words() -> None:
    assert parse('one "two three" -four').size == 4
    assert Query((), ()).size == 0
