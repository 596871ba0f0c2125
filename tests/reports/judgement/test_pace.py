"""What is due by now, what is left, and the pace that finishes a plan."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.pace import last_day_over, pace, schedule, schedule_of
from reports.quantities import months_between
from storage.records import (
    Counted,
    CoverageState,
    DayInterval,
    Every,
    OutputForm,
    Plan,
    PlanLine,
    Quantity,
    Quota,
    Schedule,
)

YEAR = DayInterval(dt.date(2022, 1, 1), dt.date(2023, 1, 1))
JULY_31 = dt.date(2022, 7, 31)
COUNTS = st.builds(Counted, st.integers(0, 40), st.sampled_from(CoverageState))


def _counted(posts: int, coverage: CoverageState = CoverageState.COMPLETE) -> Counted:
    return Counted(posts, coverage)


def _plan(planned: int | None, *lines: PlanLine, period: DayInterval = YEAR) -> Plan:
    return Plan(
        unit="xa-a",
        period=period,
        document_ref=None,
        source_sha256="s" * 64,
        source_name="kh.docx",
        received_at=dt.datetime(2022, 1, 5, tzinfo=dt.UTC),
        quotas=(Quota(tag="CCHC", planned=planned, cell="C5"),),
        lines=lines,
    )


def _line(quantity: Quantity, planned: int, due: dt.date | None = None) -> PlanLine:
    return PlanLine(
        place=1,
        content="nội dung",
        tags=("CCHC",),
        quantity=quantity,
        due=due,
        planned=planned,
        on_web=True,
        text="",
        cell="C5",
    )


def test_what_is_left_is_spread_over_the_months_that_are_left() -> None:
    found = pace(24, _counted(12), Schedule(days=YEAR, on=JULY_31, due=14))
    assert (found.remaining, found.months_left, found.needed) == (12, 5.0, 2.4)
    assert (found.months_over, found.so_far) == (7.0, 1.7143)
    assert (found.percent, found.due_percent, found.behind) == (50.0, 85.7143, 2)
    assert found.is_behind
    assert found.until == dt.date(2022, 12, 31)


@pytest.mark.parametrize(
    ("on", "so_far", "needed"),
    [
        (dt.date(2021, 12, 31), None, 0.5),  # no day is over
        (dt.date(2022, 1, 10), 6.0, 0.5138),  # ten days are no month: six posts so far
        (dt.date(2022, 12, 21), 0.5138, 6.0),  # all that is left, in ten days
        (dt.date(2022, 12, 31), 0.5, None),  # it is over
    ],
)
def test_of_less_than_a_month_no_pace_is_made_up(
    on: dt.date, so_far: float | None, needed: float | None
) -> None:
    found = pace(12, _counted(6), Schedule(days=YEAR, on=on, due=0))
    assert (found.so_far, found.needed) == (so_far, needed)


@given(planned=st.integers(1, 30), counted=COUNTS, days=st.integers(-1, 364))
def test_a_pace_finishes_the_plan_and_accuses_nobody_who_was_not_seen_in_full(
    planned: int, counted: Counted, days: int
) -> None:
    on = YEAR.start + dt.timedelta(days=days)
    asked = Schedule(days=YEAR, on=on, due=planned * max(0, days) // 365)
    found = pace(planned, counted, asked)
    assert found.remaining + min(planned, counted.posts) == planned
    assert found.capped_percent == min(100.0, found.percent)
    if found.needed is not None:
        assert found.needed * max(1, found.months_left) == pytest.approx(found.remaining, abs=0.01)
    if found.is_behind:
        assert counted.is_exact
        assert found.behind > 0
    elif found.behind:
        assert found.is_behind is None
        assert not counted.is_exact
    one_more = pace(planned, Counted(counted.posts + 1, counted.coverage), asked)
    assert one_more.remaining <= found.remaining
    assert (one_more.needed or 0) <= (found.needed or 0)


@given(first=st.integers(0, 400), second=st.integers(0, 400))
def test_what_is_due_grows_with_the_days_to_the_whole_plan(first: int, second: int) -> None:
    lines = (
        _line(Quantity(form=OutputForm.POST, measure="tin", number=1, every=Every.MONTH), 12),
        _line(Quantity(form=OutputForm.POST, measure="tin", number=3), 3, due=dt.date(2022, 6, 30)),
    )
    due = []
    for days in sorted((first, second)):
        instant = dt.datetime(2022, 1, 1, 5, tzinfo=dt.UTC) + dt.timedelta(days=days)
        for plan in (_plan(15, *lines), _plan(15)):
            asked = schedule_of([plan], "CCHC", window=YEAR, as_of=instant)
            assert asked is not None
            assert 0 <= asked.due <= 15
            assert asked.due == 15 or days < 365
            due.append(asked.due)
    assert due[0] <= due[2]
    assert due[1] <= due[3]


def test_lines_with_a_day_or_a_frequency_are_due_as_they_say() -> None:
    once = Quantity(form=OutputForm.POST, measure="tin", number=3)
    monthly = Quantity(form=OutputForm.POST, measure="tin", number=2, every=Every.MONTH)
    plan = _plan(27, _line(monthly, 24), _line(once, 3, due=dt.date(2022, 6, 30)))
    at = [dt.datetime(2022, month, 30, 17, tzinfo=dt.UTC) for month in (5, 6)]  # 31/5, 1/7
    asked = [schedule_of([plan], "CCHC", window=YEAR, as_of=instant) for instant in at]
    assert [one and one.due for one in asked] == [2 * 4, 2 * 6 + 3]  # 31 May has only begun


def test_a_begun_day_is_not_over() -> None:
    noon = dt.datetime(2022, 7, 31, 5, tzinfo=dt.UTC)
    end = dt.datetime(2022, 7, 31, 16, 59, 59, 999999, tzinfo=dt.UTC)
    assert last_day_over(YEAR, YEAR, as_of=noon) == dt.date(2022, 7, 30)
    assert last_day_over(YEAR, YEAR, as_of=end) == JULY_31
    nine = DayInterval(YEAR.start, dt.date(2022, 10, 1))
    late = dt.datetime(2022, 12, 1, tzinfo=dt.UTC)
    assert last_day_over(nine, YEAR, as_of=late) == dt.date(2022, 9, 30)
    before = dt.datetime(2021, 11, 1, tzinfo=dt.UTC)
    assert last_day_over(YEAR, YEAR, as_of=before) == dt.date(2021, 12, 31)


def test_a_report_that_does_not_hold_the_plans_days_has_no_schedule() -> None:
    third = DayInterval(dt.date(2022, 7, 1), dt.date(2022, 10, 1))
    assert schedule(YEAR, third, JULY_31, due=3) is None
    reporting = DayInterval(dt.date(2021, 12, 15), dt.date(2022, 9, 15))  # named after January
    assert schedule(YEAR, reporting, JULY_31, due=3) is not None
    as_of = dt.datetime(2022, 8, 1, tzinfo=dt.UTC)
    assert schedule_of([_plan(None)], "CCHC", window=YEAR, as_of=as_of) is None
    open_end = _plan(3, period=DayInterval(YEAR.start))
    assert schedule_of([open_end], "CCHC", window=YEAR, as_of=as_of) is None


def test_quarters_add_up_to_the_days_of_them_all() -> None:
    quarters = [
        _plan(3, period=DayInterval(dt.date(2022, m, 1), dt.date(2022, m + 3, 1))) for m in (1, 4)
    ]
    half = DayInterval(YEAR.start, dt.date(2022, 7, 1))
    as_of = dt.datetime(2022, 5, 1, 1, tzinfo=dt.UTC)
    asked = schedule_of(quarters, "CCHC", window=half, as_of=as_of)
    assert asked == Schedule(days=half, on=dt.date(2022, 4, 30), due=4)


def test_months_are_counted_from_day_to_day() -> None:
    assert float(months_between(dt.date(2022, 8, 1), dt.date(2023, 1, 1))) == 5.0
    assert float(months_between(dt.date(2022, 1, 31), dt.date(2022, 2, 28))) == 1.0
    assert months_between(dt.date(2022, 3, 1), dt.date(2022, 2, 1)) == 0
