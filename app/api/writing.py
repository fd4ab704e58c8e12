"""Writing: who may, on which version, once or again, in one transaction whose answer is made before it ends.

A handler gives the work; here it is done on a thread, one write at a time, with a session that commits at its end. The
answer is what a GET would give, read in the same transaction, so that what was acknowledged is what was written.
"""

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import JSON, base_url, in_thread
from app.api.bodies import read_bytes
from app.api.keys import database_of, need_scope
from app.errors import Fault, Invalid
from app.store import desks, replies
from app.store.desks import Desk
from app.store.history import Writer
from app.store.replies import Reply
from app.tables.columns import now
from app.tables.db import patience_ms
from app.tables.words import Scope
from app.text.tags import etag

__all__ = ["Desk", "Made", "answered", "written"]

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class Made(NamedTuple):
    """What came of a write: the document to answer with, None for no content, and the path of what is new."""

    document: str | None
    status: int = 200
    location: str | None = None
    headers: Mapping[str, str] = {}


async def written(
    request: Request,
    scope: Scope,
    work: Callable[[Desk], Made],
    *types: str,
    dry: bool = False,
    body: bytes | None = None,
    match: str | None = None,
) -> Response:
    """Do the work in one transaction and answer with what it made; with `dry` nothing of it stays.

    `types` are the media types of the body that it takes, none for a write without one, or of which the `body` was
    read before. `match` stands in the place of If-Match, which no form sends.

    Under an Idempotency-Key the same request of the same key is answered as it was the first time, for 24 hours;
    another one is refused (draft-ietf-httpapi-idempotency-key-header).
    """
    key = need_scope(request, scope)
    given = await read_bytes(request, *types) if types else body or b""
    again = _again(request)
    asked = _asked(request, given)
    base, named = base_url(request), match or request.headers.get("if-match")

    queued = time.monotonic()

    def run() -> Reply:
        with database_of(request).writing(patience_ms=patience_ms(time.monotonic() - queued)) as session:
            desk = desks.at(session, Writer(key.name, now()), key, match=named, body=given)
            if again is not None and (kept := replies.find(desk.reader, key.name, again)) is not None:
                return _same(kept, asked)
            reply = _reply(work(desk), asked, base)
            if again is not None and not dry:
                replies.keep(desk.connection, key.name, again, reply)
            if dry:
                session.rollback()
            return reply

    return _response(await to_thread.run_sync(run, limiter=_writes(request)))


async def answered(request: Request, scope: Scope, body: bytes = b"") -> Response | None:
    """Return the answer that the same request got before, under its Idempotency-Key; None when there is none.

    For what takes long to get ready: `written` looks too, when its turn to write has come.
    """
    key, again = need_scope(request, scope), _again(request)
    if again is None:
        return None
    kept = await in_thread(request, lambda database: replies.find(database.reader(), key.name, again))
    return None if kept is None else _response(_same(kept, _asked(request, body)))


def _response(reply: Reply) -> Response:
    return Response(reply.body.encode(), status_code=reply.status, headers=dict(reply.headers))


def _writes(request: Request) -> CapacityLimiter:
    limiter: CapacityLimiter = request.app.state.writes
    return limiter


def _reply(made: Made, asked: str, base: str) -> Reply:
    headers = {"Cache-Control": "no-store", **made.headers}
    body = made.document or ""
    if made.document is not None:
        headers |= {"Content-Type": JSON, **made.headers, "ETag": f'"{etag(body.encode())}"'}
    if made.location is not None:
        headers["Location"] = f"{base}{made.location}"
    return Reply(asked, made.status if made.document is not None else 204, headers, body)


def _same(kept: Reply, asked: str) -> Reply:
    if kept.request != asked:
        detail = "This Idempotency-Key was used with another request: take a new one for each."
        raise Invalid.of(Fault(detail, parameter="Idempotency-Key"))
    return kept._replace(headers={**kept.headers, "Idempotency-Replayed": "true"})


def _again(request: Request) -> str | None:
    given = request.headers.get("idempotency-key")
    if given is None or request.method != "POST":
        return None
    if not _KEY.fullmatch(given):
        detail = "Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID."
        raise Invalid.of(Fault(detail, parameter="Idempotency-Key"))
    return given


def _asked(request: Request, body: bytes) -> str:
    """Return the SHA-256 of what is asked: method, address, media type and body."""
    parts = (
        request.method.encode(),
        request.scope["raw_path"],
        request.scope["query_string"],
        request.headers.get("content-type", "").encode(),
        body,
    )
    return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).hexdigest()
