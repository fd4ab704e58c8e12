"""A quote's own page, the frame that others show it in, and its picture."""

import json
import re
from html import unescape
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser

from app.pages import evidence, picture
from app.pages.picture import WIDTH
from app.tables.segment import SegmentRead
from app.tables.words import Role
from tests.api.writers import Writers
from tests.pages.browser import (
    UNSCRIPTED,
    Look,
    Visit,
    assert_reads_well,
    assert_reads_well_in_every_look,
    shoot,
    visiting,
)

DIRECT = "tqh1hf1rv4025vkk"
SVG = "{http://www.w3.org/2000/svg}"


def found(reading: TestClient, query: str) -> str:
    return str(reading.get(f"/v1/quotes?{query}&limit=1").json()["items"][0]["id"])


def texts(page: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize(
    "which",
    ["kind=direct&said_from=2025-03-02&said_to=2025-03-02", "polarity=not_said", "kind=mixed", "firsthand=false"],
    ids=["direct", "not said", "mixed", "nested"],
)
def test_it_reads_well(visit: Visit, reading: TestClient, which: str) -> None:
    visit.page.goto(f"/quotes/{found(reading, which)}")
    assert_reads_well_in_every_look(visit, f"quote {which[:14]}")


@pytest.mark.parametrize("look", [UNSCRIPTED], ids=["no scripts"])
def test_without_scripts_all_of_it_is_there(visit: Visit, look: Look) -> None:
    page = visit.page
    page.goto(f"/quotes/{DIRECT}")
    assert_reads_well(visit, look)
    page.get_by_text("BibTeX", exact=True).first.click()
    assert page.get_by_text("@misc{verbatim-").is_visible()
    assert page.get_by_role("button", name="Copy").count() == 0


def test_a_citation_is_copied_by_keyboard(visit: Visit) -> None:
    page = visit.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/quotes/{DIRECT}")
    page.get_by_role("button", name="Copy").first.focus()
    page.keyboard.press("Enter")
    page.get_by_text("Copied.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator("pre.copied").first.text_content()
    assert copied.startswith("Masoud Pezeshkian: “I believed that it would be better")
    assert copied.endswith(f"/quotes/{DIRECT}")


@pytest.mark.parametrize("address", [f"/quotes/{DIRECT}", "/verify?text=America", "/speakers"])
def test_a_printed_page_has_nothing_to_press(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    pressed = visit.page.locator("button:visible, .button:visible")
    assert pressed.count()
    visit.page.emulate_media(media="print")
    assert pressed.count() == 0
    assert visit.page.locator("h1").is_visible()


def test_every_part_of_every_quote_is_on_its_page(reading: TestClient) -> None:
    """Of all quotes of the seed: nothing that the API tells is missing."""
    items = reading.get("/v1/quotes?limit=200&polarity=any").json()["items"]
    assert len(items) > 40
    for item in items:
        quote = reading.get(item["url"]).json()
        page = reading.get(f"/quotes/{quote['id']}").text
        told = " ".join(texts(page).split())
        wanted = [
            quote["text"],
            *(part["exact"] for part in quote["segments"]),
            *(note["body"] for note in quote["annotations"]),
            *(link["rationale"] for link in quote["links"]),
            *(inner["text"][:150] for inner in quote["nested"]),
            *(topic["label"] for topic in quote["topics"]),
            *(topic["proposition"] for topic in quote["topics"] if topic["proposition"]),
            quote["source"]["title"],
            *([quote["said"]["note"]] if quote["said"]["note"] else []),
            *([quote["addressee"]] if quote["addressee"] else []),
        ]
        assert [words for words in wanted if " ".join(words.split()) not in told] == []
        assert len(page.encode()) < 60_000


def test_the_passage_shows_the_source_itself(reading: TestClient) -> None:
    quote = reading.get(f"/v1/quotes/{DIRECT}").json()
    source = reading.get(f"/v1/sources/{quote['source']['slug']}").json()["text"]
    passage = re.search(r'<p class="passage"[^>]*>(.*?)</p>', reading.get(f"/quotes/{DIRECT}").text, re.S)
    assert passage is not None
    words = texts(passage[1]).strip("…")
    assert words in source
    assert quote["segments"][0]["exact"] in words
    assert not words[0].isspace()


def test_what_was_not_said_is_told_before_the_words_everywhere(reading: TestClient) -> None:
    name = found(reading, "polarity=not_said")
    words = reading.get(f"/v1/quotes/{name}").json()["text"]
    for address in (f"/quotes/{name}", f"/quotes/{name}/embed"):
        told = texts(reading.get(address).text.partition("<body")[2])
        assert told.index("did not say") < told.index(words)
    assert "did not say" in reading.get(f"/quotes/{name}/picture.svg").text
    assert "schema.org" not in reading.get(f"/quotes/{name}").text


def test_search_engines_are_told_a_quotation_of_schema_org(reading: TestClient) -> None:
    text = reading.get(f"/quotes/{DIRECT}").text
    written = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert written is not None
    node = json.loads(written[1])
    quote = reading.get(f"/v1/quotes/{DIRECT}").json()
    assert (node["@context"], node["@type"], node["text"]) == ("https://schema.org", "Quotation", quote["text"])
    assert node["creator"] == node["spokenByCharacter"]
    assert node["creator"]["name"] == "Masoud Pezeshkian"
    assert node["dateCreated"] == "2025-03-02"
    assert node["isPartOf"]["@type"] == "NewsArticle"


def test_the_head_names_the_page_its_picture_and_every_form(reading: TestClient) -> None:
    text = reading.get(f"/quotes/{DIRECT}").text
    head = text[: text.index("</head>")]
    assert f'<link rel="canonical" href="http://testserver/quotes/{DIRECT}">' in head
    assert re.search(r"<title>Masoud Pezeshkian: “I believed [^<]*…” · Verbatim</title>", head)
    image = re.search(r'property="og:image" content="([^"]+)"', head)
    assert image is not None
    assert reading.get(image[1]).headers["content-type"].startswith("image/svg+xml")
    for type_, address in re.findall(r'<link rel="alternate" type="([^"]+)" href="\.\./([^"]+)"', head):
        assert reading.get(f"/{address}").headers["content-type"].startswith(type_)


def test_the_frame_may_be_framed_by_all_and_the_page_by_nobody(reading: TestClient) -> None:
    policies = [reading.get(f"/quotes/{DIRECT}{end}").headers["content-security-policy"] for end in ("", "/embed")]
    assert "frame-ancestors 'none'" in policies[0]
    assert "frame-ancestors *" in policies[1]
    code = re.search(r"&lt;iframe.*?&lt;/iframe&gt;", reading.get(f"/quotes/{DIRECT}").text)
    assert code is not None
    assert f'src="http://testserver/quotes/{DIRECT}/embed"' in unescape(code[0])


def test_the_frame_shows_the_quote_within_another_page(browser: Browser, base: str, look: Look) -> None:
    with visiting(browser, base, look) as visit:
        page = visit.page
        page.goto(f"/quotes/{DIRECT}")
        page.get_by_text("Embed", exact=True).click()
        code = str(page.get_by_label("Code to embed the quote").text_content())
        # The page of somebody else: one that allows frames, and is not ours to the browser.
        page.route("**/elsewhere", lambda route: route.fulfill(body=f"<!doctype html><title>x</title>{code}"))
        page.goto("/elsewhere")
        frame = page.frame_locator("iframe")
        assert frame.locator("blockquote").inner_text().startswith("“I believed that it would be better")
        shoot(page, "quote embedded")
        assert visit.complaints == []


def test_the_frame_reads_well(visit: Visit) -> None:
    visit.page.goto(f"/quotes/{DIRECT}/embed")
    assert_reads_well_in_every_look(visit, "quote frame")


def line_width(line: str, size: int) -> float:
    return size * sum(map(picture._em, line))


@given(st.text(min_size=1, max_size=3000))
def test_a_picture_holds_any_words_in_its_frame(words: str) -> None:
    drawn = picture.set_in_lines(words)
    assert all(90 <= y <= 475 for y, _ in drawn.lines)
    assert all(line_width(line, drawn.size) <= WIDTH - 160 + drawn.size for _, line in drawn.lines)
    whole = "".join("".join(line for _, line in drawn.lines).split())
    wanted = "".join(words.split())
    assert whole == wanted or (whole.endswith("…") and wanted.startswith(whole[:-1]))


@pytest.mark.parametrize(
    ("words", "from_right"), [("abc", False), ("«אבג»", True), ("1. العربية abc", True), ("", False), ("123", False)]
)
def test_a_picture_begins_on_the_side_of_its_script(words: str, from_right: bool) -> None:
    assert picture.is_from_right(words) is from_right


def test_a_picture_is_xml_that_carries_the_words(reading: TestClient) -> None:
    for item in reading.get("/v1/quotes?limit=200&polarity=any").json()["items"]:
        drawn = ElementTree.fromstring(reading.get(f"/quotes/{item['id']}/picture.svg").text)
        lines = " ".join(str(line.text) for line in drawn.iter(f"{SVG}text"))
        assert item["text"][:60] in lines.replace("“", "", 1) or item["text"][:60] in lines


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30), st.sampled_from(list(Role))), min_size=1, max_size=8)


