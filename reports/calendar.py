"""Periods: which days a report is about, in the calendar and in the administrative windows.

Pure. A period is written as a code:

- ``2022-09``, ``2022-Q3``, ``2022-H1``, ``2022-H2``, ``2022-9M``, ``2022``: calendar days;
- ``BC-2022-Q3`` and so on: the reporting window of the same name, from the 15th to the 14th;
- ``2022-01-01..2022-10-10``: any days, both ends included.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from storage.errors import InputError
from storage.language import t
from storage.records import VIETNAM, CountedWindow, DayInterval

if TYPE_CHECKING:
    from collections.abc import Sequence

ADMINISTRATIVE_PREFIX = "BC-"
"""Marks a reporting window (kỳ báo cáo)."""

_FIRST_DAY = 15
# Nghị định 09/2019/NĐ-CP, Điều 12: every window starts on the 15th of the month before the
# calendar period of its name and ends on the 14th of that period's last month. The decree has
# no window of nine months; 15/12–14/9 is the provincial form of it (Quyết định 01/2023/QĐ-UBND
# Khánh Hòa, Điều 4) and follows the same pattern.

_NAMED = re.compile(r"(BC-)?(20\d\d)(?:-(0[1-9]|1[0-2]|Q[1-4]|H[12]|9M))?", re.ASCII)
_RANGE = re.compile(r"(20\d\d-\d\d-\d\d)\.\.(20\d\d-\d\d-\d\d)", re.ASCII)
_MOSTLY = 0.9
# Lets 01/01–30/9 stand for 01/01–10/10 (96 %), and keeps a report that lacks one month of
# nine (89 %) from being held against all nine.


class Scheme(Enum):
    """How the ends of a period are drawn."""

    CALENDAR = "calendar"
    """Dương lịch, or any days that were named."""
    ADMINISTRATIVE = "administrative"
    """Kỳ báo cáo, from the 15th to the 14th."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days that a report is about."""

    code: str
    """As it is typed; parsing it again gives the same period."""
    name: str
    """Vietnamese, with both ends, e.g. 'Quý III/2022 … (từ 15/6/2022 đến hết 14/9/2022)'."""
    days: DayInterval
    scheme: Scheme


def parse_period(text: str) -> Period:
    """Read a period's code; upper or lower case.

    >>> parse_period("bc-2022-q3").name
    'Quý III/2022 theo kỳ báo cáo (từ 15/6/2022 đến hết 14/9/2022)'

    Raises:
        InputError: it is no code, or a range that ends before it starts.
    """
    code = text.strip().upper()
    if named := _NAMED.fullmatch(code):
        return _named(code, named)
    if ranged := _RANGE.fullmatch(code):
        return _range(code, ranged)
    raise _unreadable(text)


def kind_of_period(code: str) -> str:
    """Give what periods must have in common to be compared as neighbours.

    A named period's scheme and part of the year; of typed days how many they are.

    >>> kind_of_period("2022-Q3"), kind_of_period("BC-2022-09"), kind_of_period("2022")
    ('Q', 'BC-month', 'year')
    >>> kind_of_period("2022-01-01..2022-01-10")
    '10 days'

    Raises:
        InputError: it is no code.
    """
    named = _NAMED.fullmatch(code)
    if named is None:
        return f"{_length(parse_period(code).days)} days"
    prefix, part = named[1] or "", named[3]
    if part is None:
        return f"{prefix}year"
    return prefix + ("month" if part.isdecimal() else part if part == "9M" else part[0])


def in_window(period: Period, window: CountedWindow, *, as_of: dt.datetime) -> Period:
    """Give the days that the period's name stands for under a counting rule.

    A range of days that was typed stays as it is.

    Raises:
        InputError: the days up to the report are asked for, and it is made before the period.
    """
    if window is CountedWindow.AS_NAMED or not _NAMED.fullmatch(period.code):
        return period
    plain = parse_period(period.code.removeprefix(ADMINISTRATIVE_PREFIX))
    if window is CountedWindow.REPORTING:
        return parse_period(ADMINISTRATIVE_PREFIX + plain.code)
    if window is CountedWindow.CALENDAR:
        return plain
    return parse_period(f"{plain.days.start}..{as_of.astimezone(VIETNAM).date()}")


