"""Quotes of HTTP bodies: their words found in the source's text, or an error with the pointer; and back as written."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from app.errors import Fault, Invalid
from app.formats.anchoring import Finder, Words
from app.formats.records import Path
from app.tables.anchored import AnchoredQuote
from app.tables.quoting import (
    AddresseeWords,
    CueWords,
    InterventionWords,
    Printed,
    QuoteChange,
    SaidWords,
    Selector,
)
from app.tables.record import AddresseeEntry, CueEntry, QuoteEntry, SaidEntry, TopicStanceEntry, VenueEntry
from app.tables.words import Role, Status
from app.text import anchor as anchors
from app.text.anchor import Span


class Print(NamedTuple):
    """What of a source the words are looked for in; `published` bounds when they can have been said."""

    text: str
    sha256: str
    published: date | None


def anchored(given: QuoteChange, source: Print, *, status: Status) -> AnchoredQuote:
    """Return the quote with its words found.

    Raises Invalid with the JSON pointer of the first thing that is wrong: NotInText, which shows the nearest place, for
    words that are not there.
    """
    text, sha256, published = source
    finder = Finder(refuse, text, sha256, published=published, creator="")
    return finder.quoted((), _entry(given, status), _words(given, finder))


def refuse(path: Path, reason: str | Invalid, /) -> Invalid:
    """Return the error of what is wrong at a place of a body; it stays of the sort that `reason` is of."""
    pointer = "".join(f"/{part}" for part in path)
    if isinstance(reason, Invalid):
        return type(reason).of(Fault(reason.detail, pointer=pointer))
    return Invalid.of(Fault(f"{pointer}: {reason}.", pointer=pointer))


def _entry(given: QuoteChange, status: Status) -> QuoteEntry:
    """Return all of the quote but where its words stand, as record files say it."""
    return QuoteEntry(
        kind=given.kind,
        medium=given.medium,
        polarity=given.polarity,
        status=status,
        speaker=given.speaker,
        parent=given.parent,
        content=["…"],  # the words themselves are found apart
        cue=CueEntry(lemma=given.cue.lemma) if given.cue else None,
        addressee=AddresseeEntry(name=given.addressee.name) if given.addressee else None,
        venue=given.venue,
        said=SaidEntry(edtf=given.said.edtf, basis=given.said.basis, note=given.said.note),
        topics=given.topics,
    )


def _words(given: QuoteChange, finder: Finder) -> Words:
    scope = _passage(finder, ("within",), given.within, None) if given.within else None

    def found(path: Path, selectors: Sequence[Selector]) -> list[tuple[Path, Span]]:
        places: list[Path] = [(*path, at) for at in range(len(selectors))]
        return [(place, _find(finder, place, each, scope)) for place, each in zip(places, selectors, strict=True)]

    around = [(Role.SPEAKER, span) for _, span in found(("mention",), given.mention)]
    around += [(Role.TIME, span) for _, span in found(("said", "as_printed"), given.said.as_printed)]
    printed: list[tuple[Role, str, Printed | None]] = [
        (Role.CUE, "cue", given.cue),
        (Role.ADDRESSEE, "addressee", given.addressee),
    ]
    for role, name, part in printed:
        if part and part.is_given:
            around.append((role, _find(finder, (name,), part, scope)))
            around += [(role, span) for _, span in found((name, "also"), part.also)]
    made = found(("interventions",), given.interventions)
    kinds = [change.kind for change in given.interventions]
    return Words(
        content=found(("content",), given.content),
        around=around,
        interventions=[(path, kind, span) for (path, span), kind in zip(made, kinds, strict=True)],
    )


def _find(finder: Finder, path: Path, selector: Selector, scope: Span | None) -> Span:
    return finder.trimmed(path, _passage(finder, path, selector, scope))


def _passage(finder: Finder, path: Path, selector: Selector, scope: Span | None) -> Span:
    try:
        if selector.start is not None and selector.end is not None:
            return anchors.located(finder.text, selector.start, selector.end, selector.exact)
        if selector.within is not None:
            scope = anchors.locate(finder.text, selector.within)
        return anchors.locate(
            finder.text,
            selector.exact or "",
            occurrence=selector.occurrence,
            within=scope,
            prefix=selector.prefix or "",
            suffix=selector.suffix or "",
        )
    except Invalid as error:
        raise refuse(path, error) from error


def written(quote: AnchoredQuote, confidence: float | None) -> QuoteChange:
    """Return the quote as it would be written, its words by where they stand."""
    parts: dict[Role, list[Selector]] = {role: [] for role in Role}
    for part in quote.segments:
        parts[part.role].append(Selector(exact=part.exact, start=part.start, end=part.end))
    said, cue, addressee = quote.said, _printed(parts[Role.CUE]), _printed(parts[Role.ADDRESSEE])
    return QuoteChange(
        kind=quote.kind,
        medium=quote.medium,
        polarity=quote.polarity,
        speaker=quote.speaker,
        parent=quote.parent,
        content=parts[Role.CONTENT],
        mention=parts[Role.SPEAKER],
        cue=CueWords(lemma=quote.cue, exact=cue.exact, start=cue.start, end=cue.end, also=cue.also)
        if quote.cue or cue.is_given
        else None,
        addressee=AddresseeWords(
            name=quote.addressee, exact=addressee.exact, start=addressee.start, end=addressee.end, also=addressee.also
        )
        if quote.addressee or addressee.is_given
        else None,
        venue=VenueEntry(name=quote.venue_name, kind=quote.venue_kind)
        if quote.venue_name or quote.venue_kind
        else None,
        said=SaidWords(edtf=said.edtf, basis=said.basis, as_printed=parts[Role.TIME], note=said.note),
        interventions=[
            InterventionWords(kind=made.kind, exact=made.exact, start=made.start, end=made.end)
            for made in quote.interventions
        ],
        topics=[
            TopicStanceEntry(topic=about.topic, stance=about.stance, proposition=about.proposition)
            for about in quote.topics
        ],
        confidence=confidence,
    )


def _printed(words: Sequence[Selector]) -> Printed:
    """Return the first words as the ones, and the others as further ones."""
    if not words:
        return Printed()
    first, *also = words
    return Printed(exact=first.exact, start=first.start, end=first.end, also=also)
