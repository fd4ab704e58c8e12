"""Speakers and topics merged and split again, over HTTP."""

import pytest

from app.commands.records_in import put_files
from app.tables.words import Scope
from tests.api.writers import Document, Writers
from tests.conftest import SEED
from tests.store.builders import rebuilt, shelved

TRUMP = "/v1/speakers/donald-trump"
LEADER = "/v1/speakers/ali-khamenei"
TALKS = "/v1/topics/us-iran-talks"
SCOPE_OF_TALKS = "/v1/topics/scope-of-us-iran-talks"
MISSILES = "/v1/topics/irans-missiles"
EVERY = "limit=200&polarity=any"


def merge(desk: Writers, path: str, into: str, scope: Scope = Scope.ADMIN, **headers: str) -> Document:
    """Merge, and return the other as it is answered."""
    made = desk.post(f"{path}/merge", {"into": into}, scope, **({"If_Match": desk.tag(path)} | headers))
    assert made.status_code == 200, made.text
    document: Document = made.json()
    return document


def quotes(desk: Writers, query: str) -> dict[str, Document]:
    """Return the quotes of a list by their ids."""
    found = desk.client.get(f"/v1/quotes?{EVERY}&{query}")
    assert found.status_code == 200, found.text
    return {quote["id"]: quote for quote in found.json()["items"]}


def changes(desk: Writers, what: str, name: str) -> list[Document]:
    """Return all changes of a thing, oldest first; its versions are without a gap."""
    found: list[Document] = []
    url: str | None = f"/v1/changes?what={what}&limit=200"
    while url:
        page = desk.client.get(url, headers=desk.headers()).json()
        found += [change for change in page["items"] if change["name"] == name]
        url = page["next"]
    assert [change["version"] for change in found] == list(range(1, len(found) + 1))
    return found


def lists(desk: Writers) -> list[Document]:
    """Return what every list says, but for the versions of the quotes."""
    paths = [f"/v1/quotes?{EVERY}&sort=source", "/v1/speakers?limit=200", "/v1/topics?limit=200", "/v1/sources"]
    for slug in [item["slug"] for item in desk.client.get("/v1/speakers?limit=200").json()["items"]]:
        paths.append(f"/v1/speakers/{slug}/positions?polarity=any&limit=200")
    found = [desk.client.get(path).json() for path in paths]
    for quote in found[0]["items"]:
        del quote["version"]
    return found


def prove_shelves(desk: Writers) -> None:
    with desk.database.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())


def test_everything_of_a_merged_speaker_is_the_other_s(desk: Writers) -> None:
    gone, other = desk.client.get(TRUMP).json(), desk.client.get(LEADER).json()
    of_gone, of_other = quotes(desk, "speaker=donald-trump"), quotes(desk, "speaker=ali-khamenei")
    named = {quote["id"] for quote in desk.client.get("/v1/quotes?q=Trump&limit=200").json()["items"]}
    assert of_gone
    answer = merge(desk, TRUMP, "ali-khamenei")
    read = desk.client.get(LEADER)
    assert read.json() == answer
    assert answer["quotes"] == gone["quotes"] + other["quotes"]
    names = {name["name"]: name for name in read.json()["names"]}
    assert names == {
        **{name["name"]: name for name in (*gone["names"], *other["names"])},
        **(
            {gone["name"]: {"name": gone["name"], "language": None, "printed": False}}
            if gone["name"] not in [name["name"] for name in gone["names"]]
            else {}
        ),
    }
    assert [role for role in gone["roles"] if role not in read.json()["roles"]] == []
    for slug in ("donald-trump", "ali-khamenei"):
        assert quotes(desk, f"speaker={slug}").keys() == of_gone.keys() | of_other.keys()
    assert quotes(desk, "speaker=-donald-trump").keys().isdisjoint(of_gone)
    assert named <= {quote["id"] for quote in desk.client.get("/v1/quotes?q=Trump&limit=200").json()["items"]}
    assert of_other.keys() <= quotes(desk, "q=Trump").keys()
    prove_shelves(desk)


