"""Plans as clerks type them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from reports.importers.plan import read_plans
from reports.importers.sheets import read_book
from storage.errors import InputError
from storage.records import DayInterval, Plan, Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = dt.datetime(2022, 2, 1, tzinfo=dt.UTC)
HEADER = ["Mã đơn vị", "Từ ngày", "Đến ngày", "CCHC", "TTHC", "CPĐT", "Số, ký hiệu kế hoạch"]
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))


@pytest.fixture
def plans_of(
    sheet_file: Callable[..., Path], sheet_registry: Registry
) -> Callable[..., tuple[Plan, ...]]:
    def read(*rows: list[Any], header: list[str] = HEADER) -> tuple[Plan, ...]:
        book = read_book(sheet_file({"Kế hoạch": [header, *rows]}))
        return read_plans(book, sheet_registry, received_at=NOW).value

    return read


def _problems(read: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        read()
    return caught.value.problems


def test_a_plan_keeps_its_numbers_with_their_cells_and_ends_after_its_last_day(
    plans_of: Callable[..., tuple[Plan, ...]],
) -> None:
    (plan,) = plans_of(["ST-DONG", "01/01/2022", dt.date(2022, 12, 31), "24", 12, 0, "05/KH-UBND"])
    assert (plan.unit, plan.period, plan.document_ref) == ("ST-DONG", YEAR, "05/KH-UBND")
    assert [(q.tag, q.planned, q.cell) for q in plan.quotas] == [
        ("CCHC", 24, "Kế hoạch!D2"),
        ("TTHC", 12, "Kế hoạch!E2"),
        ("CPĐT", 0, "Kế hoạch!F2"),
    ]
    assert (plan.source_name, plan.received_at, len(plan.source_sha256)) == ("tep.xlsx", NOW, 64)


@pytest.mark.parametrize("typed", [None, "  ", "thường xuyên", "Thường Xuyên", "Không giao"])
def test_no_number_is_never_zero(
    plans_of: Callable[..., tuple[Plan, ...]], typed: str | None
) -> None:
    (plan,) = plans_of(["ST-DONG", "01/01/2022", "31/12/2022", typed, 1, 0])
    assert [quota.planned for quota in plan.quotas] == [None, 1, 0]


@pytest.mark.parametrize("year", [2022, "2022", "Năm 2022"])
def test_a_year_stands_for_its_days(
    plans_of: Callable[..., tuple[Plan, ...]], year: int | str
) -> None:
    header = ["Mã đơn vị", "Năm", "CCHC", "TTHC", "CPĐT"]
    (plan,) = plans_of(["ST-DONG", year, 1, 2, 3], header=header)
    assert plan.period == YEAR


def test_every_error_is_told_at_once_with_its_cell(
    plans_of: Callable[..., tuple[Plan, ...]],
) -> None:
    problems = _problems(
        lambda: plans_of(
            ["ST-DONG", "01/01/2022", "31/12/2022", "mười hai", -1, 2.5],
            ["ST-DOGN", "31/12/2022", "01/01/2022", 1, 1, 1],
            [None, None, None, 1, 1, 1],
        )
    )
    assert problems == (
        "Kế hoạch!D2: “mười hai” không phải số; ghi 12",
        "Kế hoạch!E2: số âm “-1”; ghi từ 0 trở lên",
        "Kế hoạch!F2: “2,5” không phải số nguyên; ghi số tin, bài tròn",
        (
            "Kế hoạch!A3: mã đơn vị “ST-DOGN” không có trong danh sách đơn vị; "
            "có phải “ST-DONG” (UBND xã Đông Trầm)?"
        ),
        "Kế hoạch!C3: ngày cuối 01/01/2022 trước ngày đầu 31/12/2022",
        "Kế hoạch!A4: thiếu “Mã đơn vị”",
        "Kế hoạch!B4: thiếu “Từ ngày”",
        "Kế hoạch!C4: thiếu “Đến ngày”",
    )


def test_a_unit_and_period_may_stand_in_one_row_only(
    plans_of: Callable[..., tuple[Plan, ...]],
) -> None:
    year = ["ST-DONG", "01/01/2022", "31/12/2022", 1, 1, 1]
    quarter = ["ST-DONG", "01/01/2022", "31/03/2022", 1, 1, 1]
    assert len(plans_of(year, quarter)) == 2
    assert _problems(lambda: plans_of(year, quarter, year)) == (
        "Kế hoạch!A4: trùng đơn vị và kỳ 01/01/2022–31/12/2022 với Kế hoạch!A2; giữ lại một dòng",
    )


def test_a_unit_must_have_existed_on_some_day_of_the_period(
    plans_of: Callable[..., tuple[Plan, ...]],
) -> None:
    """It ended on 30 June: a plan for all of 2022 stands, one from July on does not."""
    assert len(plans_of(["ST-TAY", "01/01/2022", "31/12/2022", 1, 1, 1])) == 1
    assert _problems(lambda: plans_of(["ST-TAY", "01/07/2022", "31/12/2022", 1, 1, 1])) == (
        (
            "Kế hoạch!A2: đơn vị “ST-TAY” không tồn tại trong kỳ 01/07/2022–31/12/2022 "
            "(có: 01/01/2021–30/06/2022)"
        ),
    )


def test_year_and_days_must_not_contradict_each_other(
    plans_of: Callable[..., tuple[Plan, ...]],
) -> None:
    header = ["Mã đơn vị", "Năm", "Từ ngày", "Đến ngày", "CCHC", "TTHC", "CPĐT"]
    (plan,) = plans_of(["ST-DONG", 2022, "01/01/2022", "30/09/2022", 1, 1, 1], header=header)
    assert plan.period.end == dt.date(2022, 10, 1)
    (problem,) = _problems(
        lambda: plans_of(["ST-DONG", 2021, "01/01/2022", "30/09/2022", 1, 1, 1], header=header)
    )
    assert problem.startswith("Kế hoạch!B2: “Năm” không khớp")


def test_a_name_that_is_another_units_is_noted_and_the_code_decides(
    sheet_file: Callable[..., Path], sheet_registry: Registry
) -> None:
    header = ["Mã đơn vị", "Tên đơn vị", "Năm", "CCHC", "TTHC", "CPĐT"]
    rows = [header, ["ST-DONG", "xã Tây Trầm", 2022, 1, 1, 1], ["ST", "Sông Trầm", 2022, 1, 1, 1]]
    reading = read_plans(read_book(sheet_file({"Kế hoạch": rows})), sheet_registry, received_at=NOW)
    assert [plan.unit for plan in reading.value] == ["ST-DONG", "ST"]
    (note,) = reading.notes
    assert note.startswith("Kế hoạch!B2: tên “xã Tây Trầm” khác danh sách")


def test_a_reference_that_excel_turned_into_a_day_is_not_taken_for_text(
    plans_of: Callable[..., tuple[Plan, ...]],
) -> None:
    (problem,) = _problems(
        lambda: plans_of(["ST-DONG", "01/01/2022", "31/12/2022", 1, 1, 1, dt.date(2022, 1, 5)])
    )
    assert problem.startswith("Kế hoạch!G2: Excel đã đổi ô này thành ngày")


def test_without_a_unit_list_the_advice_is_to_import_it(sheet_file: Callable[..., Path]) -> None:
    book = read_book(sheet_file({"Kế hoạch": [HEADER, ["X", 1, 1, 1, 1, 1]]}))
    with pytest.raises(InputError, match="tinbai import units"):
        read_plans(book, Registry(), received_at=NOW)
