"""What extraction finds, as JSON: what `verbatim extract` writes with `--json` and `--jsonl`, and what it reads."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated

from pydantic import AfterValidator, BaseModel, JsonValue, ValidationError

from app.errors import Invalid
from app.tables.paging import Day
from app.text.anchor import Span
from app.text.extract import Proposal


def _characters(value: str) -> str:
    """Return the value. Raises ValueError for a lone surrogate, which JSON can escape and nothing can write."""
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("a lone surrogate is not a character")
    return value


Characters = Annotated[str, AfterValidator(_characters)]


class Draft(BaseModel):
    """One text to extract from. Further members are passed over: lines that other programs wrote have some."""

    id: Characters | int
    text: Characters
    date: Day | None = None


def read(line: bytes) -> Draft:
    """Return the text of a line of JSON. Raises Invalid, saying what is wrong with it."""
    try:
        document = json.loads(line)
    except UnicodeDecodeError as error:
        raise Invalid(f"it is not UTF-8 at byte {error.start}.") from error
    except (ValueError, RecursionError) as error:
        raise Invalid(f"it is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise Invalid('it is no object such as {"id": "1", "text": "…", "date": "2025-03-21"}.')
    try:
        return Draft.model_validate(document)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        raise Invalid(f"{fault['loc'][0]}: {fault['msg'].removeprefix('Value error, ')}.") from error


def written(name: str | int, found: Sequence[Proposal]) -> str:
    """Return the proposals of one text as a line of JSON; nested ones stand in those in which they are nested."""
    return json.dumps({"id": name, "proposals": _documents(found)}, ensure_ascii=False)


def _documents(found: Sequence[Proposal]) -> list[JsonValue]:
    below: dict[int | None, list[int]] = defaultdict(list)
    for number, one in enumerate(found):
        below[one.parent].append(number)

    def documents(parent: int | None) -> list[JsonValue]:
        return [{**_document(found[number]), "nested": documents(number)} for number in below[parent]]

    return documents(None)


def _document(found: Proposal) -> dict[str, JsonValue]:
    said = found.said
    return {
        "kind": found.kind,
        "spans": [_span(span) for span in found.spans],
        "clause": _span(found.clause),
        "cue": _span(found.cue),
        "lemma": found.lemma,
        "speaker": _span(found.speaker),
        "speaker_name": found.name.name if found.name else None,
        "speaker_kind": found.name.kind if found.name else None,
        "medium": found.medium,
        "polarity": found.polarity,
        "said": None
        if said is None
        else {"edtf": said.edtf, "basis": said.basis, "as_printed": [said.start, said.end], "note": said.note},
        "confidence": found.confidence,
        "why": found.why,
    }


def _span(span: Span | None) -> JsonValue:
    return None if span is None else [span.start, span.end]
