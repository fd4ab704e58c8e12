"""Validators (RFC 9110, 8.8 and 13) and the cache in front: what is kept is never stale and never somebody else's."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from app.api.cache import Cache, Kept, Key
from app.main import create_app
from app.settings import Settings
from app.tables.db import Database
from tests.api.conftest import KEYED, SECRET, add_key
from tests.api.generated import Made
from tests.conftest import url_of

PLAIN = {"Accept-Encoding": "identity"}
SPEAKER = "/v1/speakers/ali-khamenei"
SINGLES = {
    "quote": "/v1/quotes/{quote}",
    "speaker": SPEAKER,
    "topic": "/v1/topics/{topic}",
    "source": "/v1/sources/{source}",
}
LISTS = {
    "quotes": "/v1/quotes?limit=2",
    "quotes with facets": "/v1/quotes?facets=speaker,topic",
    "speakers": "/v1/speakers",
    "positions": f"{SPEAKER}/positions",
    "topics": "/v1/topics",
    "sources": "/v1/sources",
    "changes": "/v1/changes?limit=3",
    "history": "/v1/quotes/{quote}/history",
}
EVERY = {**SINGLES, **LISTS}
CACHES = {"cached": 64, "uncached": 0}


@contextmanager
def serving(path: Path, **given: str | int) -> Iterator[TestClient]:
    """Give a client of a record, under settings of the test's own."""
    settings = Settings(database_url=url_of(path)).model_copy(update=given)
    with TestClient(create_app(settings), raise_server_exceptions=False, headers=PLAIN) as client:
        yield client


@pytest.fixture(scope="module", params=list(CACHES.values()), ids=list(CACHES))
def either(request: pytest.FixtureRequest, seeded_template: Path) -> Iterator[TestClient]:
    """A client of the seeded record, once with the cache and once without."""
    with serving(seeded_template, cache_mb=request.param) as client:
        yield client


def filled(client: TestClient, address: str) -> str:
    """Return the address with the names of things that are on the record."""
    quote = client.get("/v1/quotes?limit=1").json()["items"][0]
    return address.format(quote=quote["id"], topic=quote["topics"][0]["slug"], source=quote["source"]["slug"])


def hits(client: TestClient) -> int:
    """Return how many answers the cache has given."""
    lines = client.get("/metrics").text.splitlines()
    return int(float(next(line for line in lines if line.startswith("verbatim_cache_hits_total")).split()[1]))


@pytest.mark.parametrize("address", SINGLES.values(), ids=SINGLES)
def test_a_single_thing_has_a_strong_tag(either: TestClient, address: str) -> None:
    tags = {either.get(filled(either, address)).headers["etag"] for _ in range(3)}
    assert len(tags) == 1
    assert tags.pop().startswith('"')


@pytest.mark.parametrize("address", LISTS.values(), ids=LISTS)
def test_a_list_has_a_weak_tag(either: TestClient, address: str) -> None:
    tags = {either.get(filled(either, address)).headers["etag"] for _ in range(3)}
    assert len(tags) == 1
    assert tags.pop().startswith('W/"')


def test_different_contents_have_different_tags(either: TestClient) -> None:
    addresses = [filled(either, address) for address in EVERY.values()]
    assert len({either.get(address).headers["etag"] for address in addresses}) == len(addresses)


MATCHING = {
    "the tag": "{tag}",
    "weak": "W/{strong}",
    "strong": "{strong}",
    "any": "*",
    "any, spaced": " * ",
    "the last of a list": '"a", W/"b", {tag}',
    "the first of a list": '{tag},"a"',
    "in the middle, without spaces": '"a",{tag},"b"',
    "spaced": '  "a"  ,  {tag}  ',
    "beside empty members": ',, {tag} ,,"a"',
}
OTHER = {
    "another tag": '"a"',
    "another weak tag": 'W/"a"',
    "a list of others": '"a", W/"b"',
    "the tag of a coded answer": "{bare}-br",
    "a longer tag": "{bare}0",
    "unquoted": "{bare}",
    "empty": "",
    "a star in quotation marks": '"*"',
}


