"""How operations describe themselves: one call gives a route its answers, its parameters and its problems."""

from collections.abc import Mapping
from typing import Any, TypedDict

from fastapi import Path
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, JsonValue
from pydantic.config import JsonDict

from app.api.parameters import documented
from app.api.problems import MEDIA_TYPE, Problem
from app.api.schemas import inlined
from app.tables.columns import ID, SLUG
from app.tables.paging import Page, Query
from app.tables.words import Scope

ID_PATH = Path(
    description="The quote's id: 16 characters of lower-case Crockford base32.", json_schema_extra={"pattern": ID}
)
SLUG_PATH = Path(
    description="Name of the thing in addresses: lower-case letters, digits and single hyphens.",
    json_schema_extra={"pattern": SLUG},
)

_TEXT: dict[str, Any] = {"schema": {"type": "string"}}
_MEDIA: dict[str, dict[str, Any]] = {
    "application/ld+json": {
        "schema": {
            "type": "object",
            "required": ["@context"],
            "properties": {"@context": {"description": "What the terms mean (JSON-LD 1.1)."}},
            "additionalProperties": True,
        }
    },
    "application/vnd.citationstyles.csl+json": {
        "schema": {"type": "array", "items": {"type": "object"}, "minItems": 1}
    },
}
MERGE_PATCH = "application/merge-patch+json"
_IF_MATCH: dict[str, JsonValue] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of the GET on which the change rests, or `*` for any version.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 1000},
}
_AGAIN: dict[str, JsonValue] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Name of this request, such as a UUID: sent again within 24 hours, it is answered as before.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
_PROBLEMS = {
    401: "A key is needed, or the one given is not good.",
    400: "The body is not JSON.",
    403: "The key may not do this; `detail` names the scope that may.",
    404: "Nothing of that name.",
    409: "The record holds something that excludes it.",
    412: "It has changed since it was read; the problem tells its `version` and `etag` as they are now.",
    413: "The body is longer than the service reads.",
    415: "The body is of another media type.",
    406: "None of its media types is one that `Accept` takes; `detail` names them.",
    410: "It was on the record and has been withdrawn.",
    422: "A parameter is unknown or wrong; `errors` names each one.",
    428: "`If-Match` is missing.",
    429: "Too many keys that are not good came from this address.",
    507: "There is no room to write; nothing was written.",
    503: "The database does not answer, or is not of this version.",
}


class Description(TypedDict):
    """Keyword arguments of a FastAPI route."""

    status_code: int
    response_model: None
    response_class: type[Response]
    responses: dict[int | str, dict[str, Any]]  # FastAPI's own type for OpenAPI fragments
    openapi_extra: dict[str, Any]


def described(
    model: type[BaseModel] | None,
    parameters: type[Query],
    *,
    keyed: bool = False,
    missing: bool = False,
    gone: bool = False,
    cached: bool = True,
    offer: Mapping[str, str] | None = None,
    negotiated: bool = False,
) -> Description:
    """Describe a reading operation.

    `model` is what it answers in JSON, which a test holds the real bytes to, as nothing does at run time; None where
    it has no JSON. `keyed`: a key shows more. `missing` and `gone`: what it names may not be there, or no longer.
    `cached`: it carries an entity tag. `offer`: the media types that it is served in, by suffix; `negotiated`: `Accept`
    chooses among them.
    """
    headers = {"X-Request-ID": {"description": "Names this request in the service's log.", **_TEXT}}
    if cached:
        headers["ETag"] = {"description": "Tag of the content, for `If-None-Match`.", **_TEXT}
    if model and issubclass(model, Page):
        headers["Link"] = {"description": '`rel="next"`: address of the next page, when there is one.', **_TEXT}
    if negotiated:
        headers["Vary"] = {"description": "`Accept`: another one may be answered in another media type.", **_TEXT}
    found = {"description": "Found.", "headers": headers, "content": media(offer or {})} | (
        {"model": model} if model else {}
    )
    responses: dict[int | str, dict[str, Any]] = {200: found}
    if missing:
        location = {"Location": {"description": "Where it is now.", **_TEXT}}
        responses[308] = {**problem("It has another name now."), "headers": location}
    if cached:
        responses[304] = {"description": "The content still has the tag given in `If-None-Match`."}
    wanted = {422, 503} | ({406} if negotiated else set()) | ({404} if missing else set()) | ({410} if gone else set())
    responses |= {status: problem(_PROBLEMS[status]) for status in sorted(wanted)}
    responses |= refusals() if keyed else {}
    extra: dict[str, Any] = {"parameters": documented(parameters)} if parameters.model_fields else {}
    extra["security"] = [{}, {"key": []}] if keyed else []
    answers = JSONResponse if model else Response
    return Description(
        status_code=200, response_model=None, response_class=answers, responses=responses, openapi_extra=extra
    )


