"""Attached documents: which ones are read, what text is in them, how it joins the article. Pure.

Read are PDF and Word (.docx, .doc), and only where the page itself says little: 'Xem chi tiết tại
đây'. A document that is only pictures of pages is called a scan, and so is a picture in a post that
has no text; where the machine can read it (``crawler.ocr``), its text says that a machine read it,
and nothing is invented for it elsewhere.
What comes from the web is read apart, in a process with limits (``crawler.apart``).
"""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from statistics import fmean
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from crawler.pages.legacy import repair
from crawler.word97 import COMPOUND, Word97Error, read_word97
from storage.folding import tidy
from storage.records import BY_MACHINE, Attachment, AttachmentState, Extraction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from crawler.ocr import PageText

LITTLE = 300
"""Letters and digits of lead and body up to which a page says little, and its documents count."""
MOST_ASKED = 3
"""Documents asked of one article, at most: the letter and its annexes."""
MOST_PICTURES = 5
"""Pictures asked of one article without text, at most: the pages of a letter; albums have more."""
ONLY_PICTURES = "only pictures"
"""The note of an article whose body is nothing but pictures."""
ONLY_A_TITLE = "only a title"
"""The note of an article that has neither text nor pictures."""
MOST_PAGES = 60
"""Pages of a document that are read."""
MOST_CHARS = 400_000
"""Characters kept of a document; the longest decrees have fewer."""
_MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes that a Word file may unpack to."""
_FEWEST_LETTERS = 40
"""Letters of a document below which there is no text in it: a stamp, a page number."""

_READ = re.compile(r"\.(?:pdf|docx?)(?=$|[/?#&])", re.IGNORECASE)
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\0", b"MM\0*")
_LETTER = re.compile(r"[^\W_]")
_WORD = "word/document.xml"
ZIP = b"PK\x03\x04"
"""The first bytes of a Word file (.docx), and of any other ZIP."""


@dataclass(frozen=True, slots=True)
class DocumentText:
    """What a document says."""

    state: AttachmentState
    """READ, SCAN or UNREADABLE."""
    text: str = ""
    """NFC, paragraphs separated by one newline; empty unless READ."""
    reason: str | None = None
    """Why it is UNREADABLE, that it was not read to its end, or that a machine read a scan."""


def says_nothing(extraction: Extraction) -> bool:
    """Tell whether an article has no text to speak of beside its title: a caption is none."""
    said = "".join(filter(None, (extraction.lead, extraction.body)))
    return len(said) < 10 * LITTLE and len(_LETTER.findall(said)) < _FEWEST_LETTERS


def to_ask(
    extraction: Extraction,
    *,
    is_ours: Callable[[str], bool],
    reads_pictures: Callable[[], bool] = lambda: False,
) -> tuple[Attachment, ...]:
    """Give what has to be fetched for an article: nothing if it has its own text.

    Its documents; without any, the pictures that stand in the place of a text.

    Args:
        extraction: the article as its page has it.
        is_ours: whether an address is the site's.
        reads_pictures: whether the machine could read them.
    """
    return _documents(extraction, is_ours) or _pictures(extraction, is_ours, reads_pictures)


def _pictures(
    extraction: Extraction, is_ours: Callable[[str], bool], reads_pictures: Callable[[], bool]
) -> tuple[Attachment, ...]:
    if not extraction.images or not says_nothing(extraction) or not reads_pictures():
        return ()
    shown = (Attachment(url=url, title=None) for url in extraction.images if is_ours(url))
    return tuple(islice(shown, MOST_PICTURES))


def _documents(extraction: Extraction, is_ours: Callable[[str], bool]) -> tuple[Attachment, ...]:
    if not extraction.attachments:
        return ()
    said = "".join(filter(None, (extraction.lead, extraction.body)))
    if len(_LETTER.findall(said[: 10 * LITTLE])) > LITTLE:
        return ()
    wanted = [one for one in extraction.attachments if _is_read(one.url) and is_ours(one.url)]
    return tuple(wanted[:MOST_ASKED])


def joined(extraction: Extraction, found: Mapping[str, tuple[Attachment, str]]) -> Extraction:
    """Give the article with what its documents say, each under a line that names it.

    Args:
        extraction: the article as its page has it.
        found: by address: the attachment as it is now, and its text (empty unless READ).
    """
    linked = {one.url for one in extraction.attachments}
    attachments = (
        *(found.get(one.url, (one, ""))[0] for one in extraction.attachments),
        *(one for one, _ in found.values() if one.url not in linked),  # pictures
    )
    texts = [f"{heading(one)}\n{text}" for one, text in found.values() if text]
    body = "\n".join(filter(None, (extraction.body, *texts)))
    return dataclasses.replace(extraction, body=body, attachments=attachments)


def heading(attachment: Attachment) -> str:
    """Give the line above a document's text in the body; clerks read it, so it is Vietnamese."""
    name = tidy(unquote(urlsplit(attachment.url).path).rpartition("/")[2])
    is_document = _READ.search(name) is not None
    what = "Tệp đính kèm" if is_document or not attachment.is_read_by_machine else "Ảnh trong bài"
    if attachment.is_read_by_machine:
        what += ", chữ máy đọc từ bản quét" if is_document else ", chữ máy đọc"
    return f"[{what}: {name or attachment.title or attachment.url}]"


def _is_read(url: str) -> bool:
    return _READ.search(unquote(urlsplit(url).path)) is not None


# ------------------------------------------------------------------------------ reading


