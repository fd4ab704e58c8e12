"""Request bodies: read up to a length, as JSON, by one Pydantic model."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from starlette.requests import Request

from app.api import faults
from app.api.documented import Description, problem
from app.api.schemas import inlined
from app.errors import BadRequest, Fault, Invalid, TooLarge

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
        wrong = tuple(Fault(_said(fault), pointer="".join(f"/{part}" for part in fault["loc"])) for fault in found)
        raise Invalid.of(*wrong) from error


def _said(found: ErrorDetails) -> str:
    given = found["input"]
    if faults.is_of_length(found) or not isinstance(given, str | int | float | bool):
        return f"{faults.worded(found)}."
    return f"{faults.worded(found)}: {faults.shown(given)}."


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
