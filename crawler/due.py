"""Which listed articles have to be asked for? Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from storage.gone import tells
from storage.records import Capture, Channel, DayInterval, Disposition, vietnam_day

if TYPE_CHECKING:
    from storage.known import KnownArticle

ASK_AGAIN_AFTER = dt.timedelta(days=7)
"""How long an answer stands that will hardly be another tomorrow."""

SETTLED = frozenset(
    {
        Disposition.NOT_AN_ARTICLE,
        Disposition.UNREADABLE,
        Disposition.OFF_SITE,
        Disposition.REDIRECTED,
    }
)
"""Ends of an attempt that another night will hardly change."""

Entry = tuple[str | None, dt.date | None, str | None]
"""A list entry as last seen: title, day, day as printed."""


def in_window(day: dt.date | None, window: DayInterval) -> bool:
    """Tell whether an entry may be of the window; one without a day may be."""
    return day is None or day in window


def is_due(
    known: KnownArticle | None,
    entry: Entry,
    *,
    place: tuple[str, Channel],
    last_try: Capture | None,
    now: dt.datetime,
) -> bool:
    """Tell whether an article in the window has to be asked for.

    Args:
        known: None for one never seen before.
        entry: how the list shows it now.
        place: the section and channel that show it.
        last_try: the newest capture that it was asked for, of the last days.
        now: the instant of asking.
    """
    if known is None:
        return True
    if known.has_version:
        return _has_changed(known, entry, place)
    if last_try is None or _days_between(last_try.captured_at, now) >= ASK_AGAIN_AFTER:
        return True
    is_there = tells(last_try.disposition, status=last_try.status, reason=last_try.reason)
    return not (last_try.disposition in SETTLED or is_there is False)


def _days_between(earlier: dt.datetime, later: dt.datetime) -> dt.timedelta:
    """Give whole days: a nightly run must not come a minute too early."""
    return vietnam_day(later) - vietnam_day(earlier)


def _has_changed(known: KnownArticle, entry: Entry, place: tuple[str, Channel]) -> bool:
    """Tell whether the place showed it otherwise; a place that is new says nothing of it.

    Nor does a place whose day is known to follow the clock, as long as its title stays.
    """
    before = known.sightings.get(place)
    if before is None or before == entry:
        return False
    title, day, _ = entry
    if place not in known.by_clock or day is None or known.first_seen_at is None:
        return True
    return title != before[0] or day < vietnam_day(known.first_seen_at)
