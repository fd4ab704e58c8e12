"""Who a mention means: the name of a pronoun, of a surname, of a role, and what kind of speaker it is.

A name is known once the text has printed it. Nothing is guessed beyond the text: what no name stands for keeps its own
words, and is unnamed.
"""

from collections.abc import Sequence
from typing import NamedTuple

from app.text.cues import Cue
from app.text.lexicon import Manner, words
from app.text.names import BODIES, MEN, NOT_PART, STATES, TITLES, WOMEN, is_body, names, printed, unsuffixed
from app.text.phrases import Phrase
from app.text.sentences import Sentence, Token
from app.text.subjects import main

_TIES = words("of for at from with in to")
"""What ties a phrase to the one before it, which it is about."""
_AFTER_NAME = words("and of in from at for")
_PLURALS = words("people police republicans democrats critics others")
_ONE = {"he": "he", "his": "he", "she": "she", "her": "she", "who": "who"}
"""What stands for one person, and who that is."""
_NOT_ONE = {"they": "group", "their": "group", "we": "group", "our": "group", "i": "person", "my": "person"}
_NOT_ONE |= dict.fromkeys(("you", "it", "its", "that", "this", "which"), "organization")
"""What stands for somebody whom the text need not name, and what kind of speaker that is."""
REACH = 4
"""Sentences back in which a pronoun's name is looked for."""


class Person(NamedTuple):
    """Somebody whom the text names: the longest form of the name, and what tells he from she."""

    name: str
    gender: str | None


class Named(NamedTuple):
    """What a mention means: the name to record, None when nobody is known to be meant, and the kind of speaker."""

    name: str | None
    kind: str


class _Seen(NamedTuple):
    """A name as it stands in a sentence."""

    sentence: int
    at: int
    key: str
    is_subject: bool


class People:
    """The names of one text. `resolve` tells whom a mention means; it is asked in reading order."""

    def __init__(self, sentences: Sequence[Sentence], cues: Sequence[Sequence[Cue]]) -> None:
        self._known: dict[str, Person] = {}
        self._seen: list[_Seen] = []
        self._speakers: list[tuple[int, str]] = []
        self._genders: dict[str, str] = {}
        self._alone: set[str] = set()
        for sentence, found in zip(sentences, cues, strict=True):
            self._learn_speakers(sentence, found)
        for number, sentence in enumerate(sentences):
            self._read(number, sentence)
        self._starts = self._by_sentence(len(sentences))

    def _learn_speakers(self, sentence: Sentence, cues: Sequence[Cue]) -> None:
        """Take a single large word that says something for a surname, where no full name is printed."""
        for cue in cues:
            if cue.speaker is None or not cue.is_near or Manner.SAY not in cue.manners:
                continue
            token = sentence.tokens[cue.speaker.high - 1]
            alone = cue.speaker.high - cue.speaker.low == 1 and token.is_large and token.low not in NOT_PART
            if alone and not is_body([token.text], sentence.tokens, cue.speaker.low) and token.low not in STATES:
                self._alone.add(token.low)

    def _read(self, number: int, sentence: Sentence) -> None:
        tokens = sentence.tokens
        subject = main(tokens)
        for low, high, titles in names(tokens):
            words = [token.text for token in tokens[low:high]]
            if is_body(words, tokens, low):
                continue
            gender = _gender(titles, tokens, low, high)
            key = self._learn(words, printed(tokens[low:high]), titles, gender)
            if key is not None:
                inside = subject is not None and subject.low <= low < subject.high
                self._seen.append(_Seen(number, low, key, inside))

    def _learn(self, words: Sequence[str], name: str, titles: frozenset[str], gender: str | None) -> str | None:
        """Return the key of a person: the surname, in small letters. A longer form of the name takes the place."""
        proper = unsuffixed(words)
        if not proper:
            return None
        last = proper[-1].lower()
        known = self._known.get(last)
        if known is None:
            if len(proper) < 2 and not titles and last not in self._alone:
                return None
            known = Person(name, gender)
        if _is_namesake(name, known.name):
            return None
        longer = len(name.split()) > len(known.name.split())
        self._known[last] = Person(name if longer else known.name, known.gender or gender)
        return last

    def _by_sentence(self, count: int) -> list[int]:
        starts = [0] * (count + 1)
        for seen in self._seen:
            starts[seen.sentence + 1] += 1
        for at in range(count):
            starts[at + 1] += starts[at]
        return starts

    def resolve(self, tokens: Sequence[Token], phrase: Phrase, sentence: int) -> Named:
        """Return whom the phrase of sentence number `sentence` means."""
        first = tokens[phrase.low]
        if phrase.high - phrase.low == 1 and first.low in _ONE:
            key = self._pronoun(_ONE[first.low], sentence, phrase.low)
            named = Named(self._known[key].name, "person") if key else Named(None, "person")
        elif phrase.high - phrase.low == 1 and first.low in _NOT_ONE:
            return Named(None, _NOT_ONE[first.low])
        else:
            key, named = self._phrase(tokens, phrase)
        if key is not None:
            self._speakers.append((sentence, key))
        return named

    def _phrase(self, tokens: Sequence[Token], phrase: Phrase) -> tuple[str | None, Named]:
        comma = next((at for at in range(*phrase) if tokens[at].text == ","), None)
        if comma is not None:  # its master, Ann Roe
            phrase = Phrase(comma + 1, phrase.high)
        inside = tokens[slice(*phrase)]
        found = [(low, high, titles) for low, high, titles in names(inside)]
        for low, high, _ in found:
            words = [token.text for token in inside[low:high]]
            proper = unsuffixed(words)
            key = proper[-1].lower() if proper else ""
            if _is_head(inside, low, high) and key in self._known and not is_body(words, inside, low):
                name, known = printed(inside[low:high]), self._known[key].name
                return (None, Named(name, "person")) if _is_namesake(name, known) else (key, Named(known, "person"))
        return None, _unknown(inside, found)

    def _pronoun(self, word: str, sentence: int, at: int) -> str | None:
        """Return whom he or she is: the subject before, the speaker before, or whoever was named last."""
        gender = {"he": "m", "she": "f"}.get(word)
        best: tuple[float, str] | None = None
        low = self._starts[max(0, sentence - REACH)]
        for seen in self._seen[low : self._starts[sentence + 1]]:
            if seen.sentence == sentence and seen.at >= at:
                continue
            if not self._fits(seen.key, gender):
                continue
            score = -2.0 * (sentence - seen.sentence) + 2.5 * seen.is_subject + seen.at / 1000
            if gender and self._gender_of(seen.key) == gender:
                score += 3
            if word == "who":
                score = seen.at + 1000 * (seen.sentence == sentence)
            if best is None or score >= best[0]:
                best = (score, seen.key)
        for number, key in self._speakers[-3:]:
            score = 2.0 - 1.2 * (sentence - number)
            if (
                word != "who"
                and sentence - number <= REACH
                and self._fits(key, gender)
                and (best is None or score > best[0])
            ):
                best = (score, key)
        if best is None:
            return None
        if gender:
            self._genders.setdefault(best[1], gender)
        return best[1]

    def _gender_of(self, key: str) -> str | None:
        return self._known[key].gender or self._genders.get(key)

    def _fits(self, key: str, gender: str | None) -> bool:
        known = self._gender_of(key)
        return gender is None or known is None or known == gender


