"""Assembles the application from settings: the one place where everything meets."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from anyio import CapacityLimiter, create_task_group
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from app import __version__, logs
from app.api import (
    annotations,
    changes,
    export,
    forms,
    imports,
    integrity,
    links,
    openapi,
    operations,
    problems,
    proposals,
    quotes,
    quoting,
    revisions,
    sources,
    speakers,
    topics,
    verify,
)
from app.api.cache import Cache, Version
from app.api.front import Front
from app.api.gate import Gate
from app.api.keys import Failures
from app.api.measures import Measures
from app.api.preflight import Preflight
from app.api.quotes import Plans
from app.pages import discovery, docs, faults, files, key, review, search
from app.pages import quotes as quote_pages
from app.pages import sources as source_pages
from app.pages import speakers as speaker_pages
from app.pages import topics as topic_pages
from app.pages import verify as verify_pages
from app.settings import Settings
from app.store.claims import Verifier
from app.tables.db import Database

ROOMS = (
    quotes,
    quoting,
    export,
    verify,
    speakers,
    topics,
    sources,
    proposals,
    revisions,
    annotations,
    links,
    imports,
    integrity,
    changes,
    operations,
    docs,
    files,
    discovery,
    search,
    quote_pages,
    source_pages,
    speaker_pages,
    topic_pages,
    verify_pages,
    key,
    review,
)
"""What answers requests, in the order of the document."""

SLOW_READS = 8
"""Reads that may take long run on at most so many threads at once."""


class Verbatim(FastAPI):
    """The application behind its front, which is outside even of what FastAPI itself wraps around an application."""

    front: Front | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.front is None:
            self.front = Front(
                super().__call__,
                version=Version(self.state.database.data_version),
                cache=Cache(self.state.settings.cache_mb * 1_000_000),
                measures=self.state.measures,
            )
        await self.front(scope, receive, send)


def create_app(settings: Settings | None = None) -> Verbatim:
    """Return the application; it opens its database when first asked, and closes it at shutdown."""
    settings = settings or Settings()
    app = Verbatim(
        title="Verbatim",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    furnish(app, settings)
    for room in ROOMS:
        app.include_router(room.router)
    problems.install(app)
    app.state.show_problem = faults.show
    openapi.install(app)
    _wrap(app, settings)
    return app


def furnish(app: Verbatim, settings: Settings) -> None:
    """Give the application its record, and the place for all that it keeps of one: what it kept of another is gone."""
    app.front = None
    app.state.settings = settings
    app.state.database = Database(settings.database_url)
    app.state.plans = Plans()
    app.state.slow_reads = CapacityLimiter(SLOW_READS)
    app.state.measures = Measures()
    app.state.registry = CollectorRegistry()
    app.state.registry.register(app.state.measures)
    app.state.verifier = Verifier()
    app.state.failures = Failures(settings.wrong_keys)
    app.state.writes = CapacityLimiter(1)  # SQLite has one writer: who waits here holds no lock
    app.state.verifications = CapacityLimiter(verify.AT_ONCE)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with create_task_group() as beside:
        beside.start_soon(verify.prepare, app)
        yield
    app.state.database.close()


def _wrap(app: FastAPI, settings: Settings) -> None:
    """Put around the application what every request passes, the innermost first."""
    if settings.read_requires_key:
        app.add_middleware(Gate)
    app.add_middleware(Preflight)
    for media_type in forms.SINGLES.values():
        add_compress_type(media_type.partition(";")[0])
    app.add_middleware(CompressMiddleware)


def from_environment() -> FastAPI:
    """Return the application of a server process: settings from the environment, logs as JSON."""
    settings = Settings()
    logs.configure(settings.log_level)
    app = create_app(settings)
    # What is there by now stays as long as the process: no collection need look at it, which would hold up a request.
    gc.freeze()
    gc.enable()
    return app
