"""The verdict on a claim, from its comparisons with recorded quotes. Pure; it does not depend on their order."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import NamedTuple

from app.text import compare, merged
from app.text.compare import Comparison, Likeness, Text, Weigh
from app.text.fold import QUOTE
from app.text.merged import Part
from app.text.runs import FEWEST_WORDS


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


_NEGATIVE = frozenset({"not_said", "denied"})
_RANKS = {likeness: rank for rank, likeness in enumerate(Likeness)}
AS_NEAR = 0.1
"""Altered matches whose scores differ by no more than this are about as near to the claim."""


class Candidate(NamedTuple):
    """A recorded quote that may be what the claim stands for. `speaker` is a slug; None when the source tells none."""

    id: str
    text: Text
    kind: str
    polarity: str
    speaker: str | None


class Match(NamedTuple):
    """A quote near to the claim. `is_paraphrase`: the words are the reporter's, not the speaker's.

    `is_own` is false when a speaker is named and the quote is by another.
    """

    candidate: Candidate
    comparison: Comparison
    is_paraphrase: bool
    is_own: bool = True

    @property
    def is_exact(self) -> bool:
        """Whether the claim's words stand in the quote as they are."""
        return self.comparison.likeness is not Likeness.ALTERED

    @property
    def is_negative(self) -> bool:
        """Whether the source says that it was not said, or is denied."""
        return self.candidate.polarity in _NEGATIVE


class Judged(NamedTuple):
    """The verdict, the matches, and for `merged` the parts with the matches' numbers.

    The first match decides the verdict. Then come the others of the speaker named, then those of others.
    """

    verdict: Verdict
    matches: list[Match]
    parts: list[Part]


def judge(
    claim: Text, candidates: Sequence[Candidate], *, speakers: Collection[str] | None, weigh: Weigh = compare.even
) -> Judged:
    """Return the verdict on a claim.

    `speakers` are the slugs that the named speaker may be; None when none is named. Where they have the words, nobody
    else's quotes decide. A quote whose source tells no speaker does not contradict any, but what is known to be the
    named speaker's goes before it. Words that were said go before words that were not: a denial decides only when there
    is nothing else.
    """
    matches = _matches(claim, candidates, speakers, weigh)
    exact = [match for match in matches if match.is_exact]
    own = [match for match in exact if match.is_own]
    if own:
        named = [match for match in own if speakers is not None and match.candidate.speaker in speakers]
        return _decided(named or own, matches)
    if exact:
        said = [match for match in exact if not match.is_negative]
        return Judged(Verdict.MISATTRIBUTED if said else Verdict.NOT_SAID, _first(said or exact, matches), [])
    if all(match.comparison.unexplained >= FEWEST_WORDS for match in matches):
        whole = _merged(claim, candidates, speakers)
        if whole is not None:
            return whole
    if not matches:
        return Judged(Verdict.UNATTESTED, [], [])
    least = max(match.comparison.score for match in matches) - AS_NEAR
    near = [match for match in matches if match.comparison.score >= least]
    return _decided([match for match in near if match.is_own] or near, matches)


def _decided(level: Sequence[Match], matches: Sequence[Match]) -> Judged:
    """Return what the first of these says that is no denial; `not_said` when all of them are."""
    said = [match for match in level if not match.is_negative]
    best = (said or level)[0]
    verdict = Verdict(best.comparison.likeness.value) if said else Verdict.NOT_SAID
    return Judged(verdict, _first([best], matches), [])


def _first(chosen: Sequence[Match], matches: Sequence[Match]) -> list[Match]:
    """Return the chosen matches and then the others, each in their order."""
    return [*chosen, *(match for match in matches if not any(match is one for one in chosen))]


def _matches(
    claim: Text, candidates: Sequence[Candidate], speakers: Collection[str] | None, weigh: Weigh
) -> list[Match]:
    found = (
        _match(candidate, compare.compare(claim, candidate.text, weigh=weigh), speakers) for candidate in candidates
    )
    return sorted((match for match in found if match.comparison.likeness is not Likeness.NONE), key=_order)


def _match(candidate: Candidate, comparison: Comparison, speakers: Collection[str] | None) -> Match:
    paraphrase = is_paraphrase(candidate, comparison)
    if paraphrase and comparison.likeness is Likeness.VERBATIM:
        comparison = comparison._replace(likeness=Likeness.NORMALISED)
    own = speakers is None or candidate.speaker is None or candidate.speaker in speakers
    return Match(candidate, comparison, paraphrase, own)


def _order(match: Match) -> tuple[bool, bool, bool, int, float, bool, bool, str]:
    """Own go first, then exact ones; of exact ones those that were said, of altered ones the nearest."""
    return (
        not match.is_own,
        not match.is_exact,
        match.is_exact and match.is_negative,
        _RANKS[match.comparison.likeness],
        -match.comparison.score,
        match.is_negative,
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
    marks = [token for token in candidate.text.tokens if token.folded == QUOTE]
    enclosed = zip(marks[::2], marks[1::2], strict=False)
    return not any(opened.start <= comparison.start and comparison.end <= closed.end for opened, closed in enclosed)


def _merged(claim: Text, candidates: Sequence[Candidate], speakers: Collection[str] | None) -> Judged | None:
    ordered = sorted(candidates, key=lambda candidate: candidate.id)
    found = merged.parts(claim, [candidate.text for candidate in ordered])
    if not found:
        return None
    used = list(dict.fromkeys(part.quote for part in found))
    matches = []
    for number in used:
        candidate = ordered[number]
        part = next(part for part in found if part.quote == number)
        words = compare.read(claim.text[part.claimed_start : part.claimed_end])
        matches.append(_match(candidate, compare.compare(words, candidate.text), speakers))
    return Judged(Verdict.MERGED, matches, [part._replace(quote=used.index(part.quote)) for part in found])