def given(pattern: str, tag: str) -> str:
    strong = tag.removeprefix("W/")
    return pattern.format(tag=tag, strong=strong, bare=strong.strip('"'))


@pytest.mark.parametrize("address", ["/v1/quotes/{quote}", "/v1/quotes?limit=3"], ids=["single", "list"])
@pytest.mark.parametrize("pattern", MATCHING.values(), ids=MATCHING)
def test_who_has_the_content_is_told_so_without_it(either: TestClient, address: str, pattern: str) -> None:
    address = filled(either, address)
    whole = either.get(address)
    for method in ("GET", "HEAD", "GET"):
        answer = either.request(method, address, headers={"If-None-Match": given(pattern, whole.headers["etag"])})
        assert answer.status_code == 304
        assert answer.content == b""
        for name in ("etag", "vary", "cache-control"):
            assert answer.headers[name] == whole.headers[name]
        assert not {"content-length", "content-type", "content-encoding"} & set(answer.headers)


@pytest.mark.parametrize("address", ["/v1/quotes/{quote}", "/v1/quotes?limit=3"], ids=["single", "list"])
@pytest.mark.parametrize("pattern", OTHER.values(), ids=OTHER)
def test_who_has_other_content_gets_it_whole(either: TestClient, address: str, pattern: str) -> None:
    address = filled(either, address)
    whole = either.get(address)
    answer = either.get(address, headers={"If-None-Match": given(pattern, whole.headers["etag"])})
    assert answer.status_code == 200
    assert answer.content == whole.content


def test_tags_in_several_header_lines_are_one_list(either: TestClient) -> None:
    tag = either.get(SPEAKER).headers["etag"]
    lines = [("If-None-Match", '"a"'), ("If-None-Match", tag)]
    assert either.get(SPEAKER, headers=lines).status_code == 304


def test_a_304_first_leaves_a_whole_answer_for_the_next_who_asks(seeded_template: Path) -> None:
    with serving(seeded_template, cache_mb=0) as client:
        whole = client.get(SPEAKER)
    with serving(seeded_template) as client:
        assert client.get(SPEAKER, headers={"If-None-Match": whole.headers["etag"]}).status_code == 304
        after = client.get(SPEAKER)
        assert hits(client) == 1
    assert after.status_code == 200
    assert after.content == whole.content


@pytest.mark.parametrize("address", ["/v1/quotes/nothing", "/v1/nothing"])
def test_what_is_not_there_is_not_unchanged(either: TestClient, address: str) -> None:
    assert either.get(address, headers={"If-None-Match": "*"}).status_code == 404


@pytest.mark.parametrize("address", EVERY.values(), ids=EVERY)
def test_each_answer_is_asked_for_again_each_time(either: TestClient, address: str) -> None:
    assert either.get(filled(either, address)).headers["cache-control"] == "no-cache"


CODINGS = ("br", "gzip", "zstd")
ZSTD = b"\x28\xb5\x2f\xfd"
"""How a Zstandard frame begins (RFC 8878, 3.1.1)."""


def unpacked(content: bytes) -> bytes:
    """Return the content without the coding that the client, before Python 3.14, leaves on it."""
    if not content.startswith(ZSTD):
        return content
    import zstandard  # which is installed only where Python has none of its own

    return zstandard.ZstdDecompressor().decompress(content, max_output_size=10_000_000)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("address", ["/v1/sources/{source}", "/v1/quotes"], ids=["single", "list"])
def test_a_compressed_answer_is_the_same_content(either: TestClient, address: str, coding: str) -> None:
    address = filled(either, address)
    plain = either.get(address)
    for _ in range(2):
        answer = either.get(address, headers={"Accept-Encoding": coding})
        assert answer.headers["content-encoding"] == coding
        assert int(answer.headers["content-length"]) < len(plain.content) / 2
        assert unpacked(answer.content) == plain.content
        assert "accept-encoding" in answer.headers["vary"].lower()
    assert "content-encoding" not in plain.headers
    assert "accept-encoding" in plain.headers["vary"].lower()


