"""Lines of a report as cells that Excel can reckon with; '≥' and '≤' stand in their formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.render import words
from reports.workbook import Link, Styled
from storage.language import t
from storage.records import Exclusion, LineStatus

if TYPE_CHECKING:
    from reports.pace import Pace
    from reports.workbook import Value
    from storage.records import Counted, ReportLine

_FILLS = {
    LineStatus.REACHED: "E2EFDA",
    LineStatus.SHORT: "FCE4D6",
    LineStatus.NOT_VERIFIABLE: "FFF2CC",
    LineStatus.NO_QUOTA: "EDEDED",
}
AT_LEAST, AT_MOST = '"≥ "', '"≤ "'
_ALL = 100
"""A share that is capped: there a lower bound is exact."""
SIGNED, PERCENT = "+0;-0;0", '0.0" %"'


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
        *pace_columns(),
        (t("Kết quả", "Result"), 18),
        (t("Tin, bài chưa đủ căn cứ", "Unsettled"), 11),
        (t("Trùng (không tính)", "Duplicates (not counted)"), 11),
        (t("Đăng lại (có tính)", "Reposts (counted)"), 11),
        (t("Công nhận theo giải trình", "Accepted upon explanation"), 11),
        (t("Ghi chú", "Note"), 44),
    )


def pace_columns() -> tuple[tuple[str, float], ...]:
    """Give the headers and widths of what is due, left and needed."""
    return (
        (t("Phải đạt đến nay", "Due by now"), 10),
        (t("Tỷ lệ theo tiến độ %", "% of what is due"), 11),
        (t("Số tháng còn lại", "Months left"), 9),
        (t("Cần mỗi tháng", "Needed a month"), 10),
        (t("Nhịp mỗi tháng đến nay", "Pace a month so far"), 10),
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
        Styled(shown, "0" if exact else f"{AT_LEAST}0"),
        Styled(difference, SIGNED if exact else _bounded(AT_MOST, SIGNED)),
        Styled(line.claimed_percent, PERCENT),
        Styled(percent, PERCENT if exact else f"{AT_LEAST}{PERCENT}"),
        Styled(remaining, "0" if exact or not line.remaining else f"{AT_MOST}0"),
        Styled(capped, PERCENT if exact or capped == _ALL else f"{AT_LEAST}{PERCENT}"),
        *pace_cells(pace_of(line)),
        Styled(words.status_word(line.status), fill=_FILLS[line.status]),
        line.unsettled,
        line.excluded.get(Exclusion.DUPLICATE, 0),
        line.reposts,
        line.recognised,
        line.coverage_note,
    )


def pace_cells(pace: Pace | None) -> tuple[Value, ...]:
    """Give the cells below ``pace_columns``."""
    if pace is None:
        return (None,) * 5
    unknown = words.is_unknown(pace.counted)

    def bounded(value: float | None, sign: str, number_format: str) -> Value:
        if value is not None and unknown:
            return words.unknown_word()
        plain = pace.counted.is_exact or (sign == AT_MOST and not value)
        return Styled(value, number_format if plain else f"{sign}{number_format}")

    return (
        pace.due,
        bounded(pace.due_percent, AT_LEAST, PERCENT),
        Styled(pace.months_left, "0.0"),
        bounded(pace.needed, AT_MOST, "0.0"),
        bounded(pace.so_far, AT_LEAST, "0.0"),
    )


def left_cell(pace: Pace | None) -> Value:
    """Give what is left of the plan."""
    if pace is None:
        return None
    plain = pace.counted.is_exact or not pace.remaining
    left = words.unknown_word() if words.is_unknown(pace.counted) else pace.remaining
    return Styled(left, "0" if plain else f"{AT_MOST}0")


def _bounded(sign: str, number_format: str) -> str:
    """Put a sign before each part (positive; negative; zero) of a number format."""
    return ";".join(sign + part for part in number_format.split(";"))


def count_cell(counted: Counted) -> Value:
    """Give a count; as text where it is not known."""
    if words.is_unknown(counted):
        return words.unknown_word()
    return counted.posts if counted.is_exact else Styled(counted.posts, f"{AT_LEAST}0")