def parse_day(text: str) -> dt.date:
    """Read a day, 2022-09-30.

    Raises:
        InputError: it is no day.
    """
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError(
            t(
                f"Không hiểu ngày “{text}”; viết năm-tháng-ngày, ví dụ 2022-09-30.",
                f"Cannot read the day '{text}'; write year-month-day, e.g. 2022-09-30.",
            )
        ) from error


def parse_as_of(text: str) -> dt.datetime:
    """Read an instant with its zone, or a day: its last instant in Vietnam. Gives UTC.

    >>> parse_as_of("2022-09-30").isoformat()
    '2022-09-30T16:59:59.999999+00:00'

    Raises:
        InputError: it is neither, or an instant without a zone.
    """
    try:
        instant = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        instant = None
    if instant is not None and len(text.strip()) == len("2022-09-30"):
        instant = dt.datetime.combine(instant, dt.time.max, VIETNAM)
    if instant is None or instant.tzinfo is None:
        raise InputError(
            t(
                f"Không hiểu thời điểm “{text}”; viết một ngày (2022-09-30, tính đến hết ngày) "
                "hoặc ngày giờ kèm múi giờ (2022-09-30T23:00+07:00).",
                f"Cannot read the instant '{text}'; write a day (2022-09-30, its end) or an "
                "instant with its zone (2022-09-30T23:00+07:00).",
            )
        )
    return instant.astimezone(dt.UTC)


def spell_day(day: dt.date) -> str:
    """Give a day as Nghị định 30/2020/NĐ-CP writes it: two digits, months from 3 on without 0.

    >>> spell_day(dt.date(2022, 6, 5)), spell_day(dt.date(2022, 1, 15))
    ('05/6/2022', '15/01/2022')
    """
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)  # noqa: PLR2004 - the decree
    return f"{day.day:02d}/{month}/{day.year}"


def spell_days(days: DayInterval) -> str:
    """Give both ends, inclusive, in words.

    >>> spell_days(DayInterval(dt.date(2022, 6, 15), dt.date(2022, 9, 15)))
    'từ 15/6/2022 đến hết 14/9/2022'
    """
    if days.end is None:
        return f"từ {spell_day(days.start)}"
    return f"từ {spell_day(days.start)} đến hết {spell_day(days.end - dt.timedelta(days=1))}"


def applies(planned: DayInterval, window: DayInterval) -> bool:
    """Tell whether a plan belongs to a window: they share at least half of the shorter one.

    A window from the 15th to the 14th stands for the calendar period of its name, so that the
    report ``BC-2022-09`` (15/8–14/9) is held against September's plan and no neighbour's.
    """
    first, second = nominal(planned), nominal(window)
    return 2 * _shared(first, second) >= min(_length(first), _length(second))


def nominal(days: DayInterval) -> DayInterval:
    """Give the calendar period that a window from the 15th to the 14th is named after.

    >>> nominal(DayInterval(dt.date(2021, 12, 15), dt.date(2022, 3, 15)))
    DayInterval(start=datetime.date(2022, 1, 1), end=datetime.date(2022, 4, 1))
    """
    if days.end is None or not days.start.day == days.end.day == _FIRST_DAY:
        return days
    return DayInterval(_first_of_next_month(days.start), _first_of_next_month(days.end))


def best_fit(periods: Sequence[DayInterval], window: DayInterval) -> list[int]:
    """Give the indices of the plans' periods that together are held against a window.

    Of those that apply, the most similar first (shared days over all days of both); one that
    overlaps with a chosen one is left out: a year's plan is not added to its quarters'.
    """
    order = sorted(
        (index for index, period in enumerate(periods) if applies(period, window)),
        key=lambda index: (-_similarity(periods[index], window), periods[index].start, index),
    )
    chosen: list[int] = []
    for index in order:
        if not any(applies(periods[index], periods[other]) for other in chosen):
            chosen.append(index)
    return sorted(chosen, key=lambda index: periods[index].start)