def test_the_strong_tag_tells_codings_apart(either: TestClient) -> None:
    address = filled(either, "/v1/sources/{source}")
    tags = [either.get(address, headers={"Accept-Encoding": coding}).headers["etag"] for coding in CODINGS]
    tags.append(either.get(address).headers["etag"])
    assert len(set(tags)) == 4
    assert all(tag.startswith('"') for tag in tags)


def test_the_weak_tag_is_one_for_all_codings(either: TestClient) -> None:
    tags = {either.get("/v1/quotes", headers={"Accept-Encoding": coding}).headers["etag"] for coding in CODINGS}
    assert tags == {either.get("/v1/quotes").headers["etag"]}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("address", ["/v1/sources/{source}", "/v1/quotes"], ids=["single", "list"])
def test_who_has_the_compressed_content_is_told_so_without_it(either: TestClient, address: str, coding: str) -> None:
    address = filled(either, address)
    headers = {"Accept-Encoding": coding}
    whole = either.get(address, headers=headers)
    for _ in range(2):
        answer = either.get(address, headers={**headers, "If-None-Match": whole.headers["etag"]})
        assert answer.status_code == 304
        assert answer.content == b""
        assert answer.headers["etag"] == whole.headers["etag"]
        assert answer.headers["vary"] == whole.headers["vary"]
        assert not {"content-length", "content-type", "content-encoding"} & set(answer.headers)


RENAME = "UPDATE speaker SET name = :name WHERE slug = 'ali-khamenei'"


def through_another_database(path: Path, served: Database, name: str) -> None:
    database = Database(url_of(path))
    with database.writing() as session:
        session.connection().execute(text(RENAME), {"name": name})
    database.close()


def through_the_same_database(path: Path, served: Database, name: str) -> None:
    with served.writing() as session:
        session.connection().execute(text(RENAME), {"name": name})


