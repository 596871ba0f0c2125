"""A database of an earlier program, with rows in it, is brought to this one's schema."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command

from storage import chain, stamps, tables
from storage.engine import Database
from storage.errors import DatabaseError
from storage.merkle import EMPTY_ROOT
from storage.schema import config, upgrade
from storage.verify_chain import Chain, verify_chain

if TYPE_CHECKING:
    from pathlib import Path


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


BEFORE = (
    "INSERT INTO site (code) VALUES ('xa')",
    """INSERT INTO crawl_run (site, window_from, started_at, finished_at, outcome, profile_digest,
       code_version, simulated_clock, counters) VALUES ('xa', '2022-01-01', '2022-10-01 00:00:00',
       '2022-10-01 01:00:00', 'complete', 'p', '0', TRUE, '{}')""",
    "INSERT INTO registry_edition (received_at) VALUES ('2022-10-01 00:00:00')",
    """INSERT INTO tree_head (run_id, size, root, peaks, sealed_at) SELECT id, 0,
       'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', '[]', finished_at
       FROM crawl_run""",
)
"""A run's end in a tree without leaves, whose root is SHA-256 of nothing."""


def test_heads_and_stamps_of_before_rows_were_sealed_stay_and_the_rows_come_in(
    empty_url: str, tmp_path: Path
) -> None:
    database, settings = Database.open(empty_url), config()
    with database.write() as c:
        settings.attributes["connection"] = c
        command.upgrade(settings, "0009")
        for statement in BEFORE:
            c.execute(sa.text(statement))
        c.execute(
            sa.text(
                "INSERT INTO time_stamp (head_id, authority, received_at, token)"
                " SELECT id, 'http://tsa.test', sealed_at, :token FROM tree_head"
            ),
            {"token": b"token"},
        )
    database.close()
    upgrade(empty_url)
    database, at = Database.open(empty_url), dt.datetime(2022, 11, 1, tzinfo=dt.UTC)
    with database.write(alone=True) as c:
        (stamp,) = stamps.stamps(c)
        assert (stamp.token, stamp.head.root) == (b"token", EMPTY_ROOT.hex())
        assert chain.seal(c, tmp_path, at=at) == chain.Sealed(captures=0, rows=2)
        assert [one.run_id for one in chain.heads(c)] == [1, None]
        found = Chain()
        assert list(verify_chain(c, found)) == []
        assert (found.rows, found.rows_since) == (2, at)
    with pytest.raises(DatabaseError), database.write() as c:
        c.execute(sa.delete(tables.tree_head).where(tables.tree_head.c.run_id == 1))
    database.close()
