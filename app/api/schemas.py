"""JSON Schemas that stand for themselves."""

from typing import Any

from pydantic import BaseModel


def inlined(model: type[BaseModel]) -> dict[str, Any]:
    """Return the model's schema with each definition in the place of the references to it.

    What stands beside a reference is kept, and goes before what the definition says.
    """
    schema = model.model_json_schema()
    definitions = schema.pop("$defs", {})
    found = _inlined(schema, definitions)
    if not isinstance(found, dict):
        raise TypeError("the schema of a model is an object")
    return found


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # a fragment of a JSON Schema
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made: dict[str, Any] = {}
    for name, part in schema.items():
        if name == "$ref":
            made = _inlined(definitions[str(part).rsplit("/", 1)[-1]], definitions) | made
        else:
            made[name] = _inlined(part, definitions)
    return made
