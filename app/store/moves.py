"""Moves of quotes between states: what the table of moves lets a review do, and a record file."""

from collections.abc import Mapping, Sequence

from app.errors import Conflict, Fault, Invalid
from app.store.states import Stored
from app.tables.anchored import AnchoredQuote
from app.tables.review import MOVES
from app.tables.words import Status


def prove(name: str, before: Status, after: Status) -> None:
    """Raise Conflict, naming the moves there are, when this is none of them."""
    if after not in MOVES[before]:
        raise Conflict(_refused(name, before, after))


def prove_file(quotes: Sequence[AnchoredQuote], there: Mapping[str, Stored]) -> None:
    """Raise Invalid, with the pointer into the file, for a quote that is `there` and cannot come to its status."""
    for at, quote in enumerate(quotes):
        before = there[quote.id].quote.status if quote.id in there else quote.status
        if quote.status is not before and quote.status not in MOVES[before]:
            raise Invalid.of(Fault(_refused(quote.id, before, quote.status), pointer=f"/quotes/{at}/status"))


def _refused(name: str, before: Status, after: Status) -> str:
    return f"The quote {name} is {before}: it can become {' or '.join(MOVES[before])}, not {after}."
