"""The geometry of the HTML report's charts. Pure.

Bars of planned, verified and claimed; columns month by month; strips of the days that were seen.
Lengths only: each carries the number that the tables print.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.coverage import seen_of_held
from reports.months import months
from reports.render import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import DayInterval, Report, ReportLine

BAR_PX, UNIT_GAP_PX = 16, 12
NAMES_PERCENT, NUMBERS_PERCENT = 34.0, 14.0
"""Of the width: for the names on the left, and for the numbers behind the longest bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or the place of one that there is no number for (``width`` 0)."""

    kind: str
    """'planned', 'verified' or 'claimed'."""
    number: str
    y: int
    width: float
    """In percent of the chart's width."""
    is_open: bool = False
    """The number is a lower bound: the bar may reach further."""


@dataclass(frozen=True, slots=True)
class UnitBars:
    """A unit's bars on one tag."""

    name: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """One tag over all units."""

    tag: str
    height: int
    units: tuple[UnitBars, ...]


def charts(report: Report) -> tuple[Chart, ...]:
    """Give a chart for each tag that has lines, all on one scale within the chart."""
    by_tag = [(tag, [line for line in report.lines if line.tag == tag]) for tag in report.tags]
    return tuple(_chart(tag, lines) for tag, lines in by_tag if lines)


def _chart(tag: str, lines: Sequence[ReportLine]) -> Chart:
    longest = max(1, *(number for line in lines for number in _numbers(line)))
    step = 3 * BAR_PX + UNIT_GAP_PX
    units = tuple(_unit(line, number * step, longest) for number, line in enumerate(lines))
    return Chart(tag, len(lines) * step, units)


def _numbers(line: ReportLine) -> tuple[int, ...]:
    return (line.planned or 0, line.counted.posts, line.claimed or 0)


def _unit(line: ReportLine, y: int, longest: int) -> UnitBars:
    texts = (
        words.number_text(line.planned),
        words.count_text(line.counted),
        words.number_text(line.claimed),
    )
    kinds = ("planned", "verified", "claimed")
    room = 100 - NAMES_PERCENT - NUMBERS_PERCENT
    bars = tuple(
        Bar(
            kind=kind,
            number=text,
            y=y + place * BAR_PX,
            width=round(room * number / longest, 2),
            is_open=kind == "verified" and not line.counted.is_exact,
        )
        for place, (kind, text, number) in enumerate(zip(kinds, texts, _numbers(line), strict=True))
    )
    return UnitBars(line.unit_name, y, bars)


# ------------------------------------------------------------------------ month by month

COLUMN_PX = 90
"""Height of the highest column."""


@dataclass(frozen=True, slots=True)
class Column:
    """A month's counted posts on one tag."""

    label: str
    posts: int
    x: float
    width: float
    """In percent of the chart's width, as ``x``."""
    height: float
    """In pixels, from the bottom."""


@dataclass(frozen=True, slots=True)
class MonthChart:
    """One tag over the months of the period, on the scale of the busiest tag."""

    tag: str
    columns: tuple[Column, ...]


def month_charts(report: Report) -> tuple[MonthChart, ...]:
    """Give a chart for each tag; none when the period lies in one month."""
    found = months(report)
    if len(found) < 2:  # noqa: PLR2004 - one column is no comparison
        return ()
    most = max(1, *(posts for month in found for posts in month.posts))
    step = 100 / len(found)
    return tuple(
        MonthChart(
            tag,
            tuple(
                Column(
                    label=f"{month.first:%m/%Y}",
                    posts=month.posts[place],
                    x=round(number * step, 3),
                    width=round(step * 0.8, 3),
                    height=round(COLUMN_PX * month.posts[place] / most, 1),
                )
                for number, month in enumerate(found)
            ),
        )
        for place, tag in enumerate(report.tags)
    )


# ----------------------------------------------------------------------------- days seen


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a strip."""

    kind: str
    """'held': the unit answered for a site; 'unseen', above it: not seen in full."""
    x: float
    width: float
    """In percent of the strip, as ``x``."""
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The days of the period of one unit."""

    name: str
    seen: int
    held: int
    """Days."""
    parts: tuple[Part, ...]


def strips(report: Report) -> tuple[Strip, ...]:
    """Give a strip for each unit; none when the period has no end."""
    window, names = report.period, {line.unit: line.unit_name for line in report.lines}
    if window.end is None:
        return ()
    found = []
    for unit in report.days_seen:
        seen, held = seen_of_held(unit)
        parts = [_part("held", days, window, words.days_text(days)) for days in unit.held]
        parts += [
            _part("unseen", gap.days, window, f"{words.days_text(gap.days)}: {gap.reason}")
            for gap in unit.unseen
        ]
        name = names.get(unit.unit, unit.unit)
        found.append(Strip(name, seen, held, tuple(parts)))
    return tuple(found)


def _part(kind: str, days: DayInterval, window: DayInterval, text: str) -> Part:
    whole, before = _length(window), (days.start - window.start).days
    x, width = 100 * before / whole, 100 * _length(days) / whole
    return Part(kind, round(x, 3), round(width, 3), text)


def _length(days: DayInterval) -> int:
    return 0 if days.end is None else (days.end - days.start).days