def looks_like_document(body: bytes) -> bool:
    """Tell whether the first bytes are those of a PDF, a Word file or a picture."""
    return is_pdf(body) or body.startswith((ZIP, COMPOUND)) or is_picture(body)


def is_picture(body: bytes) -> bool:
    """Tell whether the first bytes are those of a picture of a kind that can show a page."""
    return body.startswith(_PICTURES) or (body[:4] == b"RIFF" and body[8:12] == b"WEBP")


def read_document(body: bytes) -> DocumentText:
    """Read a document, told by its first bytes and not by its name. Never raises."""
    try:
        if is_pdf(body):
            return _read_pdf(body)
        if body.startswith(ZIP):
            return _read_word(body)
        if body.startswith(COMPOUND):
            return _read_word97(body)
        if is_picture(body):
            return DocumentText(AttachmentState.SCAN)
    except Exception as fault:  # noqa: BLE001 - foreign readers fail in ways of their own
        return _unreadable(f"damaged: {type(fault).__name__}")
    return _unreadable("no PDF or Word document")


def is_pdf(body: bytes) -> bool:
    """Tell it by the first bytes."""
    return body[:1024].lstrip().startswith(b"%PDF-")


def _unreadable(reason: str) -> DocumentText:
    return DocumentText(AttachmentState.UNREADABLE, reason=reason)


def _read(lines: Iterable[str], *, is_cut: bool) -> DocumentText | None:
    """Give the text of the lines; None when there is none to speak of."""
    text = "\n".join(filter(None, (tidy(repair(line).text) for line in lines)))
    if len(_LETTER.findall(text)) < _FEWEST_LETTERS:
        return None
    reason = "cut" if is_cut or len(text) > MOST_CHARS else None
    return DocumentText(AttachmentState.READ, text[:MOST_CHARS].rstrip(), reason)


def _read_pdf(body: bytes) -> DocumentText:
    try:
        pdfium = import_module("pypdfium2")  # loaded only where a document is read
    except ImportError:
        return _unreadable("pypdfium2 is not installed")
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        return _unreadable("encrypted" if "password" in str(error).lower() else "damaged PDF")
    pages = [document[number] for number in range(min(len(document), MOST_PAGES))]
    text = "\n".join(page.get_textpage().get_text_range() for page in pages)
    found = _read(_paragraphs(text[:MOST_CHARS]), is_cut=len(document) > MOST_PAGES)
    if found is not None:
        return found
    has_pictures = any(_has_picture(page, pdfium.raw.FPDF_PAGEOBJ_IMAGE) for page in pages)
    return DocumentText(AttachmentState.SCAN) if has_pictures else _unreadable("no text")


def _has_picture(page: Any, kind: int) -> bool:  # noqa: ANN401 - a page of pypdfium2
    return next(iter(page.get_objects(filter=[kind], max_depth=3)), None) is not None


def _paragraphs(text: str) -> Iterator[str]:
    """Put the lines of a page together again: one that goes on in small letters is no new one."""
    paragraph = ""
    for raw in text.splitlines():
        line = tidy(raw)
        goes_on = line[:1].islower() and not paragraph.endswith((".", ":", ";"))
        if paragraph and not goes_on:
            yield paragraph
            paragraph = ""
        paragraph = f"{paragraph} {line}".strip()
    if paragraph:
        yield paragraph


def _read_word(body: bytes) -> DocumentText:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        if _WORD not in archive.namelist():
            return _unreadable("no PDF or Word document")
        if sum(one.file_size for one in archive.infolist()) > _MOST_UNPACKED:
            return _unreadable("unpacks to too much")
        has_pictures = any(name.startswith("word/media/") for name in archive.namelist())
    try:
        docx = import_module("docx")
    except ImportError:
        return _unreadable("python-docx is not installed")
    found = _read(_word_lines(docx.Document(io.BytesIO(body))), is_cut=False)
    if found is not None:
        return found
    return DocumentText(AttachmentState.SCAN) if has_pictures else _unreadable("no text")


def _read_word97(body: bytes) -> DocumentText:
    try:
        lines, has_pictures = read_word97(body, most_chars=MOST_CHARS + 1)
    except Word97Error as refusal:
        return _unreadable(str(refusal))
    found = _read(lines, is_cut=False)
    if found is not None:
        return found
    return DocumentText(AttachmentState.SCAN) if has_pictures else _unreadable("no text")


def read_by_machine(pages: Iterable[PageText], *, reader: str) -> DocumentText:
    """Give what a machine read of a scan; one that it cannot make out stays a scan."""
    read = list(pages)
    legible = [page for page in read if page.is_legible]
    lines = [line for page in legible for line in page.paragraphs]
    found = _read(lines, is_cut=len(read) > len(legible))
    if found is None:
        return DocumentText(AttachmentState.SCAN, reason=f"{BY_MACHINE}: illegible ({reader})")
    sure = fmean(page.confidence for page in legible)
    cut = f", {found.reason}" if found.reason else ""
    reason = f"{BY_MACHINE}: {reader}, {sure:.0f} % sure, {len(legible)} pages{cut}"
    return dataclasses.replace(found, reason=reason)


def _word_lines(document: Any) -> Iterator[str]:  # noqa: ANN401 - a document of python-docx
    """Give paragraphs, and rows of tables as pages print them, in the order of the document."""
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = dict.fromkeys(tidy(cell.text) for cell in row.cells)
                yield " | ".join(filter(None, cells))
        else:
            yield from block.text.split("\n")
