"""The verdict on a claim, from its comparisons with recorded quotes. Pure; it does not depend on their order."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.text import compare, merged
from app.text.compare import Comparison, Likeness, Text, Weigh
from app.text.fold import QUOTE, tokens
from app.text.merged import Part


class Verdict(StrEnum):
    """What the record says of a claim."""

    VERBATIM = "verbatim"
    NORMALISED = "normalised"
    FRAGMENT = "fragment"
    ELIDED = "elided"
    ALTERED = "altered"
    MERGED = "merged"
    MISATTRIBUTED = "misattributed"
    NOT_SAID = "not_said"
    UNATTESTED = "unattested"


class Candidate(NamedTuple):
    """A recorded quote that may be what the claim stands for. `speaker` is a slug; None when the source tells none."""

    id: str
    text: Text
    kind: str
    polarity: str
    speaker: str | None


class Match(NamedTuple):
    """A quote near to the claim. `is_paraphrase`: the words are the reporter's, not the speaker's."""

    candidate: Candidate
    comparison: Comparison
    is_paraphrase: bool


class Judged(NamedTuple):
    """The verdict, the matches it rests on, best first, and for `merged` the parts with the matches' numbers."""

    verdict: Verdict
    matches: list[Match]
    parts: list[Part]


_NEGATIVE = frozenset({"not_said", "denied"})
_RANKS = {likeness: rank for rank, likeness in enumerate(Likeness)}


def judge(
    claim: Text, candidates: Sequence[Candidate], *, speakers: Collection[str] | None, weigh: Weigh = compare.even
) -> Judged:
    """Return the verdict on a claim.

    `speakers` are the slugs that the named speaker may be; None when none is named. A quote whose source tells no
    speaker does not contradict any.
    """
    matches = _matches(claim, candidates, weigh)
    exact = [match for match in matches if match.comparison.likeness is not Likeness.ALTERED]
    if not exact:
        whole = _merged(claim, candidates)
        if whole is not None:
            return whole
    if not matches:
        return Judged(Verdict.UNATTESTED, [], [])
    if speakers is not None:
        own = [match for match in matches if match.candidate.speaker is None or match.candidate.speaker in speakers]
        own_exact = [match for match in own if match in exact]
        if not own or (exact and not own_exact):
            return Judged(Verdict.MISATTRIBUTED, matches, [])
        matches = own + [match for match in matches if match not in own]
    best = matches[0].comparison.likeness
    level = [match for match in matches if match.comparison.likeness is best]
    if all(match.candidate.polarity in _NEGATIVE for match in level):
        return Judged(Verdict.NOT_SAID, matches, [])
    return Judged(Verdict(best.value), matches, [])


def _matches(claim: Text, candidates: Sequence[Candidate], weigh: Weigh) -> list[Match]:
    found = []
    for candidate in candidates:
        comparison = compare.compare(claim, candidate.text, weigh=weigh)
        if comparison.likeness is Likeness.NONE:
            continue
        paraphrase = is_paraphrase(candidate, comparison)
        if paraphrase and comparison.likeness is Likeness.VERBATIM:
            comparison = comparison._replace(likeness=Likeness.NORMALISED)
        found.append(Match(candidate, comparison, paraphrase))
    return sorted(found, key=_order)


def _order(match: Match) -> tuple[int, float, bool, bool, str]:
    return (
        _RANKS[match.comparison.likeness],
        -match.comparison.score,
        match.candidate.polarity in _NEGATIVE,
        match.is_paraphrase,
        match.candidate.id,
    )


def is_paraphrase(candidate: Candidate, comparison: Comparison) -> bool:
    """Tell whether the passage is in the reporter's words: any of an indirect report, and of a mixed one what no
    quotation marks enclose."""
    if candidate.kind == "direct":
        return False
    if candidate.kind == "indirect":
        return True
    marks = [token for token in tokens(candidate.text.text) if token.folded == QUOTE]
    enclosed = zip(marks[::2], marks[1::2], strict=False)
    return not any(opened.start <= comparison.start and comparison.end <= closed.end for opened, closed in enclosed)


def _merged(claim: Text, candidates: Sequence[Candidate]) -> Judged | None:
    ordered = sorted(candidates, key=lambda candidate: candidate.id)
    found = merged.parts(claim, [candidate.text for candidate in ordered])
    if not found:
        return None
    used = list(dict.fromkeys(part.quote for part in found))
    matches = []
    for number in used:
        candidate = ordered[number]
        part = next(part for part in found if part.quote == number)
        words = claim.text[part.claimed_start : part.claimed_end]
        run = compare.compare(compare.read(words), candidate.text)
        matches.append(Match(candidate, run, is_paraphrase(candidate, run)))
    return Judged(Verdict.MERGED, matches, [part._replace(quote=used.index(part.quote)) for part in found])
