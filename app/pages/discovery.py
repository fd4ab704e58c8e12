"""Discovery: what tells programs that wander through the web where to go."""

from fastapi import APIRouter
from starlette.responses import Response

router = APIRouter(include_in_schema=False)


@router.get("/robots.txt")
async def show_robots() -> Response:
    """Let everybody read all but what is made anew each time, or is the whole record at once."""
    paths = ("/v1/export", "/v1/quotes/random", "/v1/integrity", "/metrics")
    body = "User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in paths)
    return Response(body, media_type="text/plain", headers={"Cache-Control": "public, max-age=3600"})