def _is_namesake(name: str, known: str) -> bool:
    """Tell whether two names that end alike are of two people: Jane Roe and Bob Roe, but not J. Roe and Jane Roe."""
    given, other = name.split(), known.split()
    if len(given) < 2 or len(other) < 2 or given[0][0] == other[0][0]:
        return False
    # Of Ann van Roe and Van Roe the one is the end of the other.
    return not (known.lower().endswith(f" {name.lower()}") or name.lower().endswith(f" {known.lower()}"))


def _is_head(inside: Sequence[Token], low: int, high: int) -> bool:
    """Tell whether a phrase is about the name in it, and not about what is that person's: Ann Roe's aide."""
    if any(token.low in _TIES or token.low == "by" for token in inside[:low]):
        return False
    behind = inside[high] if high < len(inside) else None
    if behind is None or not behind.is_word or behind.is_large:
        return True
    return behind.low in _AFTER_NAME


def _gender(titles: frozenset[str], tokens: Sequence[Token], low: int, high: int) -> str | None:
    beside = titles | {token.low for token in tokens[high : high + 5] if not token.is_large}
    if titles & WOMEN:
        return "f"
    if titles & MEN:
        return "m"
    return "f" if beside & WOMEN else "m" if beside & MEN else None


def _unknown(inside: Sequence[Token], found: Sequence[tuple[int, int, frozenset[str]]]) -> Named:
    """Return what a phrase is that names no known person: its own words, and the kind that they tell."""
    text = printed(inside)
    last = next((token for token in reversed(inside) if token.is_word), inside[-1])
    head = _head(inside)
    large = bool(found) and inside[found[-1][1] - 1] is last
    if large and not any(token.low in _TIES for token in inside):
        low, high, _titles = found[-1]
        words = [token.text for token in inside[low:high]]
        name = printed(inside[low:high])
        if is_body(words, inside, low) or any(word.lower() in STATES for word in words):
            return Named(_without_article(text), "organization")
        return Named(name, "person")
    if (
        (head.low.endswith("s") and head.low not in ("press", "congress"))
        or head.low in _PLURALS
        or head.low in ("both", "many")
    ):
        return Named(text, "group")
    if head.low in BODIES or (head.is_large and head.low not in TITLES):
        return Named(_without_article(text), "organization")
    return Named(text, "unnamed")


def _head(inside: Sequence[Token]) -> Token:
    """Return the word that the phrase is about: the last one before `of`, `for` or the like."""
    for at, token in enumerate(inside):
        if at and (token.low in _TIES or token.low in ("on", "by")):
            return inside[at - 1]
    return inside[-1]


def _without_article(text: str) -> str:
    return text[4:] if text[:4].lower() == "the " and text[4:5].isupper() else text
