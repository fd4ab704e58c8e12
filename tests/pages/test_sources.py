"""The sources: their list, and each as published, with its quotes marked in place and told beside it."""

import re
from html.parser import HTMLParser

import pytest
from fastapi.testclient import TestClient

from app.tables.db import Database
from tests.api.writers import Writers, writers
from tests.pages.browser import LOOKS, UNSCRIPTED, Look, Visit, assert_reads_well, shoot

SLUG = "pezeshkian-khamenei-us-talks-2025-03-21"
ARTICLE = f"/sources/{SLUG}"
POST = "32kradm2atcfycfk"
"""The quote that runs through a line break, from one row to the next."""
SILENCE = "qscjkahzdea8ajzp"
PAGES = {
    "list": "/sources",
    "article": ARTICLE,
    "one speaker": f"{ARTICLE}?speaker=ali-khamenei&kind=direct",
    "a quote": f"{ARTICLE}#q-{POST}",
}
ONE = pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
BOTH = pytest.mark.parametrize("look", [LOOKS["light"], UNSCRIPTED], ids=["scripts", "no scripts"])
BARE = pytest.mark.parametrize("look", [UNSCRIPTED], ids=["no scripts"])


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
def test_it_reads_well(visit: Visit, look: Look, address: str) -> None:
    visit.page.goto(address)
    name = next(name for name, given in PAGES.items() if given == address)
    shoot(visit.page, f"sources {name} {look.name}")
    assert_reads_well(visit, look)


def test_the_text_stands_there_code_point_for_code_point(reading: TestClient) -> None:
    assert Reader(reading.get(ARTICLE).text).words == reading.get(f"/v1{ARTICLE}").json()["text"]


@BOTH
def test_a_browser_has_the_text_code_point_for_code_point(visit: Visit, reading: TestClient) -> None:
    visit.page.goto(ARTICLE)
    shown = visit.page.evaluate("""() => [...document.querySelectorAll(".text")].map(part => {
        const copy = part.cloneNode(true);
        for (const number of copy.querySelectorAll(".ref")) number.remove();
        return copy.textContent;
    }).join("")""")
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


@ONE
def test_pointing_at_words_or_note_lights_both(visit: Visit) -> None:
    page = visit.page
    page.goto(ARTICLE)
    page.locator(f"#t-{POST}").hover()
    assert page.locator(".note.lit").get_attribute("id") == f"q-{POST}"
    page.locator(f"#q-{SILENCE}").hover()
    assert {mark.get_attribute("data-note") for mark in page.locator(".lit").all()} == {SILENCE}
    assert page.locator(".part.lit").count() == 3


@ONE
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
