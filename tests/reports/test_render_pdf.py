"""The PDF for reading: its typeface travels with it, it links, it repeats headers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pdfplumber

from reports.render.pdf import to_pdf
from reports.render.typeface import BOLD, BOLD_ITALIC, FAMILY, ITALIC, letters

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine

VIETNAMESE = (
    "aàáảãạăằắẳẵặâầấẩẫậbcdđeèéẻẽẹêềếểễệghiìíỉĩịklmnoòóỏõọôồốổỗộơờớởỡợpqrstuùúủũụưừứửữựvxyỳýỷỹỵ"
)


def test_every_vietnamese_letter_can_be_drawn_in_each_face() -> None:
    for face in (FAMILY, BOLD, ITALIC, BOLD_ITALIC):
        drawable = letters(face)
        wanted = VIETNAMESE + VIETNAMESE.upper() + "0123456789≥≤−—–…“”‘’%/(),.;:·"
        assert [c for c in wanted if ord(c) not in drawable] == []


def test_the_typeface_is_inside_and_pages_are_numbered_from_the_second(
    rendered_report: Callable[..., Report],
) -> None:
    with pdfplumber.open(io.BytesIO(to_pdf(rendered_report()))) as pdf:
        fonts = {char["fontname"].split("+")[-1] for page in pdf.pages for char in page.chars}
        tops = [_number_at_the_top(page) for page in pdf.pages]
    assert all(font.startswith("LiberationSerif") for font in fonts)
    annexes = 3  # of one page each
    assert tops[0] == ""
    assert tops[1:-annexes] == [str(n) for n in range(2, len(tops) - annexes + 1)]
    assert tops[-annexes:] == [""] * annexes


def _number_at_the_top(page: object) -> str:
    top = page.crop((0, 0, page.width, 50))  # type: ignore[attr-defined]
    return str(top.extract_text() or "").strip()


def test_a_long_list_repeats_its_header_and_links_to_web_addresses_only(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    articles = tuple(
        rendered_article(n, day=None, url="http://dongtram.test/tin/1") for n in range(1, 61)
    )
    bad = rendered_article(99, day=None, url="javascript:alert(1)")
    line = rendered_line(articles=(*articles, bad))
    report = rendered_report(lines=(line,), findings=(), unowned=())
    with pdfplumber.open(io.BytesIO(to_pdf(report))) as pdf:
        heads = sum("Tính cho" in (page.extract_text() or "") for page in pdf.pages)
        links = {link["uri"] for page in pdf.pages for link in page.hyperlinks}
    assert heads > 1
    assert links == {"http://dongtram.test/tin/1"}


def test_what_the_typeface_cannot_draw_is_shown_as_missing_and_markup_is_text(
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    title = "<b>Đậm</b> &amp; 🎉 \x00 <font size=90>"
    line = rendered_line(articles=(rendered_article(1, title=title),))
    with pdfplumber.open(io.BytesIO(to_pdf(rendered_report(lines=(line,))))) as pdf:
        said = " ".join(page.extract_text() or "" for page in pdf.pages)
    assert "<b>Đậm</b> &amp; □" in said
