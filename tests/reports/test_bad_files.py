"""What offices' files hide, and what importers do about it: read it and say so, or refuse it."""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from reports.importers.cells import Complaints, day_of, whole_of
from reports.importers.grid import Cell, with_merged
from reports.importers.plan import read_plans
from reports.importers.sheets import ranges, read_book
from reports.importers.tables import Column, Form, find_tables
from reports.importers.units import read_units
from storage.errors import InputError
from storage.records import Registry

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NOW = dt.datetime(2022, 2, 1, tzinfo=dt.UTC)
FORM = Form(
    "Bảng",
    (
        Column("unit", "Mã đơn vị"),
        Column("posts", "Số tin, bài"),
        Column("note", "Ghi chép", required=False),
    ),
)
HEADER = ["Mã đơn vị", "Số tin, bài", "Ghi chép"]


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes rows and lets a test lay the sheet out."""

    def write(
        rows: list[list[Any]], lay_out: Callable[[Any], object], name: str = "a.xlsx"
    ) -> Path:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "A"
        for row in rows:
            sheet.append(row)
        lay_out(sheet)
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def _hide(sheet: Any) -> None:  # noqa: ANN401 - openpyxl publishes no types
    for row in (2, 3, 5):
        sheet.row_dimensions[row].hidden = True
    sheet.column_dimensions["C"].hidden = True


def test_hidden_rows_and_columns_are_read_and_said(edited: Callable[..., Path]) -> None:
    rows = [HEADER, *([f"X{n}", n, "x"] for n in range(4))]
    found = find_tables(read_book(edited(rows, _hide)), (FORM,))
    assert [row["posts"].value for row in found.value[FORM.title]] == [0, 1, 2, 3]
    (note,) = found.notes
    assert note.startswith("A: đang ẩn dòng 2–3, 5; cột C")


@pytest.mark.parametrize(
    ("numbers", "text"), [((3,), "3"), ((3, 4, 5, 9), "3–5, 9"), ((1, 3), "1, 3")]
)
def test_numbers_are_told_briefly(numbers: tuple[int, ...], text: str) -> None:
    assert ranges(numbers) == text


def test_a_unit_merged_over_rows_is_theirs_and_a_number_is_nobodys(
    edited: Callable[..., Path],
) -> None:
    def merge(sheet: Any) -> None:  # noqa: ANN401
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B3:B4")

    rows = [HEADER, ["X1", 1, "a"], [None, 2, "b"], ["X2", None, "c"]]
    found = find_tables(read_book(edited(rows, merge)), (FORM,)).value[FORM.title]
    assert [row["unit"].value for row in found] == ["X1", "X1", "X2"]
    complaints = Complaints("a.xlsx")
    assert [whole_of(row["posts"], complaints) for row in found] == [1, 2, None]
    with pytest.raises(InputError) as caught:
        complaints.raise_if_any()
    assert caught.value.problems[0].startswith("A!B4: ô gộp nhiều dòng")


def test_a_merge_over_the_whole_sheet_reaches_only_the_rows_that_are_there() -> None:
    rows = {number: {2: Cell("A", number, 2, number)} for number in (2, 7)}
    rows[2][1] = Cell("A", 2, 1, "X1")
    merged = with_merged(rows, {(2, 1): 1_048_576, (3, 1): 1_048_576})
    assert [[(cell.column, cell.continues) for cell in row] for row in merged] == [
        [(1, False), (2, False)],
        [(1, True), (2, False)],
    ]


def _add(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "a") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


@pytest.mark.parametrize(
    ("part", "said"),
    [("xl/vbaProject.bin", "macro không chạy"), ("xl/externalLinks/link1.xml", "không mở tệp đó")],
)
def test_macros_and_links_to_other_files_do_nothing_and_are_said(
    edited: Callable[..., Path], part: str, said: str
) -> None:
    path = _add(edited([HEADER, ["X1", 1, "x"]], lambda sheet: sheet, "a.xlsm"), {part: b"x"})
    book = read_book(path)
    assert len(book.sheets[0].rows) == 2
    assert any(said in note for note in find_tables(book, (FORM,)).notes)


@pytest.mark.parametrize(
    ("epoch", "meant"),
    [(CALENDAR_WINDOWS_1900, "01/07/2022"), (CALENDAR_MAC_1904, "02/07/2026")],
)
def test_a_bare_serial_is_no_day_and_the_advice_knows_where_it_is_numbered_from(
    edited: Callable[..., Path], epoch: dt.datetime, meant: str
) -> None:
    def set_epoch(sheet: Any) -> None:  # noqa: ANN401
        sheet.parent.epoch = epoch

    cell = read_book(edited([[44743]], set_epoch)).sheets[0].rows[0][0]
    complaints = Complaints("a.xlsx")
    assert day_of(cell, complaints) is None
    with pytest.raises(InputError) as caught:
        complaints.raise_if_any()
    assert meant in caught.value.problems[0]


FOOTERS = [
    ["Sông Trầm, ngày 05 tháng 01 năm 2022", None, None],
    ["Người lập biểu", None, "THỦ TRƯỞNG ĐƠN VỊ"],
    ["(ký, ghi rõ họ tên)", None, "TM. ỦY BAN NHÂN DÂN"],
    ["Nguyễn Văn A", None, None],
    ["Nơi nhận:", None, None],
]


def test_what_stands_below_a_table_is_no_record(edited: Callable[..., Path]) -> None:
    rows = [HEADER, ["X1", 1, "x"], ["Tổng cộng", 1, None], *FOOTERS]
    found = find_tables(read_book(edited(rows, lambda sheet: sheet)), (FORM,))
    assert [row["unit"].value for row in found.value[FORM.title]] == ["X1"]


# ---------------------------------------------------------------------------- units

UNITS = ["Mã đơn vị", "Tên đơn vị", "Cấp", "Mã đơn vị cấp trên", "Từ ngày", "Đến ngày"]


def _units(sheet_file: Callable[..., Path], *rows: list[Any]) -> tuple[str, ...]:
    top = [[code, f"UBND huyện {code}", "huyện", None, "01/01/2021", None] for code in ("H", "K")]
    book = read_book(sheet_file({"A": [UNITS, *top, *rows]}))
    return read_units(book, Registry()).notes


def test_one_name_for_two_units_is_refused_below_one_superior_and_noted_below_two(
    sheet_file: Callable[..., Path],
) -> None:
    first = ["X1", "UBND xã Tân Thành", "xã", "H", "01/01/2021", "30/06/2022"]
    later = ["X2", "UBND xã Tân Thành", "xã", "H", "01/07/2022", None]
    other = ["X3", "UBND xã Tân Thành", "xã", "K", "01/01/2021", None]
    assert not any("hai đơn vị" in note for note in _units(sheet_file, first, later))
    assert any("hai đơn vị: X1, X3" in note for note in _units(sheet_file, first, other))
    with pytest.raises(InputError) as caught:
        _units(sheet_file, first, ["X2", "ubnd xã Tân Thành", "xã", "H", "01/06/2022", None])
    assert caught.value.problems[0].startswith("A!B5, A!B4: “ubnd xã Tân Thành” đã có mã X1")


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("12 bài", "ghi 12"),
        ("mười hai", "ghi 12"),
        ("=1+1", "công thức chưa có kết quả"),
        ("#REF!", "công thức báo lỗi"),
        (12.5, "không phải số nguyên"),
        ("-", "không rõ nghĩa"),
    ],
)
def test_numbers_that_are_none_are_refused_with_cell_and_cure(
    sheet_file: Callable[..., Path], sheet_registry: Registry, typed: object, advice: str
) -> None:
    header = ["Mã đơn vị", "Năm", "CCHC", "TTHC", "CPĐT"]
    book = read_book(sheet_file({"KH": [header, ["ST-DONG", 2022, typed, 1, 1]]}))
    with pytest.raises(InputError) as caught:
        read_plans(book, sheet_registry, received_at=NOW)
    (problem,) = caught.value.problems
    assert problem.startswith("KH!C2: ")
    assert advice in problem
