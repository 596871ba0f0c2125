"""A report on the terminal: one table, readable at 100 columns, and what was found."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import Group
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from reports.render import later_tables, pace_tables, plan_tables, score_tables, words
from reports.render.lookup import Lookup
from reports.totals import claim_tallies
from storage.language import t
from storage.records import LineStatus

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from storage.records import PlanResult, Report

_STYLES = {
    LineStatus.REACHED: "green",
    LineStatus.SHORT: "red",
    LineStatus.NOT_VERIFIABLE: "yellow",
    LineStatus.NO_QUOTA: "dim",
}


def report_table(report: Report) -> Table:
    """Give the table of units and tags; a unit's name stands once, at its first tag."""
    table = Table(
        title=f"{report.period_name} · {words.days_text(report.period)}",
        title_justify="left",
        caption=_legend(report),
        caption_justify="left",
    )
    table.add_column(t("Đơn vị", "Unit"))
    table.add_column(t("Nhóm", "Tag"), no_wrap=True)
    for header in (
        t("Kế hoạch", "Planned"),
        t("Xác minh", "Verified"),
        t("Tự báo cáo", "Claimed"),
        t("Chênh lệch", "Difference"),
        t("Tỷ lệ", "Share"),
    ):
        table.add_column(header, justify="right")
    table.add_column(t("Kết quả", "Result"))
    tells_forms = any(line.forms for line in report.lines)
    if tells_forms:
        table.add_column(t("Hình thức", "Forms"))
    before = None
    for line in report.lines:
        if before is not None and before != line.unit:
            table.add_section()
        table.add_row(
            escape(line.unit_name) if before != line.unit else "",
            escape(line.tag),
            words.number_text(line.planned),
            words.count_text(line.counted),
            words.number_text(line.claimed),
            words.difference_text(line),
            words.percent_text(line),
            Text(words.status_word(line.status), style=_STYLES[line.status]),
            *([words.forms_text(line)] if tells_forms else []),
        )
        before = line.unit
    return table


def plan_lines(report: Report) -> Iterator[Table | Text]:
    """Give the lines of plans, held against what was seen; then apart those that no machine sees.

    Nothing when no plan came as lines.
    """
    lookup, unchecked = Lookup.of(report), t(*plan_tables.UNCHECKED)
    for unit, of_unit in groupby(report.plan_results, key=lambda result: result.unit):
        results, name = list(of_unit), lookup.unit_name(unit)
        files = ", ".join(dict.fromkeys(r.source_name for r in results if r.source_name))
        seen = t(f"{name}: dòng kế hoạch ({files})", f"{name}: lines of its plan ({files})")
        outside = t(f"{name}: ngoài trang web, {unchecked}", f"{name}: not on the web, {unchecked}")
        on_web = [result for result in results if result.line.on_web]
        rest = [result for result in results if not result.line.on_web]
        if on_web:
            yield _plan_table(seen, _ON_WEB, on_web)
        if rest:
            yield _plan_table(outside, _OUTSIDE, rest)
    yield from map(Text, plan_tables.completions(report))


def _plan_table(
    title: str, columns: Sequence[plan_tables.Column], results: Sequence[PlanResult]
) -> Table:
    table = Table(title=Text(title, style="table.title"), title_justify="left")
    for column, header in zip(columns, plan_tables.line_headers(columns), strict=True):
        table.add_column(header, justify="right" if column in _NUMBERS else "left")
    for result in results:
        row = zip(columns, plan_tables.line_row(result, columns), strict=True)
        style = _STYLES[result.status]
        table.add_row(*(Text(text, style if column == "result" else "") for column, text in row))
    return table


_ON_WEB: tuple[plan_tables.Column, ...] = (
    "place", "content", "quantity", "planned", "verified", "result", "cell",
)  # fmt: skip
_OUTSIDE: tuple[plan_tables.Column, ...] = (
    "place", "content", "quantity", "planned", "stated", "cell",
)  # fmt: skip
_NUMBERS = frozenset({"place", "planned", "verified", "stated"})


def further_tables(report: Report) -> list[Table]:
    """Give the tables of what is due, left and needed, and of points; those that have rows."""
    found = []
    if paces := pace_tables.short_rows(report):
        title = t("Tiến độ của các chỉ tiêu chưa đủ", "Pace of the numbers not yet reached")
        caption = pace_tables.on(report)
        found.append(_table(title, pace_tables.short_headers(), paces, caption=caption))
    if points := score_tables.rows(report):
        found.append(_table(score_tables.title(), score_tables.headers(), points))
    return found


def _table(
    title: str,
    headers: tuple[str, ...],
    groups: list[tuple[str, list[tuple[str, ...]]]],
    *,
    caption: str | None = None,
) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        caption=None if caption is None else escape(caption),
        caption_justify="left",
    )
    table.add_column(t("Đơn vị", "Unit"))
    for place, header in enumerate(headers):
        text = place in {0, len(headers) - 1}
        table.add_column(header, justify="left" if text else "right")
    for name, rows in groups:
        for place, row in enumerate(rows):
            table.add_row(escape("" if place else name), *map(escape, row))
    return table


def _legend(report: Report) -> str:
    parts = []
    if any(not line.counted.is_exact for line in report.lines):
        parts.append(
            t(
                "≥: ít nhất; chưa xem được hết các ngày hoặc còn bài chưa rõ.",
                "≥: at least; not every day was seen or some articles are not settled.",
            )
        )
    as_of = words.instant_text(report.as_of)
    parts.append(t(f"Số liệu đến {as_of} (giờ Việt Nam).", f"As known at {as_of} (Vietnam)."))
    return escape(" ".join(parts))


def findings_summary(report: Report) -> Group:
    """Give how many findings there are of each kind, the commonest first."""
    kinds = Counter(finding.kind for finding in report.findings)
    total = len(report.findings)
    lines = [
        Text(t(f"Phát hiện: {total}", f"Findings: {total}"), style="bold"),
        *(
            Text(f"  {count:>4}  {words.finding_word(kind)}")
            for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0].value))
        ),
    ]
    return Group(*lines, *_claims(report), *_since(report))


def _since(report: Report) -> list[Text]:
    """Give what came to light after frozen reports."""
    return [
        line
        for since in report.since
        for line in (
            Text(later_tables.title(), style="bold"),
            Text(f"  {later_tables.against(since)}"),
            *(Text(f"  {said}") for said in later_tables.sentences(since)),
            *(Text(f"  {said}") for said in later_tables.accepted(report, since)),
        )
    ]


def _claims(report: Report) -> list[Text]:
    """Give what became of the articles that units name, a line for each unit and tag."""
    return [
        Text(
            t(
                f"Kê khai {tally.unit}, {tally.tag}: {tally.considered} bài — ",
                f"Claims of {tally.unit}, {tally.tag}: {tally.considered} — ",
            )
            + ", ".join(
                f"{words.verdict_word(verdict).lower()} {number}"
                for verdict, number in tally.verdicts.items()
            )
            + t(
                f"; đã đăng mà chưa kê {len(tally.unclaimed)}",
                f"; published but not claimed {len(tally.unclaimed)}",
            )
        )
        for tally in claim_tallies(report)
    ]
