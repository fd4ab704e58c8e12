"""Full text: the one place that knows its dialect, SQLite's FTS5.

Words are never handed to MATCH as typed: each is quoted as a string, of letters and digits only. The index holds a
quote's words, every name of its speaker, the labels of its topics, and the notes on it.
"""

import sqlite3
from collections import OrderedDict
from collections.abc import Sequence

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, Connection, Integer, bindparam, exists, literal_column, select, text
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from app.store.documents import QUOTE
from app.store.statements import Statement, prepare
from app.text.query import Query, Term, index_words, parse

INDEX = "quote_fts"
WORDS = "words"
"""The column of the quote's own words."""

_TABLE = sql_table(INDEX, sql_column("rowid"), sql_column(INDEX))
_ROW = _TABLE.c.rowid
_VOCABULARY = "quote_terms"
_CANDIDATES = 5_000
_NAMES = 1_000
"""Row numbers of `speaker_fts` that each speaker has."""
_FILL_NAMES = """
INSERT INTO speaker_fts (rowid, name)
SELECT :low + row_number() OVER (ORDER BY name) - 1, indexed(name) FROM (
    SELECT name FROM speaker WHERE seq = :speaker UNION SELECT name FROM speaker_name WHERE speaker = :speaker
    ORDER BY name LIMIT 1000)
"""
_NEAR = 70
COMMON = 10_000
"""A search that more quotes match is answered by walking the order asked for; one that fewer match, by reading them."""

LISTED = 200_000
"""Up to about so many matches are listed whole, which takes 100 ns each; past that, one is soon met on the way."""

_FILL = f"""
INSERT INTO {INDEX} (rowid, words, names, topics, notes)
SELECT quote.seq, indexed(quote.text),
    (SELECT indexed(group_concat(name, ' ¶ ')) FROM (
        SELECT speaker.name FROM speaker WHERE speaker.seq = quote.speaker
        UNION SELECT speaker_name.name FROM speaker_name WHERE speaker_name.speaker = quote.speaker)),
    (SELECT indexed(group_concat(label, ' ¶ ')) FROM (
        SELECT topic.label FROM quote_topic JOIN topic ON topic.seq = quote_topic.topic
        WHERE quote_topic.quote = quote.seq
        UNION SELECT topic_label.label FROM quote_topic JOIN topic_label ON topic_label.topic = quote_topic.topic
        WHERE quote_topic.quote = quote.seq)),
    (SELECT indexed(group_concat(body, ' ¶ ')) FROM annotation WHERE annotation.quote = quote.seq)
FROM quote
WHERE {{which}}
"""


def add(connection: Connection, *, since: int) -> None:
    """Index every quote whose number is greater than `since`."""
    connection.execute(text(_FILL.format(which="quote.seq > :since")), {"since": since})


def put(connection: Connection, quotes: Sequence[int]) -> None:
    """Index these quotes, of which the index holds nothing."""
    for seq in quotes:
        connection.execute(text(_FILL.format(which="quote.seq = :seq")), {"seq": seq})


def take(connection: Connection, quotes: Sequence[int]) -> None:
    """Take these quotes out of the index."""
    for seq in quotes:
        connection.execute(text(f"DELETE FROM {INDEX} WHERE rowid = :seq"), {"seq": seq})


def again(connection: Connection, quotes: Sequence[int]) -> None:
    """Index these quotes anew, after what the index takes from elsewhere has changed: a name, a label, a note."""
    take(connection, quotes)
    put(connection, quotes)


def name_speaker(connection: Connection, speaker: int) -> None:
    """Index the names of one speaker anew."""
    low = speaker * _NAMES
    connection.execute(
        text("DELETE FROM speaker_fts WHERE rowid BETWEEN :low AND :high"), {"low": low, "high": low + _NAMES - 1}
    )
    connection.execute(text(_FILL_NAMES), {"speaker": speaker, "low": low})


