"""A report as a PDF for reading: the blocks of the Word report, with links, on any machine."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    HRFlowable,
    KeepTogether,
    LongTable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

from reports.links import is_web_address
from reports.office_package import xml_text
from reports.render import form, typeface
from reports.render.document import Clause, Item, Paragraph, Part, Side, Table
from reports.render.official import compose
from reports.render.typeface import BOLD, BOLD_ITALIC, FAMILY, ITALIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reports.render.document import Annex, Block, Cell, Column, OfficialDocument, Row
    from storage.records import Report

Canvas: TypeAlias = Any
"""reportlab publishes no types."""

_MISSING_LETTER = "□"
"""Stands for what the typeface cannot draw (emoji, Chinese …)."""
_PADDING_PT = 2.0
_FOOT_PT = 8.0
_READING_COPY = "Bản để đọc; văn bản có giá trị là bản đã ký ban hành."


def to_pdf(report: Report) -> bytes:
    """Give the file; the same report gives the same bytes, in Vietnamese."""
    typeface.register()
    official = compose(report)
    out = io.BytesIO()
    template = _Numbered(
        out,
        pagesize=tuple(size * mm for size in form.PAGE_MM),
        title=f"Báo cáo {official.subject}",
        author=official.issuer,
        lang="vi",
        invariant=1,  # no present time, no random id
    )
    frame = Frame(
        form.LEFT_MM * mm,
        form.BOTTOM_MM * mm,
        form.TEXT_MM * mm,
        (form.PAGE_MM[1] - form.TOP_MM - form.BOTTOM_MM) * mm,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    foot = f"{_READING_COPY} {official.footnote}"
    first, later = partial(_decorate, foot, numbered=False), partial(_decorate, foot, numbered=True)
    template.addPageTemplates(
        [
            PageTemplate("first", [frame], onPage=first),
            PageTemplate("later", [frame], onPage=later),
        ]
    )
    template.build(list(_story(official)))
    return out.getvalue()


class _Numbered(BaseDocTemplate):  # type: ignore[misc]  # reportlab publishes no types
    """Numbers the pages of each part from 1: the report, then every annex."""

    part_starts_at = 0

    def handle_flowable(self, flowables: list[Flowable]) -> None:
        if flowables and isinstance(flowables[0], _NewPart):
            self.part_starts_at = self.page - 1
        super().handle_flowable(flowables)


class _NewPart(Spacer):  # type: ignore[misc]  # as above
    """Marks the first page of an annex."""


def _decorate(foot: str, canvas: Canvas, template: _Numbered, *, numbered: bool) -> None:
    canvas.saveState()
    if numbered:
        canvas.setFont(FAMILY, form.BODY_PT)
        place = form.PAGE_MM[1] - form.PAGE_NUMBER_MM - 2
        number = canvas.getPageNumber() - template.part_starts_at
        canvas.drawCentredString(form.PAGE_MM[0] / 2 * mm, place * mm, str(number))
    canvas.setFont(ITALIC, _FOOT_PT)
    canvas.drawString(form.LEFT_MM * mm, form.PAGE_NUMBER_MM * mm, _drawable(foot))
    canvas.restoreState()


# ----------------------------------------------------------------------------- the story


def _story(official: OfficialDocument) -> Iterator[Flowable]:
    yield NextPageTemplate("later")
    if official.letterhead.standing:
        yield _line(official.letterhead.standing, size=form.HEAD_PT, face=BOLD)
        yield Spacer(0, form.GAP_PT)
    yield _head(official)
    yield from _title(official)
    for block in official.body[:-1]:
        yield from _block(block)
    yield KeepTogether([*_block(official.body[-1]), _signature(official)])
    for annex in official.annexes:
        yield from _annex(annex, official)


def _head(official: OfficialDocument) -> Flowable:
    letterhead, issuer = official.letterhead, official.issuer.upper()
    left: list[Flowable] = []
    if letterhead.superior:
        left.append(_line(letterhead.superior.upper(), size=form.ISSUER_PT))
    left += [
        _line(issuer, size=form.ISSUER_PT, face=BOLD),
        _rule(form.short_rule_mm(issuer, form.ISSUER_PT, form.LEFT_HEAD_MM)),
        _line(
            form.number_line(letterhead, official.abbreviation),
            size=form.NUMBER_PT,
        ),
    ]
    right = [
        _line(form.NATION, size=form.HEAD_PT, face=BOLD),
        _line(form.MOTTO, size=form.MOTTO_PT, face=BOLD),
        _rule(form.motto_rule_mm()),
        _line(form.date_line(letterhead), size=form.BODY_PT, face=ITALIC),
    ]
    return _side_by_side(left, right, form.LEFT_HEAD_MM, form.RIGHT_HEAD_MM)


def _title(official: OfficialDocument) -> Iterator[Flowable]:
    yield Spacer(0, 18)
    yield _line(official.name, size=form.BODY_PT, face=BOLD)
    yield _line(official.subject, size=form.BODY_PT, face=BOLD)
    yield _rule(form.short_rule_mm(official.subject, form.BODY_PT, form.TEXT_MM))
    addressees = official.letterhead.addressees
    if len(addressees) == 1:
        yield _line(f"Kính gửi: {addressees[0]}", size=form.BODY_PT)
    elif addressees:
        ends = [*(";" for _ in addressees[1:]), "."]
        named = [f"- {name}{end}" for name, end in zip(addressees, ends, strict=True)]
        for text in ("Kính gửi:", *named):
            yield _line(text, size=form.BODY_PT)
    yield Spacer(0, 2 * form.GAP_PT)
    grounds = official.letterhead.grounds
    for number, ground in enumerate(grounds, start=1):
        end = "." if number == len(grounds) else ";"
        yield _running(f"Căn cứ {ground}{end}", face=ITALIC)


def _signature(official: OfficialDocument) -> Flowable:
    title = _line("Nơi nhận:", size=form.RECIPIENTS_TITLE_PT, face=BOLD_ITALIC, align=TA_LEFT)
    named = [_line(text, size=form.RECIPIENTS_PT, align=TA_LEFT) for text in official.recipients]
    letterhead = official.letterhead
    positions = letterhead.position or ("QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ",)
    signing = [_line(text.upper(), size=form.BODY_PT, face=BOLD) for text in positions]
    signing += [Spacer(0, 5 * form.BODY_PT), _line(letterhead.signer, size=form.BODY_PT, face=BOLD)]
    return _side_by_side([title, *named], signing, form.TEXT_MM / 2, form.TEXT_MM / 2)


def _annex(annex: Annex, official: OfficialDocument) -> Iterator[Flowable]:
    yield NextPageTemplate("first")
    yield PageBreak()
    yield NextPageTemplate("later")
    yield _NewPart(0, 0)
    yield _line(annex.label, size=form.BODY_PT, face=BOLD)
    yield _line(annex.title, size=form.BODY_PT, face=BOLD)
    yield _line(official.attached_to, size=form.HEAD_PT, face=ITALIC)
    yield Spacer(0, 2 * form.GAP_PT)
    for block in annex.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Flowable]:
    match block:
        case Part(text) | Clause(text):
            yield CondPageBreak(3 * form.BODY_PT * form.LINE_SPACING)
            yield _running(text, face=BOLD, keep=True)
        case Item(text):
            yield _running(f"- {text}")
        case Paragraph(text):
            yield _running(text, keep=text.endswith(":"))
        case Table():
            yield _table(block)


# ----------------------------------------------------------------------- lines and tables


def _running(text: str, *, face: str = FAMILY, keep: bool = False) -> Flowable:
    style = ParagraphStyle(
        "running",
        fontName=face,
        fontSize=form.BODY_PT,
        leading=form.BODY_PT * 1.15 * form.LINE_SPACING,  # a line of the typeface is 1.15 high
        alignment=TA_JUSTIFY,
        firstLineIndent=form.INDENT_MM * mm,
        spaceAfter=form.GAP_PT,
        keepWithNext=keep,
        splitLongWords=1,
    )
    return Text(_markup(text), style)


def _line(text: str, *, size: float, face: str = FAMILY, align: int = TA_CENTER) -> Flowable:
    style = ParagraphStyle(
        "line", fontName=face, fontSize=size, leading=size * 1.15, alignment=align
    )
    return Text(_markup(text) or "&nbsp;", style)


def _rule(length_mm: float) -> Flowable:
    return HRFlowable(
        width=length_mm * mm, thickness=0.75, color="black", spaceBefore=3, spaceAfter=8
    )


def _side_by_side(
    left: list[Flowable], right: list[Flowable], left_mm: float, right_mm: float
) -> Flowable:
    bare = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("ALIGN", (0, 0), (-1, -1), "CENTER"),
            *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP")),
        ]
    )
    return Grid([[left, right]], colWidths=[left_mm * mm, right_mm * mm], style=bare)


def _table(table: Table) -> Flowable:
    widths = [column.width_mm * mm for column in table.columns]
    head = ParagraphStyle(
        "head", fontName=BOLD, fontSize=form.TABLE_PT - 1, leading=form.TABLE_PT * 1.1,
        alignment=TA_CENTER, splitLongWords=1,
    )  # fmt: skip
    rows = [[Text(_markup(column.header), head) for column in table.columns]]
    groups = []
    for number, row in enumerate(table.rows, start=1):
        if row.is_group:
            groups.append(number)
        rows.append(_row(row, table))
    style = [
        ("FONT", (0, 0), (-1, -1), FAMILY, form.TABLE_PT),
        ("ALIGN", (0, 0), (-1, -1), "CENTER"),
        ("GRID", (0, 0), (-1, -1), 0.5, "black"),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, 0), (-1, -1), _PADDING_PT) for side in _SIDES),
        *(("SPAN", (0, number), (-1, number)) for number in groups),
        *(("NOSPLIT", (0, number), (0, number + 1)) for number in groups),
    ]
    return LongTable(
        rows, colWidths=widths, repeatRows=1, style=TableStyle(style), spaceAfter=form.GAP_PT
    )


_SIDES = ("LEFT", "RIGHT", "TOP", "BOTTOM")


def _row(row: Row, table: Table) -> list[Any]:
    if row.is_group:
        style = _cell_style(BOLD, TA_LEFT)
        rest = [""] * (len(table.columns) - 1)
        return [Text(_markup(row.cells[0].text), style), *rest]
    return [_content(cell, column) for cell, column in zip(row.cells, table.columns, strict=True)]


def _content(cell: Cell, column: Column) -> Any:  # noqa: ANN401 - a flowable or a text
    """Give plain text where it fits on a line: that is most cells, and ten times as fast."""
    text = _drawable(cell.text)
    room = column.width_mm - 2 * _PADDING_PT * typeface.MM_PER_POINT
    is_plain = cell.link is None and cell.small is None and column.side is Side.CENTRE
    if is_plain and typeface.width_mm(text, form.TABLE_PT) <= room:
        return text
    return Text(_cell_markup(cell), _cell_style(FAMILY, _ALIGN[column.side]))


_ALIGN = {Side.LEFT: TA_LEFT, Side.CENTRE: TA_CENTER}


def _cell_style(face: str, align: int) -> ParagraphStyle:
    return ParagraphStyle(
        "cell", fontName=face, fontSize=form.TABLE_PT, leading=form.TABLE_PT * 1.15,
        alignment=align, splitLongWords=1,
    )  # fmt: skip


def _cell_markup(cell: Cell) -> str:
    text = _markup(cell.text)
    if cell.link is not None and is_web_address(cell.link):
        text = f'<a href="{_attribute(cell.link)}">{text}</a>'
    if cell.small is not None:
        text += f'<br/><font size="{form.SMALL_PT:g}">{_markup(cell.small)}</font>'
    return text


def _markup(text: str) -> str:
    """Give a text that reportlab takes for nothing but text."""
    return escape(_drawable(text))


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _drawable(text: str) -> str:
    letters = typeface.letters()
    return "".join(c if ord(c) in letters else _MISSING_LETTER for c in xml_text(text))