def test_the_history_tells_a_merge(desk: Writers) -> None:
    of_gone = quotes(desk, "speaker=donald-trump")
    merge(desk, TRUMP, "ali-khamenei")
    *_, told, ended = changes(desk, "speaker", "donald-trump")
    assert told["after"] == told["before"] | {"merged_into": "ali-khamenei"}  # type: ignore[operator]  # documents
    assert (ended["before"], ended["after"]) == (told["after"], None)
    other = changes(desk, "speaker", "ali-khamenei")[-1]
    assert other["after"]["former"] == ["donald-trump"]  # type: ignore[index]  # a document
    for name, before in of_gone.items():
        change = changes(desk, "quote", name)[-1]
        assert (change["version"], change["who"]) == (before["version"] + 1, "key-admin")  # type: ignore[operator]  # a document
        assert (change["before"]["speaker"], change["after"]["speaker"]) == ("donald-trump", "ali-khamenei")  # type: ignore[index]  # a document
    assert changes(desk, "quote", next(iter(quotes(desk, "speaker=masoud-pezeshkian"))))[-1]["version"] == 1


def test_every_slug_of_a_merged_speaker_leads_to_the_other(desk: Writers) -> None:
    desk.patch(TRUMP, {"slug": "donald-john-trump"})
    merge(desk, "/v1/speakers/donald-john-trump", "ali-khamenei")
    for old in ("donald-trump", "donald-john-trump"):
        moved = desk.client.get(f"/v1/speakers/{old}", follow_redirects=False)
        assert (moved.status_code, moved.headers["location"]) == (308, "/v1/speakers/ali-khamenei")
        again = desk.post("/v1/speakers", {"slug": old, "name": "x", "kind": "person"})
        assert again.status_code == 409
    # A body may name the other by an old slug too.
    merge(desk, "/v1/speakers/masoud-pezeshkian", "donald-trump")
    assert desk.client.get("/v1/speakers/masoud-pezeshkian").json()["slug"] == "ali-khamenei"


def test_everything_of_a_merged_topic_is_the_other_s(desk: Writers) -> None:
    gone, other = desk.client.get(TALKS).json(), desk.client.get(MISSILES).json()
    union = quotes(desk, "topic=us-iran-talks").keys() | quotes(desk, "topic=irans-missiles").keys()
    answer = merge(desk, TALKS, "irans-missiles")
    read = desk.client.get(MISSILES).json()
    assert read == answer
    assert read["labels"] == sorted({*gone["labels"], *other["labels"], gone["label"]})
    assert {node["slug"] for node in gone["narrower"]} <= {node["slug"] for node in read["narrower"]}
    for slug in ("us-iran-talks", "irans-missiles"):
        assert quotes(desk, f"topic={slug}").keys() == union
    moved = desk.client.get(TALKS, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, "/v1/topics/irans-missiles")
    assert desk.client.get("/v1/quotes?q=Washington&topic=irans-missiles").json()["total"] > 0
    *_, told, ended = changes(desk, "topic", "us-iran-talks")
    assert (told["after"]["merged_into"], ended["after"]) == ("irans-missiles", None)  # type: ignore[index]  # a document
    assert changes(desk, "topic", "scope-of-us-iran-talks")[-1]["after"]["broader"] == "irans-missiles"  # type: ignore[index]  # a document
    prove_shelves(desk)


def test_a_stance_that_stood_on_both_topics_stands_once(desk: Writers) -> None:
    both = [
        quote
        for quote in quotes(desk, "topic=us-iran-talks").values()
        if [about["slug"] for about in quote["topics"]].count("us-iran-talks") == 2  # type: ignore[attr-defined]  # a document
    ]
    assert both
    desk.post("/v1/topics", {"slug": "talks", "label": "Talks"})
    name = str(both[0]["id"])
    two = [about for about in both[0]["topics"] if about["slug"] == "us-iran-talks"]  # type: ignore[attr-defined]  # a document
    # Put the quote on both topics with the one stance, as nobody can over HTTP in this test.
    with desk.database.writing() as session:
        session.connection().exec_driver_sql(_ALSO, (name, two[0]["stance"], two[0]["proposition"]))
    merge(desk, TALKS, "talks")
    after = [about for about in desk.client.get(f"/v1/quotes/{name}").json()["topics"] if about["slug"] == "talks"]
    assert [(about["stance"], about["proposition"]) for about in after] == [
        (about["stance"], about["proposition"]) for about in two
    ]


