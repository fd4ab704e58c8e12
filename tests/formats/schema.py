"""The JSON Schema of record files, made from the shapes: `python -m tests.formats.schema` writes it to `seed/`."""

import json

from pydantic import JsonValue

from app.settings import ROOT
from app.tables.record import RecordFile

PATH = ROOT / "seed" / "record.schema.json"


def schema() -> dict[str, JsonValue]:
    """Return the schema as editors read it."""
    made = _unquoted(RecordFile.model_json_schema(by_alias=True, mode="validation"))
    assert isinstance(made, dict)
    head: dict[str, JsonValue] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Verbatim record file",
        "description": "One source and everything recorded about it, as `verbatim import` takes it and `verbatim "
        "export` writes it. Words are located by themselves, never by counted offsets. See docs/record-files.md.",
    }
    return head | {name: value for name, value in made.items() if name not in head}


def _unquoted(part: JsonValue) -> JsonValue:
    """Let free text stand without quotes: the reader takes `label: 2015` and `lemma: no` as the words they are.

    Editors read them as a number and a boolean, so the schema takes those too, wherever no pattern is asked for, or
    only that something be seen.
    """
    if isinstance(part, list):
        return [_unquoted(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {name: _unquoted(value) for name, value in part.items()}
    free = found.get("type") == "string" and not {"enum", "const", "format"} & set(found)
    free = free and found.get("pattern") in (None, r"\S")
    return found | {"type": ["string", "number", "boolean"]} if free else found


def written() -> str:
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
