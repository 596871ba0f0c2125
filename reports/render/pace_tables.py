"""How far plans have come, as rows and sentences that every format sets. No arithmetic.

In the language in use. '≥' and '≤' where not everything was seen: what is left is then at most so
much, and nobody is behind who may not have been seen in full.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.render import words
from storage.language import t

if TYPE_CHECKING:
    from reports.pace import Pace
    from reports.totals import Course
    from storage.records import Report


def headers() -> tuple[str, ...]:
    """Give the headers of ``rows``."""
    return (
        t("Nhóm", "Tag"),
        t("Chỉ tiêu", "Planned"),
        t("Xác minh", "Verified"),
        t("Tỷ lệ, tối đa 100 %", "Share, 100 % at most"),
        t("Phải đạt đến nay", "Due by now"),
        t("Tỷ lệ theo tiến độ", "Share of what is due"),
        t("Còn lại", "Remaining"),
        t("Còn (tháng)", "Months left"),
        t("Cần mỗi tháng", "Needed a month"),
        t("Nhịp đến nay", "Pace so far"),
    )


def rows(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give by unit: its name, and a row for each tag of which the pace can be told."""
    found: list[tuple[str, list[tuple[str, ...]]]] = []
    for _, lines in groupby(report.lines, key=lambda line: line.unit):
        of_unit = list(lines)
        paced = [(line.tag, pace_of(line)) for line in of_unit]
        shown = [_row(tag, pace) for tag, pace in paced if pace is not None]
        if shown:
            found.append((of_unit[0].unit_name, shown))
    return found


def _row(tag: str, pace: Pace) -> tuple[str, ...]:
    counted = pace.counted
    return (
        tag,
        str(pace.planned),
        words.count_text(counted),
        words.capped(pace.capped_percent, counted),
        str(pace.due),
        due_share(pace),
        words.at_most(pace.remaining, counted),
        words.decimal(pace.months_left),
        words.NOTHING if pace.needed is None else words.at_most(pace.needed, counted),
        words.NOTHING
        if pace.so_far is None
        else words.bounded(words.decimal(pace.so_far), counted),
    )


def short_headers() -> tuple[str, ...]:
    """Give the headers of ``short_rows``."""
    return (
        t("Nhóm", "Tag"),
        t("Phải đạt đến nay", "Due by now"),
        t("Theo tiến độ", "Share of it"),
        t("Còn lại", "What is left"),
    )


def short_rows(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give by unit what is left and the pace that it takes, of the numbers not yet reached."""
    found: list[tuple[str, list[tuple[str, ...]]]] = []
    for _, lines in groupby(report.lines, key=lambda line: line.unit):
        of_unit = list(lines)
        paced = [(line.tag, pace_of(line)) for line in of_unit]
        shown: list[tuple[str, ...]] = [
            (tag, str(pace.due), due_share(pace), sentence(pace))
            for tag, pace in paced
            if pace is not None and pace.remaining
        ]
        if shown:
            found.append((of_unit[0].unit_name, shown))
    return found


def due_share(pace: Pace) -> str:
    """Give verified / due in percent; a dash where nothing is due."""
    if pace.due_percent is None:
        return words.NOTHING
    return words.bounded(words.percentage(pace.due_percent), pace.counted)


def on(report: Report) -> str:
    """Say until which day the plans are held against: the same for all that began before it."""
    days = sorted({line.schedule.on for line in report.lines if line.schedule is not None})
    if not days:
        return ""
    named = words.day_text(days[-1])
    return t(
        f"Tiến độ tính đến hết ngày {named}: số giao cho cả năm hoặc cả kỳ được chia đều theo "
        "tháng đã qua; số giao theo tháng, quý hoặc có hạn thì theo hạn của nó.",
        f"Due by the end of {named}: a number for the year or the whole period is spread evenly "
        "over its months; one by the month, the quarter or a day is due as it says.",
    )


def sentence(pace: Pace) -> str:
    """Say what is left and the pace that it takes."""
    counted = pace.counted
    if words.is_unknown(counted):
        return t("chưa xem được nên chưa rõ còn bao nhiêu", "not seen: what is left is unknown")
    if not pace.remaining:
        return t("đã đủ số của cả kế hoạch", "the whole plan is reached")
    most = "" if counted.is_exact else t("nhiều nhất ", "at most ")
    left = f"{most}{pace.remaining}"
    if pace.needed is None:
        return t(f"hết kỳ kế hoạch, còn {left} bài", f"the plan is over, {left} left")
    return _left(pace, left, most) + _so_far(pace)


def _left(pace: Pace, left: str, most: str) -> str:
    if pace.months_left < 1:
        return t(
            f"còn {left} bài trong {pace.days_left} ngày", f"{left} left in {pace.days_left} days"
        )
    months, needed = words.decimal(pace.months_left), words.decimal(pace.needed)
    return t(
        f"còn {left} bài trong {months} tháng: cần {most}{needed} bài/tháng",
        f"{left} left in {months} months: {most}{needed} a month needed",
    )


def _so_far(pace: Pace) -> str:
    if pace.so_far is None:
        return ""
    least = "" if pace.counted.is_exact else t("ít nhất ", "at least ")
    so_far = words.decimal(pace.so_far)
    return t(f"; nhịp đến nay {least}{so_far}", f"; so far {least}{so_far}")


def told(pace: Pace) -> str:
    """Say what is due by now, what is left, and the pace that it takes."""
    return "; ".join(text for text in (course(pace), sentence(pace)) if text)


def course(pace: Pace) -> str:
    """Say what is due by now, and how much of it was seen; '' where nothing is due."""
    if pace.due_percent is None or words.is_unknown(pace.counted):
        return ""
    least = "" if pace.counted.is_exact else t("ít nhất ", "at least ")
    share = words.percentage(pace.due_percent)
    return t(
        f"đến hết {words.day_text(pace.on)} phải đạt {pace.due}, đạt {least}{share} tiến độ",
        f"{pace.due} due by {words.day_text(pace.on)}, {least}{share} of it seen",
    )


def on_course(course: Course) -> str:
    """Say how many numbers are on course; '' where of none it can be told."""
    if not course.told:
        return ""
    least = t("ít nhất ", "at least ") if course.unknown else ""
    share = words.percentage(course.percent)
    said = t(
        f"đúng tiến độ {least}{course.on_course}/{course.told} chỉ tiêu ({least}{share})",
        f"{least}{course.on_course} of {course.told} numbers on course ({least}{share})",
    )
    if course.behind:
        said += t(f", chậm {course.behind}", f", {course.behind} behind")
    if course.unknown:
        said += t(f", chưa đủ căn cứ {course.unknown}", f", {course.unknown} not to be told")
    return said
