"""The verdict as a journalist would read it aloud: plain sentences, made from the verdict and its best match."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import JsonValue

from app.text.verdict import Judged, Match, Verdict

Quote = Mapping[str, JsonValue]


class Covered(NamedTuple):
    """What was looked through; days as ISO 8601."""

    sources: int
    complete_sources: int
    published_from: str | None
    published_to: str | None
    quotes: int


class Named(NamedTuple):
    """The speaker that the claim names. `nearest` is a name on the record that may be meant when this one is not."""

    name: str
    is_known: bool
    nearest: str | None


_OPENINGS = {
    Verdict.VERBATIM: "On the record in exactly these words",
    Verdict.NORMALISED: "On the record in these words, but for punctuation around them or the way they are written",
    Verdict.FRAGMENT: "On the record as part of a longer quote",
    Verdict.ELIDED: "On the record with the words between, which the claim marks as left out",
}
_CUT = {
    Verdict.FRAGMENT: "what is cut away around it",
    Verdict.ELIDED: "what is left out",
    Verdict.ALTERED: "what differs or is cut away",
    Verdict.MERGED: "what is cut away around the parts",
}
_DENIALS = {"denied": "denied", "not_said": "not said"}
_BY = {"asserted": "said by", "denied": "denied by", "not_said": "not said by"}
_MOST_TOLD = 3


def summarise(
    judged: Judged,
    quotes: Sequence[Quote],
    covered: Covered,
    named: str | None,
    *,
    is_known: bool = True,
    nearest: str | None = None,
) -> str:
    """Return a few sentences. `quotes` are the documents of the first judged matches, in their order.

    `named` is the speaker that the claim names. When the record does not know that name, `nearest` is one that it knows
    and that may be meant.
    """
    speaker = None if named is None else Named(named, is_known, nearest)
    if judged.verdict is Verdict.UNATTESTED:
        found = (
            f"Nothing on the record matches these words. That does not mean they were never said: {_covered(covered)}"
        )
        return " ".join([found, *_unknown(judged, speaker)])
    sentences = [f"{_opening(judged, speaker)}: {_told(judged, quotes)}."]
    sentences += _whose(judged, quotes, speaker)
    sentences += _unknown(judged, speaker)
    sentences += _manner(judged)
    sentences += _others(judged, quotes)
    if any(match.comparison.meaning_risk for match in _deciding(judged)):
        cut = _CUT.get(Verdict(judged.matches[0].comparison.likeness.value), "what differs or is cut away")
        sentences.append(f"Take care: {_CUT.get(judged.verdict, cut)} may change the meaning.")
    return " ".join(sentences)


def _deciding(judged: Judged) -> Sequence[Match]:
    """Return the matches on which the verdict rests: the first, or every one that has a part in a merged claim."""
    return judged.matches if judged.verdict is Verdict.MERGED else judged.matches[:1]


def _opening(judged: Judged, named: Named | None) -> str:
    best = judged.matches[0]
    denial = _DENIALS.get(best.candidate.polarity, "not said")
    match judged.verdict:
        case Verdict.MERGED:
            return f"Not on the record as one quote: parts of {len(judged.matches)} quotes are run together"
        case Verdict.MISATTRIBUTED if named is not None:
            unknown = "" if named.is_known else ", whom the record does not know"
            return f"On the record, but not as said by {named.name}{unknown}"
        case Verdict.NOT_SAID if not best.is_exact:
            return f"Not on the record in these words; the nearest it has is something that was {denial}"
        case Verdict.NOT_SAID if named is not None and best.is_own:
            return f"Of {named.name} the record has this only as something that was {denial}"
        case Verdict.NOT_SAID:
            return f"The record has this only as something that was {denial}"
        case Verdict.ALTERED if named is not None and not best.is_own:
            return f"Not on the record in these words; the nearest quote differs, and is not by {named.name}"
        case Verdict.ALTERED:
            return "Not on the record in these words; the nearest quote differs"
        case verdict:
            return _OPENINGS[verdict]


def _told(judged: Judged, quotes: Sequence[Quote]) -> str:
    """Say whose the quotes are, when they were said, and where they are printed."""
    told = [_where(quote) for quote in quotes[: len(_deciding(judged))]]
    more = len(told) - _MOST_TOLD
    return "; ".join(told[:_MOST_TOLD] + ([f"and {more} more"] if more > 0 else []))


def _where(quote: Quote) -> str:
    source, said = quote["source"], quote["said"]
    when = _when(str(said["edtf"])) if isinstance(said, Mapping) and said["edtf"] else "day unknown"
    title = source["title"] if isinstance(source, Mapping) else ""
    return f"{_speaker(quote)}, {when}, in “{title}”"


def _when(edtf: str) -> str:
    """Put an EDTF date or interval in words."""
    start, _, end = (day.rstrip("?~%") for day in edtf.partition("/"))
    if not end:
        when = start
    elif start in ("", ".."):
        when = f"by {end}"
    elif end == "..":
        when = f"since {start}"
    else:
        when = f"between {start} and {end}"
    return f"probably {when}" if edtf.endswith(("?", "~", "%")) else when


def _speaker(quote: Quote) -> str:
    speaker = quote["speaker"]
    return str(speaker["name"]) if isinstance(speaker, Mapping) else "a speaker whom the source does not name"


def _whose(judged: Judged, quotes: Sequence[Quote], named: Named | None) -> Iterator[str]:
    """Say what the named speaker has to do with the quotes, where the opening does not."""
    if named is None:
        return
    deciding = _deciding(judged)
    others = sum(not match.is_own for match in deciding)
    if judged.verdict is Verdict.MERGED and others:
        yield f"{'None' if others == len(deciding) else 'Not all'} of them are by {named.name}."
    elif judged.verdict is Verdict.NOT_SAID and others:
        yield f"That concerns {_speaker(quotes[0])}, not {named.name}."
    elif judged.verdict is not Verdict.MERGED and judged.matches[0].candidate.speaker is None:
        yield f"Whether that was {named.name} the source does not tell."


def _unknown(judged: Judged, named: Named | None) -> Iterator[str]:
    if named is None or named.is_known:
        return
    if judged.verdict is not Verdict.MISATTRIBUTED:
        yield f"The record does not know {named.name}."
    if named.nearest is not None:
        yield f"Perhaps {named.nearest} is meant."


def _manner(judged: Judged) -> Iterator[str]:
    """Say where the words are not simply what the speaker said."""
    deciding = _deciding(judged)
    if judged.verdict is Verdict.MERGED:
        if any(match.is_paraphrase for match in deciding):
            yield "Some of these are the reporter's words, not the speaker's own."
        manners = {_DENIALS.get(match.candidate.polarity, match.candidate.polarity) for match in deciding}
        for manner in sorted(manners - {"asserted"}):
            yield f"The source gives a part of it as {manner}."
        return
    best = judged.matches[0]
    if best.is_paraphrase and best.is_exact:
        yield "These are the reporter's words about it, not the speaker's own."
    elif best.is_paraphrase:
        yield "The recorded words are the reporter's, not the speaker's own."
    if best.candidate.polarity in ("alleged", "hypothetical"):
        yield f"The source gives it as {best.candidate.polarity}, not as said."


def _others(judged: Judged, quotes: Sequence[Quote]) -> Iterator[str]:
    """Say what else the record has of these very words: that they were not said, or of whom they are after all."""
    if judged.verdict is Verdict.MERGED or not judged.matches[0].is_exact:
        return
    told: dict[str, list[str]] = {}
    for at, match in enumerate(judged.matches[1:], 1):
        if not match.is_exact or match.is_negative == judged.matches[0].is_negative:
            continue
        names = told.setdefault(_BY.get(match.candidate.polarity, "attributed to"), [])
        name = _speaker(quotes[at]) if at < len(quotes) else "others"
        if name not in names:
            names.append(name)
    if told:
        yield f"The record also has it as {_listed([f'{by} {_listed(names)}' for by, names in sorted(told.items())])}."


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _covered(covered: Covered) -> str:
    if not covered.sources:
        return "the record has no source to look in."
    sources = "1 source" if covered.sources == 1 else f"{covered.sources:,} sources"
    quotes = "1 quote" if covered.quotes == 1 else f"{covered.quotes:,} quotes"
    days = sorted({day for day in (covered.published_from, covered.published_to) if day})
    when = f" of {' to '.join(days)}" if days else ""
    return f"the record covers {quotes} in {sources}{when}, {covered.complete_sources:,} of them recorded completely."
