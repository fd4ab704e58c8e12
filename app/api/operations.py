"""/livez, /readyz and /metrics: for those who run the service."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.api.documented import problem
from app.api.keys import database_of
from app.api.parameters import parse, query_of
from app.errors import NotFound
from app.tables.paging import Query
from app.tables.schema import prove

router = APIRouter(tags=["Operations"])
_NO_STORE = {"Cache-Control": "no-store"}
_NO_PARAMETERS = problem("It takes no parameters.")
_WELL = {"description": "It is well."}


class Health(BaseModel):
    """The service is well."""

    status: str = Field(description="`ok`.")


@router.get("/livez", response_model=Health, responses={200: _WELL, 422: _NO_PARAMETERS})
async def read_liveness(request: Request) -> Response:
    """Tell that the process answers.

    The database is not asked: a process that answers here need not be started anew.
    """
    parse(Query, query_of(request))
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


@router.get(
    "/readyz",
    response_model=Health,
    responses={200: _WELL, 422: _NO_PARAMETERS, 503: problem("The database does not answer.")},
)
async def read_readiness(request: Request) -> Response:
    """Tell that the service can answer.

    The database answers and is of this version's schema; if not, `detail` tells which command mends it.
    """
    parse(Query, query_of(request))
    prove(database_of(request))
    return JSONResponse({"status": "ok"}, headers=_NO_STORE)


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"description": "Counters and durations.", "content": {"text/plain": {"schema": {"type": "string"}}}},
        404: problem("Metrics are switched off."),
        422: _NO_PARAMETERS,
    },
)
async def read_metrics(request: Request) -> Response:
    """Read counters and durations.

    In the Prometheus text format, by method, route and status; routes are told as templates, never with ids.
    """
    parse(Query, query_of(request))
    if not request.app.state.settings.metrics:
        raise NotFound("Metrics are switched off here (VERBATIM_METRICS).")
    registry: CollectorRegistry = request.app.state.registry
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST, headers=_NO_STORE)
