"""Answers: bytes that the store made, with the headers by which they may be kept."""

import json
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from app.api.keys import carries_key, database_of
from app.store.facets import Total
from app.tables.db import Database
from app.text.tags import etag

T = TypeVar("T")

JSON = "application/json"
NO_CACHE = "no-cache"
"""Kept by clients and proxies, and asked for again each time: a 304 costs less than a stale quote."""


def read_slow(request: Request) -> CapacityLimiter:
    """Return the limit of threads that run what may take long, so that those never starve the rest."""
    limiter: CapacityLimiter = request.app.state.slow_reads
    return limiter


async def in_thread(request: Request, work: Callable[[Database], T]) -> T:
    """Run a read that may take long on another thread, on that thread's own connection."""
    return await to_thread.run_sync(work, database_of(request), limiter=read_slow(request))


def single(request: Request, document: str, *, media_type: str = JSON, negotiated: bool = False) -> Response:
    """Answer with one thing, under a strong tag that a later If-Match can name (RFC 9110, 8.8.1).

    `negotiated`: another `Accept` would be answered otherwise.
    """
    body = document.encode()
    return _kept(request, body, f'"{etag(body)}"', media_type, negotiated)


def listed(
    request: Request, document: str, *, next_url: str | None, media_type: str = JSON, negotiated: bool = False
) -> Response:
    """Answer with a list, under a weak tag."""
    body = document.encode()
    response = _kept(request, body, f'W/"{etag(body)}"', media_type, negotiated)
    if next_url:
        response.headers["Link"] = f'<{next_url}>; rel="next"'
    return response


def _kept(request: Request, body: bytes, tag: str, media_type: str, negotiated: bool) -> Response:
    # What a key may see is for its holder alone.
    private = carries_key(request)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache" if private else NO_CACHE}
    if negotiated:
        headers["Vary"] = "Accept"
    return Response(body, media_type=media_type, headers=headers)


def drawn(items: list[str], seed: str) -> Response:
    """Answer with what was drawn at random, which nobody keeps."""
    document = f'{{"items":[{",".join(items)}],"seed":{json.dumps(seed, ensure_ascii=False)}}}'
    return Response(document.encode(), media_type="application/json", headers={"Cache-Control": "no-store"})


def page(items: list[str], *, next_url: str | None, total: Total, more: str = "") -> str:
    """Return a page's document; `more` are further members, each beginning with a comma."""
    after = f'"{next_url}"' if next_url else "null"
    exact = "true" if total.is_exact else "false"
    return f'{{"items":[{",".join(items)}],"next":{after},"total":{total.number},"total_is_exact":{exact}{more}}}'


def paged(request: Request, items: list[str], *, after: str | None, total: Total, more: str = "") -> Response:
    """Answer with a page of a list; `after` is the cursor of the next one, or None."""
    url = next_url(request, after)
    return listed(request, page(items, next_url=url, total=total, more=more), next_url=url)


def next_url(request: Request, after: str | None) -> str | None:
    """Return the whole address of the next page: this one's, with the cursor in the place of its own."""
    if after is None:
        return None
    query: bytes = request.scope["query_string"]
    pairs = [pair for pair in parse_qsl(query.decode("ascii"), keep_blank_values=True) if pair[0] != "after"]
    return f"{base_url(request)}{request.scope['path']}?{urlencode([*pairs, ('after', after)])}"


def base_url(request: Request) -> str:
    """Return the address under which the client reaches the service, without a slash at its end."""
    public: str | None = request.app.state.settings.public_url
    return (public or str(request.base_url)).rstrip("/")
