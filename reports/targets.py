"""What posts are held against: the lines of a unit's plan, or a tag's number. Pure.

Each number that a unit was given is told once. Lines of a plan that share their posts are one
target. Where lines make up a tag's whole number, they are told and the tag is not; where they do
not (a plan of numbers beside one of lines), the tag is, and those lines are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.quantities import add_up_planned

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reports.pace import Pace
    from storage.records import Counted, PlanResult, Report, ReportLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One number of a unit, and how far it has come."""

    unit: str
    unit_name: str
    tags: tuple[str, ...]
    """Whose posts count for it."""
    results: tuple[PlanResult, ...]
    """The lines of its plan that share their posts, in the plan's order; empty: a tag's number."""
    planned: int
    """Of all these lines; 1 or more."""
    counted: Counted
    pace: Pace | None
    """None: the report does not hold the plan's days so far."""

    @property
    def remaining(self) -> int:
        """What is left; an upper bound where the count is a lower one."""
        return max(0, self.planned - self.counted.posts)


def targets(report: Report) -> tuple[Target, ...]:
    """Give all targets, by unit in the report's order: lines as in the plan, then tags."""
    results: dict[str, list[PlanResult]] = {}
    for result in report.plan_results:
        results.setdefault(result.unit, []).append(result)
    return tuple(
        target
        for unit, lines in groupby(report.lines, key=lambda line: line.unit)
        for target in _of_unit(list(lines), results.get(unit, ()))
    )


def _of_unit(lines: Sequence[ReportLine], results: Iterable[PlanResult]) -> Iterable[Target]:
    pools: dict[object, list[PlanResult]] = {}
    for result in results:
        if result.line.on_web:
            pools.setdefault(_pool_of(result), []).append(result)
    by_lines = {line.tag for line in lines if _is_made_of_lines(line, pools.values())}
    tags = [line for line in lines if line.planned and line.tag not in by_lines]
    of_tags = {(line.tag,) for line in tags}
    for pool in pools.values():
        first = pool[0]
        if first.counted is None or not first.shared_planned or first.line.tags in of_tags:
            continue
        yield Target(
            unit=first.unit,
            unit_name=lines[0].unit_name,
            tags=first.line.tags,
            results=tuple(pool),
            planned=first.shared_planned,
            counted=first.counted,
            pace=pace_of(first),
        )
    for line in tags:
        yield Target(
            unit=line.unit,
            unit_name=line.unit_name,
            tags=(line.tag,),
            results=(),
            planned=line.planned or 0,
            counted=line.counted,
            pace=pace_of(line),
        )


def _pool_of(result: PlanResult) -> object:
    """Give what lines have in common that share their posts: see ``plan_results``."""
    form = result.line.quantity.form if result.by_form else None
    return result.period, result.source_sha256, result.line.tags, form


def _is_made_of_lines(line: ReportLine, pools: Iterable[Sequence[PlanResult]]) -> bool:
    of_tag = [result for pool in pools for result in pool if result.line.tags == (line.tag,)]
    numbers = add_up_planned(result.line.planned for result in of_tag)
    return line.planned is not None and numbers == line.planned
