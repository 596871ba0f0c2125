"""One unit's sheet: its part of a frozen report, put in the order in which the unit reads it. Pure.

Made from the frozen report alone, so that the same report gives the same sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.answers import Answer, answer
from reports.coverage import seen_of_held
from reports.targets import targets
from storage.records import Exclusion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reports.targets import Target
    from storage.records import Capture, Finding, LineArticle, Report, ReportLine

NAMED_REASONS = frozenset(Exclusion) - {Exclusion.OUT_OF_PERIOD, Exclusion.OFF_TOPIC}
"""Articles left out for these reasons are named on paper; the others, which may be many and which
nobody misses, are given as a number there and are listed in the Excel file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SheetArticle:
    """One article of the unit over all tags."""

    article: LineArticle
    """As it stands in the first line that has it; of a counted one in the first that counts it."""
    tags: tuple[str, ...]
    """For which it counts; empty: for none."""
    reasons: tuple[tuple[Exclusion, tuple[str, ...]], ...]
    """Why it does not count, and for which tags; in the order of the lines."""

    @property
    def is_named(self) -> bool:
        """Tell whether the paper names it although it does not count."""
        return any(reason in NAMED_REASONS for reason, _ in self.reasons)


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitSheet:
    """All that the report says of one unit."""

    report: Report
    """Of this unit only."""
    report_id: int
    unit: str
    unit_name: str
    lines: tuple[ReportLine, ...]
    targets: tuple[Target, ...]
    """What its posts are held against: the lines of its plan, or the tags' numbers."""
    days: tuple[int, int] | None
    """How many days were seen in full, of how many on which it had a site; None: the report was
    made before it held the days."""
    counted: tuple[SheetArticle, ...]
    """Counted for a tag or more, by day."""
    left_out: tuple[SheetArticle, ...]
    """Counted for none, by day."""
    answer: Answer | None
    """What became of its claims; None: it claimed nothing."""
    findings: tuple[Finding, ...]
    contact: str
    """Where the unit may write to; empty: not said."""

    @property
    def named(self) -> tuple[SheetArticle, ...]:
        """Give what counts for none and is named on paper."""
        return tuple(one for one in self.left_out if one.is_named)

    @property
    def unnamed(self) -> int:
        """Give how many count for none and are given on paper as a number only."""
        return len(self.left_out) - len(self.named)


def unit_sheet(
    report: Report,
    report_id: int,
    unit: str,
    captures: Mapping[int, Capture],
    *,
    contact: str = "",
) -> UnitSheet:
    """Give the sheet of a unit.

    Args:
        report: frozen; only its part about this unit (``build.of_unit``).
        report_id: its number.
        unit: has a line in it.
        captures: by id; of all claims' captures.
        contact: where the unit may write to.
    """
    articles = _articles(report.lines)
    return UnitSheet(
        report=report,
        report_id=report_id,
        unit=unit,
        unit_name=report.lines[0].unit_name,
        lines=report.lines,
        targets=targets(report),
        days=next((seen_of_held(days) for days in report.days_seen if days.unit == unit), None),
        counted=tuple(one for one in articles if one.tags),
        left_out=tuple(one for one in articles if not one.tags),
        answer=answer(report, report_id, unit, captures) if report.claims else None,
        findings=report.findings,
        contact=contact,
    )


def _articles(lines: tuple[ReportLine, ...]) -> list[SheetArticle]:
    fates: dict[int, list[tuple[str, LineArticle]]] = {}
    for line in lines:
        for article in line.articles:
            fates.setdefault(article.article_id, []).append((line.tag, article))
    return sorted(map(_over_all_tags, fates.values()), key=_by_day)


def _over_all_tags(fates: list[tuple[str, LineArticle]]) -> SheetArticle:
    reasons: dict[Exclusion, tuple[str, ...]] = {}
    for tag, article in fates:
        if article.bucket is not None:
            reasons[article.bucket] = (*reasons.get(article.bucket, ()), tag)
    counted = [(tag, article) for tag, article in fates if article.bucket is None]
    return SheetArticle(
        article=(counted or fates)[0][1],
        tags=tuple(tag for tag, _ in counted),
        reasons=tuple(reasons.items()),
    )


def _by_day(one: SheetArticle) -> tuple[bool, str, int]:
    """Undated ones last."""
    day = one.article.day
    return day is None, "" if day is None else day.isoformat(), one.article.article_id
