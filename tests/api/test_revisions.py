"""A corrected article: its quotes carried over, over HTTP and by the command; what differs waits for a person."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from app.store import exports, records
from app.tables.anchored import AnchoredRecord
from app.tables.db import Database
from app.tables.revision import RevisionReport
from app.tables.words import Scope, Status
from app.text import anchor
from tests.api.test_versions import corrected
from tests.api.writers import Writers
from tests.commands.processes import Done, run
from tests.store.builders import WRITER, rebuilt, shelved

OLD, NEW = "pezeshkian-khamenei-us-talks-2025-03-21", "corrected"
PATH = f"/v1/sources/{NEW}/revision"
Document = dict[str, Any]  # an answer, of which any member may be any JSON


def revised(database: Database, change: Callable[[str], str]) -> tuple[str, str]:
    """Put a changed text on the record as a source that revises the seed's; return both texts."""
    with database.writing() as session:
        old = exports.take(session, OLD)
        text = str(old.source.text)
        new = change(text)
        entry = old.source.model_copy(update={"slug": NEW, "revises": OLD, "text": new, "sha256": None})
        empty: AnchoredRecord = AnchoredRecord("An editor", entry, new, anchor.digest(new), (), (), (), (), ())
        records.put(session, empty, writer=WRITER)
    return text, new


def revise(desk: Writers, query: str = "", **headers: str) -> Document:
    response = desk.client.post(f"{PATH}{query}", headers=desk.headers(Scope.EDIT, **headers))
    assert response.status_code == 200, response.text
    RevisionReport.model_validate(response.json(), extra="forbid")
    return dict(response.json())


def items(report: Mapping[str, Any]) -> dict[str, Document]:
    return {item["quote"]: item for item in report["items"]}


def of(desk: Writers, source: str) -> dict[str, Document]:
    """Return the source's quotes of every status, whole, by their ids."""
    query = "&".join(f"status={status}" for status in Status)
    page = desk.client.get(f"/v1/quotes?source={source}&polarity=any&limit=200&{query}", headers=desk.headers()).json()
    assert page["next"] is None
    found = [desk.client.get(item["url"], headers=desk.headers()).json() for item in page["items"]]
    return {quote["id"]: quote for quote in found}


def prove(desk: Writers, old: str, new: str) -> None:
    """Hold the record to what must hold after any revision."""
    answer = desk.client.get("/v1/integrity").json()
    assert answer["ok"], answer["failures"]
    with desk.database.writing() as session:
        assert shelved(session.connection()) == rebuilt(session.connection())
    texts = {quote["text"] for quote in of(desk, OLD).values()}
    for quote in of(desk, NEW).values():
        if quote["status"] == "published":
            assert quote["text"] in texts
            assert quote["parent"] is None or of(desk, NEW)[quote["parent"]]["status"] == "published"


SAME = ("kind", "medium", "polarity", "said", "venue", "addressee", "cue", "topics", "status", "speaker", "text")


def test_every_quote_of_a_longer_text_is_carried_over_whole(desk: Writers) -> None:
    old, new = revised(desk.database, lambda text: f"A note of the editors: a name was misspelt.\n\n{text}")
    before = of(desk, OLD)
    report = revise(desk)
    assert report["counts"] == {"unchanged": 0, "moved": 52, "altered": 0, "gone": 0, "written": 52}
    after = of(desk, NEW)
    assert of(desk, OLD) == before
    shift = len(new) - len(old)
    for name, item in items(report).items():
        was, now = before[name], after[item["new_quote"]]
        assert {key: now[key] for key in SAME} == {key: was[key] for key in SAME}
        assert (now["id"] == name, now["version"], now["annotations"]) == (False, 1, [])
        assert now["parent"] == (items(report)[was["parent"]]["new_quote"] if was["parent"] else None)
        for part in ("segments", "interventions"):
            assert [(s["start"] - shift, s["end"] - shift, s["exact"]) for s in now[part]] == [
                (s["start"], s["end"], s["exact"]) for s in was[part]
            ]
        first = desk.client.get(f"/v1/quotes/{now['id']}/history").json()["items"]
        assert [(change["version"], change["who"]) for change in first] == [(1, "key-edit")]
    prove(desk, old, new)


