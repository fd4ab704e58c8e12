"""The feed of changes: a mirror sees every change once and in order, in JSON and in Atom, while others write."""

import json
import threading
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as Xml

import feedparser
import pytest

from tests.api.writers import Writers
from tests.formats.test_atom import ATOM, TAG, links, words

WRITERS, EACH = 4, 12
Entry = dict[str, Any]  # a change, of which any member may be any JSON


def pages_of_json(desk: Writers, after: str | None) -> tuple[list[Entry], str | None]:
    """Read one page from a cursor on; return its changes and the cursor to go on from."""
    page = desk.client.get("/v1/changes", params={"limit": 7} | ({"after": after} if after else {})).json()
    return page["items"], page["cursor"]


def pages_of_atom(desk: Writers, after: str | None) -> tuple[list[Entry], str | None]:
    """Read one page of the feed at an address; return its changes and the address to go on at."""
    response = desk.client.get(after or "/v1/changes.atom?limit=7")
    assert response.headers["content-type"] == "application/atom+xml; type=feed; charset=utf-8"
    root = Xml.fromstring(response.content)
    found = [json.loads(words(entry, "content")) for entry in root.findall(f"{ATOM}entry")]
    return found, links(root)["urn:verbatim:later"]


def write(desk: Writers, number: int, failed: list[str]) -> None:
    """Make, rename and change speakers, one after the other."""
    for at in range(EACH):
        slug = f"writer-{number}-{at}"
        made = desk.post("/v1/speakers", {"slug": slug, "name": slug, "kind": "person", "names": []})
        changed = desk.patch(f"/v1/speakers/{slug}", {"description": f"The {at}th, & <more> of “{number}”."})
        failed += [response.text for response in (made, changed) if response.status_code not in (200, 201)]


def test_what_hides_behind_a_cursor_stays_there(desk: Writers) -> None:
    """A note on a proposal is not served; served once the proposal is public, it would be missed by who read on."""
    content: Entry = {"source": "pezeshkian-khamenei-us-talks-2025-03-21", "kind": "indirect"}
    quote = desk.post("/v1/quotes", content | {"content": ["Trump signed a letter"]}).json()["id"]
    note: Entry = {"target": {"quote": quote}, "motivation": "commenting", "body": "Early."}
    assert desk.post("/v1/annotations", note).status_code == 201
    after = None
    while (page := pages_of_json(desk, after))[0]:
        assert "Early." not in json.dumps(page[0])
        after = page[1]
    published = desk.client.post(
        f"/v1/quotes/{quote}/review", json={"status": "published"}, headers=desk.headers(If_Match="*")
    )
    assert published.status_code == 200
    assert desk.post("/v1/annotations", note | {"body": "Late."}).status_code == 201

    since = pages_of_json(desk, after)[0]
    assert [(item["what"], item["after"].get("body")) for item in since] == [("quote", None), ("annotation", "Late.")]
    after, anew = None, []
    while (page := pages_of_json(desk, after))[0]:
        anew += page[0]
        after = page[1]
    assert anew[-2:] == since
    assert "Early." not in json.dumps(anew)
    assert "Early." in desk.client.get(f"/v1/annotations?quote={quote}").text


@pytest.mark.parametrize("read", [pages_of_json, pages_of_atom])
def test_who_follows_while_others_write_sees_every_change_once_and_in_order(
    crowd: Writers, read: Callable[[Writers, str | None], tuple[list[Entry], str | None]]
) -> None:
    failed: list[str] = []
    threads = [threading.Thread(target=write, args=(crowd, number, failed)) for number in range(WRITERS)]
    seen: list[Entry] = []
    after: str | None = None
    while not after or (items := read(crowd, after)[0]):  # what the seed wrote
        items, after = read(crowd, after)
        seen += items
    since = len(seen)
    for thread in threads:
        thread.start()
    busy = 0
    while any(thread.is_alive() for thread in threads):
        items, after = read(crowd, after)
        busy += bool(items)
        seen += items
    for thread in threads:
        thread.join()
    items, after = read(crowd, after)  # also where the look before found nothing: a writer may have written since
    while items:
        seen += items
        items, after = read(crowd, after)
    assert failed == []
    assert [change["seq"] for change in seen] == list(range(1, since + 2 * WRITERS * EACH + 1))
    assert busy > 5
    stored = crowd.database.reader().execute('SELECT seq, what, name, version, who, "after" FROM change ORDER BY seq')
    told = [(*(change[key] for key in ("seq", "what", "name", "version", "who")), change["after"]) for change in seen]
    assert told == [(*row[:5], json.loads(row[5])) for row in stored]


