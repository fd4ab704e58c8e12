"""Notes as the W3C Web Annotation Protocol exchanges them: JSON-LD to shapes, and back.

Members and their meaning are those of the Web Annotation Data Model. Whoever asks for its profile gets documents that
refer to its context; everybody else gets documents that carry their own, as formats/jsonld.py does and for its reasons.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import NamedTuple

from pydantic import JsonValue, ValidationError
from pydantic_core import ErrorDetails

from app.errors import Fault, Invalid
from app.tables.annotation import AnnotationNew, AnnotationWhole
from app.tables.columns import instant
from app.tables.words import Motivation

Node = dict[str, JsonValue]

PROFILE = "http://www.w3.org/ns/anno.jsonld"
LDP = "http://www.w3.org/ns/ldp#"
_OURS_TO_SAY = frozenset({"@context", "id", "type", "created", "modified", "generated", "generator"})
"""Members that the service says itself, whatever a client says."""
_QUOTE = re.compile(r"/(?:v1/)?quotes/([0-9a-hjkmnp-tv-z]{16})(?:#quote)?")
_SOURCE = re.compile(r"/(?:v1/)?sources/([a-z0-9]+(?:-[a-z0-9]+)*)")


class Place(NamedTuple):
    """Where a list of notes stands: addresses of the list, of its first page, of this page and of the next one."""

    list_url: str
    first_url: str
    url: str
    next_url: str | None
    total: int | None


@lru_cache(maxsize=1)
def context() -> Node:
    """Return what the terms mean: of those in the W3C's context, those that are used here, as they are there."""
    shipped: Node = json.loads((files("app.formats") / "contexts" / "annotation.jsonld").read_text(encoding="utf-8"))
    return shipped


def single(note: AnnotationWhole, base: str, *, profile: bool) -> str:
    """Return one note as a document; `base` is the service's address, `profile` the W3C's context."""
    return _written(_context(profile) | _note(note, base))


def page(notes: Sequence[AnnotationWhole], place: Place, base: str, *, profile: bool, iris: bool) -> str:
    """Return a page of notes, or of their addresses, as a document."""
    node = _page(notes, place, base, iris=iris) | {"partOf": {"id": place.list_url, "type": "AnnotationCollection"}}
    return _written(_context(profile) | node)


def container(
    notes: Sequence[AnnotationWhole], place: Place, base: str, *, profile: bool, iris: bool, minimal: bool
) -> str:
    """Return the list as a container, its first page inside unless `minimal`."""
    node: Node = {"id": place.list_url, "type": ["BasicContainer", "AnnotationCollection"], "label": "Notes"}
    if place.total is not None:
        node["total"] = place.total
    if notes:
        node["first"] = place.first_url if minimal else _page(notes, place, base, iris=iris)
    return _written(_context(profile) | node)


def _context(profile: bool) -> Node:
    return {"@context": PROFILE} if profile else dict(context())


def _page(notes: Sequence[AnnotationWhole], place: Place, base: str, *, iris: bool) -> Node:
    node: Node = {"id": place.url, "type": "AnnotationPage"}
    if place.next_url:
        node["next"] = place.next_url
    node["items"] = [f"{base}{note.url}" if iris else _note(note, base) for note in notes]
    return node


def _note(note: AnnotationWhole, base: str) -> Node:
    target: JsonValue = f"{base}/v1/quotes/{note.target.quote}"
    if note.target.quote is None:
        target = {
            "type": "SpecificResource",
            "source": f"{base}/v1/sources/{note.target.source}",
            "selector": [
                {"type": "TextPositionSelector", "start": note.target.start, "end": note.target.end},
                {"type": "TextQuoteSelector", "exact": note.target.exact},
            ],
        }
    body: Node = {
        "type": "TextualBody",
        "value": note.body,
        "format": note.format.value,
        "purpose": note.motivation.value,
    }
    return {
        "id": f"{base}{note.url}",
        "type": "Annotation",
        "motivation": note.motivation.value,
        "creator": {"name": note.creator},
        "created": instant(note.created),
        "modified": instant(note.modified),
        **({} if note.body is None else {"body": body}),
        "target": target,
    }


def read(document: JsonValue, base: str) -> AnnotationNew:
    """Return the note that a Web Annotation says. Raises Invalid, with a JSON pointer, for what the record cannot keep.

    One body, a TextualBody, or with `highlighting` none; one motivation, the annotation's or its body's; one target, a
    quote or words of a source or of a quote, by their addresses here.
    """
    node = _object(document, "")
    kinds = node.get("type")
    if "Annotation" not in (kinds if isinstance(kinds, list) else [kinds]):
        raise _wrong("/type", "The type is not Annotation.")
    _prove_known(node, "", _OURS_TO_SAY | {"motivation", "body", "bodyValue", "target", "creator"})
    body, at = _body(node)
    motivation, whence = _motivation(node.get("motivation"), body.get("purpose"), f"{at}/purpose")
    said: Node = {
        "motivation": motivation,
        "body": body.get("value"),
        "format": body.get("format", "text/plain"),
        "creator": _creator(node.get("creator")),
        "target": _target(node.get("target"), base),
    }
    try:
        return AnnotationNew.model_validate_json(json.dumps(said), strict=False)
    except ValidationError as error:
        found = error.errors(include_url=False)[0]
        member = str(found["loc"][0])
        places = {"body": f"{at}/value" if body else at, "format": f"{at}/format", "motivation": whence}
        raise _unfit(found, places.get(member, f"/{member}")) from error


