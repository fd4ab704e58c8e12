"""The sources: their list, and each as published, with its quotes marked in place and told beside it."""

import json
import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient
from markupsafe import escape
from playwright.sync_api import Browser, Page

from app.pages import sources as pages
from app.settings import Settings
from app.tables.db import Database
from app.tables.words import Scope
from tests.api.hostile import HOSTILE
from tests.api.writers import Document, Writers, writers
from tests.conftest import url_of
from tests.pages.browser import (
    LOOKS,
    UNSCRIPTED,
    Look,
    Visit,
    assert_reads_well_in_every_look,
    served,
    violations,
    visiting,
)

SLUG = "pezeshkian-khamenei-us-talks-2025-03-21"
ARTICLE = f"/sources/{SLUG}"
POST = "32kradm2atcfycfk"
"""The quote that runs through a line break, from one row to the next."""
SILENCE = "qscjkahzdea8ajzp"
PAGES = {
    "list": "/sources",
    "article": ARTICLE,
    "one speaker": f"{ARTICLE}?speaker=ali-khamenei&kind=direct",
}
BOTH = pytest.mark.parametrize("look", [LOOKS["light"], UNSCRIPTED], ids=["scripts", "no scripts"])
BARE = pytest.mark.parametrize("look", [UNSCRIPTED], ids=["no scripts"])
LIT = ".named"
TEXT_SHOWN = """() => [...document.querySelectorAll(".text")].map(part => {
    const copy = part.cloneNode(true);
    for (const number of copy.querySelectorAll(".ref")) number.remove();
    return copy.textContent;
}).join("")"""


