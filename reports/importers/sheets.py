"""Files that clerks type (.xlsx, .docx, .csv) → rows of cells that know their address.

What a cell means is the business of ``cells.py``; which rows are a table, of ``tables.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import warnings
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import openpyxl
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from reports.importers import grid
from reports.importers.delimited import read_records
from reports.importers.excel_links import with_links
from reports.importers.excel_rows import filled_rows
from reports.importers.grid import Book, Cell, CellValue, Fault, Sheet, with_merged
from reports.importers.packages import (
    DAMAGE,
    OLE,
    check_package,
    damaged,
    notes_on_package,
    too_large,
)
from reports.importers.word_tables import read_word
from storage.errors import InputError
from storage.folding import tidy
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ExcelSheet: TypeAlias = Any
ExcelCell: TypeAlias = Any
"""openpyxl publishes no types."""


def read_book(path: Path) -> Book:
    """Read a file.

    Raises:
        InputError: it is missing, of another kind, damaged, protected, empty or too large.
    """
    _check_kind(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            t(f"Không đọc được tệp {path}: {error.strerror}.", f"Cannot read {path}: {error}.")
        ) from error
    if not data.strip():
        raise InputError(t(f"Tệp {path} trống.", f"The file {path} is empty."))
    digest = hashlib.sha256(data).hexdigest()
    match path.suffix.lower():
        case ".csv":
            return Book(path.name, digest, (_read_csv(path, data),))
        case ".docx" | ".docm":
            word = read_word(path.name, data)
            return Book(path.name, digest, word.tables, prose=word.prose, notes=word.notes)
        case _:
            return _read_excel(path, data, digest)


_READ = frozenset({".xlsx", ".xlsm", ".docx", ".docm", ".csv"})
_OF_WORD = {
    ".doc": ("tệp Word đời cũ", "an old Word file"),
    ".odt": ("tệp LibreOffice Writer", "a LibreOffice Writer file"),
    ".rtf": ("tệp RTF", "an RTF file"),
}
_ADVICE = {
    ".xls": ("tệp Excel đời cũ", "an old Excel file"),
    ".xlsb": ("tệp Excel nhị phân", "a binary Excel file"),
    ".ods": ("tệp LibreOffice", "a LibreOffice file"),
    ".pdf": ("tệp PDF; chép bảng sang Excel", "a PDF file; copy the table into Excel"),
}


def _check_kind(path: Path) -> None:
    if path.is_dir():
        message = t(
            f"{path} là thư mục; hãy chỉ rõ tệp .xlsx, .docx hoặc .csv trong đó.",
            f"{path} is a folder; name the .xlsx, .docx or .csv file in it.",
        )
    elif not path.exists():
        message = t(
            f"Không có tệp {path}; kiểm tra lại tên và thư mục.",
            f"There is no file {path}; check its name and folder.",
        )
    elif path.suffix.lower() in _OF_WORD:
        vi, en = _OF_WORD[path.suffix.lower()]
        message = t(
            f"{path.name} là {vi}. Mở trong Word, chọn Lưu thành (Save As) → .docx rồi nhập lại.",
            f"{path.name} is {en}. Open it in Word, Save As .docx and import that.",
        )
    elif path.suffix.lower() not in _READ:
        vi, en = _ADVICE.get(path.suffix.lower(), ("tệp không đọc được", "not a readable kind"))
        message = t(
            f"{path.name} là {vi}. Mở trong Excel, chọn Lưu thành (Save As) → .xlsx rồi nhập lại.",
            f"{path.name} is {en}. Open it in Excel, Save As .xlsx and import that.",
        )
    elif path.stat().st_size > grid.MAX_BYTES:
        message = too_large(path.name)
    else:
        return
    raise InputError(message)


# -------------------------------------------------------------------------- .xlsx


def _read_excel(path: Path, data: bytes, digest: str) -> Book:
    check_package(path.name, data)
    sheets, hidden, notes, room = [], [], [], grid.MAX_ROWS
    try:
        with warnings.catch_warnings(), zipfile.ZipFile(io.BytesIO(data)) as package:
            # openpyxl warns of what it leaves out: styles, drop-down lists, print ranges.
            warnings.simplefilter("ignore")
            notes += notes_on_package(package)
            if filled_rows(package, at_most=grid.MAX_ROWS) > grid.MAX_ROWS:
                raise InputError(too_large(path.name))
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False
            )
            formulas = _formulas(data, package)
            for sheet in book.worksheets:
                title = tidy(sheet.title)
                if sheet.sheet_state != "visible":
                    hidden.append(title)
                    continue
                places = formulas.get(sheet.title, frozenset())
                since_1904 = book.epoch == CALENDAR_MAC_1904
                rows = _rows_of(path, sheet, places, room=room, since_1904=since_1904)
                room -= len(rows)
                part = sheet._worksheet_path  # noqa: SLF001 - public nowhere
                layout, rows = _layout(package.read(part)), with_links(rows, package, part)
                sheets.append(Sheet(title, tuple(with_merged(rows, layout.merged))))
                notes += _notes_on_hidden(title, layout)
    except DAMAGE as error:
        raise InputError(damaged(path.name)) from error
    return Book(path.name, digest, tuple(sheets), tuple(hidden), notes=tuple(notes))


Places: TypeAlias = "frozenset[tuple[int, int]]"
"""Row and column of cells."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


