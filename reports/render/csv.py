"""A report's lines as CSV: one row a unit and tag, with the names and values of the JSON."""

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
    "status",
    "unsettled",
    "duplicates",
    "reposts",
    "considered",
    "coverage_note",
)
"""``counted`` is a lower bound where ``is_exact`` is 0."""


def to_csv(report: Report) -> str:
    """Give the table; an empty cell is a number that there is none of, never 0."""
    lines = to_data(report)["lines"]
    return csv_table(COLUMNS, ([_value(line, name) for name in COLUMNS] for line in lines))


def _value(line: dict[str, Any], column: str) -> Any:  # noqa: ANN401 - a JSON value
    match column:
        case "counted":
            return line["counted"]["posts"]
        case "coverage":
            return line["counted"]["coverage"]
        case "is_exact":
            return int(line["counted"]["is_exact"])
        case "duplicates":
            return line["excluded"].get(Exclusion.DUPLICATE.value, 0)
        case _:
            return line[column]
