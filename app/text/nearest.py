"""The known name nearest to a mistyped one."""

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when none is like it (ratio below 0.6)."""
    names = list(known)
    if name in names:
        return name
    close = difflib.get_close_matches(name[:100], names, n=1, cutoff=0.6)
    return close[0] if close else None
