"""A report as one HTML file: no scripts, nothing from outside, readable on a phone and printed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from reports.links import is_web_address
from reports.render import plan_tables, words
from reports.render.charts import charts, month_charts, strips
from reports.render.lookup import Lookup
from reports.totals import totals
from storage import language
from storage.language import t
from storage.records import Exclusion

if TYPE_CHECKING:
    from storage.records import LineArticle, Report, ReportLine

_TEMPLATES = Path(__file__).parent / "templates"


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


def to_html(report: Report) -> str:
    """Give the page; the same report gives the same text (in the same language)."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.tests["web_address"] = is_web_address
    return environment.get_template("report.html.j2").render(
        charts=charts(report),
        lang=language.current().value,
        lookup=Lookup.of(report),
        months=month_charts(report),
        plan_tables=plan_tables,
        report=report,
        strips=strips(report),
        t=t,
        totals=totals(report),
        units=_units(report),
        words=words,
    )


def _units(report: Report) -> tuple[UnitView, ...]:
    grouped: dict[str, list[LineView]] = {}
    for number, line in enumerate(report.lines, start=1):
        grouped.setdefault(line.unit, []).append(_view(f"muc-{number}", line))
    return tuple(UnitView(views[0].line.unit_name, tuple(views)) for views in grouped.values())


def _view(anchor: str, line: ReportLine) -> LineView:
    excluded = tuple(
        (words.exclusion_word(reason), tuple(a for a in line.articles if a.bucket is reason))
        for reason in Exclusion
        if reason in line.excluded
    )
    counted = tuple(article for article in line.articles if article.bucket is None)
    return LineView(anchor, line, counted, excluded)
