"""Words of every script are found as they are written, in searches and by claims, however the record writes them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.store import quotes, ranking, records
from app.store.claims import Verifier
from app.tables.anchored import AnchoredQuote
from app.tables.claim import Claim, VerdictRead
from app.tables.db import Database
from app.tables.filter import QuoteFilter, Sort
from app.tables.record import NameEntry, SourceEntry, SpeakerEntry
from app.tables.words import SourceKind, SpeakerKind
from app.text import anchor, compare
from app.text.compare import Likeness
from app.text.query import wording
from tests.store.builders import WRITER, Printed, copied

SENTENCES = [
    "Die Straße ist gesperrt.",
    "Российский посол ещё не приехал.",
    "Україна їде далі.",
    "آمریکا مذاکره نمی‌کند.",
    "السؤال عن الأمن مطروح.",
    "מה שנאמר הוא שָׁלוֹם.",
    "Ο λόγος τους είναι σαφής.",
    "がんばるのはパリです。",
    "한국어 번역이 필요하다.",
    "हिन्दी में कहा गया।",
    "我们不会谈判。",
    "เราจะไม่เจรจากับเขา",
    "Ｆｕｌｌｗｉｄｔｈ ｓｐｅｅｃｈ everywhere.",
    "The ﬁnal offer stands.",
    "Łódź and smørrebrød, naïve œuvre, İstanbul.",
    "Half is ½ of it, or 10² units.",
]
WORDS = [
    *(
        "Straße",
        "STRASSE",
        "Российский",
        "еще",
        "Україна",
        "آمریکا",
        "السؤال",
        "שלום",
        "λόγος",
        "ΛΟΓΟΣ",
        "がんばる",
        "パリ",
    ),
    *(
        "한국어",
        "हिन्दी",
        "谈判",
        "我们",
        "เจรจา",
        "Fullwidth",
        "final",
        "ﬁnal",
        "Łódź",
        "smørrebrød",
        "naive",
        "œuvre",
        "½",
        "10²",
    ),
]
NAMES = {"sergei-lavrov": "Сергей Лавров", "max-gross": "Max Groß", "ai-weiwei": "艾未未", "omar": "مُحَمَّد عمر"}


WHOLE = " ".join(SENTENCES)
STARTS = [WHOLE.index(sentence) for sentence in SENTENCES]
SOURCE = Printed(
    SourceEntry(slug="scripts", title="Scripts", kind=SourceKind.ARTICLE, language="mul", text=WHOLE),
    WHOLE,
    tuple(anchor.Span(at, at + len(sentence)) for at, sentence in zip(STARTS, SENTENCES, strict=True)),
)
QUOTES = [SOURCE.quote(number) for number in range(len(SENTENCES))]


def _spoken(slug: str) -> AnchoredQuote:
    return QUOTES[list(NAMES).index(slug)]._replace(speaker=slug)


@pytest.fixture(scope="module")
def scripts(empty_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """A record of one sentence in each script, the first of them by speakers whose names are written in several."""
    speakers = [
        SpeakerEntry(slug=slug, name=name, kind=SpeakerKind.PERSON, names=[NameEntry(name=name, printed=False)])
        for slug, name in NAMES.items()
    ]
    said = [_spoken(name) for name in NAMES]
    with copied(empty_template, tmp_path_factory.mktemp("scripts") / "scripts.db") as database:
        with database.writing() as session:
            records.put(session, SOURCE.record([*said, *QUOTES[len(said) :]], speakers=speakers), writer=WRITER)
        yield database


def _found(database: Database, query: str) -> list[str]:
    reader = database.reader()
    return ranking.plan(reader, QuoteFilter(q=query)).run(reader).items


@pytest.mark.parametrize("word", WORDS)
def test_a_word_is_found_in_every_script(scripts: Database, word: str) -> None:
    assert len(_found(scripts, word)) == 1
    reader = scripts.reader()
    assert quotes.plan(reader, QuoteFilter(q=word, sort=Sort.SAID_DESC)).run(reader).total.number == 1


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_whole_quote_is_verbatim_in_every_script(scripts: Database, sentence: str) -> None:
    answer = VerdictRead.model_validate_json(Verifier().verify(scripts.reader(), Claim(text=sentence)))
    assert (answer.verdict, answer.matches[0].quote.text) == ("verbatim", sentence)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("我们谈判", "altered"), ("会谈判", "fragment"), ("เจรจากับเขา", "fragment"), ("เราจะเจรจากับเขา", "altered")],
)
def test_a_part_of_what_has_no_spaces_is_found(scripts: Database, claim: str, verdict: str) -> None:
    answer = VerdictRead.model_validate_json(Verifier().verify(scripts.reader(), Claim(text=claim)))
    assert answer.verdict == verdict


@pytest.mark.parametrize(("slug", "name"), NAMES.items(), ids=NAMES)
def test_a_speaker_is_known_by_a_name_in_every_script(scripts: Database, slug: str, name: str) -> None:
    quote = _spoken(slug)
    answer = VerdictRead.model_validate_json(Verifier().verify(scripts.reader(), Claim(text=quote.text, speaker=name)))
    assert answer.verdict == "verbatim"


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=40), st.sampled_from([str.upper, str.lower, str.title, str.casefold]))
def test_texts_that_differ_in_how_they_are_written_share_a_wording(text: str, written: Callable[[str], str]) -> None:
    other = written(text)
    found = compare.compare(compare.read(text), compare.read(other))
    assume(found.likeness in (Likeness.VERBATIM, Likeness.NORMALISED))
    assert wording(text) == wording(other)
