"""Tables of the Word report, written as XML: repeated header, whole rows, links.

python-docx looks through the whole table for a cell, and through all links for a new one: its
time grows with the square of the list (measured: 1,800 links, half of a report's time).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from reports.links import is_web_address
from reports.office_package import xml_text
from reports.render import form
from reports.render.document import Side

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as WordDocument
    from docx.text.paragraph import Paragraph as WordParagraph

    from reports.render.document import Cell, Row, Table

Element: TypeAlias = Any
"""An lxml element of WordprocessingML."""

CELL, CELL_ID = "Ô bảng", "OBang"
"""The paragraph style of cells, by name and id."""
_TWIPS_PER_MM = 1440 / 25.4


def add_table(word: WordDocument, table: Table) -> None:
    """Add a table at the end of the document."""
    widths = [round(column.width_mm * _TWIPS_PER_MM) for column in table.columns]
    element = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    properties.append(xml("w:tblStyle", val="TableGrid"))
    properties.append(xml("w:tblW", w=str(sum(widths)), type="dxa"))
    properties.append(xml("w:jc", val="center"))
    table_layout(properties, margin_mm=1)
    element.append(properties)
    grid = OxmlElement("w:tblGrid")
    grid.extend(xml("w:gridCol", w=str(width)) for width in widths)
    element.append(grid)
    element.append(_header_row(table, widths))
    element.extend(_row(word, row, table, widths) for row in table.rows)
    body = word.element.body
    body.insert(len(body) - 1, element)  # before the section's properties
    make_low(word.add_paragraph(style=CELL))


def make_low(paragraph: WordParagraph) -> None:
    """Let a paragraph that only has to be there take next to no height."""
    layout = paragraph.paragraph_format
    layout.line_spacing, layout.space_after = Pt(2), Pt(form.GAP_PT / 2)


def table_layout(properties: Element, *, margin_mm: float) -> None:
    """Give a table fixed columns, and margins inside its cells."""
    for old in properties.findall(qn("w:tblLayout")):
        properties.remove(old)
    layout = xml("w:tblLayout", type="fixed")
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        part = margin_mm if side in {"left", "right"} else margin_mm / 2
        twips = str(round(part * _TWIPS_PER_MM))
        margins.append(xml(f"w:{side}", w=twips, type="dxa"))
    look = properties.find(qn("w:tblLook"))
    for part in (layout, margins):
        if look is None:
            properties.append(part)
        else:
            look.addprevious(part)


def _header_row(table: Table, widths: list[int]) -> Element:
    row, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
    properties.append(xml("w:cantSplit"))
    properties.append(xml("w:tblHeader"))
    row.append(properties)
    for column, width in zip(table.columns, widths, strict=True):
        cell = _cell(width)
        cell.append(_text(column.header, centred=True, bold=True))
        row.append(cell)
    return row


def _row(word: WordDocument, row: Row, table: Table, widths: list[int]) -> Element:
    element, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
    properties.append(xml("w:cantSplit"))
    element.append(properties)
    if row.is_group:
        cell = _cell(sum(widths), span=len(widths))
        title = _text(row.cells[0].text, centred=False, bold=True)
        title.get_or_add_pPr().insert(1, xml("w:keepNext"))
        cell.append(title)
        element.append(cell)
        return element
    for content, column, width in zip(row.cells, table.columns, widths, strict=True):
        cell = _cell(width)
        cell.extend(_content(word, content, centred=column.side is Side.CENTRE))
        element.append(cell)
    return element


def _content(word: WordDocument, cell: Cell, *, centred: bool) -> Iterable[Element]:
    paragraph = _text(cell.text, centred=centred)
    if cell.link is not None and is_web_address(cell.link):
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), _relate(word, cell.link))
        link.extend(paragraph.findall(qn("w:r")))
        paragraph.append(link)
    yield paragraph
    if cell.small is not None:
        yield _text(cell.small, centred=centred, size=form.SMALL_PT)


def _relate(word: WordDocument, url: str) -> str:
    """Give the id of a new link; python-docx's own way searches all links for each new one."""
    relations = word.part.rels
    name = f"rIdLink{len(relations)}"
    relations.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, url, name, is_external=True)
    return name


def _cell(width: int, *, span: int = 1) -> Element:
    cell, properties = OxmlElement("w:tc"), OxmlElement("w:tcPr")
    properties.append(xml("w:tcW", w=str(width), type="dxa"))
    if span > 1:
        properties.append(xml("w:gridSpan", val=str(span)))
    properties.append(xml("w:vAlign", val="center"))
    cell.append(properties)
    return cell


def _text(text: str, *, centred: bool, bold: bool = False, size: float | None = None) -> Element:
    paragraph, run, content = (OxmlElement(name) for name in ("w:p", "w:r", "w:t"))
    properties = OxmlElement("w:pPr")
    properties.append(xml("w:pStyle", val=CELL_ID))
    if not centred:
        properties.append(xml("w:jc", val="left"))
    paragraph.append(properties)
    marks = OxmlElement("w:rPr")
    if bold:
        marks.append(OxmlElement("w:b"))
    if size is not None:
        marks.append(xml("w:sz", val=str(round(2 * size))))
    run.append(marks)
    content.text = xml_text(text)
    run.append(content)
    paragraph.append(run)
    return paragraph


def xml(name: str, **attributes: str) -> Element:
    """Make an element with attributes of WordprocessingML's namespace."""
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
