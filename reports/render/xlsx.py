"""A report as an Excel file: summary, articles, months, claims, findings, plans, method."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from reports.causes import cause_word
from reports.months import months
from reports.pace import pace_of
from reports.render import later_tables, plan_tables, score_tables, words
from reports.render.claim_sheets import claims_sheet, unclaimed_sheet
from reports.render.lookup import Lookup
from reports.scoring import scores
from reports.workbook import Link, Styled, TableSheet, new_book, number_or_text, to_bytes
from storage.language import t
from storage.records import Exclusion, LineStatus

if TYPE_CHECKING:
    from openpyxl import Workbook

    from reports.pace import Pace
    from reports.workbook import Value
    from storage.records import Counted, Finding, LineArticle, Report, ReportLine

_FILLS = {
    LineStatus.REACHED: "E2EFDA",
    LineStatus.SHORT: "FCE4D6",
    LineStatus.NOT_VERIFIABLE: "FFF2CC",
    LineStatus.NO_QUOTA: "EDEDED",
}
_AT_LEAST, _AT_MOST = '"≥ "', '"≤ "'
_ALL = 100
"""A share that is capped: there a lower bound is exact."""
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
    _points(book, report)
    _later(book, report)
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
            *line_columns(),
            *(((t("Hình thức", "Forms"), 26),) if _tells_forms(report) else ()),
        ),
    )


def _tells_forms(report: Report) -> bool:
    return any(line.forms for line in report.lines)


def _total(number: int, line: ReportLine, list_place: str) -> tuple[Value, ...]:
    return (number, line.unit, line.unit_name, *line_cells(line, list_place))


def line_columns() -> tuple[tuple[str, float], ...]:
    """Give the headers and widths of ``line_cells``."""
    return (
        (t("Nhóm", "Tag"), 8),
        (t("Chỉ tiêu KH (tin, bài)", "Planned (posts)"), 11),
        (t("Đơn vị tự báo cáo", "Self-reported"), 11),
        (t("Hệ thống xác minh", "Verified"), 11),
        (t("Chênh lệch (±)", "Difference (±)"), 11),
        (t("Tỷ lệ tự báo cáo %", "Self-reported %"), 11),
        (t("Tỷ lệ xác minh %", "Verified %"), 11),
        (t("Còn lại theo KH", "Remaining"), 10),
        (t("Tỷ lệ xác minh %, tối đa 100", "Verified %, 100 at most"), 11),
        (t("Phải đạt đến nay", "Due by now"), 10),
        (t("Tỷ lệ theo tiến độ %", "% of what is due"), 11),
        (t("Số tháng còn lại", "Months left"), 9),
        (t("Cần mỗi tháng", "Needed a month"), 10),
        (t("Nhịp mỗi tháng đến nay", "Pace a month so far"), 10),
        (t("Kết quả", "Result"), 18),
        (t("Tin, bài chưa đủ căn cứ", "Unsettled"), 11),
        (t("Trùng (không tính)", "Duplicates (not counted)"), 11),
        (t("Đăng lại (có tính)", "Reposts (counted)"), 11),
        (t("Công nhận theo giải trình", "Accepted upon explanation"), 11),
        (t("Ghi chú", "Note"), 44),
    )


def line_cells(line: ReportLine, list_place: str | None) -> tuple[Value, ...]:
    """Give a line as numbers that Excel can reckon with; the verified one leads to its list."""
    exact = line.counted.is_exact
    unknown = words.unknown_word() if words.is_unknown(line.counted) else None
    posts = line.counted.posts if unknown is None else unknown
    shown: Value = Link(posts, list_place) if line.articles and list_place else posts
    difference = None if line.difference is None else (unknown or line.difference)
    percent = None if line.percent is None else (unknown or line.percent)
    capped = None if line.capped_percent is None else (unknown or line.capped_percent)
    remaining = None if line.remaining is None else (unknown or line.remaining)
    return (
        line.tag,
        line.planned,
        line.claimed,
        Styled(shown, "0" if exact else f"{_AT_LEAST}0"),
        Styled(difference, _SIGNED if exact else _bounded(_AT_MOST, _SIGNED)),
        Styled(line.claimed_percent, _PERCENT),
        Styled(percent, _PERCENT if exact else f"{_AT_LEAST}{_PERCENT}"),
        Styled(remaining, "0" if exact or not line.remaining else f"{_AT_MOST}0"),
        Styled(capped, _PERCENT if exact or capped == _ALL else f"{_AT_LEAST}{_PERCENT}"),
        *_pace(pace_of(line)),
        Styled(words.status_word(line.status), fill=_FILLS[line.status]),
        line.unsettled,
        line.excluded.get(Exclusion.DUPLICATE, 0),
        line.reposts,
        line.recognised,
        line.coverage_note,
    )


def _pace(pace: Pace | None) -> tuple[Value, ...]:
    """Give what is due, the share of it, months left, needed and usual pace."""
    if pace is None:
        return (None,) * 5
    unknown = words.is_unknown(pace.counted)

    def bounded(value: float | None, sign: str, number_format: str) -> Value:
        if value is not None and unknown:
            return words.unknown_word()
        plain = pace.counted.is_exact or (sign == _AT_MOST and not value)
        return Styled(value, number_format if plain else f"{sign}{number_format}")

    return (
        pace.due,
        bounded(pace.due_percent, _AT_LEAST, _PERCENT),
        Styled(pace.months_left, "0.0"),
        bounded(pace.needed, _AT_MOST, "0.0"),
        bounded(pace.so_far, _AT_LEAST, "0.0"),
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
        sign = _AT_LEAST if score.is_lower_bound else ""
        sheet.add(
            (
                score.unit,
                score.unit_name,
                score.tag,
                Styled(score.done, f"{sign}0"),
                score.asked,
                Styled(score.percent, f"{sign}{_PERCENT}"),
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
                None if line.was is None else _count(line.was),
                _count(line.now),
            )
            for one in line.articles:
                said = cause_word(one.cause, one.change)
                title = Link(one.title, one.url)
                sheet.add(
                    (*head, Styled(one.change, _SIGNED), said, title, one.day, one.article_id)
                )
            for key in line.accepted:
                accepted = t("giải trình được chấp nhận (ngoài số xác minh)", "claim accepted")
                about = claims.get(key)
                sheet.add((*head, None, accepted, about, None, None))
    sheet.close()


def _count(counted: Counted) -> Value:
    if words.is_unknown(counted):
        return words.unknown_word()
    return counted.posts if counted.is_exact else Styled(counted.posts, f"{_AT_LEAST}0")


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
                    sheet.add((of_unit, *map(number_or_text, row)))
            sheet.close()


def _method(book: Workbook, report: Report) -> None:
    sheet = TableSheet(
        book,
        t("Phương pháp", "Method"),
        columns=((t("Mục", "Item"), 30), (t("Nội dung", "Content"), 110)),
    )
    for line in words.method_lines(report):
        sheet.add(line)
    sheet.close()