def _motivation(motivation: JsonValue, purpose: JsonValue, at: str) -> tuple[str, str]:
    """Return the one motivation, which may stand as the body's purpose at `at`, and the JSON pointer of where it is."""
    given = ((motivation, "/motivation"), (purpose, at))
    found = [(str(_only(value, place)), place) for value, place in given if value is not None]
    if len({value for value, _ in found}) > 1:
        raise _wrong(at, "A note has one motivation: give the body no other purpose.")
    value, place = found[0] if found else (Motivation.COMMENTING.value, "/motivation")
    return value.removeprefix("oa:"), place


def _unfit(found: ErrorDetails, place: str) -> Invalid:
    """Return the error of a value that the record has no place for, worded as those of plain JSON are."""
    given, words = found["input"], found["msg"].removeprefix("Value error, ")
    shown = f"={json.dumps(given, ensure_ascii=False)}" if isinstance(given, str) and len(given) <= 60 else ""
    return _wrong(place, f"{place}{shown}: {words[0].lower()}{words[1:]}.")


def _body(node: Node) -> tuple[Node, str]:
    """Return the body, empty where there is none, and its JSON pointer."""
    if node.get("bodyValue") is not None:
        if node.get("body") is not None:
            raise _wrong("/bodyValue", "bodyValue stands without a body.")
        return {"value": node["bodyValue"]}, "/bodyValue"
    if node.get("body") in (None, []):
        return {}, "/body"
    body = _only(node.get("body"), "/body")
    if isinstance(body, str):
        raise _wrong("/body", "A body is a TextualBody here: an object with its text as value.")
    at = "/body/0" if isinstance(node["body"], list) else "/body"
    found = _object(body, at)
    if found.get("type", "TextualBody") != "TextualBody":
        raise _wrong(f"{at}/type", "A body is a TextualBody here.")
    _prove_known(found, at, {"type", "id", "value", "format", "purpose", "created", "modified"})
    if found.get("value") is None:
        raise _wrong(f"{at}/value", f"{at}/value: it is missing.")
    return found, at


def _creator(creator: JsonValue) -> JsonValue:
    creator = _only(creator, "/creator") if creator is not None else None
    if isinstance(creator, dict):
        return next((creator[name] for name in ("name", "nickname", "id") if name in creator), None)
    return creator


def _target(target: JsonValue, base: str) -> Node:
    target = _only(target, "/target")
    if isinstance(target, str):
        return _resource(target, base, "/target")
    node = _object(target, "/target")
    _prove_known(node, "/target", {"type", "id", "source", "selector"})
    source = node.get("source", node.get("id"))
    if isinstance(source, dict):
        source = source.get("id")
    found = _resource(source, base, "/target/source")
    selectors = node.get("selector") or []
    for selector in selectors if isinstance(selectors, list) else [selectors]:
        found |= _selector(_object(selector, "/target/selector"))
    return found


def _selector(node: Node) -> Node:
    known = {
        "TextQuoteSelector": ("exact", "prefix", "suffix"),
        "TextPositionSelector": ("start", "end"),
    }.get(str(node.get("type")))
    if known is None:
        raise _wrong("/target/selector/type", "A selector is a TextQuoteSelector or a TextPositionSelector here.")
    _prove_known(node, "/target/selector", {"type", "id", *known})
    # A selector at an end of the text has an empty prefix or suffix, which says nothing.
    return {name: node[name] for name in known if node.get(name) not in (None, "")}


def _resource(iri: JsonValue, base: str, pointer: str) -> Node:
    path = str(iri).removeprefix(base)
    quote, source = _QUOTE.fullmatch(path), _SOURCE.fullmatch(path)
    if quote:
        return {"quote": quote[1]}
    if source:
        return {"source": source[1]}
    raise _wrong(pointer, f"{str(iri)[:200]} is neither {base}/v1/quotes/ID nor {base}/v1/sources/SLUG.")


def _only(value: JsonValue, pointer: str) -> JsonValue:
    if isinstance(value, list) and len(value) == 1:
        return value[0]
    if value is None or isinstance(value, list):
        raise _wrong(pointer, f"{pointer[1:]}: give one.")
    return value


def _object(value: JsonValue, pointer: str) -> Node:
    if not isinstance(value, dict):
        raise _wrong(pointer, f"{pointer or 'The body'} is not an object.")
    return value


def _prove_known(node: Mapping[str, JsonValue], pointer: str, known: frozenset[str] | set[str]) -> None:
    """Raise Invalid for a member that would be lost."""
    for name in node:
        if name not in known:
            raise _wrong(f"{pointer}/{name[:60]}", f"The record does not keep {name[:60]}: leave it out.")


def _wrong(pointer: str, detail: str) -> Invalid:
    return Invalid.of(Fault(detail, pointer=pointer))


def _written(node: Mapping[str, JsonValue]) -> str:
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")) + "\n"
