"""One unit's sheet: its own part of the report, every article with its fate, and how to dispute."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.build import of_unit
from reports.render.unit_sheets import sheet_to_docx
from reports.render.unit_workbooks import sheet_to_html, sheet_to_xlsx
from reports.sheet import NAMED_REASONS, unit_sheet
from storage.records import (
    CheckedClaim,
    ClaimVerdict,
    DayInterval,
    Exclusion,
    Report,
    UnitDays,
    UnseenDays,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, ReportLine

MARCH = DayInterval(dt.date(2022, 3, 1), dt.date(2022, 4, 1))


def sheet_of(report: Report, unit: str) -> Any:  # noqa: ANN401 - a sheet
    return unit_sheet(of_unit(report, unit), 6, unit, {}, contact="noivu@songtram.test")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(data=st.data())
def test_every_article_of_the_unit_is_counted_or_left_out_with_a_reason(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report.filter(lambda one: one.lines))
    unit = data.draw(st.sampled_from([line.unit for line in report.lines]))
    sheet = sheet_of(report, unit)
    mine = [line for line in report.lines if line.unit == unit]
    listed = [one.article.article_id for one in (*sheet.counted, *sheet.left_out)]
    assert sorted(listed) == sorted({a.article_id for line in mine for a in line.articles})
    assert sum(len(one.tags) for one in sheet.counted) == sum(ln.counted.posts for ln in mine)
    assert all(one.reasons for one in sheet.left_out)
    assert len(sheet.named) + sheet.unnamed == len(sheet.left_out)


def report_with(
    make: Callable[..., Report],
    line: Callable[..., ReportLine],
    article: Callable[..., LineArticle],
) -> Report:
    fates = (
        article(1),
        article(2, bucket=Exclusion.DUPLICATE, duplicate_of=1),
        article(3, bucket=Exclusion.OFF_TOPIC),
    )
    days = UnitDays(
        unit="ST-DONG", held=(MARCH,), unseen=(UnseenDays(days=MARCH, reason="trang chặn"),)
    )
    claim = CheckedClaim(
        unit="ST-DONG",
        tag="TTHC",
        cell="D!C2",
        number=None,
        url="http://dongtram.test/x",
        title="Bài ma",
        day=None,
        verdict=ClaimVerdict.NOT_FOUND,
        reason="Không thấy bài này.",
    )
    other = replace(days, unit="ST-TAY", unseen=())
    report = make(days_seen=(days, other), claims=(claim,))
    lines = (line(articles=fates), *report.lines[1:])
    (finding,) = report.findings
    return replace(report, lines=lines, findings=(replace(finding, key="0123456789ab"),))


def test_the_paper_has_numbers_with_days_seen_fates_claims_findings_and_how_to_dispute(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    report = report_with(rendered_report, rendered_line, rendered_article)
    sheet = sheet_of(report, "ST-DONG")
    word = docx.Document(io.BytesIO(sheet_to_docx(sheet)))
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    results = [[cell.text for cell in row.cells] for row in word.tables[1].rows]
    assert results[1][:4] == ["TTHC", "4", "2", "0/31"]
    assert results[2][2] == "≥ 1"
    tables = ["\n".join(c.text for row in t.rows for c in row.cells) for t in word.tables]
    assert "Bài số 1" in tables[-3]
    assert "Trùng bài đã tính (tính ở bài 1)" in tables[-2]
    assert "Bài ma" in tables[-1]
    assert "Bài số 3" not in "".join(tables), "off topic: a number on paper, listed in Excel"
    assert "Ngoài ra đã xét 1 bài không thuộc nội dung;" in text
    assert "Trong 1 bài đã khai: không tìm thấy 1. Chi tiết tại Phụ lục III." in text
    assert "Mã phát hiện: 0123456789ab." in text
    assert "NẾU ĐƠN VỊ KHÔNG THỐNG NHẤT" in text
    assert "noivu@songtram.test" in text
    assert "Tây Trầm" not in text, "another unit's name is not sent about"
    assert sheet_to_docx(sheet) == sheet_to_docx(sheet)


def test_the_excel_file_lists_every_article_and_the_page_shows_this_unit_only(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    report = report_with(rendered_report, rendered_line, rendered_article)
    sheet = sheet_of(report, "ST-DONG")
    book = openpyxl.load_workbook(io.BytesIO(sheet_to_xlsx(sheet)))
    assert book.sheetnames == [
        "Kết quả", "Được tính", "Không tính", "Trả lời", "Đã đăng, chưa khai", "Phát hiện",
        "Phương pháp",
    ]  # fmt: skip
    left_out = [row[1] for row in book["Không tính"].iter_rows(min_row=4, values_only=True)]
    assert [str(title).split(" về")[0] for title in left_out] == ["Bài số 2", "Bài số 3"]
    verified = book["Kết quả"]["D4"]
    assert (verified.value, verified.hyperlink.location) == (2, "'Được tính'!A1")
    page = sheet_to_html(sheet).decode()
    assert "trang thông tin điện tử: UBND xã Đông Trầm</h1>" in page
    assert "Tây Trầm" not in page
    assert "Bài vô chủ" not in page


def test_only_what_nobody_misses_is_left_off_the_paper() -> None:
    assert set(Exclusion) - NAMED_REASONS == {Exclusion.OFF_TOPIC, Exclusion.OUT_OF_PERIOD}


def test_lines_of_its_plan_and_its_work_outside_the_web_stand_on_the_sheet_apart(
    planned_report: Report,
) -> None:
    word = docx.Document(io.BytesIO(sheet_to_docx(sheet_of(planned_report, "ST-DONG"))))
    text = [paragraph.text for paragraph in word.paragraphs]
    assert "Theo từng dòng kế hoạch" in text
    assert "Kết quả ngoài trang web (chưa kiểm chứng tự động)" in text
    lines, outputs = word.tables[2:4]
    assert [cell.text for cell in lines.rows[1].cells][:4] == [
        "1", "Nội dung 1 (TTHC)", "02 tin, bài/tháng", "24",
    ]  # fmt: skip
    assert [cell.text for cell in outputs.rows[1].cells][:2] == ["Lượt phát thanh", "14"]
