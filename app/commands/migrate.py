"""verbatim migrate"""

import typer

from app.settings import Settings
from app.tables.db import Database
from app.tables.migration import migrate


def run() -> None:
    """Make the database, or bring it to this version's schema.

    All of it happens in one transaction: interrupted, the database stays as it was. A folder is not made: one that is
    not there is taken for mistyped.

    Example: VERBATIM_DATABASE_URL=sqlite:////data/verbatim.db verbatim migrate
    """
    database = Database(Settings().database_url)
    try:
        done = migrate(database)
        typer.echo(f"{database.path}: {'ran ' + ', '.join(done) if done else 'up to date'}")
    finally:
        database.close()
