"""The Excel templates: what they say can be imported as it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest

from reports.importers.outputs import OUTPUTS, read_outputs
from reports.importers.plan import PLAN, read_plans
from reports.importers.plan_forms import LINES_TEMPLATE
from reports.importers.self_report import ARTICLES, TOTALS, read_self_reports
from reports.importers.sheets import read_book
from reports.importers.templates import TEMPLATES, write_templates
from reports.importers.units import SITES, SUCCESSIONS, UNITS, read_units
from storage.records import Registry

if TYPE_CHECKING:
    from pathlib import Path

NOW = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)


def test_all_three_templates_can_be_imported_unchanged(tmp_path: Path) -> None:
    books = (read_book(path) for path in write_templates(tmp_path))
    units, plan, self_report, lines, outputs = books
    registry = read_units(units, Registry()).value
    assert (len(registry.names), len(registry.successions), len(registry.owners)) == (3, 1, 1)
    (planned,) = read_plans(plan, registry, received_at=NOW).value
    assert [quota.planned for quota in planned.quotas] == [24, 12, 6]
    reading = read_self_reports(self_report, registry, received_at=NOW)
    (reported,) = reading.value
    assert [claim.number for claim in reported.claims] == [19, 1, 4, None]
    assert not any("nhưng danh sách có" in note for note in reading.notes)
    (by_line,) = read_plans(lines, registry, received_at=NOW).value
    assert [(line.planned, line.tags, line.on_web) for line in by_line.lines] == [
        (24, ("TTHC",), True)
    ]
    stated = read_outputs(outputs, tmp_path, registry, received_at=NOW).value
    assert [output.number for output in stated.outputs] == [24]


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("mau-don-vi.xlsx", (UNITS, SUCCESSIONS, SITES)),
        ("mau-ke-hoach.xlsx", (PLAN,)),
        ("mau-tu-bao-cao.xlsx", (TOTALS, ARTICLES)),
        ("mau-ke-hoach-theo-dong.xlsx", (LINES_TEMPLATE,)),
        ("mau-ngoai-trang-web.xlsx", (OUTPUTS,)),
    ],
)
def test_every_template_has_its_forms_with_a_fixed_header_and_a_guide(
    tmp_path: Path, name: str, forms: tuple[object, ...]
) -> None:
    assert TEMPLATES[name][0] == forms
    write_templates(tmp_path)
    book = openpyxl.load_workbook(tmp_path / name)
    assert book.sheetnames == [*(form.title for form in TEMPLATES[name][0]), "Hướng dẫn"]
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet["A1"].font.bold
        assert min(d.width for d in sheet.column_dimensions.values()) >= 14


def test_days_in_the_examples_are_real_days(tmp_path: Path) -> None:
    write_templates(tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "mau-ke-hoach.xlsx")["Kế hoạch"]
    assert (sheet["C2"].value, sheet["C2"].number_format) == (
        dt.datetime(2022, 1, 1),  # noqa: DTZ001 - Excel knows no zones
        "dd/mm/yyyy",
    )


def test_templates_are_the_same_bytes_every_time(tmp_path: Path) -> None:
    first, second = (write_templates(_folder(tmp_path / name)) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_a_file_that_is_there_is_left_alone(tmp_path: Path) -> None:
    mine = tmp_path / "mau-don-vi.xlsx"
    mine.write_bytes(b"an office's own numbers")
    write_templates(tmp_path)
    assert mine.read_bytes() == b"an office's own numbers"
    assert (tmp_path / "mau-ke-hoach.xlsx").exists()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
