"""Who is behind the pace of its plan and should be told, and who must be asked first. Pure.

Whether a unit is behind is judged by ``reports.pace``: where not everything was seen it is not
known, and the unit is asked, never told. Of a plan that is over nobody is reminded: what is
missing then stands in the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from reports.pace import Pace, pace_of

if TYPE_CHECKING:
    from storage.records import LineArticle, Report, ReportLine


@dataclass(frozen=True, kw_only=True, slots=True)
class TagPace:
    """One headline tag of a unit whose pace there is something to say of."""

    tag: str
    pace: Pace
    seen: str
    """One Vietnamese sentence on what was seen."""
    unsettled: tuple[LineArticle, ...]
    """Articles that may count, once they can be read, tagged or dated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """What one unit is written."""

    report: Report
    report_id: int
    unit: str
    unit_name: str
    behind: tuple[TagPace, ...]
    """Certainly behind: everything was seen."""
    unclear: tuple[TagPace, ...]
    """Fewer were seen than are due, but not everything was seen or settled: a question."""
    is_seen: bool
    """Every list was seen in full on every day of the period."""
    contact: str
    """Where the unit may write to; empty: not said."""


def reminders(report: Report, report_id: int, *, contact: str = "") -> tuple[Reminder, ...]:
    """Give what should be written, by unit in the report's order; who is on course gets nothing."""
    found = []
    gaps = {days.unit for days in report.days_seen if days.unseen or not days.held}
    seen = {days.unit for days in report.days_seen} - gaps
    for unit, of_unit in groupby(report.lines, key=lambda line: line.unit):
        lines = list(of_unit)
        behind = tuple(_paces(lines, is_certain=True))
        unclear = tuple(_paces(lines, is_certain=False))
        if behind or unclear:
            found.append(
                Reminder(
                    report=report,
                    report_id=report_id,
                    unit=unit,
                    unit_name=lines[0].unit_name,
                    behind=behind,
                    unclear=unclear,
                    is_seen=unit in seen,
                    contact=contact,
                )
            )
    return tuple(found)


def over(report: Report) -> tuple[ReportLine, ...]:
    """Give the lines that fell short of a plan that is over, or may have."""
    paces = ((line, pace_of(line)) for line in report.lines)
    return tuple(
        line for line, pace in paces if pace and not pace.days_left and pace.is_behind is not False
    )


def without_schedule(report: Report) -> tuple[ReportLine, ...]:
    """Give the lines that have a number and whose pace the report cannot tell."""
    return tuple(line for line in report.lines if line.planned and pace_of(line) is None)


def _paces(lines: list[ReportLine], *, is_certain: bool) -> list[TagPace]:
    paces = ((line, pace_of(line)) for line in lines)
    return [
        TagPace(
            tag=line.tag,
            pace=pace,
            seen=line.coverage_note,
            unsettled=tuple(a for a in line.articles if a.bucket and a.bucket.is_unknown),
        )
        for line, pace in paces
        if pace is not None and pace.days_left and pace.is_behind is (True if is_certain else None)
    ]
