"""Attached documents: which are read, what is in them, and how they join the article."""

from __future__ import annotations

import dataclasses
import io
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.apart import read_apart
from crawler.attachments import LITTLE, MOST_PICTURES, DocumentText, joined, read_document, to_ask
from storage.records import Attachment, AttachmentState, DateSource, Extraction

if TYPE_CHECKING:
    from collections.abc import Callable

READ, SCAN, UNREADABLE = (
    AttachmentState.READ,
    AttachmentState.SCAN,
    AttachmentState.UNREADABLE,
)
LINES = ("Kế hoạch cải cách hành chính năm 2024", "của Ủy ban nhân dân xã.", "Điều 1. Mục tiêu.")
PARAGRAPHS = "Kế hoạch cải cách hành chính năm 2024 của Ủy ban nhân dân xã.\nĐiều 1. Mục tiêu."


# --------------------------------------------------------------- documents, made by hand


def pdf(*lines: str, picture: bool = False) -> bytes:
    """Give a PDF of one page: each letter a code of a font that says which letter it is."""
    letters = sorted(set("".join(lines)))
    code = {letter: number for number, letter in enumerate(letters, start=33)}
    shown = "".join(
        f"BT /F 12 Tf 50 {700 - 20 * row} Td <{bytes(code[one] for one in line).hex()}> Tj ET\n"
        for row, line in enumerate(lines)
    )
    image = "q 400 0 0 600 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID x EI Q\n" if picture else ""
    mapped = "".join(f"<{code[one]:02x}> <{ord(one):04x}>\n" for one in letters)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{mapped}endbfchar endcmap end end"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            " /Resources << /Font << /F 5 0 R >> >> >>"
        ),
        f"<< /Length {len(shown + image)} >>\nstream\n{shown}{image}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    at = out.index(b"xref\n")
    return out + f"trailer << /Size 7 /Root 1 0 R >>\nstartxref\n{at}\n%%EOF".encode()


def word(*lines: str) -> bytes:
    docx = pytest.importorskip("docx", reason="needs python-docx")
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    row = document.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "Chỉ tiêu", "24 tin, bài"
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def extraction(body: str = "Xem chi tiết Tại đây", *urls: str) -> Extraction:
    return Extraction(
        headline="Kế hoạch cải cách hành chính",
        body=body,
        date_published=None,
        date_published_raw=None,
        date_source=DateSource.NONE,
        attachments=tuple(Attachment(url=url, title="Tại đây") for url in urls),
        extractor="generic@1",
    )


# -------------------------------------------------------------------------------- reading


def test_the_text_of_a_pdf_is_put_together_into_paragraphs() -> None:
    pytest.importorskip("pypdfium2", reason="needs pypdfium2")
    assert read_document(pdf(*LINES)) == DocumentText(READ, PARAGRAPHS)


def test_pictures_of_pages_are_a_scan_and_have_no_text() -> None:
    pytest.importorskip("pypdfium2", reason="needs pypdfium2")
    assert read_document(pdf("Trang 1", picture=True)) == DocumentText(SCAN)
    assert read_document(pdf("Trang 1")) == DocumentText(UNREADABLE, reason="no text")


def test_a_word_file_gives_paragraphs_and_rows_in_its_order() -> None:
    found = read_document(word(*LINES))
    assert found == DocumentText(READ, "\n".join((*LINES, "Chỉ tiêu | 24 tin, bài")))


def test_old_fonts_in_a_document_are_put_right() -> None:
    found = read_document(word("Céng hoµ x· héi chñ nghÜa ViÖt Nam", *LINES))
    assert found.text.startswith("Cộng hoà xã hội chủ nghĩa Việt Nam\n")


def test_what_is_no_document_is_named_and_gives_no_text() -> None:
    assert read_document(b"<html>").reason == "no PDF or Word document"
    assert read_document(b"PK\x03\x04...").reason == "damaged: BadZipFile"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w/>")
        archive.writestr("word/media/a", bytes(65 * 1024 * 1024))
    assert read_document(out.getvalue()).reason == "unpacks to too much"


