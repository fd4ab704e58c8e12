"""Spellings: which names of a speaker a source prints.

A name is printed when its own source's text has it, so each record file proves its own; that another source prints it
is known from that one's file. An export says of each source what that source prints, and so comes back anywhere.
"""

from sqlalchemy import Connection

from app.errors import Fault, Invalid
from app.store import states
from app.tables.anchored import AnchoredRecord
from app.tables.record import SpeakerEntry
from app.text import anchor as anchors


def prove(connection: Connection, record: AnchoredRecord) -> None:
    """Raise Invalid for a name that the file calls printed, and neither its text nor a source on the record prints."""
    folded = _folded(record.text)
    stored = states.speakers(connection, [entry.slug for entry in record.speakers])
    known = {(entry.slug, name.name) for _, _, entry in stored for name in entry.names if name.printed}
    for at, entry in enumerate(record.speakers):
        for place, name in enumerate(entry.names):
            if name.printed and (entry.slug, name.name) not in known and not _stands(name.name, folded):
                detail = (
                    f"“{name.name}” does not stand in the text, and no source on the record is known to print it: "
                    "say `printed: false`."
                )
                raise Invalid.of(Fault(detail, pointer=f"/speakers/{at}/names/{place}"))


def printed_by(text: str, entry: SpeakerEntry) -> SpeakerEntry:
    """Return the entry with those of its names called printed that this text prints."""
    folded = _folded(text)
    names = [name.model_copy(update={"printed": name.printed and _stands(name.name, folded)}) for name in entry.names]
    return entry.model_copy(update={"names": names})


def _folded(words: str) -> str:
    return " ".join(words.split())


def _stands(name: str, folded: str) -> bool:
    words = _folded(name)
    return bool(words) and bool(anchors.places(folded, words))
