"""What the answers mean: the seed article and a small record, with expectations worked out by hand."""

import json
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import yaml
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.commands.records_in import put_files, read_file
from app.store import records
from app.store.corrections import correct_quotes
from app.store.history import Writer
from app.tables.anchored import AnchoredRecord
from app.tables.columns import now
from app.tables.db import Database
from app.tables.words import Polarity, Status
from tests.api.conftest import KEYED, SECRET, add_key
from tests.conftest import SEED

Json = dict[str, Any]  # an answer's document, as the test reads it

SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"
NOT_SAID = {
    "khamenehi-silent-on-hejab",
    "officials-in-iran-proposed-nothing-else",
    "khamenehi-not-saying-what-mission-said",
    "trump-never-definite-on-topics",
}
HYPOTHETICAL = {"officials-abroad-another-idea", "many-may-find-post-reasonable"}
ALLEGED = {"americans-planning-harm", "americans-new-demands"}
QUOTES, ASSERTED = 52, 44

KHAMENEI = {
    "khamenehi-bans-talks",
    "khamenehi-outlined-position",
    "khamenehi-will-not-negotiate",
    "khamenehi-open-to-all-countries",
    "khamenehi-only-exception-america",
    "khamenehi-blasts-talking-to-americans",
    "khamenehi-dismisses-americans",
    "khamenehi-damns-negotiations",
    "khamenehi-wants-central-focus",
    "khamenehi-says-about-negotiations",
    "khamenehi-not-under-bullying",
    "khamenehi-new-demands",
    "khamenehi-opposition-to-talks",
}
KHAMENEI_UNDATED = {
    "khamenehi-wants-central-focus",
    "khamenehi-says-about-negotiations",
    "khamenehi-opposition-to-talks",
}
KHAMENEI_BY_MARCH_2 = {"khamenehi-bans-talks", "khamenehi-outlined-position", "khamenehi-will-not-negotiate"}
TRUMP = {
    "trump-letter-proposes-talks",
    "trump-hopes-you-negotiate",
    "trump-military-threat",
    "trump-assails-endless-wars",
    "trump-wants-deals",
    "trump-letter-to-kim",
}
JCPOA = {"republicans-complained-of-jcpoa", "obama-limited-to-nuclear-topics", "many-view-jcpoa-as-reasonable"}
BUSHEHR = {"qatar-complains-of-bushehr-danger", "pentagon-bushehr-civilian", "pentagon-bushehr-not-a-target"}
MISSION = {"mission-would-consider-negotiations", "mission-post-on-x"}
NESTED = KHAMENEI_BY_MARCH_2 | {
    "pezeshkian-belief-in-dialogue",
    "pezeshkian-declared-will-not-negotiate",
    "pezeshkian-own-view-different",
}


@pytest.fixture(scope="module")
def ids() -> dict[str, str]:
    """The id of each quote of the seed, by its key in the record file."""
    ((parsed, record),) = read_file(SEED)
    keys = [str(entry.key) for entry in parsed.record.quotes]
    return dict(zip(keys, (quote.id for quote in record.quotes), strict=True))


@pytest.fixture(scope="module")
def keys(ids: dict[str, str]) -> dict[str, str]:
    return {name: key for key, name in ids.items()}


def all_of(client: TestClient, query: str, **headers: str) -> list[Json]:
    page = client.get(f"/v1/quotes?limit=200&{query}", headers=headers).json()
    assert page["next"] is None
    assert page["total"] == len(page["items"])
    items: list[Json] = page["items"]
    return items


# ---- What is served by default


EVERY_LIST = [
    "",
    "speaker=ali-khamenei",
    "speaker=officials-living-in-iran&speaker=officials-living-outside-iran",
    "speaker=-ali-khamenei",
    "topic=hejab-enforcement",
    "topic=us-iran-talks&topic=scope-of-us-iran-talks",
    "topic=-us-sanctions-on-iran",
    "topic=foreign-relations-of-iran&stance=opposes",
    "stance=supports",
    f"source={SOURCE}",
    "kind=indirect",
    "medium=thought&medium=speech",
    "firsthand=true",
    "firsthand=false",
    "annotated=true",
    "said_from=2025-01-01",
    "said_to=2025-12-31",
    "said_from=2025-02-01&said_to=2025-02-02&topic=hejab-enforcement",
    "published_from=2025-03-21",
    "min_length=1&max_length=1000",
    "sort=source",
    "sort=length",
    "sort=added",
    "fields=id,polarity",
    "include=segments,annotations,links",
]


@pytest.mark.parametrize("query", EVERY_LIST, ids=lambda query: query or "no filter")
def test_what_was_not_said_is_never_served_unless_polarity_asks(
    reading: TestClient, keys: dict[str, str], query: str
) -> None:
    items = all_of(reading, query)
    drawn = [] if "sort" in query else reading.get(f"/v1/quotes/random?n=100&{query}").json()["items"]
    for item in items + drawn:
        assert item["polarity"] == "asserted"
        assert keys[item["id"]] not in NOT_SAID | HYPOTHETICAL | ALLEGED


