"""Points by an office's scale, and the scale's own sentences. Pure.

Who cannot be verified gets no points and none is taken: a score is given only where all that is
not known could not change it.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil, floor
from typing import TYPE_CHECKING

from storage.records import LineStatus, Rounding, ScoreAgainst, ScoreOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.records import Report, ReportLine, ScoreScale, ScoreStep


_ALL = Fraction(1000)
"""More than any step asks for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """The points of one line or unit."""

    unit: str
    unit_name: str
    tag: str | None
    """None: of the unit as a whole."""
    done: int
    """Posts seen, or numbers reached."""
    is_lower_bound: bool
    """There may be more than ``done``."""
    asked: int
    """Posts asked for, or numbers given; 1 or more."""
    percent: float
    """``done / asked × 100``, 4 decimals, not rounded for the scale."""
    points: int | None
    """Hundredths of a point; None: not enough is known (chưa đủ căn cứ)."""


def scores(report: Report) -> tuple[Score, ...]:
    """Give the points by the report's rule, by unit; none without a scale.

    Lines without a number, and lines of which nothing is due yet, get no row.
    """
    scale = None if report.counting is None else report.counting.score
    if scale is None:
        return ()
    by_unit = groupby(report.lines, key=lambda line: line.unit)
    return tuple(score for _, lines in by_unit for score in _of_unit(list(lines), scale))


def points(scale: ScoreScale, share: Fraction) -> int:
    """Give the hundredths of a point for a share (1: all of it).

    >>> from storage.records import ScoreScale, ScoreStep
    >>> scale = ScoreScale(name="x", most=100, steps=(ScoreStep(at=90, points=None),))
    >>> points(scale, Fraction(95, 100)), points(scale, Fraction(4, 5))
    (95, 0)
    """
    percent = 100 * share
    if scale.percent_decimals is not None:
        percent = _rounded(percent, scale.percent_decimals, scale.rounding)
    for step in scale.steps:
        if percent > step.at or (step.inclusive and percent == step.at):
            if step.points is not None:
                return step.points
            whole = min(percent, Fraction(100)) * scale.most / 10_000
            return int(100 * _rounded(whole, scale.decimals, scale.rounding))
    return scale.below


def falls(scale: ScoreScale) -> bool:
    """Tell whether more could be worth less somewhere, or the steps do not stand in order."""
    at = [(step.at, not step.inclusive) for step in scale.steps]
    marks = [Fraction(step.at, 100) for step in scale.steps]
    # Between two marks nothing falls; shares that are rounded first pass a mark by whole steps.
    by = Fraction(1, 10 ** (9 if scale.percent_decimals is None else scale.percent_decimals + 2))
    asked = {max(Fraction(0), at + way * by) for at in (*marks, Fraction(1)) for way in (-1, 0, 1)}
    given = [points(scale, share) for share in sorted(asked)]
    return at != sorted(at, reverse=True) or given != sorted(given) or given[-1] > scale.most


def _rounded(number: Fraction, decimals: int, rounding: Rounding) -> Fraction:
    shifted = number * 10**decimals
    match rounding:
        case Rounding.DOWN:
            whole = floor(shifted)
        case Rounding.UP:
            whole = ceil(shifted)
        case Rounding.HALF_UP:
            whole = floor(shifted + Fraction(1, 2))
    return Fraction(whole, 10**decimals)


# ------------------------------------------------------------------- of lines, of units


def _of_unit(lines: Sequence[ReportLine], scale: ScoreScale) -> Iterator[Score]:
    asked = [(line, _asked(line, scale)) for line in lines]
    numbered = [(line, number) for line, number in asked if number]
    if scale.of is ScoreOf.LINE:
        for line, number in numbered:
            done = line.counted.posts
            best = done if line.counted.is_exact else None
            yield _score(line, scale, line.tag, done=done, best=best, asked=number)
    elif numbered:
        first = numbered[0][0]
        reached = sum(line.counted.posts >= number for line, number in numbered)
        open_ = sum(line.counted.falls_short_of(number) is None for line, number in numbered)
        best = reached + open_
        yield _score(first, scale, None, done=reached, best=best, asked=len(numbered))


