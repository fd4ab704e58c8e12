"""Proposes the quotes of a plain text: what was said, by whom, how that is known, and how sure it is.

Pure and deterministic: quotation marks, reporting words and commas, by rules that have names (attribution.Rule,
reports.Shape). Every span is a place of the text, so that each proposal is verbatim by construction. It reads English;
of other languages it finds what stands in quotation marks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from app.text import confidence, dates, timing
from app.text.anchor import Span
from app.text.attribution import VAGUE, Attribution, Rule
from app.text.confidence import Mention
from app.text.continuations import Reader, grouped
from app.text.cues import Cue, cues
from app.text.lexicon import HOLDING, PRONOUNS, RELATIVES
from app.text.manner import medium_of, polarity_of
from app.text.marks import quoted
from app.text.nouns import nouns
from app.text.people import Named, People
from app.text.phrases import Phrase
from app.text.reports import Report, Shape, of_nouns, reports
from app.text.sentences import Quotation, Sentence, Token, sentences
from app.text.timing import Dated
from app.text.unspoken import is_unspoken

_FRAGMENTS = frozenset((Rule.AROUND_AFTER, Rule.AROUND_BEFORE, Rule.NOUN, Rule.SUBJECT))
_MARKS = frozenset('“”„"«»‹›＂')
_INNER = _MARKS | frozenset("‘’'‚‛")
_SAID = frozenset((Rule.VERB_SPEAKER, Rule.SPEAKER_VERB, Rule.LED, Rule.LED_FAR))
_DEEPEST = 3
"""Quotations within quotations that are read."""


class Proposal(NamedTuple):
    """A quote as the text seems to report it. Spans count code points, end exclusive.

    `kind`: direct, indirect or mixed. `spans` are the words, in reading order, without their marks; of a mixed one
    those in quotation marks, and `clause` is the report in which they stand. `speaker` and `cue` are where the text
    prints them, `name` whom the speaker is taken for. `parent` is the number of the proposal in which it is nested.
    """

    kind: str
    spans: tuple[Span, ...]
    clause: Span | None
    cue: Span | None
    lemma: str | None
    speaker: Span | None
    name: Named | None
    medium: str
    polarity: str
    said: Dated | None
    confidence: float
    why: str
    parent: int | None = None


def extract(text: str, published: date | None = None) -> list[Proposal]:
    """Return what the text reports somebody to have said, in reading order; `published` is the day of its printing.

    Dates are worked out against that day. Takes time in proportion to the text, and never fails.
    """
    return _Extraction(text, published).proposals()


class _Extraction:
    """One text on its way to proposals."""

    def __init__(self, text: str, published: date | None, depth: int = 0) -> None:
        self.text, self.published, self.depth = text, published, depth
        self.marks: Sequence[Quotation] = quoted(text)
        self.sentences: Sequence[Sentence] = sentences(text, self.marks)
        self.cues: Sequence[Sequence[Cue]] = [cues(sentence.tokens) for sentence in self.sentences]
        self.nouns: Sequence[Sequence[Cue]] = [nouns(sentence.tokens) for sentence in self.sentences]
        self.reports: Sequence[Sequence[Report]] = [
            [*reports(sentence.tokens, found), *of_nouns(sentence.tokens, named)]
            for sentence, found, named in zip(self.sentences, self.cues, self.nouns, strict=True)
        ]
        self.people = People(self.sentences, self.cues)

    def proposals(self) -> list[Proposal]:
        told = self._told()
        made = [*(self._quotation(found, quotes) for found, quotes in grouped(told)), *self._reports(told.values())]
        made.sort(key=lambda proposal: (proposal.spans[0].start, -proposal.spans[-1].end))
        found = list(self._finished(made))
        return [*found, *self._nested(found)]

    def _told(self) -> dict[int, Attribution]:
        """Return whose each quotation is, by its number; names and titles in quotation marks are left out."""
        reader = Reader(self.sentences, self.cues, self.nouns)
        for number, sentence in enumerate(self.sentences):
            for at, token in enumerate(sentence.tokens):
                if token.quote is None:
                    continue
                found = reader.read(number, at)
                words = self.text[slice(*self.marks[token.quote].inner)]
                vague = found is None or found.rule in VAGUE
                if sentence.words and is_unspoken(sentence.tokens, at, words, is_vague=vague):
                    reader.forget(number, at)
        return reader.told

    def _quotation(self, found: Attribution, quotes: Sequence[int]) -> Proposal:
        spans = tuple(self.marks[quote].inner for quote in quotes)
        tokens = self.sentences[found.sentence].tokens
        is_mixed = found.rule in _FRAGMENTS or self._is_fragment(spans[0], found)
        first = next((at for at, token in enumerate(tokens) if token.quote == quotes[0]), 0)
        sure = confidence.of_quotation(
            found.rule,
            found.verb,
            words=len(self.text[slice(*spans[0])].split()),
            mention=_mention(tokens, found.speaker),
            cues=sum(cue.high <= first for cue in self.cues[found.sentence]),
        )
        made = _proposal("mixed" if is_mixed else "direct", spans, tokens, found.speaker, found.verb, found.rule, sure)
        return made._replace(clause=self._clause(found, spans) if is_mixed else None, cue=_span(tokens, found.cue))

    def _is_fragment(self, span: Span, found: Attribution) -> bool:
        """Tell whether the words are no sentence of their own: she wants “a new start”."""
        return found.rule in (Rule.LED, Rule.LED_FAR) and self.text[span.start].islower()

    def _clause(self, found: Attribution, spans: Sequence[Span]) -> Span | None:
        """Return the report in which quoted words stand, when it holds them all."""
        tokens = self.sentences[found.sentence].tokens
        for report in self.reports[found.sentence]:
            if report.cue == found.verb and len(report.content) == 1:
                whole = _whole(tokens, report.content[0])
                if whole.start <= spans[0].start and spans[-1].end <= whole.end:
                    return whole
        return None

    def _reports(self, told: Iterable[Attribution]) -> Iterator[Proposal]:
        """Yield what is reported without quotation marks, but what a quotation stands in already."""
        used = {(found.sentence, found.cue) for found in told}
        for number, made in enumerate(self.reports):
            tokens = self.sentences[number].tokens
            quotes = [at for at, token in enumerate(tokens) if token.quote is not None] if made else []
            for report in made:
                cue, sure = report.cue, confidence.of_report(report.cue, report.shape)
                if (
                    (number, cue.phrase) in used
                    or sure < confidence.LEAST
                    or not self._is_unquoted(tokens, report, quotes)
                ):
                    continue
                spans = tuple(_whole(tokens, part) for part in report.content)
                yield _proposal("indirect", spans, tokens, cue.speaker, cue, report.shape, sure)

    def _is_unquoted(self, tokens: Sequence[Token], report: Report, quotes: Sequence[int]) -> bool:
        """Tell whether a report has no mark of quotation; `quotes` are the sentence's quotations, by their tokens."""
        if any(part.low <= at < part.high for part in report.content for at in quotes):
            return False
        low, high = tokens[report.content[0].low].start, tokens[report.content[-1].high - 1].end
        around = self.text[max(0, low - 2) : high + 2]
        return _MARKS.isdisjoint(around) and "''" not in around

    def _finished(self, made: Sequence[Proposal]) -> Iterator[Proposal]:
        """Yield the proposals, in reading order, with the names of their speakers and their dates."""
        starts = [sentence.start for sentence in self.sentences]
        known: dict[int, Dated | None] = {}
        anchor: date | None = None
        for proposal in made:
            beside = proposal.cue or proposal.speaker or proposal.spans[0]
            number = max(0, bisect_right(starts, beside.start) - 1)
            if number not in known:
                known[number] = self._date(number, beside.start, anchor)
                anchor = _first_day(known[number]) or anchor
            yield proposal._replace(name=self._name(proposal, number), said=known[number])

    def _date(self, number: int, near: int, anchor: date | None) -> Dated | None:
        sentence = self.sentences[number]
        said = timing.dated(self.text, sentence.start, sentence.end, published=self.published, anchor=anchor, near=near)
        inside = said is not None and any(
            token.quote is not None and token.start <= said.start < token.end for token in sentence.tokens
        )
        return None if inside else said  # of what somebody says in the quotation, and not of the saying

    def _name(self, proposal: Proposal, number: int) -> Named | None:
        if proposal.speaker is None:
            return None
        tokens = self.sentences[number].tokens
        low, high = (bisect_left(tokens, at, key=lambda token: token.start) for at in proposal.speaker)
        if low == high:  # the speaker stands in another sentence than the cue
            return None
        return self.people.resolve(tokens, Phrase(low, high), number)

    def _nested(self, made: Sequence[Proposal]) -> Iterator[Proposal]:
        """Yield what a quotation reports in its turn: “He told me, ‘Go home.’”"""
        if self.depth == _DEEPEST:
            return
        for number, proposal in enumerate(made):
            for span in proposal.spans:
                inner = self.text[slice(*span)]
                if proposal.kind == "direct" and not _INNER.isdisjoint(inner):
                    for found in _Extraction(inner, self.published, self.depth + 1).quotations():
                        yield _moved(found, span.start, number)

    def quotations(self) -> list[Proposal]:
        """Return what stands in quotation marks and is said by somebody: of a quotation, what it quotes."""
        told = {quote: found for quote, found in self._told().items() if found.rule in _SAID}
        return list(self._finished([self._quotation(found, quotes) for found, quotes in grouped(told)]))


