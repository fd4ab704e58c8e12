"""Speakers: the list, found by any spelling; and one with its positions, drawn and told in words."""

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import JsonValue

from app.pages.speakers import POSITIONS_IN_ALL
from app.tables.db import Database
from tests.api.hostile import HOSTILE
from tests.api.writers import writers
from tests.pages.browser import LOOKS, UNSCRIPTED, Visit, assert_reads_well_in_every_look, hidden_to_the_right
from tests.pages.statements import Statement, put

PAGES = {
    "list": "/speakers",
    "found": "/speakers?q=kham&kind=person",
    "nobody": "/speakers?q=nobody+at+all",
    "one": "/speakers/ali-khamenei",
    "no day": "/speakers/many-in-iran",
}
SHOWN = [
    HOSTILE[name]
    for name in ("HTML: script", "HTML: breakout", "HTML: attribute", "template: jinja", "HTML: end of JSON")
]
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_it_reads_well(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    assert_reads_well_in_every_look(visit, f"speakers {address.rpartition('/')[2][:20]}")


@pytest.mark.parametrize("look", [LOOKS["light"], UNSCRIPTED], ids=["scripts", "no scripts"])
def test_a_speaker_is_found_by_another_spelling_and_a_sign_leads_to_its_quote(visit: Visit) -> None:
    page = visit.page
    page.goto("/speakers")
    page.get_by_label("Find a speaker").fill("خامنه")
    page.get_by_role("button", name="Find").click()
    page.wait_for_url("**/speakers?q=*")
    page.get_by_role("link", name="Ali Khamenei").click()
    page.wait_for_url("**/speakers/ali-khamenei")
    sign = page.locator(".timeline svg a[href='#p1-1']")
    sign.locator(".press").click()
    page.wait_for_url("**#p1-1")
    assert page.locator("tr:target").inner_text().startswith("by 21 March 2025")
    page.locator("tr:target .through").click(no_wait_after=True)
    page.wait_for_url("**/quotes/*")


def test_the_keyboard_alone_walks_the_signs(visit: Visit) -> None:
    page = visit.page
    page.goto("/speakers/ali-khamenei")
    page.locator(".scroller").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#p1-1"
    page.keyboard.press("Enter")
    page.wait_for_url("**#p1-1")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('tr').id") == "p1-1"
    assert visit.complaints == []


@pytest.mark.parametrize("look", [LOOKS["phone"]], ids=["phone"])
def test_on_a_phone_the_timeline_scrolls_and_the_page_does_not(visit: Visit) -> None:
    visit.page.goto("/speakers/ali-khamenei")
    assert visit.page.evaluate("(e => e.scrollWidth > e.clientWidth)(document.querySelector('.scroller'))")
    assert hidden_to_the_right(visit.page) <= 0
    visit.page.emulate_media(media="print")
    assert visit.page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.scroller'))")


def test_the_drawing_and_the_lists_hold_the_same(reading: TestClient) -> None:
    text = reading.get("/speakers/ali-khamenei").text
    drawn, listed = re.findall(r'<a href="#(p\d+-\d+)"', text), re.findall(r'<tr id="(p\d+-\d+)"', text)
    told = reading.get("/v1/speakers/ali-khamenei/positions?polarity=any&limit=50").json()["items"]
    assert drawn == listed
    assert len(listed) == sum(len(topic["positions"]) for topic in told)
    for topic in told:
        for position in topic["positions"]:
            assert f'href="../quotes/{position["id"]}"' in text
            assert not position["proposition"] or position["proposition"] in unescape(text)


def test_a_denial_is_told_before_the_words_and_drawn_apart(reading: TestClient) -> None:
    text = reading.get("/speakers/ali-khamenei").text
    row = text[: text.index("the issue of hejab enforcement")].rpartition("<tr ")[2]
    assert "did not say this" in row
    assert 'class="mark none crossed"' in text
    assert text.count('class="cross none"') == text.count("did not say this</strong>") + 1  # the legend


def test_a_speaker_is_told_with_kind_spellings_and_roles_as_printed(reading: TestClient) -> None:
    text = reading.get("/speakers/ali-khamenei").text
    assert '<p class="eyebrow">person</p>' in text
    assert re.search(r'<bdi lang="fa">[^<]+</bdi>\s*<span class="small">Persian, in no source here</span>', text)
    assert re.search(r'<bdi lang="en">Khamenehi</bdi>\s*<span class="small">English, printed so</span>', text)
    assert "<bdi>Supreme Leader</bdi>" in text
    assert 'href="../?speaker=ali-khamenei"' in text
    assert '<link rel="canonical" href="http://testserver/speakers/ali-khamenei">' in text
    assert "v1/quotes.atom?speaker=ali-khamenei" in text


def test_wikidata_is_a_plain_link_to_elsewhere_and_a_role_tells_how_long(client: TestClient, seeded: Database) -> None:
    role = {"title": "Minister", "organization": "Qatar", "from": "2013", "to": "2021-05~"}
    body: dict[str, object] = {"slug": "ada", "name": "Ada", "kind": "person", "wikidata": "Q42", "roles": [role]}
    assert writers(client, seeded).post("/v1/speakers", body).status_code == 201
    text = client.get("/speakers/ada").text
    assert '<a href="https://www.wikidata.org/wiki/Q42" rel="noopener nofollow external">Q42</a>' in text
    assert "from 2013 to about May 2021" in text
    assert "stands under a topic" in text  # nothing does, which is told


def test_a_page_takes_as_many_topics_as_fit_and_pages_give_each_once(
    client: TestClient, seeded: Database, tmp_path: Path
) -> None:
    topics = [{"slug": f"t-{at}", "label": f"Topic {at}"} for at in range(5)]
    said = [Statement(f"Number {at}", topics=[{"topic": f"t-{at % 5}"}]) for at in range(80)]
    put(seeded, tmp_path, said, topics=topics)
    address, pages = "/speakers/somebody", []
    for _ in range(10):
        text = client.get(address).text
        pages.append(re.findall(r'href="\.\./topics/(t-\d)"', text))
        assert len(re.findall(r'<tr id="p', text)) <= POSITIONS_IN_ALL
        following = re.search(r'<a href="(\?[^"]+)" rel="next">', text)
        if following is None:
            break
        address = "/speakers/somebody" + unescape(following[1])
    assert [slug for page in pages for slug in page] == [f"t-{at}" for at in range(5)]
    assert len(pages) == 3


def test_a_topic_on_which_more_is_said_leads_to_all_of_it(client: TestClient, seeded: Database, tmp_path: Path) -> None:
    put(seeded, tmp_path, [Statement(f"Number {at}") for at in range(50)])
    text = client.get("/speakers/somebody").text
    assert "These are the first 18 " in text
    assert "?speaker=somebody&amp;topic=talk&amp;polarity=any&amp;sort=said" in text
    assert client.get("/?speaker=somebody&topic=talk&polarity=any&sort=said").status_code == 200
    alone = client.get("/speakers/somebody?topic=talk").text
    assert len(re.findall(r'<tr id="p', alone)) == POSITIONS_IN_ALL


def test_a_page_of_long_quotes_stays_small(client: TestClient, seeded: Database, tmp_path: Path) -> None:
    stance = {"topic": "talk", "stance": "supports", "proposition": "Talking is better than not talking at all."}
    day = {"edtf": "2025-03-02?", "basis": "inferred"}
    put(
        seeded,
        tmp_path,
        [Statement(f"Number {at} " + "word " * 200 + "end", topics=[stance], said=day) for at in range(50)],
    )
    assert len(client.get("/speakers/somebody?topic=talk").content) < 60_000


def test_hostile_texts_are_shown_as_text(client: TestClient, seeded: Database, tmp_path: Path) -> None:
    topics = [{"slug": f"t-{at}", "label": words, "description": words} for at, words in enumerate(SHOWN)]
    speaker: dict[str, JsonValue] = {"slug": "somebody", "name": SHOWN[0], "kind": "person", "description": SHOWN[1],
               "names": [{"name": words, "printed": False} for words in SHOWN],
               "roles": [{"title": SHOWN[2], "organization": SHOWN[1]}]}  # fmt: skip
    said = [
        Statement(words, topics=[{"topic": f"t-{at}", "stance": "opposes", "proposition": words}])
        for at, words in enumerate(SHOWN)
    ]
    put(seeded, tmp_path, said, topics=topics, speakers=[speaker], title=SHOWN[1])
    for address in ("/speakers/somebody", "/speakers", "/topics", "/topics/t-0"):
        text = client.get(address).text
        assert not re.search(r"<script>|<svg/|autofocus onfocus='|<img", text)
    text = client.get("/speakers/somebody").text
    assert all(words in unescape(text) for words in SHOWN)


def test_pages_of_speakers_give_each_once(reading: TestClient) -> None:
    address, seen = "/speakers?limit=5", []
    for _ in range(10):
        text = reading.get(address).text
        seen += re.findall(r'<a class="who" href="\./speakers/([^"]+)"', text)
        following = re.search(r'<a href="\./(speakers\?[^"]+)" rel="next">', text)
        if following is None:
            break
        address = "/" + unescape(following[1])
    assert len(seen) == len(set(seen)) == reading.get("/v1/speakers").json()["total"]


@pytest.mark.parametrize("kind", ["person", "organization", "group", "unnamed"])
def test_a_kind_lists_its_own_and_keeps_the_name_asked_for(reading: TestClient, kind: str) -> None:
    text = reading.get(f"/speakers?kind={kind}").text
    assert f"<h2>{reading.get(f'/v1/speakers?kind={kind}').json()['total']} speaker" in text
    assert re.search(rf'href="\./speakers\?kind={kind}" class="on" aria-current="true"', text)
    named = reading.get(f"/speakers?q=many&kind={kind}").text
    assert f'<input type="hidden" name="kind" value="{kind}">' in named
    assert 'href="./speakers?q=many"' in named


def test_a_slug_of_before_leads_to_the_one_of_now(client: TestClient, seeded: Database) -> None:
    renamed = writers(client, seeded).patch("/v1/speakers/donald-trump", {"slug": "donald-j-trump"})
    assert renamed.status_code == 200
    response = client.get("/speakers/donald-trump?limit=3", headers=HTML, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, "/speakers/donald-j-trump?limit=3")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/speakers/khamenei2", 404, "did you mean ali-khamenei?"),
        ("/speakers/ali-khamenei?topic=nothing", 422, "There is no topic nothing"),
        ("/speakers/ali-khamenei?per_topic=0", 422, "per_topic=0"),
        ("/speakers/ali-khamenei?after=x", 422, "after"),
        ("/speakers?kind=robot", 422, "kind=robot"),
        ("/speakers?colour=red", 422, "colour"),
        ("/speakers/%3Cscript%3E", 404, "&lt;script&gt;"),
    ],
)
def test_a_wrong_address_is_told_in_a_page(reading: TestClient, address: str, status: int, words: str) -> None:
    page = reading.get(address, headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text
