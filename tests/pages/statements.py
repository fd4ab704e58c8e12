"""Records made up for the pages: who said what on which topic, when, and how it is told."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from app.commands.records_in import put_files
from app.tables.db import Database
from tests.written import NOT_YAML


class Statement(NamedTuple):
    """What one line of the made-up source reports."""

    words: str
    speaker: str = "somebody"
    topics: Sequence[Mapping[str, JsonValue]] = ({"topic": "talk"},)
    said: Mapping[str, JsonValue] | None = None
    polarity: str = "asserted"


def put(
    database: Database,
    folder: Path,
    statements: Sequence[Statement],
    *,
    topics: Sequence[Mapping[str, JsonValue]] = ({"slug": "talk", "label": "Talk"},),
    speakers: Sequence[Mapping[str, JsonValue]] = ({"slug": "somebody", "name": "Somebody", "kind": "person"},),
    title: str = "Sayings",
) -> None:
    """Put a source on the record in which each statement stands once, on a line of its own."""
    lines = [f"{at}. It is said: “{said.words}”\n" for at, said in enumerate(statements)]
    document: JsonValue = {
        "format": "verbatim-record/1",
        "creator": "Ada",
        "source": {"slug": "sayings", "title": title, "kind": "article", "language": "en", "text": "".join(lines)},
        "topics": [dict(topic) for topic in topics],
        "speakers": [dict(speaker) for speaker in speakers],
        "quotes": [_quote(at, line, said) for at, (line, said) in enumerate(zip(lines, statements, strict=True))],
    }
    path = folder / "sayings.yaml"
    written = NOT_YAML.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(document, ensure_ascii=False))
    path.write_text(written, encoding="utf-8", newline="")
    put_files(database, [path], who="a test")


def _quote(at: int, line: str, said: Statement) -> JsonValue:
    entry: dict[str, JsonValue] = {
        "key": f"q{at}",
        "within": line,
        "kind": "direct",
        "medium": "speech",
        "polarity": said.polarity,
        "speaker": said.speaker,
        "content": [said.words],
        "topics": [dict(topic) for topic in said.topics],
    }
    return entry if said.said is None else {**entry, "said": dict(said.said)}
