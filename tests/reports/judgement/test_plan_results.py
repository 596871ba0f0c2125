"""Lines of plans held against what was seen."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from reports.plan_results import judge_plan
from reports.totals import plan_completions
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    LineArticle,
    LineStatus,
    Output,
    OutputForm,
    Plan,
    PlanLine,
    PlanResult,
    Quantity,
    Report,
    ReportLine,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
NINE_MONTHS = DayInterval(dt.date(2022, 1, 1), dt.date(2022, 10, 1))
AT = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)


def _line(
    place: int,
    planned: int | None,
    *,
    tags: tuple[str, ...] = ("CCHC",),
    form: OutputForm = OutputForm.POST,
) -> PlanLine:
    return PlanLine(
        place=place,
        content="nội dung",
        tags=tags,
        quantity=Quantity(form=form, measure=form.value, number=planned),
        planned=planned,
        on_web=form.is_post,
        text="",
        cell=f"KH!D{place}",
    )


def _plan(*lines: PlanLine) -> Plan:
    return Plan(
        unit="xa-a",
        period=YEAR,
        document_ref=None,
        source_sha256="s" * 64,
        source_name="kh.docx",
        received_at=AT,
        quotas=(),
        lines=lines,
    )


def _seen(
    tag: str, articles: Sequence[int], coverage: CoverageState = CoverageState.COMPLETE
) -> ReportLine:
    return ReportLine(
        unit="xa-a",
        unit_name="Xã A",
        tag=tag,
        planned=None,
        counted=Counted(len(articles), coverage),
        reposts=0,
        claimed=None,
        status=LineStatus.NO_QUOTA,
        coverage_note="",
        articles=tuple(
            LineArticle(
                article_id=number,
                version_id=number,
                title="",
                url="",
                day=dt.date(2022, 1, 1) + dt.timedelta(days=number),
                bucket=None,
            )
            for number in articles
        ),
    )


def _stated(number: int, *, form: OutputForm = OutputForm.BROADCAST, month: int = 3) -> Output:
    return Output(
        unit="xa-a",
        period=DayInterval(dt.date(2022, month, 1), dt.date(2022, month, 28)),
        form=form,
        measure=form.value,
        number=number,
        description="",
        proof_name=None,
        proof_sha256=None,
        cell="KQ!C2",
        source_sha256="s" * 64,
        source_name="kq.xlsx",
        received_at=AT,
    )


def _judge(
    *lines: PlanLine,
    seen: Sequence[ReportLine] = (),
    outputs: Sequence[Output] = (),
    window: DayInterval = NINE_MONTHS,
) -> list[PlanResult]:
    return judge_plan(
        _plan(*lines),
        lines={line.tag: line for line in seen},
        outputs=outputs,
        window=window,
        as_of=AT,
    )


def _completion(results: list[PlanResult]) -> tuple[object, ...]:
    report = Report(
        office="",
        period_code="",
        period_name="",
        period=NINE_MONTHS,
        as_of=AT,
        taxonomy_release="",
        tagger=None,
        rule="",
        tags=(),
        lines=(),
        findings=(),
        plan_results=tuple(results),
    )
    (done,) = plan_completions(report)
    return done.lines, done.reached, done.stated_reached, done.percent, done.percent_with_stated


def test_lines_on_the_same_tags_are_judged_by_their_sums() -> None:
    results = _judge(_line(1, 2), _line(2, 3), seen=[_seen("CCHC", range(4))])
    assert [(r.counted, r.shared, r.shared_planned, r.status) for r in results] == [
        (Counted(4, CoverageState.COMPLETE), 2, 5, LineStatus.SHORT)
    ] * 2
    assert [r.percent for r in results] == [80.0, 80.0]


def test_a_line_on_two_tags_counts_each_post_once() -> None:
    seen = [_seen("TTHC", [1, 2]), _seen("CPĐT", [2, 3])]
    (result,) = _judge(_line(1, 3, tags=("TTHC", "CPĐT")), seen=seen)
    assert (result.counted, result.status) == (
        Counted(3, CoverageState.COMPLETE),
        LineStatus.REACHED,
    )


def test_posts_of_days_outside_the_plan_are_not_its() -> None:
    window = DayInterval(dt.date(2021, 12, 15), dt.date(2022, 9, 15))
    (result,) = _judge(_line(1, 3), seen=[_seen("CCHC", [-3, -1, 0, 5])], window=window)
    assert result.counted == Counted(2, CoverageState.COMPLETE)


def test_what_was_not_seen_makes_nobody_short() -> None:
    for coverage in (CoverageState.PARTIAL, CoverageState.NONE):
        (result,) = _judge(_line(1, 3), seen=[_seen("CCHC", [1], coverage)])
        assert result.status is LineStatus.NOT_VERIFIABLE
    (unseen,) = _judge(_line(1, 3))
    assert (unseen.counted, unseen.status) == (
        Counted(0, CoverageState.NONE),
        LineStatus.NOT_VERIFIABLE,
    )


def test_what_is_stated_stands_apart_and_settles_nothing() -> None:
    loud, panel = OutputForm.BROADCAST, OutputForm.PANEL
    outputs = [_stated(8), _stated(4, month=5), _stated(9, month=11), _stated(1, form=panel)]
    lines = (_line(1, 12, form=loud), _line(2, 2, form=panel), _line(3, 1), _line(4, None))
    results = _judge(*lines, seen=[_seen("CCHC", [1])], outputs=outputs)
    assert [(r.counted is None, r.stated, r.status) for r in results[:2]] == [
        (True, 12, LineStatus.NOT_VERIFIABLE),
        (True, 1, LineStatus.NOT_VERIFIABLE),
    ]
    assert results[3].status is LineStatus.NO_QUOTA
    lines_reached_stated = _completion(results)
    assert lines_reached_stated == (3, 1, 1, 33.3333, 66.6667)


def test_nothing_stated_is_not_none() -> None:
    (result,) = _judge(_line(1, 12, form=OutputForm.BROADCAST))
    assert result.stated is None


@given(
    planned=st.lists(st.none() | st.integers(0, 5), min_size=1, max_size=6),
    posts=st.integers(0, 12),
    coverage=st.sampled_from(CoverageState),
)
def test_lines_are_completed_together_only_with_enough_posts_for_all(
    planned: list[int | None], posts: int, coverage: CoverageState
) -> None:
    lines = [_line(place, number) for place, number in enumerate(planned, start=1)]
    results = _judge(*lines, seen=[_seen("CCHC", range(posts), coverage)])
    total = sum(number or 0 for number in planned)
    for number, result in zip(planned, results, strict=True):
        assert (result.status is LineStatus.REACHED) == (number is not None and 0 < total <= posts)
        if coverage is not CoverageState.COMPLETE:
            assert result.status is not LineStatus.SHORT
