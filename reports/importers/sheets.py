"""Files that clerks type (.xlsx, .csv) → rows of cells that know their address.

What a cell means is the business of ``cells.py``; which rows are a table, of ``tables.py``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import warnings
import zipfile
import zlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

import openpyxl
from openpyxl.utils import get_column_letter

from reports.importers.delimited import read_records
from storage.errors import InputError
from storage.folding import tidy
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_BYTES = 50_000_000
"""Largest file that is read."""
MAX_UNPACKED_BYTES = 200_000_000
"""Largest sum of the parts inside an .xlsx: 100,000 full rows need about a quarter of it."""
MAX_ROWS = 100_000
"""Most rows with something in them, all sheets together."""
MAX_COLUMNS = 32
"""Columns further to the right are not looked at: no form here is wider than ten."""

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""First bytes of an old .xls, and of an .xlsx that a password protects ([MS-CFB] 2.2)."""


ExcelSheet: TypeAlias = Any
ExcelCell: TypeAlias = Any
"""openpyxl publishes no types."""


class Fault(Enum):
    """Why a cell that is not empty has no usable value."""

    NOT_COMPUTED = "not computed"
    """A formula whose result was never saved with the file."""
    ERROR = "error"
    """A formula that ended in #REF!, #N/A …"""


CellValue = str | int | float | dt.date | Fault | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. Text is NFC on one line; a whole number is an int; empty is None."""

    sheet: str
    row: int
    column: int
    value: CellValue

    @property
    def address(self) -> str:
        """Sheet and cell as Excel writes them, e.g. 'Kế hoạch!D7'."""
        return f"{self.sheet}!{get_column_letter(self.column)}{self.row}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: the rows that hold something, of each only the cells that do."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A file as read: what is visible in it, and the digest of its bytes."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
    """Names of hidden sheets, which are not read."""


def read_book(path: Path) -> Book:
    """Read a file.

    Raises:
        InputError: it is missing, no .xlsx or .csv, damaged, protected, empty or too large.
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
    if path.suffix.lower() == ".csv":
        return Book(path.name, digest, (_read_csv(path, data),))
    sheets, hidden = _read_xlsx(path, data)
    return Book(path.name, digest, sheets, hidden)


_ADVICE = {
    ".xls": ("tệp Excel đời cũ", "an old Excel file"),
    ".xlsm": ("tệp Excel có macro", "an Excel file with macros"),
    ".xlsb": ("tệp Excel nhị phân", "a binary Excel file"),
    ".ods": ("tệp LibreOffice", "a LibreOffice file"),
    ".doc": ("tệp Word; chép bảng sang Excel", "a Word file; copy the table into Excel"),
    ".docx": ("tệp Word; chép bảng sang Excel", "a Word file; copy the table into Excel"),
    ".pdf": ("tệp PDF; chép bảng sang Excel", "a PDF file; copy the table into Excel"),
}


def _check_kind(path: Path) -> None:
    if path.is_dir():
        message = t(
            f"{path} là thư mục; hãy chỉ rõ tệp .xlsx hoặc .csv trong đó.",
            f"{path} is a folder; name the .xlsx or .csv file in it.",
        )
    elif not path.exists():
        message = t(
            f"Không có tệp {path}; kiểm tra lại tên và thư mục.",
            f"There is no file {path}; check its name and folder.",
        )
    elif path.suffix.lower() not in {".xlsx", ".csv"}:
        vi, en = _ADVICE.get(path.suffix.lower(), ("tệp không đọc được", "not a readable kind"))
        message = t(
            f"{path.name} là {vi}. Mở trong Excel, chọn Lưu thành (Save As) → .xlsx rồi nhập lại.",
            f"{path.name} is {en}. Open it in Excel, Save As .xlsx and import that.",
        )
    elif path.stat().st_size > MAX_BYTES:
        message = _too_large(path)
    else:
        return
    raise InputError(message)


def _too_large(path: Path) -> str:
    return t(
        f"Tệp {path.name} quá lớn (tối đa {MAX_BYTES // 1_000_000} MB, {MAX_ROWS} dòng); "
        "xóa trang tính, hình ảnh và dòng thừa rồi nhập lại.",
        f"The file {path.name} is too large (at most {MAX_BYTES // 1_000_000} MB, {MAX_ROWS} "
        "rows); remove what is not needed and import again.",
    )