@given(st.text(min_size=100, max_size=100), SPANS, st.integers(0, 1000))
def test_runs_give_the_passage_back_and_know_the_role_of_each_character(
    passage: str, spans: list[tuple[int, int, Role]], at: int
) -> None:
    segments = [
        SegmentRead(role=role, start=at + low, end=at + low + size, exact="", prefix="", suffix="")
        for low, size, role in spans
    ]
    cut = evidence.runs(passage, at, segments)
    assert "".join(run.words for run in cut) == passage
    told = [set(run.roles) for run in cut for _ in run.words]
    assert told == [
        {part.role for part in segments if part.start <= at + place < part.end} for place in range(len(passage))
    ]


@pytest.mark.parametrize("end", ["", "/embed", "/picture.svg"])
def test_a_quote_that_is_not_there_is_told_so(reading: TestClient, end: str) -> None:
    response = reading.get(f"/quotes/0000000000000000{end}", headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "There is no quote 0000000000000000" in response.text


LONG = "The Commission for the Examination of Names of Organizations That Are Longer Than Any Picture Is Wide"


def said_so(desk: Writers, **change: object) -> str:
    """Change the record's first direct quote, and return its id."""
    address = f"/v1/quotes/{DIRECT}"
    tag = desk.client.get(address).headers["etag"]
    answer = desk.client.patch(address, json=change, headers=desk.headers(If_Match=tag))
    assert answer.status_code == 200, answer.text
    return DIRECT


def test_a_long_name_never_cuts_away_that_it_was_not_said(desk: Writers) -> None:
    name = desk.client.get(f"/v1/quotes/{DIRECT}").json()["speaker"]["slug"]
    tag = desk.client.get(f"/v1/speakers/{name}").headers["etag"]
    assert desk.client.patch(f"/v1/speakers/{name}", json={"name": LONG}, headers=desk.headers(If_Match=tag)).is_success
    drawn = ElementTree.fromstring(desk.client.get(f"/quotes/{said_so(desk, polarity='denied')}/picture.svg").text)
    lines = [str(line.text) for line in drawn.iter(f"{SVG}text")]
    assert lines[0].endswith("… denies:")
    assert lines[-4].endswith("… denies")


def test_a_report_is_no_quotation_to_search_engines(reading: TestClient) -> None:
    assert "schema.org" not in reading.get(f"/quotes/{found(reading, 'kind=indirect')}").text
    assert "schema.org" in reading.get(f"/quotes/{found(reading, 'kind=mixed')}").text


def test_a_stance_in_words_that_were_not_said_is_told_as_not_asserted(desk: Writers) -> None:
    topics = [{"topic": "us-iran-talks", "stance": "supports", "proposition": "There should be talks."}]
    name = said_so(desk, polarity="not_said", topics=topics)
    source = desk.client.get(f"/v1/quotes/{name}").json()["source"]["slug"]
    for address in (f"/quotes/{name}", "/?q=dialogue&polarity=any", f"/sources/{source}?polarity=not_said"):
        told = texts(desk.client.get(address).text.partition("<main")[2])
        assert "not asserted: supports There should be talks." in " ".join(told.split())


def test_a_dispute_is_told_wherever_the_quote_goes(desk: Writers) -> None:
    address = f"/v1/quotes/{DIRECT}"
    tag = desk.client.get(address).headers["etag"]
    review = {"status": "disputed", "reason": "She was misquoted."}
    assert desk.client.post(f"{address}/review", json=review, headers=desk.headers(If_Match=tag)).is_success
    page = desk.client.get(f"/quotes/{DIRECT}").text
    assert 'name="description" content="Disputed. ' in page
    assert 'property="og:description" content="Disputed. ' in page
    assert '"creativeWorkStatus":"Disputed"' in page
    assert "Disputed. In" in texts(page)
    assert "null" not in texts(page.partition('id="history"')[2].partition("</ol>")[0])
    assert "disputed" in desk.client.get(f"/quotes/{DIRECT}/picture.svg").text
    assert "disputed" in texts(desk.client.get(f"/quotes/{DIRECT}/embed").text)
    words = desk.client.get(address).json()["text"]
    verdict = desk.client.get("/verify", params={"text": words}).text
    assert "read it first" in texts(verdict)
    assert "This quote is in dispute" in texts(verdict)
    assert '<strong class="status">disputed</strong>' in desk.client.get("/speakers/masoud-pezeshkian").text
