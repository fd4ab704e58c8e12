"""The record file in docs/record-files.md is whole, and its table names all that stands at the top of one."""

import re
from pathlib import Path

from app.commands.records_in import put_files
from app.settings import ROOT
from app.tables.db import Database
from app.tables.record import RecordFile

DOCUMENT = (ROOT / "docs" / "record-files.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"^```yaml\n(format: .+?)^```", DOCUMENT, re.M | re.S)


def test_the_example_can_be_imported_as_it_stands(empty: Database, tmp_path: Path) -> None:
    path = tmp_path / "library.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")

    (first,) = put_files(empty, [path], who="a test")
    (again,) = put_files(empty, [path], who="a test")

    assert (first.source, first.added) == ("harbour-library-2025-05-06", 1)
    assert (again.unchanged, again.written) == (1, 0)
    reader = empty.reader()
    assert reader.execute("SELECT text FROM quote").fetchall() == [("The library stays open",)]
    for table in ("speaker", "topic", "quote_topic", "annotation"):
        assert reader.execute(f"SELECT count(*) FROM {table}").fetchone() == (1,), table


def test_every_key_at_the_top_is_explained() -> None:
    assert re.findall(r"^\| `(\w+)` \|", DOCUMENT, re.M) == list(RecordFile.model_fields)
