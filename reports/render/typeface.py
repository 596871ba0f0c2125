"""The typeface of the PDF, and how wide a text is in it.

Liberation Serif has the widths of Times New Roman, which Nghị định 30/2020/NĐ-CP asks for and
which may not be shipped with a program; so what is measured here also holds in Word.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts"
FAMILY, BOLD, ITALIC, BOLD_ITALIC = "Serif", "Serif-Bold", "Serif-Italic", "Serif-BoldItalic"
MM_PER_POINT = 25.4 / 72

_FILES = {
    FAMILY: "LiberationSerif-Regular.ttf",
    BOLD: "LiberationSerif-Bold.ttf",
    ITALIC: "LiberationSerif-Italic.ttf",
    BOLD_ITALIC: "LiberationSerif-BoldItalic.ttf",
}


@cache
def register() -> None:
    """Make the four faces known to reportlab, once in a process."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, FOLDER / file))
    pdfmetrics.registerFontFamily(
        FAMILY, normal=FAMILY, bold=BOLD, italic=ITALIC, boldItalic=BOLD_ITALIC
    )


def width_mm(text: str, size_pt: float, face: str = FAMILY) -> float:
    """Give the width of a line of text in millimetres."""
    register()
    return float(pdfmetrics.stringWidth(text, face, size_pt)) * MM_PER_POINT


@cache
def letters(face: str = FAMILY) -> frozenset[int]:
    """Give the code points that the typeface can draw."""
    register()
    return frozenset(pdfmetrics.getFont(face).face.charToGlyph)
