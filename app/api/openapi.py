"""The OpenAPI document as a product: introductions, a summary for every operation, and examples from the seeded record.

The examples stand in examples.json, which a test compares with what the service answers on the seeded record.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app import __version__
from app.api import forms
from app.api.documented import problem, refusals
from app.api.forms import Form
from app.api.gate import is_open
from app.api.problems import MEDIA_TYPE, Problem

Document = dict[str, Any]  # FastAPI's own type for an OpenAPI document
METHODS = ("get", "post", "put", "patch", "delete")

_INTRODUCTION = """The open quote record: who said what, about which topic, when, and where it was printed - with the
evidence. Every quote is anchored in its source: `start` and `end` count **Unicode code points**, the end is exclusive,
and the source's text between them is the quote's words, character by character.

Start with [the list of quotes](/v1/quotes). By default it serves what speakers *are said to have said*; reports that
somebody did not say something, and denials, come with `polarity=any`.

* **Paging**: follow `next` until it is null. **Caching**: what is read by GET has an `ETag`; send it back as
  `If-None-Match`. None have what is drawn, streamed or measured anew each time: `/v1/quotes/random`, `/v1/export`,
  `/v1/integrity`, `/livez`, `/readyz`, `/metrics`; nor has a problem.
* **Forms**: quotes come as JSON, JSON-LD, CSV, NDJSON and Atom, by suffix (`/v1/quotes.csv`) or by `Accept`; one quote
  also as a citation. `/v1/export.csv`, `.ndjson` and `.jsonld` stream all that a filter finds.
* **Errors** are `application/problem+json` (RFC 9457); `detail` names the value that is wrong and the remedy.
* **Dates** of saying are EDTF (ISO 8601-2) with the first and the last possible day, and with how they are known.
"""

TAGS = (
    ("Quotes", "One quote is one report, in one source, of something that somebody said, wrote or thought."),
    (
        "Verification",
        "Is a claimed quote on the record, and in these words? Every answer says what was looked through.",
    ),
    ("Speakers", "Those to whom words are attributed: persons, organizations, groups and unnamed sources."),
    ("Topics", "What quotes are about. Topics form a tree; a filter by topic takes the narrower ones in."),
    ("Sources", "The published texts, kept as published. A text never changes; a corrected one is a new source."),
    ("Annotations", "Signed notes on quotes and on words of sources; also by the W3C Web Annotation Protocol."),
    ("Links", "Relations between quotes, asserted by people: who restates, contradicts or answers whom."),
    ("History", "Every change of the record, in order, and who made it. It is only added to."),
    ("Operations", "For those who run the service: is it alive, is it ready, how is it doing."),
)


def install(app: FastAPI) -> None:
    """Make the application's document ours; it is made once, when first asked for."""
    app.openapi = lru_cache(maxsize=1)(lambda: build(app))  # type: ignore[method-assign]  # FastAPI documents this way


def build(app: FastAPI) -> Document:
    """Return the OpenAPI 3.1 document."""
    document: Document = get_openapi(
        title="Verbatim",
        version=__version__,
        summary="Who said what, where it was printed, with the evidence.",
        description=_INTRODUCTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in TAGS],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        servers=[{"url": "/", "description": "This service."}],
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(_problem_schemas())
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own, which no operation here answers with
        schemas.pop(name, None)
    schemas["JsonValue"]["description"] = "Any JSON value."
    closed: bool = app.state.settings.read_requires_key
    reading = "Reading the record needs one too." if closed else "Reading what is public needs none."
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": f"A key of this instance. {reading}"}
    }
    components["responses"] = dict(_ANYWHERE.values())
    known = examples()
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                _finish(operations[method], known.get(f"{method.upper()} {path}", {}))
                if path.startswith(("/v1/quotes", "/v1/export")):
                    _show_forms(operations[method], of_list="{id}" not in path)
                if closed and not is_open(path):
                    _close(operations[method])
    return document


_ANYWHERE: Mapping[str, tuple[str, Document]] = {
    "405": (
        "WrongMethod",
        {
            **problem("The address does not take this method; `Allow` lists those it takes."),
            "headers": {"Allow": {"description": "The methods that the address takes.", "schema": {"type": "string"}}},
        },
    ),
    "500": ("InternalError", problem("The service failed, and has logged how; nothing is wrong with the request.")),
}
"""Problems that any operation may answer with, by status; each stands once in the document."""


def _problem_schemas() -> Document:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs", {}), Problem.__name__: schema}


def _finish(operation: Document, known: Mapping[str, Any]) -> None:
    """Split the docstring into summary and description, mend the 422 that FastAPI promises, and put the examples in."""
    summary, _, rest = str(operation["description"]).partition("\n\n")
    operation["summary"] = " ".join(summary.split()).rstrip(".")
    operation["description"] = rest.strip()
    operation.setdefault("security", [])
    responses = operation["responses"]
    if "422" in responses and MEDIA_TYPE not in responses["422"].get("content", {}):
        del responses["422"]
    shown = forms.type_of(known.get("parameters", {}).get("form", Form.JSON))
    responses |= {status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in _ANYWHERE.items()}
    for status, example in known.get("answers", {}).items():
        contents = responses[status]["content"]
        contents.get(shown, next(iter(contents.values())))["example"] = example
    for parameter in operation.get("parameters", []):
        if parameter["name"] in known.get("parameters", {}):
            parameter["example"] = known["parameters"][parameter["name"]]
    if "body" in known:
        for type_, content in operation["requestBody"]["content"].items():
            content["example"] = known.get("bodies", {}).get(type_, known["body"])


def _close(operation: Document) -> None:
    """Say that the operation needs a key, where the gate asks each request for one."""
    if not operation["security"] or {} in operation["security"]:
        operation["security"] = [{"key": []}]
    for status, response in refusals().items():
        operation["responses"].setdefault(str(status), response)


def _show_forms(operation: Document, *, of_list: bool) -> None:
    """Show the example quote in every other form in which quotes are served."""
    quote = examples()["GET /v1/quotes/{id}"]["answers"]["200"]
    for type_, content in operation["responses"].get("200", {}).get("content", {}).items():
        form = forms.of_type(type_)
        if form is not Form.JSON:
            content.setdefault("example", forms.sample(form, quote, of_list=of_list))


@lru_cache(maxsize=1)
def examples() -> Mapping[str, Mapping[str, Any]]:
    """Return the examples as `make examples` wrote them.

    By operation: the `parameters` of a request that answers 200, and `answers` by status; the parameters are together
    what `Try it out` asks for. Of a write its `body`, and `bodies` in other media types.
    """
    found: Mapping[str, Mapping[str, Any]] = json.loads(
        (files("app.api") / "examples.json").read_text(encoding="utf-8")
    )
    return found
