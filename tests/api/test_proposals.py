"""From a text to a reviewed record: what extraction proposes, over HTTP, and what becomes of it."""

import json
from typing import Any

import pytest

from app.store.names import slug
from app.tables.proposal import ProposalReport
from app.tables.quote import QuoteWhole
from app.tables.words import Scope, Status
from tests.api.hostile import HOSTILE
from tests.api.writers import Writers
from tests.store.builders import rebuilt, shelved

Document = dict[str, Any]  # an answer, of which any member may be any JSON
SEED = "pezeshkian-khamenei-us-talks-2025-03-21"
TEXT = """“The harbour stays open,” said Jane Roe, its master, on Tuesday. “We lost no one in the storm.”

“The mayor told me, ‘Go home now.’ I did,” Donald Trump said on Monday.

Roe said that the ships would sail again by Friday.

Officials said that the storm had passed.
"""
SOURCE: Document = {
    "slug": "harbour",
    "title": "Harbour reopens",
    "kind": "article",
    "language": "en",
    "published": "2025-04-03",
    "text": TEXT,
}
PATH = "/v1/sources/harbour/proposals"


def added(desk: Writers, text: str = TEXT, name: str = "harbour") -> str:
    """Add a source by a key that may only propose, and return the path at which its quotes are proposed."""
    made = desk.post("/v1/sources", SOURCE | {"slug": name, "text": text}, Scope.PROPOSE)
    assert made.status_code == 201, made.text
    return f"/v1/sources/{name}/proposals"


def propose(desk: Writers, path: str = PATH, scope: Scope = Scope.PROPOSE, **headers: str) -> Document:
    response = desk.client.post(path, headers=desk.headers(scope, **headers))
    assert response.status_code == 200, response.text
    ProposalReport.model_validate(response.json(), extra="forbid")
    return dict(response.json())


def of(report: Document, words: str) -> Document:
    """Return the one proposal that begins with these words."""
    (found,) = [item for item in report["items"] if item["text"].startswith(words)]
    return dict(found)


def read(desk: Writers, name: str) -> Document:
    quote = desk.client.get(f"/v1/quotes/{name}", headers=desk.headers()).json()
    QuoteWhole.model_validate(quote, extra="forbid")
    return dict(quote)


def review(desk: Writers, name: str, status: Status) -> Document:
    path = f"/v1/quotes/{name}"
    reason = {} if status is Status.PUBLISHED else {"reason": "It is none."}
    done = desk.post(f"{path}/review", {"status": status, **reason}, If_Match=desk.tag(path))
    assert done.status_code == 200, done.text
    return dict(done.json())


def speakers(desk: Writers) -> set[str]:
    """Return the slugs of the speakers whom anybody sees, in their list and in the feed of changes."""
    listed = desk.client.get("/v1/speakers?limit=200").json()["items"]
    fed = desk.client.get("/v1/changes?what=speaker&limit=200").json()["items"]
    assert {item["slug"] for item in listed} == {item["name"] for item in fed}
    return {item["slug"] for item in listed}


def prove(desk: Writers) -> None:
    answer = desk.client.get("/v1/integrity").json()
    assert answer["ok"], answer["failures"]
    with desk.database.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())


def test_the_loop_of_review_from_a_text_to_the_published_record(desk: Writers) -> None:
    added(desk)
    first = propose(desk)
    assert first["proposed"] == len(first["items"]) >= 5
    assert (first["existing"], first["refused"], first["dry_run"]) == (0, 0, False)
    accepted, corrected, rejected = (
        of(first, words)["id"] for words in ("The harbour stays open", "The mayor told me", "that the storm had")
    )

    queue = desk.client.get("/v1/quotes?status=proposed&limit=200", headers=desk.headers()).json()["items"]
    sure = [item["confidence"] for item in queue]
    assert sure == sorted(sure, reverse=True)
    assert {item["id"]: item["why"] for item in queue} == {item["id"]: item["why"] for item in first["items"]}

    public = review(desk, accepted, Status.PUBLISHED)
    assert public["speaker"] == {"slug": "jane-roe", "name": "Jane Roe", "kind": "person", "as_printed": "Jane Roe"}
    path = f"/v1/quotes/{corrected}"
    start = TEXT.index("The mayor told me")
    changed = desk.patch(path, {"content": [{"start": start, "end": start + len("The mayor told me")}]})
    assert (changed.status_code, changed.json()["text"]) == (200, "The mayor told me"), changed.text
    assert review(desk, corrected, Status.PUBLISHED)["speaker"]["slug"] == "donald-trump"
    assert review(desk, rejected, Status.REJECTED)["status"] == "rejected"

    again = propose(desk, scope=Scope.EDIT)
    assert (again["proposed"], again["existing"]) == (0, first["proposed"])
    assert [item["id"] for item in again["items"]] == [item["id"] for item in first["items"]]
    assert of(again, "that the storm had")["status"] == "rejected"
    assert read(desk, corrected)["text"] == "The mayor told me"

    listed = desk.client.get("/v1/quotes?source=harbour").json()["items"]
    assert {item["id"] for item in listed} == {accepted, corrected}
    assert desk.client.get(f"/v1/quotes/{rejected}").status_code == 404
    history = desk.client.get(f"{path}/history", headers=desk.headers()).json()["items"]
    assert [(change["version"], change["who"]) for change in history] == [
        (1, "key-propose"),
        (2, "key-edit"),
        (3, "key-edit"),
    ]
    prove(desk)


