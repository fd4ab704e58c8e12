"""Extraction: whose words each quotation is, what is reported without marks, and that no text makes it fail."""

from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from app.text.extract import extract
from tests.conftest import SEED
from tests.text.test_hostile import prove_sound

DAY = date(2025, 3, 21)


def told(text: str, kinds: tuple[str, ...] = ("direct", "mixed")) -> list[tuple[str, str | None, str | None]]:
    """Return of each proposal of these kinds the words, the speaker and the cue, as the text prints them."""

    def words(span: tuple[int, int] | None) -> str | None:
        return None if span is None else text[slice(*span)]

    return [
        (" … ".join(text[slice(*span)] for span in found.spans), words(found.speaker), words(found.cue))
        for found in extract(text, DAY)
        if found.kind in kinds and found.parent is None
    ]


QUOTATIONS = {
    "speaker, verb": ("“It rained all day,” Ann Roe said.", "It rained all day,", "Ann Roe", "said"),
    "verb, speaker": ("“It rained all day,” said Ann Roe.", "It rained all day,", "Ann Roe", "said"),
    "pronoun": ("“It rained all day,” she added.", "It rained all day,", "she", "added"),
    "question": ("“Did it rain?” he asked.", "Did it rain?", "he", "asked"),
    "straight marks": ('"It rained all day," Ann Roe said.', "It rained all day,", "Ann Roe", "said"),
    "single marks": ("‘It didn’t rain at all,’ Ann Roe told me.", "It didn’t rain at all,", "Ann Roe", "told"),
    "guillemets": ("«It rained all day», said Ann Roe.", "It rained all day", "Ann Roe", "said"),
    "low and high marks": ("„It rained all day“, said Ann Roe.", "It rained all day", "Ann Roe", "said"),
    "before": ("Ann Roe said: “It rained all day.”", "It rained all day.", "Ann Roe", "said"),
    "to whom": ("Ann Roe told the council, “It rained all day.”", "It rained all day.", "Ann Roe", "told"),
    "when": ("Ann Roe on Tuesday said, “It rained all day.”", "It rained all day.", "Ann Roe", "said"),
    "apposition": (
        "“It rained all day,” the ferry’s captain, a former fisherman, told reporters.",
        "It rained all day,",
        "the ferry’s captain",
        "told",
    ),
    "relative clause": (
        "Ann Roe, who keeps the light at the point, said: “It rained all day.”",
        "It rained all day.",
        "Ann Roe",
        "said",
    ),
    "office": (
        "“It rained all day,” said a spokesman for the harbour board.",
        "It rained all day,",
        "a spokesman for the harbour board",
        "said",
    ),
    "bracket": ("“It rained all day,” Rep. Ann Roe (Ind.) said.", "It rained all day,", "Rep. Ann Roe", "said"),
    "two speakers": ("“It rained all day,” Roe and Poe wrote.", "It rained all day,", "Roe and Poe", "wrote"),
    "according to": ("“It rained all day,” according to Ann Roe.", "It rained all day,", "Ann Roe", "according to"),
    "and said": ("Ann Roe closed the gate and said: “It rained all day.”", "It rained all day.", "Ann Roe", "said"),
    "adding": ("Ann Roe thanked the crew, adding: “It rained all day.”", "It rained all day.", "Ann Roe", "adding"),
    "what she wants": ("Ann Roe said she wants “a drier summer” next year.", "a drier summer", "Ann Roe", "said"),
    "fragment": ("Ann Roe called the plan “a leaky boat”.", "a leaky boat", "Ann Roe", "called"),
    "report around": ("The plan is “a leaky boat”, Ann Roe said.", "a leaky boat", "Ann Roe", "said"),
    "name with a stop": (
        "“It rained all day,” said Ann B. Roe of the U.S. fleet.",
        "It rained all day,",
        "Ann",
        "said",
    ),
    "adverb like a name": ("“It rained all day,” Kelly said.", "It rained all day,", "Kelly", "said"),
}


