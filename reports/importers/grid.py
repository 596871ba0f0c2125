"""What every file that clerks type is read into: rows of cells that know their address. Pure."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import Enum

from openpyxl.utils import get_column_letter

from storage.language import t

MAX_BYTES = 50_000_000
"""Largest file that is read."""
MAX_UNPACKED_BYTES = 200_000_000
"""Largest sum of the parts inside an Office file: 100,000 full rows need about a quarter of it."""
MAX_ROWS = 100_000
"""Most rows with something in them, all sheets together."""
MAX_COLUMNS = 32
"""Columns further to the right are not looked at: no form here is wider than twelve."""


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
    in_word: bool = False
    """It stands in a Word table, which has no letters for its columns."""
    continues: bool = False
    """Part of a merged cell that begins in a row above: its value is that cell's, said once."""
    since_1904: bool = False
    """Its workbook numbers days from 1904, as Excel for Mac did."""
    link: str | None = None
    """Where a Word text leads to, when that is not the text itself."""

    @property
    def address(self) -> str:
        """Where it stands: 'Kế hoạch!D7', in Word 'Bảng 2, hàng 5, cột 3'."""
        if self.in_word:
            place = t(f"hàng {self.row}, cột {self.column}", f"row {self.row}, col {self.column}")
            return f"{self.sheet}, {place}"
        return f"{self.sheet}!{get_column_letter(self.column)}{self.row}"

    def beside(self, column: int) -> Cell:
        """Give the empty cell of another column in the same row."""
        return replace(self, column=column, value=None, continues=False, link=None)

    def below(self, row: int) -> Cell:
        """Give the same cell as it goes on in a row further down."""
        return replace(self, row=row, continues=True)


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet or Word table: the rows that hold something, of each only the cells that do.

    A cell that is merged downwards stands in each of its rows (``Cell.continues``); a row in
    which nothing begins is left out.
    """

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A file as read: what is visible in it, and the digest of its bytes."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    hidden: tuple[str, ...] = ()
    """Names of hidden sheets, which are not read."""
    prose: tuple[str, ...] = ()
    """Word only: the paragraphs outside of tables, in order."""
    notes: tuple[str, ...] = ()
    """What its sender should know: hidden rows that were read, macros that were not run …"""


def with_merged(rows: dict[int, dict[int, Cell]], spans: dict[tuple[int, int], int]) -> list[Row]:
    """Carry merged cells down into the rows that they reach over.

    Args:
        rows: cells by row and column.
        spans: by row and column of a merged cell, the last row (inclusive) that it reaches; of
            two that overlap, as only a damaged file has them, the upper one counts.
    """
    numbers = sorted(rows)
    reached: dict[int, int] = {}
    for (first, column), last in sorted(spans.items()):
        cell = rows.get(first, {}).get(column)
        if cell is None or first <= reached.get(column, 0):
            continue
        reached[column] = last
        for number in numbers[bisect_right(numbers, first) : bisect_right(numbers, last)]:
            rows[number].setdefault(column, cell.below(number))
    return [
        tuple(cells[column] for column in sorted(cells))
        for _, cells in sorted(rows.items())
        if not all(cell.continues for cell in cells.values())
    ]