def test_a_quote_says_all_that_was_found(desk: Writers) -> None:
    added(desk)
    report = propose(desk)
    item = of(report, "The harbour stays open")
    quote = read(desk, item["id"])
    assert quote["text"] == item["text"]
    assert [(part["role"], part["exact"]) for part in quote["segments"] if part["role"] != "content"] == [
        ("cue", "said"),
        ("speaker", "Jane Roe"),
        ("time", "Tuesday"),
    ]
    assert (quote["kind"], quote["medium"], quote["polarity"], quote["cue"]) == ("direct", "speech", "asserted", "say")
    assert {name: quote["said"][name] for name in ("edtf", "basis", "as_printed")} == {
        "edtf": "2025-04-01",
        "basis": "resolved",
        "as_printed": "Tuesday",
    }
    assert (quote["confidence"], quote["why"]) == (item["confidence"], item["why"])
    assert (quote["speaker"], quote["new_speaker"]) == (None, {"name": "Jane Roe", "kind": "person"})
    inner = of(report, "Go home now")
    assert inner["parent"] == of(report, "The mayor told me")["id"]
    assert [step["id"] for step in read(desk, inner["id"])["chain"]] == [inner["parent"], inner["id"]]
    first = desk.client.get(f"/v1/quotes/{item['id']}/history", headers=desk.headers()).json()["items"][0]
    told = first["changes"][0]["after"]
    assert {name: told[name] for name in ("confidence", "why", "new_speaker")} == {
        name: quote[name] for name in ("confidence", "why", "new_speaker")
    }


def test_a_speaker_is_new_on_the_record_when_the_first_quote_is_published(desk: Writers) -> None:
    before = speakers(desk)
    added(desk)
    report = propose(desk)
    assert report["speakers"] == [{"name": "Jane Roe", "kind": "person"}]
    assert speakers(desk) == before
    one, other = of(report, "The harbour stays open")["id"], of(report, "that the ships")["id"]
    review(desk, other, Status.REJECTED)
    assert speakers(desk) == before
    made = review(desk, one, Status.PUBLISHED)
    assert (made["speaker"]["slug"], made["new_speaker"]) == ("jane-roe", None)
    assert speakers(desk) == before | {"jane-roe"}
    whole = desk.client.get("/v1/speakers/jane-roe").json()
    assert whole["names"] == [{"name": "Jane Roe", "language": "en", "printed": True}]
    assert "“Harbour reopens”" in whole["description"]
    path = f"/v1/quotes/{other}"
    assert desk.post(f"{path}/review", {"status": "proposed"}, If_Match=desk.tag(path)).status_code == 200
    assert review(desk, other, Status.PUBLISHED)["speaker"]["slug"] == "jane-roe"
    assert speakers(desk) == before | {"jane-roe"}
    prove(desk)


@pytest.mark.parametrize(("speaker", "served"), [("donald-trump", "donald-trump"), (None, None)])
def test_who_corrects_the_speaker_is_heard(desk: Writers, speaker: str | None, served: str | None) -> None:
    before = speakers(desk)
    added(desk)
    name = of(propose(desk), "The harbour stays open")["id"]
    changed = desk.patch(f"/v1/quotes/{name}", {"speaker": speaker}, Scope.PROPOSE).json()
    assert changed["new_speaker"] is None
    public = review(desk, name, Status.PUBLISHED)
    assert (public["speaker"] and public["speaker"]["slug"]) == served
    assert speakers(desk) == before
    prove(desk)


def test_a_name_that_several_have_by_then_is_for_a_person_to_say(desk: Writers) -> None:
    added(desk)
    name = of(propose(desk), "The harbour stays open")["id"]
    for one in ("jane-roe", "jane-roe-of-york"):
        desk.post("/v1/speakers", {"slug": one, "name": "Jane Roe", "kind": "person"})
    path = f"/v1/quotes/{name}"
    refused = desk.post(f"{path}/review", {"status": "published"}, If_Match="*")
    assert (refused.status_code, "jane-roe or jane-roe-of-york" in refused.json()["detail"]) == (409, True)
    assert read(desk, name)["status"] == "proposed"
    desk.patch(path, {"speaker": "jane-roe"})
    assert review(desk, name, Status.PUBLISHED)["speaker"]["slug"] == "jane-roe"


