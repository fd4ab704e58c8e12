"""verbatim seed"""

from app.commands.records_in import put_files
from app.settings import ROOT, Settings
from app.tables.db import Database


def run() -> None:
    """Put the seed article and its quotes on the record. A second time changes nothing.

    Example: verbatim migrate && verbatim seed
    """
    database = Database(Settings().database_url)
    try:
        put_files(database, sorted((ROOT / "seed").glob("*.yaml")), who="verbatim seed")
    finally:
        database.close()
