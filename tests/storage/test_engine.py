from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from storage import engine, tables
from storage.engine import Database, add_rows, open_database, schema_state, shown_address
from storage.errors import DatabaseError
from storage.schema import upgrade
from storage.workspace import Workspace, lay_out

NOW = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOME = Path(engine.__file__).parents[1]


def _sites(database: Database) -> list[str]:
    with database.read() as c:
        return list(c.scalars(sa.select(tables.site.c.code).order_by(tables.site.c.code)))


def _workspace(folder: Path) -> Workspace:
    return lay_out(folder, since=dt.date(2022, 1, 1))


def test_what_was_written_is_there_for_the_next_reader(db: Database) -> None:
    with db.write() as c:
        c.execute(sa.insert(tables.site).values(code="xa-a"))
    assert _sites(db) == ["xa-a"]


def test_a_failure_undoes_the_whole_transaction(db: Database) -> None:
    def fail_half_way() -> None:
        with db.write() as c:
            c.execute(sa.insert(tables.site).values(code="xa-a"))
            raise KeyError

    with pytest.raises(KeyError):
        fail_half_way()
    assert _sites(db) == []


def test_a_reader_cannot_write(db: Database) -> None:
    with pytest.raises(DatabaseError), db.read() as c:
        c.execute(sa.insert(tables.site).values(code="xa-a"))
    with db.write() as c:  # and the same connection can, the next time
        c.execute(sa.insert(tables.site).values(code="xa-b"))
    assert _sites(db) == ["xa-b"]


def test_a_reader_sees_one_instant_while_another_connection_writes(db: Database) -> None:
    with db.write() as c:
        c.execute(sa.insert(tables.site).values(code="xa-a"))
    count = sa.select(sa.func.count()).select_from(tables.site)
    with db.read() as reading:
        assert reading.scalar(count) == 1
        with db.write() as writing:
            writing.execute(sa.insert(tables.site).values(code="xa-b"))
            assert reading.scalar(count) == 1
        assert reading.scalar(count) == 1
    assert _sites(db) == ["xa-a", "xa-b"]


def test_another_program_reads_during_a_write(db: Database, url: str) -> None:
    reader = (
        "import sys; from storage.engine import Database; from sqlalchemy import text\n"
        "db = Database.open(sys.argv[1], busy_timeout_s=0.1)\n"
        "with db.read() as c: print(c.scalar(text('SELECT count(*) FROM site')))\n"
    )
    with db.write() as c:
        c.execute(sa.insert(tables.site).values(code="xa-a"))
        answer = subprocess.run(
            [sys.executable, "-c", reader, url],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONPATH": str(HOME)},
        )
    assert answer.stdout.split() == ["0"]


def test_a_locked_database_is_said_to_be_locked_with_advice(db: Database, url: str) -> None:
    impatient = Database.open(url, busy_timeout_s=0.05)
    with db.write() as holder:
        holder.execute(sa.insert(tables.site).values(code="xa-a"))
        with (
            pytest.raises(DatabaseError, match=r"khóa quá lâu.*busy_timeout_s"),
            impatient.write() as c,
        ):
            c.execute(sa.insert(tables.site).values(code="xa-a"))
    impatient.close()
    assert _sites(db) == ["xa-a"]


def test_a_broken_rule_of_the_tables_is_an_error_of_ours(db: Database) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        c.execute(sa.insert(tables.article).values(site="no", canonical_url="u", first_seen_at=NOW))


def test_ids_come_in_the_order_of_the_rows(db: Database) -> None:
    rows = [{"received_at": NOW, "source_sha256": str(n)} for n in range(2500)]
    with db.write() as c:
        ids = add_rows(c, tables.registry_edition, rows)
        found = c.execute(
            sa.select(tables.registry_edition.c.source_sha256).order_by(
                tables.registry_edition.c.id
            )
        )
        assert ids == sorted(ids)
        assert [row.source_sha256 for row in found] == [str(n) for n in range(2500)]
        assert add_rows(c, tables.registry_edition, []) == []


def test_sqlite_is_set_up_for_one_writer_many_readers_and_power_cuts(database: Database) -> None:
    with database.write() as c:
        settings = {
            name: c.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_workspace_without_a_database_says_how_to_make_one(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path)
    with pytest.raises(DatabaseError, match="tinbai db upgrade"):
        open_database(workspace)
    assert not (tmp_path / "tinbai.db").exists()
    upgrade(workspace.database_url)
    database = open_database(workspace)
    assert _sites(database) == []
    database.close()


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    workspace = _workspace(tmp_path)
    upgrade(workspace.database_url)
    database = Database.open(workspace.database_url)
    with database.write() as c:
        c.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseError, match="mới hơn"):
        open_database(workspace)


def test_an_upgrade_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    database = Database.open(empty_url)
    with database.write() as c:
        c.execute(sa.text("CREATE TABLE finding (id INTEGER PRIMARY KEY)"))
    with pytest.raises(DatabaseError):
        upgrade(empty_url)
    with database.read() as c:
        assert sa.inspect(c).get_table_names() == ["finding"]
    database.close()


@pytest.mark.parametrize(
    "wrong", ["", "tinbai.db", "sqlite://", "sqlite:///:memory:", "mysql://a:b@c/d"]
)
def test_an_address_of_another_kind_is_refused(wrong: str) -> None:
    with pytest.raises(DatabaseError, match="sqlite:///"):
        Database.open(wrong)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_through_psycopg(scheme: str) -> None:
    database = Database.open(f"{scheme}://a:b@localhost/d")
    assert database.engine.dialect.driver == "psycopg"
    database.close()


def test_an_address_is_shown_without_its_password() -> None:
    assert "hush" not in shown_address("postgresql://a:hush@localhost/d")


def test_a_file_that_is_no_database_is_an_error_of_ours(tmp_path: Path) -> None:
    file = tmp_path / "tinbai.db"
    file.write_text("this is not a database, it is a letter to the unit " * 20)
    with pytest.raises(DatabaseError, match="Không dùng được"):
        schema_state(f"sqlite:///{file}")


def test_a_server_that_does_not_answer_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="Không dùng được") as caught:
        schema_state(f"postgresql://a:hush@/d?host={tmp_path}")
    assert "hush" not in str(caught.value)
    assert isinstance(caught.value.__cause__.__cause__, psycopg.OperationalError)  # type: ignore[union-attr]  # chained