KNOWN = {
    "the name": ("Donald Trump", "donald-trump"),
    "a title": ("President Donald Trump", "donald-trump"),
    "a surname that one has": ("Pezeshkian", "masoud-pezeshkian"),
    "another spelling": ("Khamenehi", "ali-khamenei"),
    "the given name with a spelling of the surname": ("Ali Khamenehi", "ali-khamenei"),
    "an accent": ("Jané Doe", "jane-doe"),
    "an apostrophe": ("Ann O'Neil", "ann-oneil"),
    "a slug of before": ("Old Name", "jane-doe"),
}


@pytest.mark.parametrize(("printed", "known"), KNOWN.values(), ids=KNOWN)
def test_a_speaker_is_known_by_any_spelling(desk: Writers, printed: str, known: str) -> None:
    desk.post("/v1/speakers", {"slug": "old-name", "name": "Jane Doe", "kind": "person"})
    desk.post("/v1/speakers", {"slug": "ann-oneil", "name": "Ann O’Neil", "kind": "person"})
    assert desk.patch("/v1/speakers/old-name", {"slug": "jane-doe"}).status_code == 200
    item = of(propose(desk, added(desk, f"“The harbour stays open,” said {printed} on Tuesday.")), "The harbour")
    assert (item["speaker"], item["new_speaker"]) == (known, None)
    assert read(desk, item["id"])["speaker"]["slug"] == known


UNKNOWN = {
    "nobody is meant": ("“The harbour stays open,” he said.", None, "“he” names nobody"),
    "described only": ("Officials said that the harbour stays open.", None, "“Officials” may name nobody"),
    "somebody unnamed": ("The spokesman said that the harbour stays open.", None, "“The spokesman” names nobody"),
    "a namesake's surname": (
        "“The harbour stays open,” said Roe.",
        None,
        "several speakers are called Roe: ann-roe, b",
    ),
    "a name that nobody has": ("“The harbour stays open,” said Kim Doe.", {"name": "Kim Doe", "kind": "person"}, ""),
}


@pytest.mark.parametrize(("text", "new", "why"), UNKNOWN.values(), ids=UNKNOWN)
def test_nobody_is_guessed(desk: Writers, text: str, new: Document | None, why: str) -> None:
    for name in ("Ann Roe", "Bo Roe"):
        desk.post("/v1/speakers", {"slug": slug(name), "name": name, "kind": "person"})
    (item,) = propose(desk, added(desk, text))["items"]
    assert (item["speaker"], item["new_speaker"], why in item["why"]) == (None, new, True), item


def test_a_quote_that_shares_most_of_its_words_with_a_proposal_stands_for_it(desk: Writers) -> None:
    added(desk)
    cue = {"lemma": "say", "exact": "said", "suffix": " Jane Roe"}
    body: Document = {"source": "harbour", "kind": "direct", "content": ["The harbour stays"], "cue": cue}
    own = desk.post("/v1/quotes", body)
    assert own.status_code == 201, own.text
    report = propose(desk)
    item = of(report, "The harbour stays")
    assert (item["outcome"], item["id"]) == ("existing", own.json()["id"])
    assert of(report, "The mayor told me")["outcome"] == "proposed"
    assert of(report, "Go home now")["outcome"] == "proposed"


def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Writers) -> None:
    added(desk)
    (count,) = desk.database.reader().execute("SELECT count(*) FROM change").fetchone()
    dry = propose(desk, f"{PATH}?dry_run=true")
    assert desk.database.reader().execute("SELECT count(*) FROM change").fetchone() == (count,)
    assert desk.client.get("/v1/quotes?status=proposed", headers=desk.headers()).json()["items"] == []
    assert dry | {"dry_run": False} == propose(desk, f"{PATH}?dry_run=false")


def test_an_idempotency_key_answers_again(desk: Writers) -> None:
    added(desk)
    first = propose(desk, Idempotency_Key="one")
    assert first["proposed"] > 0
    assert propose(desk, Idempotency_Key="one") == first
    assert propose(desk, Idempotency_Key="two")["proposed"] == 0


def test_an_answer_of_before_is_given_without_the_text(desk: Writers) -> None:
    added(desk)
    asked = desk.headers(Idempotency_Key="one")
    first = desk.client.post(PATH, headers=asked)
    desk.patch("/v1/sources/harbour", {"slug": "haven"})

    again = desk.client.post(PATH, headers=asked, follow_redirects=False)

    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    other = desk.client.post(f"{PATH}?dry_run=true", headers=asked, follow_redirects=False)
    assert (other.status_code, other.json()["errors"][0]["parameter"]) == (422, "Idempotency-Key")
    wrong = desk.client.post(PATH, headers=desk.headers(Idempotency_Key="one two"), follow_redirects=False)
    assert (wrong.status_code, wrong.json()["errors"][0]["parameter"]) == (422, "Idempotency-Key")


