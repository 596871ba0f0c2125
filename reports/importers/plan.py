"""Publicity plans (kế hoạch tuyên truyền) as clerks type them → ``Plan`` records."""

from __future__ import annotations

import datetime as dt
import re
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
from reports.importers.tables import (
    TAGS,
    Column,
    Form,
    Reading,
    check_lifetime,
    check_list_exists,
    find_tables,
    known_units,
    name_note,
    unit_of,
)
from storage.folding import fold
from storage.language import t
from storage.records import DayInterval, Plan, Quota

if TYPE_CHECKING:
    from reports.importers.grid import Book, Cell
    from reports.importers.tables import Row
    from storage.records import Registry

TAG_ALIASES = {
    "CCHC": ("Cải cách hành chính", "Chỉ tiêu CCHC"),
    "TTHC": ("Thủ tục hành chính", "Cải cách TTHC", "Chỉ tiêu TTHC"),
    "CPĐT": ("Chính phủ điện tử", "CPĐT, CPS", "Chỉ tiêu CPĐT"),
}
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
    book: Book, registry: Registry, *, received_at: dt.datetime
) -> Reading[tuple[Plan, ...]]:
    """Read the plans of a book, one for each row.

    Raises:
        InputError: every problem of the file at once, with its cells.
    """
    check_list_exists(registry)
    found = find_tables(book, (PLAN,))
    complaints, notes, known = Complaints(book.name), list(found.notes), known_units(registry)
    plans: list[Plan] = []
    seen: dict[tuple[str, DayInterval], Row] = {}
    for row in found.value[PLAN.title]:
        unit = unit_of(row["unit"], known, complaints, header=PLAN.header("unit"))
        period = _period(row, complaints)
        quotas = tuple(_quota(row[tag], tag, complaints) for tag in TAGS)
        document = text_of(row["document"], complaints)
        if unit is None or period is None:
            continue
        check_lifetime(row["unit"], unit, period, registry, complaints)
        check_once(row, seen.setdefault((unit, period), row), period, complaints)
        notes += name_note(row["name"], unit, registry)
        plans.append(
            Plan(
                unit=unit,
                period=period,
                document_ref=document,
                source_sha256=book.sha256,
                source_name=book.name,
                received_at=received_at,
                quotas=quotas,
            )
        )
    complaints.raise_if_any()
    return Reading(tuple(plans), tuple(notes))


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


def _period(row: Row, complaints: Complaints) -> DayInterval | None:
    """Give the period from both days, or from the year when they are empty."""
    year = _year(row["year"], complaints)
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


def _year(cell: Cell, complaints: Complaints) -> DayInterval | None:
    text = text_of(cell, complaints)
    if text is None:
        return None
    match = re.fullmatch(r"(?:năm )?(\d{4})", fold(text))
    if match and FIRST_YEAR <= int(match.group(1)) <= LAST_YEAR:
        year = int(match.group(1))
        return DayInterval(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    complaints.at(cell, t(f"“{text}” không phải năm; ghi 2022", f"'{text}' is no year; write 2022"))
    return None
