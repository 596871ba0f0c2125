"""A report as an Excel file: summary, articles, months, claims, findings, plans, method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from reports.causes import cause_word
from reports.months import months
from reports.render import later_tables, notices, score_tables, words
from reports.render.claim_sheets import claims_sheet, unclaimed_sheet
from reports.render.line_cells import (
    AT_LEAST,
    PERCENT,
    SIGNED,
    count_cell,
    line_cells,
    line_columns,
)
from reports.render.lookup import Lookup
from reports.render.plan_sheets import (
    outputs_name,
    outputs_sheet,
    plan_lines_name,
    plan_lines_sheet,
)
from reports.scoring import scores
from reports.workbook import Link, Styled, TableSheet, new_book, to_bytes
from storage.language import t

if TYPE_CHECKING:
    from openpyxl import Workbook

    from reports.workbook import Value
    from storage.records import Finding, LineArticle, Report, ReportLine


def to_xlsx(report: Report) -> bytes:
    """Give the file; the same report gives the same bytes (in the same language)."""
    book = new_book(f"{report.office} — {report.period_name}")
    totals = _totals_sheet(book, report)
    list_rows = _articles(book, report)
    for number, (line, row) in enumerate(zip(report.lines, list_rows, strict=True), start=1):
        forms = (words.forms_text(line) or None,) if _tells_forms(report) else ()
        totals.add((*_total(number, line, f"#'{_list_name()}'!A{row}"), *forms))
    totals.close()
    _months(book, report)
    if report.claims:
        claims_sheet(book, report, _titles(report, t("Đối chiếu kê khai", "Claims checked")))
        unclaimed_sheet(book, report, _titles(report, t("Bài chưa kê khai", "Not claimed")))
    _points(book, report)
    _later(book, report)
    _findings(book, report)
    plan_lines_sheet(book, report, _titles(report, plan_lines_name()))
    outputs_sheet(book, report, _titles(report, outputs_name()))
    _method(book, report)
    return to_bytes(book, made_at=report.as_of)


def _titles(report: Report, title: str) -> tuple[str, ...]:
    as_of = words.instant_text(report.as_of)
    return (
        notices.first_title(report, title),
        f"{report.period_name} · {words.days_text(report.period)} · "
        + t(f"số liệu đến {as_of}", f"as known at {as_of}"),
    )


# ------------------------------------------------------------------------- Tổng hợp


def _totals_sheet(book: Workbook, report: Report) -> TableSheet:
    title = t("Kết quả thông tin, tuyên truyền CCHC trên trang thông tin điện tử", "Results")
    return TableSheet(
        book,
        t("Tổng hợp", "Summary"),
        titles=_titles(report, title),
        columns=(
            (t("TT", "No."), 5),
            (t("Mã đơn vị", "Unit code"), 12),
            (t("Đơn vị", "Unit"), 28),
            *line_columns(),
            *(((t("Hình thức", "Forms"), 26),) if _tells_forms(report) else ()),
        ),
    )


def _tells_forms(report: Report) -> bool:
    return any(line.forms for line in report.lines)


def _total(number: int, line: ReportLine, list_place: str) -> tuple[Value, ...]:
    return (number, line.unit, line.unit_name, *line_cells(line, list_place))


# ---------------------------------------------------------------------- Danh mục bài


def _list_name() -> str:
    return t("Danh mục bài", "Articles")


def _articles(book: Workbook, report: Report) -> list[int]:
    """List every article of every line; give the row on which each line's list begins."""
    sheet = TableSheet(
        book,
        _list_name(),
        titles=_titles(report, t("Danh mục tin, bài đã xét", "Articles considered")),
        columns=(
            (t("Mã đơn vị", "Unit code"), 12),
            (t("Đơn vị", "Unit"), 26),
            (t("Nhóm", "Tag"), 8),
            (t("Kết luận", "Fate"), 20),
            (t("Tiêu đề", "Title"), 60),
            (t("Ngày đăng", "Day"), 12),
            (t("Đường dẫn", "Address"), 56),
            (t("Mã bài", "Article"), 9),
            (t("Mã bản lưu", "Version"), 9),
            (t("Tính ở bài", "Counted as"), 9),
        ),
    )
    rows = []
    for line in report.lines:
        rows.append(sheet.next_row)
        for article in line.articles:
            sheet.add((line.unit, line.unit_name, line.tag, *_article(article)))
    for article in report.unowned:
        sheet.add((None, None, None, *_article(article)))
    sheet.close()
    return rows


def _article(article: LineArticle) -> tuple[Value, ...]:
    return (
        words.fate_word(article),
        article.title,
        article.day if article.days is None else words.dated_text(None, article.days),
        Link(article.url, article.url),
        Link(article.article_id, article.url),
        article.version_id,
        article.duplicate_of,
    )


# --------------------------------------------------------------------- Theo tháng


def _months(book: Workbook, report: Report) -> None:
    sheet = TableSheet(
        book,
        t("Theo tháng", "By month"),
        titles=_titles(report, t("Tin, bài được tính theo tháng", "Counted posts by month")),
        columns=((t("Tháng", "Month"), 12), *((tag, 10) for tag in report.tags)),
    )
    for month in months(report):
        sheet.add((f"{month.first:%m/%Y}", *month.posts))
    title = t("Tin, bài được tính theo tháng", "Counted posts by month")
    beside = get_column_letter(len(report.tags) + 3)
    sheet.draw(title, range(2, len(report.tags) + 2), labels=1, place=f"{beside}4")
    sheet.close()


