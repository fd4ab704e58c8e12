"""The response cache: bounded, kept by use, and empty as soon as the record changes.

Two tiers, after segmented LRU (Karedla, Love and Wherry, 1994): an answer enters on trial and is promoted when it is
asked for again, so that many ids asked for once cannot push out the pages that everybody reads.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

Header = tuple[bytes, bytes]
Key = tuple[str | bytes, ...]

_OVERHEAD = 2_000
"""What an entry weighs beside its body and its key: headers and the dictionaries."""
_TRIAL = 0.2


class Version:
    """The record's state, looked at once a turn of the event loop for all requests that are answered in it.

    Nothing is missed by that: a request that a client sends after a commit is read in a later turn than any look that
    came before the commit.
    """

    def __init__(self, look: Callable[[], int | None]) -> None:
        self._look, self._is_fresh = look, False
        self._seen: int | None = None

    def __call__(self) -> int | None:
        if not self._is_fresh:
            self._seen = self._look()
            self._is_fresh = True
            asyncio.get_running_loop().call_soon(self._forget)
        return self._seen

    def _forget(self) -> None:
        self._is_fresh = False


class Kept(NamedTuple):
    """An answer with status 200, and the headers that a 304 in its place has."""

    headers: list[Header]
    headers_304: list[Header]
    body: bytes
    tag: bytes
    route: str


class Cache:
    """Holds at most `size` bytes of answers, a fifth of them on trial."""

    def __init__(self, size: int) -> None:
        self.is_on = size > 0
        self._version = -1
        self._trial: OrderedDict[Key, Kept] = OrderedDict()
        self._proven: OrderedDict[Key, Kept] = OrderedDict()
        self._trial_room, self._proven_room = int(size * _TRIAL), size - int(size * _TRIAL)
        self._trial_left, self._proven_left = self._trial_room, self._proven_room

    def get(self, key: Key, version: int) -> Kept | None:
        """Return the answer kept for this state of the record, or None."""
        if version != self._version:
            self._clear(version)
            return None
        kept = self._proven.get(key)
        if kept is not None:
            self._proven.move_to_end(key)
            return kept
        kept = self._trial.pop(key, None)
        if kept is not None:
            self._trial_left += _weight(key, kept)
            self._promote(key, kept)
        return kept

    def put(self, key: Key, kept: Kept, version: int) -> None:
        """Keep an answer made from this state of the record; one too large for the trial is not kept."""
        weight = _weight(key, kept)
        if version != self._version or weight > self._trial_room or key in self._proven or key in self._trial:
            return
        self._trial[key] = kept
        self._trial_left -= weight
        while self._trial_left < 0:
            self._trial_left += _weight(*self._trial.popitem(last=False))

    def __len__(self) -> int:
        return len(self._trial) + len(self._proven)

    def _promote(self, key: Key, kept: Kept) -> None:
        self._proven[key] = kept
        self._proven_left -= _weight(key, kept)
        while self._proven_left < 0:
            self._proven_left += _weight(*self._proven.popitem(last=False))

    def _clear(self, version: int) -> None:
        self._trial.clear()
        self._proven.clear()
        self._trial_left, self._proven_left = self._trial_room, self._proven_room
        self._version = version


def _weight(key: Key, kept: Kept) -> int:
    # A key is as long as its client likes, so it counts too.
    return len(kept.body) + sum(map(len, key)) + _OVERHEAD
