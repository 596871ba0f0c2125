"""A report's lines, and its claims, as CSV: with the names and values of the JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.csv_table import csv_table
from reports.render.lookup import Lookup
from reports.serial import to_data
from storage.records import Exclusion, PostForm

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    "news",
    "article",
    "either",
    "considered",
    "coverage_note",
)
"""``counted`` is a lower bound where ``is_exact`` is 0; from ``due`` to ``so_far`` see
``pace.Pace``; ``points`` in hundredths, of a scale that is for each line; ``news``, ``article`` and
``either`` are of the counted posts, empty where the rule does not tell them apart."""
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


LINE_COLUMNS = (
    "unit",
    "unit_name",
    "place",
    "content",
    "tags",
    "text",
    "form",
    "measure",
    "number",
    "every",
    "at_least",
    "share",
    "due_day",
    "lead",
    "planned",
    "period_start",
    "period_end",
    "on_web",
    "by_form",
    "counted",
    "coverage",
    "is_exact",
    "at_most",
    "lacking",
    "shared",
    "shared_planned",
    "due",
    "stated",
    "percent",
    "due_percent",
    "remaining",
    "months_left",
    "needed",
    "so_far",
    "status",
    "source_name",
    "source_sha256",
    "cell",
)
"""Of lines of plans. ``share`` is the percent that the plan sets; ``percent`` what was reached;
``period_end`` is exclusive. Where ``on_web`` is 0 only ``stated`` is told: no
machine checked it. From ``due_percent`` to ``so_far`` see ``pace.Pace``: of the ``shared`` lines
together."""
_LINE_PACE = LINE_COLUMNS[29:34]


def plan_lines_to_csv(report: Report) -> str:
    """Give one row for each line of a plan, with its result and where it stands."""
    lookup = Lookup.of(report)
    rows = ({"unit_name": lookup.unit_name(row["unit"]), **row} for row in _plan_rows(report))
    return csv_table(LINE_COLUMNS, ([row[name] for name in LINE_COLUMNS] for row in rows))


def _plan_rows(report: Report) -> Iterator[dict[str, Any]]:
    for of_report, result in zip(report.plan_results, to_data(report)["plan_results"], strict=True):
        line, counted = result["line"], result["counted"] or {}
        yield {
            **line,
            **line["quantity"],
            **result,
            "tags": " ".join(line["tags"]),
            "at_least": int(line["quantity"]["at_least"]),
            "share": line["quantity"]["percent"],
            "due_day": line["due"],
            "period_start": result["period"]["start"],
            "period_end": result["period"]["end"],
            "on_web": int(line["on_web"]),
            "by_form": int(result["by_form"]),
            "counted": counted.get("posts"),
            "coverage": counted.get("coverage"),
            "is_exact": None if of_report.counted is None else int(of_report.counted.is_exact),
            **{name: result["pace"] and result["pace"][name] for name in _LINE_PACE},
        }


def claims_to_csv(report: Report) -> str:
    """Give one row for each claim, with its verdict."""
    claims = to_data(report)["claims"]
    rows = ({**claim, "is_counted": int(claim["is_counted"])} for claim in claims)
    return csv_table(CLAIM_COLUMNS, ([row[name] for name in CLAIM_COLUMNS] for row in rows))


def to_csv(report: Report) -> str:
    """Give the table; an empty cell is a number that there is none of, never 0."""
    data = to_data(report)
    points = {(one["unit"], one["tag"]): one["points"] for one in data["scores"]}
    untold = {form.value: None for form in PostForm}
    lines = (
        {**line, **(line["forms"] or untold), "points": points.get((line["unit"], line["tag"]))}
        for line in data["lines"]
    )
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
