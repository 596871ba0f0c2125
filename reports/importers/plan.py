"""Publicity plans (kế hoạch tuyên truyền) as clerks type them → ``Plan`` records."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from reports.importers.cells import (
    FIRST_YEAR,
    LAST_YEAR,
    Complaints,
    days_text,
    interval_of,
    text_of,
    whole_of,
)
from reports.importers.plan_forms import LINE_FORMS
from reports.importers.plan_heads import heads_of, reference_in, year_in
from reports.importers.plan_lines import LineReader, Whose
from reports.importers.tables import TAG_ALIASES, TAGS, Column, Form, Reading, find_tables
from reports.importers.unit_cells import (
    UnitNames,
    check_lifetime,
    check_list_exists,
    check_unit_known,
    known_units,
    name_note,
    unit_of,
)
from storage.folding import fold
from storage.language import t
from storage.records import DayInterval, Plan, Quota

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from reports.importers.grid import Book, Cell
    from reports.importers.tables import Row
    from storage.records import Registry

PLAN = Form(
    "Kế hoạch",
    (
        Column("unit", "Mã đơn vị"),
        Column("name", "Tên đơn vị", ("Đơn vị",), required=False),
        Column("start", "Từ ngày", required=False),
        Column("end", "Đến ngày", required=False),
        Column("year", "Năm", required=False),
        *(Column(tag, tag, TAG_ALIASES[tag]) for tag in TAGS),
        Column(
            "document",
            "Số, ký hiệu kế hoạch",
            ("Số, ký hiệu", "Số kế hoạch", "Kế hoạch số", "Văn bản"),
            required=False,
        ),
    ),
)

WITHOUT_NUMBER = frozenset({"thường xuyên", "không giao", "không giao chỉ tiêu"})
"""Words for 'to be done, but no number was set': no percentage, never 0 (DOMAIN § 1.3)."""


def read_plans(
    book: Book, registry: Registry, *, received_at: dt.datetime, whose: Whose | None = None
) -> Reading[tuple[Plan, ...]]:
    """Read the plans of a book: a row of numbers by tag for each, or tables of lines.

    Args:
        book: the file.
        registry: the unit list.
        received_at: when the file came.
        whose: the unit and period of lines that do not say it themselves; of the period the
            year in the table's title is taken next.

    Raises:
        InputError: every problem of the file at once, with its cells.
    """
    check_list_exists(registry)
    found = find_tables(book, (PLAN, *LINE_FORMS))
    complaints, notes = Complaints(book.name), list(found.notes)
    make = partial(Plan, source_sha256=book.sha256, source_name=book.name, received_at=received_at)
    read = list(
        _numbers(
            found.value.get(PLAN.title, ()), make, registry, complaints=complaints, notes=notes
        )
    )
    rows = [row for form in LINE_FORMS for row in found.value.get(form.title, ())]
    if rows:
        whose, document = _what_is_said(book, whose or Whose(), registry)
        reader = LineReader(
            units=UnitNames.of(registry),
            whose=whose,
            period_of=lambda row: period_of(row, complaints),
            complaints=complaints,
            notes=notes,
        )
        read += [
            (
                said.first,
                make(
                    unit=unit,
                    period=period,
                    document_ref=document,
                    quotas=said.quotas,
                    lines=tuple(said.lines),
                ),
            )
            for (unit, period), said in reader.read(rows).items()
        ]
    first_rows: dict[tuple[str, DayInterval], Row] = {}
    for row, plan in read:
        key = plan.unit, plan.period
        check_lifetime(row["unit"], *key, registry, complaints)
        check_once(row, first_rows.setdefault(key, row), plan.period, complaints)
    complaints.raise_if_any()
    return Reading(tuple(plan for _, plan in read), tuple(dict.fromkeys(notes)))


def _numbers(
    rows: Sequence[Row],
    make: Callable[..., Plan],
    registry: Registry,
    *,
    complaints: Complaints,
    notes: list[str],
) -> Iterator[tuple[Row, Plan]]:
    """Give the plans of the form unit × tag, one for each row."""
    known = known_units(registry)
    for row in rows:
        unit = unit_of(row["unit"], known, complaints, header=PLAN.header("unit"))
        period = period_of(row, complaints)
        quotas = tuple(_quota(row[tag], tag, complaints) for tag in TAGS)
        document = text_of(row["document"], complaints)
        if unit is not None and period is not None:
            notes += name_note(row["name"], unit, registry)
            yield row, make(unit=unit, period=period, document_ref=document, quotas=quotas)


def _what_is_said(book: Book, whose: Whose, registry: Registry) -> tuple[Whose, str | None]:
    """Give whose plan the lines are, by what was typed or stands above them; and its number."""
    if whose.unit is not None:
        check_unit_known(whose.unit, registry)
    heads = heads_of(book)
    year = year_in(heads)
    if whose.period is None and year is not None:
        whose = replace(whose, period=whole_year(year))
    return whose, reference_in(heads)


def check_once(row: Row, first: Row, period: DayInterval, complaints: Complaints) -> None:
    """Complain when another row before speaks of the same unit and period."""
    if first is not row:
        before, days = first["unit"].address, days_text(period)
        complaints.at(
            row["unit"],
            t(
                f"trùng đơn vị và kỳ {days} với {before}; giữ lại một dòng",
                f"the same unit and period {days} as {before}; keep one row",
            ),
        )


def _quota(cell: Cell, tag: str, complaints: Complaints) -> Quota:
    if isinstance(cell.value, str) and fold(cell.value) in WITHOUT_NUMBER:
        return Quota(tag=tag, planned=None, cell=cell.address)
    return Quota(tag=tag, planned=whole_of(cell, complaints), cell=cell.address)


def period_of(row: Row, complaints: Complaints) -> DayInterval | None:
    """Give the period from both days, or from the year when they are empty."""
    year = year_of(row["year"], complaints)
    if row["start"].value is None and row["end"].value is None and row["year"].value is not None:
        return year
    start, end = PLAN.header("start"), PLAN.header("end")
    typed = interval_of(row["start"], row["end"], complaints, required=(start, end))
    if typed is not None and year is not None and year.intersection(typed) != typed:
        complaints.at(
            row["year"],
            t(
                f"“Năm” không khớp với kỳ {days_text(typed)}; để trống “Năm” hoặc sửa ngày",
                f"the year does not match {days_text(typed)}; leave it empty or correct the days",
            ),
        )
    return typed


def year_of(cell: Cell, complaints: Complaints) -> DayInterval | None:
    """Give the days of the year in a cell; None when it is empty or wrong (a complaint)."""
    text = text_of(cell, complaints)
    if text is None:
        return None
    match = re.fullmatch(r"(?:năm )?(\d{4})", fold(text))
    if match and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        return whole_year(int(match.group(1)))
    complaints.at(cell, t(f"“{text}” không phải năm; ghi 2022", f"'{text}' is no year; write 2022"))
    return None


def whole_year(year: int) -> DayInterval:
    """Give the days of a calendar year."""
    return DayInterval(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
