"""Whom a name that stands in a text means: a speaker on the record, by any spelling, or somebody new.

A name that several have is nobody's: who is meant is for a person to say. Words that describe and do not name, such as
"officials", are the same in every text and mean others in each; they stay what the quote prints.
"""

import sqlite3
from collections.abc import Collection
from typing import NamedTuple

from pydantic import ValidationError

from app.store import scopes, search
from app.store.names import slug
from app.store.terms import number
from app.tables.record import NameEntry
from app.tables.speaker import NewSpeakerRead
from app.tables.words import SpeakerKind
from app.text import anchor
from app.text.anchor import Span
from app.text.extract import Proposal
from app.text.query import index_words

_ARTICLES = ("the ", "a ", "an ")
_NEAR = 100
"""Code points before a word that are looked at."""
_ENDS = frozenset(".!?:…“”\"'‘’«»()[]–—\n")
"""After these a capital says nothing."""


class Meant(NamedTuple):
    """The slug of a speaker on the record, or whom to add; neither, with `note` telling why, when that is open."""

    slug: str | None = None
    new: NewSpeakerRead | None = None
    note: str | None = None


class Namesakes:
    """Whom names mean on one record; each is looked up once."""

    def __init__(self, reader: sqlite3.Connection, text: str) -> None:
        self._reader, self._text = reader, text
        self._known: dict[tuple[str, SpeakerKind], Meant] = {}
        self._capitals: dict[str, bool] = {}

    def meant(self, found: Proposal) -> Meant:
        """Return whom the speaker of a proposal means."""
        if found.speaker is None:
            return Meant()
        printed = " ".join(self._text[slice(*found.speaker)].split())
        if found.name is None or found.name.name is None:
            return Meant(note=f"“{printed}” names nobody")
        kind = SpeakerKind(found.name.kind)
        name = _bare(" ".join(found.name.name.split()))
        if kind is SpeakerKind.UNNAMED or not (kind is SpeakerKind.PERSON or self._is_named(name, kind, found.speaker)):
            return Meant(note=f"“{printed}” names nobody")
        if (name, kind) not in self._known:
            self._known[name, kind] = self._look_up(name, kind)
        meant = self._known[name, kind]
        if meant.new is not None and " " not in name and not self._has_own_capital(name):
            return Meant(note=f"“{printed}” may name nobody")
        return meant

    def _is_named(self, name: str, kind: SpeakerKind, mention: Span) -> bool:
        """Tell whether a word of the name has a capital that it does not have for beginning a sentence."""
        words = name.split()
        begins = kind is SpeakerKind.GROUP and self._begins_sentence(mention.start)
        same = self._text.startswith(words[0], mention.start)
        return any(word[:1].isupper() for word in (words[1:] if begins and same else words))

    def _has_own_capital(self, word: str) -> bool:
        """Tell whether a word stands anywhere but at the beginning of a sentence: else "Officials" would be a name."""
        if word not in self._capitals:
            places = anchor.places(self._text, word)
            self._capitals[word] = any(not self._begins_sentence(place) for place in places)
        return self._capitals[word]

    def _begins_sentence(self, at: int) -> bool:
        before = self._text[max(0, at - _NEAR) : at].rstrip(" \t")[-1:]
        return not before or before in _ENDS

    def _look_up(self, name: str, kind: SpeakerKind) -> Meant:
        known = sorted(called(self._reader, name, kind))
        if len(known) == 1:
            return Meant(slug=known[0])
        if known:
            return Meant(note=f"several speakers are called {name}: {', '.join(known)}")
        try:
            NameEntry(name=name)
        except ValidationError as error:
            return Meant(note=f"the name cannot be kept: {error.errors(include_url=False)[0]['msg']}")
        return Meant(new=NewSpeakerRead(name=name, kind=kind))


def called(reader: sqlite3.Connection, name: str, kind: SpeakerKind) -> Collection[str]:
    """Return the slugs of those on the record whom the name may mean: by a spelling, by a slug of now or of before.

    A surname alone is taken for a person when no name of its own is known; and a whole name, when a surname on the
    record is spelled so and the given name agrees.
    """
    found = scopes.called(reader, name)
    if not found and (seq := number(reader, "speaker", slug(name))) is not None:
        found = {seq: _slug(reader, seq)}
    if found or kind is not SpeakerKind.PERSON:
        return set(found.values())
    words = scopes.untitled(list(index_words(name)))
    if not words:
        return set()
    people = search.people_surnamed(reader, words[-1])
    if len(words) > 1:
        people = {seq: names for seq, names in people.items() if words[-1:] in names}
        given = {seq for seq in people if words[0] in search.first_words(reader, seq)}
        return {_slug(reader, seq) for seq in given}
    return {_slug(reader, seq) for seq in people}


def _slug(reader: sqlite3.Connection, seq: int) -> str:
    return str(reader.execute("SELECT slug FROM speaker WHERE seq = ?", (seq,)).fetchone()[0])


def _bare(name: str) -> str:
    """Return the name without an article before it."""
    for article in _ARTICLES:
        if name.lower().startswith(article) and len(name) > len(article):
            return name[len(article) :]
    return name
