"""schema.org, as search engines read it in a page: a quote as a Quotation of its speaker, printed in its source.

Only what a speaker is said to have said is a Quotation. A denial, or a report that something was *not* said, is none:
an engine that shows it as one would put words into a mouth. Nor is a report without quotation marks, the words of which
are the reporter's. The whole of a quote is told by formats/jsonld.py.
"""

import json

from pydantic import JsonValue

from app.formats.jsonld import SOURCE_TYPES, SPEAKER_TYPES
from app.tables.columns import day
from app.tables.quote import QuoteWhole
from app.tables.words import Polarity, QuoteKind, Status

_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def quotation(quote: QuoteWhole, base: str) -> str | None:
    """Return the Quotation as JSON that may stand within a script element; None for what is denied or a report."""
    if quote.polarity is not Polarity.ASSERTED or quote.kind is QuoteKind.INDIRECT:
        return None
    source, who = quote.source, quote.speaker
    speaker: JsonValue = None
    if who is not None:
        kind = SPEAKER_TYPES.get(who.kind, "Thing")
        speaker = {"@type": kind, "name": who.name, "url": f"{base}/speakers/{who.slug}"}
    printed = _known(
        {
            "@type": SOURCE_TYPES.get(source.kind, "CreativeWork"),
            "name": source.title,
            "url": source.url or f"{base}/sources/{source.slug}",
            "author": [{"@type": "Person", "name": author} for author in source.authors] or None,
            "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else None,
            "datePublished": day(source.published),
            "inLanguage": source.language,
        }
    )
    about = {topic.slug: topic.label for topic in quote.topics}
    node = _known(
        {
            "@context": "https://schema.org",
            "@type": "Quotation",
            "@id": f"{base}/quotes/{quote.id}",
            "url": f"{base}/quotes/{quote.id}",
            "text": quote.text,
            "creator": speaker,
            "spokenByCharacter": speaker,
            "dateCreated": quote.said.edtf,
            "creativeWorkStatus": "Disputed" if quote.status is Status.DISPUTED else None,
            "inLanguage": source.language,
            "isPartOf": printed,
            "about": [
                {"@type": "DefinedTerm", "name": label, "url": f"{base}/topics/{slug}"} for slug, label in about.items()
            ]
            or None,
        }
    )
    return json.dumps(node, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _known(members: dict[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in members.items() if value is not None}
