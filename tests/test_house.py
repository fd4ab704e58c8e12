"""The house's rules, held by tests. The floors themselves are held by import-linter, in `make check`."""

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pytest
from typer.models import OptionInfo

from app.cli import SETTINGS
from app.commands import serve
from app.settings import ROOT, Settings

FILE_LINES = 350
FUNCTION_LINES = 50
TOLD_BY_ITSELF = 6
"""A function of so few lines needs no sentence about itself."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class File:
    name: str
    content: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.content)

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def imported(self) -> set[str]:
        nodes = list(ast.walk(self.tree))
        plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        return plain | {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}


def files(*folders: str) -> list[File]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [File(str(path.relative_to(ROOT)), path.read_text()) for path in paths]


APP = files("app")
TESTS = files("tests")
MIGRATIONS = files("migrations")


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def public(body: Iterable[ast.stmt]) -> Iterator[Function]:
    """Yield the functions that other rooms may call: those of the module, and the methods of its public classes."""
    for node in body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node
        elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from public(node.body)


def test_the_files_are_found() -> None:
    assert len(APP) > 60
    assert MIGRATIONS
    assert len(TESTS) > 15


def test_files_are_short() -> None:
    assert [file.name for file in APP if file.content.count("\n") > FILE_LINES] == []


def test_functions_are_short() -> None:
    assert [
        f"{file.name} {function.name}"
        for file in APP
        for function in file.functions()
        if lines(function) > FUNCTION_LINES
    ] == []


def test_every_file_says_what_it_is() -> None:
    assert [file.name for file in APP + MIGRATIONS if not ast.get_docstring(file.tree)] == []


def test_every_function_for_others_says_what_it_does() -> None:
    """What a route does stands in the document that is made from it, which has tests of its own."""
    assert [
        f"{file.name} {function.name}"
        for file in APP
        for function in public(file.tree.body)
        if lines(function) > TOLD_BY_ITSELF and not ast.get_docstring(function) and not function.decorator_list
    ] == []


def test_nothing_is_left_to_do() -> None:
    left = re.compile(r"\b(TODO|FIXME|HACK)\b")

    assert [file.name for file in APP + MIGRATIONS if left.search(file.content)] == []


def test_no_import_goes_round_the_floors() -> None:
    hidden = [
        f"{file.name}:{node.lineno}"
        for file in APP
        for function in file.functions()
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []
    assert [file.name for file in APP if "TYPE_CHECKING" in file.content] == []
    assert [file.name for file in APP if "from __future__ import annotations" in file.content] == []


def test_bugs_stay_bugs() -> None:
    """Only problems.py turns an exception that nobody raised on purpose into an answer."""
    assert [
        f"{file.name}:{node.lineno}"
        for file in APP
        if file.name != "app/api/problems.py"
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(node.type))))
    ] == []


def test_an_exception_to_a_rule_has_its_reason_beside_it() -> None:
    without = re.compile(r"# (?:noqa|type: ignore)(?:: ?[\w, ]+|\[[\w, -]+\])?[ \t]*$")

    assert [
        f"{file.name}:{at}"
        for file in APP + TESTS + MIGRATIONS
        for at, line in enumerate(file.content.splitlines(), 1)
        if without.search(line)
    ] == []


def test_rooms_have_names_that_say_what_is_in_them() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "service", "services", "manager", "data", "misc"}

    assert [file.name for file in APP if vague & set(re.findall("[a-z]+", file.name))] == []


def test_tests_use_the_real_thing() -> None:
    fakes = {"mock", "pytest_mock", "responses", "respx"}

    assert [file.name for file in TESTS if fakes & {part for name in file.imported() for part in name.split(".")}] == []


def test_tests_mirror_the_app() -> None:
    rooms = {file.name.split("/")[1] for file in APP if file.name.count("/") > 1}
    tested = {file.name.split("/")[1] for file in TESTS if file.name.count("/") > 1 and "/test_" in file.name}

    assert tested == rooms


ROW = re.compile(r"^\| `([A-Z_]+)` \| (?:`([^`]*)`|(unset)) \| (.*) \|$", re.MULTILINE)
DOCUMENTED = {
    name: (default or unset, meaning)
    for name, default, unset, meaning in ROW.findall((ROOT / "docs" / "settings.md").read_text())
}
OPTIONS = {
    option.envvar: (name, option)
    for name, parameter in inspect.signature(serve.run).parameters.items()
    if isinstance(option := parameter.default, OptionInfo) and isinstance(option.envvar, str)
}


def shown(default: object) -> str:
    """Write a default as one would set it."""
    if isinstance(default, bool):
        return str(default).lower()
    return "unset" if default is None else str(default)


@pytest.mark.parametrize("setting", Settings.model_fields)
def test_every_setting_is_documented_as_it_is(setting: str) -> None:
    field = Settings.model_fields[setting]

    assert DOCUMENTED[f"VERBATIM_{setting.upper()}"] == (shown(field.default), field.description)


@pytest.mark.parametrize("variable", OPTIONS)
def test_every_option_of_serve_is_documented_as_it_is(variable: str) -> None:
    name, option = OPTIONS[variable]

    assert DOCUMENTED[variable] == (shown(option.default), f"`--{name}`: {option.help}")


def test_no_setting_is_documented_that_is_not_there() -> None:
    assert set(DOCUMENTED) == {f"VERBATIM_{setting.upper()}" for setting in Settings.model_fields} | set(OPTIONS)
    assert {"UVICORN_HOST", "UVICORN_PORT", "WEB_CONCURRENCY", "VERBATIM_PREPARE"} == set(OPTIONS)
    assert {name for name in DOCUMENTED if name.startswith("VERBATIM_")} == SETTINGS


def test_no_variable_is_read_that_is_not_documented() -> None:
    read = {word for file in APP for word in re.findall(r"\b(?:VERBATIM|UVICORN)_[A-Z_]+\b", file.content)}

    assert read - {"VERBATIM_"} <= set(DOCUMENTED)
