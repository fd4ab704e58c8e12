"""Every quotation of a draft is found, whatever its marks, and no apostrophe or inch is taken for one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.text.drafts import quotations

MARKS = [
    ("curly", "“Yes,” she said. “No.”", ["Yes,", "No."]),
    ("straight", '"Yes," she said. "No."', ["Yes,", "No."]),
    ("single curly", "‘Yes,’ she said. ‘No.’", ["Yes,", "No."]),
    ("single straight", "'Yes,' she said. 'No.'", ["Yes,", "No."]),
    ("low and high", '„Ja“, sagte er. „Tak”, powiedział. „Ja", sagte er.', ["Ja", "Tak", "Ja"]),
    ("single low and high", "‚Ja‘, sagte er. ‚Nee’, zei hij.", ["Ja", "Nee"]),
    ("pointed", "«Oui», « Non », »Ja«, »Nej»", ["Oui", "Non", "Ja", "Nej"]),
    ("single pointed", "‹Oui›, ›Ja‹", ["Oui", "Ja"]),
    ("corners", "「はい」と『いいえ』", ["はい", "いいえ"]),
    ("curly among letters without spaces", "他说“是”。", ["是"]),
    ("the same mark twice", "”Hej”, sade han. ”Nej.”", ["Hej", "Nej."]),
    ("begun curly, ended straight", '“Yes," she said, "no,” he said.', ["Yes,", "no,"]),
    ("after brackets, dashes and markup", '("a") ["b"] —"c"— <q>"d"</q> *"e"* "f"/"g"', list("abcdefg")),
    ("without a space", 'She said:"Yes."', ["Yes."]),
]

NOT_ONE = [
    ("an inch", 'The 12" pipe broke. "The only exception," he said.', ["The only exception,"]),
    ("an inch in a quotation", '"The 12" pipe broke," he said.', ['The 12" pipe broke,']),
    ("a number at the end", 'He said "at least 12" and "thirteen".', ["at least 12", "thirteen"]),
    ("feet and inches", 'At 5\'10" he is tall. "I am 5\'10"," he said.', ["I am 5'10\","]),
    ("an apostrophe between letters", "I don't, he won’t. O‘Brien isn't.", []),
    ("letters left out at the beginning", "'Tis the '90s; rock 'n' roll for 'em. ’Twas ’68. ‘90s", []),
    ("possessive plurals", "the dogs' dinner, the workers’ rights, James' friends' house", []),
    ("one of them in a quotation", "‘Don’t ask the workers’ leaders,’ she said.", ["Don’t ask the workers’ leaders,"]),
    ("in straight marks", "'Don't ask the workers' leaders,' he said.", ["Don't ask the workers' leaders,"]),
    ("a possessive after a quotation", "He called them ‘the bosses’ and the workers’ rights suffered.", ["the bosses"]),
    ("a possessive at its end", "‘The workers’ rights’ he said.", ["The workers’ rights"]),
    ("a short form that begins a quotation", "'Till death do us part,' he said.", ["Till death do us part,"]),
    ("a short form in one", "'I saw 'em in the '90s,' he said.", ["I saw 'em in the '90s,"]),
    ("only marks", '"…" “!” \'\' "" « »', []),
    ("none", "He said yes.", []),
    ("nothing", "", []),
]

WITHIN = [
    ("of the same form", "“He said “yes” to me,” she said. “No.”", ["He said “yes” to me,", "No."]),
    ("of the same straight form", '"He said "yes" to me," she said. "No."', ['He said "yes" to me,', "No."]),
    ("pointed in pointed", "«Il a dit «oui» hier», dit-elle.", ["Il a dit «oui» hier"]),
    ("of another form", "“He said ‘yes’ to me,” she said.", ["He said ‘yes’ to me,", "yes"]),
    ("at its end", "\"He said 'yes,'\" she said.", ["He said 'yes,'", "yes,"]),
    ("at its beginning", "'\"Yes\" is what he said,' she said.", ['"Yes" is what he said,', "Yes"]),
    ("of the same form again further in", "“a ‘b “c” b’ a”", ["a ‘b “c” b’ a", "b “c” b", "c"]),
    ("corners", "「彼は『はい』と言った」", ["彼は『はい』と言った", "はい"]),
    ("ended at a dash", '"I was going to—" he said—"no"—and left.', ["I was going to—", "no"]),
]

NOT_CLOSED = [
    ("goes on in the next paragraph", "“One.\n\n“Two,” he said.", ["One.", "Two,"]),
    ("in straight single marks", "'One.\n\n'Two,' he said.", ["One.", "Two,"]),
    ("in the next line", "“One.\n“Two,” he said. “Three.”", ["One.", "Two,", "Three."]),
    ("one mark is missing", "“I will go, he said. “I will stay,” she said.", ["I will go, he said.", "I will stay,"]),
    ("within another", "“He said ‘yes to me,” she said. “No.”", ["He said ‘yes to me,", "yes to me,", "No."]),
    ("across paragraphs", "“One\n \t\ntwo” three", ["One"]),
]

CASES = [*MARKS, *NOT_ONE, *WITHIN, *NOT_CLOSED]


@pytest.mark.parametrize(("draft", "found"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_the_quotations_of_a_draft(draft: str, found: list[str]) -> None:
    assert [draft[start:end] for start, end in quotations(draft)] == found


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet="ab s.,'‘’\"“”„‚«»‹›「」—1\n", max_size=60))
def test_any_draft_has_quotations_in_order_with_words_in_them(draft: str) -> None:
    at = -1
    for start, end in quotations(draft):
        assert at < start < end <= len(draft)
        assert draft[start:end].strip() == draft[start:end]
        assert any(map(str.isalnum, draft[start:end]))
        at = start


@settings(deadline=None, max_examples=200)
@given(st.lists(st.text(alphabet="abc ,.é", min_size=1, max_size=20).map(lambda words: f"x{words}y"), max_size=6))
@pytest.mark.parametrize(("opened", "closed"), ["“”", '""', "‘’", "''", "„“", "«»", "‹›", "「」", "‚‘"])
def test_as_many_are_found_as_are_written(opened: str, closed: str, said: list[str]) -> None:
    draft = " and ".join(f"{opened}{words}{closed}" for words in said)
    assert [draft[start:end] for start, end in quotations(draft)] == said
