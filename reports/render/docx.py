"""A report as a Word file in the form of Nghị định 30/2020/NĐ-CP, to be edited and signed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.office_package import settle, utc_stamp, xml_text
from reports.render import form
from reports.render.document import Clause, Item, Paragraph, Part, Table
from reports.render.official import compose
from reports.render.word_tables import CELL, CELL_ID, add_table, make_low, table_layout, xml

if TYPE_CHECKING:
    import datetime as dt

    from docx.document import Document as WordDocument
    from docx.section import Section
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph as WordParagraph

    from reports.render.document import Annex, Block, OfficialDocument
    from storage.records import Report

FONT = "Times New Roman"
CENTRE, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
_JUSTIFY = WD_ALIGN_PARAGRAPH.JUSTIFY
_PART, _CLAUSE, _ITEM, _HEAD = "Phần", "Khoản", "Gạch đầu dòng", "Thể thức"
_STYLE_IDS = {_PART: "Phan", _CLAUSE: "Khoan", _ITEM: "Gach", _HEAD: "TheThuc", CELL: CELL_ID}


def to_docx(report: Report) -> bytes:
    """Give the file; the same report gives the same bytes, in Vietnamese."""
    return document_to_docx(compose(report), made_at=report.as_of)


def document_to_docx(official: OfficialDocument, *, made_at: dt.datetime) -> bytes:
    """Give an official document as a file; the same document and instant give the same bytes."""
    word = _new_document(official, made_at)
    _head(word, official)
    _title(word, official)
    for block in official.body:
        _add(word, block)
    _signature(word, official)
    for annex in official.annexes:
        _annex(word, annex, official)
    packed = io.BytesIO()
    word.save(packed)
    return settle(packed.getvalue(), made_at=made_at)


# ------------------------------------------------------------------ page, styles, properties


def _new_document(official: OfficialDocument, made_at: dt.datetime) -> WordDocument:
    word = Document()
    _styles(word)
    _page(word.sections[0])
    _page_number(word.sections[0])
    if official.letterhead.standing:
        _warning(word.sections[0], official.letterhead.standing)
    properties = word.core_properties
    properties.title = xml_text(f"{official.name.capitalize()} {official.subject}".strip())[:255]
    properties.author, properties.last_modified_by = xml_text(official.issuer)[:255], "tinbai"
    properties.comments, properties.language = "", "vi-VN"
    properties.created = properties.modified = utc_stamp(made_at)
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
            field = xml("w:fldChar", fldCharType=kind)
        run._element.append(field)  # noqa: SLF001 - python-docx has no fields


def _warning(section: Section, text: str) -> None:
    """Say in the header of the first page, and of each annex's, what a reader must know first."""
    paragraph = section.first_page_header.paragraphs[0]
    paragraph.style = _HEAD
    run = paragraph.add_run(xml_text(text))
    run.font.size, run.font.bold, run.font.color.rgb = Pt(form.HEAD_PT), True, RGBColor(192, 0, 0)
    paragraph.paragraph_format.space_after = Pt(form.GAP_PT)


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
    cell = _style(word, CELL, size=form.TABLE_PT)
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
        style.element.get_or_add_pPr().append(xml("w:outlineLvl", val=str(outline)))
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
    _line(left, form.number_line(letterhead, official.abbreviation), size=form.NUMBER_PT)
    if not official.name:
        about = _line(left, official.subject, size=form.RECIPIENTS_TITLE_PT)
        about.paragraph_format.space_before = Pt(form.GAP_PT)
    _line(right, form.NATION, size=form.HEAD_PT, bold=True)
    _line(right, form.MOTTO, size=form.MOTTO_PT, bold=True)
    _rule(right, form.motto_rule_mm(), within=form.RIGHT_HEAD_MM)
    _line(right, official.dated or form.date_line(letterhead), size=form.BODY_PT, italic=True)


def _title(word: WordDocument, official: OfficialDocument) -> None:
    if official.name:
        name = _line(word, official.name, size=form.BODY_PT, bold=True)
        name.paragraph_format.space_before = Pt(18)
        _line(word, official.subject, size=form.BODY_PT, bold=True)
        length = form.short_rule_mm(official.subject, form.BODY_PT, form.TEXT_MM)
        _rule(word, length, within=form.TEXT_MM)
    addressees = official.letterhead.addressees
    if len(addressees) == 1:
        to = _line(word, f"Kính gửi: {addressees[0]}", size=form.BODY_PT)
        to.paragraph_format.space_before = Pt(form.GAP_PT if official.name else 18)
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
    table_layout(table._tbl.tblPr, margin_mm=0)  # noqa: SLF001 - cell margins have no API
    table._tbl.tr_lst[0].get_or_add_trPr().append(xml("w:cantSplit"))  # noqa: SLF001
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
    borders.append(xml("w:top", val="single", sz="6", space="0", color="000000"))
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
            add_table(word, block)


def _annex(word: WordDocument, annex: Annex, official: OfficialDocument) -> None:
    """Begin on a new page, with pages numbered from 1 again."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    make_low(word.paragraphs[-1])  # it carries the break, and must not need a page of its own
    _page(section)
    numbers = section._sectPr.find(qn("w:pgNumType"))  # noqa: SLF001 - no API
    if numbers is None:
        numbers = xml("w:pgNumType")
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
