import hashlib
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import NotInText
from app.text.anchor import Span, crockford, digest, fold_lines, join, locate, located, places, quote_id
from app.text.borders import may_begin, may_end

# “A farmer's 😀 said”, an e with a combining accent, a line that breaks, and words that stand more than once.
TEXT = "He said: “We won 😀 — we won.”\r\nShe, cafe\u0301 in hand,\nsaid we won.\u2028....a"

FOUND = {
    "at the beginning": ("He", None, None, (0, 2)),
    "at the end": ("won.\u2028....a", None, None, (59, 69)),
    "the whole text": (TEXT, None, None, (0, len(TEXT))),
    "one letter": ("a", None, None, (68, 69)),
    "an astral character is one code point": ("😀", None, None, (17, 18)),
    "after an astral character": ("— we", None, None, (19, 23)),
    "a letter with its combining mark": ("cafe\u0301", None, None, (36, 41)),
    "across a line break": ("hand,\nsaid", None, None, (45, 55)),
    "across a break of two characters": ("”\r\nShe", None, None, (28, 34)),
    "the first of several": ("we won", 1, None, (21, 27)),
    "the second of several": ("we won", 2, None, (56, 62)),
    "the first of those that overlap": ("..", 1, None, (64, 66)),
    "one of those that overlap": ("..", 2, None, (65, 67)),
    "the last of those that overlap": ("..", 3, None, (66, 68)),
    "the only one within": ("we won", None, Span(30, 68), (56, 62)),
    "inside another word it does not count": ("in", None, None, (42, 44)),
    "the first within": ("..", 1, Span(65, 69), (65, 67)),
    "the whole of within": ("We won", None, Span(10, 16), (10, 16)),
    "where only one is given as the first": ("She", 1, None, (31, 34)),
}


def test_the_table_counts_in_the_text_that_it_names() -> None:
    """The offsets below were counted by hand against this one."""
    assert (TEXT.index("😀"), TEXT.index("S"), TEXT.index("....")) == (17, 31, 64)


@pytest.mark.parametrize(("exact", "occurrence", "within", "span"), FOUND.values(), ids=FOUND)
def test_words_are_found(exact: str, occurrence: int | None, within: Span | None, span: tuple[int, int]) -> None:
    found = locate(TEXT, exact, occurrence=occurrence, within=within)

    assert found == span
    assert TEXT[found.start : found.end] == exact


LOST = {
    "no words": ("", None, None, "The words to locate are empty."),
    "words that are not there": ("nothing", None, None, "“nothing” does not stand in the text."),
    "another case": ("WE WON", None, None, "“WE WON” does not stand in the text."),
    "one character too many": ("We won!", None, None, "The text has “We won ”; they part after “We won”."),
    "a composed letter": ("caf\u00e9 in", None, None, "does not stand in the text."),
    "a straight mark": ('said: "We', None, None, "The text has “said: “We”; they part after “said: ”."),
    "a line break folded": ("hand, said", None, None, "they part after “hand,”."),
    "several without saying which": (
        "we won",
        None,
        None,
        "“we won” stands 2 times in the text: add occurrence (1 to 2)",
    ),
    "those that overlap count too": ("..", None, None, "stands 3 times in the text: add occurrence (1 to 3)"),
    "one that is too late": ("we won", 3, None, "“we won” stands 2 times in the text: there is no 3."),
    "the second of one": ("She", 2, None, "stands once in the text: there is no 2."),
    "the one before the first": ("we won", 0, None, "there is no 0."),
    "one counted backward": ("we won", -1, None, "there is no -1."),
    "outside the passage": ("She", None, Span(0, 20), "“She” does not stand in the passage."),
    "across the end of the passage": ("We won", None, Span(0, 15), "does not stand in the passage."),
    "across the beginning of the passage": ("We won", None, Span(11, 68), "does not stand in the passage."),
    "a word cut at its end": ("we wo", None, None, "“we wo” ends inside a word of the text, “won”: quote whole words."),
    "a word cut at its beginning": (
        "on",
        None,
        None,
        "“on” begins inside a word of the text, “won”: quote",
    ),
    "a word cut on both sides": ("ai", None, None, "“ai” begins and ends inside a word of the text, “said”"),
    "two words cut": ("n ha", None, None, "begins and ends inside words of the text, “in” and “hand”"),
    "a letter without its combining mark": ("cafe", None, None, "ends inside a word of the text, “cafe\u0301”"),
    "a combining mark by itself": ("\u0301", None, None, "inside a word of the text, “cafe\u0301”"),
    "too late in the passage": ("..", 3, Span(65, 69), "stands 2 times in the passage: there is no 3."),
}


