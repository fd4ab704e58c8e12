"""POST /v1/import: record files over HTTP, all or nothing."""

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.api.answers import JSON, read_slow
from app.api.bodies import read_bytes
from app.api.documented import Description, writing
from app.api.keys import need_scope
from app.api.parameters import parse, query_of
from app.api.writing import Desk, Made, answered, written
from app.errors import BadRequest
from app.formats import records as yaml_files
from app.formats import records_json as json_files
from app.formats.anchoring import anchor
from app.formats.records import Parsed, naming_lines
from app.store import imports
from app.tables.anchored import AnchoredRecord
from app.tables.imported import ImportFilter, ImportReport
from app.tables.record import RecordFile
from app.tables.words import Scope

router = APIRouter(prefix="/v1/import", tags=["Sources"])

YAML = ("application/yaml", "text/yaml", "application/x-yaml")
_BODY = "the body"


def _taking_yaml(description: Description) -> Description:
    content = description["openapi_extra"]["requestBody"]["content"]
    content |= {type_: {"schema": {"type": "string"}} for type_ in YAML[:2]}
    return description


_DESCRIBED = writing(
    ImportReport,
    Scope.ADMIN,
    body=RecordFile,
    what="A record file, with its text inside; in YAML several.",
    again=True,
    missing=False,
    parameters=ImportFilter,
)


@router.post("", **_taking_yaml(_DESCRIBED))
async def import_records(request: Request) -> Response:
    """Put record files on the record, all of it or nothing.

    The answer tells of each thing what became of it. With `dry_run=true` it tells what would, and nothing is written. A
    file that is refused is a 422 with the `line` and, in `errors`, the JSON pointer. `text_file` is not read here: the
    text stands in `source.text`.
    """
    asked = parse(ImportFilter, query_of(request))
    two_people: bool = request.app.state.settings.two_people
    need_scope(request, Scope.ADMIN)
    body = await read_bytes(request, JSON, *YAML)
    if (before := await answered(request, Scope.ADMIN, body)) is not None:
        return before
    # Read before the transaction: finding the words of a long file takes seconds, in which others write.
    found = await to_thread.run_sync(_read, body, _is_json(request), limiter=read_slow(request))

    def work(desk: Desk) -> Made:
        report = imports.put(
            desk.session,
            [record for _, record in found],
            lambda at: naming_lines(found[at][0]),
            writer=desk.writer,
            dry_run=asked.dry_run,
            two_people=two_people,
        )
        _name_keys(report, found)
        return Made(report.model_dump_json(exclude_none=True))

    return await written(request, Scope.ADMIN, work, body=body, dry=asked.dry_run)


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


def _read(body: bytes, is_json: bool) -> list[tuple[Parsed, AnchoredRecord]]:
    """Return the records of a file, with every word found in its text. Raises BadRequest and RecordRefused."""
    try:
        content = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: byte {error.start} is wrong.") from error
    parsed = [json_files.read(content, name=_BODY)] if is_json else yaml_files.read(content, name=_BODY)
    return [(one, anchor(one, _text(one))) for one in parsed]


def _text(parsed: Parsed) -> str:
    if parsed.record.source.text is None:
        raise parsed.refuse(("source", "text_file"), "no file is read over HTTP: give the text itself, as `text`")
    return parsed.record.source.text


def _name_keys(report: ImportReport, found: list[tuple[Parsed, AnchoredRecord]]) -> None:
    """Say of each quote its key in the file, whose quotes come first and in its order."""
    for told, (parsed, _) in zip(report.records, found, strict=True):
        for item, entry in zip(told.quotes, parsed.record.quotes, strict=False):
            item.key = entry.key
