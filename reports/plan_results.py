"""Each line of a plan held against what was seen of it. Pure.

Posts are counted in the report's days that are also the plan's. No post says which line it was
written for, so lines of one plan on the same tags are judged together, by their sums. What a unit
states of work outside the web stands beside the line and settles nothing: no machine checked it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from reports.pace import last_day_over, schedule
from reports.quantities import add_up_planned, due_by
from reports.verification import status_of
from storage.folding import fold
from storage.records import Counted, CoverageState, LineStatus, OutputForm, PlanResult

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from storage.records import DayInterval, LineArticle, Output, Plan, PlanLine, ReportLine


def judge_plan(
    plan: Plan,
    *,
    lines: Mapping[str, ReportLine],
    outputs: Sequence[Output],
    window: DayInterval,
    as_of: dt.datetime,
) -> list[PlanResult]:
    """Give the result of each line of a plan, in its order.

    Args:
        plan: of one unit; without lines there is no result.
        lines: the unit's report lines by tag.
        outputs: what the unit states; of other days and forms too.
        window: the report's days.
        as_of: the report's instant; what is due grows with the days that are over by then.
    """
    pools: dict[object, list[PlanLine]] = defaultdict(list)
    for line in plan.lines:
        pools[_pool_of(line)].append(line)
    seen = {key: _seen(pool[0], plan, lines) for key, pool in pools.items() if pool[0].on_web}
    stated = {
        key: _stated(pool[0], plan, outputs, window)
        for key, pool in pools.items()
        if not pool[0].on_web
    }
    on = last_day_over(window, plan.period, as_of=as_of)
    due = {id(line): due_by(line.quantity, plan.period, on, due=line.due) for line in plan.lines}
    results = []
    for line in plan.lines:
        key = _pool_of(line)
        planned = add_up_planned(other.planned for other in pools[key])
        counted = seen.get(key)
        shared_due = add_up_planned(due[id(other)] for other in pools[key])
        results.append(
            PlanResult(
                unit=plan.unit,
                line=line,
                period=plan.period,
                counted=counted,
                stated=stated.get(key),
                shared=len(pools[key]),
                shared_planned=planned,
                due=due[id(line)],
                status=_status(line, planned, counted),
                schedule=schedule(plan.period, window, on, due=shared_due)
                if counted is not None and planned
                else None,
            )
        )
    return results


def _pool_of(line: PlanLine) -> object:
    """Give what lines must have in common to share their posts or their outputs."""
    if line.on_web:
        return line.tags
    form = line.quantity.form
    return form, fold(line.quantity.measure) if form is OutputForm.OTHER else ""


def _status(line: PlanLine, planned: int | None, counted: Counted | None) -> LineStatus:
    if line.planned is None:
        return LineStatus.NO_QUOTA
    if counted is None:
        return LineStatus.NOT_VERIFIABLE if planned else LineStatus.NO_QUOTA
    return status_of(planned, counted)


def _seen(line: PlanLine, plan: Plan, lines: Mapping[str, ReportLine]) -> Counted:
    of_tags = [lines[tag] for tag in line.tags if tag in lines]
    articles = {
        article.article_id
        for tagged in of_tags
        for article in tagged.articles
        if article.bucket is None and _is_of(article, plan.period)
    }
    coverage = CoverageState.worst(tagged.counted.coverage for tagged in of_tags)
    return Counted(len(articles), coverage)


def _is_of(article: LineArticle, period: DayInterval) -> bool:
    if article.days is not None:
        return article.days.intersection(period) == article.days
    return article.day is not None and article.day in period


def _stated(
    line: PlanLine, plan: Plan, outputs: Sequence[Output], window: DayInterval
) -> int | None:
    """Add up what the unit states in this form, of days that lie in the plan and the report."""
    days = plan.period.intersection(window)
    form, measure = line.quantity.form, fold(line.quantity.measure)
    return add_up_planned(
        output.number
        for output in outputs
        if output.unit == plan.unit
        and output.form is form
        and (form is not OutputForm.OTHER or fold(output.measure) == measure)
        and days is not None
        and output.period.intersection(days) == output.period
    )