# ----------------------------------------------------------------------------- Điểm


def _points(book: Workbook, report: Report) -> None:
    """Points by the rule's scale; no sheet without one."""
    found = scores(report)
    if not found:
        return
    headers = zip(score_tables.headers(), (12, 9, 9, 11, 18), strict=True)
    sheet = TableSheet(
        book,
        t("Điểm", "Points"),
        titles=_titles(report, score_tables.title()),
        columns=((t("Mã đơn vị", "Unit code"), 12), (t("Đơn vị", "Unit"), 28), *headers),
    )
    for score in found:
        sign = AT_LEAST if score.is_lower_bound else ""
        sheet.add(
            (
                score.unit,
                score.unit_name,
                score.tag,
                Styled(score.done, f"{sign}0"),
                score.asked,
                Styled(score.percent, f"{sign}{PERCENT}"),
                score_tables.points_text(None)
                if score.points is None
                else Styled(score.points / 100, "0.00"),
            )
        )
    sheet.close()


# ----------------------------------------------------------------- Phát sinh sau chốt


def _later(book: Workbook, report: Report) -> None:
    """What came to light after frozen reports; no sheet where there is none to compare with."""
    if not report.since:
        return
    sheet = TableSheet(
        book,
        later_tables.title(),
        titles=(
            *_titles(report, later_tables.title()),
            *(later_tables.against(since) for since in report.since),
        ),
        columns=(
            (t("Báo cáo đã chốt", "Frozen report"), 18),
            (t("Mã đơn vị", "Unit code"), 12),
            (t("Đơn vị", "Unit"), 26),
            (t("Nhóm", "Tag"), 8),
            (t("Đã chốt", "Frozen"), 9),
            (t("Nay", "Now"), 9),
            (t("Thay đổi", "Change"), 9),
            (t("Vì", "Because"), 34),
            (t("Tiêu đề", "Title"), 56),
            (t("Ngày đăng", "Day"), 12),
            (t("Mã bài", "Article"), 9),
        ),
    )
    claims = {finding.key: finding.expected for finding in report.findings}
    for since in report.since:
        for line in since.lines:
            head = (
                since.number,
                line.unit,
                line.unit_name,
                line.tag,
                None if line.was is None else count_cell(line.was),
                count_cell(line.now),
            )
            for one in line.articles:
                said = cause_word(one.cause, one.change)
                title, number = Link(one.title, one.url), Link(one.article_id, one.url)
                sheet.add((*head, Styled(one.change, SIGNED), said, title, one.day, number))
            for key in line.accepted:
                accepted = t("giải trình được chấp nhận (ngoài số xác minh)", "claim accepted")
                about = claims.get(key)
                sheet.add((*head, None, accepted, about, None, None))
    sheet.close()


# ------------------------------------------------------------- Phát hiện, Phương pháp


def _findings(book: Workbook, report: Report) -> None:
    lookup = Lookup.of(report)
    sheet = TableSheet(
        book,
        t("Phát hiện", "Findings"),
        titles=_titles(report, t("Những điểm cần xem xét", "Findings")),
        columns=(
            (t("TT", "No."), 5),
            (t("Loại", "Kind"), 24),
            (t("Mã đơn vị", "Unit code"), 12),
            (t("Đơn vị", "Unit"), 26),
            (t("Nhóm", "Tag"), 8),
            (t("Theo kế hoạch, báo cáo", "Expected"), 16),
            (t("Hệ thống thấy", "Observed"), 16),
            (t("Giải thích", "Explanation"), 60),
            (t("Bài", "Article"), 44),
            (t("Ô trong tệp tự báo cáo", "Claim's cell"), 16),
            (t("Mã bản chụp", "Capture"), 10),
            (t("Mã phát hiện", "Finding"), 14),
            (t("Tình trạng", "State"), 18),
            (t("Giải trình, ý kiến", "What was said"), 44),
        ),
    )
    for number, finding in enumerate(report.findings, start=1):
        about = lookup.article_of(finding)
        first = number if about is None else Link(number, about.url)
        sheet.add((first, *_finding(finding, lookup)))
    sheet.close()


def _finding(finding: Finding, lookup: Lookup) -> tuple[Value, ...]:
    article = lookup.article_of(finding)
    return (
        words.finding_word(finding.kind),
        finding.unit,
        lookup.unit_name(finding.unit),
        finding.tag,
        finding.expected,
        finding.observed,
        finding.explanation,
        None if article is None else Link(article.title, article.url),
        finding.claim_cell,
        finding.capture_id,
        finding.key or None,
        words.state_word(finding.state),
        words.said_of(finding) or None,
    )


def _method(book: Workbook, report: Report) -> None:
    sheet = TableSheet(
        book,
        t("Phương pháp", "Method"),
        columns=((t("Mục", "Item"), 30), (t("Nội dung", "Content"), 110)),
    )
    for line in words.method_lines(report):
        sheet.add(line)
    sheet.close()
