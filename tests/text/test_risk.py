"""What may change the meaning: words that differ, and words of the same sentence that are cut away."""

import pytest

from app.text.compare import compare, read

CASES = [
    ("a name that begins the sentence", "Russia must negotiate now.", "Iran must negotiate now.", True),
    ("an opener for another", "This plan is a good plan.", "That plan is a good plan.", False),
    ("another name for the US", "They talk to them about the price.", "They talk to US about the price.", True),
    ("a name lost before", "must negotiate now", "Iran must negotiate now.", True),
    ("an opener lost before", "the plan is good", "However, the plan is good.", False),
    ("a contraction lost before", "going to the sea", "We’re going to the sea.", False),
    ("a number lost after", "the ships came back", "the ships came back with 40 men", True),
    ("a power differs", "it grew by 10²", "it grew by 10³", True),
    *(
        (f"{word} lost before", "go to the sea", f"they {word} go to the sea", True)
        for word in ("must", "should", "would", "could", "can", "will", "may", "might", "shall", "ought")
    ),
    ("plain words lost before", "go to the sea", "they all-too gladly go to the sea", True),
    ("other plain words lost before", "go to the sea", "they gladly go to the sea", False),
    (
        "a condition before a mark of omission",
        "such negotiations take place",
        "However, if the aim is our peaceful program,… such negotiations take place",
        True,
    ),
    ("what stands before the sentence", "The sea is calm.", "We must go to Iran. The sea is calm.", False),
    ("what stands after the sentence", "The sea is calm.", "The sea is calm. We must go to Iran.", False),
    ("a sentence that ends in marks", "The sea is calm.", "He said: “We must not go.” The sea is calm.", False),
    ("a condition after a semicolon", "the ships come back", "the ships come back; provided that it is calm", True),
    *(
        (
            f"a sentence with {point}",
            "Dawson goes to the sea",
            f"We do not believe that {point} Dawson goes to the sea",
            True,
        )
        for point in ("Mr.", "Mrs.", "Dr.", "Gen.", "Sen.", "Rep.", "J.", "J. R.", "U.S.")
    ),
    ("a point before a small letter", "goes to the sea", "They never said that Yahoo Inc. goes to the sea", True),
    ("a number's abbreviation", "5 is the best of ships", "We doubt if No. 5 is the best of ships", True),
    ("the answer no", "We go to the sea", "Must they? No. We go to the sea.", False),
    ("a percent sign lost", "We will give 5", "We will give 5%.", True),
    ("a percent sign less inside", "we give 5 to the poor people", "we give 5% to the poor people", True),
    ("another currency", "we give €40 to the poor people", "we give $40 to the poor people", True),
    ("a question mark lost", "We go to the sea", "We go to the sea?", True),
    ("a point for a question mark", "We go to the sea.", "We go to the sea?", True),
    ("a question mark for a point", "They go to the sea?", "They go to the sea.", True),
    ("a part of a question", "go to the sea", "They go to the sea or to the lake?", True),
    ("a question kept", "They go to the sea?", "They go to the sea? It is far.", False),
    ("a statement after a question", "It is far", "They go to the sea? It is far.", False),
]


@pytest.mark.parametrize(("claim", "record", "risk"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_may_change_the_meaning_is_told(claim: str, record: str, risk: bool) -> None:
    found = compare(read(claim), read(record))
    assert found.differences
    assert found.meaning_risk is risk


def test_a_condition_left_out_where_the_source_has_a_mark_of_omission() -> None:
    record = (
        "However, should the aim be the dismantlement of Iran’s peaceful nuclear program,… such negotiations will "
        "never take place."
    )
    assert compare(read("such negotiations will never take place"), read(record)).meaning_risk
    assert not compare(read(record), read(record)).meaning_risk


def test_a_title_s_point_hides_no_negation() -> None:
    record = "We do not believe that Mr. Dawson will attack our village."
    assert compare(read("Dawson will attack our village."), read(record)).meaning_risk
