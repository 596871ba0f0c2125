"""Bring the database's schema to this program's version. Alembic is loaded for that alone."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from storage.engine import Database, schema_state

_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> str:
    """Bring the schema to this program's version, in one transaction, and give its number."""
    settings, database = config(), Database.open(url)
    try:
        with database.write() as connection:
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")
    finally:
        database.close()
    return schema_state(url)[1]


def config() -> Config:
    """Give Alembic's configuration; the connection comes with the call."""
    settings = Config()
    # A % in the path would be taken for an interpolation.
    settings.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return settings