def _asked(line: ReportLine, scale: ScoreScale) -> int | None:
    if line.status is LineStatus.NO_QUOTA:
        return None
    if scale.against is ScoreAgainst.PLAN:
        return line.planned
    return None if line.schedule is None else line.schedule.due


def _score(
    line: ReportLine, scale: ScoreScale, tag: str | None, *, done: int, best: int | None, asked: int
) -> Score:
    """Give points where ``done`` and the most that may be true (None: any) are worth the same."""
    share = Fraction(done, asked)
    least = points(scale, share)
    most = points(scale, _ALL) if best is None else points(scale, Fraction(best, asked))
    return Score(
        unit=line.unit,
        unit_name=line.unit_name,
        tag=tag,
        done=done,
        is_lower_bound=best != done,
        asked=asked,
        percent=round(float(100 * share), 4),
        points=least if least == most else None,
    )


# ------------------------------------------------------------------------- the sentences


def sentences(scale: ScoreScale) -> Iterator[str]:
    """Say in Vietnamese how the scale gives points; part of what is frozen."""
    yield (
        f"Chấm điểm theo “{scale.name}”, tối đa {spell_points(scale.most)} điểm, "
        f"{_OF[scale.of, scale.against]}: {'; '.join(_steps(scale))}."
    )
    exact = (
        "không làm tròn"
        if scale.percent_decimals is None
        else f"làm tròn {_decimals(scale.percent_decimals)} ({_ROUNDING[scale.rounding]})"
    )
    yield (
        f"Tỷ lệ đem so với mốc điểm {exact}; điểm làm tròn {_decimals(scale.decimals)} "
        f"({_ROUNDING[scale.rounding]}). Chưa xác minh được thì không chấm, ghi “chưa đủ căn cứ”, "
        "trừ khi phần chưa rõ không làm đổi điểm."
    )


_OF = {
    (ScoreOf.LINE, ScoreAgainst.PLAN): "từng đơn vị, từng nhóm, theo số tin, bài xác minh trên chỉ "
    "tiêu cả kế hoạch",
    (ScoreOf.LINE, ScoreAgainst.DUE): "từng đơn vị, từng nhóm, theo số tin, bài xác minh trên số "
    "phải đạt đến ngày báo cáo",
    (ScoreOf.UNIT, ScoreAgainst.PLAN): "từng đơn vị, theo số chỉ tiêu hoàn thành cả kế hoạch trên "
    "số chỉ tiêu được giao",
    (ScoreOf.UNIT, ScoreAgainst.DUE): "từng đơn vị, theo số chỉ tiêu đúng tiến độ đến ngày báo cáo "
    "trên số chỉ tiêu đã đến hạn",
}
_ROUNDING = {
    Rounding.HALF_UP: "từ 5 thì lên",
    Rounding.DOWN: "bỏ phần lẻ",
    Rounding.UP: "phần lẻ thì lên",
}


def _steps(scale: ScoreScale) -> Iterator[str]:
    above: ScoreStep | None = None
    for step in scale.steps:
        points_ = (
            f"tỷ lệ × {spell_points(scale.most)} điểm"
            if step.points is None
            else f"{spell_points(step.points)} điểm"
        )
        first = f"từ {step.at} %" if step.inclusive else f"trên {step.at} %"
        yield f"{first}{_until(step, above)}: {points_}"
        above = step
    if above is None:
        yield f"{spell_points(scale.below)} điểm"
    else:
        last = f"dưới {above.at} %" if above.inclusive else f"từ {above.at} % trở xuống"
        yield f"{last}: {spell_points(scale.below)} điểm"


def _until(step: ScoreStep, above: ScoreStep | None) -> str:
    if above is None:
        return " trở lên" if step.inclusive else ""
    return f" đến dưới {above.at} %" if above.inclusive else f" đến {above.at} %"


def _decimals(number: int) -> str:
    return f"đến {number} chữ số thập phân" if number else "đến hàng đơn vị"


def spell_points(hundredths: int) -> str:
    """Give points in Vietnamese.

    >>> spell_points(100), spell_points(25), spell_points(80)
    ('1', '0,25', '0,8')
    """
    whole, rest = divmod(hundredths, 100)
    return f"{whole},{rest:02}".rstrip("0").rstrip(",")
