"""POST and GET /v1/verify on the seeded record."""

import json
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings import ROOT
from app.tables.claim import VerdictRead

ARTICLE = (ROOT / "seed" / "article-2025-03-21.txt").read_text(encoding="utf-8")
EXCEPTION = "The only exception here is America."

CASES = [
    ("the very words", {"text": EXCEPTION}, "verbatim"),
    ("by the one who said them, in another spelling", {"text": EXCEPTION, "speaker": "khamenehi"}, "verbatim"),
    ("by the one who said them, by slug", {"text": EXCEPTION, "speaker": "ali-khamenei"}, "verbatim"),
    ("by another", {"text": EXCEPTION, "speaker": "Trump"}, "misattributed"),
    ("by nobody on the record", {"text": EXCEPTION, "speaker": "Jane Roe"}, "misattributed"),
    ("in capitals", {"text": EXCEPTION.upper()}, "normalised"),
    ("in marks", {"text": f"“{EXCEPTION}”"}, "normalised"),
    ("a part", {"text": "only exception here"}, "fragment"),
    ("one word in marks of a mixed quote", {"text": "bullying"}, "fragment"),
    ("left out", {"text": "I hope … it’s going to be a terrible thing."}, "elided"),
    ("a word dropped", {"text": "The exception here is America."}, "altered"),
    (
        "two quotes run together",
        {"text": "we must find appropriate ways to resolve problems and find the right path within that framework"},
        "merged",
    ),
    ("one word put into one quote", {"text": "the ban on talks quickly with the United States"}, "altered"),
    (
        "one quote without its mark of omission",
        {"text": "the Bushehr plant is not a potential target for any American air raid"},
        "altered",
    ),
    ("a quote among other words", {"text": f"He said it again: {EXCEPTION} Nobody clapped, it seems."}, "altered"),
    ("other words, by another", {"text": "The lone exception here is America.", "speaker": "Trump"}, "altered"),
    ("what he was silent on, of another", {"text": "the issue of hejab enforcement", "speaker": "Trump"}, "not_said"),
    ("what he was silent on", {"text": "the issue of hejab enforcement"}, "not_said"),
    ("other words", {"text": "Cats sleep for most of the day."}, "unattested"),
    ("a report", {"text": "he will not punish women for refusing to cover their hair"}, "normalised"),
    ("within the source", {"text": EXCEPTION, "source": "pezeshkian-khamenei-us-talks-2025-03-21"}, "verbatim"),
]


