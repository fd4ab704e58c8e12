"""The heart of verification: the borders of each likeness, from both sides, and what holds for any words."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.text import merged
from app.text.compare import Comparison, Likeness, Op, Text, compare, read
from app.text.fold import tokens

RECORD = (
    "I believed that it would be better to engage in dialogue, but the Leader of the Revolution stated that we will "
    "not negotiate with the United States, and that’s it. If they ask — well — we may talk to 5,000 people in Tehran."
)

CASES = [
    ("the very words", RECORD, Likeness.VERBATIM),
    ("one space more at the end", RECORD + " ", Likeness.NORMALISED),
    ("other quotation marks around", f"“{RECORD}”", Likeness.NORMALISED),
    ("other apostrophe", RECORD.replace("’", "'"), Likeness.NORMALISED),
    ("other case", RECORD.upper(), Likeness.NORMALISED),
    ("other dashes", RECORD.replace("—", "-"), Likeness.NORMALISED),
    ("dashes without spaces", RECORD.replace(" — ", "–"), Likeness.NORMALISED),
    ("other spaces", RECORD.replace(" ", "\u00a0\n"), Likeness.NORMALISED),
    ("no full stop at the end", RECORD[:-1], Likeness.NORMALISED),
    ("a comma for the full stop", RECORD[:-1] + ",", Likeness.NORMALISED),
    ("a comma inside the marks", f"“{RECORD[:-1]},”", Likeness.NORMALISED),
    ("a question mark for the full stop", RECORD[:-1] + "?", Likeness.ALTERED),
    ("a comma less inside", RECORD.replace("dialogue,", "dialogue"), Likeness.ALTERED),
    ("without an accent that is not there", RECORD.replace("Leader", "Leáder"), Likeness.ALTERED),
    ("a run of whole words", "better to engage in dialogue, but the Leader", Likeness.FRAGMENT),
    ("one whole word", "dialogue", Likeness.FRAGMENT),
    ("the first word", "I", Likeness.FRAGMENT),
    ("the last words", "5,000 people in Tehran", Likeness.FRAGMENT),
    ("a number as it is printed otherwise", "5000 people in Tehran", Likeness.ALTERED),
    ("half a word", "dialog", Likeness.NONE),
    ("a run that ends in half a word", "better to engage in dialog", Likeness.ALTERED),
    ("a run with a word dropped inside", "better to engage dialogue", Likeness.ALTERED),
    ("a run with a word put in", "better to now engage in dialogue", Likeness.ALTERED),
    ("a run with a word replaced", "better to engage in battle", Likeness.ALTERED),
    ("two words swapped", "better engage to in dialogue", Likeness.ALTERED),
    ("left out with three points", "I believed ... we will not negotiate", Likeness.ELIDED),
    ("left out with an ellipsis", "I believed … we will not negotiate", Likeness.ELIDED),
    ("left out with brackets", "I believed […] we will not negotiate", Likeness.ELIDED),
    ("left out with points in brackets", "I believed [...] we will not negotiate", Likeness.ELIDED),
    ("left out twice", "I believed … we will not negotiate … that’s it", Likeness.ELIDED),
    ("left out at the edge only", "… we will not negotiate …", Likeness.ELIDED),
    ("left out without a mark", "I believed that we will not negotiate", Likeness.ALTERED),
    ("left out, in the wrong order", "we will not negotiate … I believed", Likeness.ALTERED),
    ("left out, and a word replaced", "I thought … we will not negotiate", Likeness.ALTERED),
    ("left out without a mark, twice", "I believed that the Leader of the Revolution and that’s it", Likeness.ALTERED),
    ("other words", "Cats sleep for most of the day", Likeness.NONE),
    ("only marks", "“…”", Likeness.NONE),
    ("nothing", "", Likeness.NONE),
]


def compared(claim: str, record: str = RECORD) -> Comparison:
    return compare(read(claim), read(record))


@pytest.mark.parametrize(("claim", "likeness"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_borders_of_each_likeness(claim: str, likeness: Likeness) -> None:
    assert compared(claim).likeness is likeness


RISKS = [
    ("a negation dropped", "we will negotiate with the United States", True),
    ("a negation added", "it would not be better to engage in dialogue", True),
    ("a modal replaced", "we must talk to 5,000 people in Tehran", True),
    ("a number changed", "we may talk to 6,000 people in Tehran", True),
    ("a name changed", "we may talk to 5,000 people in Shiraz", True),
    ("a quantity put in", "we may talk to all 5,000 people in Tehran", True),
    ("a condition cut off", "we may talk to 5,000 people in Tehran", True),
    ("a condition kept", "If they ask — well — we may talk to 5,000 people in Tehran", False),
    ("a negation left out with a mark", "the Leader of the Revolution … negotiate with the United States", True),
    ("an article changed", "If they ask — well — we may talk to 5,000 persons in Tehran", False),
    ("a currency sign", "we may talk to $5,000 people in Tehran", True),
    ("nothing changed", RECORD, False),
    ("case changed", RECORD.lower(), False),
]
LETTERS = [
    ("full width", "ｗｅ ｐａｙ １００", "we pay 100", Likeness.NORMALISED),
    ("a ligature", "the ﬁrst oﬃce", "the first office", Likeness.NORMALISED),
    ("an accent of its own", "le cafe\u0301 noir", "le café noir", Likeness.NORMALISED),
    ("a power", "it has 10² stars", "it has 102 stars", Likeness.ALTERED),
    ("an index", "they drink H₂O now", "they drink H2O now", Likeness.ALTERED),
    ("a fraction", "it takes 1½ years", "it takes 11⁄2 years", Likeness.ALTERED),
    ("a circle", "see point ① there", "see point 1 there", Likeness.ALTERED),
    ("a square", "it weighs 5㎏ now", "it weighs 5kg now", Likeness.ALTERED),
    ("a power, in full width", "ｉｔ ｈａｓ １０² stars", "it has 10² stars", Likeness.NORMALISED),
]


@pytest.mark.parametrize(
    ("claim", "record", "likeness"), [case[1:] for case in LETTERS], ids=[case[0] for case in LETTERS]
)
def test_the_form_of_a_letter_is_folded_unless_it_means_another(claim: str, record: str, likeness: Likeness) -> None:
    assert (compared(claim, record).likeness, compared(record, claim).likeness) == (likeness, likeness)


FILLER = " ".join(f"word{number} of many" for number in range(60))
LONG = f"We promised the harbour to the city. {FILLER}. Nobody asked the people of the island. {FILLER}."


@pytest.mark.parametrize(
    ("claim", "unexplained"),
    [
        ("We promised the harbour to nobody asked the people of the island.", 0),
        ("We promised the harbour to the city, and nobody asked the people of the island.", 1),
        ("We sold the harbour to the city. Nobody asked the people of the island.", 1),
    ],
)
def test_words_of_one_quote_in_order_are_near_however_much_is_left_out(claim: str, unexplained: int) -> None:
    found = compared(claim, LONG)
    assert (found.likeness, found.unexplained) == (Likeness.ALTERED, unexplained)
    assert LONG[found.start : found.end].startswith("We promised")
    assert LONG[found.start : found.end].endswith("people of the island")
    assert "".join(difference.claimed for difference in found.differences) == claim.rstrip(".")
    assert "".join(difference.recorded for difference in found.differences) == LONG[found.start : found.end]


def test_the_words_of_a_quote_in_another_order_are_aligned_with_one_place() -> None:
    found = compared("Nobody asked the people of the island. We promised the harbour to the city.", LONG)
    assert LONG[found.start : found.end].count("word") < 60


WHOLE = "Nobody asked the people here."


@pytest.mark.parametrize("around", [3, 30, 300])
def test_a_whole_quote_among_other_words_is_near(around: int) -> None:
    other = " ".join(f"other{number}" for number in range(around))
    found = compared(f"{other} said: “{WHOLE}” {other}", WHOLE)
    assert found.likeness is Likeness.ALTERED
    assert (found.start, found.end) == (0, len(WHOLE))
    assert found.unexplained == 2 * around + 1


def test_a_whole_quote_of_few_words_among_others_is_not_near() -> None:
    assert compared(
        "Many people were there, and then nobody asked them at all, as we heard from others.", "Nobody asked them at"
    ).likeness is (Likeness.NONE)


class Counted(str):
    """A word that counts how often it is looked up or compared."""

    __slots__ = ()
    times = 0

    def __hash__(self) -> int:
        Counted.times += 1
        return super().__hash__()

    def __eq__(self, other: object) -> bool:
        Counted.times += 1
        return super().__eq__(other)


def work(claim: str, record: str) -> int:
    """Return how often words are looked up or compared when a claim is compared with a record and split into parts."""
    texts = [
        Text(text, [token._replace(folded=Counted(token.folded)) for token in tokens(text)]) for text in (claim, record)
    ]
    Counted.times = 0
    compare(*texts)
    merged.parts(texts[0], texts[1:])
    return Counted.times


@pytest.mark.parametrize(
    ("claim", "record"),
    [("the ", "the "), ("the the the the zebra ", "the "), ("b a c ", "a b c "), ("a, ", "a b, ")],
)
def test_the_work_grows_with_the_length_and_not_with_its_square(claim: str, record: str) -> None:
    short, long = (work(f"zebra {claim * times} zebra", record * times * 4) for times in (50, 500))
    assert short < long < 15 * short


@pytest.mark.parametrize(("claim", "risk"), [case[1:] for case in RISKS], ids=[case[0] for case in RISKS])
def test_what_may_change_the_meaning(claim: str, risk: bool) -> None:
    assert compared(claim).meaning_risk is risk


@pytest.mark.parametrize("word", ["not", "no", "never", "only", "must", "may", "if", "unless"])
def test_each_weighty_word_is_a_risk_when_it_comes_and_when_it_goes(word: str) -> None:
    short = "the council will vote on the new budget before the summer recess"
    long = short.replace("vote", f"{word} vote")
    assert compared(long, short).meaning_risk
    assert compared(short, long).meaning_risk


def test_the_difference_points_into_both_texts() -> None:
    found = compared("it would be better to begin in dialogue")
    changed = [difference for difference in found.differences if difference.op is not Op.EQUAL]
    assert [(d.op, d.claimed.strip(), d.recorded.strip()) for d in changed] == [(Op.REPLACE, "begin", "engage")]
    assert RECORD[changed[0].recorded_start : changed[0].recorded_end].strip() == "engage"


WORDS = st.sampled_from(
    [
        "the",
        "a",
        "council",
        "vote",
        "budget",
        "summer",
        "war",
        "peace",
        "we",
        "they",
        "said",
        "will",
        "never",
        "new",
        "old",
        "river",
        "city",
        "people",
        "year",
        "money",
        "law",
        "resign",
        "accept",
        "deny",
        "promise",
        "minister",
        "party",
        "court",
        "border",
        "school",
        "water",
        "energy",
        "Ñandú",
        "l’été",
        "1,000",
        "42",
        "don’t",
        "10²",
        "101",
        "H₂O",
        "1½",
        "слово",
        "λόγος",
        "محمود",
        "नमस्ते",
        "言葉",
    ]
)
SENTENCES = st.lists(WORDS, min_size=4, max_size=30).map(lambda words: " ".join(words).capitalize() + ".")
ANY_TEXT = st.text(min_size=1, max_size=80)
MODERATE = settings(deadline=None, max_examples=150)


@MODERATE
@given(ANY_TEXT)
def test_a_text_is_always_verbatim_itself(text: str) -> None:
    assert compared(text, text).likeness is Likeness.VERBATIM


@MODERATE
@given(ANY_TEXT, ANY_TEXT)
def test_any_two_texts_can_be_compared(claim: str, record: str) -> None:
    found = compared(claim, record)
    assert 0 <= found.score <= 1
    assert 0 <= found.start <= found.end <= len(record)


STRANGERS = [
    *(
        "zebra",
        "not",
        "²",
        "½",
        "①",
        "㎏",
        "H₂",
        "10²",
        "102",
        "７",
        "ⅳ",
        "ﬁ",
        "ñ",
        "Ω",
        "слово",
        "слова",
        "λόγος",
        "λόγοι",
    ),
    *("مسعود", "محمود", "नमस्ते", "नमस्कार", "言葉", "言語", "שלום", "สวัสดี", "e\u0301", "ß", "İ", "👍", "%", "€"),
]


def edited(sentence: str, seed: int) -> str:
    """Replace, insert or inwardly drop one word, so that the words really differ."""
    chance = random.Random(seed)
    words = sentence.rstrip(".").split(" ")
    at = chance.randrange(1, len(words) - 1)
    kind = chance.choice(["replace", "insert", "drop"])
    if kind == "replace":
        words[at] = chance.choice(STRANGERS)
    elif kind == "insert":
        words.insert(at, chance.choice(STRANGERS))
    else:
        del words[at]
    return " ".join(words) + "."


@MODERATE
@given(SENTENCES, st.integers(0, 2**32))
def test_no_changed_word_is_ever_taken_for_the_same(sentence: str, seed: int) -> None:
    claim = edited(sentence, seed)
    mine, theirs = [t.folded for t in tokens(claim)], [t.folded for t in tokens(sentence)]
    # Dropping one of two equal neighbours, or of a repeated run, may leave a true fragment.
    runs = [theirs[at : at + len(mine) - 1] for at in range(len(theirs))]
    assume(mine != theirs and mine[:-1] not in runs)
    likeness = compared(claim, sentence).likeness
    assert likeness not in (Likeness.VERBATIM, Likeness.NORMALISED, Likeness.FRAGMENT)


@MODERATE
@given(SENTENCES, SENTENCES)
def test_folding_changes_nothing_but_verbatim_to_normalised(claim: str, record: str) -> None:
    plain = compared(claim, record).likeness
    folded = compared(claim.upper().replace("’", "'").replace(" ", "  "), record).likeness
    assert folded is (Likeness.NORMALISED if plain is Likeness.VERBATIM else plain)


@MODERATE
@given(SENTENCES, st.integers(0, 2**32))
def test_the_differences_applied_to_the_claim_give_the_record(sentence: str, seed: int) -> None:
    claim = edited(edited(sentence, seed), seed + 1)
    found = compared(claim, sentence)
    assume(found.likeness is not Likeness.NONE)
    assert "".join(difference.recorded for difference in found.differences) == sentence[found.start : found.end]
    if found.likeness is Likeness.ALTERED:
        first, last = found.differences[0].claimed_start, found.differences[-1].claimed_end
        assert "".join(difference.claimed for difference in found.differences) == claim[first:last]
        assert claim[last:].strip(" .,\"'“”") == "" == claim[:first].strip(" .,\"'“”")
    for difference in found.differences:
        assert sentence[difference.recorded_start : difference.recorded_end] == difference.recorded
        assert claim[difference.claimed_start : difference.claimed_end] == difference.claimed
        if difference.op is Op.EQUAL:
            assert [t.folded for t in tokens(difference.claimed)] == [t.folded for t in tokens(difference.recorded)]
