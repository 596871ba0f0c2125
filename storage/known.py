"""What a crawl needs to know of an article. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from storage.gone import PageLook
    from storage.records import Channel, DateSource, Disposition


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownArticle:
    """What a crawl needs to know of an article to ask for nothing twice."""

    article_id: int
    has_version: bool
    sightings: Mapping[tuple[str, Channel], tuple[str | None, dt.date | None, str | None]]
    """By section and channel: title, day and raw day as last seen there."""
    last_try: tuple[dt.datetime, Disposition] | None
    """When it was last asked for, and how that ended."""
    first_seen_at: dt.datetime | None = None
    by_clock: frozenset[tuple[str, Channel]] = frozenset()
    """The sections and channels whose printed day follows the clock."""
    day: dt.date | None = None
    """The newest version's day."""
    day_raw: str | None = None
    date_source: DateSource | None = None
    looks: Sequence[PageLook] = ()
    """The looks at its page that tell whether it is there, oldest first."""
