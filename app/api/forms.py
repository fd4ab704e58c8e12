"""Forms: what quotes are served as besides JSON, which one a request asks for, and what it makes of the store's answer.

A suffix of the path names a form and wins; without one, `Accept` chooses, and the answer says so (`Vary: Accept`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import Request

from app.api.accept import best, names
from app.api.answers import base_url
from app.api.parameters import query_of
from app.errors import Fault, Invalid, NotAcceptable, NotFound
from app.formats import atom, citation, csv, jsonld, ndjson
from app.store.facets import Total
from app.store.quotes import Found
from app.tables.filter import QuoteField
from app.tables.paging import Query
from app.tables.quote import QuoteCited, QuoteWhole


class Form(StrEnum):
    """The forms, by the suffix that names them."""

    JSON = "json"
    JSONLD = "jsonld"
    CSV = "csv"
    NDJSON = "ndjson"
    ATOM = "atom"
    CSL = "csl"
    BIB = "bib"


Offer = Mapping[str, str]
"""Forms with the media type of each; the first is the one for those who do not choose."""

_TYPES: Offer = {
    Form.JSON: "application/json",
    Form.JSONLD: "application/ld+json",
    Form.CSV: "text/csv; charset=utf-8; header=present",
    Form.NDJSON: "application/x-ndjson",
}
LISTS: Offer = {**_TYPES, Form.ATOM: "application/atom+xml; type=feed; charset=utf-8"}
SINGLES: Offer = {
    **_TYPES,
    Form.ATOM: "application/atom+xml; type=entry; charset=utf-8",
    Form.CSL: "application/vnd.citationstyles.csl+json",
    Form.BIB: "application/x-bibtex; charset=utf-8",
}
EXPORTS: Offer = {form: _TYPES[form] for form in (Form.NDJSON, Form.CSV, Form.JSONLD)}

_UNTAKEN = {
    Form.NDJSON: ("facets",),
    Form.CSV: ("include", "facets"),
    Form.JSONLD: ("fields", "include", "facets"),
    Form.ATOM: ("fields", "include", "facets"),
}


class Place(NamedTuple):
    """Where a page of quotes stands: the service's address, the pairs of the query, the address of the next page."""

    base: str
    query: Sequence[tuple[str, str]] = ()
    path: str = "/v1/quotes"
    next_url: str | None = None

    def url(self, form: Form, *, first: bool = False) -> str:
        """Return the address of this page in a form, or of the first page of that length."""
        pairs = [pair for pair in self.query if not (first and pair[0] == "after")]
        return f"{self.base}{self.path}.{form}" + (f"?{urlencode(pairs)}" if pairs else "")

    def following(self, form: Form) -> str | None:
        """Return the address of the next page in a form: as that page names itself, however this one was asked for."""
        return f"{self.base}{self.path}.{form}?{urlsplit(self.next_url).query}" if self.next_url else None


def named(suffix: str, offer: Offer) -> Form:
    """Return the form of a suffix. Raises NotFound, with those there are, for any other."""
    if suffix not in offer:
        raise NotFound(f"There is no form .{suffix[:40]} of it; there are {names(offer)}.")
    return Form(suffix)


def accepted(request: Request, offer: Offer) -> Form:
    """Return the form that `Accept` likes best. Raises NotAcceptable, with those there are, when it likes none."""
    header = ",".join(request.headers.getlist("accept"))
    chosen = best(header, list(offer.values()))
    if chosen is None:
        raise NotAcceptable(f"Accept: {header[:200]} takes none of what there is: {names(offer)}.")
    return Form(list(offer)[chosen])


def type_of(form: str) -> str:
    """Return the media type of a form, without parameters."""
    return SINGLES[form].partition(";")[0]


def of_type(media_type: str) -> Form:
    """Return the form of a media type, given without parameters; JSON for any other."""
    found = (Form(form) for form in SINGLES if type_of(form) == media_type)
    return next(found, Form.JSON)


def is_cited(form: Form) -> bool:
    """Tell whether the form is made from all that is known of a quote, and not from what was picked."""
    return form not in (Form.JSON, Form.NDJSON)


def check(form: Form, asked: Query) -> None:
    """Raise Invalid for each parameter that means nothing in this form."""
    untaken = [name for name in _UNTAKEN.get(form, ()) if getattr(asked, name, None)]
    faults = tuple(
        Fault(f"{name} means nothing in the form .{form}: leave it out, or ask for .json.", parameter=name)
        for name in untaken
    )
    if faults:
        raise Invalid.of(*faults, many="parameters are wrong")


def place_of(request: Request, *, path: str = "/v1/quotes", next_url: str | None = None) -> Place:
    """Return where the quotes stand that a request asks for."""
    query = parse_qsl(query_of(request).decode("ascii"), keep_blank_values=True)
    return Place(base_url(request), query, path, next_url)


def page(form: Form, found: Found, place: Place, fields: Sequence[QuoteField]) -> str:
    """Return a page of quotes in a form other than JSON."""
    if form is Form.NDJSON:
        return ndjson.lines(found.items)
    quotes = [QuoteCited.model_validate_json(item) for item in found.items]
    if form is Form.CSV:
        columns = csv.columns(fields)
        return csv.header(columns) + csv.rows(quotes, columns)
    if form is Form.ATOM:
        filters = urlencode([pair for pair in place.query if pair[0] not in ("after", "limit")])
        addresses = (place.url(form), place.url(Form.JSON), place.following(form))
        return atom.feed(quotes, atom.Feed(place.base, filters, *addresses))
    total, exact = found.total
    listing = jsonld.Listing(place.url(form), place.url(form, first=True), place.following(form), total, exact)
    return jsonld.head(listing) + jsonld.items(quotes, place.base) + jsonld.TAIL


def single(form: Form, document: str, base: str) -> str:
    """Return one quote, whole, in a form; `document` is its JSON."""
    if form is Form.JSON:
        return document
    if form is Form.NDJSON:
        return ndjson.lines([document])
    quote = QuoteWhole.model_validate_json(document)
    columns = csv.columns(())
    made: Mapping[Form, Callable[[], str]] = {
        Form.JSONLD: lambda: jsonld.whole(quote, base),
        Form.CSV: lambda: csv.header(columns) + csv.rows([quote], columns),
        Form.ATOM: lambda: atom.entry(quote, base),
        Form.CSL: lambda: citation.csl(quote, base),
        Form.BIB: lambda: citation.bibtex(quote, base),
    }
    return made[form]()


def sample(form: Form, document: object, *, of_list: bool) -> object:
    """Return a quote as the API's document shows it in a form: alone or as a list, JSON as a value and else as text."""
    base = "http://127.0.0.1:8000"
    item = json.dumps(document)
    if of_list:
        text = page(form, Found([item], None, Total(1, True), {}, True), Place(base), ())
    else:
        text = single(form, item, base)
    return json.loads(text) if form in (Form.JSONLD, Form.CSL) else text
