"""Clients that write: a record of the test's own, and a key of each scope."""

from collections.abc import Mapping
from typing import NamedTuple

from fastapi.testclient import TestClient
from httpx2 import Response

from app.store import keys
from app.tables.db import Database
from app.tables.words import Scope

Document = dict[str, object]


class Writers(NamedTuple):
    """A client of a record that may be changed, its database, and the headers of a key of each scope."""

    client: TestClient
    database: Database
    keys: Mapping[Scope, Mapping[str, str]]

    def headers(self, scope: Scope = Scope.EDIT, **more: str) -> dict[str, str]:
        return {**self.keys[scope], **{name.replace("_", "-"): value for name, value in more.items()}}

    def tag(self, path: str, scope: Scope = Scope.EDIT) -> str:
        """Return the entity tag that a GET gives now."""
        response = self.client.get(path, headers={**self.keys[scope], "Accept-Encoding": "identity"})
        assert response.status_code == 200, response.text
        return response.headers["etag"]

    def post(self, path: str, body: Document, scope: Scope = Scope.EDIT, **headers: str) -> Response:
        return self.client.post(path, json=body, headers=self.headers(scope, **headers))

    def patch(self, path: str, body: Document, scope: Scope = Scope.EDIT, **headers: str) -> Response:
        """Patch what a GET gives now, unless `If_Match` says otherwise."""
        given = {"If_Match": self.tag(path, scope), "Content_Type": "application/merge-patch+json"} | headers
        return self.client.patch(path, json=body, headers=self.headers(scope, **given))

    def delete(self, path: str, scope: Scope = Scope.EDIT, **headers: str) -> Response:
        given = {"If_Match": self.tag(path, scope)} | headers
        return self.client.delete(path, headers=self.headers(scope, **given))


def writers(client: TestClient, database: Database) -> Writers:
    """Make a key of each scope, named by it, and return the client with them."""
    with database.writing() as session:
        secrets = {scope: keys.create(session.connection(), f"key-{scope}", [scope], expires=None) for scope in Scope}
    return Writers(
        client, database, {scope: {"Authorization": f"Bearer {secret}"} for scope, secret in secrets.items()}
    )
