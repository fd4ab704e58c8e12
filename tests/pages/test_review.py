"""Review: proposals decided one after the other, by keyboard and by hand; nothing of another's work is overwritten."""

import re
from collections.abc import Iterator, Mapping
from html import unescape

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from playwright.sync_api import Browser, Page

from app.api.keys import COOKIE
from app.settings import Settings
from app.tables.words import Scope
from tests.api.hostile import HOSTILE
from tests.api.writers import Document, Writers
from tests.conftest import url_of
from tests.pages.browser import (
    LOOKS,
    UNSCRIPTED,
    Look,
    Visit,
    assert_reads_well,
    assert_reads_well_in_every_look,
    served,
    shoot,
    visiting,
)

OURS = {"Origin": "http://testserver"}
TEXT = """“The gates stay open,” said Jane Roe, its master, on Tuesday. “We lost no one in the storm.”

Donald Trump said that the ships would sail again by Friday. He wrote: “The wall has saved the town.”

“I have seen worse,” said Ali Khamenei. “I have seen worse,” he said again, “and my father had too.”

She denied that the pilots had refused to go out. The mayor said that nobody had asked him.
"""
SOURCE: Document = {
    "slug": "harbour",
    "title": "The harbour after the storm",
    "kind": "article",
    "language": "en",
    "published": "2025-04-03",
    "text": TEXT,
}
TRUMP: Document = {"speaker": "donald-trump", "mention": "Donald Trump"}
QUOTES: dict[str, Document] = {
    "gates": {"kind": "direct", "content": ["The gates stay open"], "confidence": 0.95},
    "ships": {**TRUMP, "kind": "indirect", "content": ["the ships would sail again by Friday"], "confidence": 0.9},
    "wall": {**TRUMP, "kind": "direct", "content": ["The wall has saved the town."], "confidence": 0.8},
    "pilots": {"kind": "indirect", "content": ["the pilots had refused"], "polarity": "denied", "confidence": 0.6},
    "nobody": {"kind": "indirect", "content": ["nobody had asked him"], "confidence": 0.4},
}


def put(desk: Writers, quotes: dict[str, Document] = QUOTES, scope: Scope = Scope.PROPOSE) -> dict[str, str]:
    """Put the source and proposals of it on the record; return the ids by their names."""
    if desk.client.get("/v1/sources/harbour").status_code == 404:
        assert desk.post("/v1/sources", SOURCE, Scope.PROPOSE).status_code == 201
    made = {name: desk.post("/v1/quotes", {"source": "harbour", **quote}, scope) for name, quote in quotes.items()}
    assert {answer.status_code for answer in made.values()} == {201}, [answer.text for answer in made.values()]
    return {name: str(answer.json()["id"]) for name, answer in made.items()}


def stand(desk: Writers, name: str) -> Document:
    return dict(desk.client.get(f"/v1/quotes/{name}", headers=desk.headers()).json())


def cookie(desk: Writers, scope: Scope = Scope.EDIT) -> dict[str, str]:
    return {"Cookie": f"{COOKIE}={desk.keys[scope]['Authorization'].removeprefix('Bearer ')}"}


def show(desk: Writers, path: str, scope: Scope = Scope.EDIT) -> str:
    answer = desk.client.get(path, headers=cookie(desk, scope))
    assert answer.status_code == 200, answer.text
    return answer.text


def form_of(page: str) -> dict[str, str]:
    """Return the fields of the form that corrects, as a browser would send them untouched."""
    form = page[page.index('<details id="correct"') : page.index('<details id="reject"')]
    fields = dict(re.findall(r'<input [^>]*?name="([^"]+)" value="([^"]*)"', form))
    fields |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        fields[name] = "".join(re.findall(r'<option value="([^"]*)" selected>', options))
    return {name: unescape(value) for name, value in fields.items()}


def send(
    desk: Writers, name: str, do: str, scope: Scope = Scope.EDIT, fields: Mapping[str, str] | None = None, **more: str
) -> Response:
    """Send a form of the page as it is now, with some fields filled in otherwise."""
    given = {field.replace("_", "-"): value for field, value in {**(fields or {}), **more}.items()}
    whole = form_of(show(desk, f"/review/{name}", scope)) if do in ("publish", "keep") else {}
    held = {"match": desk.tag(f"/v1/quotes/{name}"), "version": str(stand(desk, name)["version"])}
    headers = {**OURS, **cookie(desk, scope)}
    told = {**held, **whole, "do": do, **given}
    return desk.client.post(f"/review/{name}", data=told, headers=headers, follow_redirects=False)