def test_asked_again_it_adds_nothing(desk: Writers) -> None:
    revised(desk.database, lambda text: text + "\nAn end.\n")
    first = revise(desk)
    assert (first["counts"]["unchanged"], first["counts"]["written"]) == (52, 52)
    (count,) = desk.database.reader().execute("SELECT count(*) FROM change").fetchone()
    again = revise(desk)
    assert again["counts"]["written"] == 0
    assert all(item["existing"] for item in again["items"])
    assert [item["new_quote"] for item in again["items"]] == [item["new_quote"] for item in first["items"]]
    assert desk.database.reader().execute("SELECT count(*) FROM change").fetchone() == (count,)


def test_a_dry_run_tells_the_same_and_writes_nothing(desk: Writers) -> None:
    revised(desk.database, lambda text: text.replace("negotiate", "bargain", 1))
    dry = revise(desk, "?dry_run=true")
    assert (dry["dry_run"], of(desk, NEW)) == (True, {})
    real = revise(desk, "?dry_run=false")
    assert dry | {"dry_run": False} == real
    assert set(of(desk, NEW)) == {item["new_quote"] for item in real["items"]}


def test_an_altered_quote_is_proposed_with_its_difference(desk: Writers, ids: Mapping[str, str]) -> None:
    name = ids["pezeshkian-will-adhere"]
    was = of(desk, OLD)[name]
    word = was["text"].split()[2]
    start = was["content"][0]["start"] + was["text"].index(word)
    old, new = revised(desk.database, lambda text: f"{text[:start]}hardly{text[start + len(word) :]}")
    item = items(revise(desk))[name]
    assert (item["outcome"], item["status"], item["existing"]) == ("altered", "proposed", False)
    assert [(part["old"].strip(), part["new"].strip()) for part in item["diff"] if part["op"] == "replace"] == [
        (word, "hardly")
    ]
    assert desk.client.get(f"/v1/quotes/{item['new_quote']}").status_code == 404
    proposed = of(desk, NEW)[item["new_quote"]]
    assert (proposed["text"], proposed["speaker"]) == (was["text"].replace(word, "hardly", 1), was["speaker"])
    sql = "SELECT confidence, why FROM proposal JOIN quote ON quote.seq = proposal.quote WHERE id = ?"
    confidence, why = desk.database.reader().execute(sql, (proposed["id"],)).fetchone()
    assert 0.5 < confidence < 1
    assert why == f"revision: altered, from {name}"
    assert of(desk, OLD)[name] == was
    prove(desk, old, new)


def test_another_speaker_s_name_is_a_difference(desk: Writers) -> None:
    before = of(desk, OLD)
    mentions = [
        (quote["id"], part)
        for quote in before.values()
        for part in quote["segments"]
        if part["role"] == "speaker" and part["exact"] == "Trump"
    ]
    name, part = mentions[0]
    old, new = revised(desk.database, lambda text: f"{text[: part['start']]}Vance{text[part['end'] :]}")
    item = items(revise(desk))[name]
    assert (item["outcome"], item["status"]) == ("altered", "proposed")
    assert item["lost"] == [{"role": "speaker", "exact": "Trump"}]
    prove(desk, old, new)


def test_what_is_nested_in_an_altered_quote_is_proposed_too(desk: Writers) -> None:
    before = of(desk, OLD)
    child, parent, at = next(
        (quote, above, at)
        for quote in before.values()
        if quote["parent"]
        and (above := before[quote["parent"]])
        and (at := above["content"][0]["start"] + above["text"].index(" ") + 1) < quote["segments"][0]["start"]
    )
    old, new = revised(desk.database, lambda text: f"{text[:at]}indeed {text[at:]}")
    report = items(revise(desk))
    assert (report[parent["id"]]["outcome"], report[parent["id"]]["status"]) == ("altered", "proposed")
    assert (report[child["id"]]["outcome"], report[child["id"]]["status"]) == ("moved", "proposed")
    assert of(desk, NEW)[report[child["id"]]["new_quote"]]["parent"] == report[parent["id"]]["new_quote"]
    prove(desk, old, new)


