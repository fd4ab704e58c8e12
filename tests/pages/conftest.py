"""The seeded record in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from app.settings import Settings
from tests.conftest import url_of
from tests.pages.browser import CHROMIUM, LOOKS, QUIET, Look, Visit, served, visiting


@pytest.fixture(scope="session")
def base(seeded_template: Path) -> Iterator[str]:
    """The address of the seeded record, served."""
    with served(Settings(database_url=url_of(seeded_template))) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("There is no Chromium. On Debian: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@pytest.fixture
def look() -> Look:
    """How the screen is, unless a test asks for others."""
    return LOOKS["light"]


@pytest.fixture
def visit(browser: Browser, base: str, look: Look) -> Iterator[Visit]:
    """A tab at the seeded record."""
    with visiting(browser, base, look) as opened:
        yield opened
