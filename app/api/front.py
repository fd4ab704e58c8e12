"""The front: the outermost layer, which names, measures, logs and where it can answers each request.

One layer instead of five, as each costs what a cached answer costs: a page that is kept leaves here without being
routed, and a client that has it already is told so (304) before anything else is asked.
"""

import logging
import re
import secrets
from collections.abc import Callable, Iterator
from itertools import count
from json.encoder import encode_basestring_ascii
from time import perf_counter
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.cache import Cache, Header, Kept, Key
from app.api.keys import COOKIE
from app.api.measures import Measures
from app.logs import Line

log = logging.getLogger("verbatim.access")

_KEY_COOKIE = b"%s=" % COOKIE.encode()
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_EXPOSED = (
    b"Accept-Post, Allow, Content-Disposition, ETag, Idempotency-Replayed, Link, Location, Preference-Applied, "
    b"RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, X-Request-ID"
)
"""Headers that a page of another origin may read besides those that all may."""
_ALWAYS: tuple[Header, ...] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
_IF_NO_POLICY: Header = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
# What a 304 leaves out, the answer that it confirms has already, and keeps (RFC 9111, 4.3.4). Each header costs a
# server in Python about a microsecond, and a 304 takes thirty.
_NOT_IN_304 = frozenset(
    {
        *(b"content-length", b"content-type", b"content-encoding", b"link"),
        *(b"x-content-type-options", b"referrer-policy", b"cross-origin-resource-policy", _IF_NO_POLICY[0]),
    }
)


class Asked(NamedTuple):
    """What the front needs of a request's headers."""

    accept: bytes
    accept_encoding: bytes
    none_match: bytes
    host: bytes
    request_id: bytes
    private: bool


class Front:
    """Wrap an application. `version` tells the record's state: when it changes, nothing kept is good any more."""

    def __init__(self, app: ASGIApp, *, version: Callable[[], int | None], cache: Cache, measures: Measures) -> None:
        self.app, self.version, self.cache, self.measures = app, version, cache, measures
        self._ids: Iterator[int] = count(1)
        self._prefix = secrets.token_hex(5).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = perf_counter()
        asked = _asked(scope["headers"])
        name = asked.request_id or b"%s-%x" % (self._prefix, next(self._ids))
        method: str = scope["method"]
        kept = None
        key: Key | None = None
        version = self.version() if self.cache.is_on and not asked.private else None
        if version is not None and method in ("GET", "HEAD"):
            place = (scope["scheme"], asked.host, scope.get("root_path", ""), scope["raw_path"], scope["query_string"])
            key = (*place, asked.accept, asked.accept_encoding)
            kept = self.cache.get(key, version)
        if kept is not None:
            self.measures.count_kept()
            status = await _send_kept(kept, asked, name, send, head=method == "HEAD")
            self._measure(method, kept.route, status, begun, name, scope)
            return
        answer = _Answer(send, asked, name, head=method == "HEAD", keep=key is not None)
        if method == "HEAD":
            scope = {**scope, "method": "GET"}
        scope["state"] = {**scope.get("state", {}), "request_id": name.decode(), "is_head": method == "HEAD"}
        try:
            await self.app(scope, receive, answer.send)
        finally:
            route = getattr(scope.get("route"), "path", "") or "unmatched"
            if key is not None and version is not None and answer.kept:
                self.cache.put(key, answer.kept._replace(route=route), version)
            self._measure(method, route, answer.status, begun, name, scope)

    def _measure(self, method: str, route: str, status: int, begun: float, name: bytes, scope: Scope) -> None:
        took = perf_counter() - begun
        self.measures.count(method, route, status, took)
        if log.isEnabledFor(logging.INFO):
            path, query = scope["path"], scope["query_string"]
            whole = f"{path}?{query.decode('latin-1')}" if query else path
            line = (
                f'"request":"{name.decode()}","method":{encode_basestring_ascii(method)},'
                f'"path":{encode_basestring_ascii(whole)},"status":{status},"ms":{took * 1000:.3f}'
            )
            log.handle(Line(log.name, line))


