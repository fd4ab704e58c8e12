"""Relevance counts whole words, as the full-text index has them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.store.ranking import score
from app.text.query import index_words, parse, ranges

COUNTED = [
    ("a word", "art", "Art for art's sake", 2),
    ("not a part of one", "art", "a party starts", 0),
    ("a beginning", "part*", "a party apart", 1),
    ("an accent in the text", "resume", "a résumé", 1),
    ("an accent in the search", "Résumé", "a resume, a RÉSUMÉ", 2),
    ("an apostrophe", "doesn't", "he doesn't, she doesn’t", 2),
    ("a phrase over marks", '"united states"', "the United “States”, the united kingdom of states", 1),
    ("a phrase with a beginning", '"united sta"*', "United States, united", 1),
    ("a phrase of one word twice", '"no no"', "no no no", 2),
    ("another script", "پزشکیان", "مسعود پزشکیان", 1),
    ("a number", "000", "1,000 men, 000", 2),
]


@pytest.mark.parametrize(("typed", "text", "times"), [case[1:] for case in COUNTED], ids=[case[0] for case in COUNTED])
def test_what_is_counted(typed: str, text: str, times: int) -> None:
    """BM25 with k1 = 1.2 and b = 0.75; a term that does not stand in the words counts 1."""
    damped = 1.2 * (0.25 + 0.75 * len(text) / 120)
    expected = 3 * 2.2 * times / (times + damped) if times else 1.0
    assert score(text, parse(typed)) == int(expected * 1_000_000)


LETTERS = st.text(alphabet="abAB1,. _-'’“”…éßÉ\u0301\u00a0ﬁ?", max_size=40)


@settings(deadline=None, max_examples=400)
@given(LETTERS, st.text(alphabet="abé1'’", min_size=1, max_size=2))
def test_a_word_counts_where_it_is_highlighted_and_nowhere_else(text: str, typed: str) -> None:
    query = parse(typed)
    counts = score(text, query) != int(len(query.terms) * 1_000_000)
    assert counts == bool(ranges(text, query))


@settings(deadline=None, max_examples=400)
@given(LETTERS)
def test_every_word_of_a_text_counts(text: str) -> None:
    for word in set(index_words(text)):
        if [*index_words(word)] == [word]:
            assert score(text, parse(f'"{word}"')) != 1_000_000
