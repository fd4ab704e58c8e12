"""Who proposed a quote, and what that key may not do alone where publishing takes two people."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from app.errors import Forbidden
from app.store.history import Writer
from app.store.states import Stored
from app.tables.anchored import AnchoredQuote
from app.tables.review import WERE_PUBLIC
from app.tables.words import Status, What


def of(connection: Connection, name: str) -> frozenset[str]:
    """Return who put the quote on the record as a proposal, and who made it one again last."""
    values = {"what": What.QUOTE.value, "name": name, "proposed": Status.PROPOSED.value}
    made = connection.execute(text(_PROPOSED), values).scalars().all()
    return frozenset({*made[:1], *made[-1:]})


_PROPOSED = """
SELECT who FROM change WHERE what = :what AND name = :name AND after ->> 'status' = :proposed
AND (before IS NULL OR before ->> 'status' <> :proposed) ORDER BY version, seq
"""


def prove_publishing(connection: Connection, stored: Stored, after: Status, *, writer: Writer) -> None:
    """Raise Forbidden when who publishes a proposed quote is who proposed it."""
    before = stored.quote
    publishes = (before.status, after) == (Status.PROPOSED, Status.PUBLISHED)
    if publishes and writer.who in of(connection, before.id):
        raise Forbidden(f"The key {writer.who} proposed the quote {before.id}: another person's key has to publish it.")


def prove_change(connection: Connection, before: AnchoredQuote, after: AnchoredQuote, *, writer: Writer) -> None:
    """Raise Forbidden when who proposed a quote changes what it says once another has published it."""
    changed = [name for name, said in _says(before).items() if said != _says(after)[name]]
    if before.status in WERE_PUBLIC and changed and writer.who in of(connection, before.id):
        raise Forbidden(
            f"The key {writer.who} proposed the quote {before.id}, which was published so: another person's key has to "
            f"change its {', '.join(changed)}."
        )


def _says(quote: AnchoredQuote) -> Mapping[str, object]:
    """Return what a reader takes a quote to say: which words, how, and whose."""
    return {
        "content": quote.content,
        "kind": quote.kind,
        "medium": quote.medium,
        "polarity": quote.polarity,
        "speaker": quote.speaker,
    }


def prove_file(
    connection: Connection, quotes: Sequence[AnchoredQuote], there: Mapping[str, Stored], *, writer: Writer
) -> None:
    """Raise Forbidden, naming the place in the file, when a quote of it would be published by its proposer alone, or
    say something else then.

    `there` are the quotes of its source. New and withdrawn is refused too: what was public comes back by one key.
    """
    for at, quote in enumerate(quotes):
        stored = there.get(quote.id)
        if stored is None and quote.status in WERE_PUBLIC:
            raise Forbidden(
                f"/quotes/{at}/status: the key {writer.who} cannot put a new quote on the record as {quote.status}: "
                "import it with `status: proposed`, and another person's key has to publish it."
            )
        if stored is not None:
            try:
                prove_publishing(connection, stored, quote.status, writer=writer)
            except Forbidden as error:
                raise Forbidden(f"/quotes/{at}/status: {error.detail} Leave it `status: proposed` here.") from error
            try:
                prove_change(connection, stored.quote, quote, writer=writer)
            except Forbidden as error:
                raise Forbidden(f"/quotes/{at}: {error.detail}") from error
