"""Which plans and self-reports are about the days of a report. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from reports.calendar import applies, best_fit, same_period
from storage.records import Plan, SelfReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from storage.records import Claim, DayInterval

_Paper = TypeVar("_Paper", Plan, SelfReport)


@dataclass(frozen=True, slots=True)
class SelfReports:
    """What units say of a window, and what they say of other days."""

    compared: Mapping[str, list[SelfReport]]
    """By unit: together about the same days as the window."""
    left_out: tuple[SelfReport, ...]
    """Touch the window, but are about more or fewer days: a comparison would mislead."""

    def claims(self, unit: str) -> list[Claim]:
        """Give all that a unit claims of the window."""
        return [claim for report in self.compared.get(unit, ()) for claim in report.claims]


def plans_for(plans: Iterable[Plan], *, window: DayInterval) -> dict[str, list[Plan]]:
    """Give the plans that each unit is held against, in full (``calendar.best_fit``)."""
    return _fitting(plans, window)


def self_reports_for(reports: Iterable[SelfReport], *, window: DayInterval) -> SelfReports:
    """Give the self-reports that can be compared (``calendar.same_period``), and the others."""
    compared, left_out = {}, []
    for unit, fitting in _fitting(reports, window).items():
        if same_period([report.period for report in fitting], window):
            compared[unit] = fitting
        else:
            left_out += fitting
    return SelfReports(compared, tuple(left_out))


def _fitting(papers: Iterable[_Paper], window: DayInterval) -> dict[str, list[_Paper]]:
    by_unit: dict[str, list[_Paper]] = defaultdict(list)
    for paper in sorted(papers, key=lambda p: (p.unit, p.period.start, str(p.period.end))):
        if applies(paper.period, window):
            by_unit[paper.unit].append(paper)
    return {
        unit: [found[i] for i in best_fit([paper.period for paper in found], window)]
        for unit, found in by_unit.items()
    }
