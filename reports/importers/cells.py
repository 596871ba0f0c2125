"""One cell → a day, a whole number, a text; every complaint with the cell's address. Pure."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from reports.importers.grid import Fault
from reports.quantities import IN_WORDS
from storage.errors import InputError
from storage.folding import strip_accents
from storage.language import t
from storage.records import DayInterval

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reports.importers.grid import Cell

LARGEST = 1_000_000
"""No unit plans or claims more posts than this; more is a slip of the keyboard."""
FIRST_YEAR, LAST_YEAR = 1945, 2100
"""Years in which a day is plausible; '9999' for 'no end' is to be left empty instead."""


_MANY = 200
"""Complaints about one file, after which the nearest unit is not looked up any more."""


class Complaints:
    """What is wrong with a file: gathered, then raised all at once in reading order."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: dict[tuple[str, int, int, str], None] = {}

    @property
    def are_many(self) -> bool:
        """Tell whether nobody will read them all: what costs time is then left out."""
        return len(self._found) > _MANY

    def at(self, cell: Cell, text: str, *, also: Iterable[Cell] = ()) -> None:
        """Complain about a cell, and others that are part of the same trouble."""
        addresses = ", ".join(place.address for place in (cell, *also))
        self._found[(cell.sheet, cell.row, cell.column, f"{addresses}: {text}")] = None

    def missing(self, cell: Cell, header: str) -> None:
        """Complain that a required cell is empty."""
        self.at(cell, t(f"thiếu “{header}”", f"'{header}' is missing"))

    def of_sheet(self, sheet: str, text: str) -> None:
        """Complain about a whole sheet (or file, by its name)."""
        self._found[(sheet, 0, 0, f"{sheet}: {text}")] = None

    def raise_if_any(self) -> None:
        """End the import when there was a complaint.

        Raises:
            InputError: with every problem; nothing has been changed.
        """
        if not self._found:
            return
        sheets = {sheet: place for place, (sheet, *_) in reversed([*enumerate(self._found)])}
        ordered = sorted(self._found, key=lambda found: (sheets[found[0]], *found[1:3]))
        count = len(ordered)
        raise InputError(
            t(
                f"Tệp {self._file} có {count} lỗi; chưa có gì được thay đổi. Sửa rồi nhập lại:",
                f"The file {self._file} has {count} error(s); nothing was changed. "
                "Correct them and import again:",
            ),
            tuple(text for *_, text in ordered),
        )


def _usable(cell: Cell, complaints: Complaints) -> bool:
    """Tell whether the cell has a value; complain about a formula without one."""
    if cell.value is Fault.NOT_COMPUTED:
        complaints.at(
            cell,
            t(
                "công thức chưa có kết quả; mở bằng Excel, lưu lại, hoặc ghi thẳng giá trị",
                "the formula has no result; open and save it in Excel, or write the value",
            ),
        )
    elif cell.value is Fault.ERROR:
        complaints.at(
            cell,
            t("công thức báo lỗi (#…); ghi thẳng giá trị", "the formula failed; write the value"),
        )
    return cell.value is not None and not isinstance(cell.value, Fault)


def text_of(cell: Cell, complaints: Complaints, *, required: str | None = None) -> str | None:
    """Give the text, or None when the cell is empty.

    Args:
        cell: where to read.
        complaints: gets what is wrong.
        required: the column's header when the cell must not be empty.
    """
    if required is not None and cell.value is None:
        complaints.missing(cell, required)
    if not _usable(cell, complaints):
        return None
    if isinstance(cell.value, dt.date):
        # '01/2022' turns into a day when Excel is left to itself.
        complaints.at(
            cell,
            t(
                "Excel đã đổi ô này thành ngày; định dạng ô là Văn bản (Text) rồi ghi lại",
                "Excel turned this cell into a date; format it as Text and write it again",
            ),
        )
        return None
    return str(cell.value)


# ------------------------------------------------------------------- whole numbers

_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[. ]\d{3})+")
"""1.200 or 1 200: thousands as Vietnamese writes them."""
_WHOLE = re.compile(r"[+-]?\d+(?:[.,]0+)?")
_FRACTION = re.compile(r"[+-]?\d+[.,]\d+")


def whole_of(cell: Cell, complaints: Complaints) -> int | None:
    """Give a whole number from 0 up; None when empty or wrong (then there is a complaint)."""
    if not _usable(cell, complaints):
        return None
    if cell.continues:
        complaints.at(
            cell,
            t(
                "ô gộp nhiều dòng: không rõ số này chia thế nào; bỏ gộp ô, ghi số từng dòng",
                "a cell merged over several rows: unmerge it and write each row's number",
            ),
        )
        return None
    number = _whole(cell.value)
    if number is not None and 0 <= number <= LARGEST:
        return number
    complaints.at(cell, _number_complaint(cell.value, number))
    return None


def _whole(value: object) -> int | None:
    if isinstance(value, int):
        return value
    if not isinstance(value, str):
        return None
    if _GROUPED.fullmatch(value):
        return int(re.sub(r"[. ]", "", value))
    if _WHOLE.fullmatch(value):
        return int(re.split(r"[.,]", value)[0])
    return None


