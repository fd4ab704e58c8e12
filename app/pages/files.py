"""Files that the pages load, as they stand."""

from importlib.resources import files

from fastapi import APIRouter
from starlette.responses import Response

from app.errors import NotFound

router = APIRouter(include_in_schema=False)
_SWAGGER = files("fastapi_standalone_docs") / "static" / "swagger"
_OWN = files("app.pages") / "static"
_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
_STATIC = {
    "swagger-ui.css": _SWAGGER,
    "swagger-ui-bundle.js": _SWAGGER,
    **{file.name: _OWN for file in _OWN.iterdir() if file.name.rpartition(".")[2] in _TYPES},
}


@router.get("/favicon.ico")
async def show_icon() -> Response:
    """Give what a browser asks for where a document, such as a picture, names no icon."""
    return await show_static("icon.svg")


@router.get("/static/{name}")
async def show_static(name: str) -> Response:
    if name not in _STATIC:
        raise NotFound(f"There is no file {name[:100]} here.")
    body = (_STATIC[name] / name).read_bytes()
    media_type = _TYPES[name.rpartition(".")[2]]
    return Response(body, media_type=media_type, headers={"Cache-Control": "public, max-age=3600"})
