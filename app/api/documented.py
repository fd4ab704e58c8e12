"""How operations describe themselves: one call gives a route its answers, its parameters and its problems."""

from collections.abc import Mapping
from typing import Any, TypedDict

from fastapi import Path
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel
from pydantic.config import JsonDict

from app.api.parameters import documented
from app.api.problems import MEDIA_TYPE, Problem
from app.tables.columns import ID, SLUG
from app.tables.paging import Page, Query

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
_PROBLEMS = {
    401: "A key is needed, or the one given is not good.",
    404: "Nothing of that name.",
    406: "None of its media types is one that `Accept` takes; `detail` names them.",
    410: "It was on the record and has been withdrawn.",
    422: "A parameter is unknown or wrong; `errors` names each one.",
    503: "The database does not answer, or is not of this version.",
}


class Description(TypedDict):
    """Keyword arguments of a FastAPI route."""

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
    if cached:
        responses[304] = {"description": "The content still has the tag given in `If-None-Match`."}
    wanted = (
        {422, 503}
        | ({406} if negotiated else set())
        | ({401} if keyed else set())
        | ({404} if missing else set())
        | ({410} if gone else set())
    )
    responses |= {status: problem(_PROBLEMS[status]) for status in sorted(wanted)}
    if keyed:
        responses[401]["headers"] = {"WWW-Authenticate": {"description": "How to send a key.", **_TEXT}}
    extra: dict[str, Any] = {"parameters": documented(parameters)} if parameters.model_fields else {}
    extra["security"] = [{}, {"key": []}] if keyed else []
    answers = JSONResponse if model else Response
    return Description(response_model=None, response_class=answers, responses=responses, openapi_extra=extra)


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
