"""Instants that software writes into the numbers of its articles. Pure.

They tell when an article was created, not what its page says of its publication: a second
signal, and the day itself only where a site's profile trusts its addresses.
"""

from __future__ import annotations

import datetime as dt
import re

from storage.records import VIETNAM

# Milliseconds since 1970 in thirteen digits: 2001-09-09 to 2286-11-20. Older articles of the
# same portals have fourteen digits that are no time.
_EPOCH_MS = re.compile(r"(?<!\d)\d{13}(?!\d)")
# A site's number of three digits, then yymmddHHMMSS and milliseconds; or the year in full.
_CLOCK = re.compile(r"(?<!\d)(?:\d{3}(?P<short>\d{12})\d{3}|20(?P<long>\d{12})\d{0,4})(?!\d)")


def created_by_epoch(url: str, *, now: dt.datetime) -> dt.datetime | None:
    """Give the instant (aware, UTC) that an address ends with, if it is a time before ``now``.

    >>> now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    >>> created_by_epoch("/-/view-article/1/1606723345443/1606789034635", now=now).isoformat()
    '2020-12-01T02:17:14.635000+00:00'
    >>> created_by_epoch("/-/view-article/1/13729062791727/13848241113627", now=now) is None
    True
    """
    number = _EPOCH_MS.fullmatch(_last(url))
    if number is None:
        return None
    milliseconds = dt.timedelta(milliseconds=int(number[0]))
    return _past(dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + milliseconds, now)


def created_by_clock(url: str, *, now: dt.datetime) -> dt.datetime | None:
    """Give the instant (aware, UTC) of a clock of Vietnam at the end of an address.

    >>> now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    >>> created_by_clock("/tin-102220412093012345.htm", now=now).isoformat()
    '2022-04-12T02:30:12+00:00'
    """
    found = _CLOCK.search(_last(url).rpartition("-")[2])
    if found is None:
        return None
    try:
        clock = f"20{found['short'] or found['long']}"
        local = dt.datetime.strptime(clock, "%Y%m%d%H%M%S")  # noqa: DTZ007 - Vietnam's, see below
        return _past(local.replace(tzinfo=VIETNAM).astimezone(dt.UTC), now)
    except ValueError:  # a number, but no time
        return None


def _last(url: str) -> str:
    """Give the last segment of an address's path, without its ending."""
    path = url.partition("?")[0].partition("#")[0].rstrip("/")
    return path.rpartition("/")[2].partition(".")[0]


def _past(instant: dt.datetime, now: dt.datetime) -> dt.datetime | None:
    return instant if instant < now else None
