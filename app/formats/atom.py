"""Atom (RFC 4287): feeds of quotes and of changes, or one quote as an entry document, with `tag:` ids (RFC 4151).

Ids name the authority that the service is reached under and the quote, whose id is the same on every instance: moving
the record to another machine, or reading it in anew, makes no entry new.
"""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from pydantic_core import to_json

from app.formats.wording import SHORT, attribution, source_line, told
from app.tables.change import FeedEntry
from app.tables.columns import instant
from app.tables.quote import QuoteCited
from app.tables.words import Polarity, What

MEDIA_TYPE = "application/atom+xml"
_DECLARED = '<?xml version="1.0" encoding="utf-8"?>\n'
_SPACE = ' xmlns="http://www.w3.org/2005/Atom"'
_SINCE = "2025"
"""The year of the record's first quote: a tag's date only has to be past, and always the same."""
LATER = "urn:verbatim:later"
_PATHS = {
    What.SOURCE: "/v1/sources",
    What.SPEAKER: "/v1/speakers",
    What.TOPIC: "/v1/topics",
    What.QUOTE: "/v1/quotes",
}
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_IN_TAG = "/?&=:@!$'()*+,;-._~%"
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
# What is no character of XML 1.0 (section 2.2), not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(NamedTuple):
    """Where the feed stands: `base` is the service's address, `query` tells its filters, without the page."""

    base: str
    query: str
    self_url: str
    json_url: str
    next_url: str | None


def feed(quotes: Sequence[QuoteCited], about: Feed) -> str:
    """Return a page of a feed; the page after it is linked (RFC 5005)."""
    subtitle = "Who said what, where it was printed, with the evidence."
    head = _head(about, "quotes", subtitle, [quote.updated for quote in quotes])
    return _document(head, (_entry(quote, about.base, "") for quote in quotes))


def changes(entries: Sequence[FeedEntry], about: Feed, *, later_url: str) -> str:
    """Return a page of the feed of changes, the oldest first.

    `later_url` is where to go on after this page, also when it is the last one there is now: linked by a relation of
    our own, as `next` on a last page would be followed for ever.
    """
    head = _head(about, "changes", "Every change of the record, the oldest first.", [one.at for one in entries])
    return _document([*head, _link(LATER, later_url, MEDIA_TYPE)], (_change(one, about.base) for one in entries))


def _head(about: Feed, what: str, subtitle: str, moments: Iterable[datetime]) -> list[str]:
    """Return what stands before the entries of a page of a feed, which was updated when the last of them was."""
    return [
        _element("id", tag(about.base, what + (f"?{about.query}" if about.query else ""))),
        _element("title", f"Verbatim: {what}" + (f" ({about.query})" if about.query else "")),
        _element("subtitle", subtitle),
        _element("updated", instant(max(moments, default=_NEVER))),
        f"<author>{_element('name', 'Verbatim')}</author>",
        _link("self", about.self_url, MEDIA_TYPE),
        _link("alternate", about.json_url, "application/json"),
        *([_link("next", about.next_url, MEDIA_TYPE)] if about.next_url else []),
    ]


def _document(head: Iterable[str], entries: Iterable[str]) -> str:
    return f"{_DECLARED}<feed{_SPACE}>\n{_joined(head)}{_joined(entries)}</feed>\n"


def _change(change: FeedEntry, base: str) -> str:
    parts = (
        _element("id", tag(base, f"changes/{change.seq}")),
        _element("title", f"{change.what.value} {change.name}, version {change.version}"),
        _element("updated", instant(change.at)),
        f"<author>{_element('name', change.who)}</author>",
        *([_link("alternate", f"{base}{_PATHS[change.what]}/{change.name}", None)] if change.what in _PATHS else []),
        _empty("category", term=change.what.value),
        # As text: RFC 4287 (4.1.3.3) wants application/json in Base64. ASCII, so that XML carries all of it.
        _element("content", to_json(change, ensure_ascii=True).decode(), type="text/plain"),
    )
    return f"<entry>\n{_joined(parts)}</entry>"


def entry(quote: QuoteCited, base: str) -> str:
    """Return one quote as a document of its own."""
    return f"{_DECLARED}{_entry(quote, base, _SPACE)}\n"


def tag(base: str, specific: str) -> str:
    """Return the `tag:` URI of a thing of the service at this address, whose host is the authority."""
    host = (urlsplit(base).hostname or "").lower()
    authority = host if _HOST.fullmatch(host) else "localhost"
    return f"tag:{authority},{_SINCE}:{percent(specific, safe=_IN_TAG)}"


def _entry(quote: QuoteCited, base: str, space: str) -> str:
    by = quote.speaker.name if quote.speaker and quote.polarity is Polarity.ASSERTED else "Verbatim"
    address = f"{base}{quote.url}"
    parts = (
        _element("id", tag(base, f"quotes/{quote.id}")),
        _element("title", told(quote, most=SHORT)),
        _element("updated", instant(quote.updated)),
        _element("published", instant(quote.created)),
        f"<author>{_element('name', by)}</author>",
        # Without a type, which would tell feed readers that it is nothing to open.
        _link("alternate", address, None),
        *([_link("via", quote.source.url, None)] if quote.source.url else []),
        *(_empty("category", term=about.slug, label=about.label) for about in quote.topics),
        _element("summary", quote.text if quote.polarity is Polarity.ASSERTED else told(quote), type="text"),
        _element("content", _content(quote), type="html"),
    )
    return f"<entry{space}>\n{_joined(parts)}</entry>"


def _content(quote: QuoteCited) -> str:
    """Return HTML for readers: who, the words, and where they are printed."""
    words, who, where = (html.escape(legal(part)) for part in (quote.text, attribution(quote), source_line(quote)))
    said = f" (said {quote.said.edtf})" if quote.said.edtf else ""
    return f"<p>{who}{said}:</p><blockquote><p>{words}</p></blockquote><p>Printed in {where}.</p>"


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _link(rel: str, href: str, type_: str | None) -> str:
    return _empty("link", rel=rel, href=href, **({"type": type_} if type_ else {}))


def _empty(name: str, **attributes: str) -> str:
    return f"<{name}{_written(attributes)}/>"


def _element(name: str, words: str, **attributes: str) -> str:
    return f"<{name}{_written(attributes)}>{_escaped(words)}</{name}>"


def _written(attributes: dict[str, str]) -> str:
    # A line break or a tab in an attribute would be read as a space (XML 1.0, 3.3.3).
    escaped = {name: _escaped(value).replace("\n", "&#10;").replace("\t", "&#9;") for name, value in attributes.items()}
    return "".join(f' {name}="{value}"' for name, value in escaped.items())


def _escaped(words: str) -> str:
    # A bare carriage return would be read as a line feed (XML 1.0, 2.11).
    return html.escape(legal(words)).replace("\r", "&#13;")


def legal(words: str) -> str:
    """Return words with what is no character of XML 1.0 replaced."""
    return _NOT_XML.sub("\ufffd", words)
