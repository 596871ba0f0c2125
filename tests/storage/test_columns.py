from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from storage import tables
from storage.columns import Json, UtcDateTime
from storage.errors import DatabaseError

if TYPE_CHECKING:
    from storage.engine import Database

edition = tables.registry_edition


def test_an_instant_comes_back_aware_and_in_utc(db: Database) -> None:
    instant = dt.datetime(2022, 1, 1, 0, 30, 15, 123456, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    with db.write() as c:
        c.execute(sa.insert(edition).values(received_at=instant))
        stored = c.scalar(sa.select(edition.c.received_at))
    assert stored == instant
    assert stored is not None
    assert stored.utcoffset() == dt.timedelta(0)


def test_a_naive_instant_is_refused(db: Database) -> None:
    naive = dt.datetime(2022, 1, 1)  # noqa: DTZ001 - the fault that is tested
    with (
        pytest.raises(sa.exc.StatementError, match="needs a time zone"),
        db.engine.connect() as c,
    ):
        c.execute(sa.insert(edition).values(received_at=naive))
    with (
        pytest.raises(sa.exc.StatementError, match="needs a time zone"),
        db.engine.connect() as c,
    ):
        c.execute(sa.select(edition).where(edition.c.received_at <= naive))


def test_instants_compare_by_time_whatever_zone_they_are_given_in(db: Database) -> None:
    with db.write() as c:
        c.execute(
            sa.insert(edition).values(received_at=dt.datetime(2022, 1, 1, 17, 0, tzinfo=dt.UTC))
        )
        in_vietnam = dt.datetime(2022, 1, 2, 0, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        equal = edition.c.received_at <= in_vietnam
        before = edition.c.received_at <= in_vietnam - dt.timedelta(microseconds=1)
        assert c.scalar(sa.select(sa.func.count()).where(equal)) == 1
        assert c.scalar(sa.select(sa.func.count()).where(before)) == 0


@pytest.mark.parametrize("value", [{}, {"capture/stored": 3}, [{"text": "một cửa"}]])
def test_json_comes_back_as_it_was(db: Database, value: object) -> None:
    with db.read() as c:
        assert c.scalar(sa.select(sa.literal(value, Json()))) == value


def test_json_is_written_with_letters_and_in_one_order() -> None:
    dialect = sa.create_engine("sqlite://").dialect
    written = Json().process_bind_param({"b": "một cửa", "a": 1}, dialect)
    assert written == '{"a": 1, "b": "một cửa"}'
    assert Json().process_bind_param(None, dialect) is None
    assert UtcDateTime().process_bind_param(None, dialect) is None


def test_the_database_refuses_a_value_that_the_enum_does_not_have(
    db: Database, capture_id: int
) -> None:
    with pytest.raises(DatabaseError), db.write() as c:
        c.execute(
            sa.text("UPDATE capture SET disposition = 'lost' WHERE id = :id"), {"id": capture_id}
        )
