"""The documentation of curation says what the state table says, and its quote can be put on the record."""

import json
import re

from app.settings import ROOT
from app.tables.review import MOVES
from tests.api.writers import Writers

DOCS = ROOT / "docs" / "curation.md"


def test_the_documented_moves_are_those_of_the_state_table() -> None:
    told = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.+) \|$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    known = [
        (before, after, "`edit`; the key that proposed it" if move.own else "`edit`")
        for before, moves in MOVES.items()
        for after, move in moves.items()
    ]
    assert sorted(told) == sorted(known)


def test_the_documented_quote_can_be_put_on_the_record(desk: Writers) -> None:
    (quote,) = re.findall(r"^```json\n(\{\"source\".+?)```", DOCS.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    made = desk.post("/v1/quotes", json.loads(quote))
    assert (made.status_code, made.json().get("confidence")) == (201, 0.9), made.text
