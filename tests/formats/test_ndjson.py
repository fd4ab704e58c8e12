"""NDJSON: as many lines as documents, each of which reads back."""

import json

from hypothesis import given
from hypothesis import strategies as st

from app.formats.ndjson import lines


def test_no_documents_are_nothing() -> None:
    assert lines([]) == ""


@given(st.lists(st.text()))
def test_each_line_is_one_document(texts: list[str]) -> None:
    written = lines(json.dumps({"text": text}, ensure_ascii=False) for text in texts)
    assert written.count("\n") == len(texts)
    assert [json.loads(line)["text"] for line in written.split("\n")[:-1]] == texts