@pytest.mark.parametrize(("exact", "occurrence", "within", "reason"), LOST.values(), ids=LOST)
def test_words_that_are_not_there_are_refused_with_what_is(
    exact: str, occurrence: int | None, within: Span | None, reason: str
) -> None:
    with pytest.raises(NotInText, match=re.escape(reason)):
        locate(TEXT, exact, occurrence=occurrence, within=within)


BETWEEN = {
    "what stands after": ("", ".\u2028", None, (56, 62)),
    "both": ("— ", ".”", None, (21, 27)),
    "the second of those so": ("", ".", 2, (56, 62)),
    "what stands before": ("said ", "", None, (56, 62)),
}


@pytest.mark.parametrize(("prefix", "suffix", "occurrence", "span"), BETWEEN.values(), ids=BETWEEN)
def test_equal_words_are_told_apart_by_what_stands_around_them(
    prefix: str, suffix: str, occurrence: int | None, span: tuple[int, int]
) -> None:
    assert locate(TEXT, "we won", prefix=prefix, suffix=suffix, occurrence=occurrence) == span


def test_words_that_do_not_stand_so_are_refused_with_where_they_stand() -> None:
    with pytest.raises(NotInText, match=r"does not stand between “You ” and “”, but in “.*— we won"):
        locate(TEXT, "we won", prefix="You ")
    with pytest.raises(NotInText, match=r"stands 2 times so in the text: add occurrence \(1 to 2\)"):
        locate(TEXT, "we won", suffix=".")


NEAREST = {
    "the first word is wrong": (
        "Hi said: “We won",
        "The nearest words of the text are “He said: “We won”, at 0 to 16.",
    ),
    "a word in the middle": ("She, café in a hand", "“She, cafe\u0301 in hand”, at 31 to 49."),
    "nothing is like it": ("zzzz xxxx qqqq", "“zzzz xxxx qqqq” does not stand in the text."),
}


@pytest.mark.parametrize(("exact", "told"), NEAREST.values(), ids=NEAREST)
def test_words_that_are_not_there_are_refused_with_the_nearest(exact: str, told: str) -> None:
    with pytest.raises(NotInText) as refused:
        locate(TEXT, exact)
    assert refused.value.detail.endswith(told)


def test_offsets_are_taken_when_whole_words_stand_there() -> None:
    assert located(TEXT, 21, 27) == located(TEXT, 21, 27, "we won") == (21, 27)
    for start, end, exact, told in (
        (21, 27, "We won", "At 21 to 27 the text has “we won”, not “We won”. It stands at 10 to 16."),
        (21, 26, None, "“we wo” ends inside a word of the text, “won”: quote whole words."),
        (60, 70, None, f"The text ends at {len(TEXT)}: nothing stands at 60 to 70."),
    ):
        with pytest.raises(NotInText) as refused:
            located(TEXT, start, end, exact)
        assert refused.value.detail == told


def test_long_words_are_shown_cut_short() -> None:
    with pytest.raises(NotInText) as refusal:
        locate(TEXT, "x" * 5000)

    assert len(refusal.value.detail) < 200


texts = st.text(min_size=1, max_size=60) | st.text(alphabet="ab\n 😀e\u0301.’", min_size=1, max_size=60)


@st.composite
def cuts(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, start, draw(st.integers(start + 1, len(text)))


def standing(text: str, exact: str, start: int, end: int) -> list[int]:
    """Return where the words stand between two places as whole words, worked out one place at a time."""
    return [
        at
        for at in range(start, end - len(exact) + 1)
        if text.startswith(exact, at) and may_begin(text, at) and may_end(text, at + len(exact))
    ]


@settings(deadline=None)
@given(cuts())
def test_what_was_cut_from_any_text_is_found_where_it_was_cut_or_refused(cut: tuple[str, int, int]) -> None:
    text, start, end = cut
    exact = text[start:end]
    every = standing(text, exact, 0, len(text))

    assert places(text, exact) == every
    if start in every:
        assert locate(text, exact, occurrence=every.index(start) + 1) == (start, end)
        assert locate(text, exact, within=Span(start, end)) == (start, end)
        if len(every) > 1:
            with pytest.raises(NotInText, match=f"stands {len(every)} times"):
                locate(text, exact)
    else:
        with pytest.raises(NotInText, match="inside"):
            locate(text, exact, within=Span(start, end))
    with pytest.raises(NotInText):
        locate(text, exact, occurrence=len(every) + 1)


@settings(deadline=None)
@given(cuts(), st.integers(0, 60), st.integers(0, 60))
def test_what_is_found_within_a_passage_lies_in_it(cut: tuple[str, int, int], one: int, other: int) -> None:
    text, start, end = cut
    exact = text[start:end]
    passage = Span(*sorted((min(one, len(text)), min(other, len(text)))))
    inside = standing(text, exact, *passage)
    try:
        found = locate(text, exact, occurrence=1, within=passage)
    except NotInText:
        assert inside == []
    else:
        assert found == (inside[0], inside[0] + len(exact))


def test_offsets_are_code_points_where_javascript_counts_utf_16_units() -> None:
    """The vector of docs and clients: one astral character before the words makes the two counts part."""
    text = "😀 “Yes,” she said."

    assert locate(text, "Yes,") == (3, 7)
    assert len(text[:3].encode("utf-16-le")) // 2 == 4


SHA = digest("text")


def test_a_digest_is_that_of_the_utf_8_bytes() -> None:
    assert SHA == "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
    assert digest("é😀") == hashlib.sha256(b"\xc3\xa9\xf0\x9f\x98\x80").hexdigest()
    assert digest(unicodedata.normalize("NFD", "é")) != digest("é")


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=5))
def test_an_id_is_16_characters_of_crockford_and_the_same_every_time(content: list[tuple[int, int]]) -> None:
    name = quote_id(SHA, content)

    assert re.fullmatch("[0-9abcdefghjkmnpqrstvwxyz]{16}", name)
    assert quote_id(SHA, [Span(*span) for span in content]) == name


