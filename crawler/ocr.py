"""The text of a scan, read by the machine's own tesseract, where it is installed with Vietnamese.

What it read is never taken for what was written: the attachment's reason, and the line above the
text in the body, say that a machine read it. Pages are drawn by pypdfium2, in a process of their
own with limits (see ``crawler.apart``), and handed to tesseract through a pipe: no file is made.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from statistics import fmean
from typing import TYPE_CHECKING, Any

from crawler.attachments import ZIP, is_pdf, is_picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PROGRAM = "tesseract"
LANGUAGE = "vie"
MOST_PAGES = 20
"""Pages of a scan that are read; a page takes two or three seconds of one core."""
PAGE_TIMEOUT_S = 120
_DPI = 300
"""What tesseract's makers ask for."""
_MOST_PIXELS = 9_000_000
"""Of one page: A4 at 300 dots an inch has 8.7 million; a larger page is drawn coarser."""
_MOST_PICTURE_BYTES = 16 * 1024 * 1024
_PICTURE = re.compile(r"^word/media/.+\.(?:png|jpe?g|tiff?|bmp)$", re.IGNORECASE)
_LEAST_CONFIDENCE = 60
"""Mean confidence of a page's words (0 … 100) below which it was not reading: measured 90 and more
on clean scans, below 40 on photographs and blank paper."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What tesseract read of one page."""

    paragraphs: tuple[str, ...]
    confidence: float
    """Mean of its words' confidences, 0 … 100."""

    @property
    def is_legible(self) -> bool:
        """Tell whether it may be taken for text."""
        return self.confidence >= _LEAST_CONFIDENCE


@cache
def reader() -> str | None:
    """Name the reader and its language, e.g. 'tesseract 5.3.0, vie'; None: it is not there."""
    program = shutil.which(PROGRAM)
    if program is None:
        return None
    try:
        version, languages = (
            subprocess.run(  # noqa: S603 - nothing in it is a stranger's
                [program, option], capture_output=True, text=True, timeout=10, check=True
            ).stdout
            for option in ("--version", "--list-langs")
        )
    except (OSError, subprocess.SubprocessError):
        return None
    if LANGUAGE not in languages.split():
        return None
    return f"{version.partition(chr(10))[0].strip()}, {LANGUAGE}"


def can_read(document: bytes) -> bool:
    """Tell whether its pictures can be got out of a scan: not of a Word 97 file."""
    return is_pdf(document) or document.startswith(ZIP) or is_picture(document)


def read_pages(document: bytes) -> Iterator[PageText]:
    """Read the first pages of a scanned PDF, the first pictures of a Word file (.docx), a picture.

    For a process with limits.

    Raises:
        subprocess.SubprocessError, OSError: tesseract does not end, or ends badly.
    """
    if is_picture(document):
        pages = iter([document])
    else:
        pages = _pages(document) if is_pdf(document) else _pictures(document)
    for picture in islice(pages, MOST_PAGES):
        yield page_text(_tesseract(picture))


def _pages(document: bytes) -> Iterator[bytes]:
    opened = import_module("pypdfium2").PdfDocument(document)
    for number in range(len(opened)):
        yield _drawn(opened[number])


def _pictures(document: bytes) -> Iterator[bytes]:
    """Give the pictures as Word numbers them: 'word/media/image2.png' before 'image10.png'."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        shown = [one for one in archive.infolist() if _PICTURE.search(one.filename)]
        for one in sorted(shown, key=lambda info: (len(info.filename), info.filename)):
            if one.file_size <= _MOST_PICTURE_BYTES:
                yield archive.read(one)


def _drawn(page: Any) -> bytes:  # noqa: ANN401 - a page of pypdfium2
    """Draw a page as a grey PGM: it needs no library for pictures."""
    width, height = page.get_size()  # points: 72 an inch
    most = (_MOST_PIXELS / max(width * height, 1)) ** 0.5
    bitmap = page.render(scale=min(_DPI / 72, most), grayscale=True, may_draw_forms=False)
    pixels, stride = memoryview(bitmap.buffer).cast("B"), bitmap.stride
    rows = (pixels[at : at + bitmap.width] for at in range(0, stride * bitmap.height, stride))
    return b"".join([f"P5 {bitmap.width} {bitmap.height} 255\n".encode(), *rows])


def _tesseract(picture: bytes) -> str:
    done = subprocess.run(  # noqa: S603 - what a stranger wrote goes through the pipe
        [PROGRAM, "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(_DPI), "tsv"],
        input=picture,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # the other cores are the crawl's
        timeout=PAGE_TIMEOUT_S,
        check=True,
    )
    return done.stdout.decode("utf-8", "replace")


def page_text(table: str) -> PageText:
    """Put tesseract's table of words (TSV) together into paragraphs."""
    words = list(_words(csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)))
    paragraphs: dict[tuple[str, str], list[str]] = {}
    for place, text, _ in words:
        paragraphs.setdefault(place, []).append(text)
    return PageText(
        tuple(" ".join(one) for one in paragraphs.values()),
        fmean(confidence for *_, confidence in words) if words else 0.0,
    )


def _words(rows: Iterable[dict[str, str]]) -> Iterator[tuple[tuple[str, str], str, float]]:
    for row in rows:
        text = (row.get("text") or "").strip()
        if text and row["level"] == "5":  # a word; lines, paragraphs, blocks have rows as well
            yield (row["block_num"], row["par_num"]), text, float(row["conf"])
