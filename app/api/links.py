"""GET, POST /v1/links and below: relations between quotes, asserted by people."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers
from app.api.answers import JSON
from app.api.bodies import parsed, patched
from app.api.documented import MERGE_PATCH, described, writing
from app.api.keys import database_of, is_keyed
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, written
from app.errors import Forbidden
from app.store import links
from app.store.links import StoredLink
from app.tables.anchored import AnchoredLink
from app.tables.columns import ID
from app.tables.link import LinkChange, LinkFilter, LinkNew, LinkPage, LinkWhole
from app.tables.paging import Query
from app.tables.words import Scope

router = APIRouter(prefix="/v1/links", tags=["Links"])

LINK_ID = Path(
    description="The link's id: 16 characters of lower-case Crockford base32.", json_schema_extra={"pattern": ID}
)


@router.get("", **described(LinkPage, LinkFilter, keyed=True))
async def find_links(request: Request) -> Response:
    """List the relations between quotes, the oldest first.

    Those of quotes that are not public only with a key.
    """
    asked = parse(LinkFilter, query_of(request))
    keyed = is_keyed(request)
    found = await answers.in_thread(request, lambda database: links.find(database.reader(), asked, keyed=keyed))
    return answers.paged(request, found.items, after=found.after, total=found.total)


@router.post("", **writing(LinkWhole, Scope.ANNOTATE, body=LinkNew, created=True, again=True, missing=False))
async def add_link(request: Request) -> Response:
    """Assert that a quote does something to another.

    The key's name asserts it; to assert in another name needs the scope `edit`. The same pair stands once by the same
    relation.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        asked = parsed(desk.body, LinkNew)
        by = _asserting(desk, asked.asserted_by)
        link = AnchoredLink(asked.source, asked.target, asked.relation, asked.rationale, by)
        name = links.add(desk.connection, link, writer=desk.writer)
        return Made(links.one(desk.reader, name, keyed=True), 201, f"/v1/links/{name}")

    return await written(request, Scope.ANNOTATE, work, JSON)


@router.get("/{id}", **described(LinkWhole, Query, keyed=True, missing=True, gone=True))
async def read_link(request: Request, id: Annotated[str, LINK_ID]) -> Response:
    """Read one relation.

    With both quotes in brief.
    """
    parse(Query, query_of(request))
    return answers.single(request, links.one(database_of(request).reader(), id, keyed=is_keyed(request)))


@router.patch("/{id}", **writing(LinkWhole, Scope.ANNOTATE, body=LinkChange, patch=True, match=True, gone=True))
async def change_link(request: Request, id: Annotated[str, LINK_ID]) -> Response:
    """Change why a relation is asserted, or by whom.

    One's own with the scope `annotate`, anybody's with `edit`. Its quotes and the relation stay: another one is another
    link.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = _own(desk, id)
        before = LinkChange(rationale=stored.link.rationale, asserted_by=stored.link.asserted_by)
        after = patched(before, desk.body, LinkChange)
        by = _asserting(desk, after.asserted_by, stored.link.asserted_by)
        links.change(desk.connection, stored, after.rationale, by=by, writer=desk.writer)
        return Made(links.one(desk.reader, id, keyed=True))

    return await written(request, Scope.ANNOTATE, work, MERGE_PATCH, JSON)


@router.delete("/{id}", **writing(None, Scope.ANNOTATE, match=True, gone=True))
async def remove_link(request: Request, id: Annotated[str, LINK_ID]) -> Response:
    """Take a relation off the record.

    What one asserted oneself with the scope `annotate`, anybody's with `edit`. Its history stays.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        links.remove(desk.connection, _own(desk, id), writer=desk.writer)
        return Made(None)

    return await written(request, Scope.ANNOTATE, work)


def _own(desk: Desk, name: str) -> StoredLink:
    """Return the link that is to be changed. Raises NotFound, Gone, Forbidden, and as `prove_match` does."""
    document = links.one(desk.reader, name, keyed=True)
    stored = links.stored(desk.connection, name)
    if stored.link.asserted_by != desk.key.name and not desk.key.may(Scope.EDIT):
        raise Forbidden(f"The link {name} is asserted by {stored.link.asserted_by}: that needs the scope edit.")
    desk.prove_match(document, version=stored.version)
    return stored


def _asserting(desk: Desk, by: str | None, before: str | None = None) -> str:
    """Return who asserts it. Raises Forbidden for another name than the key's, unless it may edit."""
    if by is None:
        return desk.key.name
    if by not in (desk.key.name, before) and not desk.key.may(Scope.EDIT):
        raise Forbidden(f"The key {desk.key.name} asserts as {desk.key.name}; as another needs the scope edit.")
    return by