def test_an_id_tells_source_and_spans_apart() -> None:
    names = [
        quote_id(SHA, [(1, 23)]),
        quote_id(SHA, [(12, 3)]),
        quote_id(SHA, [(1, 2), (3, 4)]),
        quote_id(SHA, [(3, 4), (1, 2)]),
        quote_id(SHA, [(1, 4)]),
        quote_id(SHA, []),
        quote_id(digest("Text"), [(1, 23)]),
    ]

    assert len(set(names)) == len(names)


def test_ids_never_change_from_one_version_to_the_next() -> None:
    """Every instance makes the same id; these were worked out apart from the code, with sha256sum."""
    seed = f"{SHA}:1-23".encode()
    bits = bin(int(hashlib.sha256(seed).hexdigest()[:20], 16))[2:].zfill(80)
    alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

    assert quote_id(SHA, [(1, 23)]) == "".join(alphabet[int(bits[at : at + 5], 2)] for at in range(0, 80, 5))
    assert quote_id(SHA, [(1, 23)]) == "mkb9a4xe33yxk5ve"


@pytest.mark.parametrize(
    ("bits", "expected"),
    [
        (0, "0000000000000000"),
        (1, "0000000000000001"),
        (31, "000000000000000z"),
        (32, "0000000000000010"),
        (2**80 - 1, "zzzzzzzzzzzzzzzz"),
        (18 << 75, "j000000000000000"),
        (22 << 75, "p000000000000000"),
    ],
)
def test_bits_are_written_most_significant_first(bits: int, expected: str) -> None:
    assert crockford(bits) == expected


FOLDED = {
    "no break": ("one two", "one two"),
    "a line feed": ("one\ntwo", "one two"),
    "carriage return and line feed": ("one\r\ntwo", "one two"),
    "a carriage return alone": ("one\rtwo", "one two"),
    "blanks around the break": ("one \t\n\t two", "one two"),
    "several breaks": ("one\n\n \n\ntwo", "one two"),
    "next line, line and paragraph separators": ("one\u0085two\u2028three\u2029four", "one two three four"),
    "vertical tab and form feed": ("one\vtwo\fthree", "one two three"),
    "at both ends": ("\none\n", " one "),
    "blanks without a break stay": ("one  two\tthree", "one  two\tthree"),
    "a no-break space is no blank to fold": ("one\u00a0\ntwo", "one\u00a0 two"),
    "nothing": ("", ""),
}


@pytest.mark.parametrize(("words", "folded"), FOLDED.values(), ids=FOLDED)
def test_line_breaks_are_folded_to_one_space(words: str, folded: str) -> None:
    assert fold_lines(words) == folded


@settings(deadline=None)
@given(st.text(max_size=80))
def test_folding_twice_is_folding_once_and_loses_only_white_space(words: str) -> None:
    folded = fold_lines(words)

    assert fold_lines(folded) == folded
    assert "".join(folded.split()) == "".join(words.split())
    assert not set(folded) & set("\r\n\v\f\x85\u2028\u2029")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ([(10, 16)], "We won"),
        ([(10, 16), (21, 28)], "We won … we won."),
        ([(42, 62)], "in hand, said we won"),
        ([(0, 2), (17, 18), (64, 68)], "He … 😀 … ...."),
        ([], ""),
    ],
)
def test_a_quotes_text_is_its_segments_in_order(content: list[tuple[int, int]], text: str) -> None:
    assert join(TEXT, content) == text