POLARITIES = {
    "polarity=not_said": NOT_SAID,
    "polarity=hypothetical": HYPOTHETICAL,
    "polarity=alleged": ALLEGED,
    "polarity=denied": set(),
    "polarity=not_said&polarity=alleged": NOT_SAID | ALLEGED,
    "polarity=any&speaker=officials-living-in-iran": {"officials-in-iran-proposed-nothing-else"},
    "polarity=not_said&topic=hejab-enforcement": {"khamenehi-silent-on-hejab"},
    "polarity=not_said&polarity=asserted&topic=hejab-enforcement": {
        "khamenehi-silent-on-hejab",
        "pezeshkian-will-not-punish-women",
        "khamenehi-wants-central-focus",
    },
}


@pytest.mark.parametrize(("query", "expected"), POLARITIES.items(), ids=POLARITIES)
def test_what_was_not_said_is_served_when_polarity_asks(
    reading: TestClient, keys: dict[str, str], query: str, expected: set[str]
) -> None:
    assert {keys[item["id"]] for item in all_of(reading, query)} == expected


def test_any_polarity_is_all_and_asserted_the_default(reading: TestClient) -> None:
    assert len(all_of(reading, "polarity=any")) == len(all_of(reading, "polarity=asserted&polarity=any")) == QUOTES
    assert all_of(reading, "polarity=asserted") == all_of(reading, "")
    assert len(all_of(reading, "")) == ASSERTED == QUOTES - len(NOT_SAID | HYPOTHETICAL | ALLEGED)


def test_what_was_not_said_is_in_no_count_and_no_position(reading: TestClient, keys: dict[str, str]) -> None:
    speakers = {item["slug"]: item for item in reading.get("/v1/speakers?limit=200").json()["items"]}
    assert sum(item["quotes"] for item in speakers.values()) == ASSERTED
    assert speakers["ali-khamenei"]["quotes"] == len(KHAMENEI)
    assert speakers["officials-living-in-iran"]["quotes"] == 0
    assert reading.get(f"/v1/sources/{SOURCE}").json()["quotes"] == ASSERTED
    assert reading.get("/v1/topics/hejab-enforcement").json()["quotes"] == 2
    for slug in speakers:
        for on in reading.get(f"/v1/speakers/{slug}/positions?limit=200&per_topic=100").json()["items"]:
            assert {position["polarity"] for position in on["positions"]} == {"asserted"}
    assert reading.get("/v1/speakers/officials-living-in-iran/positions").json()["items"] == []
    silent = reading.get("/v1/speakers/officials-living-in-iran/positions?polarity=not_said").json()["items"]
    assert {keys[position["id"]] for on in silent for position in on["positions"]} == {
        "officials-in-iran-proposed-nothing-else"
    }


def test_wherever_a_report_of_silence_does_stand_it_is_marked_as_one(
    reading: TestClient, ids: dict[str, str], keys: dict[str, str]
) -> None:
    spans = reading.get(f"/v1/sources/{SOURCE}").json()["spans"]
    assert {keys[span["id"]] for span in spans if span["polarity"] == "not_said"} == NOT_SAID
    links = reading.get(f"/v1/quotes/{ids['khamenehi-wants-central-focus']}").json()["links"]
    assert {link["quote"]["polarity"] for link in links if link["quote"]["id"] == ids["khamenehi-silent-on-hejab"]} == {
        "not_said"
    }


# ---- Or, and, not


