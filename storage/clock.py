"""The time of a run: the machine's, or one that was set by hand for a demo, replay or test."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field

from storage.errors import TinbaiError
from storage.language import t


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the instant, aware and in UTC.

    A clock that was set starts at ``start`` and goes on at the pace of real time. What is
    written under it says so (``CrawlRun.simulated_clock``, the report's notes).
    """

    start: dt.datetime | None = None
    _began_s: float = field(default_factory=time.monotonic)

    @property
    def is_simulated(self) -> bool:
        """Tell whether the time was set by hand."""
        return self.start is not None

    def now(self) -> dt.datetime:
        """Give the present instant."""
        if self.start is None:
            return dt.datetime.now(dt.UTC)
        return self.start + dt.timedelta(seconds=time.monotonic() - self._began_s)

    @classmethod
    def parse(cls, text: str | None) -> Clock:
        """Read an ISO instant with a zone; None gives the machine's clock.

        Raises:
            TinbaiError: it is no instant, or has no zone.
        """
        if text is None:
            return cls()
        try:
            instant = dt.datetime.fromisoformat(text)
        except ValueError:
            instant = None
        if instant is None or instant.tzinfo is None:
            raise TinbaiError(
                t(
                    f"Đồng hồ “{text}” không đúng: cần ngày, giờ và múi giờ, "
                    "ví dụ 2022-09-30T23:00+07:00.",
                    f"The clock '{text}' is wrong: give day, time and zone, "
                    "e.g. 2022-09-30T23:00+07:00.",
                )
            )
        return cls(start=instant.astimezone(dt.UTC))
