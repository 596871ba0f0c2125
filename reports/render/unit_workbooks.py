"""One unit's sheet as an Excel file, and as a web page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.render import notices, words
from reports.render.answer_sheets import answered_sheet, not_claimed_sheet
from reports.render.html import to_html
from reports.render.line_cells import line_cells, line_columns
from reports.render.lookup import Lookup
from reports.render.plan_sheets import outputs_sheet, plan_lines_sheet
from reports.render.unit_sheets import reasons_of, tags_of
from reports.workbook import Link, Styled, TableSheet, new_book, to_bytes
from storage.language import t
from storage.records import FindingState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openpyxl import Workbook

    from reports.sheet import UnitSheet
    from reports.workbook import Value
    from storage.records import Finding, LineArticle

# ----------------------------------------------------------------------------------- Excel


def sheet_to_xlsx(sheet: UnitSheet) -> bytes:
    """Give the Excel file; the same sheet gives the same bytes (in the same language)."""
    report = sheet.report
    book = new_book(f"{report.office} — {sheet.unit_name}")
    titles = notices.titles(report, sheet.report_id, sheet.unit_name)
    _results_sheet(book, sheet, titles)
    for name, header, rows in (
        (
            _counted_name(),
            t("Tính cho nhóm", "Tags"),
            [(one.article, tags_of(one)) for one in sheet.counted],
        ),
        (
            t("Không tính", "Not counted"),
            t("Lý do", "Reason"),
            [(one.article, reasons_of(one)) for one in sheet.left_out],
        ),
    ):
        columns = _article_columns(header)
        _articles_sheet(TableSheet(book, name, titles=titles, columns=columns), rows)
    if sheet.answer is not None:
        answered_sheet(book, sheet.answer, titles)
        if sheet.answer.unclaimed:
            not_claimed_sheet(book, sheet.answer, titles)
    plan_lines_sheet(book, report, titles)
    outputs_sheet(book, report, titles)
    _findings_sheet(book, sheet, titles)
    method = TableSheet(
        book,
        t("Phương pháp", "Method"),
        columns=((t("Mục", "Item"), 30), (t("Nội dung", "Content"), 110)),
    )
    for told in words.method_lines(report):
        method.add(told)
    method.close()
    return to_bytes(book, made_at=report.as_of)


def _results_sheet(book: Workbook, sheet: UnitSheet, titles: tuple[str, ...]) -> None:
    table = TableSheet(
        book,
        t("Kết quả", "Results"),
        titles=titles,
        columns=(
            *line_columns(),
            (t("Ngày xem trọn", "Days seen"), 12),
        ),
    )
    place = f"#'{_counted_name()}'!A1"
    for line in sheet.lines:
        table.add((*line_cells(line, place), words.seen_text(sheet.days)))
    table.close()


def _counted_name() -> str:
    return t("Được tính", "Counted")


def _article_columns(said: str) -> tuple[tuple[str, float], ...]:
    return (
        (t("TT", "No."), 5),
        (t("Tiêu đề", "Title"), 60),
        (t("Ngày đăng", "Day"), 12),
        (said, 40),
        (t("Đường dẫn", "Address"), 60),
        (t("Mã bài", "Article"), 9),
        (t("Mã bản lưu", "Version"), 9),
    )


def _articles_sheet(table: TableSheet, rows: Iterable[tuple[LineArticle, str]]) -> None:
    for number, (article, said) in enumerate(rows, start=1):
        day: Value = article.day
        if article.days is not None:
            day = words.dated_text(None, article.days)
        link = Link(article.url, article.url)
        article_id = Link(article.article_id, article.url)
        table.add((number, article.title, day, said, link, article_id, article.version_id))
    table.close()


def _findings_sheet(book: Workbook, sheet: UnitSheet, titles: tuple[str, ...]) -> None:
    lookup = Lookup.of(sheet.report)
    table = TableSheet(
        book,
        t("Phát hiện", "Findings"),
        titles=titles,
        columns=(
            (t("Mã phát hiện", "Finding"), 15),
            (t("Loại", "Kind"), 26),
            (t("Nhóm", "Tag"), 8),
            (t("Giải thích", "Explanation"), 70),
            (t("Ô trong tệp tự báo cáo", "Claim's cell"), 18),
            (t("Bài", "Article"), 44),
            (t("Tình trạng", "State"), 18),
            (t("Giải trình, ý kiến", "What was said"), 44),
        ),
    )
    for finding in sheet.findings:
        table.add(_finding(finding, lookup))
    table.close()


def _finding(finding: Finding, lookup: Lookup) -> tuple[Value, ...]:
    article = lookup.article_of(finding)
    fill = "FFF2CC" if finding.state is FindingState.OPEN else None
    return (
        Link(finding.key, article.url) if finding.key and article else finding.key or None,
        words.finding_word(finding.kind),
        finding.tag,
        finding.explanation,
        finding.claim_cell,
        None if article is None else Link(article.title, article.url),
        Styled(words.state_word(finding.state), fill=fill),
        words.said_of(finding) or None,
    )


# ------------------------------------------------------------------------------------ page


def sheet_to_html(sheet: UnitSheet) -> bytes:
    """Give the report's page about this unit only."""
    report = replace(sheet.report, unowned=())
    return to_html(report, about=sheet.unit_name).encode()
