"""Record files that are refused: each names the line and the reason, and leaves the record empty.

Each case is one change of a file that is good. Where the line to be named is the changed one, `# here` marks it.
"""

import itertools
import re
from pathlib import Path

import pytest

from app.commands.records_in import put_files
from app.errors import RecordRefused
from app.store import exports
from app.tables.db import Database
from tests.tables.raw import everything

GOOD = """\
---
format: verbatim-record/1
creator: The tester
source:
  slug: a-source
  title: A source
  kind: article
  published: 2025-03-21
  language: en
  text: "He said we won. She said we won. A 😀 said [it was] over and left on March 2."
topics:
  - slug: wins
    label: Wins
  - slug: big-wins
    label: Big wins
    broader: wins
speakers:
  - slug: him
    name: Him
    kind: person
    names:
      - name: He
quotes:
  - key: first
    kind: indirect
    speaker: him
    content:
      - exact: we won
        occurrence: 1
    mention: He
    cue: {lemma: say, exact: said, within: He said}
    topics:
      - topic: big-wins
        stance: supports
        proposition: We should win.
    annotations:
      - motivation: commenting
        body: A note.
  - key: second
    kind: mixed
    content:
      - exact: won
        within: She said we won
      - it was] over
    interventions:
      - {kind: insertion, exact: "it was]"}
    said:
      edtf: 2025-03-02
      basis: resolved
      as_printed: March 2
  - key: third
    kind: mixed
    parent: second
    content:
      - over
links:
  - from: first
    to: second
    relation: restates
    rationale: Both say so.
annotations:
  - target: A 😀
    motivation: commenting
    body: A note on a span.
"""

BOMB = "---\na: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in itertools.pairwise("abcdefghi")
)
"""Nine to the ninth words, if each alias were taken for what it stands for."""

TWICE = "      - {topic: big-wins, stance: supports, proposition: We should win.}"

