"""Brings a database to the schema that this code needs, in one transaction, and back."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from app.errors import NotFound, SchemaUnknown
from app.settings import ROOT
from app.tables.db import Database
from app.tables.schema import unknown


def migrate(database: Database, revision: str = "head") -> tuple[str, ...]:
    """Run what is missing up to `revision` and return the migrations that ran, oldest first; none when up to date.

    An interrupted migration leaves the database as it was. Raises SchemaUnknown when the database stands at a
    migration that this version does not have, and NotFound when there is no folder for it: an address that is mistyped
    is not to leave folders and another, empty record.
    """
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    before = database.schema()
    known = ["base", *(step.revision for step in reversed(list(scripts.walk_revisions())))]
    at = known.index(before or "base") if (before or "base") in known else None
    if at is None:
        raise SchemaUnknown(unknown(database, str(before)))
    to = len(known) - 1 if revision == "head" else known.index(revision)
    if not database.path.parent.is_dir():
        raise NotFound(f"There is no folder {database.path.parent}: make it, or mend VERBATIM_DATABASE_URL.")
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations").replace("%", "%%"))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        (command.upgrade if to >= at else command.downgrade)(config, revision)
    return tuple(known[at + 1 : to + 1])