def test_a_passage_taken_out_is_gone_and_its_quotes_stay_in_the_old_source(desk: Writers) -> None:
    before = of(desk, OLD)
    text = str(desk.client.get(f"/v1/sources/{OLD}").json()["text"])
    start = text.index("\n", len(text) // 3) + 1
    end = text.index("\n", start + 600) + 1
    old, new = revised(desk.database, lambda text: text[:start] + text[end:])
    report = items(revise(desk))
    inside = [
        name
        for name, quote in before.items()
        if all(start <= part["start"] and part["end"] <= end for part in quote["content"])
    ]
    assert inside
    for name in inside:
        assert (report[name]["outcome"], report[name]["new_quote"], report[name]["spans"]) == ("gone", None, [])
        assert desk.client.get(f"/v1/quotes/{name}").json()["id"] == name
    prove(desk, old, new)


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.REJECTED])
def test_what_was_withdrawn_or_rejected_does_not_come_back(desk: Writers, status: Status) -> None:
    name = next(quote["id"] for quote in of(desk, OLD).values() if not quote["parent"] and not quote["nested"])
    corrected(desk.database, name, "say", status)
    revised(desk.database, lambda text: text + "\nAn end.\n")
    report = revise(desk)
    item = items(report)[name]
    assert (item["outcome"], item["new_quote"], item["status"]) == ("unchanged", None, None)
    assert (report["counts"]["unchanged"], report["counts"]["written"]) == (52, 51)


@pytest.mark.parametrize("status", [Status.PROPOSED, Status.DISPUTED])
def test_the_status_is_the_old_quote_s(desk: Writers, status: Status) -> None:
    name = next(quote["id"] for quote in of(desk, OLD).values() if not quote["parent"] and not quote["nested"])
    corrected(desk.database, name, "say", status)
    revised(desk.database, lambda text: text + "\nAn end.\n")
    item = items(revise(desk))[name]
    assert of(desk, NEW)[item["new_quote"]]["status"] == item["status"] == status


def test_the_reason_for_which_a_quote_is_disputed_goes_with_it(desk: Writers) -> None:
    """Without it the new source could be exported, and its file imported nowhere."""
    name = next(quote["id"] for quote in of(desk, OLD).values() if not quote["parent"] and not quote["nested"])
    body: dict[str, object] = {"status": "disputed", "reason": "She denies it."}
    assert desk.post(f"/v1/quotes/{name}/review", body, If_Match="*").status_code == 200
    revised(desk.database, lambda text: text + "\nAn end.\n")
    new = items(revise(desk))[name]["new_quote"]
    (made,) = desk.client.get(f"/v1/quotes/{new}/history").json()["items"]
    assert made["changes"][0]["after"]["reason"] == "She denies it."


def test_a_source_that_revises_none_is_refused(desk: Writers) -> None:
    refused = desk.client.post(f"/v1/sources/{OLD}/revision", headers=desk.headers())
    assert (refused.status_code, f"{OLD} revises none" in refused.json()["detail"]) == (409, True)
    unknown = desk.client.post("/v1/sources/nobody/revision", headers=desk.headers())
    assert unknown.status_code == 404


@pytest.mark.parametrize("scope", [Scope.PROPOSE, Scope.ANNOTATE])
def test_only_editors_may(desk: Writers, scope: Scope) -> None:
    revised(desk.database, lambda text: text + "\nAn end.\n")
    refused = desk.client.post(PATH, headers=desk.headers(scope))
    assert (refused.status_code, "scope edit" in refused.json()["detail"]) == (403, True)
    assert desk.client.post(PATH).status_code == 401
    assert desk.client.post(f"{PATH}?dry_run=yes", headers=desk.headers()).status_code == 422


def test_an_idempotency_key_answers_again(desk: Writers) -> None:
    revised(desk.database, lambda text: text + "\nAn end.\n")
    first = revise(desk, Idempotency_Key="one")
    assert revise(desk, Idempotency_Key="one") == first


def command(database: Database, *words: str) -> Done:
    return run("revise", *words, database=database.path)


def test_the_command_tells_what_becomes_of_each_quote(seeded: Database) -> None:
    revised(seeded, lambda text: text.replace("negotiate", "bargain", 1))
    dry = command(seeded, NEW, "--dry-run")
    assert (dry.code, dry.err) == (0, "")
    assert "[-negotiate-]{+bargain+}" in dry.out
    assert "would be put on the record." in dry.out
    sql = "SELECT count(*) FROM quote JOIN source ON source.seq = quote.source WHERE slug = ?"
    assert seeded.reader().execute(sql, (NEW,)).fetchone() == (0,)
    real = command(seeded, NEW)
    assert real.code == 0
    assert real.out == dry.out.replace("would be put on", "put on")
    (count,) = seeded.reader().execute(sql, (NEW,)).fetchone()
    assert real.out.splitlines()[-1].endswith(f"; {count} put on the record.")
    (who,) = seeded.reader().execute("SELECT who FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert who == "verbatim revise"


def test_the_command_refuses_what_revises_nothing(seeded: Database) -> None:
    refused = command(seeded, OLD)
    assert (refused.code, f"{OLD} revises none" in refused.err) == (2, True)
