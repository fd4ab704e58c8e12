"""A real browser on a real server: how the reader's screen is, and what goes wrong on a page."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, ViewportSize

from app.main import create_app
from app.settings import Settings

CHROMIUM = next(
    (path for path in map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")) if path.exists()), None
)
"""The browser: Chromium without the parts that only a screen needs, which opens a page in a third of the time."""
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
SHOTS = os.environ.get("SHOTS")
"""A folder for screenshots, for a person to look at."""
LIGHT, DARK = "light", "dark"
SERVER_STARTS_S = 10
BORDERS = 2
"""Pixels by which borders may move what comes after them."""
DRAWN = """async () => {
    await new Promise(requestAnimationFrame);  // scripts hear of the change before
    document.getAnimations().forEach(each => each.finish());
    return [...document.body.querySelectorAll("*")].map(element => {
        const style = getComputedStyle(element), box = element.getBoundingClientRect();
        const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
        const name = `${element.localName}.${element.getAttribute("class")}`;
        const letters = [name, seen, style.fontSize, style.fontWeight];
        const place = [box.x + scrollX, box.y + scrollY, box.width, box.height];
        const large = parseFloat(style.fontSize) >= (style.fontWeight >= 700 ? 18.66 : 24);
        const colours = [name, large, style.color, style.backgroundColor, style.backgroundImage, style.opacity];
        return [letters.join(" "), place, seen ? colours.join(" ") : ""];
    });
}"""
"""What a page tells of how its elements are drawn. Large letters may have less contrast (WCAG 2.2, 1.4.3)."""
MARK = """others => [...document.body.querySelectorAll("*")].forEach(
    (element, at) => element.toggleAttribute("data-other", others.includes(at)))"""


class Look(NamedTuple):
    """How the reader's screen is, and whether scripts run."""

    scheme: str
    width: int
    scripts: bool = True

    @property
    def viewport(self) -> ViewportSize:
        return {"width": self.width, "height": 800}

    @property
    def name(self) -> str:
        return f"{self.scheme} {self.width}{'' if self.scripts else ' no scripts'}"


LOOKS = {
    "light": Look(LIGHT, 1280),
    "dark": Look(DARK, 1280),
    "phone": Look(LIGHT, 360),
    "dark phone": Look(DARK, 360),
}
UNSCRIPTED = Look(LIGHT, 1280, scripts=False)


class Visit(NamedTuple):
    """An open page, and what went wrong on it."""

    page: Page
    complaints: list[str]


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """Serve a record on a free port, and give its address."""
    app = create_app(settings)
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


@contextmanager
def visiting(browser: Browser, base: str, look: Look) -> Iterator[Visit]:
    """Give a tab that takes down each request to elsewhere, each error, and each breach of the page's policy."""
    context = browser.new_context(
        viewport=look.viewport,
        color_scheme="dark" if look.scheme == DARK else "light",
        base_url=base,
        java_script_enabled=look.scripts,
        reduced_motion="reduce",  # a page that scrolls slowly would be looked at on its way
    )
    page = context.new_page()
    complaints: list[str] = []
    ours = urlsplit(base).netloc

    def hear(url: str) -> None:
        place = urlsplit(url)
        if place.scheme not in ("data", "blob") and place.netloc != ours:
            complaints.append(f"asks for {url}")

    def hear_failure(request: Request) -> None:
        # who leaves a page gives up what of it was still on its way, which is no fault of the page
        if request.failure != "net::ERR_ABORTED":
            complaints.append(f"does not get {request.url}: {request.failure}")

    def hear_answer(answer: Response) -> None:
        if answer.status >= 400:
            complaints.append(f"gets {answer.status} at {answer.url}")

    def hear_line(line: ConsoleMessage) -> None:
        if line.type in ("error", "warning"):
            complaints.append(f"logs {line.text}")

    page.on("request", lambda request: hear(request.url))
    page.on("websocket", lambda channel: hear(channel.url))
    page.on("requestfailed", hear_failure)
    page.on("response", hear_answer)
    page.on("pageerror", lambda error: complaints.append(f"throws {error}"))
    page.on("console", hear_line)
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(`${e.violatedDirective} ${e.blockedURI}`))"
    )
    try:
        yield Visit(page, complaints)
    finally:
        context.close()