REFUSED: dict[str, tuple[str, str, str]] = {
    # What is not YAML, or more of it than a record file takes.
    "a bracket left open": ("kind: article", "kind: [article", "not YAML: did not find expected"),
    "a tab for indentation": ("  title: A source", "\ttitle: A source  # here", "not YAML: .*tab"),
    "a colon in a plain word": ("label: Wins", "label: Wins: big  # here", "not YAML: mapping values"),
    "an alias of nothing": ("label: Wins", "label: *wins  # here", "not YAML: .*undefined alias"),
    "an alias of a list": (
        "    label: Wins\n  - slug: big-wins",
        "    label: Wins\n    labels: &l [Victories]\n  - slug: big-wins\n    labels: *l  # here",
        "an alias: write it out",
    ),
    "aliases of aliases": ("---\n", BOMB + "---\n", "an alias: write it out"),
    "an alias of a word": ("  title: A source\n  kind", "  title: &t A source\n  note: *t  # here\n  kind", "an alias"),
    "nested too deeply": ("  title: A source", f"  title: {'[' * 50}A{']' * 50}  # here", "nested deeper than 12"),
    "nested beyond all measure": ("  title: A source", f"  title: {'[' * 9000}", "nested deeper"),
    "a key twice": ("  kind: article", "  kind: article\n  kind: post  # here", "the key kind stands twice"),
    "a key twice, with a list": (
        "links:",
        "creator:  # here\n  - Another\nlinks:",
        "the key creator stands twice",
    ),
    "a key that is no word": ("  kind: article", "  ? [kind]  # here\n  : article", "a key is a plain word"),
    "a record that is a list": (
        "---\n",
        "---\n- one  # here\n---\n",
        "the record: keys with values are expected, the first of them `format: verbatim-record/1`, not a list$",
    ),
    "a record that is a word": ("---\n", "--- record  # here\n---\n", "the record: keys with values .*, not “record”$"),
    "a record that is nothing": ("---\n", "--- ~  # here\n---\n", "the record: keys with values are .*, not nothing$"),
    "a cue that is a word": (
        "    cue: {lemma: say, exact: said, within: He said}",
        "    cue: said  # here",
        "quotes.0.cue: keys with values are expected, not “said”$",
    ),
    # What the format does not know.
    "another format": ("verbatim-record/1", "verbatim-record/2  # here", "format: .*verbatim-record/1.*not “verb.*2”"),
    "no format": (
        "format: verbatim-record/1\n",
        "",
        "format: it is missing; a record begins with `format: verbatim-record/1`$",
    ),
    "an unknown key at the top": (
        "links:",
        "colour: red  # here\nlinks:",
        "colour: unknown key: the known ones are format, creator, source, topics",
    ),
    "an unknown key of the source": ("  kind: article", "  kind: article\n  lang: en  # here", "source.lang: unknown"),
    "an unknown key of a quote": ("    parent: second", "    parents: second  # here", "quotes.2.parents: unknown key"),
    "an unknown key of a selector": (
        "occurrence: 1",
        "occurence: 1  # here",
        "occurence: unknown key: did you mean occurrence",
    ),
    "a mistyped key of a quote": (
        "    mention: He",
        "    mentoin: He  # here",
        r"quotes.0.mentoin: .*did you mean mention\?$",
    ),
    "a mistyped key of a link": ("  - from: first", "  - form: first  # here", r"links.0.form: .*did you mean from\?$"),
    "a key of a selector like no other": (
        "    mention: He\n",
        "    mention: {exact: He, colour: red}  # here\n",
        "mention.colour: unknown key: the known ones are exact, occurrence, within$",
    ),
    "a note without a body": (
        "      - motivation: commenting\n        body: A note.\n",
        "      - motivation: commenting  # here\n",
        "annotations.0: a note has a body, unless its motivation is highlighting",
    ),
    "a note of a blank": (
        "        body: A note.",
        '        body: " "  # here',
        "annotations.0.body: it needs at least one character that is seen",
    ),
    "no slug": ("  slug: a-source\n  title", "  title", "source.slug: it is missing"),
    "no text": ('  text: "He', '  note: "He', "source: give text or text_file, one of the two"),
    "text and text_file": ("  kind: article", "  text_file: a.txt\n  kind: article", "give text or text_file, one of"),
    "a quote without content": ("    content:\n      - over\n", "", "quotes.2.content: it is missing"),
    "a quote of nothing": (
        "    content:\n      - over\n",
        "    content: []  # here\n",
        "quotes.2.content: List should have at least 1",
    ),
    # Values.
    "a slug in capitals": ("slug: a-source", "slug: A-Source  # here", "source.slug: .*not “A-Source”"),
    "a slug with a blank": ("slug: wins\n", "slug: big wins  # here\n", "topics.0.slug: .*not “big wins”"),
    "an unknown kind of source": ("kind: article", "kind: novel  # here", "source.kind: .*'transcript'.*not “novel”"),
    "an unknown kind of quote": ("kind: indirect", "kind: spoken  # here", "quotes.0.kind: .*'mixed'.*not “spoken”"),
    "a status without its reason": (
        "    kind: indirect\n",
        "    kind: indirect\n    status: disputed  # here\n",
        "a quote is disputed for a reason: add it as `reason`",
    ),
    "a reason of none": (
        "    kind: indirect\n",
        "    kind: indirect\n    reason: So.  # here\n",
        "reason stands with disputed or withdrawn or rejected, not with published",
    ),
    "a successor of what is not withdrawn": (
        "    kind: indirect\n",
        "    kind: indirect\n    status: disputed\n    reason: So.\n    successor: second  # here\n",
        "successor stands with withdrawn, not with disputed",
    ),
    "a successor that is nowhere": (
        "    kind: indirect\n",
        "    kind: indirect\n    status: withdrawn\n    reason: So.\n    successor: nobody  # here\n",
        "there is no quote with the key nobody",
    ),
    "a successor of its own": (
        "    kind: indirect\n",
        "    kind: indirect\n    status: withdrawn\n    reason: So.\n    successor: first  # here\n",
        "a successor is another quote",
    ),
    "a successor that is not on the record": (
        "    kind: indirect\n",
        "    kind: indirect\n    status: withdrawn\n    reason: So.\n    successor: 0000000000000000  # here\n",
        "The quote 0000000000000000 is not on the record: a successor is",
    ),
    "an unknown relation": ("relation: restates", "relation: denies  # here", "links.0.relation: .*not “denies”"),
    "an unknown stance": ("stance: supports", "stance: likes  # here", "topics.0.stance: .*not “likes”"),
    "an unknown motivation": (
        "motivation: commenting\n        ",
        "motivation: x  # here\n        ",
        "motivation: .*“x”",
    ),
    "a stance to nothing": ("        proposition: We should win.\n", "", "stance and proposition stand together"),
    "a day that is none": ("published: 2025-03-21", "published: 2025-03-32  # here", "source.published: .*2025-03-32"),
    "a number for a day": (
        "published: 2025-03-21",
        "published: 20250321  # here",
        "source.published: not a day of the",
    ),
    "a time for a day": ("published: 2025-03-21", 'published: "2025-03-21T00:00:00"  # here', "published: not a day"),
    "a number that is none": ("occurrence: 1", "occurrence: one  # here", "occurrence: not a whole number"),
    "the occurrence 0": ("occurrence: 1", "occurrence: 0  # here", "occurrence: .*greater than or equal to 1"),
    "an empty title": ("title: A source", 'title: ""  # here', "source.title: .*at least 1 character"),
    "a title with a NUL": ("title: A source", 'title: "A\\0source"  # here', r"U\+0000 cannot stand"),
    "a hash that is none": ("  kind: article", "  sha256: abc  # here\n  kind: article", "source.sha256: .*not “abc”"),
    "an address that is none": ("  kind: article", "  url: www  # here\n  kind: article", "source.url: .*not “www”"),
    "a language that is none": ("language: en", "language: e  # here", "source.language: .*not “e”"),
    # Dates.
    "a date that is not EDTF": ("edtf: 2025-03-02", "edtf: March 2  # here", "“March 2” is not an EDTF level 1 date"),
    "a day of no calendar": ("edtf: 2025-03-02", "edtf: 2025-02-30  # here", "“2025-02-30” is not a day"),
    "an interval that is backward": (
        "edtf: 2025-03-02",
        "edtf: 2025/2024  # here",
        "“2025/2024” ends before it begins",
    ),
    "a date of unknown basis": ("      basis: resolved\n", "", "edtf is null exactly when basis is unknown"),
    "a basis of no date": ("      edtf: 2025-03-02\n", "", "edtf is null exactly when basis is unknown"),
    "a date with a basis of unknown": (
        "basis: resolved",
        "basis: unknown",
        "edtf is null exactly when basis is unknown",
    ),
    "a day after the source's": (
        "edtf: 2025-03-02",
        "edtf: 2025-03-22  # here",
        r"said 2025-03-22, after the source was published \(2025-03-21\)",
    ),
    "an interval that begins after the source's day": (
        "edtf: 2025-03-02",
        "edtf: 2025-04/..  # here",
        "said 2025-04/.., after the source was published",
    ),
    "a role that ends before it begins": (
        "    kind: person\n",
        "    kind: person\n    roles:\n      - {title: Chief, from: 2025, to: 2024-05}  # here\n",
        r"the role Chief ends \(2024-05\) before it begins \(2025\)",
    ),
    "a role since a day that is none": (
        "    kind: person\n",
        "    kind: person\n    roles:\n      - {title: Chief, from: soon}  # here\n",
        "“soon” is not an EDTF level 1 date",
    ),
    # Words that are cut.
    "a word cut at its end": (
        "      - over\n",
        "      - ove  # here\n",
        "“ove” ends inside a word .*, “over”: quote whole",
    ),
    "a word cut at its beginning": (
        "      - over\n",
        "      - ver  # here\n",
        "“ver” begins inside .*, “over”: quote whole",
    ),
    "a mention cut from a word": (
        "    mention: He",
        "    mention: he  # here",
        "“he” begins inside .*, “She”: quote whole",
    ),
    "a note on half a word": (
        "target: A 😀",
        "target: A 😀 sa  # here",
        "“A 😀 sa” ends inside a word of the text, “said”",
    ),
    "an occurrence inside a word": (
        "    mention: He",
        "    mention: {exact: we, occurrence: 3}  # here",
        "“we” stands 2 times in the text: there is no 3",
    ),
    "a blank before the words": ("      - over\n", '      - " over"  # here\n', "“ over” begins or ends with a blank"),
    # Words that are not in the text, or not as often, or not there.
    "a word that differs": ("      - it was] over", "      - it is] over  # here", "“it is] over” does not stand"),
    "a letter of another case": ("    mention: He", "    mention: HE  # here", "“HE” does not stand"),
    "a straight quotation mark": ("target: A 😀", "target: A '😀'  # here", "does not stand in the text"),
    "ambiguous words": (
        "      - exact: we won\n        occurrence: 1",
        "      - we won  # here",
        r"“we won” stands 2 times in the text: add occurrence \(1 to 2\)",
    ),
    "an occurrence that is too large": (
        "      - exact: we won\n        occurrence: 1",
        "      - exact: we won  # here\n        occurrence: 3",
        "“we won” stands 2 times in the text: there is no 3",
    ),
    "words that are not within": ("within: She said we won", "within: He said", "“won” does not stand in the passage"),
    "a passage that is not there": (
        "within: She said we won",
        "within: They won",
        "“They won” does not stand in the text",
    ),
    "a passage that stands twice": ("within: She said we won", "within: said we won", "“said we won” stands 2 times"),
    "a quote's passage that is not there": (
        "    kind: indirect",
        "    kind: indirect\n    within: He says  # here",
        "“He says” does not stand in the text",
    ),
    "a mention outside the quote's passage": (
        "    mention: He\n",
        "    within: She said we won. A 😀 said\n    mention: He  # here\n",
        "“we won” stands|does not stand in the passage",
    ),
    "a cue of further words alone": (
        "cue: {lemma: say, exact: said, within: He said}",
        "cue: {lemma: say, also: [left]}  # here",
        "quotes.0.cue: occurrence, within and also stand with exact",
    ),
    "a cue that is not there": ("exact: said, within: He said", "exact: says", "“says” does not stand in the text"),
    "a printed time that is not there": ("as_printed: March 2", "as_printed: March 3  # here", "“March 3” does not"),
    # Spans that do not fit together.
    "content that overlaps": ("      - it was] over", '      - "won. A 😀 said ["  # here', "do not overlap"),
    "content out of order": (
        "      - it was] over",
        "      - exact: we won  # here\n        occurrence: 1",
        "segments of content stand in reading order and do not overlap",
    ),
    "an intervention outside the content": (
        '{kind: insertion, exact: "it was]"}',
        "{kind: insertion, exact: left}  # here",
        "“left” is not inside the content",
    ),
    "an intervention over the end": (
        '{kind: insertion, exact: "it was]"}',
        "{kind: insertion, exact: over and}  # here",
        "“over and” is not inside the content",
    ),
    "an intervention over the beginning": (
        '{kind: insertion, exact: "it was]"}',
        '{kind: insertion, exact: "[it was]"}  # here',
        "is not inside the content",
    ),
    # Names that do not fit together.
    "a key of a quote twice": ("key: third", "key: first  # here", "the key first stands twice"),
    "a topic twice": ("slug: big-wins", "slug: wins  # here", "wins stands twice among the topics"),
    "a speaker twice": (
        "quotes:",
        "  - slug: him  # here\n    name: Him again\n    kind: person\nquotes:",
        "him stands twice among the speakers",
    ),
    "a name twice": (
        "      - name: He\n",
        "      - name: He\n      - {name: He, printed: false}  # here\n",
        "“He” stands twice among the names of him",
    ),
    "a name that no source prints": (
        "      - name: He\n",
        "      - name: Hugo  # here\n",
        "“Hugo” does not stand in the text, and no source on the record is known to print it: say `printed: false`",
    ),
    "a name that is printed inside a word alone": (
        "      - name: He\n",
        "      - name: he  # here\n",
        "“he” does not stand",
    ),
    "a topic twice with one stance": (
        "        proposition: We should win.\n",
        f"        proposition: We should win.\n{TWICE}  # here\n",
        "the topic big-wins stands twice with the same stance",
    ),
    "two quotes of the same words": (
        "links:",
        "  - kind: direct  # here\n    content:\n      - over\nlinks:",
        "another quote of this file has the very same words of the text",
    ),
    "a note twice": (
        "        body: A note.",
        "        body: A note.\n      - motivation: commenting  # here\n        body: A note.",
        "the same note stands twice",
    ),
    "a note on a span twice": (
        "    body: A note on a span.",
        ("    body: A note on a span.\n  - {target: A 😀, motivation: commenting, body: A note on a span.}  # here"),
        "the same note stands twice",
    ),
    "an unknown parent": ("parent: second", "parent: fourth  # here", "no quote with the key fourth in this file"),
    "a quote nested in itself": ("parent: second", "parent: third  # here", "a quote cannot be nested in itself"),
    "quotes nested in a circle": (
        "  - key: second\n",
        "  - key: second\n    parent: third\n",
        "a quote cannot be nested in itself",
    ),
    "a link to itself": ("to: second", "to: first", "a link joins two quotes"),
    "a link twice": (
        "annotations:\n  - target",
        "  - {from: first, to: second, relation: restates, rationale: Again.}  # here\nannotations:\n  - target",
        "each pair once by the same relation",
    ),
    "a link from nothing": ("from: first", "from: fourth  # here", "no quote with the key fourth in this file"),
    "a link to nothing": ("to: second", "to: fourth  # here", "no quote with the key fourth in this file"),
    "a link to an id that is not on the record": (
        "to: second",
        "to: 0000000000000000",
        "no quote 0000000000000000 on the record",
    ),
    "an unknown speaker": ("speaker: him", "speaker: her  # here", "no speaker her, neither in this file nor on"),
    "an unknown topic": ("topic: big-wins", "topic: losses  # here", "no topic losses, neither in this file nor on"),
    "an unknown broader topic": ("broader: wins", "broader: games  # here", "broader topic games is not on the record"),
    "topics above each other": (
        "label: Wins",
        "label: Wins\n    broader: big-wins",
        "The topic wins stands above itself",
    ),
    "a topic above itself": ("broader: wins", "broader: big-wins  # here", "The topic big-wins stands above itself"),
    "a source that revises nothing": (
        "  kind: article",
        "  kind: article\n  revises: another  # here",
        "no source another on the record|no source another that a-source could revise",
    ),
    # The text.
    "a text with a NUL": ('  text: "He', '  text: "\\0He', r"U\+0000"),
    "half a surrogate pair": ("A 😀 said [it", "A \\uD83D said [it", "not YAML: .*Unicode character"),
    "a hash of another text": (
        "  kind: article",
        f"  sha256: {'a' * 64}  # here\n  kind: article",
        "the text was changed",
    ),
    "a file of another folder": (
        "  text: ",
        "  text_file: ../a.txt  # here\n  note: ",
        r"\.\./a\.txt is not the name of a file beside this one",
    ),
    "a file by its whole path": ("  text: ", "  text_file: /etc/passwd  # here\n  note: ", "is not the name of a file"),
    "the folder itself": ("  text: ", "  text_file: .  # here\n  note: ", "is not the name of a file|cannot be read"),
    "the folder above": ("  text: ", "  text_file: ..  # here\n  note: ", "is not the name of a file|cannot be read"),
    "a file that is not there": (
        "  text: ",
        "  text_file: none.txt  # here\n  note: ",
        "none.txt cannot be read: No such",
    ),
    "a file that is not UTF-8": (
        "  text: ",
        "  text_file: bad.txt  # here\n  note: ",
        "bad.txt is not UTF-8 at byte 2",
    ),
    "a file with a NUL": ("  text: ", "  text_file: nul.txt  # here\n  note: ", r"U\+0000"),
    "an empty file": ("  text: ", "  text_file: empty.txt  # here\n  note: ", "the text is empty"),
}

