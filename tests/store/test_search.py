"""What a search that finds nothing is answered with: the same search, with words that are there."""

import pytest

from app.store import search
from app.tables.db import Database
from app.text.query import parse

TEXTS = ("Die Straße nach Berlin", "negotiation with a résumé", "missile range", "talks and dialogue", "war")


@pytest.fixture
def indexed(empty: Database) -> Database:
    """An index that has these words, and nothing else."""
    with empty.writing() as session:
        for at, text in enumerate(TEXTS, 1):
            session.connection().exec_driver_sql("INSERT INTO quote_fts (rowid, words) VALUES (?, ?)", (at, text))
    return empty


SUGGESTED = [
    ("a word", "negotiatoin", "negotiation"),
    ("two", "missle rnge", "missile range"),
    ("what stands, as typed", "Résumé negotiatoin", "Résumé negotiation"),
    ("a phrase", '"missle range"', '"missile range"'),
    ("what is excluded", "negotiatoin -War", "negotiation -War"),
    ("what is excluded in a phrase", 'negotiatoin -"at war"', 'negotiation -"at war"'),
    ("a beginning", "negotiatoi*", "negotiation*"),
    ("a beginning that is excluded", "missle -negot*", "missile -negot*"),
    ("alternatives", "dialoge OR missle", "dialogue OR missile"),
    ("alternatives, and a word that stands with one", "dialoge OR missle taks", "dialogue OR missile talks"),
    ("an alternative that is like nothing", "xqzwvk OR missle", "xqzwvk OR missile"),
    ("nothing like it", "xqzwvk", None),
    ("the very word", "Straße", None),
    ("the very word, and another", "Straße negotiatoin", None),
    ("words that stand, but not together", "missile dialogue", None),
    ("words that would not stand together either", "missle dialoge", None),
    ("only what is excluded", "-missle", None),
    ("nothing", "", None),
]


@pytest.mark.parametrize(("typed", "meant"), [case[1:] for case in SUGGESTED], ids=[case[0] for case in SUGGESTED])
def test_what_is_suggested(indexed: Database, typed: str, meant: str | None) -> None:
    assert search.suggestion(indexed.reader(), parse(typed)) == meant


@pytest.mark.parametrize("meant", [meant for _, _, meant in SUGGESTED if meant])
def test_what_is_suggested_finds_something_and_is_read_as_it_is_meant(indexed: Database, meant: str) -> None:
    match = search.expression(parse(meant))
    sql = "SELECT count(*) FROM quote_fts WHERE quote_fts MATCH ?"
    assert indexed.reader().execute(sql, (match,)).fetchone()[0] > 0
