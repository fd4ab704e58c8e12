"""Request bodies: read up to a length, as JSON, by one Pydantic model."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeVar

from anyio import fail_after
from pydantic import BaseModel, JsonValue, ValidationError
from pydantic_core import ErrorDetails, from_json, to_json
from starlette.requests import ClientDisconnect, Request

from app.api import faults
from app.api.documented import Description, problem
from app.api.schemas import inlined
from app.errors import BadRequest, Fault, Invalid, RequestTimeout, TooLarge, Untyped
from app.text.nearest import nearest

M = TypeVar("M", bound=BaseModel)
BODY_S = 30.0
"""How long a request's body may take to come."""
MOST_FAULTS = 100
"""Wrong values of a body that are told one by one: what thousands of them take to tell, others would wait for."""
_BLANKS = 60
"""Bytes that a body may have around what says nothing."""


async def read_body(request: Request, model: type[M]) -> M:
    """Return the body. Raises as `read_bytes` and `parsed` do."""
    return parsed(await read_bytes(request), model)


async def read_bytes(request: Request, *types: str) -> bytes:
    """Return the body as it came.

    Raises TooLarge for one that is longer than the settings allow, Untyped for one that says to be of another media
    type than `types` (of any, without them), RequestTimeout for one that is not there in time, and BadRequest for one
    that ends before its end.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if types and given not in types:
        raise Untyped(f"Content-Type {given or 'is missing and'} is not read here: send {' or '.join(types)}.")
    longest = request.app.state.settings.max_body_kb * 1_000
    try:
        with fail_after(BODY_S):
            return await _whole(request, longest)
    except TimeoutError as error:
        raise RequestTimeout(f"The body was not there within {BODY_S:g} seconds.") from error
    except ClientDisconnect as error:
        raise BadRequest("The body ends before its end.") from error


async def prove_none(request: Request) -> None:
    """Raise Invalid when a request has a body that says something, where all that it takes stands in the address.

    Else `{"dry_run": true}` in a body would go unheard, and what it asks to be tried would be done.
    """
    try:
        with fail_after(BODY_S):
            given = await _whole(request, len(b"null") + _BLANKS)
    except TimeoutError as error:
        raise RequestTimeout(f"The body was not there within {BODY_S:g} seconds.") from error
    except TooLarge:
        given = b"something"
    if given.strip() not in (b"", b"{}", b"null"):
        detail = (
            f"{request.method} {request.url.path} takes no body: what it can be told stands in the address, after ?."
        )
        raise Invalid.of(Fault(detail, pointer=""))


async def _whole(request: Request, longest: int) -> bytes:
    parts: list[bytes] = []
    left = longest
    async for part in request.stream():
        left -= len(part)
        if left < 0:
            raise TooLarge(f"The body is longer than {longest:,} bytes.")
        parts.append(part)
    return b"".join(parts)


def parsed(body: bytes, model: type[M]) -> M:
    """Return the body's document. Raises BadRequest for what is no JSON, and Invalid with a JSON pointer for each value
    that is wrong, or the first MOST_FAULTS and how many more there are."""
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False)
        if found[0]["type"] == "json_invalid":
            raise BadRequest(f"The body is not JSON: {found[0]['ctx']['error']}.") from error
        told = [_fault(fault, model) for fault in found[:MOST_FAULTS]]
        if len(found) > MOST_FAULTS:
            told.append(Fault(f"{len(found) - MOST_FAULTS} more values are wrong.", pointer=""))
        raise Invalid.of(*told) from error


def patched(document: BaseModel, patch: bytes, model: type[M]) -> M:
    """Return the document with a JSON Merge Patch applied, as `model`. Raises as `parsed` and `patch_of` do."""
    return parsed(to_json(merged(document.model_dump(mode="json", by_alias=True), patch_of(patch))), model)


def patch_of(body: bytes) -> dict[str, JsonValue]:
    """Return a JSON Merge Patch of an object. Raises BadRequest for what is no JSON, and Invalid for another value."""
    change = json_of(body)
    if not isinstance(change, dict):
        raise Invalid.of(Fault("A merge patch is an object of the members to change.", pointer=""))
    return change


def json_of(body: bytes) -> JsonValue:
    """Return the body's value. Raises BadRequest for what is no JSON."""
    try:
        value: JsonValue = from_json(body)
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from error
    return value


def merged(document: JsonValue, patch: JsonValue) -> JsonValue:
    """Return the document with a JSON Merge Patch applied: null takes a member away (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(document) if isinstance(document, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result


def _fault(found: ErrorDetails, model: type[BaseModel]) -> Fault:
    """Return what is wrong with one value: where it stands, what it is, and what to give instead."""
    pointer = "".join(f"/{part}" for part in found["loc"])
    given = found["input"]
    if found["type"] == "extra_forbidden":
        detail = f"There is no member {faults.shown(pointer)}: {_known(found, model)}"
    elif not pointer:
        detail = f"{faults.worded(found)}."
    else:
        words = faults.worded(found)
        value = ""
        if isinstance(given, str | int | float | bool) and not faults.is_of_length(found):
            shown = faults.shown(given)
            value = f"={json.dumps(shown, ensure_ascii=False) if isinstance(given, str) else shown}"
        detail = f"{pointer}{value}: {words[0].lower()}{words[1:]}."
    return Fault(detail, pointer=pointer)


def _known(found: ErrorDetails, model: type[BaseModel]) -> str:
    """Name the member that was meant, or those there are at that place."""
    schema: Any = _schema(model)
    *above, name = found["loc"]
    for part in above:
        schema = _holding(schema, "items") if isinstance(part, int) else _holding(schema, "properties").get(part, {})
    known = list(_holding(schema, "properties"))
    best = nearest(str(name), known)
    return f"did you mean {best}?" if best else f"the known ones are {', '.join(known)}."


@lru_cache(maxsize=64)
def _schema(model: type[BaseModel]) -> Mapping[str, Any]:
    return inlined(model)


def _holding(schema: Any, what: str) -> Any:
    """Return the items or the properties of a schema, or of the first of its alternatives that has any."""
    return next((one[what] for one in (schema, *schema.get("anyOf", ())) if what in one), {})


def accepting(description: Description, model: type[BaseModel], what: str) -> Description:
    """Add a JSON body of this model to an operation's description, with the problems it can have."""
    content = {"application/json": {"schema": inlined(model)}}
    extra: dict[str, Any] = {"requestBody": {"required": True, "description": what, "content": content}}
    description["openapi_extra"] |= extra
    description["responses"] |= {
        400: problem("The body is not JSON."),
        413: problem("The body is longer than the service reads."),
    }
    return description
