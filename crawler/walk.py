"""One walk over one section: which page comes next, and why it ended. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.coverage import SectionWalk, Stop, is_past
from crawler.profiles import MACHINE_READ, Discover, Section
from crawler.sweep import OVERLAP_PAGES, has_joined, has_passed
from storage.records import Channel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from crawler.sweep import Join

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
    join: Join | None = None
    """The earlier look that the walk may go on from; None: a deep sweep."""
    seen: dict[str, dt.date | None] = field(default_factory=dict)
    """All items so far: canonical address and day."""
    _asked: set[str] = field(default_factory=set)
    _pages: list[tuple[dt.date | None, ...]] = field(default_factory=list)
    _stop: Stop | None = None
    _detail: str | None = None
    _waiting: int = 1
    """Pages that were asked and have not come back."""
    _past_pages: int = 0
    """How many of the last pages, in a row, were wholly older than the window."""
    _known_pages: int = 0
    """How many of the last pages, in a row, were wholly known."""
    _has_met_known: bool = False
    _is_late: bool = False
    _lacking: tuple[Stop, str] | None = None
    """How the last page of a counted list was not there, while the page beyond it is asked for."""

    @property
    def channel(self) -> Channel:
        """The channel of its sightings; what cannot be paged shows the newest only, as a feed."""
        if self.section.discover is Discover.JSON and self.section.pages is None:
            return Channel.FEED
        return CHANNELS[self.section.discover]

    @property
    def is_joined(self) -> bool:
        """Tell whether it ended where it met an earlier look."""
        return self._stop is Stop.KNOWN

    def begin(self, address: str) -> None:
        """Remember the address of the first page."""
        self._asked.add(address)

    def take(
        self,
        items: Sequence[tuple[str, dt.date | None]],
        *,
        next_address: str | None,
        is_cut_off: bool = False,
        is_known: bool = False,
    ) -> str | None:
        """Take a page of items (canonical address, day) and give the address to ask next.

        None: the walk has ended here, for the reason that ``result`` tells. ``is_known``: the
        page shows nothing that the section had not shown just so before. ``is_cut_off``: more
        follows that cannot be asked for.
        """
        self._waiting -= 1
        new = {address: day for address, day in items if address not in self.seen}
        days = tuple(new.values())
        self.seen |= new
        if self._lacking is not None and items:
            self.end(*self._lacking)
            return None
        barren = self._barren(items, new)
        if barren is not None:
            return self._leave(*barren, beyond=None if items else next_address)
        self._pages.append(days)
        if self.channel is Channel.LIST and self._is_past(days):
            self.end(Stop.WINDOW_START)
            return None
        self._note_known(is_known=is_known)
        if (next_address is not None or is_cut_off) and self._joins():
            return None
        if is_cut_off:
            self.end(Stop.FAILED, "the list goes on by a script that cannot be followed")
            return None
        return next(iter(self._ask([next_address] if next_address else [])), None)

    def _barren(
        self, items: Sequence[tuple[str, dt.date | None]], new: Collection[str]
    ) -> tuple[Stop, str | None] | None:
        """Tell why a page without any item, or without a new one, ends the walk."""
        if self.channel is Channel.SITEMAP or new:
            return None
        if self._pages and (items or self.section.discover in MACHINE_READ):
            return Stop.LIST_END, None
        return Stop.EMPTY, "no item whose address fits the profile"

    def _is_past(self, days: Sequence[dt.date | None]) -> bool:
        """Tell whether the window's start lies behind; for a list out of order nothing tells."""
        self._past_pages = self._past_pages + 1 if is_past(days, self.start) else 0
        return has_passed(self._pages, past_pages=self._past_pages, declared=self.section.order)

    def _note_known(self, *, is_known: bool) -> None:
        self._is_late |= self._has_met_known and not is_known
        self._known_pages = self._known_pages + 1 if is_known else 0
        self._has_met_known |= self._known_pages >= OVERLAP_PAGES

    def _joins(self) -> bool:
        """End the walk if it has met an earlier look that it may go on from."""
        if self.join is None or self.channel is not Channel.LIST:
            return False
        if not has_joined(self._pages, self.join, known_pages=self._known_pages):
            return False
        self.end(Stop.KNOWN, f"joins run {self.join.run_id}")
        return True

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

    def miss(self, stop: Stop, detail: str, *, beyond: str | None = None) -> str | None:
        """Note that a page that was asked could not be taken; give the address to ask next.

        ``beyond``: of the page after it, where pages are counted and the site says of this one
        that it does not exist.
        """
        self._waiting -= 1
        return self._leave(stop, detail, beyond=beyond)

    def _leave(self, stop: Stop, detail: str | None, *, beyond: str | None) -> str | None:
        """End the walk at a page without items, unless it may lie behind a counted list's end.

        Past their last page such lists answer 'not found' or with an empty list. So may a broken
        page in the middle: only when the page beyond is not there either was it the end.
        """
        may_be_past = beyond is not None and stop is not Stop.LIST_END and self._is_counting
        if not may_be_past:
            self.end(*(self._lacking or (stop, detail)))
        elif self._lacking is not None:
            self.end(Stop.LIST_END)
        else:
            self._lacking = stop, detail or stop.value
            return next(iter(self._ask([beyond] if beyond else [])), None)
        return None

    @property
    def _is_counting(self) -> bool:
        """Tell whether an address with a number has given a page in this very walk.

        A second page that is not there may as well mean that the addresses have another form now.
        """
        return self.section.pages is not None and len(self._pages) > 1

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
            join=self.join,
            declared=self.section.order,
            is_late=self._is_late,
        )
