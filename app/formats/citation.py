"""Citations of one quote, as CSL-JSON and as BibTeX. What is cited is the source; the note is the quote."""

import json
import re

from pydantic import JsonValue

from app.formats.wording import told
from app.tables.quote import QuoteWhole
from app.tables.words import SourceKind

_CSL_TYPES = {
    SourceKind.ARTICLE: "article-newspaper",
    SourceKind.TRANSCRIPT: "document",
    SourceKind.POST: "post",
    SourceKind.LETTER: "personal_communication",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces also where a backslash stands before them, so that a brace in a text is written by its name.
_BIBTEX = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{mark: f"\\{mark}" for mark in "$&#%_"},
}
_MARKS = re.compile(r"[\\{}~^$&#%_]")
_CONTROLS = re.compile(r"[\s\x00-\x1f\x7f]+")
_NOT_ONE_NAME = re.compile(r",|\band\b", re.IGNORECASE)


def csl(quote: QuoteWhole, base: str) -> str:
    """Return a CSL-JSON array of one item (citation-style-language/schema, csl-data)."""
    source = quote.source
    item: dict[str, JsonValue] = {
        "id": f"verbatim-{quote.id}",
        "type": _CSL_TYPES[source.kind],
        "title": source.title,
        "author": [{"literal": author} for author in source.authors],
        "container-title": source.publisher,
        "language": source.language,
        "note": told(quote),
        "archive": "Verbatim",
        "archive_location": f"{base}{quote.url}",
        "URL": quote.evidence_url,
    }
    if source.published:
        day = source.published
        item["issued"] = {"date-parts": [[day.year, day.month, day.day]]}
    known = {name: value for name, value in item.items() if value not in (None, [])}
    return json.dumps([known], ensure_ascii=False, separators=(",", ":")) + "\n"


def bibtex(quote: QuoteWhole, base: str) -> str:
    """Return a BibTeX entry in UTF-8; what BibTeX or LaTeX would read as a command is written by its name."""
    source = quote.source
    day = source.published
    fields = {
        "author": _braced(" and ".join(_author(name) for name in source.authors)),
        "title": _braced(f"{{{_text(source.title)}}}"),
        "howpublished": _braced(_text(source.publisher or "")),
        "year": _braced(f"{day.year:04}") if day else "",
        "month": _MONTHS[day.month - 1] if day else "",
        "url": _braced(_address(quote.evidence_url or "")),
        "language": _braced(_text(source.language)),
        "note": _braced(_text(told(quote))),
        "annote": _braced(f"\\url{{{_address(base + quote.url)}}}"),
    }
    lines = "".join(f"  {name} = {value},\n" for name, value in fields.items() if value)
    return f"@misc{{verbatim-{quote.id},\n{lines}}}\n"


def _braced(words: str) -> str:
    return f"{{{words}}}" if words else ""


def _author(name: str) -> str:
    """Return a name; one that BibTeX would take for two, or turn round, stands in braces."""
    words = _text(name)
    return f"{{{words}}}" if _NOT_ONE_NAME.search(name) else words


def _text(words: str) -> str:
    return _MARKS.sub(lambda mark: _BIBTEX[mark.group()], _CONTROLS.sub(" ", words).strip())


def _address(url: str) -> str:
    """Return an address as `\\url` takes it: as it is, but for what would end the field."""
    escaped = {"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"}
    return re.sub(r"[{}\\ ]", lambda mark: escaped[mark.group()], _CONTROLS.sub(" ", url).strip())