@pytest.fixture
def visit(desk: Writers, browser: Browser, look: Look) -> Iterator[Visit]:
    """A tab, signed in, at a record with five proposals."""
    put(desk)
    with served(Settings(database_url=url_of(desk.database.path))) as base, visiting(browser, base, look) as opened:
        value = cookie(desk)["Cookie"].partition("=")[2]
        opened.page.context.add_cookies([{"name": COOKIE, "value": value, "url": base}])
        yield opened


def begin(page: Page) -> None:
    """Open the first proposal of the queue, and wait until its keys work."""
    page.goto("/review")
    page.get_by_role("link", name="Begin with the first").click()
    page.locator("#keys:not([hidden])").wait_for()


def words(page: Page) -> str:
    return page.locator(".proposal-words").inner_text()


def test_the_pages_read_well(visit: Visit) -> None:
    page = visit.page
    page.goto("/review")
    assert_reads_well_in_every_look(visit, "review queue")
    page.get_by_role("link", name="Begin with the first").click()
    page.locator(".proposal").wait_for()
    assert_reads_well_in_every_look(visit, "review one")
    for name in ("Correct", "Reject"):
        page.locator("summary", has_text=name).click()
        assert_reads_well_in_every_look(visit, f"review {name}")


def test_the_keyboard_alone_decides_one_proposal_after_the_other(visit: Visit, desk: Writers) -> None:
    page = visit.page
    page.goto("/review?source=harbour")
    page.get_by_role("link", name="Begin with the first").press("Enter")
    page.locator("#keys:not([hidden])").wait_for()
    assert words(page) == "“The gates stay open”"
    for key, expected in (("n", "the ships would sail again by Friday"), ("p", "“The gates stay open”")):
        with page.expect_navigation():
            page.keyboard.press(key)
        assert words(page) == expected
    with page.expect_navigation():
        page.keyboard.press("a")
    assert words(page) == "the ships would sail again by Friday"
    assert "Published: The gates stay open" in page.locator(".done").inner_text()
    with page.expect_navigation():
        page.keyboard.press("a")
    page.keyboard.press("r")
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Rejected: The wall has saved the town." in page.locator(".done").inner_text()
    assert words(page) == "the pilots had refused"
    with page.expect_navigation():
        page.keyboard.press("u")
    assert words(page) == "“The wall has saved the town.”"
    page.keyboard.press("c")
    assert page.locator(":focus").get_attribute("name") == "content-0"
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("wall has saved the town")
    page.get_by_role("button", name="Save and publish").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Published: wall has saved the town" in page.locator(".done").inner_text()
    assert "source=harbour" in page.url
    assert page.get_by_role("link", name="2 proposals to decide").is_visible()
    assert visit.complaints == []


def test_the_keys_can_be_turned_off_for_good_and_never_work_in_a_field(visit: Visit) -> None:
    page = visit.page
    begin(page)
    page.keyboard.press("c")
    page.keyboard.type("aaa")
    assert words(page) == "“The gates stay open”"
    assert page.locator("#f-content-0").input_value().startswith("aaa")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.reload()
    page.keyboard.press("n")
    page.keyboard.press("a")
    assert words(page) == "“The gates stay open”"
    assert page.locator("#accept kbd").is_hidden()
    page.locator("summary", has_text="Keys").click()
    page.get_by_label("Use these keys").check()
    page.locator("summary", has_text="Keys").focus()
    page.keyboard.press("n")
    page.get_by_text("the ships would sail again by Friday").first.wait_for()


@pytest.mark.parametrize("look", [UNSCRIPTED], ids=["no scripts"])
def test_without_scripts_everything_is_a_button(visit: Visit, desk: Writers) -> None:
    page = visit.page
    page.goto("/review")
    page.get_by_role("link", name="Begin with the first").click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="Next").click()
    page.locator("summary", has_text="Reject").click()
    page.get_by_label("It repeats another quote.").check()
    page.get_by_label("In other words").fill("As above.")
    page.get_by_role("button", name="Reject it").click()
    assert "Rejected: The wall has saved the town." in page.locator(".done").inner_text()
    page.get_by_role("button", name="Undo").click()
    assert words(page) == "“The wall has saved the town.”"
    assert page.locator(".keys").is_hidden()
    assert visit.complaints == []


