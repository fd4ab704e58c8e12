"""Paths: where a request goes below the address of the service, and whether that is the API."""

from starlette.types import Scope

_API = "/v1/"


def below(scope: Scope) -> str:
    """Return the path of a request below the one under which the service is served."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def is_of_api(scope: Scope) -> bool:
    """Tell whether the API is asked, and not a page or what a page loads."""
    return below(scope).startswith(_API)
