"""CSV that Excel opens without surprises."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.csv_table import csv_table
from reports.render.csv import COLUMNS, to_csv

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import Report, ReportLine


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5 %", "@xã", "\tx", "\rx"])
def test_a_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    assert f"'{text}" in csv_table(("a",), [(text,)])


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert csv_table(("a", "b", "c"), [(-3, 91.6667, None)]) == "\ufeffa,b,c\r\n-3,91.6667,\r\n"


@settings(deadline=None)
@given(rows=st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_begins_a_formula_whatever_it_says(rows: list[list[str]]) -> None:
    text = csv_table(("a", "b"), rows).removeprefix("\ufeff")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in read] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not [cell for row in read for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_unit_s_name_is_text_and_its_difference_a_number(
    rendered_report: Callable[..., Report], rendered_line: Callable[..., ReportLine]
) -> None:
    line = rendered_line(unit_name="=cmd()", claimed=1)
    _, row = csv.reader(
        io.StringIO(to_csv(rendered_report(lines=(line,))).removeprefix("\ufeff"), newline="")
    )
    values = dict(zip(COLUMNS, row, strict=True))
    assert (values["unit_name"], values["difference"]) == ("'=cmd()", "-1")
