"""How good extraction is: python -m bench.extraction DATA.jsonl[.gz], hand-annotated news with its scorer beside it.

Prints the scorer's table for the rules and, in the same run, for a regular expression that takes the nearest large
words for the speaker; how right proposals are by what is told of how sure they are; and the time.
"""

import gzip
import importlib.util
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

from app.text.extract import extract

Document = Mapping[str, Any]
Proposals = list[dict[str, Any]]
ROUNDS = 200
_QUOTED = re.compile(r"[“\"]([^“”\"\n]+)[”\"]")
_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*")


def read(path: Path) -> list[Document]:
    text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return [json.loads(line) for line in text.decode().splitlines()]


def scorer(data: Path) -> ModuleType:
    """Load evaluate.py from the folder `tools` beside that of the data."""
    folder = data.resolve().parent.parent / "tools"
    sys.path.insert(0, str(folder))
    spec = importlib.util.spec_from_file_location("evaluate", folder / "evaluate.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"There is no scorer at {folder}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def by_rules(document: Document) -> Proposals:
    printed = date.fromisoformat(document["date"][:10]) if document.get("date") else None
    return [
        {
            "spans": [list(span) for span in found.spans],
            "speaker": found.speaker and list(found.speaker),
            "cue": found.cue and list(found.cue),
            "kind": found.kind,
            "confidence": found.confidence,
        }
        for found in extract(document["text"], printed)
        if found.parent is None
    ]


def by_expression(document: Document) -> Proposals:
    """Propose what stands between marks, and the large words after it, or else before, as the speaker."""
    text, made = document["text"], []
    for match in _QUOTED.finditer(text):
        name = _NAME.search(text, match.end(), match.end() + 60)
        earlier = list(_NAME.finditer(text, max(0, match.start() - 60), match.start()))
        name = name or (earlier[-1] if earlier else None)
        made.append({"spans": [list(match.span(1))], "speaker": name and list(name.span()), "cue": None})
    return made


def table(
    title: str, tool: ModuleType, documents: Sequence[Document], propose: Callable[[Document], Proposals]
) -> Mapping[str, Proposals]:
    """Print how good the proposals of all documents are, and return them, by document."""
    began = time.process_time()
    proposed = {document["doc_id"]: propose(document) for document in documents}
    took = time.process_time() - began
    paragraphs = sum(len([line for line in document["text"].split("\n") if line.strip()]) for document in documents)
    scored = tool.evaluate(documents, proposed, {})
    told = tool.summarise(scored)
    tool.random.seed(0)
    drawn = [tool.summarise(tool.random.choices(scored, k=len(scored)))["e2e_speaker"][2] for _ in range(ROUNDS)]
    drawn.sort()
    print(f"\n{title}")
    print(f"  quoted segments of 4 words or more, exact: precision, recall, F1  {told['exact']}")
    print(f"  of all lengths                                                    "
          f"{tool.summarise(tool.evaluate(documents, proposed, {}, 1))['exact']}")  # fmt: skip
    print(f"  with the right speaker                                            {told['e2e_speaker']}")
    print(f"    95 % of {ROUNDS} drawings                                       "
          f"{drawn[ROUNDS // 40]} to {drawn[-ROUNDS // 40]}")  # fmt: skip
    print(f"  right cue, of those found                                         {told['cue_acc_found']}")
    print(f"  content of every report (half of the words)                       {told['content_all_iou50']}")
    print(f"  seconds of processor time for 1,000 paragraphs                    {1000 * took / paragraphs:.2f}")
    return proposed


def calibration(tool: ModuleType, documents: Sequence[Document], proposed: Mapping[str, Proposals]) -> None:
    """Print, for each step of confidence, how many proposals there are and how many of them are right."""
    steps: dict[tuple[str, int], list[bool]] = defaultdict(list)
    quoted: list[tuple[float, bool]] = []
    for document in documents:
        for found in proposed[document["doc_id"]]:
            right = _is_right(tool, document, found)
            sort = "reported" if found["kind"] == "indirect" else "quoted"
            steps[sort, int(found["confidence"] * 10)].append(right)
            if sort == "quoted":
                quoted.append((found["confidence"], right))
    print("\nHow sure, and how right (words and speaker)")
    for (sort, step), rights in sorted(steps.items()):
        print(f"  {sort:9} {step / 10:.1f} and more {len(rights):6} {100 * sum(rights) / len(rights):6.1f} %")
    quoted.sort(key=lambda pair: -pair[0])
    surest = quoted[: 7 * len(quoted) // 10]
    print(f"  the surest 70 % of quoted ones: {100 * sum(right for _, right in surest) / len(surest):.1f} %")


def _is_right(tool: ModuleType, document: Document, found: Mapping[str, Any]) -> bool:
    text, speaker = document["text"], found["speaker"]
    if found["kind"] != "indirect":
        known = {(one["start"], one["end"]): one for one in document["quotes"] if one["attributed"]}
        gold = known.get(tool.trim(text, *found["spans"][0]))
        if gold is None or not gold["speaker_head"]:
            return gold is not None
        return bool(speaker) and bool(tool.spk_ok(speaker, gold))
    words = {at for start, end in found["spans"] for at in range(start, end)}
    for gold in document["attributions"]:
        content = {at for start, end in gold["content"] for at in range(start, end)}
        if 2 * len(words & content) >= len(words | content):
            source = gold["source"] or []
            return bool(speaker and any(low < speaker[1] and speaker[0] < high for low, high in source)) or (
                not source and not speaker
            )
    return False


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    data = Path(sys.argv[1])
    documents, tool = read(data), scorer(data)
    table("A regular expression", tool, documents, by_expression)
    calibration(tool, documents, table("The rules", tool, documents, by_rules))


if __name__ == "__main__":
    main()
