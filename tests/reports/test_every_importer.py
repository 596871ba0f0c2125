"""What offices' files do wrong, for every importer: each cell is named, with its cure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from reports.importers.outputs import read_outputs
from reports.importers.plan import read_plans
from reports.importers.self_report import read_self_reports
from reports.importers.sheets import read_book
from reports.importers.units import read_units
from storage.errors import InputError
from storage.records import DayInterval, Registry, UnitLevel, UnitName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from reports.importers.grid import Book
    from reports.importers.tables import Reading

NOW = dt.datetime(2022, 10, 5, tzinfo=dt.UTC)
TWINS = ("H-A", "H-B")
Rows = list[list[Any]]
READ: dict[str, Callable[[Book, Registry, Path], Reading[Any]]] = {
    "units": lambda book, *_: read_units(book, Registry()),
    "plan": lambda book, registry, _: read_plans(book, registry, received_at=NOW),
    "lines": lambda book, registry, _: read_plans(book, registry, received_at=NOW),
    "totals": lambda book, registry, _: read_self_reports(book, registry, received_at=NOW),
    "topics": lambda book, registry, _: read_self_reports(book, registry, received_at=NOW),
    "articles": lambda book, registry, _: read_self_reports(book, registry, received_at=NOW),
    "outputs": lambda book, registry, folder: read_outputs(book, folder, registry, received_at=NOW),
}
GOOD: dict[str, dict[str, Any]] = {
    "units": {
        "Mã đơn vị": "H", "Tên đơn vị": "UBND huyện H", "Cấp": "huyện",
        "Mã đơn vị cấp trên": None, "Từ ngày": "01/01/2021", "Đến ngày": None,
    },
    "plan": {"Mã đơn vị": "ST-DONG", "Năm": "2022", "CCHC": "12", "TTHC": 4, "CPĐT": None},
    "lines": {
        "Mã đơn vị": "ST-DONG", "Tên đơn vị": None, "Năm": 2022, "Nội dung": "Tuyên truyền TTHC",
        "Sản phẩm": "02 tin, bài/tháng", "Nhóm": None, "Thời gian": None, "Cơ quan chủ trì": None,
        "Hình thức": None,
    },
    "totals": {
        "Mã đơn vị": "ST-DONG", "Từ ngày": "01/01/2022", "Đến ngày": dt.date(2022, 9, 30),
        "CCHC": "12", "TTHC": 4, "CPĐT": None,
    },
    "topics": {
        "Mã đơn vị": "ST-DONG", "Từ ngày": "01/01/2022", "Đến ngày": "30/09/2022",
        "Nhóm": "TTHC", "Số lượng": "12",
    },
    "articles": {
        "Mã đơn vị": "ST-DONG", "Từ ngày": "01/01/2022", "Đến ngày": "30/09/2022",
        "Nhóm": "TTHC", "Tiêu đề": "Bài", "Đường dẫn": "http://d.test/1", "Ngày đăng": 44747,
    },
    "outputs": {
        "Mã đơn vị": "ST-DONG", "Hình thức": "Pano", "Số lượng": "2", "Ngày": "05/04/2022",
        "Minh chứng": None,
    },
}  # fmt: skip
"""One right row of each form; numbers and days stand as text, too."""


@pytest.fixture
def twins() -> Registry:
    """Give a district with two communes of one name, and a third."""
    valid = DayInterval(dt.date(2021, 1, 1))
    rows = [
        ("ST", "UBND huyện Sông Trầm", UnitLevel.DISTRICT, None),
        ("ST-DONG", "UBND xã Đông Trầm", UnitLevel.COMMUNE, "ST"),
        *((code, "UBND xã Tân Thành", UnitLevel.COMMUNE, "ST") for code in TWINS),
    ]
    return Registry(
        names=tuple(
            UnitName(unit=unit, name=name, level=level, parent=parent, valid=valid)
            for unit, name, level, parent in rows
        )
    )


@pytest.fixture
def reading(tmp_path: Path, twins: Registry) -> Callable[..., Reading[Any]]:
    """Give a function that writes rows below headers, lays the sheet out, and imports it."""

    def read(
        kind: str,
        headers: Sequence[str],
        rows: Rows,
        lay_out: Callable[[Any], object] = lambda sheet: sheet,
    ) -> Reading[Any]:
        book = openpyxl.Workbook()
        sheet = book.worksheets[0]
        sheet.title = "A"
        for row in ([*headers], *rows):
            sheet.append(row)
        lay_out(sheet)
        book.save(tmp_path / "a.xlsx")
        return READ[kind](read_book(tmp_path / "a.xlsx"), twins, tmp_path)

    return read


def _problems(read: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(InputError) as caught:
        read()
    return caught.value.problems or (str(caught.value),)


@pytest.mark.parametrize("kind", READ)
def test_a_hidden_row_with_numbers_and_days_as_text_is_read_and_said(
    reading: Callable[..., Reading[Any]], kind: str
) -> None:
    def hide(sheet: Any) -> None:  # noqa: ANN401 - openpyxl publishes no types
        sheet.row_dimensions[2].hidden = True

    read = reading(kind, list(GOOD[kind]), [list(GOOD[kind].values())], hide)
    assert any("đang ẩn dòng 2; vẫn được đọc" in note for note in read.notes)
    assert read.value


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        ("units", "Cấp"),
        ("plan", "TTHC"),
        ("lines", "Nội dung"),
        ("totals", "Đến ngày"),
        ("topics", "Số lượng"),
        ("articles", "Tiêu đề"),
        ("outputs", "Hình thức"),
    ],
)
def test_a_missing_column_is_named_with_the_sheet(
    reading: Callable[..., Reading[Any]], kind: str, needed: str
) -> None:
    row = {header: value for header, value in GOOD[kind].items() if header != needed}
    (problem,) = _problems(lambda: reading(kind, list(row), [list(row.values())]))
    assert problem.startswith("A: ")
    assert "thiếu cột" in problem
    assert f"“{needed}”" in problem


@pytest.mark.parametrize("kind", READ)
def test_a_sheet_that_is_something_else_says_what_is_needed(
    reading: Callable[..., Reading[Any]], kind: str
) -> None:
    (problem,) = _problems(lambda: reading(kind, ["Họ tên", "Chức vụ"], [["An", "Văn thư"]]))
    assert "Tiêu đề cần có" in problem
    assert "Họ tên, Chức vụ" in problem
    assert "tệp mẫu" in problem


FORMULA, ERROR = "công thức chưa có kết quả; mở bằng Excel, lưu lại", "ghi thẳng giá trị"
NEAREST = "có phải “ST-DONG” (UBND xã Đông Trầm)?"
A_DAY = "ghi ngày/tháng/năm, ví dụ"


@pytest.mark.parametrize(
    ("kind", "header", "typed", "cure"),
    [
        ("units", "Từ ngày", "=TODAY()", FORMULA),
        ("units", "Tên đơn vị", "#REF!", ERROR),
        ("units", "Từ ngày", 44743, f"{A_DAY} 01/07/2022"),
        ("units", "Từ ngày", "1 tháng 7 năm 2022", f"{A_DAY} 01/07/2022"),
        ("units", "Cấp", "làng", "ghi: tỉnh"),
        ("units", "Mã đơn vị cấp trên", "HH", "có phải “H” (UBND huyện H)?"),
        ("plan", "Mã đơn vị", "ST-DOMG", NEAREST),
        ("plan", "CCHC", "=SUM(A1:A9)", FORMULA),
        ("plan", "CCHC", "#N/A", ERROR),
        ("plan", "CCHC", "12 bài", "ghi 12"),
        ("plan", "Năm", "hai hai", "ghi 2022"),
        ("lines", "Mã đơn vị", "ST-DOMG", NEAREST),
        ("lines", "Sản phẩm", "=B2", FORMULA),
        ("lines", "Sản phẩm", dt.date(2022, 2, 1), "định dạng ô là Văn bản"),
        ("lines", "Sản phẩm", "2/3 tin 7", "ghi như “02 tin, bài/tháng”"),
        ("lines", "Thời gian", "trước 31/02", "ghi như “trước 30/6”"),
        ("lines", "Thời gian", "=A1", FORMULA),
        ("lines", "Cơ quan chủ trì", "#N/A", ERROR),
        ("lines", "Hình thức", "=A1", FORMULA),
        ("lines", "Nhóm", "Đất đai", "ghi CCHC, TTHC, CPĐT"),
        ("totals", "Mã đơn vị", "ST-DOMG", NEAREST),
        ("totals", "CCHC", "=1+1", FORMULA),
        ("totals", "CCHC", "9 bài và 3 tin", "ghi một tổng số"),
        ("totals", "Từ ngày", "quý I", A_DAY),
        ("topics", "Số lượng", "#VALUE!", ERROR),
        ("topics", "Nhóm", "Đất đai", "ghi CCHC, TTHC, CPĐT"),
        ("articles", "Mã đơn vị", "ST-DOMG", NEAREST),
        ("articles", "Tiêu đề", "=A1", FORMULA),
        ("articles", "Đường dẫn", "trang của xã", "dán địa chỉ đầy đủ"),
        ("articles", "Ngày đăng", "hôm qua", A_DAY),
        ("outputs", "Mã đơn vị", "ST-DOMG", NEAREST),
        ("outputs", "Số lượng", "=1+1", FORMULA),
        ("outputs", "Số lượng", "12 tờ", "ghi 12"),
        ("outputs", "Ngày", 44743, f"{A_DAY} 01/07/2022"),
        ("outputs", "Minh chứng", "C:\\loa.jpg", "chép tệp vào đó"),
    ],
)
def test_a_wrong_cell_is_named_with_its_cure(
    reading: Callable[..., Reading[Any]], kind: str, header: str, typed: object, cure: str
) -> None:
    row = GOOD[kind] | {header: typed}
    column = "ABCDEFGHI"[list(row).index(header)]
    found = _problems(lambda: reading(kind, list(row), [list(row.values())]))
    (problem,) = [one for one in found if one.startswith(f"A!{column}2: ")]
    assert cure in problem


def test_a_name_that_two_units_have_is_not_guessed(reading: Callable[..., Reading[Any]]) -> None:
    row = GOOD["lines"] | {"Mã đơn vị": None, "Tên đơn vị": "UBND xã Tân Thành"}
    (problem,) = _problems(lambda: reading("lines", list(row), [list(row.values())]))
    assert problem.startswith("A!B2: không xác định được đơn vị “UBND xã Tân Thành”")
    assert "thêm cột “Mã đơn vị”" in problem


def test_one_unit_on_the_same_days_twice_is_told_with_both_rows_and_the_cure(
    reading: Callable[..., Reading[Any]],
) -> None:
    first = GOOD["units"]
    later = first | {"Từ ngày": "01/06/2022"}
    rows = [list(first.values()), list(later.values())]
    (problem,) = _problems(lambda: reading("units", list(first), rows))
    assert problem.startswith("A!A2, A!A3: ")
    assert "chồng nhau ở ngày 2022-06-01; cho khoảng trước kết thúc" in problem


def test_a_bare_number_is_the_day_of_its_own_workbook_in_a_self_report(
    reading: Callable[..., Reading[Any]],
) -> None:
    def from_1904(sheet: Any) -> None:  # noqa: ANN401
        sheet.parent.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904

    for lay_out, day in ((lambda _: None, dt.date(2022, 7, 5)), (from_1904, dt.date(2026, 7, 6))):
        row = GOOD["articles"]
        (report,) = reading("articles", list(row), [list(row.values())], lay_out).value
        assert [claim.day for claim in report.claims] == [day]


@pytest.mark.parametrize("typed", [dt.date(2022, 6, 30), 44742, "Trước 30/6", "30/06/2022"])
def test_a_deadline_is_read_as_a_day_however_the_cell_keeps_it(
    reading: Callable[..., Reading[Any]], typed: object
) -> None:
    row = GOOD["lines"] | {"Sản phẩm": "03 tin, bài", "Thời gian": typed}
    (plan,) = reading("lines", list(row), [list(row.values())]).value
    assert [line.due for line in plan.lines] == [dt.date(2022, 6, 30)]


def test_a_title_without_a_row_of_headers_in_another_sheet_is_only_noted(
    tmp_path: Path, twins: Registry
) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Họ tên"])
    sheet = book.create_sheet("KH")
    sheet.append(list(GOOD["plan"]))
    sheet.append(list(GOOD["plan"].values()))
    book.save(tmp_path / "a.xlsx")
    read = read_plans(read_book(tmp_path / "a.xlsx"), twins, received_at=NOW)
    assert any("không dùng đến: Sheet" in note for note in read.notes)
    assert len(read.value) == 1
