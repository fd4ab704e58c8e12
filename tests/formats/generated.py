"""Record files made by hypothesis: any text, with quotes cut from it."""

from datetime import date
from functools import lru_cache

from hypothesis import strategies as st

from app.errors import Invalid
from app.tables.record import (
    AddresseeEntry,
    CueEntry,
    InterventionEntry,
    LinkEntry,
    Located,
    NameEntry,
    NoteEntry,
    QuoteEntry,
    RecordFile,
    RoleEntry,
    SaidEntry,
    Selector,
    SourceEntry,
    SpanNoteEntry,
    SpeakerEntry,
    TopicEntry,
    TopicStanceEntry,
    VenueEntry,
)
from app.tables.review import NEEDS_REASON, WERE_PUBLIC
from app.tables.words import (
    Access,
    Basis,
    BodyFormat,
    InterventionKind,
    Medium,
    Motivation,
    Polarity,
    QuoteKind,
    Relation,
    SourceKind,
    SpeakerKind,
    Stance,
    Status,
    VenueKind,
)
from app.text import borders, legible
from app.text.dates import bounds

Span = tuple[int, int]

# What YAML could take for something else, next to any other character that a text of the record can hold.
TRICKY = "ab \n\r\t\x85\u2028\u2029\ufeff\u00a0\x01\x7f\x9f\u0301😀𝔄\U0010ffff\ufffe'\"“”‘’:#-?{}[],&*!|>%@`\\~=<…"
characters = st.sampled_from(TRICKY) | st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.text(characters, min_size=1, max_size=50)
yaml_words = st.sampled_from(
    [
        "null",
        "~",
        "no",
        "true",
        "2015",
        "0x1F",
        "1e3",
        "2025-03-21",
        "12:30:45",
        "- a",
        "a: b",
        "# a",
        "=",
        "<<",
        ".inf",
    ]
)
prose = yaml_words | st.text(characters, min_size=1, max_size=30).filter(legible.is_seen)


def _is_line(words: str) -> bool:
    try:
        legible.prove(words)
    except Invalid:
        return False
    return True


seen = st.sampled_from([mark for mark in TRICKY if _is_line(f"a{mark}a")]) | st.characters(
    exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]
).filter(lambda mark: _is_line(f"a{mark}a"))
lines = yaml_words | st.text(seen, min_size=1, max_size=30).map(lambda words: words.strip() or "a")
slugs = st.from_regex(r"\A[a-z0-9]{1,6}(-[a-z0-9]{1,4})?\Z")
dates = st.sampled_from(
    [
        "2025-03-02",
        "2025-03",
        "2024",
        "2025-02-24?",
        "201X",
        "2025-22",
        "../2025-03-02",
        "2025-01-01/..",
        "2023/2025-02~",
    ]
)


LONGEST = 12


@lru_cache(maxsize=1024)
def whole(text: str) -> tuple[Span, ...]:
    """Return every span of the text, up to LONGEST, that can be quoted: of whole words, with nothing around them."""
    return tuple(
        (start, end)
        for start in range(len(text))
        if borders.may_begin(text, start)
        for end in range(start + 1, min(len(text), start + LONGEST) + 1)
        if borders.may_end(text, end)
        and text[start:end] == text[start:end].strip()
        and not borders.is_enclosed(text[start:end])
    )


def places(text: str, exact: str) -> list[int]:
    """Return where quotable words begin."""
    return [start for start, end in whole(text) if text[start:end] == exact]


def selector(text: str, span: Span) -> Selector:
    """Return the words of the span; where they stand more than once, with which of them is meant."""
    start, end = span
    exact = text[start:end]
    found = places(text, exact)
    return exact if len(found) == 1 else Located(exact=exact, occurrence=found.index(start) + 1)


def selectors(text: str, most: int = 2) -> st.SearchStrategy[list[Selector]]:
    return st.lists(st.sampled_from(whole(text)).map(lambda span: selector(text, span)), max_size=most)


@st.composite
def apart(draw: st.DrawFn, text: str) -> list[Span]:
    """Return spans that do not overlap, in order."""
    first = draw(st.sampled_from(whole(text)))
    later = [span for span in whole(text) if span[0] >= first[1]]
    more = draw(st.lists(st.sampled_from(later), max_size=1)) if later else []
    return [first, *more]


