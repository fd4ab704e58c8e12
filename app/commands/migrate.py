"""verbatim migrate"""

import typer

from app.settings import Settings
from app.tables.db import Database
from app.tables.migration import migrate


def run() -> None:
    """Bring the database to the schema that this version needs; make it when there is none.

    All of it happens in one transaction: interrupted, the database stays as it was.

    Example: VERBATIM_DATABASE_URL=sqlite:////data/verbatim.db verbatim migrate
    """
    database = Database(Settings().database_url)
    try:
        done = migrate(database)
        typer.echo(f"{database.path}: {'ran ' + ', '.join(done) if done else 'up to date'}")
    finally:
        database.close()
