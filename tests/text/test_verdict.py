"""Each verdict, with several quotes on the record; and that their order does not matter."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.compare import read
from app.text.verdict import Candidate, Verdict, judge


def quote(
    name: str, text: str, *, kind: str = "direct", polarity: str = "asserted", speaker: str | None = "ann"
) -> Candidate:
    return Candidate(name, read(text), kind, polarity, speaker)


TAX = quote("a", "We will cut the tax on bread next year.")
TAX_BOB = quote("b", "We will cut the tax on bread next year.", speaker="bob")
ROAD = quote("c", "The old road to the harbour must stay open all winter.", speaker="bob")
SCHOOL = quote("d", "Every school in the city gets a library.", kind="indirect")
DENIED = quote("e", "We sold the harbour to a friend.", polarity="denied")
SILENT = quote("f", "the price of the new bridge", kind="indirect", polarity="not_said")
UNKNOWN = quote("g", "Nobody asked the people of the island.", speaker=None)
MIXED = quote("h", "the minister called the plan “a very bad joke” in parliament", kind="mixed")
RECORD = [TAX, ROAD, SCHOOL, DENIED, SILENT, UNKNOWN, MIXED]

CASES = [
    ("the very words", "We will cut the tax on bread next year.", None, Verdict.VERBATIM),
    ("the very words, by the one named", "We will cut the tax on bread next year.", {"ann"}, Verdict.VERBATIM),
    ("the very words, by another", "We will cut the tax on bread next year.", {"bob"}, Verdict.MISATTRIBUTED),
    ("a part, by another", "cut the tax on bread", {"bob"}, Verdict.MISATTRIBUTED),
    ("by a name that nobody has", "We will cut the tax on bread next year.", set(), Verdict.MISATTRIBUTED),
    ("of a speaker whom the source does not name", "Nobody asked the people of the island.", {"bob"}, Verdict.VERBATIM),
    ("a report's very words", "Every school in the city gets a library.", None, Verdict.NORMALISED),
    ("a part of a report", "Every school in the city", None, Verdict.FRAGMENT),
    ("what is denied", "We sold the harbour to a friend.", None, Verdict.NOT_SAID),
    ("nearly what is denied", "We sold the harbour to a brother.", None, Verdict.NOT_SAID),
    ("what was not said", "the price of the new bridge", None, Verdict.NOT_SAID),
    ("words differ", "We will cut the tax on milk next year.", None, Verdict.ALTERED),
    ("words differ, by another", "We will cut the tax on milk next year.", {"bob"}, Verdict.MISATTRIBUTED),
    (
        "two quotes run together",
        "We will cut the tax on bread and the old road to the harbour must stay open.",
        None,
        Verdict.MERGED,
    ),
    (
        "two parts of one quote are not two quotes",
        "The old road to the harbour must stay open all winter the old road to the harbour",
        None,
        Verdict.ALTERED,
    ),
    ("left out", "We will … next year.", None, Verdict.ELIDED),
    ("other words", "Cats sleep for most of the day.", None, Verdict.UNATTESTED),
    ("other words, by somebody", "Cats sleep for most of the day.", {"ann"}, Verdict.UNATTESTED),
]


@pytest.mark.parametrize(
    ("claim", "speakers", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_verdict_on(claim: str, speakers: set[str] | None, verdict: Verdict) -> None:
    assert judge(read(claim), RECORD, speakers=speakers).verdict is verdict


def test_the_named_speaker_s_own_quote_comes_first() -> None:
    found = judge(read("We will cut the tax on bread next year."), [TAX, TAX_BOB], speakers={"bob"})
    assert (found.verdict, found.matches[0].candidate.id) == (Verdict.VERBATIM, "b")


def test_a_report_is_a_paraphrase_and_never_verbatim() -> None:
    found = judge(read("Every school in the city gets a library."), RECORD, speakers=None)
    assert found.matches[0].is_paraphrase
    assert found.matches[0].comparison.score == 1


@pytest.mark.parametrize(
    ("claim", "paraphrase"),
    [("a very bad joke", False), ("called the plan “a very bad joke”", True), ("the minister called the plan", True)],
)
def test_of_a_mixed_quote_only_what_stands_in_marks_is_the_speaker_s(claim: str, paraphrase: bool) -> None:
    assert judge(read(claim), RECORD, speakers=None).matches[0].is_paraphrase is paraphrase


def test_a_merged_claim_has_its_parts_in_order() -> None:
    claim = "The old road to the harbour must stay open and we will cut the tax on bread."
    found = judge(read(claim), RECORD, speakers=None)
    words = [claim[part.claimed_start : part.claimed_end] for part in found.parts]
    assert words == ["The old road to the harbour must stay open", "we will cut the tax on bread"]
    assert [found.matches[part.quote].candidate.id for part in found.parts] == ["c", "a"]
    for part in found.parts:
        recorded = found.matches[part.quote].candidate.text.text[part.recorded_start : part.recorded_end]
        assert recorded.lower() == claim[part.claimed_start : part.claimed_end].lower()


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([case[1] for case in CASES]), st.sampled_from([None, "ann", "bob"]), st.integers(0, 2**32))
def test_the_verdict_does_not_depend_on_the_order_of_the_record(claim: str, named: str | None, seed: int) -> None:
    shuffled = [*RECORD, TAX_BOB]
    random.Random(seed).shuffle(shuffled)
    speakers = None if named is None else {named}
    plain, other = (judge(read(claim), record, speakers=speakers) for record in ([*RECORD, TAX_BOB], shuffled))
    assert plain.verdict is other.verdict
    assert [match.candidate.id for match in plain.matches] == [match.candidate.id for match in other.matches]
