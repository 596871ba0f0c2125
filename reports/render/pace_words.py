"""How far a plan has come, in sentences, in the language in use. No arithmetic.

'≥' and 'nhiều nhất' where not everything was seen: what is left is then at most so much, and nobody
is behind who may not have been seen in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.render import words
from storage.language import t

if TYPE_CHECKING:
    from reports.pace import Pace
    from reports.totals import Course


def due_share(pace: Pace) -> str:
    """Give verified / due in percent; a dash where nothing is due."""
    if pace.due_percent is None:
        return words.NOTHING
    return words.bounded(words.percentage(pace.due_percent), pace.counted)


def numbers(pace: Pace) -> tuple[str, str, str, str, str]:
    """Give verified / due, what is left, months left, what is needed a month, and pace so far."""
    counted, so_far = pace.counted, words.decimal(pace.so_far)
    return (
        due_share(pace),
        words.at_most(pace.remaining, counted),
        words.decimal(pace.months_left),
        words.NOTHING if pace.needed is None else words.at_most(pace.needed, counted),
        so_far if pace.so_far is None else words.bounded(so_far, counted),
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
