"""Whether a database is of the schema that this code needs."""

from app.errors import SchemaUnknown
from app.tables import SCHEMA
from app.tables.db import Database


def prove(database: Database) -> None:
    """Raise SchemaUnknown, saying which command mends it, unless the database stands at this version's schema."""
    found = database.schema()
    if found == SCHEMA:
        return
    if found is None:
        raise SchemaUnknown(f"{database.path} holds no record yet. Make it: verbatim migrate, then verbatim seed.")
    if found < SCHEMA:
        raise SchemaUnknown(
            f"{database.path} stands at migration {found}; this version needs {SCHEMA}: verbatim migrate."
        )
    raise SchemaUnknown(unknown(database, found))


def unknown(database: Database, found: str) -> str:
    """Say that the database is of a newer version."""
    return (
        f"{database.path} stands at migration {found}, which this version of Verbatim does not know: "
        "a newer one wrote it. Start that version, or restore an older backup."
    )
