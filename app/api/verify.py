"""POST and GET /v1/verify: is this claimed quote on the record, and in these words?"""

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.bodies import accepting, read_body
from app.api.documented import described
from app.api.keys import database_of
from app.api.parameters import parse, query_of
from app.store.claims import Verifier
from app.tables.claim import Claim, ClaimOrClaims, VerdictRead, VerdictsOrOne, VerifyBody, VerifyFilter
from app.tables.paging import Query

router = APIRouter(prefix="/v1/verify", tags=["Verification"])
AT_ONCE = 2
"""Claims are verified on at most so many threads, so that a batch of the longest ones never holds up the rest."""


async def prepare(app: FastAPI) -> None:
    """Make the verifier ready beside the first answers. A database that does not answer yet is asked by the claims."""

    await to_thread.run_sync(app.state.verifier.prepare, app.state.database, limiter=app.state.verifications)


@router.get("", **described(VerdictRead, VerifyFilter))
async def verify_one(request: Request) -> Response:
    """Check one claimed quote, by an address that can be linked.

    Tells whether the words are on the record, by whom, and what differs, word by word. `unattested` never means false:
    `coverage` says what was looked through.
    """
    asked = parse(VerifyFilter, query_of(request))
    claim = Claim(text=asked.text, speaker=asked.speaker, source=asked.source, limit=asked.limit)
    return answers.listed(request, await verified(request, claim), next_url=None)


@router.post("", **accepting(described(VerdictsOrOne, Query, cached=False), ClaimOrClaims, "One claim, or up to 100."))
async def verify_many(request: Request) -> Response:
    """Check one claimed quote, or up to 100 at once.

    With `text` the answer is one verdict; with `claims` it is `verdicts`, one a claim in their order. Indirect reports
    never make a claim `verbatim`, as their words are the reporter's: `paraphrase_of` says so.
    """
    parse(Query, query_of(request))
    asked = await read_body(request, VerifyBody)
    verdicts = [await verified(request, claim) for claim in asked.asked]
    document = verdicts[0] if asked.claims is None else f'{{"verdicts":[{",".join(verdicts)}]}}'
    return Response(document.encode(), media_type="application/json", headers={"Cache-Control": "no-store"})


async def verified(request: Request, claim: Claim) -> str:
    """Verify one claim on a thread of its own, so that others are answered between the claims of a batch."""
    verifier: Verifier = request.app.state.verifier
    limiter: CapacityLimiter = request.app.state.verifications
    database = database_of(request)
    return await to_thread.run_sync(lambda: verifier.verify(database.reader(), claim), limiter=limiter)
