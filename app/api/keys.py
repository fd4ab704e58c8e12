"""Keys: whether a request carries one that is good."""

from starlette.requests import Request

from app.errors import Unauthorized
from app.store import keys
from app.tables.db import Database


def database_of(request: Request) -> Database:
    """Return the database that the application was assembled with."""
    database: Database = request.app.state.database
    return database


def is_keyed(request: Request) -> bool:
    """Tell whether the request carries a key. Raises Unauthorized for one that is not good."""
    header = request.headers.get("authorization")
    if header is None:
        return False
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise Unauthorized("Authorization is not of the form: Bearer KEY.")
    if keys.find(database_of(request).reader(), secret.strip()) is None:
        raise Unauthorized("The key is not known, has expired or was revoked.")
    return True


def need_key(request: Request, *, why: str) -> None:
    """Raise Unauthorized unless the request carries a good key."""
    if not is_keyed(request):
        raise Unauthorized(f"{why} needs a key: send Authorization: Bearer KEY.")
