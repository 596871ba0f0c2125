"""A report as one HTML file: no scripts, nothing from outside, readable on a phone and printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.render import later_tables, pace_tables, pace_words, plan_tables, score_tables, words
from reports.render.charts import charts, month_charts, strips
from reports.render.lookup import Lookup
from reports.render.pages import page
from reports.totals import claim_tallies, course_of_targets, totals
from storage.records import Exclusion

if TYPE_CHECKING:
    from reports.totals import ClaimTally
    from storage.records import CheckedClaim, LineArticle, Report, ReportLine


@dataclass(frozen=True, slots=True)
class LineView:
    """A line with its anchor and its articles by what became of them."""

    anchor: str
    line: ReportLine
    counted: tuple[LineArticle, ...]
    excluded: tuple[tuple[str, tuple[LineArticle, ...]], ...]
    """Reason in words, and the articles excluded for it; in the order of the reasons."""


@dataclass(frozen=True, slots=True)
class UnitView:
    """A unit's lines, one for each tag."""

    name: str
    lines: tuple[LineView, ...]


def to_html(report: Report, *, about: str = "") -> str:
    """Give the page; the same report gives the same text (in the same language).

    ``about`` names the unit when the report is cut down to one.
    """
    return page(
        "report.html.j2",
        about=about,
        charts=charts(report),
        course=course_of_targets(report),
        claims=_claims(report),
        later=later_tables,
        lookup=Lookup.of(report),
        months=month_charts(report),
        pace_of=pace_of,
        pace_tables=pace_tables,
        pace_words=pace_words,
        plan_tables=plan_tables,
        report=report,
        score_tables=score_tables,
        strips=strips(report),
        totals=totals(report),
        units=_units(report),
        words=words,
    )


@dataclass(frozen=True, slots=True)
class ClaimsView:
    """What one unit claims on one tag, and what it did not claim."""

    tally: ClaimTally
    claims: tuple[CheckedClaim, ...]
    unclaimed: tuple[LineArticle, ...]


def _claims(report: Report) -> tuple[ClaimsView, ...]:
    lookup = Lookup.of(report)
    return tuple(
        ClaimsView(
            tally,
            tuple(
                claim
                for claim in report.claims
                if (claim.unit, claim.tag) == (tally.unit, tally.tag) and claim.number is None
            ),
            tuple(lookup.articles[article] for article in tally.unclaimed),
        )
        for tally in claim_tallies(report)
    )


def _units(report: Report) -> tuple[UnitView, ...]:
    grouped: dict[str, list[LineView]] = {}
    for number, line in enumerate(report.lines, start=1):
        grouped.setdefault(line.unit, []).append(_view(f"muc-{number}", line))
    return tuple(UnitView(views[0].line.unit_name, tuple(views)) for views in grouped.values())


def _view(anchor: str, line: ReportLine) -> LineView:
    excluded = tuple(
        (words.exclusion_word(reason), listed)
        for reason in Exclusion
        if (listed := tuple(a for a in line.articles if a.bucket is reason))
    )
    counted = tuple(article for article in line.articles if article.bucket is None)
    return LineView(anchor, line, counted, excluded)
