"""Who is meant: the name behind a pronoun, a surname, a role, and what kind of speaker it is."""

import pytest

from app.text.extract import extract

NAMES = {
    "a surname": ("Ann Roe sails. “It rained all day,” Roe said.", "Ann Roe", "person"),
    "with a title": ("Ann Roe sails. “It rained all day,” Ms. Roe said.", "Ann Roe", "person"),
    "he and she": ("Ann Roe met Mr. Poe. “It rained all day,” he said.", "Poe", "person"),
    "she": ("Ms. Roe met Bob Poe, a fisherman and a man of few words. “It rained,” she said.", "Roe", "person"),
    "after a role": ("“It rained all day,” said its master, Ann Roe.", "Ann Roe", "person"),
    "after a role of something": ("“It rained,” the head of the fleet, Ann Roe, said.", "Ann Roe", "person"),
    "no name after a place": (
        "“It rained all day,” said the mayor of the town, Port Ann.",
        "the mayor of the town",
        "unnamed",
    ),
    "a role alone": ("“It rained all day,” the Prime Minister said.", "the Prime Minister", "unnamed"),
    "an office before": ("“It rained all day,” Foreign Minister Ann Roe said.", "Ann Roe", "person"),
    "initials": ("Ann B. Roe sails. “It rained all day,” Roe said.", "Ann B. Roe", "person"),
    "a preposition before": ("Despite Ann Roe it rained. “All day,” Roe said.", "Ann Roe", "person"),
    "a namesake": ("Ann Roe sails. Bob Roe does not. “It rained all day,” said Bob Roe.", "Bob Roe", "person"),
    "a name like a month": ("Ann May sails. “It rained all day,” May said.", "Ann May", "person"),
    "a name of two words": ("Ann van Roe sails. “It rained all day,” Van Roe said.", "Ann van Roe", "person"),
    "a body": ("“It rained all day,” the Harbour Board said.", "Harbour Board", "organization"),
    "a state": ("“It rained all day,” Norway said.", "Norway", "organization"),
    "a group": ("“It rained all day,” three sailors said.", "three sailors", "group"),
    "unnamed": ("“It rained all day,” a sailor said.", "a sailor", "unnamed"),
    "whose words it is told in": ("Ann Roe wept. It was, in her words, “a dark night”.", "Ann Roe", "person"),
    "nobody": ("“It rained all day,” he said.", None, "person"),
}


@pytest.mark.parametrize(("text", "name", "kind"), NAMES.values(), ids=NAMES)
def test_whom_a_mention_means(text: str, name: str | None, kind: str) -> None:
    (found,) = [found for found in extract(text) if found.kind != "indirect"]
    assert found.name is not None
    assert (found.name.name, found.name.kind) == (name, kind)