LINES = {
    "a bracket left open": 8,
    "aliases of aliases": 2,
    "nested beyond all measure": 6,
    "no format": 2,
    "no slug": 4,
    "no text": 4,
    "text and text_file": 4,
    "a quote without content": 51,
    "a stance to nothing": 33,
    "a date of unknown basis": 47,
    "a basis of no date": 47,
    "a date with a basis of unknown": 47,
    "words that are not within": 42,
    "a passage that is not there": 42,
    "a passage that stands twice": 42,
    "a cue that is not there": 31,
    "quotes nested in a circle": 54,
    "a link to itself": 57,
    "a link to an id that is not on the record": 57,
    "topics above each other": 14,
    "a text with a NUL": 10,
    "half a surrogate pair": 10,
}
"""The lines of the cases that mark none: the one on which the thing begins, or where the reader noticed."""


def write(folder: Path, content: str) -> Path:
    """Write a record file, and beside it the texts that cases name."""
    (folder / "bad.txt").write_bytes(b"ok\xff")
    (folder / "nul.txt").write_bytes(b"He said\0we won.")
    (folder / "empty.txt").write_bytes(b"")
    path = folder / "record.yaml"
    path.write_text(content, encoding="utf-8")
    return path


def test_the_file_that_each_case_changes_is_good(empty: Database, tmp_path: Path) -> None:
    (report,) = put_files(empty, [write(tmp_path, GOOD)], who="a test")

    assert (report.added, report.written > 0) == (3, True)