FILTERS: dict[str, set[str]] = {
    "speaker=donald-trump": TRUMP,
    "speaker=barack-obama&speaker=pentagon-officials": {
        "obama-limited-to-nuclear-topics",
        "pentagon-bushehr-civilian",
        "pentagon-bushehr-not-a-target",
    },
    "speaker=ali-khamenei": KHAMENEI,
    "speaker=ali-khamenei&speaker=-ali-khamenei": set(),
    "speaker=donald-trump&topic=us-iran-talks": {"trump-letter-proposes-talks", "trump-hopes-you-negotiate"},
    "speaker=donald-trump&topic=-us-iran-talks": TRUMP - {"trump-letter-proposes-talks", "trump-hopes-you-negotiate"},
    "kind=mixed": {"khamenehi-not-under-bullying", "trump-assails-endless-wars", "trump-wants-deals"},
    "kind=direct&kind=mixed&speaker=ali-khamenei": {
        "khamenehi-not-under-bullying",
        "khamenehi-only-exception-america",
        "khamenehi-new-demands",
    },
    "medium=writing": MISSION | {"trump-letter-proposes-talks", "trump-letter-to-kim"},
    "medium=writing&venue=post": MISSION,
    "venue=interview&venue=post": MISSION | {"trump-hopes-you-negotiate", "trump-military-threat"},
    f"source=-{SOURCE}": set(),
    "publisher=Nobody": set(),
    "published_from=2025-03-22": set(),
    "published_to=2025-03-20": set(),
    "published_from=2025-03-21&published_to=2025-03-21&speaker=donald-trump": TRUMP,
    # Topics, each with its narrower ones.
    "topic=nuclear-program-of-iran": JCPOA | BUSHEHR | MISSION,
    "topic=nuclear-program-of-iran&topic=-jcpoa": BUSHEHR | MISSION,
    "topic=nuclear-program-of-iran&topic=-nuclear-sites-of-iran&topic=-jcpoa": MISSION,
    "topic=nuclear-sites-of-iran": BUSHEHR,
    "topic=jcpoa&topic=bushehr-nuclear-power-plant": JCPOA | BUSHEHR,
    "topic=us-foreign-policy": {"trump-assails-endless-wars", "trump-wants-deals", "trump-letter-to-kim"},
    "topic=us-deals-with-other-countries": {"trump-wants-deals", "trump-letter-to-kim"},
    "topic=economy-of-iran": {"officials-feel-iran-must-negotiate", "many-on-the-goal-of-talks"},
    # Days: what may have been said on them.
    "speaker=ali-khamenei&said_from=2025-03-08&said_to=2025-03-08": {
        "khamenehi-not-under-bullying",
        "khamenehi-new-demands",
        "khamenehi-blasts-talking-to-americans",
        "khamenehi-dismisses-americans",
        "khamenehi-damns-negotiations",
        *KHAMENEI_UNDATED,
    },
    "speaker=ali-khamenei&said_to=2025-02-06": {
        "khamenehi-damns-negotiations",
        *KHAMENEI_BY_MARCH_2,
        *KHAMENEI_UNDATED,
    },
    "speaker=ali-khamenei&said_to=2025-01-20": KHAMENEI_BY_MARCH_2 | KHAMENEI_UNDATED,
    "speaker=ali-khamenei&said_from=2025-03-02&said_to=2025-03-02": KHAMENEI
    - {
        "khamenehi-open-to-all-countries",
        "khamenehi-only-exception-america",
        "khamenehi-not-under-bullying",
        "khamenehi-new-demands",
    },
    "topic=jcpoa&said_from=2015-06-01&said_to=2015-06-02": JCPOA,
    "topic=jcpoa&said_to=2014-12-31": JCPOA - {"republicans-complained-of-jcpoa"},
    "topic=jcpoa&said_from=2016-01-01": JCPOA - {"republicans-complained-of-jcpoa"},
    "said_from=2025-03-22": set(),
    # Stances, with a topic the one taken under that topic.
    "topic=jcpoa&stance=supports": {"many-view-jcpoa-as-reasonable"},
    "topic=nuclear-program-of-iran&stance=opposes": {"mission-post-on-x"},
    "topic=us-iran-talks&stance=conditional": MISSION,
    "stance=opposes&speaker=masoud-pezeshkian": {
        "pezeshkian-disagrees-with-ban",
        "pezeshkian-declared-will-not-negotiate",
        "pezeshkian-will-not-punish-women",
    },
    "topic=us-iran-talks&stance=opposes&speaker=masoud-pezeshkian": {
        "pezeshkian-disagrees-with-ban",
        "pezeshkian-declared-will-not-negotiate",
    },
    "topic=us-iran-talks&stance=supports": {
        "khamenehi-bans-talks",
        "pezeshkian-belief-in-dialogue",
        "pezeshkian-remains-advocate",
        "officials-feel-iran-must-negotiate",
        "pezeshkian-feels-iran-must-negotiate",
        "trump-letter-proposes-talks",
        "trump-hopes-you-negotiate",
        "us-officials-demand-missile-limits",
        "republicans-complained-of-jcpoa",
        "many-on-the-goal-of-talks",
    },
    "stance=neutral": set(),
    # Parts and measures.
    "firsthand=false": NESTED,
    "firsthand=true&speaker=ali-khamenei": KHAMENEI - NESTED,
    "annotated=false": set(),
    "annotated=true&speaker=donald-trump": TRUMP,
    "min_length=206": {"pezeshkian-before-the-majlis", "mission-post-on-x", "obama-limited-to-nuclear-topics"},
    "min_length=207": {"pezeshkian-before-the-majlis", "mission-post-on-x"},
    "max_length=15": {"trump-letter-proposes-talks", "trump-military-threat"},
    "max_length=14": set(),
    "min_length=53&max_length=53": {"khamenehi-not-under-bullying"},
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items(), ids=FILTERS)
def test_a_filter_finds_what_was_counted_by_hand(
    reading: TestClient, keys: dict[str, str], query: str, expected: set[str]
) -> None:
    assert {keys[item["id"]] for item in all_of(reading, query)} == expected
    drawn = reading.get(f"/v1/quotes/random?n=100&{query}").json()["items"]
    assert {keys[item["id"]] for item in drawn} == expected


def test_two_speakers_excluded_leave_the_others(reading: TestClient) -> None:
    items = all_of(reading, "speaker=-ali-khamenei&speaker=-masoud-pezeshkian")
    assert len(items) == ASSERTED - 13 - 13
    assert {item["speaker"]["slug"] for item in items}.isdisjoint({"ali-khamenei", "masoud-pezeshkian"})


def test_quotes_in_order_of_the_source_are_in_order_of_the_text(reading: TestClient) -> None:
    items = all_of(reading, "sort=source&polarity=any")
    starts = [item["content"][0]["start"] for item in items]
    assert starts == sorted(starts)
    assert items[0]["text"].startswith("he doesn’t agree with the ban on talks")
    assert items[-1]["text"] == "the Bushehr plant is a purely civilian site"


def test_the_newest_quote_comes_first_and_the_oldest_last(reading: TestClient) -> None:
    days = [item["said"]["latest"] for item in all_of(reading, "")]
    assert days == sorted(days, reverse=True)
    assert (days[0], days[-1]) == ("2025-03-21", "2015-12-31")


# ---- Facets


