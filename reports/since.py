"""What came to light after a frozen report (phát sinh sau chốt), beside its number. Pure.

A later report on the same days counts what is known by then; here the two numbers stand side by
side, and every article between them has its cause. The frozen number itself never changes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reports.calendar import best_fit
from reports.causes import Comparison, moved
from reports.life import is_recognised
from storage.records import (
    Counted,
    DayInterval,
    Exclusion,
    LaterArticle,
    LaterLine,
    SinceFrozen,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from reports.freezing import Standing
    from storage.records import (
        Finding,
        LineArticle,
        OfficialReport,
        Report,
        ReportLine,
        StoredReport,
    )


def reports_to_hold_against(
    standing: Mapping[int, Standing],
    stored: Iterable[StoredReport],
    *,
    period: DayInterval,
    as_of: dt.datetime,
    under: str | None,
) -> list[OfficialReport]:
    """Choose the frozen reports in force that cover days of a new one, none of them twice.

    The most similar period first (``calendar.best_fit``): a year is held against the frozen half
    of it, not against its frozen quarters as well. Of about all units, or about the same ones.
    """
    fitting = [
        one
        for one in sorted(stored, key=lambda one: (one.as_of, one.id), reverse=True)
        if one.id in standing
        and standing[one.id].superseded_by is None
        and one.as_of < as_of
        and one.under in {None, under}
    ]
    chosen = [fitting[index] for index in best_fit([one.period for one in fitting], period)]
    officials = (standing[one.id].official for one in chosen)
    return [official for official in officials if official is not None]


def since_frozen(official: OfficialReport, frozen: Report, report: Report) -> SinceFrozen | None:
    """Hold a later report against a frozen one, on the days that are in both; None: there are none.

    Only lines of which something came to light are given.
    """
    days = frozen.period.intersection(report.period)
    if days is None:
        return None
    before, after = _within(frozen, days), _within(report, days)
    comparison = Comparison(before, after)
    accepted = _accepted_since(report, frozen.as_of)
    was = {(line.unit, line.tag): line for line in before.lines}
    lines = (
        _line(was.get((line.unit, line.tag)), line, comparison, accepted)
        for line in after.lines
        if line.tag in frozen.tags
    )
    return SinceFrozen(
        report_id=official.report_id,
        issuer=official.issuer,
        number=official.number,
        signed_on=official.signed_on,
        as_of=frozen.as_of,
        days=days,
        lines=tuple(line for line in lines if line.articles or line.accepted),
    )


def _line(
    old: ReportLine | None,
    new: ReportLine,
    comparison: Comparison,
    accepted: Mapping[tuple[str, str | None], tuple[str, ...]],
) -> LaterLine:
    return LaterLine(
        unit=new.unit,
        unit_name=new.unit_name,
        tag=new.tag,
        was=None if old is None else old.counted,
        now=new.counted,
        articles=tuple(
            LaterArticle(
                article_id=move.article.article_id,
                version_id=move.article.version_id,
                title=move.article.title,
                url=move.article.url,
                day=move.article.day,
                cause=comparison.cause(move, new.unit),
                change=move.gain,
            )
            for move in moved(old, new)
            if move.gain
        ),
        accepted=accepted.get((new.unit, new.tag), ()),
    )


def _accepted_since(
    report: Report, instant: dt.datetime
) -> dict[tuple[str, str | None], tuple[str, ...]]:
    found: dict[tuple[str, str | None], tuple[str, ...]] = {}
    for finding in report.findings:
        if is_recognised(finding) and _is_said_after(finding, instant):
            key = finding.unit, finding.tag
            found[key] = (*found.get(key, ()), finding.key)
    return found


def _is_said_after(finding: Finding, instant: dt.datetime) -> bool:
    return finding.steps[-1].noted_at > instant


def _within(report: Report, days: DayInterval) -> Report:
    """Give a report as if it were about some of its days only: what lies outside does not count."""
    if report.period == days:
        return report
    return replace(
        report, period=days, lines=tuple(_line_within(line, days) for line in report.lines)
    )


def _line_within(line: ReportLine, days: DayInterval) -> ReportLine:
    articles = tuple(
        article
        if article.bucket is not None or _is_in(article, days)
        else replace(article, bucket=Exclusion.OUT_OF_PERIOD)
        for article in line.articles
    )
    posts = sum(article.bucket is None for article in articles)
    return replace(line, articles=articles, counted=Counted(posts, line.counted.coverage))


def _is_in(article: LineArticle, days: DayInterval) -> bool:
    if article.days is not None:
        return article.days.intersection(days) == article.days
    return article.day is not None and article.day in days