def _asked(headers: list[Header]) -> Asked:
    accept = accept_encoding = none_match = host = request_id = b""
    private = False
    for name, value in headers:
        if name == b"accept":
            accept = accept + b"," + value if accept else value
        elif name == b"accept-encoding":
            accept_encoding = accept_encoding + b"," + value if accept_encoding else value
        elif name == b"if-none-match":
            none_match = none_match + b"," + value if none_match else value
        elif name == b"host":
            host = host + b"," + value if host else value
        elif name in (b"authorization", b"prefer", b"cookie"):
            # What is answered to a preference is kept for nobody either; other cookies say nothing to us.
            private = private or name != b"cookie" or _KEY_COOKIE in value
        elif name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            request_id = value
    return Asked(accept, accept_encoding, none_match, host, request_id, private)


async def _send_kept(kept: Kept, asked: Asked, name: bytes, send: Send, *, head: bool) -> int:
    """Send a kept answer, or 304 when the client has it; return the status."""
    if asked.none_match and kept.tag and matches(asked.none_match, kept.tag):
        await send(
            {"type": "http.response.start", "status": 304, "headers": [*kept.headers_304, (b"x-request-id", name)]}
        )
        await send({"type": "http.response.body", "body": b""})
        return 304
    await send({"type": "http.response.start", "status": 200, "headers": [*kept.headers, (b"x-request-id", name)]})
    await send({"type": "http.response.body", "body": b"" if head else kept.body})
    return 200


def matches(none_match: bytes, tag: bytes) -> bool:
    """Compare weakly, as If-None-Match does (RFC 9110, 13.1.2)."""
    if none_match == tag or none_match.strip() == b"*":
        return True
    bare = tag.removeprefix(b"W/")
    return any(given.strip().removeprefix(b"W/") == bare for given in none_match.split(b","))


class _Answer:
    """Sends one answer on: adds the headers that all have, turns it into 304 or HEAD, and keeps it if it may."""

    def __init__(self, send: Send, asked: Asked, name: bytes, *, head: bool, keep: bool) -> None:
        self._send, self._asked, self._name, self._keep = send, asked, name, keep
        self._headers: list[Header] = []
        self._tag = b""
        self._silent = head
        self.status = 500
        self.kept: Kept | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._start(message)
        elif message["type"] == "http.response.body":
            await self._body(message)
        else:
            await self._send(message)

    async def _start(self, message: Message) -> None:
        self.status = message["status"]
        self._headers, self._tag = _dressed(message["headers"])
        headers = self._headers
        if self.status == 200 and self._asked.none_match and self._tag and matches(self._asked.none_match, self._tag):
            self.status, self._silent = 304, True
            headers = _for_304(headers)
        await self._send({**message, "status": self.status, "headers": [*headers, (b"x-request-id", self._name)]})

    async def _body(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._keep and self._tag and not more and self.kept is None and self.status in (200, 304):
            self.kept = Kept(self._headers, _for_304(self._headers), body, self._tag, "")
        self._keep = self._keep and not more
        await self._send({**message, "body": b""} if self._silent else message)


def _for_304(headers: list[Header]) -> list[Header]:
    return [header for header in headers if header[0] not in _NOT_IN_304]


def _dressed(given: list[Header]) -> tuple[list[Header], bytes]:
    """Return the headers with those that every answer has, and the entity tag, which tells codings apart.

    A strong tag names bytes, and so a compressed answer has a tag of its own (RFC 9110, 8.8.3.3).
    """
    ours = {name for name, _ in _ALWAYS}
    names = {name for name, _ in given}
    coding = next((value for name, value in given if name == b"content-encoding"), b"")
    tag = b""
    headers: list[Header] = []
    for name, value in given:
        if name in ours:
            continue
        if name == b"etag":
            if coding and not value.startswith(b"W/"):
                value = value[:-1] + b"-" + coding + b'"'
            tag = value
        headers.append((name, value))
    headers += _ALWAYS
    if _IF_NO_POLICY[0] not in names:
        headers.append(_IF_NO_POLICY)
    return headers, tag
