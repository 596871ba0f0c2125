"""How far a plan has come and what is left of it, in Vietnamese. No arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.calendar import spell_day
from reports.render import words
from reports.verification import spell_count

if TYPE_CHECKING:
    from reports.pace import Pace


def done(pace: Pace) -> str:
    """Say what was planned, what is due by when, and what was seen."""
    due = (
        f"theo tiến độ đến hết ngày {spell_day(pace.on)} cần có {pace.due}"
        if pace.months_over
        else "chưa đến kỳ thực hiện"
    )
    return (
        f"kế hoạch {pace.planned} tin, bài đến hết ngày {spell_day(pace.until)}; {due}; xác minh "
        f"được {_verified(pace)}"
    )


def _verified(pace: Pace) -> str:
    if words.is_unknown(pace.counted):
        return words.unknown_word()
    least = "" if pace.counted.is_exact else "ít nhất "
    return f"{spell_count(pace.counted)} (bằng {least}{words.percentage(pace.percent)} kế hoạch)"


def left(pace: Pace) -> str:
    """Say what is left, until when, and how much a month that asks for."""
    if not pace.remaining:
        return "đã đủ số lượng của cả kỳ kế hoạch"
    most = "" if pace.counted.is_exact else "nhiều nhất "
    if pace.needed is None:
        return f"kỳ kế hoạch đã hết, còn thiếu {most}{pace.remaining} tin, bài"
    text = f"còn phải đăng {most}{pace.remaining} tin, bài trong {pace.days_left} ngày còn lại"
    if pace.months_left > 1:
        text += f", bình quân {most}{words.decimal(pace.needed)} tin, bài một tháng"
    return text
