"""Is a plan on course? What is due by now, what is left, and the pace that finishes it. Pure.

A count that is only a lower bound makes what is left an upper one; nobody is behind who may not
have been seen in full.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from reports.calendar import nominal
from reports.quantities import add_up_planned, due_by, months_between
from storage.records import DayInterval, OutputForm, Quantity, ReportLine, Schedule, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import Counted, Plan, PlanResult

_DAY = dt.timedelta(days=1)


# ------------------------------------------------------------------------ what is due


def last_day_over(window: DayInterval, plan: DayInterval, *, as_of: dt.datetime) -> dt.date:
    """Give the last day of report and plan that is over at an instant, see ``Schedule.on``."""
    begun = vietnam_day(as_of + dt.timedelta(microseconds=1))  # 23:59:59.999999 ends its day
    ends = [end for end in (window.end, plan.end) if end is not None]
    return max(plan.start, min([begun, *ends])) - _DAY


def schedule(
    plan: DayInterval, window: DayInterval, on: dt.date, *, due: int | None
) -> Schedule | None:
    """Give the schedule of a number; None when the window begins after the plan, or it is open.

    A window from the 15th to the 14th begins with the period that it is named after.
    """
    if due is None or plan.end is None or nominal(window).start > plan.start:
        return None
    return Schedule(days=plan, on=on, due=due)


def schedule_of(
    plans: Iterable[Plan], tag: str, *, window: DayInterval, as_of: dt.datetime
) -> Schedule | None:
    """Give the schedule of what plans promise on a tag, together.

    A plan without lines spreads its number evenly over its months.
    """
    promising = [
        plan
        for plan in plans
        if any(quota.tag == tag and quota.planned is not None for quota in plan.quotas)
    ]
    if not promising or any(plan.period.end is None for plan in promising):
        return None
    whole = DayInterval(
        min(plan.period.start for plan in promising),
        max(plan.period.end or dt.date.max for plan in promising),
    )
    on = last_day_over(window, whole, as_of=as_of)
    due = add_up_planned(_due(plan, tag, on) for plan in promising)
    return schedule(whole, window, on, due=due)


def _due(plan: Plan, tag: str, on: dt.date) -> int | None:
    planned = add_up_planned(quota.planned for quota in plan.quotas if quota.tag == tag)
    lines = [line for line in plan.lines if line.on_web and line.tags == (tag,)]
    if lines and add_up_planned(line.planned for line in lines) == planned:
        return add_up_planned(
            due_by(line.quantity, plan.period, on, due=line.due) for line in lines
        )
    evenly = Quantity(form=OutputForm.POST, measure="", number=planned)
    return due_by(evenly, plan.period, on)


# --------------------------------------------------------------------- what it comes to


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How far a planned number has come, and what is still to be done.

    Where ``counted`` is not exact, ``so_far`` and the percentages are lower bounds, ``remaining``,
    ``behind`` and ``needed`` are upper ones. Where nothing was seen they say nothing at all.
    """

    planned: int
    """Of the whole plan; 1 or more."""
    counted: Counted
    due: int
    """Pro rata by the end of ``on``."""
    on: dt.date
    until: dt.date
    """The plan's last day (inclusive)."""
    months_over: float
    """From the plan's first day to the end of ``on``; 4 decimals, as all numbers below."""
    months_left: float
    """From then to the plan's end; 0: it is over."""
    days_left: int
    percent: float
    """``counted / planned × 100``, not capped."""
    capped_percent: float
    """The same, 100 at most."""
    due_percent: float | None
    """``counted / due × 100``, not capped; None: nothing is due yet."""
    remaining: int
    behind: int
    """What is due and was not seen."""
    is_behind: bool | None
    """None: it cannot be known."""
    so_far: float | None
    """Posts a month until now; of less than a month what there is; None: no day is over."""
    needed: float | None
    """Posts a month that finish the plan; of less than a month what is left; None: it is over."""


def pace_of(line: ReportLine | PlanResult) -> Pace | None:
    """Give the pace of a report's line, or of all plan lines that share their posts with one.

    None: no number, not seen on the web, or the report does not hold the plan's days so far.
    """
    planned = line.planned if isinstance(line, ReportLine) else line.shared_planned
    if not planned or line.counted is None or line.schedule is None:
        return None
    return pace(planned, line.counted, line.schedule)


def pace(planned: int, counted: Counted, asked: Schedule) -> Pace:
    """Hold a count against a planned number (1 or more) and its schedule."""
    end = asked.days.end
    assert end is not None  # noqa: S101 - ``Schedule.days`` is never open
    now = asked.on + _DAY
    over, left = months_between(asked.days.start, now), months_between(now, end)
    posts, remaining = counted.posts, max(0, planned - counted.posts)
    percent = round(100 * posts / planned, 4)
    return Pace(
        planned=planned,
        counted=counted,
        due=asked.due,
        on=asked.on,
        until=end - _DAY,
        months_over=round(float(over), 4),
        months_left=round(float(left), 4),
        days_left=(end - now).days,
        percent=percent,
        capped_percent=min(percent, 100.0),
        due_percent=round(100 * posts / asked.due, 4) if asked.due else None,
        remaining=remaining,
        behind=max(0, asked.due - posts),
        is_behind=counted.falls_short_of(asked.due),
        so_far=_a_month(posts, over),
        needed=_a_month(remaining, left),
    )


def _a_month(posts: int, months: Fraction) -> float | None:
    return round(float(posts / max(months, Fraction(1))), 4) if months else None
