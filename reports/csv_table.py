"""A table as CSV that Excel opens without surprises. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Value = str | int | float | None


def csv_table(columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """Give a table with a header, with the byte order mark that Excel knows UTF-8 by.

    A text that a spreadsheet would take for a formula is kept text by an apostrophe; numbers
    are written as they are; None is empty.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def _cell(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return str(value)