@given(st.binary(max_size=200), st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04"]))
def test_any_bytes_give_an_answer(body: bytes, start: bytes) -> None:
    found = read_document(start + body)
    assert (found.state is READ) == bool(found.text)


def test_reading_apart_gives_the_same_and_ends_in_time() -> None:
    document = word(*LINES)
    assert read_apart(document) == read_document(document)
    assert read_apart(document, timeout_s=0).reason == "takes too long"


# -------------------------------------------------------------------------------- joining


def test_only_a_page_that_says_little_asks_for_its_documents() -> None:
    urls = ("http://a.test/a.pdf", "http://a.test/b.doc", "http://b.test/c.pdf")

    def is_ours(url: str) -> bool:
        return "a.test" in url

    little, much = extraction("Xem tại đây", *urls), extraction("ơ" * (LITTLE + 1), *urls)
    assert [one.url for one in to_ask(little, is_ours=is_ours)] == list(urls[:2])
    assert to_ask(much, is_ours=is_ours) == ()


def test_pictures_are_asked_for_where_they_are_all_and_the_machine_can_read_them() -> None:
    shown = tuple(f"http://a.test/{n}.jpg" for n in range(9))
    letter = dataclasses.replace(
        extraction("Ảnh: công văn"), images=("http://b.test/x.jpg", *shown)
    )

    def asked(one: Extraction, *, can: bool = True) -> list[str]:
        found = to_ask(one, is_ours=lambda url: "a.test" in url, reads_pictures=lambda: can)
        return [attachment.url for attachment in found]

    assert asked(letter) == list(shown[:MOST_PICTURES])
    assert asked(letter, can=False) == []
    assert asked(dataclasses.replace(letter, body="Nội dung của công văn. " * 4)) == []
    with_file = extraction("", "http://a.test/a.pdf")
    assert asked(dataclasses.replace(with_file, images=shown)) == ["http://a.test/a.pdf"]


def test_what_a_machine_read_of_a_picture_joins_the_article_and_says_so() -> None:
    own = dataclasses.replace(extraction(""), images=("http://a.test/cv%201.jpg",))
    read = Attachment(url=own.images[0], title=None, state=READ, reason="OCR: t 5, vie")
    found = joined(own, {read.url: (read, "Kính gửi: các thôn.")})
    assert found.body == "[Ảnh trong bài, chữ máy đọc: cv 1.jpg]\nKính gửi: các thôn."
    assert found.attachments == (read,)


@pytest.mark.parametrize("start", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBPVP8 "])
def test_a_picture_is_a_scan(start: bytes) -> None:
    assert read_document(start + bytes(99)) == DocumentText(SCAN)


def test_the_text_stands_below_a_line_that_names_its_document() -> None:
    url = "http://a.test/img/tu%E1%BA%A7n%2024.pdf"
    own = extraction("Xem tại đây", url)
    read = dataclasses.replace(own.attachments[0], state=READ)
    found = joined(own, {url: (read, "Lịch công tác.")})
    assert found.body == "Xem tại đây\n[Tệp đính kèm: tuần 24.pdf]\nLịch công tác."
    assert found.attachments == (read,)


def test_a_document_without_text_changes_no_letter_of_the_article() -> None:
    own = extraction("Xem tại đây", "http://a.test/a.pdf")
    scan = dataclasses.replace(own.attachments[0], state=SCAN)
    assert joined(own, {scan.url: (scan, "")}).body == own.body


# ------------------------------------------------------------------------------ the crawl

PROFILE = """\
site: xa
base_url: {base}
versions:
  - family: wordpress
    sections: [{{name: Tin tức, url: tin}}]
"""
KIND = {"Content-Type": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}


@pytest.fixture
def website(start_website: Callable[[], Any], pages: Any) -> Any:  # noqa: ANN401
    """A site with one post that says little and links a document."""
    website = start_website()
    website.page("/tin", pages.listing([("/mot", "Kế hoạch của xã", "2022-09-01")]))
    link = 'Xem <a href="/tep/ke-hoach.docx">tại đây</a>'
    website.page("/mot", pages.article("Kế hoạch của xã", "2022-09-01", body=link))
    return website


@pytest.fixture
def office(open_office: Callable[..., Any], website: Any) -> Any:  # noqa: ANN401
    office = open_office()
    office.profile(PROFILE.format(base=website.url))
    return office


def bodies(office: Any) -> list[str]:  # noqa: ANN401
    return [body for (body,) in office.rows("SELECT body FROM article_version ORDER BY id")]


def test_the_document_of_a_short_post_is_fetched_and_read(office: Any, website: Any) -> None:  # noqa: ANN401
    website.page("/tep/ke-hoach.docx", word(*LINES), headers=KIND)
    assert office.crawl().code == 0
    (body,) = bodies(office)
    assert body.startswith("Xem tại đây\n[Tệp đính kèm: ke-hoach.docx]\nKế hoạch cải cách")
    assert office.rows(
        "SELECT a.state, c.purpose, c.disposition, c.article_id = v.article_id"
        " FROM attachment a JOIN capture c ON c.id = a.capture_id"
        " JOIN article_version v ON v.id = a.version_id"
    ) == [("read", "attachment", "support", 1)]
    assert office.fates("xa")["/mot"] == [("stored", None)]


def test_a_missing_document_is_named_and_costs_the_post_nothing(office: Any, website: Any) -> None:  # noqa: ANN401
    assert office.crawl().code == 0
    assert website.log.count("/tep/ke-hoach.docx") == 1
    assert bodies(office) == ["Xem tại đây"]
    assert office.rows("SELECT state, reason FROM attachment") == [("missing", "status 404")]
    assert office.fates("xa")["/tep/ke-hoach.docx"] == [("http_error", "status 404")]


def test_a_document_on_another_host_is_named_and_never_asked(
    office: Any,  # noqa: ANN401
    website: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    link = 'Xem <a href="http://khac.test/a.pdf">tại đây</a>'
    website.page("/mot", pages.article("Kế hoạch của xã", "2022-09-01", body=link))
    assert office.crawl().code == 0
    assert office.rows("SELECT url, state FROM attachment") == [("http://khac.test/a.pdf", "named")]


def test_a_document_that_cannot_be_had_for_a_night_takes_no_text_away(
    office: Any,  # noqa: ANN401
    website: Any,  # noqa: ANN401
    pages: Any,  # noqa: ANN401
) -> None:
    website.page("/tep/ke-hoach.docx", word(*LINES), headers=KIND)
    office.crawl(clock="2022-10-01T01:00+07:00")
    website.page("/tep/ke-hoach.docx", "", status=503)
    website.page("/tin", pages.listing([("/mot", "Kế hoạch của xã (sửa)", "2022-09-01")]))
    office.crawl(clock="2022-10-02T01:00+07:00")
    assert len(bodies(office)) == 1
    assert office.fates("xa")["/mot"][-1] == ("http_error", "attachment: status 503")
    assert office.fates("xa")["/tep/ke-hoach.docx"].count(("http_error", "status 503")) == 3


def test_a_redirect_to_another_host_is_not_followed(office: Any, website: Any) -> None:  # noqa: ANN401
    website.page("/tep/ke-hoach.docx", status=302, headers={"Location": "http://khac.test/a.docx"})
    assert office.crawl().code == 0
    assert office.rows("SELECT state FROM attachment") == [("missing",)]
    assert bodies(office) == ["Xem tại đây"]


WITH_OCR = """
from crawler import ocr, waiting
from crawler.attachments import DocumentText
from storage.records import AttachmentState
ocr.reader = lambda: "t 5, vie"
waiting.read_apart = lambda body: DocumentText(
    AttachmentState.READ, "Kính gửi: các thôn.", "OCR: t 5, vie, 91 % sure, 1 pages"
)
"""
WITHOUT_OCR = "from crawler import ocr; ocr.reader = lambda: None"


@pytest.mark.parametrize("is_there", [False, True])
def test_a_post_of_pictures_is_stored_with_its_title_and_read_where_a_machine_can(
    start_website: Callable[[], Any],
    open_office: Callable[..., Any],
    pages: Any,  # noqa: ANN401
    *,
    is_there: bool,
) -> None:
    website, office = start_website(), open_office()
    office.profile(PROFILE.format(base=website.url).replace("wordpress", "generic"))
    title = "Thông báo lịch tiếp công dân"
    website.page("/tin", pages.listing([("/bai?id=1", title, "2022-09-01")]))
    menu = "".join(f'<a href="/muc-{n}">Mục {n}</a>' for n in range(8))
    website.page(
        "/bai?id=1",
        f"<!doctype html><title>Xã A</title><body><nav>{menu}</nav><main><h1>{title}</h1>"
        '<p><img src="/anh/1.png"></p></main>',
    )
    website.page(
        "/anh/1.png", b"\x89PNG\r\n\x1a\n" + bytes(99), headers={"Content-Type": "image/png"}
    )
    assert office.crawl(first=WITH_OCR if is_there else WITHOUT_OCR).code == 0
    body = "[Ảnh trong bài, chữ máy đọc: 1.png]\nKính gửi: các thôn." if is_there else ""
    assert office.rows("SELECT headline, body, text_note, date_published FROM article_version") == [
        (title, body, "only pictures", "2022-09-01")
    ]
    assert office.rows("SELECT state FROM attachment") == [("read",)] * is_there
    assert ("/anh/1.png" in website.log) == is_there
