"""The words and number formats of reports, in the language in use (``storage.language``)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reports.duplicates import FirstBy
from storage.language import Language, current, t
from storage.records import (
    VIETNAM,
    ClaimVerdict,
    CoverageState,
    Exclusion,
    FindingKind,
    FindingState,
    LineStatus,
    MatchedBy,
    PostForm,
)

if TYPE_CHECKING:
    from reports.totals import TagTotal
    from storage.records import Counted, DayInterval, Finding, LineArticle, Report, ReportLine

NOTHING = "—"
"""Stands where there is no number to give; never 0."""


def cited(report: Report, report_id: int) -> str:
    """Name a report: by number and day when it was frozen, else as a working copy."""
    head = report.letterhead
    if not head.number:
        return t(f"bản làm việc số {report_id}", f"working copy {report_id}")
    day = day_text(head.signed_on)
    return t(f"Báo cáo số {head.number} ngày {day}", f"report {head.number} of {day}")


def footnote(report: Report, report_id: int) -> str:
    """Give the line for the reader of a copy: of which report, as of when, by which rule."""
    return f"{cited(report, report_id)} · số liệu đến {instant_text(report.as_of)} · {report.rule}"


def status_word(status: LineStatus) -> str:
    """Give the result in one or a few words."""
    return {
        LineStatus.REACHED: t("Đạt", "Reached"),
        LineStatus.SHORT: t("Chưa đạt", "Short"),
        LineStatus.NOT_VERIFIABLE: t("Không xác minh được", "Not verifiable"),
        LineStatus.NO_QUOTA: t("Không giao chỉ tiêu", "No quota"),
    }[status]


def coverage_word(state: CoverageState) -> str:
    """Give how much was seen."""
    return {
        CoverageState.COMPLETE: t("xem được toàn bộ", "seen in full"),
        CoverageState.PARTIAL: t("chỉ xem được một phần", "seen in part"),
        CoverageState.NONE: t("không xem được", "not seen"),
    }[state]


def exclusion_word(reason: Exclusion) -> str:
    """Give why an article is not counted."""
    return {
        Exclusion.OUT_OF_PERIOD: t("Ngoài kỳ", "Out of period"),
        Exclusion.NOT_OWNED: t("Trang chưa gắn với đơn vị nào", "No unit owned the site"),
        Exclusion.UNREAD: t("Chưa đọc được bài", "Page could not be read"),
        Exclusion.UNTAGGED: t("Chưa phân loại", "Not tagged yet"),
        Exclusion.UNDECIDED: t("Cần người xem", "A person has to look"),
        Exclusion.OFF_TOPIC: t("Không thuộc nội dung", "Off topic"),
        Exclusion.MENTION_ONLY: t("Chỉ nhắc đến", "Mentioned in passing"),
        Exclusion.WITHDRAWN: t("Đã gỡ khỏi trang", "Removed from the site"),
        Exclusion.UNDATED: t("Không rõ ngày đăng", "No trusted day"),
        Exclusion.DUPLICATE: t("Trùng bài đã tính", "Duplicate of a counted one"),
        Exclusion.OTHER_SECTION: t("Chuyên mục không tính", "In a section that does not count"),
        Exclusion.TOO_SHORT: t("Quá ngắn", "Too short"),
        Exclusion.REPOST: t("Đăng lại, không tính", "Taken over, not counted"),
        Exclusion.OTHER_TAG: t("Đã tính cho thẻ khác", "Counted for another tag"),
    }[reason]


def fate_word(article: LineArticle) -> str:
    """Give what became of a candidate: counted, or the one reason why not."""
    alike = (
        [] if article.likeness is None else [t("giống ", "alike ") + percentage(article.likeness)]
    )
    if article.bucket is not None:
        word = exclusion_word(article.bucket)
        return f"{word} ({alike[0]})" if alike and article.bucket in _OF_A_TEXT else word
    marks = [] if article.form is None else [form_word(article.form)]
    if article.reposted:
        marks += [t("đăng lại", "repost"), *alike]
    if article.days is not None:
        marks.append(t("tính theo khoảng ngày", "by an interval of days"))
    if article.only_claimed:
        marks.append(t("chỉ thấy nhờ đường dẫn đơn vị khai", "found by a claimed address only"))
    counted = t("Được tính", "Counted")
    return f"{counted} ({'; '.join(marks)})" if marks else counted


_OF_A_TEXT = frozenset({Exclusion.DUPLICATE, Exclusion.REPOST})


def first_by_word(evidence: FirstBy) -> str:
    """Give what tells which of two publications came first."""
    return {
        FirstBy.DAY: t("đăng trước theo ngày in", "earlier by the printed day"),
        FirstBy.INTERVAL: t("đăng trước theo khoảng ngày", "earlier by the interval of days"),
        FirstBy.FIRST_SEEN: t("cùng ngày in, thấy trước", "of one day, seen first"),
        FirstBy.NUMBER: t(
            "cùng ngày, cùng lần xem; chọn bài có số nhỏ", "of one day and one look; lowest number"
        ),
    }[evidence]


def form_word(form: PostForm) -> str:
    """Give what a post is by its length."""
    return {
        PostForm.NEWS: t("tin", "news item"),
        PostForm.ARTICLE: t("bài", "article"),
        PostForm.EITHER: t("tin hoặc bài", "news item or article"),
    }[form]


def finding_word(kind: FindingKind) -> str:
    """Give what a finding is about."""
    return {
        FindingKind.SHORTFALL: t("Chưa đạt chỉ tiêu", "Short of the quota"),
        FindingKind.OVERCLAIM: t("Báo cáo nhiều hơn xác minh", "Claims more than was seen"),
        FindingKind.UNCLAIMED: t("Báo cáo ít hơn xác minh", "Claims less than was seen"),
        FindingKind.CLAIM_NOT_FOUND: t("Không tìm thấy bài kê khai", "Claimed article not found"),
        FindingKind.CLAIM_OFF_TOPIC: t(
            "Bài kê khai không thuộc nội dung", "Claimed article is off topic"
        ),
        FindingKind.CLAIM_OUT_OF_PERIOD: t(
            "Bài kê khai ngoài kỳ", "Claimed article is out of the period"
        ),
        FindingKind.CLAIM_DUPLICATED: t("Kê khai trùng", "Claimed twice"),
        FindingKind.CLAIM_OTHER_UNIT: t("Bài của đơn vị khác", "Article of another unit"),
        FindingKind.CLAIM_DAY_DIFFERS: t(
            "Ngày kê khai khác ngày in", "Claimed day is not the printed one"
        ),
        FindingKind.CLAIM_RULED_OUT: t(
            "Bài kê khai không được tính theo quy tắc", "Claimed article is ruled out"
        ),
        FindingKind.CLAIM_REMOVED: t(
            "Bài kê khai đã gỡ hoặc đã sửa", "Claimed article was removed or changed"
        ),
        FindingKind.DAY_CHANGED: t("Ngày in bị sửa sau khi đăng", "Printed day was changed later"),
        FindingKind.LAST_DAY_BURST: t("Đăng dồn vào ngày cuối kỳ", "Burst on the last day"),
        FindingKind.BACKDATED: t("Nghi lùi ngày đăng", "Possibly backdated"),
        FindingKind.DAY_FOLLOWS_CLOCK: t("Ngày in chạy theo đồng hồ", "Days that follow the clock"),
        FindingKind.NOT_VERIFIABLE: t("Không xác minh được", "Not verifiable"),
    }[kind]


def state_word(state: FindingState) -> str:
    """Give how far a finding has come."""
    return {
        FindingState.OPEN: t("Chưa giải trình", "Open"),
        FindingState.EXPLAINED: t("Đơn vị đã giải trình", "Explained by the unit"),
        FindingState.ACCEPTED: t("Chấp nhận giải trình", "Explanation accepted"),
        FindingState.UPHELD: t("Giữ nguyên phát hiện", "Upheld"),
    }[state]


def verdict_word(verdict: ClaimVerdict) -> str:
    """Give what became of a claim."""
    return {
        ClaimVerdict.CONFIRMED: t("Đúng", "Confirmed"),
        ClaimVerdict.REPOST: t("Đăng lại", "Repost"),
        ClaimVerdict.DAY_DIFFERS: t("Ngày khai khác ngày in", "Another day is printed"),
        ClaimVerdict.COUNTED_ALREADY: t("Trùng, đã tính", "Counted already"),
        ClaimVerdict.OUT_OF_PERIOD: t("Ngoài kỳ", "Out of the period"),
        ClaimVerdict.OFF_TOPIC: t("Sai chủ đề", "Off topic"),
        ClaimVerdict.MENTION_ONLY: t("Chỉ nhắc tới", "Mentioned in passing"),
        ClaimVerdict.RULED_OUT: t("Không tính theo quy tắc", "Ruled out"),
        ClaimVerdict.OTHER_UNIT: t("Trang của đơn vị khác", "Another unit's site"),
        ClaimVerdict.OFF_LIST: t("Không thuộc trang của đơn vị", "On no listed site"),
        ClaimVerdict.NOT_FOUND: t("Không tìm thấy", "Not found"),
        ClaimVerdict.REMOVED_OR_CHANGED: t("Đã gỡ hoặc đã sửa", "Removed or changed since"),
        ClaimVerdict.NOT_VERIFIABLE: t("Không xác minh được", "Not verifiable"),
        ClaimVerdict.TOO_MANY: t("Khai nhiều hơn", "More than was seen"),
        ClaimVerdict.TOO_FEW: t("Khai ít hơn", "Less than was seen"),
    }[verdict]


def match_word(matched_by: MatchedBy | None) -> str | None:
    """Give how the article of a claim was found."""
    if matched_by is None:
        return None
    return {
        MatchedBy.ADDRESS: t("đường dẫn", "address"),
        MatchedBy.CUT_ADDRESS: t("đường dẫn bị cắt", "cut address"),
        MatchedBy.TITLE: t("tiêu đề", "title"),
        MatchedBy.FORMER_TITLE: t("tiêu đề cũ", "former title"),
    }[matched_by]


def said_of(finding: Finding) -> str:
    """Give what was said of a finding, one line each: state, who, when, note."""
    return "\n".join(
        f"{state_word(step.state)} — {step.who}, {instant_text(step.noted_at)}: {step.note}"
        for step in finding.steps
    )


def forms_text(line: ReportLine) -> str:
    """Give how many of the counted posts are of each form; empty where they are not told apart."""
    forms = line.forms or {}
    return ", ".join(f"{number} {form_word(form)}" for form, number in forms.items() if number)


# ------------------------------------------------------------------------- numbers


def is_unknown(counted: Counted) -> bool:
    """Tell whether nothing is known: none seen where nothing could be seen."""
    return counted.posts == 0 and counted.coverage is CoverageState.NONE


def unknown_word() -> str:
    """Give what stands in place of a number that is not known."""
    return t("không rõ", "unknown")


def count_text(counted: Counted) -> str:
    """Give '12', '≥ 12' for a lower bound, or that it is not known."""
    if is_unknown(counted):
        return unknown_word()
    return str(counted.posts) if counted.is_exact else f"≥ {counted.posts}"


def seen_text(days: tuple[int, int] | None) -> str:
    """Give '271/273': days seen in full, of those that there were; a dash when it was not kept."""
    return NOTHING if days is None else "/".join(map(str, days))


def number_text(number: int | None) -> str:
    """Give a number, or a dash for none."""
    return NOTHING if number is None else str(number)


def difference_text(line: ReportLine) -> str:
    """Give claimed − verified with its sign; '≤' when the verified number is a lower bound."""
    if line.difference is None:
        return NOTHING
    if is_unknown(line.counted):
        return unknown_word()
    signed = f"{line.difference:+d}" if line.difference else "0"
    return (signed if line.counted.is_exact else f"≤ {signed}").replace("-", "−")


def remaining_text(line: ReportLine) -> str:
    """Give what is left of the plan; '≤' when the verified number is a lower bound."""
    return NOTHING if line.remaining is None else at_most(line.remaining, line.counted)


def percent_text(line: ReportLine) -> str:
    """Give verified / planned in percent; '≥' when the verified number is a lower bound."""
    if line.percent is None:
        return NOTHING
    return bounded(percentage(line.percent), line.counted)


def shares_of(total: TagTotal) -> tuple[str, str, str]:
    """Give of the units with a number: what was verified, and its share of the plan and of due."""
    counted = total.counted_with_quota
    if counted is None:
        return NOTHING, NOTHING, NOTHING
    due = total.due_percent
    return (
        count_text(counted),
        bounded(percentage(total.percent), counted),
        NOTHING if due is None else bounded(percentage(due), counted),
    )


def bounded(text: str, counted: Counted) -> str:
    """Give a number that grows with a count, with '≥' when the count is a lower bound."""
    if is_unknown(counted):
        return unknown_word()
    return text if counted.is_exact else f"≥ {text}"


def at_most(value: float, counted: Counted) -> str:
    """Give a number that falls to 0 as a count grows, with '≤' when the count is a lower bound."""
    if is_unknown(counted):
        return unknown_word()
    return decimal(value) if counted.is_exact or not value else f"≤ {decimal(value)}"


def capped(value: float, counted: Counted) -> str:
    """Give a share that is 100 % at most: there a lower bound is exact."""
    return percentage(value) if value >= _ALL else bounded(percentage(value), counted)


_ALL = 100


def percentage(value: float | None) -> str:
    """Give '66,7 %' (English '66.7 %'), or a dash for none."""
    return NOTHING if value is None else decimal(value) + " %"


def decimal(value: float | None) -> str:
    """Give '2,4' (English '2.4'), '5' for 5.0, or a dash for none."""
    if value is None:
        return NOTHING
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if current() is Language.VI else text


def points(value: float) -> str:
    """Give a change in percentage points with its sign: '+3,4', '−2', '0'."""
    text = decimal(value)
    if text in {"0", "-0"}:
        return "0"
    return f"−{decimal(-value)}" if value < 0 else f"+{text}"


# ---------------------------------------------------------------------------- time


def day_text(day: dt.date | None) -> str:
    """Give a day as people here write it, e.g. 05/07/2022; a dash for none."""
    return NOTHING if day is None else f"{day.day:02}/{day.month:02}/{day.year}"


def dated_text(day: dt.date | None, days: DayInterval | None) -> str:
    """Give an article's day; where the printed one follows the clock, what is known instead."""
    if days is None or days.end is None:
        return day_text(day)
    last = days.end - dt.timedelta(days=1)
    if days.start == dt.date.min:
        return t("đến ", "until ") + day_text(last)
    return day_text(last) if days.start == last else days_text(days)


