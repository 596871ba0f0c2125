"""Excel sheets of plans: their lines with what is left of them, and work outside the web."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.pace import pace_of
from reports.render import plan_tables
from reports.render.line_cells import left_cell, pace_cells, pace_columns
from reports.render.lookup import Lookup
from reports.workbook import TableSheet, number_or_text
from storage.language import t

if TYPE_CHECKING:
    from openpyxl import Workbook

    from storage.records import Report

_OF_LINE, _FILE_AND_CELL = plan_tables.ALL[:-2], plan_tables.ALL[-2:]


def plan_lines_name() -> str:
    """Name the sheet of the plans' lines."""
    return t("Dòng kế hoạch", "Plan lines")


def plan_lines_sheet(book: Workbook, report: Report, titles: tuple[str, ...]) -> None:
    """Add the lines of plans, with what they have left; no sheet where no plan has lines."""
    if not report.plan_results:
        return
    lookup = Lookup.of(report)
    widths = (6, 50, 22, 28, 12, 12, 14, 22, 14, 12, 40)
    of_lines = zip(plan_tables.line_headers(_OF_LINE), widths, strict=True)
    together = t("Phải đạt đến nay (chung các dòng)", "Due by now (lines together)")
    sheet = TableSheet(
        book,
        plan_lines_name(),
        titles=titles,
        columns=(
            (t("Đơn vị", "Unit"), 26),
            *of_lines,
            (t("Còn lại (chung các dòng)", "Remaining (lines together)"), 12),
            (together, 12),
            *pace_columns()[1:],
            *((header, 24) for header in plan_tables.line_headers(_FILE_AND_CELL)),
        ),
    )
    for result in report.plan_results:
        pace = pace_of(result)
        sheet.add(
            (
                lookup.unit_name(result.unit),
                *map(number_or_text, plan_tables.line_row(result, _OF_LINE)),
                left_cell(pace),
                *pace_cells(pace),
                *plan_tables.line_row(result, _FILE_AND_CELL),
            )
        )
    sheet.close()


def outputs_name() -> str:
    """Name the sheet of work outside the web."""
    return t("Ngoài trang web", "Outside the web")


def outputs_sheet(book: Workbook, report: Report, titles: tuple[str, ...]) -> None:
    """Add what units state of work outside the web; no sheet where they state nothing."""
    groups = plan_tables.output_rows(report)
    if not groups:
        return
    columns = zip(plan_tables.output_headers(), (28, 10, 50, 24, 30, 66), strict=True)
    unit = (t("Đơn vị", "Unit"), 26)
    sheet = TableSheet(book, outputs_name(), titles=titles, columns=(unit, *columns))
    for of_unit, rows in groups:
        for row in rows:
            sheet.add((of_unit, *map(number_or_text, row)))
    sheet.close()
