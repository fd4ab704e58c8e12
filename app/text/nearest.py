"""The known name nearest to a mistyped one."""

import difflib
from collections.abc import Iterable

LEAST = 0.7
"""At 0.6 `sort` would be like `source`; one wrong letter in four is 0.75."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when none is like it (ratio below LEAST)."""
    names = list(known)
    if name in names:
        return name
    close = difflib.get_close_matches(name[:100], names, n=1, cutoff=LEAST)
    return close[0] if close else None
