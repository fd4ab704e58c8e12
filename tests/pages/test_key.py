"""The key in a browser: given, kept in a cookie that no other site has sent, shown by name, and taken away."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from app.api.keys import COOKIE
from app.errors import Invalid
from app.main import create_app
from app.pages.key import way
from app.settings import Settings
from app.tables.words import Scope
from tests.api.writers import Writers
from tests.client import Client
from tests.conftest import url_of
from tests.pages.browser import Look, assert_reads_well_in_every_look, served, visiting

OURS = {"Origin": "http://testserver"}
HTML = {"Accept": "text/html"}


def secret(desk: Writers, scope: Scope = Scope.EDIT) -> str:
    return desk.keys[scope]["Authorization"].removeprefix("Bearer ")


def give(client: TestClient, given: str, to: str = "review", **headers: str) -> tuple[int, str]:
    """Send the form; return the status and where it leads."""
    answer = client.post("/key", data={"key": given, "to": to}, headers={**OURS, **headers}, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", "")


@pytest.fixture
def closed(desk: Writers) -> Iterator[TestClient]:
    """A client of the desk's record where reading needs a key."""
    settings = Settings(database_url=url_of(desk.database.path), read_requires_key=True, public_url="https://q.example")
    with Client(settings) as client:
        yield client


def test_it_reads_well(desk: Writers, browser: Browser, look: Look) -> None:
    with served(Settings(database_url=url_of(desk.database.path))) as base, visiting(browser, base, look) as visit:
        page = visit.page
        page.goto("/key?to=speakers%3Fq%3Dx")
        assert_reads_well_in_every_look(visit, "key form")
        page.get_by_label("Key", exact=True).fill(secret(desk))
        page.keyboard.press("Enter")
        page.wait_for_url("**/speakers?q=x")
        page.wait_for_load_state("networkidle")
        page.goto("/key")
        assert "signed in with the key key-edit" in page.locator(".lead").inner_text()
        assert_reads_well_in_every_look(visit, "key given")
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("heading", name="Sign in with a key").wait_for()
        assert page.context.cookies() == []


def test_a_good_key_is_kept_in_a_cookie_that_no_script_and_no_other_site_has(desk: Writers) -> None:
    answer = desk.client.post("/key", data={"key": f" {secret(desk)} "}, headers=OURS, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, "./", "no-store")
    name, *attributes = answer.headers["set-cookie"].split("; ")
    assert name == f"{COOKIE}={secret(desk)}"
    assert {word.lower() for word in attributes} == {"httponly", "samesite=strict", "path=/"}


def test_over_https_the_cookie_is_secure(closed: TestClient, desk: Writers) -> None:
    answer = closed.post(
        "/key", data={"key": secret(desk)}, headers={"Origin": "https://q.example"}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert "; Secure" in answer.headers["set-cookie"]


def test_a_wrong_key_is_told_and_counted(desk: Writers) -> None:
    settings = Settings(database_url=url_of(desk.database.path), wrong_keys=2)
    with TestClient(create_app(settings)) as client:
        for _ in range(2):
            answer = client.post("/key", data={"key": "vb_wrong"}, headers=OURS)
            assert answer.status_code == 401
            assert "The key is not known, has expired or was revoked." in answer.text
            assert "vb_wrong" not in answer.text
            assert "set-cookie" not in answer.headers
        waits = client.post("/key", data={"key": secret(desk)}, headers={**OURS, **HTML})
        assert waits.status_code == 429
        assert "Wait" in waits.text


def test_no_key_at_all_is_asked_for(desk: Writers) -> None:
    answer = desk.client.post("/key", data={"key": ""}, headers=OURS)
    assert (answer.status_code, "Paste the key first." in answer.text) == (422, True)


@pytest.mark.parametrize(
    "to", ["", "review", "review/0123456789abcdef?source=x&kind=direct", "?q=a%20b", "speakers/x#top", "?q=http://x"]
)
def test_it_goes_on_where_the_reader_came_from(desk: Writers, to: str) -> None:
    assert give(desk.client, secret(desk), to) == (303, f"./{to}")


@pytest.mark.parametrize(
    "to",
    [
        "//evil.example",
        "/review",
        "https://evil.example/",
        "javascript:alert(1)",
        "\\\\evil.example",
        "/\\evil.example",
        "%5c%5cevil.example",
        "../elsewhere",
        "a/%2e%2e/%2E%2e/x",
        "a\r\nSet-Cookie: x=y",
        "\thttps://evil.example",
        "data:text/html,x",
        "é",
    ],
)
def test_nobody_is_sent_elsewhere(desk: Writers, to: str) -> None:
    with pytest.raises(Invalid):
        way(to)
    assert give(desk.client, secret(desk), to)[0] == 422
    assert desk.client.get(f"/key?to={quote(to, safe='')}").status_code == 422


def test_another_sites_form_signs_nobody_in_or_out(desk: Writers) -> None:
    for fields in ({"key": secret(desk)}, {"do": "out"}):
        answer = desk.client.post("/key", data=fields, headers={"Origin": "https://evil.example"})
        assert (answer.status_code, "set-cookie" in answer.headers) == (403, False)


def test_a_key_that_is_good_no_more_is_forgotten(desk: Writers) -> None:
    answer = desk.client.get("/key", headers={"Cookie": f"{COOKIE}=vb_gone"})
    assert answer.status_code == 200
    assert f'{COOKIE}=""; ' in answer.headers["set-cookie"]
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert "has expired or was revoked" in answer.text


def test_a_browser_signs_in_to_a_closed_record(closed: TestClient, desk: Writers) -> None:
    refused = closed.get("/?q=negotiate&kind=direct", headers=HTML)
    assert refused.status_code == 401
    assert 'href="./key?to=%3Fq%3Dnegotiate%26kind%3Ddirect"' in refused.text
    assert closed.get("/key", headers=HTML).status_code == 200
    assert closed.get("/static/page.css").status_code == 200
    assert closed.get("/key/x", headers=HTML).status_code == 401
    answer = closed.post(
        "/key",
        data={"key": secret(desk), "to": "?q=negotiate"},
        headers={"Origin": "https://q.example"},
        follow_redirects=False,
    )
    kept = {"Cookie": answer.headers["set-cookie"].partition(";")[0]}
    assert closed.get("/?q=negotiate", headers=kept).status_code == 200
    assert closed.get("/v1/quotes", headers=kept).status_code == 401, "the API takes no cookie"


def test_the_scopes_are_told(desk: Writers) -> None:
    for scope, words in ((Scope.PROPOSE, "propose quotes"), (Scope.ADMIN, "and merge")):
        text = desk.client.get("/key", headers={"Cookie": f"{COOKIE}={secret(desk, scope)}"}).text
        assert f"key-{scope}" in text
        assert words in text
