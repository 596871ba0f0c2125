"""A report as a Word file in the form of Nghị định 30/2020/NĐ-CP, to be edited and signed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, TypeAlias

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.links import is_web_address
from reports.office_package import settle, utc_stamp, xml_text
from reports.render import form
from reports.render.document import Clause, Item, Paragraph, Part, Side, Table
from reports.render.official import compose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

    from reports.render.document import Annex, Block, Cell, OfficialDocument, Row
    from storage.records import Report

Element: TypeAlias = Any
"""An lxml element of WordprocessingML."""

FONT = "Times New Roman"
CENTRE, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
_JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
_PART, _CLAUSE, _ITEM, _HEAD, _CELL = "Phần", "Khoản", "Gạch đầu dòng", "Thể thức", "Ô bảng"
_STYLE_IDS = {_PART: "Phan", _CLAUSE: "Khoan", _ITEM: "Gach", _HEAD: "TheThuc", _CELL: "OBang"}
_TWIPS_PER_MM = 1440 / 25.4


def to_docx(report: Report) -> bytes:
    """Give the file; the same report gives the same bytes, in Vietnamese."""
    official = compose(report)
    word = _new_document(official, report)
    _head(word, official)
    _title(word, official)
    for block in official.body:
        _add(word, block)
    _signature(word, official)
    for annex in official.annexes:
        _annex(word, annex, official)
    packed = io.BytesIO()
    word.save(packed)
    return settle(packed.getvalue(), made_at=report.as_of)


# ------------------------------------------------------------------ page, styles, properties


def _new_document(official: OfficialDocument, report: Report) -> WordDocument:
    word = Document()
    _styles(word)
    _page(word.sections[0])
    _page_number(word.sections[0])
    properties = word.core_properties
    properties.title = xml_text(f"Báo cáo {official.subject}")[:255]
    properties.author, properties.last_modified_by = xml_text(official.issuer)[:255], "tinbai"
    properties.comments, properties.language = "", "vi-VN"
    properties.created = properties.modified = utc_stamp(report.as_of)
    return word


def _page(section: Section) -> None:
    section.page_width, section.page_height = (Mm(size) for size in form.PAGE_MM)
    section.top_margin, section.bottom_margin = Mm(form.TOP_MM), Mm(form.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(form.LEFT_MM), Mm(form.RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(form.PAGE_NUMBER_MM)
    section.different_first_page_header_footer = True


def _page_number(section: Section) -> None:
    """Number the pages at the top; the first page's own header stays empty."""
    paragraph = section.header.paragraphs[0]
    paragraph.style = _HEAD
    run = paragraph.add_run()
    run.font.size = Pt(form.BODY_PT)
    for kind in ("begin", None, "end"):
        if kind is None:
            field = OxmlElement("w:instrText")
            field.text = "PAGE"
        else:
            field = _element("w:fldChar", fldCharType=kind)
        run._element.append(field)  # noqa: SLF001 - python-docx has no fields


def _styles(word: WordDocument) -> None:
    defaults = word.styles.element.find(qn("w:docDefaults"))
    for fonts in defaults.iter(qn("w:rFonts")):  # a theme's font would go before ours
        fonts.attrib.clear()
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "vi-VN")
    normal = _style(word, "Normal", size=form.BODY_PT)
    normal.paragraph_format.first_line_indent = Mm(form.INDENT_MM)
    _style(word, _PART, bold=True, outline=0)
    _style(word, _CLAUSE, bold=True, outline=1)
    _style(word, _ITEM)
    head = _style(word, _HEAD, size=form.HEAD_PT)
    cell = _style(word, _CELL, size=form.TABLE_PT)
    for style in (head, cell):
        layout = style.paragraph_format
        layout.first_line_indent, layout.space_after, layout.line_spacing = Mm(0), Pt(0), 1.0
        layout.alignment = CENTRE


