"""The pages a person reads, in a real browser: nothing from outside, readable, accessible."""

import os
import shlex
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, ViewportSize, sync_playwright

from app.main import create_app
from app.settings import Settings
from tests.conftest import url_of

CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS = os.environ.get("SHOTS")
"""A folder for screenshots, for a person to look at."""
LIGHT, DARK = "light", "dark"
SERVER_STARTS_S = 10
EXAMPLES = ".responses-table:not(.live-responses-table) .microlight"
"""Code of the same colours as the live response's, which axe would spend seconds on."""

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"There is no browser at {CHROMIUM}.")


class Look(NamedTuple):
    """How the reader's screen is."""

    scheme: str
    width: int

    @property
    def viewport(self) -> ViewportSize:
        return {"width": self.width, "height": 800}


LOOKS = {
    "light": Look(LIGHT, 1280),
    "dark": Look(DARK, 1280),
    "phone": Look(LIGHT, 360),
    "dark phone": Look(DARK, 360),
}
PAGES = {"start": "/", "docs": "/docs", "problems": "/problems"}


class Visit(NamedTuple):
    """An open page, and what went wrong on it."""

    page: Page
    complaints: list[str]


@pytest.fixture(scope="module")
def base(seeded_template: Path) -> Iterator[str]:
    """The address of the seeded record, served."""
    app = create_app(Settings(database_url=url_of(seeded_template)))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="on"))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            end = time.monotonic() + SERVER_STARTS_S
            while not server.started and time.monotonic() < end:
                time.sleep(0.01)
            assert server.started
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture(params=list(LOOKS.values()), ids=list(LOOKS))
def look(request: pytest.FixtureRequest) -> Look:
    asked: Look = request.param
    return asked


@pytest.fixture
def visit(browser: Browser, base: str, look: Look) -> Iterator[Visit]:
    """A tab that takes down each request to elsewhere, each error, and each breach of the page's policy."""
    context = browser.new_context(
        viewport=look.viewport, color_scheme="dark" if look.scheme == DARK else "light", base_url=base
    )
    page = context.new_page()
    complaints: list[str] = []
    ours = urlsplit(base).netloc

    def hear(url: str) -> None:
        place = urlsplit(url)
        if place.scheme not in ("data", "blob") and place.netloc != ours:
            complaints.append(f"asks for {url}")

    def hear_answer(answer: Response) -> None:
        if not answer.ok:
            complaints.append(f"gets {answer.status} at {answer.url}")

    def hear_line(line: ConsoleMessage) -> None:
        if line.type in ("error", "warning"):
            complaints.append(f"logs {line.text}")

    page.on("request", lambda request: hear(request.url))
    page.on("websocket", lambda channel: hear(channel.url))
    page.on("requestfailed", lambda request: complaints.append(f"does not get {request.url}"))
    page.on("response", hear_answer)
    page.on("pageerror", lambda error: complaints.append(f"throws {error}"))
    page.on("console", hear_line)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(`${e.violatedDirective} ${e.blockedURI}`))"
    )
    yield Visit(page, complaints)
    context.close()


def show(visit: Visit, address: str, shot: str) -> Page:
    """Open a page and wait until it is drawn."""
    page = visit.page
    page.goto(address)
    if address.startswith("/docs"):
        page.wait_for_selector(".opblock, .errors-wrapper")
    _shoot(page, shot)
    return page


def _shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name.replace(' ', '-')}.png", full_page=True)


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
    found = Axe().run(page, context={"exclude": [[EXAMPLES]]}).response["violations"]
    return [
        f"{fault['id']}: {node['html'][:120]}: {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
        if fault["impact"] in ("serious", "critical")
    ]


def hidden_to_the_right(page: Page) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def luminance(page: Page) -> float:
    """Return how bright the page's ground is, from 0 (black) to 1 (white)."""
    drawn = page.evaluate("""() => {
        const clear = colour => colour === "rgba(0, 0, 0, 0)" || colour === "transparent";
        const grounds = [document.body, document.documentElement].map(e => getComputedStyle(e).backgroundColor);
        const ground = grounds.find(colour => !clear(colour)) ?? "rgb(255, 255, 255)";
        return ground.match(/[0-9.]+/g).slice(0, 3).map(Number);
    }""")
    red, green, blue = (part / 255 for part in drawn)
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


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
    _shoot(page, f"{look.scheme} {look.width} executed")
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


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_every_way_on_the_start_page_leads_somewhere(visit: Visit) -> None:
    page = show(visit, "/", "ways")
    ways = [str(way.get_attribute("href")) for way in page.locator("a").all()]
    assert {"docs", "v1/quotes", "problems"} <= set(ways)
    assert {page.request.get(f"/{way}").status for way in ways} == {200}


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_the_command_on_the_start_page_is_quoted_for_every_shell(visit: Visit, base: str) -> None:
    page = show(visit, "/", "command")
    assert shlex.split(page.locator("code").inner_text()) == ["curl", f"{base}/v1/quotes?limit=1"]
    assert "'" in page.locator("code").inner_text()


def test_robots_may_read_all_but_what_is_made_anew_each_time(reading: TestClient) -> None:
    response = reading.get("/robots.txt")
    assert response.headers["content-type"].startswith("text/plain")
    robots = RobotFileParser()
    robots.parse(response.text.splitlines())
    asked = ["/", "/v1/quotes", "/v1/quotes/random", "/v1/export.csv", "/v1/integrity", "/metrics"]
    assert [path for path in asked if robots.can_fetch("*", path)] == ["/", "/v1/quotes"]


@pytest.mark.parametrize("look", [LOOKS["light"]], ids=["light"])
def test_a_problems_type_leads_to_its_line_which_says_what_it_means(visit: Visit) -> None:
    problem = visit.page.request.get("/v1/quotes?limit=x").json()
    page = show(visit, problem["type"], "a problem")
    line = page.locator("tr:target")
    assert problem["title"] in line.inner_text()
    assert all(cell.inner_text().strip() for cell in page.locator("td").all())
