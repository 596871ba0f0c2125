"""The Word report in the form of Nghị định 30/2020/NĐ-CP, Phụ lục I, read back with python-docx."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt

from reports.render import form
from reports.render.docx import to_docx
from reports.render.typeface import BOLD, width_mm
from storage import language
from storage.language import Language
from storage.records import Letterhead

if TYPE_CHECKING:
    from collections.abc import Callable

    from storage.records import LineArticle, Report, ReportLine

    Make = Callable[..., Report]

SIGNED = Letterhead(
    superior="UBND huyện Sông Trầm",
    name="Phòng Nội vụ",
    symbol="PNV",
    place="Sông Trầm",
    addressees=("UBND huyện Sông Trầm",),
    grounds=("Kế hoạch số 24/KH-UBND", "Quyết định số 5/QĐ-UBND"),
    position=("KT. Trưởng phòng", "Phó Trưởng phòng"),
    signer="Nguyễn Văn A",
    recipients=("UBND các xã",),
    drafter="PNV",
)


def _word(report: Report) -> Any:  # noqa: ANN401 - python-docx's factory
    return docx.Document(io.BytesIO(to_docx(report)))


def _said(word: Any) -> str:  # noqa: ANN401 - as above
    return "\n".join(text.text or "" for text in word.element.iter(qn("w:t")))


def test_the_paper_is_a4_with_the_margins_of_the_decree(rendered_report: Make) -> None:
    for section in _word(rendered_report()).sections:
        paper = (section.page_width, section.page_height)
        assert [round(side.mm, 1) for side in paper] == [210, 297]
        for margin, least, most in (
            (section.top_margin, 20, 25),
            (section.bottom_margin, 20, 25),
            (section.left_margin, 30, 35),
            (section.right_margin, 15, 20),
        ):
            assert least <= round(margin.mm, 1) <= most


def test_the_text_is_times_new_roman_14_justified_and_indented(rendered_report: Make) -> None:
    word = _word(rendered_report())
    normal = word.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")} == {
        "Times New Roman"
    }
    assert normal.font.size == Pt(14)
    assert str(normal.font.color.rgb) == "000000"
    assert round(normal.paragraph_format.first_line_indent.mm, 1) == 12.7
    assert normal.paragraph_format.space_after >= Pt(6)
    assert 1.0 <= normal.paragraph_format.line_spacing <= 1.5
    defaults = word.styles.element.find(qn("w:docDefaults"))
    assert not [font for font in defaults.iter(qn("w:rFonts")) if font.attrib]


def test_pages_are_numbered_at_the_top_from_the_second_and_anew_in_each_annex(
    rendered_report: Make,
) -> None:
    word = _word(rendered_report())
    main, *annexes = word.sections
    assert len(annexes) == 3
    assert "PAGE" in main.header._element.xpath("string(.//w:instrText)")  # noqa: SLF001
    assert all(section.different_first_page_header_footer for section in word.sections)
    assert not main.first_page_header.paragraphs[0].text
    for annex in annexes:
        assert annex.header.is_linked_to_previous
        assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"  # noqa: SLF001


def test_the_head_has_agencies_and_number_left_and_the_motto_right(rendered_report: Make) -> None:
    left, right = _word(rendered_report(letterhead=SIGNED)).tables[0].rows[0].cells
    texts = [(p.text, p.runs[0].bold, p.runs[0].font.size) for p in left.paragraphs if p.text]
    assert texts == [
        ("UBND HUYỆN SÔNG TRẦM", None, Pt(13)),
        ("PHÒNG NỘI VỤ", True, Pt(13)),
        ("Số: ...../BC-PNV", None, Pt(13)),
    ]
    nation, motto, day = (p for p in right.paragraphs if p.text)
    assert nation.text == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert motto.text == "Độc lập - Tự do - Hạnh phúc"
    assert nation.runs[0].bold
    assert motto.runs[0].bold
    assert day.runs[0].italic
    assert day.text == "Sông Trầm, ngày ..... tháng ..... năm ....."


def test_the_rules_are_as_long_as_the_decree_says(rendered_report: Make) -> None:
    word = _word(rendered_report(letterhead=SIGNED))
    left, right = word.tables[0].rows[0].cells
    issuer = width_mm("PHÒNG NỘI VỤ", 13, BOLD)
    motto = width_mm("Độc lập - Tự do - Hạnh phúc", 14, BOLD)
    assert issuer / 3 <= _rule_mm(left, form.LEFT_HEAD_MM) <= issuer / 2
    assert abs(_rule_mm(right, form.RIGHT_HEAD_MM) - motto) < 0.5
    assert form.TEXT_MM / 3 <= _rule_mm(word, form.TEXT_MM) <= form.TEXT_MM / 2


def _rule_mm(place: Any, within: float) -> float:  # noqa: ANN401 - a cell or the document
    (rule,) = (p for p in place.paragraphs if p._p.xpath("./w:pPr/w:pBdr"))  # noqa: SLF001
    layout = rule.paragraph_format
    return within - float(layout.left_indent.mm) - float(layout.right_indent.mm)


def test_number_day_and_signature_are_left_open(rendered_report: Make) -> None:
    said = _said(_word(rendered_report()))
    assert "Số: ...../BC-....." in said
    assert "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ" in said
    assert "PHÒNG NỘI VỤ HUYỆN SÔNG TRẦM" in said


def test_who_signs_and_who_receives_stand_side_by_side(rendered_report: Make) -> None:
    word = _word(rendered_report(letterhead=SIGNED))
    table = next(t for t in word.tables if t.rows[0].cells[0].text.startswith("Nơi nhận:"))
    left, right = table.rows[0].cells
    assert left.text.splitlines() == [
        "Nơi nhận:", "- Như trên;", "- UBND các xã;", "- Lưu: VT, PNV.",
    ]  # fmt: skip
    title, *recipients = left.paragraphs
    assert (title.runs[0].bold, title.runs[0].italic, title.runs[0].font.size) == (
        True, True, Pt(12),
    )  # fmt: skip
    assert {p.runs[0].font.size for p in recipients} == {Pt(11)}
    lines = [line for line in right.text.splitlines() if line]
    assert lines == ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "Nguyễn Văn A"]
    assert right.paragraphs[-1].runs[0].bold


def test_grounds_end_with_semicolons_and_a_full_stop_and_the_text_with_its_mark(
    rendered_report: Make,
) -> None:
    word = _word(rendered_report(letterhead=SIGNED))
    grounds = [p for p in word.paragraphs if p.text.startswith("Căn cứ")]
    assert [p.text[-1] for p in grounds] == [";", "."]
    assert all(p.runs[0].italic for p in grounds)
    texts = [p.text for p in word.paragraphs]
    assert "Kính gửi: UBND huyện Sông Trầm" in texts
    (closing,) = (text for text in texts if text.startswith("Trên đây"))
    assert closing.endswith("kính báo cáo UBND huyện Sông Trầm./.")


def test_several_addressees_stand_below_each_other(rendered_report: Make) -> None:
    letterhead = replace(SIGNED, addressees=("Sở Nội vụ", "UBND huyện"))
    texts = [p.text for p in _word(rendered_report(letterhead=letterhead)).paragraphs]
    start = texts.index("Kính gửi:")
    assert texts[start + 1 : start + 3] == ["- Sở Nội vụ;", "- UBND huyện."]


def test_every_table_of_figures_repeats_its_header_and_splits_no_row(rendered_report: Make) -> None:
    tables = [t for t in _word(rendered_report()).tables if t.style.name == "Table Grid"]
    assert len(tables) == 4
    for table in tables:
        rows = table._tbl.tr_lst  # noqa: SLF001
        assert rows[0].xpath("./w:trPr/w:tblHeader")
        assert all(row.xpath("./w:trPr/w:cantSplit") for row in rows)
        widths = [int(grid.get(qn("w:w"))) for grid in table._tbl.tblGrid]  # noqa: SLF001
        assert abs(sum(widths) - form.TEXT_MM * 1440 / 25.4) < len(widths)


def test_annexes_are_numbered_and_say_what_they_belong_to(rendered_report: Make) -> None:
    texts = [p.text for p in _word(rendered_report(letterhead=SIGNED)).paragraphs]
    for roman in ("I", "II", "III"):
        start = texts.index(f"PHỤ LỤC {roman}")
        assert texts[start + 1].isupper()
        assert texts[start + 2].startswith("(Kèm theo Báo cáo số ...../BC-PNV ngày .....")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.test", ""])
def test_only_whole_web_addresses_become_links(
    rendered_report: Make,
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
    url: str,
) -> None:
    good = rendered_article(1)
    line = rendered_line(articles=(good, rendered_article(2, url=url)))
    word = _word(rendered_report(lines=(line,), unowned=(), findings=()))
    links = [r.target_ref for r in word.part.rels.values() if r.reltype.endswith("/hyperlink")]
    assert links == [good.url]


def test_whatever_stands_in_a_title_is_text(
    rendered_report: Make,
    rendered_line: Callable[..., ReportLine],
    rendered_article: Callable[..., LineArticle],
) -> None:
    hostile = "=1+1 </w:t><w:r> & \x00\x0b\ufffe “\u202e” 🎉"
    line = rendered_line(articles=(rendered_article(1, title=hostile),), unit_name=hostile)
    word = _word(rendered_report(lines=(line,), office=hostile, notes=(hostile,)))
    assert "=1+1 </w:t><w:r> &" in _said(word)


def test_a_report_without_units_is_still_a_document(rendered_report: Make) -> None:
    said = _said(_word(rendered_report(lines=(), findings=(), unowned=(), tags=())))
    assert "Không phát hiện chênh lệch." in said
    assert "Kiểm tra 0 đơn vị." in said


def test_the_document_is_vietnamese_whoever_asks_for_it(rendered_report: Make) -> None:
    report = rendered_report()
    with language.speaking(Language.EN):
        assert to_docx(report) == to_docx(report)
        said = _said(_word(report))
    assert "Chưa đạt" in said
    assert "Short" not in said


def test_the_package_knows_no_present_time(rendered_report: Make) -> None:
    with zipfile.ZipFile(io.BytesIO(to_docx(rendered_report()))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
    assert core.count("2022-10-01T16:30:00Z") == 2