@pytest.mark.parametrize(("body", "verdict"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_verdict_on(reading: TestClient, body: dict[str, str], verdict: str) -> None:
    response = reading.post("/v1/verify", json=body)
    assert response.status_code == 200, response.text
    answer = VerdictRead.model_validate_json(response.content, strict=False)
    assert answer.verdict == verdict
    assert answer.summary.endswith(".")
    assert answer.coverage.model_dump(mode="json") == {
        "sources": 1,
        "complete_sources": 1,
        "published_from": "2025-03-21",
        "published_to": "2025-03-21",
        "quotes": 52,
    }


def test_the_same_by_an_address_that_can_be_linked(reading: TestClient) -> None:
    linked = reading.get("/v1/verify", params={"text": EXCEPTION, "speaker": "Khamenei"})
    assert linked.json() == reading.post("/v1/verify", json={"text": EXCEPTION, "speaker": "Khamenei"}).json()
    assert linked.headers["etag"]


def public_quotes(client: TestClient) -> Iterator[dict[str, str]]:
    yield from client.get("/v1/quotes?polarity=any&limit=200").json()["items"]


def test_every_recorded_direct_quote_is_verbatim_and_points_at_its_words(reading: TestClient) -> None:
    for item in public_quotes(reading):
        answer = reading.post("/v1/verify", json={"text": item["text"], "limit": 20}).json()
        best = answer["matches"][0]
        if item["kind"] == "direct":
            assert answer["verdict"] == "verbatim"
            assert not best["paraphrase_of"]
        else:
            assert answer["verdict"] != "verbatim"
        mine = next(match for match in answer["matches"] if match["quote"]["id"] == item["id"])
        printed = " … ".join(ARTICLE[span["start"] : span["end"]] for span in mine["anchors"])
        assert printed.replace("\n", " ").strip(" .,”") == item["text"].strip(" .,”")


def test_a_passage_is_anchored_in_the_source_across_a_line_break(reading: TestClient) -> None:
    claim = "subject to consideration. However, should the aim"
    match = reading.post("/v1/verify", json={"text": claim}).json()["matches"][0]
    (span,) = match["anchors"]
    assert ARTICLE[span["start"] : span["end"]] == claim.replace(". However", ".\nHowever")


def test_the_difference_says_what_to_change(reading: TestClient) -> None:
    match = reading.post("/v1/verify", json={"text": "The exception here is America."}).json()["matches"][0]
    assert [(part["op"], part["recorded"].strip()) for part in match["diff"] if part["op"] != "equal"] == [
        ("insert", "only")
    ]
    assert match["meaning_risk"]


def test_a_report_is_told_to_be_the_reporter_s_words(reading: TestClient) -> None:
    answer = reading.post(
        "/v1/verify", json={"text": "he will not punish women for refusing to cover their hair"}
    ).json()
    assert answer["matches"][0]["paraphrase_of"]
    assert "reporter's words" in answer["summary"]


def test_the_nearest_quote_of_another_is_not_told_as_of_the_speaker_named(reading: TestClient) -> None:
    answer = reading.post("/v1/verify", json={"text": "The lone exception here is America.", "speaker": "Trump"}).json()
    assert "is not by Trump: Ali Khamenei" in answer["summary"]


def test_parts_of_others_are_not_told_as_of_the_speaker_named(reading: TestClient) -> None:
    text = "we must find appropriate ways to resolve problems and Iran will not negotiate anything"
    for speaker, told in (
        ("Pezeshkian", "Not all of them are by Pezeshkian."),
        ("Obama", "None of them are by Obama."),
    ):
        answer = reading.post("/v1/verify", json={"text": text, "speaker": speaker}).json()
        assert answer["verdict"] == "merged"
        assert told in answer["summary"]


def test_a_condition_before_a_mark_of_omission_is_cut_off(reading: TestClient) -> None:
    match = reading.post("/v1/verify", json={"text": "such negotiations will never take place"}).json()["matches"][0]
    assert match["meaning_risk"]


def test_unattested_is_never_called_false(reading: TestClient) -> None:
    answer = reading.post("/v1/verify", json={"text": "Cats sleep for most of the day."}).json()
    assert "does not mean" in answer["summary"]
    assert "52 quotes in 1 source" in answer["summary"]
    assert answer["matches"] == []


def test_a_batch_is_answered_in_order(reading: TestClient) -> None:
    claims = [{"text": EXCEPTION}, {"text": "Cats sleep."}, {"text": "bullying", "limit": 1}]
    answer = reading.post("/v1/verify", json={"claims": claims}).json()
    assert [verdict["verdict"] for verdict in answer["verdicts"]] == ["verbatim", "unattested", "fragment"]


BAD = [
    ("no JSON", b"{", 400, "JSON"),
    ("nothing", b"", 400, "JSON"),
    ("a list", b"[]", 422, "object"),
    ("no text", b"{}", 422, "give text"),
    ("an empty text", b'{"text": ""}', 422, "/text"),
    ("a text of another type", b'{"text": 5}', 422, "/text"),
    ("both", b'{"text": "a", "claims": [{"text": "b"}]}', 422, "give text"),
    ("a speaker beside claims", b'{"speaker": "x", "claims": [{"text": "b"}]}', 422, "each claim"),
    ("an unknown member", b'{"text": "a", "speakr": "x"}', 422, "/speakr"),
    ("a limit of 0", b'{"text": "a", "limit": 0}', 422, "/limit"),
    ("a limit of 21", b'{"text": "a", "limit": 21}', 422, "/limit"),
    ("a limit that is true", b'{"text": "a", "limit": true}', 422, "/limit"),
    ("a limit in quotes", b'{"text": "a", "limit": "5"}', 422, "/limit"),
    ("no claims", b'{"claims": []}', 422, "/claims"),
    ("a bad claim", b'{"claims": [{"text": "a"}, {"text": ""}]}', 422, "/claims/1/text"),
    ("an unknown source", b'{"text": "a", "source": "pezeshkian"}', 422, "did you mean pezeshkian-khamenei"),
    ("a lone surrogate", b'{"text": "\\ud800"}', 400, "JSON"),
    ("not UTF-8", b'{"text": "\xff"}', 400, "JSON"),
    ("too long a claim", json.dumps({"text": "a" * 10_001}).encode(), 422, "/text"),
    ("too many claims", json.dumps({"claims": [{"text": "a"}] * 101}).encode(), 422, "/claims"),
    ("too long a body", b'{"text": "' + b"a" * 8_000_001 + b'"}', 413, "8,000,000"),
]


@pytest.mark.parametrize(("body", "status", "names"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_wrong_body_is_a_problem_that_names_it(reading: TestClient, body: bytes, status: int, names: str) -> None:
    response = reading.post("/v1/verify", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert names in response.text


LONG = {"text": "a" * 10_001}
TOLD: list[tuple[str, object, str]] = [
    ("too long a claim", LONG, "/text: it takes at most 10000 characters, not 10001."),
    ("one of several", {"claims": [LONG]}, "/claims/0/text: it takes at most 10000 characters, not 10001."),
    ("an empty claim", {"text": ""}, "/text: it takes at least 1 character, not 0."),
    ("too many claims", {"claims": [{"text": "a"}] * 101}, "/claims: it takes at most 100 items, not 101."),
    ("no claims", {"claims": []}, "/claims: it takes at least 1 item, not 0."),
    ("no list", {"claims": 5}, "/claims=5: it is not a list."),
    ("no claim", {"claims": [5]}, "/claims/0=5: it is not an object."),
    ("no text in it", {"claims": [{}]}, "/claims/0/text: it is missing."),
    ("no text", {"text": 5}, "/text=5: it is not a text."),
    ("a list", [], "It is not an object."),
    ("a limit of 0", {"text": "a", "limit": 0}, "/limit=0: it is less than 1."),
    ("a limit of 21", {"text": "a", "limit": 21}, "/limit=21: it is more than 20."),
    ("a limit that is true", {"text": "a", "limit": True}, "/limit=true: it is not a whole number."),
    ("half a limit", {"text": "a", "limit": 1.5}, "/limit=1.5: it is not a whole number."),
    ("an unknown member", {"text": "a", "speakr": "x"}, "There is no member /speakr: did you mean speaker?"),
]


@pytest.mark.parametrize(("body", "said"), [case[1:] for case in TOLD], ids=[case[0] for case in TOLD])
def test_what_is_wrong_is_said_in_plain_words(reading: TestClient, body: object, said: str) -> None:
    problem = reading.post("/v1/verify", json=body).json()
    assert [problem["detail"], problem["errors"][0]["detail"]] == [said, said]


def test_the_same_is_said_of_a_query(reading: TestClient) -> None:
    detail = reading.get("/v1/verify", params=LONG).json()["detail"]
    assert detail == f"text={'a' * 57}...: it takes at most 10000 characters, not 10001."


@pytest.mark.parametrize(
    "query", ["", "text=", "text=a&speakr=b", "text=a&limit=0", "text=a&text=b", "text=" + "a" * 10_001]
)
def test_a_wrong_query_is_a_problem(reading: TestClient, query: str) -> None:
    assert reading.get(f"/v1/verify?{query}").status_code == 422


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(min_size=1, max_size=200),
    speaker=st.none() | st.text(min_size=1, max_size=40).filter(lambda name: any(map(str.isalnum, name))),
)
def test_any_text_gets_a_verdict(reading: TestClient, text: str, speaker: str | None) -> None:
    response = reading.post("/v1/verify", json={"text": text} | ({"speaker": speaker} if speaker else {}))
    assert response.status_code == 200, response.text


WORST = [
    ("one letter over and over", "a " * 4_999),
    ("one recorded word over and over", "the " * 2_499),
    ("the article itself", ARTICLE[:10_000]),
    ("only marks", "“…”" * 3_333),
    ("a recorded quote over and over", f"{EXCEPTION} " * 277),
]


@pytest.mark.parametrize("claim", [case[1] for case in WORST], ids=[case[0] for case in WORST])
def test_the_longest_claims_are_answered(reading: TestClient, claim: str) -> None:
    assert reading.post("/v1/verify", json={"text": claim[:10_000]}).status_code == 200


@pytest.mark.parametrize(
    ("speaker", "verdict", "says"),
    [
        ("President Masoud Pezeshkian", "verbatim", ""),
        ("Masoud M. Pezeshkian", "verbatim", ""),
        ("Pezeshkhian", "misattributed", "Perhaps Masoud Pezeshkian is meant"),
        ("Jane Roe", "misattributed", "whom the record does not know"),
    ],
)
def test_a_name_is_known_with_a_title_and_when_unknown_the_nearest_is_named(
    reading: TestClient, speaker: str, verdict: str, says: str
) -> None:
    (item,) = reading.get("/v1/quotes?speaker=masoud-pezeshkian&kind=direct&limit=1").json()["items"]
    answer = reading.post("/v1/verify", json={"text": item["text"], "speaker": speaker}).json()
    assert answer["verdict"] == verdict
    assert says in answer["summary"]
