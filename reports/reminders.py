"""Who is behind the pace of its plan and should be told, and who must be asked first. Pure.

Whether a unit is behind is judged by ``reports.pace``: where not everything was seen it is not
known, and the unit is asked, never told. Of a plan that is over nobody is reminded: what is
missing then stands in the report.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from reports.targets import targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.pace import Pace
    from reports.targets import Target
    from storage.records import LineArticle, Report, ReportLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Paced:
    """A target of a unit whose pace there is something to say of."""

    target: Target
    pace: Pace
    """The target's."""
    seen: str
    """Vietnamese sentences on what was seen of its tags."""
    unsettled: tuple[LineArticle, ...]
    """Articles that may count for its tags, once they can be read, tagged or dated."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reminder:
    """What one unit is written."""

    report: Report
    report_id: int
    unit: str
    unit_name: str
    behind: tuple[Paced, ...]
    """Certainly behind: everything was seen."""
    unclear: tuple[Paced, ...]
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
    grouped = groupby(targets(report), key=lambda target: target.unit)
    held_against = {unit: list(of_unit) for unit, of_unit in grouped}
    for unit, of_unit in groupby(report.lines, key=lambda line: line.unit):
        lines = list(of_unit)
        paced = [_paced(target, lines) for target in held_against.get(unit, ())]
        running = [one for one in paced if one is not None and one.pace.days_left]
        behind = tuple(one for one in running if one.pace.is_behind)
        unclear = tuple(one for one in running if one.pace.is_behind is None)
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


def over(report: Report) -> tuple[Target, ...]:
    """Give what fell short of a plan that is over, or may have."""
    return tuple(
        target
        for target in targets(report)
        if target.pace and not target.pace.days_left and target.pace.is_behind is not False
    )


def without_schedule(report: Report) -> tuple[Target, ...]:
    """Give the targets whose pace the report cannot tell."""
    return tuple(target for target in targets(report) if target.pace is None)


def _paced(target: Target, lines: Sequence[ReportLine]) -> Paced | None:
    if target.pace is None:
        return None
    of_tags = [line for line in lines if line.tag in target.tags]
    articles = {
        article.article_id: article
        for line in of_tags
        for article in line.articles
        if article.bucket and article.bucket.is_unknown
    }
    return Paced(
        target=target,
        pace=target.pace,
        seen=" ".join(dict.fromkeys(line.coverage_note for line in of_tags)),
        unsettled=tuple(articles.values()),
    )
