"""Topics: the tree, and who says what on each, side by side."""

import re
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.pages.topics import MOST_BRANCHES
from app.tables.db import Database
from tests.api.writers import writers
from tests.pages.browser import LOOKS, UNSCRIPTED, Look, Visit, assert_reads_well_in_every_look
from tests.pages.statements import Statement, put

PAGES = {"tree": "/topics", "one": "/topics/us-iran-talks", "nothing below": "/topics/jcpoa"}
HTML = {"Accept": "text/html"}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_it_reads_well(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    assert_reads_well_in_every_look(visit, f"topics {address.rpartition('/')[2]}")


@pytest.mark.parametrize("look", [LOOKS["light"], UNSCRIPTED], ids=["scripts", "no scripts"])
def test_the_tree_leads_down_and_the_trail_up(visit: Visit) -> None:
    page = visit.page
    page.goto("/topics")
    page.get_by_role("link", name="Scope of US-Iran talks").click()
    page.wait_for_url("**/topics/scope-of-us-iran-talks")
    trail = page.locator(".trail a")
    assert trail.all_inner_texts() == ["Topics", "Foreign relations of Iran", "US-Iran talks"]
    trail.last.click()
    page.wait_for_url("**/topics/us-iran-talks")
    page.locator(".narrower").get_by_role("link", name="Concessions in US-Iran talks").click()
    page.wait_for_url("**/topics/concessions-in-us-iran-talks")
    assert visit.complaints == []


@pytest.mark.parametrize("look", [LOOKS["light"], LOOKS["phone"]], ids=["wide", "phone"])
def test_stances_stand_side_by_side_and_one_below_the_other_on_a_phone(visit: Visit, look: Look) -> None:
    visit.page.goto("/topics/us-iran-talks")
    sides = visit.page.locator(".proposed").first.locator(".side").all()
    boxes = [box for side in sides if (box := side.bounding_box())]
    headings = [side.locator("h4").inner_text() for side in sides]
    assert [heading.split()[0] for heading in headings] == ["supports", "conditional", "opposes"]
    assert len({box["x"] for box in boxes}) == (3 if look.width > 1000 else 1)
    assert len({box["y"] for box in boxes}) == (1 if look.width > 1000 else 3)


def test_the_keyboard_alone_goes_from_the_tree_to_a_speaker(visit: Visit) -> None:
    page = visit.page
    page.goto("/topics/us-iran-talks")
    for _ in range(30):
        page.keyboard.press("Tab")
        if "who" in (page.evaluate("document.activeElement.className") or ""):
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/speakers/masoud-pezeshkian")


def test_the_tree_has_every_topic_with_its_counts(reading: TestClient) -> None:
    text = reading.get("/topics").text
    every = re.findall(r'href="\./topics/([a-z0-9-]+)"', text)
    told: dict[str, str] = {}

    def walk(nodes: list[dict[str, object]]) -> None:
        for node in nodes:
            own, full = node["quotes"], node["quotes_with_narrower"]
            told[str(node["slug"])] = f"{full} quote{'' if full == 1 else 's'}" + (
                f", {own} on this very topic" if own != full else ""
            )
            narrower = node["narrower"]
            assert isinstance(narrower, list)
            walk(narrower)

    walk(reading.get("/v1/topics").json()["items"])
    assert every == list(told)
    for slug, counts in told.items():
        assert re.search(rf'topics/{slug}"><bdi>[^<]*</bdi></a> <span class="small tally">{counts}</span>', text)
    assert text.count("<ul") == text.count("</ul>")
    assert text.count("<li>") == text.count("</li>")


def test_each_quote_on_the_topic_is_there_and_each_stance_under_its_proposition(reading: TestClient) -> None:
    text = reading.get("/topics/us-iran-talks").text
    found = reading.get("/v1/quotes?topic=us-iran-talks&polarity=any&limit=100").json()
    assert {item["id"] for item in found["items"]} == set(re.findall(r'href="\.\./quotes/([0-9a-z]{16})"', text))
    for section in re.findall(r'<section class="proposed">.*?</section>', text, re.DOTALL):
        claim = unescape(re.findall(r'class="claim" dir="auto">([^<]+)<', section)[0])
        sides = re.split(r'<div class="side ', section)[1:]
        for side in sides:
            name = side.partition('"')[0]
            for quote in re.findall(r'href="\.\./quotes/([0-9a-z]{16})"', side):
                (item,) = [item for item in found["items"] if item["id"] == quote]
                taken = {(topic["proposition"], topic["stance"]) for topic in item["topics"]}
                if name == "apart":
                    assert item["polarity"] != "asserted"
                else:
                    assert (claim, name) in taken
                    assert item["polarity"] == "asserted"


def test_what_is_not_asserted_is_told_so_before_its_words(reading: TestClient) -> None:
    text = reading.get("/topics/us-iran-talks").text
    apart = text[text.index("Not asserted") :]
    assert apart.index("is alleged to have said this") < apart.index("new demands")
    for quote in re.findall(r"quotes/([0-9a-z]{16})", text):
        polarity = reading.get(f"/v1/quotes/{quote}").json()["polarity"]
        line = text[: text.index(quote)].rpartition("<article")[2]
        assert ('class="not"' in line) == (polarity != "asserted")


def test_a_quote_with_two_propositions_stands_under_both(reading: TestClient) -> None:
    text = reading.get("/topics/us-iran-talks").text
    ids = re.findall(r'href="\.\./quotes/([0-9a-z]{16})"', text)
    two = [quote for quote in set(ids) if ids.count(quote) == 2]
    assert two
    for quote in two:
        topics = reading.get(f"/v1/quotes/{quote}").json()["topics"]
        assert len([topic for topic in topics if topic["stance"]]) == 2


def test_pages_give_each_quote_once_and_say_how_many_there_are(
    client: TestClient, seeded: Database, tmp_path: Path
) -> None:
    stance = {"topic": "talk", "stance": "opposes", "proposition": "Talk is good."}
    put(seeded, tmp_path, [Statement(f"Number {at}", topics=[stance]) for at in range(95)])
    address, seen, said = "/topics/talk", [], []
    for _ in range(5):
        text = client.get(address).text
        seen += re.findall(r'href="\.\./quotes/([0-9a-z]{16})"', text)
        said += re.findall(r"(?:The \d+ latest|\d+ earlier ones) of \d+ quotes", text)
        assert len(text.encode()) < 60_000
        following = re.search(r'<a href="(\?[^"]+)" rel="next">', text)
        if following is None:
            break
        address = "/topics/talk" + unescape(following[1])
    assert len(seen) == len(set(seen)) == 95
    assert said == ["The 40 latest of 95 quotes", "40 earlier ones of 95 quotes", "15 earlier ones of 95 quotes"]


def test_a_tree_deeper_than_any_reader_of_json_is_listed_as_far_as_it_goes(
    client: TestClient, seeded: Database, tmp_path: Path
) -> None:
    topics = [{"slug": "t-0", "label": "T0"}]
    topics += [{"slug": f"t-{at}", "label": f"T{at}", "broader": f"t-{at - 1}"} for at in range(1, 400)]
    put(seeded, tmp_path, [Statement("Deep", topics=[{"topic": "t-399"}])], topics=topics)
    text = client.get("/topics").text
    assert "395 narrower topics not listed here" in text
    assert text.count("<ul") == text.count("</ul>")
    text = client.get("/topics/t-0").text
    assert "with 398 topics below it" in text
    assert "Deep" in text


def test_a_wide_tree_is_listed_as_far_as_a_page_holds(client: TestClient, seeded: Database, tmp_path: Path) -> None:
    topics = [{"slug": "t", "label": "A top"}]
    topics += [{"slug": f"t-{at}", "label": f"T {at:03}", "broader": "t"} for at in range(300)]
    put(seeded, tmp_path, [Statement("Wide", topics=[{"topic": "t-299"}])], topics=topics)
    text = client.get("/topics").text
    assert f"{301 - MOST_BRANCHES} narrower topics not listed here" in text
    assert "Foreign relations of Iran" in text
    assert len(text.encode()) < 60_000


def test_other_names_wikidata_and_alternates_are_told(client: TestClient, seeded: Database) -> None:
    changed = writers(client, seeded).patch("/v1/topics/us-iran-talks", {"wikidata": "Q42"})
    assert changed.status_code == 200
    text = client.get("/topics/us-iran-talks").text
    assert "<bdi>Talks with Washington</bdi>" in text
    assert 'rel="noopener nofollow external">Q42</a>' in text
    assert '<link rel="canonical" href="http://testserver/topics/us-iran-talks">' in text
    assert "v1/quotes.atom?topic=us-iran-talks" in text
    assert "29 quotes" in text


def test_a_slug_of_before_leads_to_the_one_of_now(client: TestClient, seeded: Database) -> None:
    assert writers(client, seeded).patch("/v1/topics/jcpoa", {"slug": "iran-deal"}).status_code == 200
    response = client.get("/topics/jcpoa", headers=HTML, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (308, "/topics/iran-deal")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/topics/us-iran-talk", 404, "did you mean us-iran-talks?"),
        ("/topics/us-iran-talks?limit=0", 422, "limit=0"),
        ("/topics/us-iran-talks?after=x", 422, "after"),
        ("/topics/us-iran-talks?colour=red", 422, "colour"),
        ("/topics?after=x", 422, "after"),
    ],
)
def test_a_wrong_address_is_told_in_a_page(reading: TestClient, address: str, status: int, words: str) -> None:
    page = reading.get(address, headers=HTML)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text