FACETS: dict[str, dict[str, dict[str | None, int]]] = {
    "kind=direct": {
        "speaker": {"masoud-pezeshkian": 3, "ali-khamenei": 2, "irans-mission-to-the-un": 1, "donald-trump": 1},
        "source": {SOURCE: 7},
        "kind": {"direct": 7},
        "year": {"2025": 7},
        "topic": {
            "foreign-relations-of-iran": 7,
            "us-iran-talks": 7,
            "domestic-affairs-of-iran": 2,
            "authority-of-the-supreme-leader": 2,
            "scope-of-us-iran-talks": 2,
            "nuclear-program-of-iran": 1,
            "us-military-action-against-iran": 1,
            "defense-of-iran": 1,
            "irans-missiles": 1,
            "irans-regional-role": 1,
        },
    },
    "topic=jcpoa": {
        "speaker": {"many-republicans": 1, "barack-obama": 1, "many-in-the-islamic-republic": 1},
        "kind": {"indirect": 3},
        "year": {"2015": 1, None: 2},
    },
    "": {
        "kind": {"indirect": 34, "direct": 7, "mixed": 3},
        "year": {"2025": 22, "2015": 1, None: 21},
        "source": {SOURCE: 44},
    },
    "polarity=not_said": {
        "speaker": {"ali-khamenei": 2, "officials-living-in-iran": 1, "donald-trump": 1},
        "year": {"2025": 1, None: 3},
    },
    "speaker=officials-living-in-iran": {"speaker": {}, "topic": {}, "source": {}, "kind": {}, "year": {}},
}


@pytest.mark.parametrize(("query", "expected"), FACETS.items(), ids=[query or "no filter" for query in FACETS])
def test_facets_count_what_was_counted_by_hand(
    reading: TestClient, query: str, expected: dict[str, dict[str | None, int]]
) -> None:
    page = reading.get(f"/v1/quotes?limit=1&facets={','.join(expected)}&{query}").json()
    assert page["facets_are_exact"] is True
    found = {name: {value["value"]: value["count"] for value in values} for name, values in page["facets"].items()}
    assert found == expected
    for values in page["facets"].values():
        counts = [value["count"] for value in values]
        assert counts == sorted(counts, reverse=True)


def test_a_facet_tells_what_to_filter_by_and_how_a_person_reads_it(reading: TestClient) -> None:
    facets = reading.get("/v1/quotes?facets=speaker,topic,year&limit=1").json()["facets"]
    assert facets["speaker"][0] == {"value": "ali-khamenei", "label": "Ali Khamenei", "count": 13}
    assert facets["topic"][0]["label"] == "Foreign relations of Iran"
    assert facets["year"][1] == {"value": None, "label": "unknown", "count": 21}
    for name in ("speaker", "topic"):
        for value in facets[name]:
            assert len(all_of(reading, f"{name}={value['value']}")) == value["count"]


# ---- At random


def test_a_seed_draws_the_same_quotes_again_and_another_seed_others(reading: TestClient) -> None:
    drawn = [reading.get(f"/v1/quotes/random?n=10&seed={seed}").json() for seed in ("a", "a", "b")]
    assert drawn[0] == drawn[1]
    assert drawn[0]["seed"] == "a"
    assert drawn[0]["items"] != drawn[2]["items"]


def test_without_a_seed_each_call_draws_anew_and_tells_its_seed(reading: TestClient) -> None:
    first, second = (reading.get("/v1/quotes/random?n=20").json() for _ in range(2))
    assert first["items"] != second["items"]
    again = reading.get("/v1/quotes/random", params={"n": 20, "seed": first["seed"]}).json()
    assert again == first


def test_every_quote_is_drawn_once_when_all_are_asked_for(reading: TestClient) -> None:
    items = reading.get("/v1/quotes/random?n=100&polarity=any&seed=x").json()["items"]
    assert len({item["id"] for item in items}) == len(items) == QUOTES


def test_one_is_drawn_when_no_number_is_given(reading: TestClient) -> None:
    assert len(reading.get("/v1/quotes/random?kind=mixed").json()["items"]) == 1


# ---- Evidence


def test_every_segment_is_the_sources_text_between_its_offsets_with_32_code_points_around_it(
    reading: TestClient,
) -> None:
    text = reading.get(f"/v1/sources/{SOURCE}").json()["text"]
    for item in all_of(reading, "polarity=any"):
        whole = reading.get(item["url"]).json()
        for part in (*whole["segments"], *whole["interventions"]):
            assert part["exact"] == text[part["start"] : part["end"]]
        for part in whole["segments"]:
            assert part["prefix"] == text[max(0, part["start"] - 32) : part["start"]]
            assert part["suffix"] == text[part["end"] : part["end"] + 32]
        content = [part for part in whole["segments"] if part["role"] == "content"]
        assert whole["content"] == [{"start": part["start"], "end": part["end"]} for part in content]
        assert whole["text"] == " … ".join(" ".join(part["exact"].split("\n")) for part in content)
        mentions = [part["exact"] for part in whole["segments"] if part["role"] == "speaker"]
        assert whole["speaker"]["as_printed"] == (mentions[0] if mentions else None)


