"""The publication day of an article, from all that its page says about it. Pure.

Unsure is undated, never a guess: trusted sources that disagree by more than a day give none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.pages.dates import read_day
from storage.records import DateSource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from crawler.profiles import DateRules

# One day apart is the same day told by two clocks (UTC and Vietnam).
_TOLERANCE = dt.timedelta(days=1)
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[-/](\d\d?)[-/](\d\d?)(?=/)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A publication day and where it stood."""

    day: dt.date | None
    raw: str | None
    """As printed; both of them when two disagree; the refused one when none could be read."""
    source: DateSource
    """NONE exactly when the day is None."""


def published(
    printed: Mapping[DateSource, Sequence[str]], rules: DateRules, *, captured_at: dt.datetime
) -> Dated:
    """Choose the day by the profile's order of trust.

    Args:
        printed: what each source prints, the likeliest first.
        rules: formats and order of trust.
        captured_at: aware instant; relative days count from it.
    """
    read = [
        Dated(day=dated.day, raw=raw, source=source)
        for source in rules.trust
        for raw in printed.get(source, ())
        if (dated := read_day(raw, formats=rules.formats, captured_at=captured_at)).day
    ]
    firsts = list({dated.source: dated for dated in reversed(read)}.values())[::-1]
    firsts.sort(key=lambda dated: rules.trust.index(dated.source))
    if not firsts:
        refused = [raw for source in rules.trust for raw in printed.get(source, ())]
        return Dated(day=None, raw=refused[0] if refused else None, source=DateSource.NONE)
    best = firsts[0]
    rival = next((other for other in firsts if _disagree(best.day, other.day)), None)
    if rival is not None:
        return Dated(day=None, raw=f"{best.raw} ≠ {rival.raw}", source=DateSource.NONE)
    return best


def days_in_path(url: str) -> list[str]:
    """Give the days in an address's folders, as ISO days: '/2024-5-17/' reads '2024-05-17'."""
    return [
        f"{year}-{int(month):02}-{int(day):02}" for year, month, day in _DAY_IN_PATH.findall(url)
    ]


def _disagree(one: dt.date | None, other: dt.date | None) -> bool:
    return one is not None and other is not None and abs(one - other) > _TOLERANCE
