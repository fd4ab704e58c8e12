"""POST /v1/quotes, PATCH and DELETE of one, and its review."""

from typing import Annotated

from fastapi import APIRouter
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import JSON
from app.api.bodies import parsed, patch_of, patched
from app.api.documented import ID_PATH, MERGE_PATCH, writing
from app.api.keys import need_scope
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, written
from app.errors import Conflict, Fault, Forbidden, Invalid
from app.formats.quoting import Print, anchored
from app.formats.quoting import written as as_written
from app.store import proposers, quotes, quoting
from app.store.quoting import StoredQuote
from app.store.states import StoredSource
from app.tables.paging import Query
from app.tables.quote import QuoteWhole
from app.tables.quoting import LOCATING, AddresseeWords, CueWords, QuoteChange, QuoteNew
from app.tables.review import ENDS, MOVES, Removal, ReviewNew
from app.tables.words import Scope, Status


class _QuoteId(Convertor[str]):
    """A quote's id in a path: neither `random`, which is another address, nor one with the suffix of a form."""

    regex = r"(?!random$)[^/.]+"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("quote", _QuoteId())
router = APIRouter(prefix="/v1/quotes", tags=["Quotes"])
_PATH = "/v1/quotes/"


@router.post("", **writing(QuoteWhole, Scope.PROPOSE, body=QuoteNew, created=True, again=True, missing=False))
async def add_quote(request: Request) -> Response:
    """Put a quote on the record.

    Its words are named by themselves, with what tells equal ones apart, or by where they stand; words that the source
    does not have are refused with the nearest place. It is `proposed`, unless a key with the scope edit publishes it.
    """
    parse(Query, query_of(request))
    two_people: bool = request.app.state.settings.two_people

    def work(desk: Desk) -> Made:
        new = parsed(desk.body, QuoteNew)
        if new.status is not Status.PROPOSED:
            _prove_start(desk, new.status, two_people=two_people)
        source = quoting.source(desk.connection, desk.reader, new.source)
        quote = anchored(new, _print(source), status=new.status)
        sure = new.confidence
        name = quoting.add(desk.connection, desk.reader, source, quote, confidence=sure, writer=desk.writer)
        return Made(quotes.one(desk.reader, name, keyed=True), 201, f"{_PATH}{name}")

    return await written(request, Scope.PROPOSE, work, JSON)