def test_the_source_has_every_span_that_the_quotes_have(reading: TestClient) -> None:
    source = reading.get(f"/v1/sources/{SOURCE}").json()
    assert source["text"] == (SEED.with_suffix(".txt")).read_bytes().decode()
    assert source["length"] == len(source["text"])
    items = all_of(reading, "polarity=any&sort=source&include=segments")
    assert [span["id"] for span in source["spans"]] == [item["id"] for item in items]
    for span, item in zip(source["spans"], items, strict=True):
        assert span["spans"] == [{key: part[key] for key in ("start", "end", "role")} for part in item["segments"]]
    for note in source["annotations"]:
        target = note["target"]
        assert target["exact"] == source["text"][target["start"] : target["end"]]


def test_an_editors_insertion_is_told_with_its_place(reading: TestClient, ids: dict[str, str]) -> None:
    whole = reading.get(f"/v1/quotes/{ids['khamenehi-new-demands']}").json()
    assert [(made["kind"], made["exact"]) for made in whole["interventions"]] == [("insertion", "[the Americans]")]


# ---- Who reports whom, and what relates to what


def test_a_nested_quote_names_who_reports_it(reading: TestClient, ids: dict[str, str]) -> None:
    outer, inner = ids["pezeshkian-before-the-majlis"], ids["khamenehi-will-not-negotiate"]
    whole = reading.get(f"/v1/quotes/{inner}").json()
    assert whole["parent"] == outer
    assert [(step["id"], step["speaker"]["slug"], step["cue"]) for step in whole["chain"]] == [
        (outer, "masoud-pezeshkian", "say"),
        (inner, "ali-khamenei", "state"),
    ]
    assert whole["nested"] == []


def test_a_quote_names_what_is_nested_in_it_in_reading_order(
    reading: TestClient, ids: dict[str, str], keys: dict[str, str]
) -> None:
    whole = reading.get(f"/v1/quotes/{ids['pezeshkian-before-the-majlis']}").json()
    assert [keys[item["id"]] for item in whole["nested"]] == [
        "pezeshkian-belief-in-dialogue",
        "khamenehi-will-not-negotiate",
        "pezeshkian-declared-will-not-negotiate",
    ]
    assert whole["parent"] is None
    assert [step["id"] for step in whole["chain"]] == [whole["id"]]


def test_a_link_is_told_from_both_its_quotes(reading: TestClient, ids: dict[str, str], keys: dict[str, str]) -> None:
    def told(key: str) -> set[tuple[str, str, str]]:
        links = reading.get(f"/v1/quotes/{ids[key]}").json()["links"]
        return {(link["direction"], link["relation"], keys[link["quote"]["id"]]) for link in links}

    assert told("khamenehi-bans-talks") == {
        ("incoming", "contradicts", "pezeshkian-disagrees-with-ban"),
        ("incoming", "restates", "khamenehi-will-not-negotiate"),
    }
    assert told("khamenehi-will-not-negotiate") == {
        ("outgoing", "elaborates", "khamenehi-outlined-position"),
        ("outgoing", "restates", "khamenehi-bans-talks"),
        ("outgoing", "contradicts", "pezeshkian-belief-in-dialogue"),
        ("incoming", "quotes", "pezeshkian-before-the-majlis"),
        ("incoming", "restates", "pezeshkian-declared-will-not-negotiate"),
    }
    every = [(key, *link) for key in ids for link in told(key)]
    outgoing = {(key, relation, other) for key, way, relation, other in every if way == "outgoing"}
    incoming = {(other, relation, key) for key, way, relation, other in every if way == "incoming"}
    assert outgoing == incoming
    assert len(outgoing) == 53


# ---- Positions and topics


def test_positions_come_by_topic_the_oldest_first_with_stance_and_source(
    reading: TestClient, keys: dict[str, str]
) -> None:
    page = reading.get("/v1/speakers/ali-khamenei/positions?topic=us-iran-talks").json()
    (on,) = page["items"]
    assert page["speaker"]["slug"] == "ali-khamenei"
    assert on["topic"] == {"slug": "us-iran-talks", "label": "US-Iran talks"}
    # On this very topic: `khamenehi-new-demands` is on a narrower one. The ban takes two stances.
    assert on["quotes"] == 12
    assert {keys[position["id"]] for position in on["positions"]} == KHAMENEI - {"khamenehi-new-demands"}
    assert Counter(position["said"]["latest"] for position in on["positions"]) == {
        "2025-02-07": 2,
        "2025-03-02": 4,
        "2025-03-08": 1,
        "2025-03-21": 6,
    }
    days = [position["said"]["latest"] for position in on["positions"]]
    assert days == sorted(days)
    ban = [position["stance"] for position in on["positions"] if keys[position["id"]] == "khamenehi-bans-talks"]
    assert ban == ["supports", "opposes"]
    assert {position["source"]["slug"] for position in on["positions"]} == {SOURCE}
    for position in on["positions"]:
        assert (position["stance"] is None) == (position["proposition"] is None)
    assert on["more"] is None


def test_more_leads_to_the_quotes_on_that_topic(reading: TestClient) -> None:
    page = reading.get("/v1/speakers/ali-khamenei/positions?topic=us-iran-talks&per_topic=3").json()
    (on,) = page["items"]
    assert len(on["positions"]) == 3
    items = reading.get(on["more"]).json()["items"]
    shown = [position["id"] for position in on["positions"]]
    assert set(shown) <= {item["id"] for item in items}
    assert {item["speaker"]["slug"] for item in items} == {"ali-khamenei"}


