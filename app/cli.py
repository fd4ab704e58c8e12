"""The command line. Only the command that was called is loaded, as `serve` should not wait for what `import` needs."""

import sys
from collections.abc import Sequence
from importlib import import_module

import typer
from pydantic import ValidationError

from app import __version__
from app.errors import VerbatimError
from app.settings import Settings

COMMANDS = {
    "serve": "serve",
    "migrate": "migrate",
    "seed": "seed",
    "import": "records_in",
    "export": "records_out",
    "verify": "verify",
    "check": "check",
}
"""The commands in the order of `--help`, with the module of app/commands/ whose `run` each is."""


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

    Example: verbatim migrate && verbatim seed && verbatim serve
    """


def assemble(arguments: Sequence[str]) -> typer.Typer:
    """Return the command line with the command that the arguments call, or with all of them when they call none."""
    app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
    app.callback()(verbatim)
    called = [word for word in arguments if word in COMMANDS][:1]
    for name in called or COMMANDS:
        app.command(name)(import_module(f"app.commands.{COMMANDS[name]}").run)
    return app


def main() -> None:
    """Run the command line; an error of the record's is one line on standard error, and exit 1."""
    try:
        assemble(sys.argv[1:])()
    except VerbatimError as error:
        typer.echo(f"verbatim: {error.detail}", err=True)
        sys.exit(1)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        fault = error.errors(include_url=False)[0]
        name = f"VERBATIM_{'_'.join(str(part) for part in fault['loc'])}".upper()
        typer.echo(f"verbatim: {name}={fault['input']}: {fault['msg']}. See docs/settings.md.", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
