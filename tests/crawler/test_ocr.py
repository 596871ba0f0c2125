"""Scans: read by the machine's tesseract where it is there, and told as such; else as ever."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import reports.render.typeface
from crawler import apart, ocr
from crawler.attachments import DocumentText, heading, read_by_machine
from crawler.ocr import PageText, page_text
from crawler.pages.captured import CapturedPage
from crawler.waiting import read_attachment
from storage.records import Attachment, AttachmentState, Disposition

if TYPE_CHECKING:
    from collections.abc import Callable

FACE = Path(reports.render.typeface.__file__).parent / "fonts" / "LiberationSerif-Regular.ttf"
SCAN = DocumentText(AttachmentState.SCAN)
PAGE = "Ủy ban nhân dân xã công bố thủ tục hành chính mới ban hành."
TABLE = """\
level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
1\t1\t0\t0\t0\t0\t0\t0\t100\t100\t-1\t
5\t1\t1\t1\t1\t1\t0\t0\t9\t9\t96.5\tThông
5\t1\t1\t1\t2\t1\t0\t0\t9\t9\t93.5\t"báo
5\t1\t1\t2\t1\t1\t0\t0\t9\t9\t80\tĐiều
5\t1\t1\t2\t1\t2\t0\t0\t9\t9\t90\t
"""


def test_words_are_put_together_by_paragraph_with_their_mean_confidence() -> None:
    assert page_text(TABLE) == PageText(('Thông "báo', "Điều"), 90.0)
    assert page_text("") == PageText((), 0.0)


def test_the_text_of_a_scan_says_what_read_it_and_how_surely() -> None:
    found = read_by_machine([PageText((PAGE,), 91.4), PageText(("[ ~~",), 12.0)], reader="t 5, vie")
    assert found == DocumentText(
        AttachmentState.READ, PAGE, "OCR: t 5, vie, 91 % sure, 1 pages, cut"
    )
    attachment = Attachment(
        url="http://a.test/qd.pdf", title=None, state=found.state, reason=found.reason
    )
    assert heading(attachment) == "[Tệp đính kèm, chữ máy đọc từ bản quét: qd.pdf]"


@pytest.mark.parametrize("pages", [[], [PageText((PAGE,), 59.9)], [PageText(("dấu",), 99.0)]])
def test_what_the_machine_cannot_make_out_stays_a_scan(pages: list[PageText]) -> None:
    found = read_by_machine(pages, reader="t 5, vie")
    assert found == DocumentText(AttachmentState.SCAN, reason="OCR: illegible (t 5, vie)")


def test_without_tesseract_a_scan_is_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_apart", lambda *_, **__: SCAN)
    monkeypatch.setattr(ocr, "reader", lambda: None)
    assert apart.read_apart(b"%PDF-1.7") == SCAN


def test_a_reader_that_does_not_end_leaves_a_scan_and_takes_no_earlier_text_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = DocumentText(AttachmentState.UNREADABLE, reason="takes too long")
    monkeypatch.setattr(apart, "_apart", lambda _, *how, **__: late if how else SCAN)
    monkeypatch.setattr(ocr, "reader", lambda: "t 5, vie")
    found = apart.read_apart(b"%PDF-1.7")
    assert found == DocumentText(AttachmentState.SCAN, reason="OCR: takes too long")
    page = CapturedPage(
        url="http://a.test/a.pdf",
        status=200,
        headers={},
        body=b"%PDF-1.7",
        captured_at=dt.datetime(2022, 10, 1, tzinfo=dt.UTC),
    )
    fate = read_attachment(page)
    assert (fate.is_passing, fate.disposition) == (True, Disposition.UNREADABLE)


def drawn(*lines: str) -> pypdfium2.PdfBitmap:
    """Give a picture of lines of text."""
    pdfmetrics.registerFont(TTFont("shipped", str(FACE)))
    typed = io.BytesIO()
    sheet = Canvas(typed, pagesize=(400, 120))
    sheet.setFont("shipped", 14)
    for row, line in enumerate(lines):
        sheet.drawString(20, 90 - 22 * row, line)
    sheet.save()
    return pypdfium2.PdfDocument(typed.getvalue())[0].render(scale=2, grayscale=True)


def as_pdf(picture: pypdfium2.PdfBitmap) -> bytes:
    out, made = io.BytesIO(), pypdfium2.PdfDocument.new()
    image = pypdfium2.PdfImage.new(made)
    image.set_bitmap(picture)
    image.set_matrix(pypdfium2.PdfMatrix().scale(400, 120))
    page = made.new_page(400, 120)
    page.insert_obj(image)
    page.gen_content()
    made.save(out)
    return out.getvalue()


def as_word(picture: pypdfium2.PdfBitmap) -> bytes:
    png, out = io.BytesIO(), io.BytesIO()
    picture.to_pil().save(png, "PNG")
    png.seek(0)
    document = docx.Document()
    document.add_picture(png)
    document.save(out)
    return out.getvalue()


def as_png(picture: pypdfium2.PdfBitmap) -> bytes:
    out = io.BytesIO()
    picture.to_pil().save(out, "PNG")
    return out.getvalue()


@pytest.mark.skipif(ocr.reader() is None, reason="needs tesseract and its Vietnamese data")
@pytest.mark.parametrize("pack", [as_pdf, as_word, as_png])
def test_tesseract_reads_a_scanned_page(pack: Callable[[pypdfium2.PdfBitmap], bytes]) -> None:
    lines = ("Kế hoạch cải cách hành chính năm 2024", "của Ủy ban nhân dân xã Đăk Hà.")
    found = apart.read_apart(pack(drawn(*lines)))
    assert found.state is AttachmentState.READ, found.reason
    assert found.text.split() == " ".join(lines).split()
    assert found.reason
    assert found.reason.startswith(f"OCR: {ocr.reader()}, 9")
