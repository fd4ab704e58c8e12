"""The tree of topics, flat: the same topics in the same order as nested, at any depth."""

import json

import pytest
from pydantic import JsonValue

from app.errors import NotFound
from app.store import topics
from app.tables.db import Database
from app.tables.topic import TopicFilter


def flattened(nodes: JsonValue, step: int = 0) -> list[tuple[JsonValue, int]]:
    """Return the topics of nested trees from the top down, without what is below each, and how deep it stands."""
    assert isinstance(nodes, list)
    found: list[tuple[JsonValue, int]] = []
    for node in nodes:
        assert isinstance(node, dict)
        found += [({**node, "narrower": None}, step), *flattened(node["narrower"], step + 1)]
    return found


def test_the_outline_of_a_page_is_its_trees_laid_flat(seeded: Database) -> None:
    reader = seeded.reader()
    asked = TopicFilter(limit=3)
    nested, outline = topics.find(reader, asked), topics.outline(reader, asked)
    flat = [({**json.loads(branch.item), "narrower": None}, branch.step) for branch in outline.branches]
    assert flat == flattened([json.loads(item) for item in nested.items])
    assert (outline.listed.after, outline.listed.total) == (nested.after, nested.total)


def test_a_topic_alone_is_the_whole_one_without_its_tree(seeded: Database) -> None:
    reader = seeded.reader()
    whole = json.loads(topics.one(reader, "us-iran-talks"))
    assert json.loads(topics.alone(reader, "us-iran-talks")) == {**whole, "narrower": []}
    below = [(json.loads(branch.item)["slug"], branch.step) for branch in topics.under(reader, "us-iran-talks")]
    assert below == [(node["slug"], 1) for node in whole["narrower"]]
    assert topics.under(reader, "jcpoa") == topics.under(reader, "nothing") == []
    with pytest.raises(NotFound, match="did you mean us-iran-talks"):
        topics.alone(reader, "us-iran-talk")
