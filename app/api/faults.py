"""Faults in plain words: what Pydantic finds wrong with a value, said so that whoever sent it knows what to send."""

import re

from pydantic_core import ErrorDetails

_WORDS = {
    "string_too_long": "It takes at most {max_length} characters, not {length}",
    "string_too_short": "It takes at least {min_length} character{s}, not {length}",
    "too_long": "It takes at most {max_length} items, not {actual_length}",
    "too_short": "It takes at least {min_length} item{s}, not {actual_length}",
    "missing": "It is missing",
    "extra_forbidden": "There is no such member",
    "string_type": "It is not a text",
    "list_type": "It is not a list",
    "model_type": "It is not an object",
    "int_type": "It is not a whole number",
    "int_from_float": "It is not a whole number",
    "finite_number": "It is not a whole number",
    "date_parsing": "It is not a day of the calendar",
    "date_from_datetime_parsing": "It is not a day of the calendar",
    "greater_than_equal": "It is less than {ge}",
    "less_than_equal": "It is more than {le}",
}
_MEMBER = re.compile(r"<\w+\.\w+: ('[^']*')>")
"""How Pydantic shows a member of an enum where only some of them are taken."""
_OF_DAYS = frozenset({"date_parsing", "date_from_datetime_parsing"})
_OF_LENGTH = frozenset({"string_too_long", "string_too_short"})
_SHOWN = 60


def worded(found: ErrorDetails) -> str:
    """Return what is wrong, without a full stop: by its kind, else as the validator says it."""
    words = _WORDS.get(found["type"])
    if words is None:
        return _MEMBER.sub(r"\1", found["msg"].removeprefix("Value error, "))
    limits = found.get("ctx", {})
    plural = "" if limits.get("min_length") == 1 else "s"
    return words.format(length=len(str(found["input"])), s=plural, **limits)


def is_of_length(found: ErrorDetails) -> bool:
    """Tell whether a text is too long or too short: then its length is named, and the text says nothing more."""
    return found["type"] in _OF_LENGTH


def is_of_days(found: ErrorDetails) -> bool:
    """Tell whether a text has the form of a day and is none: the validator's own words are those of its parser."""
    return found["type"] in _OF_DAYS


def shown(value: object) -> str:
    """Return a value as it is named in an answer, cut after 60 characters."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
