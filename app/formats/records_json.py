"""Record files as JSON: the same records as in YAML, with the line of every value.

JSON is not read as YAML, which knows neither its pairs of surrogates nor its tabs. Words are kept as they are written,
numbers too: what fits where is for the record's shape to say, as of a YAML file.
"""

import re
from json import JSONDecodeError, JSONDecoder
from typing import NamedTuple

from app.errors import RecordRefused
from app.formats.records import DEEPEST, Lines, Parsed, Path, fitted

_BLANKS = re.compile(r"[ \t\r\n]*")
_PLAIN = re.compile(r"null|true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


def read(content: str, *, name: str) -> Parsed:
    """Return the one record of a JSON document. Raises RecordRefused with the line and the reason."""
    lines = Lines({}, name)
    reading = _Reading(content, lines)
    value, at = reading.value(0, 1, ())
    if reading.blanks(at.at, at.line).at != len(content):
        raise reading.refuse(at, "one document was expected, and more follows")
    return fitted(value, lines)


_WORDS = JSONDecoder()
"""Reads words in quotation marks, and nothing else here: what nests is read without its recursion."""


class _Place(NamedTuple):
    """Where to read on, and on which line that is."""

    at: int
    line: int


class _Reading(NamedTuple):
    content: str
    lines: Lines

    def refuse(self, place: _Place, reason: str) -> RecordRefused:
        return RecordRefused(reason, line=place.line, name=self.lines.name)

    def blanks(self, at: int, line: int) -> _Place:
        """Skip what means nothing."""
        match = _BLANKS.match(self.content, at)
        end = match.end() if match else at
        return _Place(end, line + self.content.count("\n", at, end))

    def value(self, at: int, line: int, path: Path) -> tuple[object, _Place]:
        """Return the value that begins here, and where it ends."""
        place = self.blanks(at, line)
        if len(path) > DEEPEST:
            raise self.refuse(place, f"nested deeper than {DEEPEST}")
        self.lines.by_path.setdefault(path, place.line)
        mark = self.content[place.at : place.at + 1]
        if mark == "{":
            return self._object(place, path)
        if mark == "[":
            return self._array(place, path)
        if mark == '"':
            return self._words(place)
        match = _PLAIN.match(self.content, place.at)
        if match is None:
            raise self.refuse(place, f"not JSON: a value was expected, not “{self.content[place.at : place.at + 20]}”")
        return None if match[0] == "null" else match[0], _Place(match.end(), place.line)

    def _words(self, place: _Place) -> tuple[str, _Place]:
        try:
            words, end = _WORDS.raw_decode(self.content, place.at)
        except JSONDecodeError as error:
            raise self.refuse(place, f"not JSON: {error.msg}") from error
        return words, _Place(end, place.line)

    def _array(self, place: _Place, path: Path) -> tuple[list[object], _Place]:
        found: list[object] = []
        place = self.blanks(place.at + 1, place.line)
        while not self._ends(place, "]"):
            value, place = self.value(*place, (*path, len(found)))
            found.append(value)
            place = self._next(place, "]")
        return found, _Place(place.at + 1, place.line)

    def _object(self, place: _Place, path: Path) -> tuple[dict[str, object], _Place]:
        found: dict[str, object] = {}
        place = self.blanks(place.at + 1, place.line)
        while not self._ends(place, "}"):
            if not self._ends(place, '"'):
                raise self.refuse(place, "not JSON: a key in double quotes was expected")
            key, after = self._words(place)
            if key in found:
                raise self.refuse(place, f"the key {key[:60]} stands twice")
            after = self.blanks(*after)
            if not self._ends(after, ":"):
                raise self.refuse(after, "not JSON: a colon was expected")
            self.lines.by_path[(*path, key)] = place.line
            found[key], place = self.value(after.at + 1, after.line, (*path, key))
            place = self._next(place, "}")
        return found, _Place(place.at + 1, place.line)

    def _next(self, place: _Place, end: str) -> _Place:
        """Skip the comma before the next item; at the end, stay."""
        place = self.blanks(*place)
        if self._ends(place, end):
            return place
        if not self._ends(place, ","):
            raise self.refuse(place, f"not JSON: a comma or {end} was expected")
        following = self.blanks(place.at + 1, place.line)
        if self._ends(following, end):
            raise self.refuse(following, "not JSON: a comma stands before the end")
        return following

    def _ends(self, place: _Place, mark: str) -> bool:
        return self.content.startswith(mark, place.at)