def same_period(periods: Sequence[DayInterval], window: DayInterval) -> bool:
    """Tell whether the periods together are about the same days as the window.

    Stricter than for plans: what a unit says of half a year proves nothing about a quarter.
    At least nine tenths of the days of both must be shared.
    """
    spans = [nominal(period) for period in periods]
    target = nominal(window)
    shared = sum(_shared(span, target) for span in spans)
    return shared >= _MOSTLY * max(_length(target), sum(map(_length, spans)))


def _named(code: str, match: re.Match[str]) -> Period:
    prefix, year, part = match.groups()
    first, months, name = _part(part, int(year))
    days = DayInterval(_month(int(year), first), _month(int(year), first + months))
    if prefix is None:
        how = "theo dương lịch"
        scheme = Scheme.CALENDAR
    else:
        how = "theo kỳ báo cáo"
        scheme = Scheme.ADMINISTRATIVE
        days = DayInterval(
            _month(int(year), first - 1, _FIRST_DAY),
            _month(int(year), first + months - 1, _FIRST_DAY),
        )
    return Period(code=code, name=f"{name} {how} ({spell_days(days)})", days=days, scheme=scheme)


def _part(part: str | None, year: int) -> tuple[int, int, str]:
    """Give first month, number of months and name of a part of a year."""
    if part is None:
        return 1, 12, f"Năm {year}"
    if part == "9M":
        return 1, 9, f"9 tháng đầu năm {year}"
    if part[0] == "H":
        return (
            (1, 6, f"6 tháng đầu năm {year}")
            if part == "H1"
            else (7, 6, f"6 tháng cuối năm {year}")
        )
    if part[0] == "Q":
        quarter = int(part[1])
        return 3 * quarter - 2, 3, f"Quý {('I', 'II', 'III', 'IV')[quarter - 1]}/{year}"
    return int(part), 1, f"Tháng {int(part)}/{year}"


def _range(code: str, match: re.Match[str]) -> Period:
    try:
        first, last = (dt.date.fromisoformat(day) for day in match.groups())
    except ValueError as error:
        raise _unreadable(code) from error
    if last < first:
        raise InputError(
            t(
                f"Kỳ “{code}” kết thúc trước khi bắt đầu; viết ngày đầu trước, ngày cuối sau.",
                f"The period '{code}' ends before it starts; put the first day first.",
            )
        )
    days = DayInterval(first, last + dt.timedelta(days=1))
    name = spell_days(days)
    return Period(code=code, name=name[0].upper() + name[1:], days=days, scheme=Scheme.CALENDAR)


def _unreadable(text: str) -> InputError:
    return InputError(
        t(
            f"Không hiểu kỳ “{text}”. Viết: 2022-09, 2022-Q3, 2022-H1, 2022-H2, 2022-9M, 2022 "
            "(dương lịch); thêm BC- ở đầu cho kỳ báo cáo từ ngày 15 đến ngày 14 "
            "(BC-2022-Q3); hoặc 2022-01-01..2022-10-10 (kể cả hai ngày đầu, cuối).",
            f"Cannot read the period '{text}'. Write 2022-09, 2022-Q3, 2022-H1, 2022-H2, 2022-9M, "
            "2022 (calendar); BC- in front for the reporting window from the 15th to the 14th "
            "(BC-2022-Q3); or 2022-01-01..2022-10-10 (both days included).",
        )
    )


def _month(year: int, month: int, day: int = 1) -> dt.date:
    """Give a day of a month counted from January of that year; 0 is the December before."""
    years, index = divmod(month - 1, 12)
    return dt.date(year + years, index + 1, day)


def _first_of_next_month(day: dt.date) -> dt.date:
    return _month(day.year, day.month + 1)


def _length(days: DayInterval) -> int:
    return ((days.end or dt.date.max) - days.start).days


def _shared(first: DayInterval, second: DayInterval) -> int:
    common = first.intersection(second)
    return 0 if common is None else _length(common)


def _similarity(period: DayInterval, window: DayInterval) -> float:
    first, second = nominal(period), nominal(window)
    shared = _shared(first, second)
    return shared / (_length(first) + _length(second) - shared)