class Elements(HTMLParser):
    """Finds in a page the elements and attributes that none of ours has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("img", "iframe", "svg", "style", "base", "object") or (tag == "script" and "src" not in given):
            self.strange.append(tag)
        self.strange += [name for name in given if name.startswith("on") or name in ("style", "autofocus", "srcdoc")]
        if (given.get("href") or "").lower().startswith(("javascript:", "data:")):
            self.strange.append(str(given["href"]))


class Reader(HTMLParser):
    """Takes from a page the words of its text without the numbers in it, and the words in the marks of each quote."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words = ""
        self.marked: dict[str, str] = {}
        self.numbers: list[str] = []
        self._in_text = False
        self._in_number = False
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        kinds = given.get("class", "").split()
        if tag == "p" and "text" in kinds:
            self._in_text = True
        elif self._in_text and tag == "a":
            self._in_number = True
            self.numbers.append(given["aria-label"])
        elif self._in_text and tag == "span":
            self._open.append(given["data-note"] if "mark" in kinds else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            assert self._open == []
            self._in_text = False
        elif tag == "a":
            self._in_number = False
        elif tag == "span" and self._in_text:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if self._in_text and not self._in_number:
            self.words += data
            for name in {name for name in self._open if name}:
                self.marked[name] = self.marked.get(name, "") + data


@pytest.fixture
def desk(client: TestClient, seeded: Database) -> Writers:
    return writers(client, seeded)


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_it_reads_well(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    name = next(name for name, given in PAGES.items() if given == address)
    assert_reads_well_in_every_look(visit, f"sources {name}")


def test_what_is_lit_of_a_quote_that_the_address_names_reads_well(visit: Visit) -> None:
    visit.page.goto(f"{ARTICLE}#q-{POST}")
    assert visit.page.locator(LIT).count() > 1

    def faults(page: Page, *, within: str | None = None) -> list[str]:
        return violations(page, within=within or LIT)

    assert_reads_well_in_every_look(visit, "sources a quote", faults)


def test_the_text_stands_there_code_point_for_code_point(reading: TestClient) -> None:
    assert Reader(reading.get(ARTICLE).text).words == reading.get(f"/v1{ARTICLE}").json()["text"]


@BOTH
def test_a_browser_has_the_text_code_point_for_code_point(visit: Visit, reading: TestClient) -> None:
    visit.page.goto(ARTICLE)
    shown = visit.page.evaluate(TEXT_SHOWN)
    assert shown == reading.get(f"/v1{ARTICLE}").json()["text"]


def test_each_quote_is_marked_in_its_words_and_told_beside_them(reading: TestClient) -> None:
    page = reading.get(ARTICLE).text
    read = Reader(page)
    source = reading.get(f"/v1{ARTICLE}").json()
    assert len(source["spans"]) == 52
    for number, quote in enumerate(source["spans"], 1):
        content = [span for span in quote["spans"] if span["role"] == "content"]
        assert read.marked[quote["id"]] == "".join(source["text"][span["start"] : span["end"]] for span in content)
        note = page[page.index(f'id="q-{quote["id"]}"') :].split("</li>\n", 1)[0]
        assert f">{number}</a>" in note
        assert f'href="../quotes/{quote["id"]}"' in note
        assert page.count(f'id="t-{quote["id"]}"') == 1
    assert "quote 7, Masoud Pezeshkian, in quotation marks" in read.numbers
    assert "quote 21 not said, Ali Khamenei, reported" in read.numbers


def test_a_silence_is_told_as_such_before_the_speaker(reading: TestClient) -> None:
    page = reading.get(ARTICLE).text
    note = page[page.index(f'id="q-{SILENCE}"') :]
    assert note.index("did not say this") < note.index("Ali Khamenei")


def test_notes_on_words_stand_at_their_place(reading: TestClient) -> None:
    page = reading.get(ARTICLE).text
    assert len(re.findall(r'<li class="note remark', page)) == 17
    assert "a, note on these words" in Reader(page).numbers
    assert "Printed so, and kept, with one hyphen." in page


@BARE
def test_a_quote_that_the_address_names_is_lit_without_scripts_in_every_row(visit: Visit) -> None:
    page = visit.page
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{ARTICLE}#q-{POST}")
    grounds = {
        mark.evaluate("e => getComputedStyle(e).backgroundColor")
        for mark in page.locator(f".mark[data-note='{POST}']").all()
    }
    hit = page.evaluate("""() => {
        const probe = document.body.appendChild(document.createElement("i"));
        probe.style.background = "var(--hit)";
        return getComputedStyle(probe).backgroundColor;
    }""")
    assert grounds == {hit}
    assert page.locator(f".row:has(.mark[data-note='{POST}'])").count() == 2
    note = page.locator(f"#q-{POST}").bounding_box()
    assert note is not None
    assert 0 <= note["y"] < 800


def test_pointing_at_words_or_note_lights_both(visit: Visit) -> None:
    page = visit.page
    page.goto(ARTICLE)
    page.locator(f"#t-{POST}").hover()
    assert page.locator(".note.lit").get_attribute("id") == f"q-{POST}"
    page.locator(f"#q-{SILENCE}").hover()
    assert {mark.get_attribute("data-note") for mark in page.locator(".lit").all()} == {SILENCE}
    assert page.locator(".part.lit").count() == 3


def test_the_keyboard_leads_from_quote_to_quote_and_opens_one(visit: Visit) -> None:
    page = visit.page
    page.goto(ARTICLE)
    for key, number in [("j", "1"), ("n", "2"), ("j", "3"), ("k", "2"), ("p", "1"), ("k", "1")]:
        page.keyboard.press(key)
        assert page.locator(":focus").inner_text() == number
    assert page.locator(".note.held .sign").inner_text() == "1"
    page.keyboard.press("Control+j")
    assert page.locator(":focus").inner_text() == "1"
    page.keyboard.press("?")
    assert page.get_by_role("dialog").is_visible()
    page.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert page.locator(".ref:focus").count() == 0
    page.get_by_role("button", name="All keys").click()
    page.get_by_label("Single keys are on").check()
    page.keyboard.press("Escape")
    page.locator("#find").focus()
    page.keyboard.type("jk?")
    assert page.locator("#find").input_value() == "jk?"
    page.locator("#find").blur()
    page.keyboard.press("j")
    with page.expect_request(re.compile("/quotes/")) as asked:
        page.keyboard.press("Enter")
    assert asked.value.url.endswith("/quotes/1r7s6ks1xs2nj7j1")


@BARE
def test_the_keyboard_reads_without_scripts_too(visit: Visit) -> None:
    page = visit.page
    page.goto(ARTICLE)
    page.locator(".text .ref").nth(2).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("class") == "sign indirect"


@pytest.mark.parametrize(
    ("query", "marked"),
    [
        ("?kind=direct", 7),
        ("?kind=mixed", 3),
        ("?speaker=barack-obama", 1),
        ("?speaker=ali-khamenei&kind=direct", 2),
        ("?polarity=not_said", 4),
        ("?polarity=asserted", 44),
        ("?polarity=any", 52),
        ("?kind=direct&polarity=denied", 0),
    ],
)
def test_what_is_marked_is_picked_by_the_address(reading: TestClient, query: str, marked: int) -> None:
    page = reading.get(ARTICLE + query).text
    read = Reader(page)
    asked = f"/v1/quotes{query}&source={SLUG}" + ("" if "polarity" in query else "&polarity=any")
    ids = {item["id"] for item in reading.get(asked + "&limit=200").json()["items"]}
    assert set(read.marked) == ids
    assert len(ids) == marked
    assert read.words == reading.get(f"/v1{ARTICLE}").json()["text"]
    assert ("nothing is marked" in page) == (marked == 0)


def test_a_quote_keeps_its_number_when_others_are_not_marked(reading: TestClient) -> None:
    assert "quote 37, Barack Obama, reported" in Reader(reading.get(f"{ARTICLE}?speaker=barack-obama").text).numbers


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/sources/pezeshkian", 404, "There is no source pezeshkian"),
        (f"{ARTICLE}?kind=loud", 422, "kind=loud"),
        (f"{ARTICLE}?speaker=khamenei2", 422, "did you mean ali-khamenei?"),
        (f"{ARTICLE}?colour=red", 422, "colour"),
        (f"{ARTICLE}?after=x", 422, "after"),
        ("/sources?kind=book", 422, "kind=book"),
        ("/sources?limit=0", 422, "limit"),
    ],
)
def test_a_wrong_address_is_told(reading: TestClient, address: str, status: int, words: str) -> None:
    page = reading.get(address, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert words in page.text


def put(desk: Writers, text: str, quotes: list[Document] | None = None, **more: object) -> str:
    """Put a source with quotes on the record, and return its address."""
    source: Document = {
        "slug": "a-letter",
        "title": "A letter",
        "kind": "letter",
        "language": "en",
        "text": text,
        **more,
    }
    speakers = [{"slug": "jane-roe", "name": "Jane Roe", "kind": "person"}]
    record: Document = {"format": "verbatim-record/1", "source": source, "speakers": speakers, "quotes": quotes or []}
    answer = desk.post("/v1/import", record, Scope.ADMIN)
    assert answer.status_code == 200, answer.text
    return f"/sources/{source['slug']}"


def said(*content: object, **more: object) -> Document:
    return {"kind": "direct", "speaker": "jane-roe", "content": list(content), **more}


ODD = {
    "returns": "One.\r\nTwo.\rThree\n\rfour.\r",
    "blanks": "\n\n  One  two.\n\n\n\tThree.  \n ",
    "separators": "One\u2028two\u2029three\x0bfour\x0cfive\x85six",
    "markup": "<b>One</b> &amp; &lt;two&gt; </p><script>alert(1)</script> {{ 7*7 }} &#13;",
    "invisible": "One\u200b\u200e\ufeff two \u202ethree\u202c e\u0301 \U0001f468\u200d\U0001f469",
    "no sentence": ("word " * 100 + "\n") * 9,
}


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_texts_stand_there_code_point_for_code_point(desk: Writers, text: str) -> None:
    assert Reader(desk.client.get(put(desk, text)).text).words == text


def test_a_browser_reads_returns_as_they_are(browser: Browser, desk: Writers, look: Look) -> None:
    text = "“One”.\r\nTwo.\rThree\n\rfour.\r"
    address = put(desk, text, [said("One")])
    with served(Settings(database_url=url_of(desk.database.path))) as base, visiting(browser, base, look) as visit:
        visit.page.goto(address)
        assert visit.page.evaluate(TEXT_SHOWN) == text
        assert visit.complaints == []


def test_the_text_of_an_excerpt_is_shown_to_holders_of_a_key_alone(desk: Writers) -> None:
    secret = "Nobody without a key reads this. " * 3
    text = f"{secret}“We will talk,” said Jane Roe, “but not now.” {secret}"
    address = put(desk, text, [said("We will talk,", "but not now.")], access="excerpt")
    page = desk.client.get(address).text
    read = Reader(page)
    assert secret not in page
    before, behind = "…body without a key reads this. “", "” Nobody without a key reads thi…"
    assert read.words == f"{before}We will talk,” said Jane Roe, “but not now.{behind}"
    assert list(read.marked.values()) == ["We will talk,but not now."]
    assert "only to holders of a key" in page
    keyed = desk.client.get(address, headers=dict(desk.headers()))
    assert Reader(keyed.text).words == text
    assert keyed.headers["cache-control"] == "private, no-cache"


def test_an_excerpt_and_a_text_from_the_right_read_well(browser: Browser, desk: Writers, look: Look) -> None:
    note: Document = {"motivation": "commenting", "body": "In the *corridor*.", "format": "text/markdown"}
    words = "Long before. “We will talk,” said Jane Roe. She left, and nobody asked her anything."
    excerpt = put(desk, words, [said("We will talk,", annotations=[note])], access="excerpt")
    body: Document = {"target": {"source": "a-letter", "exact": "nobody"}, "motivation": "questioning", "body": "Who?"}
    assert desk.post("/v1/annotations", body, Scope.ANNOTATE).status_code == 201
    persian = "«ما مذاکره می‌کنیم»، او گفت.\n\n  پس رفت.\n"
    right = put(desk, persian, [said("ما مذاکره می‌کنیم", polarity="denied")], language="fa", slug="right")
    with served(Settings(database_url=url_of(desk.database.path))) as base, visiting(browser, base, look) as visit:
        for address in (excerpt, right):
            visit.page.goto(address)
            assert_reads_well_in_every_look(visit, f"sources {address}")


@pytest.mark.parametrize("apart", [1, 31, 32, 33, 63, 64, 65, 90])
def test_an_excerpt_shows_the_words_between_two_parts_once(desk: Writers, apart: int) -> None:
    between = "".join(chr(ord("a") + at % 26) for at in range(apart))
    text = f"One!{between}!Two"
    words = Reader(desk.client.get(put(desk, text, [said("One", "Two")], access="excerpt")).text).words
    known = text[3:-3]
    assert words == (text if len(known) <= 64 else f"One{known[:32]} … {known[-32:]}Two")


def test_a_text_that_reads_from_the_right_says_so(desk: Writers) -> None:
    page = desk.client.get(put(desk, "«ما مذاکره می‌کنیم»، او گفت.", [said("ما مذاکره می‌کنیم")], language="fa")).text
    assert '<article class="reading" lang="fa" dir="rtl"' in page


@pytest.mark.parametrize(
    ("language", "direction"),
    [("ar-EG", "rtl"), ("he", "rtl"), ("az-Arab-IR", "rtl"), ("uz-Latn", "ltr"), ("pa-Arab", "rtl"), ("de", "ltr")],
)
def test_the_direction_is_that_of_the_language(desk: Writers, language: str, direction: str) -> None:
    assert f'dir="{direction}" aria-label' in desk.client.get(put(desk, "One.", language=language)).text


def test_a_source_tells_what_it_revises_and_what_revises_it(desk: Writers) -> None:
    first = put(desk, "One.")
    second = put(desk, "One, two.", slug="b-letter", title="Another letter", revises="a-letter", published="2025-04-02")
    assert '<a href="../sources/a-letter">' in desk.client.get(second).text
    told = re.search(r"This text was corrected on 2 April 2025:.*?</p>", desk.client.get(first).text, re.DOTALL)
    assert told is not None
    assert '<a href="../sources/b-letter">' in told[0]


def test_what_is_the_publishers_is_told_from_what_is_ours(desk: Writers) -> None:
    address = put(
        desk, "One.", publisher="The Paper", authors=["Ann Lee"], url="https://example.org/a?b=1&c=2", title="One"
    )
    theirs = desk.client.get(address).text
    assert "title ours" not in theirs
    assert 'href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow"' in theirs
    assert "Ann Lee" in theirs
    assert "title ours" in desk.client.get(ARTICLE).text


def test_more_quotes_than_are_marked_at_once_are_marked_page_by_page(
    desk: Writers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MARKED", 20)
    monkeypatch.setattr(pages, "_STEP", 10)
    address, seen, pages_read = ARTICLE, [], 0
    while True:
        page = desk.client.get(address).text
        seen += list(Reader(page).marked)
        pages_read += 1
        following = re.search(r'<a href="(\?[^"]+)" rel="next">', page)
        if following is None:
            break
        assert "20 quotes of 52 are marked here" in page
        address = ARTICLE + following[1].replace("&amp;", "&")
    assert pages_read == 3
    assert len(seen) == len(set(seen)) == 52
    assert "quote 52, Pentagon officials, reported" in Reader(page).numbers


MARKUP = [name for name in HOSTILE if name.startswith("HTML")]


@pytest.mark.parametrize("name", MARKUP)
def test_hostile_words_of_an_entry_make_no_element(desk: Writers, name: str) -> None:
    address = put(desk, "“One,” she said.", [said("One,")])
    for field in ("title", "note", "rights", "publisher"):
        assert desk.patch("/v1/sources/a-letter", {field: HOSTILE[name]}).status_code == 200
    for shown in (desk.client.get(address), desk.client.get("/sources")):
        assert shown.status_code == 200
        assert Elements(shown.text).strange == []
        assert str(escape(HOSTILE[name])) in shown.text


@pytest.mark.parametrize("kind", ["text/plain", "text/markdown"])
def test_hostile_notes_make_no_element(desk: Writers, kind: str) -> None:
    address = put(desk, "“One,” she said.", [said("One,")])
    target = {"source": "a-letter", "exact": "she said"}
    taken = 0
    for text in HOSTILE.values():
        note = {"target": target, "motivation": "commenting", "body": text, "format": kind}
        sent = json.dumps(note).encode()
        headers = desk.headers(Scope.ANNOTATE, Content_Type="application/json")
        taken += desk.client.post("/v1/annotations", content=sent, headers=headers).status_code == 201
    page = desk.client.get(address)
    assert page.status_code == 200
    assert page.text.count('<li class="note remark') == taken > 100
    assert Elements(page.text).strange == []


@pytest.mark.parametrize("look", [LOOKS["phone"]], ids=["phone"])
def test_on_a_phone_the_text_comes_before_what_is_told_about_it(visit: Visit) -> None:
    page = visit.page
    page.goto(ARTICLE)
    about = page.get_by_role("heading", name="About this text")
    places = [place["y"] for part in (page.locator(".text").first, about) if (place := part.bounding_box())]
    assert places == sorted(places)
    assert len(places) == 2
    masthead = page.locator(".masthead").bounding_box()
    assert masthead is not None
    assert masthead["height"] < 100