def _style(
    word: WordDocument,
    name: str,
    *,
    size: float | None = None,
    bold: bool | None = None,
    outline: int | None = None,
) -> ParagraphStyle:
    if name in word.styles:
        style: Any = word.styles[name]
        layout = style.paragraph_format
        layout.alignment, layout.space_after = _JUSTIFY, Pt(form.GAP_PT)
        layout.line_spacing, layout.widow_control = form.LINE_SPACING, True
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{script}"), FONT)
        style.font.color.rgb = RGBColor(0, 0, 0)
    else:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
        style.quick_style = True
        style.element.set(qn("w:styleId"), _STYLE_IDS[name])
    if size is not None:
        style.font.size = Pt(size)
    style.font.bold = bold
    if outline is not None:
        style.paragraph_format.keep_with_next = True
        style.element.get_or_add_pPr().append(_element("w:outlineLvl", val=str(outline)))
    return style  # type: ignore[no-any-return]


# ----------------------------------------------------------------------- head and signature


def _head(word: WordDocument, official: OfficialDocument) -> None:
    """Set agencies and number on the left, quốc hiệu, tiêu ngữ and date on the right."""
    letterhead = official.letterhead
    left, right = _two_columns(word, form.LEFT_HEAD_MM, form.RIGHT_HEAD_MM)
    issuer = official.issuer.upper()
    if letterhead.superior:
        _line(left, letterhead.superior.upper(), size=form.ISSUER_PT)
    _line(left, issuer, size=form.ISSUER_PT, bold=True)
    length = form.short_rule_mm(issuer, form.ISSUER_PT, form.LEFT_HEAD_MM)
    _rule(left, length, within=form.LEFT_HEAD_MM)
    number = f"Số: {form.BLANK}/BC-{letterhead.symbol or form.BLANK}"
    _line(left, number, size=form.NUMBER_PT)
    _line(right, form.NATION, size=form.HEAD_PT, bold=True)
    _line(right, form.MOTTO, size=form.MOTTO_PT, bold=True)
    _rule(right, form.motto_rule_mm(), within=form.RIGHT_HEAD_MM)
    day = f"ngày {form.BLANK} tháng {form.BLANK} năm {form.BLANK}"
    place = letterhead.place or form.BLANK * 3
    _line(right, f"{place}, {day}", size=form.BODY_PT, italic=True)


def _title(word: WordDocument, official: OfficialDocument) -> None:
    _line(word, "BÁO CÁO", size=form.BODY_PT, bold=True).paragraph_format.space_before = Pt(18)
    _line(word, official.subject, size=form.BODY_PT, bold=True)
    length = form.short_rule_mm(official.subject, form.BODY_PT, form.TEXT_MM)
    _rule(word, length, within=form.TEXT_MM)
    addressees = official.letterhead.addressees
    if len(addressees) == 1:
        to = _line(word, f"Kính gửi: {addressees[0]}", size=form.BODY_PT)
        to.paragraph_format.space_before = Pt(form.GAP_PT)
        to.paragraph_format.space_after = Pt(2 * form.GAP_PT)
    elif addressees:
        _listed(word, "Kính gửi:", addressees)
    for number, ground in enumerate(official.letterhead.grounds, start=1):
        end = "." if number == len(official.letterhead.grounds) else ";"
        word.add_paragraph().add_run(xml_text(f"Căn cứ {ground}{end}")).italic = True


def _listed(word: WordDocument, label: str, names: tuple[str, ...]) -> None:
    """Set several addressees below each other; the last ends with a full stop."""
    for number, name in enumerate((label, *names)):
        end = "" if number == 0 else "." if number == len(names) else ";"
        text = name if number == 0 else f"- {name}{end}"
        line = _line(word, text, size=form.BODY_PT)
        line.alignment = LEFT
        line.paragraph_format.left_indent = Mm(form.LEFT_HEAD_MM if number else 40)


