"""The geometry of the HTML report's bars: planned, verified and claimed beside each other. Pure.

Lengths only: each bar carries the number that the table prints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.render import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Report, ReportLine

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
