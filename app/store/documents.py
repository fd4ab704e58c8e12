"""JSON documents built inside the database: the one place that knows how SQLite builds them.

Each function returns an expression whose value is JSON. `document` takes the fields in the order in which they are
served; the order of fields is part of an answer's bytes, and so of its ETag.
"""

from collections.abc import Mapping

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    String,
    TableValuedAlias,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
)
from sqlalchemy.sql.selectable import NamedFromClause

from app.tables import (
    Intervention,
    Quote,
    QuoteTopic,
    Segment,
    Source,
    Speaker,
    Topic,
)
from app.tables.columns import Expression, table
from app.tables.words import Role
from app.text.anchor import CONTEXT

Json = ColumnElement[str]

QUOTE = table(Quote)
SOURCE = table(Source)
SPEAKER = table(Speaker)
TOPIC = table(Topic)
SEGMENT = table(Segment)
PARENT = QUOTE.alias("parent")


def document(fields: Mapping[str, Expression]) -> Json:
    """Return a JSON object of these fields, in this order."""
    pairs = [part for name, value in fields.items() for part in (word(name), value)]
    return func.json_object(*pairs)


def array(rows: Select[str]) -> Json:
    """Return a JSON array of the rows of a select whose one column, labelled `document`, is JSON."""
    inner = rows.subquery()
    # json(): newer SQLite forgets that a subquery's text is JSON, and would serve it as a string.
    listed = select(func.json_group_array(func.json(inner.c.document)))
    return func.json(listed.scalar_subquery())


def boolean(condition: ColumnElement[bool]) -> Json:
    """Return JSON true or false."""
    return func.json(case((condition, "true"), else_="false"))


def raw(column: ColumnElement[str]) -> Json:
    """Return a column that holds JSON already."""
    return func.json(column)


def or_null(condition: ColumnElement[bool], value: Json) -> Json:
    """Return the document where the condition holds, else JSON null."""
    return case((condition, value), else_=null())


def path(prefix: str, name: ColumnElement[str]) -> ColumnElement[str]:
    """Return the API's path of a thing: the prefix and its name."""
    return word(prefix).concat(name)


def word(value: str) -> ColumnElement[str]:
    """Return a word of ours as SQL has it."""
    # Constants of ours stand in the SQL itself: a bound parameter for each key would cost more than the document.
    return literal_column("'" + value.replace("'", "''") + "'", String)


def brief_source(source: FromClause = SOURCE) -> Json:
    return document({name: source.c[name] for name in ("slug", "title", "publisher", "published")})


def cited_source(source: FromClause = SOURCE) -> Json:
    """Return the source with what a citation of it says."""
    names = ("slug", "title", "publisher", "published", "kind", "authors", "url", "language", "sha256")
    return document({name: raw(source.c[name]) if name == "authors" else source.c[name] for name in names})


def brief_speaker(speaker: FromClause = SPEAKER) -> Json:
    return document({name: speaker.c[name] for name in ("slug", "name", "kind")})


def said(quote: FromClause = QUOTE) -> Json:
    names = ("edtf", "earliest", "latest", "basis", "as_printed", "note")
    return document({name: quote.c[f"said_{name}"] for name in names})


def brief_quote(quote: NamedFromClause, speaker: NamedFromClause) -> Json:
    """Return a quote as another one names it."""
    return document(
        {
            "id": quote.c.id,
            "url": path("/v1/quotes/", quote.c.id),
            "text": quote.c.text,
            "speaker": speaker.c.slug,
            "polarity": quote.c.polarity,
        }
    )


def quote_fields() -> dict[str, Expression]:
    """Return the fields of a quote as lists serve it, from QUOTE joined with SOURCE, SPEAKER and PARENT."""
    q = QUOTE.c
    return {
        "id": q.id,
        "url": path("/v1/quotes/", q.id),
        "text": q.text,
        "kind": q.kind,
        "medium": q.medium,
        "polarity": q.polarity,
        "speaker": or_null(q.speaker.is_not(None), _quote_speaker()),
        "said": said(),
        "venue": or_null(
            q.venue_name.is_not(None) | q.venue_kind.is_not(None),
            document({"name": q.venue_name, "kind": q.venue_kind}),
        ),
        "addressee": q.addressee,
        "cue": q.cue,
        "topics": _topics(),
        "source": brief_source(),
        "content": content(),
        "parent": shown_parent(),
        "status": q.status,
        "version": q.version,
    }


