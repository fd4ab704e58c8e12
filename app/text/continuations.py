"""Tells whose a quotation is when its sentence does not: that of the one before it, or of who was just spoken of."""

from collections.abc import Mapping, Sequence
from itertools import islice

from app.text.attribution import Attribution, Rule, attribute, by_verb
from app.text.cues import Cue
from app.text.phrases import Phrase
from app.text.sentences import Sentence
from app.text.subjects import main

REACH = 12
"""Sentences back in a paragraph in which it is looked for who speaks."""


class Reader:
    """Reads the sentences of a text in order, and remembers whose each quotation is."""

    def __init__(
        self, sentences: Sequence[Sentence], cues: Sequence[Sequence[Cue]], nouns: Sequence[Sequence[Cue]]
    ) -> None:
        self._sentences = sentences
        self._cues = cues
        self._nouns = nouns
        self.told: dict[int, Attribution] = {}
        # For each sentence the quotations that are told, in order, and who is spoken of: a paragraph of a thousand
        # quotations is not to be read a thousand times.
        self._heard: dict[int, list[int]] = {}
        self._subjects: dict[int, Phrase | None] = {}

    def read(self, number: int, at: int) -> Attribution | None:
        """Return whose the quotation at token `at` of a sentence is, None when nothing tells. Ask in reading order."""
        sentence = self._sentences[number]
        found = attribute(sentence, number, at, self._cues[number], self._nouns[number])
        if found is None or (found.rule is Rule.SUBJECT and _opens(sentence, at)):
            found = self._continued(number) or found
        quote = sentence.tokens[at].quote
        if found is not None and quote is not None:
            self.told[quote] = found
            self._heard.setdefault(number, []).append(quote)
        return found

    def forget(self, number: int, at: int) -> None:
        """Take back what was told of the quotation that was read last: it turned out not to be speech."""
        quote = self._sentences[number].tokens[at].quote
        if quote in self.told:
            del self.told[self._heard[number].pop()]

    def _continued(self, number: int) -> Attribution | None:
        sentence = self._sentences[number]
        told = self._last(number)
        if told is not None:
            return told._replace(rule=Rule.SAME_SENTENCE)
        told = self._last_of_paragraph(number - 1, sentence.paragraph)
        if told is not None:
            return told._replace(rule=Rule.SAME_PARAGRAPH)
        if number == 0 or sentence.words:
            return None
        before = self._sentences[number - 1]
        if before.paragraph != sentence.paragraph and before.tokens[-1].text != ":":
            told = self._last_of_paragraph(number - 1, before.paragraph)
            if told is not None:
                return told._replace(rule=Rule.NEXT_PARAGRAPH)
        return self._introduced(number - 1)

    def _introduced(self, number: int) -> Attribution | None:
        """Return who is spoken of in the sentence before a quotation that stands alone."""
        tokens = self._sentences[number].tokens
        colon = tokens[-1].text == ":"
        for cue in reversed(self._cues[number]):
            if cue.speaker is not None:
                return by_verb(number, cue, Rule.AFTER_COLON if colon else Rule.AFTER_REPORT)
        if number not in self._subjects:
            self._subjects[number] = main(tokens)
        speaker = self._subjects[number]
        if speaker is None:
            return None
        return Attribution(number, speaker, None, None, Rule.AFTER_COLON if colon else Rule.AFTER_SUBJECT)

    def _last(self, number: int) -> Attribution | None:
        """Return what is told of the last quotation of a sentence, of those that were read."""
        heard = self._heard.get(number)
        return self.told[heard[-1]] if heard else None

    def _last_of_paragraph(self, number: int, paragraph: int) -> Attribution | None:
        lowest = max(-1, number - REACH)
        while number > lowest and self._sentences[number].paragraph == paragraph:
            told = self._last(number)
            if told is not None:
                return told
            number -= 1
        return None


def _opens(sentence: Sentence, at: int) -> bool:
    """Tell whether the sentence begins with the quotation, but for a word or two: It’s “…”."""
    before = (token for token in sentence.tokens[:at] if token.is_word)
    return sentence.words <= 2 or next(islice(before, 2, None), None) is None


def grouped(told: Mapping[int, Attribution]) -> list[tuple[Attribution, list[int]]]:
    """Return each attribution with the numbers of its quotations, in order: what one cue reports is one quote."""
    groups: dict[tuple[int, Phrase | None, Phrase | None], list[int]] = {}
    for quote in sorted(told):
        found = told[quote]
        groups.setdefault((found.sentence, found.speaker, found.cue), []).append(quote)
    return [(told[quotes[0]], quotes) for quotes in groups.values()]
