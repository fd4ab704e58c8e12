"""Hostile texts on every page: shown as text, and never anything else."""

import json
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from app.main import create_app
from app.settings import Settings
from app.tables.db import Database
from tests.api.hostile import HOSTILE
from tests.api.writers import Document, Writers, writers
from tests.conftest import url_of
from tests.pages.browser import LOOKS, served, visiting

LONGEST = 300
"""Code points of the texts that are put into a page here; longer ones are of the API's tests."""
TEXTS = [text for text in HOSTILE.values() if 0 < len(text.strip()) <= LONGEST]
FOREIGN = ("javascript:", "data:", "//evil", "http://evil")
VOID = {"meta", "link", "input", "br", "base", "hr", "img", "col", "wbr"}


class Seen(HTMLParser):
    """What a browser would make of a page: its text, each element, and what could act."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.acting: list[str] = []
        self.data: list[str] = []
        self.open: list[str] = []
        self._is_data = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_data = tag == "script" and given.get("type") == "application/ld+json"
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("iframe", "object", "embed", "style") or (tag == "form" and not _is_ours(given)):
            self.acting.append(f"<{tag} {given}>")
        if tag == "script" and not self._is_data and not str(given.get("src", "")).startswith("."):
            self.acting.append(f"<script {given}>")
        if tag == "img" or "style" in given or any(name.startswith("on") for name in given):
            self.acting.append(f"<{tag} {given}>")
        for name in ("href", "src", "action", "formaction"):
            if str(given.get(name, "")).strip().lower().startswith(FOREIGN):
                self.acting.append(f"<{tag} {name}={given[name]}>")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self._is_data = False

    def handle_data(self, data: str) -> None:
        (self.data if self._is_data else self.words).append(data)

    @property
    def text(self) -> str:
        return "".join(self.words)


def _is_ours(form: dict[str, str | None]) -> bool:
    return form.get("method") == "dialog" or str(form.get("action", "")).startswith(".")


class Planted(NamedTuple):
    """A record that is full of hostile texts: its client, its database, and the pages that show them."""

    client: TestClient
    path: Path
    pages: list[str]
    notes: list[str]
    names: dict[str, str]
    quotes: dict[str, str]


@pytest.fixture(scope="module")
def planted(seeded_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planted]:
    path = tmp_path_factory.mktemp("hostile") / "hostile.db"
    shutil.copy(seeded_template, path)
    database = Database(url_of(path))
    with TestClient(create_app(Settings(database_url=url_of(path)))) as client:
        yield _plant(writers(client, database), path)
    database.close()


def _plant(desk: Writers, path: Path) -> Planted:
    """Put each text wherever it is taken: a source's words, title and publisher, names, labels, notes, reasons."""

    def put(place: str, body: Document) -> bool:
        sent = json.dumps(body).encode()  # in ASCII: a surrogate alone can be sent in no other way
        headers = desk.headers(Content_Type="application/json")
        return desk.client.post(place, content=sent, headers=headers).status_code == 201

    def taken(text: str) -> bool:
        probe: Document = {"slug": "probe", "title": "Probe", "kind": "post", "language": "en", "text": text + "\n."}
        if not put("/v1/sources", probe):
            return False
        assert desk.delete("/v1/sources/probe").status_code == 204
        return True

    words = [text for text in TEXTS if taken(text)]
    whole = "\n\n".join(words)
    assert put("/v1/sources", {"slug": "h", "title": "H", "kind": "post", "language": "en", "text": whole})
    names, quotes, at = {}, {}, 0
    for number, text in enumerate(words):
        slug = f"h-{number}"
        if put("/v1/speakers", {"slug": slug, "name": text, "kind": "person"}):
            names[f"/speakers/{slug}"] = text
        else:
            put("/v1/speakers", {"slug": slug, "name": "Plain", "kind": "person", "description": text})
        if put("/v1/topics", {"slug": slug, "label": text}):
            names[f"/topics/{slug}"] = text
        else:
            put("/v1/topics", {"slug": slug, "label": "Plain", "description": text})
        span = whole.index(text, at)
        at = span + len(text)
        start, end = span + len(text) - len(text.lstrip()), at - len(text) + len(text.rstrip())
        body: Document = {
            "source": "h",
            "kind": "mixed",
            "content": [{"start": start, "end": end}],
            "speaker": slug,
            "status": "published",
            "venue": {"name": text},
            "topics": [{"topic": slug, "stance": "supports", "proposition": text}],
        }
        made = desk.post("/v1/quotes", body)
        if made.status_code != 201:
            made = desk.post("/v1/quotes", {**body, "venue": None, "topics": [{"topic": slug}]})
        if made.status_code == 201:
            quotes[f"/quotes/{made.json()['id']}"] = text
    target = {"quote": next(iter(quotes)).rpartition("/")[2]}
    notes = []
    for text in words:
        for kind in ("text/plain", "text/markdown"):
            if put("/v1/annotations", {"target": target, "motivation": "commenting", "body": text, "format": kind}):
                notes.append(text)
    for number, text in enumerate(words):
        told = dict.fromkeys(("title", "publisher", "rights", "note"), text)
        entry = {"slug": f"t-{number}", "authors": [text], "kind": "post", "language": "en"}
        put("/v1/sources", {**told, **entry, "text": f"Number {number}."})
    pages = ["/", "/?sort=-added&limit=200", "/sources", "/sources/h", *names, *quotes]
    return Planted(desk.client, path, pages, notes, names, quotes)


