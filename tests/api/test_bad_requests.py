"""Bad requests: each is refused by a problem that names the value and the remedy."""

from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.api.parameters import MOST_PARAMETERS
from app.api.problems import MEDIA_TYPE, Problem, every_error
from app.store import cursors
from app.tables.db import Database
from app.tables.words import Status
from tests.api.conftest import KEYED, SECRET, add_key
from tests.api.document import DOCUMENT
from tests.api.generated import Made

SOURCE = "pezeshkian-khamenei-us-talks-2025-03-21"
NOBODY = "0123456789abcdef"
NAME = "a-name"
LONG = "x" * 10_000
TYPES = {kind.type: kind for kind in every_error()}
ROUTES = {
    "quotes": "/v1/quotes",
    "random": "/v1/quotes/random",
    "quote": f"/v1/quotes/{NOBODY}",
    "history": f"/v1/quotes/{NOBODY}/history",
    "speakers": "/v1/speakers",
    "speaker": f"/v1/speakers/{NAME}",
    "positions": f"/v1/speakers/{NAME}/positions",
    "topics": "/v1/topics",
    "topic": f"/v1/topics/{NAME}",
    "sources": "/v1/sources",
    "source": f"/v1/sources/{NAME}",
    "changes": "/v1/changes",
    "liveness": "/livez",
    "readiness": "/readyz",
    "metrics": "/metrics",
}


