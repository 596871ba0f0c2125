"""Days and instants: Vietnam's zone, half-open intervals of days."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone of every day in the project (UTC+7, no daylight saving time)."""


def vietnam_day(instant: dt.datetime) -> dt.date:
    """Give the calendar day in Vietnam of an aware instant.

    >>> vietnam_day(dt.datetime(2021, 12, 31, 17, 30, tzinfo=dt.UTC))
    datetime.date(2022, 1, 1)
    """
    return instant.astimezone(VIETNAM).date()


@dataclass(frozen=True, slots=True)
class DayInterval:
    """Days from ``start`` (inclusive) to ``end`` (exclusive); ``end is None`` is open."""

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            message = f"an interval must end after it starts: [{self.start}, {self.end})"
            raise ValueError(message)

    def __contains__(self, day: object) -> bool:
        return (
            isinstance(day, dt.date) and self.start <= day and (self.end is None or day < self.end)
        )

    def intersection(self, other: DayInterval) -> DayInterval | None:
        """Give the days in both, or None when there are none."""
        if not self.overlaps(other):
            return None
        end = self.end if other.end is None else other.end
        if self.end is not None and other.end is not None:
            end = min(self.end, other.end)
        return DayInterval(max(self.start, other.start), end)

    def overlaps(self, other: DayInterval) -> bool:
        """Tell whether a day lies in both."""
        return (other.end is None or self.start < other.end) and (
            self.end is None or other.start < self.end
        )