def test_what_changed_meanwhile_is_shown_beside_what_was_wanted(visit: Visit, desk: Writers) -> None:
    page = visit.page
    begin(page)
    name = page.url.rpartition("/")[2]
    page.keyboard.press("c")
    page.get_by_label("Speaker", exact=True).fill("donald-trump")
    other = desk.patch(f"/v1/quotes/{name}", {"speaker": "ali-khamenei", "medium": "writing"}, Scope.ADMIN)
    assert other.status_code == 200
    page.get_by_role("button", name="Save and publish").click()
    page.locator(".refused").wait_for()
    told = page.locator(".refused").inner_text()
    assert "It has changed since you saw it. Nothing was written." in told
    assert "key-admin" in told
    rows = [row.inner_text().split("\t") for row in page.locator(".beside tbody tr").all()]
    assert rows == [["speaker", "ali-khamenei", "donald-trump"]]
    assert page.get_by_label("Speaker", exact=True).input_value() == "donald-trump"
    assert (stand(desk, name)["status"], stand(desk, name)["version"]) == ("proposed", 2)
    shoot(page, "review conflict")
    visit.complaints.clear()  # the browser logs the 412
    assert_reads_well(visit, LOOKS["light"])
    page.get_by_role("button", name="Save and publish").click()
    page.locator(".done").wait_for()
    now = stand(desk, name)
    assert now["status"] == "published"
    assert isinstance(now["speaker"], dict)
    assert now["speaker"]["slug"] == "donald-trump"
    assert now["medium"] == "writing", "what the other one changed stays"


def test_without_a_key_the_page_leads_to_where_one_is_given(client: TestClient) -> None:
    for path in ("review", "review/0123456789abcdef"):
        answer = client.get(f"/{path}?kind=direct", headers={"Accept": "text/html"})
        assert answer.status_code == 401
        assert re.search(r'href="(\./|\.\./)key\?to=' + path.replace("/", "/") + r'%3Fkind%3Ddirect"', answer.text)
    assert client.post("/review/0123456789abcdef", data={"do": "accept"}, headers=OURS).status_code == 401


def test_the_surest_stands_first_and_a_denial_is_told_before_its_words(desk: Writers) -> None:
    put(desk)
    page = show(desk, "/review")
    assert re.findall(r"(\d+) % sure", page) == ["95", "90", "80", "60", "40"]
    card = page[page.index("the pilots had refused") - 1500 :]
    assert card.index("denies this") < card.index("the pilots had refused")
    assert "5 proposals to decide" in page


def test_filters_narrow_the_queue_and_are_taken_along(desk: Writers) -> None:
    ids = put(desk)
    page = show(desk, "/review?speaker=donald-trump")
    assert "2 proposals to decide" in page
    assert f'href="./review/{ids["ships"]}?speaker=donald-trump"' in page
    one = show(desk, f"/review/{ids['ships']}?speaker=donald-trump")
    assert f'href="../review/{ids["wall"]}?speaker=donald-trump"' in one
    assert 'id="previous"' not in one
    sent = desk.client.post(
        f"/review/{ids['ships']}?speaker=donald-trump",
        data={"do": "accept", "match": desk.tag(f"/v1/quotes/{ids['ships']}")},
        headers={**OURS, **cookie(desk)},
        follow_redirects=False,
    )
    assert sent.headers["location"] == f"{ids['wall']}?speaker=donald-trump&quote={ids['ships']}"
    last = desk.client.post(
        f"/review/{ids['wall']}?speaker=donald-trump",
        data={"do": "accept", "match": desk.tag(f"/v1/quotes/{ids['wall']}")},
        headers={**OURS, **cookie(desk)},
        follow_redirects=False,
    )
    assert last.headers["location"] == f"../review?speaker=donald-trump&quote={ids['wall']}"
    end = show(desk, f"/review?speaker=donald-trump&quote={ids['wall']}")
    assert "No proposal is left under these filters." in end
    assert "Published:" in end


