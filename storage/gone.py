"""When is an article gone? Pure.

One 'not found' proves little: sites are rebuilt, moved, down for a night. Gone is what several
looks over days did not find while the rest of the site was there.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from storage.records import Disposition, vietnam_day

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = 3
"""Different days on which it was not found: a rebuild or a move takes a night or two."""
SHARE = 0.75
"""Share of the time since it was first missed in which it was not there, at least: the rest may
be a cache, or one of several servers, that still had it."""

SOFT_404 = "soft 404"
"""Reason of a page that says with status 200 what the site says of addresses that never were."""
SENT_HOME = "sent to the home page"
"""Reason of an article's address that leads to the front page or a list."""

_NOT_FOUND = frozenset({404, 410})
_SAID_SO = re.compile(
    rf"(?:{SOFT_404}|{SENT_HOME})"
    r"|error text: .*(?:not found|not be found|404|khong (?:con )?ton tai|khong (?:duoc )?tim thay)"
)
_THERE = frozenset({Disposition.STORED, Disposition.UNCHANGED})


@dataclass(frozen=True, slots=True)
class PageLook:
    """One look at an article's page that tells whether it is there."""

    at: dt.datetime
    is_there: bool
    url: str = ""
    """The address that was asked."""


def tells(disposition: Disposition, *, status: int | None, reason: str | None) -> bool | None:
    """Tell whether a capture shows that its article is there; None: it shows neither.

    A time-out, a server's error or a wall of the firewall says nothing of the article; a page
    that calls itself 'not found' does, whatever its status.
    """
    if disposition in _THERE:
        return True
    is_missing = status in _NOT_FOUND or _SAID_SO.match(reason or "") is not None
    return False if disposition is Disposition.HTTP_ERROR and is_missing else None


def gone_at(looks: Sequence[PageLook]) -> dt.datetime | None:
    """Give the first look of those that show together that it is gone; None: it is not.

    They are on at least ``DAYS`` days, the newest among them, and between the first and the
    newest it was not there ``SHARE`` of the time; each look speaks for the time until the next.

    Args:
        looks: oldest first.
    """
    if not looks or looks[-1].is_there:
        return None
    for place, first in enumerate(looks):
        if not first.is_there and _show_it_gone(looks[place:]):
            return first.at
    return None


def _show_it_gone(looks: Sequence[PageLook]) -> bool:
    days = {vietnam_day(look.at) for look in looks if not look.is_there}
    pairs = list(pairwise(looks))
    whole = sum(((after.at - look.at) for look, after in pairs), dt.timedelta())
    missed = sum(
        ((after.at - look.at) for look, after in pairs if not look.is_there), dt.timedelta()
    )
    return len(days) >= DAYS and missed >= SHARE * whole
