"""Request bodies: read up to a length, as JSON, by one Pydantic model."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from app.api.documented import Description, problem
from app.errors import BadRequest, Fault, Invalid, TooLarge

M = TypeVar("M", bound=BaseModel)


async def read_body(request: Request, model: type[M], *, longest: int) -> M:
    """Return the body. `longest` is in bytes.

    Raises TooLarge, BadRequest for what is no JSON, and Invalid with a JSON pointer for each value that is wrong.
    """
    parts: list[bytes] = []
    left = longest
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
        faults = tuple(
            Fault(_said(fault["msg"], fault["input"]), pointer="".join(f"/{part}" for part in fault["loc"]))
            for fault in found
        )
        raise Invalid(faults[0].detail if len(faults) == 1 else f"{len(faults)} values are wrong.", faults) from error


def _said(message: str, given: object) -> str:
    said = message.removeprefix("Value error, ").replace("Extra inputs are not permitted", "There is no such member")
    if isinstance(given, str | int | float | bool):
        shown = str(given)
        return f"{said}, not {shown if len(shown) <= 60 else shown[:57] + '...'}."
    return f"{said}."


def accepting(description: Description, model: type[BaseModel], what: str) -> Description:
    """Add a JSON body of this model to an operation's description, with the problems it can have."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    definitions = schema.pop("$defs", {})
    content = {"application/json": {"schema": _inlined(schema, definitions)}}
    extra: dict[str, Any] = {"requestBody": {"required": True, "description": what, "content": content}}
    description["openapi_extra"] |= extra
    description["responses"] |= {
        400: problem("The body is not JSON."),
        413: problem("The body is longer than the service reads."),
    }
    return description


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # a fragment of a JSON Schema
    """Put definitions in the place of their references: the body's schema stands for itself."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(definitions[str(schema["$ref"]).rsplit("/", 1)[-1]], definitions)
    return {name: _inlined(part, definitions) for name, part in schema.items()}
