"""Which quotes a claim is compared with: the right ones, whatever else the record holds and in whatever order."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from app.formats import records as files
from app.formats.anchoring import anchor as anchored
from app.settings import ROOT
from app.store import candidates, claims, records
from app.store.claims import Verifier
from app.tables.anchored import AnchoredRecord
from app.tables.claim import Claim, VerdictRead
from app.tables.db import Database
from app.tables.record import SourceEntry
from app.tables.words import SourceKind
from app.text.anchor import Span
from tests.store.builders import WRITER, Printed, copied, speakers

ARTICLE = (ROOT / "seed" / "article-2025-03-21.txt").read_text(encoding="utf-8")


def of_sentences(slug: str, sentences: Sequence[str]) -> Printed:
    """Return a source of these sentences, each of which can be quoted."""
    whole = "\n".join(sentences)
    starts = [sum(len(part) + 1 for part in sentences[:at]) for at in range(len(sentences))]
    entry = SourceEntry(slug=slug, title=slug, kind=SourceKind.ARTICLE, language="en", text=whole)
    return Printed(entry, whole, tuple(Span(at, at + len(part)) for at, part in zip(starts, sentences, strict=True)))


def put(database: Database, *made: AnchoredRecord) -> None:
    with database.writing() as session:
        for record in made:
            records.put(session, record, writer=WRITER)


def ask(database: Database, text: str, speaker: str | None = None) -> VerdictRead:
    answer = Verifier().verify(database.reader(), Claim(text=text, speaker=speaker))
    return VerdictRead.model_validate_json(answer)


def spoken_by(answer: VerdictRead) -> str | None:
    speaker = answer.matches[0].quote.speaker
    return speaker.slug if speaker else None


def test_words_that_many_said_are_found_for_each_of_them(empty: Database) -> None:
    names = [f"person-{number}" for number in range(60)]
    sources = [of_sentences(f"source-{name}", ["No comment.", f"So said {name}."]) for name in names]
    put(empty, *(s.record([s.quote(0, speaker=n)], speakers=speakers(n)) for s, n in zip(sources, names, strict=True)))
    for name in names:
        answer = ask(empty, "No comment.", name)
        assert (answer.verdict, spoken_by(answer)) == ("verbatim", name)
        part = ask(empty, "no comment", name)
        assert (part.verdict, spoken_by(part)) == ("normalised", name)


@pytest.fixture
def crowded(seeded: Database) -> Database:
    """The seeded record with a dozen long transcripts that hold every word of the article, in no order."""
    words = re.findall(r"[^\W_]+", ARTICLE)
    chance = random.Random("long")
    for number in range(12):
        told = " ".join(word for _ in range(8) for word in chance.sample(words, len(words)))
        source = of_sentences(f"transcript-{number}", [told])
        put(seeded, source.record([source.quote(0, speaker=f"talker-{number}")], speakers=speakers(f"talker-{number}")))
    return seeded


def seeded_quotes() -> list[tuple[str, str, str]]:
    """Return id, text and speaker of the seed's quotes that are direct and are asserted."""
    path = ROOT / "seed" / "article-2025-03-21.yaml"
    (parsed,) = files.read(path.read_text(encoding="utf-8"), name=str(path))
    made = anchored(parsed, ARTICLE)
    return [
        (quote.id, quote.text, quote.speaker)
        for quote in made.quotes
        if quote.kind == "direct" and quote.polarity == "asserted" and quote.speaker
    ]


def test_long_quotes_that_hold_every_word_do_not_hide_the_right_one(crowded: Database) -> None:
    for name, text, speaker in seeded_quotes():
        answer = ask(crowded, text, speaker)
        assert (answer.verdict, answer.matches[0].quote.id) == ("verbatim", name)
        words = text.split()
        if len(words) < 8:
            continue
        changed = " ".join([*words[:3], "zebra", *words[4:]])
        altered = ask(crowded, changed)
        assert (altered.verdict, altered.matches[0].quote.id) == ("altered", name)
        middle = " ".join(words[1:-1])
        assert name in [match.quote.id for match in ask(crowded, middle).matches]


def test_a_claim_of_common_words_alone_is_found_as_it_stands(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "MOST_POSTINGS", 5)
    monkeypatch.setattr(claims, "MOST_POSTINGS", 5)
    sentences = [f"we have to be there on day {number}" for number in range(9)]
    source = of_sentences("source-a", [*sentences, "to be there we have no time"])
    put(empty, source.record([source.quote(number) for number in range(10)]))
    assert ask(empty, "to be there we have").matches[0].quote.text == "to be there we have no time"
    assert ask(empty, "we have to be there").verdict == "fragment"


def test_no_answer_depends_on_the_order_of_the_record(empty_template: Path, tmp_path: Path) -> None:
    chance = random.Random("order")
    words = re.findall(r"\w+", "we will cut the tax on bread and open a road to the old harbour next year")
    sources = [
        of_sentences(f"source-{number}", [" ".join(chance.sample(words, 9)), "we will cut the tax", f"No. {number}"])
        for number in range(50)
    ]
    made = [source.record([source.quote(0), source.quote(1)]) for source in sources]
    answers = []
    for name, order in (("one", made), ("other", made[::-1])):
        with copied(empty_template, tmp_path / f"{name}.db") as database:
            put(database, *order)
            claims = [
                "we will cut the tax",
                "cut the tax on bread",
                "open a road",
                "we will not cut the old tax on roads",
            ]
            answers.append([ask(database, claim) for claim in claims])
    assert answers[0] == answers[1]
