"""What earlier runs left behind of a site, as the next walk over it needs to know. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.errands import Listed

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from crawler.sweep import Join
    from storage.known import KnownArticle
    from storage.records import Capture, Channel, Validators


@dataclass(frozen=True, kw_only=True, slots=True)
class Remembered:
    """All that a walk has to know of those before it; of a site never walked, nothing."""

    known: Mapping[str, KnownArticle] = field(default_factory=dict)
    """By canonical address."""
    tries: Mapping[int, Capture] = field(default_factory=dict)
    """By article: the newest capture that it was asked for, of the last days."""
    joins: Mapping[str, Join] = field(default_factory=dict)
    """By section: the earlier look that its walk may go on from."""
    validators: Mapping[str, Validators] = field(default_factory=dict)
    """By address: what its server can be asked with whether the archived body still stands."""

    def is_known(self, entry: Listed) -> bool:
        """Tell whether the section has shown the entry before, with this title and day."""
        known = self.known.get(entry.address)
        seen = known.sightings.get((entry.section, entry.channel)) if known else None
        return seen is not None and seen[:2] == (entry.title, entry.day)

    def day_of(self, entry: Listed) -> dt.date | None:
        """Give the day that the list shows; without one, that of the article as it was read.

        So that the order of a list without days can be told from the second night on.
        """
        known = self.known.get(entry.address)
        return entry.day or (known.day if known else None)

    def entries(self, section: str, channel: Channel) -> Iterator[Listed]:
        """Give all that a section had shown, as it last showed it."""
        for address, known in self.known.items():
            if (section, channel) in known.sightings:
                title, day, day_raw = known.sightings[section, channel]
                yield Listed(
                    address=address,
                    section=section,
                    channel=channel,
                    title=title,
                    day=day,
                    day_raw=day_raw,
                )

    def last_try(self, address: str) -> Capture | None:
        """Give the newest capture that an article was asked for, of the last days."""
        known = self.known.get(address)
        return self.tries.get(known.article_id) if known else None

    def last_address(self, address: str) -> str:
        """Give the address that an article was asked by last; else its canonical one."""
        last_try = self.last_try(address)
        return last_try.url if last_try else address

    def has_version(self, address: str) -> bool:
        """Tell whether a text of the article is stored."""
        known = self.known.get(address)
        return known is not None and known.has_version
