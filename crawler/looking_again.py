"""What a walk keeps in mind for its second looks at known articles. Pure.

Which are due is decided in ``crawler.second_look``, what "not there" looks like in
``crawler.missing``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler import second_look
from crawler.errands import Listed
from crawler.missing import says_nothing_else, telling_lines
from storage.records import Channel, DateSource

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from crawler.pages.captured import CapturedPage
    from storage.known import KnownArticle
    from storage.records import DayInterval


class SecondLooks:
    """Remembers where the lists showed known articles, and what the site says of unknown ones."""

    def __init__(self, known: Mapping[str, KnownArticle]) -> None:
        self._known = known
        self._has_seen_articles = False
        self._shown: dict[str, list[tuple[str, Listed]]] = {}
        """By canonical address: where this run saw a known article listed."""
        self._of_unknown: frozenset[str] = frozenset()
        """What the site says, with status 200, of addresses that never were."""
        self._is_done = False

    def saw(self, found: Mapping[str, Listed]) -> None:
        """Take the entries of a list, by the address to ask."""
        self._has_seen_articles |= bool(found)
        for url, entry in found.items():
            if entry.address in self._known:
                self._shown.setdefault(entry.address, []).append((url, entry))

    def due(
        self,
        *,
        asked: Collection[str],
        seen_in_full: Collection[str],
        window: DayInterval,
        now: dt.datetime,
    ) -> list[str]:
        """Give the articles to look at again (see ``second_look.due_again``); once in a run.

        None when nothing was seen of the site: an outage tells nothing of its articles.
        """
        if self._is_done or not self._has_seen_articles:
            return []
        self._is_done = True
        return second_look.due_again(
            self._known,
            asked=asked,
            shown=self._shown,
            seen_in_full=seen_in_full,
            window=window,
            now=now,
        )

    def entry_of(self, address: str) -> tuple[str, Listed]:
        """Give the address to ask and the entry to date it by: of a list now, else as before."""
        known = self._known[address]
        shown = self._shown.get(address, [])
        same_day = [one for one in shown if one[1].day == known.day]
        if shown:
            return (same_day or shown)[0]
        channel = Channel.FEED if known.date_source is DateSource.FEED else Channel.LIST
        is_of_list = second_look.is_of_list(known)
        answered = (look.url for look in reversed(known.looks) if look.is_there)
        return next(answered, address), Listed(
            address=address,
            section="",
            channel=channel,
            title=None,
            day=known.day if is_of_list else None,
            day_raw=known.day_raw if is_of_list else None,
        )

    def learn(self, page: CapturedPage) -> None:
        """Learn from the answer to an address that never was."""
        if page.status < 400:  # noqa: PLR2004 - HTTP's first class of errors
            self._of_unknown = telling_lines(page)

    def is_soft_404(self, page: CapturedPage) -> bool:
        """Tell whether an article's page says only what the site says of unknown addresses."""
        if not self._of_unknown or page.status != 200:  # noqa: PLR2004 - HTTP
            return False
        return says_nothing_else(page, self._of_unknown)
