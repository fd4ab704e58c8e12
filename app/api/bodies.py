"""Request bodies: read up to a length, as JSON, by one Pydantic model."""

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from app.api import faults
from app.api.documented import Description, problem
from app.api.schemas import inlined
from app.errors import BadRequest, Fault, Invalid, TooLarge
from app.text.nearest import nearest

M = TypeVar("M", bound=BaseModel)


async def read_body(request: Request, model: type[M]) -> M:
    """Return the body.

    Raises TooLarge for one that is longer than the settings allow, BadRequest for what is no JSON, and Invalid with a
    JSON pointer for each value that is wrong.
    """
    parts: list[bytes] = []
    left = longest = request.app.state.settings.max_body_kb * 1_000
    async for part in request.stream():
        left -= len(part)
        if left < 0:
            raise TooLarge(f"The body is longer than {longest:,} bytes.")
        parts.append(part)
    try:
        return model.model_validate_json(b"".join(parts))
    except ValidationError as error:
        found = error.errors(include_url=False)
        if found[0]["type"] == "json_invalid":
            raise BadRequest(f"The body is not JSON: {found[0]['ctx']['error']}.") from error
        raise Invalid.of(*(_fault(fault, model) for fault in found)) from error


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
    schema: Any = inlined(model)
    *above, name = found["loc"]
    for part in above:
        schema = schema.get("items", {}) if isinstance(part, int) else schema.get("properties", {}).get(part, {})
        schema = next((one for one in schema.get("anyOf", ()) if one != {"type": "null"}), schema)
    known = list(schema.get("properties", ()))
    best = nearest(str(name), known)
    return f"did you mean {best}?" if best else f"the known ones are {', '.join(known)}."


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
