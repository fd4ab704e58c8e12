"""CSV, read back by Python's reader and by what a spreadsheet would compute."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.csv import COLUMNS, columns, header, rows
from app.tables.filter import QuoteField
from app.tables.quote import QuoteCited
from app.tables.words import Polarity
from tests.formats.samples import HOSTILE, bare, quote

COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def read(*quotes: QuoteCited) -> list[dict[str, str]]:
    text = header(COLUMNS) + rows(quotes, COLUMNS)
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def unguarded(cell: str) -> str:
    """Return a cell as docs/formats.md says to read it: one apostrophe less before what would be a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(COMPUTED) else cell


def test_the_columns_of_a_quote() -> None:
    (row,) = read(quote(text="it is so"))
    assert row == {
        "id": "0" * 16,
        "url": "/v1/quotes/" + "0" * 16,
        "text": "it is so",
        "kind": "direct",
        "medium": "speech",
        "polarity": "asserted",
        "speaker": "somebody",
        "speaker_name": "Somebody it is so",
        "speaker_kind": "person",
        "speaker_as_printed": "He",
        "said": "2025-03/..",
        "said_earliest": "2025-03-01",
        "said_latest": "",
        "said_basis": "resolved",
        "said_as_printed": "since March",
        "said_note": "it is so",
        "venue": "it is so",
        "venue_kind": "speech",
        "addressee": "it is so",
        "cue": "say",
        "topics": "talks leaders talks",
        "topic_labels": "Talks | it is so | Talks",
        "stances": "supports none opposes",
        "propositions": "Talks should be held: it is so |  | War should be waged.",
        "source": "a-source",
        "source_title": "Title: it is so",
        "source_kind": "article",
        "authors": "Ada Lovelace | Simon and Garfunkel | it is so",
        "publisher": "The Example & Sons",
        "published": "2025-03-09",
        "source_url": "https://news.example/a?b=c",
        "language": "en-GB",
        "content": "10-40 50-60",
        "parent": "2" * 16,
        "status": "disputed",
        "version": "3",
        "updated": "2027-01-02T03:04:05.000678Z",
        "created": "2026-01-02T03:04:05.000678Z",
        "confidence": "",
    }


def test_what_is_not_known_is_an_empty_cell() -> None:
    (row,) = read(bare())
    empty = {name for name, cell in row.items() if not cell}
    assert empty >= {"speaker", "speaker_name", "said", "venue", "addressee", "topics", "publisher", "source_url"}
    assert row["said_basis"] == "unknown"


def test_lines_end_as_rfc_4180_has_them_and_cells_are_quoted_where_they_must() -> None:
    text = header(columns([QuoteField.ID, QuoteField.TEXT])) + rows(
        [quote(text='say "no", twice'), quote(text="two\r\nlines")], columns([QuoteField.ID, QuoteField.TEXT])
    )
    assert text == f'id,text\r\n{"0" * 16},"say ""no"", twice"\r\n{"0" * 16},"two\r\nlines"\r\n'


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_comes_through_and_computes_nothing(text: str) -> None:
    (row,) = read(quote(text=text))
    assert unguarded(row["text"]) == text
    assert unguarded(row["addressee"]) == text
    assert row["source_title"] == f"Title: {text}"
    assert not [cell for cell in row.values() if cell.startswith(COMPUTED)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=20) | st.sampled_from(["'", "''=", "'=", "=", "\r\n=", '"']), max_size=5))
def test_any_text_reads_back_as_it_was(texts: list[str]) -> None:
    found = read(*(quote(text=text) for text in texts))
    assert [unguarded(row["text"]) for row in found] == texts
    assert not [cell for row in found for cell in row.values() if cell.startswith(COMPUTED)]


def test_fields_pick_columns_in_their_own_order() -> None:
    picked = columns([QuoteField.SAID, QuoteField.ID])
    assert [column.name for column in picked][:2] == ["id", "said"]
    assert all(column.name == "id" or column.name.startswith("said") for column in picked)


def test_every_field_has_a_column_and_no_two_have_one_name() -> None:
    assert {column.field for column in COLUMNS} == set(QuoteField)
    assert len({column.name for column in COLUMNS}) == len(COLUMNS)


def test_no_quotes_are_a_header_alone() -> None:
    assert rows([], COLUMNS) == ""
    assert header(COLUMNS).count("\r\n") == 1


def test_a_denial_is_told_as_one() -> None:
    (row,) = read(quote(polarity=Polarity.NOT_SAID))
    assert row["polarity"] == "not_said"