# -------------------------------------------------------------------------- .xlsx


_DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,  # both XML parsers' errors are among them
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What openpyxl and zipfile answer a damaged file with (found by damaging files at random)."""


def _read_xlsx(path: Path, data: bytes) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
    _check_package(path, data)
    sheets, hidden, room = [], [], MAX_ROWS
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out: styles, drop-down lists, print ranges.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            formulas = _formulas(data)
            for sheet in book.worksheets:
                if sheet.sheet_state != "visible":
                    hidden.append(tidy(sheet.title))
                    continue
                places = formulas.get(sheet.title, frozenset())
                rows = _rows_of(path, sheet, places, room=room)
                room -= len(rows)
                sheets.append(Sheet(tidy(sheet.title), rows))
    except _DAMAGE as error:
        raise InputError(_damaged(path)) from error
    return tuple(sheets), tuple(hidden)


def _check_package(path: Path, data: bytes) -> None:
    """Look at the ZIP directory before anything is unpacked."""
    if data.startswith(_OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise InputError(
            t(
                f"Tệp {path.name} có mật khẩu. Mở bằng Excel, bỏ mật khẩu "
                "(Tệp → Thông tin → Bảo vệ sổ làm việc) rồi lưu lại.",
                f"The file {path.name} is protected by a password. Remove it in Excel and save.",
            )
            if protected
            else t(
                f"{path.name} thực ra là tệp Excel đời cũ (.xls) được đổi đuôi. "
                "Mở trong Excel, chọn Lưu thành (Save As) → .xlsx rồi nhập lại.",
                f"{path.name} is really an old .xls file. Save As .xlsx in Excel and import that.",
            )
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            # zipfile never gives more bytes of a part than its entry here declares.
            unpacked = sum(part.file_size for part in package.infolist())
    except _DAMAGE as error:
        raise InputError(_damaged(path)) from error
    if unpacked > MAX_UNPACKED_BYTES:
        raise InputError(_too_large(path))


def _damaged(path: Path) -> str:
    return t(
        f"Tệp {path.name} bị hỏng hoặc không phải tệp Excel. Mở thử bằng Excel, lưu lại dạng "
        ".xlsx; nếu không mở được, xin lại tệp từ đơn vị gửi.",
        f"The file {path.name} is damaged or no Excel file. Try to open it in Excel and save it "
        "as .xlsx; if that fails, ask the sender for it again.",
    )


Places: TypeAlias = "frozenset[tuple[int, int]]"
"""Row and column of cells."""

_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")


def _formulas(data: bytes) -> dict[str, Places]:
    """Give where formulas stand, by sheet: their results alone do not tell them from blanks."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        if not any(_FORMULA.search(package.read(part)) for part in parts):
            return {}  # the second reading takes as long as the first
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return {
        sheet.title: frozenset(
            (cell.row, cell.column) for row in _wide(sheet) for cell in row if cell.data_type == "f"
        )
        for sheet in book.worksheets
    }


def _wide(sheet: ExcelSheet) -> Iterator[tuple[ExcelCell, ...]]:
    sheet.reset_dimensions()  # the stored dimension is often wrong
    rows: Iterator[tuple[ExcelCell, ...]] = sheet.iter_rows(max_col=MAX_COLUMNS)
    return rows


def _rows_of(
    path: Path, sheet: ExcelSheet, formulas: Places, *, room: int
) -> tuple[tuple[Cell, ...], ...]:
    name = tidy(sheet.title)
    rows: list[tuple[Cell, ...]] = []
    for number, row in enumerate(_wide(sheet), start=1):
        values = (
            (column, _excel_value(cell, is_formula=(number, column) in formulas))
            for column, cell in enumerate(row, start=1)
        )
        cells = tuple(Cell(name, number, col, value) for col, value in values if value is not None)
        if cells:
            rows.append(cells)
        if len(rows) > room:
            raise InputError(_too_large(path))
    return tuple(rows)


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
    if data.startswith((b"PK\x03\x04", _OLE)):
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
            for column, field in enumerate(fields[:MAX_COLUMNS], start=1)
            if (value := tidy(field))
        )
        if cells:
            rows.append(cells)
        if len(rows) > MAX_ROWS:
            raise InputError(_too_large(path))
    return Sheet(name, tuple(rows))
