"""The summary: true in each case, and fit to be read aloud."""

import re

import pytest
from pydantic import JsonValue

from app.text.compare import read
from app.text.summary import Covered, Quote, summarise
from app.text.verdict import Candidate, Judged, Verdict, judge

COVERED = Covered(2, 1, "2025-03-01", "2025-03-21", 51)
NAMES = {"ann": "Ann", "bob": "Bob", "carl": "Carl", "dora": "Dora"}
WORDS = "We will bomb the harbour at dawn."
OTHER = "The old road must stay open all winter."


def quote(name: str, text: str, speaker: str | None, *, polarity: str = "asserted", kind: str = "direct") -> Candidate:
    return Candidate(name, read(text), kind, polarity, speaker)


def document(candidate: Candidate) -> Quote:
    speaker: JsonValue = None if candidate.speaker is None else {"name": NAMES[candidate.speaker]}
    return {"speaker": speaker, "said": {"edtf": "2025-03-02"}, "source": {"title": "News"}}


def told(
    claim: str,
    record: list[Candidate],
    named: str | None = None,
    *,
    limit: int = 20,
    is_known: bool = True,
    nearest: str | None = None,
) -> tuple[Verdict, str]:
    speakers = None if named is None else {named.lower()} & NAMES.keys()
    judged: Judged = judge(read(claim), record, speakers=speakers)
    documents = [document(match.candidate) for match in judged.matches[:limit]]
    return judged.verdict, summarise(judged, documents, COVERED, named, is_known=is_known, nearest=nearest)


ANN = quote("a", WORDS, "ann")
ANN_DENIED = quote("b", WORDS, "ann", polarity="denied")
CARL_NOT = quote("c", WORDS, "carl", polarity="not_said")
NOBODY = quote("d", WORDS, None)
ALLEGED = quote("e", WORDS, "dora", polarity="alleged")
ROAD = quote("f", OTHER, "bob")
REPORT = quote("g", OTHER, "bob", kind="indirect")
AT = "2025-03-02, in “News”"

CASES = [
    ("verbatim", WORDS, [ANN], None, f"On the record in exactly these words: Ann, {AT}."),
    (
        "also not said by another",
        WORDS,
        [ANN, CARL_NOT],
        None,
        f"On the record in exactly these words: Ann, {AT}. The record also has it as not said by Carl.",
    ),
    (
        "not said by the one named",
        WORDS,
        [ANN, CARL_NOT],
        "Carl",
        (
            f"Of Carl the record has this only as something that was not said: Carl, {AT}. "
            "The record also has it as said by Ann."
        ),
    ),
    (
        "denied by the one named, alleged of another",
        WORDS,
        [ANN_DENIED, ALLEGED],
        "Ann",
        (
            f"Of Ann the record has this only as something that was denied: Ann, {AT}. "
            "The record also has it as attributed to Dora."
        ),
    ),
    (
        "denied by another",
        WORDS,
        [ANN_DENIED],
        "Bob",
        f"The record has this only as something that was denied: Ann, {AT}. That concerns Ann, not Bob.",
    ),
    ("denied", WORDS, [ANN_DENIED], None, f"The record has this only as something that was denied: Ann, {AT}."),
    (
        "nearly what is denied",
        WORDS.replace("dawn", "noon"),
        [ANN_DENIED],
        None,
        f"Not on the record in these words; the nearest it has is something that was denied: Ann, {AT}.",
    ),
    (
        "by another, who is not the only one",
        WORDS,
        [ANN, CARL_NOT, quote("h", WORDS, "dora", polarity="denied")],
        "Bob",
        (
            f"On the record, but not as said by Bob: Ann, {AT}. "
            "The record also has it as denied by Dora and not said by Carl."
        ),
    ),
    (
        "by another, in other words",
        WORDS.replace("dawn", "noon"),
        [ANN],
        "Bob",
        f"Not on the record in these words; the nearest quote differs, and is not by Bob: Ann, {AT}.",
    ),
    (
        "in other words",
        WORDS.replace("will", "must"),
        [ANN],
        "Ann",
        (
            f"Not on the record in these words; the nearest quote differs: Ann, {AT}. "
            "Take care: what differs or is cut away may change the meaning."
        ),
    ),
    (
        "by one whom the source does not name",
        WORDS,
        [NOBODY],
        "Bob",
        (
            f"On the record in exactly these words: a speaker whom the source does not name, {AT}. "
            "Whether that was Bob the source does not tell."
        ),
    ),
    (
        "run together",
        "We will bomb the harbour and the old road must stay open",
        [ANN, ROAD],
        None,
        f"Not on the record as one quote: parts of 2 quotes are run together: Ann, {AT}; Bob, {AT}.",
    ),
    (
        "run together, one part by the one named",
        "We will bomb the harbour and the old road must stay open",
        [ANN, ROAD],
        "Ann",
        (
            f"Not on the record as one quote: parts of 2 quotes are run together: Ann, {AT}; Bob, {AT}. "
            "Not all of them are by Ann."
        ),
    ),
    (
        "run together of denials and reports, by others",
        "We will bomb the harbour and the old road must stay open",
        [ANN_DENIED, REPORT],
        "Dora",
        (
            f"Not on the record as one quote: parts of 2 quotes are run together: Ann, {AT}; Bob, {AT}. "
            "None of them are by Dora. Some of these are the reporter's words, not the speaker's own. "
            "The source gives a part of it as denied."
        ),
    ),
    (
        "a report",
        OTHER,
        [REPORT],
        None,
        (
            "On the record in these words, but for punctuation around them or the way they are written: "
            f"Bob, {AT}. These are the reporter's words about it, not the speaker's own."
        ),
    ),
    (
        "nearly a report",
        OTHER.replace("winter", "summer"),
        [REPORT],
        None,
        (
            f"Not on the record in these words; the nearest quote differs: Bob, {AT}. "
            "The recorded words are the reporter's, not the speaker's own."
        ),
    ),
    (
        "alleged",
        WORDS,
        [ALLEGED],
        None,
        f"On the record in exactly these words: Dora, {AT}. The source gives it as alleged, not as said.",
    ),
    (
        "a part without its modal",
        "bomb the harbour at dawn",
        [ANN],
        None,
        (
            f"On the record as part of a longer quote: Ann, {AT}. "
            "Take care: what is cut away around it may change the meaning."
        ),
    ),
    (
        "with words left out",
        "We … bomb the harbour",
        [ANN],
        None,
        (
            f"On the record with the words between, which the claim marks as left out: Ann, {AT}. "
            "Take care: what is left out may change the meaning."
        ),
    ),
    (
        "nothing",
        "Cats sleep for most of the day",
        [ANN],
        "Ann",
        (
            "Nothing on the record matches these words. That does not mean they were never said: the record covers 51 "
            "quotes in 2 sources of 2025-03-01 to 2025-03-21, 1 of them recorded completely."
        ),
    ),
]


