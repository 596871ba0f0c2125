"""Word 97–2003 files: their text in its order; what cannot be read has a name."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.attachments import read_document
from crawler.word97 import COMPOUND, Word97Error, read_word97
from storage.records import AttachmentState

# Written by LibreOffice from texts of ours; 'tcvn3' has the letters of the old fonts.
DOCUMENTS = Path(__file__).parent / "documents"
PLAN = gzip.decompress((DOCUMENTS / "ke-hoach.doc.gz").read_bytes())
OLD_FONTS = gzip.decompress((DOCUMENTS / "tcvn3.doc.gz").read_bytes())
HEAD = PLAN.index(b"\xec\xa5\x01\x01")  # of the stream WordDocument, which lies in one piece


def patched(offset: int, data: bytes, body: bytes = PLAN) -> bytes:
    """Give the file with other bytes at a place of its stream WordDocument."""
    at = HEAD + offset
    return body[:at] + data + body[at + len(data) :]


def refusal(body: bytes) -> str | None:
    found = read_document(body)
    assert (found.state, found.text) == (AttachmentState.UNREADABLE, "")
    return found.reason


def test_paragraphs_fields_and_rows_stand_as_word_shows_them() -> None:
    lines, has_pictures = read_word97(PLAN, most_chars=10_000)
    assert [line for line in lines if line] == [
        "Kế hoạch cải cách hành chính năm 2024 của Ủy ban nhân dân xã.",
        "Trang 2026",  # a field: what it shows, not how it is counted
        "Chỉ tiêu | 24 tin, bài",
        "Thủ tục hành chính | 100 %",
    ]
    assert not has_pictures


def test_letters_of_the_old_fonts_are_put_right() -> None:
    assert read_document(OLD_FONTS).text.startswith("Cộng hoà xã hội chủ nghĩa Việt Nam\n")


def test_a_piece_of_one_byte_a_letter_is_read_as_windows_letters() -> None:
    pieces = PLAN.index(b"\x02" + struct.pack("<II", 16, 0))  # the only one begins at letter 0
    place = pieces + 5 + 8 + 2
    assert PLAN[place : place + 4] == struct.pack("<I", 0x800)
    text = "Công v\x96n bàn".encode("latin-1")  # 0x96 is a dash there
    narrow = PLAN[:place] + struct.pack("<I", 0x4000_0000 | 0x800 * 2) + PLAN[place + 4 :]
    lines, _ = read_word97(patched(0x800, text, narrow), most_chars=12)
    assert lines == ["Công v–n bàn"]


def test_what_cannot_be_read_is_named() -> None:
    (flags,) = struct.unpack_from("<H", PLAN, HEAD + 0x0A)
    assert refusal(patched(0x0A, struct.pack("<H", flags | 0x0100))) == "encrypted"
    assert refusal(patched(0x02, struct.pack("<H", 0x68))) == "older than Word 97"
    assert refusal(PLAN.replace("WordDocument".encode("utf-16-le"), b"Workbook".ljust(24))) == (
        "no Word document"
    )
    assert refusal(PLAN[:600]) == "damaged .doc"
    assert refusal(COMPOUND) == "damaged .doc"


def test_a_chain_of_sectors_that_bites_its_tail_ends() -> None:
    table = (struct.unpack_from("<I", PLAN, 0x4C)[0] + 1) * 512
    tail = struct.pack("<128I", *[0] * 128)  # each sector is followed by the first one
    assert refusal(PLAN[:table] + tail + PLAN[table + 512 :]) == "damaged .doc"


@given(st.lists(st.tuples(st.integers(0, len(PLAN) - 4), st.binary(min_size=4, max_size=4))))
def test_no_damage_leads_out_of_the_file(damages: list[tuple[int, bytes]]) -> None:
    body = bytearray(PLAN)
    for at, data in damages:
        body[at : at + 4] = data
    try:
        lines, _ = read_word97(bytes(body), most_chars=1000)
    except Word97Error:
        return
    assert sum(map(len, lines)) <= 3 * 1000  # ' | ' for a cell's mark


@pytest.mark.parametrize("cut", [512, 5000, len(PLAN) - 1000])
def test_a_file_that_was_cut_off_gives_no_error_of_its_own(cut: int) -> None:
    assert read_document(PLAN[:cut]).state in AttachmentState