@router.patch("/{id:quote}", **writing(QuoteWhole, Scope.PROPOSE, body=QuoteChange, patch=True, match=True))
async def change_quote(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Change a quote by a merge patch.

    The patch is of the quote as it is written, not as it is served; lists, and the words of `cue` and `addressee`, are
    replaced whole. The id, the source and the status stay. A key without the scope edit changes its own proposals only.
    """
    parse(Query, query_of(request))
    two_people: bool = request.app.state.settings.two_people

    def work(desk: Desk) -> Made:
        return change(desk, id, desk.body, two_people=two_people)

    return await written(request, Scope.PROPOSE, work, MERGE_PATCH, JSON)


@router.delete("/{id:quote}", **writing(None, Scope.PROPOSE, match=True, parameters=Removal))
async def remove_quote(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Take a quote off the record, for a reason.

    A proposed one is rejected, a public one withdrawn: nothing is lost, and a review brings it back. A key without the
    scope edit takes back its own proposals only.
    """
    need_scope(request, Scope.PROPOSE)
    asked = parse(Removal, query_of(request))

    def work(desk: Desk) -> Made:
        found = quoting.find(desk.connection, id)
        status = found.stored.quote.status
        end = ENDS.get(status)
        _prove_author(desk, found, "take it off", own=end is not None and MOVES[status][end].own)
        _prove_match(desk, found)
        if end is None:
            raise Conflict(f"The quote {id} is {status} already.")
        quoting.review(desk.connection, found, ReviewNew(status=end, reason=asked.reason), writer=desk.writer)
        return Made(None)

    return await written(request, Scope.PROPOSE, work)


@router.post("/{id:quote}/review", **writing(QuoteWhole, Scope.PROPOSE, body=ReviewNew, match=True, again=True))
async def review_quote(request: Request, id: Annotated[str, ID_PATH]) -> Response:
    """Move a quote to another state of review.

    `proposed` to `published` or `rejected`, and `rejected` back to `proposed`; `published` to `disputed` or `withdrawn`
    and back, and `disputed` to `withdrawn`. A key without the scope edit can only reject its own proposals. A withdrawn
    quote answers 410 with the reason and the successor.
    """
    parse(Query, query_of(request))
    two_people: bool = request.app.state.settings.two_people

    def work(desk: Desk) -> Made:
        return review(desk, id, parsed(desk.body, ReviewNew), two_people=two_people)

    return await written(request, Scope.PROPOSE, work, JSON)


def change(desk: Desk, id: str, patch: bytes, *, two_people: bool) -> Made:
    """Change a quote by a merge patch, if the desk's key may and names the version of now."""
    found = quoting.find(desk.connection, id)
    _prove_author(desk, found, "change it", own=found.stored.quote.status is Status.PROPOSED)
    _prove_match(desk, found)
    before = _before(as_written(found.stored.quote, found.confidence), patch)
    after = patched(before, patch, QuoteChange)
    quote = anchored(after, _print(found.source), status=found.stored.quote.status)
    quoting.change(
        desk.connection,
        desk.reader,
        found,
        quote,
        confidence=after.confidence,
        writer=desk.writer,
        two_people=two_people,
        settled="speaker" in patch_of(patch),
    )
    return Made(quotes.one(desk.reader, id, keyed=True))


def review(desk: Desk, id: str, decided: ReviewNew, *, two_people: bool) -> Made:
    """Move a quote to another state of review, if the desk's key may and names the version of now."""
    found = quoting.find(desk.connection, id)
    move = MOVES[found.stored.quote.status].get(decided.status)
    _prove_author(desk, found, f"make it {decided.status}", own=move is not None and move.own)
    _prove_match(desk, found)
    if two_people:
        proposers.prove_publishing(desk.connection, found.stored, decided.status, writer=desk.writer)
    quoting.review(desk.connection, found, decided, writer=desk.writer)
    return Made(quotes.one(desk.reader, id, keyed=True))


def _prove_start(desk: Desk, status: Status, *, two_people: bool) -> None:
    """Raise Forbidden when the key cannot put a quote on the record with that status."""
    if not desk.key.may(Scope.EDIT):
        raise Forbidden(f"Only a key with the scope edit puts a quote on the record as {status}: leave status out.")
    if two_people:
        raise Forbidden(f"A quote is {status} by another key than proposes it here: leave status out.")


def _prove_author(desk: Desk, found: StoredQuote, what: str, *, own: bool) -> None:
    """Raise Forbidden unless the key has the scope edit or, where `own` says that it is enough, proposed the quote."""
    is_own = desk.key.name in found.proposers
    if desk.key.may(Scope.EDIT) or (own and is_own):
        return
    quote = found.stored.quote
    by = "" if is_own else ", and not proposed by this key"
    raise Forbidden(
        f"The quote {quote.id} is {quote.status}{by}: to {what} takes the scope edit, which {desk.key.name} has not."
    )


def _prove_match(desk: Desk, found: StoredQuote) -> None:
    """Hold If-Match to what a GET gives with a key, and without one where it gives anything."""
    name = found.stored.quote.id
    shown = [quotes.one(desk.reader, name, keyed=keyed) for keyed in (True, False) if keyed or found.is_public]
    desk.prove_match(*shown, version=found.stored.version)


def _before(document: QuoteChange, patch: bytes) -> QuoteChange:
    """Return what the patch is of: without the words that it replaces.

    Raises Invalid for what no patch changes, and as `patch_of` does.
    """
    change = patch_of(patch)
    fixed = {"status": "a review changes it", "source": "a quote stays in its source"}
    if wrong := [Fault(f"/{name}: {why}.", pointer=f"/{name}") for name, why in fixed.items() if name in change]:
        raise Invalid.of(*wrong)
    cue, addressee = document.cue, document.addressee
    if cue and _replaces(change.get("cue")):
        cue = CueWords(lemma=cue.lemma)
    if addressee and _replaces(change.get("addressee")):
        addressee = AddresseeWords(name=addressee.name)
    return document.model_copy(update={"cue": cue, "addressee": addressee})


def _replaces(part: object) -> bool:
    return isinstance(part, dict) and not LOCATING.isdisjoint(part)


def _print(source: StoredSource) -> Print:
    return Print(source.text, str(source.entry.sha256), source.entry.published)
