"""The report as an Excel file, read back with openpyxl."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from reports import workbook
from reports.render.xlsx import to_xlsx
from reports.workbook import TableSheet, new_book

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine

TITLES = 2


def _book(report: Report) -> Any:  # noqa: ANN401 - openpyxl has no types
    return openpyxl.load_workbook(io.BytesIO(to_xlsx(report)))


def _rows(sheet: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - likewise
    """Give the cells of each row below the header, by header."""
    header, *rows = list(sheet.iter_rows(min_row=TITLES + 1))
    return [{head.value: cell for head, cell in zip(header, row, strict=True)} for row in rows]


def test_the_sheets_are_ready_to_filter_and_to_print(
    rendered_report: Callable[..., Report],
) -> None:
    book = _book(rendered_report())
    assert book.sheetnames == [
        "Tổng hợp",
        "Danh mục bài",
        "Theo tháng",
        "Phát hiện",
        "Phương pháp",
    ]
    for sheet in book.worksheets[:3]:
        assert sheet.freeze_panes == "A4"
        assert sheet.auto_filter.ref.startswith("A3:")
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        assert "9 tháng năm 2022" in sheet["A2"].value


def test_numbers_are_numbers_and_what_is_not_known_is_empty_or_said(
    rendered_report: Callable[..., Report],
) -> None:
    exact, bound, unknown = _rows(_book(rendered_report())["Tổng hợp"])
    verified = "Hệ thống xác minh"
    assert {head: cell.value for head, cell in exact.items()} == {
        "TT": 1,
        "Mã đơn vị": "ST-DONG",
        "Đơn vị": "UBND xã Đông Trầm",
        "Nhóm": "TTHC",
        "Chỉ tiêu KH (tin, bài)": 4,
        "Đơn vị tự báo cáo": 5,
        verified: 2,
        "Chênh lệch (±)": 3,
        "Tỷ lệ tự báo cáo %": 125,
        "Tỷ lệ xác minh %": 50,
        "Còn lại theo KH": 2,
        "Tỷ lệ xác minh %, tối đa 100": 50,
        "Phải đạt đến nay": None,
        "Tỷ lệ theo tiến độ %": None,
        "Số tháng còn lại": None,
        "Cần mỗi tháng": None,
        "Nhịp mỗi tháng đến nay": None,
        "Kết quả": "Chưa đạt",
        "Tin, bài chưa đủ căn cứ": 1,
        "Trùng (không tính)": 1,
        "Công nhận theo giải trình": 0,
        "Đăng lại (có tính)": 1,
        "Ghi chú": "Xem được toàn bộ kỳ.",
    }
    assert (exact[verified].number_format, bound[verified].number_format) == ("0", '"≥ "0')
    assert bound[verified].value == 1
    assert bound["Chênh lệch (±)"].number_format == '"≤ "+0;"≤ "-0;"≤ "0'
    assert bound["Tỷ lệ xác minh %"].number_format == '"≥ "0.0" %"'
    assert unknown[verified].value == "không rõ"
    for head in ("Chỉ tiêu KH (tin, bài)", "Đơn vị tự báo cáo", "Tỷ lệ xác minh %"):
        assert unknown[head].value is None


def test_every_verified_number_leads_to_the_first_row_of_its_list(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report()
    book = _book(report)
    for line, row in zip(report.lines, _rows(book["Tổng hợp"]), strict=True):
        link = row["Hệ thống xác minh"].hyperlink
        if not line.articles:
            assert link is None
            continue
        sheet, _, cell = link.location.replace("'", "").partition("!")
        listed = book[sheet][cell].row
        assert [book[sheet].cell(listed, column).value for column in (1, 3, 8)] == [
            line.unit,
            line.tag,
            line.articles[0].article_id,
        ]


def test_every_article_is_listed_with_its_fate_its_day_and_its_address(
    rendered_report: Callable[..., Report],
) -> None:
    report = rendered_report()
    rows = _rows(_book(report)["Danh mục bài"])
    assert [row["Kết luận"].value for row in rows] == [
        "Được tính",
        "Được tính (đăng lại)",
        "Trùng bài đã tính",
        "Không rõ ngày đăng",
        "Được tính",
        "Trang chưa gắn với đơn vị nào",
    ]
    assert rows[0]["Ngày đăng"].value == dt.datetime(2022, 3, 1)  # noqa: DTZ001 - Excel knows no zones
    assert rows[0]["Ngày đăng"].number_format == "dd/mm/yyyy"
    assert rows[3]["Ngày đăng"].value is None
    assert rows[0]["Đường dẫn"].hyperlink.target == "http://dongtram.test/tin/1"
    assert rows[2]["Tính ở bài"].value == 1


@pytest.mark.parametrize("start", ["=1+1", "+84", "-1", "@SUM(A1)", "=HYPERLINK(1)", "#N/A"])
def test_a_title_is_text_whatever_it_begins_with(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
    start: str,
) -> None:
    report = rendered_report(lines=(rendered_line(articles=(rendered_article(1, title=start),)),))
    cell = _rows(_book(report)["Danh mục bài"])[0]["Tiêu đề"]
    assert (cell.value, cell.data_type) == (start, "s")
    with zipfile.ZipFile(io.BytesIO(to_xlsx(report))) as package:
        sheets = [package.read(n) for n in package.namelist() if n.startswith("xl/worksheets/")]
    assert all(b"<f>" not in sheet and b"<f " not in sheet for sheet in sheets)


def test_text_that_excel_cannot_hold_is_made_to_fit(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    articles = (
        rendered_article(1, title="a\x00b\x0bc\ufffe" + "x" * 40_000),
        rendered_article(2, url="javascript:alert(1)"),
        rendered_article(3, url="http://dongtram.test/" + "a" * 3000),
    )
    rows = _rows(_book(rendered_report(lines=(rendered_line(articles=articles),)))["Danh mục bài"])
    assert len(rows[0]["Tiêu đề"].value) <= 32_767
    assert rows[1]["Đường dẫn"].hyperlink is None
    assert rows[1]["Đường dẫn"].value == "javascript:alert(1)"
    assert rows[2]["Đường dẫn"].hyperlink is None


def test_an_address_that_needs_more_than_a_line_is_followed_from_the_number_beside_it(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    long = "http://dongtram.test/" + "a" * 80
    articles = (rendered_article(1), rendered_article(2, url=long))
    rows = _rows(_book(rendered_report(lines=(rendered_line(articles=articles),)))["Danh mục bài"])
    assert [row["Đường dẫn"].value for row in rows[:2]] == [articles[0].url, long]
    assert [row["Đường dẫn"].hyperlink is not None for row in rows[:2]] == [True, False]
    assert rows[0]["Mã bài"].hyperlink is None
    assert (rows[1]["Mã bài"].value, rows[1]["Mã bài"].hyperlink.target) == (2, long)


def test_more_links_than_excel_takes_stay_plain_text(
    rendered_report: Callable[..., Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_LINKS", 2)
    rows = _rows(_book(rendered_report())["Danh mục bài"])
    assert [row["Đường dẫn"].hyperlink is not None for row in rows] == [True] * 2 + [False] * 4


def test_the_months_are_listed_and_drawn_from_their_cells(
    rendered_report: Callable[..., Report],
) -> None:
    sheet = _book(rendered_report())["Theo tháng"]
    rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=3)]
    assert rows[0] == ("Tháng", "TTHC", "CPĐT")
    assert ("03/2022", 2, 1) in rows
    assert len(rows) == 1 + 9
    (chart,) = sheet._charts  # noqa: SLF001 - openpyxl has no other way to them
    assert [one.val.numRef.f for one in chart.series] == [
        "'Theo tháng'!$B$4:$B$12",
        "'Theo tháng'!$C$4:$C$12",
    ]


def test_findings_come_with_their_evidence(rendered_report: Callable[..., Report]) -> None:
    (row,) = _rows(_book(rendered_report())["Phát hiện"])
    assert row["Loại"].value == "Báo cáo nhiều hơn xác minh"
    assert row["Đơn vị"].value == "UBND xã Đông Trầm"
    assert (row["Theo kế hoạch, báo cáo"].value, row["Hệ thống thấy"].value) == ("5", "2")
    assert row["Bài"].hyperlink.target == "http://dongtram.test/tin/1"
    assert (row["Ô trong tệp tự báo cáo"].value, row["Mã bản chụp"].value) == ("Số liệu!F2", 77)


def test_the_method_says_when_by_what_and_under_which_reservations(
    rendered_report: Callable[..., Report],
) -> None:
    sheet = _book(rendered_report())["Phương pháp"]
    said = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=2)}
    assert said["Bộ phân loại"] == "rules@1#9f2c01ab"
    assert said["Số liệu đến"] == "23:30 01/10/2022"
    assert said["Ghi chú"] == "Đồng hồ được đặt bằng tay."


def test_the_same_report_gives_the_same_bytes_at_any_time(
    rendered_report: Callable[..., Report],
) -> None:
    first, second = to_xlsx(rendered_report()), to_xlsx(rendered_report())
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        core = package.read("docProps/core.xml").decode()
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert core.count("2022-10-01T16:30:00Z") == 2


def test_a_row_is_as_high_as_its_longest_text() -> None:
    book = new_book("Thử")
    sheet = TableSheet(book, "Bảng", columns=(("Tin, bài chưa đủ căn cứ", 11), ("Ghi chú", 40)))
    sheet.add(("ngắn", "ngắn"))
    sheet.add(("ngắn", "một câu dài hơn hẳn bề rộng của cột nên phải xuống dòng ít nhất một lần"))
    heights = [book["Bảng"].row_dimensions[row].height for row in (1, 2, 3)]
    assert heights == [45.0, None, 30.0]
