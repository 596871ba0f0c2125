"""The measures of an official document: Nghị định 30/2020/NĐ-CP, Phụ lục I.

Where the decree leaves a range, the choice within it is made here, once for Word and PDF.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.render.typeface import BOLD, width_mm

if TYPE_CHECKING:
    import datetime as dt

    from storage.records import Letterhead

PAGE_MM = (210.0, 297.0)
"""A4, upright."""
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 20.0, 20.0, 30.0, 15.0
"""20–25, 20–25, 30–35, 15–20."""
TEXT_MM = PAGE_MM[0] - LEFT_MM - RIGHT_MM
"""Width of the lines."""
PAGE_NUMBER_MM = 10.0
"""From the paper's edge: centred in the top margin, from the second page on."""

BODY_PT, HEAD_PT, MOTTO_PT, ISSUER_PT = 14.0, 13.0, 14.0, 13.0
"""Text 13–14; quốc hiệu 12–13; tiêu ngữ 13–14; agencies 12–13."""
NUMBER_PT, RECIPIENTS_TITLE_PT, RECIPIENTS_PT = 13.0, 12.0, 11.0
"""Số, ký hiệu 13; 'Nơi nhận:' 12; its list 11."""
TABLE_PT, SMALL_PT = 11.0, 9.0
"""In tables; the decree sets no size for them."""
INDENT_MM = 12.7
"""First line: 10 or 12,7."""
GAP_PT, LINE_SPACING = 6.0, 1.15
"""Between paragraphs at least 6; between lines single to 1,5."""

LEFT_HEAD_MM = 66.0
RIGHT_HEAD_MM = TEXT_MM - LEFT_HEAD_MM
"""The two halves of the head, 40 : 60; quốc hiệu at 13 points is 95,7 wide."""

NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
BLANK = "....."
"""Number, day, month, year: given by the registry (văn thư) after signature."""

_ZERO_BEFORE = 2
"""January and February have a zero in front (Phụ lục I, mục II.4)."""

_SHORT_RULE = 0.4
"""Below agency and subject the rule is a third to a half of the text."""


def motto_rule_mm() -> float:
    """Give the length of the rule below the motto: that of its text."""
    return width_mm(MOTTO, MOTTO_PT, BOLD)


def short_rule_mm(text: str, size_pt: float, line_mm: float) -> float:
    """Give the length of the rule below an agency or a subject."""
    return _SHORT_RULE * min(width_mm(text, size_pt, BOLD), line_mm)


def number_line(head: Letterhead, abbreviation: str) -> str:
    """Give 'Số: …', open until the registry has given a number; a công văn has no abbreviation."""
    kind = f"{abbreviation}-" if abbreviation else ""
    return f"Số: {head.number or f'{BLANK}/{kind}{head.symbol or BLANK}'}"


def date_line(head: Letterhead) -> str:
    """Give place and day of signing; a day below 10 has a zero in front."""
    return f"{head.place or BLANK * 3}, {date_words(head.signed_on)}"


def date_words(day: dt.date | None) -> str:
    """Give 'ngày 05 tháng 02 năm 2026'; open where there is no day yet."""
    if day is None:
        return f"ngày {BLANK} tháng {BLANK} năm {BLANK}"
    month = f"{day.month:02}" if day.month <= _ZERO_BEFORE else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"
