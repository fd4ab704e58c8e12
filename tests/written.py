"""Records made up for a test: sentences that somebody says, one source each, put on the record as a file would be."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import JsonValue

from app.commands.records_in import put_files
from app.errors import Invalid
from app.tables.db import Database
from app.text import legible

NOT_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def put(
    database: Database, folder: Path, sentences: Sequence[str], *, slug: str = "sayings", **source: JsonValue
) -> None:
    """Put a source on the record in which each sentence stands once, quoted, on a line of its own.

    Blanks around it are not quoted. Each is said on another day, in order. `source` are further members of its entry.
    """
    text = "".join(f"{at}. Somebody said: “{sentence}”\n" for at, sentence in enumerate(sentences))
    document: JsonValue = {
        "format": "verbatim-record/1",
        "creator": "Ada",
        "source": {"slug": slug, "title": slug, "kind": "article", "language": "en", "text": text, **source},
        "topics": [{"slug": "talk", "label": "Talk"}],
        "speakers": [{"slug": "somebody", "name": "Somebody", "kind": "person"}],
        "quotes": [_quote(at, sentence) for at, sentence in enumerate(sentences)],
    }
    path = folder / f"{slug}.yaml"
    path.write_text(_yaml(document), encoding="utf-8", newline="")
    put_files(database, [path], who="a test")


def _yaml(document: JsonValue) -> str:
    """Write it as JSON, which YAML is and which is written ten times as fast; YAML wants more characters escaped."""
    return NOT_YAML.sub(lambda match: f"\\u{ord(match.group()):04x}", json.dumps(document, ensure_ascii=False))


def seen(words: str) -> str:
    """Return the words as a name: those that are none, as a name may hold only what is seen, are of nobody."""
    try:
        legible.prove(words)
    except Invalid:
        return "nobody"
    return words


def _quote(at: int, sentence: str) -> JsonValue:
    return {
        "key": f"q{at}",
        "within": f"{at}. Somebody said: “{sentence}”\n",
        "kind": "direct",
        "medium": "speech",
        "polarity": "asserted",
        "speaker": "somebody",
        "content": [sentence.strip()],
        "mention": "Somebody",
        "addressee": {"name": seen(sentence)},
        "said": {
            "edtf": f"{2025 - at // 360:04}-{at // 30 % 12 + 1:02}-{at % 28 + 1:02}",
            "basis": "inferred",
            "note": sentence,
        },
        "topics": [{"topic": "talk", "stance": "supports", "proposition": sentence}],
        "annotations": [{"motivation": "commenting", "body": sentence}],
    }
