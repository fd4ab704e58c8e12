"""Record files as YAML: to shapes with the line of every value, and back.

`read` gives the file's shape, or names the line that does not fit; formats/anchoring.py then finds its words in the
text. `write` gives the same bytes for the same record, and `read` of them the same record.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple, Protocol, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.errors import Conflict, Invalid, RecordRefused
from app.tables.record import FORMAT, RecordFile
from app.text.nearest import nearest

Path = tuple[str | int, ...]
"""Where a value stands in a record: keys and positions from the top."""


class Refuse(Protocol):
    """Makes the error of what is wrong at a place: with the line of a file, or with the JSON pointer of a body."""

    def __call__(self, path: Path, reason: str | Invalid, /) -> Invalid: ...


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 12
_BOTTOMLESS = 200
"""Deeper than any mistake: what is between is refused when it has been composed, at a better line."""
_FORMAT = f"`format: {FORMAT}`"
_NOT_MEANT = {"string_type", "list_type", "model_type"}
"""What Pydantic says of an alternative when another one is in the file."""


class Lines(NamedTuple):
    """The line of every value of a record, by path, and the name of its file."""

    by_path: dict[Path, int]
    name: str

    def refuse(self, path: Path, reason: str) -> RecordRefused:
        """Return the error that names the line of `path`, or of the nearest thing that holds it."""
        pointer = "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)
        while path and path not in self.by_path:
            path = path[:-1]
        return RecordRefused(reason, line=self.by_path.get(path, 1), name=self.name, pointer=pointer)


class Parsed(NamedTuple):
    """One record with the lines on which it stands."""

    record: RecordFile
    lines: Lines

    def refuse(self, path: Path, reason: str | Invalid) -> RecordRefused:
        """Return the error that names the line of `path`; `reason` may be the error of something that read a value."""
        return self.lines.refuse(path, reason.detail if isinstance(reason, Invalid) else reason)


def read(content: str, *, name: str) -> Iterator[Parsed]:
    """Yield each record of a file, which holds one a YAML document. `name` is the file's, for errors.

    Raises RecordRefused with the line and the reason.
    """
    empty = True
    try:
        _prove_depth(content, name)
        for node in yaml.compose_all(content, Loader=_LOADER):
            empty = False
            yield _parsed(node, name)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise RecordRefused(f"not YAML: {error.problem}", line=mark.line + 1 if mark else 1, name=name) from error
    except yaml.YAMLError as error:
        raise RecordRefused(f"not YAML: {error}", line=1, name=name) from error
    if empty:
        raise RecordRefused(f"the file holds no record, which begins with {_FORMAT}", line=1, name=name)


def _prove_depth(content: str, name: str) -> None:
    """Refuse a file that is nested too deep before it is composed: composing recurses in C, and would end the process.

    Raises RecordRefused at the line where it goes too deep.
    """
    depth = 0
    for event in yaml.parse(content, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _BOTTOMLESS:
            line = event.start_mark.line + 1 if event.start_mark else 1
            raise RecordRefused(f"nested deeper than {DEEPEST}", line=line, name=name)


@contextmanager
def naming_lines(parsed: Parsed) -> Iterator[None]:
    """Turn the JSON pointer of a refusal into the line of the file; what the record excludes is the source's slug."""
    try:
        yield
    except Conflict as error:
        raise parsed.refuse(("source", "slug"), error.detail) from error
    except Invalid as error:
        pointer = error.faults[0].pointer if error.faults else None
        if pointer is None:
            raise
        path = tuple(int(part) if part.isdecimal() else part for part in pointer.split("/")[1:])
        raise parsed.refuse(path, error.detail) from error


def _parsed(node: yaml.Node, name: str) -> Parsed:
    lines = Lines({}, name)
    return fitted(_Reading(lines, set()).value(node, ()), lines)


def fitted(document: object, lines: Lines) -> Parsed:
    """Return the record that plain values say. Raises RecordRefused at the line of the first that does not fit."""
    try:
        return Parsed(RecordFile.model_validate(document), lines)
    except ValidationError as error:
        first = _first(error, lines.by_path)
        place = _place(first, lines.by_path)
        where = ".".join(str(part) for part in place)
        raise lines.refuse(place, f"{where or 'the record'}: {_said(first, place)}") from error