def speakers_named(reader: sqlite3.Connection, name: str, *, most: int) -> list[int]:
    """Return the numbers of speakers one of whose names has these words, the last of which may be only begun.

    First those of whom a name begins so, then the others; at most `most`, each once.
    """
    keys = list(index_words(name))
    if not keys:
        return []
    begun = f'"{" ".join(keys)}" *'
    found: dict[int, None] = {}
    for asked in (f"^ {begun}", begun):
        sql = "SELECT rowid FROM speaker_fts WHERE speaker_fts MATCH ? LIMIT ?"
        rows = reader.execute(sql, (asked, most)).fetchall()
        found |= dict.fromkeys(int(row[0]) // _NAMES for row in rows)
    return list(found)[:most]


def matching(name: str) -> ColumnElement[bool]:
    """Return the condition that QUOTE is among what parameter `name` matches, reading all that match: for few."""
    return QUOTE.c.seq.in_(select(_ROW).where(_match(name)))


def matching_some(name: str) -> ColumnElement[bool]:
    """Return the same condition, listing all that match once, while an order is walked until a page is full."""
    # The unary plus keeps SQLite from reading the quotes by the list, and then sorting all of them.
    return literal_column(f"+{QUOTE.name}.seq", Integer).in_(select(_ROW).where(_match(name)))


def matching_each(name: str) -> ColumnElement[bool]:
    """Return the same condition, asking about QUOTE alone: for many, while an order is walked until a page is full."""
    return exists().where(QUOTE.c.seq == _ROW, _match(name))


def matching_newest(name: str) -> ColumnElement[bool]:
    """Return the condition that QUOTE is among the newest that match, as many as are counted."""
    rows = select(_ROW).where(_match(name)).order_by(_ROW.desc()).limit(literal_column(str(COMMON)))
    return QUOTE.c.seq.in_(rows)


def newest(conditions: Sequence[ColumnElement[bool]], *, below: bool) -> Statement:
    """Prepare the newest quotes that match parameter `match` and satisfy the conditions: seq, id and text.

    Parameters: `match`, `most`, and with `below` the number below which to go on.
    """
    rows = select(QUOTE.c.seq, QUOTE.c.id, QUOTE.c.text).select_from(_TABLE).where(_match("match"))
    # The unary plus keeps SQLite from reading the quotes first and asking the index about each of them.
    rows = rows.where(QUOTE.c.seq == literal_column(f"+{INDEX}.rowid"), *conditions)
    if below:
        rows = rows.where(bindparam("below", required=False) > _ROW)
    return prepare(rows.order_by(_ROW.desc()).limit(bindparam("most", required=False)))


def _match(name: str) -> ColumnElement[bool]:
    return _TABLE.c[INDEX].bool_op("MATCH")(bindparam(name, required=False))


def way(reader: sqlite3.Connection, match: str) -> str:
    """Return the term by which a search is best answered in an order of the record's own.

    `match` reads all that match and sorts them: few. `match_each` walks the order and asks the index about each quote
    on the way, of which many match. `match_some`, in between, lists what matches, and walks the order with the list.
    """
    sql = f"SELECT count(*), max(rowid) FROM (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT ?)"
    counted, last = reader.execute(sql, (match, COMMON + 1)).fetchone()
    if counted <= COMMON:
        return "match"
    (size,) = reader.execute("SELECT max(seq) FROM quote").fetchone()
    return "match_some" if counted * size // last <= LISTED else "match_each"


def _count(reader: sqlite3.Connection, match: str, *, most: int) -> int:
    """Return how many quotes match, counting no further than `most`."""
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT ?)"
    return int(reader.execute(sql, (match, most)).fetchone()[0])


