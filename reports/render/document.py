"""An official document as blocks: what is said, in which order, not how it looks. Pure.

``official.compose`` makes one of a report; ``docx`` and ``pdf`` set the same blocks, so that the
two cannot say different things.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.records import Letterhead


@dataclass(frozen=True, slots=True)
class Part:
    """A part's heading (mục): 'I. KẾT QUẢ CHUNG'."""

    text: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause's heading (khoản): '1. Thị trấn Vân Khê'."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One of a list, after a dash."""

    text: str


class Side(Enum):
    """How a column's cells are set."""

    LEFT = "left"
    CENTRE = "centre"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: header, width in millimetres, side."""

    header: str
    width_mm: float
    side: Side = Side.CENTRE


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its text, and where it leads; ``small`` is a second line below."""

    text: str
    link: str | None = None
    small: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One cell a column; ``is_group``: a single cell over all columns, set apart."""

    cells: tuple[Cell, ...]
    is_group: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose header is repeated on every page."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


Block = Part | Clause | Paragraph | Item | Table


@dataclass(frozen=True, slots=True)
class Annex:
    """A phụ lục: numbered pages of its own."""

    label: str
    """'PHỤ LỤC', with a Roman number when there are several."""
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OfficialDocument:
    """A báo cáo, thông báo or công văn (Nghị định 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.4, 1.5)."""

    letterhead: Letterhead
    issuer: str
    """Cơ quan ban hành as in the head."""
    subject: str
    """Trích yếu, below the name."""
    body: tuple[Block, ...]
    """Its last paragraph ends './.'."""
    recipients: tuple[str, ...]
    """Nơi nhận, with their dashes' marks of punctuation."""
    annexes: tuple[Annex, ...]
    attached_to: str
    """The line below each annex's title; number and date are left open."""
    footnote: str
    """For the reader of a copy: as of when, and by which rule."""
    dated: str = ""
    """Place and day; empty: the letterhead's, or left open."""
    name: str = "BÁO CÁO"
    """Tên loại văn bản; empty: a công văn (Mẫu 1.5), whose subject stands below its number."""
    abbreviation: str = "BC"
    """Of the name, in the number (Nghị định 30/2020/NĐ-CP, Phụ lục III, mục I); a công văn has
    none."""


def addressed_to(letterhead: Letterhead, *names: str) -> Letterhead:
    """Give the letterhead of another document than the report, not yet signed.

    The addressees in the settings, number and day are of the report. A thông báo has no
    addressees: to whom it goes stands in its nơi nhận.
    """
    return replace(letterhead, addressees=names, number="", signed_on=None)
