"""GET, POST /v1/annotations and below: signed notes, also by the W3C Web Annotation Protocol."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from app.api import answers, containers
from app.api.answers import JSON
from app.api.bodies import json_of, parsed, patched
from app.api.containers import JSONLD, LD, LINK_OF_ONE
from app.api.documented import MERGE_PATCH, described, writing
from app.api.keys import database_of, is_keyed
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, written
from app.errors import Forbidden
from app.formats import annotation_jsonld
from app.store import annotations, notes
from app.store.notes import StoredNote
from app.tables.annotation import AnnotationFilter, AnnotationNew, AnnotationPage, AnnotationWhole
from app.tables.columns import ID
from app.tables.paging import Query
from app.tables.record import NoteEntry
from app.tables.words import Scope

router = APIRouter(prefix="/v1/annotations", tags=["Annotations"])

NOTE_ID = Path(
    description="The note's id: 16 characters of lower-case Crockford base32.", json_schema_extra={"pattern": ID}
)
_OFFER = {"json": JSON, "jsonld": LD}


_LISTED = described(AnnotationPage, AnnotationFilter, keyed=True, offer=_OFFER, negotiated=True)
_ADDED = containers.taking_both(
    writing(AnnotationWhole, Scope.ANNOTATE, body=AnnotationNew, created=True, again=True, missing=False)
)
"""What is said of an address without the slash is true of it with the slash, as the protocol has it."""


@router.get("", **_LISTED)
async def find_annotations(request: Request) -> Response:
    """List the signed notes, the oldest first.

    On quotes and on words of sources; those on quotes that are not public only with a key. With
    `Accept: application/ld+json` it is the container of the W3C Web Annotation Protocol, as `/v1/annotations/` is.
    """
    return await containers.listed(request, containers.chosen(request, (JSON, LD)))


@router.get("/", include_in_schema=False, **_LISTED)
async def read_container(request: Request) -> Response:
    """Read the container of the W3C Web Annotation Protocol.

    JSON-LD unless `Accept` asks for JSON. `Prefer: return=representation;include="..."` takes
    `ldp#PreferMinimalContainer`, `oa#PreferContainedIRIs` and `oa#PreferContainedDescriptions`.
    """
    return await containers.listed(request, containers.chosen(request, (LD, JSON)))


@router.post("", **_ADDED)
async def add_annotation(request: Request) -> Response:
    """Sign a note on a quote, or on words of a source.

    The key's name signs it; to sign in another name needs the scope `edit`. As `application/ld+json` the body is a Web
    Annotation, and so is the answer.
    """
    return await _add(request)


@router.post("/", include_in_schema=False, **_ADDED)
async def add_to_container(request: Request) -> Response:
    """Sign a note, by the W3C Web Annotation Protocol.

    The same as without the slash.
    """
    return await _add(request)


async def _add(request: Request) -> Response:
    parse(Query, query_of(request))
    read = _reading(request)

    def work(desk: Desk) -> Made:
        asked = read(desk.body)
        creator = _signing(desk, asked.creator)
        name = notes.add(desk.connection, desk.reader, asked, creator=creator, writer=desk.writer)
        return _made(request, desk, name, 201)

    return await written(request, Scope.ANNOTATE, work, JSON, JSONLD)


@router.get("/{id}", **described(AnnotationWhole, Query, keyed=True, missing=True, gone=True, offer=_OFFER))
async def read_annotation(request: Request, id: Annotated[str, NOTE_ID]) -> Response:
    """Read one note.

    As JSON, or with `Accept: application/ld+json` as a W3C Web Annotation.
    """
    parse(Query, query_of(request))
    type_ = containers.chosen(request, (JSON, LD))
    document = annotations.one(database_of(request).reader(), id, keyed=is_keyed(request))
    return containers.single(request, document, type_)


@router.put(
    "/{id}",
    **containers.taking_both(writing(AnnotationWhole, Scope.ANNOTATE, body=AnnotationNew, match=True, gone=True)),
)
async def replace_annotation(request: Request, id: Annotated[str, NOTE_ID]) -> Response:
    """Replace a note whole.

    One's own with the scope `annotate`, anybody's with `edit`. What it is on stays: another target is another note.
    """
    parse(Query, query_of(request))
    read = _reading(request)

    def work(desk: Desk) -> Made:
        stored = _own(request, desk, id)
        after = read(desk.body)
        target = notes.find_target(desk.connection, desk.reader, after.target)
        if target != stored.target:
            raise containers.moved_target()
        creator = _signing(desk, after.creator or stored.note.creator, stored.note.creator)
        notes.change(desk.connection, stored, after, creator=creator, writer=desk.writer)
        return _made(request, desk, id)

    return await written(request, Scope.ANNOTATE, work, JSON, JSONLD)


@router.patch("/{id}", **writing(AnnotationWhole, Scope.ANNOTATE, body=NoteEntry, patch=True, match=True, gone=True))
async def change_annotation(request: Request, id: Annotated[str, NOTE_ID]) -> Response:
    """Change a note by a merge patch.

    One's own with the scope `annotate`, anybody's with `edit`. Its id and what it is on stay.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        stored = _own(request, desk, id)
        note = stored.note
        before = NoteEntry(motivation=note.motivation, body=note.body, format=note.format, creator=note.creator)
        after = patched(before, desk.body, NoteEntry)
        creator = _signing(desk, after.creator, note.creator)
        notes.change(desk.connection, stored, after, creator=creator, writer=desk.writer)
        return _made(request, desk, id)

    return await written(request, Scope.ANNOTATE, work, MERGE_PATCH, JSON)