def writing(
    model: type[BaseModel] | None,
    scope: Scope,
    *,
    body: type[BaseModel] | None = None,
    patch: bool = False,
    what: str = "",
    created: bool = False,
    match: bool = False,
    again: bool = False,
    missing: bool = True,
    gone: bool = False,
    parameters: type[Query] = Query,
) -> Description:
    """Describe a writing operation.

    `model` is what it answers, None for no content. `scope`: what its key must be allowed. `body`: what it takes, as a
    JSON Merge Patch with `patch`, and `what` says of it. `created`: it makes something new. `match`: it needs If-Match.
    `again`: it takes an Idempotency-Key. `missing` and `gone`: what it names may not be there, or no longer.
    """
    status = 204 if model is None else 201 if created else 200
    headers = {"X-Request-ID": {"description": "Names this request in the service's log.", **_TEXT}}
    if model is not None:
        headers["ETag"] = {"description": "Tag of the content, for `If-Match`.", **_TEXT}
    if created:
        headers["Location"] = {"description": "Address of what is new.", **_TEXT}
    done = {"description": "Done.", "headers": headers} | ({"model": model} if model else {})
    wanted = {403, 409, 422, 503, 507} | ({404} if missing else set()) | ({410} if gone else set())
    wanted |= {412, 428} if match else set()
    wanted |= {400, 413, 415} if body is not None else set()
    responses: dict[int | str, dict[str, Any]] = {status: done}
    responses |= {number: problem(_PROBLEMS[number]) for number in sorted(wanted)}
    responses |= refusals()
    given = documented(parameters) + ([_IF_MATCH] if match else []) + ([_AGAIN] if again else [])
    extra: dict[str, Any] = {"security": [{"key": [scope.value]}]} | ({"parameters": given} if given else {})
    if body is not None:
        type_ = MERGE_PATCH if patch else "application/json"
        schema = _optional(inlined(body)) if patch else inlined(body)
        extra["requestBody"] = {"required": True, "description": what, "content": {type_: {"schema": schema}}}
    answers = JSONResponse if model else Response
    return Description(
        status_code=status, response_model=None, response_class=answers, responses=responses, openapi_extra=extra
    )


def refusals() -> dict[int | str, dict[str, Any]]:
    """Describe how a key is refused, wherever one is read (draft-ietf-httpapi-ratelimit-headers)."""
    limits = {
        "RateLimit-Policy": {"description": "How many wrong keys an address may send, and in which seconds.", **_TEXT},
        "RateLimit": {"description": "How many are left, and the seconds until all are again.", **_TEXT},
    }
    how = {"WWW-Authenticate": {"description": "How to send a key.", **_TEXT}}
    wait = {"Retry-After": {"description": "Seconds to wait.", **_TEXT}}
    return {
        401: {**problem(_PROBLEMS[401]), "headers": how | limits},
        429: {**problem(_PROBLEMS[429]), "headers": wait | limits},
    }


def _optional(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a merge patch: any member may be left out, and null takes one away.

    What members ask of one another holds for what the patch makes, not for the patch.
    """
    parts = {
        name: {"anyOf": [{key: value for key, value in part.items() if key != "default"}, {"type": "null"}]}
        for name, part in schema.get("properties", {}).items()
    }
    whole = {name: value for name, value in schema.items() if name not in ("if", "then", "else")}
    return {**whole, "required": [], "properties": parts}


def media(offer: Mapping[str, str]) -> dict[str, Any]:
    """Describe the media types other than JSON, whose shape is the model's."""
    essences = (type_.partition(";")[0] for suffix, type_ in offer.items() if suffix != "json")
    return {essence: {**_MEDIA.get(essence, _TEXT)} for essence in essences}


def form_path(offer: Mapping[str, str]) -> Any:  # FastAPI's own type for what stands in Annotated
    """Describe the suffix of a path that names a form."""
    known: JsonDict = {"enum": [*map(str, offer)], "pattern": f"^({'|'.join(offer)})$"}
    return Path(description="Suffix of the form that the answer is to have.", json_schema_extra=known)


def problem(description: str) -> dict[str, Any]:
    """Describe a problem document."""
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": description, "content": {MEDIA_TYPE: {"schema": schema}}}
