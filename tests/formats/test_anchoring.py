"""Anchors: whatever the text and the file, every word that is handed to the store stands where it says."""

import itertools

from hypothesis import HealthCheck, given, settings

from app.formats import records as files
from app.formats.anchoring import anchor
from app.tables.anchored import AnchoredQuote
from app.tables.record import RecordFile
from app.tables.words import Role
from app.text.anchor import fold_lines, quote_id
from tests.conftest import SEED
from tests.formats.generated import records as generated


def holds(quote: AnchoredQuote, text: str, sha256: str) -> None:
    """Hold a quote to what its shape promises."""
    assert all(part.exact == text[part.start : part.end] for part in quote.segments)
    assert all(made.exact == text[made.start : made.end] for made in quote.interventions)
    assert list(quote.segments) == sorted(quote.segments, key=lambda part: (part.start, part.end, part.role))
    content = [(part.start, part.end) for part in quote.segments if part.role is Role.CONTENT]
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(content))
    assert quote.id == quote_id(sha256, content)
    assert quote.text == " … ".join(fold_lines(text[start:end]) for start, end in content)
    assert all(any(start <= made.start and made.end <= end for start, end in content) for made in quote.interventions)
    times = [fold_lines(part.exact) for part in quote.segments if part.role is Role.TIME]
    assert quote.said.as_printed == (" … ".join(times) or None)
    assert (quote.said.edtf is None) == (quote.said.basis.value == "unknown")
    assert not quote.said.earliest or not quote.said.latest or quote.said.earliest <= quote.said.latest


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(record=generated())
def test_every_word_of_any_record_stands_where_it_says(record: RecordFile) -> None:
    (parsed,) = files.read(files.write(record), name="record.yaml")
    found = anchor(parsed, str(record.source.text))

    for quote in found.quotes:
        holds(quote, found.text, found.sha256)
    ids = [quote.id for quote in found.quotes]
    keys = {entry.key: name for entry, name in zip(record.quotes, ids, strict=True)}
    assert [quote.parent for quote in found.quotes] == [keys.get(entry.parent) for entry in record.quotes]
    assert [quote.successor for quote in found.quotes] == [keys.get(entry.successor) for entry in record.quotes]
    assert [(link.source, link.target) for link in found.links] == [
        (keys[link.source], keys[link.target]) for link in record.links
    ]
    assert all(note.target and note.exact == found.text[slice(*note.target)] for note in found.annotations)


def test_every_word_of_the_seed_stands_where_it_says() -> None:
    text = SEED.with_suffix(".txt").read_bytes().decode()
    (parsed,) = files.read(SEED.read_text(encoding="utf-8"), name="seed")
    found = anchor(parsed, text)

    for quote in found.quotes:
        holds(quote, text, found.sha256)


def test_nothing_is_reported_before_it_is_said() -> None:
    """A date that is open or unknown ends on the day of publication."""
    dated = {None: (None, "2025-03-21"), "2025-03-01/..": ("2025-03-01", "2025-03-21"), "../2025": (None, "2025-12-31")}
    head = "format: verbatim-record/1\nsource: {slug: a, title: T, kind: post, language: en, text: yes no so"
    for edtf, (earliest, latest) in dated.items():
        said = f"{{edtf: {edtf}, basis: stated}}" if edtf else "{}"
        content = f"{head}, published: 2025-03-21}}\nquotes: [{{kind: direct, content: [yes], said: {said}}}]\n"
        (parsed,) = files.read(content, name="record.yaml")

        (quote,) = anchor(parsed, "yes no so").quotes

        assert [day and day.isoformat() for day in (quote.said.earliest, quote.said.latest)] == [earliest, latest]


def test_of_a_source_without_a_day_nothing_is_said_too_late() -> None:
    content = (
        "format: verbatim-record/1\nsource: {slug: a, title: T, kind: post, language: en, text: yes no so}\n"
        "quotes: [{kind: direct, content: [yes], said: {edtf: 2026/.., basis: stated}}]\n"
    )
    (parsed,) = files.read(content, name="record.yaml")

    (quote,) = anchor(parsed, "yes no so").quotes

    assert (str(quote.said.earliest), quote.said.latest) == ("2026-01-01", None)