_ALSO = """
INSERT INTO quote_topic (quote, ordinal, topic, stance, proposition)
SELECT quote.seq, 99, topic.seq, ?2, ?3 FROM quote, topic WHERE quote.id = ?1 AND topic.slug = 'talks'
"""


@pytest.mark.parametrize(
    ("path", "into", "said"),
    [
        (TRUMP, "donald-trump", "into itself"),
        (TRUMP, "donald-tramp", "did you mean donald-trump"),
        (TRUMP, "us-iran-talks", "There is no speaker"),
        (TALKS, "us-iran-talks", "into itself"),
        (TALKS, "scope-of-us-iran-talks", "is below us-iran-talks"),
        (TALKS, "no-such-topic", "There is no topic"),
    ],
)
def test_a_merge_that_cannot_be_is_refused(desk: Writers, path: str, into: str, said: str) -> None:
    before = lists(desk)
    refused = desk.post(f"{path}/merge", {"into": into}, Scope.ADMIN, If_Match="*")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/into")
    assert said in refused.json()["detail"]
    assert lists(desk) == before


def test_a_merge_says_which_version_goes(desk: Writers) -> None:
    assert desk.post(f"{TRUMP}/merge", {"into": "ali-khamenei"}, Scope.ADMIN).status_code == 428
    tag = desk.tag(TRUMP)
    desk.patch(TRUMP, {"description": "One."})
    stale = desk.post(f"{TRUMP}/merge", {"into": "ali-khamenei"}, Scope.ADMIN, If_Match=tag)
    assert (stale.status_code, stale.json()["version"]) == (412, 2)


def test_a_merge_asked_twice_under_a_key_is_made_once(desk: Writers) -> None:
    tag = desk.tag(TRUMP)
    asked = {"If_Match": tag, "Idempotency_Key": "one"}
    first = desk.post(f"{TRUMP}/merge", {"into": "ali-khamenei"}, Scope.ADMIN, **asked)
    again = desk.post(f"{TRUMP}/merge", {"into": "ali-khamenei"}, Scope.ADMIN, **asked)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (200, first.content)


@pytest.mark.parametrize("scope", [Scope.PROPOSE, Scope.ANNOTATE, Scope.EDIT])
@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{TRUMP}/merge", {"into": "ali-khamenei"}),
        (f"{TALKS}/merge", {"into": "irans-missiles"}),
        (f"{TRUMP}/split", {"slug": "trump"}),
        (f"{TALKS}/split", {"slug": "talks"}),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_only_an_admin_merges_and_splits(desk: Writers, path: str, body: Document, scope: Scope) -> None:
    refused = desk.post(path, body, scope, If_Match="*")
    assert (refused.status_code, "scope admin" in refused.json()["detail"]) == (403, True)
    assert desk.client.post(path, json=body).status_code == 401


