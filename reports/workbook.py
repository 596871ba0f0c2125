"""Excel sheets as all our files have them: safe text, fixed header, printable, same bytes twice."""

from __future__ import annotations

import datetime as dt
import io
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from reports.links import is_web_address
from reports.office_package import settle, utc_stamp, xml_text

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_TEXT = 32_767
"""Most characters in a cell (Excel's specifications and limits)."""
LONGEST_LINK = 2_079
"""Most characters in a link, likewise."""
MOST_LINKS = 65_000
"""Links on one sheet, likewise (65,530); addresses after that stay plain text."""
MOST_DIGITS = 15
"""Excel keeps so many digits of a number."""
_LINE_HEIGHT = 15.0
"""Points that a line of text takes, and the height of a row that nobody has set."""
_HIGHEST_ROW = 150.0
"""Points: ten lines; more would push the rows below off the screen."""

ExcelCell: TypeAlias = Any
"""openpyxl publishes no types."""

DAY_FORMAT = "dd/mm/yyyy"
_LINE = Side(style="thin", color="BFBFBF")
_GRID = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
# Named styles, not styles cell by cell: those were most of the time that a large file took.
_CELL, _LINK, _HEAD = "tinbai", "tinbai link", "tinbai head"


@dataclass(frozen=True, slots=True)
class Link:
    """A value that leads somewhere: a web address, or a place in the book ('#Sheet!A1')."""

    value: str | int
    target: str


@dataclass(frozen=True, slots=True)
class Styled:
    """A value with a number format, a fill colour (RGB) or slanted letters."""

    value: Value
    number_format: str | None = None
    fill: str | None = None
    italic: bool = False


Value = str | int | float | dt.date | Link | Styled | None


class TableSheet:
    """A sheet with title lines and one table; rows are added from top to bottom."""

    def __init__(
        self,
        book: Workbook,
        name: str,
        *,
        titles: Sequence[str] = (),
        columns: Sequence[tuple[str, float]],
    ) -> None:
        """Begin a sheet; ``columns`` are headers with their widths in characters."""
        self.name = name
        self._sheet: Any = book.create_sheet(name)
        self._links = 0
        self._next_row = 1
        for title in titles:
            _put(self._sheet.cell(self._next_row, 1), title)
            self._sheet.cell(self._next_row, 1).font = Font(bold=self._next_row == 1, size=12)
            self._next_row += 1
        self._head(columns)

    @property
    def next_row(self) -> int:
        """The number of the row that ``add`` writes next."""
        return self._next_row

    def add(self, values: Sequence[Value]) -> None:
        """Write one row; cells that lead to one place are linked once, see ``_leading``."""
        leading = self._leading(values)
        for column, value in enumerate(values, start=1):
            cell = self._sheet.cell(self._next_row, column)
            cell.style = _CELL
            if isinstance(value, Link) and leading[value.target] != column:
                _put(cell, value.value)
            else:
                self._write(cell, value)
        self._make_room([_shown(value) for value in values])
        self._next_row += 1

    def _leading(self, values: Sequence[Value]) -> dict[str, int]:
        """Choose for each target the column that is linked: a text that fits, else a number.

        LibreOffice draws a linked text on one line and cuts off the rest.
        """
        chosen: dict[str, tuple[int, int]] = {}
        for column, value in enumerate(values, start=1):
            if isinstance(value, Link):
                fits = len(_shown(value)) < self._widths[column - 1]
                rank = 0 if fits and isinstance(value.value, str) else 1 if fits else 2
                chosen[value.target] = min(chosen.get(value.target, (9, 0)), (rank, column))
        return {target: column for target, (_, column) in chosen.items()}

    def draw(self, title: str, columns: Sequence[int], *, labels: int, place: str) -> None:
        """Draw the numbers of columns as bars beside each other; call it when all rows are there.

        Args:
            title: of the chart.
            columns: their numbers, from 1; the headers name them.
            labels: the column whose texts stand below the bars.
            place: the cell at its upper left corner.
        """
        if self._next_row == self._head_row + 1:
            return
        chart = BarChart()
        chart.type, chart.title, chart.height, chart.width = "col", title, 8, 24
        for column in columns:
            values = Reference(
                self._sheet, min_col=column, min_row=self._head_row, max_row=self._next_row - 1
            )
            chart.add_data(values, titles_from_data=True)
        chart.set_categories(
            Reference(
                self._sheet, min_col=labels, min_row=self._head_row + 1, max_row=self._next_row - 1
            )
        )
        chart.x_axis.delete = chart.y_axis.delete = False  # openpyxl's charts hide their axes
        chart.y_axis.scaling.min = 0
        self._sheet.add_chart(chart, place)

    def close(self) -> None:
        """Set filter, print area and page once all rows are there."""
        last = get_column_letter(self._width)
        self._sheet.auto_filter.ref = f"A{self._head_row}:{last}{self._next_row - 1}"
        page = self._sheet.page_setup
        page.orientation, page.paperSize = "landscape", self._sheet.PAPERSIZE_A4
        page.fitToWidth, page.fitToHeight = 1, 0
        self._sheet.sheet_properties.pageSetUpPr.fitToPage = True
        self._sheet.print_title_rows = f"{self._head_row}:{self._head_row}"
        self._sheet.page_margins.left = self._sheet.page_margins.right = 0.4
        self._sheet.oddFooter.right.text = "&P/&N"

    def _head(self, columns: Sequence[tuple[str, float]]) -> None:
        self._head_row, self._width = self._next_row, len(columns)
        for column, (header, width) in enumerate(columns, start=1):
            cell = self._sheet.cell(self._head_row, column)
            cell.style = _HEAD
            _put(cell, header)
            self._sheet.column_dimensions[get_column_letter(column)].width = width
        self._widths = [width for _, width in columns]
        self._make_room([header for header, _ in columns])
        self._next_row += 1
        self._sheet.freeze_panes = f"A{self._next_row}"

    def _make_room(self, texts: Sequence[str]) -> None:
        """Make the row as high as its longest text: not every program does so by itself."""
        lines = [
            len(textwrap.wrap(text, max(1, int(width) - 1))) if len(text) >= width else 1
            for text, width in zip(texts, self._widths, strict=False)
        ]
        if (most := max(lines, default=1)) > 1:
            self._sheet.row_dimensions[self._next_row].height = min(
                most * _LINE_HEIGHT, _HIGHEST_ROW
            )

    def _write(self, cell: ExcelCell, value: Value) -> None:
        if isinstance(value, Styled):
            self._write(cell, value.value)
            if value.number_format is not None:
                cell.number_format = value.number_format
            if value.fill is not None:
                cell.fill = PatternFill("solid", start_color=value.fill)
            if value.italic:
                cell.font = Font(italic=True, color="7F7F7F")
        elif isinstance(value, Link):
            _put(cell, value.value)
            self._lead(cell, value.target)
        else:
            _put(cell, value)

    def _lead(self, cell: ExcelCell, target: str) -> None:
        inside = target.startswith("#")
        if self._links >= MOST_LINKS or len(target) > LONGEST_LINK:
            return
        if not inside and not is_web_address(target):
            return  # 'javascript:' and the like are shown, never followed
        self._links += 1
        cell.hyperlink = Hyperlink(ref="", location=target[1:]) if inside else target
        cell.style = _LINK