def notes(format: BodyFormat | None = None) -> st.SearchStrategy[list[NoteEntry]]:
    def of(motivation: Motivation) -> st.SearchStrategy[NoteEntry]:
        return st.builds(
            NoteEntry,
            motivation=st.just(motivation),
            body=st.none() | prose if motivation is Motivation.HIGHLIGHTING else prose,
            format=st.sampled_from(BodyFormat),
            creator=st.none() | st.sampled_from(["A", "B"]),
        )

    one = st.sampled_from(Motivation).flatmap(of)
    return st.lists(one, max_size=2, unique_by=lambda note: (note.motivation, note.body))


@st.composite
def printed(draw: st.DrawFn, text: str) -> dict[str, object]:
    """Return the fields of words that may be printed in several places, or in none."""
    words = draw(selectors(text, 3))
    if not words:
        return {}
    first = Located(exact=words[0]) if isinstance(words[0], str) else words[0]
    return {"exact": first.exact, "occurrence": first.occurrence, "also": words[1:]}


@st.composite
def quotes(
    draw: st.DrawFn, source: SourceEntry, content: list[Span], names: list[str], topics: list[str]
) -> QuoteEntry:
    text = str(source.text)
    edtf = draw(st.none() | dates.filter(lambda edtf: not _begins_after(edtf, source.published)))
    begin, end = content[0]
    changed = draw(st.sampled_from([span for span in whole(text) if begin <= span[0] and span[1] <= end]))
    stance = draw(st.none() | st.sampled_from(Stance))
    return QuoteEntry(
        kind=draw(st.sampled_from(QuoteKind)),
        medium=draw(st.sampled_from(Medium)),
        polarity=draw(st.sampled_from(Polarity)),
        status=(status := draw(st.sampled_from(Status))),
        reason=draw(prose) if status in NEEDS_REASON else None,
        speaker=draw(st.none() | st.sampled_from(names)),
        content=[selector(text, span) for span in content],
        mention=draw(selectors(text)),
        cue=CueEntry.model_validate({"lemma": draw(st.none() | lines), **draw(printed(text))}),
        addressee=AddresseeEntry.model_validate({"name": draw(st.none() | lines), **draw(printed(text))}),
        venue=draw(st.none() | st.builds(VenueEntry, name=lines, kind=st.none() | st.sampled_from(VenueKind))),
        said=SaidEntry(
            edtf=edtf,
            basis=draw(st.sampled_from([Basis.STATED, Basis.RESOLVED, Basis.INFERRED])) if edtf else Basis.UNKNOWN,
            as_printed=draw(selectors(text)),
            note=draw(st.none() | prose),
        ),
        interventions=draw(
            st.sampled_from([[], [_intervention(text, changed, kind) for kind in list(InterventionKind)[:2]]])
        ),
        topics=[
            TopicStanceEntry(topic=topic, stance=stance, proposition=proposition if stance else None)
            for topic, proposition in draw(
                st.lists(
                    st.tuples(st.sampled_from(topics), prose),
                    max_size=2,
                    unique_by=lambda pair: pair if stance else pair[0],
                )
            )
        ],
        annotations=draw(notes()),
    )


def _begins_after(edtf: str, day: date | None) -> bool:
    earliest = bounds(edtf).earliest
    return day is not None and earliest is not None and earliest > day


def _intervention(text: str, span: Span, kind: InterventionKind) -> InterventionEntry:
    words = selector(text, span)
    located = Located(exact=words) if isinstance(words, str) else words
    return InterventionEntry(kind=kind, exact=located.exact, occurrence=located.occurrence)


