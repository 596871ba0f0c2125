"""Where the cells of an Excel sheet lead to, which openpyxl does not tell while it streams. Pure.

Addresses are text here: nothing is ever asked for.
"""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING

from lxml import etree
from openpyxl.utils import range_boundaries

if TYPE_CHECKING:
    import zipfile

    from reports.importers.grid import Cell

_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELLS_AT_MOST = 10_000
"""A link over more cells than that is over a whole column, and names no article."""


def with_links(
    rows: dict[int, dict[int, Cell]], package: zipfile.ZipFile, sheet: str
) -> dict[int, dict[int, Cell]]:
    """Give the cells with the addresses behind them, where those are not what they show.

    Args:
        rows: cells by row and column.
        package: the .xlsx.
        sheet: the part that the sheet lies in, e.g. 'xl/worksheets/sheet1.xml'.
    """
    found = _links(package, sheet)
    return {
        number: {
            column: replace(cell, link=link)
            if (link := found.get((number, column))) not in {None, cell.value}
            else cell
            for column, cell in cells.items()
        }
        for number, cells in rows.items()
    }


def _links(package: zipfile.ZipFile, sheet: str) -> dict[tuple[int, int], str]:
    folder, name = posixpath.split(sheet)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in package.namelist():
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    targets = {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in etree.fromstring(package.read(relations), parser)
        if relation.get("Type", "").endswith("/hyperlink")
    }
    links: dict[tuple[int, int], str] = {}
    if targets:
        for element in etree.fromstring(package.read(sheet), parser).iter("{*}hyperlink"):
            target = targets.get(element.get(_ID, ""))
            left, top, right, bottom = range_boundaries(element.get("ref", "A1"))
            if target and (right - left + 1) * (bottom - top + 1) <= _CELLS_AT_MOST:
                for row in range(top, bottom + 1):
                    links |= {(row, column): target for column in range(left, right + 1)}
    return links