def through_sqlite(path: Path, served: Database, name: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(RENAME, {"name": name})


WRITERS = {
    "another Database": through_another_database,
    "the application's own": through_the_same_database,
    "raw sqlite3": through_sqlite,
}


@pytest.mark.parametrize("address", [SPEAKER, "/v1/speakers", "/v1/quotes?speaker=ali-khamenei", "/v1/quotes/{quote}"])
@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_no_answer_outlives_a_commit(
    seeded: Database, write: Callable[[Path, Database, str], None], address: str
) -> None:
    with serving(seeded.path) as client:
        quote = client.get("/v1/quotes?speaker=ali-khamenei&limit=1").json()["items"][0]["id"]
        address = address.format(quote=quote)
        tag = ""
        for n in range(4):
            write(seeded.path, client.app.state.database, f"Called {n} now")  # type: ignore[attr-defined]  # Starlette types it as any ASGI app
            before = hits(client)
            for _ in range(3):
                answer = client.get(address, headers={"If-None-Match": tag} if tag else {})
                assert answer.status_code == 200
                assert f"Called {n} now" in answer.text
                assert f"Called {n - 1} now" not in answer.text
            assert hits(client) == before + 2
            tag = answer.headers["etag"]


def test_what_is_not_committed_changes_nothing(seeded: Database) -> None:
    with serving(seeded.path) as client, closing(sqlite3.connect(seeded.path, isolation_level=None)) as other:
        name = client.get(SPEAKER).json()["name"]
        other.execute("BEGIN IMMEDIATE")
        other.execute(RENAME, {"name": "Called otherwise"})
        assert client.get(SPEAKER).json()["name"] == name
        other.execute("ROLLBACK")
        assert client.get(SPEAKER).json()["name"] == name
        assert hits(client) == 2


@pytest.fixture
def keyed(many: TestClient, made: list[Made], tmp_path: Path) -> Iterator[TestClient]:
    """A client of a generated record of the test's own; KEYED is good there."""
    path = tmp_path / "keyed.db"
    shutil.copy(many.app.state.database.path, path)  # type: ignore[attr-defined]  # Starlette types it as any ASGI app
    with serving(path) as client:
        yield client


def hidden(made: list[Made]) -> str:
    """Return a quote that is served only with a key."""
    return next(item.quote.id for item in made if item.quote.status == "proposed")


def test_what_a_key_may_see_is_kept_for_nobody(keyed: TestClient, made: list[Made]) -> None:
    quote = hidden(made)
    for address in (f"/v1/quotes/{quote}", "/v1/quotes?status=proposed"):
        for _ in range(3):
            answer = keyed.get(address, headers=KEYED)
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == "private, no-cache"
        refused = [keyed.get(address) for _ in range(2)]
        assert {answer.status_code for answer in refused} <= {401, 404}
    assert hits(keyed) == 0


@pytest.mark.parametrize("address", ["/v1/quotes?limit=1", "/v1/speakers", "/v1/sources/the-post-1"])
def test_a_keys_answer_is_not_the_publics(keyed: TestClient, address: str) -> None:
    keyed.get(address, headers=KEYED)
    assert keyed.get(address).headers["cache-control"] == "no-cache"
    assert hits(keyed) == 0
    keyed.get(address)
    assert hits(keyed) == 1
    assert keyed.get(address, headers=KEYED).headers["cache-control"] == "private, no-cache"
    assert hits(keyed) == 1


def test_a_bad_key_is_refused_also_where_an_answer_is_kept(keyed: TestClient) -> None:
    for _ in range(2):
        assert keyed.get("/v1/quotes").status_code == 200
    assert keyed.get("/v1/quotes", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_revoked_key_is_refused_at_once(seeded: Database) -> None:
    add_key(seeded, "a key", SECRET)
    with serving(seeded.path) as client:
        assert client.get("/v1/quotes?status=proposed", headers=KEYED).status_code == 200
        with seeded.writing() as session:
            session.connection().execute(text("UPDATE api_key SET revoked = '2026-01-01T00:00:00.000000Z'"))
        assert client.get("/v1/quotes?status=proposed", headers=KEYED).status_code == 401


UNKEPT = {
    "drawn at random": "/v1/quotes/random",
    "a problem": "/v1/quotes?limit=x",
    "nothing there": "/v1/speakers/nobody-at-all",
    "health": "/readyz",
    "the docs page": "/docs",
}


@pytest.mark.parametrize("address", UNKEPT.values(), ids=UNKEPT)
def test_what_has_no_tag_is_not_kept(client: TestClient, address: str) -> None:
    for _ in range(3):
        assert "etag" not in client.get(address).headers
    assert hits(client) == 0


def test_each_host_gets_addresses_of_its_own(either: TestClient) -> None:
    for _ in range(2):
        for host in ("a.example", "b.example:8080", "testserver"):
            answer = either.get("/v1/quotes?limit=1", headers={"Host": host})
            assert answer.json()["next"].startswith(f"http://{host}/v1/quotes?")
            assert f"<http://{host}/v1/quotes?" in answer.headers["link"]


def test_a_public_address_stands_in_the_place_of_the_hosts(seeded_template: Path) -> None:
    with serving(seeded_template, public_url="https://quotes.example/base/") as client:
        for host in ("a.example", "b.example"):
            answer = client.get("/v1/quotes?limit=1", headers={"Host": host})
            assert answer.json()["next"].startswith("https://quotes.example/base/v1/quotes?")


@pytest.mark.parametrize("address", [*EVERY.values(), *UNKEPT.values()], ids=[*EVERY, *UNKEPT])
def test_head_is_get_without_the_body(either: TestClient, address: str) -> None:
    address = filled(either, address)
    answers = [either.request(method, address) for method in ("HEAD", "GET", "HEAD", "GET")]
    varying = {"x-request-id"} | ({"content-length"} if "random" in address else set())
    headers = [{name: value for name, value in answer.headers.items() if name not in varying} for answer in answers]
    assert headers[1:] == headers[:-1]
    assert len({answer.status_code for answer in answers}) == 1
    assert answers[0].content == answers[2].content == b""
    assert len(answers[1].content) == int(answers[1].headers["content-length"]) > 0


def test_without_a_cache_nothing_is_kept_and_the_answers_are_the_same(seeded_template: Path) -> None:
    with serving(seeded_template) as cached, serving(seeded_template, cache_mb=0) as uncached:
        for address in EVERY.values():
            address = filled(cached, address)
            answers = [client.get(address) for client in (cached, cached, uncached, uncached)]
            assert len({answer.content for answer in answers}) == 1
            assert len({answer.headers["etag"] for answer in answers}) == 1
        assert hits(cached) > 0
        assert hits(uncached) == 0


SIZE = 1_000_000
BODY = b"x" * 8_000  # with its overhead a hundredth of the cache


def kept(body: bytes = BODY) -> Kept:
    return Kept([], [], body, b'"tag"', "/v1/quotes/{id}")


def keep(cache: Cache, key: Key, *, version: int = 1, reads: int = 0, body: bytes = BODY) -> None:
    """Ask for a key, as the front does, keep it, and ask so many times more."""
    assert cache.get(key, version) is None
    cache.put(key, kept(body), version)
    for _ in range(reads):
        assert cache.get(key, version) is not None


@pytest.mark.parametrize("reads", [0, 1, 3])
def test_the_cache_is_bounded(reads: int) -> None:
    cache = Cache(SIZE)
    for n in range(1_000):
        keep(cache, (str(n),), reads=reads)
    assert 10 <= len(cache) <= SIZE // len(BODY)


def test_long_keys_count() -> None:
    cache = Cache(SIZE)
    for n in range(1_000):
        keep(cache, (f"{n:08000}",), body=b"")
    assert len(cache) <= SIZE // 8_000


def test_what_is_read_again_outlasts_any_number_of_things_asked_for_once() -> None:
    cache = Cache(SIZE)
    keep(cache, ("read twice",), reads=1)
    for n in range(10_000):
        keep(cache, (str(n),))
    assert cache.get(("read twice",), 1) is not None


def test_of_what_is_read_again_the_longest_unread_goes_first() -> None:
    cache = Cache(SIZE)
    keep(cache, ("old",), reads=1)
    keep(cache, ("read on",), reads=1)
    for n in range(200):
        keep(cache, (str(n),), reads=1)
        assert cache.get(("read on",), 1) is not None
    assert cache.get(("old",), 1) is None


def test_another_version_empties_the_cache() -> None:
    cache = Cache(SIZE)
    keep(cache, ("once",))
    keep(cache, ("twice",), reads=2)
    assert len(cache) == 2
    assert cache.get(("once",), 2) is None
    assert len(cache) == 0
    assert cache.get(("twice",), 2) is None
    for n in range(1_000):
        keep(cache, (str(n),), version=2, reads=1)
    assert len(cache) >= SIZE // len(BODY) // 2


def test_an_answer_of_another_version_is_not_kept() -> None:
    cache = Cache(SIZE)
    assert cache.get(("a",), 2) is None
    cache.put(("a",), kept(), 1)
    assert len(cache) == 0
    assert cache.get(("a",), 2) is None


def test_what_is_too_large_is_not_kept() -> None:
    cache = Cache(SIZE)
    keep(cache, ("small",))
    assert cache.get(("large",), 1) is None
    cache.put(("large",), kept(b"x" * (SIZE // 2)), 1)
    assert cache.get(("large",), 1) is None
    assert cache.get(("small",), 1) is not None


def test_an_answer_that_two_made_at_once_is_kept_once() -> None:
    cache = Cache(SIZE)
    keep(cache, ("a",))
    cache.put(("a",), kept(), 1)
    assert len(cache) == 1
    assert cache.get(("a",), 1) is not None
    cache.put(("a",), kept(), 1)
    assert len(cache) == 1