def test_a_proposal_is_shown_in_its_place_with_its_parts_told_apart(desk: Writers) -> None:
    quote: Document = {
        **QUOTES["gates"],
        "mention": "Jane Roe",
        "cue": {"lemma": "say", "exact": "said", "occurrence": 1},
        "said": {"edtf": "2025-04-01", "basis": "resolved", "as_printed": "on Tuesday"},
    }
    ids = put(desk, {"gates": quote})
    page = show(desk, f"/review/{ids['gates']}")
    place = page[page.index('<div class="print"') : page.index('<p class="from small">')]
    assert '“<mark class="content">The gates stay open</mark>,” <span class="role cue">said</span>' in place
    assert '<span class="role speaker">Jane Roe</span><small class="told">speaker</small>' in place
    assert '<span class="role time">on Tuesday</span><small class="told">time</small>' in place
    plain = unescape(re.sub(r"<small.*?</small>|<[^>]+>", "", place))
    assert TEXT.strip()[:200] in plain
    assert "1 April 2025" in page
    assert "worked out from what is printed (“on Tuesday”)" in page


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"content_0": "I have seen worse"}, {"text": "I have seen worse"}),
        ({"content_1": "its master"}, {"text": "The gates stay open … its master"}),
        ({"speaker": "Ali Khamenei"}, {"speaker": "ali-khamenei"}),
        ({"speaker": "donald-trump"}, {"speaker": "donald-trump"}),
        ({"kind": "mixed", "polarity": "alleged", "medium": "writing"}, {"kind": "mixed", "polarity": "alleged"}),
        ({"edtf": "2025-04-01", "basis": "resolved"}, {"said": "2025-04-01"}),
        ({"topic_0": "us-iran-talks"}, {"topics": "us-iran-talks"}),
    ],
    ids=["words", "more words", "name", "slug", "manner", "date", "topic"],
)
def test_what_is_corrected_is_what_stands_then(desk: Writers, fields: dict[str, str], expected: dict[str, str]) -> None:
    name = put(desk)["gates"]
    assert send(desk, name, "keep", fields=fields).status_code == 303
    now = stand(desk, name)
    told = {**now, "speaker": _slug(now["speaker"]), "said": _edtf(now["said"]), "topics": _first(now["topics"])}
    assert {field: told[field] for field in expected} == expected
    assert now["status"] == "proposed"
    assert now["confidence"] == 0.95


def test_the_occasion_whom_it_was_said_to_and_how_the_date_is_known_are_corrected(desk: Writers) -> None:
    name = put(desk)["gates"]
    date = {"edtf": "2025-04-01", "basis": "resolved", "note": "The Tuesday before."}
    place = {"venue": "Town hall", "venue_kind": "speech", "addressee": "the council"}
    assert send(desk, name, "keep", fields=date | place).status_code == 303
    now = stand(desk, name)
    assert now["venue"] == {"name": "Town hall", "kind": "speech"}
    assert now["addressee"] == "the council"
    assert '"note":"The Tuesday before."' in desk.client.get(f"/v1/quotes/{name}", headers=desk.headers()).text
    page = show(desk, f"/review/{name}")
    assert "<bdi>Town hall</bdi>, speech" in page
    assert "The Tuesday before." in page
    assert send(desk, name, "keep", fields={"venue": "", "venue_kind": "", "addressee": ""}).status_code == 303
    now = stand(desk, name)
    assert (now["venue"], now["addressee"]) == (None, None)
    assert '"note":"The Tuesday before."' in desk.client.get(f"/v1/quotes/{name}", headers=desk.headers()).text


def _slug(speaker: object) -> object:
    return speaker["slug"] if isinstance(speaker, dict) else None


def _edtf(said: object) -> object:
    return said["edtf"] if isinstance(said, dict) else None


def _first(topics: object) -> object:
    return topics[0]["slug"] if isinstance(topics, list) and topics else None


def test_of_equal_words_the_ones_nearest_to_where_they_stood_are_taken(desk: Writers) -> None:
    name = put(desk, {"worse": {"kind": "direct", "content": ["and my father had too"]}})["worse"]
    assert send(desk, name, "keep", content_0="I have seen worse").status_code == 303
    content = stand(desk, name)["content"]
    assert content == [{"start": (at := TEXT.rindex("I have seen worse")), "end": at + len("I have seen worse")}]


