"""Each line of a plan held against what was seen of it. Pure.

Posts are counted in the report's days that are also the plan's. No post says which line it was
written for, so lines of one plan on the same tags are judged together, by their sums; tin and bài
apart, where the counting rule tells them apart and a line asks for one of them. What a unit states
of work outside the web stands beside the line and settles nothing: no machine checked it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.forms import Asked, Posts, bounds, lacking
from reports.pace import last_day_over, schedule
from reports.quantities import add_up_planned, due_by
from reports.verification import status_of
from storage.folding import fold
from storage.records import Counted, CoverageState, LineStatus, OutputForm, PlanResult

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from storage.records import DayInterval, LineArticle, Output, Plan, PlanLine, ReportLine


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the lines of a pool share, on the website."""

    counted: Counted
    by_form: bool = False
    at_most: int | None = None
    lacking: int | None = None


def judge_plan(
    plan: Plan,
    *,
    lines: Mapping[str, ReportLine],
    outputs: Sequence[Output],
    window: DayInterval,
    as_of: dt.datetime,
    by_form: bool = False,
) -> list[PlanResult]:
    """Give the result of each line of a plan, in its order.

    Args:
        plan: of one unit; without lines there is no result.
        lines: the unit's report lines by tag.
        outputs: what the unit states; of other days and forms too.
        window: the report's days.
        as_of: the report's instant; what is due grows with the days that are over by then.
        by_form: the counting rule tells tin from bài.
    """
    apart = frozenset(line.tags for line in plan.lines if by_form and _asks_one_form(line))
    pools: dict[object, list[PlanLine]] = defaultdict(list)
    for line in plan.lines:
        pools[_pool_of(line, apart)].append(line)
    seen = {
        key: _seen(pool[0], plan, lines, apart) for key, pool in pools.items() if pool[0].on_web
    }
    stated = {
        key: _stated(pool[0], plan, outputs, window)
        for key, pool in pools.items()
        if not pool[0].on_web
    }
    on = last_day_over(window, plan.period, as_of=as_of)
    due = {id(line): due_by(line.quantity, plan.period, on, due=line.due) for line in plan.lines}
    sums = {
        key: (
            add_up_planned(line.planned for line in pool),
            add_up_planned(due[id(line)] for line in pool),
        )
        for key, pool in pools.items()
    }
    results = []
    for line in plan.lines:
        key = _pool_of(line, apart)
        (planned, shared_due), found = sums[key], seen.get(key)
        results.append(
            PlanResult(
                unit=plan.unit,
                line=line,
                period=plan.period,
                counted=None if found is None else found.counted,
                stated=stated.get(key),
                shared=len(pools[key]),
                shared_planned=planned,
                due=due[id(line)],
                status=_status(line, planned, found),
                by_form=found is not None and found.by_form,
                at_most=None if found is None else found.at_most,
                lacking=None if found is None else found.lacking,
                source_name=plan.source_name,
                source_sha256=plan.source_sha256,
                schedule=schedule(plan.period, window, on, due=shared_due)
                if found is not None and planned
                else None,
            )
        )
    return results


def _asks_one_form(line: PlanLine) -> bool:
    return line.on_web and line.quantity.form in {OutputForm.NEWS, OutputForm.ARTICLE}


def _pool_of(line: PlanLine, apart: frozenset[tuple[str, ...]]) -> object:
    """Give what lines must have in common to share their posts or their outputs."""
    form = line.quantity.form
    if line.on_web:
        return line.tags, form if line.tags in apart else None
    return form, fold(line.quantity.measure) if form is OutputForm.OTHER else ""


def _status(line: PlanLine, planned: int | None, found: _Seen | None) -> LineStatus:
    if line.planned is None:
        return LineStatus.NO_QUOTA
    if found is None:
        return LineStatus.NOT_VERIFIABLE if planned else LineStatus.NO_QUOTA
    if planned and found.at_most is not None and found.at_most < planned:
        return LineStatus.SHORT
    return status_of(planned, found.counted)


def _seen(
    line: PlanLine,
    plan: Plan,
    lines: Mapping[str, ReportLine],
    apart: frozenset[tuple[str, ...]],
) -> _Seen:
    of_tags = [lines[tag] for tag in line.tags if tag in lines]
    forms = {
        article.article_id: article.form
        for tagged in of_tags
        for article in tagged.articles
        if article.bucket is None and _is_of(article, plan.period)
    }
    coverage = CoverageState.worst(tagged.counted.coverage for tagged in of_tags)
    if line.tags not in apart:
        return _Seen(Counted(len(forms), coverage))
    return _seen_by_form(line, plan, Posts.of(list(forms.values())), coverage)


def _seen_by_form(line: PlanLine, plan: Plan, posts: Posts, coverage: CoverageState) -> _Seen:
    """Give the bounds as a count: exact when they meet and everything was seen."""
    asked = Asked(
        news=_asked(plan, line.tags, OutputForm.NEWS),
        articles=_asked(plan, line.tags, OutputForm.ARTICLE),
    )
    found = bounds(line.quantity.form, posts, asked)
    if coverage is not CoverageState.COMPLETE:
        return _Seen(Counted(found.at_least, coverage), by_form=True)
    if found.at_least != found.at_most:
        coverage = CoverageState.PARTIAL
    both = _asks_one_form(line) and asked.news > 0 and asked.articles > 0
    return _Seen(
        Counted(found.at_least, coverage),
        by_form=True,
        at_most=found.at_most,
        lacking=lacking(posts, asked) if both else None,
    )


def _asked(plan: Plan, tags: tuple[str, ...], form: OutputForm) -> int:
    """Add up what the lines on one form alone ask for."""
    return sum(
        line.planned or 0
        for line in plan.lines
        if line.on_web and line.tags == tags and line.quantity.form is form
    )


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
