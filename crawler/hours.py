"""The hours in which a site may be visited, in Vietnam's time. Pure."""

from __future__ import annotations

import datetime as dt
import re

from storage.records import VIETNAM

_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")


def read_hours(text: str) -> tuple[dt.time, dt.time]:
    """Read '22:00-05:00': from (inclusive) and to (exclusive); may go over midnight.

    Raises:
        ValueError: it is not written like that, or nothing lies between.
    """
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    first, until = (dt.time(int(h), int(m)) for h, m in (found.groups()[:2], found.groups()[2:]))
    if first == until:
        raise ValueError(text)
    return first, until


def is_open(hours: str | None, at: dt.datetime) -> bool:
    """Tell whether a visit is allowed at an aware instant; always, without hours.

    >>> is_open("22:00-05:00", dt.datetime(2022, 9, 1, 16, 30, tzinfo=dt.UTC))
    True
    """
    if hours is None:
        return True
    first, until = read_hours(hours)
    now = at.astimezone(VIETNAM).time()
    return first <= now < until if first < until else now >= first or now < until