@pytest.mark.parametrize(
    ("path", "into"), [(TRUMP, "ali-khamenei"), (TALKS, "irans-missiles"), (MISSILES, "us-iran-talks")]
)
def test_a_split_undoes_a_merge(desk: Writers, path: str, into: str) -> None:
    collection, slug = path.rpartition("/")[::2]
    what = collection.removeprefix("/v1/").removesuffix("s")
    desk.patch(path, {"slug": f"{slug}-2"})
    before, entry = lists(desk), desk.client.get(f"{path}-2").json()
    merge(desk, f"{path}-2", into)
    assert lists(desk) != before
    split = desk.post(f"{collection}/{into}/split", {"slug": f"{slug}-2"}, Scope.ADMIN)
    assert split.status_code == 201, split.text
    assert split.headers["location"].endswith(f"{path}-2")
    assert lists(desk) == before
    read = desk.client.get(f"{path}-2", follow_redirects=False)
    assert (read.json(), read.headers["etag"]) == (split.json(), split.headers["etag"])
    own = {"version", "created", "updated"}
    assert {n: v for n, v in read.json().items() if n not in own} == {n: v for n, v in entry.items() if n not in own}
    # The slug that it had before it was renamed leads to it again.
    moved = desk.client.get(path, follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (308, f"{path}-2")
    *_, ended, back = changes(desk, what, f"{slug}-2")
    assert (ended["after"], back["before"]) == (None, None)
    assert back["version"] == read.json()["version"]
    assert "former" not in changes(desk, what, into)[-1]["after"]  # type: ignore[operator]  # a document
    prove_shelves(desk)
    assert desk.post(f"{collection}/{into}/split", {"slug": f"{slug}-2"}, Scope.ADMIN).status_code == 409


def test_a_quote_that_went_elsewhere_since_stays_there(desk: Writers) -> None:
    first, *rest = quotes(desk, "speaker=donald-trump")
    merge(desk, TRUMP, "ali-khamenei")
    merge(desk, "/v1/speakers/ali-khamenei", "masoud-pezeshkian")
    refused = desk.post("/v1/speakers/masoud-pezeshkian/split", {"slug": "donald-trump"}, Scope.ADMIN)
    assert (refused.status_code, "split ali-khamenei from masoud-pezeshkian first" in refused.json()["detail"]) == (
        409,
        True,
    )
    desk.post("/v1/speakers/masoud-pezeshkian/split", {"slug": "ali-khamenei"}, Scope.ADMIN)
    with desk.database.writing() as session:  # one of them is somebody else's, as an editor finds
        session.connection().exec_driver_sql(_ELSEWHERE, (first,))
    split = desk.post("/v1/speakers/ali-khamenei/split", {"slug": "donald-trump"}, Scope.ADMIN)
    assert split.status_code == 201, split.text
    assert list(quotes(desk, "speaker=donald-trump")) == rest


_ELSEWHERE = "UPDATE quote SET speaker = (SELECT seq FROM speaker WHERE slug = 'masoud-pezeshkian') WHERE id = ?"


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        (TRUMP, "ali-khamenei"),
        (TRUMP, "nobody"),
        (TRUMP, "donald-trump"),
        (LEADER, "donald-john-trump"),
        (TALKS, "irans-missiles"),
    ],
    ids=["another", "unknown", "itself", "of another", "another topic"],
)
def test_what_was_not_merged_is_not_split(desk: Writers, path: str, slug: str) -> None:
    desk.post("/v1/speakers", {"slug": "trump", "name": "Trump", "kind": "person"})
    desk.patch("/v1/speakers/trump", {"slug": "donald-john-trump"})
    refused = desk.post(f"{path}/split", {"slug": slug}, Scope.ADMIN)
    assert (refused.status_code, slug in refused.json()["detail"]) == (409, True)


def test_a_renamed_speaker_was_not_merged(desk: Writers) -> None:
    desk.patch(TRUMP, {"slug": "donald-john-trump"})
    refused = desk.post("/v1/speakers/donald-john-trump/split", {"slug": "donald-trump"}, Scope.ADMIN)
    assert refused.status_code == 409


def test_a_merge_into_one_that_is_renamed_is_split_still(desk: Writers) -> None:
    before = quotes(desk, "speaker=donald-trump").keys()
    merge(desk, TRUMP, "ali-khamenei")
    desk.patch(LEADER, {"slug": "the-leader"})
    split = desk.post("/v1/speakers/the-leader/split", {"slug": "donald-trump"}, Scope.ADMIN)
    assert split.status_code == 201, split.text
    assert quotes(desk, "speaker=donald-trump").keys() == before


def test_a_split_may_say_which_version_it_splits(desk: Writers) -> None:
    tag = desk.tag(LEADER)
    merge(desk, TRUMP, "ali-khamenei")
    stale = desk.post("/v1/speakers/ali-khamenei/split", {"slug": "donald-trump"}, Scope.ADMIN, If_Match=tag)
    assert stale.status_code == 412


def test_a_record_file_of_before_undoes_nothing(desk: Writers) -> None:
    """A service seeds itself whenever it starts."""
    (source,) = desk.client.get("/v1/sources").json()["items"]
    merge(desk, TRUMP, "ali-khamenei")
    merge(desk, TALKS, "irans-missiles")
    merge(desk, "/v1/topics/foreign-relations-of-iran", "defense-of-iran")
    desk.patch("/v1/speakers/masoud-pezeshkian", {"slug": "the-president"})
    desk.patch(source["record_url"], {"slug": "the-article"})
    last, before = desk.client.get("/v1/changes?limit=200").json()["total"], lists(desk)
    put_files(desk.database, [SEED], who="verbatim seed")
    assert lists(desk) == before
    assert desk.client.get("/v1/changes?limit=200").json()["total"] == last
    prove_shelves(desk)