@router.delete("/{id}", **writing(None, Scope.ANNOTATE, match=True, gone=True))
async def remove_annotation(request: Request, id: Annotated[str, NOTE_ID]) -> Response:
    """Take a note off the record.

    One's own with the scope `annotate`, anybody's with `edit`. Its history stays.
    """
    parse(Query, query_of(request))

    def work(desk: Desk) -> Made:
        notes.remove(desk.connection, _own(request, desk, id), writer=desk.writer)
        return Made(None)

    return await written(request, Scope.ANNOTATE, work)


def _reading(request: Request) -> containers.Reader:
    """Return what reads the body of this request."""
    if not containers.is_jsonld(request):
        return lambda body: parsed(body, AnnotationNew)
    base = answers.base_url(request)
    return lambda body: annotation_jsonld.read(json_of(body), base)


def _own(request: Request, desk: Desk, name: str) -> StoredNote:
    """Return the note that is to be changed. Raises NotFound, Gone, Forbidden, and as `prove_match` does."""
    document = annotations.one(desk.reader, name, keyed=True)
    stored = notes.stored(desk.connection, name)
    if stored.note.creator != desk.key.name and not desk.key.may(Scope.EDIT):
        raise Forbidden(f"The annotation {name} is signed by {stored.note.creator}: that needs the scope edit.")
    desk.prove_match(document, *containers.every_form(document, answers.base_url(request)), version=stored.version)
    return stored


def _signing(desk: Desk, creator: str | None, before: str | None = None) -> str:
    """Return who signs. Raises Forbidden for another name than the key's, unless it may edit."""
    if creator is None:
        return desk.key.name
    if creator not in (desk.key.name, before) and not desk.key.may(Scope.EDIT):
        raise Forbidden(f"The key {desk.key.name} signs as {desk.key.name}; to sign as another needs the scope edit.")
    return creator


def _made(request: Request, desk: Desk, name: str, status: int = 200) -> Made:
    document = annotations.one(desk.reader, name, keyed=True)
    location = f"/v1/annotations/{name}" if status == 201 else None
    if not containers.is_jsonld(request):
        return Made(document, status, location)
    profile = containers.has_profile(request.headers.get("content-type", ""))
    note = AnnotationWhole.model_validate_json(document)
    body = annotation_jsonld.single(note, answers.base_url(request), profile=profile)
    return Made(body, status, location, {"Content-Type": LD if profile else JSONLD, "Link": LINK_OF_ONE})
