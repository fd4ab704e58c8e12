"""Proposals of extraction as quotes: held to all that a quote of an HTTP body is held to, and refused one by one."""

from pydantic import ValidationError

from app.errors import Invalid
from app.formats.quoting import Print, anchored
from app.tables.anchored import AnchoredProposal
from app.tables.quoting import CueWords, QuoteChange, SaidWords, Selector
from app.tables.words import Basis, Medium, Polarity, QuoteKind, Status
from app.text.anchor import Span
from app.text.extract import Proposal, extract


def content(found: Proposal) -> tuple[Span, ...]:
    """Return where the words stand: of a mixed report, all of it when it is known, with its quotation marks."""
    return (found.clause,) if found.kind == "mixed" and found.clause is not None else found.spans


def extracted(source: Print) -> list[AnchoredProposal]:
    """Return what a text seems to report, each with the quote that it makes, without speaker and parent, or with why
    it makes none."""
    return [_quoted(one, source) for one in extract(source.text, source.published)]


def _quoted(found: Proposal, source: Print) -> AnchoredProposal:
    try:
        quote = anchored(_written(found), source, status=Status.PROPOSED)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        place = "".join(f"/{part}" for part in fault["loc"])
        return AnchoredProposal(found, None, f"{place}: {fault['msg'].removeprefix('Value error, ')}.")
    except Invalid as error:
        return AnchoredProposal(found, None, error.detail)
    return AnchoredProposal(found, quote)


def _written(found: Proposal) -> QuoteChange:
    cue, said = found.cue, found.said
    return QuoteChange(
        kind=QuoteKind(found.kind),
        medium=Medium(found.medium),
        polarity=Polarity(found.polarity),
        content=[_selector(span) for span in content(found)],
        mention=[_selector(found.speaker)] if found.speaker else [],
        cue=CueWords(
            lemma=found.lemma,
            start=cue.start if cue else None,
            end=cue.end if cue else None,
        )
        if cue or found.lemma
        else None,
        said=SaidWords(
            edtf=said.edtf,
            basis=Basis(said.basis),
            as_printed=[Selector(start=said.start, end=said.end)],
            note=said.note,
        )
        if said
        else SaidWords(),
        confidence=found.confidence,
    )


def _selector(span: Span) -> Selector:
    return Selector(start=span.start, end=span.end)