def test_topics_of_positions_come_by_label(reading: TestClient) -> None:
    items = reading.get("/v1/speakers/masoud-pezeshkian/positions").json()["items"]
    assert [on["topic"]["slug"] for on in items] == [
        "authority-of-the-supreme-leader",
        "hejab-enforcement",
        "us-iran-talks",
    ]
    (hejab,) = items[1]["positions"]
    assert hejab["stance"] == "opposes"
    assert hejab["text"] == "he will not punish women for refusing to cover their hair"


TREE = {
    "defense-of-iran": (1, 3),
    "irans-missiles": (3, 3),
    "domestic-affairs-of-iran": (0, 11),
    "authority-of-the-supreme-leader": (7, 7),
    "economy-of-iran": (1, 2),
    "fatf-blacklist": (1, 1),
    "us-sanctions-on-iran": (1, 1),
    "hejab-enforcement": (2, 2),
    "repression-in-iran": (1, 1),
    "nuclear-program-of-iran": (2, 8),
    "jcpoa": (3, 3),
    "nuclear-sites-of-iran": (1, 3),
    "bushehr-nuclear-power-plant": (3, 3),
    "us-foreign-policy": (0, 3),
    "us-deals-with-other-countries": (1, 2),
    "us-north-korea-talks": (1, 1),
    "us-wars-in-the-middle-east": (1, 1),
}
"""Own quotes and those with narrower topics, each quote once."""


@pytest.mark.parametrize(("slug", "counts"), TREE.items(), ids=TREE)
def test_a_topic_counts_its_quotes_with_those_of_narrower_topics_once(
    reading: TestClient, slug: str, counts: tuple[int, int]
) -> None:
    whole = reading.get(f"/v1/topics/{slug}").json()
    assert (whole["quotes"], whole["quotes_with_narrower"]) == counts
    items = all_of(reading, f"topic={slug}")
    assert len(items) == counts[1]
    assert sum(slug in [topic["slug"] for topic in item["topics"]] for item in items) == counts[0]


def test_the_tree_has_every_topic_below_its_broader_one(reading: TestClient) -> None:
    items = reading.get("/v1/topics").json()["items"]
    assert [item["slug"] for item in items] == [
        "defense-of-iran",
        "domestic-affairs-of-iran",
        "foreign-relations-of-iran",
        "nuclear-program-of-iran",
        "us-foreign-policy",
    ]

    def below(node: Json) -> Iterable[str]:
        for child in node["narrower"]:
            assert child["broader"] == node["slug"]
            yield child["slug"]
            yield from below(child)

    assert list(below(items[3])) == ["jcpoa", "nuclear-sites-of-iran", "bushehr-nuclear-power-plant"]
    assert sum(len(list(below(item))) for item in items) == 18
    leaf = reading.get("/v1/topics/bushehr-nuclear-power-plant").json()
    assert [step["slug"] for step in leaf["path"]] == ["nuclear-program-of-iran", "nuclear-sites-of-iran"]


def test_a_speaker_has_the_first_and_the_last_day_of_known_days_alone(reading: TestClient) -> None:
    khamenei = reading.get("/v1/speakers/ali-khamenei").json()
    assert (khamenei["first_said"], khamenei["last_said"]) == ("2025-02-07", "2025-03-08")
    assert reading.get("/v1/speakers/barack-obama").json()["first_said"] is None


# ---- Corrections


def put(database: Database, change: Callable[[AnchoredRecord], AnchoredRecord], *, who: str) -> None:
    """Put the seed on the record again, with something changed."""
    ((_, record),) = read_file(SEED)
    with database.writing() as session:
        records.put(session, change(record), writer=Writer(who, now()))


def changed(record: AnchoredRecord, name: str, **values: Any) -> AnchoredRecord:  # the fields of a quote
    quotes = tuple(quote._replace(**values) if quote.id == name else quote for quote in record.quotes)
    return record._replace(quotes=quotes)


def bring(database: Database, name: str, status: Status) -> None:
    """Bring a quote to a state, also to one to which no review brings it at once."""
    with database.writing() as session:
        connection = session.connection()
        seq = connection.execute(text("SELECT seq FROM quote WHERE id = :id"), {"id": name}).scalar_one()
        writer = Writer("an editor", now())
        correct_quotes(connection, [seq], lambda quote: quote._replace(status=status), writer=writer)


def test_a_correction_is_a_new_version_and_its_history_tells_what_changed(
    client: TestClient, seeded: Database, ids: dict[str, str]
) -> None:
    name = ids["pezeshkian-will-adhere"]
    before = client.get(f"/v1/quotes/{name}").json()
    end = client.get("/v1/changes?limit=200").json()
    while end["next"]:
        end = client.get(end["next"]).json()
    put(seeded, lambda record: changed(record, name, cue="repeat", addressee="the Majlis"), who="an editor")
    after = client.get(f"/v1/quotes/{name}").json()
    assert (after["version"], after["cue"], after["addressee"]) == (2, "repeat", "the Majlis")
    assert after["updated"] > before["updated"]
    kept = set(before) - {"version", "cue", "addressee", "updated", "chain"}
    assert {key: after[key] for key in kept} == {key: before[key] for key in kept}
    history = client.get(f"/v1/quotes/{name}/history").json()
    first, second = history["items"]
    assert (first["version"], first["who"], second["version"], second["who"]) == (1, "verbatim seed", 2, "an editor")
    (new,) = first["changes"]
    assert (new["path"], new["before"], new["after"]["cue"]) == ("", None, "reiterate")
    assert second["changes"] == [
        {"path": "/cue", "before": "reiterate", "after": "repeat"},
        {"path": "/addressee", "before": None, "after": "the Majlis"},
    ]
    since = client.get("/v1/changes", params={"after": end["cursor"]}).json()["items"]
    assert [(entry["what"], entry["name"], entry["version"], entry["who"]) for entry in since] == [
        ("quote", name, 2, "an editor")
    ]
    assert (since[0]["before"]["cue"], since[0]["after"]["cue"]) == ("reiterate", "repeat")


