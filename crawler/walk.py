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

    from crawler.pages.captured import Length
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
    is_front: bool = False
    """The section is the site's front page."""
    seen: dict[str, dt.date | None] = field(default_factory=dict)
    """All items so far: canonical address and day."""
    _first: str = ""
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
    _shown: int = 0
    """Entries of answers in JSON so far; a page that repeats others adds none."""
    _total: int | None = None
    """Entries of the whole list, as its newest answer declares."""
    _has_full_page: bool = False
    _lacking: tuple[Stop, str] | None = None
    """How the last page of a counted list was not there, while the page beyond it is asked for."""

    @property
    def channel(self) -> Channel:
        """The channel of its sightings; what cannot be paged shows the newest only, as a feed."""
        if self.section.discover is Discover.JSON and not self.section.is_paged:
            return Channel.FEED
        return CHANNELS[self.section.discover]

    @property
    def is_joined(self) -> bool:
        """Tell whether it ended where it met an earlier look."""
        return self._stop is Stop.KNOWN

    def begin(self, address: str) -> None:
        """Remember the address of the first page."""
        self._first = address
        self._asked.add(address)

    def take(
        self,
        items: Sequence[tuple[str, dt.date | None]],
        *,
        next_address: str | None,
        is_cut_off: bool = False,
        is_known: bool = False,
        length: Length | None = None,
    ) -> str | None:
        """Take a page of items (canonical address, day) and give the address to ask next.

        None: the walk has ended here, for the reason that ``result`` tells. ``is_known``: the
        page shows nothing that the section had not shown just so before. ``is_cut_off``: more
        follows that cannot be asked for. ``length``: what an answer in JSON says of it.
        """
        self._waiting -= 1
        new = {address: day for address, day in items if address not in self.seen}
        days = tuple(new.values())
        self.seen |= new
        if self._lacking is not None and items:
            self.end(*self._lacking)
            return None
        self._measure(length, adds=bool(new))
        barren = self._barren(items, new, is_measured=length is not None, next_address=next_address)
        if barren is not None:
            return self._leave(*barren, beyond=None if items else next_address)
        self._pages.append(days)
        end = self._end_here(
            days,
            goes_on=next_address is not None,
            is_cut_off=is_cut_off,
            is_known=is_known,
            length=length,
        )
        if end is not None:
            self.end(*end)
            return None
        self._has_full_page |= length is not None and not length.is_short
        if next_address in self._asked and self.section.is_counted:
            self.end(Stop.FAILED, "its address does not tell which page it is: none follows it")
            return None
        return next(iter(self._ask([next_address] if next_address else [])), None)

    def _end_here(
        self,
        days: Sequence[dt.date | None],
        *,
        goes_on: bool,
        is_cut_off: bool,
        is_known: bool,
        length: Length | None,
    ) -> tuple[Stop, str | None] | None:
        """Tell why a page with new items is the last to be asked for; None: it is not."""
        if self.channel is Channel.LIST and self._is_past(days):
            return Stop.WINDOW_START, None
        self._note_known(is_known=is_known)
        if self.join is not None and (goes_on or is_cut_off) and self._meets(self.join):
            return Stop.KNOWN, f"joins run {self.join.run_id}"
        if is_cut_off:
            return Stop.FAILED, "the list goes on by a script that cannot be followed"
        return self._end_by(length)

    def _measure(self, length: Length | None, *, adds: bool) -> None:
        if length is not None:
            self._total = length.total if length.total is not None else self._total
            self._shown += length.entries if adds else 0

    def _end_by(self, length: Length | None) -> tuple[Stop, str | None] | None:
        """Tell whether this page was the last by what the answer says of the list's length.

        A short page is the last one only after a full one: servers may give fewer entries than the
        profile says on every page.
        """
        if length is None:
            return None
        if self._total is not None and self._shown >= self._total:
            return Stop.LIST_END, f"all {self._total} declared entries were shown"
        if self._total is None and length.is_short and self._has_full_page:
            return Stop.LIST_END, f"a short page: {length.entries} entries"
        return None

    def _list_end(self, detail: str | None) -> tuple[Stop, str | None]:
        """Give the list's end, or what speaks against it: fewer entries than were declared."""
        if self._total is not None and self._shown < self._total:
            return Stop.FAILED, f"{self._total} entries are declared, {self._shown} were shown"
        return Stop.LIST_END, detail

    def _barren(
        self,
        items: Sequence[tuple[str, dt.date | None]],
        new: Collection[str],
        *,
        is_measured: bool,
        next_address: str | None,
    ) -> tuple[Stop, str | None] | None:
        """Tell why a page without any item, or without a new one, ends the walk.

        Past a list's end many servers give its last page again: an end, but not right after the
        first page, where the number may not have been understood.
        """
        if self.channel is Channel.SITEMAP or new:
            return None
        if items and len(self._pages) == 1 and self._may_be_the_first(next_address):
            return Stop.FAILED, "the second page repeats the first: its number is not understood"
        is_for_machines = is_measured or self.section.discover in MACHINE_READ
        if self._pages and (items or is_for_machines):
            return self._list_end("a page without items" if not items else _REPEATED)
        return Stop.EMPTY, "no item whose address fits the profile"

    def _may_be_the_first(self, next_address: str | None) -> bool:
        """Tell whether a second page without a new item may be the first one once more.

        It is where the profile counts the pages, unless a page as short as the first was the last
        one; and where it leads on to itself, as the first page did.
        """
        is_alone = self.section.page_size is not None and not self._has_full_page
        leads_to_itself = next_address is not None and next_address in self._asked - {self._first}
        return leads_to_itself or (self.section.may_be_misunderstood and not is_alone)

    def _is_past(self, days: Sequence[dt.date | None]) -> bool:
        """Tell whether the window's start lies behind; for a list out of order nothing tells."""
        self._past_pages = self._past_pages + 1 if is_past(days, self.start) else 0
        return has_passed(self._pages, past_pages=self._past_pages, declared=self.section.order)

    def _note_known(self, *, is_known: bool) -> None:
        self._is_late |= self._has_met_known and not is_known
        self._known_pages = self._known_pages + 1 if is_known else 0
        self._has_met_known |= self._known_pages >= OVERLAP_PAGES

    def _meets(self, join: Join) -> bool:
        """Tell whether the walk has met an earlier look that it may go on from."""
        if self.channel is not Channel.LIST:
            return False
        return has_joined(self._pages, join, known_pages=self._known_pages)

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
            self.end(*self._list_end(None))
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
            shows_newest_only=self.is_front and len(self._pages) <= 1,
        )


_REPEATED = "a page that repeats what was shown"