def test_a_feed_reader_reads_the_changes(desk: Writers) -> None:
    desk.post("/v1/speakers", {"slug": "a-b", "name": 'A <b> & "c"\U0001f44d', "kind": "person", "names": []})
    text = desk.client.get("/v1/changes.atom?limit=200&what=speaker").content
    found = feedparser.parse(text, sanitize_html=False)
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed["title"] == "Verbatim: changes (what=speaker)"
    last = found.entries[-1]
    told = desk.client.get("/v1/changes?limit=200&what=speaker").json()["items"][-1]
    assert (last["title"], last["author"]) == ("speaker a-b, version 1", "key-edit")
    assert last["id"] == f"tag:testserver,2025:changes/{told['seq']}"
    assert (last["updated"], last["link"]) == (told["at"], "http://testserver/v1/speakers/a-b")
    assert (last["content"][0]["type"], json.loads(last["content"][0]["value"])) == ("text/plain", told)
    assert told["after"]["name"].endswith("\U0001f44d")


def test_the_feed_has_what_rfc_4287_asks_for(desk: Writers) -> None:
    page = desk.client.get("/v1/changes.atom?limit=3")
    root = Xml.fromstring(page.content)
    assert page.headers["link"].startswith(f"<{links(root)['next']}>")
    for node in (root, *root.findall(f"{ATOM}entry")):
        assert [len(node.findall(f"{ATOM}{name}")) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
        assert TAG.fullmatch(words(node, "id"))
    assert links(root)["self"] == "http://testserver/v1/changes.atom?limit=3"
    assert desk.client.get(links(root)["alternate"]).json()["items"][0]["seq"] == 1
    again = Xml.fromstring(desk.client.get(links(root)["next"]).content)
    ids = [words(entry, "id") for node in (root, again) for entry in node.findall(f"{ATOM}entry")]
    assert ids == [f"tag:testserver,2025:changes/{seq}" for seq in range(1, 7)]


def test_the_last_page_has_no_next_and_says_where_to_go_on(desk: Writers) -> None:
    last = Xml.fromstring(desk.client.get("/v1/changes.atom?limit=200&what=source").content)
    assert "next" not in links(last)
    empty = Xml.fromstring(desk.client.get(links(last)["urn:verbatim:later"]).content)
    assert (empty.findall(f"{ATOM}entry"), "next" in links(empty)) == ([], False)
    assert words(empty, "updated") == "1970-01-01T00:00:00.000000Z"
    assert links(empty)["urn:verbatim:later"] == links(last)["urn:verbatim:later"]


def test_accept_chooses_the_form(desk: Writers) -> None:
    atom = desk.client.get("/v1/changes", headers={"Accept": "application/atom+xml"})
    assert (atom.headers["content-type"].partition(";")[0], "Accept" in atom.headers["vary"].split(", ")) == (
        "application/atom+xml",
        True,
    )
    assert atom.content == desk.client.get("/v1/changes.atom").content
    assert desk.client.get("/v1/changes").json() == desk.client.get("/v1/changes.json").json() | {
        "next": desk.client.get("/v1/changes").json()["next"]
    }
    assert desk.client.get("/v1/changes", headers={"Accept": "text/csv"}).status_code == 406
    assert desk.client.get("/v1/changes.csv").status_code == 404