def speakers_called(reader: sqlite3.Connection, wanted: Sequence[str]) -> list[int]:
    """Return the numbers of the speakers who have a name of exactly these words, given as `index_words` gives them."""
    if not wanted:
        return []
    sql = "SELECT rowid, name FROM speaker_fts WHERE speaker_fts MATCH ? LIMIT ?"
    rows = reader.execute(sql, (f'^ "{" ".join(wanted)}"', _CANDIDATES)).fetchall()
    found = (int(row[0]) // _NAMES for row in rows if list(index_words(row[1])) == list(wanted))
    return list(dict.fromkeys(found))


def people_surnamed(reader: sqlite3.Connection, surname: str) -> dict[int, list[list[str]]]:
    """Return the names of each person one of whose names ends so, each as its words; by the person's number.

    The surname is given as `index_words` gives it.
    """
    sql = """
        SELECT rowid, name FROM speaker_fts
        WHERE speaker_fts MATCH ? AND (SELECT kind FROM speaker WHERE seq = speaker_fts.rowid / 1000) = 'person' LIMIT ?
    """
    found: dict[int, list[list[str]]] = {}
    quoted = surname.replace('"', '""')
    for rowid, name in reader.execute(sql, (f'"{quoted}"', _CANDIDATES)):
        words = list(index_words(name))
        if words[-1:] == [surname]:
            found.setdefault(int(rowid) // _NAMES, []).append(words)
    return found


def first_words(reader: sqlite3.Connection, speaker: int) -> set[str]:
    """Return the first word of each name of a speaker that has more, as `index_words` gives it."""
    sql = "SELECT name FROM speaker_fts WHERE rowid BETWEEN ? AND ?"
    low = speaker * _NAMES
    names = [list(index_words(str(row[0]))) for row in reader.execute(sql, (low, low + _NAMES - 1))]
    return {words[0] for words in names if len(words) > 1}


def standing(reader: sqlite3.Connection, words: Sequence[str], *, most: int) -> list[int]:
    """Return the numbers of at most `most` quotes among whose own words these stand in a row."""
    return _numbers(reader, in_words(" ".join(words)), most)


def standing_together(reader: sqlite3.Connection, words: Sequence[str], *, most: int) -> list[int]:
    """Return the numbers of at most `most` quotes among whose own words all of these stand."""
    return _numbers(reader, " AND ".join(f"({in_words(word)})" for word in words), most)


def _numbers(reader: sqlite3.Connection, match: str, most: int) -> list[int]:
    sql = f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT ?"
    return [row[0] for row in reader.execute(sql, (match, most))]


def expression(query: Query) -> str | None:
    """Return the query for MATCH; None when nothing is wanted. What is excluded is left out where it stands alone."""
    groups = [" OR ".join(_quoted(term) for term in group) for group in query.groups]
    if not groups:
        return None
    wanted = " AND ".join(f"({group})" for group in groups)
    without = exclusion(query)
    return f"({wanted}) NOT ({without})" if without else wanted


def exclusion(query: Query) -> str | None:
    """Return what the query excludes for MATCH, or None."""
    return " OR ".join(_quoted(term) for term in query.excluded) or None


def _quoted(term: Term) -> str:
    words = " ".join(term.words).replace('"', '""')
    return f'"{words}"' + (" *" if term.is_prefix else "")


def in_words(word: str) -> str:
    """Return a match for one word among the quotes' own words."""
    quoted = word.replace('"', '""')
    return f'{WORDS} : "{quoted}"'


class Frequencies:
    """In how many quotes a word stands, up to `most`; kept, as claims share most of their words."""

    def __init__(self, *, most: int, kept: int = 100_000) -> None:
        self.most = most
        self._kept: OrderedDict[str, int] = OrderedDict()
        self._room = kept
        self._size = 0

    def of(self, reader: sqlite3.Connection, word: str) -> int:
        """Return the number of quotes in which the word stands; `most` + 1 means more than `most`."""
        kept = self._kept
        known = kept.get(word)
        if known is None:
            known = kept[word] = _count(reader, in_words(word), most=self.most + 1)
            if len(kept) > self._room:
                kept.popitem(last=False)
        return known

    def fit(self, size: int) -> None:
        """Forget everything when the record has grown or shrunk by more than a tenth since it was counted."""
        if abs(size - self._size) * 10 > self._size:
            # Another one, not an empty one: a thread that is counting fills the one that nobody asks any more.
            self._kept = OrderedDict()
            self._size = size


def suggestion(reader: sqlite3.Connection, query: Query) -> str | None:
    """Return the query with each word that stands nowhere replaced by the nearest of the record's.

    What else was typed stays: alternatives, beginnings, what is excluded. None where nothing would be found by it.
    """
    meant: list[str] = []
    for group in query.groups:
        mended = [_mended(reader, term) for term in group]
        if not any(mended):
            return None
        meant.append(" OR ".join(found or term.typed for term, found in zip(group, mended, strict=True)))
    offered = " ".join([*meant, *(f"-{term.typed}" for term in query.excluded)])
    match = expression(parse(offered))
    if match is None or match == expression(query):
        return None
    return offered if _count(reader, match, most=1) else None


def _mended(reader: sqlite3.Connection, term: Term) -> str | None:
    """Return a term as typed where its words stand, else with the nearest words that do; None without one."""
    near: list[str] = []
    for word in term.words:
        found = word if _stands(reader, word, term) else _nearest(reader, word)
        if found is None:
            return None
        near.append(found)
    if near == list(term.words):
        return term.typed
    return (f'"{" ".join(near)}"' if len(near) > 1 else near[0]) + ("*" if term.is_prefix else "")


def _stands(reader: sqlite3.Connection, word: str, term: Term) -> bool:
    asked = _quoted(Term((word,), term.is_prefix and word == term.words[-1]))
    return reader.execute(f"SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH ? LIMIT 1", (asked,)).fetchone() is not None


def _nearest(reader: sqlite3.Connection, word: str) -> str | None:
    """Return the word of the record that is most like this one, among those that begin alike."""
    for size in (2, 1):
        low = word[:size]
        sql = f"SELECT term FROM {_VOCABULARY} WHERE term >= ? AND term < ? LIMIT ?"
        rows = reader.execute(sql, (low, low[:-1] + chr(ord(low[-1]) + 1), _CANDIDATES))
        # Not what is no other word once it is typed: of Straße, which is searched for as strasse, straße is none.
        known = [term for term in (str(row[0]) for row in rows) if [*index_words(term)] == [term]]
        best = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=_NEAR)
        if best is not None:
            return str(best[0])
    return None
