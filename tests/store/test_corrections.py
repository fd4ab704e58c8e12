"""Corrections that hypothesis would seldom make: what of a note can change while it stays the same note."""

import json

import pytest
from sqlmodel import Session

from app.store import records
from app.tables.anchored import AnchoredNote
from app.tables.db import Database
from app.tables.words import BodyFormat
from tests.store.builders import WRITER, note, printed
from tests.tables.raw import everything

SOURCE = printed("source-a")


def put(session: Session, on_quote: AnchoredNote, on_span: AnchoredNote) -> int:
    """Put a quote with a note, and a note on a sentence, on the record; return the lines added to the history."""
    quote = SOURCE.quote(1)._replace(notes=(on_quote,))
    return records.put(session, SOURCE.record([quote], annotations=[on_span]), writer=WRITER).written


@pytest.mark.parametrize("where", ["quote", "span"])
def test_a_note_whose_format_changes_is_a_new_version_of_the_same_note(empty: Database, where: str) -> None:
    on_quote, on_span = note("A *note*."), SOURCE.note(3, "A *note*.")
    changed = {"quote": on_quote, "span": on_span}
    changed[where] = changed[where]._replace(format=BodyFormat.MARKDOWN)
    with empty.writing() as session:
        put(session, on_quote, on_span)
    before = everything(empty.reader())

    with empty.writing() as session:
        assert put(session, changed["quote"], changed["span"]) == 1
    after = everything(empty.reader())

    assert [row[1] for row in after["annotation"]] == [row[1] for row in before["annotation"]]
    (change,) = after["change"][len(before["change"]) :]
    _, what, name, version, _, _, was, now, _ = change
    (now_there,) = [row for row in after["annotation"] if row not in before["annotation"]]
    assert (what, name, version) == ("annotation", now_there[1], 2)
    assert json.loads(str(was))["format"] == "text/plain"
    assert json.loads(str(now)) == json.loads(str(was)) | {"format": "text/markdown"}
    assert "text/markdown" in now_there
