"""The tables of a .docx → the same rows of cells as a sheet gives, and the prose around them.

Read from the XML itself: python-docx needs quadratic time for long tables and repeats merged
cells. Nothing outside the file is ever asked for: entities are not resolved, links are text.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lxml import etree

from reports.importers import grid
from reports.importers.grid import Cell, Sheet, with_merged
from reports.importers.packages import (
    DAMAGE,
    check_package,
    damaged,
    notes_on_package,
    too_large,
)
from storage.errors import InputError
from storage.folding import tidy
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DOCUMENT, _RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_REMOVED = frozenset({f"{_W}del", f"{_W}moveFrom"})
"""Text that a tracked change took away."""
_FIELDS = f"{_W}instrText"


@dataclass(frozen=True, slots=True)
class Document:
    """What a document holds."""

    tables: tuple[Sheet, ...]
    """Named 'Bảng 1', 'Bảng 2' …"""
    prose: tuple[str, ...]
    """The paragraphs outside them."""
    notes: tuple[str, ...]
    """What it carries beside."""


def read_word(file: str, data: bytes) -> Document:
    """Give the tables of a document, and its paragraphs.

    A table inside a cell is a table of its own, after the one it stands in.

    Raises:
        InputError: damaged, protected or too large.
    """
    check_package(file, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            body = _parse(package.read(_DOCUMENT))
            links, notes = _links(package), notes_on_package(package)
        tables = list(body.iter(f"{_W}tbl"))
        if sum(len(table) for table in tables) > grid.MAX_ROWS:
            raise InputError(too_large(file))
        sheets = tuple(
            _sheet(t(f"Bảng {number}", f"Table {number}"), table, links)
            for number, table in enumerate(tables, start=1)
        )
        prose = (_text(paragraph) for paragraph in _outside(body))
        return Document(sheets, tuple(text for text in prose if text), tuple(notes))
    except DAMAGE as error:
        raise InputError(damaged(file)) from error


Element = Any
"""lxml publishes no types."""


def _parse(xml: bytes) -> Element:
    # A tree as deep or a text as long as lxml refuses without huge_tree is no plan.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(xml, parser)


def _links(package: zipfile.ZipFile) -> dict[str, str]:
    """Give the addresses that a document leads to, by the id of the relation."""
    if _RELATIONS not in package.namelist():
        return {}
    return {
        relation.get("Id", ""): relation.get("Target", "")
        for relation in _parse(package.read(_RELATIONS))
        if relation.get("Type", "").endswith("/hyperlink")
    }


def _outside(body: Element) -> Iterator[Element]:
    """Give the paragraphs that stand in no table."""
    for paragraph in body.iter(f"{_W}p"):
        if next(paragraph.iterancestors(f"{_W}tbl"), None) is None:
            yield paragraph


def _sheet(name: str, table: Element, links: dict[str, str]) -> Sheet:
    rows: dict[int, dict[int, Cell]] = {}
    spans: dict[tuple[int, int], int] = {}
    open_at: dict[int, int] = {}  # by column, the row where the merged cell began
    for number, row in enumerate(_children(table, "tr"), start=1):
        cells: dict[int, Cell] = {}
        column = 1 + _number(row, "trPr", "gridBefore", default=0)
        for cell in _children(row, "tc"):
            merge = _property(cell, "vMerge")
            if merge is not None and merge.get(f"{_W}val", "continue") == "continue":
                spans[open_at.get(column, number), column] = number
            else:
                open_at[column] = number
                value = tidy(" ".join(_text(part) for part in _own_paragraphs(cell)))
                if value and column <= grid.MAX_COLUMNS:
                    link = _link(cell, links, value)
                    cells[column] = Cell(name, number, column, value, in_word=True, link=link)
            column += _number(cell, "tcPr", "gridSpan", default=1)
        rows[number] = cells
    return Sheet(name, tuple(with_merged(rows, spans)))


def _children(element: Element, name: str) -> Iterator[Element]:
    """Give the rows of a table or the cells of a row, also those in a content control."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _children(child, name)


def _own_paragraphs(cell: Element) -> Iterator[Element]:
    """Give a cell's paragraphs without those of a table inside it."""
    for paragraph in cell.iter(f"{_W}p"):
        if next(paragraph.iterancestors(f"{_W}tc"), None) is cell:
            yield paragraph


def _text(paragraph: Element) -> str:
    parts = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if any(parent.tag in _REMOVED for parent in element.iterancestors()):
            continue
        if element.tag == f"{_W}t":
            parts.append(element.text or "")
        else:
            parts.append("-" if element.tag == f"{_W}noBreakHyphen" else " ")
    return tidy("".join(parts))


def _link(cell: Element, links: dict[str, str], text: str) -> str | None:
    """Give the one address that a cell leads to; None when it shows it, or has several."""
    found = {
        tidy(links.get(element.get(f"{_R}id", ""), "")) for element in cell.iter(f"{_W}hyperlink")
    } - {"", text}
    return found.pop() if len(found) == 1 else None


def _property(cell: Element, name: str) -> Element | None:
    return cell.find(f"{_W}tcPr/{_W}{name}")


def _number(element: Element, properties: str, name: str, *, default: int) -> int:
    found = element.find(f"{_W}{properties}/{_W}{name}")
    text = "" if found is None else found.get(f"{_W}val", "")
    return min(int(text), grid.MAX_COLUMNS) if text.isdecimal() else default