@pytest.mark.parametrize("case", REFUSED)
def test_a_wrong_file_is_refused_at_its_line(empty: Database, tmp_path: Path, case: str) -> None:
    old, new, reason = REFUSED[case]
    assert GOOD.count(old) == 1
    content = GOOD.replace(old, new, 1)
    marked = [at for at, line in enumerate(content.splitlines(), 1) if "# here" in line]

    with pytest.raises(RecordRefused) as refusal:
        put_files(empty, [write(tmp_path, content)], who="a test")

    assert re.search(reason, refusal.value.detail), refusal.value.detail
    assert refusal.value.detail.startswith(f"{tmp_path}/record.yaml, line {refusal.value.line}: ")
    assert refusal.value.line in (marked or [LINES[case]]), refusal.value.detail
    assert len(refusal.value.detail) < len(str(tmp_path)) + 500
    assert not any(everything(empty.reader()).values())


@pytest.mark.parametrize("content", ["", "\n\n", "# only a comment\n"], ids=["empty", "blank", "a comment"])
def test_a_file_without_a_record_is_refused(empty: Database, tmp_path: Path, content: str) -> None:
    with pytest.raises(RecordRefused) as refusal:
        put_files(empty, [write(tmp_path, content)], who="a test")

    assert refusal.value.detail == (
        f"{tmp_path}/record.yaml, line 1: the file holds no record, which begins with `format: verbatim-record/1`"
    )


