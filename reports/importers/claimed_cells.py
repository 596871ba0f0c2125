"""Cells of self-reports as units really fill them. Pure.

Numbers in words, dates in prose, links that Word has broken or hidden behind a text.
Only what can mean one thing is taken; anything else is a complaint with its cure.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.importers.cells import day_of, numbered_day, text_of, whole_of
from reports.links import is_web_address
from storage.folding import strip_accents
from storage.language import t

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.importers.cells import Complaints
    from reports.importers.grid import Cell

# --------------------------------------------------------------------------------- numbers

_DIGITS = {
    "khong": 0, "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5,
    "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_STEPS = {"muoi": 10, "tram": 100, "nghin": 1000, "ngan": 1000}
_FILLING = frozenset({"linh", "le"})
_UNITS = frozenset({"tin", "bai", "va", "viet", "luot"})
_WORD = re.compile(r"[a-z]+|\d[\d.]*")


def claimed_number(cell: Cell, complaints: Complaints) -> int | None:
    """Give a number of posts: '12', 'mười hai', '12 (mười hai) tin, bài'; None when empty.

    Figures and words must say the same.
    """
    if isinstance(cell.value, str) and not cell.continues:
        said = _said(cell.value)
        if len(said) == 1:
            return said.pop()
        if len(said) > 1:
            numbers = ", ".join(map(str, sorted(said)))
            complaints.at(
                cell,
                t(
                    f"“{cell.value}” có nhiều số ({numbers}); ghi một tổng số",
                    f"'{cell.value}' holds several numbers ({numbers}); write one total",
                ),
            )
            return None
    return whole_of(cell, complaints)


def _said(text: str) -> set[int]:
    """Give the numbers that a text says; none when it says something else, too."""
    numbers: set[int] = set()
    spelled: list[str] = []
    for word in _WORD.findall(strip_accents(text)):
        if word in _DIGITS or word in _STEPS or word in _FILLING:
            spelled.append(word)
        elif word in _UNITS:
            _close(spelled, numbers)
        elif word[0].isdigit() and re.fullmatch(r"\d+|\d{1,3}(?:\.\d{3})+", word):
            _close(spelled, numbers)
            numbers.add(int(word.replace(".", "")))
        else:
            return set()
    _close(spelled, numbers)
    is_odd = re.search(r"[-+/%]|\d,\d", text)
    return set() if is_odd else numbers


def _close(spelled: list[str], numbers: set[int]) -> None:
    if spelled:
        numbers.add(number_of_words(spelled))
        spelled.clear()


def number_of_words(words: Sequence[str]) -> int:
    """Give the number that Vietnamese number words without accents say, below a million.

    >>> number_of_words("hai muoi mot".split()), number_of_words("mot tram linh nam".split())
    (21, 105)
    """
    total = part = digit = 0
    has_digit = False
    for word in words:
        if word in _DIGITS:
            digit, has_digit = _DIGITS[word], True
        elif word in _STEPS:
            step = _STEPS[word]
            if step == _STEPS["nghin"]:
                total, part = total + (part + digit) * step, 0
            else:
                part += (digit if has_digit else 1) * step
            digit, has_digit = 0, False
    return total + part + digit


# ------------------------------------------------------------------------------------ days

_DAY = re.compile(r"\b(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})\b")
_IN_PROSE = re.compile(r"\b(\d{1,2})\s*thang\s*(\d{1,2})\s*nam\s*(\d{4})\b")
_CENTURY = 100


def claimed_day(cell: Cell, complaints: Complaints) -> dt.date | None:
    """Give a day, day before month: '5/7/22', '08:15 ngày 05/07/2022', '5 tháng 7 năm 2022'."""
    if (numbered := numbered_day(cell)) is not None:
        return numbered
    if isinstance(cell.value, str):
        text = strip_accents(cell.value)
        found = {*_DAY.findall(text), *_IN_PROSE.findall(text)}
        if len(found) == 1 and (day_found := _real(*map(int, found.pop()))) is not None:
            return day_found
    return day_of(cell, complaints)


def _real(day: int, month: int, year: int) -> dt.date | None:
    try:
        return dt.date(year + 2000 if year < _CENTURY else year, month, day)
    except ValueError:
        return None


# ----------------------------------------------------------------------------------- links


@dataclass(frozen=True, slots=True)
class ClaimedLink:
    """The address that a row claims."""

    url: str | None
    """The target of a link; else what is typed, with 'http://' in front where it was left out."""
    shown: str | None = None
    """The address that the link's text shows, where it is another one."""


def claimed_link(cell: Cell, title: Cell, complaints: Complaints) -> ClaimedLink:
    """Give a row's address: of its own cell, or of the link behind the title.

    Word breaks long addresses over lines: the blanks inside are taken out. Behind a text the
    target of the link counts: that is where whoever follows it comes to.
    """
    text = text_of(cell, complaints)
    typed = None if text is None else _typed(text)
    target = next(
        (link.strip() for link in (cell.link, title.link) if is_web_address(link or "") and link),
        None,
    )
    if target is not None:
        return ClaimedLink(target, typed if typed not in {None, target} else None)
    if text is not None and typed is None:
        complaints.at(
            cell,
            t(
                f"“{text}” không phải đường dẫn; dán địa chỉ đầy đủ của bài, bắt đầu bằng http",
                f"'{text}' is no address; paste the article's full address, beginning with http",
            ),
        )
    return ClaimedLink(typed)


def _typed(text: str) -> str | None:
    """Give the one address that a text is; None when it is none, or several."""
    joined = re.sub(r"\s+", "", text).strip("<>")
    if len(re.findall(r"https?://", joined)) > 1:
        return None
    if is_web_address(joined):
        return joined
    is_bare = re.match(r"[\w-]+(\.[\w-]+)+(:\d+)?(/|$)", joined)
    return f"http://{joined}" if is_bare and is_web_address(f"http://{joined}") else None
