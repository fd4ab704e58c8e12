"""Runs of words that a claim shares with records, found in time that grows with the length of both and not faster.

The claim's words are kept in a suffix automaton (Blumer et al. 1985): it knows every run of them in at most twice as
many states as there are words. It is built from the last word to the first, and a record walks through it the same
way; so at each of its words the record knows the longest run that begins there, at the cost of a look-up.
"""

import heapq
from collections.abc import Iterator, Sequence
from typing import NamedTuple

FEWEST_WORDS = 4
"""A shorter run of words tells nothing: too many quotes share it."""
_MOST_RUNS = 64


class Run(NamedTuple):
    """Equal words: where they begin in the claim and in the record, and how many words and marks they are."""

    claimed: int
    recorded: int
    size: int


class Place(NamedTuple):
    """Where the longest run at a word of the claim stands: which record, from 0, and where in it."""

    size: int
    record: int
    recorded: int


class Runs:
    """The runs of a claim's words. Places count words and marks, from 0."""

    def __init__(self, claim: Sequence[str]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._link = [-1]
        self._size = [0]
        self._first = [len(claim)]
        self._states = [0] * len(claim)
        last = 0
        for at in range(len(claim) - 1, -1, -1):
            last = self._states[at] = self._add(claim[at], at, last)
        self._by_size = sorted(range(1, len(self._size)), key=self._size.__getitem__)
        for state in reversed(self._by_size):
            parent = self._link[state]
            self._first[parent] = min(self._first[parent], self._first[state])

    def _add(self, word: str, at: int, last: int) -> int:
        new = self._state({}, 0, self._size[last] + 1, at)
        state = last
        while state >= 0 and word not in self._next[state]:
            self._next[state][word] = new
            state = self._link[state]
        if state < 0:
            return new
        other = self._next[state][word]
        if self._size[other] == self._size[state] + 1:
            self._link[new] = other
            return new
        copy = self._state(dict(self._next[other]), self._link[other], self._size[state] + 1, self._first[other])
        while state >= 0 and self._next[state].get(word) == other:
            self._next[state][word] = copy
            state = self._link[state]
        self._link[other] = self._link[new] = copy
        return new

    def _state(self, following: dict[str, int], link: int, size: int, first: int) -> int:
        self._next.append(following)
        self._link.append(link)
        self._size.append(size)
        self._first.append(first)
        return len(self._size) - 1

    def _walk(self, record: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Yield each place of the record, from the last, with the state and size of the longest run beginning there."""
        following, link, sizes = self._next, self._link, self._size
        state, size = 0, 0
        for at in range(len(record) - 1, -1, -1):
            word = record[at]
            while state and word not in following[state]:
                state = link[state]
                size = sizes[state]
            reached = following[state].get(word)
            if reached is not None:
                state, size = reached, size + 1
            yield at, state, size

    def shared(self, record: Sequence[str]) -> list[Run]:
        """Return the longest runs shared with a record, at most 64, the longest and then the first in it first.

        None lies within another one that begins a word earlier. Of the claim each has the first place.
        """
        return heapq.nsmallest(_MOST_RUNS, self._whole(record), key=lambda run: (-run.size, run.recorded))

    def _whole(self, record: Sequence[str]) -> Iterator[Run]:
        reached, begin, long = 0, 0, 0
        for at, state, size in self._walk(record):
            if long and size != long + 1:
                yield Run(self._first[reached], begin, long)
            reached, begin, long = state, at, size
        if long:
            yield Run(self._first[reached], begin, long)

    def longest(self, records: Sequence[Sequence[str]]) -> list[Place]:
        """Return for each word of the claim the longest run of any record that begins there.

        Of equally long ones that of the first record, and in it the first. Runs of fewer than `FEWEST_WORDS` words
        and marks have size 0 or are cut to the part they share with a longer one.
        """
        nowhere = (0, 0, 0)
        best, first = [nowhere] * len(self._size), [(0, 0)] * len(self._size)
        found = [False] * len(self._size)
        # Negative numbers, so that the greatest is the first.
        for number, record in enumerate(records):
            for at, state, size in self._walk(record):
                if size >= FEWEST_WORDS:
                    best[state] = max(best[state], (size, -number, -at))
                    first[state] = max(first[state], (-number, -at)) if found[state] else (-number, -at)
                    found[state] = True
        for state in reversed(self._by_size):
            parent = self._link[state]
            if found[state] and parent:
                best[parent] = max(best[parent], (self._size[parent], *first[state]))
                first[parent] = max(first[parent], first[state]) if found[parent] else first[state]
                found[parent] = True
        for state in self._by_size:
            best[state] = max(best[state], best[self._link[state]])
        return [Place(size, -number, -at) for size, number, at in (best[state] for state in self._states)]
