from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from storage.errors import DatabaseError, InputError
from storage.plans import plans_as_of, record_plans
from storage.records import DayInterval, Every, OutputForm, Plan, PlanLine, Quantity, Quota

if TYPE_CHECKING:
    from storage.engine import Connection, Database

START = dt.datetime(2022, 9, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
QUARTER = DayInterval(dt.date(2022, 7, 1), dt.date(2022, 10, 1))

pytestmark = pytest.mark.usefixtures("run_id")


def _plan(planned: int | None = 12, *, hour: int = 0, **changes: object) -> Plan:
    fields: dict[str, object] = {
        "unit": "xa-a",
        "period": YEAR,
        "document_ref": "15/KH-UBND",
        "source_sha256": "s" * 64,
        "source_name": "ke-hoach.xlsx",
        "received_at": START + hour * HOUR,
        "quotas": (
            Quota(tag="TTHC", planned=planned, cell="Kế hoạch!D7"),
            Quota(tag="CCHC", planned=None, cell="Kế hoạch!C7"),
        ),
    }
    return Plan(**(fields | changes))  # type: ignore[arg-type]  # any field may be given


def _in_force(c: Connection, hour: int) -> list[Plan]:
    return [replace(plan, id=None) for plan in plans_as_of(c, START + hour * HOUR)]


def test_a_plan_comes_back_as_it_was(db: Database) -> None:
    with db.write() as c:
        record_plans(c, [_plan()])
        assert _in_force(c, 0) == [_plan()]
        assert _in_force(c, -1) == []


def test_the_newest_plan_received_until_then_is_in_force(db: Database) -> None:
    with db.write() as c:
        record_plans(c, [_plan(20, hour=2)])
        record_plans(c, [_plan(12, hour=0)])
        assert _in_force(c, 1) == [_plan(12, hour=0)]
        assert _in_force(c, 2) == [_plan(20, hour=2)]


def test_of_two_received_at_once_the_later_recorded_is_in_force(db: Database) -> None:
    with db.write() as c:
        record_plans(c, [_plan(12), _plan(20)])
        assert _in_force(c, 0) == [_plan(20)]


def test_each_unit_and_each_period_has_its_own(db: Database) -> None:
    given = [_plan(unit="xa-a"), _plan(unit="huyen"), _plan(period=QUARTER)]
    with db.write() as c:
        record_plans(c, given)
        assert _in_force(c, 0) == [given[1], given[0], given[2]]


def test_the_same_plan_again_adds_nothing_and_a_change_back_does(db: Database) -> None:
    with db.write() as c:
        record_plans(c, [_plan(12)])
        record_plans(c, [_plan(12, hour=1)])
        assert _in_force(c, 1) == [_plan(12)]
        record_plans(c, [_plan(None, hour=2), _plan(12, hour=3)])
        assert _in_force(c, 2) == [_plan(None, hour=2)]
        assert _in_force(c, 3) == [_plan(12, hour=3)]


def test_an_unknown_unit_is_refused_and_nothing_is_stored(db: Database) -> None:
    with pytest.raises(InputError) as caught, db.write() as c:
        record_plans(c, [_plan(), _plan(unit="xa-x"), _plan(unit="xa-y")])
    assert caught.value.problems == ("xa-x", "xa-y")
    with db.read() as c:
        assert _in_force(c, 9) == []


@pytest.mark.parametrize(
    "wrong",
    [
        _plan(-1),
        _plan(period=DayInterval(dt.date(2022, 1, 1))),
        _plan(quotas=(Quota(tag="CCHC", planned=1, cell="A1"),) * 2),
    ],
)
def test_an_impossible_plan_is_refused(db: Database, wrong: Plan) -> None:
    with pytest.raises(DatabaseError, match="quy tắc"), db.write() as c:
        record_plans(c, [wrong])


def test_lines_come_back_as_they_were_and_an_amended_plan_supersedes_them(db: Database) -> None:
    monthly = PlanLine(
        place=1,
        content="Kế hoạch CCHC năm",
        tags=("CCHC", "CPĐT"),
        quantity=Quantity(
            form=OutputForm.POST, measure="tin, bài", number=2, every=Every.MONTH, at_least=True
        ),
        planned=24,
        on_web=True,
        text="ít nhất 02 tin, bài/tháng",
        cell="Bảng 1, hàng 3, cột 4",
        lead="Văn phòng",
    )
    share = PlanLine(
        place=2,
        content="Niêm yết",
        tags=(),
        quantity=Quantity(form=OutputForm.OTHER, measure="%", number=None, percent=100),
        due=dt.date(2022, 6, 30),
        planned=None,
        on_web=False,
        text="100%",
        cell="KH!D4",
    )
    first, amended = _plan(lines=(monthly, share)), _plan(hour=1, lines=(monthly,))
    with db.write() as c:
        record_plans(c, [first])
        record_plans(c, [first])
        record_plans(c, [amended])
        assert _in_force(c, 0) == [first]
        assert _in_force(c, 1) == [amended]
