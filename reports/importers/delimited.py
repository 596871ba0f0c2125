"""The bytes of a .csv → records of text: encoding, delimiter and quotes. Pure."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

from storage.errors import InputError
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS = ",;\t"


def read_records(file: str, data: bytes) -> Iterator[list[str]]:
    """Give the records of a file in order.

    Raises:
        InputError: it is neither UTF-8 nor UTF-16, or a quote is not closed.
    """
    text = _decode(file, data)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        yield from lines
    except csv.Error as error:
        raise InputError(
            t(
                f"Tệp {file}, dòng {lines.line_num}: dấu ngoặc kép không khép hoặc ô quá dài. "
                "Mở bằng Excel, sửa dòng đó rồi lưu lại.",
                f"The file {file}, line {lines.line_num}: a quote is not closed or a cell is too "
                "long. Repair that line in Excel and save.",
            )
        ) from error


def _decode(file: str, data: bytes) -> str:
    utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(_wrong_encoding(file, line)) from error
    if "\0" in text:  # UTF-16 without its mark passes for UTF-8 as long as it is Latin
        raise InputError(_wrong_encoding(file, text.count("\n", 0, text.index("\0")) + 1))
    return text


def _wrong_encoding(file: str, line: int) -> str:
    return t(
        f"Tệp {file}, dòng {line}: chữ không ở bảng mã Unicode (UTF-8). Mở bằng Excel, "
        "chọn Lưu thành (Save As) → “CSV UTF-8” hoặc .xlsx rồi nhập lại.",
        f"The file {file}, line {line}: the text is not Unicode (UTF-8). In Excel choose "
        "Save As → 'CSV UTF-8' or .xlsx and import that.",
    )


def _delimiter(text: str) -> str:
    """Give the delimiter that cuts one of the first lines into the most fields."""
    head = [line[:10_000] for line in text.splitlines()[:20]]

    def widest(delimiter: str) -> int:
        return max((len(row) for row in csv.reader(head, delimiter=delimiter)), default=0)

    return max(_DELIMITERS, key=widest)
