"""The W3C Web Annotation Protocol over HTTP: which form is asked for, and which headers it has."""

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.accept import best
from app.api.answers import JSON
from app.api.documented import Description
from app.api.keys import is_keyed
from app.api.parameters import parse, query_of
from app.errors import Fault, Invalid, NotAcceptable
from app.formats import annotation_jsonld
from app.formats.annotation_jsonld import LDP, PROFILE, Place
from app.store import annotations
from app.tables.annotation import AnnotationFilter, AnnotationNew, AnnotationWhole

Reader = Callable[[bytes], AnnotationNew]

JSONLD = "application/ld+json"
LD = f'{JSONLD}; profile="{PROFILE}"'
LINK_OF_ONE = f'<{LDP}Resource>; rel="type"'
LINK = (
    f'<{LDP}BasicContainer>; rel="type", '
    '<http://www.w3.org/TR/annotation-protocol/>; rel="http://www.w3.org/ns/ldp#constrainedBy"'
)
_ALLOW = "GET, HEAD, OPTIONS, POST"
_ALLOW_ONE = "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
_PATH = "/v1/annotations"
_DESCRIPTIONS = "PreferContainedDescriptions"
_IRIS = "PreferContainedIRIs"
_MINIMAL = "PreferMinimalContainer"


def chosen(request: Request, offered: Sequence[str]) -> str:
    """Return the media type that `Accept` likes best: JSON, or JSON-LD with the W3C's profile when that is named.

    Raises NotAcceptable when it likes none.
    """
    header = ",".join(request.headers.getlist("accept"))
    at = best(header, [type_.partition(";")[0] for type_ in offered])
    if at is None:
        raise NotAcceptable(f"Accept: {header[:200]} takes none of what there is: {JSON}, {JSONLD}.")
    if offered[at] == JSON:
        return JSON
    # Who names JSON-LD without the profile gets a document that stands for itself; who names nothing, the protocol's.
    return LD if has_profile(header) or JSONLD not in header else JSONLD


def has_profile(header: str) -> bool:
    """Tell whether a header names the W3C's profile."""
    return PROFILE in header


def is_jsonld(request: Request) -> bool:
    """Tell whether the body is said to be JSON-LD."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSONLD


def every_form(document: str, base: str) -> Iterator[str]:
    """Yield a note in each form of JSON-LD, as If-Match may name any of them."""
    note = AnnotationWhole.model_validate_json(document)
    for profile in (True, False):
        yield annotation_jsonld.single(note, base, profile=profile)


def single(request: Request, document: str, type_: str) -> Response:
    """Answer with one note, given as JSON."""
    if type_ != JSON:
        note = AnnotationWhole.model_validate_json(document)
        document = annotation_jsonld.single(note, answers.base_url(request), profile=type_ == LD)
    response = answers.single(request, document, media_type=type_, negotiated=True)
    response.headers["Link"] = LINK_OF_ONE
    response.headers["Allow"] = _ALLOW_ONE
    return response


async def listed(request: Request, type_: str) -> Response:
    """Answer with a page of notes; in JSON-LD with the container, unless the query names a page."""
    asked = parse(AnnotationFilter, query_of(request))
    keyed = is_keyed(request)
    found = await answers.in_thread(request, lambda database: annotations.find(database.reader(), asked, keyed=keyed))
    next_url = answers.next_url(request, found.after)
    if type_ == JSON:
        document = answers.page(found.items, next_url=next_url, total=found.total)
        response = answers.listed(request, document, next_url=next_url, negotiated=True)
    else:
        pairs = parse_qsl(query_of(request).decode("ascii"), keep_blank_values=True)
        preferred = request.headers.get("prefer", "")
        iris = asked.iris or _IRIS in preferred
        place = _place(request, pairs, found.after, iris, asked.limit)
        total = found.total.number if found.total.is_exact else None
        place = place._replace(total=total)
        notes = [AnnotationWhole.model_validate_json(item) for item in found.items]
        base, profile = answers.base_url(request), type_ == LD
        if any(name in ("limit", "after") for name, _ in pairs):
            document = annotation_jsonld.page(notes, place, base, profile=profile, iris=iris)
        else:
            minimal = _MINIMAL in preferred
            document = annotation_jsonld.container(notes, place, base, profile=profile, iris=iris, minimal=minimal)
        response = answers.listed(request, document, next_url=place.next_url, media_type=type_, negotiated=True)
        if preferred and any(name in preferred for name in (_MINIMAL, _IRIS, _DESCRIPTIONS)):
            response.headers["Preference-Applied"] = "return=representation"
    links = [value for value in (response.headers.get("link"), LINK) if value]
    response.headers["Link"] = ", ".join(links)
    response.headers["Vary"] = "Accept, Prefer"
    response.headers["Allow"] = _ALLOW
    response.headers["Accept-Post"] = f"{LD}, {JSON}"
    return response


def _place(request: Request, pairs: Sequence[tuple[str, str]], after: str | None, iris: bool, limit: int) -> Place:
    """Return the addresses of the list of these filters, of its first page, of this page and of the next one."""
    base = f"{answers.base_url(request)}{_PATH}/"
    filters = [pair for pair in pairs if pair[0] not in ("limit", "after", "iris")]
    paging = [*filters, ("limit", str(limit)), *([("iris", "true")] if iris else [])]
    here = [pair for pair in pairs if pair[0] == "after"]
    return Place(
        list_url=base + (f"?{urlencode(filters)}" if filters else ""),
        first_url=f"{base}?{urlencode(paging)}",
        url=f"{base}?{urlencode([*paging, *here])}",
        next_url=f"{base}?{urlencode([*paging, ('after', after)])}" if after else None,
        total=None,
    )


def taking_both(description: Description) -> Description:
    """Say of an operation that its body, and its answer, may be a Web Annotation too."""
    properties = {
        "type": {"description": "`Annotation`, alone or among others."},
        "target": {"description": "Address of the quote, or a source with selectors of its words."},
    }
    schema = {"type": "object", "required": [*properties], "properties": properties, "additionalProperties": True}
    description["openapi_extra"]["requestBody"]["content"][JSONLD] = {"schema": schema}
    return description


def moved_target() -> Invalid:
    """Return the error of a note that is to be put on something else."""
    detail = "A note stays on what it is on: take this one off, and sign another."
    return Invalid.of(Fault(detail, pointer="/target"))
