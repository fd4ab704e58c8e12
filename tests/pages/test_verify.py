"""Verify: one claim by a link, and a draft with every quotation in it marked, with and without scripts."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from app.tables.claim import MOST_CLAIMS
from tests.api.hostile import HOSTILE
from tests.pages.browser import LOOKS, UNSCRIPTED, Visit, assert_reads_well_in_every_look

OURS = {"Origin": "http://testserver"}
EXCEPTION = "The only exception here is America."
CHANGED = "They [the Americans] are bringing up new demands that certainly will be accepted by Iran"
REPORTED = "he will not punish women for refusing to cover their hair"
DRAFT = f"""He ruled it out. “{EXCEPTION}” he said, and: “{CHANGED},” he told officials.

The president said "{REPORTED}". A minister added: “Cats sleep for most of the day.”"""
BOTH = pytest.mark.parametrize("look", [LOOKS["light"], UNSCRIPTED], ids=["scripts", "no scripts"])


def sent(client: TestClient, text: str, *, origin: str | None = OURS["Origin"], **fields: str) -> tuple[int, str]:
    """Post the form, and follow where it leads."""
    headers = {} if origin is None else {"Origin": origin}
    answer = client.post("/verify", data={"text": text, **fields}, headers=headers)
    return answer.status_code, answer.text


def labels(page: str) -> list[str]:
    """Return what the marks of a draft say, without their signs."""
    found = re.findall(r'<a class="verdict tag \w+" id="m\d+" href="#c\d+"><bdi>(.*?)</bdi></a>', page)
    return [unescape(re.sub(r"<.*?>", "", words)) for words in found]


def words_of(page: str) -> str:
    """Return what a page reads as, each run of blanks as one."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page)).split())