@pytest.mark.parametrize(("text", "words", "speaker", "cue"), QUOTATIONS.values(), ids=QUOTATIONS)
def test_whose_a_quotation_is(text: str, words: str, speaker: str, cue: str) -> None:
    (found,) = told(text)
    assert (found[0], found[2]) == (words, cue)
    assert found[1] is not None
    assert found[1].startswith(speaker)


GROUPS = {
    "in one sentence": ("“It rained,” Ann Roe said, “all day.”", [("It rained, … all day.", "Ann Roe")]),
    "in the paragraph": ("“It rained,” Ann Roe said. “All day long.”", [("It rained, … All day long.", "Ann Roe")]),
    "in the next paragraph": (
        "“It rained,” Ann Roe said. “All day long.\n\n“And all the night.”",
        [("It rained, … All day long. … And all the night.", "Ann Roe")],
    ),
    "after a colon": ("Ann Roe was blunt:\n\n“It rained all day.”", [("It rained all day.", "Ann Roe")]),
    "of two people": (
        "“It rained all day,” Ann Roe said.\n\n“It was dry here,” said Bob Poe.",
        [("It rained all day,", "Ann Roe"), ("It was dry here,", "Bob Poe")],
    ),
    "then he said": (
        "Ann Roe said, “It rained all day.” He added, “It was dry here.”",
        [("It rained all day.", "Ann Roe"), ("It was dry here.", "He")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), GROUPS.values(), ids=GROUPS)
def test_what_belongs_together(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(words, speaker) for words, speaker, cue in told(text)]
    assert [pair for pair in found if pair in expected] == expected


UNSPOKEN = {
    "a title": "The choir sang in the film “The Long Way Home” last night.",
    "a nickname": "James “Jim” Poe bought the boat last year.",
    "so-called": "Ann Roe said the so-called “lighthouse” was a shed.",
    "a programme": "Bob Poe appears on “Meet the Press” each week.",
}


@pytest.mark.parametrize("text", UNSPOKEN.values(), ids=UNSPOKEN)
def test_what_was_not_said_is_left_out(text: str) -> None:
    assert told(text) == []


REPORTS = {
    "that": ("Ann Roe said that the harbour is closed.", "that the harbour is closed", "Ann Roe"),
    "no that": ("Ann Roe said the harbour is closed.", "the harbour is closed", "Ann Roe"),
    "behind": ("The harbour is closed, Ann Roe said.", "The harbour is closed", "Ann Roe"),
    "inverted": ("The harbour is closed, said Ann Roe.", "The harbour is closed", "Ann Roe"),
    "according to": ("According to Ann Roe, the harbour is closed.", "the harbour is closed", "Ann Roe"),
    "around": ("The harbour, Ann Roe said, is closed for good.", "The harbour … is closed for good", "Ann Roe"),
    "to whom": ("Ann Roe told reporters that the harbour is closed.", "that the harbour is closed", "Ann Roe"),
    "when": ("Ann Roe said on Monday that the harbour is closed.", "that the harbour is closed", "Ann Roe"),
    "a vow": ("Ann Roe vowed to close the harbour.", "to close the harbour", "Ann Roe"),
    "a group": ("Experts believe that the harbour is closed.", "that the harbour is closed", "Experts"),
    "a headline": ("Mayor Says Harbour Is Closed for Good.", "Harbour Is Closed for Good", "Mayor"),
}


@pytest.mark.parametrize(("text", "words", "speaker"), REPORTS.values(), ids=REPORTS)
def test_what_is_reported_without_marks(text: str, words: str, speaker: str) -> None:
    assert (words, speaker) in [(said, who) for said, who, _ in told(text, ("indirect",))]


@pytest.mark.parametrize(
    "text",
    [
        "The claim is old.",
        "In order to sail, they waited.",
        "He was under attack.",
        "It rained all day.",
        "News reports vary.",
    ],
)
def test_what_reports_nothing(text: str) -> None:
    assert told(text, ("direct", "mixed", "indirect")) == []


POLARITY = {
    "asserted": "Ann Roe said that the harbour is closed.",
    "denied": "Ann Roe denied that the harbour is closed.",
    "not_said": "Ann Roe did not say that the harbour is closed.",
    "hypothetical": "Ann Roe might say that the harbour is closed.",
}


@pytest.mark.parametrize(("polarity", "text"), POLARITY.items(), ids=POLARITY)
def test_a_denial_is_never_a_statement(polarity: str, text: str) -> None:
    assert {found.polarity for found in extract(text)} == {polarity}


NAMES = {
    "a surname": ("Ann Roe sails. “It rained all day,” Roe said.", "Ann Roe", "person"),
    "with a title": ("Ann Roe sails. “It rained all day,” Ms. Roe said.", "Ann Roe", "person"),
    "he and she": ("Ann Roe met Mr. Poe. “It rained all day,” he said.", "Poe", "person"),
    "she": ("Ms. Roe met Bob Poe, a fisherman and a man of few words. “It rained,” she said.", "Roe", "person"),
    "a body": ("“It rained all day,” the Harbour Board said.", "Harbour Board", "organization"),
    "a state": ("“It rained all day,” Norway said.", "Norway", "organization"),
    "a group": ("“It rained all day,” three sailors said.", "three sailors", "group"),
    "unnamed": ("“It rained all day,” a sailor said.", "a sailor", "unnamed"),
    "nobody": ("“It rained all day,” he said.", None, "person"),
}


@pytest.mark.parametrize(("text", "name", "kind"), NAMES.values(), ids=NAMES)
def test_whom_a_mention_means(text: str, name: str | None, kind: str) -> None:
    (found,) = [found for found in extract(text) if found.kind == "direct"]
    assert found.name is not None
    assert (found.name.name, found.name.kind) == (name, kind)


def test_a_quotation_within_a_quotation_is_nested_in_it() -> None:
    text = "“She told me, ‘Sail at dawn,’ and we did,” Bob Poe said."
    outer, inner = (found for found in extract(text) if found.kind != "indirect")
    assert (text[slice(*inner.spans[0])], inner.parent) == ("Sail at dawn,", 0)
    assert outer.parent is None


def test_a_fragment_comes_with_the_report_in_which_it_stands() -> None:
    text = "Ann Roe said the plan is “a leaky boat” and a bad one."
    (found,) = [found for found in extract(text) if found.kind == "mixed"]
    assert found.clause is not None
    assert text[slice(*found.clause)] == "the plan is “a leaky boat” and a bad one"


def test_the_day_is_worked_out_from_the_sentence_and_not_from_the_quotation() -> None:
    text = "“We sailed on March 1,” Ann Roe said on March 2."
    (found,) = [found for found in extract(text, DAY) if found.kind == "direct"]
    assert found.said is not None
    assert (found.said.edtf, found.said.basis) == ("2025-03-02", "resolved")


def test_the_seed_s_direct_quotes_have_the_right_speakers() -> None:
    text = SEED.with_suffix(".txt").read_bytes().decode()
    found = [
        (text[slice(*proposal.spans[0])][:20], proposal.name.name if proposal.name else None)
        for proposal in extract(text, DAY)
        if proposal.kind == "direct"
    ]
    assert found == [
        ("I believed that it w", "Pezeshkian"),
        ("However, we must fin", "Pezeshkian"),
        ("I may hold a belief,", "Pezeshkian"),
        ("The only exception h", "Ali Khamenehi"),
        ("If the objective of ", "the mission"),
        ("They [the Americans]", "Ali Khamenehi"),
        ("I hope you’re going ", "Trump"),
    ]


ALPHABET = some.sampled_from(
    [*"“”‘’'\"«»„‹› \n.,:;?!—()-", " said ", " Ann Roe ", " he ", " that ", "’s", " March 2 ", "U.S."]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some.one_of(some.text(max_size=400), some.lists(ALPHABET, max_size=120).map("".join)))
@example("“" * 50)
@example("\r\n“a” said\u2028Ann\x85“b")
def test_no_text_makes_it_fail(text: str) -> None:
    prove_sound(text, extract(text, DAY))
