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
    "name after a role": (
        "“It rained all day,” said the ferry’s captain, Ann Roe.",
        "It rained all day,",
        "the ferry’s captain, Ann Roe",
        "said",
    ),
    "name after a calling": (
        "One of them, student Ann Roe, said: “It rained all day.”",
        "It rained all day.",
        "One of them, student Ann Roe",
        "said",
    ),
    "state as an adjective": (
        "“It rained all day,” state news agency NNA said.",
        "It rained all day,",
        "state news agency NNA",
        "said",
    ),
    "quoted as saying, after": (
        "“It rained all day,” the paper quoted Ann Roe as saying.",
        "It rained all day,",
        "Ann Roe",
        "saying",
    ),
    "role, name, colon": ("Her guest, Ann Roe, was blunt: “It rained.”", "It rained.", "Her guest, Ann Roe", ":"),
    "name between commas": (
        "The captain, Ann Roe, said: “It rained all day.”",
        "It rained all day.",
        "The captain, Ann Roe",
        "said",
    ),
    "according to a role": (
        "“It rained all day,” according to the head of the Port Board, Ann Roe.",
        "It rained all day,",
        "the head of the Port Board, Ann Roe",
        "according to",
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
    "unnamed by wish": (
        "An official who asked not to be named said, “It rained all day.”",
        "It rained all day.",
        "An official",
        "said",
    ),
    "speaking to": (
        "Speaking to the Harbour Post, the ferry’s captain, Ann Roe, said: “It rained all day.”",
        "It rained all day.",
        "the ferry’s captain, Ann Roe",
        "said",
    ),
    "quoted as saying": (
        "The paper quoted Ann Roe as saying “it rained all day”.",
        "it rained all day",
        "Ann Roe",
        "saying",
    ),
    "was quoted as saying": (
        "Ann Roe was quoted by the paper as saying “it rained all day”.",
        "it rained all day",
        "Ann Roe",
        "saying",
    ),
    "initials": (
        "“It rained all day,” said J.M. Roe, who sails.",
        "It rained all day,",
        "J.M. Roe",
        "said",
    ),
    "adding to a report": (
        "Ann Roe said the crew feared the storm, adding, “It rained all day.”",
        "It rained all day.",
        "Ann Roe",
        "adding",
    ),
    "a title in between": (
        "Ann Roe, the author of “Sail On,” a book about the sea, said it was “a long, dark night”.",
        "a long, dark night",
        "Ann Roe",
        "said",
    ),
    "as she put it": (
        "As Ann Roe put it, “it rained all day”.",
        "it rained all day",
        "Ann Roe",
        "put it",
    ),
    "points out": ("“It rained all day,” Ann Roe points out.", "It rained all day,", "Ann Roe", "points out"),
    "a name like a verb": ("“It rained all day,” May said.", "It rained all day,", "May", "said"),
    "two apostrophes": ("''It rained all day,'' Ann Roe said.", "It rained all day,", "Ann Roe", "said"),
    "three apostrophes": (
        "''They call it 'rain,''' Ann Roe said.",
        "They call it 'rain,'",
        "Ann Roe",
        "said",
    ),
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
    "in her words": ("Roe wept. It was, in her words, “a long, dark night”.", "a long, dark night", "her", "words"),
    "in the words of": (
        "In the words of Ann Roe, it was “a long, dark night”.",
        "a long, dark night",
        "Ann Roe",
        "words",
    ),
    "her claim": (
        "Nobody heard Ann Roe’s claim that the boat was “not fit to sail”.",
        "not fit to sail",
        "Ann Roe",
        "claim",
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
    "two apostrophes over paragraphs": (
        "''It rained all day.\n\n''And all the night,'' Ann Roe said.",
        [("It rained all day. … And all the night,", "Ann Roe")],
    ),
    "after a colon": ("Ann Roe was blunt:\n\n“It rained all day.”", [("It rained all day.", "Ann Roe")]),
    "of two people": (
        "“It rained all day,” Ann Roe said.\n\n“It was dry here,” said Bob Poe.",
        [("It rained all day,", "Ann Roe"), ("It was dry here,", "Bob Poe")],
    ),
    "question and answer": (
        "Ann Roe asked: “Did it rain all day?” Bob Poe answered: “It did.”",
        [("Did it rain all day?", "Ann Roe"), ("It did.", "Bob Poe")],
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
    "a noun": (
        "Nobody heard Ann Roe’s repeated claim that the harbour is closed.",
        "that the harbour is closed",
        "Ann Roe",
    ),
    "a promise": ("Ann Roe kept her promise to close the harbour.", "to close the harbour", "her"),
    "a headline": ("Mayor Says Harbour Is Closed for Good.", "Harbour Is Closed for Good", "Mayor"),
}


@pytest.mark.parametrize(("text", "words", "speaker"), REPORTS.values(), ids=REPORTS)
def test_what_is_reported_without_marks(text: str, words: str, speaker: str) -> None:
    assert (words, speaker) in [(said, who) for said, who, _ in told(text, ("indirect",))]


@pytest.mark.parametrize(
    "text",
    [
        "The claim is old.",
        "His claim to the throne is old.",
        "He kept his word to them.",
        "In order to sail, they waited.",
        "He was under attack.",
        "It rained all day.",
        "News reports vary.",
    ],
)
def test_what_reports_nothing(text: str) -> None:
    assert told(text, ("direct", "mixed", "indirect")) == []


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
