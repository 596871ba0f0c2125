"""The sums of a report over its units, by headline tag. Pure.

Sums, not a judgement: a unit that was seen in part makes the sum a lower bound, and a percentage
compares only what was planned with what the same units published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.targets import targets
from storage.records import ClaimVerdict, Counted, CoverageState, LineStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.pace import Pace
    from storage.records import CheckedClaim, LineArticle, PlanResult, Report, ReportLine


@dataclass(frozen=True, kw_only=True, slots=True)
class TagTotal:
    """One headline tag over all units of a report."""

    tag: str
    units: int
    with_quota: int
    """Units that were given a number (a plan of 0 is none)."""
    planned: int | None
    """Sum of the numbers; None when no unit was given one."""
    counted_with_quota: Counted | None
    """What the units with a number published; None when there is no such unit."""
    percent: float | None
    """``counted_with_quota / planned × 100``, not capped, 4 decimals; None without a quota."""
    due: int | None
    """Sum of what is due by now; None where of some unit with a number it cannot be told."""
    due_percent: float | None
    """``counted_with_quota / due × 100``, not capped, 4 decimals; None: nothing is due, or not
    told."""
    counted: Counted
    """What all units published."""
    reposts: int
    claiming: int
    """Units that reported a number of their own."""
    claimed: int | None
    """Sum of those; None when no unit reported."""
    counted_of_claiming: Counted | None
    """What the units that reported published; None when there is no such unit."""
    reached: int
    short: int
    not_verifiable: int
    no_quota: int
    unsettled: int
    """Candidates that might count after all."""


def totals(report: Report) -> tuple[TagTotal, ...]:
    """Give the sums, in the order of the report's tags."""
    return tuple(
        _total(tag, [line for line in report.lines if line.tag == tag]) for tag in report.tags
    )


def add_up(lines: Sequence[ReportLine]) -> Counted:
    """Add counts: exact when every one is exact, unknown when nothing was seen of any.

    Of no line at all: exactly none.
    """
    states = {line.counted.coverage for line in lines}
    posts = sum(line.counted.posts for line in lines)
    if states <= {CoverageState.COMPLETE}:
        return Counted(posts, CoverageState.COMPLETE)
    if states == {CoverageState.NONE}:
        return Counted(posts, CoverageState.NONE)
    return Counted(posts, CoverageState.PARTIAL)


def _total(tag: str, lines: Sequence[ReportLine]) -> TagTotal:
    quotas = [line for line in lines if line.planned]
    claiming = [line for line in lines if line.claimed is not None]
    planned = sum(line.planned or 0 for line in quotas) if quotas else None
    with_quota = add_up(quotas) if quotas else None
    due = _due(quotas)
    statuses = [line.status for line in lines]
    return TagTotal(
        tag=tag,
        units=len(lines),
        with_quota=len(quotas),
        planned=planned,
        counted_with_quota=with_quota,
        percent=round(100 * with_quota.posts / planned, 4) if with_quota and planned else None,
        due=due,
        due_percent=round(100 * with_quota.posts / due, 4) if with_quota and due else None,
        counted=add_up(lines),
        reposts=sum(line.reposts for line in lines),
        claiming=len(claiming),
        claimed=sum(line.claimed or 0 for line in claiming) if claiming else None,
        counted_of_claiming=add_up(claiming) if claiming else None,
        reached=statuses.count(LineStatus.REACHED),
        short=statuses.count(LineStatus.SHORT),
        not_verifiable=statuses.count(LineStatus.NOT_VERIFIABLE),
        no_quota=statuses.count(LineStatus.NO_QUOTA),
        unsettled=sum(line.unsettled for line in lines),
    )