def shoot(page: Page, name: str) -> None:
    """Keep a screenshot of the whole page, where somebody wants to look at it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name.replace(' ', '-').replace('/', '_')}.png", full_page=True)


def violations(page: Page, *, within: str | None = None, without: str | None = None) -> list[str]:
    """Return what axe finds on the page, or `within` elements alone, one line for each; it passes over `without`."""
    context = {"include": [[within]] if within else None, "exclude": [[without]] if without else None}
    # what passed is a hundred times as long as what did not, and takes as long to hand over as to find
    found = (
        Axe()
        .run(
            page,
            context={part: given for part, given in context.items() if given} or None,
            options={"resultTypes": ["violations"]},
        )
        .response["violations"]
    )
    return [
        f"{fault['impact']}: {fault['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for fault in found
        for node in fault["nodes"]
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


def assert_fits(page: Page, look: Look) -> None:
    heading = page.locator("h1, h2.title")
    assert heading.count() == 1
    assert heading.is_visible()
    assert hidden_to_the_right(page) <= 0
    assert (luminance(page) < 0.2) == (look.scheme == DARK)


def assert_reads_well(visit: Visit, look: Look) -> None:
    """Prove what holds of every page: nothing of it is hidden, asked of others, or breaks a rule of accessibility."""
    assert_fits(visit.page, look)
    if look.scripts:
        assert violations(visit.page) == []
    assert visit.complaints == []


class Faults(Protocol):
    """What finds the faults of a page, or of some of its elements."""

    def __call__(self, page: Page, *, within: str | None = None) -> list[str]: ...


class Drawn(NamedTuple):
    """How an element is drawn.

    Its place is x, y, width and height in pixels of the page. Its colours are empty where it is not seen.
    """

    letters: str
    place: list[float]
    colours: str

    def stands_as(self, other: "Drawn") -> bool:
        """Tell whether both stand in one place, but for the borders that Swagger UI draws in one look alone."""
        apart = max(abs(one - another) for one, another in zip(self.place, other.place, strict=True))
        return self.letters == other.letters and apart <= BORDERS


def assert_reads_well_in_every_look(visit: Visit, shot: str, faults: Faults = violations) -> None:
    """Prove of an open page what `assert_reads_well` proves, in each look.

    axe takes long, and what it finds depends on where things stand and on their colours. So it tries light on a wide
    screen and dark on a narrow one. Each of the two others is proved to have the places of the one of these and the
    colours of the other; what has other colours there is tried by itself.
    """
    page = visit.page
    drawn: dict[str, list[Drawn]] = {}
    for name in ("light", "dark phone"):
        drawn[name] = turn(page, LOOKS[name], f"{shot} {LOOKS[name].name}")
        assert faults(page) == []
    for name, placed, coloured in (("phone", "dark phone", "light"), ("dark", "light", "dark phone")):
        drawn[name] = turn(page, LOOKS[name], f"{shot} {LOOKS[name].name}")
        placed_as = zip(drawn[name], drawn[placed], strict=True)
        assert [pair for pair in placed_as if not pair[0].stands_as(pair[1])] == []
        pairs = enumerate(zip(drawn[name], drawn[coloured], strict=True))
        others = [at for at, (each, tried) in pairs if each.colours and each.colours != tried.colours]
        page.evaluate(MARK, others)
        assert not others or faults(page, within="[data-other]") == []
    assert visit.complaints == []


def turn(page: Page, look: Look, shot: str) -> list[Drawn]:
    """Turn the screen to a look, and return how each element is drawn then, in the order of the page."""
    page.emulate_media(color_scheme="dark" if look.scheme == DARK else "light")
    page.set_viewport_size(look.viewport)
    drawn = page.evaluate(DRAWN)
    shoot(page, shot)
    assert_fits(page, look)
    return [Drawn(*each) for each in drawn]