@st.composite
def records(draw: st.DrawFn) -> RecordFile:
    """Return a record file that is good: whatever its text, its quotes are cut from it."""
    source = draw(sources(draw(texts)))
    text = str(source.text)
    names = draw(st.lists(slugs, min_size=1, max_size=3, unique=True))
    topics = draw(st.lists(slugs, min_size=1, max_size=4, unique=True))
    contents = draw(st.lists(apart(text), max_size=4, unique_by=tuple)) if whole(text) else []
    entries = [draw(quotes(source, content, names, topics)) for content in contents]
    keyed = [entry.model_copy(update={"key": f"q{at}"}) for at, entry in enumerate(entries)]
    nested = [
        entry.model_copy(update={"parent": f"q{draw(st.integers(0, at - 1))}"}) if at and draw(st.booleans()) else entry
        for at, entry in enumerate(keyed)
    ]
    succeeded = [
        entry.model_copy(update={"successor": draw(successors(nested, entry))})
        if entry.status is Status.WITHDRAWN
        else entry
        for entry in nested
    ]
    return RecordFile(
        format="verbatim-record/1",
        creator=draw(lines),
        source=source,
        topics=[
            TopicEntry(
                slug=slug,
                label=draw(lines),
                description=draw(st.none() | prose),
                broader=draw(st.sampled_from([None, *topics[:at]])),
                labels=draw(st.lists(lines, max_size=2)),
            )
            for at, slug in enumerate(topics)
        ],
        speakers=[draw(speakers(slug, text)) for slug in names],
        quotes=succeeded,
        links=draw(links(len(nested))),
        annotations=[
            SpanNoteEntry(**dict(note), target=selector(text, draw(st.sampled_from(whole(text)))))
            for note in (draw(notes()) if whole(text) else [])
        ],
    )


def successors(quotes: list[QuoteEntry], withdrawn: QuoteEntry) -> st.SearchStrategy[str | None]:
    """Return the key of another quote that is or was public, or none."""
    others = [quote.key for quote in quotes if quote.status in WERE_PUBLIC and quote.key != withdrawn.key]
    return st.sampled_from([None, *others])


def sources(text: str) -> st.SearchStrategy[SourceEntry]:
    return st.builds(
        SourceEntry,
        slug=slugs,
        title=lines,
        title_devised=st.booleans(),
        kind=st.sampled_from(SourceKind),
        publisher=st.none() | lines,
        authors=st.lists(lines, max_size=2),
        url=st.none() | st.just("https://example.org/a?b=c#d"),
        published=st.none() | st.dates(date(2024, 1, 1), date(2026, 1, 1)),
        language=st.sampled_from(["en", "fa", "zh-Hant", "no"]),
        rights=st.none() | lines,
        access=st.sampled_from(Access),
        complete=st.booleans(),
        note=st.none() | prose,
        text=st.just(text),
    )


def speakers(slug: str, text: str) -> st.SearchStrategy[SpeakerEntry]:
    role = st.builds(
        RoleEntry, title=lines, organization=st.none() | lines, start=st.none() | dates, end=st.none() | dates
    ).filter(lambda held: not (held.start and held.end and _begins_after(held.start, bounds(held.end).latest)))
    languages = st.none() | st.sampled_from(["en", "no"])
    name = st.builds(NameEntry, name=lines, language=languages, printed=st.just(False))
    printed_names = [words for span in whole(text) if _is_line(words := " ".join(text[slice(*span)].split()))]
    if printed_names:
        name |= st.builds(NameEntry, name=st.sampled_from(printed_names), language=languages)
    return st.builds(
        SpeakerEntry,
        slug=st.just(slug),
        name=lines,
        kind=st.sampled_from(SpeakerKind),
        description=st.none() | prose,
        wikidata=st.none() | st.just("Q42"),
        names=st.lists(name, max_size=3, unique_by=lambda entry: entry.name),
        roles=st.lists(role, max_size=2, unique_by=lambda entry: entry.title),
    )


@st.composite
def links(draw: st.DrawFn, quotes: int) -> list[LinkEntry]:
    pairs = [(one, other) for one in range(quotes) for other in range(quotes) if one != other]
    if not pairs:
        return []
    return [
        LinkEntry(
            source=f"q{one}",
            target=f"q{other}",
            relation=draw(st.sampled_from(Relation)),
            rationale=draw(prose),
            asserted_by=draw(st.none() | st.just("B")),
        )
        for one, other in draw(st.lists(st.sampled_from(pairs), max_size=3, unique=True))
    ]
