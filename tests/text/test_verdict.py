"""Each verdict, with several quotes on the record; and that their order does not matter."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.compare import read
from app.text.runs import FEWEST_WORDS, Runs
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
    ("words differ, by another", "We will cut the tax on milk next year.", {"bob"}, Verdict.ALTERED),
    (
        "a quote among other words",
        "I heard: nobody asked the people of the island, and so on and on.",
        None,
        Verdict.ALTERED,
    ),
    (
        "one word put into a quote",
        "The old road to the harbour quickly must stay open all winter.",
        None,
        Verdict.ALTERED,
    ),
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


DAWN = "We will bomb the harbour at dawn."
BY_CARL = quote("p", DAWN, speaker="carl", polarity="not_said")
BY_DORA = quote("q", DAWN, speaker="dora")
BY_EVE = quote("r", f"{DAWN} They know it.", speaker="eve", polarity="denied")
BY_NOBODY = quote("s", DAWN, speaker=None)
NEAR_CARL = quote("t", "We will bomb the harbour at noon.", speaker="carl")
FAR_CARL = quote("u", "We will bomb the old bridge at noon.", speaker="carl")
EVE_NEAR = quote("v", "We will bomb the harbour at eight.", speaker="eve", polarity="denied")
OTHER_DAWN = "We will bomb the harbour at ten."

NAMED = [
    ("who did not say it", DAWN, {"carl"}, [BY_CARL, BY_DORA], Verdict.NOT_SAID, "pq"),
    ("who said it", DAWN, {"dora"}, [BY_CARL, BY_DORA], Verdict.VERBATIM, "qp"),
    ("who has nothing of it, where one said it", DAWN, {"bob"}, [BY_CARL, BY_DORA], Verdict.MISATTRIBUTED, "qp"),
    ("who has nothing of it, where nobody said it", DAWN, {"bob"}, [BY_CARL, BY_EVE], Verdict.NOT_SAID, "pr"),
    ("who has near words, where another has these", DAWN, {"carl"}, [NEAR_CARL, BY_DORA], Verdict.MISATTRIBUTED, "qt"),
    ("nobody, where one said it", DAWN, None, [BY_CARL, BY_DORA], Verdict.VERBATIM, "qp"),
    (
        "nobody, where a longer one was said",
        "bomb the harbour at dawn",
        None,
        [BY_EVE, BY_DORA],
        Verdict.FRAGMENT,
        "qr",
    ),
    ("nobody, where the nearest is denied", f"{DAWN} They know it.", None, [BY_EVE, BY_DORA], Verdict.NOT_SAID, "rq"),
    ("who denies it, where the source names none too", DAWN, {"carl"}, [BY_NOBODY, BY_CARL], Verdict.NOT_SAID, "ps"),
    ("whom the source may mean", DAWN, {"bob"}, [BY_NOBODY, BY_DORA], Verdict.VERBATIM, "sq"),
    ("whose words differ", OTHER_DAWN, {"carl"}, [BY_DORA, NEAR_CARL], Verdict.ALTERED, "tq"),
    ("whose words differ much more", OTHER_DAWN, {"carl"}, [BY_DORA, FAR_CARL], Verdict.ALTERED, "qu"),
    ("nobody, where a denied one is as near", OTHER_DAWN, None, [EVE_NEAR, NEAR_CARL], Verdict.ALTERED, "tv"),
    ("nobody, where only a denied one is near", OTHER_DAWN, None, [EVE_NEAR, FAR_CARL], Verdict.NOT_SAID, "vu"),
    ("who denies what is near", OTHER_DAWN, {"eve"}, [EVE_NEAR, NEAR_CARL], Verdict.NOT_SAID, "vt"),
]


@pytest.mark.parametrize(
    ("claim", "speakers", "record", "verdict", "order"), [case[1:] for case in NAMED], ids=[case[0] for case in NAMED]
)
def test_with_a_speaker_named(
    claim: str, speakers: set[str] | None, record: list[Candidate], verdict: Verdict, order: str
) -> None:
    found = judge(read(claim), record, speakers=speakers)
    assert (found.verdict, "".join(match.candidate.id for match in found.matches)) == (verdict, order)
    assert [match.is_own for match in found.matches] == [
        speakers is None or match.candidate.speaker in (None, *speakers) for match in found.matches
    ]


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


def test_a_claim_that_one_quote_explains_is_not_merged() -> None:
    plant = quote("x", "the Bushehr plant … is not a potential target for any American air raid unlike others")
    site = quote("y", "the Bushehr plant is a purely civilian site")
    talks = [quote(who, f"{who} shuns the ban on talks with the United States") for who in ("Ann", "Bob")]
    for claim, best in (
        ("the Bushehr plant is not a potential target for any American air raid", "x"),
        ("the ban on talks quickly with the United States", "Ann"),
    ):
        found = judge(read(claim), [plant, site, *talks], speakers=None)
        assert (found.verdict, found.matches[0].candidate.id, found.parts) == (Verdict.ALTERED, best, [])


def test_the_parts_of_equal_quotes_are_those_of_the_first_place_in_the_first() -> None:
    words = "The old road to the harbour must stay open"
    twice = quote("0", f"{words}, and again: {words.lower()}.")
    claim = f"We will cut the tax on bread and {words.lower()}"
    found = judge(read(claim), [ROAD, TAX_BOB, TAX, twice], speakers=None)
    assert [match.candidate.id for match in found.matches] == ["a", "0"]
    assert [part.recorded_start for part in found.parts] == [0, 0]
    named = judge(read(claim), [ROAD, TAX], speakers={"bob"})
    assert [(match.candidate.id, match.is_own) for match in named.matches] == [("a", False), ("c", True)]


PLAIN = st.lists(st.sampled_from("abcde"), min_size=1, max_size=24).map(" ".join)


@settings(deadline=None, max_examples=300)
@given(PLAIN, st.lists(PLAIN, min_size=1, max_size=3))
def test_the_longest_runs_are_those_that_comparing_every_place_finds(claim: str, records: list[str]) -> None:
    words, others = claim.split(), [record.split() for record in records]

    def size(at: int, record: list[str], start: int) -> int:
        pairs = zip(words[at:], record[start:], strict=False)
        return next(
            (number for number, (mine, theirs) in enumerate(pairs) if mine != theirs),
            min(len(words) - at, len(record) - start),
        )

    for at, place in enumerate(Runs(words).longest(others)):
        every = [
            (size(at, record, start), -n, -start) for n, record in enumerate(others) for start in range(len(record))
        ]
        best = max(every)
        if best[0] >= FEWEST_WORDS:
            assert place == (best[0], -best[1], -best[2])
        else:
            assert place.size < FEWEST_WORDS
    longest = max(size(at, others[0], start) for at in range(len(words)) for start in range(len(others[0])))
    shared = Runs(words).shared(others[0])
    assert max((run.size for run in shared), default=0) == longest
    for run in shared:
        assert words[run.claimed : run.claimed + run.size] == others[0][run.recorded : run.recorded + run.size]


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([case[1] for case in CASES]), st.sampled_from([None, "ann", "bob"]), st.integers(0, 2**32))
def test_the_verdict_does_not_depend_on_the_order_of_the_record(claim: str, named: str | None, seed: int) -> None:
    shuffled = [*RECORD, TAX_BOB]
    random.Random(seed).shuffle(shuffled)
    speakers = None if named is None else {named}
    plain, other = (judge(read(claim), record, speakers=speakers) for record in ([*RECORD, TAX_BOB], shuffled))
    assert plain.verdict is other.verdict
    assert [match.candidate.id for match in plain.matches] == [match.candidate.id for match in other.matches]
