"""Citations: CSL-JSON by its schema's rules, BibTeX by a reader that counts braces as BibTeX does."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.formats.citation import bibtex, csl
from app.tables.words import Polarity, SourceKind
from tests.formats.samples import BASE, HOSTILE, bare, quote

NAMED = {
    r"{\textbackslash}": "\\",
    r"{\textbraceleft}": "{",
    r"{\textbraceright}": "}",
    r"{\textasciitilde}": "~",
    r"{\textasciicircum}": "^",
}


def fields(entry: str) -> dict[str, str]:
    """Read an entry's fields; fail where a brace is without its other one."""
    match = re.fullmatch(r"@misc\{([A-Za-z0-9-]+),\n(.*)\}\n", entry, re.S)
    assert match
    found, at, body = {"": match[1]}, 0, match[2]
    while at < len(body):
        name = re.compile(r"  ([a-z]+) = ").match(body, at)
        assert name, body[at:]
        value, at = value_at(body, name.end())
        found[name[1]] = value
        assert body.startswith(",\n", at)
        at += 2
    return found


def value_at(body: str, at: int) -> tuple[str, int]:
    """Return a value without its outer braces, and where it ends."""
    if body[at] != "{":
        end = body.index(",", at)
        return body[at:end], end
    depth = 0
    for end in range(at, len(body)):
        depth += (body[end] == "{") - (body[end] == "}")
        if depth == 0:
            return body[at + 1 : end], end + 1
    raise AssertionError("a brace is left open")


def plain(value: str) -> str:
    """Return what LaTeX would print."""
    for command, character in NAMED.items():
        value = value.replace(command, f"\0{ord(character)}\0")
    value = re.sub(r"\\([$&#%_])", r"\1", value)
    return re.sub(r"\0(\d+)\0", lambda match: chr(int(match[1])), value)


def folded(text: str) -> str:
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()


def test_the_fields_of_a_bibtex_entry() -> None:
    assert bibtex(quote(text="it is so"), BASE) == (
        "@misc{verbatim-0000000000000000,\n"
        "  author = {Ada Lovelace and {Simon and Garfunkel} and it is so},\n"
        "  title = {{Title: it is so}},\n"
        "  howpublished = {The Example \\& Sons},\n"
        "  year = {2025},\n"
        "  month = mar,\n"
        "  url = {https://news.example/a?b=c#:~:text=We%20must&text=to%20resolve},\n"
        "  language = {en-GB},\n"
        "  note = {Somebody it is so: “it is so”},\n"
        "  annote = {\\url{https://record.example/verbatim/v1/quotes/0000000000000000}},\n"
        "}\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert set(fields(bibtex(bare(), BASE))) == {"", "title", "language", "note", "annote"}
    (item,) = json.loads(csl(bare(), BASE))
    assert set(item) == {"id", "type", "title", "language", "note", "archive", "archive_location"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_words_to_bibtex(text: str) -> None:
    found = fields(bibtex(quote(text=text), BASE))
    assert plain(found["title"].removeprefix("{").removesuffix("}")) == folded(f"Title: {text}")
    assert not re.search(r"\\(?!textbackslash|textbrace|textascii|[$&#%_])", found["note"])
    assert not re.search(r"(?<!\\)[$&#%_~^]", found["note"])


@settings(max_examples=300, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("{}\\$&#%_~^\"' a\n\0é") | st.characters(exclude_categories=["Cs"]), min_size=1)
)
def test_any_text_leaves_an_entry_whole(text: str) -> None:
    found = fields(bibtex(quote(text=text, url=f"https://example.org/{text}"), BASE))
    assert plain(found["title"].removeprefix("{").removesuffix("}")) == folded(f"Title: {text}")
    assert set(found) == {"", "author", "title", "howpublished", "year", "month", "url", "language", "note", "annote"}


def test_a_csl_item() -> None:
    assert json.loads(csl(quote(text="it is so"), BASE)) == [
        {
            "id": "verbatim-0000000000000000",
            "type": "article-newspaper",
            "title": "Title: it is so",
            "author": [{"literal": "Ada Lovelace"}, {"literal": "Simon and Garfunkel"}, {"literal": "it is so"}],
            "container-title": "The Example & Sons",
            "language": "en-GB",
            "note": "Somebody it is so: “it is so”",
            "archive": "Verbatim",
            "archive_location": f"{BASE}/v1/quotes/{'0' * 16}",
            "URL": "https://news.example/a?b=c#:~:text=We%20must&text=to%20resolve",
            "issued": {"date-parts": [[2025, 3, 9]]},
        }
    ]


@pytest.mark.parametrize("kind", list(SourceKind))
def test_every_kind_of_source_has_a_csl_type(kind: SourceKind) -> None:
    source = quote().source.model_copy(update={"kind": kind})
    (item,) = json.loads(csl(quote().model_copy(update={"source": source}), BASE))
    assert re.fullmatch(r"[a-z_-]+", item["type"])


def test_a_denial_is_cited_as_one() -> None:
    denied = quote(text="x", polarity=Polarity.DENIED)
    assert "Somebody x denies: “x”" in csl(denied, BASE)
    assert "Somebody x denies: “x”" in bibtex(denied, BASE)