def test_a_form_sent_as_it_was_changes_nothing(desk: Writers) -> None:
    name = put(desk)["ships"]
    assert send(desk, name, "keep").status_code == 303
    assert stand(desk, name)["version"] == 1
    assert send(desk, name, "publish").status_code == 303
    assert (stand(desk, name)["version"], stand(desk, name)["status"]) == (2, "published")


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"content_0": "The gates stay shut"}, "content-0", "does not stand in the text"),
        ({"content_0": "The gates stay ope"}, "content-0", "quote whole words"),
        ({"speaker": "nobody-known"}, "speaker", "nobody-known"),
        ({"speaker": "Nobody Known"}, "speaker", "Nobody on the record is called Nobody Known."),
        ({"edtf": "yesterday", "basis": "stated"}, "edtf", "yesterday"),
        ({"topic_0": "nothing-known"}, "topic-0", "nothing-known"),
        ({"topic_0": "us-iran-talks", "stance_0": "supports"}, "topic-0", "stance and proposition stand together"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_is_kept(
    desk: Writers, fields: dict[str, str], field: str, said: str
) -> None:
    name = put(desk)["gates"]
    answer = send(desk, name, "publish", fields=fields)
    assert answer.status_code == 422
    place = answer.text[answer.text.index(f'id="f-{field}"') :][:900]
    assert 'aria-invalid="true"' in place[: place.index(">")]
    assert said in unescape(place)
    typed = form_of(answer.text)
    assert all(typed[name.replace("_", "-")] == value for name, value in fields.items())
    assert stand(desk, name)["version"] == 1


def test_nothing_is_rejected_without_a_reason(desk: Writers) -> None:
    name = put(desk)["gates"]
    answer = send(desk, name, "reject")
    assert (answer.status_code, "Say why it is rejected" in answer.text) == (422, True)
    assert send(desk, name, "reject", reason="It is not a quote.", more="A headline.").status_code == 303
    history = desk.client.get(f"/v1/quotes/{name}/history", headers=desk.headers()).json()["items"][-1]["changes"]
    assert "It is not a quote. A headline." in [change["after"] for change in history]


def test_a_key_that_only_proposes_is_told_so(desk: Writers) -> None:
    name = put(desk, {"gates": QUOTES["gates"]}, Scope.EDIT)["gates"]
    page = show(desk, f"/review/{name}", Scope.PROPOSE)
    assert 'id="accept"' not in page
    assert "takes the scope edit" in page
    for do in ("accept", "reject", "keep"):
        answer = send(desk, name, do, Scope.PROPOSE, reason="It is not a quote.", kind="mixed")
        assert (answer.status_code, "takes the scope edit, which key-propose has not" in answer.text) == (403, True)
    own = put(desk, {"wall": QUOTES["wall"]})["wall"]
    assert send(desk, own, "keep", Scope.PROPOSE, kind="mixed").status_code == 303
    assert send(desk, own, "reject", Scope.PROPOSE, reason="It is not a quote.").status_code == 303
    assert send(desk, own, "accept", Scope.ANNOTATE).status_code == 403


def test_where_it_takes_two_people_who_proposed_it_is_refused(two: Writers) -> None:
    name = put(two, {"gates": QUOTES["gates"]}, Scope.EDIT)["gates"]
    for do in ("accept", "publish"):
        answer = send(two, name, do, kind="mixed") if do == "publish" else send(two, name, do)
        assert (answer.status_code, "another person&#39;s key has to publish it" in answer.text) == (403, True)
    assert stand(two, name)["version"] == 1, "the correction is not written either"
    assert send(two, name, "accept", Scope.ADMIN).status_code == 303


def test_two_who_decide_the_same_proposal_do_not_overwrite_each_other(desk: Writers) -> None:
    name = put(desk)["gates"]
    seen = desk.tag(f"/v1/quotes/{name}")
    assert send(desk, name, "accept", Scope.ADMIN).status_code == 303
    answer = send(desk, name, "reject", match=seen, version="1", reason="It is not a quote.")
    assert answer.status_code == 412
    assert "It is of version 2 now, and published." in answer.text
    assert "You wanted to reject it." in answer.text
    assert 'id="accept"' not in answer.text
    assert stand(desk, name)["status"] == "published"
    without = desk.client.post(
        f"/review/{name}", data={"do": "propose"}, headers={**OURS, **cookie(desk)}, follow_redirects=False
    )
    assert without.status_code == 412
    again = send(desk, name, "accept")
    assert again.status_code == 409


def test_another_sites_form_decides_nothing(desk: Writers) -> None:
    name = put(desk)["gates"]
    told = {"do": "accept", "match": desk.tag(f"/v1/quotes/{name}")}
    for headers in ({"Origin": "https://evil.example"}, {}, {"Sec-Fetch-Site": "cross-site"}):
        answer = desk.client.post(f"/review/{name}", data=told, headers={**headers, **cookie(desk)})
        assert answer.status_code == 403
    assert stand(desk, name)["status"] == "proposed"


def test_whom_the_text_names_comes_on_the_record_with_the_quote_unless_it_is_somebody_else(desk: Writers) -> None:
    assert desk.post("/v1/sources", SOURCE, Scope.PROPOSE).status_code == 201
    report = desk.client.post("/v1/sources/harbour/proposals", headers=desk.headers(Scope.PROPOSE)).json()
    new = [item["id"] for item in report["items"] if item["new_speaker"]]
    page = show(desk, f"/review/{new[0]}")
    assert "new: person" in page
    assert "put on the record when this is published" in page
    assert send(desk, new[0], "keep", nobody="yes").status_code == 303
    assert "new: person" not in show(desk, f"/review/{new[0]}")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/review?source=nowhere", 422),
        ("/review?kind=sideways", 422),
        ("/review?colour=red", 422),
        ("/review?quote=x", 422),
        ("/review?after=x", 422),
        ("/review/0123456789abcdef", 404),
        ("/review/nothing", 404),
    ],
)
def test_a_wrong_address_is_told(desk: Writers, path: str, status: int) -> None:
    answer = desk.client.get(path, headers={**cookie(desk), "Accept": "text/html"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")


def test_what_is_not_one_of_the_deeds_is_refused(desk: Writers) -> None:
    name = put(desk)["gates"]
    assert send(desk, name, "withdraw").status_code == 422
    assert stand(desk, name)["version"] == 1


def test_a_page_of_review_is_kept_nowhere(desk: Writers) -> None:
    name = put(desk)["gates"]
    for path in ("/review", f"/review/{name}"):
        assert desk.client.get(path, headers=cookie(desk)).headers["cache-control"] == "no-store"


def test_the_way_through_a_long_queue_misses_none(desk: Writers, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = put(desk)
    monkeypatch.setattr("app.pages.queue.WINDOW", 2)
    path, seen = f"/review/{ids['gates']}", []
    for _ in range(len(ids)):
        seen.append(path.split("/")[2].partition("?")[0])
        following = re.search(r'id="next" rel="next" href="\.\.(/review/[^"]+)"', show(desk, path))
        if following is None:
            break
        path = unescape(following[1])
    assert seen == list(ids.values())


def test_hostile_words_are_shown_as_text(desk: Writers) -> None:
    shown = 0
    for at, text in enumerate(HOSTILE.values()):
        if text != text.encode("utf-8", "replace").decode():
            continue  # no browser sends a lone surrogate
        body = {**SOURCE, "slug": f"hostile-{at}", "title": "A title", "text": f"He said: {text} and went."}
        quote: Document = {"source": f"hostile-{at}", "kind": "indirect", "content": [f"said: {text} and went"]}
        if desk.post("/v1/sources", body).status_code != 201:
            continue
        made = desk.post("/v1/quotes", quote)
        if made.status_code != 201:
            continue
        path = f"/review/{made.json()['id']}"
        page = show(desk, path)
        reason = {"do": "reject", "match": '"x"', "reason": text, "more": text}
        told = desk.client.post(path, data=reason, headers={**OURS, **cookie(desk)}, follow_redirects=False)
        assert told.status_code in (412, 422)
        for html in (page, told.text):
            assert not re.search(r"<(img|svg|iframe|base|style|script(?! src=\"\.\./static/review))", html), text
        shown += 1
    assert shown > 90
    assert not re.search(r"<(img|svg|iframe|base|style|script)", show(desk, "/review"))