def number_or_text(text: str) -> Value:
    """Give a whole number as one, so that Excel can reckon with it."""
    return int(text) if text.isdecimal() and len(text) < MOST_DIGITS else text


def _shown(value: Value) -> str:
    while isinstance(value, Styled | Link):
        value = value.value
    return value if isinstance(value, str) else ""


def _put(cell: ExcelCell, value: str | float | dt.date | None) -> None:
    if isinstance(value, str):
        # A title may begin with '=': it stays text, whatever it looks like.
        cell.value = xml_text(value)[:LONGEST_TEXT]
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in {"=", "+", "-", "@"}
    else:
        cell.value = value
        if isinstance(value, dt.date):
            cell.number_format = DAY_FORMAT


# -------------------------------------------------------------------------- saving


def new_book(title: str) -> Workbook:
    """Begin a book without sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    top = Alignment(wrap_text=True, vertical="top")
    middle = Alignment(wrap_text=True, horizontal="center", vertical="center")
    blue, bold = Font(color="0563C1", underline="single"), Font(bold=True)
    fill = PatternFill("solid", start_color="DCE6F1")
    for style in (
        NamedStyle(_CELL, border=_GRID, alignment=top),
        NamedStyle(_LINK, border=_GRID, alignment=top, font=blue),
        NamedStyle(_HEAD, border=_GRID, alignment=middle, font=bold, fill=fill),
    ):
        book.add_named_style(style)
    book.properties.title, book.properties.creator = title, "tinbai"
    return book


def to_bytes(book: Workbook, *, made_at: dt.datetime) -> bytes:
    """Save a book: the same content and instant give the same bytes."""
    book.properties.created = utc_stamp(made_at)
    packed = io.BytesIO()
    book.save(packed)
    return settle(packed.getvalue(), made_at=made_at)
