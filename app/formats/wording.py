"""Wording: a quote in one line for people. A denial never reads as a statement, nor a report as the speaker's words."""

from app.tables.quote import QuoteCited
from app.tables.words import Polarity, QuoteKind, Status

NOBODY = "Unknown speaker"
SHORT = 120
_STOPS = (".", "!", "?", "…", "。", "؟", "।")
_CLOSING = "”’»\"')]"

_SAYS = {
    Polarity.ASSERTED: "{name}",
    Polarity.DENIED: "{name} denies",
    Polarity.NOT_SAID: "{name} did not say",
    Polarity.ALLEGED: "{name} is alleged to have said",
    Polarity.HYPOTHETICAL: "{name}, as a hypothesis",
}


def attribution(quote: QuoteCited, *, most: int | None = None) -> str:
    """Return who is said to have said it or not, without the words; of the name at most `most` code points."""
    name = quote.speaker.name if quote.speaker else NOBODY
    return _SAYS[quote.polarity].format(name=_cut(name, most))


def told(quote: QuoteCited, *, most: int | None = None) -> str:
    """Return attribution and words, of these at most `most` code points; marks stand around direct ones only."""
    words = _cut(quote.text, most)
    return f"{attribution(quote)}: " + (f"“{words}”" if quote.kind is QuoteKind.DIRECT else words)


def _cut(words: str, most: int | None) -> str:
    return words if most is None or len(words) <= most else words[: most - 1].rstrip() + "…"


def cited(quote: QuoteCited) -> str:
    """Return the quote as a sentence that ends: attribution, words, and whether they are in dispute."""
    line = told(quote)
    stop = "" if line.rstrip(_CLOSING).endswith(_STOPS) else "."
    return line + stop + (" Disputed." if quote.status is Status.DISPUTED else "")


def source_line(quote: QuoteCited) -> str:
    """Return where it is printed, as far as is known: authors, title, publisher, day, address."""
    source = quote.source
    day = source.published.isoformat() if source.published else None
    parts = (", ".join(source.authors), f"“{source.title}”", source.publisher, day, source.url)
    return ", ".join(part for part in parts if part)