def _first(error: ValidationError, lines: dict[Path, int]) -> ErrorDetails:
    """Return the first thing that is wrong; where alternatives are allowed, what is wrong in the one that was meant.

    A key that is missing may be there misspelt.
    """
    found = error.errors(include_url=False)
    if found[0]["type"] == "missing":
        beside = (fault for fault in found if fault["loc"][:-1] == found[0]["loc"][:-1])
        return next((fault for fault in beside if fault["type"] == "extra_forbidden"), found[0])
    place = _place(found[0], lines)
    there = [fault for fault in found if _place(fault, lines)[: len(place)] == place]
    return next((fault for fault in there if fault["type"] not in _NOT_MEANT), found[0])


def _place(fault: ErrorDetails, lines: dict[Path, int]) -> Path:
    """Leave out of a Pydantic location the names of alternatives, which do not stand in the file."""
    place: Path = ()
    for part in fault["loc"]:
        if (*place, part) in lines:
            place = (*place, part)
    return (*place, fault["loc"][-1]) if fault["type"] == "missing" else place


def _said(fault: ErrorDetails, place: Path) -> str:
    """Say in plain words what is wrong, with the value where it is a plain one."""
    given = fault["input"]
    shown = f", not “{str(given)[:60]}”" if isinstance(given, str | int | float | bool) else ""
    if fault["type"] == "extra_forbidden":
        known = _keys(place[:-1])
        best = nearest(str(place[-1]), known)
        return "unknown key: " + (f"did you mean {best}?" if best else f"the known ones are {', '.join(known)}")
    if fault["type"] == "missing":
        return f"it is missing; a record begins with {_FORMAT}" if place == ("format",) else "it is missing"
    if fault["type"] == "model_type":
        shown = shown or (", not a list" if isinstance(given, list) else ", not nothing" if given is None else "")
        begun = "" if place else f", the first of them {_FORMAT}"
        return f"keys with values are expected{begun}{shown}"
    return fault["msg"].removeprefix("Value error, ") + shown


def _keys(place: Path) -> list[str]:
    """Return the keys that stand at this place of a record."""
    kinds: list[type[BaseModel]] = [RecordFile]
    for key in (part for part in place if isinstance(part, str)):
        fields = (field for kind in kinds for name, field in kind.model_fields.items() if (field.alias or name) == key)
        kinds = [kind for field in fields for kind in _models(field.annotation)]
    return list(dict.fromkeys(field.alias or name for kind in kinds for name, field in kind.model_fields.items()))


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models of an annotation, in lists and alternatives too."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


class _Reading(NamedTuple):
    """What has been read of one document: lines by path, and the nodes themselves, to know one that comes again."""

    lines: Lines
    seen: set[yaml.Node]

    def value(self, node: yaml.Node, path: Path) -> object:
        """Turn a YAML node into plain values, noting lines.

        A key that stands twice is refused, and an alias too: aliases can grow without bound.
        """
        line = node.start_mark.line + 1
        if node in self.seen or len(path) > DEEPEST:
            what = "an alias: write it out instead" if node in self.seen else f"nested deeper than {DEEPEST}"
            raise RecordRefused(what, line=self.lines.by_path.get(path, line), name=self.lines.name)
        self.seen.add(node)
        self.lines.by_path.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(value, (*path, at)) for at, value in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode) or key.value in found:
                twice = isinstance(key, yaml.ScalarNode)
                what = f"the key {key.value} stands twice" if twice else "a key is a plain word"
                raise RecordRefused(what, line=line, name=self.lines.name)
            self.lines.by_path[(*path, key.value)] = line
            found[key.value] = self.value(value, (*path, key.value))
        return found


def _scalar(node: yaml.Node) -> str | None:
    """Read every plain word as the text that it is, but for null: `no`, `2015` and `2025-03-21` are words here."""
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return str(node.value)


def write(record: RecordFile) -> str:
    """Return the record as one YAML document: keys in the shape's order, what says nothing left out."""
    document = record.model_dump(mode="json", exclude_defaults=True)
    document = {"format": record.format, **document}
    return str(
        yaml.dump(
            document,
            Dumper=_Writer,
            allow_unicode=True,
            sort_keys=False,
            width=110,
            explicit_start=True,
            default_flow_style=False,
        )
    )


class _Writer(yaml.SafeDumper):
    """Indents lists under their key, and repeats no value by alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:
        return True


def _words(writer: _Writer, words: str) -> yaml.ScalarNode:
    """Write text of several lines in double quotes: a block would lose blanks at the end of a line."""
    style = '"' if any(mark in words for mark in "\n\r\x85\u2028\u2029\ufeff") else None
    return writer.represent_scalar("tag:yaml.org,2002:str", words, style=style)


_Writer.add_representer(str, _words)
