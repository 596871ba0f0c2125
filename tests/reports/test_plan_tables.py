"""The lines of plans in every format: the same words, and nothing unchecked passes for verified."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import lxml.html
import openpyxl
import pytest
from rich.console import Console
from rich.table import Table

from reports.build import FORMATS
from reports.render import plan_tables, prose
from reports.render.csv import to_csv
from reports.render.html import to_html
from reports.render.terminal import plan_lines, report_table
from reports.render.xlsx import to_xlsx
from reports.serial import from_json, to_data, to_json
from storage.records import PostForm

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report

ROWS = [
    ("1", "Nội dung 1 (TTHC)", "—", "02 tin, bài/tháng", "—", "24", "18", "≥ 15 (chung 2 dòng)",
     "—", "≥ 50 %", "Không xác minh được", "kh.docx", "Bảng 1, hàng 1, cột 4"),
    ("2", "Nội dung 2", "—", "12 lượt phát thanh", "—", "12", "9", "—", "14", "—",
     "Ngoài trang web, chưa kiểm chứng tự động", "kh.docx", "Bảng 1, hàng 2, cột 4"),
    ("3", "Nội dung 3", "—", "100%", "—", "—", "—", "—", "—", "—",
     "Tỷ lệ, không đếm được từ trang web", "kh.docx", "Bảng 1, hàng 3, cột 4"),
    ("4", "Nội dung 4 (TTHC)", "Văn phòng", "04 tin/quý", "30/06/2022", "16", "12", "12–17", "—",
     "≥ 75 %", "Không xác minh được; tin và bài cộng lại thiếu ít nhất 2",
     "kh.docx", "Bảng 1, hàng 4, cột 4"),
]  # fmt: skip
BRIEF = [tuple(row[plan_tables.ALL.index(one)] for one in plan_tables.BRIEF) for row in ROWS]
STATED = ("Lượt phát thanh", "14", "=Loa thôn", "01/01/2022–31/12/2022", "loa.jpg", "ab" * 32)


def test_a_line_says_what_was_seen_and_what_is_only_stated(planned_report: Report) -> None:
    assert plan_tables.line_rows(planned_report) == [("UBND xã Đông Trầm", ROWS)]
    assert plan_tables.output_rows(planned_report) == [("UBND xã Đông Trầm", [STATED])]
    assert list(plan_tables.completions(planned_report)) == [
        (
            "UBND xã Đông Trầm: xác minh hoàn thành 0/3 dòng kế hoạch có số (0 %); kể cả kết quả "
            "ngoài trang web do đơn vị kê khai (chưa kiểm chứng tự động): 1/3 (33,3 %); 2 dòng "
            "không xác minh được."
        )
    ]


def _from_xlsx(content: bytes) -> list[tuple[str, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = {name: book[name].iter_rows(min_col=2, values_only=True) for name in book.sheetnames}
    of_lines = [(*row[:11], *row[17:]) for row in rows["Dòng kế hoạch"]]  # without the pace
    return [
        tuple("" if value is None else str(value) for value in row)
        for row in (*of_lines, *rows["Ngoài trang web"])
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
    ("name", "read", "rows"),
    [
        ("xlsx", _from_xlsx, ROWS),
        ("html", _from_html, ROWS),
        ("docx", _from_docx, BRIEF),
    ],
)
def test_every_format_has_the_lines_and_the_statements(
    planned_report: Report,
    name: str,
    read: Callable[[bytes], list[tuple[str, ...]]],
    rows: list[tuple[str, ...]],
) -> None:
    content = FORMATS[name](planned_report)
    found = read(content)
    assert [row for row in [*rows, STATED] if row not in found] == []


def test_the_terminal_has_what_is_seen_and_apart_from_it_what_no_machine_sees(
    planned_report: Report,
) -> None:
    seen, outside, said = plan_lines(planned_report)
    assert isinstance(seen, Table)
    assert isinstance(outside, Table)
    assert str(outside.title) == "UBND xã Đông Trầm: ngoài trang web, chưa kiểm chứng tự động"
    assert "xác minh hoàn thành 0/3" in str(said)
    console = Console(width=100, file=io.StringIO(), record=True)
    console.print(seen)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 100
    assert all(word in text for word in ("12–17", "04 tin/quý", "UBND xã Đông Trầm", "(kh.docx)"))
    assert "lượt phát thanh" not in text


def test_a_report_without_lines_of_plans_says_nothing_of_them(
    rendered_report: Callable[..., Report],
) -> None:
    assert list(plan_lines(rendered_report())) == []


def test_the_table_for_machines_has_every_line_with_its_file_and_cell(
    planned_report: Report,
) -> None:
    content = FORMATS["plan-lines.csv"](planned_report).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["place"] for row in rows] == ["1", "2", "3", "4"]
    told = {
        "unit_name": "UBND xã Đông Trầm", "form": "news", "number": "4", "every": "quarter",
        "at_least": "0", "due_day": "2022-06-30", "lead": "Văn phòng", "on_web": "1",
        "by_form": "1", "counted": "12", "is_exact": "0", "at_most": "17", "lacking": "2",
        "shared_planned": "16", "percent": "75.0", "status": "not_verifiable",
        "source_name": "kh.docx", "source_sha256": "k" * 64,
        "cell": "Bảng 1, hàng 4, cột 4", "period_end": "2023-01-01",
    }  # fmt: skip
    assert {name: rows[3][name] for name in told} == told
    outside = {"on_web": "0", "counted": "", "is_exact": "", "stated": "14", "percent": ""}
    assert {name: rows[1][name] for name in outside} == outside
    assert (rows[2]["share"], rows[2]["number"]) == ("100", "")


def test_a_report_with_lines_is_read_back_equal(planned_report: Report) -> None:
    assert from_json(to_json(planned_report)) == planned_report


def test_the_annexes_are_named_as_they_are_numbered(planned_report: Report) -> None:
    document = docx.Document(io.BytesIO(FORMATS["docx"](planned_report)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert any("kết quả theo dòng kế hoạch tại Phụ lục IV" in text for text in texts)
    assert texts.index("PHỤ LỤC IV") < texts.index("KẾT QUẢ THEO DÒNG KẾ HOẠCH")


def test_forms_are_shown_wherever_the_rule_tells_them(
    rendered_report: Callable[..., Report], rendered_article: Callable[..., LineArticle]
) -> None:
    report = rendered_report()
    forms = (PostForm.NEWS, PostForm.NEWS, PostForm.EITHER)
    articles = tuple(
        rendered_article(number, form=form, bucket=None) for number, form in enumerate(forms)
    )
    first, *rest = (replace(line, articles=()) for line in report.lines)
    told = replace(report, lines=(replace(first, articles=articles), *rest))
    console = Console(width=160, file=io.StringIO(), record=True)
    console.print(report_table(told))
    book = openpyxl.load_workbook(io.BytesIO(to_xlsx(told)))
    said = "2 tin, 1 tin hoặc bài"
    assert said in console.export_text()
    assert said in [cell.value for row in book["Tổng hợp"].iter_rows() for cell in row]
    assert f"Hình thức: {said}." in to_html(told)
    assert said in " ".join(prose.of_unit(told.lines))
    assert to_data(told)["lines"][0]["forms"] == {"news": 2, "article": 0, "either": 1}
    rows = list(csv.DictReader(io.StringIO(to_csv(told).removeprefix("\ufeff"))))
    assert [rows[0][form] for form in ("news", "article", "either")] == ["2", "0", "1"]
    assert [rows[1][form] for form in ("news", "article", "either")] == ["", "", ""]