def _signature(word: WordDocument, official: OfficialDocument) -> None:
    closing = word.paragraphs[-1].paragraph_format
    closing.keep_with_next, closing.space_after = True, Pt(2 * form.GAP_PT)
    left, right = _two_columns(word, form.TEXT_MM * 0.5, form.TEXT_MM * 0.5)
    title = _line(left, "Nơi nhận:", size=form.RECIPIENTS_TITLE_PT, bold=True, italic=True)
    title.alignment = LEFT
    for recipient in official.recipients:
        _line(left, recipient, size=form.RECIPIENTS_PT).alignment = LEFT
    letterhead = official.letterhead
    for line in letterhead.position or ("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ",):
        _line(right, line.upper(), size=form.BODY_PT, bold=True)
    for _ in range(5):  # room for signature and seal
        _line(right, "", size=form.BODY_PT)
    _line(right, letterhead.signer, size=form.BODY_PT, bold=True)


def _two_columns(word: WordDocument, left_mm: float, right_mm: float) -> tuple[_Cell, _Cell]:
    """Put a table without borders; give its cells, which need at least one paragraph each."""
    table = word.add_table(rows=1, cols=2)
    table.autofit = False
    _table_layout(table._tbl.tblPr, margin_mm=0)  # noqa: SLF001 - cell margins have no API
    table._tbl.tr_lst[0].get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001
    cells = table.rows[0].cells
    for cell, column, width in zip(cells, table.columns, (left_mm, right_mm), strict=True):
        cell.width = column.width = Mm(width)
        cell._tc.remove(cell.paragraphs[0]._p)  # noqa: SLF001 - the empty one that comes with it
    return cells[0], cells[1]


def _line(
    place: WordDocument | _Cell,
    text: str,
    *,
    size: float,
    bold: bool = False,
    italic: bool = False,
) -> WordParagraph:
    """Add a centred line."""
    paragraph = place.add_paragraph(style=_HEAD)
    run = paragraph.add_run(xml_text(text))
    run.font.size, run.bold, run.italic = Pt(size), bold or None, italic or None
    return paragraph


def _rule(place: WordDocument | _Cell, length_mm: float, *, within: float) -> None:
    """Draw a line of a length, centred: the upper border of a very low paragraph."""
    paragraph = place.add_paragraph(style=_HEAD)
    layout = paragraph.paragraph_format
    layout.left_indent = layout.right_indent = Mm((within - length_mm) / 2)
    layout.line_spacing, layout.space_before, layout.space_after = Pt(2), Pt(3), Pt(8)
    borders = OxmlElement("w:pBdr")
    borders.append(_element("w:top", val="single", sz="6", space="0", color="000000"))
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - borders have no API
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


# ------------------------------------------------------------------------------ the text


def _add(word: WordDocument, block: Block) -> None:
    match block:
        case Part(text):
            word.add_paragraph(xml_text(text), _PART)
        case Clause(text):
            word.add_paragraph(xml_text(text), _CLAUSE)
        case Item(text):
            word.add_paragraph(xml_text(f"- {text}"), _ITEM)
        case Paragraph(text):
            paragraph = word.add_paragraph(xml_text(text))
            paragraph.paragraph_format.keep_with_next = text.endswith(":") or None
        case Table():
            _table(word, block)


