"""A report as an Excel file: summary, articles, months, claims, findings, plans, method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from reports.months import months
from reports.render import plan_tables, words
from reports.render.claim_sheets import claims_sheet, unclaimed_sheet
from reports.render.lookup import Lookup
from reports.workbook import Link, Styled, TableSheet, new_book, to_bytes
from storage.language import t
from storage.records import Exclusion, LineStatus

if TYPE_CHECKING:
    from openpyxl import Workbook

    from reports.workbook import Value
    from storage.records import Finding, LineArticle, Report, ReportLine

_FILLS = {
    LineStatus.REACHED: "E2EFDA",
    LineStatus.SHORT: "FCE4D6",
    LineStatus.NOT_VERIFIABLE: "FFF2CC",
    LineStatus.NO_QUOTA: "EDEDED",
}
_AT_LEAST, _AT_MOST = '"≥ "', '"≤ "'
_DIGITS = 15
"""Excel keeps so many digits of a number."""
_SIGNED, _PERCENT = "+0;-0;0", '0.0" %"'


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
    _findings(book, report)
    _plans(book, report)
    _method(book, report)
    return to_bytes(book, made_at=report.as_of)


def _titles(report: Report, title: str) -> tuple[str, ...]:
    as_of = words.instant_text(report.as_of)
    return (
        f"{report.office} — {title}",
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
            (t("Nhóm", "Tag"), 8),
            (t("Chỉ tiêu KH (tin, bài)", "Planned (posts)"), 11),
            (t("Đơn vị tự báo cáo", "Self-reported"), 11),
            (t("Hệ thống xác minh", "Verified"), 11),
            (t("Chênh lệch (±)", "Difference (±)"), 11),
            (t("Tỷ lệ tự báo cáo %", "Self-reported %"), 11),
            (t("Tỷ lệ xác minh %", "Verified %"), 11),
            (t("Còn lại theo KH", "Remaining"), 10),
            (t("Kết quả", "Result"), 18),
            (t("Tin, bài chưa đủ căn cứ", "Unsettled"), 11),
            (t("Trùng (không tính)", "Duplicates (not counted)"), 11),
            (t("Đăng lại (có tính)", "Reposts (counted)"), 11),
            (t("Công nhận theo giải trình", "Accepted upon explanation"), 11),
            (t("Ghi chú", "Note"), 44),
            *(((t("Hình thức", "Forms"), 26),) if _tells_forms(report) else ()),
        ),
    )


def _tells_forms(report: Report) -> bool:
    return any(line.forms for line in report.lines)


def _total(number: int, line: ReportLine, list_place: str) -> tuple[Value, ...]:
    exact = line.counted.is_exact
    unknown = words.unknown_word() if words.is_unknown(line.counted) else None
    posts = line.counted.posts if unknown is None else unknown
    shown: Value = Link(posts, list_place) if line.articles else posts
    difference = None if line.difference is None else (unknown or line.difference)
    percent = None if line.percent is None else (unknown or line.percent)
    remaining = None if line.remaining is None else (unknown or line.remaining)
    return (
        number,
        line.unit,
        line.unit_name,
        line.tag,
        line.planned,
        line.claimed,
        Styled(shown, "0" if exact else f"{_AT_LEAST}0"),
        Styled(difference, _SIGNED if exact else _bounded(_AT_MOST, _SIGNED)),
        Styled(line.claimed_percent, _PERCENT),
        Styled(percent, _PERCENT if exact else f"{_AT_LEAST}{_PERCENT}"),
        Styled(remaining, "0" if exact else f"{_AT_MOST}0"),
        Styled(words.status_word(line.status), fill=_FILLS[line.status]),
        line.unsettled,
        line.excluded.get(Exclusion.DUPLICATE, 0),
        line.reposts,
        line.recognised,
        line.coverage_note,
    )


def _bounded(sign: str, number_format: str) -> str:
    """Put a sign before each part (positive; negative; zero) of a number format."""
    return ";".join(sign + part for part in number_format.split(";"))


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
        article.article_id,
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
        sheet.add((number, *_finding(finding, lookup)))
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


def _plans(book: Workbook, report: Report) -> None:
    """The lines of plans, and work outside the web; no sheet where there is nothing to show."""
    shown = (
        (
            t("Dòng kế hoạch", "Plan lines"),
            zip(
                plan_tables.line_headers(),
                (6, 50, 22, 28, 12, 12, 14, 22, 14, 12, 40, 24, 24),
                strict=True,
            ),
            plan_tables.line_rows(report),
        ),
        (
            t("Ngoài trang web", "Outside the web"),
            zip(plan_tables.output_headers(), (28, 10, 50, 24, 30, 66), strict=True),
            plan_tables.output_rows(report),
        ),
    )
    for name, columns, groups in shown:
        if groups:
            titles = _titles(report, name)
            unit = (t("Đơn vị", "Unit"), 26)
            sheet = TableSheet(book, name, titles=titles, columns=(unit, *columns))
            for of_unit, rows in groups:
                for row in rows:
                    sheet.add((of_unit, *map(_number_or_text, row)))
            sheet.close()


def _number_or_text(text: str) -> Value:
    """Give a whole number as one, so that Excel can reckon with it."""
    return int(text) if text.isdecimal() and len(text) < _DIGITS else text


def _method(book: Workbook, report: Report) -> None:
    sheet = TableSheet(
        book,
        t("Phương pháp", "Method"),
        columns=((t("Mục", "Item"), 30), (t("Nội dung", "Content"), 110)),
    )
    for line in words.method_lines(report):
        sheet.add(line)
    sheet.close()
