"""verbatim serve"""

import errno
import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import typer
import uvicorn
from uvicorn.supervisors import Multiprocess

from app.errors import Conflict, Invalid
from app.settings import Settings
from app.tables import SCHEMA
from app.tables.db import Database
from app.tables.schema import prove

GRACE_S = 8
"""How long open requests may take to end once the service is told to stop."""


def _number(most: int) -> Callable[[str], int]:
    """Return what reads a whole number from 1 to `most`; typer's own refusal does not name the value."""

    def read(value: str) -> int:
        given = str(value)  # the default is a number already
        if not (given.isascii() and given.isdigit() and 1 <= int(given[:10]) <= most):
            raise typer.BadParameter(f"{given[:60]} is not a whole number from 1 to {most}.")
        return int(given)

    return read


def run(
    host: str = typer.Option("127.0.0.1", envvar="UVICORN_HOST", help="Address to listen on."),
    port: int = typer.Option(
        8000, envvar="UVICORN_PORT", parser=_number(65535), metavar="1-65535", help="Port to listen on."
    ),
    workers: int = typer.Option(
        1, envvar="WEB_CONCURRENCY", parser=_number(64), metavar="1-64", help="Processes that answer."
    ),
    prepare: bool = typer.Option(
        False, envvar="VERBATIM_PREPARE", help="First migrate the database, and seed a record that is empty."
    ),
) -> None:
    """Serve the record over HTTP until told to stop (SIGTERM, Ctrl-C).

    Refuses a database that is not of this version's schema, and says which command mends it.

    Example: verbatim serve --port 8080
    """
    gc.disable()  # until the application is made, from modules that leave nothing to collect
    settings = Settings()
    database = Database(settings.database_url)
    try:
        if prepare:
            _prepare(database, seed=settings.seed)
        prove(database)
    finally:
        database.close()
    listener = _listen(host, port)
    _greet(host, port)
    config = uvicorn.Config(
        "app.main:from_environment",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_config=None,
        access_log=False,
        server_header=False,
        http="app.api.connection:Connection",
        ws="none",  # nothing here speaks WebSocket, and loading what does takes a tenth of the start
        timeout_graceful_shutdown=GRACE_S,
    )
    _serve(config, listener)


def _serve(config: uvicorn.Config, listener: socket.socket) -> None:
    """Answer until a signal says to stop."""
    # uvicorn raises the signal again once it has stopped; a stop that was asked for is exit 0.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        if config.workers == 1:
            uvicorn.Server(config).run(sockets=[listener])
        else:
            Multiprocess(config, sockets=[listener]).run()
    except KeyboardInterrupt:
        pass


def _prepare(database: Database, *, seed: bool) -> None:
    """Migrate and seed in processes of their own: a start that needs neither does not load what they need."""
    if database.schema() != SCHEMA:
        _run("migrate")
    if seed and database.reader().execute("SELECT 1 FROM source LIMIT 1").fetchone() is None:
        _run("seed")


def _run(name: str) -> None:
    done = subprocess.run([sys.executable, "-m", "app.cli", name], env=os.environ, check=False)
    if done.returncode != 0:
        raise typer.Exit(done.returncode)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except (OSError, UnicodeError) as error:
        listener.close()
        if not isinstance(error, OSError) or isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
            raise Invalid(
                f"{host} is not an address of this machine: give one with --host or UVICORN_HOST, such as 127.0.0.1, "
                "or 0.0.0.0 for all of them."
            ) from error
        raise Conflict(
            f"Port {port} of {host} cannot be listened on ({error.strerror}): stop what uses it, or choose another "
            f"with PORT={port + 1} make run, or verbatim serve --port {port + 1}."
        ) from error
    listener.set_inheritable(True)
    return listener


def _greet(host: str, port: int) -> None:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104  # only compared, not listened on
    base = f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
    typer.echo(f"Verbatim  {base}\nAPI docs  {base}/docs\nTry       curl '{base}/v1/quotes?limit=1'", err=True)