def _annex(word: WordDocument, annex: Annex, official: OfficialDocument) -> None:
    """Begin on a new page, with pages numbered from 1 again."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    _make_low(word.paragraphs[-1])  # it carries the break, and must not need a page of its own
    _page(section)
    numbers = section._sectPr.find(qn("w:pgNumType"))  # noqa: SLF001 - no API
    if numbers is None:
        numbers = _element("w:pgNumType")
        section._sectPr.insert_element_before(  # noqa: SLF001
            numbers, "w:cols", "w:titlePg", "w:docGrid"
        )
    numbers.set(qn("w:start"), "1")
    label = _line(word, annex.label, size=form.BODY_PT, bold=True)
    label.paragraph_format.keep_with_next = True
    _line(word, annex.title, size=form.BODY_PT, bold=True)
    attached = _line(word, official.attached_to, size=form.HEAD_PT, italic=True)
    attached.paragraph_format.space_after = Pt(2 * form.GAP_PT)
    for block in annex.blocks:
        _add(word, block)


# ---------------------------------------------------------------------------------- tables


def _table(word: WordDocument, table: Table) -> None:
    """Write the rows as XML: python-docx searches the whole table for every cell that it adds."""
    widths = [round(column.width_mm * _TWIPS_PER_MM) for column in table.columns]
    element = OxmlElement("w:tbl")
    properties = OxmlElement("w:tblPr")
    properties.append(_element("w:tblStyle", val="TableGrid"))
    properties.append(_element("w:tblW", w=str(sum(widths)), type="dxa"))
    properties.append(_element("w:jc", val="center"))
    _table_layout(properties, margin_mm=1)
    element.append(properties)
    grid = OxmlElement("w:tblGrid")
    grid.extend(_element("w:gridCol", w=str(width)) for width in widths)
    element.append(grid)
    element.append(_header_row(table, widths))
    element.extend(_row(word, row, table, widths) for row in table.rows)
    body = word.element.body
    body.insert(len(body) - 1, element)  # before the section's properties
    _make_low(word.add_paragraph(style=_CELL))


def _make_low(paragraph: WordParagraph) -> None:
    layout = paragraph.paragraph_format
    layout.line_spacing, layout.space_after = Pt(2), Pt(form.GAP_PT / 2)


def _table_layout(properties: Element, *, margin_mm: float) -> None:
    for old in properties.findall(qn("w:tblLayout")):
        properties.remove(old)
    layout = _element("w:tblLayout", type="fixed")
    margins = OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        part = margin_mm if side in {"left", "right"} else margin_mm / 2
        twips = str(round(part * _TWIPS_PER_MM))
        margins.append(_element(f"w:{side}", w=twips, type="dxa"))
    look = properties.find(qn("w:tblLook"))
    for part in (layout, margins):
        if look is None:
            properties.append(part)
        else:
            look.addprevious(part)


def _header_row(table: Table, widths: list[int]) -> Element:
    row, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
    properties.append(_element("w:cantSplit"))
    properties.append(_element("w:tblHeader"))
    row.append(properties)
    for column, width in zip(table.columns, widths, strict=True):
        cell = _cell(width)
        cell.append(_text(column.header, centred=True, bold=True))
        row.append(cell)
    return row


def _row(word: WordDocument, row: Row, table: Table, widths: list[int]) -> Element:
    element, properties = OxmlElement("w:tr"), OxmlElement("w:trPr")
    properties.append(_element("w:cantSplit"))
    element.append(properties)
    if row.is_group:
        cell = _cell(sum(widths), span=len(widths))
        title = _text(row.cells[0].text, centred=False, bold=True)
        title.get_or_add_pPr().insert(1, _element("w:keepNext"))
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
    properties.append(_element("w:tcW", w=str(width), type="dxa"))
    if span > 1:
        properties.append(_element("w:gridSpan", val=str(span)))
    properties.append(_element("w:vAlign", val="center"))
    cell.append(properties)
    return cell


def _text(text: str, *, centred: bool, bold: bool = False, size: float | None = None) -> Element:
    paragraph, run, content = (OxmlElement(name) for name in ("w:p", "w:r", "w:t"))
    properties = OxmlElement("w:pPr")
    properties.append(_element("w:pStyle", val=_STYLE_IDS[_CELL]))
    if not centred:
        properties.append(_element("w:jc", val="left"))
    paragraph.append(properties)
    marks = OxmlElement("w:rPr")
    if bold:
        marks.append(OxmlElement("w:b"))
    if size is not None:
        marks.append(_element("w:sz", val=str(round(2 * size))))
    run.append(marks)
    content.text = xml_text(text)
    run.append(content)
    paragraph.append(run)
    return paragraph


def _element(name: str, **attributes: str) -> Element:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
