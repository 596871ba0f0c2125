"""An office's own Word template: what fills it, and what it may not do."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import docx
import pytest

from reports.render.sample_template import sample_template
from reports.render.word_template import read_template
from storage.errors import InputError
from storage.records import Letterhead

pytest.importorskip("docxtpl", reason="the extra 'template' is not installed")

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from storage.records import LineArticle, Report, ReportLine

HEAD = Letterhead(name="PHÒNG NỘI VỤ", superior="UBND HUYỆN", place="Sông Trầm", symbol="PNV")
NOW = dt.datetime(2022, 10, 1, tzinfo=dt.UTC)


@pytest.fixture
def template(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a template from paragraphs and the rows of a table."""

    def write(*paragraphs: str, rows: Sequence[Sequence[str]] = ()) -> Path:
        word = docx.Document()
        for text in paragraphs:
            word.add_paragraph(text)
        if rows:
            table = word.add_table(rows=0, cols=len(rows[0]))
            for row in rows:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
        path = tmp_path / "mau.docx"
        word.save(str(path))
        return path

    return write


def text_of(data: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs]


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_template(path)
    return str(caught.value)


def test_rows_and_paragraphs_are_repeated_and_text_stays_text(
    template: Callable[..., Path],
    rendered_report: Callable[..., Report],
    rendered_line: Callable[..., ReportLine],
) -> None:
    path = template(
        "{{ co_quan }}: {{ so_don_vi }} đơn vị",
        "{%p for dv in don_vi %}",
        "{{ dv.tt }}. {{ dv.ten }}{% if dv.dong[0].chua_dat %} (chưa đạt){% endif %}",
        "{%p endfor %}",
        rows=(
            ("{%tr for d in dong %}", ""),
            ("{{ d.don_vi }}", "{{ d.xac_minh }}"),
            ("{%tr endfor %}", ""),
        ),
    )
    odd = "Xã <Đông> & “{{ tong }}” {% x"
    report = rendered_report()
    lines = (rendered_line(unit="X", unit_name=odd), *report.lines[1:])
    filled = read_template(path).fill(replace(report, lines=lines))
    assert text_of(filled) == [
        "PHÒNG NỘI VỤ HUYỆN SÔNG TRẦM: 3 đơn vị",
        f"1. {odd} (chưa đạt)",
        "2. UBND xã Đông Trầm",
        "3. UBND xã Tây Trầm",
    ]
    (table,) = docx.Document(io.BytesIO(filled)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        [odd, "2"],
        ["UBND xã Đông Trầm", "≥ 1"],
        ["UBND xã Tây Trầm", "không rõ"],
    ]


def test_the_sample_is_filled_alike_twice_and_keeps_head_and_annexes(
    tmp_path: Path, planned_report: Report
) -> None:
    path = tmp_path / "mau.docx"
    path.write_bytes(sample_template(HEAD, "Phòng Nội vụ", made_at=NOW))
    filled = read_template(path)
    signed = replace(HEAD, number="15/BC-PNV", signed_on=dt.date(2022, 10, 5))
    report = replace(planned_report, letterhead=signed)
    data = filled.fill(report)
    assert data == read_template(path).fill(report)
    word = docx.Document(io.BytesIO(data))
    head = " ".join(cell.text for cell in word.tables[0].rows[0].cells)
    assert "Số: 15/BC-PNV" in head
    assert "Sông Trầm, ngày 05 tháng 10 năm 2022" in head
    assert len(word.tables[3].rows) == 1 + len(report.lines)
    whole = " ".join(
        [*text_of(data), *(c.text for t in word.tables for r in t.rows for c in r.cells)]
    )
    assert "{{" not in whole
    assert "{%" not in whole


def test_every_wrong_name_is_told_at_once_with_the_nearest_even_in_a_branch_not_taken(
    template: Callable[..., Path],
) -> None:
    told = refusal(
        template(
            "{{ co_qan }}",
            "{%p for d in dong %}",
            "{% if d.dat %}{{ d.xac_min }}{% else %}{{ d.ket_qa }}{% endif %}",
            "{%p endfor %}",
            "{% if not phat_hien %}{{ khong_co }}{% endif %}",
        )
    )
    assert "mau.docx" in told
    assert "không có ô điền “khong_co”" in told
    assert "không có ô điền “co_qan”; gần giống: “co_quan”" in told
    assert "không có ô điền “xac_min”; gần giống: “xac_minh”" in told
    assert "không có ô điền “ket_qa”; gần giống: “ket_qua”" in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{{ co_quan.__class__.__mro__ }}", "__class__"),
        ("{{ dong.items }}", "items"),
        ("{{ co_quan.upper() }}", "gọi lệnh gần “{{ co_quan.upper() }}”"),
        ("{{ 'a' * 1000000000 }}", "tính toán"),
        ("{{ range(3) }}", "gọi lệnh"),
        ("{% include 'mat-khau' %}", "gọi lệnh"),
        ("{% autoescape false %}{{ co_quan }}{% endautoescape %}", "gọi lệnh"),
        ("{{ co_quan|safe }}", "bộ lọc “safe”"),
        ("{{ co_quan|attr('x') }}", "bộ lọc “attr”"),
        ("{{ dong }}", "danh sách"),
        ("{% if so_don_vi > 3 %}x{% endif %}", "không so lớn bé"),
        ("{% for d in dong %}{{ d.nhom }}", "thiếu {% endfor %}"),
        ("{{ co_quan", "sai cú pháp gần “{{ co_quan”"),
    ],
)
def test_a_template_shows_repeats_and_chooses_and_does_nothing_else(
    template: Callable[..., Path], text: str, told: str
) -> None:
    assert told in refusal(template(text))


def test_what_is_no_word_file_is_refused_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "mau.docx"
    assert "Không đọc được mẫu" in refusal(path)
    path.write_bytes(b"PK nothing")
    assert "bị hỏng" in refusal(path)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", "<x/>")
    assert "bị hỏng" in refusal(path)


def test_values_may_not_smuggle_commands_into_a_template(
    template: Callable[..., Path],
    rendered_report: Callable[..., Report],
    rendered_article: Callable[..., LineArticle],
    rendered_line: Callable[..., ReportLine],
) -> None:
    title = "{{ co_quan }}</w:t><w:t>\x07\n{_{ x }_}"
    article = rendered_article(1, title=title)
    report = rendered_report(lines=(rendered_line(articles=(article,)),))
    path = template("{%p for b in bai %}", "{{ b.tieu_de }}", "{%p endfor %}")
    (shown,) = text_of(read_template(path).fill(report))
    assert "{{ co_quan }}</w:t><w:t>" in shown
