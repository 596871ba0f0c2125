"""Sums over units: unknown stays unknown, a percentage compares like with like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.totals import add_up, plan_items, totals
from storage.records import Counted, CoverageState, LineStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Report, ReportLine


@settings(deadline=None)
@given(data=st.data())
def test_totals_equal_the_sum_of_the_units(
    any_report: st.SearchStrategy[Report], data: st.DataObject
) -> None:
    report = data.draw(any_report)
    for total in totals(report):
        lines = [line for line in report.lines if line.tag == total.tag]
        assert total.units == len(lines)
        assert total.units == (total.reached + total.short + total.not_verifiable + total.no_quota)
        assert total.counted.posts == sum(line.counted.posts for line in lines)
        assert total.counted.is_exact == all(line.counted.is_exact for line in lines)
        assert total.unsettled == sum(line.unsettled for line in lines)
        assert (total.claimed or 0) == sum(line.claimed or 0 for line in lines)
    items = plan_items(report)
    assert items.items == items.reached + items.short + items.not_verifiable
    assert items.items == sum(total.with_quota for total in totals(report))
    course = items.course
    assert course.told == course.on_course + course.behind + course.unknown <= items.items
    exact = sum(line.counted.is_exact for line in report.lines)
    assert course.behind <= exact


def test_a_unit_without_a_quota_adds_nothing_to_the_percentage(
    rendered_line: Callable[..., ReportLine], rendered_report: Callable[..., Report]
) -> None:
    with_quota = rendered_line(planned=4, counted=Counted(5, CoverageState.COMPLETE))
    without = [
        rendered_line(planned=planned, counted=Counted(9, CoverageState.COMPLETE), unit=unit)
        for unit, planned in (("b", None), ("c", 0))
    ]
    (total,) = totals(rendered_report(lines=(with_quota, *without), tags=("TTHC",)))
    assert (total.planned, total.with_quota, total.percent) == (4, 1, 125.0)
    assert total.counted_with_quota == Counted(5, CoverageState.COMPLETE)
    assert total.counted.posts == 23


def test_no_quota_and_no_claim_at_all_is_none_and_not_zero(
    rendered_line: Callable[..., ReportLine], rendered_report: Callable[..., Report]
) -> None:
    line = rendered_line(planned=None, claimed=None, status=LineStatus.NO_QUOTA)
    report = rendered_report(lines=(line,), tags=("TTHC",))
    (total,) = totals(report)
    assert (total.planned, total.percent, total.claimed) == (None, None, None)
    assert (total.counted_with_quota, total.counted_of_claiming) == (None, None)
    assert total.counted.posts == 2
    assert plan_items(report).percent is None


def test_a_sum_is_unknown_only_when_nothing_was_seen_of_any(
    rendered_line: Callable[..., ReportLine],
) -> None:
    complete, none = (
        rendered_line(counted=Counted(0, state))
        for state in (CoverageState.COMPLETE, CoverageState.NONE)
    )
    assert add_up([complete, complete]).coverage is CoverageState.COMPLETE
    assert add_up([complete, none]).coverage is CoverageState.PARTIAL
    assert add_up([none, none]).coverage is CoverageState.NONE
