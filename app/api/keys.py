"""Keys: which one a request carries, and what it may do. Wrong ones are counted, and too many refused."""

from collections import OrderedDict
from contextlib import suppress
from math import ceil
from time import monotonic
from typing import NamedTuple

from starlette.requests import Request

from app.api.paths import is_of_api
from app.errors import Forbidden, Full, Limit, TooMany, Unauthorized, Unavailable
from app.store import keys
from app.store.keys import Key
from app.tables.db import Database
from app.tables.words import Scope

COOKIE = "verbatim_key"
"""Where a browser keeps the key for the pages. The API takes none from there: another site's form could send it."""
WINDOW_S = 60
_ADDRESSES = 10_000


def database_of(request: Request) -> Database:
    """Return the database that the application was assembled with."""
    database: Database = request.app.state.database
    return database


class _Window(NamedTuple):
    began: float
    failures: int


class Failures:
    """Counts wrong keys by the address that sends them, so that none is found by trying."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def prove(self, address: str) -> None:
        """Raise TooMany when the address has sent too many wrong keys lately."""
        window = self._windows.get(address)
        if window is None or monotonic() - window.began > WINDOW_S:
            self._windows.pop(address, None)
        elif window.failures >= self._most:
            limit = self.limit(address)
            detail = f"Too many keys that are not good came from {address}. Wait {limit.wait_s} seconds."
            raise TooMany(detail, limit=limit)

    def count(self, address: str) -> None:
        """Count one more. What was seen longest ago is forgotten when there are too many addresses."""
        window = self._windows.get(address, _Window(monotonic(), 0))
        self._windows[address] = window._replace(failures=window.failures + 1)
        if len(self._windows) > _ADDRESSES:
            self._windows.popitem(last=False)

    def limit(self, address: str) -> Limit:
        """Return how many wrong keys the address may still send, and until when."""
        now = monotonic()
        window = self._windows.get(address, _Window(now, 0))
        left = max(0, self._most - window.failures)
        return Limit("failed-keys", self._most, WINDOW_S, left, max(1, ceil(window.began + WINDOW_S - now)))


def key_of(request: Request) -> Key | None:
    """Return the key that the request carries, or None. Raises Unauthorized for one that is not good, and TooMany.

    It stands in `Authorization`, or for the pages in a cookie.
    """
    header = request.headers.get("authorization")
    if header is None:
        secret = cookie_of(request)
        return None if secret is None else key_named(request, secret)
    failures: Failures = request.app.state.failures
    failures.prove(_address(request))
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("Authorization is not of the form: Bearer KEY.")
    return key_named(request, secret.strip())


def key_named(request: Request, secret: str) -> Key:
    """Return the key of a secret that the request gave. Raises Unauthorized for one that is not good, and TooMany."""
    failures: Failures = request.app.state.failures
    address = _address(request)
    failures.prove(address)
    key = keys.find(database_of(request).reader(), secret)
    if key is None:
        failures.count(address)
        raise Unauthorized("The key is not known, has expired or was revoked.", limit=failures.limit(address))
    if key.is_idle:
        _keep_use(request, key)
    return key


def cookie_of(request: Request) -> str | None:
    """Return the secret that a browser keeps for the pages; None where the API is asked."""
    return None if is_of_api(request.scope) else request.cookies.get(COOKIE)


def carries_key(request: Request) -> bool:
    """Tell whether the request carries a key, good or not: then its answer is for nobody else."""
    return "authorization" in request.headers or cookie_of(request) is not None


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _keep_use(request: Request, key: Key) -> None:
    # A use that cannot be kept now is kept at the next one: reading never waits for it, nor fails with it.
    with suppress(Unavailable, Full), database_of(request).writing(patience_ms=0) as session:
        keys.keep_use(session.connection(), key.name)


def is_keyed(request: Request) -> bool:
    """Tell whether the request carries a key. Raises as `key_of` does."""
    return key_of(request) is not None


def need_key(request: Request, *, why: str) -> Key:
    """Return the key of the request. Raises Unauthorized when it carries none."""
    key = key_of(request)
    if key is None:
        raise Unauthorized(f"{why} needs a key: send Authorization: Bearer KEY.")
    return key


def need_scope(request: Request, scope: Scope) -> Key:
    """Return the key of a request that writes. Raises Unauthorized without one, and Forbidden for one that may not."""
    key = need_key(request, why=f"{request.method} {request.url.path}")
    if not key.may(scope):
        had = ", ".join(sorted(key.scopes))
        raise Forbidden(f"{request.method} {request.url.path} needs the scope {scope}; the key {key.name} has {had}.")
    return key