def refused(response: Response, status: int, kind: str) -> Problem:
    """Return the problem, which is a whole and true one of that kind."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.headers["cache-control"] == "no-store"
    problem = Problem.model_validate_json(response.content, strict=True, extra="forbid")
    assert problem.type == f"/problems#{kind}"
    assert (problem.status, problem.title) == (status, TYPES[kind].title)
    assert len(problem.detail) < 1000
    return problem


class Wrong(NamedTuple):
    """A query, the parameter that its problem names, and words of what is said about it."""

    path: str
    query: str
    parameter: str
    words: str


WRONG = {
    # Unknown parameters: the nearest known one is named, or all of them, or that there are none.
    "a mistyped parameter": Wrong("/v1/quotes", "speeker=ali-khamenei", "speeker", "did you mean speaker?"),
    "a plural": Wrong("/v1/quotes", "topics=jcpoa", "topics", "did you mean topic?"),
    "a parameter run together": Wrong("/v1/quotes", "saidfrom=2025-03-01", "saidfrom", "did you mean said_from?"),
    "a parameter in capitals": Wrong("/v1/quotes", "LIMIT=5", "LIMIT", "There is no parameter LIMIT"),
    "a parameter like no other": Wrong("/v1/quotes", "zzz=1", "zzz", "the known ones are q, speaker, topic,"),
    "an empty name": Wrong("/v1/quotes", "=1", "", "There is no parameter : the known ones are"),
    "an emoji as a name": Wrong("/v1/quotes", "%F0%9F%9A%80=1", "🚀", "There is no parameter 🚀"),
    "a name of 10,000 characters": Wrong("/v1/quotes", f"{LONG}=1", "x" * 60, "the known ones are"),
    "a format": Wrong("/v1/quotes", "format=csv", "format", "There is no parameter format: the known ones are q,"),
    "a claim for a text": Wrong("/v1/verify", "claim=we+will", "claim", "parameter claim: did you mean text?"),
    "a mistyped text": Wrong("/v1/verify", "txt=we+will", "txt", "did you mean text?"),
    "no text": Wrong("/v1/verify", "speaker=ali-khamenei", "text", "text is missing: The words of the claim"),
    "two texts": Wrong("/v1/verify", "text=a&text=b", "text", "text is given 2 times: give it once."),
    "a sort where nothing is sorted": Wrong(
        "/v1/quotes/random", "sort=said", "sort", "There is no parameter sort: the known"
    ),
    "an offset": Wrong("/v1/quotes", "offset=20", "offset", "There is no parameter offset"),
    "a limit on a single quote": Wrong(
        f"/v1/quotes/{NOBODY}", "limit=1", "limit", "limit: the known ones are version."
    ),
    "fields on a single quote": Wrong(
        f"/v1/quotes/{NOBODY}", "fields=id", "fields", "fields: the known ones are version."
    ),
    "fields on a speaker": Wrong("/v1/speakers/ali-khamenei", "fields=slug", "fields", "it takes none."),
    "depth on a topic": Wrong("/v1/topics/jcpoa", "depth=1", "depth", "it takes none."),
    "text on a source": Wrong(f"/v1/sources/{SOURCE}", "text=no", "text", "it takes none."),
    "a kind of topics": Wrong("/v1/topics", "kind=person", "kind", "the known ones are limit, after."),
    "a filter of a history": Wrong(f"/v1/quotes/{NOBODY}/history", "what=quote", "what", "the known ones are limit,"),
    "a parameter of liveness": Wrong("/livez", "verbose=1", "verbose", "it takes none."),
    "a parameter of readiness": Wrong("/readyz", "verbose=1", "verbose", "it takes none."),
    "a parameter of metrics": Wrong("/metrics", "name=x", "name", "it takes none."),
    # Slugs that the record does not know, or that are none.
    "a surname with a digit": Wrong("/v1/quotes", "speaker=khamenei2", "speaker", "did you mean ali-khamenei?"),
    "a surname": Wrong("/v1/quotes", "speaker=pezeshkian", "speaker", "did you mean masoud-pezeshkian?"),
    "an unknown speaker excluded": Wrong("/v1/quotes", "speaker=-ali-khamenehi", "speaker", "mean ali-khamenei?"),
    "a speaker like no other": Wrong(
        "/v1/quotes", "speaker=zzzz", "speaker", "zzzz. Those on the record are listed at /v1/speakers."
    ),
    "a topic like no other": Wrong(
        "/v1/quotes", "topic=foo", "topic", "There is no topic foo. Those on the record are"
    ),
    "a source like no other": Wrong(
        "/v1/quotes", "source=x", "source", "x. Those on the record are listed at /v1/sources."
    ),
    "a label like no other": Wrong("/v1/quotes", "topic=Foo+bar", "topic", "the record are listed at /v1/topics."),
    "an unknown speaker beside a known": Wrong(
        "/v1/quotes", "speaker=ali-khamenei&speaker=donald-trum", "speaker", "did you mean donald-trump?"
    ),
    "an unknown speaker drawn": Wrong("/v1/quotes/random", "speaker=obama", "speaker", "did you mean barack-obama?"),
    "an unknown topic": Wrong("/v1/quotes", "topic=iran-us-talks", "topic", "did you mean us-iran-talks?"),
    "an unknown topic of positions": Wrong(
        "/v1/speakers/ali-khamenei/positions", "topic=jcpao", "topic", "did you mean jcpoa?"
    ),
    "an excluded topic of positions": Wrong(
        "/v1/speakers/ali-khamenei/positions", "topic=-jcpoa", "topic", "it is not a slug such as us-iran-talks"
    ),
    "an unknown source": Wrong(
        "/v1/quotes", "source=pezeshkian-khamenei-us-talks-2025-03-22", "source", f"did you mean {SOURCE}?"
    ),
    "a name for a slug": Wrong(
        "/v1/quotes", "speaker=Ali+Khamenei", "speaker", "digits and single hyphens): did you mean ali-khamenei?"
    ),
    "a name as printed": Wrong("/v1/quotes", "speaker=Ali+Khamenehi", "speaker", "did you mean ali-khamenei?"),
    "a name in capitals": Wrong("/v1/export.csv", "speaker=DONALD+TRUMP", "speaker", "did you mean donald-trump?"),
    "a name in another script": Wrong(
        "/v1/quotes", f"speaker={quote('مسعود پزشکیان')}", "speaker", "did you mean masoud-pezeshkian?"
    ),
    "a name excluded": Wrong("/v1/quotes/random", "speaker=-Barack+Obama", "speaker", "did you mean barack-obama?"),
    "a name that nobody has": Wrong("/v1/quotes", "speaker=Zzzz+Qqq", "speaker", "single hyphens)."),
    "a title": Wrong("/v1/quotes", "speaker=the-leader", "speaker", "did you mean ali-khamenei?"),
    "a label for a slug": Wrong(
        "/v1/quotes",
        "topic=US-Iran+talks",
        "topic",
        "slug such as us-iran-talks (lower-case letters, digits and single",
    ),
    "a label nearly": Wrong("/v1/quotes", "topic=US-Iran+talks", "topic", "did you mean us-iran-talks?"),
    "a title for a source": Wrong("/v1/quotes", "source=My+article", "source", f"it is not a slug such as {SOURCE}"),
    "two hyphens for one": Wrong("/v1/quotes", "topic=us--iran-talks", "topic", "single hyphens"),
    "a slug by commas": Wrong("/v1/quotes", "speaker=ali-khamenei,donald-trump", "speaker", "speaker once for each."),
    "a slug and SQL": Wrong(
        "/v1/quotes", "speaker=x%27+OR+1%3D1--", "speaker", "speaker=x' OR 1=1--: it is not a slug"
    ),
    "a slug with a NUL": Wrong("/v1/quotes", "speaker=ali-khamenei%00", "speaker", "it is not a slug"),
    "a slug with a line break": Wrong("/v1/quotes", "speaker=ali-khamenei%0A", "speaker", "it is not a slug"),
    "a slug of 10,000 characters": Wrong("/v1/quotes", f"speaker={LONG}", "speaker", "at most 121 characters"),
    "21 speakers": Wrong(
        "/v1/quotes", "&".join(["speaker=ali-khamenei"] * 21), "speaker", "given 21 times: it takes 20 at most."
    ),
    # Numbers: ASCII digits, in range.
    "a limit of 0": Wrong("/v1/quotes", "limit=0", "limit", "limit=0: input should be greater than or equal to 1."),
    "a limit of 201": Wrong(
        "/v1/quotes", "limit=201", "limit", "limit=201: input should be less than or equal to 200."
    ),
    "a limit below 0": Wrong("/v1/quotes", "limit=-1", "limit", "greater than or equal to 1"),
    "a limit with a point": Wrong("/v1/quotes", "limit=5.0", "limit", "limit=5.0: not a whole number."),
    "a limit with an exponent": Wrong("/v1/quotes", "limit=1e3", "limit", "limit=1e3: not a whole number."),
    "a limit with a plus": Wrong("/v1/quotes", "limit=%2B5", "limit", "limit=+5: not a whole number."),
    "a limit with a blank": Wrong("/v1/quotes", "limit=%205", "limit", "limit= 5: not a whole number."),
    "a limit with an underscore": Wrong("/v1/quotes", "limit=1_0", "limit", "limit=1_0: not a whole number."),
    "a limit that is true": Wrong("/v1/quotes", "limit=true", "limit", "limit=true: not a whole number."),
    "a limit in Arabic digits": Wrong("/v1/quotes", f"limit={quote('٥')}", "limit", "limit=٥: not a whole number."),
    "a limit in superscript": Wrong("/v1/quotes", f"limit={quote('²')}", "limit", "limit=²: not a whole number."),
    "a limit of two minuses": Wrong("/v1/quotes", "limit=--5", "limit", "limit=--5: not a whole number."),
    "a limit that begins with 0": Wrong(
        "/v1/quotes", "limit=05", "limit", "limit=05: a whole number does not begin with 0."
    ),
    "a limit of minus 0": Wrong("/v1/quotes", "limit=-0", "limit", "does not begin with 0"),
    "a limit of two zeros": Wrong("/v1/topics", "limit=00", "limit", "does not begin with 0"),
    "a limit beyond 64 bits": Wrong("/v1/quotes", "limit=99999999999999999999", "limit", "less than or equal to 200"),
    "a limit of 10,000 digits": Wrong("/v1/quotes", f"limit={'9' * 10_000}", "limit", "limit=999"),
    "a blank limit": Wrong("/v1/quotes", "limit=", "limit", "limit=: not a whole number."),
    "a limit without a value": Wrong("/v1/quotes", "limit", "limit", "limit=: not a whole number."),
    "a limit of speakers": Wrong("/v1/speakers", "limit=201", "limit", "less than or equal to 200"),
    "a limit of topics": Wrong("/v1/topics", "limit=0", "limit", "greater than or equal to 1"),
    "a limit of sources": Wrong("/v1/sources", "limit=ten", "limit", "limit=ten: not a whole number."),
    "a limit of changes": Wrong("/v1/changes", "limit=1e1", "limit", "not a whole number"),
    "a limit of a history": Wrong(f"/v1/quotes/{NOBODY}/history", "limit=0", "limit", "greater than or equal to 1"),
    "101 at random": Wrong("/v1/quotes/random", "n=101", "n", "n=101: input should be less than or equal to 100."),
    "none at random": Wrong("/v1/quotes/random", "n=0", "n", "greater than or equal to 1"),
    "no positions": Wrong("/v1/speakers/ali-khamenei/positions", "per_topic=0", "per_topic", "greater than or equal"),
    "a length below 0": Wrong("/v1/quotes", "min_length=-1", "min_length", "greater than or equal to 0"),
    "a length beyond 64 bits": Wrong(
        "/v1/quotes", "max_length=9223372036854775808", "max_length", "less than or equal"
    ),
    "lengths reversed": Wrong(
        "/v1/quotes", "min_length=9&max_length=5", "min_length", "min_length=9 is greater than max_length=5"
    ),
    # Days: of the calendar, in one form.
    "February 30": Wrong(
        "/v1/quotes", "said_from=2025-02-30", "said_from", "said_from=2025-02-30: it is not a day of the calendar."
    ),
    "February 29 of no leap year": Wrong("/v1/quotes", "said_to=2023-02-29", "said_to", "said_to=2023-02-29: "),
    "a 13th month": Wrong(
        "/v1/quotes", "published_from=2025-13-01", "published_from", "-13-01: it is not a day of the calendar."
    ),
    "the year 0": Wrong("/v1/quotes", "said_from=0000-01-01", "said_from", "said_from=0000-01-01: it is not a day"),
    "a day of German form": Wrong(
        "/v1/quotes", "said_from=21.03.2025", "said_from", "not a day of the form YYYY-MM-DD"
    ),
    "a day in words": Wrong("/v1/sources", "published_from=21+March+2025", "published_from", "of the form YYYY-MM-DD"),
    "a month for a day": Wrong("/v1/quotes", "said_from=2025-03", "said_from", "said_from=2025-03: not a day"),
    "a day without hyphens": Wrong("/v1/quotes", "said_to=20250321", "said_to", "not a day of the form"),
    "a day with a time": Wrong("/v1/quotes", "said_to=2025-03-21T00:00", "said_to", "not a day of the form"),
    "a moment as a number": Wrong("/v1/quotes", "said_from=86400", "said_from", "not a day of the form"),
    "a day in Arabic digits": Wrong("/v1/quotes", f"said_to={quote('٢٠٢٥-٠٣-٢١')}", "said_to", "not a day of the form"),
    "a blank day": Wrong("/v1/quotes", "said_from=", "said_from", "said_from=: not a day"),
    "said days reversed": Wrong(
        "/v1/quotes",
        "said_from=2025-03-02&said_to=2025-03-01",
        "said_from",
        "said_from=2025-03-02 is after said_to=2025-03-01: nothing can match.",
    ),
    "printed days reversed": Wrong(
        "/v1/quotes/random", "published_from=2025-03-02&published_to=2025-03-01", "published_from", "nothing can match"
    ),
    "printed days of sources reversed": Wrong(
        "/v1/sources", "published_from=2025-03-02&published_to=2025-03-01", "published_from", "nothing can match"
    ),
    # What takes one value takes it once.
    "two limits": Wrong("/v1/quotes", "limit=5&limit=6", "limit", "limit is given 2 times: give it once."),
    "the same limit twice": Wrong("/v1/topics", "limit=5&limit=5", "limit", "give it once"),
    "two days": Wrong("/v1/quotes", "said_from=2025-03-01&said_from=2025-03-02", "said_from", "give it once"),
    "two cursors": Wrong("/v1/quotes", "after=a&after=b", "after", "give it once"),
    "two sorts": Wrong("/v1/quotes", "sort=said&sort=-said", "sort", "give it once"),
    "two seeds": Wrong("/v1/quotes/random", "seed=1&seed=2", "seed", "give it once"),
    # Words of a vocabulary.
    "a mistyped kind": Wrong("/v1/quotes", "kind=dirct", "kind", "kind=dirct is not known: did you mean direct?"),
    "a kind like no other": Wrong("/v1/quotes", "kind=zzz", "kind", "use one of direct, indirect, mixed."),
    "a kind in capitals": Wrong("/v1/quotes", "kind=DIRECT", "kind", "kind=DIRECT is not known"),
    "a blank kind": Wrong("/v1/quotes", "kind=", "kind", "kind= is not known: use one of"),
    "kinds by commas": Wrong(
        "/v1/quotes", "kind=direct,mixed", "kind", "once for each, as in kind=direct&kind=indirect."
    ),
    "all for any": Wrong("/v1/quotes", "polarity=all", "polarity", "use one of asserted, denied, not_said, alleged,"),
    "a mistyped medium": Wrong("/v1/quotes", "medium=speach", "medium", "did you mean speech?"),
    "a mistyped polarity": Wrong("/v1/quotes", "polarity=not-said", "polarity", "did you mean not_said?"),
    "a mistyped stance": Wrong("/v1/quotes", "stance=support", "stance", "did you mean supports?"),
    "a mistyped venue": Wrong("/v1/quotes", "venue=meating", "venue", "did you mean meeting?"),
    "a mistyped status": Wrong("/v1/quotes", "status=publish", "status", "did you mean published?"),
    "a mistyped sort": Wrong("/v1/quotes", "sort=-sayd", "sort", "did you mean -said?"),
    "a mistyped field": Wrong("/v1/quotes", "fields=id,txt", "fields", "fields=txt is not known: did you mean text?"),
    "no field": Wrong("/v1/quotes", "fields=", "fields", "fields= is not known: use one of"),
    "a comma too many": Wrong("/v1/quotes", "fields=id,", "fields", "fields= is not known"),
    "a mistyped include": Wrong("/v1/quotes", "include=segment", "include", "did you mean segments?"),
    "a mistyped facet": Wrong("/v1/quotes", "facets=speakers", "facets", "did you mean speaker?"),
    "a mistyped kind of speaker": Wrong("/v1/speakers", "kind=persona", "kind", "did you mean person?"),
    "a mistyped kind of source": Wrong("/v1/sources", "kind=artikle", "kind", "did you mean article?"),
    "a mistyped kind of change": Wrong("/v1/changes", "what=quotes", "what", "did you mean quote?"),
    "a kind of 10,000 characters": Wrong("/v1/quotes", f"kind={LONG}", "kind", f"kind={'x' * 57}... is not known"),
    "yes for true": Wrong("/v1/quotes", "firsthand=yes", "firsthand", "firsthand=yes: neither true nor false."),
    "1 for true": Wrong("/v1/quotes", "annotated=1", "annotated", "annotated=1: neither true nor false."),
    "True for true": Wrong("/v1/sources", "complete=True", "complete", "complete=True: neither true nor false."),
    "a blank for true": Wrong("/v1/quotes", "firsthand=", "firsthand", "firsthand=: neither true nor false."),
    "a blank seed": Wrong("/v1/quotes/random", "seed=", "seed", "at least 1 character"),
    "a seed of 10,000 characters": Wrong("/v1/quotes/random", f"seed={LONG}", "seed", "at most 100 characters"),
    # Cursors that no page gave.
    "an empty cursor": Wrong("/v1/quotes", "after=", "after", "after= is not a cursor of this list"),
    "a cursor in words": Wrong("/v1/quotes", "after=the-beginning", "after", "take it from `next`, unchanged"),
    "a cursor that is not base64": Wrong("/v1/quotes", "after=%2A%2A%2A", "after", "after=*** is not a cursor"),
    "a cursor that is not ASCII": Wrong("/v1/quotes", f"after={quote('é🚀')}", "after", "after=é🚀 is not a cursor"),
    "a cursor with a NUL": Wrong("/v1/quotes", "after=%00", "after", "is not a cursor"),
    "a cursor of 2,000 characters": Wrong("/v1/quotes", f"after={'A' * 2000}", "after", "AAA... is not a cursor"),
    "a cursor of 10,000 characters": Wrong("/v1/quotes", f"after={LONG}", "after", "at most 2000 characters"),
    "a cursor of nested brackets": Wrong("/v1/quotes", f"after={'W1tb' * 499}", "after", "is not a cursor"),
    "a wrong cursor of speakers": Wrong("/v1/speakers", "after=x", "after", "after=x is not a cursor"),
    "a wrong cursor of topics": Wrong("/v1/topics", "after=x", "after", "after=x is not a cursor"),
    "a wrong cursor of sources": Wrong("/v1/sources", "after=x", "after", "after=x is not a cursor"),
    "a wrong cursor of changes": Wrong("/v1/changes", "after=x", "after", "after=x is not a cursor"),
    "a wrong cursor of positions": Wrong("/v1/speakers/ali-khamenei/positions", "after=x", "after", "not a cursor"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_wrong_parameter_is_named_with_its_value_and_the_remedy(reading: TestClient, wrong: Wrong) -> None:
    problem = refused(reading.get(f"{wrong.path}?{wrong.query}"), 422, "invalid")
    (fault,) = problem.errors
    assert fault.parameter == wrong.parameter
    assert wrong.words in fault.detail
    assert problem.detail == fault.detail


UNREADABLE = {
    "a byte that is no UTF-8": ("speaker=%FF", "not percent-encoded UTF-8"),
    "an unfinished character": ("speaker=%E2%80", "not percent-encoded UTF-8"),
    "an overlong slash": ("topic=%C0%AF", "not percent-encoded UTF-8"),
    "half of a pair": ("seed=%ED%A0%80", "not percent-encoded UTF-8"),
    "a name that is no UTF-8": ("%FF=1", "not percent-encoded UTF-8"),
    "201 parameters": ("&".join(["kind=direct"] * (MOST_PARAMETERS + 1)), "more than 200 parameters"),
    "201 unknown parameters": ("&".join(f"p{at}=1" for at in range(MOST_PARAMETERS + 1)), "more than 200 parameters"),
}


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/random", f"/v1/quotes/{NOBODY}", "/v1/changes", "/livez"])
@pytest.mark.parametrize(("query", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_query_that_cannot_be_read_is_refused_whole(reading: TestClient, path: str, query: str, words: str) -> None:
    assert words in refused(reading.get(f"{path}?{query}"), 422, "invalid").detail


def test_every_wrong_parameter_is_listed(reading: TestClient) -> None:
    response = reading.get("/v1/quotes?limit=0&speeker=x&kind=dirct&kind=zzz&sort=said&sort=said&said_from=soon")
    problem = refused(response, 422, "invalid")
    assert problem.detail == "6 parameters are wrong."
    assert sorted(str(fault.parameter) for fault in problem.errors) == [
        "kind", "kind", "limit", "said_from", "sort", "speeker",
    ]  # fmt: skip


def test_every_unknown_slug_is_listed(reading: TestClient) -> None:
    problem = refused(reading.get("/v1/quotes?speaker=a&speaker=-b&topic=c&source=d"), 422, "invalid")
    assert problem.detail == "4 values are not known."
    assert [fault.parameter for fault in problem.errors] == ["speaker", "speaker", "topic", "source"]


CURSORS = {
    "of another speaker": ("/v1/quotes?speaker=bo", "/v1/quotes?speaker=ada"),
    "of no filter": ("/v1/quotes", "/v1/quotes?speaker=ada"),
    "of fewer topics": ("/v1/quotes?topic=water", "/v1/quotes?topic=water&topic=earth"),
    "of the excluded topic": ("/v1/quotes?topic=water", "/v1/quotes?topic=-water"),
    "of another polarity": ("/v1/quotes", "/v1/quotes?polarity=any"),
    "of the other direction": ("/v1/quotes?sort=said", "/v1/quotes?sort=-said"),
    "of another order": ("/v1/quotes?sort=added", "/v1/quotes?sort=length"),
    "of another day": ("/v1/quotes?said_from=2023-01-01", "/v1/quotes?said_from=2023-01-02"),
    "of quotes for speakers": ("/v1/quotes", "/v1/speakers"),
    "of speakers for topics": ("/v1/speakers", "/v1/topics"),
    "of topics for sources": ("/v1/topics", "/v1/sources"),
    "of sources for speakers": ("/v1/sources", "/v1/speakers"),
    "of sources of another kind": ("/v1/sources", "/v1/sources?kind=post"),
    "of speakers of another kind": ("/v1/speakers", "/v1/speakers?kind=person"),
    "of changes for quotes": ("/v1/changes", "/v1/quotes?sort=added"),
    "of changes of another kind": ("/v1/changes", "/v1/changes?what=quote"),
    "of another speaker's positions": ("/v1/speakers/ada/positions", "/v1/speakers/bo/positions"),
    "of positions for topics": ("/v1/speakers/ada/positions", "/v1/topics"),
}


def with_query(address: str, **query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def cursor_of(client: TestClient, address: str) -> str:
    """Return the cursor of the page after the first one."""
    after: str = client.get(client.get(with_query(address, limit="1")).json()["next"]).request.url.params["after"]
    return after


@pytest.mark.parametrize(("given", "asked"), CURSORS.values(), ids=CURSORS)
def test_a_cursor_is_good_only_for_the_list_that_gave_it(many: TestClient, given: str, asked: str) -> None:
    after = cursor_of(many, given)
    assert many.get(with_query(given, after=after)).status_code == 200
    problem = refused(many.get(with_query(asked, after=after)), 422, "invalid")
    assert f"after={after[:40]}" in problem.detail
    assert [fault.parameter for fault in problem.errors] == ["after"]


@pytest.mark.parametrize("address", ["/v1/quotes", "/v1/quotes?sort=length", "/v1/speakers", "/v1/changes"])
def test_no_character_of_a_cursor_can_be_changed_left_out_or_added(many: TestClient, address: str) -> None:
    after = cursor_of(many, address)
    tampered = [after[:at] + ("A" if after[at] != "A" else "B") + after[at + 1 :] for at in range(len(after))]
    tampered += [after[:-1], after[1:], after + "A", f"{after}=", f"{after}==", f" {after}", f"{after}\n", after * 2]
    for cursor in tampered:
        refused(many.get(with_query(address, after=cursor)), 422, "invalid")


def test_a_cursor_of_what_a_key_shows_is_not_good_without_one(many: TestClient) -> None:
    page = many.get("/v1/changes?limit=1", headers=KEYED).json()
    after = page["cursor"]
    refused(many.get(with_query("/v1/changes", after=after)), 422, "invalid")
    refused(many.get(page["next"]), 422, "invalid")


def test_a_cursor_made_by_hand_with_a_number_that_no_database_takes_is_refused(reading: TestClient) -> None:
    for position in ([2**70], [-(2**63) - 1], [1.5], [None], ["1"], [True], [], [1, 2]):
        after = cursors.encode(position, "changes []")  # wrong on purpose
        refused(reading.get(with_query("/v1/changes", after=after)), 422, "invalid")


METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")


def allowed(path: str) -> str:
    """Return the methods that the document tells of a path, and those that follow from them."""
    told = DOCUMENT["paths"].get(path.replace(NOBODY, "{id}").replace(NAME, "{slug}"), {})
    return ", ".join(sorted({*map(str.upper, told or ("get",)), "HEAD", "OPTIONS"}))


NOT_ALLOWED = [
    (method, path)
    for path in [*ROUTES.values(), "/openapi.json", "/docs", "/problems", "/"]
    for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW")
    if method not in allowed(path)
]


@pytest.mark.parametrize(("method", "path"), NOT_ALLOWED, ids=map(" ".join, NOT_ALLOWED))
def test_a_wrong_method_is_told_the_right_ones(reading: TestClient, method: str, path: str) -> None:
    response = reading.request(method, path)
    problem = refused(response, 405, "method-not-allowed")
    assert response.headers["allow"] == allowed(path)
    assert f"{method} is not possible at {path}; these are: {allowed(path)}." == problem.detail


@pytest.mark.parametrize("path", ROUTES.values(), ids=ROUTES)
def test_options_are_told_without_a_problem(reading: TestClient, path: str) -> None:
    response = reading.options(path)
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == allowed(path)


NOWHERE = {
    "another version": "/v2/quotes",
    "a version alone": "/v1",
    "a slash too many": "/v1/quotes/",
    "two slashes": "//v1/quotes",
    "capitals": "/v1/Quotes",
    "a part of a quote": f"/v1/quotes/{NOBODY}/links",
    "a part of a speaker": "/v1/speakers/ali-khamenei/quotes",
    "a file": "/.env",
    "a file of the docs": "/static/../app/main.py",
    "a NUL": "/v1/%00",
    "no UTF-8": "/%FF",
    "10,000 characters": f"/{LONG}",
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", NOWHERE.values(), ids=NOWHERE)
def test_an_unknown_path_is_not_found_whatever_the_method(reading: TestClient, path: str, method: str) -> None:
    problem = refused(reading.request(method, path), 404, "not-found")
    assert "The paths are listed at /docs." in problem.detail


MEANT = {
    "a slash too many": ("/v1/quotes/", "There is nothing at /v1/quotes/: did you mean /v1/quotes?"),
    "a slash after a name": ("/v1/speakers/ali-khamenei/", "did you mean /v1/speakers/ali-khamenei?"),
    "slashes after a form": ("/v1/quotes.csv//", "did you mean /v1/quotes.csv?"),
    "a slash after a page": ("/docs/", "did you mean /docs?"),
    "an export in no form": ("/v1/export", "form, /v1/export.ndjson, /v1/export.csv, /v1/export.jsonld."),
    "quotes at random in a form": ("/v1/quotes/random.csv", "served as JSON only, at /v1/quotes/random: forms are"),
}


@pytest.mark.parametrize(("path", "words"), MEANT.values(), ids=MEANT)
def test_a_path_that_is_nearly_one_is_told_which(reading: TestClient, path: str, words: str) -> None:
    assert words in refused(reading.get(path), 404, "not-found").detail


def test_a_slash_after_what_is_nowhere_suggests_nothing(reading: TestClient) -> None:
    assert "did you mean" not in refused(reading.get("/v2/quotes/"), 404, "not-found").detail


ABSENT = {
    "a quote": (f"/v1/quotes/{NOBODY}", f"There is no quote {NOBODY}."),
    "a quote whose id is none": ("/v1/quotes/no-such-id", "There is no quote no-such-id."),
    "a quote with an O for a 0": ("/v1/quotes/o123456789abcdef", "There is no quote o123456789abcdef."),
    "a quote of 10,000 characters": (f"/v1/quotes/{LONG}", f"There is no quote {'x' * 100}."),
    "a quote with a NUL": ("/v1/quotes/%00", "There is no quote \0."),
    "a quote with bytes that are no UTF-8": ("/v1/quotes/%FF%FE", "There is no quote "),
    "a quote and SQL": ("/v1/quotes/'%20OR%201=1--", "There is no quote ' OR 1=1--."),
    "a history": (f"/v1/quotes/{NOBODY}/history", f"There is no quote {NOBODY}."),
    "the history of random": ("/v1/quotes/random/history", "There is no quote random."),
    "a speaker": ("/v1/speakers/khamenei2", "There is no speaker khamenei2: did you mean ali-khamenei?"),
    "a speaker in capitals": ("/v1/speakers/Ali-Khamenei", "did you mean ali-khamenei?"),
    "a speaker like no other": ("/v1/speakers/zzzz", "There is no speaker zzzz."),
    "a speaker of 10,000 characters": (f"/v1/speakers/{LONG}", f"There is no speaker {'x' * 100}."),
    "positions": ("/v1/speakers/pezeshkian/positions", "did you mean masoud-pezeshkian?"),
    "a topic": ("/v1/topics/iran-us-talks", "There is no topic iran-us-talks: did you mean us-iran-talks?"),
    "a topic with a NUL": ("/v1/topics/jcpoa%00", "There is no topic jcpoa\0: did you mean jcpoa?"),
    "a source": ("/v1/sources/pezeshkian-khamenei-us-talks-2025-03-20", f"did you mean {SOURCE}?"),
    "a source like no other": ("/v1/sources/zzzz", "There is no source zzzz."),
}


@pytest.mark.parametrize(("path", "words"), ABSENT.values(), ids=ABSENT)
def test_a_thing_that_is_not_there_is_named_with_the_nearest_one(reading: TestClient, path: str, words: str) -> None:
    problem = refused(reading.get(path), 404, "not-found")
    assert words in problem.detail
    assert problem.errors == []


BAD_KEYS = {
    "an unknown key": "Bearer guessed",
    "an expired key": "Bearer expired",
    "a revoked key": "Bearer revoked",
    "a key cut short": f"Bearer {SECRET[:-1]}",
    "a key in other letters": f"Bearer {SECRET.upper()}",
    "the hash of a key": f"Bearer {sha256(SECRET.encode()).hexdigest()}",
    "two keys": f"Bearer {SECRET} {SECRET}",
    "a key of 10,000 characters": f"Bearer {LONG}",
    "a key that is not ASCII": "Bearer \xe9\xff",
    "a key and SQL": "Bearer ' OR 1=1--",
}
BAD_SCHEMES = {
    "another scheme": f"Basic {SECRET}",
    "a scheme like Bearer": f"Bearers {SECRET}",
    "no scheme": SECRET,
    "no key": "Bearer",
    "a blank key": "Bearer  ",
    "nothing": "",
}
KEYED_PATHS = ("/v1/quotes", "/v1/quotes?status=proposed", "/v1/quotes/random", "/v1/quotes/{id}",
               "/v1/quotes/{id}/history", "/v1/sources/nobody-1", "/v1/changes")  # fmt: skip


@pytest.fixture(scope="module")
def keyed(many: TestClient) -> TestClient:
    """A client of the generated record, on which two more keys were good once."""
    database: Database = many.app.state.database  # type: ignore[attr-defined]  # typed as any ASGI application
    add_key(database, "an expired key", "expired", expires="2026-01-02T00:00:00.000000Z")
    add_key(database, "a revoked key", "revoked", revoked="2026-01-02T00:00:00.000000Z")
    return many


@pytest.mark.parametrize("path", KEYED_PATHS)
@pytest.mark.parametrize("header", [*BAD_KEYS.values(), *BAD_SCHEMES.values()], ids=[*BAD_KEYS, *BAD_SCHEMES])
def test_a_key_that_is_not_good_is_refused_also_where_none_is_needed(
    keyed: TestClient, made: list[Made], path: str, header: str
) -> None:
    name = next(item.quote.id for item in made if item.quote.status is Status.PUBLISHED)
    sent = {b"authorization": header.encode("latin-1")}
    response = keyed.get(path.format(id=name), headers=sent)
    problem = refused(response, 401, "unauthorized")
    assert response.headers["www-authenticate"] == 'Bearer realm="verbatim"'
    if header in BAD_SCHEMES.values():
        assert problem.detail == "Authorization is not of the form: Bearer KEY."
    else:
        assert problem.detail == "The key is not known, has expired or was revoked."


@pytest.mark.parametrize("path", ["/v1/quotes", "/v1/quotes/random"])
@pytest.mark.parametrize("status", Status)
def test_a_status_cannot_be_asked_for_without_a_key(reading: TestClient, path: str, status: Status) -> None:
    response = reading.get(f"{path}?status={status}")
    problem = refused(response, 401, "unauthorized")
    assert response.headers["www-authenticate"] == 'Bearer realm="verbatim"'
    assert problem.detail == "The parameter status needs a key: send Authorization: Bearer KEY."


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_good_key_is_taken_in_any_case_of_its_scheme(keyed: TestClient, scheme: str) -> None:
    for path in ("/v1/quotes?status=proposed", "/v1/quotes/random?status=withdrawn", "/v1/changes"):
        assert keyed.get(path, headers={"Authorization": f"{scheme} {SECRET}"}).status_code == 200


@pytest.mark.parametrize("status", [status for status in Status if status not in ("published", "disputed")])
@pytest.mark.parametrize("suffix", ["", "/history"])
def test_a_quote_that_is_not_public_is_not_there_or_gone(
    many: TestClient, made: list[Made], status: Status, suffix: str
) -> None:
    name = next(item.quote.id for item in made if item.quote.status is status)
    response = many.get(f"/v1/quotes/{name}{suffix}")
    if status is Status.WITHDRAWN:
        assert "was withdrawn from the record on 2026-01-02." in refused(response, 410, "gone").detail
    else:
        assert refused(response, 404, "not-found").detail == f"There is no public quote {name}."
    assert many.get(f"/v1/quotes/{name}{suffix}", headers=KEYED).status_code == 200


def test_the_table_is_as_long_as_was_asked_for() -> None:
    assert len(WRONG) + len(UNREADABLE) + len(CURSORS) + len(NOWHERE) + len(ABSENT) + len(BAD_KEYS) >= 70
