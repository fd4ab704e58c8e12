"""The JSON Schema in `seed/` is that of the shapes, and takes what the reader takes."""

import json

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

from app.formats import records as files
from app.tables.record import RecordFile
from tests.conftest import SEED
from tests.formats.generated import records as generated
from tests.formats.schema import PATH, written
from tests.formats.test_refused_files import GOOD

SCHEMA = json.loads(PATH.read_text(encoding="utf-8"))
FITS = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


class Loader(yaml.SafeLoader):
    """Leaves days as the words they are, as editors do."""


Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def loaded(content: str) -> object:
    return yaml.load(content, Loader=Loader)  # noqa: S506  # a safe loader with less in it


def test_the_schema_is_that_of_the_shapes() -> None:
    assert PATH.read_text(encoding="utf-8") == written(), "write it: .venv/bin/python -m tests.formats.schema"


def test_the_schema_is_one() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_key_is_described() -> None:
    shapes = {"the file": SCHEMA, **SCHEMA["$defs"]}
    keys = [(name, key, value) for name, shape in shapes.items() for key, value in shape.get("properties", {}).items()]

    assert [f"{name}.{key}" for name, key, value in keys if not value.get("description")] == []
    assert len(keys) > 70


def test_the_seed_fits() -> None:
    assert [error.message for error in FITS.iter_errors(loaded(SEED.read_text(encoding="utf-8")))] == []


UNQUOTED = """\
format: verbatim-record/1
source: {slug: a, title: 2015, kind: post, language: en, published: 2025-03-21, text: yes}
topics: [{slug: b, label: 1e3, labels: [true, 12]}]
quotes: [{kind: direct, content: [yes], said: {edtf: 2015, basis: stated}}]
"""


@pytest.mark.parametrize("content", [GOOD, UNQUOTED], ids=["a file", "words without quotes"])
def test_what_the_reader_takes_fits(content: str) -> None:
    assert len(list(files.read(content, name="record.yaml"))) == 1
    assert [error.message for error in FITS.iter_errors(loaded(content))] == []


WRONG = {
    "an unknown key": ("links:", "colour: red\nlinks:"),
    "a note without a body": ("        body: A note.\n", ""),
    "an unknown key below": ("    parent: second", "    parents: second"),
    "an unknown word": ("kind: article", "kind: novel"),
    "a slug in capitals": ("slug: a-source", "slug: A-Source"),
    "another format": ("verbatim-record/1", "verbatim-record/2"),
    "no title": ("  title: A source\n", ""),
    "no content": ("    content:\n      - over\n", ""),
    "an empty list of content": ("    content:\n      - over\n", "    content: []\n"),
    "an occurrence that is no number": ("occurrence: 1", "occurrence: one"),
    "the occurrence 0": ("occurrence: 1", "occurrence: 0"),
    "a day that is none": ("published: 2025-03-21", "published: 2025-03-32"),
}


@pytest.mark.parametrize(("old", "new"), WRONG.values(), ids=WRONG)
def test_what_the_reader_refuses_does_not_fit(old: str, new: str) -> None:
    assert GOOD.count(old) == 1

    assert list(FITS.iter_errors(loaded(GOOD.replace(old, new))))


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record=generated())
def test_what_export_writes_fits(record: RecordFile) -> None:
    assert [error.message for error in FITS.iter_errors(loaded(files.write(record)))] == []
