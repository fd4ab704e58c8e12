"""Puts on the record, as proposed quotes, what extraction found in a source's text; nothing twice.

What a reviewer corrected or rejected is not proposed anew: the id tells a quote by its words at its creation, and
another quote that shares most of its words with a proposal stands for it.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from pydantic import JsonValue
from sqlalchemy import Connection, text

from app.store import entries, ingest, newcomers, states
from app.store.history import Writer
from app.store.ingest import Known, Placed
from app.store.namesakes import Meant, Namesakes
from app.store.states import StoredSource
from app.store.terms import missing
from app.tables.anchored import AnchoredProposal, AnchoredQuote
from app.tables.proposal import ProposalItem, ProposalOutcome, ProposalReport
from app.tables.segment import SpanRead
from app.tables.words import Medium, Polarity, QuoteKind, Role, Status
from app.text import anchor
from app.text.anchor import Span

_CELL = 256
"""Code points of a part of the text whose quotes are looked at together."""


class _Placed(NamedTuple):
    """What became of a proposal: the quote that stands for it, put there now or before, or why there is none."""

    proposal: AnchoredProposal
    meant: Meant
    outcome: ProposalOutcome
    quote: AnchoredQuote | None
    reason: str | None = None

    @property
    def why(self) -> str:
        note = f"; {self.meant.note}" if self.meant.note else ""
        return f"{self.proposal.found.why}{note}"


class PrintedText(NamedTuple):
    """What of a source extraction reads; `sha256` is that of the text."""

    text: str
    sha256: str
    published: date | None


def read(reader: sqlite3.Connection, slug: str) -> PrintedText:
    """Return what extraction reads of a source. Raises NotFound, naming the nearest known slug."""
    row = reader.execute("SELECT text, sha256, published FROM source WHERE slug = ?", (slug,)).fetchone()
    if row is None:
        raise missing(reader, "source", slug)
    return PrintedText(str(row[0]), str(row[1]), date.fromisoformat(row[2]) if row[2] else None)


def propose(
    connection: Connection,
    reader: sqlite3.Connection,
    source: StoredSource,
    found: Sequence[AnchoredProposal],
    *,
    writer: Writer,
    dry_run: bool,
) -> ProposalReport:
    """Put the proposals on the record that are not there, and report each. With `dry_run` the caller rolls back."""
    placed = _place(reader, source, found, [stored.quote for stored in states.quotes(connection, source.seq)])
    new = [one for one in placed if one.outcome is ProposalOutcome.PROPOSED]
    _put(connection, source, new, writer)
    counts = Counter(one.outcome for one in placed)
    speakers = {one.meant.new.name: one.meant.new for one in new if one.meant.new}
    return ProposalReport(
        source=source.entry.slug,
        proposed=counts[ProposalOutcome.PROPOSED],
        existing=counts[ProposalOutcome.EXISTING],
        refused=counts[ProposalOutcome.REFUSED],
        items=[_item(source, one) for one in placed],
        speakers=list(speakers.values()),
        dry_run=dry_run,
    )


def _place(
    reader: sqlite3.Connection,
    source: StoredSource,
    found: Sequence[AnchoredProposal],
    there: Sequence[AnchoredQuote],
) -> list[_Placed]:
    """Return what becomes of each; a nested one stands after the one in which it is nested, and names its quote."""
    known, names = _There(there), Namesakes(reader, source.text)
    placed: list[_Placed] = []
    for one in found:
        meant = names.meant(one.found)
        above = None if one.found.parent is None else placed[one.found.parent].quote
        if one.quote is None:
            placed.append(_Placed(one, meant, ProposalOutcome.REFUSED, None, one.refused))
        elif (stands := known.standing(one.quote)) is not None:
            placed.append(_Placed(one, meant, ProposalOutcome.EXISTING, stands))
        elif one.found.parent is not None and above is None:
            reason = "What it is nested in is refused."
            placed.append(_Placed(one, meant, ProposalOutcome.REFUSED, None, reason))
        else:
            quote = one.quote._replace(speaker=meant.slug, parent=above.id if above else None)
            known.add(quote)
            placed.append(_Placed(one, meant, ProposalOutcome.PROPOSED, quote))
    return placed


class _There:
    """The quotes of one source, by their ids and by where their words stand; `add` takes what a batch adds."""

    def __init__(self, quotes: Iterable[AnchoredQuote]) -> None:
        self._by_id: dict[str, AnchoredQuote] = {}
        self._by_content: dict[tuple[Span, ...], AnchoredQuote] = {}
        self._cells: dict[int, list[AnchoredQuote]] = defaultdict(list)
        for quote in quotes:
            self.add(quote)
            for cell in _cells(quote.content):
                self._cells[cell].append(quote)

    def add(self, quote: AnchoredQuote) -> None:
        """Know a quote by its id and its very words: proposals of one run, however near, are not held for one."""
        self._by_id[quote.id] = quote
        self._by_content[quote.content] = quote

    def standing(self, quote: AnchoredQuote) -> AnchoredQuote | None:
        """Return the quote that stands for this one, or None: of its id, of its words, or of most of them."""
        found = self._by_id.get(quote.id) or self._by_content.get(quote.content)
        if found is not None:
            return found
        near = {other.id: other for cell in _cells(quote.content) for other in self._cells.get(cell, ())}
        versions = [other for other in near.values() if _is_version(quote, other)]
        return max(versions, key=lambda other: (_shared(quote.content, other.content), other.id), default=None)


def _cells(spans: Iterable[Span]) -> set[int]:
    return {cell for start, end in spans for cell in range(start // _CELL, (end - 1) // _CELL + 1)}


def _is_version(quote: AnchoredQuote, other: AnchoredQuote) -> bool:
    """Tell whether two quotes are the same report: they share most of the words of the one, or of the other and a cue.

    Not when one reports the other, and so is nested in it: then its cue stands in the other's words.
    """
    cues, others = _cues(quote), _cues(other)
    if _shared(cues, other.content) or _shared(others, quote.content):
        return False
    shared = 2 * _shared(quote.content, other.content)
    return shared > _length(quote.content) or (shared > _length(other.content) and _shared(cues, others) > 0)


def _cues(quote: AnchoredQuote) -> tuple[Span, ...]:
    return tuple(Span(part.start, part.end) for part in quote.segments if part.role is Role.CUE)


def _shared(spans: Iterable[Span], others: Sequence[Span]) -> int:
    """Return how many code points stand in both."""
    return sum(max(0, min(one.end, two.end) - max(one.start, two.start)) for one in spans for two in others)


def _length(spans: Iterable[Span]) -> int:
    return sum(span.end - span.start for span in spans)


def _put(connection: Connection, source: StoredSource, placed: Sequence[_Placed], writer: Writer) -> None:
    """Put the new quotes on the record in one batch, each with how sure it is, why, and whom it names."""
    new = [(one, one.quote) for one in placed if one.quote is not None]
    if not new:
        return
    known = Known(entries.numbers(connection, "speaker", {quote.speaker for _, quote in new if quote.speaker}), {})
    batch = [Placed(source.seq, source.entry.slug, quote) for _, quote in new]
    told = {quote.id: _told(one) for one, quote in new}
    ingest.add_quotes(connection, batch, known, writer=writer, beside=told)
    sure = [{"id": quote.id, "confidence": one.proposal.found.confidence, "why": one.why} for one, quote in new]
    connection.execute(text(_PROPOSAL), sure)
    newcomers.keep(connection, {quote.id: one.meant.new for one, quote in new if one.meant.new is not None})


def _told(one: _Placed) -> Mapping[str, JsonValue]:
    """Return what the history tells of a proposal besides the quote."""
    told: dict[str, JsonValue] = {"confidence": one.proposal.found.confidence, "why": one.why}
    return told | {"new_speaker": one.meant.new.model_dump(mode="json")} if one.meant.new else told


_PROPOSAL = """
INSERT INTO proposal (quote, confidence, why) VALUES ((SELECT seq FROM quote WHERE id = :id), :confidence, :why)
"""


def _item(source: StoredSource, one: _Placed) -> ProposalItem:
    found, quote = one.proposal.found, one.quote
    made = one.proposal.quote
    spans = made.content if made is not None else found.spans
    status = None if quote is None else Status(quote.status)
    return ProposalItem(
        outcome=one.outcome,
        id=quote.id if quote else None,
        url=f"/v1/quotes/{quote.id}" if quote else None,
        status=status,
        kind=QuoteKind(found.kind),
        medium=Medium(found.medium),
        polarity=Polarity(found.polarity),
        text=made.text if made is not None else anchor.join(source.text, spans),
        content=[SpanRead(start=start, end=end) for start, end in spans],
        speaker=one.meant.slug,
        new_speaker=one.meant.new,
        as_printed=source.text[slice(*found.speaker)] if found.speaker else None,
        cue=found.lemma,
        said=found.said.edtf if found.said else None,
        parent=quote.parent if quote else None,
        confidence=found.confidence,
        why=one.why,
        reason=one.reason,
    )
