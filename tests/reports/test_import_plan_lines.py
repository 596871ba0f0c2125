"""Plans as offices write them: tables of lines, in Excel and in Word."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import docx
import pytest

from reports.importers.plan import read_plans, whole_year
from reports.importers.plan_lines import Whose
from reports.importers.sheets import read_book
from storage.errors import InputError
from storage.records import DayInterval, OutputForm, Plan, Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reports.importers.tables import Reading

NOW = dt.datetime(2022, 2, 1, tzinfo=dt.UTC)
YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
HEADER = [
    "TT",
    "Nội dung tuyên truyền",
    "Hình thức",
    "Sản phẩm (số lượng)",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Thời gian thực hiện",
]
OFFICE = [
    HEADER,
    ["I", "UBND xã Đông Trầm", "", "", "", "", ""],
    ["1", "Kế hoạch CCHC năm", "Trang TTĐT", "02 tin, bài/tháng", "UBND xã", "", "Hằng tháng"],
    ["2", "Dịch vụ công", "Loa truyền thanh", "02 lượt/tháng", "Đài xã", "", ""],
    ["3", "Trực quan", "Pano, băng rôn", "01 pano, 04 băng rôn/năm", "", "", "Quý II"],
    ["4", "Chuyển đổi số", "Trang TTĐT", "01 bài", "", "", "Trước 30/6"],
    ["5", "Cải cách TTHC", "Trang TTĐT", "Thường xuyên", "", "", "Cả năm"],
    ["6", "Niêm yết TTHC", "Trụ sở", "100% TTHC", "", "", ""],
    ["", "Tổng cộng", "", "24", "", "", ""],
    ["II", "XÃ TÂY TRẦM", "", "", "", "", ""],
    ["1", "Một cửa", "Website", "04 tin và 02 bài mỗi quý", "", "", ""],
]


@pytest.fixture
def read_lines(
    sheet_file: Callable[..., Path], sheet_registry: Registry
) -> Callable[..., Reading[tuple[Plan, ...]]]:
    def read(*rows: list[Any], whose: Whose | None = None) -> Reading[tuple[Plan, ...]]:
        book = read_book(sheet_file({"KH": list(rows)}))
        return read_plans(book, sheet_registry, received_at=NOW, whose=whose)

    return read


def _told(plan: Plan) -> list[tuple[object, ...]]:
    return [
        (line.quantity.form.value, line.planned, line.tags, line.on_web, line.due, line.cell)
        for line in plan.lines
    ]


EAST = [
    ("post", 24, ("CCHC",), True, None, 3),
    ("broadcast", 24, ("TTHC",), False, None, 4),
    ("panel", 1, ("CCHC",), False, None, 5),
    ("banner", 4, ("CCHC",), False, None, 5),
    ("article", 1, ("CPĐT",), True, dt.date(2022, 6, 30), 6),
    ("post", None, ("TTHC",), True, None, 7),
    ("other", None, ("TTHC",), False, None, 8),
]
WEST = [("news", 16, ("TTHC",), True, None, 11), ("article", 8, ("TTHC",), True, None, 11)]


def test_a_word_plan_is_read_with_its_groups_footers_year_and_number(
    tmp_path: Path, sheet_registry: Registry
) -> None:
    document = docx.Document()
    document.add_paragraph("Số: 05/KH-UBND")
    document.add_paragraph("KẾ HOẠCH tuyên truyền cải cách hành chính năm 2022")
    table = document.add_table(len(OFFICE), len(HEADER))
    for row, texts in zip(table.rows, OFFICE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.save(str(tmp_path / "kh.docx"))
    east, west = read_plans(read_book(tmp_path / "kh.docx"), sheet_registry, received_at=NOW).value
    assert (east.unit, west.unit) == ("ST-DONG", "ST-TAY")
    assert {(plan.period, plan.document_ref) for plan in (east, west)} == {(YEAR, "05/KH-UBND")}
    for plan, told in ((east, EAST), (west, WEST)):
        assert _told(plan) == [(*one[:5], f"Bảng 1, hàng {one[5]}, cột 4") for one in told]
    assert [(quota.tag, quota.planned) for quota in east.quotas] == [
        ("CCHC", 24),
        ("TTHC", None),
        ("CPĐT", 1),
    ]
    assert [(quota.tag, quota.planned) for quota in west.quotas] == [("TTHC", 24)]


def test_the_same_plan_in_excel_gives_the_same_lines(
    read_lines: Callable[..., Reading[tuple[Plan, ...]]],
) -> None:
    east, west = read_lines(["Kế hoạch tuyên truyền CCHC năm 2022"], *OFFICE).value
    assert _told(east) == [(*one[:5], f"KH!D{int(str(one[5])) + 1}") for one in EAST]
    assert [line.cell for line in west.lines] == ["KH!D12", "KH!D12"]


def test_columns_may_stand_in_any_order_and_a_number_may_have_its_own(
    read_lines: Callable[..., Reading[tuple[Plan, ...]]],
) -> None:
    header = ["Thời gian", "Số lượng", "ĐVT", "NHIỆM VỤ", "Chủ trì", "Nhóm"]
    rows = [
        ["Hàng quý", 3, "tin, bài", "Cải cách TTHC", "Văn phòng", "TTHC"],
        [None, "mười hai", "bài viết", "CCHC nói chung", None, "CCHC"],
        [None, 5, None, "Dịch vụ công và chuyển đổi số", None, None],
    ]
    whose = Whose(unit="ST-DONG", period=whole_year(2022))
    read = read_lines(header, *rows, whose=whose)
    (plan,) = read.value
    assert [(x.quantity.form, x.planned, x.tags, x.lead) for x in plan.lines] == [
        (OutputForm.POST, 12, ("TTHC",), "Văn phòng"),
        (OutputForm.ARTICLE, 12, ("CCHC",), None),
        (OutputForm.POST, 5, ("TTHC", "CPĐT"), None),
    ]
    assert {quota.tag: quota.planned for quota in plan.quotas} == {"CCHC": 12, "TTHC": 12}
    assert any("KH!B2" in note and "03 tin, bài/quý" in note for note in read.notes)


def test_a_number_merged_over_rows_is_one_line_about_all_of_them(
    tmp_path: Path, sheet_registry: Registry
) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, texts in zip(
        table.rows,
        [
            ("Nội dung", "Sản phẩm", "Năm"),
            ("Một cửa", "12 tin, bài/năm", "2022"),
            ("Dịch vụ công", "", "2022"),
        ],
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    document.save(str(tmp_path / "a.docx"))
    (plan,) = read_plans(
        read_book(tmp_path / "a.docx"),
        sheet_registry,
        received_at=NOW,
        whose=Whose(unit="ST-DONG"),
    ).value
    assert [(line.content, line.planned) for line in plan.lines] == [("Một cửa; Dịch vụ công", 12)]


def test_every_trouble_of_a_plan_is_told_at_once(
    read_lines: Callable[..., Reading[tuple[Plan, ...]]],
) -> None:
    header = ["Mã đơn vị", "Đơn vị", "Nội dung", "Sản phẩm", "Thời gian", "Năm", "Nhóm"]
    with pytest.raises(InputError) as caught:
        read_lines(
            header,
            ["ST-DOGN", None, "CCHC", "02 tin, bài/tháng", None, 2022, None],
            [None, "xã Đông Trầmm", "CCHC", "02 tin, bài/tháng", None, 2022, None],
            ["ST-DONG", None, "CCHC", "02-03 tin/tháng", None, 2022, None],
            ["ST-DONG", None, "CCHC", "01 bài", "trước 31/2", 2022, None],
            ["ST-DONG", None, "CCHC", "01 bài", None, None, None],
            [None, None, "CCHC", "01 bài", None, 2022, None],
            ["ST-DONG", None, "CCHC", "9.000.000 tin", None, 2022, "Thơ"],
        )
    addresses = [problem.split(":")[0] for problem in caught.value.problems]
    assert addresses == [
        "KH!A2",
        "KH!B3",
        "KH!D4",
        "KH!E5",
        "KH!C6",
        "KH!C7",
        "KH!D8",
        "KH!G8",
    ]
    assert "có phải “ST-DONG”" in caught.value.problems[0]
    assert "không hiểu phần “02-”" in caught.value.problems[2]
    assert "--year" in caught.value.problems[4]
    assert "--unit" in caught.value.problems[5]


def test_a_stretch_longer_than_the_plan_is_refused(
    read_lines: Callable[..., Reading[tuple[Plan, ...]]],
) -> None:
    header = ["Mã đơn vị", "Từ ngày", "Đến ngày", "Nội dung", "Sản phẩm"]
    row = ["ST-DONG", "01/01/2022", "30/09/2022", "CCHC", "12 tin bài/năm"]
    with pytest.raises(InputError) as caught:
        read_lines(header, row)
    assert caught.value.problems == ("KH!E2: kỳ kế hoạch ngắn hơn một năm; ghi số của cả kỳ",)


def test_an_unknown_unit_on_the_command_line_is_refused(
    read_lines: Callable[..., Reading[tuple[Plan, ...]]],
) -> None:
    with pytest.raises(InputError, match="có phải “ST-DONG”"):
        read_lines(["Nội dung", "Sản phẩm"], ["CCHC", "1 bài"], whose=Whose(unit="ST-DOGN"))