def test_a_corrected_polarity_leaves_every_default_list_at_once(
    client: TestClient, seeded: Database, ids: dict[str, str]
) -> None:
    name = ids["trump-military-threat"]
    addresses = ("/v1/quotes?speaker=donald-trump", "/v1/quotes?topic=us-military-action-against-iran", "/v1/quotes")
    pages = [client.get(f"{address}{'&' if '?' in address else '?'}limit=200").json() for address in addresses]
    assert all(name in [item["id"] for item in page["items"]] for page in pages)
    put(seeded, lambda record: changed(record, name, polarity=Polarity.DENIED), who="an editor")
    for address, page in zip(addresses, pages, strict=True):
        later = client.get(f"{address}{'&' if '?' in address else '?'}limit=200").json()
        assert name not in [item["id"] for item in later["items"]]
        assert later["total"] == page["total"] - 1
    assert client.get("/v1/speakers/donald-trump").json()["quotes"] == len(TRUMP) - 1
    assert [item["id"] for item in client.get("/v1/quotes?polarity=denied").json()["items"]] == [name]


# ---- What is not public


@pytest.mark.parametrize(
    ("status", "code"), [(Status.WITHDRAWN, 410), (Status.PROPOSED, 404), (Status.REJECTED, 404)], ids=str
)
def test_a_quote_that_is_not_public_is_served_to_a_key_alone(
    client: TestClient, seeded: Database, ids: dict[str, str], status: Status, code: int
) -> None:
    add_key(seeded, "a key", SECRET)
    name, parent = ids["khamenehi-will-not-negotiate"], ids["pezeshkian-before-the-majlis"]
    bring(seeded, name, status)
    assert client.get(f"/v1/quotes/{name}").status_code == code
    assert client.get(f"/v1/quotes/{name}/history").status_code == code
    assert client.get(f"/v1/quotes/{name}", headers=KEYED).json()["status"] == status
    assert len(client.get(f"/v1/quotes/{name}/history", headers=KEYED).json()["items"]) == 2
    assert [item["id"] for item in all_of(client, f"status={status}", **KEYED)] == [name]
    # Nothing else that is served without a key names it.
    assert len(all_of(client, "")) == ASSERTED - 1
    assert client.get("/v1/speakers/ali-khamenei").json()["quotes"] == len(KHAMENEI) - 1
    for address in (
        "/v1/quotes?polarity=any&limit=200&include=links",
        "/v1/quotes/random?polarity=any&n=100&include=links",
        f"/v1/quotes/{parent}",
        f"/v1/quotes/{ids['khamenehi-bans-talks']}",
        f"/v1/sources/{SOURCE}",
        "/v1/speakers/ali-khamenei/positions?polarity=any&per_topic=100&limit=200",
    ):
        assert name not in client.get(address).text
    facets = client.get("/v1/quotes?limit=1&facets=speaker,topic").json()["facets"]
    assert {value["value"]: value["count"] for value in facets["speaker"]}["ali-khamenei"] == 12
    assert client.get("/v1/topics/us-iran-talks").json()["quotes_with_narrower"] == 33


def test_a_disputed_quote_is_served_and_says_so(client: TestClient, seeded: Database, ids: dict[str, str]) -> None:
    name = ids["khamenehi-will-not-negotiate"]
    put(seeded, lambda record: changed(record, name, status=Status.DISPUTED), who="an editor")
    assert client.get(f"/v1/quotes/{name}").json()["status"] == "disputed"
    assert len(all_of(client, "")) == ASSERTED


# ---- Another text: astral characters, four steps of attribution, and an excerpt


END = "𝔗𝔥𝔢 𝔢𝔫𝔡 👩\u200d🚀"
TEXT = f"🚀🚀 Ada told us: “Bo wrote that Cy heard Dee say: {END}.” 🏁 Cafe\u0301, said Ada."
RECORD = {
    "format": "verbatim-record/1",
    "creator": "a test",
    "source": {
        "slug": "astral", "title": "Astral", "kind": "post", "language": "en", "access": "excerpt", "text": TEXT,
    },
    "speakers": [{"slug": name, "name": name.title(), "kind": "person"} for name in ("ada", "bo", "cy", "dee")],
    "quotes": [
        {
            "key": "ada", "kind": "direct", "speaker": "ada", "mention": {"exact": "Ada", "occurrence": 1},
            "cue": {"lemma": "tell", "exact": "told"}, "content": [f"Bo wrote that Cy heard Dee say: {END}."],
        },
        {"key": "bo", "parent": "ada", "kind": "indirect", "speaker": "bo", "content": [f"Cy heard Dee say: {END}"]},
        {"key": "cy", "parent": "bo", "kind": "indirect", "speaker": "cy", "content": [f"Dee say: {END}"]},
        {"key": "dee", "parent": "cy", "kind": "direct", "speaker": "dee", "content": [END]},
        {"key": "cafe", "kind": "direct", "content": ["Cafe\u0301,"], "said": {"edtf": "2024-02", "basis": "stated"}},
    ],
    "annotations": [{"motivation": "commenting", "body": "A flag.", "target": "🏁"}],
}  # fmt: skip


