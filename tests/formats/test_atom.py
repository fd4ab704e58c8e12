"""Atom, read by a feed reader's parser and by an XML parser."""

import re
from typing import Protocol
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.atom import Feed, entry, feed, tag
from app.tables.quote import QuoteWhole
from app.tables.words import Polarity, QuoteKind
from tests.formats.samples import BASE, HOSTILE, bare, quote

ATOM = "{http://www.w3.org/2005/Atom}"
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ABOUT = Feed(
    BASE, "speaker=a&q=%3C%22", f"{BASE}/v1/quotes.atom?speaker=a", f"{BASE}/v1/quotes.json?speaker=a", f"{BASE}/n"
)
TAG = re.compile(r"tag:[a-z0-9.-]+,[0-9]{4}:(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*")


class Parsed(Protocol):
    """What feedparser makes of a feed, as far as it is looked at here."""

    bozo: bool
    version: str
    entries: list[dict[str, str]]
    feed: dict[str, str]


def parsed(text: str) -> Parsed:
    found: Parsed = feedparser.parse(text.encode(), sanitize_html=False)
    return found


def words(node: Xml.Element, name: str) -> str:
    found = node.find(f"{ATOM}{name}")
    assert found is not None
    return found.text or ""


def links(node: Xml.Element) -> dict[str, str]:
    return {link.attrib["rel"]: link.attrib["href"] for link in node.findall(f"{ATOM}link")}


def test_a_feed_reader_reads_it() -> None:
    found = parsed(feed([quote(text="it is so"), bare()], ABOUT))
    assert not found.bozo
    assert found.version == "atom10"
    assert found.feed["id"] == "tag:record.example,2025:quotes?speaker=a&q=%3C%22"
    assert found.feed["title"] == "Verbatim: quotes (speaker=a&q=%3C%22)"
    assert found.feed["author"] == "Verbatim"
    assert found.feed["updated"] == "2027-01-02T03:04:05.000678Z"
    first, second = found.entries
    assert first["id"] == f"tag:record.example,2025:quotes/{'0' * 16}"
    assert first["title"] == "Somebody it is so: “it is so”"
    assert first["author"] == "Somebody it is so"
    assert first["updated"] == "2027-01-02T03:04:05.000678Z"
    assert first["published"] == "2026-01-02T03:04:05.000678Z"
    assert first["summary"] == "it is so"
    assert first["link"] == f"{BASE}/v1/quotes/{'0' * 16}"
    assert second["title"] == "Unknown speaker: it is so"


def test_it_has_what_rfc_4287_asks_for() -> None:
    root = Xml.fromstring(feed([quote(), bare()], ABOUT))
    assert root.tag == f"{ATOM}feed"
    assert links(root) == {"self": ABOUT.self_url, "alternate": ABOUT.json_url, "next": f"{BASE}/n"}
    for node in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1
        assert TAG.fullmatch(words(node, "id"))
        assert node.find(f"{ATOM}author/{ATOM}name") is not None
    assert links(root.findall(f"{ATOM}entry")[0])["via"] == quote().source.url
    assert "via" not in links(root.findall(f"{ATOM}entry")[1])


def test_the_last_page_links_no_next_one_and_an_empty_feed_is_one() -> None:
    text = feed([], ABOUT._replace(next_url=None, query=""))
    found = parsed(text)
    assert not found.bozo
    assert found.entries == []
    assert found.feed["updated"] == "1970-01-01T00:00:00.000000Z"
    assert "next" not in links(Xml.fromstring(text))


def test_one_quote_is_an_entry_document() -> None:
    text = entry(quote(text="it is so"), BASE)
    assert Xml.fromstring(text).tag == f"{ATOM}entry"
    found = parsed(text)
    assert not found.bozo
    assert [item["summary"] for item in found.entries] == ["it is so"]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_through_as_far_as_xml_can_carry_it(text: str) -> None:
    seen = NOT_XML.sub("\ufffd", text)
    written = feed([quote(text=text)], ABOUT)
    assert not parsed(written).bozo
    node = Xml.fromstring(written).findall(f"{ATOM}entry")[0]
    assert words(node, "summary") == seen
    labels = [category.attrib["label"] for category in node.findall(f"{ATOM}category")]
    assert labels == ["Talks", seen, "Talks"]
    assert "<script>alert" not in words(node, "content")


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=60))
def test_any_text_makes_a_well_formed_feed(text: str) -> None:
    node = Xml.fromstring(feed([quote(text=text)], ABOUT)).findall(f"{ATOM}entry")[0]
    assert words(node, "summary") == NOT_XML.sub("\ufffd", text)


@pytest.mark.parametrize(
    ("polarity", "title"),
    [
        (Polarity.ASSERTED, "Somebody x: “x”"),
        (Polarity.DENIED, "Somebody x denies: “x”"),
        (Polarity.NOT_SAID, "Somebody x did not say: “x”"),
        (Polarity.ALLEGED, "Somebody x is alleged to have said: “x”"),
        (Polarity.HYPOTHETICAL, "Somebody x, as a hypothesis: “x”"),
    ],
)
def test_only_what_is_asserted_has_the_speaker_as_its_author(polarity: Polarity, title: str) -> None:
    written = feed([quote(text="x", polarity=polarity)], ABOUT)
    (item,) = parsed(written).entries
    assert item["title"] == title
    assert item["author"] == ("Somebody x" if polarity is Polarity.ASSERTED else "Verbatim")
    content = words(Xml.fromstring(written).findall(f"{ATOM}entry")[0], "content")
    assert content.startswith(f"<p>{title.partition(':')[0]} (said 2025-03/..):</p>")
    assert item["summary"] == ("x" if polarity is Polarity.ASSERTED else title)


def test_a_long_quote_is_cut_in_the_title_and_whole_in_the_content() -> None:
    long = "word " * 100 + "end"
    node = Xml.fromstring(entry(quote(text=long, kind=QuoteKind.INDIRECT), BASE))
    assert words(node, "title").endswith("word word…")
    assert words(node, "summary") == long


@pytest.mark.parametrize(
    ("base", "authority"),
    [
        ("https://Quotes.Example.org:8443/verbatim", "quotes.example.org"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000", "localhost"),
        ("http://under_score.example", "localhost"),
        ("http://evil,2000:x", "localhost"),
        ("http://", "localhost"),
    ],
)
def test_the_host_is_the_authority_of_the_tag_where_it_can_be(base: str, authority: str) -> None:
    assert tag(base, "quotes/1") == f"tag:{authority},2025:quotes/1"


def test_an_id_does_not_depend_on_where_the_quote_was_read() -> None:
    page = Xml.fromstring(feed([quote()], ABOUT)).findall(f"{ATOM}entry")[0]
    alone = Xml.fromstring(entry(quote(), BASE))
    moved: QuoteWhole = quote().model_copy(update={"version": 4, "created": quote().updated})
    again = Xml.fromstring(entry(moved, BASE))
    assert words(page, "id") == words(alone, "id") == words(again, "id")
