"""The command line. Only the command that was called is loaded, as `serve` should not wait for what `import` needs."""

import os
import re
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import NoReturn

import typer
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from app import __version__
from app.errors import VerbatimError
from app.settings import Settings
from app.text.nearest import nearest

COMMANDS = {
    "serve": "serve",
    "migrate": "migrate",
    "seed": "seed",
    "import": "records_in",
    "export": "records_out",
    "verify": "verify",
    "check": "check",
    "backup": "backup",
    "restore": "restore",
    "keys": "keys",
    "revise": "revise",
    "extract": "extract",
}
"""The commands in the order of `--help`, with the module of app/commands/ whose `run`, or `app` of more, each is."""

SETTINGS = frozenset({*(f"VERBATIM_{name}".upper() for name in Settings.model_fields), "VERBATIM_PREPARE"})
"""Every VERBATIM_* variable that is read; a test compares them with docs/settings.md."""

# Kubernetes tells a pod of each service near it, one named `verbatim` included.
_OF_OTHERS = re.compile(r"_SERVICE_(?:HOST|PORT)|_PORT(?:_|\Z)")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(__version__)
        raise typer.Exit


def verbatim(
    version: bool = typer.Option(
        False, "--version", help="Show the version and leave.", callback=_version, is_eager=True
    ),
) -> None:
    """The open quote record: who said what, where it was printed, with the evidence.

    Settings are VERBATIM_* variables; VERBATIM_DATABASE_URL names the database (sqlite:///verbatim.db).

    Exit status: 0 done, 1 something is not as it should be (verify, check), 2 an error.

    Example: verbatim migrate && verbatim seed && verbatim serve
    """


def assemble(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line with the command that the arguments call, or with all of them when they call none."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
    app.callback()(verbatim)
    called = [word for word in arguments if word in COMMANDS][:1]
    for name in called or COMMANDS:
        module = import_module(f"app.commands.{COMMANDS[name]}")
        if hasattr(module, "app"):
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(module.run)
    return app


def main() -> None:
    """Run the command line.

    An error of the record's, or of its surroundings, is one line on standard error, and exit 2 as for a wrong call:
    exit 1 is for what `verify` and `check` find.
    """
    for name, hint in misspelt(os.environ):
        typer.echo(f"verbatim: There is no setting {name}, which is passed over: {hint}", err=True)
        del os.environ[name]  # said once, and not again by the processes that `serve` starts
    try:
        assemble(sys.argv[1:])()
    except VerbatimError as error:
        _leave(error.detail)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        fault = error.errors(include_url=False)[0]
        name = f"VERBATIM_{'_'.join(str(part) for part in fault['loc'])}".upper()
        _leave(f"{name}={fault['input']}: {fault['msg'].removeprefix('Value error, ')}. See docs/settings.md.")
    except (sqlite3.Error, DBAPIError) as error:
        reason = error.orig if isinstance(error, DBAPIError) else error
        _leave(f"The database {Settings().database_url} does not answer: {reason}.")
    except OSError as error:
        _leave(f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}.")


def misspelt(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each VERBATIM_* variable that is no setting, with which one is meant."""
    prefix = "VERBATIM_"
    known = sorted(name.removeprefix(prefix) for name in SETTINGS)
    for name in sorted(names):
        if name.startswith(prefix) and name not in SETTINGS and not _OF_OTHERS.search(name):
            best = nearest(name.removeprefix(prefix), known)
            yield name, f"did you mean {prefix}{best}?" if best else "docs/settings.md lists them."


def _leave(reason: str) -> NoReturn:
    typer.echo(f"verbatim: {reason}", err=True)
    sys.exit(2)


if __name__ == "__main__":
    main()
