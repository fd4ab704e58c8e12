"""The docs page and the list of problems, in a real browser: nothing from outside, readable, accessible."""

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page

from tests.pages.browser import DARK, LOOKS, Look, Visit, hidden_to_the_right, luminance, shoot, violations

EXAMPLES = ".responses-table:not(.live-responses-table) .microlight"
"""Code of the same colours as the live response's, which axe would spend seconds on."""
PAGES = {"docs": "/docs", "problems": "/problems"}


def show(visit: Visit, address: str, shot: str) -> Page:
    """Open a page and wait until it is drawn."""
    page = visit.page
    page.goto(address)
    if address.startswith("/docs"):
        page.wait_for_selector(".opblock, .errors-wrapper")
    shoot(page, shot)
    return page


def open_and_execute(visit: Visit) -> Page:
    """Open the list of quotes on the docs page and ask for it."""
    page = show(visit, "/docs", "docs")
    operation = page.locator("#operations-Quotes-find_quotes")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Execute").click()
    operation.locator(".live-responses-table").wait_for()
    return page


def serious(page: Page) -> list[str]:
    """Return what axe finds on the page that is serious or critical, one line for each element."""
    return [fault for fault in violations(page, without=EXAMPLES) if fault.startswith(("serious", "critical"))]


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_asks_nobody_else_and_reads_well(visit: Visit, look: Look, address: str) -> None:
    page = show(visit, address, f"{look.scheme} {look.width} {address.strip('/') or 'start'}")
    assert page.locator("h1, h2.title").first.is_visible()
    assert serious(page) == []
    assert hidden_to_the_right(page) <= 0
    assert (luminance(page) < 0.2) == (look.scheme == DARK)
    assert visit.complaints == []


@pytest.mark.parametrize("look", [LOOKS["light"], LOOKS["dark phone"]], ids=["light", "dark phone"])
def test_trying_the_list_of_quotes_out_shows_a_200_that_reads_well(visit: Visit, look: Look) -> None:
    page = open_and_execute(visit)
    shoot(page, f"{look.scheme} {look.width} executed")
    answered = page.locator("#operations-Quotes-find_quotes .live-responses-table .response")
    assert answered.locator(".response-col_status").inner_text().split()[0] == "200"
    assert '"total_is_exact"' in answered.locator(".response-col_description").inner_text()
    assert serious(page) == []
    assert hidden_to_the_right(page) <= 0
    assert visit.complaints == []


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_the_docs_page_lists_every_operation_of_the_document(visit: Visit, base: str) -> None:
    page = show(visit, "/docs", "every operation")
    document = page.request.get("/openapi.json").json()
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    listed = {
        (
            block.locator(".opblock-summary-method").inner_text(),
            block.locator(".opblock-summary-path").get_attribute("data-path"),
        )
        for block in page.locator(".opblock").all()
    }
    assert listed == described
    assert len(described) > 10


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_an_operation_has_an_address_that_opens_it(visit: Visit) -> None:
    page = show(visit, "/docs#/Quotes/read_quote", "one operation")
    page.locator("#operations-Quotes-read_quote.is-open").wait_for()
    assert page.locator(".opblock.is-open").count() == 1
    page.locator("#operations-Topics-find_topics .opblock-summary-control").press("Enter")
    page.wait_for_url("**/docs#/Topics/find_topics")


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_only_an_operation_that_needs_a_key_has_a_padlock(visit: Visit) -> None:
    document = visit.page.request.get("/openapi.json").json()
    assert {} in document["paths"]["/v1/quotes"]["get"]["security"]
    writes = {
        f"operations-{operation['tags'][0]}-{operation['operationId']}"
        for operations in document["paths"].values()
        for operation in operations.values()
        if operation["security"] and {} not in operation["security"]
    }
    assert writes
    page = show(visit, "/docs", "padlocks")
    padlocks = page.locator(".opblock:has(.authorization__btn)")
    assert {block.get_attribute("id") for block in padlocks.all()} == writes


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_the_filter_takes_a_tag_in_any_case(visit: Visit) -> None:
    page = show(visit, "/docs", "filter")
    page.get_by_placeholder("Filter by tag").fill("topics")
    page.locator(".opblock-tag[data-tag='Quotes']").wait_for(state="detached")
    assert [tag.get_attribute("data-tag") for tag in page.locator(".opblock-tag").all()] == ["Topics"]


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_no_name_of_a_parameter_is_broken(visit: Visit) -> None:
    page = show(visit, "/docs#/Quotes/find_quotes", "parameters")
    page.locator(".parameter__name").first.wait_for()
    names = page.locator(".parameter__name").all()
    heights = {name.inner_text(): name.evaluate("name => name.offsetHeight") for name in names}
    assert len(heights) > 20
    assert set(heights.values()) == {heights["q"]}


@pytest.mark.parametrize("look", [LOOKS["dark"]], ids=["dark"])
def test_the_docs_page_follows_the_system_when_it_turns_light(visit: Visit) -> None:
    page = show(visit, "/docs", "turning")
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


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_a_problems_type_leads_to_its_line_which_says_what_it_means(visit: Visit) -> None:
    problem = visit.page.request.get("/v1/quotes?limit=x").json()
    page = show(visit, problem["type"], "a problem")
    line = page.locator("tr:target")
    assert problem["title"] in line.inner_text()
    assert all(cell.inner_text().strip() for cell in page.locator("td").all())
