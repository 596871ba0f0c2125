"""The text of a Word 97–2003 file (.doc): its main story, no macro, no picture. Pure.

Such a file is a small file system ([MS-CFB]); its stream ``WordDocument`` holds the letters, and
a table stream says in which pieces, and in which order, they make the text ([MS-DOC] 2.4.1).
Every chain and count in it is a stranger's: none is followed past the size of the file.
"""

from __future__ import annotations

import re
import struct
from itertools import pairwise
from struct import iter_unpack, unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of a compound file: Word, Excel, PowerPoint 97–2003 and others."""

_MOST_PIECES = 100_000
_LAST_SECTOR = 0xFFFF_FFFA
"""Sector numbers from here on are marks: free, end of chain."""
_IN_MINI_STREAM = 4096
"""Bytes below which a stream lies in the mini stream."""
_FIELD_CODES = re.compile("\x13[^\x13\x14\x15]*\x14?|\x15")
_MARKS = str.maketrans({"\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\xa0": " "})
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f]")
PICTURE = "\x01"
"""Stands in the text where a picture does."""


class Word97Error(Exception):
    """There is no text to be had from the file; its words name why, in English."""


def read_word97(body: bytes, *, most_chars: int) -> tuple[list[str], bool]:
    """Give the lines of the main text, and whether it shows pictures.

    Cells of a table row stand on one line, parted by ' | '.

    Raises:
        Word97Error: encrypted, older than Word 97, damaged, or no Word file.
    """
    try:
        streams = _Compound(body)
        text = _text(streams, most_chars)
    except (struct.error, IndexError) as error:
        raise Word97Error("damaged .doc") from error
    has_pictures = PICTURE in text
    rows = (
        _FIELD_CODES.sub("", text)
        .replace("\x07\x07", "\r")
        .replace("\x07", " | ")
        .translate(_MARKS)
    )
    return _CONTROLS.sub("", rows).split("\n"), has_pictures


def _text(streams: _Compound, most_chars: int) -> str:
    document = streams.read("WordDocument")
    magic, version = unpack_from("<HH", document)
    (flags,) = unpack_from("<H", document, 0x0A)
    if magic != 0xA5EC or version < 0xC1:  # noqa: PLR2004 - [MS-DOC] 2.5.1: Word 97
        raise Word97Error("older than Word 97")
    if flags & 0x8100:
        raise Word97Error("encrypted")
    table = streams.read("1Table" if flags & 0x0200 else "0Table")
    (letters,) = unpack_from("<i", document, 0x4C)
    start, length = unpack_from("<II", document, 0x1A2)
    found, size = [], 0
    for first, last, place in _pieces(table[start : start + length]):
        count = min(last, letters, first + most_chars - size) - first
        if count <= 0:
            break
        if place & 0x4000_0000:
            at = (place & 0x3FFF_FFFF) // 2
            text = document[at : at + count].decode("cp1252", "replace")
        else:
            text = document[place : place + 2 * count].decode("utf-16-le", "replace")
        found.append(text)
        size += count
    return "".join(found)


def _pieces(clx: bytes) -> Iterator[tuple[int, int, int]]:
    """Give the pieces: first character, the one behind the last, and where they lie."""
    at = 0
    while clx[at] == 1:  # formatting; the text stands behind it
        at += 3 + unpack_from("<H", clx, at + 1)[0]
    if clx[at] != 2:  # noqa: PLR2004 - [MS-DOC] 2.9.178: Pcdt
        raise Word97Error("damaged .doc")
    count = (unpack_from("<I", clx, at + 1)[0] - 4) // 12
    if not 0 < count <= _MOST_PIECES:
        raise Word97Error("damaged .doc")
    ends = unpack_from(f"<{count + 1}I", clx, at + 5)
    places = iter_unpack("<HIH", clx[at + 5 + 4 * (count + 1) :][: 8 * count])
    for (first, last), (_, place, _) in zip(pairwise(ends), places, strict=True):
        if last < first:
            raise Word97Error("damaged .doc")
        yield first, last, place


class _Compound:
    """The streams of a compound file, by name."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        sector, mini = unpack_from("<HH", body, 0x1E)
        if not body.startswith(COMPOUND) or sector not in {9, 12} or mini != 6:  # noqa: PLR2004
            raise Word97Error("damaged .doc")
        self._sector = 1 << sector
        first_directory, _, _, first_mini, _, first_list, lists = unpack_from("<7I", body, 0x30)
        self._next = self._table(self._table_sectors(first_list, lists))
        entries = self._stream(first_directory)
        self._streams: dict[str, tuple[int, int]] = {}
        for at in range(0, len(entries) - 127, 128):
            (size,) = unpack_from("<H", entries, at + 0x40)
            name = entries[at : at + max(0, min(size, 64) - 2)].decode("utf-16-le", "replace")
            start, length = unpack_from("<II", entries, at + 0x74)
            self._streams.setdefault(name, (start, length))
        self._mini_next = self._table(list(self._chain(first_mini, self._next)))
        self._mini = self._stream(self._streams.get("Root Entry", (_LAST_SECTOR, 0))[0])

    def read(self, name: str) -> bytes:
        """Give a stream.

        Raises:
            Word97Error: there is none.
        """
        if name not in self._streams:
            raise Word97Error("no Word document")
        start, length = self._streams[name]
        if length >= _IN_MINI_STREAM:
            return self._stream(start)[:length]
        pieces = self._chain(start, self._mini_next)
        return b"".join(self._mini[64 * one : 64 * (one + 1)] for one in pieces)[:length]

    def _table_sectors(self, first_list: int, lists: int) -> list[int]:
        """Give the sectors of the allocation table: 109 in the head, further ones in lists."""
        found = list(unpack_from("<109I", self._body, 0x4C))
        each = self._sector // 4
        for _ in range(min(lists, len(self._body) // self._sector)):
            if first_list >= _LAST_SECTOR:
                break
            *more, first_list = unpack_from(f"<{each}I", self._block(first_list))
            found += more
        return [one for one in found if one < _LAST_SECTOR]

    def _table(self, sectors: list[int]) -> list[int]:
        most = len(self._body) // self._sector + 1
        joined = b"".join(self._block(one) for one in sectors[:most])
        return [number for (number,) in iter_unpack("<I", joined[: len(joined) // 4 * 4])]

    def _block(self, number: int) -> bytes:
        at = (number + 1) * self._sector
        return self._body[at : at + self._sector]

    def _stream(self, start: int) -> bytes:
        return b"".join(map(self._block, self._chain(start, self._next)))

    @staticmethod
    def _chain(start: int, following: list[int]) -> Iterator[int]:
        """Give a chain's sectors; one that bites its tail is damage."""
        for _ in range(len(following) + 1):
            if start >= _LAST_SECTOR:
                return
            yield start
            start = following[start]
        raise Word97Error("damaged .doc")