def shown_parent() -> Expression:
    """Return the id of the quote in which QUOTE is nested. A public quote does not name one that is not."""
    return case((or_(PARENT.c.public == literal_column("1"), QUOTE.c.public == literal_column("0")), PARENT.c.id))


def cited_fields() -> dict[str, Expression]:
    """Return the fields of a quote with its evidence, and with what a citation says of its source."""
    return quote_fields() | {
        "source": cited_source(),
        "segments": segments(),
        "created": QUOTE.c.created,
        "updated": QUOTE.c.updated,
    }


def joined(page: FromClause, number: ColumnElement[int]) -> FromClause:
    """Join to a page of numbers of quotes what `quote_fields` reads."""
    return (
        page.join(QUOTE, QUOTE.c.seq == number)
        .join(SOURCE, SOURCE.c.seq == QUOTE.c.source)
        .outerjoin(SPEAKER, SPEAKER.c.seq == QUOTE.c.speaker)
        .outerjoin(PARENT, PARENT.c.seq == QUOTE.c.parent)
    )


def given(name: str) -> TableValuedAlias:
    """Return the rows of a parameter that is a JSON array: each `value` with its place, `key`."""
    return func.json_each(bindparam(name, required=False)).table_valued("key", "value", name=name)


def quote_asked() -> FromClause:
    """Return the number, `seq`, of the quote whose id is parameter `id`."""
    return select(QUOTE.c.seq.label("seq")).where(QUOTE.c.id == bindparam("id", required=False)).subquery("asked")


def _quote_speaker() -> Json:
    part = SEGMENT.alias("mention")
    printed = (
        select(part.c.exact)
        .where(part.c.quote == QUOTE.c.seq, part.c.role == word(Role.SPEAKER))
        .order_by(part.c.ordinal)
        .limit(literal_column("1"))
        .scalar_subquery()
    )
    fields = {name: SPEAKER.c[name] for name in ("slug", "name", "kind")}
    return document({**fields, "as_printed": printed})


def _topics() -> Json:
    about, topic = table(QuoteTopic).alias("about"), TOPIC.alias("about_topic")
    fields = {
        "slug": topic.c.slug,
        "label": topic.c.label,
        "stance": about.c.stance,
        "proposition": about.c.proposition,
    }
    rows = (
        select(document(fields).label("document"))
        .select_from(about.join(topic, topic.c.seq == about.c.topic))
        .where(about.c.quote == QUOTE.c.seq)
        .order_by(about.c.ordinal)
        .correlate(QUOTE)
    )
    return array(rows)


def content() -> Json:
    """Return where QUOTE's words stand, in reading order."""
    part = SEGMENT.alias("part")
    rows = (
        select(document({"start": part.c.start, "end": part.c.end}).label("document"))
        .where(part.c.quote == QUOTE.c.seq, part.c.role == word(Role.CONTENT))
        .order_by(part.c.ordinal)
        .correlate(QUOTE)
    )
    return array(rows)


def segments() -> Json:
    """Return every segment of QUOTE with its context in SOURCE, in reading order."""
    part = SEGMENT.alias("segment_part")
    start, end = part.c.start, part.c.end
    before = case((start < CONTEXT, start), else_=CONTEXT)
    fields = {
        "role": part.c.role,
        "start": start,
        "end": end,
        "exact": part.c.exact,
        "prefix": func.substr(SOURCE.c.text, start - before + 1, before),
        "suffix": func.substr(SOURCE.c.text, end + 1, CONTEXT),
    }
    rows = (
        select(document(fields).label("document"))
        .where(part.c.quote == QUOTE.c.seq)
        .order_by(part.c.ordinal)
        .correlate(QUOTE, SOURCE)
    )
    return array(rows)


def interventions() -> Json:
    """Return what editors did inside QUOTE, in reading order."""
    made = table(Intervention).alias("made")
    fields = {name: made.c[name] for name in ("kind", "start", "end", "exact")}
    rows = (
        select(document(fields).label("document"))
        .where(made.c.quote == QUOTE.c.seq)
        .order_by(made.c.ordinal)
        .correlate(QUOTE)
    )
    return array(rows)


def nested() -> Json:
    """Return the public quotes nested in QUOTE, in reading order."""
    child, speaker = QUOTE.alias("child"), SPEAKER.alias("child_speaker")
    rows = (
        select(brief_quote(child, speaker).label("document"))
        .select_from(child.outerjoin(speaker, speaker.c.seq == child.c.speaker))
        .where(child.c.parent == QUOTE.c.seq, child.c.public == literal_column("1"))
        .order_by(child.c.position, child.c.id)
        .correlate(QUOTE)
    )
    return array(rows)
