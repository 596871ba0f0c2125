"""Day before month, or month before day? Decided once for a site, over all its days. Pure.

'03/06/2024' alone cannot be read; a site that also prints '25/06/2024' can. Never decided page
by page: a page that happens to fit both ways would be read by chance.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import TYPE_CHECKING

from crawler.probing.clues import Clue
from storage.records import vietnam_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Order(Enum):
    """How a site writes its days in digits."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    UNDECIDED = "undecided"
    """All days fit both ways."""
    MIXED = "mixed"
    """Some days fit only one way, some only the other."""
    NONE = "none"
    """No day in digits was seen with the year at its end."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A day as printed, and when the page was captured."""

    raw: str
    captured_at: dt.datetime
    certain: dt.date | None = None
    """The same article's day in a form that has one reading (ISO, a feed); None: unknown."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The order and why."""

    order: Order
    clues: tuple[Clue, ...]
    formats: tuple[str, ...] = ()
    """What a profile has to say (strptime); nothing where Vietnam's way holds."""


_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})(\s?[/.-]\s?)(\d{1,2})\2(\d{4})(?![\d/.-])")


def decide(lists: Iterable[Sequence[Printed]], articles: Iterable[Printed] = ()) -> Decision:
    """Decide over all days of a site.

    Args:
        lists: the printed days of each list, in the order of the list.
        articles: those of single articles.
    """
    rows = [[one for printed in row if (one := _found(printed))] for row in lists]
    single = [one for printed in articles if (one := _found(printed))]
    found = [*(one for row in rows for one in row), *single]
    if not found:
        return Decision(Order.NONE, (Clue("không có ngày dạng số", "no day in digits"),))
    day_first = [one for one in found if one.first > _MONTHS >= one.second]
    month_first = [one for one in found if one.second > _MONTHS >= one.first]
    if day_first and month_first:
        clue = Clue(
            f"vừa có “{day_first[0].text}” vừa có “{month_first[0].text}”",
            f"both '{day_first[0].text}' and '{month_first[0].text}' are printed",
        )
        return Decision(Order.MIXED, (clue,))
    if day_first or month_first:
        return _proven(day_first or month_first, found, is_day_first=bool(day_first))
    return _weighed(rows, found)


_MONTHS = 12


@dataclass(frozen=True, slots=True)
class _Found:
    text: str
    first: int
    second: int
    year: int
    separator: str
    printed: Printed

    def read(self, *, is_day_first: bool) -> dt.date | None:
        day, month = (self.first, self.second) if is_day_first else (self.second, self.first)
        try:
            return dt.date(self.year, month, day)
        except ValueError:
            return None


def _found(printed: Printed) -> _Found | None:
    match = _NUMERIC.search(printed.raw)
    if match is None:
        return None
    first, separator, second, year = match.groups()
    return _Found(match[0], int(first), int(second), int(year), separator, printed)


def _proven(proofs: Sequence[_Found], found: Sequence[_Found], *, is_day_first: bool) -> Decision:
    count, example = len(proofs), proofs[0].text
    if is_day_first:
        vi = f"ngày trước tháng: {count}/{len(found)} ngày chỉ đọc được như vậy, ví dụ “{example}”"
        en = f"day first: {count} of {len(found)} days read only so, e.g. '{example}'"
        return Decision(Order.DAY_FIRST, (Clue(vi, en),))
    vi = f"tháng trước ngày: {count}/{len(found)} ngày chỉ đọc được như vậy, ví dụ “{example}”"
    en = f"month first: {count} of {len(found)} days read only so, e.g. '{example}'"
    return Decision(Order.MONTH_FIRST, (Clue(vi, en),), _formats(found))


def _formats(found: Iterable[_Found]) -> tuple[str, ...]:
    separators = dict.fromkeys(one.separator for one in found)
    return tuple(f"%m{separator}%d{separator}%Y" for separator in separators)


def _weighed(rows: Sequence[Sequence[_Found]], found: Sequence[_Found]) -> Decision:
    """Weigh days that fit both ways: which reading contradicts what else is known?"""
    against = {way: _contradictions(rows, found, is_day_first=way) for way in (True, False)}
    if _clearly_worse(against[True], against[False]):
        vi = (
            f"tháng trước ngày: đọc ngày trước thì {against[True]} ngày trái thứ tự hoặc nguồn khác"
        )
        en = f"month first: read day first, {against[True]} days contradict order or other sources"
        return Decision(Order.MONTH_FIRST, (Clue(vi, en),), _formats(found))
    if _clearly_worse(against[False], against[True]):
        vi = f"ngày trước tháng: đọc tháng trước thì {against[False]} ngày trái thứ tự, nguồn khác"
        en = f"day first: read month first, {against[False]} days contradict order or other sources"
        return Decision(Order.DAY_FIRST, (Clue(vi, en),))
    vi = f"cả {len(found)} ngày đều đọc được hai cách, ví dụ “{found[0].text}”"
    en = f"all {len(found)} days can be read both ways, e.g. '{found[0].text}'"
    return Decision(Order.UNDECIDED, (Clue(vi, en),))


def _clearly_worse(one: int, other: int) -> bool:
    """Tell whether one reading is contradicted and the other is not, or hardly.

    A pinned item contradicts the right reading, too.
    """
    return one > 0 and (other == 0 or (one >= _MANY and one >= _MANY * other))


_MANY = 3


def _contradictions(
    rows: Sequence[Sequence[_Found]], found: Sequence[_Found], *, is_day_first: bool
) -> int:
    """Count days after the capture, days unlike a certain one, and days out of a list's order."""
    count = 0
    for one in found:
        day = one.read(is_day_first=is_day_first)
        certain = one.printed.certain
        is_late = day is not None and day - vietnam_day(one.printed.captured_at) > _SLACK
        count += is_late or (
            day is not None and certain is not None and abs(day - certain) > _SLACK
        )
    for row in rows:
        days = [day for one in row if (day := one.read(is_day_first=is_day_first))]
        count += sum(1 for newer, older in pairwise(days) if older > newer)
    return count


_SLACK = dt.timedelta(days=1)
