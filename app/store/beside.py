"""What stands beside a quote or a source in its document: notes and links.

Expressions whose value is JSON, as in documents.py.
"""

from sqlalchemy import Select, func, literal_column, null, select
from sqlalchemy.sql.selectable import NamedFromClause

from app.store.documents import QUOTE, SOURCE, SPEAKER, Json, array, brief_quote, document, word
from app.tables import Annotation, Link
from app.tables.columns import Expression, table


def annotations() -> Json:
    """Return the notes on QUOTE, oldest first."""
    note = table(Annotation).alias("note")
    rows = (
        select(document(annotation_fields(note, QUOTE.c.id)).label("document"))
        .where(note.c.quote == QUOTE.c.seq)
        .order_by(note.c.seq)
        .correlate(QUOTE, SOURCE)
    )
    return array(rows)


def source_annotations() -> Json:
    """Return the notes on spans of SOURCE, in reading order."""
    note = table(Annotation).alias("note")
    rows = (
        select(document(annotation_fields(note, null())).label("document"))
        .where(note.c.source == SOURCE.c.seq)
        .order_by(note.c.start, note.c.end, note.c.seq)
        .correlate(SOURCE)
    )
    return array(rows)


def annotation_fields(note: NamedFromClause, quote_id: Expression) -> dict[str, Expression]:
    """Return the fields of a note on the quote of that id, or with null on a span of SOURCE."""
    target = {"start": note.c.start, "end": note.c.end, "exact": note.c.exact}
    return {
        "id": note.c.id,
        "target": document({"quote": quote_id, "source": SOURCE.c.slug} | target),
        "motivation": note.c.motivation,
        "body": func.nullif(note.c.body, literal_column("''")),
        **{name: note.c[name] for name in ("format", "creator", "created", "modified")},
    }


def links() -> Json:
    """Return QUOTE's relations to public quotes: outgoing ones first, then in order of the other quote's id."""
    return array(
        select(literal_column("document"))
        .select_from(_links("outgoing").union_all(_links("incoming")).subquery("both_ways"))
        .order_by(literal_column("direction DESC"), literal_column("other"), literal_column("relation"))
    )


def _links(direction: str) -> Select[tuple[str, str, str, str]]:
    link = table(Link).alias(f"{direction}_link")
    other, speaker = QUOTE.alias(f"{direction}_quote"), SPEAKER.alias(f"{direction}_speaker")
    here, there = link.c.from_quote, link.c.to_quote
    if direction == "incoming":
        here, there = there, here
    fields = {
        "id": link.c.id,
        "relation": link.c.relation,
        "direction": word(direction),
        "quote": brief_quote(other, speaker),
        "rationale": link.c.rationale,
        "asserted_by": link.c.asserted_by,
        "created": link.c.created,
    }
    return (
        select(
            document(fields).label("document"),
            word(direction).label("direction"),
            other.c.id.label("other"),
            link.c.relation.label("relation"),
        )
        .select_from(link.join(other, other.c.seq == there).outerjoin(speaker, speaker.c.seq == other.c.speaker))
        .where(here == QUOTE.c.seq, other.c.public == literal_column("1"))
        .correlate(QUOTE)
    )
