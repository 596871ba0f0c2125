"""A copy that is not in force says so first, in every file that people read."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import lxml.html
import openpyxl
import pdfplumber
import pytest

from reports.build import FORMATS
from reports.league import league
from reports.reminders import Reminder
from reports.render.league_tables import LeagueView, league_to_docx, league_to_html, league_to_xlsx
from reports.render.reminder_letters import reminder_to_docx, reminder_to_text
from reports.render.unit_sheets import sheet_to_docx
from reports.render.unit_workbooks import sheet_to_html, sheet_to_xlsx
from reports.sheet import unit_sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Report

SAID = "BÁO CÁO NÀY ĐÃ ĐƯỢC THAY bằng báo cáo 7 (số 12/BC-PNV ngày 16/10/2022). Lý do: bổ sung"


def _docx(content: bytes) -> str:
    header = docx.Document(io.BytesIO(content)).sections[0].first_page_header
    return "".join(paragraph.text for paragraph in header.paragraphs)


def _pdf(content: bytes) -> str:
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        return " ".join(pdf.pages[0].extract_text().split())[: len(SAID)]


def _xlsx(content: bytes) -> str:
    book: Any = openpyxl.load_workbook(io.BytesIO(content))
    return str(book.worksheets[0]["A1"].value)[: len(SAID)]


def _html(content: bytes) -> str:
    body = lxml.html.fromstring(content).cssselect("body")[0]
    return " ".join(body.text_content().split())[: len(SAID)]


FIRST = {"docx": _docx, "pdf": _pdf, "xlsx": _xlsx, "html": _html}


@pytest.mark.parametrize("ending", FIRST)
def test_a_superseded_report_says_first_by_which_number_and_day(
    rendered_report: Callable[..., Report], ending: str
) -> None:
    report = rendered_report()
    assert "ĐƯỢC THAY" not in FIRST[ending](FORMATS[ending](report))
    assert FIRST[ending](FORMATS[ending](_superseded(report))) == SAID


def test_what_is_made_of_a_superseded_report_for_units_says_so_too(
    rendered_report: Callable[..., Report],
) -> None:
    report = _superseded(rendered_report())
    part = replace(report, lines=report.lines[:2])
    sheet = unit_sheet(part, 6, "ST-DONG", {})
    view = LeagueView(
        report=report, report_id=6, before=None, before_id=None, league=league(report, None)
    )
    letter = Reminder(
        report=report,
        report_id=6,
        unit="ST-DONG",
        unit_name="UBND xã Đông Trầm",
        behind=(),
        unclear=(),
        is_seen=True,
        contact="",
    )
    for word in (sheet_to_docx(sheet), league_to_docx(view), reminder_to_docx(letter)):
        assert _docx(word) == SAID
    for book in (sheet_to_xlsx(sheet), league_to_xlsx(view)):
        assert _xlsx(book) == SAID
    for page in (sheet_to_html(sheet), league_to_html(view)):
        assert _html(page) == SAID
    assert " ".join(reminder_to_text(letter).split()).startswith(SAID)


def _superseded(report: Report) -> Report:
    return replace(report, letterhead=replace(report.letterhead, standing=SAID))