@pytest.mark.parametrize(
    ("claim", "record", "named", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_summary_of(claim: str, record: list[Candidate], named: str | None, expected: str) -> None:
    _, summary = told(claim, record, named)
    assert re.sub(r" Take care: what is cut away around the parts may change the meaning\.", "", summary) == expected


UNKNOWN = [
    ("the words of another", WORDS, None, "On the record, but not as said by Anne, whom the record does not know: Ann"),
    ("the words of another", WORDS, "Ann", "Perhaps Ann is meant."),
    ("nearly the words of another", WORDS.replace("dawn", "noon"), "Ann", "The record does not know Anne. Perhaps Ann"),
    ("nothing", "Cats sleep for most of the day", None, "completely. The record does not know Anne."),
]


@pytest.mark.parametrize(("claim", "nearest", "expected"), [case[1:] for case in UNKNOWN])
def test_a_name_that_the_record_does_not_know(claim: str, nearest: str | None, expected: str) -> None:
    summary = told(claim, [ANN], "Anne", is_known=False, nearest=nearest)[1]
    assert expected in summary
    assert ("Perhaps" in summary) is (nearest is not None)
    assert summary.endswith(".")


def test_what_else_is_on_the_record_is_told_though_it_is_not_among_the_documents() -> None:
    verdict, summary = told(WORDS, [ANN, CARL_NOT], limit=1)
    assert verdict is Verdict.VERBATIM
    assert summary.endswith("The record also has it as not said by others.")


def test_of_many_quotes_run_together_three_are_told() -> None:
    texts = [
        "We will bomb the harbour",
        "the old road must stay open",
        "nobody asked the people here",
        "every school gets a library",
    ]
    record = [quote(text[:1], f"{text} and so on it went", "ann") for text in texts]
    verdict, summary = told(" ".join(texts), record)
    assert verdict is Verdict.MERGED
    assert f"parts of 4 quotes are run together: Ann, {AT}; Ann, {AT}; Ann, {AT}; and 1 more." in summary


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2025-03-02", "2025-03-02"),
        ("2025-03-02?", "probably 2025-03-02"),
        ("../2025-03-02", "by 2025-03-02"),
        ("2025-03-02/..", "since 2025-03-02"),
        ("2025-01-21/2025-03-21", "between 2025-01-21 and 2025-03-21"),
        (None, "day unknown"),
    ],
)
def test_a_date_is_told_in_words(edtf: str | None, expected: str) -> None:
    judged = judge(read(WORDS), [ANN], speakers=None)
    summary = summarise(judged, [{**document(ANN), "said": {"edtf": edtf}}], COVERED, None)
    assert summary == f"On the record in exactly these words: Ann, {expected}, in “News”."
