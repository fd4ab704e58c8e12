"""Scopes of claims: in which source to look, for whose words, and for how long."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from time import thread_time
from typing import NamedTuple

from rapidfuzz import fuzz, process

from app.errors import Fault, Invalid, TooSlow
from app.store import search
from app.store.statements import Value
from app.store.terms import number, unknown
from app.tables.claim import Claim
from app.text.query import index_words

MOST_SECONDS = 2.0
"""Processor time for one claim, past which it is given up: what else the machine does gives up no claim."""
_TITLES = frozenset(
    {
        *("mr", "mrs", "ms", "miss", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "former", "the"),
        *("president", "vice", "prime", "minister", "foreign", "chancellor", "premier", "secretary", "ambassador"),
        *("senator", "sen", "representative", "rep", "congressman", "congresswoman", "governor", "gov", "mayor"),
        *("king", "queen", "prince", "princess", "pope", "cardinal", "bishop", "archbishop", "rabbi", "imam"),
        *("ayatollah", "sheikh", "supreme", "leader", "general", "gen", "admiral", "colonel", "col", "captain"),
        *("capt", "lieutenant", "lt", "sergeant", "sgt", "major", "judge", "justice", "us", "u", "s"),
    }
)
"""What may stand before a name and is no part of it."""
_LISTED = 5_000
_NEAR = 80


class Scope(NamedTuple):
    """Numbers and slugs of the speakers of the name given: `slugs` is None without one, empty when nobody has it.

    `nearest` is the name on the record that is most like one that nobody has. `deadline` is of `thread_time`.
    """

    source: int | None
    speakers: Sequence[int]
    slugs: Collection[str] | None
    nearest: str | None
    deadline: float

    @property
    def values(self) -> dict[str, Value]:
        """The parameters that statements take."""
        return {"source": self.source, "speakers": json.dumps(list(self.speakers))}

    def is_over(self) -> bool:
        """Tell whether the time is over."""
        return thread_time() > self.deadline

    def prove_time(self) -> None:
        """Raise TooSlow when the time is over."""
        if self.is_over():
            raise TooSlow(f"The claim took longer than {MOST_SECONDS:g} s. Shorten it.")


def scope(reader: sqlite3.Connection, claim: Claim) -> Scope:
    """Return the scope of a claim. Raises Invalid for a source that is not on the record."""
    deadline = thread_time() + MOST_SECONDS
    source = None
    if claim.source is not None:
        source = number(reader, "source", claim.source)
        if source is None:
            raise Invalid.of(Fault(unknown(reader, "source", claim.source), parameter="source"))
    if claim.speaker is None:
        return Scope(source, (), None, None, deadline)
    found = called(reader, claim.speaker)
    nearest = None if found else _nearest(reader, claim.speaker)
    return Scope(source, list(found), set(found.values()), nearest, deadline)


def called(reader: sqlite3.Connection, name: str) -> dict[int, str]:
    """Return the speakers of that slug or name, by number with their slugs; none when nobody is called so.

    A name is taken in any spelling on the record, also with titles before it and with initials in it.
    """
    seq = number(reader, "speaker", name)
    if seq is not None:
        return _slugs(reader, [seq])
    words = list(index_words(name))
    bare = untitled(words)
    without = [word for at, word in enumerate(bare) if len(word) > 1 or at == len(bare) - 1]
    for given in (words, bare, without):
        found = search.speakers_called(reader, given)
        if found:
            return _slugs(reader, found)
    return {}


def untitled(words: Sequence[str]) -> list[str]:
    """Return the words of a name, as `index_words` gives them, without the titles before it."""
    bare = list(words)
    while len(bare) > 1 and bare[0] in _TITLES:
        del bare[0]
    return bare


def _slugs(reader: sqlite3.Connection, speakers: Iterable[int]) -> dict[int, str]:
    sql = "SELECT slug FROM speaker WHERE seq = ?"
    return {seq: str(reader.execute(sql, (seq,)).fetchone()[0]) for seq in speakers}


def _nearest(reader: sqlite3.Connection, name: str) -> str | None:
    """Return the name of the speaker one of whose names is most like this one, among some thousands."""
    sql = """
        SELECT speaker.name, known.name FROM speaker
        JOIN (SELECT seq AS speaker, name FROM speaker UNION SELECT speaker, name FROM speaker_name) AS known
        ON known.speaker = speaker.seq LIMIT ?
    """
    names = {str(spelt): str(main) for main, spelt in reader.execute(sql, (_LISTED,))}
    best = process.extractOne(name.casefold(), {spelt: spelt.casefold() for spelt in names}, scorer=fuzz.ratio)
    return names[str(best[2])] if best is not None and best[1] >= _NEAR else None
