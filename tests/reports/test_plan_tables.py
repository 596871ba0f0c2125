"""The lines of plans in every format: the same words, and nothing unchecked passes for verified."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import docx
import lxml.html
import openpyxl
import pytest

from reports.build import FORMATS
from reports.render import plan_tables
from reports.serial import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Report

ROWS = [
    ("1", "Nội dung 1 (TTHC)", "02 tin, bài/tháng", "24", "18", "≥ 15 (chung 2 dòng)", "—",
     "≥ 50 %", "Không xác minh được"),
    ("2", "Nội dung 2", "12 lượt phát thanh", "12", "9", "—", "14", "—",
     "Ngoài trang web, chưa kiểm chứng tự động"),
    ("3", "Nội dung 3", "100%", "—", "—", "—", "—", "—", "Tỷ lệ, không đếm được từ trang web"),
]  # fmt: skip
STATED = ("Lượt phát thanh", "14", "=Loa thôn", "01/01/2022–31/12/2022", "loa.jpg", "ab" * 32)


def test_a_line_says_what_was_seen_and_what_is_only_stated(planned_report: Report) -> None:
    assert plan_tables.line_rows(planned_report) == [("UBND xã Đông Trầm", ROWS)]
    assert plan_tables.output_rows(planned_report) == [("UBND xã Đông Trầm", [STATED])]
    assert list(plan_tables.completions(planned_report)) == [
        (
            "UBND xã Đông Trầm: xác minh hoàn thành 0/2 dòng kế hoạch có số (0 %); kể cả kết quả "
            "ngoài trang web do đơn vị kê khai (chưa kiểm chứng tự động): 1/2 (50 %); 1 dòng không "
            "xác minh được."
        )
    ]


def _from_xlsx(content: bytes) -> list[tuple[str, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [
        tuple("" if value is None else str(value) for value in row[1:])
        for name in ("Dòng kế hoạch", "Ngoài trang web")
        for row in book[name].iter_rows(values_only=True)
    ]


def _from_html(content: bytes) -> list[tuple[str, ...]]:
    page = lxml.html.fromstring(content)
    return [
        tuple(cell.text_content() for cell in row.cssselect("td"))
        for row in page.cssselect("tr.plan")
    ]


def _from_docx(content: bytes) -> list[tuple[str, ...]]:
    document = docx.Document(io.BytesIO(content))
    return [
        tuple(cell.text for cell in row.cells) for table in document.tables for row in table.rows
    ]


@pytest.mark.parametrize(
    ("name", "read"), [("xlsx", _from_xlsx), ("html", _from_html), ("docx", _from_docx)]
)
def test_every_format_has_the_lines_and_the_statements(
    planned_report: Report, name: str, read: Callable[[bytes], list[tuple[str, ...]]]
) -> None:
    content = FORMATS[name](planned_report)
    found = read(content)
    assert [row for row in [*ROWS, STATED] if row not in found] == []


def test_a_report_with_lines_is_read_back_equal(planned_report: Report) -> None:
    assert from_json(to_json(planned_report)) == planned_report


def test_the_annexes_are_named_as_they_are_numbered(planned_report: Report) -> None:
    document = docx.Document(io.BytesIO(FORMATS["docx"](planned_report)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert any("kết quả theo dòng kế hoạch tại Phụ lục IV" in text for text in texts)
    assert texts.index("PHỤ LỤC IV") < texts.index("KẾT QUẢ THEO DÒNG KẾ HOẠCH")
