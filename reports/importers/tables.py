"""Finding the tables of a form in a book: by their headers, wherever and in whatever order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from reports.importers.cells import Complaints
from storage.errors import InputError
from storage.folding import strip_accents
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from reports.importers.grid import Book, Cell, Sheet

TAGS = ("CCHC", "TTHC", "CPĐT")
"""The headline tags that plans and self-reports have a column for."""
TAG_ALIASES = {
    "CCHC": ("Cải cách hành chính", "Chỉ tiêu CCHC"),
    "TTHC": ("Thủ tục hành chính", "Cải cách TTHC", "Chỉ tiêu TTHC"),
    "CPĐT": ("Chính phủ điện tử", "CPĐT, CPS", "Chỉ tiêu CPĐT"),
}
"""Other headers of those columns."""
HEADER_WITHIN = 15
"""The header is looked for in the first rows that hold something: titles stand above it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a form."""

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    required: bool = True
    """The column must be there; whether its cells may be empty is for the importer to say."""


@dataclass(frozen=True, slots=True)
class Form:
    """What one table looks like."""

    title: str
    columns: tuple[Column, ...]

    def header(self, key: str) -> str:
        """Give a column's header."""
        return next(column.header for column in self.columns if column.key == key)

    @property
    def needed(self) -> tuple[str, ...]:
        """Headers without which a table is not this one."""
        return tuple(column.header for column in self.columns if column.required)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its cells by column key, empty ones too."""

    form: Form
    cells: Mapping[str, Cell]

    def __getitem__(self, key: str) -> Cell:
        return self.cells[key]


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What was understood of a file, and what its sender should know about that."""

    value: T
    notes: tuple[str, ...] = ()


def find_tables(book: Book, forms: Sequence[Form]) -> Reading[dict[str, tuple[Row, ...]]]:
    """Give the rows of each form that the book holds, by the form's title.

    A sheet without any of the forms is passed over, and a note says so.

    Raises:
        InputError: no sheet holds one, or a sheet nearly does (a header is missing or twice).
    """
    complaints = Complaints(book.name)
    tables: dict[str, tuple[Row, ...]] = {}
    passed_over = list(book.hidden)
    for sheet in book.sheets:
        header = max((_header_of(sheet, form) for form in forms), key=lambda header: header.rank)
        if header.is_complete and not header.doubles:
            title = header.form.title
            tables[title] = tables.get(title, ()) + tuple(_rows_below(sheet, header))
        elif header.is_complete or len(header.columns) > 1:
            _complain(sheet, header, complaints)
        else:
            passed_over.append(sheet.name)
    complaints.raise_if_any()
    if not tables:
        raise InputError(_no_table(book, forms))
    if not any(tables.values()):
        raise InputError(
            t(
                f"Tệp {book.name} chỉ có tiêu đề, chưa có dòng số liệu nào.",
                f"The file {book.name} has headers only and no row of data.",
            )
        )
    note = t("Trang tính không dùng đến: ", "Sheets that were not used: ")
    unused = (note + ", ".join(passed_over),) if passed_over else ()
    return Reading(tables, (*book.notes, *unused))


# ------------------------------------------------------------------------- headers


