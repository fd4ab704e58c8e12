"""The first page: searching, narrowing down and paging, with and without scripts, by hand and by keyboard."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from fastapi.testclient import TestClient

from tests.pages.browser import LOOKS, UNSCRIPTED, Visit, assert_reads_well_in_every_look

PAGES = {
    "start": "/",
    "results": "/?q=negotiate&speaker=ali-khamenei",
    "nothing": "/?q=negotiabel",
    "all": "/?sort=-added&polarity=any",
}
BOTH = pytest.mark.parametrize("look", [LOOKS["light"], UNSCRIPTED], ids=["scripts", "no scripts"])


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_it_reads_well(visit: Visit, address: str) -> None:
    visit.page.goto(address)
    assert_reads_well_in_every_look(visit, f"search {address.strip('/?')[:20] or 'start'}")


@BOTH
def test_a_search_is_narrowed_down_by_a_facet_which_a_chip_takes_off(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    page.get_by_label("Search the record").fill("negotiate")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/?q=negotiate")
    assert page.locator("#results").inner_text() == "10 quotes"
    assert page.locator(".card mark").first.inner_text().lower().startswith("negotiat")
    page.locator(".facets").get_by_role("link", name="Ali Khamenei").click()
    page.wait_for_url("**speaker=ali-khamenei*")
    assert page.locator("#results").inner_text() == "3 quotes"
    assert {who.inner_text() for who in page.locator(".card .who").all()} == {"Ali Khamenei"}
    page.locator(".chips").get_by_role("link", name=re.compile("Ali Khamenei")).click()
    page.wait_for_url("**/?q=negotiate")
    assert page.locator("#results").inner_text() == "10 quotes"
    assert visit.complaints == []


def test_the_keyboard_alone_searches_sorts_and_opens_a_quote(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("negotiate")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=negotiate")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("id") == "sort":
            break
    page.keyboard.type("shortest")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=length*")
    lengths = [len(words.inner_text()) for words in page.locator(".card .words").all()]
    assert lengths == sorted(lengths)


def test_pages_of_results_give_each_quote_once(reading: TestClient) -> None:
    address, seen = "/?limit=7&polarity=any", []
    for _ in range(20):
        text = reading.get(address).text
        seen += re.findall(r'<article class="card" id="([0-9a-z]{16})"', text)
        following = re.search(r'<a href="(\?[^"]+)" rel="next">', text)
        if following is None:
            break
        address = "/" + following[1].replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == reading.get("/v1/quotes?polarity=any").json()["total"]


def test_a_denial_is_never_shown_as_a_statement(reading: TestClient) -> None:
    plain = reading.get("/?topic=hejab-enforcement").text
    asked = reading.get("/?topic=hejab-enforcement&polarity=not_said").text
    assert "the issue of hejab enforcement" not in plain
    card = asked[asked.index('<article class="card"') :]
    assert card.index("did not say this") < card.index("the issue of hejab enforcement")


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        ("/?speaker=khamenei2", 422, "did you mean ali-khamenei?"),
        ("/?limit=x", 422, "limit=x"),
        ("/?colour=red", 422, "colour"),
        ("/?q=%FF", 422, "percent-encoded UTF-8"),
        ("/?status=proposed", 401, "needs a key"),
        ("/nothing", 404, "There is nothing at /nothing"),
    ],
)
def test_a_wrong_address_is_told_in_a_page_to_a_browser_and_as_a_problem_to_others(
    reading: TestClient, address: str, status: int, words: str
) -> None:
    page = reading.get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert words in page.text
    problem = reading.get(address)
    assert (problem.status_code, problem.headers["content-type"]) == (status, "application/problem+json")
    assert words in problem.json()["detail"]


def test_the_api_answers_a_browser_with_problems_too(reading: TestClient) -> None:
    response = reading.get("/v1/quotes?limit=x", headers={"Accept": "text/html"})
    assert response.headers["content-type"] == "application/problem+json"


def test_the_policy_of_a_page_allows_nothing_inline_and_nobody_else(reading: TestClient) -> None:
    response = reading.get("/")
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", response.text)


def test_the_first_page_tells_where_the_feed_is_and_its_own_name(reading: TestClient) -> None:
    text = reading.get("/").text
    assert '<link rel="canonical" href="http://testserver/">' in text
    assert 'type="application/atom+xml"' in text


def test_an_empty_field_of_a_form_is_as_if_left_out(reading: TestClient) -> None:
    given, plain = (reading.get(address).text for address in ("/?q=negotiate&kind=&sort=", "/?q=negotiate"))
    assert given == plain


def test_a_year_counts_by_the_last_possible_day_and_is_taken_off_again(reading: TestClient) -> None:
    text = reading.get("/?q=negotiate").text
    year = re.search(r'<a href="(\?[^"]*said_from=2025-01-01[^"]*)"', text)
    assert year is not None
    on = reading.get("/" + year[1].replace("&amp;", "&")).text
    off = re.search(
        r'<a href="(\?[^"]*)" rel="nofollow" class="on"><span><span class="unseen">Take off: </span><bdi>2025', on
    )
    assert off is not None
    assert parse_qs(urlsplit(off[1].replace("&amp;", "&")).query) == {"q": ["negotiate"]}


def test_every_way_on_the_start_page_leads_somewhere(visit: Visit) -> None:
    page = visit.page
    page.goto("/")
    ways = {str(way.get_attribute("href")).partition("#")[0] for way in page.locator("a").all()} - {""}
    assert {"./docs", "./v1/quotes.atom", "./speakers/ali-khamenei", "./review"} <= ways
    answers = {way: page.request.get(f"/{way}").status for way in ways}
    assert answers == {way: 401 if way == "./review" else 200 for way in ways}


def test_a_facet_counts_what_is_not_known_too(reading: TestClient) -> None:
    years = reading.get("/v1/quotes?q=negotiate&facets=year&limit=1").json()["facets"]["year"]
    unknown = next(year["count"] for year in years if year["value"] is None)
    facets = reading.get("/?q=negotiate").text.partition('class="facets"')[2]
    assert f'<span class="untold"><bdi>not told</bdi> <b>{unknown}</b></span>' in facets


def test_kinds_are_called_as_beside_the_quotes(reading: TestClient) -> None:
    page = reading.get("/?q=negotiate&kind=indirect&polarity=any").text
    assert "kind: <b><bdi>reported</bdi></b>" in page
    assert "polarity: <b><bdi>said or not</bdi></b>" in page
    everything = reading.get("/?q=negotiate").text
    assert "<bdi>in quotation marks</bdi>" in everything.partition('class="facets"')[2]
