"""What stands above the table of a plan: its year, its number."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from reports.importers.tables import HEADER_WITHIN
from storage.folding import strip_accents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.importers.grid import Book

_YEAR = re.compile(r"\bnam (20\d\d)\b")
_TITLE = re.compile(r"(?:ke hoach|bieu|phu luc|bang|chi tieu|danh muc|noi dung)\b")
_REFERENCE = re.compile(r"\b\d+/KH-[A-ZĐ]+(?:-[A-ZĐ]+)*\b")
_LONGEST_TITLE = 250


def heads_of(book: Book) -> list[str]:
    """Give what stands above tables: a sheet's first rows, a document's paragraphs."""
    above = (
        str(cell.value)
        for sheet in book.sheets
        for row in sheet.rows[:HEADER_WITHIN]
        for cell in row
        if not cell.continues
    )
    return [*book.prose, *above]


def year_in(heads: Sequence[str]) -> int | None:
    """Give the one year that titles name; None when there is none, or several."""
    years = {
        int(year)
        for head in heads
        if len(head) <= _LONGEST_TITLE and _TITLE.match(strip_accents(head))
        for year in _YEAR.findall(strip_accents(head))
    }
    return years.pop() if len(years) == 1 else None


def reference_in(heads: Sequence[str]) -> str | None:
    """Give the one number of a plan that stands above a table: '05/KH-UBND'."""
    found = {
        number
        for head in heads
        if re.match(r"\(?(?:so\b|kem theo|ban hanh kem)", strip_accents(head))
        for number in _REFERENCE.findall(head)
    }
    return found.pop() if len(found) == 1 else None
