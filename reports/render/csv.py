"""A report's lines, and its claims, as CSV: with the names and values of the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.csv_table import csv_table
from reports.serial import to_data
from storage.records import Exclusion

if TYPE_CHECKING:
    from storage.records import Report

COLUMNS = (
    "unit",
    "unit_name",
    "tag",
    "planned",
    "claimed",
    "counted",
    "coverage",
    "is_exact",
    "difference",
    "percent",
    "claimed_percent",
    "remaining",
    "capped_percent",
    "due",
    "due_percent",
    "months_left",
    "needed",
    "so_far",
    "points",
    "status",
    "unsettled",
    "duplicates",
    "reposts",
    "recognised",
    "considered",
    "coverage_note",
)
"""``counted`` is a lower bound where ``is_exact`` is 0; from ``due`` to ``so_far`` see
``pace.Pace``; ``points`` in hundredths, of a scale that is for each line."""
_OF_PACE = frozenset(COLUMNS[13:18])


CLAIM_COLUMNS = (
    "unit",
    "tag",
    "cell",
    "number",
    "url",
    "title",
    "day",
    "verdict",
    "is_counted",
    "reason",
    "matched_by",
    "score",
    "found_url",
    "found_title",
    "found_day",
    "article_id",
    "version_id",
    "capture_id",
)
"""``day`` is the claimed one, ``found_day`` the printed one."""


def claims_to_csv(report: Report) -> str:
    """Give one row for each claim, with its verdict."""
    claims = to_data(report)["claims"]
    rows = ({**claim, "is_counted": int(claim["is_counted"])} for claim in claims)
    return csv_table(CLAIM_COLUMNS, ([row[name] for name in CLAIM_COLUMNS] for row in rows))


def to_csv(report: Report) -> str:
    """Give the table; an empty cell is a number that there is none of, never 0."""
    data = to_data(report)
    points = {(one["unit"], one["tag"]): one["points"] for one in data["scores"]}
    lines = ({**line, "points": points.get((line["unit"], line["tag"]))} for line in data["lines"])
    return csv_table(COLUMNS, ([_value(line, name) for name in COLUMNS] for line in lines))


def _value(line: dict[str, Any], column: str) -> Any:  # noqa: ANN401 - a JSON value
    match column:
        case "counted":
            return line["counted"]["posts"]
        case "coverage":
            return line["counted"]["coverage"]
        case "is_exact":
            return int(line["counted"]["is_exact"])
        case _ if column in _OF_PACE:
            return line["pace"] and line["pace"][column]
        case "duplicates":
            return line["excluded"].get(Exclusion.DUPLICATE.value, 0)
        case _:
            return line[column]