def test_who_may(desk: Writers) -> None:
    added(desk)
    refused = desk.client.post(PATH, headers=desk.headers(Scope.ANNOTATE))
    assert (refused.status_code, "scope propose" in refused.json()["detail"]) == (403, True)
    assert desk.client.post(PATH).status_code == 401
    assert desk.client.post(f"{PATH}?dry_run=yes", headers=desk.headers()).status_code == 422
    unknown = desk.client.post("/v1/sources/harbor/proposals", headers=desk.headers())
    assert (unknown.status_code, "did you mean harbour?" in unknown.json()["detail"]) == (404, True)
    desk.patch("/v1/sources/harbour", {"slug": "haven"})
    moved = desk.client.post(PATH, headers=desk.headers(), follow_redirects=False)
    assert moved.status_code == 308


@pytest.mark.parametrize("body", [b'{"dry_run": true}', b"dry_run=true", b"[]", b" " * 100 + b"1", b"\xff"])
def test_a_body_is_refused_rather_than_passed_over(desk: Writers, body: bytes) -> None:
    added(desk)
    refused = desk.client.post(PATH, headers=desk.headers(), content=body)
    assert (refused.status_code, "takes no body" in refused.json()["detail"]) == (422, True)
    assert desk.client.get("/v1/quotes?status=proposed", headers=desk.headers()).json()["total"] == 0


@pytest.mark.parametrize("body", [b"", b"{}", b" null\n"])
def test_a_body_that_says_nothing_is_taken(desk: Writers, body: bytes) -> None:
    added(desk)
    assert desk.client.post(PATH, headers=desk.headers(), content=body).json()["proposed"] > 0


def test_a_text_that_quotes_nobody_is_no_error(desk: Writers) -> None:
    report = propose(desk, added(desk, "Rain fell."))
    assert report == {
        "source": "harbour",
        "proposed": 0,
        "existing": 0,
        "refused": 0,
        "items": [],
        "speakers": [],
        "dry_run": False,
    }


def test_of_the_seed_no_quote_that_is_there_is_proposed(desk: Writers) -> None:
    path = f"/v1/sources/{SEED}/proposals"
    report = propose(desk, path)
    assert report["refused"] == 0
    assert 0 < report["proposed"] < report["existing"]
    assert {item["outcome"] for item in report["items"] if item["kind"] == "direct"} == {"existing"}
    again = propose(desk, path)
    assert (again["proposed"], again["existing"]) == (0, len(report["items"]))
    prove(desk)


def test_what_follows_a_revision_keeps_whom_it_names(desk: Writers) -> None:
    added(desk)
    name = of(propose(desk), "The harbour stays open")["id"]
    later = SOURCE | {"slug": "mended", "revises": "harbour", "text": f"Mended.\n\n{TEXT}"}
    assert desk.post("/v1/sources", later).status_code == 201
    carried = desk.client.post("/v1/sources/mended/revision", headers=desk.headers()).json()["items"]
    new = next(item["new_quote"] for item in carried if item["quote"] == name)
    assert read(desk, new)["new_speaker"] == {"name": "Jane Roe", "kind": "person"}
    assert propose(desk, "/v1/sources/mended/proposals")["proposed"] == 0
    assert review(desk, new, Status.PUBLISHED)["speaker"]["slug"] == "jane-roe"
    prove(desk)


def test_whatever_a_text_holds_is_no_fault_of_the_service(desk: Writers) -> None:
    headers, read = desk.headers(Content_Type="application/json"), 0
    for number, (name, hostile) in enumerate(HOSTILE.items()):
        around = (
            f"“{hostile}” said {hostile}.\n\n{hostile} said that “{hostile}”.\n‘{hostile}’ — {hostile}: “{hostile}\n"
        )
        source, path = SOURCE | {"slug": f"h-{number}", "text": around}, f"/v1/sources/h-{number}/proposals"
        made = desk.client.post("/v1/sources", content=json.dumps(source), headers=headers)
        if made.status_code != 201:  # no text of the record has U+0000, a lone surrogate, or eight megabytes
            assert made.status_code in (400, 413, 422), (name, made.text)
            assert desk.client.post(path, headers=desk.headers()).status_code == 404, name
            continue
        read += 1
        for item in propose(desk, path)["items"]:
            assert item["text"], name
            assert (item["reason"] is None) == (item["outcome"] != "refused"), name
        assert propose(desk, path)["proposed"] == 0, name
    assert read > 100
    assert desk.client.get("/v1/integrity?limit=200").json()["ok"]
