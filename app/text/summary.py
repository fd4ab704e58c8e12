"""The verdict as a journalist would read it aloud: plain sentences, made from the verdict and its best match."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from app.text.compare import Op
from app.text.verdict import Judged, Verdict

Quote = Mapping[str, JsonValue]


class Covered(NamedTuple):
    """What was looked through; days as ISO 8601."""

    sources: int
    complete_sources: int
    published_from: str | None
    published_to: str | None
    quotes: int


_OPENINGS = {
    Verdict.VERBATIM: "On the record in exactly these words",
    Verdict.NORMALISED: "On the record in these words, but for punctuation around them or the way they are written",
    Verdict.FRAGMENT: "On the record as part of a longer quote",
    Verdict.ELIDED: "On the record with the words between, which the claim marks as left out",
    Verdict.ALTERED: "Not on the record in these words; the nearest quote differs",
    Verdict.MERGED: "Not on the record as one quote: parts of {count} quotes are run together",
    Verdict.MISATTRIBUTED: "On the record, but not as said by {named}",
    Verdict.NOT_SAID: "The record has this only as something that was {denial}",
}
_DENIALS = {"denied": "denied", "not_said": "not said"}


def summarise(judged: Judged, quotes: Sequence[Quote], covered: Covered, named: str | None) -> str:
    """Return one to four sentences. `quotes` are the documents of the judged matches, in their order."""
    if judged.verdict is Verdict.UNATTESTED:
        return (
            f"Nothing on the record matches these words. That does not mean they were never said: {_covered(covered)}"
        )
    best = judged.matches[0]
    opening = _OPENINGS[judged.verdict].format(
        count=len(judged.matches), named=named, denial=_DENIALS.get(best.candidate.polarity, "not said")
    )
    sentences = [f"{opening}: {_where(quotes[0])}."]
    if best.is_paraphrase:
        sentences.append("These are the reporter's words about it, not the speaker's own.")
    if best.candidate.polarity in ("alleged", "hypothetical"):
        sentences.append(f"The source gives it as {best.candidate.polarity}, not as said.")
    if best.comparison.meaning_risk:
        sentences.append(f"Take care: {_risk(judged)} may change the meaning.")
    return " ".join(sentences)


def _where(quote: Quote) -> str:
    speaker, source = quote["speaker"], quote["source"]
    said = quote["said"]
    who = str(speaker["name"]) if isinstance(speaker, Mapping) else "a speaker whom the source does not name"
    when = said["edtf"] if isinstance(said, Mapping) and said["edtf"] else None
    title = source["title"] if isinstance(source, Mapping) else ""
    return f"{who}{f', {when}' if when else ', day unknown'}, in “{title}”"


def _risk(judged: Judged) -> str:
    differs = any(difference.op is not Op.EQUAL for difference in judged.matches[0].comparison.differences)
    return "what differs" if differs else "what is cut away around it"


def _covered(covered: Covered) -> str:
    if not covered.sources:
        return "the record has no source to look in."
    sources = "1 source" if covered.sources == 1 else f"{covered.sources:,} sources"
    quotes = "1 quote" if covered.quotes == 1 else f"{covered.quotes:,} quotes"
    days = sorted({day for day in (covered.published_from, covered.published_to) if day})
    when = f" of {' to '.join(days)}" if days else ""
    return f"the record covers {quotes} in {sources}{when}, {covered.complete_sources:,} of them recorded completely."
