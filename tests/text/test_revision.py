"""Quotes followed into a revised text: what is sure is carried along, and everything else is for a person to judge."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.text import anchor, borders
from app.text.anchor import Span
from app.text.compare import Op
from app.text.revision import Followed, Outcome, Passage, follow

ANN = "The talks went on for a week. “I will never go there again,” Ann said on Monday, in Doha."
BOB = "“No,” said Bob."
CLEO = "Cleo told us that, as she put it, “the end” … “is near to us all now.”"
OLD = f"{ANN}\n\n{BOB}\n\n{CLEO}\n"


def passage(text: str, content: Sequence[str], *others: str) -> Passage:
    return Passage(tuple(span(text, words) for words in content), tuple(span(text, words) for words in others))


def span(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


QUOTES = [
    passage(OLD, ["I will never go there again"], "Ann", "said", "Monday"),
    passage(OLD, ["No"], "said Bob"),
    passage(OLD, ["the end", "is near to us all now"], "Cleo", "told"),
]


def exchanged(one: str, other: str) -> str:
    return OLD.replace(one, "@").replace(other, one).replace("@", other)


class Case(NamedTuple):
    new: str
    outcomes: str  # one letter for each of the three quotes


U, M, A, G = "u", "m", "a", "g"
CASES = {
    "nothing changed": Case(OLD, "uuu"),
    "a paragraph before": Case(f"New words.\n\n{OLD}", "mmm"),
    "a paragraph between": Case(OLD.replace(BOB, f"She spoke of other things.\n\n{BOB}"), "umm"),
    "a paragraph after": Case(f"{OLD}\nNew words.\n", "uuu"),
    "other line breaks": Case(OLD.replace("go there", "go\nthere"), "umm".replace("m", "u")),
    "a blank more inside": Case(OLD.replace("go there", "go  there"), "amm"),
    "another word inside": Case(OLD.replace("never", "not"), "amm"),
    "a word less inside": Case(OLD.replace("never ", ""), "amm"),
    "another case": Case(OLD.replace("I will never", "I Will never"), "auu"),
    "another mark inside": Case(OLD.replace("us all now", "us all, now"), "uua"),
    "another first word": Case(OLD.replace("I will never", "We will never"), "amm"),
    "the beginning cut": Case(OLD.replace("I will never go", "go"), "amm"),
    "another speaker": Case(OLD.replace("Ann said", "Eve said"), "auu"),
    "another speaker of a short one": Case(OLD.replace("Bob", "Eve"), "uau"),
    "another reporting word": Case(OLD.replace("told us", "denied"), "uua"),
    "another day": Case(OLD.replace("Monday", "Friday"), "auu"),
    "the words of two speakers exchanged": Case(
        exchanged("I will never go there again", "No"),
        "aa*",
    ),
    "a paragraph taken out": Case(OLD.replace(f"{ANN}\n\n", ""), "gmm"),
    "a short paragraph taken out": Case(OLD.replace(f"{BOB}\n\n", ""), "ugm"),
    "a short quote replaced": Case(OLD.replace("“No", "“Yes"), "ugm"),
    "one of two parts taken out": Case(OLD.replace(" … “is near to us all now.”", "."), "uua"),
    "parts in another order": Case(exchanged("the end", "is near to us all now"), "uua"),
    "paragraphs in another order": Case(f"{CLEO}\n\n{BOB}\n\n{ANN}\n", "m*m"),
    "everything else": Case("Nothing of what was there is here any more: other words by other people.", "ggg"),
    "nothing": Case("", "ggg"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_becomes_of_each_quote(case: Case) -> None:
    found = follow(OLD, case.new, QUOTES)
    seen = "".join("*" if said == "*" else one.outcome[0] for one, said in zip(found, case.outcomes, strict=True))
    assert seen == case.outcomes, [one.outcome for one in found]
    for before, after in zip(QUOTES, found, strict=True):
        prove(OLD, case.new, before, after)


def prove(old: str, new: str, before: Passage, after: Followed) -> None:
    """Hold a quote that was followed to what holds for any."""
    assert all(0 <= part.start < part.end <= len(new) for part in after.content)
    assert all(one.end <= other.start for one, other in zip(after.content, after.content[1:], strict=False))
    if after.outcome is Outcome.GONE:
        assert after == Followed(Outcome.GONE)
    if after.outcome in (Outcome.UNCHANGED, Outcome.MOVED):
        assert anchor.join(old, before.content) == anchor.join(new, after.content)
        assert len(after.content) == len(before.content)
        assert (after.content == before.content) == (after.outcome is Outcome.UNCHANGED)
        for there, here in zip(before.others, after.others, strict=True):
            assert here is not None
            assert anchor.join(old, [there]) == anchor.join(new, [here])
    if after.outcome is Outcome.ALTERED:
        assert after.content
        told = "".join(part.recorded for part in after.differences)
        assert told
        assert told in anchor.join(new, after.content)


def test_an_altered_quote_tells_word_by_word_what_was_done() -> None:
    (found,) = follow(OLD, OLD.replace("never go there", "go nowhere"), QUOTES[:1])
    assert [new_words(OLD.replace("never go there", "go nowhere"), part) for part in found.content] == [
        "I will go nowhere again"
    ]
    assert [(part.op, part.claimed.strip(), part.recorded.strip()) for part in found.differences] == [
        (Op.EQUAL, "I will", "I will"),
        (Op.DELETE, "never", ""),
        (Op.EQUAL, "go", "go"),
        (Op.REPLACE, "there", "nowhere"),
        (Op.EQUAL, "again", "again"),
    ]
    assert 0 < found.score < 1


def new_words(text: str, part: Span) -> str:
    return text[part.start : part.end]


def test_words_that_stand_more_than_once_keep_their_order() -> None:
    lines = [f"“So it is for ever and ever,” said {name}." for name in ("Ann", "Bob", "Cleo")]
    old = "\n".join(lines)
    quotes = [passage_of(old, line) for line in lines]
    new = "\n".join(["“Other words,” said Dan.", lines[0], "Nobody spoke.", lines[1], lines[2]])
    found = follow(old, new, quotes)
    assert [one.outcome for one in found] == [Outcome.MOVED] * 3
    assert [one.content[0].start for one in found] == [new.index(line) + 1 for line in lines]


def test_the_words_of_one_that_is_gone_are_not_found_at_another_s() -> None:
    lines = [f"“So it is for ever and ever,” said {name}." for name in ("Ann", "Bob", "Cleo")]
    old, new = "\n".join(lines), "\n".join([lines[0], lines[2]])
    found = follow(old, new, [passage_of(old, line) for line in lines])
    assert found[0].outcome is Outcome.UNCHANGED
    assert found[1].outcome in (Outcome.ALTERED, Outcome.GONE)


def passage_of(text: str, line: str) -> Passage:
    """Return the words between the marks of a line, with the name at its end."""
    at, name = text.index(line), line.rsplit(maxsplit=1)[-1][:-1]
    end = at + len(line) - 1
    return Passage((Span(at + 1, at + line.index("”")),), (Span(end - len(name), end),))


def test_the_only_place_left_is_given_to_neither_of_two_that_fit_it() -> None:
    old, new = "P q r s t. A b. A b. U v w x y.", "P q r s t. A b. U v w x y."
    first, second = (Passage((Span(at, at + 3),)) for at in (11, 16))
    found = follow(old, new, [first, second])
    same = [one for one in found if one.outcome in (Outcome.UNCHANGED, Outcome.MOVED)]
    assert len(same) <= 1


@st.composite
def articles(draw: st.DrawFn) -> tuple[list[list[str]], int]:
    """Draw paragraphs of words none of which stands twice, and one of the paragraphs."""
    sizes = draw(st.lists(st.integers(10, 20), min_size=2, max_size=6))
    paragraphs = [[f"w{number}x{at}" for at in range(size)] for number, size in enumerate(sizes)]
    return paragraphs, draw(st.integers(0, len(paragraphs) - 1))


def text_of(paragraphs: Sequence[Sequence[str]]) -> str:
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)


def quotes_of(paragraphs: Sequence[Sequence[str]]) -> list[Passage]:
    """Quote of each paragraph all but its first and its last word; the first one is the speaker."""
    text = text_of(paragraphs)
    found = []
    for paragraph in paragraphs:
        at = text.index(" ".join(paragraph))
        name = Span(at, at + len(paragraph[0]))
        end = at + len(" ".join(paragraph[:-1]))
        found.append(Passage((Span(name.end + 1, end),), (name,)))
    return found


def outcomes(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[Outcome]:
    old, new, quotes = text_of(before), text_of(after), quotes_of(before)
    found = follow(old, new, quotes)
    for quote, one in zip(quotes, found, strict=True):
        prove(old, new, quote, one)
    return [one.outcome for one in found]


@given(articles())
@settings(deadline=None)
def test_an_unchanged_text_changes_nothing(article: tuple[list[list[str]], int]) -> None:
    paragraphs, _ = article
    assert outcomes(paragraphs, paragraphs) == [Outcome.UNCHANGED] * len(paragraphs)


@given(articles(), st.lists(st.sampled_from(["new", "words", "w"]), min_size=1, max_size=30))
@settings(deadline=None)
def test_a_paragraph_put_in_moves_all_after_it(article: tuple[list[list[str]], int], put_in: list[str]) -> None:
    paragraphs, at = article
    after = [*paragraphs[:at], put_in, *paragraphs[at:]]
    assert outcomes(paragraphs, after) == [Outcome.UNCHANGED] * at + [Outcome.MOVED] * (len(paragraphs) - at)


@given(articles())
@settings(deadline=None)
def test_a_paragraph_taken_out_is_gone(article: tuple[list[list[str]], int]) -> None:
    paragraphs, at = article
    after = [*paragraphs[:at], *paragraphs[at + 1 :]]
    assert outcomes(paragraphs, after) == (
        [Outcome.UNCHANGED] * at + [Outcome.GONE] + [Outcome.MOVED] * (len(paragraphs) - at - 1)
    )


@given(articles(), st.data())
@settings(deadline=None)
def test_a_word_changed_inside_alters_that_quote_alone(
    article: tuple[list[list[str]], int], data: st.DataObject
) -> None:
    paragraphs, at = article
    place = data.draw(st.integers(1, len(paragraphs[at]) - 2))
    after = [list(paragraph) for paragraph in paragraphs]
    after[at][place] = data.draw(st.sampled_from(["other", "not", "x" * 30]))
    found = outcomes(paragraphs, after)
    assert found[at] is Outcome.ALTERED
    assert Outcome.ALTERED not in found[:at] + found[at + 1 :]
    assert Outcome.GONE not in found


@given(articles())
@settings(deadline=None)
def test_another_speaker_alters_that_quote_alone(article: tuple[list[list[str]], int]) -> None:
    paragraphs, at = article
    after = [list(paragraph) for paragraph in paragraphs]
    after[at][0] = "somebody-else"
    found = outcomes(paragraphs, after)
    assert [one is Outcome.ALTERED for one in found] == [place == at for place in range(len(found))]


FEW = st.sampled_from(["a", "b", "a b", "No", "said", "Ann", "“", "”", ".", ",", "’s", "\n", "e\u0301", "中"])


@given(st.lists(FEW, min_size=1, max_size=40), st.lists(FEW, max_size=40), st.data())
@settings(max_examples=400, deadline=None)
def test_nothing_counts_as_the_same_whose_words_are_not_exactly_there(
    old_words: list[str], new_words: list[str], data: st.DataObject
) -> None:
    old = " ".join(old_words)
    new = (
        " ".join(new_words)
        if data.draw(st.booleans())
        else " ".join(
            [*old_words[: data.draw(st.integers(0, 40))], *new_words, *old_words[data.draw(st.integers(0, 40)) :]]
        )
    )
    words = [Span(*found.span()) for found in re.finditer(r"\S+(?: \S+)*?", old)]
    words = [part for part in words if borders.may_begin(old, part.start) and borders.may_end(old, part.end)]
    assume(words)
    content = sorted(data.draw(st.lists(st.sampled_from(words), min_size=1, max_size=3, unique=True)))
    others = data.draw(st.lists(st.sampled_from(words), max_size=2))
    before = Passage(tuple(content), tuple(others))
    (after,) = follow(old, new, [before])
    prove(old, new, before, after)
    for part in (*after.content, *(part for part in after.others if part)):
        if after.outcome in (Outcome.UNCHANGED, Outcome.MOVED):
            assert borders.may_begin(new, part.start)
            assert borders.may_end(new, part.end)
