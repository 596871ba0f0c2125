"""Two counting rules on the same facts: which lines change, which articles, and why. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.assembly import Assembly
from reports.difference import Change, compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.calendar import Period
    from reports.facts import Facts
    from storage.records import Counted, CountingRule, LineArticle, Report, ReportLine


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherFate:
    """An article that one rule counts and the other does not, or leaves out for another reason."""

    before: LineArticle | None
    """Under the one rule; None: not among the articles of this line."""
    after: LineArticle | None
    """Under the other rule."""

    @property
    def article(self) -> LineArticle:
        """The article itself."""
        shown = self.after or self.before
        assert shown is not None  # noqa: S101 - one of them is there
        return shown


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherLine:
    """A line under both rules."""

    unit: str
    unit_name: str
    tag: str
    counted: Counted | None
    """Under the one rule; None: it gives the unit no line."""
    other: Counted | None
    articles: tuple[OtherFate, ...]

    @property
    def change(self) -> int:
        """What the other rule counts more (or less, below 0)."""
        return (self.other.posts if self.other else 0) - (self.counted.posts if self.counted else 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class WhatIf:
    """The same facts under two rules."""

    report: Report
    other: Report
    lines: tuple[OtherLine, ...]
    """Those that differ in number, or in an article's fate."""
    changes: tuple[Change, ...]
    """All differences of the two reports, in sentences."""


def what_if(
    facts: Facts,
    *,
    office: str,
    rules: tuple[CountingRule, CountingRule],
    periods: tuple[Period, Period],
) -> WhatIf:
    """Hold two rules against each other, each with the period as it reads it."""
    report, other = (
        Assembly(facts, office=office, period=period, rule=rule).report()
        for rule, period in zip(rules, periods, strict=True)
    )
    return WhatIf(
        report=report,
        other=other,
        lines=tuple(_lines(report, other)),
        changes=compare(report, other),
    )


def _lines(report: Report, other: Report) -> Iterator[OtherLine]:
    one = {(line.unit, line.tag): line for line in report.lines}
    two = {(line.unit, line.tag): line for line in other.lines}
    for key in dict.fromkeys((*one, *two)):
        first, second = one.get(key), two.get(key)
        articles = tuple(_fates(first, second))
        counted, others = (line.counted if line else None for line in (first, second))
        if counted != others or articles:
            name = (first or two[key]).unit_name
            yield OtherLine(
                unit=key[0],
                unit_name=name,
                tag=key[1],
                counted=counted,
                other=others,
                articles=articles,
            )


def _fates(first: ReportLine | None, second: ReportLine | None) -> Iterator[OtherFate]:
    was = {article.article_id: article for article in first.articles} if first else {}
    now = {article.article_id: article for article in second.articles} if second else {}
    for article in sorted(was | now):
        if _differs(was.get(article), now.get(article)):
            yield OtherFate(before=was.get(article), after=now.get(article))


def _differs(was: LineArticle | None, now: LineArticle | None) -> bool:
    if was is None or now is None:  # of another unit, or of no line: told when it counts here
        only = was or now
        return only is not None and only.bucket is None
    return was.bucket is not now.bucket
