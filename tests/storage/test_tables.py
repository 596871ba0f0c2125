from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage import tables
from storage.engine import Connection, Database, add_rows, schema_state
from storage.errors import DatabaseError
from storage.schema import upgrade

if TYPE_CHECKING:
    from collections.abc import Callable

STORAGE = Path(tables.__file__).parent


def _constraints(c: Connection) -> dict[str, Any]:
    inspector = sa.inspect(c)
    return {
        name: {
            "columns": [
                (col["name"], str(col["type"]), col["nullable"])
                for col in inspector.get_columns(name)
            ],
            "checks": sorted(
                (check["name"], check["sqltext"]) for check in inspector.get_check_constraints(name)
            ),
            "keys": sorted(
                (key["name"], key["constrained_columns"], key["referred_table"])
                for key in inspector.get_foreign_keys(name)
            ),
            "unique": sorted(
                (key["name"], key["column_names"]) for key in inspector.get_unique_constraints(name)
            ),
            "primary": inspector.get_pk_constraint(name)["name"],
            "indexes": sorted(
                (index["name"], index["column_names"], index["unique"])
                for index in inspector.get_indexes(name)
            ),
        }
        for name in tables.metadata.tables
    }


def test_migrations_from_nothing_give_the_models(empty_url: str) -> None:
    head = upgrade(empty_url)
    assert schema_state(empty_url) == (head, head)
    database = Database.open(empty_url)
    with database.read() as c:
        context = MigrationContext.configure(c, opts={"compare_type": True})
        assert compare_metadata(context, tables.metadata) == []
    database.close()


def test_migrations_give_the_same_names_and_checks_as_the_models(empty_url: str) -> None:
    """Alembic's comparison looks at neither checks nor the names of keys."""
    upgrade(empty_url)
    database = Database.open(empty_url)
    with database.write() as c:
        migrated = _constraints(c)
        tables.metadata.drop_all(c)
        tables.metadata.create_all(c)
        assert migrated == _constraints(c)
    database.close()


def test_upgrading_twice_changes_nothing(url: str) -> None:
    assert upgrade(url) == upgrade(url)


def test_a_migration_does_not_read_the_models() -> None:
    for step in (STORAGE / "migrations").rglob("*.py"):
        assert not re.search(r"^\s*(from|import) .*tables", step.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg://"])
def test_no_name_needs_quotes(url: str) -> None:
    dialect = sa.make_url(url).get_dialect()()
    for table in tables.metadata.tables.values():
        assert '"' not in str(sa.schema.CreateTable(table).compile(dialect=dialect))


def test_rows_are_never_changed_or_deleted_but_for_the_end_of_a_run() -> None:
    changes = {
        path.name: len(re.findall(r"\bsa\.(?:update|delete)\(|\b(?:UPDATE|DELETE) ", text))
        for path in STORAGE.glob("*.py")
        if (text := path.read_text("utf-8"))
    }
    assert {name: number for name, number in changes.items() if number} == {"captures.py": 1}


def test_every_reference_to_another_row_is_checked() -> None:
    loose = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_id") and not column.foreign_keys
    ]
    assert loose == ["capture.warc_record_id"]


DAY, LATER = dt.date(2022, 9, 1), dt.date(2022, 9, 2)
NOW = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("crawl_run", {"window_to": dt.date(2022, 8, 1)}),
        ("crawl_run", {"finished_at": NOW}),
        ("crawl_run", {"outcome": "complete"}),
        ("capture", {"warc_file": "a.warc.gz"}),
        ("capture", {"warc_file": "a.warc.gz", "warc_offset": 0}),
        ("capture", {"body_bytes": -1}),
        ("capture", {"run_id": 999}),
        ("site_owner", {"valid_to": dt.date(2020, 1, 1)}),
        ("unit_name", {"parent": "nowhere"}),
        ("unit_name", {"level": "kingdom"}),
    ],
)
def test_the_database_refuses_what_cannot_be(
    db: Database, capture_id: int, table: str, change: dict[str, object]
) -> None:
    assert capture_id
    target = tables.metadata.tables[table]
    raw = {
        name: sa.literal(value, sa.Text()) if isinstance(value, str) else value
        for name, value in change.items()
    }
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        c.execute(sa.update(target).values(raw))


_CLAIM = {"tag": "CCHC", "cell": "A1", "number": None, "url": None, "title": None}


@pytest.mark.parametrize(
    ("claim", "is_possible"),
    [
        ({"number": 3}, True),
        ({"url": "http://xa-a.test/1"}, True),
        ({"number": 3, "url": "http://xa-a.test/1"}, False),
        ({"number": 3, "title": "Tin"}, False),
        ({"number": -1}, False),
    ],
)
def test_a_claim_is_a_total_or_an_article(
    db: Database, run_id: int, claim: dict[str, object], *, is_possible: bool
) -> None:
    assert run_id

    def store(c: Connection) -> None:
        header = {
            "unit": "xa-a",
            "period_from": DAY,
            "period_to": LATER,
            "source_sha256": "s",
            "source_name": "f.xlsx",
            "received_at": NOW,
        }
        (key,) = add_rows(c, tables.self_report, [header])
        c.execute(sa.insert(tables.claim).values(_CLAIM | claim | {"self_report_id": key}))

    if is_possible:
        with db.write() as c:
            store(c)
    else:
        with pytest.raises(DatabaseError), db.write() as c:
            store(c)


def test_days_of_coverage_are_missing_exactly_when_nothing_was_seen(
    db: Database, run_id: int
) -> None:
    def row(**fields: object) -> Callable[[Connection], object]:
        whole = {"run_id": run_id, "section": "Tin", "reason": "reached_window_start"}
        values = whole | {"is_extra": False} | fields
        statement = sa.text(
            f"INSERT INTO coverage ({', '.join(values)}) "  # noqa: S608 - our own names
            f"VALUES ({', '.join(':' + name for name in values)})"
        )
        return lambda c: c.execute(statement, values)

    for wrong in (
        row(state="none", day_from=DAY, day_to=LATER),
        row(state="complete"),
        row(state="partial", day_from=DAY),
    ):
        with pytest.raises(DatabaseError), db.write() as c:
            wrong(c)
    with db.write() as c:
        row(state="none")(c)
