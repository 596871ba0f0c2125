"""What is weighed: an article as a report knows it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.records.articles import DateSource
    from storage.records.captures import Disposition
    from storage.records.days import DayInterval
    from storage.records.tags import Tagging


class Signal(Enum):
    """Something beside the printed day that tells when an article was made."""

    ADDRESS = "address"
    """A time in the address: milliseconds since 1970 as its id."""
    FEED = "feed"
    LAST_MODIFIED = "last_modified"
    """The HTTP header: not younger than this, if the server is honest."""


@dataclass(frozen=True, slots=True)
class DaySignal:
    """A second opinion on an article's day."""

    kind: Signal
    day: dt.date


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An article as a count sees it, as known at one instant."""

    article_id: int
    site: str
    url: str
    first_seen_at: dt.datetime
    version_id: int | None
    """The newest version; None: never read."""
    capture_id: int | None
    """The capture that the version was read from."""
    title: str
    """The version's headline, else the newest sighting's title, else the address."""
    day: dt.date | None
    """The version's day; without one the newest dated sighting's."""
    day_raw: str | None
    date_source: DateSource
    """When day is None: FOLLOWS_CLOCK or NONE."""
    days: DayInterval | None = None
    """Of FOLLOWS_CLOCK: from the last complete look without it to the first look with it;
    starts on ``date.min`` when no look came before. None: of any other source."""
    gone_at: dt.datetime | None = None
    """First of the looks that found it removed; None: not known to be gone."""
    signals: tuple[DaySignal, ...] = ()
    """What else speaks of its day."""
    text_sha256: str | None
    """Digest of the folded body's letters and digits (an empty body: of the headline's).

    The same text elsewhere gives the same digest. None: never read, or no letter in it.
    """
    text_letters: int | None = None
    """How many letters and digits that digest is over; None: not measured."""
    text_syllables: int | None = None
    """How many words (tiếng) that digest is over; None: not measured."""
    source_line: str | None = None
    """'Nguồn: …', 'Theo …' as printed; None: nothing, or not asked for."""
    sections: tuple[str, ...] = ()
    """The sections that it stands in, by name; empty: not asked for."""
    unread: Disposition | None
    """Without a version: how the newest try ended (None: never tried)."""
    taggings: Mapping[str, Tagging] | None
    """By topic, spans left out; None: not tagged yet, which is not the same as empty."""
    only_claimed: bool = False
    """No list, feed or sitemap has shown it: a unit named its address."""

    @property
    def latest_day(self) -> dt.date | None:
        """The last day on which it can have been published; None: not known at all."""
        if self.day is not None or self.days is None or self.days.end is None:
            return self.day
        return self.days.end - dt.timedelta(days=1)

    def lies_in(self, window: DayInterval) -> bool:
        """Tell whether it is known to be of the window: its day, or its whole interval."""
        if self.days is not None:
            return self.days.intersection(window) == self.days
        return self.day is not None and self.day in window


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhen:
    """Articles of one site that are known to be of days outside of a period: counted, not read."""

    site: str
    day: dt.date
    """The first of their days. On all of them one unit answers for the site, or none does."""
    posts: int
