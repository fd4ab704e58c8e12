"""Settles which quote of the record each quote of a file is, and under which id a new one goes.

It is the one that has its words now, else the one that has its id: a quote that was corrected to other words has its id
still, while the words that it had may be another quote's.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, text

from app.store.names import free_id
from app.store.states import Stored
from app.tables.anchored import AnchoredQuote, AnchoredRecord
from app.tables.words import What
from app.text.anchor import quote_id


def settle(connection: Connection, record: AnchoredRecord, there: Iterable[Stored]) -> AnchoredRecord:
    """Return the record with the ids that its quotes have on the record, or get there, wherever it names them.

    `there` are the quotes of its source. A new quote gets the id that the file says, else the one that its words make,
    else the next one that is free.
    """
    known = {stored.quote.content: stored.quote.id for stored in there}
    names = {quote.id: known[quote.content] for quote in record.quotes if quote.content in known}
    left = frozenset(known.values()).difference(names.values())
    names |= {quote.id: quote.id for quote in record.quotes if quote.id in left and quote.id not in names}
    names |= _new_names(connection, record.sha256, [quote for quote in record.quotes if quote.id not in names])
    if all(name == settled for name, settled in names.items()):
        return record
    return record._replace(
        quotes=tuple(_named(quote, names) for quote in record.quotes),
        links=tuple(
            link._replace(source=names.get(link.source, link.source), target=names.get(link.target, link.target))
            for link in record.links
        ),
    )


def _new_names(connection: Connection, sha256: str, new: Sequence[AnchoredQuote]) -> dict[str, str]:
    wanted = json.dumps([quote.id for quote in new])
    # One statement for a file of thousands: of their ids, hardly any is taken.
    taken = frozenset(connection.execute(text(_TAKEN), {"ids": wanted}).scalars())
    names = {quote.id: quote.id for quote in new if quote.id not in taken}
    for quote in new:
        if quote.id in taken:
            made = quote_id(sha256, quote.content)
            names[quote.id] = free_id(connection, What.QUOTE, made, but=frozenset(names.values()))
    return names


_TAKEN = "SELECT id FROM quote WHERE id IN (SELECT value FROM json_each(:ids))"


def _named(quote: AnchoredQuote, names: Mapping[str, str]) -> AnchoredQuote:
    parent = None if quote.parent is None else names.get(quote.parent, quote.parent)
    successor = None if quote.successor is None else names.get(quote.successor, quote.successor)
    return quote._replace(id=names[quote.id], parent=parent, successor=successor)