@pytest.fixture
def astral(client: TestClient, seeded: Database, tmp_path_factory: pytest.TempPathFactory) -> TestClient:
    """A client of the seeded record with another source, to which a key is known."""
    path = tmp_path_factory.mktemp("astral") / "astral.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(RECORD)), allow_unicode=True), encoding="utf-8")
    put_files(seeded, [path], who="a test")
    add_key(seeded, "a key", SECRET)
    return client


def test_offsets_count_code_points_in_a_text_of_astral_characters(astral: TestClient) -> None:
    items = all_of(astral, "source=astral&sort=source&include=segments")
    assert [item["content"] for item in items] == [
        [{"start": 17, "end": 61}],
        [{"start": 31, "end": 60}],
        [{"start": 40, "end": 60}],
        [{"start": 49, "end": 60}],
        [{"start": 65, "end": 71}],
    ]
    for item in items:
        for part in item["segments"]:
            assert part["exact"] == TEXT[part["start"] : part["end"]]
            assert part["prefix"] == TEXT[max(0, part["start"] - 32) : part["start"]]
            assert part["suffix"] == TEXT[part["end"] : part["end"] + 32]
    assert items[3]["text"] == END
    assert items[4]["text"] == "Cafe\u0301,"
    note = astral.get("/v1/sources/astral").json()["annotations"][0]
    assert note["target"] == {"quote": None, "source": "astral", "start": 63, "end": 64, "exact": "🏁"}


def test_lengths_count_code_points(astral: TestClient) -> None:
    assert astral.get("/v1/sources/astral").json()["length"] == len(TEXT)
    # A joined emoji is three code points, a letter with a combining accent two.
    assert len(all_of(astral, "source=astral&min_length=11&max_length=11")) == 1
    assert len(all_of(astral, "source=astral&min_length=6&max_length=6")) == 1


def test_a_chain_of_four_is_told_outermost_first(astral: TestClient) -> None:
    inner = all_of(astral, "speaker=dee")[0]
    chain = astral.get(inner["url"]).json()["chain"]
    assert [step["speaker"]["slug"] for step in chain] == ["ada", "bo", "cy", "dee"]
    assert chain[0]["cue"] == "tell"
    outer = astral.get(f"/v1/quotes/{chain[0]['id']}").json()
    assert [item["speaker"] for item in outer["nested"]] == ["bo"]
    assert {item["speaker"]["slug"] for item in all_of(astral, "source=astral&firsthand=false")} == {"bo", "cy", "dee"}


def test_a_quote_of_nobody_known_has_no_speaker_and_is_in_no_speakers_list(astral: TestClient) -> None:
    every = all_of(astral, "source=astral")
    (nobody,) = [item for item in every if item["speaker"] is None]
    assert nobody["text"] == "Cafe\u0301,"
    assert (nobody["said"]["earliest"], nobody["said"]["latest"]) == ("2024-02-01", "2024-02-29")
    # Whoever said it, it was not Ada as far as the record knows.
    assert nobody in all_of(astral, "source=astral&speaker=-ada")
    assert astral.get(nobody["url"]).json()["chain"] == [{"id": nobody["id"], "speaker": None, "cue": None}]


def test_a_month_may_have_been_any_of_its_days_and_an_unknown_day_any_day_at_all(astral: TestClient) -> None:
    def found(query: str) -> int:
        return len(all_of(astral, f"source=astral&{query}"))

    # The four others have no date, and no day of publication that would bound it.
    assert found("said_from=2024-02-29") == found("said_to=2024-02-01") == 5
    assert found("said_from=2024-02-10&said_to=2024-02-10") == 5
    assert found("said_from=2024-03-01") == found("said_to=2024-01-31") == 4


def test_the_text_of_an_excerpt_is_served_with_a_key_alone(astral: TestClient) -> None:
    without, keyed = astral.get("/v1/sources/astral"), astral.get("/v1/sources/astral", headers=KEYED)
    assert without.json()["text"] is None
    assert keyed.json()["text"] == TEXT
    assert {**without.json(), "text": TEXT} == keyed.json()
    assert without.headers["etag"] != keyed.headers["etag"]
    assert keyed.headers["cache-control"] == "private, no-cache"
    # What a key was shown is not kept for those without one.
    assert astral.get("/v1/sources/astral").json()["text"] is None
    assert astral.get(f"/v1/sources/{SOURCE}").json()["text"] is not None


def test_no_answer_without_a_key_holds_the_whole_text_of_an_excerpt(astral: TestClient) -> None:
    for path in ("/v1/sources", "/v1/sources/astral", "/v1/changes?limit=200&what=source", "/v1/quotes?source=astral"):
        assert TEXT not in json.dumps(astral.get(path).json(), ensure_ascii=False)
