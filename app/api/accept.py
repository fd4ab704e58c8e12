"""Accept: which of the media types that are offered a client likes best (RFC 9110, 12.5.1)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_RANGE = re.compile(rf"({_TOKEN})/({_TOKEN})")
_PARAMETER = re.compile(rf"({_TOKEN})\s*=\s*({_TOKEN}|{_QUOTED})")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")
_UNTOLD = (("charset", "utf-8"), ("charset", "utf8"))
"""Every answer is UTF-8, whether its type tells so or not."""


class Range(NamedTuple):
    """A media range of the header: `*` for any, in lower case, and its weight from 0 to 1."""

    type: str
    subtype: str
    parameters: frozenset[tuple[str, str]]
    weight: float

    @property
    def precision(self) -> tuple[int, int]:
        """How precisely it names a type: the most precise range that takes a type tells its weight."""
        return (self.type != "*") + (self.subtype != "*"), len(self.parameters)

    def takes(self, offered: "Range") -> bool:
        """Tell whether the range takes an offered type, with all the parameters that the range names."""
        return (
            self.type in ("*", offered.type)
            and self.subtype in ("*", offered.subtype)
            and self.parameters <= offered.parameters
        )


def best(header: str, offered: Sequence[str]) -> int | None:
    """Return the position of the type that the header likes best, the first of those it likes alike; None for none.

    What is no media range is passed over. A header without any says nothing, as if it were not there.
    """
    ranges = list(_ranges(header)) if header != "*/*" else []
    if not ranges:
        return 0
    weights = [_weight(_offered(type_), ranges) for type_ in offered]
    most = max(weights)
    return weights.index(most) if most > 0 else None


@lru_cache(maxsize=64)
def _offered(media_type: str) -> Range:
    return next(_ranges(media_type))


def _weight(offered: Range, ranges: Sequence[Range]) -> float:
    taking = [found for found in ranges if found.takes(offered)]
    return max(taking, key=lambda found: found.precision).weight if taking else 0.0


def _ranges(header: str) -> Iterator[Range]:
    for element in _split(header, ","):
        named, *rest = _split(element, ";")
        match = _RANGE.fullmatch(named)
        if match is None or (match[1] == "*" != match[2]):
            continue
        parameters = _parameters(rest)
        weight = parameters.pop("q", "1")
        if _WEIGHT.fullmatch(weight):
            kept = {pair for pair in parameters.items() if pair not in _UNTOLD and pair[0] != "profile"}
            yield Range(match[1].lower(), match[2].lower(), frozenset(kept), float(weight))


def _parameters(parts: Sequence[str]) -> dict[str, str]:
    found = (_PARAMETER.fullmatch(part) for part in parts)
    return {match[1].lower(): match[2].strip('"').lower() for match in found if match}


def _split(words: str, mark: str) -> list[str]:
    """Split at a mark that does not stand in quotation marks."""
    parts: list[list[str]] = [[]]
    quoted = False
    for before, character in pairwise(" " + words):
        quoted ^= character == '"' and not (quoted and before == "\\")
        if character == mark and not quoted:
            parts.append([])
        else:
            parts[-1].append(character)
    return ["".join(part).strip() for part in parts]


def names(offered: Mapping[str, str]) -> str:
    """Return the offered types in one line, each with the suffix by which a path asks for it."""
    return ", ".join(f"{type_.partition(';')[0]} (.{suffix})" for suffix, type_ in offered.items())
