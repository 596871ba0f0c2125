"""How far plans have come, as rows that every format sets. No arithmetic.

A row for each target (``reports.targets``): lines of a plan, or a tag's number. In the language in
use.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from reports.render import pace_words, plan_tables, words
from reports.targets import targets
from storage.language import t

if TYPE_CHECKING:
    from reports.pace import Pace
    from reports.targets import Target
    from storage.records import Report


def name(target: Target) -> str:
    """Name a target: by the tag, or by each of its plan's lines, as it stands there."""
    if not target.results:
        return target.tags[0]
    return "; ".join(plan_tables.line_name(result) for result in target.results)


def headers() -> tuple[str, ...]:
    """Give the headers of ``rows``."""
    return (
        t("Nhóm, dòng kế hoạch", "Tag, line of the plan"),
        t("Chỉ tiêu", "Planned"),
        t("Xác minh", "Verified"),
        t("Tỷ lệ, tối đa 100 %", "Share, 100 % at most"),
        t("Phải đạt đến nay", "Due by now"),
        t("Tỷ lệ theo tiến độ", "Share of what is due"),
        t("Còn lại", "Remaining"),
        t("Còn (tháng)", "Months left"),
        t("Cần mỗi tháng", "Needed a month"),
        t("Nhịp đến nay", "Pace so far"),
    )


def rows(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give by unit: its name, and a row for each target of which the pace can be told."""
    return [
        (unit_name, [(name(target), *cells(pace)) for target, pace in paced])
        for unit_name, paced in _by_unit(report)
    ]


def cells(pace: Pace) -> tuple[str, ...]:
    """Give the texts below ``headers`` but the first."""
    return (
        str(pace.planned),
        words.count_text(pace.counted),
        words.capped(pace.capped_percent, pace.counted),
        str(pace.due),
        *pace_words.numbers(pace),
    )


def short_headers() -> tuple[str, ...]:
    """Give the headers of ``short_rows``."""
    return (
        t("Nhóm, dòng kế hoạch", "Tag, line of the plan"),
        t("Phải đạt đến nay", "Due by now"),
        t("Theo tiến độ", "Share of it"),
        t("Còn lại", "What is left"),
    )


def short_rows(report: Report) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Give by unit what is left and the pace that it takes, of the targets not yet reached."""
    found = []
    for unit_name, paced in _by_unit(report):
        shown: list[tuple[str, ...]] = [
            (name(target), str(pace.due), pace_words.due_share(pace), pace_words.sentence(pace))
            for target, pace in paced
            if pace.remaining
        ]
        if shown:
            found.append((unit_name, shown))
    return found


def _by_unit(report: Report) -> list[tuple[str, list[tuple[Target, Pace]]]]:
    told = [(one, one.pace) for one in targets(report) if one.pace is not None]
    return [
        (of_unit[0][0].unit_name, of_unit)
        for _, group in groupby(told, key=lambda pair: pair[0].unit)
        for of_unit in [list(group)]
    ]


def on(report: Report) -> str:
    """Say until which day the plans are held against: the same for all that began before it."""
    days = sorted({target.pace.on for target in targets(report) if target.pace is not None})
    if not days:
        return ""
    named = words.day_text(days[-1])
    return t(
        f"Tiến độ tính đến hết ngày {named}: số giao cho cả năm hoặc cả kỳ được chia đều theo "
        "tháng đã qua; số giao theo tháng, quý hoặc có hạn thì theo hạn của nó.",
        f"Due by the end of {named}: a number for the year or the whole period is spread evenly "
        "over its months; one by the month, the quarter or a day is due as it says.",
    )
