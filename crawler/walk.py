"""One walk over one section: which page comes next, and why it ended. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.coverage import SectionWalk, Stop, is_past
from crawler.profiles import MACHINE_READ, Discover, Section
from storage.records import Channel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

CHANNELS = {
    Discover.LISTING: Channel.LIST,
    Discover.FEED: Channel.FEED,
    Discover.SITEMAP: Channel.SITEMAP,
    Discover.REST: Channel.LIST,
    Discover.JSON: Channel.LIST,
}


@dataclass(kw_only=True)
class Walker:
    """Keeps what a walk has seen of its section, and decides how it goes on."""

    section: Section
    start: dt.date
    """The first day of the window."""
    max_pages: int
    seen: set[str] = field(default_factory=set)
    """Canonical addresses of all items so far."""
    _asked: set[str] = field(default_factory=set)
    _pages: list[tuple[dt.date | None, ...]] = field(default_factory=list)
    _stop: Stop | None = None
    _detail: str | None = None
    _waiting: int = 1
    """Pages that were asked and have not come back."""

    @property
    def channel(self) -> Channel:
        """The channel of its sightings."""
        return CHANNELS[self.section.discover]

    def begin(self, address: str) -> None:
        """Remember the address of the first page."""
        self._asked.add(address)

    def take(
        self,
        items: Sequence[tuple[str, dt.date | None]],
        *,
        next_address: str | None,
        is_cut_off: bool = False,
    ) -> str | None:
        """Take a page of items (canonical address, day) and give the address to ask next.

        None: the walk has ended here, for the reason that ``result`` tells.
        ``is_cut_off``: more follows that cannot be asked for.
        """
        self._waiting -= 1
        days = tuple(day for _, day in items)
        new = {address for address, _ in items} - self.seen
        self.seen |= new
        if not items and self._pages and self.section.discover in MACHINE_READ:
            self.end(Stop.LIST_END)
            return None
        if not items and self.channel is not Channel.SITEMAP:
            self.end(Stop.EMPTY, "no item whose address fits the profile")
            return None
        if self._pages and not new and self.channel is not Channel.SITEMAP:
            self.end(Stop.LIST_END)
            return None
        self._pages.append(days)
        if self.channel is Channel.LIST and is_past(days, self.start):
            self.end(Stop.WINDOW_START)
            return None
        if is_cut_off:
            self.end(Stop.FAILED, "the list goes on by a script that cannot be followed")
            return None
        return next(iter(self._ask([next_address] if next_address else [])), None)

    def take_index(self, addresses: Iterable[str]) -> list[str]:
        """Take the index of a sitemap and give the addresses to ask next."""
        self._waiting -= 1
        return self._ask(addresses)

    def _ask(self, addresses: Iterable[str]) -> list[str]:
        wanted = [address for address in dict.fromkeys(addresses) if address not in self._asked]
        room = max(0, self.max_pages - len(self._asked))
        if len(wanted) > room:
            self.end(Stop.PAGE_LIMIT, f"{self.max_pages} pages")
        self._asked.update(wanted[:room])
        self._waiting += len(wanted[:room])
        if not self._waiting:
            self.end(Stop.LIST_END)
        return wanted[:room]

    def miss(self, stop: Stop, detail: str) -> None:
        """Note that a page that was asked could not be taken."""
        self._waiting -= 1
        self.end(stop, detail)

    def end(self, stop: Stop, detail: str | None = None) -> None:
        """Note why the walk ended; the first reason stays."""
        if self._stop is None:
            self._stop, self._detail = stop, detail

    def result(self, *, unfinished: Stop, detail: str | None = None) -> SectionWalk:
        """Give what was seen; a walk without an end ended with the run."""
        return SectionWalk(
            section=self.section.name,
            channel=self.channel,
            pages=tuple(self._pages),
            stop=self._stop or unfinished,
            detail=self._detail if self._stop else detail,
            is_extra=self.section.extra,
        )