def seen(planted: Planted, address: str) -> Seen:
    response = planted.client.get(address, headers={"Accept": "text/html"})
    assert response.status_code in (200, 404, 422), address
    return Seen(response.text)


def same(text: str) -> str:
    """Return a text as a page may show it: blanks run together, and no character that HTML has not."""
    return " ".join(text.replace("\x00", "\ufffd").split())


def test_enough_is_planted(planted: Planted) -> None:
    assert len(planted.quotes) > 80
    assert len(planted.names) > 80
    assert len(planted.notes) > 100


def test_no_page_has_anything_that_acts(planted: Planted) -> None:
    assert {page: acting for page in planted.pages if (acting := seen(planted, page).acting)} == {}


def test_every_text_is_shown_as_text(planted: Planted) -> None:
    for page, text in {**planted.names, **planted.quotes}.items():
        assert same(text) in same(seen(planted, page).text), page


def test_a_note_in_markdown_fetches_and_runs_nothing(planted: Planted) -> None:
    page = next(iter(planted.quotes))
    shown = seen(planted, page)
    assert shown.acting == []
    assert "![x](http://evil.example/track.png)" in shown.text


def test_what_engines_read_stays_within_its_element(planted: Planted) -> None:
    for page, text in planted.quotes.items():
        (written,) = seen(planted, page).data
        assert same(json.loads(written)["text"]) == same(text)


@pytest.mark.parametrize("text", TEXTS)
def test_a_search_for_it_is_a_search(planted: Planted, text: str) -> None:
    asked = urlencode({"q": text}, errors="replace")
    response = planted.client.get(f"/?{asked}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert Seen(response.text).acting == []


def test_a_browser_is_not_moved_by_any_of_it(planted: Planted, browser: Browser) -> None:
    dialogs: list[str] = []
    shown = [*planted.pages[:4], *list(planted.names)[::25], *list(planted.quotes)[::25]]
    with (
        served(Settings(database_url=url_of(planted.path))) as base,
        visiting(browser, base, LOOKS["phone"]) as visit,
    ):
        visit.page.on("dialog", lambda dialog: dialogs.append(dialog.message))
        for address in shown:
            visit.page.goto(address)
            assert visit.page.url.startswith(base)
            assert visit.page.locator("h1").count() == 1
        assert dialogs == []
        assert visit.complaints == []