def _due(quotas: Sequence[ReportLine]) -> int | None:
    due = [line.schedule.due for line in quotas if line.schedule is not None]
    return sum(due) if due and len(due) == len(quotas) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How many numbers are on course: as much was seen as is due by now (pro rata)."""

    told: int
    """Numbers whose pace can be told; always the sum of the next three."""
    on_course: int
    behind: int
    """Everything was seen, and it was less than is due."""
    unknown: int
    """Less than is due was seen, but not everything was seen."""
    percent: float | None
    """``on_course / told × 100``, 4 decimals; a lower bound while some are unknown."""


def course_of(paces: Iterable[Pace | None]) -> Course:
    """Count the numbers on course; those whose pace cannot be told (None) are left out."""
    behind = [pace.is_behind for pace in paces if pace is not None]
    return Course(
        told=len(behind),
        on_course=behind.count(False),
        behind=behind.count(True),
        unknown=behind.count(None),
        percent=round(100 * behind.count(False) / len(behind), 4) if behind else None,
    )


def course_of_targets(report: Report) -> Course:
    """Count the targets on course: lines of plans, and tags where a plan has none."""
    return course_of(target.pace for target in targets(report))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanItems:
    """The plan's items: each number that a unit was given on a tag is one.

    The second reading of *tỷ lệ hoàn thành*: items completed, not posts published.
    """

    items: int
    reached: int
    short: int
    not_verifiable: int
    percent: float | None
    """``reached / items × 100``, 4 decimals; a lower bound while some are not verifiable."""
    course: Course


def plan_items(report: Report) -> PlanItems:
    """Count the plan's items by their result."""
    statuses = [line.status for line in report.lines if line.planned]
    reached = statuses.count(LineStatus.REACHED)
    return PlanItems(
        items=len(statuses),
        reached=reached,
        short=statuses.count(LineStatus.SHORT),
        not_verifiable=statuses.count(LineStatus.NOT_VERIFIABLE),
        percent=round(100 * reached / len(statuses), 4) if statuses else None,
        course=course_of(map(pace_of, report.lines)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanCompletion:
    """One unit's plan of lines: lines completed / lines.

    A line without a number is none of them; a share ('100%') has no number either.
    """

    unit: str
    lines: int
    """Lines with a number."""
    reached: int
    """Of these: on the website, and as many posts were seen as planned."""
    short: int
    not_verifiable: int
    """On the website, and not everything was seen."""
    stated_reached: int
    """Outside the web: the unit states as much as planned. Checked by no machine."""
    stated_short: int
    """Outside the web: the unit states less, or nothing."""
    reached_with_stated: int
    """``reached + stated_reached``."""
    without_number: int
    percent: float | None
    """``reached / lines × 100``, 4 decimals: what is verified."""
    percent_with_stated: float | None
    """``(reached + stated_reached) / lines × 100``, 4 decimals: the plan in full, if the unit's
    statements hold."""
    course: Course
    """Of the lines on the website; lines that share their posts are on course together."""


def plan_completions(report: Report) -> tuple[PlanCompletion, ...]:
    """Give the completion of each plan of lines, by unit in the report's order."""
    by_unit: dict[str, list[PlanResult]] = {}
    for result in report.plan_results:
        by_unit.setdefault(result.unit, []).append(result)
    return tuple(_completion(unit, results) for unit, results in by_unit.items())


def _completion(unit: str, results: Sequence[PlanResult]) -> PlanCompletion:
    numbered = [result for result in results if result.status is not LineStatus.NO_QUOTA]
    seen = [result.status for result in numbered if result.line.on_web]
    stated = [
        (result.stated or 0) >= (result.shared_planned or 0)
        for result in numbered
        if not result.line.on_web
    ]
    reached, in_all = seen.count(LineStatus.REACHED), len(numbered)
    return PlanCompletion(
        unit=unit,
        lines=in_all,
        reached=reached,
        short=seen.count(LineStatus.SHORT),
        not_verifiable=seen.count(LineStatus.NOT_VERIFIABLE),
        stated_reached=stated.count(True),
        stated_short=stated.count(False),
        reached_with_stated=reached + stated.count(True),
        without_number=len(results) - in_all,
        percent=round(100 * reached / in_all, 4) if in_all else None,
        percent_with_stated=(
            round(100 * (reached + stated.count(True)) / in_all, 4) if in_all else None
        ),
        course=course_of(pace_of(result) for result in numbered if result.line.on_web),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimTally:
    """What became of the articles that one unit names for one headline tag."""

    unit: str
    tag: str
    considered: int
    """Always the sum of ``verdicts``."""
    verdicts: dict[ClaimVerdict, int]
    """How many have each verdict; a verdict that none has is left out."""
    unclaimed: tuple[int, ...]
    """Counted articles of the line that no claim is about (nor about a copy of it)."""


def claim_tallies(report: Report) -> tuple[ClaimTally, ...]:
    """Give the tally of each unit and tag for which articles are named, in the claims' order."""
    by_line: dict[tuple[str, str], list[CheckedClaim]] = {}
    for claim in report.claims:
        if claim.number is None:
            by_line.setdefault((claim.unit, claim.tag), []).append(claim)
    lines = {(line.unit, line.tag): line for line in report.lines}
    return tuple(
        ClaimTally(
            unit=unit,
            tag=tag,
            considered=len(claims),
            verdicts=_count_verdicts(claims),
            unclaimed=tuple(
                article.article_id for article in unclaimed(lines.get((unit, tag)), claims)
            ),
        )
        for (unit, tag), claims in by_line.items()
    )


def unclaimed(line: ReportLine | None, claims: Sequence[CheckedClaim]) -> list[LineArticle]:
    """Give what a unit published, and did not claim on the line's tag."""
    if line is None:
        return []
    named = {claim.article_id for claim in claims if claim.tag == line.tag}
    named |= {a.duplicate_of for a in line.articles if a.article_id in named}
    return [a for a in line.articles if a.bucket is None and a.article_id not in named]


def _count_verdicts(claims: Sequence[CheckedClaim]) -> dict[ClaimVerdict, int]:
    found = [claim.verdict for claim in claims]
    return {verdict: found.count(verdict) for verdict in ClaimVerdict if verdict in found}