@dataclass(frozen=True, slots=True)
class _Header:
    """How well some row of a sheet fits a form."""

    form: Form
    last_row: int
    columns: Mapping[str, int]
    texts: tuple[str, ...]
    """What stands in the row, for the complaint."""
    doubles: tuple[tuple[str, Cell], ...]
    """Headers that a second column has too."""

    @property
    def is_complete(self) -> bool:
        return all(not c.required or c.key in self.columns for c in self.form.columns)

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Complete first, then more columns found, fewer found twice, fewer not found."""
        return self.is_complete, len(self.columns), -len(self.doubles), -len(self.form.columns)


def _plain(header: str) -> str:
    """Give a header without accents, case, brackets' content, stars and other signs.

    >>> _plain("Từ ngày (*)") == _plain("TU NGAY") == _plain("Từ ngày (dd/mm/yyyy)")
    True
    """
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"\(.*?\)", " ", strip_accents(header))))


def _header_of(sheet: Sheet, form: Form) -> _Header:
    rows = sheet.rows[:HEADER_WITHIN]
    best = _Header(form, 0, {}, (), ())
    for place, row in enumerate(rows):
        # A header of two rows: merged cells above, e.g. 'Chỉ tiêu' over CCHC, TTHC, CPĐT.
        for cells in ((row,), tuple(rows[place : place + 2])):
            header = _fit(cells, form)
            if header.rank > best.rank:
                best = header
    return best


def _fit(rows: tuple[tuple[Cell, ...], ...], form: Form) -> _Header:
    names = {
        _plain(name): column.key
        for column in form.columns
        for name in (column.header, *column.aliases)
    }
    found: dict[str, int] = {}
    doubles = []
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell.column):
        key = names.get(_plain(str(cell.value)))
        if key is None or cell.column in found.values():
            continue  # the same column again: a list of headers one below the other is no header
        if key in found:
            doubles.append((form.header(key), cell))
        else:
            found[key] = cell.column
    texts = tuple(str(cell.value) for row in rows for cell in row)
    return _Header(form, rows[-1][0].row, found, texts, tuple(doubles))


def _complain(sheet: Sheet, header: _Header, complaints: Complaints) -> None:
    for name, cell in header.doubles:
        complaints.at(
            cell,
            t(f"cột “{name}” có hai lần; xóa bớt một", f"two columns '{name}'; remove one"),
        )
    if header.is_complete:
        return
    missing = ", ".join(
        f"“{c.header}”" for c in header.form.columns if c.required and c.key not in header.columns
    )
    seen = ", ".join(header.texts)
    complaints.of_sheet(
        sheet.name,
        t(
            f"bảng “{header.form.title}” thiếu cột {missing}; tiêu đề đang có: {seen} "
            "(nếu trang tính này không để nhập thì ẩn nó đi)",
            f"the table '{header.form.title}' lacks {missing}; headers found: {seen} "
            "(hide the sheet if it is not meant for import)",
        ),
    )


def _no_table(book: Book, forms: Sequence[Form]) -> str:
    needed = "; ".join(f"“{form.title}”: {', '.join(form.needed)}" for form in forms)
    seen = "; ".join(
        f"{sheet.name}: " + ", ".join(str(cell.value) for cell in sheet.rows[0])
        for sheet in book.sheets
        if sheet.rows
    )
    return t(
        f"Tệp {book.name} không có bảng cần nhập. Tiêu đề cần có — {needed}. "
        f"Dòng đầu đang là — {seen or 'trống'}. Xem tệp mẫu trong thư mục templates.",
        f"The file {book.name} holds no table to import. Headers needed — {needed}. "
        f"The first row is — {seen or 'empty'}. See the sample files in the folder templates.",
    )


# ---------------------------------------------------------------------------- rows

_TOTALS = frozenset({"tong", "tong so", "tong cong", "cong"})
_FOOTER = re.compile(
    r"(?:noi nhan|nguoi lap|lap bieu|nguoi tong hop|thu truong|tm|kt|tl|tuq|ky ten|xac nhan cua|"
    r"\w[\w ]* ngay (?:\d+ |)thang (?:\d+ |)nam(?: \d+)?$|ghi chu)\b"
)
"""How the lines of signature and notes below a table begin, as ``_plain`` gives them."""
_FOOTER_CELLS = 3
"""More cells than this are a record, whatever the first one says."""
_COLUMN_MARK = re.compile(r"\(?(?:\d{1,2}|[A-ZĐa-zđ])\)?")


def _rows_below(sheet: Sheet, header: _Header) -> Iterable[Row]:
    """Give the table's rows; the lines that count columns or add them up hold no record."""
    below = [row for row in sheet.rows if row[0].row > header.last_row]
    is_over = False
    for place, row in enumerate(below):
        by_column = {cell.column: cell for cell in row}
        values = [str(by_column[c].value) for c in header.columns.values() if c in by_column]
        if not values or _plain(str(row[0].value)) in _TOTALS or _plain(values[0]) in _TOTALS:
            continue
        if place == 0 and _counts_columns(row):
            continue
        own = [cell for cell in row if not cell.continues]
        if len(own) <= _FOOTER_CELLS and (is_over or _is_footer(own)):
            is_over = True
            continue
        first = min(header.columns.values())
        cells = {}
        for column in header.form.columns:
            at = header.columns.get(column.key, first)
            found = by_column.get(at) if column.key in header.columns else None
            cells[column.key] = found or row[0].beside(at)
        yield Row(header.form, cells)


def _is_footer(cells: Sequence[Cell]) -> bool:
    """Tell whether a row is of those below a table: place and day, signatures, recipients."""
    return any(_FOOTER.match(_plain(str(cell.value))) for cell in cells)


def _counts_columns(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row is '(1) (2) (3)' or 'A B 1 2', as often stands below a header."""
    marks = {str(cell.value) for cell in row}
    return len(row) == len(marks) > 2 and all(_COLUMN_MARK.fullmatch(mark) for mark in marks)  # noqa: PLR2004 - two could be a record