class Markup(HTMLParser):
    """Takes down the names of a page's elements, and those of their attributes that would be scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _ in attrs if name.startswith("on") or name == "style")}


@pytest.mark.parametrize("address", ["/verify", "/verify?text=The+only+exceptions+here+are+America&speaker=Khamenei"])
def test_it_reads_well(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    assert_reads_well_in_every_look(visit, f"verify {len(address)}")


def test_a_draft_reads_well(visit: Visit) -> None:
    page = visit.page
    page.goto("/verify")
    page.get_by_label("A quotation, or a draft").fill(DRAFT)
    page.get_by_role("button", name="Check").click()
    page.locator(".draft").wait_for()
    assert_reads_well_in_every_look(visit, "verify draft")


@BOTH
def test_a_draft_is_shown_as_pasted_and_each_mark_leads_to_its_verdict_and_back(visit: Visit) -> None:
    page = visit.page
    page.goto("/verify")
    page.get_by_label("A quotation, or a draft").fill(DRAFT)
    page.get_by_role("button", name="Check").click()
    tags = page.locator(".draft .tag")
    assert [tag.inner_text() for tag in tags.all()] == [
        "✓ 1 verbatim",
        "✗ 2 words differ",
        "✗ 3 the reporter’s words",
        "? 4 not on the record",
    ]
    shown = page.locator(".draft").text_content() or ""
    for tag in tags.all():
        shown = shown.replace(tag.text_content() or "", "", 1)
    assert shown == DRAFT
    tags.nth(1).click()
    page.wait_for_url("**#c2")
    assert page.locator("#c2 ins").text_content() == "[the record has: not]"
    page.locator("#c2").get_by_role("link", name="Back to its place in the draft").click()
    page.wait_for_url("**#m2")
    assert visit.complaints == []


def test_the_keyboard_alone_checks_a_claim_which_has_an_address_then(visit: Visit) -> None:
    page = visit.page
    page.goto("/verify")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("we will negotiate with the United States")
    page.keyboard.press("Tab")
    page.keyboard.type("Pezeshkian")
    page.keyboard.press("Enter")
    page.wait_for_url("**/verify?text=we+will+negotiate+with+the+United+States&speaker=Pezeshkian#outcome")
    assert "words differ" in page.locator("#c1 .head").inner_text()
    assert "A negation, a condition, a number or a name differs" in page.locator("#c1 .warns").first.inner_text()


def test_a_difference_is_told_in_words_and_not_by_colour_alone(reading: TestClient) -> None:
    page = reading.get("/verify", params={"text": "The only exceptions here are America"}).text
    assert '<del><span class="unseen">[the claim has: </span>exceptions<span class="unseen">]</span></del>' in page
    assert '<ins><span class="unseen">[the record has: </span>exception<span class="unseen">]</span></ins>' in page


@pytest.mark.parametrize(
    ("text", "speaker", "label", "words"),
    [
        (EXCEPTION, "", "✓ verbatim", "On the record in exactly these words"),
        (EXCEPTION, "Trump", "✗ somebody else’s words", "not as said by Trump"),
        (REPORTED, "", "✗ the reporter’s words", "These words are the reporter’s"),
        ("the issue of hejab enforcement", "", "✗ not said, or denied", "did not say this"),
        (
            "are bringing up new demands that certainly will not be accepted by Iran",
            "",
            "part of a quote",
            "On the record as part of a longer quote",
        ),
        ("Cats sleep for most of the day.", "", "? not on the record", "does not mean that it was never said"),
    ],
)
def test_each_verdict_is_told_with_a_sign_and_in_words(
    reading: TestClient, text: str, speaker: str, label: str, words: str
) -> None:
    page = words_of(reading.get("/verify", params={"text": text, "speaker": speaker}).text)
    assert label in page
    assert words in page
    assert "Looked through: 52 quotes in 1 source, printed on 21 March 2025. Every quote in it is recorded." in page


def test_a_verdict_leads_to_the_quote_and_to_its_place(reading: TestClient) -> None:
    found = reading.get("/v1/verify", params={"text": EXCEPTION}).json()["matches"][0]["quote"]
    page = reading.get("/verify", params={"text": EXCEPTION}).text
    assert f'href="./quotes/{found["id"]}"' in page
    assert f'href="./sources/{found["source"]["slug"]}#q-{found["id"]}"' in page


def test_parts_run_together_are_told_one_by_one(reading: TestClient) -> None:
    text = f"I hope you’re going to negotiate because {EXCEPTION}"
    page = reading.get("/verify", params={"text": text}).text
    assert "quotes run together" in page
    assert re.search(r'<a href="#c1-0"><q dir="auto">', page)
    assert re.search(r'<a href="#c1-1"><q dir="auto">', page)
    assert 'id="c1-1"' in page


@pytest.mark.parametrize(
    ("text", "is_draft"),
    [
        (EXCEPTION, False),
        (f"“{EXCEPTION}”", False),
        (f"“{EXCEPTION} ‘Yes’ it is.”", False),
        ("The so-called “exception” here is America.", False),
        (f"He said: “{EXCEPTION}”", True),
        ("“Yes” and “no” are both possible.", True),
        ("Many words. " * 900, True),
    ],
    ids=["bare", "in marks", "one within", "one word in marks", "quoted", "two", "long"],
)
def test_what_is_pasted_is_one_claim_or_a_draft(reading: TestClient, text: str, is_draft: bool) -> None:
    status, page = sent(reading, text)
    assert status == 200
    assert ('<div class="draft"' in page) == is_draft
    assert ("nothing to check" in page) == (len(text) > 10_000)


def test_the_reader_can_have_it_read_the_other_way(reading: TestClient) -> None:
    page = sent(reading, "The “only exception” here is America.", **{"as": "draft"})[1]
    assert labels(page) == ["! 1 part of a quote: read it first"]
    page = sent(reading, f"He said: “{EXCEPTION}”", **{"as": "claim"})[1]
    assert '<div class="draft"' not in page
    assert "Check each quotation in it by itself" in page


def test_of_many_quotations_the_first_are_checked_which_is_said(reading: TestClient) -> None:
    text = " and ".join(f"“cats {number}”" for number in range(MOST_CLAIMS + 3))
    page = sent(reading, text)[1]
    assert len(labels(page)) == MOST_CLAIMS
    assert f"The draft has {MOST_CLAIMS + 3} quotations: the first {MOST_CLAIMS} are checked" in page
    assert "“cats 102”" in page


def test_a_quotation_longer_than_a_claim_is_told_not_to_be_checked(reading: TestClient) -> None:
    page = sent(reading, f"“{'word ' * 2_500}end” and “{EXCEPTION}”")[1]
    assert labels(page) == ["? 1 not checked", "✓ 2 verbatim"]
    assert "It was not checked: It has more than 10,000 characters." in page


def test_a_long_claim_is_answered_where_it_was_posted(reading: TestClient) -> None:
    answer = reading.post("/verify", data={"text": "word " * 1_500}, headers=OURS, follow_redirects=False)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_the_speaker_of_a_draft_holds_for_each_quotation(reading: TestClient) -> None:
    page = sent(reading, f"“{EXCEPTION}” and “Cats sleep all day.”", speaker="Trump")[1]
    assert labels(page) == ["✗ 1 somebody else’s words", "? 2 not on the record"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": " \n "}, "Paste the words to check."),
        ({"text": EXCEPTION, "speaker": "!!!"}, "it names nobody"),
        ({"text": f"He said “{EXCEPTION}”", "speaker": "!!!"}, "it names nobody"),
        ({"text": EXCEPTION, "source": "nowhere"}, "nowhere"),
        ({"text": EXCEPTION, "limit": "x"}, "limit=x"),
        ({"text": EXCEPTION, "colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_told_in_the_form_which_keeps_what_was_typed(
    reading: TestClient, fields: dict[str, str], words: str
) -> None:
    for answer in (reading.post("/verify", data=fields, headers=OURS), reading.get("/verify", params=fields)):
        assert answer.status_code == 422
        assert words in unescape(answer.text)
        if fields["text"].strip():
            assert fields["text"] in unescape(answer.text)


def test_a_draft_too_long_is_told_to_be_pasted_in_parts(reading: TestClient) -> None:
    status, page = sent(reading, f"“{EXCEPTION}” and so on. " * 11_000)
    assert status == 422
    assert "A draft has at most 500,000 characters" in page


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_a_form_of_another_site_is_refused(reading: TestClient, headers: dict[str, str]) -> None:
    assert reading.post("/verify", data={"text": EXCEPTION}, headers=headers).status_code == 403


def test_only_a_form_is_read(reading: TestClient) -> None:
    assert reading.post("/verify", json={"text": EXCEPTION}, headers=OURS).status_code == 415
    plain = {"Content-Type": "application/x-www-form-urlencoded", **OURS}
    assert reading.post("/verify", content=b"text=%FF", headers=plain).status_code == 422
    assert reading.post("/verify", content="text=é".encode(), headers=plain).status_code == 422
    assert reading.post("/verify", content=b"a=b&" * 1_001, headers=plain).status_code == 422


@pytest.fixture(scope="module")
def plain(reading: TestClient) -> set[str]:
    """The elements of a page without anything hostile."""
    return Markup(sent(reading, DRAFT)[1]).found | {"details", "summary", "ol", "q", "del", "strong", "small"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_shown_as_text(reading: TestClient, plain: set[str], text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        pytest.skip("a browser sends no lone surrogates")
    for words, choice in ((text, "claim"), (f"“{text}” and “{text}”", "draft")):
        answer = reading.post("/verify", data={"text": words, "as": choice}, headers=OURS)
        assert answer.status_code in (200, 422)
        assert Markup(answer.text).found <= plain
        if text.strip() and len(text) <= 10_000:
            assert words.replace("\r\n", "\n") in unescape(answer.text) or "\r" in words or "&" in words
