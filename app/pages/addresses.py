"""Addresses: a page's query read, and the links that change one thing of it."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from starlette.requests import Request

from app.api.parameters import pairs_of, parse, query_of
from app.tables.paging import Query

Q = TypeVar("Q", bound=Query)
Pairs = tuple[tuple[str, str], ...]


class Choice(NamedTuple):
    """One value to choose: what it is called, how many have it, and where a click leads, which the unknown lacks."""

    label: str
    number: int
    query: str | None
    is_on: bool


class Asked(NamedTuple):
    """The pairs of a query, in their order, without those that a form sent empty."""

    pairs: Pairs

    def having(self, name: str, value: str) -> str:
        """Return the query with one pair more, from the first page on."""
        return _written((*self.without("after"), (name, value)))

    def lacking(self, name: str, value: str) -> str:
        """Return the query without one pair, from the first page on."""
        return _written(pair for pair in self.without("after") if pair != (name, value))

    def instead(self, name: str, value: str | None) -> str:
        """Return the query with one value in the place of all of that name, or with none, from the first page on."""
        kept = self.without("after", name)
        return _written(kept if value is None else (*kept, (name, value)))

    def after(self, cursor: str) -> str:
        """Return the query of the next page."""
        return _written((*self.without("after"), ("after", cursor)))

    def first(self) -> str:
        """Return the query of the first page."""
        return _written(self.without("after"))

    def without(self, *names: str) -> Pairs:
        """Return the pairs that have none of these names: what a form carries along."""
        return tuple(pair for pair in self.pairs if pair[0] not in names)

    def values(self, name: str) -> Sequence[str]:
        """Return the values of a name."""
        return [value for given, value in self.pairs if given == name]


def _written(pairs: Iterable[tuple[str, str]]) -> str:
    return "?" + urlencode(list(pairs))


def asked_of(request: Request) -> Asked:
    """Return what a request's query asks for. A field that a form sends empty is as if it were not there."""
    return Asked(tuple(pair for pair in pairs_of(query_of(request)) if pair[1]))


def read(model: type[Q], asked: Asked) -> Q:
    """Return the query's parameters. Raises Invalid as those of the API do."""
    return parse(model, urlencode(asked.pairs).encode("ascii"))
