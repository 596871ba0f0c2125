"""What posts are held against: every number once, by lines where the plan has lines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from reports.targets import targets
from reports.totals import course_of_targets, totals
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    LineStatus,
    OutputForm,
    PlanLine,
    PlanResult,
    Quantity,
    Report,
    ReportLine,
    Schedule,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.targets import Target

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
SEEN = Counted(3, CoverageState.COMPLETE)


def _asked(due: int) -> Schedule:
    return Schedule(days=YEAR, on=dt.date(2022, 9, 30), due=due)


def _tag(
    tag: str, planned: int | None, *, unit: str = "xa-a", due: int | None = None
) -> ReportLine:
    return ReportLine(
        unit=unit,
        unit_name=unit.upper(),
        tag=tag,
        planned=planned,
        counted=SEEN,
        reposts=0,
        claimed=None,
        status=LineStatus.NOT_VERIFIABLE,
        coverage_note="",
        articles=(),
        schedule=None if due is None else _asked(due),
    )


def _line(
    place: int,
    *tags: str,
    planned: int | None = 2,
    together: int | None = None,
    form: OutputForm = OutputForm.POST,
    by_form: bool = False,
    on_web: bool = True,
    due: int | None = None,
    plan: str = "a",
) -> PlanResult:
    quantity = Quantity(form=form, measure="tin", number=planned)
    return PlanResult(
        unit="xa-a",
        line=PlanLine(
            place=place,
            content=f"Việc {place}",
            tags=tags,
            quantity=quantity,
            planned=planned,
            on_web=on_web,
            text="",
            cell=f"C{place}",
        ),
        period=YEAR,
        counted=SEEN if on_web else None,
        shared_planned=together or planned,
        status=LineStatus.NOT_VERIFIABLE,
        by_form=by_form,
        source_sha256=plan,
        schedule=None if due is None else _asked(due),
    )


def _report(lines: Sequence[ReportLine], results: Sequence[PlanResult] = ()) -> Report:
    return Report(
        office="Phòng",
        period_code="2022-9M",
        period_name="9 tháng",
        period=DayInterval(dt.date(2022, 1, 1), dt.date(2022, 10, 1)),
        as_of=dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
        taxonomy_release="1",
        tagger=None,
        rule="r",
        tags=("CCHC", "TTHC"),
        lines=tuple(lines),
        findings=(),
        plan_results=tuple(results),
    )


def _told(report: Report) -> list[tuple[tuple[str, ...], list[int], int]]:
    return [_as_told(target) for target in targets(report)]


def _as_told(target: Target) -> tuple[tuple[str, ...], list[int], int]:
    return target.tags, [result.line.place for result in target.results], target.planned


def test_a_plan_of_numbers_is_told_by_its_tags_and_no_number_is_no_target() -> None:
    report = _report([_tag("CCHC", 4), _tag("TTHC", None), _tag("CPĐT", 0)])
    assert _told(report) == [(("CCHC",), [], 4)]


def test_lines_that_make_up_a_tags_number_are_told_in_its_place() -> None:
    report = _report(
        [_tag("CCHC", 5), _tag("TTHC", 7)],
        [
            _line(1, "CCHC", planned=2, together=5),
            _line(2, "CCHC", "TTHC", planned=4),
            _line(3, "CCHC", planned=3, together=5),
            _line(4, "CCHC", planned=9, on_web=False),
        ],
    )
    assert _told(report) == [
        (("CCHC",), [1, 3], 5),
        (("CCHC", "TTHC"), [2], 4),
        (("TTHC",), [], 7),
    ]


def test_a_number_that_lines_do_not_make_up_is_told_whole_and_its_lines_are_not() -> None:
    report = _report([_tag("CCHC", 6)], [_line(1, "CCHC"), _line(2, "CCHC", "TTHC")])
    assert _told(report) == [(("CCHC", "TTHC"), [2], 2), (("CCHC",), [], 6)]


def test_lines_share_posts_only_within_a_plan_and_a_form_that_is_told_apart() -> None:
    news, article = OutputForm.NEWS, OutputForm.ARTICLE
    apart = [
        _line(1, "CCHC", form=news, by_form=True),
        _line(2, "CCHC", form=article, by_form=True),
        _line(3, "CCHC", plan="b"),
    ]
    assert [places for _, places, _ in _told(_report([_tag("CCHC", 6)], apart))] == [[1], [2], [3]]
    alike = [
        _line(1, "CCHC", form=news, together=4),
        _line(2, "CCHC", form=article, together=4),
    ]
    assert [places for _, places, _ in _told(_report([_tag("CCHC", 4)], alike))] == [[1, 2]]


def test_lines_without_a_number_are_no_target_and_other_units_keep_their_tags() -> None:
    report = _report(
        [_tag("CCHC", None), _tag("CCHC", 4, unit="xa-b")], [_line(1, "CCHC", planned=None)]
    )
    assert [(target.unit, target.unit_name) for target in targets(report)] == [("xa-b", "XA-B")]


def test_the_course_is_that_of_lines_where_a_plan_has_lines() -> None:
    report = _report(
        [_tag("CCHC", 10, due=7), _tag("TTHC", 4, due=3)],
        [_line(1, "CCHC", planned=5, due=2), _line(2, "CCHC", planned=5, plan="b", due=5)],
    )
    course = course_of_targets(report)
    assert (course.told, course.on_course, course.behind) == (3, 2, 1)


def test_what_is_left_is_never_below_nothing() -> None:
    more, fewer = targets(_report([_tag("CCHC", 2), _tag("TTHC", 5)]))
    assert (more.remaining, fewer.remaining) == (0, 2)


def test_what_is_due_on_a_tag_is_added_up_only_where_all_of_it_is_known() -> None:
    known = [_tag("CCHC", 4, due=3), _tag("CCHC", 6, unit="xa-b", due=5)]
    (total, _) = totals(_report(known))
    assert (total.due, total.due_percent) == (8, 75.0)
    (total, other) = totals(_report([*known, _tag("CCHC", 1, unit="xa-c")]))
    assert (total.due, total.due_percent) == (None, None)
    assert other.due is None
    (total, _) = totals(_report([_tag("CCHC", 4, due=0), _tag("CCHC", None, unit="xa-b")]))
    assert (total.due, total.due_percent) == (0, None)
