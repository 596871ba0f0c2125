"""A database of an earlier program, with rows in it, is brought to this one's schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command

from storage import tables
from storage.engine import Database
from storage.schema import config, upgrade


def test_rows_of_the_first_schema_are_still_there_and_the_new_names_can_be_stored(
    empty_url: str,
) -> None:
    database, settings = Database.open(empty_url), config()
    with database.write() as c:
        settings.attributes["connection"] = c
        command.upgrade(settings, "0001")
        c.execute(sa.text("INSERT INTO site (code) VALUES ('xa')"))
        c.execute(
            sa.text(
                "INSERT INTO crawl_run (site, window_from, started_at, profile_digest,"
                " code_version, simulated_clock, counters) VALUES ('xa', '2022-01-01',"
                " '2022-10-01 00:00:00', 'p', '0', TRUE, '{}')"
            )
        )
        insert = (
            "INSERT INTO capture (run_id, url, purpose, captured_at, disposition)"
            " SELECT id, 'http://xa.test/', '{}', started_at, 'listed' FROM crawl_run"
        )
        c.execute(sa.text(insert.format("list")))
    database.close()
    upgrade(empty_url)
    database = Database.open(empty_url)
    with database.write() as c:
        c.execute(sa.text(insert.format("probe")))
        purposes = c.scalars(sa.select(tables.capture.c.purpose).order_by(tables.capture.c.id))
        assert [purpose.value for purpose in purposes] == ["list", "probe"]
    database.close()