def days_text(period: DayInterval) -> str:
    """Give the first and the last day, both *included*, e.g. 01/01/2022–30/09/2022."""
    if period.end is None:
        return t("từ ", "from ") + day_text(period.start)
    return f"{day_text(period.start)}–{day_text(period.end - dt.timedelta(days=1))}"


def instant_text(instant: dt.datetime) -> str:
    """Give an instant in Vietnam's time, e.g. 23:00 30/09/2022."""
    local = instant.astimezone(VIETNAM)
    return f"{local:%H:%M} {day_text(local.date())}"


# ------------------------------------------------------------------------- method


def method_lines(report: Report) -> tuple[tuple[str, str], ...]:
    """Give what a reader must know of how the numbers came about, as pairs of item and text."""
    return (
        (t("Cơ quan kiểm tra", "Office"), report.office),
        (
            t("Kỳ số liệu", "Period"),
            f"{report.period_name} ({report.period_code}), {days_text(report.period)}",
        ),
        (t("Số liệu đến", "As known at"), instant_text(report.as_of)),
        (t("Bộ chủ đề", "Taxonomy"), report.taxonomy_release),
        (t("Bộ phân loại", "Tagger"), report.tagger or t("chưa phân loại", "nothing tagged yet")),
        (t("Quy tắc đếm", "Counting rule"), report.rule),
        *((t("Ghi chú", "Note"), note) for note in report.notes),
    )