def _number_complaint(value: object, number: int | None) -> str:
    shown = day_text(value) if isinstance(value, dt.date) else str(value)
    if number is not None and number < 0:
        return t(f"số âm “{shown}”; ghi từ 0 trở lên", f"'{shown}' is negative; write 0 or more")
    if number is not None:
        return t(f"“{shown}” lớn bất thường; kiểm tra lại", f"'{shown}' is too large; check it")
    if isinstance(value, float) or _FRACTION.fullmatch(shown):
        shown = shown.replace(".", ",")
        return t(
            f"“{shown}” không phải số nguyên; ghi số tin, bài tròn",
            f"'{shown}' is not a whole number; write whole posts",
        )
    if shown in {"-", "–", "—"}:
        return t(
            f"“{shown}” không rõ nghĩa; ghi 0 nếu không có bài nào, để trống nếu không có số",
            f"'{shown}' is unclear; write 0 for no post, leave it empty for no number",
        )
    hint = _meant(shown)
    advice = t(
        f"ghi {hint}" if hint is not None else "ghi bằng chữ số, ví dụ 12",
        f"write {hint}" if hint is not None else "write digits, e.g. 12",
    )
    return t(f"“{shown}” không phải số; {advice}", f"'{shown}' is not a number; {advice}")


def _meant(text: str) -> int | None:
    """Guess the number for the advice only; it is never taken."""
    digits = re.findall(r"\d+", text)
    if len(digits) == 1 and "-" not in text:
        return int(digits[0])
    words = re.sub(r"\b(?:tin|bai)\b|[,.]", " ", strip_accents(text))
    return IN_WORDS.get(" ".join(words.split()))


# ---------------------------------------------------------------------------- days

DAY_NUMBERS = range(10_000, 80_000)
"""Excel's numbers of the days from 1927 to 2119: a day in a cell without a date format."""
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
_LONGEST_DAY = 40
"""Characters; 'Thứ hai, ngày 01 tháng 07 năm 2022' has 34."""
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?")


def day_text(day: dt.date) -> str:
    """Give a day as people here write it, e.g. 01/07/2022."""
    return f"{day.day:02}/{day.month:02}/{day.year}"


def day_of(cell: Cell, complaints: Complaints, *, required: str | None = None) -> dt.date | None:
    """Give a day; None when empty or wrong (then there is a complaint, if ``required`` too)."""
    if required is not None and cell.value is None:
        complaints.missing(cell, required)
    if not _usable(cell, complaints):
        return None
    day = cell.value if isinstance(cell.value, dt.date) else _day(cell)
    if isinstance(day, dt.date) and FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    if isinstance(day, dt.date):
        complaint = t(
            f"năm {day.year} không hợp lý; để trống nếu chưa có ngày kết thúc",
            f"the year {day.year} is implausible; leave it empty when there is no end yet",
        )
    else:
        complaint = t(
            f"“{cell.value}” không phải ngày; ghi ngày/tháng/năm, ví dụ {day or '01/07/2022'}",
            f"'{cell.value}' is no day; write day/month/year, e.g. {day or '01/07/2022'}",
        )
    complaints.at(cell, complaint)
    return None


def numbered_day(cell: Cell) -> dt.date | None:
    """Give the day that a bare number is in its workbook; None: it is no such number."""
    if not isinstance(cell.value, int) or cell.value not in DAY_NUMBERS:
        return None
    epoch = CALENDAR_MAC_1904 if cell.since_1904 else CALENDAR_WINDOWS_1900
    day: dt.datetime = from_excel(cell.value, epoch)
    return day.date()


def _day(cell: Cell) -> dt.date | str | None:
    """Give the day, or what was perhaps meant as text for the advice."""
    value = cell.value
    if (numbered := numbered_day(cell)) is not None:
        return day_text(numbered)
    if not isinstance(value, str):
        return None
    if match := _ISO.fullmatch(value):
        year, month, day = (int(part) for part in match.groups()[:3])
        return _real_day(year, month, day)
    if match := _DAY_FIRST.fullmatch(value):
        day, month, year = (int(part) for part in match.groups())
        if len(match.group(3)) == len("22"):
            meant = _real_day(2000 + year, month, day)
            return day_text(meant) if meant else None
        swapped = _real_day(year, day, month)
        return _real_day(year, month, day) or (day_text(swapped) if swapped else None)
    return _in_words(value)


def _in_words(text: str) -> str | None:
    """Give the day that '1 tháng 7 năm 2022' or 'July 1, 2022' means, for the advice only.

    dateparser knows more ways to write a day than a form should take; what it makes of a text
    is shown to the person who typed it, and never stored.
    """
    if len(text) > _LONGEST_DAY:
        return None
    from dateparser import parse  # noqa: PLC0415 - half a second, for a mistake only

    meant = parse(
        text,
        languages=["vi", "en"],
        settings={
            "DATE_ORDER": "DMY",
            "PARSERS": ["absolute-time"],  # 'hôm qua' is not the day on which a file is read
            "REQUIRE_PARTS": ["day", "month", "year"],
        },
    )
    return day_text(meant.date()) if meant else None


def _real_day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def interval_of(
    start_cell: Cell, end_cell: Cell, complaints: Complaints, *, required: tuple[str, str | None]
) -> DayInterval | None:
    """Give the days from the first to the last, both as typed *inclusive*; None when wrong.

    Args:
        start_cell: the first day.
        end_cell: the last day; empty is open.
        complaints: gets what is wrong.
        required: the headers of both columns; None for an end that may stay empty.
    """
    start = day_of(start_cell, complaints, required=required[0])
    last = day_of(end_cell, complaints, required=required[1])
    if start is None or (last is None and (required[1] or end_cell.value is not None)):
        return None
    if last is not None and last < start:
        complaints.at(
            end_cell,
            t(
                f"ngày cuối {day_text(last)} trước ngày đầu {day_text(start)}",
                f"the last day {day_text(last)} is before the first, {day_text(start)}",
            ),
        )
        return None
    return DayInterval(start, None if last is None else last + dt.timedelta(days=1))


def days_text(interval: DayInterval) -> str:
    """Give an interval as clerks write it, with its last day *included*."""
    first = day_text(interval.start)
    if interval.end is None:
        return t(f"từ {first}", f"from {first}")
    return f"{first}–{day_text(interval.end - dt.timedelta(days=1))}"