def _formulas(data: bytes, package: zipfile.ZipFile) -> dict[str, Places]:
    """Give where formulas stand, by sheet: their results alone do not tell them from blanks."""
    parts = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
    if not any(_FORMULA.search(package.read(part)) for part in parts):
        return {}  # the second reading takes as long as the first
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    return {
        sheet.title: frozenset(
            (cell.row, cell.column) for row in _wide(sheet) for cell in row if cell.data_type == "f"
        )
        for sheet in book.worksheets
    }


@dataclass(frozen=True, slots=True)
class _Layout:
    """How a sheet is laid out, which openpyxl does not tell while it streams."""

    merged: dict[tuple[int, int], int]
    """Cells merged downwards: row and column → last row (``grid.with_merged``)."""
    hidden_rows: tuple[int, ...]
    hidden_columns: tuple[int, ...]


_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+\d+:[A-Z]+\d+)"')
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row(?=\s)(?=[^>]*\shidden=\"(?:1|true)\")[^>]*?\sr=\"(\d+)\"")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col(?=\s)(?=[^>]*\shidden=\"(?:1|true)\")[^>]*>")
_MIN, _MAX = re.compile(rb'\smin="(\d+)"'), re.compile(rb'\smax="(\d+)"')


def _layout(xml: bytes) -> _Layout:
    merged = {}
    for match in _MERGED.finditer(xml):
        left, top, _, bottom = range_boundaries(match[1].decode("ascii"))
        if bottom > top and left <= grid.MAX_COLUMNS:
            merged[top, left] = bottom
    columns: set[int] = set()
    for element in _HIDDEN_COLUMNS.findall(xml):
        first, last = _MIN.search(element), _MAX.search(element)
        if first and last:
            columns.update(range(int(first[1]), min(int(last[1]), grid.MAX_COLUMNS) + 1))
    rows = (int(number) for number in _HIDDEN_ROW.findall(xml))
    return _Layout(merged, tuple(rows), tuple(sorted(columns)))


def _notes_on_hidden(sheet: str, layout: _Layout) -> list[str]:
    """Say which rows and columns the sender did not see; what a filter hides is data too."""
    shown = []
    if layout.hidden_rows:
        numbers = ranges(layout.hidden_rows)
        shown.append(t(f"dòng {numbers}", f"rows {numbers}"))
    if layout.hidden_columns:
        letters = ", ".join(get_column_letter(column) for column in layout.hidden_columns)
        shown.append(t(f"cột {letters}", f"columns {letters}"))
    what = "; ".join(shown)
    return (
        [
            t(
                f"{sheet}: đang ẩn {what}; vẫn được đọc. Xóa hẳn nếu không dùng.",
                f"{sheet}: {what} are hidden; they were read. Delete them if not meant.",
            )
        ]
        if shown
        else []
    )


def ranges(numbers: tuple[int, ...]) -> str:
    """Give rising numbers briefly.

    >>> ranges((3, 4, 5, 9))
    '3–5, 9'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(f"{a}" if a == b else f"{a}–{b}" for a, b in runs)


def _wide(sheet: ExcelSheet) -> Iterator[tuple[ExcelCell, ...]]:
    sheet.reset_dimensions()  # the stored dimension is often wrong
    rows: Iterator[tuple[ExcelCell, ...]] = sheet.iter_rows(max_col=grid.MAX_COLUMNS)
    return rows


def _rows_of(
    path: Path, sheet: ExcelSheet, formulas: Places, *, room: int, since_1904: bool
) -> dict[int, dict[int, Cell]]:
    name = tidy(sheet.title)
    rows: dict[int, dict[int, Cell]] = {}
    for number, row in enumerate(_wide(sheet), start=1):
        values = (
            (column, _excel_value(cell, is_formula=(number, column) in formulas))
            for column, cell in enumerate(row, start=1)
        )
        cells = {
            column: Cell(name, number, column, value, since_1904=since_1904)
            for column, value in values
            if value is not None
        }
        if cells:
            rows[number] = cells
        if len(rows) > room:
            raise InputError(too_large(path.name))
    return rows


def _excel_value(cell: ExcelCell, *, is_formula: bool) -> CellValue:
    value = cell.value
    if value is None:
        return Fault.NOT_COMPUTED if is_formula else None
    if cell.data_type == "e":
        return Fault.ERROR
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int | float | dt.date) and not isinstance(value, bool):
        return value
    return tidy(str(value)) or None


# --------------------------------------------------------------------------- .csv


def _read_csv(path: Path, data: bytes) -> Sheet:
    """Read the one sheet of a .csv; Excel names it after the file, and so do we."""
    if data.startswith((b"PK\x03\x04", OLE)):
        raise InputError(
            t(
                f"{path.name} thực ra là tệp Excel được đổi đuôi; đặt lại đuôi .xlsx.",
                f"{path.name} is really an Excel file; give it the ending .xlsx.",
            )
        )
    name = tidy(path.stem)
    rows = []
    for number, fields in enumerate(read_records(path.name, data), start=1):
        cells = tuple(
            Cell(name, number, column, value)
            for column, field in enumerate(fields[: grid.MAX_COLUMNS], start=1)
            if (value := tidy(field))
        )
        if cells:
            rows.append(cells)
        if len(rows) > grid.MAX_ROWS:
            raise InputError(too_large(path.name))
    return Sheet(name, tuple(rows))
