"""The docs page and the list of problems, in a real browser: nothing from outside, readable, accessible."""

from collections.abc import Iterator
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page

from tests.pages.browser import LOOKS, Visit, assert_reads_well_in_every_look, luminance, turn, violations, visiting

EXAMPLES = ".responses-table:not(.live-responses-table) .microlight"
"""Code of the same colours as the live response's, which axe would spend seconds on."""
NAMES = ".parameter__name"


def show(page: Page, address: str = "/docs") -> Page:
    """Open the docs page and wait until it is drawn."""
    page.goto(address)
    page.wait_for_selector(".opblock, .errors-wrapper")
    return page


@pytest.fixture(scope="module")
def docs(browser: Browser, base: str) -> Iterator[Page]:
    """The docs page, drawn once for tests that leave it as it was: that takes a second."""
    with visiting(browser, base, LOOKS["light"]) as visit:
        yield show(visit.page)
        assert visit.complaints == []


def serious(page: Page, *, within: str | None = None) -> list[str]:
    """Return what axe finds on the page that is serious or critical, one line for each element."""
    return [
        fault
        for fault in violations(page, within=within, without=EXAMPLES)
        if fault.startswith(("serious", "critical"))
    ]


def test_the_docs_page_asks_nobody_else_and_fits_every_screen(visit: Visit) -> None:
    """Whether all of it reads well, the test says that tries an operation out: its page holds this one."""
    show(visit.page)
    for look in LOOKS.values():
        turn(visit.page, look, f"docs {look.name}")
    assert visit.complaints == []


def test_the_list_of_problems_asks_nobody_else_and_reads_well(visit: Visit) -> None:
    visit.page.goto("/problems")
    assert_reads_well_in_every_look(visit, "problems")


def test_trying_the_list_of_quotes_out_shows_a_200_that_reads_well(visit: Visit) -> None:
    page = show(visit.page)
    operation = page.locator("#operations-Quotes-find_quotes")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Execute").click()
    answered = operation.locator(".live-responses-table .response")
    answered.wait_for()
    assert answered.locator(".response-col_status").inner_text().split()[0] == "200"
    assert '"total_is_exact"' in answered.locator(".response-col_description").inner_text()
    names = {name.inner_text(): name.evaluate("name => name.offsetHeight") for name in page.locator(NAMES).all()}
    assert len(names) > 20
    assert set(names.values()) == {names["q"]}, "no name of a parameter is broken"
    assert_reads_well_in_every_look(visit, "docs executed", serious)


def test_the_docs_page_lists_every_operation_of_the_document(docs: Page) -> None:
    document = docs.request.get("/openapi.json").json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    listed = {
        (
            block.locator(".opblock-summary-method").inner_text(),
            block.locator(".opblock-summary-path").get_attribute("data-path"),
        )
        for block in docs.locator(".opblock").all()
    }
    assert listed == described
    assert len(described) > 10


def test_an_operation_has_an_address_that_opens_it(visit: Visit) -> None:
    page = show(visit.page, "/docs#/Quotes/read_quote")
    page.locator("#operations-Quotes-read_quote.is-open").wait_for()
    assert page.locator(".opblock.is-open").count() == 1
    page.locator("#operations-Topics-find_topics .opblock-summary-control").press("Enter")
    page.wait_for_url("**/docs#/Topics/find_topics")


def test_only_an_operation_that_needs_a_key_has_a_padlock(docs: Page) -> None:
    document = docs.request.get("/openapi.json").json()
    assert {} in document["paths"]["/v1/quotes"]["get"]["security"]
    writes = {
        f"operations-{operation['tags'][0]}-{operation['operationId']}"
        for operations in document["paths"].values()
        for operation in operations.values()
        if operation["security"] and {} not in operation["security"]
    }
    assert writes
    padlocks = docs.locator(".opblock:has(.authorization__btn)")
    assert {block.get_attribute("id") for block in padlocks.all()} == writes


def test_the_filter_takes_a_tag_in_any_case_and_lets_go_of_it(docs: Page) -> None:
    shown = docs.locator(".opblock-tag").count()
    docs.get_by_placeholder("Filter by tag").fill("topics")
    docs.locator(".opblock-tag[data-tag='Quotes']").wait_for(state="detached")
    assert [tag.get_attribute("data-tag") for tag in docs.locator(".opblock-tag").all()] == ["Topics"]
    docs.get_by_placeholder("Filter by tag").fill("")
    docs.locator(".opblock-tag[data-tag='Quotes']").wait_for()
    assert docs.locator(".opblock-tag").count() == shown


@pytest.mark.parametrize("look", [LOOKS["dark"]], ids=["dark"])
def test_the_docs_page_follows_the_system_when_it_turns_light(visit: Visit) -> None:
    page = show(visit.page)
    assert luminance(page) < 0.2
    page.emulate_media(color_scheme="light")
    page.locator("html:not(.dark-mode)").wait_for()
    assert luminance(page) > 0.8


def test_robots_may_read_all_but_what_is_made_anew_each_time(reading: TestClient) -> None:
    response = reading.get("/robots.txt")
    assert response.headers["content-type"].startswith("text/plain")
    robots = RobotFileParser()
    robots.parse(response.text.splitlines())
    asked = ["/", "/v1/quotes", "/v1/quotes/random", "/v1/export.csv", "/v1/integrity", "/metrics", "/review", "/key"]
    assert [path for path in asked if robots.can_fetch("*", path)] == ["/", "/v1/quotes"]
    assert robots.site_maps() == ["http://testserver/sitemap.xml"]


def test_the_map_of_the_site_names_every_page_once(reading: TestClient) -> None:
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ElementTree.fromstring(reading.get("/sitemap.xml").text)
    named: list[str] = []
    for part in index.iter(f"{space}loc"):
        listed = ElementTree.fromstring(reading.get(str(part.text)).text)
        named += [str(place.text) for place in listed.iter(f"{space}loc")]
    paths = {
        "sources": [item["slug"] for item in reading.get("/v1/sources").json()["items"]],
        "speakers": [item["slug"] for item in reading.get("/v1/speakers?limit=200").json()["items"]],
        "quotes": [item["id"] for item in reading.get("/v1/quotes?limit=200&polarity=any").json()["items"]],
    }
    wanted = {f"http://testserver/{kind}/{name}" for kind, names in paths.items() for name in names}
    assert len(named) == len(set(named))
    assert {name for name in named if "/topics/" not in name} == wanted
    assert len(named) > len(wanted) + 10


@pytest.mark.parametrize(
    ("address", "status"),
    [("/sitemaps/keys-0.xml", 404), ("/sitemaps/quotes-x.xml", 422), ("/sitemaps/quotes-99.xml", 200)],
)
def test_a_part_of_the_map_that_is_none_is_refused(reading: TestClient, address: str, status: int) -> None:
    assert reading.get(address).status_code == status


def test_a_problems_type_leads_to_its_line_which_says_what_it_means(visit: Visit) -> None:
    problem = visit.page.request.get("/v1/quotes?limit=x").json()
    page = visit.page
    page.goto(problem["type"])
    line = page.locator("tr:target")
    assert problem["title"] in line.inner_text()
    assert all(cell.inner_text().strip() for cell in page.locator("td").all())