@pytest.mark.parametrize("marks", ["“”", "‘’", "''", "«»"])
def test_content_within_its_quotation_marks_is_refused(empty: Database, tmp_path: Path, marks: str) -> None:
    words = f"{marks[0]}left{marks[1]}"
    content = GOOD.replace("and left on", f"and {words} on").replace("      - over\n", f'      - "{words}"\n')

    with pytest.raises(RecordRefused) as refusal:
        put_files(empty, [write(tmp_path, content)], who="a test")

    assert f"{words} has quotation marks around it" in refusal.value.detail
    assert refusal.value.line == 55


CONFLICTS = {
    "another text under the slug": ("and left", "and went", "a-source is on the record with another text"),
    "the text under another slug": (
        "slug: a-source",
        "slug: b-source",
        "on the record already, as the source a-source",
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_source_that_the_record_excludes_is_refused_at_its_slug(
    empty: Database, tmp_path: Path, old: str, new: str, reason: str
) -> None:
    put_files(empty, [write(tmp_path, GOOD)], who="a test")
    before = everything(empty.reader())

    with pytest.raises(RecordRefused, match=reason) as refusal:
        put_files(empty, [write(tmp_path, GOOD.replace(old, new, 1))], who="a test")

    assert refusal.value.detail.startswith(f"{tmp_path}/record.yaml, line 5: ")
    assert everything(empty.reader()) == before


def test_a_name_printed_in_another_source_is_taken_once_that_one_is_on_the_record(
    empty: Database, tmp_path: Path
) -> None:
    """Each file's export says what its own source prints, so that both come back, the first one first."""
    second = (
        GOOD.replace("a-source", "b-source")
        .replace("He said we won.", "They said we won.")
        .replace("within: He said", "within: They said")
    )
    second = second.replace("mention: He", "mention: They").replace("- name: He\n", "- name: He\n      - name: They\n")
    with pytest.raises(RecordRefused, match="“He” does not stand"):
        put_files(empty, [write(tmp_path, second)], who="a test")
    for content in (GOOD, second):
        put_files(empty, [write(tmp_path, content)], who="a test")

    with empty.writing() as session:
        first, other = (exports.take(session, slug).speakers[0].names for slug in ("a-source", "b-source"))

    assert [(name.name, name.printed) for name in first] == [("He", True), ("They", False)]
    assert [(name.name, name.printed) for name in other] == [("He", False), ("They", True)]
    sql = "SELECT name, printed FROM speaker_name ORDER BY name"
    assert empty.reader().execute(sql).fetchall() == [("He", 1), ("They", 1)]