def _proposal(
    kind: str,
    spans: tuple[Span, ...],
    tokens: Sequence[Token],
    speaker: Phrase | None,
    verb: Cue | None,
    why: Rule | Shape,
    sure: float,
) -> Proposal:
    """Return a proposal of a sentence with these tokens, as yet without a name and a date."""
    return Proposal(
        kind=kind,
        spans=spans,
        clause=None,
        cue=_span(tokens, verb.phrase if verb else None),
        lemma=verb.lemma if verb else None,
        speaker=_span(tokens, speaker),
        name=None,
        medium=medium_of(verb),
        polarity=polarity_of(tokens, verb),
        said=None,
        confidence=sure,
        why=why.value,
    )


def _moved(proposal: Proposal, by: int, parent: int) -> Proposal:
    """Return a proposal of a part of the text as one of the whole text."""

    def moved(span: Span | None) -> Span | None:
        return None if span is None else Span(span.start + by, span.end + by)

    said = proposal.said
    return proposal._replace(
        spans=tuple(Span(start + by, end + by) for start, end in proposal.spans),
        clause=moved(proposal.clause),
        cue=moved(proposal.cue),
        speaker=moved(proposal.speaker),
        said=None if said is None else said._replace(start=said.start + by, end=said.end + by),
        parent=parent,
    )


def _first_day(said: Dated | None) -> date | None:
    return None if said is None else dates.bounds(said.edtf).earliest


def _mention(tokens: Sequence[Token], speaker: Phrase | None) -> Mention:
    if speaker is None:
        return Mention.DESCRIBED
    if speaker.high - speaker.low == 1:
        alone = tokens[speaker.low].low
        if alone in RELATIVES:
            return Mention.RELATIVE
        if alone in HOLDING:
            return Mention.NAMED
    named = tokens[speaker.high - 1].is_large or tokens[speaker.low].low in PRONOUNS
    return Mention.NAMED if named else Mention.DESCRIBED


def _span(tokens: Sequence[Token], phrase: Phrase | None) -> Span | None:
    return None if phrase is None else _whole(tokens, phrase)


def _whole(tokens: Sequence[Token], phrase: Phrase) -> Span:
    return Span(tokens[phrase.low].start, tokens[phrase.high - 1].end)
